"""How many kinds were never met, at least, from how often the others were: Chao's lower bound.

If kinds are met by chance, each at a rate of its own, those met once and those met twice tell how
many were not met at all, at least. Whatever the rates are, the bound holds on average; where the
meetings of one kind come in bursts it does not, so bursts are to be counted as one before.

References
----------
Chao (1984), Nonparametric estimation of the number of classes in a population, Scandinavian Journal
of Statistics 11:265. Chao (1987), Estimating the population size for capture-recapture data with
unequal catchability, Biometrics 43:783 (its variance, and the interval on
the logarithm).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from empreinte.kernels.statistics.shrinkage import Interval

FEWEST = 10
"""Kinds met once or twice, below which nothing is told."""
NORMAL_90 = 1.645


def unseen(counts: ArrayLike) -> Interval:
    """Give how many kinds were not met, at least, with the interval of 90 %.

    Parameters
    ----------
    counts : array_like of int, shape (kinds,)
        How often each kind was met; zeros are left out.

    Returns
    -------
    Interval
        NaN where fewer than `FEWEST` kinds were met once or twice.

    Examples
    --------
    >>> unseen([1] * 20 + [2] * 9 + [7] * 30).mean
    19.0
    >>> unseen([3, 4, 5]).mean
    nan
    """
    met = np.asarray(counts)
    once, twice = float((met == 1).sum()), float((met == 2).sum())
    if once + twice < FEWEST:
        return Interval(np.nan, np.nan, np.nan)
    if once < 2:
        return Interval(0.0, 0.0, 0.0)
    found = once * (once - 1) / (2 * (twice + 1))
    if twice:
        ratio = once / twice
        variance = twice * (ratio**2 / 2 + ratio**3 + ratio**4 / 4)
    else:
        every = found + float((met > 0).sum())
        variance = found + once * (2 * once - 1) ** 2 / 4 - once**4 / (4 * every)
    around = float(np.exp(NORMAL_90 * np.sqrt(np.log1p(variance / found**2))))
    return Interval(found, found / around, found * around)
