"""Long posts, which X keeps in a file of their own while ``tweets.js`` holds their beginning.

The two do not name each other: the ids differ, and so may the second. A note belongs to the tweet
of the same moment that begins with the same words.
"""

from __future__ import annotations

import html
import re
from datetime import datetime

import msgspec

from empreinte.errors import RecordError
from empreinte.language import message
from empreinte.model import Reject
from empreinte.sources.x.dates import moment
from empreinte.sources.x.reading import Reading

MAX_LETTERS = 32 << 20
"""Letters of notes held while tweets are read; those beyond are left short, and it is said."""
_PREFIX = 60
_ENOUGH = 10
"""Letters that must agree: a post that is only a link could belong to any note."""
_LEADING = re.compile(r"^(?:@\w+\s+)+")


class Note(msgspec.Struct, gc=False):
    """A long post's whole text, and the hashtags and links in all of it."""

    text: str
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


class _Tag(msgspec.Struct, gc=False):
    text: str | None = None


class _Link(msgspec.Struct, gc=False):
    expandedUrl: str | None = None  # noqa: N815 - the platform's name


class _Core(msgspec.Struct, gc=False):
    text: str
    hashtags: list[_Tag] | None = None
    urls: list[_Link] | None = None


class _NoteTweet(msgspec.Struct, gc=False):
    createdAt: str | None = None  # noqa: N815
    core: _Core | None = None


class _Item(_NoteTweet, gc=False):
    noteTweet: _NoteTweet | None = None  # noqa: N815


class Notes:
    """The long posts of an archive, by second; those whose date cannot be read under ``None``."""

    def __init__(self) -> None:
        self.by_second: dict[int | None, list[Note]] = {}
        self.letters = 0

    def __bool__(self) -> bool:
        return bool(self.by_second)

    def read(self, reading: Reading) -> list[Reject]:
        """Take in a file of notes; give what could not be read."""
        rejects: list[Reject] = []
        for place, item in reading.items(_Item):
            if isinstance(item, Reject):
                rejects.append(item)
                continue
            note = item.noteTweet or item
            try:
                if note.core is None:
                    raise RecordError("A long post without a text; it is kept as it is.")
                self._add(reading.watch.tried("createdAt", moment, note.createdAt), note.core)
            except RecordError as error:
                rejects.append(reading.reject(place, error.message))
        if self.letters > MAX_LETTERS:
            reading.remarks.append(
                message("More long posts than can be held at once; some were left short.")
            )
        return rejects

    def _add(self, at: datetime | None, core: _Core) -> None:
        self.letters += len(core.text)
        if self.letters > MAX_LETTERS:
            return
        note = Note(
            html.unescape(core.text),
            tuple(tag.text for tag in core.hashtags or () if tag.text),
            tuple(link.expandedUrl for link in core.urls or () if link.expandedUrl),
        )
        self.by_second.setdefault(at and int(at.timestamp()), []).append(note)

    def find(self, published: datetime, text: str) -> Note | None:
        """Give the note of which `text`, published then, is the beginning."""
        second = int(published.timestamp())
        near = [
            note
            for s in (second, second - 1, second + 1, None)
            for note in self.by_second.get(s, ())
        ]
        if not near:
            return None
        # What comes before the first link: the tweet has it shortened, the note may not.
        words = _LEADING.sub("", html.unescape(text)).partition("http")[0].rstrip(" …\n")
        if len(words) < _ENOUGH:
            return None
        for note in near:
            whole = _LEADING.sub("", note.text)
            if len(whole) >= len(words) and whole.startswith(words[:_PREFIX]):
                return note
        return None
