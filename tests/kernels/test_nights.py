"""Nights and returns: against loops, and on made-up people whose nights are known."""

import numpy as np
import pytest

from empreinte.kernels.presence.nights import DAY_S, HOUR_S, effective, nights, shift
from empreinte.kernels.presence.returns import returns


def person(rng, days=400, late=0.2, later=1.0, marks=14):
    """Marks of somebody who goes and comes at known times, later before free days by `later` h."""
    week = rng.normal(0, 0.4, days // 7 + 2)
    bed, rise, out = [], [], []
    for day in range(days):
        free = (day + 1 + 3) % 7 >= 5
        shifted = later * free + week[day // 7]
        goes = 23.0 + shifted + rng.normal(0, 0.3)
        if rng.random() < late:
            goes = max(goes, 24.5 + rng.random())
        back = 31.0 + shifted + rng.normal(0, 0.3)
        bed.append(day * 24 + goes)
        rise.append(day * 24 + back)
        awake = rng.uniform(day * 24 + 14, day * 24 + goes, rng.poisson(marks))
        out.extend([*awake, *rng.uniform(day * 24 + back, day * 24 + 38, rng.poisson(marks / 2))])
    return np.array(out) * HOUR_S, np.array(bed) * HOUR_S, np.array(rise) * HOUR_S


def test_nights_are_those_of_a_plain_loop():
    marks, _bed, _rise = person(np.random.default_rng(1), days=60)
    found = nights(marks)
    late, known = {}, {}
    for mark in np.sort(marks):
        day = int((mark + DAY_S / 2) // DAY_S)
        clock = mark - day * DAY_S
        late[day] = late.get(day, False) or 0 <= clock < 5 * HOUR_S
        side = known.setdefault(day, [None, None])
        if clock < 4 * HOUR_S:
            side[0] = clock
        elif side[1] is None:
            side[1] = clock
    assert found.day.tolist() == sorted(late)
    assert found.late.tolist() == [late[day] for day in sorted(late)]
    both = {
        day: side for day, side in known.items()
        if None not in side and 4 <= (side[1] - side[0]) / HOUR_S <= 12
    }  # fmt: skip
    assert found.known.tolist() == sorted(both)
    assert found.last.tolist() == [both[day][0] for day in sorted(both)]
    assert found.first.tolist() == [both[day][1] for day in sorted(both)]


def test_last_and_first_marks_bound_what_is_true():
    marks, bed, rise = person(np.random.default_rng(2))
    found = nights(marks)
    truth = {int((b + DAY_S / 2) // DAY_S): (b, r) for b, r in zip(bed, rise, strict=True)}
    for day, last, first in zip(found.known, found.last, found.first, strict=True):
        if int(day) in truth:
            goes, back = truth[int(day)]
            assert last + day * DAY_S <= goes
            assert first + day * DAY_S >= back


def test_free_days_are_found_within_the_interval():
    rng = np.random.default_rng(3)
    held, centres = 0, []
    for _ in range(25):
        marks, _bed, _rise = person(rng, late=0.0, later=0.7, marks=40)
        found = shift(nights(marks))
        held += found.low <= 0.7 <= found.high
        centres.append(found.value)
    assert np.mean(centres) == pytest.approx(0.7, abs=0.1)
    assert 18 <= held <= 25


def test_nights_of_alike_weeks_are_worth_less():
    rng = np.random.default_rng(4)
    weeks = np.arange(140) // 7
    alike = rng.random(20)[weeks] > rng.random(140)
    free = rng.random(140) > 0.5
    assert effective(free, weeks) > 0.6 * 140 > effective(alike, weeks)
    assert effective([], []) == 0


def test_no_mark_has_no_night():
    found = nights([])
    assert found.day.size == found.known.size == 0
    assert np.isnan(shift(found).value)
    assert returns([], [1.0], 600).place.size == returns([1.0], [], 600).place.size == 0


def test_returns_are_those_of_a_plain_loop():
    rng = np.random.default_rng(5)
    marks = np.sort(rng.uniform(0, 60 * DAY_S, 900))
    moments = rng.uniform(0, 60 * DAY_S, 30)
    found = returns(moments, marks, 600)
    days = {int(m // DAY_S) for m in moments}
    for place, soon, usual in zip(*found, strict=True):
        at = moments[place]
        hits = [
            any(at + d * DAY_S < m <= at + d * DAY_S + 600 for m in marks)
            for d in range(-14, 15)
            if d and int((at + d * DAY_S) // DAY_S) not in days
            and marks[0] <= at + d * DAY_S and at + d * DAY_S + 600 <= marks[-1]
        ]  # fmt: skip
        assert usual == pytest.approx(np.mean(hits))
        assert soon == any(at < m <= at + 600 for m in marks)
