import math

import numpy as np
import pytest
from tests.rows import first

from empreinte.kernels.statistics.shrinkage import (
    Prior,
    beta_mean,
    fit_beta,
    fit_gamma,
    gamma_mean,
    sampling_variance,
    within_dispersion,
)


def covered(hits: int, of: int, nominal: float = 0.9) -> bool:
    """Tell whether so many hits agree with `nominal`, within four Monte-Carlo errors."""
    return abs(hits / of - nominal) < 4 * math.sqrt(nominal * (1 - nominal) / of)


def posts(rng, rates, sizes, spread):
    """Draw posts of groups: gamma-mixed Poisson counts about each group's rate."""
    group = np.repeat(np.arange(len(rates)), sizes)
    heat = rng.gamma(1 / spread, spread, len(group))
    return group, rng.poisson(rates[group] * heat).astype(float)


def test_hyper_parameters_are_found_again():
    rng = np.random.default_rng(1)
    exposure = rng.integers(20, 200, 800).astype(float)
    prior = fit_gamma(rng.poisson(rng.gamma(3, 1 / 0.6, 800) * exposure), exposure)
    assert prior.a == pytest.approx(3, rel=0.15)
    assert prior.a / prior.b == pytest.approx(5, rel=0.05)
    assert abs(prior.a / prior.b - 5) < 4 * prior.error
    trials = rng.integers(50, 500, 800)
    prior = fit_beta(rng.binomial(trials, rng.beta(4, 36, 800)), trials)
    assert prior.a / (prior.a + prior.b) == pytest.approx(0.1, rel=0.05)
    assert prior.a + prior.b == pytest.approx(40, rel=0.2)


@pytest.mark.parametrize("groups", first(1, [12, 36]))
def test_a_groups_interval_holds_its_rate_nine_times_in_ten(groups):
    rng = np.random.default_rng(groups)
    hits = rounds = 0
    for _ in range(60):
        rates = rng.gamma(4, 5 / 4, groups)
        group, y = posts(rng, rates, rng.integers(10, 60, groups), spread=1.0)
        phi = within_dispersion(y, np.ones(len(y)), group)
        counts, sizes = np.bincount(group, y) / phi, np.bincount(group) / phi
        prior = fit_gamma(counts, sizes)
        for g in range(groups):
            found = gamma_mean(prior, counts[g : g + 1], sizes[g : g + 1])
            hits += found.low <= rates[g] <= found.high
            rounds += 1
    # Groups of one round share a prior: the errors of a round hang together.
    assert abs(hits / rounds - 0.9) < 0.04, hits / rounds


@pytest.mark.slow
@pytest.mark.parametrize("groups", [3, 12, 36])
def test_the_whole_windows_interval_holds_its_mean_rate(groups):
    rng = np.random.default_rng(groups)
    hits = 0
    for _ in range(400):
        rates = rng.gamma(4, 5 / 4, groups)
        sizes = rng.integers(10, 60, groups)
        group, y = posts(rng, rates, sizes, spread=1.0)
        phi = within_dispersion(y, np.ones(len(y)), group)
        counts, exposure = np.bincount(group, y) / phi, np.bincount(group) / phi
        floor = sampling_variance(y, np.ones(len(y)), group)
        found = gamma_mean(fit_gamma(counts, exposure), counts, exposure, sampling=floor)
        hits += found.low <= (rates * sizes).sum() / sizes.sum() <= found.high
    assert covered(hits, 400), hits / 400


def test_shares_too():
    rng = np.random.default_rng(6)
    hits = whole = 0
    for _ in range(200):
        shares = rng.beta(4, 60, 15)
        trials = rng.integers(200, 2_000, 15).astype(float)
        k = rng.binomial(trials.astype(int), shares).astype(float)
        prior = fit_beta(k, trials)
        found = beta_mean(prior, k[:1], trials[:1])
        hits += found.low <= shares[0] <= found.high
        found = beta_mean(prior, k, trials)
        whole += found.low <= (shares * trials).sum() / trials.sum() <= found.high
    assert covered(hits, 200), hits / 200
    assert covered(whole, 200), whole / 200


def test_a_small_group_is_drawn_to_the_base_rate_and_a_large_one_is_not():
    rng = np.random.default_rng(7)
    exposure = np.full(60, 50.0)
    prior = fit_gamma(rng.poisson(rng.gamma(20, 5 / 20, 60) * 50), exposure)
    small, large = gamma_mean(prior, [60], [2]), gamma_mean(prior, [300_000], [10_000])
    assert 5 < small.mean < 15
    assert large.mean == pytest.approx(30, rel=0.01)


def test_dispersion_is_one_for_chance_and_more_for_heavy_tails():
    rng = np.random.default_rng(8)
    group = np.repeat(np.arange(40), 100)
    ones = np.ones(4_000)
    assert within_dispersion(rng.poisson(5, 4_000), ones, group) == pytest.approx(1, abs=0.1)
    heavy = rng.poisson(5 * rng.gamma(0.5, 2, 4_000))
    assert within_dispersion(heavy, ones, group) == pytest.approx(1 + 5 * 2, rel=0.15)
    views = np.full(4_000, 200.0)
    shares = rng.binomial(200, 0.1, 4_000)
    assert within_dispersion(shares, views, group, "binomial") == pytest.approx(1, abs=0.1)


def test_nothing_counted_leaves_a_wide_interval_and_no_division():
    prior = fit_gamma([0, 0, 0], [10, 20, 30])
    assert prior == Prior(0.5, 0.0, False)
    found = gamma_mean(prior, [0, 0, 0], [10, 20, 30])
    assert found.mean == pytest.approx(0.5 / 60)
    assert 0 <= found.low < found.mean < found.high < 0.1
    assert fit_beta([0, 0], [5, 5]) == Prior(0.5, 0.5, False)
    assert fit_beta([5, 5], [5, 5]) == Prior(0.5, 0.5, False)


def test_one_group_has_no_base_rate_but_its_own():
    prior = fit_gamma([12], [4])
    assert not prior.fitted
    assert gamma_mean(prior, [12], [4]).mean == pytest.approx(12.5 / 4)


def test_without_exposure_nothing_is_known():
    assert all(math.isnan(x) for x in gamma_mean(Prior(2, 1, True, 0.1), [0], [0]))
    assert all(math.isnan(x) for x in beta_mean(Prior(2, 1, True, 0.1), [], []))
    assert within_dispersion([], [], []) == 1


def test_huge_counts_stay_finite():
    counts = np.array([1e12, 2e12, 1.5e12])
    prior = fit_gamma(counts, np.ones(3))
    found = gamma_mean(prior, counts, np.ones(3))
    assert found.mean == pytest.approx(1.5e12, rel=0.2)
    assert all(map(math.isfinite, found))


def test_impossible_counts_are_refused():
    with pytest.raises(ValueError, match="leave out"):
        fit_gamma([math.nan], [1])
    with pytest.raises(ValueError, match="3 counts for 2"):
        fit_gamma([1, 2, 3], [1, 2])
    with pytest.raises(ValueError, match="cannot be more"):
        fit_beta([6], [5])
