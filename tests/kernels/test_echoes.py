"""Acts soon after signals, and pairs who meet, against slow and obvious counts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rows import examples

from empreinte.kernels.graphs.projection import together
from empreinte.kernels.statistics.echoes import DAY_S, echoes, median

moments = st.lists(st.tuples(st.integers(0, 12 * DAY_S), st.integers(0, 2)), max_size=12)


@settings(max_examples=examples(100), deadline=None)
@given(moments, moments, st.integers(0, 3))
def test_echoes_are_what_a_loop_counts(acts, signals, days):
    window = 3 * 3600
    found = echoes(
        [t for t, _ in acts], [g for _, g in acts], [s for s, _ in signals],
        [g for _, g in signals], window=window, days=days,
    )  # fmt: skip
    for place, (t, group) in enumerate(acts):
        mine = [s for s, g in signals if g == group]

        def soon(at, mine=mine):
            return any(0 < at - s <= window for s in mine)

        tried = [t] + [
            t + day * DAY_S
            for day in range(-days, days + 1)
            if day and mine and min(mine) < t + day * DAY_S <= max(mine) + window
        ]
        assert found.soon[place] == soon(t)
        assert found.expected[place] == pytest.approx(np.mean([soon(at) for at in tried]))


def test_acts_at_any_time_are_not_over_chance_whatever_the_hours_and_months():
    rng = np.random.default_rng(0)
    ratios = []
    for _ in range(30):
        # Both keep office hours and grow over the year, without a link.
        def moments(n):
            days = (365 * np.sqrt(rng.random(n))).astype(int)
            return days * DAY_S + (9 * 3600 + rng.random(n) * 8 * 3600).astype(int)

        found = echoes(moments(300), np.zeros(300, int), moments(400), np.zeros(400, int),
                       window=3 * 3600)  # fmt: skip
        ratios.append(found.soon.sum() / found.expected.sum())
    assert abs(np.mean(ratios) - 1) < 3 * np.std(ratios) / np.sqrt(30)


def test_the_median_s_interval_covers_it():
    rng = np.random.default_rng(1)
    held = 0
    for _ in range(1000):
        _value, low, high = median(rng.exponential(size=25))
        held += low <= np.log(2) <= high
    assert held >= 890
    assert np.isnan(median([1, 2, 3]).low)
    assert np.isnan(median([]).value)


def test_pairs_of_chance_are_few_and_planted_ones_are_found():
    rng = np.random.default_rng(2)
    people, things = rng.zipf(1.6, 4000) % 200, (rng.random(4000) ** 2 * 300).astype(int)
    assert together(people, things).one.size <= 3
    planted = np.sort(rng.choice(300, 30, replace=False))
    people = np.concatenate([people, np.full(30, 500), np.full(30, 501)])
    pairs = together(people, np.concatenate([things, planted, planted]))
    found = set(zip(pairs.one.tolist(), pairs.other.tolist(), strict=True))
    assert (500, 501) in found
    assert len(found) <= 4


def test_pairs_count_meetings_once():
    things = list(range(20)) + list(range(20))
    people = [3] * 20 + [8] * 20
    # Strangers, so that meeting is no matter of course.
    extra = list(range(100, 300))
    pairs = together(people * 2 + extra, things * 2 + extra)
    assert (pairs.one.tolist(), pairs.other.tolist(), pairs.meetings.tolist()) == ([3], [8], [20])
    # Twenty of the 220 things have two acts of 240: 20 × 20 × 40 / 240².
    assert pairs.expected[0] == pytest.approx(20 * 20 * 40 / 240**2)
    assert together([], []).one.size == 0
