"""The `instagram` source: the copy of one's information, JSON or HTML, in all layouts since 2020.

`layout` tells the files, `kinds` what each is, `shapes` gives one view of the forms in which a
record is written, `flat` reads the layout of 2020, `paged` the HTML form; `written`, `acts` and
`traces` make records. Layout and labels of 2021–23 are those of a real export with made-up content;
the others are learnt from public parsers (named in the documentation). Threads, which lies in the
same export, is a source of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import SOCIAL, Presence, Yielded
from empreinte.sources.instagram import layout

NAME = "instagram"
VERSION = 1
USERS_M = 3_000
SEEN = "layout"
LANGUAGES = ("en", "fr")
PRESENCE: dict[str, Presence] = {**SOCIAL, "View": "chain", "ad_impression": "chain"}


def title() -> str:
    """Name the source."""
    return _("Instagram archive (JSON or HTML)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("stories"), _("reels"), _("comments"), _("likes given"), _("bookmarks"),
        _("followers and following"), _("views"), _("profile"), _("advertisements"), _("interests"),
        _("searches"), _("logins"), _("devices"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the export."""
    return _(
        "In Instagram: Settings, Accounts Center, Your information and permissions, Download your "
        "information; choose your profile, all information, Download to device, all time, and the "
        "format JSON (not HTML). A link comes by e-mail within hours or days. Give all the zips as "
        "they are."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("hours or days")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders in which Instagram's exports stand."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read all files, the profile first."""
    from empreinte.sources.instagram import archive

    return archive.read(export)
