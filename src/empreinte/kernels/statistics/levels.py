"""Whether what is published, or how it is answered, changed its level, and when.

Posts are gathered by day, days by blocks of whole weeks, and `steps` is asked of the blocks.

- How posts are answered is compared by ranks: each post's normal score. One post that everybody
  saw weighs no more than the first of any list, and the tails of the counts do not matter. Posts of
  a day share what that day was like: the more alike they are, the less each of them adds.
- How much is published is compared by the logarithm of the posts of each block.
- A step at a date chosen from the series itself costs as many tests as there were dates, and one
  more (Bonferroni over `CUTS`): a change that came little by little looks like memory to a test of
  steps, and is looked for by a straight line. It is told by the step that fits best.
- What is found must stand without the one day that speaks most for it, and, where days are few,
  must be rare among the same days in any order, or among as many days thrown at random.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.statistics.steps import steps
from empreinte.kernels.statistics.winners import shown_interval

WAVE = 0.14
"""Standard deviation of a yearly wave's logarithm: ±20 % is ordinary, ±30 % no surprise."""
CUTS = np.linspace(0.2, 0.8, 5)
"""Parts of the span after which a step is looked for.

Five are better than nine up to its ends: fewer tests, and a step near an end is what a memory makes
(150 series of a year with a memory of 0.8: 3 false of 100 at a level of 2.7 %, before 5; of ×1.5 in
two years 77 found of 100, before 71).
"""
MOST_BLOCKS, LEAST_BLOCKS = 54, 6
FEW_DAYS = 4
"""Days with a post that a block of counts holds on average, at least."""
LEAST_POSTS = 8
LEAST_SIDE = 3
"""Days with a post on each side of a step, at least."""
RARE = 40
"""With fewer days than this with a post, they must not lie so if thrown at random."""
ORDERS = 4_999
"""Orders of the days tried where these are few."""


class Ratio(NamedTuple):
    """A ratio, later over earlier, with its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Level:
    """The step that stands out most, or that of a given day.

    Attributes
    ----------
    cut : int
        Day from which on the level is another.
    ratio, error : float
        Its logarithm's estimate is log(`ratio`), and that has this standard error.
    p : float
        Two-sided, with the choice of the date counted. From `hopeless` on it may be less than it
        is: the day that speaks most for the step was not left out.
    cuts : int
        Tests that were tried: dates, and the straight line.
    """

    cut: int
    ratio: float
    error: float
    p: float
    cuts: int

    def interval(self, level: float) -> Ratio:
        """Give the ratio with its interval, whether or not it is told."""
        from scipy.special import ndtri

        reach = float(ndtri((1 + level) / 2)) * self.error
        return Ratio(self.ratio, self.ratio * math.exp(-reach), self.ratio * math.exp(reach))

    def told_interval(self, level: float, alpha: float) -> Ratio:
        """Give the ratio with its interval, where it is shown only if `p` is at most `alpha`."""
        size = abs(math.log(self.ratio))
        ends = shown_interval(size / self.error, alpha, level, self.cuts)
        near, far = (math.exp(math.copysign(end * self.error, self.ratio - 1)) for end in ends)
        return Ratio(self.ratio, min(near, far), max(near, far))

    def visible(self, alpha: float, power: float = 0.8) -> float:
        """Give the ratio that would have been found with so much power at this p-value."""
        from scipy.special import ndtri

        reach = -ndtri(max(alpha, 1e-12) / self.cuts / 2) + ndtri(power)
        return math.exp(min(float(reach) * self.error, 50.0))


@dataclass(frozen=True)
class _Blocks:
    """Blocks of whole weeks: `edges` in days, and which of them each day is in (-1: none)."""

    edges: NDArray[np.int64]

    @classmethod
    def cut(cls, first: int, end: int, width: int, at: int | None) -> _Blocks:
        anchor = end if at is None else at
        low, high = -((anchor - first) // width), (end - anchor) // width
        return cls(anchor + width * np.arange(low, high + 1, dtype=np.int64))

    def __len__(self) -> int:
        return max(0, len(self.edges) - 1)

    def of(self, day: NDArray[np.int64]) -> NDArray[np.int64]:
        place = np.searchsorted(self.edges, day, side="right") - 1
        return np.where((place >= 0) & (place < len(self)), place, -1)

    def middle(self) -> NDArray[np.float64]:
        return (self.edges[1:] + self.edges[:-1]) / 2 / 7


def answered(
    day: NDArray[np.int64],
    value: NDArray[np.float64],
    first: int,
    end: int,
    at: int | None = None,
    hopeless: float = 1.0,
) -> Level | None:
    """Look for a step in what the posts of a span had each.

    Parameters
    ----------
    day : ndarray of int64, shape (posts,)
        Of each post.
    value : ndarray of float64, shape (posts,)
    first, end : int
        The days looked at, the last left out.
    at : int, optional
        The day of the step; without it the one that stands out most is looked for.
    hopeless : float
        From this p-value on it is of no account how great it is: half of the work is left out.

    Returns
    -------
    Level or None
        ``None`` where there is too little to tell.
    """
    inside = (day >= first) & (day < end)
    day, value = day[inside], value[inside]
    if value.size < LEAST_POSTS or value.min() == value.max():
        return None
    score, slope = _scores(value)
    if not slope > 0:
        return None
    when, place, size = np.unique(day, return_inverse=True, return_counts=True)
    mean = np.bincount(place, score) / size
    weight = size / (1 + (size - 1) * _alike(score, mean[place], size))
    width = 7 * max(1, math.ceil((end - first) / 7 / MOST_BLOCKS))
    blocks = _Blocks.cut(first, end, width, at)

    def measured(keep: NDArray[np.bool_], cuts: NDArray[np.int64], about: NDArray[np.int64]):
        block = blocks.of(when)
        kept = keep & (block >= 0)
        held = np.bincount(block[kept], weight[kept], len(blocks))
        sums = np.bincount(block[kept], (weight * mean)[kept], len(blocks))
        some = held > 0
        return steps(
            blocks.middle()[some], sums[some] / held[some], held[some], cuts / 7, WAVE * slope,
            slope=at is None, about=about / 7,
        )  # fmt: skip

    cuts = _cuts(blocks, when, at)
    if not cuts.size or np.unique(blocks.of(when)).size < LEAST_BLOCKS:
        return None
    every = np.ones(when.size, dtype=bool)
    tried = _tried(cuts, first, end, at)
    found = measured(every, tried, cuts)
    best, told, tests = _best(found.p, at)
    cut = int(tried[best])
    late = when >= cut
    apart = weight * (mean - np.average(mean, weights=weight))
    towards = np.where(late, 1, -1) * apart * np.sign(found.effect[best])
    towards /= np.where(late, weight[late].sum(), weight[~late].sum())
    without = every.copy()
    without[np.argmax(towards)] = False
    p_best = float(found.p[told])
    if p_best * tests < hopeless:
        p_best = max(p_best, _orders(apart, late))
        if (without & late).any() and (without & ~late).any():
            alone = tried[best : best + 1]
            p_best = max(p_best, float(measured(without, alone, alone).p[min(told, 0)]))
    return Level(
        cut,
        math.exp(float(np.clip(found.effect[best] / slope, -20, 20))),
        float(found.error[best] / slope),
        min(1.0, p_best * tests),
        tests,
    )


def published(
    day: NDArray[np.int64], first: int, end: int, at: int | None = None, hopeless: float = 1.0
) -> Level | None:
    """Look for a step in how many posts came out; arguments as in `answered`."""
    inside = (day >= first) & (day < end)
    when, size = np.unique(day[inside], return_counts=True)
    if when.size < 2 * LEAST_SIDE:
        return None
    width = 7 * max(
        1,
        math.ceil((end - first) / 7 / MOST_BLOCKS),
        math.ceil(FEW_DAYS * (end - first) / 7 / when.size),
    )
    blocks = _Blocks.cut(first, end, width, at)
    cuts = _cuts(blocks, when, at)
    if not cuts.size or len(blocks) < LEAST_BLOCKS:
        return None
    block = blocks.of(when)

    def measured(counts: NDArray[np.int64], cuts: NDArray[np.int64], about: NDArray[np.int64]):
        held = np.bincount(block[block >= 0], counts[block >= 0], len(blocks))
        value, alike = np.log(held + 0.5), np.ones(len(blocks))
        return steps(blocks.middle(), value, alike, cuts / 7, WAVE, at is None, about / 7)

    tried = _tried(cuts, first, end, at)
    found = measured(size, tried, cuts)
    best, told, tests = _best(found.p, at)
    cut = int(tried[best])
    late = when >= cut
    more = late if found.effect[best] > 0 else ~late
    without = size.copy()
    busiest = int(np.argmax(np.where(more, size, -1)))
    without[busiest] = min(int(np.median(size)), int(size[busiest]))
    p_best = float(found.p[told])
    if p_best * tests < hopeless:
        alone = tried[best : best + 1]
        p_best = max(
            p_best,
            float(measured(without, alone, alone).p[min(told, 0)]),
            _thrown(int(late.sum()), when.size, (end - cut) / (end - first)),
        )
    ratio = math.exp(float(np.clip(found.effect[best], -20, 20)))
    return Level(cut, ratio, float(found.error[best]), min(1.0, p_best * tests), tests)


def _scores(value: NDArray[np.float64]) -> tuple[NDArray[np.float64], float]:
    """Give normal scores, and how much they rise when all values are multiplied, a logarithm.

    The slope is measured by halving and doubling: what ranks alone cannot tell is by how many
    times as much.
    """
    from scipy.special import ndtri

    known, place, size = np.unique(value, return_inverse=True, return_counts=True)
    ends = np.concatenate([[0], np.cumsum(size)])

    def score(values: NDArray[np.float64]) -> NDArray[np.float64]:
        low, high = (np.searchsorted(known, values, side) for side in ("left", "right"))
        share = (ends[low] + ends[high]) / 2 / value.size
        return ndtri(np.clip(share, 0.5 / value.size, 1 - 0.5 / value.size))

    steep = float(size @ (score(2 * known) - score(known / 2))) / value.size / (2 * math.log(2))
    return score(known)[place], steep


def _alike(score: NDArray[np.float64], mean: NDArray[np.float64], size: NDArray[np.int64]) -> float:
    """Give the part of the variance that posts of a day share, 0 to 1."""
    free = score.size - size.size
    total = float(score.var())
    if free < 1 or not total > 0:
        return 0.0
    return min(max(0.0, 1 - float(((score - mean) ** 2).sum()) / free / total), 1.0)


def _cuts(blocks: _Blocks, when: NDArray[np.int64], at: int | None) -> NDArray[np.int64]:
    """Give the edges with enough days, and two blocks, on both sides."""
    inner = blocks.edges[2:-2] if at is None else np.array([at])
    before = np.searchsorted(when, inner)
    enough = np.minimum(before, when.size - before) >= LEAST_SIDE
    both = np.array([_both(blocks.of(when), blocks.edges, cut) for cut in inner], dtype=bool)
    return inner[enough & both] if inner.size else inner


def _both(block: NDArray[np.int64], edges: NDArray[np.int64], cut: int) -> bool:
    held = edges[np.unique(block[block >= 0])]
    return min(int((held < cut).sum()), int((held >= cut).sum())) >= 2


def _tried(cuts: NDArray[np.int64], first: int, end: int, at: int | None) -> NDArray[np.int64]:
    """Give the cuts that are looked at: those nearest to `CUTS` of the span, or the one given."""
    if at is not None:
        return cuts[:1]
    wanted = first + (end - first) * CUTS
    return cuts[np.unique(np.abs(cuts[None, :] - wanted[:, None]).argmin(1))]


def _best(p: NDArray[np.float64], at: int | None) -> tuple[int, int, int]:
    """Give the places of the cut that stands out most and of what is told, and how many were tried.

    What is told is that cut, or the straight line, which stands last where a cut was looked for.
    """
    if at is not None:
        return 0, 0, 1
    best = int(np.argmin(p[:-1]))
    return best, (-1 if p[-1] < p[best] else best), p.size


def _orders(apart: NDArray[np.float64], late: NDArray[np.bool_]) -> float:
    """Give the share of orders of the days in which the late ones differ as much; 0 if very few."""
    if apart.size > 200:
        return 0.0  # the normal curve does
    seen = abs(float(apart[late].sum()))
    random = np.random.default_rng(0)
    tried = random.permuted(np.broadcast_to(apart, (ORDERS, apart.size)), axis=1)
    as_far = int((np.abs(tried[:, late].sum(1)) >= seen * (1 - 1e-9)).sum())
    return (1 + as_far) / (1 + ORDERS) if as_far >= 5 else 0.0


def _thrown(late: int, days: int, share: float) -> float:
    """Give the binomial p-value of so many days on the late side, two-sided; 0 where not rare."""
    from scipy.special import bdtr, bdtrc

    if days > RARE:
        return 0.0
    low, high = bdtr(late, days, share), bdtrc(late - 1, days, share) if late else 1.0
    return min(1.0, 2 * float(min(low, high)))
