"""Kinds never met: against Chao's formula, and on made-up meetings whose number is known."""

import numpy as np
import pytest

from empreinte.kernels.statistics.unseen import unseen


def test_the_bound_is_below_the_truth_and_near_it_where_rates_are_alike():
    rng = np.random.default_rng(1)
    alike, uneven, above = [], [], []
    for _ in range(200):
        even, mixed = rng.poisson(1.5, 400), rng.poisson(rng.gamma(0.7, 2.0, 400))
        alike.append((unseen(even).mean, (even == 0).sum()))
        uneven.append((unseen(mixed).mean, (mixed == 0).sum()))
        above.append(unseen(mixed).low > (mixed == 0).sum())
    found, truth = np.sum(alike, axis=0)
    assert found / truth == pytest.approx(1, abs=0.05)
    found, truth = np.sum(uneven, axis=0)
    assert 0.3 < found / truth < 1
    assert np.mean(above) <= 0.02


def test_the_interval_holds_where_rates_are_alike():
    rng = np.random.default_rng(2)
    held = []
    for _ in range(400):
        met = rng.poisson(1.0, 300)
        found = unseen(met)
        held.append(found.low <= (met == 0).sum() <= found.high)
    assert 0.85 <= np.mean(held) <= 0.97


def test_too_few_tell_nothing_and_kinds_all_met_often_leave_none():
    assert np.isnan(unseen([]).mean)
    assert np.isnan(unseen([1, 2, 9]).mean)
    assert unseen([2] * 20 + [5] * 9).mean == 0
    assert unseen([1] * 12).mean == 66
    assert unseen([1] * 12).low > 0
