"""Rewards and waits: against least squares, and on people made up by the model."""

import numpy as np
import pytest

from empreinte.kernels.statistics.rewards import RATES, pull


def person(rng, posts, b, rate=0.3):
    """Somebody who learns what a post gets, and waits the less the more that is."""
    likes = np.round(np.exp(rng.normal(2, 1, posts) + 0.5 * np.sin(np.arange(posts) / 40)))
    mean, at, wait = 2.0, [0.0], 0.0
    for got in likes:
        mean += rate * (np.log1p(got) - mean)
        wait = 10.5 - b * (mean - 2) + 0.3 * wait + rng.normal(0, 1)
        at.append(at[-1] + np.exp(wait))
        wait -= 10.5
    return np.array(at[:-1]), likes


def test_the_correlation_is_that_of_least_squares():
    rng = np.random.default_rng(1)
    at, likes = person(rng, 300, 1.5)
    found = pull(at, likes, rng)
    step = np.linspace(-1, 1, at.size)
    trend = np.column_stack([step**n for n in range(6)])
    reward = np.log1p(likes)
    reward = reward - trend @ np.linalg.lstsq(trend, reward, rcond=None)[0]
    wait = np.log(np.diff(at))
    gains = []
    for rate in RATES:
        mean, means = 0.0, []
        for one in reward:
            mean += rate * (one - mean)
            means.append(mean)
        curve = [step[1:-1] ** n for n in range(6)]
        x = np.column_stack([*curve, wait[:-1], means[1:-1]])
        gains.append(np.linalg.lstsq(x, wait[1:], rcond=None)[0][-1])
    assert found.sooner == (gains[0] < 0)
    assert found.p <= 0.01
    assert found.n == 298


@pytest.mark.slow
def test_nothing_is_found_where_there_is_nothing():
    alarms = [
        pull(*person(rng, 300, 0.0), rng).p <= 0.1
        for rng in map(np.random.default_rng, range(100))
    ]  # fmt: skip
    assert np.mean(alarms) <= 0.19, "ten of a hundred, and three standard errors"


@pytest.mark.slow
def test_what_would_be_found_is_found_as_often_as_said():
    probe = np.random.default_rng(99)
    least = pull(*person(probe, 300, 0.0), probe).least
    # The running mean moves by rate × ln 2 at once when a count doubles; b is for it all.
    b = least / np.log(2)
    found = [
        pull(*person(rng, 300, b), rng).p <= 0.1 for rng in map(np.random.default_rng, range(30))
    ]
    assert np.mean(found) >= 0.7


def test_too_few_posts_are_refused():
    with pytest.raises(ValueError, match="at least 50"):
        pull(np.arange(10.0), np.ones(10), np.random.default_rng(1))


def test_posts_at_one_moment_and_counts_all_alike_tell_nothing():
    rng = np.random.default_rng(2)
    assert pull(np.zeros(60), np.arange(60.0), rng).p == 1.0
    assert pull(np.sort(rng.uniform(0, 1e6, 60)), np.ones(60), rng).p == 1.0
