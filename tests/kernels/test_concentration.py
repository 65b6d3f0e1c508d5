import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from empreinte.kernels.statistics.concentration import gini, h_index, top_share

counts = st.lists(st.integers(0, 10**6), min_size=1, max_size=60)


def slow_gini(values):
    """Half of the mean absolute difference over the mean, pair by pair."""
    n, mean = len(values), sum(values) / len(values)
    return sum(abs(a - b) for a in values for b in values) / (2 * n * n * mean)


@given(counts)
def test_gini_is_the_mean_difference(values):
    value, low, high = gini(values)
    if sum(values) == 0:
        assert math.isnan(value)
        return
    assert value == pytest.approx(slow_gini(values), abs=1e-9)
    if len(values) > 1:
        assert 0 <= low <= value + 1e-9
        assert value - 1e-9 <= high <= 1


@given(counts, st.sampled_from([0.01, 0.1, 0.5, 1.0]))
def test_top_share_is_what_the_first_ones_hold(values, top):
    ordered = sorted(values, reverse=True)
    size = next(k for k in range(1, len(values) + 1) if k >= len(values) * top - 1e-9)
    if sum(values) == 0:
        assert math.isnan(top_share(values, top))
    else:
        assert top_share(values, top) == pytest.approx(sum(ordered[:size]) / sum(values))


@given(counts)
def test_h_index_is_the_largest_h(values):
    assert h_index(values) == max(
        h for h in range(len(values) + 1) if sum(v >= h for v in values) >= h
    )


def test_the_interval_of_gini_is_the_bootstraps():
    rng = np.random.default_rng(1)
    values = rng.negative_binomial(0.5, 0.05, 1_500)
    drawn = [gini(rng.choice(values, len(values)))[0] for _ in range(400)]
    value, low, high = gini(values)
    assert (high - low) / 2 == pytest.approx(1.645 * np.std(drawn), rel=0.15)
    assert low < value < high


def test_the_interval_of_gini_holds_the_truth_nine_times_in_ten():
    rng = np.random.default_rng(2)
    # Of an exponential distribution it is one half.
    hits = sum(
        low <= 0.5 <= high for _, low, high in (gini(rng.exponential(1, 300)) for _ in range(500))
    )
    assert hits / 500 == pytest.approx(0.9, abs=0.054)


def test_ends():
    assert h_index([]) == 0
    assert all(map(math.isnan, gini([])))
    assert gini([7])[0] == 0
    assert math.isnan(gini([7])[1])
    assert gini([0] * 9_999 + [1e300])[0] == pytest.approx(0.9999)
    assert math.isnan(top_share([0, 0]))


def test_unknown_values_are_refused():
    with pytest.raises(ValueError, match="leave unknown ones out"):
        gini([1, math.nan])
    with pytest.raises(ValueError, match="at least 0"):
        h_index([-1])
