"""Zone letters (MEZ, HAE, BRT, IST): what they stand for, and which of several an export means.

What they may stand for is in ``zones.txt``, made of CLDR and the tz database by
``tools/zones.py``. Letters of one meaning are read; those of several (IST is India's, Israel's and
Ireland's) by the date, then by what else the export says of its zone, else not at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from functools import cache, cached_property
from importlib import resources
from typing import IO, NamedTuple
from zoneinfo import ZoneInfo

_UNIVERSAL = {"UTC": 0, "GMT": 0, "Z": 0, "UT": 0}
_SHORTEST = 3
"""Letters that may stand anywhere; fewer (``ET``, ``AT``) only behind a clock: else, words."""

AFTER_CLOCK = (
    r"(?:[\s\xa0\u202f]|&nbsp;|&#\d{1,6};)*(?:[AaPp]\.?[\s\xa0\u202f]?[Mm]\b\.?)?"
    r"(?:[\s\xa0\u202f]|&nbsp;|&#\d{1,6};)*"
)
_TOLD = re.compile(
    r"\d\s?[:h]\s?\d\d(?:(?::|\s?min\s?)\d\d(?:\.\d{1,9})?(?:\s?s\b)?)?"
    + AFTER_CLOCK
    + r"\(?(?:(?:UTC|GMT)?([+\-\u2212])(\d{1,2}):?(\d\d)?|([A-Za-z]{2,5}))(?![\w:])"
)  # fmt: skip
_CHUNK = 1 << 20
_OVERLAP = 80


class Meaning(NamedTuple):
    """One thing that letters stand for: an offset, and a zone that has or had it."""

    minutes: int
    zone: str


class Said(NamedTuple):
    """What the dates of an export say of its zones: other letters, and offsets in minutes."""

    letters: frozenset[str] = frozenset()
    offsets: frozenset[int] = frozenset()


class Clues:
    """What else an export tells of its zone, found out where letters first are ambiguous.

    Parameters
    ----------
    look : callable, optional
        Gives what the export's other dates say.
    zone : tzinfo, optional
        The account's own zone, where the export tells it.
    """

    def __init__(self, look: Callable[[], Said] = Said, zone: tzinfo | None = None) -> None:
        self._look = look
        self.zone = zone

    @cached_property
    def said(self) -> Said:
        """What the other dates say."""
        return self._look()

    def choose(self, letters: str, may: set[Meaning], local: datetime) -> set[Meaning]:
        """Give the meanings that something speaks for: the account's zone, then other dates.

        An offset speaks for the zones that have it, letters for their zones, else for their
        countries: who has EDT elsewhere means America by CST.
        """
        if self.zone is not None:
            there = local.replace(tzinfo=self.zone).utcoffset()
            return {one for one in may if timedelta(minutes=one.minutes) == there}
        others = self.said.letters - {letters}
        named = {one.zone for other in others for one in meanings(other)}
        found = {
            one for one in may
            if one.zone in named or self.said.offsets & _offsets(one.zone, local.year)
        }  # fmt: skip
        if not found and others:
            near = [{_country(one.zone) for one in meanings(other)} for other in others]
            found = {one for one in may if any(_country(one.zone) in each for each in near)}
        return found


NO_CLUES = Clues()


def meanings(letters: str) -> tuple[Meaning, ...]:
    """Give all that letters stand for, nothing where nobody uses them.

    >>> [one.minutes for one in meanings("MESZ")]
    [120]
    """
    return _table().get(letters.upper(), ())


def are_letters(word: str, *, behind_clock: bool = False) -> bool:
    """Tell whether a word of a date is a zone's letters and not a word like *at* or *mar*."""
    known = word.upper() in _UNIVERSAL or word.upper() in _table()
    return known and (behind_clock or len(word) >= _SHORTEST or word.upper() in _UNIVERSAL)


def zone_of(letters: str, local: datetime, clues: Clues = NO_CLUES) -> timezone | None:
    """Give the offset that letters stand for at a local time, ``None`` where it cannot be told.

    >>> july = datetime(2026, 7, 1, 12)
    >>> zone_of("HAE", july), zone_of("IST", july)
    (datetime.timezone(datetime.timedelta(days=-1, seconds=72000)), None)
    >>> zone_of("IST", july, Clues(lambda: Said(letters=frozenset({"GMT"}))))
    datetime.timezone(datetime.timedelta(seconds=3600))
    """
    universal = _UNIVERSAL.get(letters.upper())
    may = set(meanings(letters)) if universal is None else {Meaning(universal, "")}
    if len({one.minutes for one in may}) > 1:
        may = {one for one in may if _in_force(one, local)}
    if len({one.minutes for one in may}) > 1:
        may = clues.choose(letters.upper(), may, local)
    minutes = {one.minutes for one in may}
    return timezone(timedelta(minutes=minutes.pop())) if len(minutes) == 1 else None


def said_in(texts: Iterable[str], *, universal: bool = True) -> Said:
    """Give the letters and offsets that stand behind the clocks of texts.

    Parameters
    ----------
    texts : iterable of str
    universal : bool
        Whether GMT tells of a place; not where servers write it whatever their place.

    >>> said_in(["13:02:05 CET", "1:02 PM GMT+5:30"])
    Said(letters=frozenset({'CET'}), offsets=frozenset({330}))
    """
    letters, offsets = set(), set()
    for text in texts:
        for sign, hours, minutes, word in _TOLD.findall(text):
            if hours:
                told = int(hours) * 60 + int(minutes or 0)
                offsets.add(-told if sign in "-\u2212" else told)
            elif are_letters(word, behind_clock=True):
                letters.add(word.upper())
    mute = {"UTC", "Z", "UT"} if universal else {"UTC", "Z", "UT", "GMT"}
    return Said(frozenset(letters - mute), frozenset(offsets - {0}))


def pieces(stream: IO[bytes]) -> Iterator[str]:
    """Give a page in pieces that cut no date in two."""
    rest = b""
    while chunk := stream.read(_CHUNK):
        yield (rest + chunk).decode("utf-8", "replace")
        rest = chunk[-_OVERLAP:]


@cache
def _table() -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, tuple[Meaning, ...]] = {}
    text = resources.files("empreinte.formats").joinpath("zones.txt").read_text("utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            letters, minutes, *zones = line.split()
            told = tuple(Meaning(int(minutes), zone) for zone in zones)
            found[letters.upper()] = (*found.get(letters.upper(), ()), *told)
    return found


def _in_force(one: Meaning, local: datetime) -> bool:
    there = local.replace(tzinfo=ZoneInfo(one.zone)).utcoffset()
    return there == timedelta(minutes=one.minutes)


@cache
def _offsets(zone: str, year: int) -> set[int]:
    """Give the offsets that a zone has within a year, in minutes."""
    days = (datetime(year, month, 15, tzinfo=ZoneInfo(zone)) for month in (1, 7))
    return {round(offset.total_seconds() / 60) for day in days if (offset := day.utcoffset())}


@cache
def _country(zone: str) -> str:
    from babel.core import get_global

    return get_global("zone_territories").get(zone, zone)
