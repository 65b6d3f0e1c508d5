"""False discovery rates against SciPy's, and against what they promise."""

import numpy as np
import pytest
from scipy.stats import false_discovery_control

from empreinte.kernels.statistics.discoveries import adjusted


@pytest.mark.parametrize("n", [0, 1, 2, 7, 300])
def test_the_rates_are_those_of_scipy(n):
    p = np.random.default_rng(n).random(n) ** 3
    expected = false_discovery_control(p) if n else []
    assert adjusted(p) == pytest.approx(expected)


def test_those_left_out_count_among_the_tested():
    p = np.array([0.001, 0.2, 0.004])
    whole = np.concatenate([p, np.ones(97)])
    assert adjusted(p, tested=100) == pytest.approx(false_discovery_control(whole)[:3])


def test_where_nothing_is_a_tenth_of_the_looks_tells_something():
    dice = np.random.default_rng(5)
    told = [(adjusted(dice.random(40)) <= 0.1).any() for _ in range(2_000)]
    assert 0.08 < np.mean(told) < 0.12
