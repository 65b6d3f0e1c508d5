"""The gaps between marks as mixtures: log-normal, or exponential; fitted to a histogram.

Gaps are counted in bins of equal width of their logarithm, so that a fit costs the same for a
thousand marks and ten million.

References
----------
Halfaker et al. (2015), User session identification based on strong regularities in inter-activity
time, WWW (log-normal mixtures of gaps). Dempster, Laird & Rubin (1977), JRSS B 39(1) (EM).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

BINS = 200
EDGES = np.linspace(np.log(0.5), np.log(4e7), BINS + 1)
"""Half a second to fifteen months."""
CENTRES = (EDGES[1:] + EDGES[:-1]) / 2
NARROWEST = 0.15
"""The least standard deviation of a component, in logarithms."""
STEPS, LATER_STEPS = 200, 40
MOST = 4


class Mixture(NamedTuple):
    """Components in the order of their means; each of shape (fits, components).

    `mean` is of log gaps for log-normals, of gaps (seconds) for exponentials, whose `spread` is 0.
    """

    weight: Floats
    mean: Floats
    spread: Floats


def histogram(gaps_s: ArrayLike) -> Floats:
    """Count gaps in the bins of `EDGES`, shape (200,); what lies outside counts at the end.

    Examples
    --------
    >>> int(histogram([1.0, 60.0, 0.0]).sum())
    3
    """
    logs = np.log(np.clip(np.asarray(gaps_s, dtype=np.float64), 0.5, 3.9e7))
    place = ((logs - EDGES[0]) / (EDGES[1] - EDGES[0])).astype(np.int64)
    return np.bincount(np.minimum(place, BINS - 1), minlength=BINS).astype(np.float64)


def log_normals(counts: Floats) -> Mixture:
    """Fit log-normals, two to four by the Bayesian information criterion.

    Parameters
    ----------
    counts : ndarray of float64, shape (200,)
        From `histogram`; at least one is above 0.

    Returns
    -------
    Mixture
        One fit.
    """
    return _best(counts, _normal)


def exponentials(counts: Floats) -> Mixture:
    """Fit exponentials, two to four by the Bayesian information criterion; as `log_normals`."""
    return _best(counts, _exponential)


def refitted(counts: Floats, start: Mixture) -> Mixture:
    """Fit exponentials to several histograms of shape (fits, 200), from a fit to begin with."""
    fits = len(counts)
    begun = Mixture(*(np.repeat(part, fits, axis=0) for part in start))
    return _climb(counts, begun, _exponential, LATER_STEPS)[0]


def density(fit: Mixture, at: Floats) -> Floats:
    """Give the density of log gaps under each component of one fit, shape (components, at)."""
    family = _normal if fit.spread.any() else _exponential
    return np.exp(family(fit, at)[0]).T * fit.weight[0][:, None]


def _normal(fit: Mixture, at: Floats = CENTRES) -> Floats:
    z = (at[None, :, None] - fit.mean[:, None, :]) / fit.spread[:, None, :]
    return -0.5 * z * z - np.log(fit.spread[:, None, :]) - 0.9189385332046727


def _exponential(fit: Mixture, at: Floats = CENTRES) -> Floats:
    """Give the log density in log gaps: that of gaps, times the gap."""
    ratio = np.exp(at)[None, :, None] / fit.mean[:, None, :]
    return np.log(ratio) - ratio


def _best(counts: Floats, family: object) -> Mixture:
    n = counts.sum()
    scored = []
    for k in range(2, MOST + 1):
        for begun in _beginnings(counts, k, family):
            fit, likely = _climb(counts[None], begun, family, STEPS)
            free = (3 if family is _normal else 2) * k - 1
            scored.append((float(-2 * likely[0] + free * np.log(n)), k, fit))
    return min(scored, key=lambda one: one[:2])[2]


def _beginnings(counts: Floats, k: int, family: object) -> list[Mixture]:
    """Begin at even quantiles, and at even steps of the logarithm."""
    share = np.cumsum(counts) / counts.sum()
    low, high = (CENTRES[np.searchsorted(share, q)] for q in (0.02, 0.98))
    places = (
        CENTRES[np.searchsorted(share, (np.arange(k) + 0.5) / k)],
        np.linspace(low, high, 2 * k + 1)[1::2],
    )
    found = []
    for place in places:
        means = place + np.arange(k) * 1e-3
        mean = means if family is _normal else np.exp(means)
        spread = np.full(k, max((high - low) / (2 * k), NARROWEST))
        found.append(Mixture(np.full((1, k), 1 / k), mean[None], spread[None]))
    return found


def _climb(counts: Floats, fit: Mixture, family: object, steps: int) -> tuple[Mixture, Floats]:
    """Take steps of the EM algorithm in all fits at once; give the log likelihoods too."""
    log_density = _normal if family is _normal else _exponential
    x = CENTRES if family is _normal else np.exp(CENTRES)
    total, likely = counts.sum(axis=1, keepdims=True), np.zeros(len(counts))
    before = np.full(len(counts), -np.inf)
    for _ in range(steps):
        each = np.exp(log_density(fit)) * fit.weight[:, None, :] + 1e-300
        whole = each.sum(axis=2)
        likely = (counts * np.log(whole)).sum(axis=1)
        if (np.abs(likely - before) < 1e-7 * np.abs(likely)).all():
            break
        before = likely
        mass = each * (counts / whole)[:, :, None]
        held = mass.sum(axis=1) + 1e-12
        mean = (mass * x[None, :, None]).sum(axis=1) / held
        spread = np.zeros_like(mean)
        if family is _normal:
            apart = (x[None, :, None] - mean[:, None, :]) ** 2
            spread = np.maximum(np.sqrt((mass * apart).sum(axis=1) / held), NARROWEST)
        fit = Mixture(held / total, mean, spread)
    order = np.argsort(fit.mean, axis=1)
    return Mixture(*(np.take_along_axis(part, order, axis=1) for part in fit)), likely
