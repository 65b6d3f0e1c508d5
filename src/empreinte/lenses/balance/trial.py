"""A trial of one: pairs of weeks with and without counts, drawn by lot and kept as told.

Which week of a pair hides counts follows from the hash of what was told, so that nobody chooses it.
What it can find is worked out from the weeks before it was told alone. Half weeks, of four days,
need half of the time; less of each is left out, so more of what one leaves to the next is in them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from empreinte.asking.budget import SPENT
from empreinte.asking.trials import Drawn, first_day, standing, trials
from empreinte.forms import Choice, Field, Form
from empreinte.kernels.presence.nights import DAY_S
from empreinte.kernels.statistics import sign_flips
from empreinte.kernels.statistics.sign_flips import Difference
from empreinte.language import _
from empreinte.lenses.balance.screens import POST, Screens, on_the_wall
from empreinte.plugins import Tables
from empreinte.report import Scope

FORM, MOOD = "trial", "mood"
PAIRS = (6, 12)
LENGTHS = {"week": (7, 2), "half": (4, 1)}
"""Days of a week and of a half week, and how many of the first are not counted: what the one before
left is still there."""
PAST = 364
"""Days before a trial was told, from which what is usual is learnt."""
LEAST_PAST = 6
"""Pairs of them, below which it tells too little."""
SMALL = {"hours": 0.25, "posts": 1.0}
"""Added before the logarithm, so that a week with nothing has one."""
_MOODS = """select fields from entries
    where asker = 'balance' and form = 'mood' and teller = 'owner' order by told, key"""


@dataclass(frozen=True)
class Trial(Drawn):
    """Pairs of weeks, or of half weeks."""

    pairs: int
    outcome: str
    length: str = "week"

    @property
    def hidden(self) -> list[bool]:
        """For each week, whether counts are hidden in it."""
        coins = sign_flips.coins(self.hash, self.pairs).tolist()
        return [week for coin in coins for week in (coin, not coin)]

    @property
    def weeks(self) -> list[date]:
        """The first days of its weeks, or half weeks."""
        return [self.first + timedelta(days=LENGTHS[self.length][0] * n)
                for n in range(2 * self.pairs)]  # fmt: skip

    @property
    def last(self) -> date:
        return self.weeks[-1] + timedelta(days=LENGTHS[self.length][0] - 1)


def forms(tables: Tables, scope: Scope) -> tuple[Form, Form]:
    """Give the forms by which a trial is told, and a mood a day."""
    first = first_day(scope.timezone)
    lengths = (
        Choice("week", _("Weeks: two days of each are left out")),
        Choice("half", _("Half weeks of four days: one day of each is left out")),
    )
    outcomes = (
        Choice("hours", _("Hours online, as far as archives show")),
        Choice("posts", _("Posts")),
        Choice("mood", _("Mood, told once a day")),
    )
    trial = Form(
        id=FORM,
        title=_("Try it on yourself"),
        help=" ".join(filter(None, [_(
            "In each pair of weeks a coin decides in which one counts are hidden: here with "
            "“hide numbers”, and on platforms by hand. What you tell is kept as it is, "
            "and nobody can choose the weeks. Fewer than six pairs can show nothing."
        ), standing(read(tables, scope))])),
        series=True,
        numbered=True,
        fields=(
            first,
            Field(name="length", label=_("How long each lasts"), kind="choice", choices=lengths,
                  help=_("Weeks, if nothing is told.")),
            Field(name="pairs", label=_("Pairs"), kind="integer", required=True,
                  least=PAIRS[0], most=PAIRS[1]),
            Field(name="outcome", label=_("What is compared"), kind="choice", required=True,
                  choices=outcomes),
        ),
    )  # fmt: skip
    mood = Form(
        id=MOOD,
        title=_("Mood today"),
        help=_("One tap a day, for a trial that compares moods. Of a day the last word counts."),
        series=True,
        numbered=True,
        fields=(
            Field(name="day", label=_("Day"), kind="date", required=True, most=first.least),
            Field(name="mood", label=_("From 1 (low) to 5 (high)"), kind="integer",
                  required=True, least=1, most=5),
        ),
    )  # fmt: skip
    return trial, mood


def read(tables: Tables, scope: Scope) -> list[Trial]:
    """Give the trials in the order in which they were told."""
    return trials(tables, "balance", FORM, scope.timezone, Trial)


def by_day(outcome: str, tables: Tables, seen: Screens, scope: Scope) -> dict[date, float]:
    """Give the outcome of each day that has one; a day without a sign of hours or posts is 0."""
    if outcome == "mood":
        told = [json.loads(one) for one in tables.sql(_MOODS).column("fields").to_pylist()]
        return {date.fromisoformat(one["day"]): float(one["mood"]) for one in told}
    found: dict[date, float] = {}
    for screen in seen.known if outcome == "hours" else seen.all:
        if outcome == "posts":
            clock = screen.only(POST)
            worth = np.ones(clock.size)
        else:
            clock, worth = on_the_wall(screen.marks, scope.timezone), screen.time.each / 3_600
        days, of = np.unique(np.floor(clock / DAY_S), return_inverse=True)
        for day, sum_ in zip(days.tolist(), np.bincount(of, worth).tolist(), strict=True):
            on = date.fromordinal(int(day) + 719_163)
            found[on] = found.get(on, 0.0) + sum_
    return found


def week(outcome: str, days: dict[date, float], first: date, length: str = "week") -> float:
    """Give the outcome of a week, or half week, without its first days; NaN for a mood never told.

    Hours and posts in logarithms: what is compared are ratios.
    """
    long, dropped = LENGTHS[length]
    counted = [first + timedelta(days=n) for n in range(dropped, long)]
    if outcome == "mood":
        told = [days[day] for day in counted if day in days]
        return float(np.mean(told)) if told else float("nan")
    return float(np.log(sum(days.get(day, 0.0) for day in counted) + SMALL[outcome]))


def pairs(one: Trial, days: dict[date, float]) -> NDArray[np.float64]:
    """Give for each pair the week with hidden counts less the other; NaN where one is missing."""
    weeks = np.array([week(one.outcome, days, first, one.length) for first in one.weeks])
    first, second = weeks[::2], weeks[1::2]
    return np.where(np.array(one.hidden[::2]), first - second, second - first)


def compare(one: Trial, days: dict[date, float]) -> tuple[Difference, int]:
    """Compare the weeks as they were drawn, and give how many pairs could be."""
    apart = pairs(one, days)
    apart = apart[np.isfinite(apart)]
    return sign_flips.compare(apart, one.dice(1)), int(apart.size)


def usual(
    outcome: str, days: dict[date, float], told: date, length: str = "week"
) -> NDArray[np.float64]:
    """Give the differences of pairs before a day; none where these are too few."""
    began, long = min(days, default=told), LENGTHS[length][0]
    weeks = [told - timedelta(days=long * n) for n in range(PAST // long, 0, -1)]
    weeks = [first for first in weeks if first >= began]
    weeks = weeks[len(weeks) % 2 :]
    values = np.array([week(outcome, days, first, length) for first in weeks])
    apart = values[::2] - values[1::2]
    apart = apart[np.isfinite(apart)]
    return apart if apart.size >= LEAST_PAST else np.empty(0)


def least(one: Trial, days: dict[date, float]) -> float:
    """Give the least effect that the trial finds with a chance of 80 %, from the past alone."""
    before = {day: value for day, value in days.items() if day < one.told}
    before = usual(one.outcome, before, one.told, one.length)
    if not before.size:
        return float("nan")
    return sign_flips.least_effect(one.pairs, before, SPENT, one.dice(2))


def ends(tables: Tables, seen: Screens, outcome: str, days: dict[date, float]) -> date | None:
    """Give the last day that archives tell of; for moods the last that was told."""
    if outcome == "mood":
        return max(days, default=None)
    last = [screen.every[-1] for screen in (seen.known if outcome == "hours" else seen.all)]
    return datetime.fromtimestamp(float(max(last)), UTC).date() if last else None


def offered(seen: Screens, tables: Tables, scope: Scope) -> Iterator[tuple[str, int, float]]:
    """Say before any trial is told which ratio of hours so many pairs would find."""
    days = by_day("hours", tables, seen, scope)
    if not days:
        return
    for length in LENGTHS:
        before = usual("hours", days, max(days) + timedelta(days=1), length)
        for several in (6, 8, 12) if before.size else ():
            dice = np.random.default_rng(1)  # the same for each: they can be compared
            least = sign_flips.least_effect(several, before, SPENT, dice)
            yield length, several, float(np.exp(-least))
