"""Visits: whether marks come in any, which a machine made, and the time that several cover."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAY_S = 86_400
MOST = 20_000
"""Marks that are looked at to tell whether there are visits: whole days, evenly chosen."""
COPIES = 25
BLUR_S = 900.0
ALONE = 20
"""Equal gaps in a row after which it is a machine that plays."""
EQUAL_S = 2.5


def scatter(marks_s: ArrayLike, rng: np.random.Generator) -> tuple[float, float]:
    """Tell how much closer marks stand than the same number scattered over the same hours.

    Each copy keeps how many marks a day has, and at which hours marks are made on working days
    and at weekends; where they stand within a day is drawn anew. What is compared is the mean
    logarithm of the gaps within days.

    Parameters
    ----------
    marks_s : array_like of float, shape (n,)
        Seconds since 1970 on the owner's clock, sorted.
    rng : numpy.random.Generator

    Returns
    -------
    z : float
        In standard deviations of the copies; 0 where there are fewer than twenty gaps within days.
    factor : float
        How many times longer the gaps of the copies are (a ratio of geometric means).
    """
    marks = np.asarray(marks_s, dtype=np.float64)
    day = np.floor(marks / DAY_S).astype(np.int64)
    if marks.size > MOST:
        days = np.unique(day)
        step = int(np.ceil(marks.size / MOST))
        keep = np.isin(day, days[::step])
        marks, day = marks[keep], day[keep]
    gaps = _within(marks, day)
    if gaps.size < ALONE:
        return 0.0, 1.0
    clock, free = marks - day * DAY_S, (day + 3) % 7 >= 5
    found = np.empty(COPIES)
    for copy in range(COPIES):
        drawn = np.empty_like(marks)
        for kind in (free, ~free):
            pool = clock[kind]
            if pool.size:
                drawn[kind] = rng.choice(pool, pool.size) + rng.normal(0, BLUR_S, pool.size)
        drawn = day * DAY_S + np.clip(drawn, 0, DAY_S - 1)
        order = np.lexsort((drawn, day))
        found[copy] = np.log(np.maximum(_within(drawn[order], day), 1)).mean()
    apart = found.mean() - np.log(np.maximum(gaps, 1)).mean()
    return float(apart / max(found.std(ddof=1), 1e-9)), float(np.exp(apart))


def _within(marks: NDArray[np.float64], day: NDArray[np.int64]) -> NDArray[np.float64]:
    return np.diff(marks)[day[1:] == day[:-1]]


def alone(marks_s: ArrayLike) -> NDArray[np.bool_]:
    """Tell which gaps belong to a machine that plays alone: twenty in a row, all equal.

    Parameters
    ----------
    marks_s : array_like of float, shape (n,)
        Sorted seconds.

    Returns
    -------
    ndarray of bool, shape (n - 1,)
        Gaps equal within 2.5 s (or a quarter of them, if that is less) to the middle of their run.

    Examples
    --------
    >>> int(alone(np.arange(30) * 180.0).sum()), int(alone(np.arange(20) * 180.0).sum())
    (29, 0)
    """
    gaps = np.diff(np.asarray(marks_s, dtype=np.float64))
    found = np.zeros(gaps.size, dtype=np.bool_)
    if gaps.size < ALONE:
        return found
    runs = np.lib.stride_tricks.sliding_window_view(gaps, ALONE)
    low, high = runs.min(axis=1), runs.max(axis=1)
    equal = (low >= 10) & (high - low <= np.minimum(2 * EQUAL_S, low / 4)) & (high <= DAY_S / 8)
    for place in np.flatnonzero(equal):
        found[place : place + ALONE] = True
    return found


def visits(
    marks_s: ArrayLike, threshold_s: float, tail_s: float
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Cut marks into visits wherever a gap is longer than a threshold.

    Returns
    -------
    first : ndarray of int64, shape (visits,)
        The place of each one's first mark.
    start, end : ndarray of float64, shape (visits,)
        Seconds; each ends `tail_s` after its last mark, or where the next begins.

    Examples
    --------
    >>> first, start, end = visits([0, 60, 9000], 600, 30)
    >>> first.tolist(), start.tolist(), end.tolist()
    ([0, 2], [0.0, 9000.0], [90.0, 9030.0])
    """
    marks = np.asarray(marks_s, dtype=np.float64)
    cut = np.flatnonzero(np.diff(marks) > threshold_s) + 1
    first = np.concatenate([np.zeros(min(marks.size, 1), dtype=np.int64), cut])
    start = marks[first]
    last = np.concatenate([marks[cut - 1], marks[-1:]])
    following = np.concatenate([start[1:], [np.inf]])[: start.size]
    end = np.minimum(last + tail_s, following)
    return first, start, end


def covered(start_s: ArrayLike, end_s: ArrayLike) -> float:
    """Give the seconds that at least one of several stretches covers.

    Examples
    --------
    >>> covered([0, 5, 20], [10, 12, 30])
    22.0
    """
    start, end = (np.asarray(one, dtype=np.float64) for one in (start_s, end_s))
    order = np.argsort(start, kind="stable")
    start, end = start[order], np.maximum.accumulate(end[order])
    before = np.concatenate([[-np.inf], end[:-1]])
    return float(np.maximum(end - np.maximum(start, before), 0).sum())
