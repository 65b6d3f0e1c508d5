"""Opening hours in the syntax of OpenStreetMap, and minutes counted while a shop is open.

References
----------
https://wiki.openstreetmap.org/wiki/Key:opening_hours/specification
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from empreinte.errors import UsageError

FURTHEST = timedelta(days=400)
"""How far ahead an opening is looked for: a shop of one season opens within it."""
LONG = timedelta(days=1)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

EXAMPLE = "Tu-Sa 09:00-12:30,14:00-19:00; PH off"

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Hours:
    """When a shop is open.

    Attributes
    ----------
    text : str
        Rules in OSM's syntax; ``PH`` are the public holidays of `country`.
    zone : str
        Time zone in which they are meant.
    country : str
        ISO 3166-1 alpha-2; ``""``: as if there were no holidays.
    """

    text: str
    zone: str = "Europe/Paris"
    country: str = "FR"

    def but(self, rules: Iterable[str]) -> Hours:
        """Give the same hours with rules that go before all others: special days, closures."""
        return Hours("; ".join([self.text, *rules]), self.zone, self.country)

    def spans(self, start: datetime, end: datetime) -> list[Span]:
        """Give the times between `start` and `end` at which it is open, in UTC."""
        found: list[Span] = []
        for opens, closes, state, _comment in _parsed(self).intervals(
            *map(self.local, (start, end))
        ):
            if str(state) != "open":
                continue
            span = max(opens.astimezone(UTC), start), min(closes.astimezone(UTC), end)
            if found and found[-1][1] == span[0]:
                found[-1] = found[-1][0], span[1]
            elif span[0] < span[1]:
                found.append(span)
        return found

    def day(self, day: date) -> list[Span]:
        """Give the openings that begin on a day, each to its end, past midnight too.

        One that lasts for longer than a day is cut at midnights.
        """
        return list(_day(self, day))

    def midnight(self, day: date) -> datetime:
        """Give the moment at which a day begins, in UTC."""
        return datetime.combine(day, time(), ZoneInfo(self.zone)).astimezone(UTC)

    def local(self, at: datetime) -> datetime:
        """Give a moment as clocks show it there."""
        return at.astimezone(ZoneInfo(self.zone))

    def is_open(self, at: datetime) -> bool:
        """Whether it is open at a moment."""
        return _parsed(self).is_open(self.local(at))

    def after(self, at: datetime, minutes: float) -> datetime | None:
        """Give the moment at which it has been open for so many minutes since `at`.

        ``None`` if it is not open for so long within `FURTHEST`.

        Examples
        --------
        >>> hours = Hours("Mo-Fr 09:00-12:00")
        >>> friday = datetime(2026, 11, 27, 10, 50, tzinfo=UTC)  # 11:50 there
        >>> hours.after(friday, 15).isoformat()  # ten on Friday, five on Monday
        '2026-11-30T08:05:00+00:00'
        """
        left = timedelta(minutes=minutes)
        if not left:
            return at
        start, step = at, timedelta(days=4)
        while start < at + FURTHEST:
            for opens, closes in self.spans(start, start + step):
                if closes - opens >= left:
                    return opens + left
                left -= closes - opens
            start, step = start + step, step * 2
        return None

    def minutes(self, start: datetime, end: datetime) -> float:
        """Count the minutes between two moments at which it is open."""
        return sum((b - a).total_seconds() for a, b in self.spans(start, end)) / 60


@lru_cache(1024)
def _day(hours: Hours, day: date) -> tuple[Span, ...]:
    """Each request asks for the same few days."""
    first, last = hours.midnight(day), hours.midnight(day + timedelta(days=1))
    found: list[Span] = []
    for opens, closes in hours.spans(first - LONG, last + LONG):
        if closes - opens > LONG:
            opens, closes = max(opens, first), min(closes, last)
        if first <= opens < min(closes, last):
            found.append((opens, closes))
    return tuple(found)


def dated(first: date, last: date, hours: str) -> str:
    """Write the rule of special days.

    >>> dated(date(2026, 12, 24), date(2026, 12, 24), "09:00-16:00")
    '2026 Dec 24 09:00-16:00'
    """
    named = [f"{day.year} {MONTHS[day.month - 1]} {day.day:02}" for day in (first, last)]
    return f"{named[0] if first == last else '-'.join(named)} {hours}"


def checked(hours: Hours) -> Hours:
    """Give hours that can be read.

    Raises
    ------
    UsageError
        If they are not in OSM's syntax.
    """
    try:
        _parsed(hours)
    except _library().ParserError as error:
        raise UsageError(
            "“{hours}” are not hours that can be read. Write whole names of days, “Tuesday to "
            "Saturday 9am to 7pm”, or as OpenStreetMap does, {example}.",
            hours=hours.text,
            example=EXAMPLE,
        ) from error
    return hours


def known_country(country: str) -> str:
    """Give a country whose holidays are known; `ValueError` if they are not."""
    try:
        _parsed(Hours("24/7", country=country))
    except _library().UnknownCountryError as error:
        raise ValueError(country) from error
    return country


@cache
def _library() -> Any:
    try:
        import opening_hours
    except ImportError as error:
        raise missing(error) from error
    return opening_hours


def missing(error: ImportError) -> UsageError:
    """Say how to install what the counter needs besides."""
    return UsageError(
        "The counter needs {name}, which is not installed. Give: {command}",
        name=error.name or "",
        command="pip install 'empreinte[counter]'",
    )


_read: dict[Hours, Any] = {}


def _parsed(hours: Hours) -> Any:
    """Read the rules once: that takes milliseconds, and asking them microseconds."""
    if hours not in _read:
        if len(_read) > 64:
            _read.clear()
        _read[hours] = _library().OpeningHours(
            hours.text, ZoneInfo(hours.zone), hours.country or None,
            auto_country=False, auto_timezone=False,
        )  # fmt: skip
    return _read[hours]
