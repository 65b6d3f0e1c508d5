import numpy as np
import pytest
import ruptures

from empreinte.kernels.statistics import changes
from empreinte.kernels.statistics.changes import level_changes, noise, rate_ratio


def weeks(rng, mean, alpha, n):
    """Draw over-dispersed counts: variance mean + alpha mean²."""
    return rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mean), n)


@pytest.mark.parametrize("scale", [np.sqrt, np.log1p])
@pytest.mark.parametrize(("mean", "alpha"), [(3, 0.3), (20, 0.5), (100, 1.0)])
def test_stationary_weeks_rarely_raise_an_alarm(mean, alpha, scale):
    rng = np.random.default_rng(int(mean))
    alarms = {
        n: sum(bool(level_changes(scale(weeks(rng, mean, alpha, n)))) for _ in range(200)) / 200
        for n in (52, 156, 520)
    }
    # Five in a hundred for a year, with the room of 200 draws.
    assert max(alarms.values()) <= 0.08, alarms
    assert alarms[520] <= 0.03, alarms


def test_a_doubling_is_found_where_it_is():
    rng = np.random.default_rng(3)
    found = []
    for _ in range(100):
        series = np.concatenate([weeks(rng, 20, 0.1, 52), weeks(rng, 40, 0.1, 52)])
        found.append(level_changes(np.sqrt(series)))
    near = sum(len(f) == 1 and abs(f[0] - 52) <= 4 for f in found)
    assert near >= 85, near


def test_it_is_pelt_with_a_quadratic_cost():
    rng = np.random.default_rng(4)
    for _ in range(10):
        series = np.concatenate([rng.normal(m, 1, rng.integers(10, 60)) for m in (0, 2, -1)])
        sigma = noise(series)
        slow = ruptures.Pelt(model="l2", min_size=changes.MIN_WEEKS, jump=1).fit(series / sigma)
        expected = slow.predict(pen=changes.PENALTY * np.log(len(series)))[:-1]
        assert level_changes(series) == expected


def test_a_high_common_level_changes_nothing():
    rng = np.random.default_rng(5)
    series = np.concatenate([rng.normal(0, 1, 40), rng.normal(4, 1, 40)])
    assert level_changes(series + 1e6) == level_changes(series)


@pytest.mark.parametrize("series", [[], [1.0], [5.0] * 200, [0.0] * 11, list(range(11))])
def test_nothing_is_found_in_too_little(series):
    assert level_changes(series) == []


def test_missing_weeks_are_refused():
    with pytest.raises(ValueError, match="missing"):
        level_changes([1.0, float("nan")] * 10)


@pytest.mark.parametrize("alpha", [0.05, 1.0])
def test_the_interval_of_a_ratio_holds_it_nine_times_in_ten(alpha):
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(600):
        one, two = weeks(rng, 8, alpha, 60), weeks(rng, 12, alpha, 60)
        squares = (one - one.mean()) ** 2 / one.mean(), (two - two.mean()) ** 2 / two.mean()
        phi = max(1.0, float(np.concatenate(squares).sum()) / 118)
        found = rate_ratio((one.sum(), 60), (two.sum(), 60), phi)
        hits += found.low <= 1.5 <= found.high
    assert hits / 600 == pytest.approx(0.9, abs=0.05)


def test_zero_counts_leave_a_wide_interval():
    found = rate_ratio((0, 10), (0, 10))
    assert found.low < 0.2
    assert found.high > 5
    with pytest.raises(ValueError, match="above 0"):
        rate_ratio((1, 0), (1, 1))
