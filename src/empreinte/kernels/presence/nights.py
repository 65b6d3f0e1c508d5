"""Nights: on which a mark falls late, and between which marks each one's silence lies.

A night reaches from noon to noon and has the day on which it ends. What is seen of it are marks:
the last before its silence is no later than when somebody goes, the first after it no earlier than
when they are back. Nights are told apart by the clock on the wall.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.statistics.echoes import Interval

DAY_S, HOUR_S = 86_400, 3_600
LATE_S = 5 * HOUR_S
"""Marks from midnight until then fall late."""
AROUND_S = 4 * HOUR_S
"""What a silence lies around."""
SILENCE_S = (4 * HOUR_S, 12 * HOUR_S)
NORMAL_90 = 1.645


class Nights(NamedTuple):
    """Nights with a mark, and of those the ones whose silence is known on both sides.

    Attributes
    ----------
    day : ndarray of int64, shape (nights,)
        Days since 1970 on which they end, ascending.
    late : ndarray of bool, shape (nights,)
        Whether a mark falls between midnight and five.
    known : ndarray of int64, shape (known,)
        Days of those with marks on both sides of a silence of 4 to 12 hours over four o'clock.
    last, first : ndarray of float64, shape (known,)
        Seconds from the midnight of that day (below 0 in the evening before): before the silence,
        after it.
    """

    day: NDArray[np.int64]
    late: NDArray[np.bool_]
    known: NDArray[np.int64]
    last: NDArray[np.float64]
    first: NDArray[np.float64]


def nights(clock_s: ArrayLike) -> Nights:
    """Find the nights of marks.

    Parameters
    ----------
    clock_s : array_like of float, shape (n,)
        Seconds since 1970 on the clock on the wall, in any order.

    Examples
    --------
    A mark at 23 h, one at 8 h; the next night one at 1 h alone.

    >>> found = nights(np.array([23, 32, 49]) * 3600.0)
    >>> found.day.tolist(), found.late.tolist(), found.known.tolist()
    ([1, 2], [False, True], [1])
    >>> found.last.tolist(), found.first.tolist()
    ([-3600.0], [28800.0])
    """
    marks = np.sort(np.asarray(clock_s, dtype=np.float64))
    night = np.floor((marks + DAY_S / 2) / DAY_S).astype(np.int64)
    day, of = np.unique(night, return_inverse=True)
    clock = marks - night * DAY_S
    late = np.bincount(of, (clock >= 0) & (clock < LATE_S), minlength=day.size) > 0
    after = np.searchsorted(marks, day * DAY_S + AROUND_S)
    first = marks[np.minimum(after, marks.size - 1)] - day * DAY_S if marks.size else np.empty(0)
    last = marks[after - 1] - day * DAY_S if marks.size else np.empty(0)
    silence = first - last
    known = (
        (after > 0) & (after < marks.size) & (last >= -DAY_S / 2) & (first < DAY_S / 2)
        & (silence >= SILENCE_S[0]) & (silence <= SILENCE_S[1])
    )  # fmt: skip
    return Nights(day, late, day[known], last[known], first[known])


def effective(hits: ArrayLike, groups: ArrayLike) -> float:
    """Give how many independent nights so many are worth, those of a group being alike.

    Their number over the design effect: the variance of the share as groups have it over that of
    independent nights, at least 1.

    Parameters
    ----------
    hits : array_like of bool, shape (nights,)
    groups : array_like of int, shape (nights,)
        Weeks.

    Examples
    --------
    >>> weeks = np.arange(100) // 10
    >>> effective([True, False] * 50, weeks), effective([True] * 50 + [False] * 50, weeks)
    (100.0, 9.0)
    """
    hit = np.asarray(hits, dtype=np.float64)
    of = np.unique(np.asarray(groups), return_inverse=True)[1]
    n, several = hit.size, int(of.max(initial=-1)) + 1
    share = hit.mean() if n else 0.0
    if several < 2 or share in (0.0, 1.0):
        return float(n)
    apart = np.bincount(of, hit - share)
    clustered = float((apart**2).sum()) * several / (several - 1) / n**2
    return float(n / max(1.0, clustered / (share * (1 - share) / n)))


def shift(found: Nights) -> Interval:
    """Give by how many hours the middle of silences is later before free days than before others.

    Saturday and Sunday are free. Weeks with both are compared within themselves, so that what
    changes over the year is in no difference; the interval of 90 % is Student's over weeks.
    """
    from scipy.special import stdtrit

    middle = (found.last + found.first) / 2
    week = (found.known + 3) // 7
    free = (found.known + 3) % 7 >= 5
    of = np.unique(week, return_inverse=True)[1]
    sums = [np.bincount(of[side], middle[side], of.max(initial=0) + 1) for side in (free, ~free)]
    counts = [np.bincount(of[side], minlength=of.max(initial=0) + 1) for side in (free, ~free)]
    both = (counts[0] > 0) & (counts[1] > 0)
    apart = (sums[0][both] / counts[0][both] - sums[1][both] / counts[1][both]) / HOUR_S
    if apart.size < 2:
        return Interval(np.nan, np.nan, np.nan)
    wide = float(stdtrit(apart.size - 1, 0.95) * apart.std(ddof=1) / np.sqrt(apart.size))
    mean = float(apart.mean())
    return Interval(mean, mean - wide, mean + wide)
