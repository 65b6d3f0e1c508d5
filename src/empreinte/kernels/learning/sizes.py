"""How large a cascade becomes, from its first adopters: who they are, and how fast they came.

Four signs are read off the first k adopters (`early_signs`); a negative binomial regression says
what they told in past cascades (`fit_sizes`). `learn_sizes` does all of it from a graph and a log.
The probabilities that the first sign needs are learnt without the cascades it is read off (by
folds): else each cascade would foretell itself.

References
----------
Cameron & Trivedi (2013), Regression Analysis of Count Data, 2nd ed., section 3.3 (negative
binomial). Cheng, Adamic, Dow, Kleinberg & Leskovec (2014), Can cascades be predicted?, WWW (what
the first k adopters tell; speed above all).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Logs, chances
from empreinte.kernels.learning.certainty import sampled, shrunk
from empreinte.kernels.learning.learning import learn_attributed, learn_em
from empreinte.kernels.loops import loops

SIGNS = ("spread", "time", "later_time", "followers")
QUANTILES = (0.02, 0.1, 0.25, 0.5, 0.75)
"""Of past times, the candidates for what a time is compared with."""
STEPS = 5
"""How often coefficients and over-dispersion are fitted in turn; both settle in three."""
RIDGE = 1e-3
"""Curvature added to each standardised coefficient, for each cascade."""


@dataclass(frozen=True, eq=False)
class SizeModel:
    """What the signs of the first `k` adopters say of the final size.

    Attributes
    ----------
    k : int
    usual : ndarray of float64, shape (signs,)
        What each time sign is compared with; NaN for other signs.
    centre, width : ndarray of float64, shape (signs,)
        Mean and standard deviation of each sign, once transformed.
    beta : ndarray of float64, shape (1 + signs,)
        Logarithm of the usual number of further adopters, and what a standard deviation of each
        sign adds to it.
    covariance : ndarray of float64, shape (1 + signs, 1 + signs)
    alpha : float
        Over-dispersion: variance μ + αμ².
    """

    k: int
    usual: NDArray[np.float64]
    centre: NDArray[np.float64]
    width: NDArray[np.float64]
    beta: NDArray[np.float64]
    covariance: NDArray[np.float64]
    alpha: float

    def expected(self, signs: ArrayLike) -> NDArray[np.float64]:
        """Give the expected final size of each cascade, its first `k` adopters included."""
        return self.k + np.exp(self._design(signs) @ self.beta)

    def interval(
        self, signs: ArrayLike, level: float = 0.9
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the ends of the interval that holds each final size at `level`."""
        from scipy.stats import nbinom

        if not 0 < level < 1:
            raise ValueError(f"level {level}: give one between 0 and 1, such as 0.9")
        design = self._design(signs)
        mean = np.exp(design @ self.beta)
        doubt = np.einsum("ij,jk,ik->i", design, self.covariance, design)
        shape = 1 / np.maximum((1 + self.alpha) * np.exp(doubt) - 1, 1e-9)
        tails = np.array([[(1 - level) / 2], [(1 + level) / 2]])
        low, high = self.k + nbinom.ppf(tails, shape, shape / (shape + mean))
        return low, high

    def _design(self, signs: ArrayLike) -> NDArray[np.float64]:
        x = (_transformed(np.atleast_2d(signs), self.usual) - self.centre) / self.width
        return np.column_stack([np.ones(len(x)), x])


@dataclass(frozen=True, eq=False)
class Foreteller:
    """Probabilities and a model of sizes, learnt from one log."""

    graph: Graph
    probabilities: NDArray[np.float64]
    model: SizeModel

    def signs(self, logs: Logs, *, runs: int = 200, seed: int = 0) -> NDArray[np.float64]:
        """Read the signs of cascades; what came after their first k adopters is not looked at."""
        return early_signs(self.graph, self.probabilities, logs, self.model.k, runs=runs, seed=seed)


def early_signs(
    graph: Graph,
    probabilities: ArrayLike,
    logs: Logs,
    k: int,
    *,
    runs: int = 200,
    seed: int = 0,
    threads: int = 1,
) -> NDArray[np.float64]:
    """Read the signs of the first `k` adopters of each cascade.

    Parameters
    ----------
    graph : Graph
    probabilities : array_like of shape (m,)
        Of the independent cascade, from 0 to 1.
    logs : Logs
        Cascades of at least `k` users.
    k : int
    runs : int
        Simulated cascades for each.
    seed : int
    threads : int
        The result is the same for any number.

    Returns
    -------
    ndarray of float64, shape (cascades, 4)
        ``spread``: users that the independent cascade reaches beyond them, in the mean;
        ``time``: from the first to the k-th; ``later_time``: from the middle one to the k-th;
        ``followers``: sum of their out-degrees.

    Raises
    ------
    ValueError
        If a cascade is smaller, or a probability is not from 0 to 1.

    Examples
    --------
    >>> graph = Graph.from_edges([0, 1, 1], [1, 2, 3])
    >>> logs = Logs.from_acts([0, 0, 0], [0, 1, 3], [5, 8, 9])
    >>> early_signs(graph, np.ones(3), logs, 2).tolist()
    [[2.0, 3.0, 3.0, 3.0]]
    """
    sizes = logs.sizes()
    if k < 1 or (sizes < k).any():
        raise ValueError(f"a cascade of {sizes.min(initial=0)} users has no first {k}: choose")
    p = np.ascontiguousarray(probabilities, dtype=np.float64)
    if p.shape != (graph.m,) or not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"give one probability from 0 to 1 for each of {graph.m} edges")
    early = logs.first(k)
    spread = np.empty(len(logs))
    arrays = (graph.indptr, graph.targets, p, early.indptr, early.users, runs, seed)
    cuts = [len(logs) * part // threads for part in range(threads + 1)]
    reach: Callable[[int], None] = lambda part: loops("early").reached_beyond(  # noqa: E731
        *arrays, cuts[part], cuts[part + 1], spread
    )
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(reach, range(threads)))
    times = early.times.reshape(-1, k)
    followers = graph.out_degrees()[early.users].reshape(-1, k).sum(axis=1)
    last = times[:, -1]
    return np.column_stack([spread, last - times[:, 0], last - times[:, (k - 1) // 2], followers])


def fit_sizes(signs: ArrayLike, sizes: ArrayLike, k: int) -> SizeModel:
    """Fit the expected number of further adopters: log μ is linear in the signs.

    Spread and followers enter as log (1 + x), times as log (1 + x / usual): below its usual, a
    time tells little more by being shorter. The usual times are the quantiles of `QUANTILES` under
    which the sizes are most likely.

    Parameters
    ----------
    signs : array_like of shape (cascades, 4)
        From `early_signs`.
    sizes : array_like of int, shape (cascades,)
        Final sizes, at least `k`.
    k : int

    Raises
    ------
    ValueError
        If there is no cascade, or a size is below `k`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> signs = np.column_stack([rng.integers(1, 99, 200)] + [np.ones(200)] * 3)
    >>> model = fit_sizes(signs, 5 + 2 * signs[:, 0], 5)
    >>> model.expected([[9, 1, 1, 1]]).round()
    array([23.])
    """
    x, y = np.atleast_2d(np.asarray(signs, dtype=np.float64)), np.asarray(sizes, dtype=float) - k
    if not y.size or x.shape != (y.size, len(SIGNS)):
        raise ValueError(f"signs of shape {x.shape} for {y.size} sizes: a row of four a cascade")
    if (y < 0).any():
        raise ValueError(f"a final size of {int(y.min()) + k} among cascades of {k} or more")
    fits = [_fitted(x, y, k, quantile) for quantile in QUANTILES]
    return max(fits, key=lambda fit: fit[0])[1]


def learn_sizes(
    graph: Graph, logs: Logs, k: int = 5, *, folds: int = 5, seed: int = 0
) -> Foreteller:
    """Learn from past cascades how large later ones become.

    Parameters
    ----------
    graph : Graph
    logs : Logs
        Finished cascades; those of at least `k` users are learnt from for sizes, all of them for
        probabilities.
    k : int
        Adopters from which a size is to be foretold.
    folds : int
        Parts left out in turn.
    seed : int
    """
    part = np.random.default_rng(seed).permutation(len(logs)) % folds
    large = logs.sizes() >= k
    signs = np.empty((len(logs), len(SIGNS)))
    for fold in range(folds):
        p = _probabilities(graph, logs.chosen(part != fold), seed)
        judged = (part == fold) & large
        signs[judged] = early_signs(graph, p, logs.chosen(judged), k, seed=seed)
    model = fit_sizes(signs[large], logs.sizes()[large], k)
    return Foreteller(graph, _probabilities(graph, logs, seed), model)


def _probabilities(graph: Graph, logs: Logs, seed: int) -> NDArray[np.float64]:
    found = chances(graph, logs)
    if logs.parents is not None:
        return shrunk(graph, learn_attributed(graph, logs, found)).mean
    return sampled(graph, found, learn_em(found), seed=seed).mean


def _fitted(
    x: NDArray[np.float64], y: NDArray[np.float64], k: int, quantile: float
) -> tuple[float, SizeModel]:
    """Fit with times compared to their `quantile`; give the log-likelihood too."""
    usual = np.array([math.nan, *np.quantile(x[:, 1:3], quantile, axis=0), math.nan])
    usual[usual <= 0] = 1.0
    moved = _transformed(x, usual)
    centre, width = moved.mean(axis=0), moved.std(axis=0)
    width[width < 1e-9] = 1.0
    design = np.column_stack([np.ones(len(x)), (moved - centre) / width])
    beta, information = _regressed(design, y, 1.0)
    alpha, likelihood = _dispersion(np.exp(design @ beta), y)
    for _ in range(STEPS):
        beta, information = _regressed(design, y, alpha)
        alpha, likelihood = _dispersion(np.exp(design @ beta), y)
    covariance = np.asarray(np.linalg.inv(information), dtype=np.float64)
    return likelihood, SizeModel(k, usual, centre, width, beta, covariance, alpha)


def _transformed(signs: NDArray[np.float64], usual: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.log1p(np.where(np.isnan(usual), signs, signs / usual))


def _regressed(
    x: NDArray[np.float64], y: NDArray[np.float64], alpha: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Solve Σ x (y - μ) / (1 + αμ) = ridge by Fisher scoring; give β and the information."""
    ridge = np.diag([0.0] + [RIDGE * len(y)] * (x.shape[1] - 1))
    beta = np.zeros(x.shape[1])
    beta[0] = math.log(max(y.mean(), 1e-3))
    information = ridge
    for _ in range(100):
        mean = np.exp(np.clip(x @ beta, -20, 25))
        weight = 1 / (1 + alpha * mean)
        information = (x.T * (mean * weight)) @ x + ridge
        step = np.linalg.solve(information, x.T @ ((y - mean) * weight) - ridge @ beta)
        beta = beta + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    return beta, information


def _dispersion(mean: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Find the α under which the counts are most likely; give their log-likelihood too."""
    from scipy.optimize import fminbound
    from scipy.special import gammaln

    def loss(log_alpha: float) -> float:
        shape = math.exp(-log_alpha)
        fit = gammaln(y + shape) - gammaln(shape) - shape * np.log1p(mean / shape)
        return -float((fit + y * (np.log(mean) - np.log(mean + shape))).sum())

    best = float(np.ravel(fminbound(loss, math.log(1e-6), math.log(100)))[0])
    return math.exp(best), -loss(best)
