"""The `amazon` source: "Request your data", tables in CSV by category.

`tables` tells what each is by its columns, whatever its name; `records` reads their rows, `wishes`
the wish lists. Made from public readers of real exports; no export was at hand.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import Presence, Yielded
from empreinte.sources.amazon import layout

NAME = "amazon"
VERSION = 1
USERS_M = 300
SEEN = "described"
LANGUAGES = ("en", "fr")
PRESENCE: dict[str, Presence] = {"View": "starts"}


def title() -> str:
    """Name the source."""
    return _("Amazon archive")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("orders"), _("digital orders"), _("reviews"), _("videos watched"), _("searches"),
        _("wish lists"), _("interests"), _("advertisers"), _("logins and devices"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "On Amazon: Account & Lists, Your Account, Request your data (Data and privacy); choose "
        "Request all your data, and confirm by the e-mail. It is ready within a month, in several "
        "zips. Give them as they are."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("up to a month")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders under which Amazon's files lie."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read all tables; one that cannot be read fails alone."""
    from empreinte.sources.amazon import archive

    return archive.read(export)
