"""Dates as exports write them, in English or French, with or without a zone.

Words are those of CLDR (Babel): adding a language is adding its code to `LANGUAGES`.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Literal

from empreinte.errors import RecordError

LANGUAGES = ("en", "fr", "de", "es", "it", "nl", "pt")
EARLIEST, LATEST = 1970, 2200
"""Years that a record may be of: what stands outside is a mistake, not a date."""
_START = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS = 5_000_000_000
"""Seconds since 1970 that are surely before `LATEST`: those of the year 2128."""

_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 60, "bst": 60, "cet": 60, "cest": 120,
    "mez": 60, "mesz": 120,
    "eet": 120, "eest": 180, "msk": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300,
    "mst": -420, "mdt": -360, "pst": -480, "pdt": -420, "hnec": 60, "heec": 120, "jst": 540,
    "ist": 330, "aest": 600, "aedt": 660,
}  # fmt: skip
"""Minutes from UTC. Where letters stand for several zones, the one of exports seen."""

_ISO = re.compile(
    r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?"
    r"\s*([A-Za-z]+|[+-]\d{2}:?\d{2})?"
)
_USUAL = re.compile(
    r"(\d{4}-\d\d-\d\d)([T ]\d\d:\d\d:\d\d(?:\.\d{3}|\.\d{6})?)?(Z|[+-]\d\d:\d\d)?( UTC)?",
    re.ASCII,
)
"""What the standard library reads by itself, ten times as fast."""
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})\b")
_CLOCK = re.compile(
    r"\b(\d{1,2})(?::|\s?h\s?)(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?:\s*([ap])\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(
    r"(?:(?<=[\s:0-9])|(?<=utc)|(?<=gmt))([+\-−])(\d{1,2}):?(\d{2})?$", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]+\.?", re.UNICODE)


def moment(text: object, *, order: Literal["dmy", "mdy"] = "dmy", zone: tzinfo = UTC) -> datetime:
    """Read a date, with or without its time, as UTC.

    Parameters
    ----------
    text : str
        ISO 8601 and its variants (``2026-03-06 13:02:05 UTC``, ``2026/03/06``), numbers
        (``06/03/2026 13:02``, ``3/6/26, 1:02 PM`` with `order` ``mdy``), words (``06 Mar 2026``,
        ``Fri Mar 06 13:02:05 UTC 2026``, ``6 mars 2026 à 13:02``, ``Mar 6, 2026, 1:02:05 PM BST``).
    order : "dmy" or "mdy"
        Which comes first where a date is written in three numbers and both could be the month.
    zone : tzinfo
        What a time without a zone is in; UTC unless the platform says otherwise.

    Raises
    ------
    RecordError
        If it is no date, or an impossible one; it holds the text.

    >>> moment("6 mars 2026 à 13:02:05 CET").isoformat()
    '2026-03-06T12:02:05+00:00'
    >>> moment("9/5/26, 1:12 AM", order="mdy").isoformat()
    '2026-09-05T01:12:00+00:00'
    """
    if not isinstance(text, str) or not 6 <= len(text) <= 80:
        raise _no_date(text)
    try:
        found = _usual(text, zone) or _written(text, order, zone)
    except (ValueError, OverflowError):
        found = None
    if found is None or not EARLIEST <= found.year <= LATEST:
        raise _no_date(text)
    return found


def epoch(value: object) -> datetime:
    """Read seconds since 1970, or milliseconds or microseconds where the number is that large.

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
    try:
        seconds = float(value)  # pyright: ignore[reportArgumentType]
        for _ in range(2):
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
    moment = datetime.fromisoformat(f"{day}{clock or ' 00:00:00'}{offset or ''}")
    return _utc(moment if offset else moment.replace(tzinfo=zone))


def _written(text: str, order: str, zone: tzinfo) -> datetime | None:
    plain = " ".join(unicodedata.normalize("NFC", text).split())
    return _iso(plain, zone) or _spelled(plain, order, zone)


def _iso(text: str, zone: tzinfo) -> datetime | None:
    found = _ISO.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, named = found.groups()
    given = _zone(named) if named else zone
    return _utc(
        datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            _micro(fraction), tzinfo=given,
        )
    )  # fmt: skip


def _spelled(text: str, order: str, zone: tzinfo) -> datetime | None:
    clock = _CLOCK.search(text)
    rest = text if clock is None else f"{text[: clock.start()]} {text[clock.end() :]}"
    offset = _OFFSET.search(text) if clock else None
    if offset:
        rest = rest.replace(offset[0], " ")
    told = _day(rest, order)
    if told is None:
        return None
    day, month, year, named = told
    given = _offset(offset) if offset else named or zone
    hour, minute, second, micro = _time(clock)
    return _utc(datetime(year, month, day, hour, minute, second, micro, tzinfo=given))


@lru_cache(maxsize=4_096)
def _day(text: str, order: str) -> tuple[int, int, int, timezone | None] | None:
    """Give day, month, year and the zone that is named of a date without its time.

    Many records are of one day: kept, they are read in a fifth of the time.
    """
    numeric = _NUMERIC.search(text)
    if numeric:
        day, month, year = int(numeric[1]), int(numeric[2]), _year(numeric[3])
        if order == "mdy":
            day, month = month, day
        text = text[: numeric.start()] + text[numeric.end() :]
    else:
        day, month, year = _worded(text)
    zone = None
    for word in _WORD.findall(text):
        minutes = _ZONES.get(word.rstrip(".").lower())
        if minutes is not None:
            zone = timezone(timedelta(minutes=minutes))
        elif not _is_date_word(word):
            return None  # not a date, or a zone that nobody taught us: never guess
    return day, month, year, zone


def _worded(text: str) -> tuple[int, int, int]:
    """Give day, month, year where the month is a word."""
    months = _months()
    month = next((months[w] for w in map(_folded, _WORD.findall(text)) if w in months), None)
    numbers = re.findall(r"\d+", text)
    if month is None or len(numbers) != 2:
        raise ValueError(text)
    year = next((n for n in reversed(numbers) if len(n) == 4), None) or numbers[1]
    numbers.remove(year)
    return int(numbers[0]), month, _year(year)


def _time(clock: re.Match[str] | None) -> tuple[int, int, int, int]:
    if clock is None:
        return 0, 0, 0, 0
    hour, minute, second, fraction, half = clock.groups()
    hours = int(hour)
    if half:
        if not 1 <= hours <= 12:
            raise ValueError(clock[0])
        hours = hours % 12 + 12 * (half.lower() == "p")
    return hours, int(minute), int(second or 0), _micro(fraction)


def _year(text: str) -> int:
    return int(text) + 2000 if len(text) == 2 else int(text)


def _micro(fraction: str | None) -> int:
    return int(f"{fraction:0<6}"[:6]) if fraction else 0


def _zone(name: str) -> timezone:
    if name[0] in "+-":
        sign = -1 if name[0] == "-" else 1
        hours, minutes = int(name[1:3]), int(name[-2:])
        return timezone(sign * timedelta(hours=hours, minutes=minutes))
    minutes = _ZONES.get(name.lower())
    if minutes is None:
        raise ValueError(name)
    return timezone(timedelta(minutes=minutes))


def _offset(found: re.Match[str]) -> timezone:
    sign = -1 if found[1] in "-−" else 1
    return timezone(sign * timedelta(hours=int(found[2]), minutes=int(found[3] or 0)))


def _utc(value: datetime) -> datetime:
    return value.astimezone(UTC)


def _folded(word: str) -> str:
    return word.rstrip(".").casefold()


_SMALL_WORDS = {"à", "at", "um", "a", "le", "the", "de", "of", "del", "las", "alle", "om", "às",
                "er", "st", "nd", "rd", "th"}  # fmt: skip


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
    for language in LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names = getattr(dates, getter)(width, context, locale=language)
                for number, name in names.items():
                    found.setdefault(_folded(name), number)
    return found | ({"sept": 9} if getter == "get_month_names" else {})
