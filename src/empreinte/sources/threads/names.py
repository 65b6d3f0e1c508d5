"""How the export of Threads names things: people by user name, posts by what they say and when.

Threads takes its user names from Instagram. Posts of the owner have no id in the export: a digest
of their second and text is theirs. Those of others have the one in their address.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from empreinte.container import Container
from empreinte.errors import RecordError
from empreinte.formats import user_names
from empreinte.formats.dates import epoch, moment

PLATFORM = "threads"
OWNER = "me"
"""Id of an owner whose user name the export does not tell."""

_SITE = re.compile(r"threads\.(?:net|com)/@?([\w.]{1,80})/?(?:\?.*)?$", re.IGNORECASE)
_POST = re.compile(r"threads\.(?:net|com)/(?:@[\w.]+/post|t)/([\w-]{5,60})", re.IGNORECASE)
_WRITER = re.compile(r"threads\.(?:net|com)/@([\w.]{1,80})/post/", re.IGNORECASE)
_NAMED = re.compile(r"(?:^|/)instagram-([\w.]{1,60})-(\d{4})-(\d{2})-(\d{2})-")


class At(NamedTuple):
    """Where a record stands, whose export it is in, and who can see what they publish."""

    file: str
    place: int
    owner: str
    visibility: str | None = None


def user_in(url: str | None) -> str | None:
    """Give the user name in the address of a profile.

    >>> user_in("https://www.threads.net/@camille.roy")
    'camille.roy'
    """
    return user_names.user_in(url, _SITE)


def target(url: str | None) -> tuple[str | None, str | None]:
    """Give the id of the post in an address, and its author where it is told.

    >>> target("https://www.threads.com/@camille.roy/post/DAbCdEfGhIj")
    ('DAbCdEfGhIj', 'camille.roy')
    """
    if not url or len(url) > 2000:
        return None, None
    post, writer = _POST.search(url), _WRITER.search(url)
    return (post[1] if post else None), (writer[1].lower() if writer else None)


def when(value: object) -> datetime | None:
    """Read seconds since 1970, or a date in words; ``None`` where there is none.

    Raises
    ------
    RecordError
        If it is no time.
    """
    if value in (None, 0, "", "0"):
        return None
    if isinstance(value, str) and not value.isdecimal():
        return moment(value[:100], order="mdy")
    return epoch(value)


def due(value: datetime | None) -> datetime:
    """Give a date that a record cannot do without.

    Raises
    ------
    RecordError
        If it is missing.
    """
    if value is None:
        raise RecordError("The item has no date.")
    return value


def named(export: Container) -> tuple[str | None, datetime | None]:
    """Give the user name and the day in the name of the export around, where it has kept it."""
    found = _NAMED.search(export.called)
    if not found:
        return None, None
    try:
        day = datetime(int(found[2]), int(found[3]), int(found[4]), tzinfo=UTC)
    except ValueError:
        day = None
    return found[1].lower(), day
