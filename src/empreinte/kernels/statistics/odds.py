"""A ratio of two ratios, each summed over clusters, with its interval.

So much at night over so much by day is held against the hours there at night over those by day.
What happens in one week hangs together, so the variance of the logarithm is taken over weeks, by
linearisation of the four sums.

References
----------
Woodruff (1971), A simple method for approximating the variance of a complicated estimate, Journal
of the American Statistical Association 66:411.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from empreinte.kernels.statistics.shrinkage import Interval

FEWEST, CLUSTERS = 5, 8
"""Events of either kind, and clusters with something in them, below which nothing is told."""
NORMAL_90 = 1.645


def clustered_odds(
    events: ArrayLike, others: ArrayLike, exposed: ArrayLike, unexposed: ArrayLike
) -> Interval:
    """Compare events while exposed with those while not, each by its time.

    Parameters
    ----------
    events, others : array_like of shape (clusters,)
        How many there were while exposed, and while not.
    exposed, unexposed : array_like of shape (clusters,)
        The time of each, in one unit.

    Returns
    -------
    Interval
        (events ÷ others) ÷ (exposed ÷ unexposed) and its interval of 90 %; NaN for too few.

    Examples
    --------
    >>> once, twice = [1] * 10, [2] * 10
    >>> [float(x) for x in clustered_odds(twice, twice, once, twice)]
    [2.0, 2.0, 2.0]
    >>> clustered_odds([1], [9], [1], [1]).mean
    nan
    """
    parts = np.array([events, others, exposed, unexposed], dtype=np.float64)
    parts = parts[:, parts.any(axis=0)]
    sums, clusters = parts.sum(axis=1), parts.shape[1]
    if clusters < CLUSTERS or min(sums[:2]) < FEWEST or min(sums[2:]) <= 0:
        return Interval(np.nan, np.nan, np.nan)
    each = (np.array([1.0, -1.0, -1.0, 1.0]) / sums) @ parts
    spread = float(np.sqrt((each**2).sum() * clusters / (clusters - 1)))
    found, around = float(sums[0] * sums[3] / (sums[1] * sums[2])), np.exp(NORMAL_90 * spread)
    return Interval(found, float(found / around), float(found * around))
