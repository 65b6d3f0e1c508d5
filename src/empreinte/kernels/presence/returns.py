"""Whether somebody is there soon after a moment, against the same time on days without one."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAY_S = 86_400
DAYS = 14


class Returns(NamedTuple):
    """For moments that can be compared.

    Attributes
    ----------
    place : ndarray of int64, shape (n,)
        Their places.
    soon : ndarray of bool, shape (n,)
        Whether a mark follows within the window.
    usual : ndarray of float64, shape (n,)
        The share of days around, without a moment, on which one does at the same time of day.
    """

    place: NDArray[np.int64]
    soon: NDArray[np.bool_]
    usual: NDArray[np.float64]


def returns(clock_s: ArrayLike, marks_s: ArrayLike, window_s: float, days: int = DAYS) -> Returns:
    """Tell which moments are followed by a mark, and how often the same time of day is.

    Parameters
    ----------
    clock_s, marks_s : array_like of float
        Moments and marks, seconds since 1970 on the same clock; the moments are no marks.
    window_s : float
    days : int
        Days before and after that are looked at; those with a moment of their own, and those
        outside of the marks, are not. Moments with no such day are left out.

    Examples
    --------
    A moment at noon on the third day, a mark a minute later, none at noon on other days.

    >>> found = returns([2.5 * DAY_S], [0, 2.5 * DAY_S + 60, 5 * DAY_S], 600)
    >>> found.soon.tolist(), found.usual.tolist()
    ([True], [0.0])
    """
    moments = np.asarray(clock_s, dtype=np.float64)
    marks = np.sort(np.asarray(marks_s, dtype=np.float64))
    if not moments.size or not marks.size:
        empty = np.empty(0)
        return Returns(empty.astype(np.int64), empty.astype(np.bool_), empty)

    def followed(at: NDArray[np.float64]) -> NDArray[np.bool_]:
        after = np.searchsorted(marks, at, side="right")
        return np.searchsorted(marks, at + window_s, side="right") > after

    with_one = np.unique(np.floor(moments / DAY_S))
    hits, compared = np.zeros(moments.size), np.zeros(moments.size)
    for apart in [*range(-days, 0), *range(1, days + 1)]:
        moved = moments + apart * DAY_S
        free = ~np.isin(np.floor(moved / DAY_S), with_one)
        free &= (moved >= marks[0]) & (moved + window_s <= marks[-1])
        compared += free
        hits += free & followed(moved)
    place = np.flatnonzero(compared)
    return Returns(place, followed(moments)[place], hits[place] / compared[place])
