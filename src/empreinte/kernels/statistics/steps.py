"""Whether a series took a step or rose: against its noise from week to week, memory and the year.

Neighbouring weeks are alike for reasons that nobody recorded, and the year comes back. Both look
like steps to a test that takes weeks as independent. Here the series of blocks is

    y(t) = level + step·[t ≥ cut] + e(t) + u(t) + s(t)        (or change·(t − first) / span)

where e is the noise of single days (variance σ²(1 − φ)/weight), u an autoregression (variance
σ²φ, correlation ρ to the power of the weeks between) and s a yearly wave of unknown phase whose
size is given beforehand. σ, φ and ρ are summed over a grid by their restricted likelihood, each
time with the step taken out, so that a true step is not taken for memory; the p-value of a cut is
the posterior mean of its normal p-value.

References
----------
Patterson & Thompson (1971), Recovery of inter-block information when block sizes are unequal,
Biometrika 58(3) (restricted likelihood). Kass & Steffey (1989), Approximate Bayesian inference in
conditionally independent hierarchical models, JASA 84(407) (summing over the variances). Meng
(1994), Posterior predictive p-values, Annals of Statistics 22(3).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

YEAR_WEEKS = 365.25 / 7
SIZES = np.geomspace(0.4, 2.5, 9)
"""σ, over the standard deviation about the best step."""
SHARES = np.array([0.15, 0.3, 0.45, 0.6, 0.75, 0.9])
"""φ, the part of the variance that has a memory, where there is one."""
MEMORIES = np.array([0.5, 0.7, 0.8, 0.9, 0.95])
"""ρ, from one week to the next."""
FORGETFUL = 0.55
"""Prior probability that there is no memory. From 0.4 to 0.7 it trades one thing for the other: at
equal false alarms under a memory of 0.8, the steps that are found are as many."""


class Steps(NamedTuple):
    """A step at each cut, with its standard error and its two-sided p-value (that cut alone).

    Where a slope was asked for it stands last: the change from the first block to the last.
    """

    effect: NDArray[np.float64]
    error: NDArray[np.float64]
    p: NDArray[np.float64]


def steps(
    at: ArrayLike,
    value: ArrayLike,
    weight: ArrayLike,
    cuts: ArrayLike,
    wave: float = 0.0,
    slope: bool = False,
    about: ArrayLike | None = None,
) -> Steps:
    """Measure the step at each of some cuts.

    Parameters
    ----------
    at : array_like of shape (n,)
        Weeks at the middle of each block.
    value, weight : array_like of shape (n,)
        Mean of each block, and the independent days it is worth.
    cuts : array_like of shape (k,)
        Weeks from which on the level may be another; blocks stand on both sides of each.
    wave : float
        Standard deviation that a yearly wave may have, in the units of `value`.
    slope : bool
        Whether to measure, after the steps, a change that is even from the first block to the last.
    about : array_like of shape (m,), optional
        Cuts about the best of which the blocks' scatter is measured; `cuts` if left out.

    Examples
    --------
    >>> found = steps(range(12), [1, 2] * 3 + [8, 9] * 3, [1] * 12, [6])
    >>> round(float(found.effect[0]), 2), bool(found.p[0] < 0.001)
    (6.97, True)
    """
    from scipy.special import ndtr

    t, y, w = (np.asarray(a, dtype=np.float64) for a in (at, value, weight))
    late = _late(t, cuts)
    scale = _scale(y, w, late if about is None else _late(t, about))
    if slope:
        late = np.concatenate([late, ((t - t[0]) / np.ptp(t))[None]])
    if not scale > 0:
        nothing = np.zeros(len(late))
        return Steps(nothing, nothing, nothing + 1)
    # A floor, for the wave alone is no covariance that can be inverted.
    covariance, prior = _covariances(t, w, max(scale, 0.05 * wave, 0.01 * float(y.std())), wave)
    root = np.linalg.cholesky(covariance)
    white = np.linalg.solve(root, np.concatenate([np.ones((1, t.size)), y[None], late]).T[None])
    one, seen, step = white[:, :, 0], white[:, :, 1], white[:, :, 2:]
    # The normal equations of a level and a step, for every covariance and every cut at once.
    ones, both = (one * one).sum(1)[:, None], np.einsum("gn,gnk->gk", one, step)
    level, moved = (one * seen).sum(1)[:, None], np.einsum("gn,gnk->gk", seen, step)
    information = (step * step).sum(1) - both * both / ones
    effect = (moved - both * level / ones) / information
    left = (seen * seen).sum(1)[:, None] - level**2 / ones - effect**2 * information
    determinant = 2 * np.log(np.diagonal(root, axis1=1, axis2=2)).sum(1)[:, None]
    likely = -0.5 * (determinant + np.log(ones * information) + left) + np.log(prior)[:, None]
    belief = np.exp(likely - likely.max(0))
    belief /= belief.sum(0)
    mean = (belief * effect).sum(0)
    error = np.sqrt((belief * (1 / information + (effect - mean) ** 2)).sum(0))
    p = (belief * 2 * ndtr(-np.abs(effect) * np.sqrt(information))).sum(0)
    return Steps(mean, error, p)


def _late(t: NDArray[np.float64], cuts: ArrayLike) -> NDArray[np.float64]:
    """Tell which blocks come after each cut: 1 or 0, shape (cuts, blocks)."""
    return (t[None, :] >= np.asarray(cuts, dtype=np.float64)[:, None]).astype(np.float64)


def _covariances(
    t: NDArray[np.float64], w: NDArray[np.float64], scale: float, wave: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give every covariance of the grid, shape (grid, n, n), and its prior probability."""
    apart = np.abs(t[:, None] - t[None, :])
    noise = np.diag(w.mean() / w)
    kept = MEMORIES[:, None, None] ** apart
    shapes = np.concatenate(
        [noise[None], *((1 - share) * noise + share * kept for share in SHARES)]
    )
    prior = np.full(len(shapes), (1 - FORGETFUL) / (len(shapes) - 1))
    prior[0] = FORGETFUL
    sizes = (scale * SIZES[:, None, None, None]) ** 2
    yearly = wave**2 * np.cos(2 * math.pi * apart / YEAR_WEEKS)
    grid = (sizes * shapes + yearly).reshape(-1, t.size, t.size)
    return grid, np.tile(prior, len(SIZES))


def _scale(y: NDArray[np.float64], w: NDArray[np.float64], late: NDArray[np.float64]) -> float:
    """Give the standard deviation of blocks about the best of the steps."""
    least = math.inf
    for side in late:
        rest = 0.0
        for part in (side > 0, side == 0):
            if part.any():
                value, weight = y[part], w[part]  # np.average takes longer than all the rest
                rest += float(weight @ (value - (value * weight).sum() / weight.sum()) ** 2)
        least = min(least, rest)
    return math.sqrt(least / w.mean() / max(1, y.size - 2))
