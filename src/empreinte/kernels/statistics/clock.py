"""Instants as the clock on the wall shows them in a time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

DAY_S = 86_400


def _offset_s(zone: ZoneInfo, instant_s: int) -> int:
    offset = datetime.fromtimestamp(instant_s, UTC).astimezone(zone).utcoffset()
    assert offset is not None  # astimezone always gives one
    return int(offset.total_seconds())


def local_seconds(instants_s: NDArray[np.int64], timezone: str) -> NDArray[np.int64]:
    """Shift instants by the offset that `timezone` has at each, summer time included.

    Asking `zoneinfo` for each instant takes a second for a million; changes of offset are rare,
    so they are found day by day, then to the second by halving, and looked up.

    Parameters
    ----------
    instants_s : ndarray of int64, shape (n,)
        Seconds since 1970-01-01T00:00Z, in the years 1 to 9998.
    timezone : str
        IANA name.

    Returns
    -------
    ndarray of int64, shape (n,)
        Seconds since 1970-01-01T00:00 on the wall clock.

    Raises
    ------
    zoneinfo.ZoneInfoNotFoundError
        If there is no such time zone.

    Examples
    --------
    >>> int(local_seconds(np.array([0]), "Europe/Paris")[0])
    3600
    """
    if not instants_s.size:
        ZoneInfo(timezone)
        return instants_s.copy()
    days = np.unique(instants_s // DAY_S)
    starts, offsets = _offsets(timezone, tuple(np.unique([*days, *(days + 1)]).tolist()))
    found = np.searchsorted(starts, instants_s, side="right") - 1
    return instants_s + offsets[found]


@lru_cache(maxsize=8)  # the days of one ledger are asked for again with each question
def _offsets(
    timezone: str, days: tuple[int, ...]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """Give the instants from which on the offset is another, and the offsets, on some days."""
    zone = ZoneInfo(timezone)
    edges = [day * DAY_S for day in days]
    offsets = [_offset_s(zone, edge) for edge in edges]
    starts, values = [edges[0]], [offsets[0]]
    for (low, high), (before, after) in zip(pairwise(edges), pairwise(offsets), strict=True):
        if before == after:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset_s(zone, middle) == before else (low, middle)
        starts.append(high)
        values.append(after)
    return np.array(starts), np.array(values, dtype=np.int64)
