"""Means that can be bounded, and those that cannot."""

import numpy as np
import pytest

from empreinte.kernels.statistics.tails import batch_variance, bounded, tail_index


@pytest.mark.parametrize("alpha", [1.3, 1.5, 3.0])
def test_the_index_of_a_power_law_is_found(alpha):
    random = np.random.default_rng(1)
    found = [tail_index(random.uniform(size=5_000) ** (-1 / alpha))[0] for _ in range(20)]
    assert np.mean(found) == pytest.approx(1 / alpha, rel=0.05)


HEAVY = {
    "log-normal 2": lambda random, n: np.exp(random.normal(0, 2, n)),
    "power law 1.3": lambda random, n: random.uniform(size=n) ** (-1 / 1.3),
    "power law 1.5": lambda random, n: random.uniform(size=n) ** (-1 / 1.5),
}
LIGHT = {
    "Poisson": lambda random, n: random.poisson(5, n),
    "exponential": lambda random, n: random.poisson(random.exponential(20, n)),
    "log-normal 0.5": lambda random, n: random.poisson(8 * np.exp(random.normal(0, 0.5, n))),
}


@pytest.mark.parametrize("draw", HEAVY.values(), ids=HEAVY)
@pytest.mark.parametrize("n", [60, 300, 2_000])
def test_heavy_tails_are_not_bounded(draw, n):
    random = np.random.default_rng(2)
    assert np.mean([bounded(draw(random, n)) for _ in range(100)]) <= 0.1


@pytest.mark.parametrize("draw", LIGHT.values(), ids=LIGHT)
def test_light_tails_are(draw):
    random = np.random.default_rng(3)
    assert np.mean([bounded(draw(random, 500)) for _ in range(50)]) >= 0.9


def test_too_few_and_zeros():
    assert not bounded([1.0] * 19)
    assert bounded([0.0] * 50)
    assert tail_index([])[1] == 0


def test_stretches_of_time_know_what_neighbours_share():
    random = np.random.default_rng(4)
    month = np.repeat(np.arange(24), 20)
    ones = np.ones(month.size)
    shared = random.normal(10, 3, 24)[month]
    alone = 10 + random.normal(0, 3, month.size)
    assert batch_variance(shared, ones, month) > 4 * batch_variance(alone, ones, month)
    assert batch_variance(alone[:40], ones[:40], month[:40]) == 0.0
