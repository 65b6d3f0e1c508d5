"""The `reddit` source: the data copy that Reddit sends, a zip of some 38 tables in CSV.

No sample with a licence was found: this was made from Reddit's own list of the files
(https://support.reddithelp.com/hc/en-us/p/what_is_in_my_reddit_data_copy) and from the columns
that public programs read in real exports (EpicenterHQ/epicenter, guilamu/reddit-gdpr-export-viewer,
xavdid/reddit-user-to-sqlite). `layout` tells the files, `tables` what each is, `posts` and `acts`
read their rows, `owner` tells whose they are.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import SOCIAL, Yielded
from empreinte.sources.reddit import layout

NAME = "reddit"
VERSION = 1
USERS_M = 400
SEEN = "described"
LANGUAGES = ()
PRESENCE = SOCIAL


def title() -> str:
    """Name the source."""
    return _("Reddit data copy")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("comments"), _("votes"), _("bookmarks"), _("interests"), _("logins"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "On reddit.com/settings/data-request, choose the law that applies to you and “I want data "
        "from my full time at Reddit”, then Submit. Reddit sends a private message with a link, "
        "up to 30 days later. Give the zip as it is."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("up to 30 days")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders and files that are Reddit's."""
    return layout.roots(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read an export; who its owner is stands in ``statistics.csv``, else in the zip's name."""
    from empreinte.sources.reddit import archive

    return archive.read(export)
