"""How many of several events happen, each with a chance of its own."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray


class Chance(NamedTuple):
    """What chance gives: the mean, bounds that 90 % lie within, and the chance of as many."""

    mean: float
    low: int
    high: int
    p: float


def probabilities(chances: ArrayLike) -> NDArray[np.float64]:
    """Give the probability of 0, 1, … n events, by convolution.

    Examples
    --------
    >>> probabilities([0.5, 0.5]).tolist()
    [0.25, 0.5, 0.25]
    """
    found = np.ones(1)
    for chance in np.asarray(chances, dtype=np.float64):
        found = np.append(found, 0.0) * (1 - chance) + np.append(0.0, found) * chance
    return found


def chance(seen: int, chances: ArrayLike) -> Chance:
    """Hold a number of events against what their chances give.

    Examples
    --------
    >>> chance(3, [0.1, 0.1, 0.1]).p < 0.0011
    True
    """
    found = probabilities(chances)
    below = np.cumsum(found)
    low = int(np.searchsorted(below, 0.05, side="right"))
    high = int(np.searchsorted(below, 0.95))
    mean = float(np.asarray(chances, dtype=np.float64).sum())
    return Chance(mean, low, min(high, found.size - 1), float(min(1.0, found[seen:].sum())))
