"""Whether the next post comes sooner after posts that got more, by permuting what they got.

The waits between posts are regressed on a running mean of what posts got so far (a reward that is
learnt with some rate), on the wait before, and on a trend. What is told is a sign and a p-value:
the intervals of such a regression do not hold. The p-value comes from giving the posts' counts, a
trend taken off, in other orders: blocks of ten are kept together, so that what neighbours share
stays shared.

References
----------
Lindström, Bellander, Schultner, Chang, Tobler & Amodio (2021), A computational reward learning
account of social media engagement, Nature Communications 12:1311.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import ArrayLike, NDArray

RATES = (0.05, 0.1, 0.2, 0.4, 0.8)
USUAL = 2
"""Place of the rate for which it is said what would be found: the best one of nothing is any."""
BLOCK = 10
CURVE = 5
"""Degree of the curve of time that is taken off."""
DRAWS = 499
CHANCE_80 = 0.8416


class Pull(NamedTuple):
    """What posts that got more go with.

    Attributes
    ----------
    sooner : bool
        Whether waits are shorter after posts that got more.
    p : float
    least : float
        The least change of the logarithm of a wait, for twice as many reactions, that would be
        found with a chance of 80 % or more at `level`, if one learns from them at the `USUAL` rate.
    n : int
        Waits that were looked at.
    """

    sooner: bool
    p: float
    least: float
    n: int


def pull(at_s: ArrayLike, counts: ArrayLike, rng: np.random.Generator, level: float = 0.1) -> Pull:
    """Test whether waits go with what the posts before them got.

    Parameters
    ----------
    at_s : array_like of float, shape (posts,)
        Times of posts in seconds, sorted.
    counts : array_like of float, shape (posts,)
        What each got, 0 or more.
    rng : numpy.random.Generator
    level : float
        At which `least` would be found.

    Raises
    ------
    ValueError
        If there are fewer than fifty posts.
    """
    at, got = (np.asarray(one, dtype=np.float64) for one in (at_s, counts))
    if at.size < 50:
        raise ValueError(f"{at.size} posts: at least 50 are needed")
    wait = np.log(np.maximum(np.diff(at), 1.0))
    step = np.linspace(-1, 1, at.size)
    # Post k is followed by wait k; the wait before it is a control, so the first has none.
    y, place = wait[1:], step[1:-1]
    controls = np.column_stack([legvander(place, CURVE), wait[:-1]])
    basis, _r = np.linalg.qr(controls)
    trend, _r = np.linalg.qr(legvander(step, CURVE))
    reward = np.log1p(got)
    reward -= trend @ (trend.T @ reward)
    orders = np.column_stack([np.arange(at.size), *(_shuffled(at.size, rng) for _ in range(DRAWS))])
    y = y - basis @ (basis.T @ y)
    found, spread = _correlations(reward[orders], y, basis)
    strongest = np.abs(found).max(axis=0)
    p = float((strongest >= strongest[0] - 1e-12).mean())
    best = int(np.abs(found[:, 0]).argmax())
    needed = float(np.quantile(strongest[1:], 1 - level)) + CHANCE_80 / np.sqrt(y.size)
    least = needed * y.std() / max(spread[USUAL], 1e-12) * np.log(2)
    return Pull(bool(found[best, 0] < 0), p, float(least), int(y.size))


def _shuffled(n: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Put blocks of ten in another order, the first beginning anywhere."""
    turned = np.roll(np.arange(n), int(rng.integers(n)))
    whole = n // BLOCK * BLOCK
    blocks = turned[:whole].reshape(-1, BLOCK)
    return np.concatenate([rng.permutation(blocks).ravel(), turned[whole:]])


def _correlations(
    reward: NDArray[np.float64], y: NDArray[np.float64], basis: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Correlate waits with running means of rewards, by rate of learning and by order.

    Returns the correlations, shape (rates, orders), and for the first order how much the running
    means vary, shape (rates,).
    """
    found, spread = [], []
    for rate in RATES:
        mean = _running(reward, rate)[1:-1]
        mean -= basis @ (basis.T @ mean)
        size = np.sqrt((mean**2).sum(axis=0) * (y**2).sum())
        # What is left of counts that are all alike is rounding.
        alike = size <= 1e-9 * y.size
        found.append(np.where(alike, 0.0, (y @ mean) / np.maximum(size, 1e-12)))
        spread.append(mean[:, 0].std())
    return np.array(found), np.array(spread)


def _running(reward: NDArray[np.float64], rate: float) -> NDArray[np.float64]:
    """Give the running mean of each column, from 0: a row at a time, ten times as fast as scipy."""
    mean = np.empty_like(reward)
    last = np.zeros(reward.shape[1])
    for row, got in zip(mean, reward, strict=True):
        last += rate * (got - last)
        row[:] = last
    return mean
