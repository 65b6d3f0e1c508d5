"""Nights: how many have a sign of the owner, still up at, back at the latest, free days."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from empreinte.asking import Budget, Candidate, Claim, Part, collect, measured
from empreinte.kernels.presence.nights import DAY_S, Nights, effective, nights, shift
from empreinte.kernels.statistics.echoes import Interval, median
from empreinte.kernels.statistics.shrinkage import Prior, beta_mean
from empreinte.language import _, clock, number, significant
from empreinte.lenses.balance.screens import MARKS, Screens
from empreinte.report import Evidence, Measure, Scope, Section, Sentence, Value

LATE, FREE = "balance.all.late-nights", "balance.all.free-days"
ENOUGH = 150
"""Nights whose silence is known, below which nothing is said of free days."""
LEAST = 20
"""Nights with a sign, below which their share is not told; nights for a median."""
FULL_SHARE = 0.5


def find(seen: Screens) -> Nights:
    """Find the nights of all signs, on the owner's clock."""
    return nights(seen.every)


def part(found: Nights, seen: Screens, scope: Scope, budget: Budget) -> Part:
    """Make the section."""
    section = Section(
        id="nights",
        title=_("Nights"),
        intro=_(
            "When signs of you stand in the archives, by the clock of {zone}. Of the hours without "
            "one they tell nothing; a post that was planned counts as you."
        ).format(zone=scope.timezone),
        measures=collect(_measured(found, seen, scope)),
    )
    text = _("Signs of you between midnight and five are too few to tell.")
    otherwise = Sentence(text=text, quiet=text, about=LATE)
    claims = [*_claims(found)]
    if budget.tells(FREE):
        claims.append(_free_days(found))
    return Part(section, tuple(claims), otherwise, empty=not seen.all)


def share(found: Nights) -> Interval:
    """Give the share of nights with a sign between midnight and five, with its range."""
    if found.day.size < LEAST:
        return Interval(np.nan, np.nan, np.nan)
    worth = effective(found.late, (found.day + 3) // 7)
    value = float(found.late.mean())
    around = beta_mean(Prior(0.5, 0.5, False), [value * worth], [worth], 0.9)
    return Interval(value, around.low, around.high)


def _measured(found: Nights, seen: Screens, scope: Scope) -> Iterator[tuple[Measure, Value]]:
    late, n = share(found), int(found.day.size)
    yield measured("balance", "nights", n)
    yield measured(
        "balance", "late-nights", late.value, low=late.low, high=late.high,
        numerator=int(found.late.sum()), denominator=n, n=n, evidence=_evidence(seen, scope),
    )  # fmt: skip
    known = int(found.known.size)
    yield measured(
        "balance", "nights-known", known / n if n else None, numerator=known, denominator=n, n=n
    )
    for id, seconds in (("still-up", found.last), ("back", found.first)):
        told = median(seconds) if known >= LEAST else Interval(np.nan, np.nan, np.nan)
        note = "" if known < LEAST else _("Half of the nights; range: {low} to {high}.").format(
            low=_at(told.low), high=_at(told.high)
        )  # fmt: skip
        text = None if known < LEAST else _at(told.value)
        yield measured("balance", id, text, n=known, note=note)
    free = shift(found) if known >= ENOUGH else Interval(np.nan, np.nan, np.nan)
    yield measured("balance", "free-days", free.value, low=free.low, high=free.high, n=known)


def _at(seconds: float) -> str:
    minutes = round(seconds % DAY_S / 60) % (24 * 60)
    return clock(minutes // 60, minutes % 60)


def _evidence(seen: Screens, scope: Scope) -> Evidence:
    """Give the records of the signs that fall late."""
    return Evidence(
        f"""select platform, what, "at", import_id, file, place from ({MARKS})
        where list_contains(cast($signs as varchar[]), sign) and "at" <> date_trunc('day', "at")
          and hour(timezone($zone, "at" at time zone 'UTC')) < 5
          and list_contains(cast($of as varchar[]), channel)""",
        {"signs": sorted({name for names in seen.signs.values() for name in names}),
         "zone": scope.timezone, "of": [screen.channel.key for screen in seen.all]},
    )  # fmt: skip


def candidates(found: Nights) -> Iterator[Candidate]:
    """Offer what was tested: whether silences before free days lie later."""
    free = shift(found) if found.known.size >= ENOUGH else None
    if free is not None and np.isfinite(free.value):
        yield Candidate(FREE, "nights", _p(found))


def _p(found: Nights) -> float:
    free = shift(found)
    error = max((free.high - free.low) / 2 / 1.645, 1e-9)
    return math.erfc(abs(free.value) / error / math.sqrt(2))


def _claims(found: Nights) -> Iterator[Claim]:
    late = share(found)
    if not late.low > 0 or not found.late.any():
        return
    yield Claim(
        text=_(
            "Between midnight and five there is a sign of you on {late} of {n} nights on which "
            "there is any."
        ).format(late=number(int(found.late.sum())), n=number(int(found.day.size))),
        quiet=_("On some nights there is a sign of you between midnight and five."),
        about=LATE, topic="nights",
        weight=0.5 * min(1.0, late.value / FULL_SHARE) * late.low / late.value,
    )  # fmt: skip


def _free_days(found: Nights) -> Claim:
    """Say by how much silences lie later before free days."""
    free = shift(found)
    text = _(
        "Before Saturdays and Sundays the middle of your silence lies later than before other "
        "days, in hours: {hours} (range {low} to {high})."
    )
    quiet = _("Before Saturdays and Sundays your silence lies later than before other days.")
    if free.value < 0:
        text = _(
            "Before Saturdays and Sundays the middle of your silence lies earlier than before "
            "other days, in hours: {hours} (range {low} to {high})."
        )
        quiet = _("Before Saturdays and Sundays your silence lies earlier than before other days.")
    low, high = sorted((abs(free.low), abs(free.high)))
    return Claim(
        text=text.format(
            hours=significant(abs(free.value)), low=significant(low), high=significant(high)
        ),
        quiet=quiet, about=FREE, topic="free days",
        weight=0.5 * min(1.0, abs(free.value) / 2) * low / abs(free.value),
    )  # fmt: skip
