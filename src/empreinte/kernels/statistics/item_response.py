"""Adaptive testing on correlated areas: where somebody stands, and what to ask next.

An item has ordered grades. Grade k or better is given with probability 1/(1 + exp(−a(θ − bₖ))),
where θ is what the person can do in the item's area (Samejima's graded response model; with two
grades, wrong and right, it is the two-parameter logistic). Nobody has measured the locations b of
a new bank: each is known up to a shift with standard deviation `SPREAD`, shared by the thresholds
of its item, and the curves are averaged over it. An answer then teaches less, and the intervals
are as wide as they should be.

Areas have a common part: θ = √ρ·g + √(1−ρ)·u, so that given g they are independent, and the
posterior of each is a product of sums on a grid. It is exact: no mode is sought, nothing is taken
to be normal.

References
----------
Samejima (1969), Psychometrika Monograph 17. Birnbaum (1968) in Lord & Novick. Bock & Mislevy
(1982), Appl. Psych. Meas. 6(4) (expected a posteriori). van der Linden (1998), Psychometrika 63(2)
(minimum expected posterior variance). Elo (1978), The Rating of Chessplayers. Gibbons & Hedeker
(1992), Psychometrika 57(3) (one common factor makes the integral two sums).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import erf
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

SLOPE = 1.4
"""Discrimination of an item that nobody has measured."""
SPREAD = 0.8
"""Standard deviation of what is not known of where an item lies."""
CORRELATION = 0.6
"""Of what one can do in two areas."""
TARGET, NEAR = 0.65, 0.1
"""Success that the next item is to have, and how far from it an item may be."""
MOST, SURE = 21, 0.45
"""Items that a test has at most, and the standard deviation at which an area is known."""
ERROR = 0.59
"""Standard deviation of what a test of `MOST` items leaves unknown of a person (simulated)."""
STEP, PACE = 0.4, 20.0
"""How far one answer may move an item, and after how many answers only half as far."""

GRID = np.linspace(-6.0, 6.0, 121)
"""Values of θ; people's have mean 0 and standard deviation 1."""
_COMMON = np.linspace(-5.0, 5.0, 51)
_SHIFTS, _SHIFT_WEIGHTS = np.polynomial.hermite_e.hermegauss(15)
_TINY = 1e-300


class Bank(NamedTuple):
    """Items as arrays.

    Attributes
    ----------
    area : ndarray of int, shape (items,)
    curves : ndarray of shape (items, grades, grid)
        Probability of each grade at each θ; 0 for grades that an item does not have.
    scored : ndarray of bool, shape (items,)
        Which have two grades, wrong and right, so that one may fail at them.
    """

    area: NDArray[np.intp]
    curves: NDArray[np.float64]
    scored: NDArray[np.bool_]


def curves(thresholds: ArrayLike, slope: float = SLOPE, spread: float = SPREAD) -> NDArray:
    """Give the probability of each grade at each θ of `GRID`, shape (grades, grid).

    Parameters
    ----------
    thresholds : array_like of shape (grades − 1,)
        Where one grade and the next are as likely, ascending.

    >>> right = curves([0.0])[1]
    >>> float(right[60]), bool((right[1:] > right[:-1]).all())
    (0.5, True)
    """
    b = np.atleast_1d(np.asarray(thresholds, dtype=np.float64))
    if not np.isfinite(b).all() or (np.diff(b) <= 0).any():
        raise ValueError(f"thresholds {b.tolist()} do not ascend")
    distance = GRID[:, None] - b[:, None, None] - spread * _SHIFTS
    reached = 1 / (1 + np.exp(-slope * distance)) @ (_SHIFT_WEIGHTS / _SHIFT_WEIGHTS.sum())
    bounded = np.vstack([np.ones_like(GRID), reached, np.zeros_like(GRID)])
    return bounded[:-1] - bounded[1:]


def bank(
    area: Sequence[int],
    thresholds: Sequence[Sequence[float]],
    slope: float = SLOPE,
    spread: float | Sequence[float] = SPREAD,
) -> Bank:
    """Make a bank: the area of each item, from 0, its thresholds, and how unsure they are."""
    grades = 1 + max(map(len, thresholds), default=1)
    found = np.zeros((len(thresholds), grades, len(GRID)))
    spreads = np.broadcast_to(np.asarray(spread, dtype=np.float64), len(thresholds)).tolist()
    for item, (at, unsure) in enumerate(zip(thresholds, spreads, strict=True)):
        found[item, : len(at) + 1] = _known_curves(tuple(at), slope, unsure)
    scored = np.array([len(at) == 1 for at in thresholds], dtype=np.bool_)
    return Bank(np.asarray(area, dtype=np.intp), found, scored)


@lru_cache(512)
def _known_curves(at: tuple[float, ...], slope: float, spread: float) -> NDArray:
    """Give `curves`, worked out once: most items of a new bank lie at one of a few places."""
    return curves(at, slope, spread)


def posterior(
    bank: Bank,
    items: Sequence[int],
    grades: Sequence[int],
    areas: int = 5,
    correlation: float = CORRELATION,
) -> NDArray:
    """Give what is plausible of θ in each area, shape (areas, grid); each row sums to 1.

    Parameters
    ----------
    items, grades : sequence of int
        Which items were answered, and by which grade, from 0.
    """
    own = np.zeros((areas, len(GRID)))
    for item, grade in zip(items, grades, strict=True):
        own[bank.area[item]] += np.log(bank.curves[item, grade] + _TINY)
    own = np.exp(own - own.max(axis=1, keepdims=True))
    given = _given_common(correlation)
    log_area = np.log(own @ given.T + _TINY)  # (areas, common): of the answers in one area
    log_rest = log_area.sum(axis=0) - log_area - _COMMON**2 / 2  # of those in all the others
    rest = np.exp(log_rest - log_rest.max(axis=1, keepdims=True))
    found = own * (rest @ given)
    return found / found.sum(axis=1, keepdims=True)


@lru_cache(8)
def _given_common(correlation: float) -> NDArray:
    """Give the distribution of θ at each value of the common part, shape (common, grid)."""
    if not 0 <= correlation < 1:
        raise ValueError(f"a correlation of {correlation} is not within 0 and 1")
    apart = GRID - np.sqrt(correlation) * _COMMON[:, None]
    found = np.exp(-(apart**2) / (2 * (1 - correlation)))
    return found / found.sum(axis=1, keepdims=True)


def moments(weights: NDArray) -> tuple[NDArray, NDArray]:
    """Give the mean (expected a posteriori) and the standard deviation of each row."""
    mean = weights @ GRID
    return mean, np.sqrt(np.maximum(weights @ GRID**2 - mean**2, 0))


def intervals(weights: NDArray, level: float = 0.9) -> NDArray:
    """Give the equal-tailed interval of each row, shape (areas, 2)."""
    ends = ((1 - level) / 2, (1 + level) / 2)
    return np.array([np.interp(ends, below, GRID) for below in _below(weights)])


def bands(weights: NDArray, cuts: Sequence[float]) -> NDArray:
    """Give how probable each band between `cuts` is, shape (areas, cuts + 1)."""
    at = np.array([np.interp(np.asarray(cuts), GRID, below) for below in _below(weights)])
    ends = np.ones((len(weights), 1))
    return np.diff(np.hstack([0 * ends, at, ends]), axis=1)


def _below(weights: NDArray) -> NDArray:
    return weights.cumsum(axis=1) - weights / 2


def next_item(bank: Bank, weights: NDArray, free: NDArray) -> int | None:
    """Choose the item after which the least known area is expected to be known best.

    Of the items with a right answer only those near the target success are looked at, or the
    nearest if none is: who fails at every second question takes the test for a reproach.

    Parameters
    ----------
    weights : ndarray of shape (areas, grid)
        `posterior` of what was answered.
    free : ndarray of bool, shape (items,)
        Which may still be asked.

    Returns
    -------
    int or None
        The first of those that are alike; ``None`` if nothing is left to ask.
    """
    _, spreads = moments(weights)
    for area in np.argsort(-np.round(spreads, 9), kind="stable"):
        items = np.flatnonzero(free & (bank.area == area))
        if len(items):
            by_grade = bank.curves[items] * weights[area]  # (items, grades, grid)
            chance = by_grade.sum(axis=2)
            off = np.where(bank.scored[items], np.abs(chance[:, 1] - TARGET), 0.0)
            mean = by_grade @ GRID / np.maximum(chance, _TINY)
            left = weights[area] @ GRID**2 - (chance * mean**2).sum(axis=1)
            left[off > max(NEAR, off.min()) + 1e-12] = np.inf
            return int(items[np.argmin(np.round(left, 9))])
    return None


def moved(
    bank: Bank, items: Sequence[int], grades: Sequence[int], weights: NDArray, times: ArrayLike
) -> NDArray:
    """Give by how much a test moves where its items lie: down where one went better than expected.

    As in Elo's ratings, but an area's moves add up to nothing: one person's answers tell how items
    lie beside one another for them, and not whether all are hard or the person is weak. Without
    that, items follow the person, and the person is known worse than before (in simulations). It
    counts where an item is asked again; what is not known of it is not taken to be less.

    Parameters
    ----------
    weights : ndarray of shape (areas, grid)
        `posterior` of the whole test.
    grades : sequence of int
        What each was answered by, from 0.
    times : array_like of int, shape (items,)
        How often each has been moved before.

    >>> two = bank([0, 0], [(0.0,), (0.0,)])
    >>> moved(two, [0, 1], [1, 0], posterior(two, [0, 1], [1, 0], areas=1), [0, 0]).round(2)
    array([-0.2,  0.2])
    """
    places = np.asarray(items, dtype=np.intp)
    chosen, area = bank.curves[places], bank.area[places]
    best = np.maximum(chosen.any(axis=2).sum(axis=1) - 1, 1)
    expected = np.einsum("igx,ix,g->i", chosen, weights[area], np.arange(chosen.shape[1])) / best
    over = np.asarray(grades) / best - expected
    each = np.bincount(area, minlength=len(weights))
    over -= (np.bincount(area, over, len(weights)) / np.maximum(each, 1))[area]
    return -STEP / (1 + np.asarray(times) / PACE) * over


def located(
    taken: float, answered: ArrayLike, right: ArrayLike, cuts: Sequence[float],
    error: float = ERROR, slope: float = SLOPE, spread: float = SPREAD,
) -> tuple[float, float]:  # fmt: skip
    """Give where an item lies by counts of many people's answers, and how unsure that is.

    People stand in bands of what their own test said of them, which is off by `error`: of
    somebody whose estimate lies in a band, θ is as likely as the normal density of people says,
    times the chance that their estimate falls there. The answers of a band are binomial; before
    them the location is normal, of mean `taken` and standard deviation `spread`.

    Parameters
    ----------
    answered, right : array_like of int, shape (bands,)
        How many answered, and how many of them rightly; 0 answered is a band of which nothing is
        told.
    cuts : sequence of float
        Where one band ends and the next begins, as many as bands less one.

    Returns
    -------
    mean, spread : float
        Of the location, a posteriori.

    >>> located(0.0, [0, 0], [0, 0], [0.0])
    (0.0, 0.8)
    >>> [round(one, 1) for one in located(0.0, [0, 400], [0, 100], [0.0])]
    [1.6, 0.1]
    """
    n, k = np.asarray(answered, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if not n.any():
        return taken, spread
    places = np.linspace(taken - 4 * spread, taken + 4 * spread, 161)
    passed = 1 / (1 + np.exp(-slope * (GRID - places[:, None])))
    chance = np.clip(passed @ _people_in(tuple(cuts), error).T, _TINY, 1 - 1e-12)
    log = k @ np.log(chance.T) + (n - k) @ np.log1p(-chance.T)
    log -= (places - taken) ** 2 / (2 * spread**2)
    weights = np.exp(log - log.max())
    weights /= weights.sum()
    mean = float(weights @ places)
    return mean, float(np.sqrt(max(weights @ places**2 - mean**2, 0.0)))


@lru_cache(8)
def _people_in(cuts: tuple[float, ...], error: float) -> NDArray:
    """Give the distribution of θ of whose estimate lies in each band, shape (bands, grid)."""
    kept = 1 - error**2  # an estimate a posteriori has this variance, and this slope on θ
    ends = (np.array([-np.inf, *cuts, np.inf])[:, None] - kept * GRID) / (error * np.sqrt(kept))
    below = np.array([[0.5 * (1 + erf(x / np.sqrt(2))) for x in row] for row in ends])
    found = np.diff(below, axis=0) * np.exp(-(GRID**2) / 2)
    return found / found.sum(axis=1, keepdims=True)


def is_enough(weights: NDArray, asked: int) -> bool:
    """Tell whether a test is over: enough was asked, or every area is known."""
    return asked >= MOST or bool((moments(weights)[1] < SURE).all())
