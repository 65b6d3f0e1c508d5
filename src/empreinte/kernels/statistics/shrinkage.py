"""Rates of small groups, shrunk towards the base rate of their kind, with intervals.

A month with two posts says little of how posts are answered; a year with five hundred says a
lot. Empirical Bayes puts that in numbers: the groups of a channel (its months) are taken as
draws from one distribution of rates, fitted to all of them by marginal likelihood; each group's
rate is then the mean of what remains plausible once its own counts are seen.

Posts of one group differ more than chance would have it. `within_dispersion` measures by how
much (φ, 1 for pure chance), and counts and exposures are divided by it before fitting and before
the posterior (quasi-likelihood): a post then weighs what it is worth.

References
----------
Efron & Morris (1975), JASA 70(350). Robbins (1956), Proc. Third Berkeley Symposium.
McCullagh & Nelder (1989), Generalized Linear Models, section 9.2 (quasi-likelihood).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

MAX_STRENGTH = 1e7
"""Largest shape (Gamma) or size (Beta) tried: the groups then all have the same rate."""


class Prior(NamedTuple):
    """A distribution of rates: Gamma(a, rate b) or Beta(a, b).

    ``fitted`` is False where the groups tell nothing of it (fewer than two with exposure, or
    nothing counted); the prior is then Jeffreys', which leaves a group's own counts alone.
    `error` is the standard error of its mean: the base rate is an estimate too.
    """

    a: float
    b: float
    fitted: bool
    error: float = 0.0


class Interval(NamedTuple):
    """A mean with its equal-tailed interval."""

    mean: float
    low: float
    high: float


def _groups(counts: ArrayLike, sizes: ArrayLike) -> tuple[NDArray, NDArray]:
    y = np.asarray(counts, dtype=np.float64).ravel()
    e = np.asarray(sizes, dtype=np.float64).ravel()
    if y.shape != e.shape:
        raise ValueError(f"{y.size} counts for {e.size} exposures: give one of each a group")
    if not (np.isfinite(y).all() and np.isfinite(e).all() and (y >= 0).all() and (e >= 0).all()):
        raise ValueError("counts and exposures must be finite and at least 0; leave out the rest")
    return y[e > 0], e[e > 0]


def within_dispersion(
    counts: ArrayLike,
    exposure: ArrayLike,
    group: ArrayLike,
    family: Literal["poisson", "binomial"] = "poisson",
) -> float:
    """Measure how much more the members of a group differ than chance would have it.

    Parameters
    ----------
    counts, exposure : array_like of shape (n,)
        What each member counted, and out of what (1 a post, its thousands of followers, its
        views).
    group : array_like of int, shape (n,)
        Group of each member, from 0.
    family : str
        ``poisson`` for counts without an upper bound, ``binomial`` for so many out of so many.

    Returns
    -------
    float
        φ = Pearson's χ² within groups over its degrees of freedom, at least 1.
    """
    y = np.asarray(counts, dtype=np.float64)
    e = np.asarray(exposure, dtype=np.float64)
    g = np.asarray(group, dtype=np.intp)
    if not y.size:
        return 1.0
    size = np.bincount(g, weights=e)
    rate = np.divide(np.bincount(g, weights=y), size, out=np.zeros_like(size), where=size > 0)
    expected = e * rate[g]
    variance = expected * (1 - rate[g]) if family == "binomial" else expected
    some = variance > 0
    used = np.count_nonzero(np.bincount(g[some]))
    free = int(some.sum()) - used
    if free < 1:
        return 1.0
    return max(1.0, float(((y - expected)[some] ** 2 / variance[some]).sum()) / free)


def fit_gamma(counts: ArrayLike, exposure: ArrayLike) -> Prior:
    """Fit the Gamma distribution of the groups' rates: counts are Poisson(rate × exposure).

    Maximises Σ log NB(y; a, b/(b+e)), the Gamma–Poisson marginal likelihood, over its mean and
    shape. Counts need not be whole (see `within_dispersion`).

    Parameters
    ----------
    counts, exposure : array_like of shape (groups,)
        Groups without exposure are left out.

    Examples
    --------
    >>> prior = fit_gamma([9, 12, 10, 11], [10, 10, 10, 10])
    >>> prior.fitted, round(float(prior.a / prior.b), 2)
    (True, 1.05)
    """
    from scipy.special import gammaln

    y, e = _groups(counts, exposure)
    if y.size < 2 or not y.sum() > 0:
        return Prior(0.5, 0.0, False)
    scale = float(y.sum() / e.sum())
    different, of = np.unique(y, return_inverse=True)  # few, where many groups have counts

    def loss(x: NDArray) -> float:
        mean, a = scale * math.exp(x[0]), math.exp(x[1])
        share = mean * e / (a + mean * e)  # e/(b+e) with b = a/mean
        log_share = np.log(share)
        fit = gammaln(a + different)[of] - gammaln(a) + a * np.log1p(-share) + y * log_share
        return -float(fit.sum())

    shift, a = _search(loss)
    mean = scale * shift
    b = a / mean
    return Prior(a, b, True, float(np.sum(1 / (mean / b + mean / e))) ** -0.5)


def fit_beta(successes: ArrayLike, trials: ArrayLike) -> Prior:
    """Fit the Beta distribution of the groups' shares: successes are Binomial(trials, share).

    Maximises the Beta–Binomial marginal likelihood over its mean and size. Numbers need not be
    whole.

    Raises
    ------
    ValueError
        If a group has more successes than trials.
    """
    from scipy.special import betaln, expit, logit

    k, n = _groups(successes, trials)
    if (k > n).any():
        worst = int(np.argmax(k - n))
        raise ValueError(f"{k[worst]} successes of {n[worst]} trials: there cannot be more")
    if k.size < 2 or not 0 < k.sum() < n.sum():
        return Prior(0.5, 0.5, False)
    centre = float(logit(k.sum() / n.sum()))

    def loss(x: NDArray) -> float:
        mean, size = float(expit(centre + x[0])), math.exp(x[1])
        a, b = mean * size, (1 - mean) * size
        return -float((betaln(a + k, b + n - k) - betaln(a, b)).sum())

    shift, size = _search(loss)
    mean = float(expit(centre + math.log(shift)))
    error = float(np.sum(1 / (mean * (1 - mean) * (1 / (size + 1) + 1 / n)))) ** -0.5
    return Prior(mean * size, (1 - mean) * size, True, error)


def _search(loss: Callable[[NDArray], float]) -> tuple[float, float]:
    """Minimise over (log mean relative to the pooled one, log strength), from the best of four."""
    from scipy.optimize import minimize

    bounds = [(-5.0, 5.0), (math.log(1e-3), math.log(MAX_STRENGTH))]
    # Without gradients: two unknowns, and L-BFGS loses its time in BLAS threads on a busy machine.
    first = min((1.0, 10.0, 100.0, 1e4), key=lambda start: loss(np.array([0.0, math.log(start)])))
    best = minimize(
        loss,
        [0.0, math.log(first)],
        method="Nelder-Mead",
        bounds=bounds,
        options={"initial_simplex": [[0, math.log(first)], [0.2, math.log(first)],
                                     [0, math.log(first) + 1]], "xatol": 1e-4, "fatol": 1e-6},
    )  # fmt: skip
    return math.exp(best.x[0]), math.exp(best.x[1])


def sampling_variance(counts: ArrayLike, exposure: ArrayLike, group: ArrayLike) -> float:
    """Measure the variance of Σ counts / Σ exposure from the members themselves.

    Σ (y − e·rate of the group)² over (Σ e)², with the members' degrees of freedom. Where groups
    with high rates are also more uneven, φ alone understates it.
    """
    y = np.asarray(counts, dtype=np.float64)
    e = np.asarray(exposure, dtype=np.float64)
    g = np.asarray(group, dtype=np.intp)
    if not e.sum() > 0:
        return 0.0
    size = np.bincount(g, weights=e)
    rate = np.divide(np.bincount(g, weights=y), size, out=np.zeros_like(size), where=size > 0)
    free = y.size - np.count_nonzero(size)
    if free < 1:
        return 0.0
    return float(((y - e * rate[g]) ** 2).sum() / e.sum() ** 2) * y.size / free


def gamma_mean(
    prior: Prior,
    counts: ArrayLike,
    exposure: ArrayLike,
    level: float = 0.9,
    sampling: float = 0.0,
) -> Interval:
    """Measure the mean rate of some groups, each weighing its exposure.

    Each group's rate has the posterior Gamma(a + y, b + e). The variance of their weighted mean
    adds that of the base rate, for the part of each group that was borrowed from it (b/(b + e));
    the interval is that of the Gamma distribution with this mean and variance.

    Parameters
    ----------
    prior : Prior
        From `fit_gamma`, of these groups and others like them.
    counts, exposure : array_like of shape (groups,)
    sampling : float
        `sampling_variance` of the members, a floor for the posterior variance.

    Returns
    -------
    Interval
        ``nan`` without any exposure: nothing is known.

    References
    ----------
    Morris (1983), Parametric empirical Bayes inference, JASA 78(381), section 4: the variance
    for the estimated mean.

    Examples
    --------
    >>> [round(x, 2) for x in gamma_mean(Prior(0.5, 0.0, False), [10], [10])]
    [1.05, 0.58, 1.63]
    """
    from scipy.special import gammaincinv

    y, e = _groups(counts, exposure)
    if not e.size:
        return Interval(math.nan, math.nan, math.nan)
    if not prior.fitted:
        y, e = y.sum(keepdims=True), e.sum(keepdims=True)
    weight = e / e.sum()
    mean = float(weight @ ((prior.a + y) / (prior.b + e)))
    own = max(float(weight**2 @ ((prior.a + y) / (prior.b + e) ** 2)), sampling)
    borrowed = float(weight @ (prior.b / (prior.b + e))) * prior.error
    scale = (own + borrowed**2) / mean
    low, high = scale * gammaincinv(mean / scale, [(1 - level) / 2, (1 + level) / 2])
    return Interval(mean, float(low), float(high))


def beta_mean(
    prior: Prior,
    successes: ArrayLike,
    trials: ArrayLike,
    level: float = 0.9,
    sampling: float = 0.0,
) -> Interval:
    """Measure the mean share of some groups, each weighing its trials.

    As `gamma_mean`, with the posterior Beta(a + successes, b + failures) of each group and the
    Beta distribution of the same mean and variance for the interval.

    Examples
    --------
    >>> [round(x, 2) for x in beta_mean(Prior(0.5, 0.5, False), [5], [10])]
    [0.5, 0.26, 0.74]
    """
    from scipy.special import betaincinv

    k, n = _groups(successes, trials)
    if not n.size:
        return Interval(math.nan, math.nan, math.nan)
    if not prior.fitted:
        k, n = k.sum(keepdims=True), n.sum(keepdims=True)
    size = prior.a + prior.b
    weight = n / n.sum()
    share = (prior.a + k) / (size + n)
    mean = float(weight @ share)
    own = max(float(weight**2 @ (share * (1 - share) / (size + n + 1))), sampling)
    borrowed = float(weight @ (size / (size + n))) * prior.error
    strength = max(mean * (1 - mean) / (own + borrowed**2) - 1, 1e-9)
    tails = [(1 - level) / 2, (1 + level) / 2]
    low, high = betaincinv(mean * strength, (1 - mean) * strength, tails)
    return Interval(mean, float(low), float(high))
