"""Sleep and time zone against simulated people: do the intervals hold what they say?"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rows import examples

from empreinte.kernels.statistics.clock import local_seconds
from empreinte.kernels.statistics.sleep import (
    LENGTHS,
    OFFSETS,
    Arc,
    counts,
    find_shift,
    find_sleep,
    find_zone,
    nights_before,
)
from empreinte.testing.whereabouts import whereabouts


def writes(rng, n: int, offset: int, middle: float, length: float, later: float = 0.0):
    """Draw messages of someone whose hours awake are like nobody else's; seconds in UTC."""
    humps = rng.integers(1, 5)
    at, wide, high = rng.uniform(0, 24, humps), rng.uniform(1, 4, humps), rng.uniform(0.3, 3, humps)
    base, found = rng.uniform(0.05, 1), []
    while len(found) < n:
        day, hour = int(rng.integers(365)), rng.uniform(0, 24)
        gap = (hour - at + 12) % 24 - 12
        busy = base + (high * np.exp(-0.5 * (gap / wide) ** 2)).sum()
        if rng.uniform() * (1 + high.sum()) > busy:
            continue
        # 1970-01-01 was a Thursday; days 2 and 3 of it are the weekend.
        free = later if (day + (hour >= 12)) % 7 in (2, 3) else 0.0
        falls = middle + free - length / 2 + rng.normal(0, 0.75)
        wakes = middle + free + length / 2 + rng.normal(0, 0.75)
        if (hour - falls) % 24 < wakes - falls and rng.uniform() > 0.02:
            continue
        found.append((day * 24 + hour - offset) * 3600)
    return np.array(found, dtype=np.int64)


def holds(arc: Arc, hour: float) -> bool:
    return (hour - arc.low) % 24 <= arc.width


@pytest.mark.slow
@pytest.mark.parametrize("n", [40, 150, 600])
def test_intervals_hold_the_truth_as_often_as_they_say(n):
    rng = np.random.default_rng(n)
    runs, held, off = 60, np.zeros(4), []
    for _ in range(runs):
        offset, length = int(rng.choice(OFFSETS)), float(np.clip(rng.normal(7.6, 1.1), 5, 11))
        middle = rng.normal(3.8, 1.3)
        sleep = find_sleep(counts(writes(rng, n, offset, middle, length)))
        zone = find_zone(sleep)
        true = middle - offset
        held += (
            holds(sleep.start, true - length / 2), holds(sleep.end, true + length / 2),
            holds(sleep.middle, true), zone.low <= offset <= zone.high,
        )  # fmt: skip
        off.append(abs((sleep.middle.value - true + 12) % 24 - 12))
    # 90 % of 60, less twice the standard error of such a share.
    assert (held / runs >= 0.82).all(), held / runs
    assert np.median(off) < 1.0


def test_more_messages_make_it_narrower():
    rng = np.random.default_rng(5)
    few, many = (find_sleep(counts(writes(rng, n, 0, 4.0, 8.0))) for n in (40, 1500))
    assert many.middle.width < few.middle.width
    assert many.middle.width <= 3
    assert many.known


def test_silence_tells_nothing():
    sleep = find_sleep(np.zeros(48))
    assert not sleep.known
    assert sleep.n == 0
    zone = find_zone(sleep)
    assert zone.high - zone.low >= 18
    assert zone.probability.max() < 0.06
    with pytest.raises(ValueError, match="48"):
        find_sleep(np.zeros(24))


def test_who_writes_in_the_evening_only_may_sleep_at_many_hours():
    evening = np.zeros(48)
    evening[38:46] = 30
    assert find_sleep(evening).middle.width > 6


@pytest.mark.slow
@settings(max_examples=examples(30), deadline=None)
@given(st.lists(st.integers(0, 40), min_size=48, max_size=48), st.integers(0, 47))
def test_turning_the_clock_turns_the_answer(seen, turn):
    here, there = find_sleep(seen), find_sleep(np.roll(seen, turn))
    assert np.roll(here.posterior, turn, axis=0) == pytest.approx(there.posterior, abs=1e-9)
    assert here.posterior.sum() == pytest.approx(1)
    assert here.posterior.shape == (48, len(LENGTHS))
    for arc in (here.start, here.end, here.middle):
        assert arc.low <= arc.value <= arc.high
        assert 0 <= arc.value < 24
        assert arc.width <= 24.01


def test_later_nights_at_the_weekend_are_seen():
    rng = np.random.default_rng(8)
    seen = writes(rng, 3000, 0, 3.0, 7.5, later=2.5)
    working, free = (find_sleep(counts(seen[side])) for side in nights_before(seen))
    shift = find_shift(free, working)
    assert shift.low <= 2.5 <= shift.high
    assert shift.low > 0
    same = find_shift(working, working)
    assert same.low < 0 < same.high


def test_messages_of_one_half_hour_count_once():
    assert counts([10, 20, 30, 86_400]).sum() == 2
    assert counts([]).tolist() == [0] * 48


def test_nights_before_working_days_and_before_free_ones():
    monday = (date(2026, 3, 2) - date(1970, 1, 1)).days * 86_400
    hours = np.array([9, 23, 4 * 24 + 11, 4 * 24 + 23, 6 * 24 + 11, 6 * 24 + 13]) * 3600
    working, free = nights_before(monday + hours)
    assert working.tolist() == [True, True, True, False, False, True]
    assert (free != working).all()


def test_a_made_up_person_of_lyon_lives_near_one_or_two_hours_ahead():
    person = whereabouts(0)
    seen = person.messages(800, 0).times_s
    zone = find_zone(find_sleep(counts(seen)))
    assert zone.low <= 1
    assert zone.high >= 1
    sleep = find_sleep(counts(local_seconds(seen, person.timezone)))
    assert holds(sleep.end, person.awake + 0.5)
    assert holds(sleep.start, person.asleep + 0.5)
