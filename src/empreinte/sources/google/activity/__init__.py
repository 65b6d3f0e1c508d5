"""The `google_activity` source: My Activity of a Takeout, all products but YouTube.

Learnt from a real export of YouTube's part (2022), which has the same form, and from published
samples of Search, Maps and Play (2019); pages from published descriptions. `layout` tells the
files, `records` makes traces. YouTube's part is the `youtube` source's. The owner is ``me``.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import Yielded
from empreinte.sources.google.activity import layout

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
    from empreinte.sources.google.activity import archive

    return archive.read(export)
