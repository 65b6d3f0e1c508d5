"""A ratio of ratios over weeks: against the whole jackknife, and on made-up weeks."""

import numpy as np
import pytest

from empreinte.kernels.statistics.odds import clustered_odds


def weeks(rng, true, n=40):
    """Weeks of unequal hours; events follow hours, and come in bursts of a week."""
    night, day = rng.gamma(2, 2, n), rng.gamma(4, 4, n)
    busy = rng.gamma(2, 0.5, n)
    return rng.poisson(0.3 * true * busy * night), rng.poisson(0.3 * busy * day), night, day


def test_it_is_what_leaving_out_a_week_at_a_time_gives():
    parts = weeks(np.random.default_rng(1), 2.0, 80)
    found = clustered_odds(*parts)
    logs = []
    for week in range(80):
        a, b, c, d = (np.delete(one, week).sum() for one in parts)
        logs.append(np.log(a / b / (c / d)))
    spread = np.sqrt(79 / 80 * ((np.array(logs) - np.mean(logs)) ** 2).sum())
    assert np.log(found.high / found.low) == pytest.approx(2 * 1.645 * spread, rel=0.05)


@pytest.mark.parametrize("true", [1.0, 2.5])
def test_the_interval_holds_the_truth(true):
    rng = np.random.default_rng(3)
    found = [clustered_odds(*weeks(rng, true)) for _ in range(500)]
    assert 0.85 <= np.mean([one.low <= true <= one.high for one in found]) <= 0.95
    assert np.exp(np.mean(np.log([one.mean for one in found]))) == pytest.approx(true, rel=0.05)


def test_too_few_tell_nothing():
    assert np.isnan(clustered_odds([], [], [], []).mean)
    assert np.isnan(clustered_odds([1] * 4, [9] * 4, [1] * 4, [1] * 4).mean)
    assert np.isnan(clustered_odds([0] * 20, [1] * 20, [1] * 20, [1] * 20).mean)
    assert np.isnan(clustered_odds([1] * 20, [1] * 20, [0] * 20, [1] * 20).mean)
