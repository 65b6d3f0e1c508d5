"""Where the level of a weekly series changes, and by how much.

References
----------
Killick, Fearnhead & Eckley (2012), Optimal detection of changepoints with a linear computational
cost, JASA 107(500). Truong, Oudre & Vayatis (2020), Signal Processing 167 (ruptures).
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

PENALTY = 3.0
"""Each change costs this many σ²·log(n): see `level_changes`."""
MIN_WEEKS = 6
"""A level lasts at least this long."""


class Ratio(NamedTuple):
    """A ratio of two rates (later over earlier) with its interval."""

    value: float
    low: float
    high: float


def noise(series: NDArray[np.float64]) -> float:
    """Estimate the standard deviation of a series about its level, whatever its changes.

    The larger of two: 1.4826 × the median absolute first difference over √2, which no change of
    level moves, and half of the differences' own standard deviation over √2, which keeps a floor
    where most weeks are alike.
    """
    steps = np.diff(series)
    if not steps.size:
        return 0.0
    robust = 1.4826 * float(np.median(np.abs(steps))) / math.sqrt(2)
    return max(robust, float(np.sqrt(np.mean(steps**2))) / math.sqrt(2) / 2)


def level_changes(series: ArrayLike) -> list[int]:
    """Find where the level of a series changes.

    PELT with a quadratic cost; a change costs `PENALTY` · σ² · log n, σ by `noise`. On
    stationary over-dispersed weeks at least 95 of 100 series show no change (measured in the
    tests); counts are to be brought near constant variance first (square root or log1p).

    Parameters
    ----------
    series : array_like of shape (n,)
        No missing value: leave such weeks out first.

    Returns
    -------
    list of int
        First index of each new level, ascending; empty when none is certain or when the series
        is shorter than two levels.

    Examples
    --------
    >>> level_changes([0, 1] * 10 + [9, 8] * 10)
    [20]
    """
    y = np.asarray(series, dtype=np.float64).ravel()
    if not np.isfinite(y).all():
        raise ValueError("the series has missing or infinite values: leave these weeks out first")
    sigma = noise(y)
    if y.size < 2 * MIN_WEEKS or sigma == 0:
        return []
    import ruptures

    # Equal to Pelt(model="l2") (see the tests) and a hundred times faster. The linear kernel's
    # cost loses digits to a large common level, hence the centring.
    y = ((y - y.mean()) / sigma).reshape(-1, 1)
    search = ruptures.KernelCPD(kernel="linear", min_size=MIN_WEEKS).fit(y)
    ends = search.predict(pen=PENALTY * math.log(y.size)) or []
    return [int(end) for end in ends[:-1]]


def rate_ratio(
    earlier: tuple[float, float],
    later: tuple[float, float],
    dispersion: float = 1.0,
    level: float = 0.9,
) -> Ratio:
    """Compare two rates, each (count, exposure): later over earlier.

    Log-normal interval with the variance φ(1/y₁ + 1/y₂); half a count is added to each so that
    zero counts leave a wide interval rather than none (Haldane–Anscombe).

    Parameters
    ----------
    dispersion : float
        φ of quasi-Poisson counts, 1 for pure chance (`shrinkage.within_dispersion`).

    Raises
    ------
    ValueError
        If an exposure is not above 0.

    Examples
    --------
    >>> [round(x, 2) for x in rate_ratio((100, 10), (200, 10))]
    [2.0, 1.63, 2.44]
    """
    (y1, e1), (y2, e2) = earlier, later
    if not (e1 > 0 and e2 > 0):
        raise ValueError(f"exposures must be above 0, not {e1} and {e2}")
    half = 0.5 * dispersion  # half of an effective count
    y1, y2 = y1 + half, y2 + half
    centre = math.log(y2 / e2) - math.log(y1 / e1)
    reach = NormalDist().inv_cdf((1 + level) / 2) * math.sqrt(dispersion * (1 / y1 + 1 / y2))
    return Ratio(math.exp(centre), math.exp(centre - reach), math.exp(centre + reach))
