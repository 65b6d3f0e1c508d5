"""The `google_location` source: where a phone was, as Google's location history keeps it.

Learnt from a published simulation of Semantic Location History, a synthetic sample of
``Location History.json`` and descriptions (https://locationhistoryformat.com). `layout` tells the
files, `points`, `semantic` and `timeline` read them, `arrays` finds the arrays of long documents,
`places` reads coordinates. Every point is a trace: nothing is thinned out. The owner is ``me``.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import Yielded
from empreinte.sources.google.location import layout

NAME = "google_location"
VERSION = 1
USERS_M = 1_000
SEEN = "layout"
LANGUAGES = ()


def title() -> str:
    """Name the source."""
    return _("Google, location history and Timeline")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (_("places visited"), _("ways between them"), _("positions"))


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "Since 2024 the phone itself keeps it. Android: Settings, Location, Location services, "
        "Timeline, Export Timeline data. iPhone: Google Maps, your picture, Your Timeline, the "
        "three dots, Location and privacy settings, Export Timeline data. Before: on "
        "takeout.google.com, tick Location History (Timeline)."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("at once")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders and files of the location history."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read all files, in the order of their names."""
    from empreinte.sources.google.location import archive

    return archive.read(export)
