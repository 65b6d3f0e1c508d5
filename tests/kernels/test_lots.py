"""Days drawn by lot: each draw as likely, an exact test, a power that is what it is said to be."""

from __future__ import annotations

from collections import Counter
from itertools import combinations, product
from random import Random

import numpy as np
import pytest

from empreinte.kernels.statistics import lots

WEEKDAYS = np.arange(28) % 7


def slow_p(counts, weekdays, days):
    """Go through all draws of two blocks of single days."""
    means = {w: np.mean([c for c, v in zip(counts, weekdays, strict=True) if v == w])
             for w in set(weekdays)}  # fmt: skip
    rest = [c - means[w] for c, w in zip(counts, weekdays, strict=True)]
    sums = [
        abs(sum(rest[day] for day in (*first, *(7 + day for day in second))))
        for first, second in product(combinations(range(7), 3), repeat=2)
    ]
    seen = abs(sum(one for one, drawn in zip(rest, days, strict=True) if drawn))
    return sum(one >= seen - 1e-9 for one in sums) / len(sums)


@pytest.mark.parametrize("seed", range(4))
def test_the_p_value_is_that_of_all_draws(seed):
    dice = Random(seed)
    counts = [dice.randint(0, 6) for _ in range(14)]
    days = lots.draw(f"{seed}", 2)
    found = lots.compare(counts, WEEKDAYS[:14], days, 1, np.random.default_rng(seed))
    exact = slow_p(counts, [day % 7 for day in range(14)], days)
    assert found.p == pytest.approx(exact, abs=4 * (exact * (1 - exact) / lots.DRAWS) ** 0.5 + 1e-3)


def test_three_of_seven_are_drawn_and_each_as_often():
    met = Counter()
    for seed in range(2_000):
        days = lots.draw(f"seed {seed}", 1, 2)
        assert days.sum() == 6
        assert (days[::2] == days[1::2]).all()
        met.update(np.flatnonzero(days[::2]).tolist())
    assert all(abs(n - 2_000 * 3 / 7) < 4 * (2_000 * 12 / 49) ** 0.5 for n in met.values())
    again = lots.redraw(2, 3, 500, np.random.default_rng(1))
    assert (again.reshape(500, 2, 7, 3).sum(axis=(2, 3)) == 9).all()


def test_a_draw_is_the_same_each_time_and_another_for_another_seed():
    assert (lots.draw("a", 5) == lots.draw("a", 5)).all()
    assert (lots.draw("a", 5) != lots.draw("b", 5)).any()


def seasons(times, ratio, per_day, blocks, length, seed, wild=0.3):
    """Make seasons with weekdays, closed Sundays and busy days, by Python's own dice."""
    dice = Random(seed)
    week = [0.5, 0.8, 1.0, 1.0, 1.4, 2.3, 0.0]
    for n in range(times):
        days = lots.draw(f"{seed} {n}", blocks, length)
        counts = []
        for day, drawn in enumerate(days):
            mean = per_day * week[day % 7] * (ratio if drawn else 1)
            mean *= dice.gammavariate(1 / wild, wild)
            counts.append(poisson(dice, mean))
        yield days, counts


def poisson(dice, mean):
    """Count the arrivals of one day."""
    n, at = 0, dice.expovariate(1)
    while at < mean:
        n, at = n + 1, at + dice.expovariate(1)
    return n


@pytest.mark.parametrize("length", [1, 3])
def test_where_the_draw_changes_nothing_it_is_seldom_said_to(length):
    blocks = 4 if length == 1 else 2
    weekdays = np.arange(blocks * 7 * length) % 7
    rng = np.random.default_rng(7)
    told = [
        lots.p_values(np.array(counts)[:, None], weekdays, days, length, rng)[0] <= 0.1
        for days, counts in seasons(200, 1.0, 4, blocks, length, 5)
    ]
    assert 0.04 <= np.mean(told) <= 0.17


def test_many_seasons_at_once_are_what_each_is():
    days, counts = next(seasons(1, 2.0, 4, 4, 1, 3))
    alone = lots.compare(counts, WEEKDAYS, days, 1, np.random.default_rng(1)).p
    both = lots.p_values(np.array([counts, counts]).T, WEEKDAYS, days, 1, np.random.default_rng(1))
    assert both.tolist() == [alone, alone]


@pytest.mark.slow
def test_the_ratio_is_found_and_its_interval_holds_it():
    held, ratios = 0, []
    for n, (days, counts) in enumerate(seasons(120, 1.5, 6, 8, 1, 11)):
        found = lots.compare(counts, np.arange(56) % 7, days, 1, np.random.default_rng(n))
        held += found.low <= 1.5 <= found.high
        ratios.append(found.ratio)
    assert 0.82 <= held / 120 <= 0.97
    assert np.median(ratios) == pytest.approx(1.5, abs=0.1)


def test_what_can_be_found_is_what_is_found():
    """What is said of a season from the past before it, against seasons made by other dice."""
    _days, past = next(iter(seasons(1, 1.0, 5, 20, 1, 17)))
    known = lots.usual(past, np.arange(140) % 7)
    days = lots.draw("fixed", 6)
    weekdays = np.arange(42) % 7
    said = lots.power(known, weekdays, days, 1, 1.5, 0.08, np.random.default_rng(2))
    dice = Random(9)
    week = [0.5, 0.8, 1.0, 1.0, 1.4, 2.3, 0.0]
    counts = [
        [poisson(dice, mean * dice.gammavariate(1 / 0.3, 0.3)) for _season in range(300)]
        for mean in (5 * week[day % 7] * (1.5 if days[day] else 1) for day in range(42))
    ]
    found = lots.p_values(counts, weekdays, days, 1, np.random.default_rng(3)) <= 0.08
    assert said == pytest.approx(found.mean(), abs=0.1)


def test_nothing_counted_is_no_difference():
    days = lots.draw("none", 2)
    found = lots.compare(np.zeros(14), WEEKDAYS[:14], days, 1, np.random.default_rng(0))
    assert np.isnan(found.ratio)
    assert found.p == 1


def test_usual_is_the_mean_of_each_weekday_and_how_much_days_differ():
    rng = np.random.default_rng(4)
    weekdays = np.arange(7 * 400) % 7
    means = np.array([1.0, 2, 3, 4, 5, 6, 0])
    counts = rng.poisson(means[weekdays] * rng.gamma(2, 0.5, weekdays.size))
    found = lots.usual(counts, weekdays)
    assert found.means == pytest.approx(means, rel=0.15)
    assert found.dispersion == pytest.approx(0.5, abs=0.06)
    assert lots.usual([3] * 28, WEEKDAYS).dispersion == 0
