"""How LinkedIn names things: posts by URN, people by the address of their profile.

A share, an article and a post uploaded natively have ids of three kinds (``share``, ``activity``,
``ugcPost``); links name one of them (https://learn.microsoft.com/linkedin/shared/api-guide/concepts/urns).
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from urllib.parse import unquote

from empreinte.formats.dates import moment
from empreinte.formats.digests import digest
from empreinte.model import Account

PLATFORM = "linkedin"
OWNER = "me"
"""The export does not name its owner by an id."""

_DAY = 12
"""Letters of a date without its time, such as ``11 Oct 2023``: the same ones come often."""
_URN = re.compile(r"(share|activity|ugcPost|article|groupPost|comment)[:-](?:urn:li:)?(\d{6,25})")
_COMMENT = re.compile(r"comment:\((?:urn:li:)?(\w+):(\d{6,25}),(\d{6,25})\)")
_PROFILE = re.compile(
    r"linkedin\.com/(in|company|school|showcase)/([^/?#\s]{1,200})", re.IGNORECASE
)


def post_id(link: str | None) -> str | None:
    """Give the id of the post that a link names, ``None`` where it names none.

    >>> post_id("https://www.linkedin.com/feed/update/urn%3Ali%3Ashare%3A6986210284510859264")
    'share:6986210284510859264'
    """
    found = _URN.search(_plain(link[:2000])) if link else None
    return f"{found[1]}:{found[2]}" if found else None


def comment_ids(link: str | None) -> tuple[str | None, str | None]:
    """Give the id of the comment that a link names and that of the post under which it stands."""
    plain = _plain(_plain(link[:2000])) if link else ""
    found = _COMMENT.search(plain)
    if found:
        return f"comment:{found[3]}", f"{found[1]}:{found[2]}"
    return None, post_id(plain)


def _plain(link: str) -> str:
    """Resolve what is escaped in a link: mostly colons, replaced in a fifth of the time."""
    link = link.replace("%3A", ":")
    return unquote(link) if "%" in link else link


def handle(url: str | None) -> str | None:
    """Give the name in the address of a profile, in lower case.

    >>> handle("https://www.linkedin.com/in/Anne-Le-Goff-12")
    'anne-le-goff-12'
    """
    found = _PROFILE.search(_plain(url[:500])) if url else None
    if not found:
        return None
    kind, name = found[1].lower(), found[2].lower()
    return name if kind == "in" else f"{kind}/{name}"


def account(
    name: str | None, url: str | None, file: str, place: int, since: str = ""
) -> Account | None:
    """Give someone met in passing, by profile, else by name; ``None`` where neither is told.

    Older exports hold no address of a connection: the day, `since`, tells namesakes apart.
    """
    known = handle(url)
    if known is None and not name:
        return None
    id = known or f"name:{digest((name or '').casefold(), since or None)}"
    return Account(
        platform=PLATFORM, id=id, handle=known, name=name or None, url=url or None,
        file=file, place=place,
    )  # fmt: skip


def when(text: str | None) -> datetime | None:
    """Read a date in any of the four styles (UTC where no zone is told); ``None`` where empty.

    Raises
    ------
    RecordError
        If it is not a date.
    """
    if not text:
        return None
    return _day(text) if len(text) <= _DAY else moment(text, order="mdy")


@lru_cache(maxsize=4_096)
def _day(text: str) -> datetime:
    return moment(text, order="mdy")
