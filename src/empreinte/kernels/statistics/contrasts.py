"""Whether a category's posts stand out among all, days being what is independent.

Counts of posts have tails that break every test built on means, and posts of a day share that
day. So each post is taken by its normal score, the scores are regressed on all circumstances at
once, and the error of each category's contrast with the average post is added up day by day. A
contrast must stand without the one day that speaks most for it.

References
----------
Conover & Iman (1981), Rank transformations as a bridge between parametric and nonparametric
statistics, The American Statistician 35(3). Liang & Zeger (1986), Longitudinal data analysis using
generalized linear models, Biometrika 73(1) (errors by cluster). Carter, Schnepel & Steigerwald
(2017), Asymptotic behavior of a t-test robust to cluster heterogeneity, Review of Economics and
Statistics 99(4) (how many clusters a contrast is worth).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.statistics.counts import RIDGE, Cells, Design, Fit


class Contrasts(NamedTuple):
    """Each category against the average post, in normal scores; ``nan`` where it has no effect."""

    effect: NDArray[np.float64]
    p: NDArray[np.float64]


def normal_scores(value: NDArray[np.float64], group: NDArray[np.integer]) -> NDArray[np.float64]:
    """Give each value's normal score among those of its group, ties alike.

    Examples
    --------
    >>> normal_scores(np.array([1.0, 5, 9]), np.array([0, 0, 0])).round(2).tolist()
    [-0.97, 0.0, 0.97]
    """
    from scipy.special import ndtri

    result = np.zeros(value.size)
    for one in np.unique(group):
        here = group == one
        _known, place, size = np.unique(value[here], return_inverse=True, return_counts=True)
        share = (np.cumsum(size) - size / 2) / here.sum()
        result[here] = ndtri(share)[place]
    return result


def contrasts(
    codes: NDArray[np.integer],
    levels: Sequence[int],
    score: NDArray[np.float64],
    day: NDArray[np.int64],
    factors: Sequence[int],
) -> list[Contrasts]:
    """Contrast each category of some factors with the average post, all others held.

    Parameters
    ----------
    codes : ndarray of int, shape (all factors, posts)
    levels : sequence of int
        Categories of each factor.
    score : ndarray of float64, shape (posts,)
    day : ndarray of int64, shape (posts,)
    factors : sequence of int
        Those that are asked about; the others are held only.
    """
    ones = np.ones(score.size)
    design = Design(Cells(codes, ones, score, score * score), tuple(levels))
    inverse = np.linalg.inv(design.gram(ones))
    beta = np.zeros(design.width)
    beta[design.kept] = inverse @ design.sums(score)[design.kept]
    days = _Days.of(design, day, score - design.predict(beta), inverse)
    found = []
    for factor in factors:
        against = _against(design, factor)
        effect = against @ beta
        here = np.isfinite(effect)
        p = np.full(effect.size, np.nan)
        p[here] = days.p_values(
            effect[here], against[here], days.worth(codes[factor], levels[factor])[here]
        )
        found.append(Contrasts(effect, p))
    return found


def day_variance(
    codes: NDArray[np.integer],
    model: Fit,
    y: NDArray[np.float64],
    day: NDArray[np.int64],
    factors: Sequence[int],
) -> list[NDArray[np.float64]]:
    """Give the variance of each category's contrast in a fitted model of counts, added up by day.

    Shapes as in `contrasts`; of the logarithm of the multipliers of `counts.effects`.
    """
    ones = np.ones(y.size)
    design = Design(Cells(codes, ones, y, y * y), model.levels)
    mu = design.mean(model.beta)
    spread = 1 + model.alpha * mu
    inverse = np.linalg.inv(design.gram(mu / spread) + RIDGE * np.eye(design.kept.size))
    days = _Days.of(design, day, (y - mu) / spread, inverse)
    return [
        np.square(days.parts(_against(design, factor))).sum(0) * days.scale for factor in factors
    ]


def _against(design: Design, factor: int) -> NDArray[np.float64]:
    """Write each category of a factor against the average, shape (categories, width)."""
    start, size = design.starts[factor], design.levels[factor]
    here = slice(start, start + size)
    n = np.where(design.aliased[here], 0, design.split(design.sizes)[factor])
    result = np.zeros((size, design.width))
    result[:, here] = np.eye(size) - n / max(n.sum(), 1)
    result[n == 0] = np.nan
    return result


@dataclass(frozen=True)
class _Days:
    """What each day adds to the coefficients: rows of Xᵀ residual, brought to their scale."""

    sums: NDArray[np.float64]
    kept: NDArray[np.int64]
    place: NDArray[np.int64]
    scale: float

    @classmethod
    def of(
        cls,
        design: Design,
        day: NDArray[np.int64],
        residual: NDArray[np.float64],
        inverse: NDArray,
    ) -> _Days:
        days, place = np.unique(day, return_inverse=True)
        sums = design.by_cluster(residual, place, days.size)[:, design.kept] @ inverse
        scale = design.rows / max(1.0, design.free) * days.size / max(1, days.size - 1)
        return cls(sums, design.kept, place, scale)

    def parts(self, against: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give what each day adds to each contrast, shape (days, contrasts)."""
        return self.sums @ against[:, self.kept].T

    def worth(self, codes: NDArray[np.integer], size: int) -> NDArray[np.float64]:
        """Give how many days each category's contrast is worth."""
        key = self.place * size + codes
        days = len(self.sums)
        n = np.bincount(key, minlength=days * size).reshape(days, size).astype(np.float64)
        total = n.sum(1, keepdims=True)
        own, rest = n.sum(0), n.sum() - n.sum(0)
        share = n / np.maximum(own, 1) ** 2 + (total - n) / np.maximum(rest, 1) ** 2
        return share.sum(0) ** 2 / np.square(share).sum(0)

    def p_values(
        self, effect: NDArray[np.float64], against: NDArray[np.float64], worth: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Give two-sided p-values, each without the day that speaks most for the contrast."""
        from scipy.special import stdtr

        parts = self.parts(against)
        error = np.sqrt(np.square(parts).sum(0) * self.scale)
        without = np.abs(effect) - np.maximum((parts * np.sign(effect)).max(0), 0)
        t = np.maximum(without, 0) / np.where(error > 0, error, np.inf)
        return 2 * stdtr(np.maximum(worth - 1, 1), -t)
