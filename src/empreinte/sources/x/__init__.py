"""X (Twitter): archives of all layouts since 2012, and saved answers of the v1.1 API.

Format: ``data/*.js``, each an array assigned to ``window.YTD.<type>.part<N>``, listed by
``data/manifest.js`` and described by the archive's own ``data/README.txt``; until 2018
``data/js/tweets/YYYY_MM.js``, assigned to ``Grailbird.data.tweets_YYYY_MM``. See
``docs/sources/x.md``.
"""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.language import _
from empreinte.model import SOCIAL, Yielded
from empreinte.sources.x import files

NAME = "x"
VERSION = 2
USERS_M = 600
SEEN = "real"
LANGUAGES = ()
PRESENCE = SOCIAL


def title() -> str:
    """Give the name of what is read, in the current language."""
    return _("X (Twitter) archive")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("posts"), _("replies and shares"), _("likes given"), _("followers and following"),
        _("likes and shares received"), _("advertisements"), _("interests"), _("logins"),
        _("devices"),
    )  # fmt: skip


def how_to_get() -> str:
    """Tell how to ask X for one's archive, in the current language."""
    return _(
        "On x.com, open More, then Settings and privacy, Your account, Download an archive of "
        "your data. Confirm your password, choose Request archive. X writes to you when it is "
        "ready, within a day or a few; download the zip file and give it here as it is."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("a day or a few")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders under which archives, or saved answers, lie."""
    return files.recognize(export)


def read(export: Container) -> Iterator[Yielded]:
    """Read the archive, or saved answers of the API."""
    from empreinte.sources.x import archive

    return archive.read(export)
