"""When someone was gone: stretches of positions away from home, with their nights.

An absence lies between two positions at home. What is certain of it reaches from the first
position away to the last; the home was left, and come back to, somewhere between these and the
positions at home, and both bounds are given.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.places.home_work import Haunt, near_home
from empreinte.kernels.places.stays import Places, distance_m
from empreinte.kernels.statistics.clock import DAY_S, local_seconds

AWAY_M = 1_000.0
"""Nearer than this is at home."""
FAR_M = 50_000.0
"""From here nobody goes home for the night unseen."""
SILENCE_S = 5 * DAY_S
"""After so long without a position, what was known no longer holds."""
NIGHTS = 2
"""The least that is an absence."""
MIDDLE_S = 3 * 3600
"""The hour that a night is counted by."""


@dataclass(frozen=True)
class Absence:
    """A stretch of time away from home.

    Attributes
    ----------
    start, end : int
        First and last position away, seconds since 1970 UTC.
    left_after, back_before : int or None
        Last position at home (or in a place of every day) before it, first one after it;
        ``None`` if there is none.
    nights : int
        Between `start` and `end`.
    place : int
        Where most of the time was spent.
    far_m : float
        How far that is from home.
    """

    start: int
    end: int
    left_after: int | None
    back_before: int | None
    nights: int
    place: int
    far_m: float


def nights_between(start: ArrayLike, end: ArrayLike, timezone: str) -> NDArray[np.int64]:
    """Count the nights between instants: how often it was three in the morning.

    Examples
    --------
    >>> int(nights_between([0], [3 * 86_400], "UTC")[0])
    3
    """
    early, late = (
        local_seconds(np.atleast_1d(np.asarray(x, dtype=np.int64)), timezone) for x in (start, end)
    )
    return (late - MIDDLE_S - 1) // DAY_S - (early - MIDDLE_S - 1) // DAY_S


def find_absences(
    places: Places, homes: list[Haunt], timezone: str, ordinary: Iterable[int] = ()
) -> list[Absence]:
    """Find the times when someone was gone for two nights or more.

    Parameters
    ----------
    places : Places
    homes : list of Haunt
        From `find_homes`.
    timezone : str
        IANA name: whose nights.
    ordinary : iterable of int
        Places of every day (work, habits): someone there is not gone. Those 50 km from home are
        left out.

    Returns
    -------
    list of Absence
        In order. Where positions are few, days of work alone are not taken for an absence: a
        position at night, or one 50 km away, must be among them.
    """
    fixes = places.fixes
    if not homes or not fixes.seen.size:
        return []
    home = near_home(places, homes, AWAY_M)
    main = homes[0].place
    far = distance_m(fixes.latitude, fixes.longitude, places.latitude[main], places.longitude[main])
    for place in ordinary:
        if places.distance_m(main)[place] < FAR_M:
            home |= (
                distance_m(
                    fixes.latitude, fixes.longitude,
                    places.latitude[place], places.longitude[place],
                ) <= AWAY_M
            )  # fmt: skip
    away = ~home
    change = np.flatnonzero(np.diff(away.astype(np.int8)))
    silent = np.flatnonzero(fixes.seen[1:] - np.maximum.accumulate(fixes.until)[:-1] > SILENCE_S)
    edges = np.unique(np.concatenate([[0], change + 1, silent + 1, [len(away)]]))
    found = []
    for low, high in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        if not away[low]:
            continue
        start, end = int(fixes.seen[low]), int(fixes.until[low:high].max())
        nights = int(nights_between(start, end, timezone)[0])
        if nights < NIGHTS or not _slept(fixes.seen[low:high], far[low:high], timezone):
            continue
        here = fixes.place[low:high]
        spent = (fixes.end[low:high] - fixes.start[low:high]).astype(np.float64)
        place = int(np.argmax(np.bincount(here, spent + 1)))
        before, after = np.flatnonzero(home[:low]), np.flatnonzero(home[high:])
        found.append(
            Absence(
                start,
                end,
                int(fixes.until[before[-1]]) if before.size else None,
                int(fixes.seen[high + after[0]]) if after.size else None,
                nights,
                place,
                float(np.median(far[low:high][here == place])),
            )
        )
    return found


def _slept(seen: NDArray[np.int64], far: NDArray[np.float64], timezone: str) -> bool:
    """Tell whether positions show that nights were spent away."""
    hour = local_seconds(seen, timezone) % DAY_S // 3600
    return bool(((hour < 6) | (hour >= 22)).any() or (far >= FAR_M).any())


def during(absences: list[Absence], moments_s: ArrayLike) -> NDArray[np.int64]:
    """Give the absence that each moment falls in, −1 for none.

    Examples
    --------
    >>> gone = [Absence(100, 200, 90, 210, 2, 0, 1e5)]
    >>> during(gone, [99, 100, 200, 201]).tolist()
    [-1, 0, 0, -1]
    """
    moments = np.asarray(moments_s, dtype=np.int64)
    if not absences:
        return np.full(moments.shape, -1, dtype=np.int64)
    start = np.array([absence.start for absence in absences])
    end = np.array([absence.end for absence in absences])
    which = np.searchsorted(start, moments, side="right") - 1
    inside = (which >= 0) & (moments <= end[np.maximum(which, 0)])
    return np.where(inside, which, -1)
