"""The `facebook` source: "Download your information", in JSON or HTML, before and since 2024.

`layout` tells the files, `kinds` what each is. `entries` (JSON) and `pages`, `nodes`, `boxes`,
`boxed` (HTML) make one `Entry` of a record, whatever its form; `posts`, `relations`, `traces` and
`profile` make records of it. `names` knows ids, dates and sentences. The owner has no id in the
export and is ``me``.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import SOCIAL, Yielded
from empreinte.sources.facebook import layout

NAME = "facebook"
VERSION = 1
USERS_M = 3_000
SEEN = "layout"
LANGUAGES = ("en", "fr")
PRESENCE = SOCIAL


def title() -> str:
    """Name the source."""
    return _("Facebook archive (JSON or HTML)")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("comments"), _("reactions"), _("friends"), _("pages and groups"),
        _("profile"), _("advertisers"), _("off-Facebook activity"), _("interests"), _("searches"),
        _("logins"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "On Facebook: your picture, Settings & privacy, Settings, Accounts Centre, Your "
        "information and permissions, Download your information; choose all of it, the date range "
        "All time and the format JSON (it holds more than HTML). It is ready within hours or days; "
        "give all zips together as they are."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("hours or days")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders in which Facebook's files lie."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read all files, the profile first."""
    from empreinte.sources.facebook import archive

    return archive.read(export)
