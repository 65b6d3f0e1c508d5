"""How many shares a post will have, from those of its first minutes or hours.

Parameters that the shares so far leave plausible (`empreinte.kernels.learning.hawkes_fit`) are each
simulated to the horizon. The forecast is what these futures share: it doubts the parameters as
well as chance. `recalibrated` sets intervals right where posts do not behave as the process does,
by how forecasts of past posts turned out.

References
----------
Mishra, Rizoiu & Xie, "Feature driven and point process approaches for popularity prediction",
CIKM 2016. Lei et al., "Distribution-free predictive inference for regression", JASA 113(523), 2018
(conformal intervals).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.learning.hawkes import Process
from empreinte.kernels.learning.hawkes_fit import (
    TRUST,
    Prior,
    Seen,
    mean_amounts,
    posterior,
    sound,
    terms_of_each,
)
from empreinte.kernels.loops import loops

MOST_LATER = 200_000
"""Where a simulated future is cut off."""


@dataclass(frozen=True, eq=False)
class Forecast:
    """How many shares a post will have had by the horizon.

    Attributes
    ----------
    seen : int
        Shares so far.
    draws : ndarray of int64, shape (draws,)
        Possible final numbers, ascending.
    process : Process
        The parameters in the middle of what is plausible.
    stretch : float
        What `recalibrated` widens the interval by.
    """

    seen: int
    draws: NDArray[np.int64]
    process: Process
    stretch: float = 1.0

    @property
    def median(self) -> float:
        """As likely too high as too low."""
        return float(np.median(self.draws))

    @property
    def mean(self) -> float:
        """What many such posts have in the mean."""
        return float(self.draws.mean())

    def interval(self, level: float = 0.9) -> tuple[float, float]:
        """Give the ends of the interval that holds the final number at `level`."""
        if not 0 < level < 1:
            raise ValueError(f"level {level}: give one between 0 and 1, such as 0.9")
        if self.stretch == 1:
            tails = [(1 - level) / 2, (1 + level) / 2]
            low = np.quantile(self.draws, tails[0], method="lower")
            return float(low), float(np.quantile(self.draws, tails[1], method="higher"))
        low, middle, high = _logs(self, level)
        later = np.exp([middle - self.stretch * (middle - low),
                        middle + self.stretch * (high - middle)]) - 1  # fmt: skip
        return self.seen + max(0.0, math.floor(later[0])), self.seen + math.ceil(later[1])


def forecast(
    post: Seen,
    horizon: float,
    prior: Prior,
    *,
    trust: float = TRUST,
    draws: int = 1_000,
    seed: int = 0,
) -> Forecast:
    """Forecast the shares of a post by `horizon`.

    Parameters
    ----------
    post : Seen
    horizon : float
        Since the post, not before ``post.end``.
    prior : Prior
        From `learn_prior`, or `Prior.broad`.
    trust : float
        As for `posterior`.
    draws : int
        Futures to simulate.
    seed : int

    Raises
    ------
    ValueError
        If times do not ascend up to ``post.end``, or the horizon is before it.

    Examples
    --------
    >>> post = Seen([20, 40, 90, 150, 300, 500, 1_500], end=3_600)
    >>> found = forecast(post, horizon=86_400, prior=Prior.broad())
    >>> found.seen, 7 <= found.interval()[0] < found.median < found.interval()[1] < 60
    (7, True)
    """
    if horizon < post.end:
        raise ValueError(f"horizon {horizon} before {post.end}, up to when shares were seen")
    drawn = posterior(post, prior, trust=trust, seed=seed)
    chosen = np.random.default_rng(seed).permutation(np.arange(draws) % len(drawn))
    first, branching, scale, shape, exponent = columns = prior.columns(drawn[chosen])
    times, powers = sound(post, prior)
    pool = np.log1p(prior.pool)
    mean = mean_amounts(branching, exponent, pool)
    later = np.empty(draws, dtype=np.int64)
    loops("hawkes").forecasts(
        times, powers, float(post.end), float(horizon), first, mean, exponent, scale, shape,
        *terms_of_each(columns, horizon), pool, MOST_LATER, seed, later,
    )  # fmt: skip
    middle = prior.process(np.median(drawn, axis=0))
    return Forecast(times.size, np.sort(times.size + later), middle)


def recalibrated(
    found: Forecast, past: Sequence[Forecast], actual: ArrayLike, level: float = 0.9
) -> Forecast:
    """Widen or narrow an interval so that those of past posts would have held what came.

    Where an end of the interval lay `x` times as far from the median (in logarithms of later
    shares + 1) as needed, is a score of each past post; the stretch is the quantile of scores that
    leaves at most a share of 1 - `level` outside among exchangeable posts (split conformal).

    Parameters
    ----------
    found : Forecast
    past : sequence of Forecast
        Of posts that the prior was not learnt from, seen for as long as this one.
    actual : array_like of int
        Their final numbers.
    level : float
        Of the interval that is to be asked for.

    Returns
    -------
    Forecast
        The same if there are too few posts for the level (9 for 0.9).
    """
    scores = []
    for one, final in zip(past, np.asarray(actual), strict=True):
        low, middle, high = _logs(one, level)
        came = math.log1p(max(final - one.seen, 0))
        scores.append((came - middle) / max(high - middle, 1e-9) if came > middle
                      else (middle - came) / max(middle - low, 1e-9))  # fmt: skip
    place = math.ceil(level * (len(scores) + 1))
    if place > len(scores):
        return found
    return replace(found, stretch=max(sorted(scores)[place - 1], 1e-3))


def _logs(found: Forecast, level: float) -> tuple[float, float, float]:
    """Give low end, middle and high end of log (1 + later shares)."""
    later = np.log1p(found.draws - found.seen)
    tails = [(1 - level) / 2, 0.5, (1 + level) / 2]
    low, middle, high = (float(x) for x in np.quantile(later, tails))
    # Counts are whole: an end is never nearer than half a share.
    return min(low, math.log1p(math.expm1(middle) * 0.9)), middle, max(high, middle + 0.1)
