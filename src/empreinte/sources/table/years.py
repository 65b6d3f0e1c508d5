"""Days that are written without their year: ``19 avril``, ``April 19``, ``8 de marzo``.

Such rows go on day by day, so that one year tells all the others: it is counted up (or down) where
the rows pass the 31st of December. Names of months are those of CLDR (Babel).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import pairwise

LOCALES = (
    "en", "fr", "es", "de", "it", "pt", "nl", "ru", "pl", "sv", "da", "nb", "fi", "tr", "ro", "cs",
    "el", "id", "uk", "en_AU", "en_CA", "en_GB", "fr_CA", "es_MX", "pt_PT", "de_AT",
)  # fmt: skip
_YEAR = 2000
"""A year of 366 days, in which days are compared."""
_NUMBER = re.compile(r"\d{1,2}")
_WORD = re.compile(r"[^\W\d_]+\.?")
_LONGEST = 40

Day = tuple[int, int]
"""Month and day."""


class Unclear(Exception):
    """The rows do not tell which years they are of."""


@lru_cache(maxsize=4_096)
def day_of(text: str) -> Day | None:
    """Read month and day; ``None`` where it is no such date.

    >>> day_of("February 28"), day_of("28 February"), day_of("8 de marzo"), day_of("1er août")
    ((2, 28), (2, 28), (3, 8), (8, 1))
    """
    if len(text) > _LONGEST:
        return None
    numbers = _NUMBER.findall(text)
    words = _WORD.findall(unicodedata.normalize("NFC", text))
    months = {_months().get(word.rstrip(".").casefold()) for word in words} - {None}
    if len(numbers) != 1 or len(months) != 1 or len(words) > 3 or re.search(r"\d{3}", text):
        return None
    month, day = months.pop(), int(numbers[0])
    assert month is not None
    return (month, day) if _is_day(month, day, _YEAR) else None


def dated(days: Sequence[Day], year: int) -> list[date]:
    """Give the dates of rows of which the first is of `year`.

    Raises
    ------
    Unclear
        If the rows do not go on day by day, or a day is not in its year.

    >>> dated([(12, 31), (1, 1)], 2025)
    [datetime.date(2025, 12, 31), datetime.date(2026, 1, 1)]
    """
    step = _step(days)
    found: list[date] = []
    for before, one in pairwise([*days[:1], *days]):
        if (one < before) if step > 0 else (one > before):
            year += step
        if not _is_day(*one, year):
            raise Unclear
        found.append(date(year, *one))
    return found


def year_of(days: Sequence[Day], first: date | None, last: date | None) -> int | None:
    """Give the year of the first row, where a period is known; ``None`` if none fits it.

    `first` and `last` are the ends of the period, where they are known.
    """
    if not days:
        return None
    try:
        rising = _step(days) > 0
    except Unclear:
        return None
    oldest = days[0] if rising else days[-1]
    for known, one in ((first, oldest), (last, days[-1] if rising else days[0])):
        if known is not None and (known.month, known.day) == one:
            return _of_first(days, known.year, known is first, rising)
    return None


def _of_first(days: Sequence[Day], year: int, is_oldest: bool, rising: bool) -> int:
    """Give the year of the first row from that of the oldest or of the newest."""
    if is_oldest == rising:
        return year
    crossings = sum((b < a) if rising else (b > a) for a, b in pairwise(days))
    return year - crossings if rising else year + crossings


def _step(days: Sequence[Day]) -> int:
    """Tell whether the rows go forwards (1) or back (−1).

    Raises
    ------
    Unclear
        If most of them do neither by one day.
    """
    moves = [(a, b) for a, b in pairwise(days) if a != b]
    if not moves:
        return 1
    forwards = sum(_follows(a, b) for a, b in moves)
    back = sum(_follows(b, a) for a, b in moves)
    if max(forwards, back) * 2 <= len(moves) or forwards == back:
        raise Unclear
    return 1 if forwards > back else -1


def _follows(one: Day, other: Day) -> bool:
    after = date(_YEAR, *one) + timedelta(days=1)
    skipped = one == (2, 28) and other == (3, 1)
    return skipped or (after.month, after.day) == other


def _is_day(month: int, day: int, year: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


@cache
def _months() -> dict[str, int]:
    """Give the months by their names; a name that is of two months in two languages is left out."""
    from babel import dates

    found: dict[str, int] = {}
    doubtful: set[str] = set()
    for locale in LOCALES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                names: Iterable[tuple[int, str]] = dates.get_month_names(
                    width,
                    context,
                    locale=locale,  # pyright: ignore[reportArgumentType]
                ).items()
                for number, name in names:
                    word = unicodedata.normalize("NFC", name).rstrip(".").casefold()
                    if word.isdigit() or found.setdefault(word, number) != number:
                        doubtful.add(word)
    return {word: number for word, number in found.items() if word not in doubtful}
