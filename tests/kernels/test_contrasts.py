"""Categories that stand out among all posts, days being what is independent."""

import numpy as np
import pytest

from empreinte.kernels.statistics import counts
from empreinte.kernels.statistics.contrasts import contrasts, day_variance, normal_scores

LEVELS = (2, 3, 2)


def drawn(seed, n=600, *, effect=0.0, day=0.8):
    """Draw posts on 150 days; the third factor is one of whole days, the second of single posts."""
    random = np.random.default_rng(seed)
    when = np.sort(random.integers(0, 150, n))
    codes = np.stack([when // 75, random.integers(0, 3, n), when * 7 % 5 % 2]).astype(np.int16)
    shared = random.normal(0, day, 150)[when]
    own = np.exp(random.normal(0, 1.2, n) + shared + effect * (codes[1] == 1))
    return codes, random.poisson(8 * own).astype(float), when


def found(seed, **design):
    codes, y, when = drawn(seed, **design)
    scores = normal_scores(y, np.zeros(len(y), dtype=int))
    return contrasts(codes, LEVELS, scores, when, [1, 2])


def test_what_was_planted_is_found():
    posts, days = found(1, effect=1.0)
    assert posts.p[1] < 1e-4
    assert posts.effect[1] > 0
    assert days.p.min() > 0.01


def test_the_regression_is_statsmodels_with_errors_by_day():
    import statsmodels.api as sm

    codes, y, when = drawn(2)
    scores = normal_scores(y, np.zeros(len(y), dtype=int))
    x = sm.add_constant(
        np.stack([codes[0], codes[1] == 1, codes[1] == 2, codes[2]]).T.astype(float)
    )
    oracle = sm.OLS(scores, x).fit(cov_type="cluster", cov_kwds={"groups": when})
    (test,) = contrasts(codes, LEVELS, scores, when, [2])
    share = np.mean(codes[2] == 1)
    assert test.effect[1] == pytest.approx(oracle.params[4] * (1 - share))
    assert test.effect[0] == pytest.approx(-oracle.params[4] * share)
    # Two sides of one circumstance, and neither is told without the day that speaks most for it.
    assert test.p[0] == pytest.approx(test.p[1])
    assert test.p[1] >= oracle.pvalues[4]


@pytest.mark.slow
@pytest.mark.parametrize("factor", [0, 1])
def test_shared_days_are_no_difference(factor):
    p = np.array([found(seed)[factor].p[1] for seed in range(300)])
    assert (p <= 0.05).mean() <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 300)


def test_intervals_by_day_are_wider_where_days_are_shared():
    codes, y, when = drawn(3, day=1.2)
    model = counts.fit(counts.aggregate(codes, y), LEVELS)
    (variance,) = day_variance(codes, model, y, when, [2])
    alone = counts.effects(model, 2)
    wide = counts.effects(model, 2, floor=variance)
    assert (wide.low <= alone.low).all()
    assert (wide.high >= 1.05 * alone.high).all()


def test_scores_are_within_their_group():
    scores = normal_scores(np.array([1.0, 2, 2, 9, 50, 70]), np.array([0, 0, 0, 0, 1, 1]))
    assert scores[1] == scores[2]
    assert scores[:4].sum() == pytest.approx(0, abs=1e-9)
    assert scores[4:].tolist() == pytest.approx([-0.6745, 0.6745], abs=1e-4)
