"""How good forecasts of size were: rank, calibration and coverage, each with an interval.

Intervals over forecasts come from the bootstrap: cascades are drawn with replacement, so that what
is said holds for other cascades of the kind.

References
----------
Efron & Tibshirani (1993), An Introduction to the Bootstrap. Wilson (1927), JASA 22(158) (shares).
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Logs, chances
from empreinte.kernels.learning.learning import log_likelihood

DRAWS = 1_000


class Estimate(NamedTuple):
    """A value with its interval; NaN where nothing can be said."""

    value: float
    low: float
    high: float


class Calibration(NamedTuple):
    """Forecasts against what came, from the group of least forecasts to that of most.

    Attributes
    ----------
    n : ndarray of int64, shape (groups,)
    expected, actual : ndarray of float64, shape (groups,)
        Mean forecast and mean outcome.
    ratio, low, high : ndarray of float64, shape (groups,)
        Actual over expected, with its interval.
    """

    n: NDArray[np.int64]
    expected: NDArray[np.float64]
    actual: NDArray[np.float64]
    ratio: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def within(self, share: float) -> int:
        """Count the groups whose mean outcome is within a share (0.2) of the mean forecast."""
        return int(np.count_nonzero(np.abs(self.ratio - 1) <= share))


def rank_correlation(
    forecasts: ArrayLike, actual: ArrayLike, level: float = 0.95, *, seed: int = 0
) -> Estimate:
    """Measure how well forecasts put cascades in order (Spearman's ρ; ties share their rank).

    Parameters
    ----------
    forecasts, actual : array_like of shape (n,)
    level : float
        Of the bootstrap interval.
    seed : int

    Returns
    -------
    Estimate
        NaN with fewer than three cascades, or where all forecasts (or outcomes) are the same.

    Examples
    --------
    >>> round(rank_correlation([1, 2, 3, 4, 5], [2, 1, 4, 3, 9]).value, 3)
    0.8
    """
    f, a = _pair(forecasts, actual)
    draws = _draws(f.size, seed)
    return _estimate(float(_spearman(f, a)), _spearman(f[draws], a[draws]), level)


def rank_gain(
    forecasts: ArrayLike,
    others: ArrayLike,
    actual: ArrayLike,
    level: float = 0.95,
    *,
    seed: int = 0,
) -> Estimate:
    """Measure by how much Spearman's ρ of some forecasts exceeds that of others.

    Both are judged on the same draws, so that the interval is that of the difference.
    """
    f, a = _pair(forecasts, actual)
    g, _ = _pair(others, actual)
    draws = _draws(f.size, seed)
    drawn = _spearman(f[draws], a[draws]) - _spearman(g[draws], a[draws])
    return _estimate(float(_spearman(f, a) - _spearman(g, a)), drawn, level)


def likelihood_gain(
    graph: Graph,
    logs: Logs,
    probabilities: ArrayLike,
    others: ArrayLike,
    level: float = 0.95,
    *,
    seed: int = 0,
) -> Estimate:
    """Measure how much likelier some probabilities make held-back cascades than others do.

    Parameters
    ----------
    graph : Graph
    logs : Logs
        Held back.
    probabilities, others : array_like of shape (m,)
        Of the independent cascade.
    level : float
    seed : int

    Returns
    -------
    Estimate
        Mean difference of log-likelihoods a cascade, in nats.

    Examples
    --------
    >>> graph = Graph.from_edges([0, 0], [1, 2])
    >>> logs = Logs.from_acts([0, 0], [0, 1], [1, 2])
    >>> round(likelihood_gain(graph, logs, [0.9, 0.1], [0.5, 0.5]).value, 2)
    1.18
    """
    one, two = np.asarray(probabilities, dtype=float), np.asarray(others, dtype=float)
    gains = np.empty(len(logs))
    for c in range(len(logs)):
        found = chances(graph, logs.chosen([c]))
        gains[c] = log_likelihood(found, one) - log_likelihood(found, two)
    drawn = gains[_draws(gains.size, seed)].mean(axis=1) if gains.size else gains
    return _estimate(float(gains.mean()) if gains.size else math.nan, drawn, level)


def calibration(
    forecasts: ArrayLike,
    actual: ArrayLike,
    groups: int = 10,
    level: float = 0.95,
    *,
    seed: int = 0,
) -> Calibration:
    """Compare the mean outcome with the mean forecast, in groups of equal number by forecast.

    Parameters
    ----------
    forecasts, actual : array_like of shape (n,)
        Expected and final sizes, above 0.
    groups : int
        10 for deciles; fewer where there are fewer cascades.

    Examples
    --------
    >>> calibration([1, 1, 10, 10], [1, 2, 9, 11], groups=2).ratio
    array([1.5, 1. ])
    """
    f, a = _pair(forecasts, actual)
    if not f.size or (f <= 0).any():
        raise ValueError("forecasts must be above 0, and there must be one: nothing to compare")
    parts = np.array_split(np.argsort(f, kind="stable"), min(groups, f.size))
    rows = []
    for i, part in enumerate(parts):
        draws = part[_draws(part.size, seed + i)]
        drawn = a[draws].mean(axis=1) / f[draws].mean(axis=1)
        ratio = _estimate(a[part].mean() / f[part].mean(), drawn, level)
        rows.append((part.size, f[part].mean(), a[part].mean(), *ratio))
    n, expected, mean, ratio, low, high = (np.array(column) for column in zip(*rows, strict=True))
    return Calibration(n.astype(np.int64), expected, mean, ratio, low, high)


def coverage(low: ArrayLike, high: ArrayLike, actual: ArrayLike, level: float = 0.95) -> Estimate:
    """Measure the share of outcomes that lie within their intervals, ends included.

    Parameters
    ----------
    low, high, actual : array_like of shape (n,)
    level : float
        Of Wilson's interval of that share.

    Examples
    --------
    >>> round(coverage([0, 0, 5], [2, 2, 9], [1, 2, 3]).value, 2)
    0.67
    """
    under, came = _pair(low, actual)
    over, _ = _pair(high, actual)
    inside, n = (under <= came) & (came <= over), came.size
    if not n:
        return Estimate(math.nan, math.nan, math.nan)
    share, z = float(inside.mean()), NormalDist().inv_cdf((1 + level) / 2)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return Estimate(share, centre - reach, centre + reach)


def naive_sizes(graph: Graph, past: Logs, logs: Logs, k: int) -> dict[str, NDArray[np.float64]]:
    """Give what needs no learning, for the first `k` adopters of each cascade.

    Returns
    -------
    dict of str to ndarray of float64, shape (cascades,)
        ``followers``: out-degree of the first one; ``degree_sum``: in- and out-degrees of the k;
        ``past_mean``: mean size of the past cascades that they were in, each adopter counting
        the same (the mean of all where none was in any).
    """
    if (logs.sizes() < k).any():
        raise ValueError(f"a cascade of {logs.sizes().min()} users has no first {k}: choose")
    early = logs.first(k).users.reshape(-1, k)
    out = graph.out_degrees()
    degrees = out + graph.in_degrees()
    sizes = past.sizes().astype(np.float64)
    mean = sizes.mean() if sizes.size else math.nan
    acts = past.acts(graph.n)
    sums = np.bincount(past.users, weights=np.repeat(sizes, past.sizes()), minlength=graph.n)
    own = np.divide(sums, acts, out=np.full(graph.n, mean), where=acts > 0)
    return {
        "followers": out[early[:, 0]].astype(np.float64),
        "degree_sum": degrees[early].sum(axis=1).astype(np.float64),
        "past_mean": own[early].mean(axis=1),
    }


def _pair(first: ArrayLike, second: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    a, b = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if a.shape != b.shape or a.ndim != 1:
        raise ValueError(f"arrays of shape {a.shape} and {b.shape}: give one row of each")
    if not (np.isfinite(a).all() and np.isfinite(b).all()):
        raise ValueError("forecasts and outcomes must be finite: leave unknown ones out")
    return a, b


def _draws(n: int, seed: int) -> NDArray[np.int64]:
    return np.random.default_rng(seed).integers(0, max(n, 1), (DRAWS, n))


def _spearman(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give ρ of each row of `a` with that of `b`; NaN where all of a row are the same."""
    from scipy.stats import rankdata

    if a.shape[-1] < 3:
        return np.full(a.shape[:-1], math.nan)
    x, y = rankdata(a, axis=-1), rankdata(b, axis=-1)
    # The mean rank is the same in every row, and ties do not move it.
    x, y = x - (a.shape[-1] + 1) / 2, y - (a.shape[-1] + 1) / 2
    scale = np.sqrt((x * x).sum(axis=-1) * (y * y).sum(axis=-1))
    return np.divide(
        (x * y).sum(axis=-1), scale, out=np.full(scale.shape, math.nan), where=scale > 0
    )


def _estimate(value: float, drawn: NDArray[np.float64], level: float) -> Estimate:
    if not 0 < level < 1:
        raise ValueError(f"level {level}: give one between 0 and 1, such as 0.95")
    drawn = drawn[np.isfinite(drawn)]
    if not drawn.size or math.isnan(value):
        return Estimate(value, math.nan, math.nan)
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return Estimate(float(value), float(low), float(high))
