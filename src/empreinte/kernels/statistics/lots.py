"""Days drawn by lot: the draw, the test by drawing again, and what the test can find.

Days go in units of a few, units in blocks of `UNITS`; in each block `DRAWN` units are drawn. What
is counted each day is compared between drawn days and others, after its mean by weekday is taken
off. If the draw changes nothing, any other draw could as well have been made: the p-value is the
share of draws that differ as much. No distribution is assumed, and days need not be independent.

References
----------
Fisher (1935), The Design of Experiments. Rosenbaum (2002), Observational Studies, section 2, for
intervals by the tests that they pass. Phipson & Smyth (2010), Permutation P-values Should Never Be
Zero, Statistical Applications in Genetics and Molecular Biology 9(1).
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

UNITS, DRAWN = 7, 3
DRAWS = 1_999
SIMULATED = 1_000
WEEK = 7
_RATIOS = np.exp(np.linspace(np.log(0.1), np.log(10.0), 241))

Days = NDArray[np.bool_]


class Difference(NamedTuple):
    """What is counted on drawn days over what is counted on others, and its p-value.

    `low` and `high` hold the ratios that the test does not reject; they are at the ends of the
    grid, 0.1 and 10, where it rejects none beyond.
    """

    ratio: float
    low: float
    high: float
    p: float


class Usual(NamedTuple):
    """What is counted on a day without any draw: means by weekday (0 is Monday), dispersion.

    The variance of a day is mean + dispersion × mean².
    """

    means: NDArray[np.float64]
    dispersion: float


def draw(seed: str, blocks: int, length: int = 1) -> Days:
    """Draw the days: those of each block whose units have the least SHA-256 of seed and place.

    Anybody can do it again, and nobody can choose what comes of it.

    Parameters
    ----------
    seed : str
    blocks : int
    length : int
        Days of a unit.

    Returns
    -------
    ndarray of bool, shape (blocks × UNITS × length,)

    Examples
    --------
    >>> draw("a seed", 2).astype(int)
    array([1, 0, 0, 0, 1, 0, 1, 1, 1, 0, 0, 1, 0, 0])
    """
    chosen = np.zeros((blocks, UNITS), dtype=bool)
    for block in range(blocks):
        lots = [hashlib.sha256(f"{seed}/{block}/{unit}".encode()).digest() for unit in range(UNITS)]
        chosen[block, sorted(range(UNITS), key=lots.__getitem__)[:DRAWN]] = True
    return np.repeat(chosen.ravel(), length)


def redraw(blocks: int, length: int, times: int, rng: np.random.Generator) -> Days:
    """Draw again, many times; a row a draw."""
    ranks = rng.random((times, blocks, UNITS)).argsort(axis=2)
    return np.repeat((ranks < DRAWN).reshape(times, -1), length, axis=1)


def compare(
    counts: ArrayLike, weekdays: ArrayLike, days: Days, length: int,
    rng: np.random.Generator, level: float = 0.9,
) -> Difference:  # fmt: skip
    """Compare drawn days with others.

    Parameters
    ----------
    counts : array_like of shape (days,)
        What was counted each day.
    weekdays : array_like of int, shape (days,)
        0 to 6.
    days : ndarray of bool, shape (days,)
        As `draw` gave them.
    length : int
        Days of a unit.
    level : float
        Of the interval.

    Returns
    -------
    Difference
        Its ratio is nan where nothing was counted on any of the days.
    """
    y = np.asarray(counts, dtype=np.float64)
    if y.shape != days.shape:
        raise ValueError(f"{y.size} counts for {days.size} days: one a day was expected")
    again = redraw(days.size // (UNITS * length), length, DRAWS, rng)
    off = _without_weekdays(weekdays)
    p = float(_shares(off @ y[:, None], days, again)[0])
    if not y.any():
        return Difference(np.nan, np.nan, np.nan, p)
    # As if each ratio were taken back: where nothing is left of the difference is the estimate.
    back = np.where(days[:, None], y[:, None] / _RATIOS, y[:, None])
    residuals = off @ back
    passed = _RATIOS[_shares(residuals, days, again) > 1 - level]
    left = np.abs(days.astype(float) @ residuals)
    ratio = float(_RATIOS[int(left.argmin())])
    low, high = (float(passed.min()), float(passed.max())) if passed.size else (ratio, ratio)
    return Difference(ratio, min(low, ratio), max(high, ratio), p)


def p_values(
    counts: ArrayLike, weekdays: ArrayLike, days: Days, length: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Give the p-value of `compare` for many seasons at once, without ratio and interval.

    Parameters
    ----------
    counts : array_like of shape (days, seasons)

    Returns
    -------
    ndarray of shape (seasons,)
    """
    again = redraw(days.size // (UNITS * length), length, DRAWS, rng)
    return _shares(_without_weekdays(weekdays) @ np.asarray(counts, np.float64), days, again)


def usual(counts: ArrayLike, weekdays: ArrayLike) -> Usual:
    """Learn from past days what is usual; at least four weeks of them are worth it.

    Means by weekday; dispersion by Pearson's moments, at least 0.
    """
    y, w = np.asarray(counts, dtype=np.float64), np.asarray(weekdays, dtype=np.intp)
    days = np.bincount(w, minlength=WEEK)
    sums = np.bincount(w, weights=y, minlength=WEEK)
    means = np.divide(sums, days, out=np.full(WEEK, y.mean() if y.size else 0.0), where=days > 0)
    freedom = max(1, y.size - int((days > 0).sum()))
    expected = means[w]
    excess = ((y - expected) ** 2).sum() * y.size / freedom - expected.sum()
    squares = (expected**2).sum()
    return Usual(means, max(0.0, float(excess / squares)) if squares else 0.0)


def power(
    known: Usual, weekdays: ArrayLike, days: Days, length: int, ratio: float, error: float,
    rng: np.random.Generator,
) -> float:  # fmt: skip
    """Give the chance that `compare` has p ≤ `error`, if drawn days have `ratio` times as much.

    By simulation: negative binomial counts about what is usual.
    """
    w = np.asarray(weekdays, dtype=np.intp)
    mean = known.means[w] * np.where(days, ratio, 1.0)
    rates = np.repeat(mean[:, None], SIMULATED, axis=1)
    if known.dispersion > 0:
        shape = 1 / known.dispersion
        rates = rates * rng.gamma(shape, known.dispersion, rates.shape)
    counts = rng.poisson(rates).astype(np.float64)
    return float((p_values(counts, w, days, length, rng) <= error).mean())


def _without_weekdays(weekdays: ArrayLike) -> NDArray[np.float64]:
    """Give the matrix that takes the mean of its weekday off each day."""
    w = np.asarray(weekdays, dtype=np.intp)
    same = (w[:, None] == w[None, :]).astype(np.float64)
    return np.eye(w.size) - same / same.sum(axis=1, keepdims=True)


def _shares(residuals: NDArray[np.float64], days: Days, again: Days) -> NDArray[np.float64]:
    """Give the share of draws that differ as much as the one made, for each column."""
    seen = np.abs(days.astype(np.float64) @ residuals)
    others = np.abs(again.astype(np.float64) @ residuals)
    as_much = (others >= seen * (1 - 1e-9) - 1e-9).sum(axis=0)
    return (1 + as_much) / (1 + len(again))
