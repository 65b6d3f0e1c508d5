"""An entry of a feed as decided upon, and what every form of feeds decides alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.dates import moment
from empreinte.formats.drift import Watch
from empreinte.formats.html_text import Plain
from empreinte.formats.zones import NO_CLUES, Clues
from empreinte.language import Message
from empreinte.model import Drift, Reject

PLATFORM = "feed"

FIRST_YEAR = 1990
"""No entry was published on the Web before; such dates are clocks never set."""
LATEST = timedelta(days=366)
"""How far ahead of today an announced entry may be dated."""

_WORDS = re.compile(r"\d{4}.*[A-Za-z]{2}|[A-Za-z]{2}.*\d{4}", re.DOTALL)
_NUMBERS = re.compile(r"\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b")
"""Which of them is the month is anybody's guess."""


class Channel(msgspec.Struct, kw_only=True):
    """What a feed says of itself; texts are plain."""

    address: str | None = None  # where it lies: its "self" link, "feed_url"
    site: str | None = None
    title: str | None = None
    summary: str | None = None


class Author(msgspec.Struct, frozen=True):
    """Who wrote an entry."""

    name: str | None
    url: str | None


class Entry(msgspec.Struct, kw_only=True):
    """One entry, decided upon but not yet tied to its feed; texts are plain."""

    place: int
    type: str
    guid: str | None = None
    url: str | None = None
    enclosure: str | None = None  # address of what a podcast plays
    title: str | None = None
    content: str | None = None
    author: Author | None = None
    language: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    offset_min: int | None = None
    in_reply_to: str | None = None
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] | None = None
    media: tuple[str, ...] = ()
    alt_texts: tuple[str, ...] | None = None
    replies: int | None = None


class Document(msgspec.Struct, kw_only=True):
    """A feed as read; `lost` tells that part of it was not read at all.

    `drift`, asked once all entries were taken, tells how they differ from the standard, and what
    of them could not be read.
    """

    channel: Channel
    entries: Iterable[Entry | Reject]
    remark: Message | None = None
    lost: bool = False
    drift: Callable[[], tuple[Drift, ...]] = tuple


def described(read: Plain) -> tuple[str, ...] | None:
    """Give the alternative texts of what an entry shows; it tells nothing of what it encloses."""
    return read.alt_texts if "Image" in read.media else None


def believable(found: datetime | None) -> datetime | None:
    """Give `found` back if an entry can bear it, else ``None``."""
    if found is None or found.year < FIRST_YEAR or found > datetime.now(UTC) + LATEST:
        return None
    return found


def dated(watch: Watch, name: str, written: object, when: datetime | None) -> datetime | None:
    """Give `when`, what is `written` under a name; what is no date, or cannot be true, is told."""
    found = believable(when)
    if found is None and written:
        watch.bad(name, written)
    return found


def in_words(text: str, clues: Clues = NO_CLUES) -> datetime | None:
    """Read a date in words, its year in full; ``None`` where it is none or is in numbers."""
    if not _WORDS.search(text) or _NUMBERS.search(text):
        return None
    try:
        return moment(text, clues=clues)
    except RecordError:
        return None


def web_address(text: object) -> str | None:
    """Give `text` if it is an ``http`` or ``https`` address, else ``None``."""
    if not isinstance(text, str):
        return None
    text = text.strip()
    known = text[:8].lower().startswith(("http://", "https://"))
    return text if known and len(text.split(maxsplit=1)) == 1 else None


def primary_language(tag: object) -> str | None:
    """Give the primary subtag of a BCP 47 tag in lower case (``fr-CH`` → ``fr``), or ``None``."""
    if not isinstance(tag, str):
        return None
    primary = tag.strip().replace("_", "-").split("-")[0].lower()
    return primary if primary.isascii() and primary.isalpha() and 2 <= len(primary) <= 3 else None


MEDIA_TYPES = {"image": "Image", "audio": "Audio", "video": "Video"}


def medium(mime_type: object) -> str:
    """Give the AS2 type for a MIME type (``audio/mpeg`` → ``Audio``), else ``Document``."""
    top = mime_type.split("/")[0].strip().lower() if isinstance(mime_type, str) else ""
    return MEDIA_TYPES.get(top, "Document")


def entry_type(title: str | None, enclosures: Iterable[str]) -> str:
    """Give ``Audio`` or ``Video`` for a podcast, ``Article`` if titled, else ``Note``."""
    for medium in ("Video", "Audio"):
        if medium in enclosures:
            return medium
    return "Article" if title else "Note"
