"""Who works at night sleeps at home by day: home and work are not exchanged."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.kernels.test_dwelling import Found
from tests.rows import first

from empreinte.testing.whereabouts import METRE, Traces

PARIS = ZoneInfo("Europe/Paris")
HOME, WORK, FAMILY = (48.85, 2.35), (48.90, 2.40), (47.2, -1.55)
NOON = datetime(2025, 1, 6, 12, tzinfo=PARIS)  # a Monday


def traces(nights, first: int, last: int, away=lambda day: False, missing: float = 0.0) -> Traces:
    """Note a position every half hour for twelve weeks.

    On a day for which `nights` holds, the hours from `first` to `last` (of the next day if smaller)
    are spent at work; where `away` holds, those from noon to noon with the family.
    """
    dice = np.random.default_rng(3)
    times, points = [], []
    for half_hours in range(12 * 7 * 48):
        at = NOON + timedelta(minutes=30 * half_hours)
        day = (at - timedelta(hours=12) - NOON.replace(hour=0)).days
        since = (at.hour - 12) % 24, (first - 12) % 24, (last - 12) % 24
        working = nights(day) and since[1] <= since[0] < since[2]
        where = FAMILY if away(day) else WORK if working else HOME
        if dice.random() >= missing:
            times.append(int(at.timestamp()))
            points.append(where)
    found = np.array(points) + dice.normal(0, 15 * METRE, (len(points), 2))
    return Traces(np.array(times, dtype=np.int64), found[:, 0], found[:, 1])


@pytest.mark.parametrize(
    ("nights", "since", "until"),
    first(3, [
        (lambda day: day % 6 < 4, 22, 6),
        (lambda day: day % 14 < 8, 21, 7),
        (lambda day: day % 7 < 5, 22, 6),
        (lambda day: day % 7 < 5, 21, 5),
        (lambda day: day % 7 < 5, 23, 7),
        (lambda day: day % 7 < 4, 20, 8),
        (lambda day: day % 7 < 4, 22, 6),
        (lambda day: day % 7 < 6, 22, 6),
        (lambda day: day % 7 in (0, 1, 4, 5, 6), 21, 7),
        (lambda day: day % 7 < 5, 20, 6),
    ]),
)  # fmt: skip
@pytest.mark.parametrize("missing", [0.0, 0.4])
def test_the_home_is_where_the_day_is_slept(nights, since, until, missing) -> None:
    found = Found(traces(nights, since, until, missing=missing))
    assert found.off_m(found.homes[0].place, HOME) < 100
    assert found.work is not None
    assert found.off_m(found.work.place, WORK) < 100


def test_a_fortnight_with_the_family_is_an_absence_and_the_nights_at_work_are_none() -> None:
    found = Found(traces(lambda day: day % 7 < 5, 22, 6, away=lambda day: 28 <= day < 42))
    assert found.off_m(found.homes[0].place, HOME) < 100
    assert [absence.nights for absence in found.absences] == [14]


@pytest.mark.parametrize(
    ("days", "first", "last"),
    [
        (lambda day: False, 22, 6),
        (lambda day: day % 7 == 4, 22, 6),  # one night of duty a week
        (lambda day: day % 14 < 2, 22, 6),
        (lambda day: day % 7 < 3, 19, 7),
    ],
)
def test_a_night_of_duty_now_and_then_changes_nothing(days, first, last) -> None:
    found = Found(traces(days, first, last))
    assert found.off_m(found.homes[0].place, HOME) < 100
