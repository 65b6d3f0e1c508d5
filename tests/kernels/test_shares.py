"""A share over clusters: its interval holds the truth where days hang together."""

import math

import numpy as np
import pytest

from empreinte.kernels.statistics.shares import clustered_share


def year(random, days, a_day, together):
    """Draw so many of so many a day; each day has its own share, 0.3 on the whole."""
    whole = random.poisson(random.gamma(2, a_day / 2, days))
    share = random.beta(0.3 / together, 0.7 / together, days) if together else 0.3
    return random.binomial(whole, share), whole


@pytest.mark.parametrize(("days", "a_day", "together"), [(60, 4, 0.0), (60, 4, 0.5), (200, 1, 0.3)])
def test_the_interval_holds_the_truth_though_days_hang_together(days, a_day, together):
    random = np.random.default_rng(1)
    held = naive = 0
    for _ in range(300):
        part, whole = year(random, days, a_day, together)
        found = clustered_share(part, whole)
        held += found.low <= 0.3 <= found.high
        error = 1.645 * math.sqrt(found.mean * (1 - found.mean) / whole.sum())
        naive += abs(found.mean - 0.3) <= error
    assert 0.85 <= held / 300 <= 0.97
    if together and a_day > 1:
        assert naive / 300 < 0.75, "texts taken one by one would promise too much"


def test_one_text_a_day_is_as_texts_one_by_one():
    from scipy.stats import beta

    found = clustered_share([1] * 30 + [0] * 70, [1] * 100)
    # n/(n-1) of a sample is all that the clusters add.
    low, high = beta.ppf([0.05, 0.95], 30.5, 70.5)
    assert (found.mean, found.low, found.high) == pytest.approx((0.3, low, high), abs=0.004)


def test_what_cannot_be_told():
    assert math.isnan(clustered_share([], []).mean)
    assert math.isnan(clustered_share([0, 0], [0, 0]).mean)
    few = clustered_share([1, 2], [2, 2])
    assert few.mean == 0.75
    assert math.isnan(few.low)
    none = clustered_share([0] * 9, [1] * 9)
    assert none.low <= 0.001 < none.high < 0.3
    with pytest.raises(ValueError, match="whole"):
        clustered_share([2], [1])
