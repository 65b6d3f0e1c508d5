"""Looking: visits a day, short looks, back after publishing, days of looking alone."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Budget, Candidate, Claim, Part, collect, measured
from empreinte.kernels.presence.nights import DAY_S
from empreinte.kernels.presence.returns import returns
from empreinte.kernels.statistics.echoes import Interval
from empreinte.kernels.statistics.shrinkage import Prior, beta_mean
from empreinte.kernels.statistics.sign_flips import Difference, compare
from empreinte.language import _, percent
from empreinte.lenses.balance.screens import (
    OTHER,
    POST,
    SHOWN,
    Screen,
    Screens,
    on_the_wall,
    stretches,
)
from empreinte.report import Measure, Scope, Section, Sentence, Value

WINDOW_S = 600.0
SHORT_S = 60.0
LEAST_POSTS, LEAST_WEEKS = 20, 6
MOST_POSTS = 5_000
"""The last posts of an account that are looked at."""
FULL = 0.5
_SEED = 36


@dataclass(frozen=True)
class Looks:
    """What looking shows on one account.

    Attributes
    ----------
    visits : Interval
        A day with a sign, NaN where visits cannot be told.
    short : Interval
        Share of visits shorter than a minute.
    posts : int
        Posts that could be compared; `soon` and `usual` are NaN for too few, `more` then too.
    shown, alone : int or None
        Days with a sign while advertisements were recorded; days on which one is the only sign.
    """

    screen: Screen
    visits: Interval
    visits_n: int
    short: Interval
    posts: int
    soon: float
    usual: float
    more: Difference
    shown: int | None
    alone: int | None

    @property
    def key(self) -> str:
        return f"balance.{self.screen.channel.tag}.back-more"


def find(seen: Screens, scope: Scope) -> list[Looks]:
    """Look at each account."""
    return [_looks(screen, scope) for screen in seen.all]


def _looks(screen: Screen, scope: Scope) -> Looks:
    nothing = Interval(np.nan, np.nan, np.nan)
    a_day, short, several = nothing, nothing, 0
    if screen.known:
        _first, start, end = stretches(screen)
        several = int(start.size)
        a_day = _a_day(on_the_wall(start, scope.timezone))
        if screen.regime == "chain":
            brief = int((end - start < SHORT_S).sum())
            short = beta_mean(Prior(0.5, 0.5, False), [brief], [several], 0.9)
            short = Interval(brief / several, float(short.low), float(short.high))
    return Looks(screen, a_day, several, short, *_after_posts(screen), *_days(screen))


def _a_day(clock: NDArray[np.float64]) -> Interval:
    """Give visits on a day that has one, with a range by weeks."""
    day, counts = np.unique(np.floor(clock / DAY_S), return_counts=True)
    mean = float(counts.mean())
    of = np.unique((day + 3) // 7, return_inverse=True)[1]
    apart = np.bincount(of, counts - mean)
    if apart.size < LEAST_WEEKS:
        return Interval(mean, np.nan, np.nan)
    error = float(np.sqrt((apart**2).sum() * apart.size / (apart.size - 1))) / day.size
    return Interval(mean, max(mean - 1.645 * error, 1.0), mean + 1.645 * error)


def _after_posts(screen: Screen) -> tuple[int, float, float, Difference]:
    """Compare what follows posts with the same time on days without one."""
    none = Difference(np.nan, np.nan, np.nan, np.nan)
    moments = screen.only(POST)[-MOST_POSTS:]
    found = returns(moments, screen.only(OTHER, SHOWN), WINDOW_S)
    n = int(found.place.size)
    week = np.floor((moments[found.place] / DAY_S + 3) / 7)
    of = np.unique(week, return_inverse=True)[1]
    if n < LEAST_POSTS or int(of.max(initial=0)) + 1 < LEAST_WEEKS:
        return n, np.nan, np.nan, none
    soon, usual = float(found.soon.mean()), float(found.usual.mean())
    # Each week's part of the mean difference: their signs are flipped, their sum is the mean.
    parts = np.bincount(of, found.soon - found.usual) * (int(of.max()) + 1) / n
    return n, soon, usual, compare(parts, np.random.default_rng(_SEED))


def _days(screen: Screen) -> tuple[int | None, int | None]:
    """Count days with a sign, and those with advertisements alone, while these were recorded."""
    shown, others = (
        np.unique(np.floor(screen.only(*what) / DAY_S)) for what in ((SHOWN,), (OTHER, POST))
    )
    if not shown.size:
        return None, None
    others = others[(others >= shown[0]) & (others <= shown[-1])]
    alone = int(np.setdiff1d(shown, others).size)
    return int(np.union1d(shown, others).size), alone


def candidates(found: list[Looks]) -> Iterator[Candidate]:
    """Offer what was tested."""
    for one in found:
        if np.isfinite(one.more.p):
            yield Candidate(one.key, "looking", one.more.p)


def part(found: list[Looks], budget: Budget) -> Part:
    """Make the section."""
    section = Section(
        id="looking",
        title=_("Looking"),
        intro=_(
            "How often you look, as far as signs tell. There is no threshold above which it is "
            "too much: that is yours to say."
        ),
        measures=collect(pair for one in found for pair in _measured(one)),
    )
    text = _("Nothing clear can be told of how you look.")
    about = section.measures[0].values[0].id if section.measures else "looking"
    return Part(
        section, tuple(_claims(found, budget)), Sentence(text=text, quiet=text, about=about),
        empty=not found,
    )  # fmt: skip


def _measured(one: Looks) -> Iterator[tuple[Measure, Value]]:
    subject: dict[str, Any] = {
        "tag": one.screen.channel.tag, "subject": one.screen.channel.label,
    }  # fmt: skip
    visits, short, more = one.visits, one.short, one.more
    yield measured(
        "balance", "visits-day", visits.value, low=visits.low, high=visits.high, n=one.visits_n,
        **subject,
    )  # fmt: skip
    if one.screen.regime == "chain":
        yield measured(
            "balance", "short-looks", short.value, low=short.low, high=short.high,
            n=one.visits_n, **subject,
        )  # fmt: skip
    yield measured("balance", "back-soon", one.soon, n=one.posts, **subject)
    yield measured("balance", "back-usual", one.usual, n=one.posts, **subject)
    yield measured(
        "balance", "back-more", more.value, low=more.low, high=more.high, n=one.posts, **subject
    )
    if one.shown is not None:
        yield measured("balance", "days-shown", one.shown, **subject)
        yield measured(
            "balance", "days-shown-only", one.alone, numerator=one.alone, denominator=one.shown,
            n=one.shown, **subject,
        )  # fmt: skip


def _claims(found: list[Looks], budget: Budget) -> Iterator[Claim]:
    for one in found:
        account = one.screen.channel.label
        if one.alone and one.shown:
            yield _alone(one.alone, one.shown, one.screen.channel.tag, account)
        if budget.tells(one.key) and one.more.low > 0:
            yield Claim(
                text=_(
                    "On {account}, a sign of you follows {soon} of posts within ten minutes; at "
                    "the same time on days without a post it is {usual}. Whoever publishes is "
                    "there: a part of it is that."
                ).format(account=account, soon=percent(one.soon), usual=percent(one.usual)),
                quiet=_(
                    "After publishing you are there more often than at the same time on other days."
                ),
                about=one.key, topic="back",
                weight=0.5 * min(1.0, one.more.value / FULL) * one.more.low / one.more.value,
            )  # fmt: skip


def _alone(alone: int, shown: int, tag: str, account: str) -> Claim:
    """Say on how many days an advertisement shown is the only sign; this was counted."""
    quiet = _("On some days an advertisement is the only sign that you were there.")
    if alone * 2 > shown:
        quiet = _("On most days an advertisement is the only sign that you were there.")
    return Claim(
        text=_(
            "On {account}, on {alone} of {days} days an advertisement is the only sign that "
            "you were there."
        ).format(account=account, alone=alone, days=shown),
        quiet=quiet, about=f"balance.{tag}.days-shown-only", topic="looking",
        weight=0.5 * alone / shown,
    )  # fmt: skip
