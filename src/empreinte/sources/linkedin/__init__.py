"""The `linkedin` source: the "Basic" and "Complete" copies of one's data, flat tables in CSV.

`layout` tells the files, `tables` what each is, `records` reads their rows, `names` knows ids. The
owner has no id in the export and is ``me``.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import SOCIAL, Yielded
from empreinte.sources.linkedin import layout

NAME = "linkedin"
VERSION = 1
USERS_M = 300
SEEN = "layout"
LANGUAGES = ()
PRESENCE = SOCIAL


def title() -> str:
    """Name the source."""
    return _("LinkedIn archive (basic or complete)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("comments"), _("reactions and reposts"), _("connections and invitations"),
        _("endorsements and recommendations"), _("profile"), _("advertisements"), _("interests"),
        _("searches"), _("logins"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "On LinkedIn: Me, Settings & Privacy, Data privacy, Get a copy of your data; choose the "
        "larger archive. A first part comes within minutes, the whole one within a day. Give the "
        "zip as it is."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("minutes, all of it within a day")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders in which LinkedIn's tables lie."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read all tables, the profile first."""
    from empreinte.sources.linkedin import archive

    return archive.read(export)
