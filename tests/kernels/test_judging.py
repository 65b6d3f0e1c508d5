"""Judgements of forecasts: against scipy, by hand, and by how often their intervals are right."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import multivariate_normal, spearmanr

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Logs
from empreinte.kernels.learning.judging import (
    calibration,
    coverage,
    likelihood_gain,
    naive_sizes,
    rank_correlation,
    rank_gain,
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=3, max_size=12))
def test_rank_correlation_is_spearmans(pairs):
    a, b = np.array(pairs).T
    found = rank_correlation(a, b).value
    if np.ptp(a) and np.ptp(b):
        assert found == pytest.approx(spearmanr(a, b).statistic)
    else:
        assert math.isnan(found)


@pytest.mark.slow
def test_intervals_of_the_rank_correlation_cover_it():
    truth = 6 / math.pi * math.asin(0.6 / 2)
    inside = 0
    for seed in range(60):
        a, b = multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], seed=seed).rvs(80).T
        found = rank_correlation(np.exp(a), b, 0.9, seed=seed)
        inside += found.low <= truth <= found.high
    assert 0.8 <= inside / 60 <= 1


def test_a_gain_is_judged_on_the_same_cascades():
    rng = np.random.default_rng(1)
    actual = rng.normal(size=200)
    good, bad = actual + rng.normal(size=200), actual + 4 * rng.normal(size=200)
    gain = rank_gain(good, bad, actual)
    assert 0 < gain.low < gain.value < gain.high
    own = rank_correlation(good, actual).value - rank_correlation(bad, actual).value
    assert gain.value == pytest.approx(own)
    assert rank_gain(good, good, actual) == (0, 0, 0)


def test_calibration_of_right_and_of_doubled_forecasts():
    rng = np.random.default_rng(2)
    expected = rng.uniform(5, 100, 2_000)
    actual = rng.poisson(expected)
    right = calibration(expected, actual)
    assert right.within(0.2) == right.n.size == 10
    assert right.n.sum() == 2_000
    assert (np.diff(right.expected) > 0).all()
    assert np.count_nonzero((right.low <= 1) & (right.high >= 1)) >= 8
    twice = calibration(2 * expected, actual, groups=5)
    assert twice.ratio == pytest.approx(0.5, rel=0.1)
    assert twice.within(0.2) == 0


def test_coverage_is_a_share_with_its_interval():
    found = coverage(np.zeros(100), np.full(100, 9), np.arange(100))
    assert found.value == 0.1
    assert (found.low, found.high) == pytest.approx((0.0552, 0.1744), abs=1e-3)
    assert math.isnan(coverage([], [], []).value)


def test_likelihood_gain_is_the_mean_over_cascades():
    graph = Graph.from_edges([0, 0], [1, 2])
    logs = Logs.from_acts([0, 0, 1], [0, 1, 0], [0, 1, 5])
    gain = likelihood_gain(graph, logs, [0.4, 0.1], [0.2, 0.2])
    each = [math.log(0.4 * 0.9) - math.log(0.2 * 0.8), math.log(0.6 * 0.9) - math.log(0.8 * 0.8)]
    assert gain.value == pytest.approx(sum(each) / 2)
    assert (gain.low, gain.high) == pytest.approx((min(each), max(each)))
    assert math.isnan(likelihood_gain(graph, logs.until(-1), [0.4, 0.1], [0.2, 0.2]).value)


def test_naive_rules():
    graph = Graph.from_edges([0, 0, 1], [1, 2, 2], n=4)
    past = Logs.from_acts([0, 0, 0, 1], [0, 1, 2, 0], [0, 1, 2, 5])
    later = Logs.from_acts([0, 0, 1, 1, 1], [0, 1, 3, 2, 0], [0, 1, 2, 3, 4])
    found = naive_sizes(graph, past, later, 2)
    assert found["followers"].tolist() == [2, 0]
    assert found["degree_sum"].tolist() == [4, 2]
    assert found["past_mean"].tolist() == [(2 + 3) / 2, (2 + 3) / 2]
    with pytest.raises(ValueError, match="no first 3"):
        naive_sizes(graph, past, later, 3)


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="one row of each"):
        rank_correlation([1, 2], [1])
    with pytest.raises(ValueError, match="finite"):
        rank_correlation([1, math.nan], [1, 2])
    with pytest.raises(ValueError, match="above 0"):
        calibration([0, 1], [1, 2])
    with pytest.raises(ValueError, match="level 95"):
        rank_correlation([1, 2, 3], [1, 2, 3], 95)
