"""Home, work, a habit and holidays of two dozen made-up people, whole and spoilt."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from tests.kernels.test_dwelling import Found

from empreinte.testing.whereabouts import whereabouts

SEEDS = range(24)
NEAR_M = 300


def metres_and_days(spoil) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give, for each person, how far off home and work are, and the dates of each journey."""
    home, work, days = [], [], []
    for seed in SEEDS:
        person = whereabouts(seed)
        found = Found(spoil(person.positions(seed, timedelta(minutes=30)), seed))
        assert found.work is not None
        home.append(found.off_m(found.homes[0].place, person.home))
        work.append(found.off_m(found.work.place, person.work))
        assert [(h.weekday, h.hour) for h in found.habits] == [(1, 18)]
        days.append([
            min(abs((left - trip.left).days) + abs((back - trip.back).days)
                for left, back in found.dates())
            for trip in person.trips
        ])  # fmt: skip
    return np.array(home), np.array(work), np.array(days)


@pytest.mark.slow
@pytest.mark.parametrize("spoilt", [False, True])
def test_an_hours_jitter_and_a_third_missing_change_nothing_essential(spoilt):
    home, work, days = metres_and_days(
        lambda t, seed: t.jittered(3600, seed).thinned(0.3, seed) if spoilt else t
    )
    assert home.max() < NEAR_M
    assert work.max() < NEAR_M
    # What was measured is far better; a change that spoils it shows here.
    assert np.median(home) < 5
    assert np.median(work) < 5
    assert days.max() == 0


@pytest.mark.slow
def test_with_whole_days_missing_long_journeys_are_dated_to_within_days():
    home, work, days = metres_and_days(
        lambda t, seed: t.jittered(3600, seed).without_days(0.3, seed)
    )
    assert max(home.max(), work.max()) < NEAR_M
    # A fortnight and a week; of a weekend two days of three may be missing.
    assert np.median(days[:, 1:]) <= 1
    assert days[:, 1:].max() <= 5
