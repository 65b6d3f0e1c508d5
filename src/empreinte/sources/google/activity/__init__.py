"""The `google_activity` source: My Activity of a Takeout, all products but YouTube.

Learnt from a real export of YouTube's part (2022), which has the same form, and from published
samples of Search, Maps and Play (2019); pages from published descriptions. `layout` tells the
files, `records` makes traces. YouTube's part is the `youtube` source's. The owner is ``me``.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.byte_order import opening
from empreinte.formats.drift import Watch
from empreinte.formats.zones import Clues
from empreinte.language import _, message
from empreinte.model import Account, ExportInfo, FileReport, Reject, Yielded
from empreinte.sources.google import entries
from empreinte.sources.google.activity import layout, records
from empreinte.sources.google.names import GOOGLE, OWNER, raw
from empreinte.sources.google.takeout import clues, observed

NAME = "google_activity"
VERSION = 1
USERS_M = 2_000
SEEN = "layout"
LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt")


def title() -> str:
    """Name the source."""
    return _("Google, My Activity (Takeout)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("searches"), _("pages visited"), _("apps used"), _("places looked at"),
        _("advertisements"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "On takeout.google.com: Deselect all, then tick My Activity; under Multiple formats choose "
        "JSON for activity records. Next step, Create export. A link comes by e-mail within hours "
        "or days. Give all zips as they are."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("hours or days")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders of My Activity."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read all products, one after the other."""
    yield ExportInfo(observed=observed(export), owner=(GOOGLE, OWNER))
    names = sorted(export.names(), key=str.casefold)
    yield Account(
        platform=GOOGLE, id=OWNER, is_owner=True, file=names[0] if names else "", place=0
    )  # fmt: skip
    zone = clues(export)
    for name in names:
        kind = layout.kind(export, name) if not _is_aside(name, len(names)) else None
        if kind is None:
            if reason := _not_needed(export, name, len(names)):
                yield FileReport(name=name, status="not needed", reason=reason)
            continue
        try:
            yield from _entries(export, name, kind, zone)
        except EmpreinteError as error:
            yield FileReport(name=name, status="failed", reason=error.message)


def _is_aside(name: str, files: int) -> bool:
    return files > 1 and not name.lower().endswith((".json", ".html", ".htm"))


def _not_needed(export: Container, name: str, files: int):
    if _is_aside(name, files):
        return message("Recordings and pictures are not read; the items tell of them.")
    if opening(export.head(name, 64)).strip(b" \r\n\t[]") == b"":
        return message("The file holds nothing.")
    return None


def _entries(export: Container, name: str, kind: str, zone: Clues) -> Iterator[Yielded]:
    watch, met = Watch(entries.FIELDS), 0
    with export.open(name) as stream:
        for entry in entries.read(stream, name, watch, zone, as_page=kind == "html"):
            met += 1
            if isinstance(entry, Reject):
                yield entry
                continue
            try:
                yield records.trace(entry, name)
            except RecordError as error:
                yield Reject(file=name, place=entry.place, reason=error.message, raw=raw(entry))
    yield FileReport(name=name, status="read", records=met, drift=watch.drift())
