"""How Reddit names things: ids, people, links.

A post is ``t3_`` and its number in base 36, a comment ``t1_`` and its own (Reddit's "fullnames",
https://www.reddit.com/dev/api/#fullnames); the export leaves the prefix out. People go by their
user name, which never changes; upper and lower case are the same.
"""

from __future__ import annotations

import re
from datetime import datetime

from empreinte.errors import RecordError
from empreinte.formats.csv_rows import Row
from empreinte.formats.dates import epoch, moment
from empreinte.formats.lenient import Bad

PLATFORM = "reddit"
SITE = "https://www.reddit.com"
MAX_LINKS = 500

_ID = re.compile(r"(?:t[13]_)?([0-9a-z]{1,16})", re.IGNORECASE)
_PATH = re.compile(r"/comments/([0-9a-z]{1,16})(?:/[^/?#]*(?:/([0-9a-z]{1,16}))?)?", re.IGNORECASE)
_LINK = re.compile(r"https?://[^\s<>\")\]]{1,2000}")
_MENTION = re.compile(r"(?<![\w/])/?u/([A-Za-z0-9_-]{3,20})\b")
_USER = re.compile(r"[A-Za-z0-9_-]{1,40}")


def fullname(prefix: str, number: str | None) -> str | None:
    """Give the whole name of a post or comment, ``None`` if `number` is none.

    >>> fullname("t3", "1KP9tv3"), fullname("t3", "t3_1kp9tv3"), fullname("t1", "?")
    ('t3_1kp9tv3', 't3_1kp9tv3', None)
    """
    found = _ID.fullmatch(number) if number else None
    return f"{prefix}_{found[1].lower()}" if found else None


def named_in(link: str | None) -> tuple[str | None, str | None]:
    """Give the post and the comment that a link names.

    >>> named_in("https://www.reddit.com/r/france/comments/1kp9tv3/un_titre/mswmz2d/")
    ('t3_1kp9tv3', 't1_mswmz2d')
    """
    found = _PATH.search(link[:2000]) if link else None
    if found is None:
        return None, None
    post, comment = found.groups()
    return f"t3_{post.lower()}", f"t1_{comment.lower()}" if comment else None


def user(name: str | None) -> str | None:
    """Give the id of an account: its name in lower case, without ``u/``."""
    bare = (name or "").removeprefix("/").removeprefix("u/")
    return bare.lower() if _USER.fullmatch(bare) else None


def community(name: str | None) -> str | None:
    """Give a community as people write it: ``r/france``; ``u/name`` for someone's own page."""
    if not name:
        return None
    bare = name.removeprefix("/").removeprefix("r/")
    return f"u/{bare[2:]}" if bare.startswith("u_") else f"r/{bare}"


def absolute(link: str | None) -> str | None:
    """Give a link in full; the export leaves the site out in places."""
    return f"{SITE}{link}" if link and link.startswith("/") else link


def links_in(text: str) -> tuple[str, ...]:
    """Give the addresses written in a text (Markdown), without what punctuation follows them."""
    if "http" not in text:
        return ()
    found = (match[0].rstrip(".,;:!?'*") for match in _LINK.finditer(text))
    return tuple(dict.fromkeys(found))[:MAX_LINKS]


def mentions_in(text: str) -> tuple[str, ...]:
    """Give the accounts named in a text: ``u/name``."""
    if "u/" not in text:
        return ()
    return tuple(dict.fromkeys(m[1].lower() for m in _MENTION.finditer(text)))[:MAX_LINKS]


def when(text: str | None) -> datetime | None:
    """Read a date (``2023-01-15 12:34:56 UTC``); ``None`` where the cell is empty.

    Raises
    ------
    RecordError
        If it is not a date.
    """
    if not text:
        return None
    if len(text) == 23 and text.endswith(" UTC") and text[:4] >= "1970":
        try:
            return datetime.fromisoformat(f"{text[:19]}+00:00")
        except ValueError:
            pass  # the slow way says what is wrong with it
    if text.replace(".", "", 1).isdecimal():
        return epoch(text)
    return moment(text)


def dated(row: Row, column: str, bad: Bad) -> datetime | None:
    """Give the date in a cell; one that cannot be read is told."""
    text = row.get(column)
    try:
        return when(text)
    except RecordError:
        bad(column, text)
        return None


def numbered(row: Row, prefix: str, bad: Bad) -> str | None:
    """Give the whole name of a row's post or comment by its id, else by its link."""
    number = row.get("id")
    found = fullname(prefix, number)
    if found is None:
        post, comment = named_in(row.get("permalink"))
        found = post if prefix == "t3" else comment
        if found and number:
            bad("id", number)
    return found
