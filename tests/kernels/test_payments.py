"""Regular payments and Poisson binomial chances: against plain sums, on made-up years."""

from itertools import product

import numpy as np
import pytest

from empreinte.kernels.statistics.poisson_binomial import chance, probabilities
from empreinte.kernels.statistics.regular_payments import DAY_S, regular


def test_probabilities_are_those_of_all_cases():
    p = np.array([0.1, 0.6, 0.3, 0.9])
    plain = np.zeros(5)
    for case in product((0, 1), repeat=4):
        plain[sum(case)] += np.prod(np.where(case, p, 1 - p))
    assert probabilities(p) == pytest.approx(plain)
    found = chance(3, p)
    assert found.p == pytest.approx(plain[3:].sum())
    assert found.mean == pytest.approx(p.sum())
    assert plain[: found.low].sum() <= 0.05 >= plain[found.high + 1 :].sum()
    assert chance(0, []).p == 1.0


@pytest.mark.parametrize("seed", range(5))
def test_a_subscription_among_other_purchases_is_found(seed):
    rng = np.random.default_rng(seed)
    months = np.arange(12) * 30.4 * DAY_S + rng.uniform(-1, 1, 12) * DAY_S
    price = np.where(np.arange(12) < 7, 12.99, 13.49)
    others = rng.uniform(0, 365, 20) * DAY_S
    at = np.concatenate([months, others])
    paid = np.concatenate([price, rng.lognormal(3.5, 0.8, 20)])
    order = np.argsort(at)
    found = regular(at[order], paid[order])
    assert found.every == "month"
    assert found.place.size >= 11
    assert found.amount == pytest.approx(13.49, rel=0.1)


def test_a_yearly_one_is_found_and_scattered_purchases_are_none():
    assert regular(np.array([0, 365, 731]) * DAY_S, [30, 30, 32]).every == "year"
    rng = np.random.default_rng(1)
    found = sum(
        regular(np.sort(rng.uniform(0, 365, 8)) * DAY_S, rng.lognormal(3, 1, 8)) is not None
        for _ in range(100)
    )
    assert found <= 5
    assert regular([], []) is None
