"""A share of what comes in clusters, with its interval: so many of so many, day by day.

What is written on one day hangs together: one event brings ten texts. The share's variance is
that of a ratio over clusters, by linearisation; the counts are divided by how much it passes that
of texts drawn one by one (the design effect), and the interval is Jeffreys' on what is left.

References
----------
Kish (1965), Survey Sampling, sections 6.4 and 8.2. Dean & Pagano (2015), Evaluating confidence
interval methods for binomial proportions in clustered surveys, Journal of Survey Statistics and
Methodology 3(4).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike

from empreinte.kernels.statistics.shrinkage import Interval, Prior, beta_mean

FEWEST = 5
"""Clusters below which no interval is given."""


def clustered_share(part: ArrayLike, whole: ArrayLike, level: float = 0.9) -> Interval:
    """Measure a share over clusters.

    Parameters
    ----------
    part, whole : array_like of shape (clusters,)
        How many of how many in each cluster. Clusters without any are left out.
    level : float
        Level of the interval.

    Returns
    -------
    Interval
        The share; ``nan`` where there is nothing, an interval of ``nan`` with fewer than `FEWEST`
        clusters.

    Raises
    ------
    ValueError
        If a part is larger than its whole, or below 0.

    Examples
    --------
    >>> [round(x, 2) for x in clustered_share([1, 0, 2, 1, 1, 0], [2, 2, 3, 1, 2, 1])]
    [0.45, 0.23, 0.69]
    """
    k, n = np.asarray(part, dtype=np.float64), np.asarray(whole, dtype=np.float64)
    if k.shape != n.shape or not ((k >= 0) & (k <= n)).all():
        raise ValueError("each part must lie between 0 and its whole")
    k, n = k[n > 0], n[n > 0]
    if not n.size:
        return Interval(math.nan, math.nan, math.nan)
    share = float(k.sum() / n.sum())
    if n.size < FEWEST:
        return Interval(share, math.nan, math.nan)
    drawn = share * (1 - share) / n.sum()
    own = n.size / (n.size - 1) * float(((k - share * n) ** 2).sum()) / float(n.sum()) ** 2
    design = max(1.0, own / drawn) if drawn > 0 else max(1.0, float((n**2).sum() / n.sum()))
    found = beta_mean(Prior(0.5, 0.5, False), [k.sum() / design], [n.sum() / design], level)
    return Interval(share, found.low, found.high)
