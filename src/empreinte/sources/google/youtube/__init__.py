"""The `youtube` source: YouTube's folder in a Takeout, and YouTube's part of My Activity.

History was learnt from a real export (French, 2022); tables, pages and the older JSON from
published copies and descriptions of them (2019 to 2025). `layout` tells the files, `history`
reads what was watched and searched, `tables` and `records` the CSV, `resources` and
`old_comments` what Takeouts held before 2021. The owner is ``me``.

A Takeout with My Activity and YouTube tells each view twice. ``My Activity/YouTube`` is this
source's, not `google_activity`'s, and an act told by both files is kept once.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import SOCIAL, Presence, Yielded
from empreinte.sources.google.youtube import layout

NAME = "youtube"
VERSION = 1
USERS_M = 2_500
SEEN = "real"
LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt")
PRESENCE: dict[str, Presence] = {**SOCIAL, "View": "starts"}


def title() -> str:
    """Name the source."""
    return _("YouTube (Google Takeout)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("videos watched"), _("searches"), _("comments"), _("subscriptions"), _("own videos"),
        _("playlists and likes"), _("advertisements"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "On takeout.google.com: Deselect all, then tick YouTube and YouTube Music; under Multiple "
        "formats choose JSON for history. Next step, Create export. A link comes by e-mail within "
        "hours or days. Give all zips as they are."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("hours or days")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders that are YouTube's."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read all files, the channel first."""
    from empreinte.sources.google.youtube import archive

    return archive.read(export)
