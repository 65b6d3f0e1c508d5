"""The `telegram` source: what Telegram Desktop exports as JSON, of one chat or of the account.

`layout` tells the documents, `nested` walks through them, `reading` hands what it meets to
`messages` and `account`. The format is that which the program writes
(https://github.com/telegramdesktop/tdesktop, ``export_output_json.cpp``), and that of a channel
exported in 2021.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from empreinte.container import Container, is_media
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.dates import moment
from empreinte.formats.json_tree import walk
from empreinte.language import _, message
from empreinte.model import SOCIAL, Account, ExportInfo, FileReport, Yielded
from empreinte.sources.telegram import layout
from empreinte.sources.telegram.names import PLATFORM
from empreinte.sources.telegram.reading import Reading

NAME = "telegram"
VERSION = 1
USERS_M = 1_000
SEEN = "real"
LANGUAGES = ()
PRESENCE = SOCIAL

_DATED = re.compile(r"(?:ChatExport|DataExport)_(\d{4}-\d{2}-\d{2})", re.IGNORECASE)
_HEAD = 256 << 10
_AGAIN = message("The pages say again what the JSON says.")
_HTML = message(
    "Telegram's pages are not read. Export once more, and choose the machine-readable JSON format."
)


def title() -> str:
    """Name the source."""
    return _("Telegram archive (JSON)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts of channels"), _("messages"), _("reactions received"), _("messages passed on"),
        _("who joined and left"), _("contacts"), _("logins"), _("profile"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the export."""
    return _(
        "In Telegram Desktop: for a channel or a chat, open it, then the menu (three dots), Export "
        "chat history; for the account, Settings, Advanced, Export Telegram data. Choose the "
        "machine-readable JSON format. Give the folder as it is."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("at once")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders of ``result.json``, and documents of another name."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read the document, one message at a time."""
    documents = layout.documents(export)
    for name in documents:
        yield from _document(export, name)
    for name in export.names():
        folder, slash, _rest = name.partition("/")
        if is_media(name) or (slash and folder in layout.SUBFOLDERS):
            reason = message("Pictures, sounds and files are not read: messages tell of them.")
            yield FileReport(name=name, status="not needed", reason=reason)
        elif name.lower().endswith(".html"):
            yield FileReport(
                name=name, status="not needed" if documents else "failed",
                reason=_AGAIN if documents else _HTML,
            )  # fmt: skip


def _document(export: Container, name: str) -> Iterator[Yielded]:
    owner, observed = layout.owner(export.head(name, _HEAD)), _observed(export)
    yield ExportInfo(observed=observed, owner=(PLATFORM, owner) if owner else None)
    reading, failed = Reading(owner, name, observed), None
    try:
        with export.open(name) as stream:
            found = walk(stream, reading.ask, reading.bad)
            for path, value in found:
                yield from reading.value(path, value, found.text)
    except EmpreinteError as error:
        failed = error.message
    if owner and not reading.told:
        yield Account(platform=PLATFORM, id=owner, is_owner=True, file=name, place=0)
    remark = None
    if reading.hidden:
        remark = message(
            "Messages by other people in chats that are not public, kept without their words: {n}.",
            n=reading.hidden,
        )
    yield FileReport(
        name=name, status="failed" if failed else "read", reason=failed or remark,
        records=reading.met, drift=reading.drift(),
    )  # fmt: skip


def _observed(export: Container) -> datetime:
    """Give the date in the folder's name, else that of its newest file."""
    found = _DATED.search(export.called)
    try:
        return moment(found[1]) if found else export.modified
    except RecordError:
        return export.modified
