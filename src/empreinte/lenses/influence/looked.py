"""What is looked at for a change: each channel's posts and reactions, lately and since an export.

A look is a series with the step that stands out most in it (`level`), or the step at the export
before the last (`since`). Whether it is told is decided over the whole report, see
`asking.budget`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Budget, Candidate, Channel, value
from empreinte.asking.budget import PROMISED
from empreinte.kernels.statistics.levels import Level, Ratio, answered, published
from empreinte.lenses.influence import words
from empreinte.lenses.influence.own import Own
from empreinte.lenses.influence.words import phrase
from empreinte.report import Value

NAMES = ("posts", "answers")
"""Series that are looked at: posts a week, and what each post was answered."""
LOOKED_BACK = 7 * 156
"""Days in which a change of level is looked for: it is news that is asked for."""
LEAST_DAYS = 14
BLIND = 10.0
"""Where a change of so many times would not have been seen, there is too little to tell."""


@dataclass(frozen=True)
class Tested:
    """A series of a channel in which a step was looked for.

    Attributes
    ----------
    found : Level or None
        The step; ``None`` where there is too little to tell.
    """

    channel: Channel
    name: str
    found: Level | None

    @property
    def id(self) -> str:
        """The id of the value that tells it."""
        raise NotImplementedError

    def visible(self, budget: Budget) -> float | None:
        """Give the change that would have been seen; ``None`` where there is too little to tell."""
        if self.found is None:
            return None
        times = self.found.visible(budget.share(self.id))
        return times if times < BLIND else None

    def told(self, budget: Budget) -> Ratio:
        """Give the change with its interval, where it is told."""
        assert self.found is not None  # or nothing would be told
        return self.found.told_interval(LEVEL, budget.limit(self.id))

    def level(
        self, budget: Budget, over: int, since: date | None, of: str, **more: Any
    ) -> Value:  # fmt: skip
        """Make the value of the last clear change, or say what would have been seen.

        `over` is how many weeks or days it rests on, `of` names which. `more` as in `asking.value`.
        """
        if since is not None and budget.tells(self.id):
            return value(*self.told(budget), note=phrase("since-week", day=since), **more)
        seen = self.visible(budget)
        if seen is None:
            return value(None, why=phrase(f"{of}.too-few", n=over), **more)
        return value(None, why=phrase(f"{of}.unseen", n=over, times=words.times(seen)), **more)


@dataclass(frozen=True)
class Look(Tested):
    """The posts or answers of a channel, and the days looked at.

    Attributes
    ----------
    kind : "level" or "since"
    first, end : int
        Days since 1970 on the owner's calendar, the last left out.
    """

    kind: str
    first: int
    end: int

    @property
    def id(self) -> str:
        return f"influence.{self.channel.tag}.{self.name}-{self.kind}"


def candidates(looks: list[Look]) -> Iterator[Candidate]:
    """Give what a report may tell of the looks."""
    for look in looks:
        yield Candidate(look.id, look.name, look.found.p if look.found else 1.0)


def looks(own: Own) -> list[Look]:
    """Look at every channel, in both ways."""
    return [found for channel in own.channels for found in (*_levels(own, channel),
                                                            *_since(own, channel))]  # fmt: skip


def counted(own: Own, channel: Channel, name: str) -> NDArray[np.bool_]:
    """Tell which posts of the window a series rests on."""
    here = own.of(channel) & own.posts.dated
    return here if name == "posts" else here & ~np.isnan(own.answers) & own.settled


def sides(own: Own, look: Look) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which posts are on each side of the step."""
    assert look.found is not None
    here = counted(own, look.channel, look.name)
    here &= (own.day >= look.first) & (own.day < look.end)
    return here & (own.day < look.found.cut), here & (own.day >= look.found.cut)


def _levels(own: Own, channel: Channel) -> Iterator[Look]:
    span = own.whole_weeks(channel)
    if span is None:
        return
    first, end = 7 * span[0] - 3, 7 * span[1] + 4  # weeks start on Monday
    first = max(first, end - LOOKED_BACK)
    for name in NAMES:
        found = _found(own, channel, name, first, end)
        yield Look(channel, name, found, "level", first, end)


def _since(own: Own, channel: Channel) -> Iterator[Look]:
    dates = own.exports.get(channel.key, [])
    if len(dates) < 2:
        return
    then, now = (own.day_of(date) for date in dates[-2:])
    # Before its first post a channel was not silent: it was not there.
    began = own.day[own.every(channel) & own.posts.dated]
    first = 2 * then - now
    if not began.size or began.min() > first:
        first = int(began.min()) + 1 if began.size else then
    if own.scope.since is not None:
        first = max(first, own.day_of(own.scope.since))
    for name in NAMES:
        found = None
        if then - first >= LEAST_DAYS and now - then >= LEAST_DAYS:
            found = _found(own, channel, name, first, now, then)
        yield Look(channel, name, found, "since", first, now)


def _found(
    own: Own, channel: Channel, name: str, first: int, end: int, at: int | None = None
) -> Level | None:
    here = counted(own, channel, name)
    if name == "posts":
        return published(own.day[here], first, end, at, PROMISED)
    return answered(own.day[here], own.answers[here], first, end, at, PROMISED)


def dates(own: Own, channel: Channel) -> tuple[datetime, datetime]:
    """Give the dates of the two latest exports of a channel."""
    then, now = own.exports[channel.key][-2:]
    return then, now
