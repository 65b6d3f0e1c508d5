"""The birthday, from greetings and thanks by date.

Each of the 366 days is weighed by how likely it makes the greetings: most come on the day, some
after it, few before; one in ten is meant for someone else and may come on any day. Greetings of
one person in one year count once. The certainty is the probability of the likeliest day.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from itertools import chain
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Fact
from empreinte.language import current, percent
from empreinte.lenses.exposure.deduced.piece import Piece, Trait
from empreinte.lenses.exposure.deduced.said import Texts, records
from empreinte.lenses.exposure.own import Own
from empreinte.lenses.exposure.parts import proven
from empreinte.lenses.exposure.words import fact, phrase, said
from empreinte.texts import traits

DAYS = 366
OTHERS = 0.1
LAGS = {
    "greeted": {-1: 0.03, 0: 0.78, 1: 0.13, 2: 0.04, 3: 0.02},
    "late": {0: 0.05, 1: 0.4, 2: 0.25, 3: 0.15, 4: 0.08, 5: 0.04, 6: 0.03},
    "thanked": {0: 0.55, 1: 0.3, 2: 0.1, 3: 0.05},
    "said": {0: 1.0},
}
"""How many days after a birthday each sign of it is written: probabilities."""
SURE = 0.8


@dataclass(frozen=True)
class Birthday:
    """The likeliest day of the year, 0 to 365 of a leap year, and what speaks for it."""

    day: int
    certainty: float
    keys: list[str]

    @property
    def sure(self) -> bool:
        return self.certainty >= SURE

    @property
    def written(self) -> str:
        """The day in words."""
        from babel.dates import format_skeleton

        on = date(2024, 1, 1) + timedelta(days=self.day)
        return format_skeleton("MMMMd", on, locale=current())

    @property
    def chance(self) -> str:
        """Its certainty in words, rounded down."""
        return percent(math.floor(self.certainty * 100) / 100)


def find(own: Own, texts: Texts) -> Birthday | None:
    """Find the birthday; ``None`` where nobody speaks of it."""
    zone = ZoneInfo(own.scope.timezone)
    seen: dict[tuple[str | None, int], tuple[date, str, str]] = {}
    for text, by_owner in chain(((t, False) for t in texts.heard), ((t, True) for t in texts.said)):
        sign = traits.birthday_sign(text.text, by_owner)
        if sign is None:
            continue
        local = text.at.replace(tzinfo=UTC).astimezone(zone).date()
        who = None if by_owner else f"{text.platform}:{text.who}"
        # Of one person's greetings in a year the first counts.
        known = seen.get((who, local.year))
        # What the owner says of the day itself goes before thanks.
        if known is None or (sign != "said", local) < (known[1] != "said", known[0]):
            seen[who, local.year] = (local, sign, text.key)
    if not seen:
        return None
    weight = np.zeros(DAYS)
    for on, sign, _key in seen.values():
        weight += _likely(on, LAGS[sign])
    chance = np.exp(weight - weight.max())
    chance /= chance.sum()
    best = int(np.argmax(chance))
    return Birthday(best, float(chance[best]), [key for _on, _sign, key in seen.values()])


def _likely(on: date, lags: dict[int, float]) -> NDArray[np.float64]:
    """Give the logarithm of how likely each birthday makes a greeting on a date."""
    chance = np.full(DAYS, OTHERS / DAYS)
    for lag, share in lags.items():
        chance[_number(on - timedelta(days=lag))] += (1 - OTHERS) * share
    return np.log(chance)


def _number(on: date) -> int:
    return (on.replace(year=2024) - date(2024, 1, 1)).days


def piece(own: Own, texts: Texts, found: Birthday | None) -> Piece:
    """Tell the birthday and the year of birth."""
    sure = found if found and found.sure else None
    years = [
        (year, text.key)
        for text in texts.said
        for year in traits.years_of_birth(text.text, text.at.year)
    ]
    told, claims = [], ()
    if years:
        told = [Trait("year", 0.65 / 68.6, 0.9 / 68.6, phrase("trait-why.year"))]
    if sure:
        told.append(Trait("birthday", 1 / 365.25, 1 / 365.25, phrase("trait-why.birthday")))
        greeted = said("deduced.birthday", n=len(sure.keys), p=sure.chance)
        claims = (proven("all.birthday", greeted, 3, certainty=sure.certainty),)
    return Piece((_day(own, found, sure), _year(own, years)), claims=claims, traits=tuple(told))


def _day(own: Own, found: Birthday | None, sure: Birthday | None) -> Fact:
    why: dict[str, Any] = {"why": phrase("deduced.birthday-apart")} if found else {}
    return fact(
        "birthday", own.shown(sure.written) if sure else None, n=len(found.keys) if found else 0,
        note=phrase("deduced.birthday-chance", p=sure.chance) if sure else "",
        evidence=records(own, found.keys) if found else None, **why,
    )  # fmt: skip


def _year(own: Own, years: list[tuple[int, str]]) -> Fact:
    most = Counter(year for year, _key in years).most_common(1)
    return fact(
        "born", own.shown(str(most[0][0])) if most else None, n=len(years),
        evidence=records(own, [key for _year, key in years]) if years else None,
    )  # fmt: skip
