"""The `mastodon` source: the account's archive, its CSV lists, saved API answers.

`layout` tells the files apart, `activitypub` reads the archive, `lists` the CSV files, `answers`
and `responses` what the REST API said, `people` knows everyone by one address.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import SOCIAL, Yielded
from empreinte.sources.mastodon import layout

NAME = "mastodon"
VERSION = 2
USERS_M = 1
SEEN = "real"
LANGUAGES = ()
PRESENCE = SOCIAL


def title() -> str:
    """Name the source."""
    return _("Mastodon archive, lists and saved API answers")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("replies and shares"), _("likes given"), _("bookmarks"),
        _("followers and following"), _("likes, shares and replies received (saved API answers)"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "On the website of your Mastodon server, open Preferences, then Import and export, then "
        "Data export. Choose “Request your archive”: a link comes by e-mail, at most once a week. "
        "On the same page, download the CSV list “Follows”, and “Followers” if your server offers "
        "it: the archive does not hold them. Put the unpacked archive and the lists in one folder."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("some hours")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders and files that are Mastodon's."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read an export, or a folder of saved answers."""
    from empreinte.sources.mastodon import archive

    return archive.read(export)
