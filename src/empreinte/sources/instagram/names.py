"""How Instagram's export names things: people by user name, posts by what they say and when.

The export holds no ids of the owner's own posts, nor of people: a user name is all there is, and
a post or a comment is known by a digest of its second and its text. That is the same in every
layout and language, so an export of 2020 and one of today tell of the same post.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import NamedTuple

from empreinte.errors import RecordError
from empreinte.formats import user_names
from empreinte.formats.dates import epoch, moment
from empreinte.formats.digests import digest
from empreinte.formats.drift import Watch
from empreinte.formats.mojibake import repair
from empreinte.model import Account

PLATFORM = "instagram"
OWNER = "me"
"""Id of an owner whose user name the export does not tell."""

_PROFILE = re.compile(r"instagram\.com/(?:_u/)?([\w.]{1,80})/?(?:\?.*)?$", re.IGNORECASE)
_POST = re.compile(r"instagram\.com/(?:[\w.]+/)?(?:p|reels?|tv)/([\w-]{5,60})", re.IGNORECASE)
_STORY = re.compile(r"instagram\.com/stories/[\w.]+/(\d{5,25})", re.IGNORECASE)
_COMMENT = re.compile(r"/c/(\d{5,25})")
_HALF = re.compile(r"\b(0?0|1[3-9]|2\d)(:\d{2}(?::\d{2})?)\s*[ap]\.?m\.?", re.IGNORECASE)


class At(NamedTuple):
    """Where a record stands, whose export it is in, and who can see what they publish."""

    file: str
    place: int
    owner: str
    observed: datetime
    visibility: str | None = None
    watch: Watch | None = None
    """Is told of what cannot be read of the file's records."""


def post_id(kind: str, published: datetime, text: str | None) -> str:
    """Give the id of something that the owner published: ``post``, ``story`` or ``comment``."""
    return f"{kind}:{digest(int(published.timestamp()), text)}"


def user_in(url: str | None) -> str | None:
    """Give the user name in the address of a profile.

    >>> user_in("https://www.instagram.com/_u/camille.roy")
    'camille.roy'
    """
    return user_names.user_in(url, _PROFILE)


def target(url: str | None) -> str | None:
    """Give the id of the post, story or comment of someone else that an address names.

    >>> target("https://www.instagram.com/reel/C1a2B3c4D5e/"), target("https://example.org/")
    ('C1a2B3c4D5e', None)
    """
    if not url or len(url) > 2000:
        return None
    comment = _COMMENT.search(url)
    found = comment or _POST.search(url) or _STORY.search(url)
    if not found:
        return None
    kind = "comment:" if comment else "story:" if found.re is _STORY else ""
    return f"{kind}{found[1]}"


def account(id: str, at: At, *, name: str | None = None, url: str | None = None) -> Account:
    """Make the account of someone met in passing."""
    return Account(
        platform=PLATFORM, id=id, handle=id, name=name or None,
        url=url or f"https://www.instagram.com/{id}", file=at.file, place=at.place,
    )  # fmt: skip


def seconds(value: object) -> datetime | None:
    """Read seconds since 1970; ``None`` where there are none (0 is how Instagram writes that).

    Raises
    ------
    RecordError
        If it is no time.
    """
    return None if value in (None, 0, "", "0") else epoch(value)


def said(text: str | None) -> datetime | None:
    """Read a date in words, as UTC where it tells no zone; ``None`` where there is none.

    Some exports add AM or PM to hours counted to 24 (``19:22 PM``).

    Raises
    ------
    RecordError
        If it is no date.
    """
    if not text:
        return None
    text = text[:100]
    if "m" in text or "M" in text:
        text = _HALF.sub(r"\1\2", text)
    return moment(text, order="mdy")


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


def plain(text: str | None) -> str | None:
    """Give a text as it was written, ``None`` where it is empty."""
    return (repair(text) or None) if text else None


def midnight(year: str, month: str, day: str) -> datetime | None:
    """Give the start of a day, ``None`` where it is no day."""
    try:
        return datetime(int(year), int(month), int(day), tzinfo=UTC)
    except ValueError:
        return None
