"""Bursts beside a slow reference and on series whose truth is known."""

import math

import numpy as np
import pytest

from empreinte.kernels.statistics import bursts as kernel

DAYS = 120


def usual(random, days=DAYS, rate=3.0, noise=0.3):
    """Make counts by the hour with days and weeks of their own and no burst."""
    mean = [
        rate * (1.6 if 8 <= hour < 22 else 0.3) * (0.7 if day % 7 >= 5 else 1.1)
        for day in range(days) for hour in range(24)
    ]  # fmt: skip
    return random.poisson(np.array(mean) * random.gamma(1 / noise, noise, len(mean)))


def find(y, first_hour=0):
    found = kernel.find(y, first_hour, np.random.default_rng(1))
    assert found is not None
    return found


def slow(y, first_hour):
    """Say what is expected hour by hour, in plain words: the past day by day, then one sum each."""
    days: dict[int, dict[int, float]] = {}
    for place, count in enumerate(y):
        clock = first_hour + place
        days.setdefault(clock // 24, {})[clock % 24] = float(count)
    used: dict[int, dict[int, float]] = {}
    expected = []
    for day in sorted(days):
        past = {d: used[d] for d in used if day - kernel.SHAPE_D <= d}
        told = {}
        if len(past) >= kernel.LEARN_D:
            a_day = sum(sum(h.values()) for h in past.values()) / len(past)
            clock = [
                (sum(h[hour] for h in past.values()) + kernel.PRIOR)
                / (a_day * len(past) / 24 + kernel.PRIOR)
                for hour in range(24)
            ]  # fmt: skip
            week = []
            for weekday in range(7):
                same = [sum(h.values()) for d, h in past.items() if d % 7 == weekday]
                week.append((sum(same) + kernel.PRIOR) / (a_day * len(same) + kernel.PRIOR))
            late = [d for d in past if day - kernel.LEVEL_D <= d]
            level = (sum(sum(used[d].values()) for d in late) + 0.5) / (
                24 * sum(week[d % 7] for d in late)
            )
            told = {hour: level * clock[hour] * 24 / sum(clock) * week[day % 7]
                    for hour in range(24)}  # fmt: skip
        if len(days[day]) == 24:
            used[day] = {
                hour: min(count, told[hour] * 4 + 4 * math.sqrt(told[hour] + 1)) if told else count
                for hour, count in days[day].items()
            }
        expected += [told.get(hour, math.nan) for hour in sorted(days[day])]
    return expected


@pytest.mark.parametrize("first_hour", [0, 31, 167])
def test_what_is_expected_is_what_the_slow_one_expects(first_hour):
    y = usual(np.random.default_rng(first_hour), days=45)
    y[900:905] = 400  # a burst is cut, and must be so in both
    assert find(y[:1070], first_hour).expected == pytest.approx(
        slow(y[:1070], first_hour), nan_ok=True
    )


def test_a_burst_is_told_with_its_begin_and_end_and_nothing_else():
    random = np.random.default_rng(2)
    y = usual(random)
    at = 80 * 24 + 10
    y[at : at + 12] += random.poisson(25, 12)
    (burst,) = find(y).bursts
    assert at - 2 <= burst.start <= burst.told <= at + 3
    assert at + 9 <= burst.end <= at + 16
    assert burst.came == y[burst.start : burst.end].sum() > 3 * burst.expected
    assert burst.a_year < 0.01
    assert not burst.going_on
    assert find(y).bursts == (burst,), "the same from run to run"


def test_one_that_has_not_ended_is_going_on():
    y = usual(np.random.default_rng(3))
    y[-5:] += 40
    burst = find(y).bursts[-1]
    assert burst.going_on
    assert y.size - 7 <= burst.start
    assert burst.end == y.size


def test_the_busy_hours_of_a_day_are_no_burst_wherever_the_series_begins():
    y = usual(np.random.default_rng(8), noise=0.05)
    for skipped in (0, 20):
        found = find(y[skipped:], skipped)
        assert len(found.bursts) <= 1, "there are 120 days, and each has busy hours"
        assert all(burst.a_year > 0.1 for burst in found.bursts)


def test_over_dispersion_raises_the_threshold():
    calm, wild = (find(usual(np.random.default_rng(5), noise=noise)) for noise in (0.02, 1.0))
    assert calm.alpha < 0.2 < 0.7 < wild.alpha < 1.4
    assert wild.alpha_day < 0.1
    random = np.random.default_rng(6)
    y = usual(random)
    days = find(random.poisson(y * np.repeat(random.gamma(4, 1 / 4, DAYS), 24)))
    assert 0.1 < days.alpha_day < 0.5, "days that share a level are told from hours that vary"


@pytest.mark.slow
def test_rare_counts_look_no_more_uneven_than_they_are():
    found = [
        find(usual(np.random.default_rng(seed), days=365, rate=0.5, noise=0.3)) for seed in range(6)
    ]
    assert np.mean([one.alpha for one in found]) == pytest.approx(0.3, abs=0.04)
    assert np.mean([one.alpha_day for one in found]) == pytest.approx(0, abs=0.01)


def test_what_was_usual_is_known_from_both_sides_and_not_from_the_day_itself():
    weekday, whole = np.arange(60) % 7, np.ones(60, dtype=bool)
    days = np.full((60, 24), 2.0)
    days[30] = 50.0
    got = kernel._looking_back(days, weekday, whole)
    assert got[30] == pytest.approx(np.full(24, 2.0), rel=0.02)
    assert (got[[10, 50]] > 2.2).all()
    whole[30] = False
    got = kernel._looking_back(np.where(whole[:, None], days, 0), weekday, whole)
    assert got == pytest.approx(np.full((60, 24), 2.0), rel=0.02)


def test_what_cannot_be_told_is_not_told():
    rare = np.zeros(100 * 24)
    rare[::6] = 1
    assert not kernel.tellable(rare)
    assert kernel.find(rare, 0, np.random.default_rng(1)) is None
    assert not kernel.tellable(np.full(20 * 24, 9.0)), "three weeks are too short"
    with pytest.raises(ValueError, match="finite"):
        kernel.find([math.nan, 1.0], 0, np.random.default_rng(1))


@pytest.mark.slow
def test_series_without_a_burst_have_two_alarms_a_year_at_most_and_bursts_are_found():
    false = found = 0
    for seed in range(6):
        random = np.random.default_rng(seed)
        y = usual(random, days=280, rate=2.0)
        false += len(find(y).bursts)
        starts = [60 * 24 + 15 + 30 * 24 * n for n in range(6)]
        for at in starts:
            mean = usual(random, days=280, rate=2.0)[at : at + 30]
            y[at : at + 30] = random.poisson(mean * (1 + 5 * np.exp(-np.arange(30) / 10)))
        told = [burst.told for burst in find(y).bursts]
        found += sum(any(at <= one <= at + 24 for one in told) for at in starts)
    assert false <= 2 * 6 * (280 - kernel.LEARN_D) / 365
    assert found >= 0.8 * 36
