"""Whether acts follow signals more than chance would have it.

Somebody who acts within hours of what another does may have been moved by it, or may simply act
often. The same acts, moved by whole days, tell the two apart: they keep the hour of the day and
the busy months, and lose only the link to the signals (a shift test; see Harris 2020).

References
----------
Harris, K. D. (2020), A shift test for independence in generic time series, arXiv:2012.06862.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAY_S = 86_400


class Echoes(NamedTuple):
    """For each act: whether it came soon after a signal, and how likely that was by chance."""

    soon: NDArray[np.bool_]
    expected: NDArray[np.float64]


class Interval(NamedTuple):
    """A value with its interval; NaN where there is none."""

    value: float
    low: float
    high: float


def echoes(
    times: ArrayLike,
    groups: ArrayLike,
    signals: ArrayLike,
    signal_groups: ArrayLike,
    *,
    window: int,
    days: int = 14,
) -> Echoes:
    """Tell which acts came within `window` after a signal of their group.

    Parameters
    ----------
    times, groups : array_like of int, shape (acts,)
        When, in seconds, and which group's signals may have moved them.
    signals, signal_groups : array_like of int, shape (signals,)
    window : int
        Seconds; an act at the very time of a signal is not after it.
    days : int
        Acts are moved by 1 to so many days either way; never to before the first signal of their
        group, nor beyond `window` after the last.

    Returns
    -------
    Echoes
        Expected is the share of moments (the act's own, and those it was moved to) that are soon
        after a signal: never 0 where the act itself is.

    Examples
    --------
    One signal in ten days, and an act an hour after it:

    >>> found = echoes([10 * DAY_S + 3600], [0], [0, 10 * DAY_S, 20 * DAY_S], [0] * 3, window=7200)
    >>> found.soon.tolist(), found.expected.round(2).tolist()
    ([True], [0.14])
    """
    t, g = np.asarray(times, dtype=np.int64), np.asarray(groups, dtype=np.int64)
    s, h = np.asarray(signals, dtype=np.int64), np.asarray(signal_groups, dtype=np.int64)
    if not t.size or not s.size:
        return Echoes(np.zeros(t.size, dtype=np.bool_), np.zeros(t.size))
    order = np.lexsort((t, g))  # what is looked up one after the other lies close together
    t, g = t[order], g[order]
    reach = days * DAY_S + window + 1
    low = min(int(t.min()), int(s.min())) - reach
    span = max(int(t.max()), int(s.max())) + reach - low + 1
    n = int(max(g.max(), h.max())) + 1
    first, last = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(first, h, s)
    np.maximum.at(last, h, s)
    keys = np.sort(h * span + (s - low))

    def soon(moved: NDArray[np.int64]) -> NDArray[np.bool_]:
        at = g * span + (moved - low)
        before = np.searchsorted(keys, at, side="left") - 1
        return (before >= 0) & (keys[np.maximum(before, 0)] >= at - window)

    own = soon(t)
    hits, moments = own.astype(np.int64), np.ones(t.size, dtype=np.int64)
    for day in range(-days, days + 1):
        moved = t + day * DAY_S
        within = (moved > first[g]) & (moved - window <= last[g])
        if day:
            hits += within & soon(moved)
            moments += within
    back = np.argsort(order)
    return Echoes(own[back], (hits / moments)[back])


def median(values: ArrayLike, level: float = 0.9) -> Interval:
    """Give the median with its interval by order statistics, which asks for no distribution.

    Examples
    --------
    >>> median([1, 2, 3, 4, 5, 6, 7, 8, 9])
    Interval(value=5.0, low=2.0, high=8.0)
    """
    from scipy.special import bdtr, bdtrik

    ordered = np.sort(np.asarray(values, dtype=np.float64))
    n = ordered.size
    if not n:
        return Interval(math.nan, math.nan, math.nan)
    value = float(np.median(ordered))
    tail = (1 - level) / 2
    place = max(int(np.ceil(bdtrik(tail, n, 0.5))), 0)
    if place and bdtr(place - 1, n, 0.5) >= tail:  # the inverse is of a continuous curve
        place -= 1
    if place < 1:  # fewer than five values tell nothing of it at 90 %
        return Interval(value, math.nan, math.nan)
    return Interval(value, float(ordered[place - 1]), float(ordered[n - place]))
