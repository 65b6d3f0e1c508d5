"""How long until something happens, where some are still waiting: Kaplan–Meier.

Who still waits says that it takes at least so long. Leaving them out makes every answer look fast.

References
----------
Kaplan & Meier (1958), Nonparametric estimation from incomplete observations, JASA 53(282).
Brookmeyer & Crowley (1982), A confidence interval for the median survival time, Biometrics 38(1).
Kalbfleisch & Prentice (2002), The Statistical Analysis of Failure Time Data, section 1.4 (the
interval on the scale log(−log S)).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.statistics.echoes import Interval


class Curve(NamedTuple):
    """The share that still waits after each time at which something ended.

    Attributes
    ----------
    time : ndarray of float64, shape (k,)
        Distinct times at which something ended, ascending, in the unit given.
    waiting, low, high : ndarray of float64, shape (k,)
        The share still waiting just after, with its pointwise interval.
    """

    time: NDArray[np.float64]
    waiting: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def curve(time: ArrayLike, ended: ArrayLike, level: float = 0.9) -> Curve:
    """Estimate the share that still waits over time.

    Parameters
    ----------
    time : array_like of shape (n,)
        How long each has waited, until it ended or was last seen; at least 0.
    ended : array_like of bool, shape (n,)
        Whether it ended; ``False``: it still waited when it was last seen.

    Examples
    --------
    >>> curve([1, 2, 3, 3], [True, True, True, False]).waiting.tolist()
    [0.75, 0.5, 0.25]
    """
    from scipy.special import ndtri

    t, over = np.asarray(time, dtype=np.float64), np.asarray(ended, dtype=bool)
    if t.size and not t.min() >= 0:
        raise ValueError(f"nothing waits for less than no time: {t.min()}")
    times, ends = np.unique(t[over], return_counts=True)
    at_risk = t.size - np.searchsorted(np.sort(t), times, side="left")
    waiting: NDArray[np.float64] = np.cumprod(1 - ends / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.cumsum(ends / (at_risk * (at_risk - ends)))  # Greenwood
        error = np.sqrt(spread) / np.abs(np.log(waiting)) * float(ndtri((1 + level) / 2))
        low: NDArray[np.float64] = np.power(waiting, np.exp(error), dtype=np.float64)
        high: NDArray[np.float64] = np.power(waiting, np.exp(-error), dtype=np.float64)
    # Where all have ended the scale has no value: nothing waits, and no more can be said.
    last = waiting <= 0
    low[last], high[last] = 0.0, high[~last][-1] if (~last).any() else 1.0
    return Curve(times, waiting, low, high)


def median(found: Curve) -> Interval:
    """Give the time after which half have ended, with its interval.

    Returns
    -------
    Interval
        ``nan`` for the value where half have not ended in the time seen; ``inf`` for an upper bound
        that lies beyond it.

    Examples
    --------
    >>> median(curve([1, 2, 3, 3], [True, True, True, False])).value
    2.0
    """

    def first(share: NDArray[np.float64], never: float) -> float:
        below = np.flatnonzero(share <= 0.5 + 1e-12)
        return float(found.time[below[0]]) if below.size else never

    value = first(found.waiting, math.nan)
    return Interval(value, first(found.low, math.nan), first(found.high, math.inf))


def ended_by(found: Curve, at: float) -> Interval:
    """Give the share that has ended after a time, with its interval.

    Examples
    --------
    >>> ended_by(curve([1, 2, 3, 3], [True, True, True, False]), 2.5).value
    0.5
    """
    place = int(np.searchsorted(found.time, at, side="right")) - 1
    if place < 0:
        return Interval(0.0, math.nan, math.nan)
    return Interval(
        float(1 - found.waiting[place]), float(1 - found.high[place]), float(1 - found.low[place])
    )
