"""Days, weeks and times as columns hold them, numbered from 1970 on, and as calendars write them.

Weeks begin on Monday: number 0 is the one of 1 January 1970, a Thursday.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

_EPOCH = datetime(1970, 1, 1)


def date_of(day: float) -> date:
    """Give the date of a day numbered from 1970 on."""
    return _EPOCH.date() + timedelta(days=int(day))


def monday(week: float) -> date:
    """Give the Monday of a week of a number."""
    return date_of(int(week) * 7 - 3)


def mondays(weeks: NDArray[np.int64]) -> list[str]:
    """Write the Mondays of many weeks, as `monday` gives each."""
    return np.datetime_as_string((weeks * 7 - 3).astype("datetime64[D]")).tolist()


def moment(microseconds: float) -> datetime:
    """Give the UTC time of so many microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=int(microseconds))


def microseconds(value: datetime) -> int:
    """Give the microseconds since 1970 of a time; without a zone, it is UTC."""
    whole = value.astimezone(UTC).replace(tzinfo=None) if value.tzinfo else value
    return (whole - _EPOCH) // timedelta(microseconds=1)
