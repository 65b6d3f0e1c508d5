"""Choose seeds on more and more sets until it is certain that no others do much better.

OPIM-C (Tang, Tang, Xiao & Yuan, "Online processing algorithms for influence maximization", SIGMOD
2018, algorithm 2): seeds are chosen on one pool, which bounds the best possible spread from above;
what they reach is bounded from below on sets of their own. Each bound of each round may fail with
its share of δ, so that all hold together with probability 1 - δ.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.diffusion.bounds import highest_share, lowest_share
from empreinte.kernels.diffusion.demand import FIRST, Task
from empreinte.kernels.diffusion.pool import Choice, Pool
from empreinte.kernels.diffusion.reverse import Drawer

SOLID, COSTLY = 64, 8
"""A seed is settled once its share of the sets is as sure as from this many hits; from fewer where
sets are costly."""
COSTLY_STEPS = 500
FAIR, FAIR_ENOUGH = 32, 8
"""Sets that every seed adds, so that it is not chosen by chance, unless that asks for too much;
and what suffices where the seeds are as good as greedy choice can promise, which is `GREEDY`."""
GREEDY = 1 - math.exp(-1)
FEWEST_STEPS, MOST_STEPS = 1 << 16, 1 << 22
"""Steps of growing sets before which more are drawn anyway, being cheap, and after which only the
guarantee asks for more."""
SMALL, CHEAP_STEPS, CHEAP_A_NODE = 1 << 17, 1 << 20, 256
"""Nodes of a graph whose steps are cheaper, being in the cache, and how many are drawn there: for
each node, and at most. A million takes 0.1 to 0.2 s and gives 1 to 3 % more spread than the
guarantee does; further millions a few tenths of that."""
SPARED_STEPS = 1 << 17
"""Steps before which settling would spare nothing."""
MOST_A_NODE = 64
"""Sets drawn for each node of the graph, likewise."""
FEWEST, FEWEST_COSTLY = 4096, 512
"""Sets to check on, at least."""
CHECKS = 1 << 40
"""Where sets begin on which no seed is chosen."""


@dataclass(frozen=True, eq=False)
class Found:
    """Seeds with bounds.

    Attributes
    ----------
    seeds : ndarray of int32
        Required ones first.
    lower, upper : ndarray of float64, shape (k + 1,) or (1,)
        Spread of the seeds at least, and of any others at most; for each number of seeds beyond
        the required ones, or for all.
    sets, checked : int
        Sets drawn to choose and to check.
    steps : float
        Steps that a set took in the check.
    """

    seeds: NDArray[np.int32]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    sets: int
    checked: int
    steps: float


def search(drawer: Drawer, task: Task) -> Found:
    """Choose seeds until the guarantee holds, or as many sets are drawn as suffice in theory.

    Settled seeds spare most of the work, and with them the test is met in practice. Where it
    cannot be, nothing is settled in a second run, for which the theory holds.
    """
    spare = task.purse is None and not task.curve
    found = _run(drawer, task, share=0.5, settling=True) if spare else None
    if found is None:
        found = _run(drawer, task, share=0.5 if spare else 1.0, settling=False)
    assert found is not None
    return found


def _run(drawer: Drawer, task: Task, *, share: float, settling: bool) -> Found | None:
    # Above and below, in each round, for each number of seeds.
    each = share * task.delta / (2 * task.rounds * (task.k + 1 if task.curve else 1))
    pool, drawn, found = Pool(drawer, task.required, task.barred), 0, None
    for step in range(task.rounds):
        pool.grow(FIRST << step)
        choice = pool.choose(task.k, curve=task.curve, purse=task.purse)
        upper = highest_share(choice.bounds, pool.count, each) * drawer.total
        upper = np.minimum(upper, task.sure[-upper.size :])
        seeds = _filled(choice.seeds, task)
        own, wanted = task.own(seeds), task.guarantee * upper[-1]
        size = _enough(choice, pool, each, wanted / drawer.total) if own[-1] < wanted else FEWEST
        surely = lowest_share(choice.hits, pool.count, each) * drawer.total >= GREEDY * upper[-1]
        last = step == task.rounds - 1
        fair = _fair(choice, pool, task, drawer.n, FAIR_ENOUGH if surely else FAIR)
        if (size and fair) or last:
            size = size or pool.count
            lower, steps = _checked(drawer, task, seeds, CHECKS + drawn, size, each)
            lower, drawn = np.maximum(lower, own), drawn + size
            found = Found(seeds, lower, upper, pool.count, drawn, steps)
            if lower[-1] >= wanted:
                return found
        if settling:
            if fair and choice.hits < task.guarantee * choice.bounds[-1]:
                return None  # more sets would make it no surer
            pool.settle(choice.seeds[pool.settled.size :][: _solid(choice, pool)])
    return None if settling else found


def _enough(choice: Choice, pool: Pool, each: float, wanted: float) -> int:
    """Guess how many sets will show that the wanted share is hit; 0 if the pool's may not."""
    count = pool.count
    size = min(FEWEST_COSTLY if _costly(pool) else FEWEST, count)
    while True:
        hits = choice.hits * size // count
        # A little more, because seeds look better on the sets that they are chosen on.
        if lowest_share(hits, size, each) >= 1.03 * wanted:
            return size
        if size == count:
            return count if lowest_share(hits, size, each) >= wanted else 0
        size = min(2 * size, count)


def _costly(pool: Pool) -> bool:
    return pool.steps > COSTLY_STEPS * pool.count


def _solid(choice: Choice, pool: Pool) -> int:
    """Count the seeds, from the first on, that more sets would hardly change."""
    if pool.steps < SPARED_STEPS:
        return 0
    wanted = COSTLY if _costly(pool) else SOLID
    # The relative variance of a share g / sets is (1 - g / sets) / g.
    sure = choice.gains >= wanted * (1 - choice.gains / pool.count)
    return min(int(np.argmin(np.append(sure, False))), choice.tightest)


def _fair(choice: Choice, pool: Pool, task: Task, n: int, wanted: int) -> bool:
    """Tell whether the choice is no matter of chance, or would cost too much to improve."""
    left = task.k + task.required.size - pool.settled.size
    least = choice.gains.min(initial=wanted) if choice.gains.size == left else 0
    fair = least >= wanted or pool.count >= MOST_A_NODE * n
    cheap = min(CHEAP_STEPS, CHEAP_A_NODE * n) if n <= SMALL else 0
    return (fair and pool.steps >= max(cheap, FEWEST_STEPS)) or pool.steps >= MOST_STEPS


def _filled(seeds: NDArray[np.int32], task: Task) -> NDArray[np.int32]:
    """Add any nodes where the sets are all hit by fewer seeds than there may be."""
    missing = task.k + task.required.size - seeds.size
    if missing == 0 or task.purse is not None:
        return seeds
    taken = np.concatenate([seeds, task.barred])
    free = np.setdiff1d(np.arange(taken.size + missing, dtype=np.int32), taken)
    return np.concatenate([seeds, free[:missing]])


def _checked(
    drawer: Drawer, task: Task, seeds: NDArray[np.int32], first: int, size: int, each: float
) -> tuple[NDArray[np.float64], float]:
    """Bound what the seeds reach from below, on sets drawn for that; tell the steps of a set."""
    drawn = drawer.draw(first, size, seeds, enough=0 if task.curve else None)
    hits = np.cumsum(np.append(0, drawn.best[:-1]))
    points = hits[task.required.size :] if task.curve else hits[-1:]
    return lowest_share(points, size, each) * drawer.total, drawn.steps / size
