"""Sign flips: against plain enumeration, and what is promised of intervals and power."""

from itertools import product

import numpy as np
import pytest
from tests.rows import first

from empreinte.kernels.statistics.sign_flips import (
    EXACT,
    coins,
    compare,
    least_effect,
    least_p,
    p_values,
    power,
)


def enumerated(d):
    """The share of all signs whose sum is as far from 0."""
    sums = [abs(sum(s * x for s, x in zip(signs, d, strict=True)))
            for signs in product((1, -1), repeat=len(d))]  # fmt: skip
    return sum(one >= abs(sum(d)) - 1e-12 for one in sums) / len(sums)


@pytest.mark.parametrize("pairs", [1, 2, 5, 8, 10])
def test_p_equals_enumeration(pairs):
    rng = np.random.default_rng(pairs)
    for d in (rng.normal(0.3, 1, pairs), rng.integers(-2, 3, pairs).astype(float)):
        assert compare(d, rng).p == pytest.approx(enumerated(d))
        assert p_values(d[:, None])[0] == pytest.approx(enumerated(d))


def test_the_interval_holds_the_shifts_that_are_not_rejected():
    rng = np.random.default_rng(2)
    d = rng.normal(0.5, 1, 8)
    found = compare(d, rng, 0.9)
    inside = np.linspace(found.low + 1e-6, found.high - 1e-6, 9)
    assert all(enumerated(d - shift) > 0.1 for shift in inside)
    assert all(enumerated(d - shift) <= 0.1 for shift in (found.low - 1e-6, found.high + 1e-6))


def test_four_pairs_allow_no_interval_and_no_alarm():
    found = compare([1.0, 1, 1, 1], np.random.default_rng(1))
    assert found.p == least_p(4) == 0.125
    assert np.isnan(found.low)
    assert np.isnan(least_effect(4, [1.0, -1.0], 0.1, np.random.default_rng(1)))


def test_many_pairs_are_drawn_and_agree_with_the_normal():
    rng = np.random.default_rng(3)
    d = rng.normal(0.2, 1, 200)
    found = compare(d, rng)
    wide = 1.645 * d.std(ddof=1) / np.sqrt(d.size)
    assert found.low == pytest.approx(d.mean() - wide, abs=0.02)
    assert found.high == pytest.approx(d.mean() + wide, abs=0.02)
    with pytest.raises(ValueError, match="at most"):
        p_values(np.zeros((EXACT + 1, 1)))


def test_nothing_is_told_too_often_and_power_is_as_foretold():
    rng = np.random.default_rng(4)
    alarms = (p_values(rng.standard_t(3, (8, 4_000))) <= 0.1).mean()
    assert 0.08 < alarms < 0.11
    usual = rng.normal(0, 0.33, 2_000)
    effect = least_effect(8, usual, 0.1, np.random.default_rng(5))
    noise = np.random.default_rng(6).normal(0, 0.33, (8, 4_000))
    found = (p_values(effect + noise) <= 0.1).mean()
    assert found == pytest.approx(0.8, abs=0.05)
    assert power(8, usual, effect, 0.1, np.random.default_rng(7)) == pytest.approx(found, abs=0.05)


USUAL = {
    "two far from the rest": [0.1] * 10 + [2.5, -3.0],
    "normal": np.random.default_rng(8).normal(0, 0.3, 25),
    "long tails": np.random.default_rng(8).standard_t(2, 25),
}


@pytest.mark.parametrize("usual", first(1, USUAL))
def test_more_pairs_find_less_and_other_dice_find_the_same(usual):
    found = np.array([
        [
            least_effect(pairs, USUAL[usual], 0.1, np.random.default_rng(seed))
            for pairs in (6, 8, 12)
        ]
        for seed in range(3)
    ])  # fmt: skip
    assert (np.diff(found, axis=1) < 0).all()
    assert (found.std(axis=0) < 0.04 * found.mean(axis=0)).all()
    wanted = power(8, USUAL[usual], found[0, 1], 0.1, np.random.default_rng(9))
    assert wanted == pytest.approx(0.8, abs=0.05)


def test_coins_are_fair_and_the_same_each_time():
    tossed = np.array([coins(f"seed {n}", 10) for n in range(500)])
    assert abs(tossed.mean() - 0.5) < 0.03
    assert (coins("seed 1", 10) == tossed[1]).all()
    assert (tossed.std(axis=0) > 0).all()
