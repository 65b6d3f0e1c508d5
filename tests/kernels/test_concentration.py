import math

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
    if sum(values) == 0:
        assert math.isnan(gini(values))
    else:
        assert gini(values) == pytest.approx(slow_gini(values), abs=1e-9)


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


def test_ends():
    assert h_index([]) == 0
    assert math.isnan(gini([]))
    assert gini([7]) == 0
    assert gini([0] * 9_999 + [1e300]) == pytest.approx(0.9999)
    assert math.isnan(top_share([0, 0]))


def test_unknown_values_are_refused():
    with pytest.raises(ValueError, match="leave unknown ones out"):
        gini([1, math.nan])
    with pytest.raises(ValueError, match="at least 0"):
        h_index([-1])
