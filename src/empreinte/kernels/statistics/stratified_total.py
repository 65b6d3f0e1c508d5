"""How many of a counted population are of a kind, when some of each stratum were asked.

The population is finite and counted: `N` of a stratum, of whom `n` were asked, `y` of them of the
kind. What is not known is how many of the other ``N − n`` are. With Jeffreys' prior on the
stratum's share these are beta-binomial; strata are added up by convolution, exactly. Whoever was
asked is counted and not estimated, so that the interval shrinks to nothing when all are.

References
----------
Ericson (1969), Subjective Bayesian Models in Sampling Finite Populations, Journal of the Royal
Statistical Society B 31(2). Brown, Cai & DasGupta (2001), Interval Estimation for a Binomial
Proportion, Statistical Science 16(2), for the prior.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

PRIOR = 0.5


class Total(NamedTuple):
    """A number with its equal-tailed interval; all count members of the population."""

    about: float
    low: int
    high: int


def stratified_total(
    sizes: ArrayLike, asked: ArrayLike, found: ArrayLike, level: float = 0.9
) -> Total:
    """Estimate how many of a population are of a kind.

    Parameters
    ----------
    sizes, asked, found : array_like of int, shape (strata,)
        Members of each stratum; of these, those who were asked and answered; of these, those of
        the kind. Whoever was asked must be as good as drawn by lot within the stratum.
    level : float
        Of the interval.

    Returns
    -------
    Total
        `about` is Σ N·y/n, so that kinds add up to the population; where nobody of a stratum was
        asked, it takes the share of all who were, a half where nobody was. The interval then
        holds all that such a stratum may hold.

    Raises
    ------
    ValueError
        Unless 0 ≤ found ≤ asked ≤ sizes in every stratum.

    Examples
    --------
    >>> stratified_total([40, 160], [10, 40], [8, 10])
    Total(about=72.0, low=56, high=89)
    >>> stratified_total([5], [5], [2])
    Total(about=2.0, low=2, high=2)
    """
    rows = [np.atleast_1d(np.asarray(one, dtype=np.int64)) for one in (sizes, asked, found)]
    if len({row.shape for row in rows}) != 1 or rows[0].ndim != 1:
        raise ValueError(f"sizes, asked and found must be as many: {[row.shape for row in rows]}")
    size, n, y = rows
    if not ((y >= 0) & (y <= n) & (n <= size)).all():
        raise ValueError(f"0 ≤ found ≤ asked ≤ sizes was expected: {y}, {n}, {size}")
    chances = np.ones(1)
    for m, k, others in zip(size - n, y, n - y, strict=True):
        chances = _sum(chances, _beta_binomial(int(m), PRIOR + k, PRIOR + others))
    below = np.cumsum(chances) / chances.sum()
    low, high = (int(np.searchsorted(below, one)) for one in ((1 - level) / 2, (1 + level) / 2))
    known, all_asked = int(y.sum()), int(n.sum())
    pooled = known / all_asked if all_asked else 0.5
    share = np.divide(y, n, out=np.full(size.shape, pooled), where=n > 0)
    return Total(float(size @ share), known + low, known + min(high, chances.size - 1))


def _beta_binomial(m: int, a: float, b: float) -> NDArray[np.float64]:
    """Give the chances of 0 … m among m."""
    from scipy.special import betaln, gammaln

    k = np.arange(m + 1)
    ways = gammaln(m + 1) - gammaln(k + 1) - gammaln(m - k + 1)
    return np.exp(ways + betaln(a + k, b + m - k) - betaln(a, b))


def _sum(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    from scipy.signal import oaconvolve

    return np.maximum(oaconvolve(one, other), 0.0)
