"""The `bluesky` source: an account's repository, saved Jetstream, saved API answers.

`layout` tells the files apart; `repository` reads ``repo.car`` through `car`, `responses` the
answers that `answers` takes apart, `jetstream` the events; `records` and `posts` know what a
record says, `syntax` names and times, `people` everyone by their DID. A repository holds only
what its owner did: likes, reposts, replies and follows received are in answers and events.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import SOCIAL, Yielded
from empreinte.sources.bluesky import layout

NAME = "bluesky"
VERSION = 2
USERS_M = 40
SEEN = "real"
LANGUAGES = ()
PRESENCE = SOCIAL


def title() -> str:
    """Name the source."""
    return _("Bluesky repository, saved API answers and Jetstream")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("replies and shares"), _("likes given"), _("followers and following"),
        _("likes, shares and replies received (saved API answers)"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "In Bluesky, open Settings, then Account, then Export my data, and choose “Download CAR "
        "file”: you have it at once. It holds what you did. What others did (likes, followers) "
        "is in the answers of the network’s API: save them as JSON files in the same folder."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("at once")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders and files that are Bluesky's."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read a repository with the answers and events saved beside it, or any of them alone."""
    from empreinte.sources.bluesky import archive

    return archive.read(export)
