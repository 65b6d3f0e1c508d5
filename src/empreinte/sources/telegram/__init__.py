"""The `telegram` source: what Telegram Desktop exports as JSON, of one chat or of the account.

`layout` tells the documents, `nested` walks through them, `reading` hands what it meets to
`messages` and `account`. The format is that which the program writes
(https://github.com/telegramdesktop/tdesktop, ``export_output_json.cpp``), and that of a channel
exported in 2021.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import SOCIAL, Yielded
from empreinte.sources.telegram import layout

NAME = "telegram"
VERSION = 1
USERS_M = 1_000
SEEN = "real"
LANGUAGES = ()
PRESENCE = SOCIAL


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
    from empreinte.sources.telegram import archive

    return archive.read(export)
