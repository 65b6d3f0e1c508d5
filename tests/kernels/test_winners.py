"""Intervals of what is shown because it stood out, against draws that are shown or not."""

import numpy as np
import pytest
from tests.rows import first

from empreinte.kernels.statistics.winners import shown_interval

CLEAR = {0.05: 1.959964, 0.004: 2.878162}  # two-sided, from a printed table


@pytest.mark.parametrize("alpha", CLEAR)
@pytest.mark.parametrize("mean", first(2, [0.5, 3.0, 2.0, 5.0]))
def test_it_holds_as_often_as_it_says_among_what_is_shown(mean, alpha):
    dice = np.random.default_rng(11)
    drawn = dice.normal(mean, 1, 60_000)
    shown = drawn[np.abs(drawn) >= CLEAR[alpha]][:600]
    held = 0
    for z in shown:
        low, high = shown_interval(abs(z), alpha, 0.9)
        held += low <= np.sign(z) * mean <= high
    # An ordinary interval of 90 % holds 0 of 600 where a mean of 0.5 is shown. Confined to
    # what the test has not excluded, such a small mean is held less often than it says, not never.
    plain = np.mean(np.abs(shown - mean) <= 1.645)
    assert held / len(shown) > max(0.87 if mean >= 2 else 0.3, plain - 0.03)


def test_it_is_the_ordinary_one_far_from_the_threshold_and_never_leaves_the_estimate_out():
    low, high = shown_interval(40.0, 1e-6, 0.9)
    assert (40 - low, high - 40) == pytest.approx((1.645, 1.645), abs=1e-3)
    for z in np.linspace(0.1, 9, 60):
        for tries in (1, 6):
            low, high = shown_interval(z, 0.02, 0.9, tries)
            assert 0 <= low <= max(z, low) <= high
            assert low > 0 or z < 2.94
