"""Instants as the clock on the wall shows them in a time zone."""

from __future__ import annotations

from datetime import UTC, datetime
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
    zone = ZoneInfo(timezone)
    if not instants_s.size:
        return instants_s.copy()
    days = np.unique(instants_s // DAY_S)
    edges = np.unique(np.concatenate([days, days + 1])) * DAY_S
    offsets = [_offset_s(zone, int(edge)) for edge in edges]
    starts, values = [int(edges[0])], [offsets[0]]
    pairs = zip(pairwise(edges.tolist()), pairwise(offsets), strict=True)
    for (low, high), (before, after) in pairs:
        if before == after:
            continue
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if _offset_s(zone, middle) == before else (low, middle)
        starts.append(high)
        values.append(after)
    found = np.searchsorted(np.array(starts), instants_s, side="right") - 1
    return instants_s + np.array(values, dtype=np.int64)[found]
