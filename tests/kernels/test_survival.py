"""Kaplan–Meier beside a slow reference, an independent library and known truth."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rows import examples

from empreinte.kernels.statistics.survival import curve, ended_by, median

CASES = st.lists(st.tuples(st.integers(0, 9), st.booleans()), min_size=1, max_size=40)


def slow(cases):
    """Multiply what is left at each time at which something ended."""
    left, found = 1.0, []
    for time in sorted({t for t, ended in cases if ended}):
        at_risk = sum(t >= time for t, _ended in cases)
        left *= 1 - sum(t == time and ended for t, ended in cases) / at_risk
        found.append((float(time), left))
    return found


@settings(max_examples=examples(60), deadline=None)
@given(CASES)
def test_the_curve_is_the_slow_one(cases):
    found = curve(*zip(*cases, strict=True))
    expected = slow(cases)
    assert found.time.tolist() == [time for time, _left in expected]
    assert found.waiting == pytest.approx([left for _time, left in expected])
    assert (found.low <= found.waiting + 1e-12).all()
    assert (found.waiting <= found.high + 1e-12).all()


def test_the_median_is_that_of_statsmodels():
    from statsmodels.duration.survfunc import SurvfuncRight

    random = np.random.default_rng(4)
    for n in (20, 200):
        life, seen = random.exponential(10, n), random.uniform(2, 30, n)
        time, ended = np.minimum(life, seen), life <= seen
        theirs = SurvfuncRight(time, ended)
        ours = median(curve(time, ended))
        assert ours.value == pytest.approx(theirs.quantile(0.5))
        low, high = theirs.quantile_ci(0.5, alpha=0.1, method="cloglog")
        assert ours.low == pytest.approx(low)
        assert ours.high == pytest.approx(high)


def test_the_interval_holds_the_truth_though_some_still_wait():
    random = np.random.default_rng(5)
    held = naive = 0
    for _ in range(300):
        life, seen = random.exponential(10, 80), random.uniform(0, 20, 80)
        found = median(curve(np.minimum(life, seen), life <= seen))
        held += found.low <= 10 * math.log(2) <= found.high
        naive += float(np.median(life[life <= seen])) < 0.8 * 10 * math.log(2)
    assert 0.85 <= held / 300 <= 0.96
    assert naive > 200, "leaving out who waits makes it look fast"


def test_what_cannot_be_told_is_not_told():
    assert math.isnan(median(curve([], [])).value)
    never = curve([1, 2, 3], [False, False, False])
    assert math.isnan(median(never).value)
    assert ended_by(never, 10).value == 0
    few = median(curve([1, 2, 3, 4], [True, False, False, False]))
    assert math.isnan(few.value)
    assert few.high == math.inf
    with pytest.raises(ValueError, match="-1"):
        curve([-1], [True])
