"""What a count of reverse reachable sets says of a spread, and with what certainty.

Sets of a fixed number are independent, and a seed set hits each with probability σ / n (Borgs et
al., SODA 2014, observation 3.2): its hits are binomial, so that the exact bounds of Clopper &
Pearson (Biometrika 26, 1934) hold. They are tighter than the martingale bounds of OPIM-C (Tang et
al., SIGMOD 2018, lemmas 4.2 and 4.3), which serve sets whose number depends on what was drawn.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import betaincinv, gammaln


def lowest_share(hits: ArrayLike, sets: int, delta: float) -> NDArray[np.float64]:
    """Give the share of all sets that is hit at least, with probability 1 - `delta`.

    Parameters
    ----------
    hits : array_like of int
        Sets hit, of `sets` drawn.
    sets : int
    delta : float

    Returns
    -------
    ndarray of float64, shape of `hits`

    Examples
    --------
    >>> float(lowest_share(200, 1000, 1e-6).round(3))
    0.144
    """
    x = np.asarray(hits, dtype=np.float64)
    return np.where(x > 0, betaincinv(np.maximum(x, 1), np.maximum(sets - x, 0) + 1, delta), 0.0)


def highest_share(hits: ArrayLike, sets: int, delta: float) -> NDArray[np.float64]:
    """Give the share of all sets that is hit at most, with probability 1 - `delta`.

    Examples
    --------
    >>> float(highest_share(200, 1000, 1e-6).round(3))
    0.265
    """
    x = np.ceil(np.asarray(hits, dtype=np.float64))
    missed = np.maximum(sets - x, 0)
    # The bound from above on hits is that from below on misses.
    return np.where(missed > 0, 1 - betaincinv(np.maximum(missed, 1), x + 1, delta), 1.0)


def most_sets(n: int, k: int, epsilon: float, delta: float, total: float, least: float) -> float:
    """Give the number of sets that always suffices for (1 - 1/e - ε) (Tang et al. 2018, eq. 6).

    Parameters
    ----------
    n, k : int
        Nodes, and seeds to choose among them.
    epsilon, delta : float
    total, least : float
        Worth of all nodes, and the least that the best seeds reach.
    """
    share = 1 - math.exp(-1)
    certain = math.log(6 / delta)
    choices = float(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))
    root = share * math.sqrt(certain) + math.sqrt(share * (choices + certain))
    return 2 * root**2 * total / (epsilon**2 * least)
