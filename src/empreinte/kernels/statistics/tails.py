"""Whether a mean can be bounded at all: how heavy the tail of what it is of.

Where a few values hold much of the sum, the next one may hold as much again, and an interval from
those that were seen is too short: of log-normal values with σ = 2 and of power laws with α = 1.5,
90 % intervals hold the mean in 68 to 84 of 100. There no interval is the honest one.

References
----------
Hill (1975), A simple general approach to inference about the tail of a distribution, Annals of
Statistics 3(5).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

TOP = 0.1
"""Share of the values that are the tail; at least `LEAST_TOP` of them."""
LEAST_TOP = 10
HEAVIEST = 0.5
"""Tail index 1/α up to which a mean is bounded: below α = 2 there is no variance. An exponential
tail measures 0.33, a log-normal one with σ = 1.2 as much as a power law of α = 1.75."""
CERTAIN = 1.3
"""Standard errors by which the index must lie below."""
LEAST = 20
"""Values that it takes to speak of a tail."""
BATCHES = 6


def tail_index(values: ArrayLike) -> tuple[float, int]:
    """Give Hill's estimate of 1/α, and of how many values it is.

    Examples
    --------
    >>> index, n = tail_index(1 / (np.arange(1, 1001) / 1000))
    >>> round(index, 2), n
    (0.98, 100)
    """
    y = np.sort(np.asarray(values, dtype=np.float64))[::-1]
    top = max(LEAST_TOP, math.ceil(TOP * y.size))
    if y.size <= top or not y[top] > 0:
        # Fewer were counted at all than make a tail: what there is starts from 1.
        some = y[:top][y[:top] > 0]
        return (float(np.log(some / min(1.0, some.min())).mean()) if some.size else 0.0), some.size
    return float(np.log(y[:top] / y[top]).mean()), top


def bounded(values: ArrayLike) -> bool:
    """Tell whether the mean of values like these can be given an interval."""
    y = np.asarray(values, dtype=np.float64)
    if y.size < LEAST:
        return False
    index, n = tail_index(y)
    return index * (1 + CERTAIN / math.sqrt(max(1, n))) <= HEAVIEST


def batch_variance(
    counts: NDArray[np.float64], exposure: NDArray[np.float64], time: NDArray[np.int64]
) -> float:
    """Give the variance of Σ counts / Σ exposure from stretches of time, 0 where these are few.

    What neighbours share counts once, as it does not between posts. It is scaled so that normal
    tails do where Student's are due.

    References
    ----------
    Schmeiser (1982), Batch size effects in the analysis of simulation output, Operations Research
    30(3).
    """
    from scipy.special import stdtrit

    spans, place = np.unique(time, return_inverse=True)
    batches = min(BATCHES, spans.size)
    total = float(exposure.sum())
    if batches < 4 or not total > 0:
        return 0.0
    batch = place * batches // spans.size
    rate = float(counts.sum()) / total
    apart = np.bincount(batch, counts) - rate * np.bincount(batch, exposure)
    wide = float(stdtrit(batches - 1, 0.95) / 1.6448536)
    return float(apart @ apart) * batches / (batches - 1) / total**2 * wide**2
