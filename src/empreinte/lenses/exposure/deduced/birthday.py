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
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from empreinte.language import _, current, number, percent
from empreinte.lenses.exposure.deduced import patterns
from empreinte.lenses.exposure.deduced.piece import Fact, Piece, Trait
from empreinte.lenses.exposure.deduced.said import Text, Texts, records
from empreinte.lenses.exposure.own import Own
from empreinte.lenses.exposure.parts import claim, fact, proof

DAYS = 366
OTHERS = 0.1
GREETED = {-1: 0.03, 0: 0.78, 1: 0.13, 2: 0.04, 3: 0.02}
BELATED = {0: 0.05, 1: 0.4, 2: 0.25, 3: 0.15, 4: 0.08, 5: 0.04, 6: 0.03}
THANKED = {0: 0.55, 1: 0.3, 2: 0.1, 3: 0.05}
SAID = {0: 1.0}
"""How long after a birthday each is written, in days: probabilities."""
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
    seen: dict[tuple[str | None, int], tuple[date, dict[int, float], str]] = {}
    for text, lags in _signs(texts):
        local = text.at.replace(tzinfo=UTC).astimezone(zone).date()
        who = None if lags is SAID or lags is THANKED else f"{text.platform}:{text.who}"
        # Of one person's greetings in a year the first counts.
        known = seen.get((who, local.year))
        # What the owner says of the day itself goes before thanks.
        rank = (lags is not SAID, local)
        if known is None or rank < (known[1] is not SAID, known[0]):
            seen[who, local.year] = (local, lags, text.key)
    if not seen:
        return None
    weight = np.zeros(DAYS)
    for on, lags, _key in seen.values():
        weight += _likely(on, lags)
    chance = np.exp(weight - weight.max())
    chance /= chance.sum()
    best = int(np.argmax(chance))
    keys = [key for _on, _lags, key in seen.values()]
    return Birthday(best, float(chance[best]), keys)


def _signs(texts: Texts) -> list[tuple[Text, dict[int, float]]]:
    found = []
    for text in texts.heard:
        if patterns.GREETING.search(text.text) and not patterns.NOT_BIRTH.search(text.text):
            found.append((text, BELATED if patterns.LATE.search(text.text) else GREETED))
    for text in texts.said:
        if patterns.TODAY.search(text.text):
            found.append((text, SAID))
        elif patterns.THANKS.search(text.text):
            found.append((text, THANKED))
    return found


def _likely(on: date, lags: dict[int, float]) -> NDArray[np.float64]:
    """Give the logarithm of how likely each birthday makes a greeting on a date."""
    chance = np.full(DAYS, OTHERS / DAYS)
    for lag, share in lags.items():
        chance[_number(on - timedelta(days=lag))] += (1 - OTHERS) * share
    return np.log(chance)


def _number(on: date) -> int:
    return (on.replace(year=2024) - date(2024, 1, 1)).days


def born(texts: Texts) -> Counter[int]:
    """Count the years of birth that the owner's words give."""
    count: Counter[int] = Counter()
    for text in texts.said:
        for match in patterns.BORN.finditer(text.text):
            count[int(match[1])] += 1
        for match in patterns.AGE.finditer(text.text):
            count[text.at.year - int(match[1] or match[2])] += 1
    return count


def piece(own: Own, texts: Texts, found: Birthday | None) -> Piece:
    """Tell the birthday and the year of birth."""
    sure = found if found and found.sure else None
    years = born(texts)
    traits, claims = [], ()
    if years:
        why = _("650,000 to 900,000 of the 68.6 million people in France are of one year; INSEE.")
        traits = [Trait("year", 0.65 / 68.6, 0.9 / 68.6, why)]
    if sure:
        traits.append(Trait("birthday", 1 / 365.25, 1 / 365.25, _("365 days.")))
        text = _("Your birthday can be read from greetings ({n}; certainty {p}).").format(
            n=number(len(sure.keys)), p=sure.chance
        )
        quiet = _("Your birthday can be read from greetings.")
        action = proof("all.birthday")
        certainty = sure.certainty
        claims = (claim("all.birthday", text, quiet, 3, certainty=certainty, action=action),)
    facts = (_day(own, found, sure), _year(own, texts, years))
    return Piece(facts, claims=claims, traits=tuple(traits))


def _day(own: Own, found: Birthday | None, sure: Birthday | None) -> Fact:
    why = {"why": _("Greetings fall on different days.")} if found else {}
    return fact(
        "birthday", own.shown(sure.written) if sure else None, n=len(found.keys) if found else 0,
        note=_("The probability of this day is {p}.").format(p=sure.chance) if sure else "",
        evidence=records(own, found.keys) if found else None, **why,
    )  # fmt: skip


def _year(own: Own, texts: Texts, years: Counter[int]) -> Fact:
    keys = [
        text.key
        for text in texts.said
        if patterns.BORN.search(text.text) or patterns.AGE.search(text.text)
    ]
    return fact(
        "born", own.shown(str(years.most_common(1)[0][0])) if years else None,
        n=sum(years.values()), evidence=records(own, keys) if keys else None,
    )  # fmt: skip
