"""Rates in a window, shrunk towards the base rate of all that was seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.statistics import shrinkage, tails


@dataclass(frozen=True)
class Rate:
    """A rate in the window, shrunk towards the base rate.

    Attributes
    ----------
    count, exposure, n : float, float, int
        Numerator, denominator, and how many records they rest on.
    mean, low, high : float
        Posterior mean and interval; ``nan`` where nothing can be said, see `tails`.
    base : float
        The base rate of all months, ``nan`` where it could not be fitted.
    """

    count: float
    exposure: float
    n: int
    mean: float
    low: float
    high: float
    base: float


def shrunk_rate(
    counts: NDArray[np.float64],
    exposure: NDArray[np.float64],
    month: NDArray[np.int64],
    inside: NDArray[np.bool_],
    family: str = "poisson",
    *,
    level: float,
) -> Rate:
    """Measure a rate inside a window, its prior fitted on all months.

    Parameters
    ----------
    counts, exposure : ndarray of shape (n,)
        Of the records that have both, inside the window or not.
    month, inside : ndarray of shape (n,)
        Number of each record's month (numbers are near each other); whether it is in the window.
    family : "poisson" or "binomial"
        Whether counts are bounded by their exposure.
    level : float
        Of the interval.
    """
    group = month - month.min() if month.size else month
    phi = shrinkage.within_dispersion(counts, exposure, group, family)  # type: ignore[arg-type]
    groups = int(group.max()) + 1 if group.size else 0
    every = np.bincount(group, counts / phi), np.bincount(group, exposure / phi)
    shown_counts, shown_sizes = (
        np.bincount(group[inside], values[inside] / phi, groups) for values in (counts, exposure)
    )
    there = counts[inside], exposure[inside], group[inside]
    sampling = max(shrinkage.sampling_variance(*there), tails.batch_variance(*there))
    if family == "binomial":
        prior = shrinkage.fit_beta(*every)
        found = shrinkage.beta_mean(prior, shown_counts, shown_sizes, level, sampling)
        base = prior.a / (prior.a + prior.b)
    else:
        prior = shrinkage.fit_gamma(*every)
        found = shrinkage.gamma_mean(prior, shown_counts, shown_sizes, level, sampling)
        base = prior.a / prior.b if prior.fitted else math.nan
    count, size = float(counts[inside].sum()), float(exposure[inside].sum())
    n = int(inside.sum())
    base = base if prior.fitted else math.nan
    if family == "poisson" and not tails.bounded(counts):
        return Rate(count, size, n, found.mean, math.nan, math.nan, base)
    return Rate(count, size, n, found.mean, found.low, found.high, base)
