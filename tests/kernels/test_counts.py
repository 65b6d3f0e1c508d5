import numpy as np
import pytest
from scipy.optimize import minimize
from scipy.stats import false_discovery_control, nbinom
from tests.rows import first

from empreinte.kernels.statistics import counts
from empreinte.kernels.statistics.counts import aggregate, effects, fit, wald


def draw(rng, n, levels, coefficients, alpha, intercept=1.0):
    """Draw posts with independent categories and over-dispersed counts."""
    codes = np.stack([rng.integers(0, size, n) for size in levels]).astype(np.int16)
    eta = intercept + sum(np.array(b)[c] for b, c in zip(coefficients, codes, strict=True))
    mu = np.exp(eta)
    return codes, rng.negative_binomial(1 / alpha, 1 / (1 + alpha * mu)).astype(float)


def dense(codes, model):
    """Write the design out, a column a category that is no reference."""
    columns = [np.ones(codes.shape[1])]
    for factor in range(len(codes)):
        for category, beta in enumerate(model.beta[model.columns(factor)]):
            if beta != 0:
                columns.append((codes[factor] == category).astype(float))
    return np.stack(columns, axis=1)


@pytest.mark.parametrize("seed", first(1, [1, 2, 3]))
def test_as_statsmodels_has_it(seed):
    import statsmodels.api as sm  # it takes a second, which every worker would take

    rng = np.random.default_rng(seed)
    levels = (4, 3, 2)
    codes, y = draw(rng, 1_500, levels, ([0, 0.5, 1, 0], [0, 0.2, 0], [0, -0.4]), 0.8)
    model = fit(aggregate(codes, y), levels, ridge=1e-12)
    x = dense(codes, model)
    oracle = sm.NegativeBinomial(y, x).fit(disp=0, method="newton", maxiter=200, tol=1e-12)
    kept = model.beta != 0
    assert model.beta[kept] == pytest.approx(oracle.params[:-1], abs=1e-6)
    assert model.alpha == pytest.approx(oracle.params[-1], abs=1e-6)
    # The sandwich, written out.
    mu = np.exp(x @ oracle.params[:-1])
    bread = np.linalg.inv(x.T @ (x * (mu / (1 + model.alpha * mu))[:, None]))
    scores = x * ((y - mu) / (1 + model.alpha * mu))[:, None]
    sandwich = bread @ scores.T @ scores @ bread * len(y) / (len(y) - x.shape[1])
    assert model.covariance[np.ix_(kept, kept)] == pytest.approx(sandwich, rel=1e-3, abs=1e-9)


def awkward(seed: int) -> np.ndarray:
    """Draw what fits of counts have stumbled on: heavy tails, many zeros, one enormous count."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(100, 600))
    own = [
        lambda: np.exp(rng.normal(0, 2, n)),
        lambda: rng.uniform(size=n) ** (-1 / 1.3),
        lambda: rng.gamma(0.1, 10, n),
        lambda: np.ones(n),
    ][seed % 4]()
    y = rng.poisson(np.minimum(rng.choice([0.5, 3, 30]) * own, 1e12)).astype(float)
    y[rng.uniform(size=n) < rng.choice([0, 0.75])] = 0
    y[0] *= rng.choice([1, 500, 2_000])
    return y


@pytest.mark.slow
def test_it_always_comes_to_rest_where_the_likelihood_is_greatest():
    levels = (2, 7, 7, 4, 2)
    for seed in range(100):
        rng, y = np.random.default_rng(seed), awkward(seed)
        codes = np.stack([rng.integers(0, size, len(y)) for size in levels]).astype(np.int16)
        model = fit(aggregate(codes, y), levels)
        assert model.converged, seed
        assert 1e-6 <= model.alpha <= 1e4
        assert np.isfinite(model.beta).all()


def test_it_is_the_greatest_likelihood_by_a_slow_search():
    rng = np.random.default_rng(11)
    codes = np.stack([rng.integers(0, 2, 300), rng.integers(0, 2, 300)]).astype(np.int16)
    y = rng.poisson(3 * np.exp(rng.normal(0, 2, 300)) * (1 + codes[0])).astype(float)
    model = fit(aggregate(codes, y), (2, 2), ridge=1e-12)
    x = dense(codes, model)

    def loss(given):
        r, mu = np.exp(-given[-1]), np.exp(x @ given[:-1])
        return -nbinom.logpmf(y, r, r / (r + mu)).sum()

    start = [np.log(y.mean()), 0, 0, 0]
    slow = minimize(loss, start, method="BFGS", options={"gtol": 1e-9}).x
    slow = minimize(loss, slow, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-13}).x
    assert model.beta[model.beta != 0] == pytest.approx(slow[:-1], abs=1e-6)
    assert model.alpha == pytest.approx(np.exp(slow[-1]), rel=1e-6)


def test_cells_lose_nothing():
    rng = np.random.default_rng(4)
    codes, y = draw(rng, 3_000, (3, 5), ([0, 0.3, 0.6], [0] * 5), 1.0)
    cells = aggregate(codes, y)
    assert len(cells.n) == 15
    whole = counts.Cells(codes, np.ones(3_000), y, y * y)
    one, two = fit(cells, (3, 5)), fit(whole, (3, 5))
    assert one.beta == pytest.approx(two.beta, abs=1e-8)
    assert one.covariance == pytest.approx(two.covariance, abs=1e-8)


def test_blocks_change_nothing(monkeypatch):
    rng = np.random.default_rng(5)
    levels = (3, 4, 2, 5)
    codes, y = draw(rng, 4_000, levels, ([0, 0.3, 0.6], [0] * 4, [0, 1], [0] * 5), 1.0)
    cells = aggregate(codes, y)
    expected = fit(cells, levels)
    monkeypatch.setattr(counts, "BLOCK", 6)
    found = fit(cells, levels)
    assert found.beta == pytest.approx(expected.beta, abs=1e-6)
    assert found.covariance == pytest.approx(expected.covariance, rel=1e-2, abs=1e-7)


@pytest.mark.slow
def test_intervals_hold_the_truth_nine_times_in_ten():
    rng = np.random.default_rng(6)
    levels, truth = (3, 2, 4), ([0, 0.4, -0.3], [0, 0.7], [0, 0, 0.2, -0.2])
    hits = rounds = 0
    for _ in range(150):
        codes, y = draw(rng, 600, levels, truth, 1.0)
        model = fit(aggregate(codes, y), levels)
        for factor, coefficients in enumerate(truth):
            found = effects(model, factor)
            share = model.n[factor] / 600
            real = np.exp(np.array(coefficients) - share @ np.array(coefficients))
            hits += int(((found.low <= real) & (real <= found.high)).sum())
            rounds += len(real)
    assert hits / rounds == pytest.approx(0.9, abs=0.025), hits / rounds


@pytest.mark.slow
def test_intervals_hold_the_truth_of_heavy_tailed_counts():
    levels = (4, 7, 4, 3, 2, 2, 2)
    tails = {
        "log-normal 2": lambda rng: np.exp(rng.normal(0, 2, 520)),
        "power 1.5": lambda rng: rng.random(520) ** (-1 / 1.5),
        "power 1.3": lambda rng: rng.random(520) ** (-1 / 1.3),
    }
    for name, tail in tails.items():
        rng, held = np.random.default_rng(8), list[bool]()
        for _ in range(40):
            shares = [rng.dirichlet(np.full(size, 6.0)) for size in levels]
            codes = np.stack([rng.choice(share.size, 520, p=share) for share in shares])
            y = rng.poisson(np.minimum(8 * tail(rng), 1e9)).astype(float)
            model = fit(aggregate(codes.astype(np.int16), y), levels)
            for factor in range(len(levels)):
                found = effects(model, factor)
                judged = (model.n[factor] >= 30) & (model.total[factor] >= 10)
                held += ((found.low <= 1) & (found.high >= 1))[judged].tolist()
        assert 0.85 <= np.mean(held) <= 0.95, (name, np.mean(held))


@pytest.mark.slow
@pytest.mark.parametrize("alpha", [1.0, 4.0])
def test_where_nothing_works_nothing_is_claimed(alpha):
    rng = np.random.default_rng(7)
    levels = (7, 7, 4, 3, 5, 2, 2, 2)
    zero = tuple([0.0] * size for size in levels)
    false = tests = 0
    rounds = 200
    for _ in range(rounds):
        codes, y = draw(rng, 1_000, levels, zero, alpha)
        model = fit(aggregate(codes, y), levels)
        p = np.concatenate([effects(model, f).p for f in range(len(levels))])
        false += bool((false_discovery_control(p) <= 0.05).any())
        tests += int((p <= 0.05).sum())
    # Under the null the false discovery rate is the chance of any discovery.
    assert false / rounds <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / rounds), false / rounds
    assert tests > 0  # single tests do go wrong: the control has something to hold


def test_a_category_without_any_count_stays_finite():
    rng = np.random.default_rng(8)
    codes, y = draw(rng, 400, (3, 2), ([0, 0.2, 0], [0, 0]), 1.0)
    y[codes[0] == 1] = 0
    model = fit(aggregate(codes, y), (3, 2))
    found = effects(model, 0)
    assert model.converged
    assert np.isfinite(found.multiplier).all()
    assert found.multiplier[1] < 0.05


def test_what_the_controls_already_tell_has_no_effect_of_its_own():
    rng = np.random.default_rng(9)
    channel = rng.integers(0, 2, 500)
    codes = np.stack([channel, channel, rng.integers(0, 3, 500)]).astype(np.int16)
    y = rng.poisson(np.exp(1 + 2 * channel)).astype(float)
    model = fit(aggregate(codes, y), (2, 2, 3))
    assert np.isfinite(effects(model, 0).multiplier).all()
    assert np.isfinite(effects(model, 1).multiplier).sum() == 1
    assert wald(model, 1) == 1.0
    assert wald(model, 0) < 1e-6


def test_wald_tells_what_matters():
    rng = np.random.default_rng(10)
    codes, y = draw(rng, 2_000, (4, 4), ([0, 0.5, 0, 0.5], [0] * 4), 1.0)
    model = fit(aggregate(codes, y), (4, 4))
    assert wald(model, 0) < 1e-6
    assert wald(model, 1) > 1e-3


def test_an_unused_category_gives_nothing():
    model = fit(aggregate(np.array([[0, 1, 0, 1]]), [1.0, 2, 1, 3]), (3,))
    assert np.isnan(effects(model, 0).multiplier[2])


def test_huge_counts_and_one_member():
    assert fit(aggregate(np.array([[0, 0, 1]]), [1e12, 2e12, 1e12]), (2,)).converged
    assert np.isfinite(fit(aggregate(np.array([[0]]), [3.0]), (1,)).beta).all()


def test_impossible_input_is_refused():
    with pytest.raises(ValueError, match="no cell"):
        fit(aggregate(np.zeros((1, 0), dtype=int), []), (1,))
    with pytest.raises(ValueError, match="give a row a factor"):
        aggregate([[0, 1]], [1.0])
    with pytest.raises(ValueError, match="leave unknown ones out"):
        aggregate([[0]], [np.nan])
    with pytest.raises(ValueError, match="category 3"):
        fit(aggregate([[3, 0]], [1.0, 2.0]), (2,))
    with pytest.raises(ValueError, match="in levels"):
        fit(aggregate([[3, 0]], [1.0, 2.0]), (4, 2))
