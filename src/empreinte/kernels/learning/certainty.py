"""How sure the probability of an edge is: edges seen rarely are drawn to their source's rate.

Most edges of a log had one trial or two. Their probabilities are taken as draws around the rate
of their source, and the rates of sources as draws around one rate of all:

    p(u→v) ~ Beta(κ r(u), κ (1 - r(u))),   r(u) ~ Beta(a, b),   successes ~ Binomial(trials, p)

with κ, a and b fitted to all edges by marginal likelihood (beta–binomial). `shrunk` gives the
posterior of each edge where successes are counted (attributed acts; credits, as if they were);
`sampled` gives it where any of several edges may have been the cause, by drawing the causes.

The interval of an edge has the doubt about its source's rate in it as well.

References
----------
Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., sections 5.1–5.3. Tanner & Wong (1987), The
calculation of posterior distributions by data augmentation, JASA 82(398).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.learning.cascade_logs import Chances
from empreinte.kernels.learning.learning import Learnt
from empreinte.kernels.loops import loops

ROUNDS = 3
"""How often the strength of sources and their rates are fitted in turn; both settle in two."""
MOST_FITTED = 50_000
"""Edges that the strength is fitted on; of more, evenly spaced ones."""


@dataclass(frozen=True, eq=False)
class Believed:
    """The posterior of each edge's probability, a Beta distribution.

    Attributes
    ----------
    a, b : ndarray of float64, shape (m,)
        Its parameters.
    prior_a, prior_b : ndarray of float64, shape (m,)
        What was expected before the edge's own trials, were its source's rate known.
    borrowed : ndarray of float64, shape (m,)
        Variance that the doubt about that rate adds; `a` and `b` have it in them.
    """

    a: NDArray[np.float64]
    b: NDArray[np.float64]
    prior_a: NDArray[np.float64]
    prior_b: NDArray[np.float64]
    borrowed: NDArray[np.float64]

    @property
    def mean(self) -> NDArray[np.float64]:
        """Posterior mean, shape (m,)."""
        return self.a / (self.a + self.b)

    def interval(self, level: float = 0.9) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Give the ends of the equal-tailed interval that holds the probability at `level`."""
        from scipy.special import betaincinv

        if not 0 < level < 1:
            raise ValueError(f"level {level}: give one between 0 and 1, such as 0.9")
        low, high = betaincinv(self.a, self.b, [[(1 - level) / 2], [(1 + level) / 2]])
        return low, high


def shrunk(graph: Graph, learnt: Learnt) -> Believed:
    """Draw the probability of each edge towards the rate of its source and of all.

    Parameters
    ----------
    graph : Graph
    learnt : Learnt
        Successes need not be whole.

    Returns
    -------
    Believed
        Edges without trials have what their source, or all, let expect.

    Examples
    --------
    Three followers of one person: two often seen, one never.

    >>> graph = Graph.from_edges([0, 0, 0], [1, 2, 3])
    >>> believed = shrunk(graph, Learnt(np.array([30, 28, 0]), np.array([100, 100, 0])))
    >>> believed.mean.round(2)
    array([0.3 , 0.28, 0.29])
    """
    successes, trials = _counts(graph, learnt)
    sources = graph.sources()
    rates, doubt, strength = _rates(sources, successes, trials, graph.n)
    expected = rates[sources]
    a, b = strength * expected, strength * (1 - expected)
    borrowed = (strength / (strength + trials)) ** 2 * doubt[sources]
    mean = (a + successes) / (strength + trials)
    variance = mean * (1 - mean) / (strength + trials + 1) + borrowed
    return Believed(*_beta(mean, variance), a, b, borrowed)


def sampled(
    graph: Graph,
    found: Chances,
    learnt: Learnt,
    *,
    sweeps: int = 200,
    warm: int = 50,
    seed: int = 0,
) -> Believed:
    """Draw causes and probabilities in turn: the posterior where causes are not known.

    Given the probabilities, which of an act's possible causes succeeded is drawn, given that at
    least one did; given the causes, each probability is drawn from its Beta distribution. Means
    and variances over sweeps are those of the Beta distributions, not of the draws (Rao–Blackwell),
    and give back a Beta distribution.

    Parameters
    ----------
    graph : Graph
    found : Chances
    learnt : Learnt
        From `learn_em`; the prior is fitted to its successes and trials.
    sweeps, warm : int
        Draws kept, and draws first left out.
    seed : int

    Returns
    -------
    Believed
    """
    prior = shrunk(graph, learnt)
    sure_a, sure_b = prior.prior_a, prior.prior_b + found.trials
    at = np.unique(found.edges)
    place = np.zeros(graph.m, dtype=np.int64)
    place[at] = np.arange(at.size)
    edges, a, total = place[found.edges], sure_a[at], (sure_a + sure_b)[at]
    longest = int(np.diff(found.rows).max(initial=0))
    none_after, random = np.empty(longest), np.random.default_rng(seed)
    p, first, second = prior.mean[at], np.zeros(at.size), np.zeros(at.size)
    loop = loops("learning")
    for sweep in range(warm + sweeps):
        successes = np.zeros(at.size)
        loop.draw_successes(found.rows, edges, p, seed, sweep, none_after, successes)
        shape = a + successes
        p = random.beta(shape, total - shape)
        if sweep >= warm:
            first += shape / total
            second += shape * (shape + 1) / (total * (total + 1))
    mean = sure_a / (sure_a + sure_b)
    variance = mean * (1 - mean) / (sure_a + sure_b + 1)
    mean[at] = first / sweeps
    variance[at] = second / sweeps - mean[at] ** 2
    both = _beta(mean, variance + prior.borrowed)
    return Believed(*both, prior.prior_a, prior.prior_b, prior.borrowed)


def _beta(
    mean: NDArray[np.float64], variance: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the Beta distribution of this mean and variance."""
    size = np.maximum(mean * (1 - mean) / np.maximum(variance, 1e-300) - 1, 1e-9)
    return mean * size, (1 - mean) * size


def _counts(graph: Graph, learnt: Learnt) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    successes = np.asarray(learnt.successes, dtype=np.float64)
    trials = np.asarray(learnt.trials, dtype=np.float64)
    if successes.shape != (graph.m,) or trials.shape != (graph.m,):
        raise ValueError(f"{successes.size} successes of {trials.size} trials for {graph.m} edges")
    # Partial credits of one act may add up past 1 by rounding.
    return np.minimum(successes, trials), trials


def _rates(
    sources: NDArray[np.int32], successes: NDArray[np.float64], trials: NDArray[np.float64], n: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Fit the rate of each source, its variance, and the strength κ of all."""
    if not 0 < successes.sum() < trials.sum():
        # Nothing, or all, ever passed on: as one success and one failure more, Jeffreys' prior.
        rate = (successes.sum() + 0.5) / (trials.sum() + 1)
        return np.full(n, rate), np.zeros(n), 1.0
    tried = trials > 0
    s, k, of = successes[tried], trials[tried], sources[tried]
    rates, doubt = np.full(n, s.sum() / k.sum()), np.zeros(n)
    for _ in range(ROUNDS):
        strength = _strength(s, k, rates[of])
        # Trials of one edge agree with one another: they count for less than as many of others.
        weight = (strength + 1) / (strength + k)
        own = np.bincount(of, s * weight, n).astype(np.float64)
        out_of = np.bincount(of, k * weight, n).astype(np.float64)
        base, some = own.sum() / out_of.sum(), out_of > 0
        alike = _strength(own[some], out_of[some], np.full(np.count_nonzero(some), base))
        rates = (alike * base + own) / (alike + out_of)
        doubt = rates * (1 - rates) / (alike + out_of + 1)
    return rates, doubt, _strength(s, k, rates[of])


def _strength(s: NDArray[np.float64], k: NDArray[np.float64], rates: NDArray[np.float64]) -> float:
    """Find the likeliest κ, given successes around known rates.

    1 / (1 + κ), the part of its own rate that one trial leaves an edge, is taken to be anything
    from 0 to 1 beforehand: two edges that happen to agree do not prove that all do.
    """
    from scipy.optimize import fminbound
    from scipy.special import betaln

    step = -(-s.size // MOST_FITTED)
    s, k, rates = s[::step], k[::step], rates[::step]
    # Most edges of a large author have the same trials, and none or one success.
    order = np.lexsort((rates, k, s))
    s, k, rates = s[order], k[order], rates[order]
    new = np.flatnonzero(
        np.append(True, (np.diff(s) != 0) | (np.diff(k) != 0) | (np.diff(rates) != 0))[: s.size]
    )
    times = np.diff(np.append(new, s.size))
    s, k, rates = s[new], k[new], rates[new]

    def loss(log_strength: float) -> float:
        a = math.exp(log_strength) * rates
        b = math.exp(log_strength) * (1 - rates)
        fit = float((times * (betaln(a + s, b + k - s) - betaln(a, b))).sum())
        return -fit - log_strength + 2 * math.log1p(math.exp(log_strength))

    best = np.ravel(fminbound(loss, math.log(1e-2), math.log(1e5)))
    return math.exp(float(best[0]))


def filled(probabilities: ArrayLike, unknown: float = 0.0) -> NDArray[np.float64]:
    """Put `unknown` where a probability is not known (NaN): a choice that the caller makes."""
    p = np.asarray(probabilities, dtype=np.float64)
    return np.where(np.isnan(p), unknown, p)
