"""The likelihood of the negative binomial, and the over-dispersion that makes it greatest.

With r = 1/α, the logarithm of the likelihood of counts y with means μ is, but for a constant,

    Σ [log Γ(y + r) − log Γ(r)] + Σ [r log(r/(r + μ)) + y log(μ/(r + μ))]

The first sum needs how often each count stands among all members, the second only the members and
the sum of each cell.

References
----------
Cameron & Trivedi (2013), Regression Analysis of Count Data, 2nd ed., section 3.3.1.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

LEAST, MOST = 1e-6, 1e4
"""Bounds of α: below, chance alone is enough; above, all counts but a few are 0."""


class Histogram(NamedTuple):
    """Which counts there are, and how many times each."""

    value: NDArray[np.float64]
    times: NDArray[np.float64]


def log_likelihood(
    seen: Histogram,
    n: NDArray[np.float64],
    total: NDArray[np.float64],
    mu: NDArray[np.float64],
    alpha: float,
) -> float:
    """Give the logarithm of the likelihood of cells with means `mu`, but for a constant."""
    from scipy.special import gammaln

    r = 1 / alpha
    own = float(seen.times @ (gammaln(seen.value + r) - gammaln(r)))
    return own - float(n @ np.log1p(mu / r)) * r + float(total @ np.log(mu / (r + mu)))


def most_likely(
    seen: Histogram, n: NDArray[np.float64], total: NDArray[np.float64], mu: NDArray[np.float64]
) -> float:
    """Give the α between `LEAST` and `MOST` that makes the likelihood greatest."""
    from scipy.optimize import brentq
    from scipy.special import digamma

    def slope(log_r: float) -> float:
        """Give the derivative by r, times r."""
        r = math.exp(log_r)
        own = float(seen.times @ (digamma(seen.value + r) - digamma(r)))
        cells = n @ (mu / (r + mu) - np.log1p(mu / r)) - total @ (1 / (r + mu))
        return r * (own + float(cells))

    low, high = -math.log(MOST), -math.log(LEAST)
    if slope(low) <= 0:
        return MOST
    # Near chance alone the slope is a small difference of great numbers: one bound is enough.
    if slope(high) >= 0:
        return LEAST
    found = brentq(slope, low, high, xtol=1e-12)
    assert isinstance(found, float)
    return math.exp(-found)
