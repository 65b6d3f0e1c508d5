"""What a post is like, from its shares: parameters of a self-exciting process, with their doubt.

What past posts were like is a prior (`learn_prior`); the shares of a post make it a posterior,
drawn by sequential Monte Carlo (`posterior`). The prior is normal in transformed parameters, so
that all of them stay within their bounds.

References
----------
Del Moral, Doucet & Jasra, "Sequential Monte Carlo samplers", JRSS B 68(3), 2006, section 3.
Gelman et al. (2013), Bayesian Data Analysis, 3rd ed., section 13.4 (EM for a prior).
Miller & Dunson, "Robust Bayesian inference via coarsening", JASA 114(527), 2019 (power likelihood).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.learning.hawkes import FASTEST, SLOWEST, Process, checked
from empreinte.kernels.loops import loops

PARTICLES = 256
MOVES = 4
"""Steps of each particle after each tempering; fewer leave copies of a few."""
TRUST = 30.0
"""Shares after which what more of them say of a post counts for less and less.

No post is quite a self-exciting process (nights, a second life elsewhere), and many shares would
make us as sure of its parameters as if it were. A week ahead on Twitter, 90 % intervals held from
half an hour, an hour and six hours 86, 79 and 68 % of posts when every share counted whole.
"""
ROUNDS = 4
"""Rounds of learning a prior; its mean moves by less than a tenth of its spread after three."""


class Seen(NamedTuple):
    """The shares of one post, seen up to some moment after it.

    Attributes
    ----------
    times : array_like of shape (n,)
        Since the post, ascending; in any unit, the same for all posts.
    end : float
        How long it was looked at.
    marks : array_like of shape (n,) or None
        Followers of each who shared, where known.
    """

    times: ArrayLike
    end: float
    marks: ArrayLike | None = None


@dataclass(frozen=True, eq=False)
class Prior:
    """What posts of a kind are like: a normal distribution of transformed parameters.

    Attributes
    ----------
    kernel : "power" or "exponential"
    mean : ndarray of float64, shape (d,)
        Of log first, logit branching, log scale, then log shape with a power law, then the
        exponent of marks where there are any.
    covariance : ndarray of float64, shape (d, d)
    pool : ndarray of float64
        Marks that later shares draw from; empty without marks.
    """

    kernel: Literal["power", "exponential"]
    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]
    pool: NDArray[np.float64]

    @classmethod
    def broad(
        cls,
        scale: float = 300.0,
        kernel: Literal["power", "exponential"] = "power",
        pool: ArrayLike = (),
    ) -> Prior:
        """Expect little: 1 to 1,000 direct shares, any branching, delays within a decade or two.

        Parameters
        ----------
        scale : float
            A usual delay (5 minutes, in seconds).
        kernel : str
        pool : array_like, optional
            Marks, if posts have them.
        """
        if kernel not in ("power", "exponential"):
            raise ValueError(f"{kernel!r} is no kernel: give power or exponential")
        marks = np.asarray(pool, dtype=np.float64)
        mean, spread = [math.log(30), 0.0, math.log(scale)], [1.8, 1.2, 1.5]
        if kernel == "power":
            mean, spread = [*mean, math.log(0.5)], [*spread, 0.7]
        if marks.size:
            mean, spread = [*mean, 0.4], [*spread, 0.4]
        return cls(kernel, np.array(mean), np.diag(spread) ** 2, marks)

    def process(self, parameters: NDArray[np.float64]) -> Process:
        """Give the process of transformed parameters."""
        first, branching, scale, shape, exponent = self.columns(parameters[None])[:, 0]
        return Process(float(first), float(branching), float(scale), float(shape), float(exponent))

    def columns(self, drawn: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give first, branching, scale, shape and exponent of each draw, shape (5, draws)."""
        power = self.kernel == "power"
        zero = np.zeros(len(drawn))
        # Up to 0.999: a share followed by a thousand, all in all.
        branching = 1 / (1 + np.exp(-np.clip(drawn[:, 1], -30, 7)))
        first, scale = np.exp(np.clip(drawn[:, [0, 2]], -30, 30)).T
        shape = np.exp(np.clip(drawn[:, 3], -5, 4)) if power else zero
        exponent = drawn[:, 3 + power] if self.pool.size else zero
        return np.stack([first, branching, scale, shape, exponent])


def posterior(
    post: Seen,
    prior: Prior,
    *,
    trust: float = math.inf,
    particles: int = PARTICLES,
    seed: int = 0,
) -> NDArray[np.float64]:
    """Draw transformed parameters of a post, given its shares so far.

    Particles start as draws of the prior and take the likelihood in by degrees: each degree halves
    the effective number of particles, which are then drawn anew and moved (random-walk
    Metropolis–Hastings with their own covariance).

    Parameters
    ----------
    post : Seen
    prior : Prior
    trust : float
        Shares that the likelihood counts as at most, however many there are (its power is
        ``trust / (trust + shares)``); infinite if posts are such processes.
    particles, seed : int

    Returns
    -------
    ndarray of float64, shape (particles, d)
    """
    times, powers = sound(post, prior)
    random = np.random.default_rng(seed)
    root = np.linalg.cholesky(prior.covariance)
    size = prior.mean.size
    at = prior.mean + random.standard_normal((particles, size)) @ root.T
    fit, degree = _fits(at, times, powers, post.end, prior), 0.0
    whole = 1 / (1 + times.size / trust)
    while degree < whole:
        step = _step(fit, whole - degree)
        degree += step
        weights = np.exp(step * (fit - fit.max()))
        places = (random.random() + np.arange(particles)) / particles * weights.sum()
        chosen = np.minimum(np.searchsorted(np.cumsum(weights), places), particles - 1)
        at, fit = at[chosen], fit[chosen]
        spread = np.cov(at.T) + 1e-6 * prior.covariance
        walk = 2.38 / math.sqrt(size) * np.linalg.cholesky(spread)
        for _ in range(MOVES):
            moved = at + random.standard_normal(at.shape) @ walk.T
            moved_fit = _fits(moved, times, powers, post.end, prior)
            gain = degree * (moved_fit - fit) + _density(moved, prior) - _density(at, prior)
            better = np.log(random.random(particles)) < gain
            at[better], fit[better] = moved[better], moved_fit[better]
    return at


def learn_prior(posts: Sequence[Seen], prior: Prior, *, seed: int = 0) -> Prior:
    """Learn what posts are like from past ones, best those of the same author.

    Expectation and maximisation: the prior's mean and covariance become those of what is plausible
    for all posts, under the prior of the round before.

    Parameters
    ----------
    posts : sequence of Seen
        Seen for as long as forecasts look ahead.
    prior : Prior
        Where to start, and how to see them: kernel and marks.
    seed : int

    Returns
    -------
    Prior
        The prior itself if there is no post.
    """
    for _ in range(ROUNDS if posts else 0):
        drawn = np.concatenate([posterior(post, prior, seed=seed + i)
                                for i, post in enumerate(posts)])  # fmt: skip
        # As for one post more than those seen; with few posts the covariances are not learnt.
        covariance = np.cov(drawn.T) * (1 + 1 / len(posts))
        kept = len(posts) / (len(posts) + prior.mean.size)
        covariance = kept * covariance + (1 - kept) * np.diag(np.diag(covariance))
        prior = replace(prior, mean=drawn.mean(axis=0), covariance=covariance)
    return prior


def sound(post: Seen, prior: Prior) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give the times of a post's events, apart from each other, and the powers of their marks."""
    if (post.marks is None) == bool(prior.pool.size):
        raise ValueError("a post has marks, and its prior none, or the other way round")
    times, powers = checked(post.times, float(post.end), post.marks)
    return _apart(times, float(post.end)), powers


def _apart(times: NDArray[np.float64], end: float) -> NDArray[np.float64]:
    """Spread events of one rounded time over what the rounding hides.

    Under a continuous process two events at one instant are infinitely surprising, and the only
    likely delays would be none at all.
    """
    distinct, place, counts = np.unique(times, return_inverse=True, return_counts=True)
    if distinct.size == times.size:
        return times
    rounding = np.diff(distinct, append=end)[:-1].min(initial=end)
    rank = np.arange(times.size) - (np.cumsum(counts) - counts)[place]
    return np.minimum(times + rounding * rank / counts[place], end)


def mean_amounts(
    branching: NDArray[np.float64], exponent: NDArray[np.float64], pool: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give the mean number of events that one event brings, over the marks of `pool`."""
    return branching / np.exp(exponent[:, None] * pool).mean(axis=1) if pool.size else branching


def terms_of_each(
    columns: NDArray[np.float64], longest: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Write the delays of each draw as terms, padded to the longest."""
    from scipy.special import gammaln

    scale, shape = columns[2:4, :, None]
    if not shape.any():
        return 1 / scale[:, 0], 1 / scale, np.ones(len(scale), dtype=np.int64)
    # As `hawkes.terms`, for many at once.
    rate = SLOWEST / (longest + scale)
    sizes = np.ceil(np.log2(FASTEST / scale / rate)).astype(np.int64)[:, 0] + 1
    rates = rate * 2.0 ** np.arange(sizes.max(initial=1))
    constant = np.log(shape * math.log(2)) + shape * np.log(scale) - gammaln(1 + shape)
    return rate[:, 0], np.exp((1 + shape) * np.log(rates) - rates * scale + constant), sizes


def _fits(
    at: NDArray[np.float64],
    times: NDArray[np.float64],
    powers: NDArray[np.float64],
    end: float,
    prior: Prior,
) -> NDArray[np.float64]:
    columns = prior.columns(at)
    first, branching, exponent = columns[[0, 1, 4]]
    pool = np.log1p(prior.pool)
    mean = mean_amounts(branching, exponent, pool)
    out = np.empty(len(at))
    loops("hawkes").log_likelihoods(
        times, powers, float(end), first, mean, exponent, *terms_of_each(columns, end), out
    )
    return out


def _density(at: NDArray[np.float64], prior: Prior) -> NDArray[np.float64]:
    away = np.linalg.solve(np.linalg.cholesky(prior.covariance), (at - prior.mean).T)
    return -0.5 * (away**2).sum(axis=0)


def _step(fit: NDArray[np.float64], most: float) -> float:
    """Find the step after which half of the particles would still count."""

    def effective(step: float) -> float:
        weights = np.exp(step * (fit - fit.max()))
        return float(weights.sum() ** 2 / (weights @ weights))

    if effective(most) >= len(fit) / 2:
        return most
    low, high = 0.0, most
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if effective(middle) >= len(fit) / 2 else (low, middle)
    return high
