"""Dates as exports write them, in the languages that sources read, with or without a zone.

Words are those of CLDR (Babel): adding a language is adding its code to `LANGUAGES`. What letters
of zones stand for is told by `zones`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from empreinte.errors import RecordError
from empreinte.formats.zones import NO_CLUES, Clues, are_letters, meanings, zone_of

LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt")
LOCALES = (*LANGUAGES, "en_AU", "en_CA", "en_GB", "fr_CA", "de_AT", "es_MX", "pt_PT")
"""Where words are taken from: languages, and countries that shorten months in their own way."""
EARLIEST, LATEST = 1970, 2200
"""Years that a record may be of: what stands outside is a mistake, not a date."""
_START = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS = 5_000_000_000
"""Seconds since 1970 that are surely before `LATEST`: those of the year 2128."""

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})"
    r"(?:[Tt ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?"
    r"\s*([A-Za-z]+|[+-]\d{2}(?::?\d{2})?)?"
)
_BASIC = re.compile(
    r"(\d{4})(\d\d)(\d\d)(?:[Tt](\d\d)(\d\d)(\d\d)?([.,]\d{1,9})?([Zz]|[+-]\d\d(?::?\d\d)?)?)?",
    re.ASCII,
)
_WEEK = re.compile(r"(\d{4})-?[Ww](\d\d)-?([1-7])(?![\d/.-])", re.ASCII)
_ORDINAL = re.compile(r"(\d{4})-(\d{3})(?![\d/.-])", re.ASCII)
_REGION = re.compile(r"\s?[\[(]?\b([A-Z][A-Za-z_]{1,30}(?:/[A-Z][A-Za-z_-]{1,30}){1,2})[\])]?")
"""A zone by its name in the tz database, behind all else."""
_USUAL = re.compile(
    r"(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d:\d\d(?:\.\d{3}|\.\d{6})?)?(Z|[+-]\d\d:\d\d)?( UTC)?",
    re.ASCII,
)
"""What the standard library reads by itself, ten times as fast."""
_NUMERIC = re.compile(
    r"(?<![\d/.-])(\d{1,2})(?: ?[/.] ?|-)(\d{1,2})(?: ?[/.] ?|-)(\d{4}|\d{2})(?![\w/])"
)
_YEAR_FIRST = re.compile(r"(?<![\d/.-])(\d{4})[/.-](\d{1,2})[/.-](\d{1,2})(?![\d/.-])")
_CLOCK = re.compile(
    r"\b(?<!\d[.:])(\d{1,2})(?:(?::|\s?h\s?)(\d{2})(?:(?::|\s?min\s?)(\d{2})(?:[.,](\d{1,9}))?(?:\s?s\b)?)?"
    r"(?:\s?min\b)?|\s?(?:h|Uhr)\b|(?=\s?[ap]\.?\s?m\b))(?:\s*([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_DOTTED = re.compile(r"(?<=\s)(\d{1,2})\.(\d{2})(?:\.(\d{2}))?()()(?:\s?Uhr)?$", re.IGNORECASE)
"""A clock as Germans and Italians write it, where a date stands before it."""
_OFFSET = re.compile(
    r"\s?,?\s?\(?(?:[A-Za-z]{1,5}\s?)?([+\-−])(\d{1,2}):?(\d{2})?(?!\d)\)?(?:\s?\([^()]*\))?"
)
_LETTERS = re.compile(r"\s?,?\s?\(?([A-Za-z]{1,5})\)?(?!\w)")
"""What may stand behind a clock."""
_WORD = re.compile(r"[^\W\d_]+\.?", re.UNICODE)
_NUMBER = re.compile(r"\s*[+-]?\d{1,20}(?:\.\d{0,20})?(?:[eE]\+?\d\d?)?\s*", re.ASCII)
_WEEKDAY = re.compile(r"([^\W\d_]{1,15})\.?,\s?", re.UNICODE)


class _Doubtful(ValueError):
    """Letters stand for several zones, and nothing tells which."""


def moment(
    text: object, *, order: Literal["dmy", "mdy"] = "dmy", zone: tzinfo = UTC,
    clues: Clues = NO_CLUES,
) -> datetime:  # fmt: skip
    """Read a date, with or without its time, as UTC.

    Parameters
    ----------
    text : str
        ISO 8601 and its variants (``2026-03-06 13:02:05 UTC``, ``2026/03/06``), numbers
        (``06/03/2026 13:02``, ``3/6/26, 1:02 PM`` with `order` ``mdy``), words (``06 Mar 2026``,
        ``Fri Mar 06 13:02:05 UTC 2026``, ``6 mars 2026 à 13:02``, ``Mar 6, 2026, 1:02:05 PM EST``).
    order : "dmy" or "mdy"
        Which comes first where a date is written in three numbers and both could be the month.
    zone : tzinfo
        What a time without a zone is in; UTC unless the platform says otherwise.
    clues : Clues
        What else the export says of its zone, asked where letters stand for several (``IST``).

    Raises
    ------
    RecordError
        If it is no date, or an impossible one, or in a zone that cannot be told; it holds the text.

    >>> moment("6 mars 2026 à 13:02:05 CET").isoformat()
    '2026-03-06T12:02:05+00:00'
    >>> moment("9/5/26, 1:12 AM", order="mdy").isoformat()
    '2026-09-05T01:12:00+00:00'
    """
    if not isinstance(text, str) or not 6 <= len(text) <= 80:
        raise _no_date(text)
    if clues is NO_CLUES and zone is not UTC:
        clues = Clues(zone=zone)
    try:
        found = _usual(text, zone) or _written(text, order, zone, clues)
    except _Doubtful as error:
        raise RecordError(
            "{text} names its zone by letters that stand for several ({letters}), and nothing "
            "else tells which.", text=text, letters=str(error),
        ) from None  # fmt: skip
    except (ValueError, OverflowError):
        found = None
    if found is None or not EARLIEST <= found.year <= LATEST:
        raise _no_date(text)
    return found


def epoch(value: object) -> datetime:
    """Read seconds since 1970, or thousandths (to nanoseconds) where the number is that large.

    Raises
    ------
    RecordError
        If it is no number, or no time between 1970 and 2200. 0 is no time: platforms write it
        where they have none.

    >>> epoch("1772802125").isoformat() == epoch(1772802125000).isoformat()
    True
    """
    if type(value) is int and 0 < value < _SECONDS:  # nearly all, in a third of the time
        return datetime.fromtimestamp(value, UTC)
    if type(value) is int and 1e11 <= value < _SECONDS * 1000:
        return _START + timedelta(milliseconds=value)
    if isinstance(value, bool) or (isinstance(value, str) and not _NUMBER.fullmatch(value)):
        raise _no_date(value)
    try:
        seconds = float(value)  # pyright: ignore[reportArgumentType]
        for _ in range(3):
            seconds = seconds / 1000 if abs(seconds) >= 1e11 else seconds
        found = _START + timedelta(seconds=seconds)
    except (TypeError, ValueError, OverflowError):
        raise _no_date(value) from None
    if not seconds > 0 or found.year > LATEST:
        raise _no_date(value)
    return found


def _no_date(text: object) -> RecordError:
    return RecordError(
        "{text} is not a date between 1970 and 2200 in a form that is known here.", text=text
    )


def _usual(text: str, zone: tzinfo) -> datetime | None:
    if len(text) == 19 and zone is UTC and text[4::3] in ("-- ::", "--T::"):
        try:
            return datetime.fromisoformat(text + "+00:00")  # most texts, in half the time
        except ValueError:
            pass  # not what it seemed: told below
    found = _USUAL.fullmatch(text)
    if not found:
        return None
    day, clock, offset, utc = found.groups()
    if offset is None and (utc or zone is UTC):
        offset = "+00:00"  # asked of the parser: setting the zone afterwards takes 1.5 µs more
    try:
        moment = datetime.fromisoformat(f"{day}{clock or ' 00:00:00'}{offset or ''}")
    except ValueError:
        return None  # 24:00, or a second more
    return moment.astimezone(UTC) if offset else _utc(moment, zone)


def _written(text: str, order: str, zone: tzinfo, clues: Clues) -> datetime | None:
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    if (region := _REGION.search(plain)) and region.end() == len(plain):
        zone, plain = _region(region[1]), plain[: region.start()]
        clues = Clues(zone=zone)
    return _iso(_with_month(plain), zone, clues) or _spelled(plain, order, zone, clues)


def _region(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, OSError):
        raise ValueError(name) from None


def _with_month(text: str) -> str:
    """Write the other forms of ISO 8601 (no separators, weeks, days of the year) as the usual."""
    if basic := _BASIC.fullmatch(text):
        year, month, day, hour, minute, second, fraction, zone = basic.groups()
        clock = f"T{hour}:{minute}:{second or '00'}{fraction or ''}{zone or ''}" if hour else ""
        return f"{year}-{month}-{day}{clock}"
    if week := _WEEK.match(text):
        return f"{date.fromisocalendar(*map(int, week.groups()))}{text[week.end() :]}"
    if counted := _ORDINAL.match(text):
        day = date(int(counted[1]), 1, 1) + timedelta(days=int(counted[2]) - 1)
        if day.year != int(counted[1]):
            raise ValueError(text)
        return f"{day}{text[counted.end() :]}"
    return text


def _iso(text: str, zone: tzinfo, clues: Clues) -> datetime | None:
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, named = found.groups()
    if named and named.lower() in ("am", "pm"):
        return None
    local = _local(
        int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
        _micro(fraction),
    )  # fmt: skip
    if not named:
        return _utc(local, zone)
    sign, digits = named[0], named[1:].replace(":", "")
    if sign not in "+-":
        return _utc(local, _named(named, local, clues))
    return _utc(local, _offset(sign, digits[:2], digits[2:]))


def _spelled(text: str, order: str, zone: tzinfo, clues: Clues) -> datetime | None:
    clock = _CLOCK.search(text) or _dotted(text)
    before, after = (text[: clock.start()], text[clock.end() :]) if clock else (text, "")
    letters, offset = None, _OFFSET.match(after)
    if offset:
        after = after[offset.end() :]
    elif (found := _LETTERS.match(after)) and _is_zone(found[1], behind_clock=True):
        letters, after = found[1], after[found.end() :]
    told = _day(f"{before} {after}", order)
    if told is None:
        return None
    day, month, year, elsewhere = told
    local = _local(year, month, day, *_time(clock))
    letters = letters or elsewhere
    if offset:
        return _utc(local, _offset(offset[1], offset[2], offset[3] or "0"))
    return _utc(local, _named(letters, local, clues) if letters else zone)


def _dotted(text: str) -> re.Match[str] | None:
    found = _DOTTED.search(text)
    return found if found and re.search(r"\d", text[: found.start()]) else None


def _local(year: int, month: int, day: int, *clock: int) -> datetime:
    """Make a local time: 24:00 is the next midnight, a second 60 the first of the next minute."""
    hour, minute, second, micro = clock
    if (hour, minute, second, micro) == (24, 0, 0, 0):
        return datetime(year, month, day) + timedelta(days=1)
    if second == 60:
        return datetime(year, month, day, hour, minute, 59, micro) + timedelta(seconds=1)
    return datetime(year, month, day, hour, minute, second, micro)


@lru_cache(maxsize=4_096)
def _day(text: str, order: str) -> tuple[int, int, int, str | None] | None:
    """Give day, month, year and the zone's letters of a date without its time.

    Many records are of one day: kept, they are read in a fifth of the time.
    """
    text = text.strip()
    numeric, first = _NUMERIC.search(text), _YEAR_FIRST.search(text)
    if first:
        year, month, day = map(int, first.groups())
        text = text[: first.start()] + text[first.end() :]
    elif numeric:
        day, month, year = int(numeric[1]), int(numeric[2]), _year(numeric[3])
        if order == "mdy":
            day, month = month, day
        text = text[: numeric.start()] + text[numeric.end() :]
    else:
        text = _without_weekday(text)
        day, month, year = _worded(text)
    if (first or numeric) and re.search(r"\d", text):
        return None  # a number that nobody explains: a time in a form of its own, say
    letters = None
    for word in _WORD.findall(_WEEKDAY.sub("", text) if _WEEKDAY.match(text) else text):
        if _is_date_word(word):
            continue
        if not _is_zone(word.rstrip(".")):
            return None  # not a date, or a zone that nobody taught us: never guess
        letters = word.rstrip(".")
    return day, month, year, letters


def _without_weekday(text: str) -> str:
    """Leave out the day of the week before a comma; *mar* is also March in four languages."""
    named = _WEEKDAY.match(text)
    rest = text[named.end() :] if named else text
    if named is None and (word := _WORD.match(text)) and _folded(word[0]) in _days():
        rest = text[word.end() :]
    return rest if any(_folded(word) in _months() for word in _WORD.findall(rest)) else text


def _worded(text: str) -> tuple[int, int, int]:
    """Give day, month, year where the month is a word."""
    months = _months()
    found = {months[word] for word in map(_folded, _WORD.findall(text)) if word in months}
    numbers = re.findall(r"\d+", text)
    if len(found) != 1 or len(numbers) != 2:
        raise ValueError(text)
    year = next((n for n in reversed(numbers) if len(n) == 4), None) or numbers[1]
    numbers.remove(year)
    return int(numbers[0]), found.pop(), _year(year)


def _time(clock: re.Match[str] | None) -> tuple[int, int, int, int]:
    if clock is None:
        return 0, 0, 0, 0
    hour, minute, second, fraction, half = clock.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(clock[0])
        hours = hours % 12 + 12 * (half.lower() == "p")
    return hours, int(minute or 0), int(second or 0), _micro(fraction)


def _year(text: str) -> int:
    """Read a year; of two digits as RFC 5322 (4.3) does."""
    return int(text) + (2000 if int(text) < 50 else 1900) if len(text) == 2 else int(text)


def _micro(fraction: str | None) -> int:
    return int(f"{fraction:0<6}"[:6]) if fraction else 0


def _is_zone(word: str, *, behind_clock: bool = False) -> bool:
    if len(word) < 3 and not (word.isupper() and behind_clock) and word.upper() != "Z":
        return False  # "at", "le": words, in any case
    return are_letters(word, behind_clock=behind_clock)


def _named(letters: str, local: datetime, clues: Clues) -> timezone:
    found = zone_of(letters, local, clues)
    if found is not None:
        return found
    raise _Doubtful(letters) if len(meanings(letters)) > 1 else ValueError(letters)


def _offset(sign: str, hours: str, minutes: str) -> timezone:
    ahead = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(ahead if sign == "+" else -ahead)


def _utc(local: datetime, zone: tzinfo) -> datetime:
    return local.replace(tzinfo=zone).astimezone(UTC)


def _folded(word: str) -> str:
    return word.rstrip(".").casefold()


_SMALL_WORDS = {"à", "at", "um", "a", "le", "the", "de", "of", "del", "las", "alle", "om", "às",
                "er", "st", "nd", "rd", "th", "den", "uhr", "ore", "ᵉʳ", "º", "ª", "h"}  # fmt: skip


@lru_cache(maxsize=4_096)
def _is_date_word(word: str) -> bool:
    folded = _folded(word)
    return folded in _months() or folded in _days() or folded in _SMALL_WORDS


@cache
def _months() -> dict[str, int]:
    return _names("get_month_names")


@cache
def _days() -> dict[str, int]:
    return _names("get_day_names")


def _names(getter: str) -> dict[str, int]:
    from babel import dates

    found: dict[str, int] = {}
    for language in LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names = getattr(dates, getter)(width, context, locale=language)
                for number, name in names.items():
                    found.setdefault(_folded(name), number)
    for name, number in tuple(found.items()):
        for plain in (_bare(name), _bare(name.replace("ä", "ae"))):
            found.setdefault(plain, number)
    return found


def _bare(word: str) -> str:
    """Leave out accents, as keyboards without them do: *fevrier*, *aout*."""
    apart = unicodedata.normalize("NFD", word)
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
