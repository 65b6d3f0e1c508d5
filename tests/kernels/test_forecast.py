"""Forecasts of single posts: known truth by simulation, and coverage of their intervals."""

import math
from dataclasses import replace

import numpy as np
import pytest

from empreinte.kernels.learning.forecast import Forecast, forecast, recalibrated
from empreinte.kernels.learning.hawkes import Process, simulate
from empreinte.kernels.learning.hawkes_fit import Prior, Seen, learn_prior, posterior

HOUR, WEEK = 3_600.0, 7 * 86_400.0


def posts_of(prior, count, seed, end=WEEK):
    """Draw posts whose parameters come from the prior, none of more than 20,000 shares."""
    drawn = np.random.default_rng(seed).multivariate_normal(prior.mean, prior.covariance, count)
    for i, parameters in enumerate(drawn):
        process = prior.process(parameters)
        yield simulate(process, end, 1, pool=prior.pool, seed=seed + i, most=20_000)[0]


def narrow(prior):
    """Posts that are somewhat alike."""
    return replace(prior, covariance=prior.covariance / 4)


@pytest.mark.slow
@pytest.mark.parametrize("kernel", ["power", "exponential"])
@pytest.mark.parametrize("marked", [False, True])
def test_intervals_cover_the_final_number(kernel, marked):
    pool = np.random.default_rng(3).lognormal(5, 1.5, 200) if marked else ()
    prior = narrow(Prior.broad(kernel=kernel, pool=pool))
    # Early enough that much is left to come.
    inside, end = [], HOUR if kernel == "power" else 300.0
    for times, marks in posts_of(prior, 90, seed=11):
        seen = times <= end
        post = Seen(times[seen], end, marks[seen] if marked else None)
        low, high = forecast(post, WEEK, prior, draws=300).interval()
        assert seen.sum() <= low <= high
        inside.append(low <= times.size <= high)
    # 3 standard errors about 0.9, and a little more as whole numbers cover more.
    assert 0.81 <= np.mean(inside) <= 0.99


def test_an_hour_more_makes_a_forecast_surer():
    prior = narrow(Prior.broad())
    times, _ = simulate(Process(60, 0.6, 300, 0.5), WEEK, 1, seed=5)[0]
    widths = []
    for end in (600, 6 * HOUR, WEEK):
        found = forecast(Seen(times[times <= end], end), WEEK, prior)
        low, high = found.interval()
        widths.append(high - low)
        assert found.seen == np.count_nonzero(times <= end)
    assert widths[0] > widths[1] > widths[2] == 0


def test_the_posterior_finds_the_process():
    prior = Prior.broad()
    process = Process(400, 0.5, 200, 0.8)
    times, _ = simulate(process, WEEK, 1, seed=2)[0]
    first, branching, scale, shape, exponent = prior.columns(posterior(Seen(times, WEEK), prior))
    assert first.mean() / (1 - branching.mean()) == pytest.approx(times.size, rel=0.15)
    for drawn, truth in ((branching, 0.5), (scale, 200), (shape, 0.8)):
        assert np.quantile(drawn, 0.01) < truth < np.quantile(drawn, 0.99)
    assert not exponent.any()


def test_a_posterior_without_a_look_is_the_prior():
    prior = Prior.broad(kernel="exponential")
    drawn = posterior(Seen([], 1e-9), prior, particles=4_000)
    assert drawn.mean(axis=0) == pytest.approx(prior.mean, abs=0.1)
    assert np.cov(drawn.T) == pytest.approx(prior.covariance, abs=0.25)


@pytest.mark.slow
def test_a_prior_is_learnt_from_past_posts():
    truth = replace(Prior.broad(), mean=np.array([4.0, -0.5, 6.5, -0.4]),
                    covariance=np.diag([0.3, 0.2, 0.2, 0.05]))  # fmt: skip
    posts = [Seen(times, WEEK) for times, _ in posts_of(truth, 25, seed=4) if times.size < 800]
    found = learn_prior(posts, Prior.broad())
    away = (found.mean - truth.mean) / np.sqrt(np.diag(Prior.broad().covariance))
    assert np.abs(away).max() < 0.5
    assert (np.diag(found.covariance) < 0.7 * np.diag(Prior.broad().covariance)).all()
    assert np.linalg.eigvalsh(found.covariance).min() > 0
    unchanged = learn_prior([], Prior.broad())
    assert unchanged.mean.tolist() == Prior.broad().mean.tolist()


def test_the_same_seed_gives_the_same_forecast():
    post, prior = Seen([10, 20, 500], HOUR), Prior.broad()
    one, two = (forecast(post, WEEK, prior, seed=3).draws.tolist() for _ in range(2))
    assert one == two
    assert one != forecast(post, WEEK, prior, seed=4).draws.tolist()


def test_shares_of_one_second_do_not_make_delays_of_none():
    times = np.repeat([5.0, 60.0, 61.0, 400.0], 6)
    found = forecast(Seen(times, HOUR), WEEK, Prior.broad())
    assert found.seen == 24
    assert found.process.scale > 1e-3
    assert found.interval()[1] < 10_000


def test_nothing_seen_is_little_to_come_and_never_a_failure():
    found = forecast(Seen([], HOUR), WEEK, Prior.broad())
    assert found.seen == 0
    assert 0 <= found.median < 20
    assert found.interval()[0] == 0


def made(draws, seen=10):
    return Forecast(seen, np.sort(np.asarray(draws)), Process(1, 0.5, 1))


@pytest.mark.slow
def test_intervals_that_were_too_narrow_are_widened():
    rng = np.random.default_rng(9)
    past, actual = [], []
    for _ in range(300):
        middle = rng.uniform(3, 6)
        past.append(made(10 + np.exp(middle + 0.3 * rng.standard_normal(400)).astype(int)))
        actual.append(10 + int(math.exp(middle + 0.6 * rng.standard_normal())))
    fresh, came = past[150:], actual[150:]
    inside = [a <= x <= b for (a, b), x in zip((f.interval() for f in fresh), came, strict=True)]
    assert np.mean(inside) < 0.7
    wide = [recalibrated(f, past[:150], actual[:150]).interval() for f in fresh]
    assert 0.85 <= np.mean([a <= x <= b for (a, b), x in zip(wide, came, strict=True)]) <= 0.96
    assert recalibrated(fresh[0], past[:8], actual[:8]) is fresh[0]


def test_what_does_not_fit_is_refused():
    prior = Prior.broad()
    with pytest.raises(ValueError, match="horizon 10"):
        forecast(Seen([1], 60), 10, prior)
    with pytest.raises(ValueError, match="ascend"):
        forecast(Seen([5, 1], 60), 100, prior)
    with pytest.raises(ValueError, match="marks"):
        forecast(Seen([1], 60, [5]), 100, prior)
    with pytest.raises(ValueError, match="no kernel"):
        Prior.broad(kernel="gamma")  # pyright: ignore[reportArgumentType]
    with pytest.raises(ValueError, match="level"):
        made([10, 11]).interval(90)
