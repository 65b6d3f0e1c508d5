"""What is asked of a maximisation, checked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.diffusion.bounds import most_sets
from empreinte.kernels.diffusion.reverse import Incoming

FIRST = 16
"""Sets drawn to begin with; their number then doubles."""


THEORY = 0.3
"""Three times the share of δ with which as many sets as suffice in theory may not suffice."""


class Purse(NamedTuple):
    """What seeds cost and how much there is to spend."""

    prices: NDArray[np.float64]
    left: float


class Effort(NamedTuple):
    """How much is drawn beyond what the guarantee asks for.

    Attributes
    ----------
    steps, steps_small : int
        Steps of growing sets to choose from, at least; on graphs of few nodes, whose steps are
        cheap.
    fair : int
        Sets that every seed adds, so that it is not chosen by chance.
    checked : int
        Sets to check on, at least.
    precision : float
        Standard error of the estimate, relative to it, unless that takes more than `estimated`
        steps.
    estimated : int
    """

    steps: int
    steps_small: int
    fair: int
    checked: int
    precision: float
    estimated: int


THOROUGH = Effort(1 << 16, 1 << 20, 32, 4096, 0.01, 1 << 19)
"""Draws a million steps on graphs of few nodes, which takes 0.1 to 0.2 s and gives 1 to 3 % more
spread than the guarantee does; further millions give a few tenths of that."""
QUICK = Effort(1 << 14, 1 << 14, 12, 512, 0.1, 1 << 16)
"""Stops where the guarantee holds and no seed is chosen by mere chance."""


@dataclass(frozen=True, eq=False)
class Task:
    """What is asked for.

    Attributes
    ----------
    k : int
        Seeds to choose besides the required ones; the most that a purse can pay.
    required, barred : ndarray of int32
        Seeds from the start, and nodes that cannot be seeds.
    purse : Purse or None
    guarantee : float
        Share of the best possible spread.
    delta : float
    most : float
        Sets that suffice in theory.
    sure : ndarray of float64, shape (k + 1,)
        No seeds reach more, whatever is drawn: required ones and as many as j more.
    worth : ndarray of float64, shape (n,), or None
        What reaching each node is worth, None where each counts 1.
    curve : bool
        Whether to bound every number of seeds.
    effort : Effort
    """

    k: int
    required: NDArray[np.int32]
    barred: NDArray[np.int32]
    purse: Purse | None
    guarantee: float
    delta: float
    most: float
    sure: NDArray[np.float64]
    worth: NDArray[np.float64] | None
    curve: bool
    effort: Effort

    @property
    def rounds(self) -> int:
        """How often the number of sets can double."""
        return max(math.ceil(math.log2(self.most / FIRST)), 0) + 1

    def own(self, seeds: NDArray[np.int32]) -> NDArray[np.float64]:
        """Add up what seeds are worth themselves, for as many points as are to be bounded."""
        each = np.ones(seeds.size) if self.worth is None else self.worth[seeds]
        sums = np.append(0.0, np.cumsum(each))
        return sums[self.required.size :] if self.curve else sums[-1:]


def asked(
    incoming: Incoming,
    k: int | None,
    epsilon: float,
    delta: float | None,
    worth: NDArray[np.float64] | None,
    prices: ArrayLike | None,
    budget: float | None,
    required: Sequence[int] | NDArray,
    forbidden: Sequence[int] | NDArray,
    curve: bool,
    effort: Effort,
) -> Task:
    """Check what is asked of `maximise` and bring it in order."""
    n = incoming.n
    seeds, barred = _nodes(required, n, "required"), _nodes(forbidden, n, "forbidden")
    both = np.intersect1d(seeds, barred)
    if both.size:
        raise ValueError(f"node {both[0]} is both required and forbidden")
    best = 0.5 if k is None else 1 - math.exp(-1)
    if not 0 < epsilon < best:
        raise ValueError(f"epsilon is {epsilon}: give one above 0 and below {best:.3f}")
    delta = 1 / max(n, 2) if delta is None else delta
    if not 0 < delta < 1:
        raise ValueError(f"delta is {delta}: give a probability above 0 and below 1")
    purse = None
    if k is None:
        if curve:
            raise ValueError("a curve goes from one seed to k: give k rather than a budget")
        purse = _purse(prices, budget, n, seeds)
        barred = np.union1d(barred, np.flatnonzero(purse.prices > purse.left)).astype(np.int32)
        free = np.setdiff1d(np.arange(n), np.concatenate([seeds, barred]))
        chosen = int((np.cumsum(np.sort(purse.prices[free])) <= purse.left).sum())
    elif prices is not None or budget is not None:
        raise ValueError("prices and a budget say how many seeds there can be: leave k out")
    elif not max(seeds.size, 1) <= k <= n - barred.size:
        raise ValueError(
            f"k is {k}: it counts {seeds.size} required seeds, and {n - barred.size} nodes of "
            f"{n} may be seeds"
        )
    else:
        chosen = k - seeds.size
    sure, least, total = _sure(incoming, worth, seeds, barred, chosen)
    most = most_sets(n, chosen, epsilon, THEORY * delta, total, least)
    guarantee = best - epsilon
    return Task(chosen, seeds, barred, purse, guarantee, delta, most, sure, worth, curve, effort)


def _purse(
    prices: ArrayLike | None, budget: float | None, n: int, seeds: NDArray[np.int32]
) -> Purse:
    if prices is None or budget is None:
        raise ValueError("give k, or prices and a budget")
    array = np.asarray(prices, dtype=np.float64)
    if array.shape != (n,):
        raise ValueError(f"prices of shape {array.shape} for {n} nodes: give one a node")
    if not (array > 0).all():
        raise ValueError(
            f"a price is {array[~(array > 0)][0]}: give prices above 0, and put seeds that are "
            "free in required"
        )
    spent = float(array[seeds].sum())
    if not (math.isfinite(budget) and budget >= spent and budget > 0):
        raise ValueError(
            f"the budget is {budget} and required seeds cost {spent}: give a finite one above 0 "
            "that pays them"
        )
    return Purse(array, budget - spent)


def _sure(
    incoming: Incoming,
    worth: NDArray[np.float64] | None,
    seeds: NDArray[np.int32],
    barred: NDArray[np.int32],
    chosen: int,
) -> tuple[NDArray[np.float64], float, float]:
    """Bound what j more seeds reach whatever is drawn; give the least for all, and the total.

    Beyond themselves seeds reach nodes with in-edges alone.
    """
    reached = incoming.indptr[1:] > incoming.indptr[:-1]
    if worth is None:
        own, beyond, total = np.ones(chosen), float(np.count_nonzero(reached)), float(incoming.n)
        base = float(seeds.size)
    else:
        free = worth.copy()
        free[seeds] = free[barred] = 0
        own = np.sort(np.partition(free, incoming.n - chosen)[incoming.n - chosen :])[::-1]
        beyond, total, base = float(worth[reached].sum()), float(worth.sum()), worth[seeds].sum()
    sums = base + np.append(0.0, np.cumsum(own))
    sure = np.minimum(beyond + sums, total)
    if not seeds.size:
        sure[0] = 0
    return sure, max(float(sums[-1]), 1e-9 * total), total


def _nodes(values: Sequence[int] | NDArray, n: int, what: str) -> NDArray[np.int32]:
    nodes = np.asarray(values)
    if nodes.ndim != 1 or (nodes.size and not np.issubdtype(nodes.dtype, np.integer)):
        raise ValueError(f"{what} is {values!r}: give a list of nodes")
    if nodes.size and not 0 <= nodes.min() <= nodes.max() < n:
        raise ValueError(f"{what} has nodes outside 0 … {n - 1}")
    if np.unique(nodes).size != nodes.size:
        raise ValueError(f"{what} names a node twice: name each once")
    return nodes.astype(np.int32)
