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
FAIR_ENOUGH = 8
"""Sets that every seed adds where the seeds are as good as greedy choice can promise, `GREEDY`."""
GREEDY = 1 - math.exp(-1)
MOST_STEPS = 1 << 22
"""Steps of growing sets after which only the guarantee asks for more."""
SMALL, CHEAP_A_NODE = 1 << 17, 256
"""Nodes of a graph whose steps are cheaper, being in the cache; and steps for each of them after
which further ones change nothing."""
SPARED_STEPS = 1 << 17
"""Steps before which settling would spare nothing."""
MOST_A_NODE = 64
"""Sets drawn for each node of the graph, likewise."""
FEWEST_COSTLY = 512
"""Sets to check on, at least, where they are costly."""
CHECKED = 2
"""Checks of one choice, the second on more sets if it seems that they will do."""
AHEAD = 4
"""Doublings at once, at most, while sets are too few to choose from."""
SETTLING, PLAIN, ABOVE = 0.8, 0.1, 0.8
"""Shares of δ: for the bounds of a run that settles seeds, and of one that does not; `THEORY` / 3
is left. And what bounds from above get of either, for more sets to choose from cost more than
more to check on."""
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
    found = _run(drawer, task, share=SETTLING, settling=True) if spare else None
    if found is None:
        share = PLAIN if spare else SETTLING + PLAIN
        found = _run(drawer, task, share=share, settling=False)
    assert found is not None
    return found


def _run(drawer: Drawer, task: Task, *, share: float, settling: bool) -> Found | None:
    # In each round, for each number of seeds.
    each = share * task.delta / (task.rounds * (task.k + 1 if task.curve else 1))
    above, below = ABOVE * each, (1 - ABOVE) * each / CHECKED
    steps = _fewest(task, drawer.n)
    pool, drawn, found, step = Pool(drawer, task.required, task.barred), 0, None, 0
    while step < task.rounds:
        step = _grown(pool, step, task.rounds, min(steps, SPARED_STEPS) if settling else steps)
        choice = pool.choose(task.k, curve=task.curve, purse=task.purse)
        upper = highest_share(choice.bounds, pool.count, above) * drawer.total
        upper = np.minimum(upper, task.sure[-upper.size :])
        seeds = _filled(choice.seeds, task)
        own, wanted = task.own(seeds), task.guarantee * upper[-1]
        least = FEWEST_COSTLY if _costly(pool) else task.effort.checked
        size = least
        if own[-1] < wanted:
            size = _needed(_likely(choice, pool), pool.count, below, wanted / drawer.total, least)
        surely = lowest_share(choice.hits, pool.count, each) * drawer.total >= GREEDY * upper[-1]
        last = step == task.rounds - 1
        fair = _fair(choice, pool, task, drawer.n, FAIR_ENOUGH if surely else task.effort.fair)
        fair = (fair and pool.steps >= steps) or pool.steps >= MOST_STEPS
        size = size if fair or last else 0
        if last:
            size = size or pool.count
        for _ in range(CHECKED):
            if not size:
                break
            lower, share, taken = _checked(drawer, task, seeds, CHECKS + drawn, size, below)
            lower, drawn = np.maximum(lower, own), drawn + size
            found = Found(seeds, lower, upper, pool.count, drawn, taken)
            if lower[-1] >= wanted:
                return found
            size = _needed(share, pool.count, below, wanted / drawer.total, size)
        if settling:
            if fair and choice.hits < task.guarantee * choice.bounds[-1]:
                return None  # more sets would make it no surer
            pool.settle(choice.seeds[pool.settled.size :][: _solid(choice, pool)])
        step += 1
    return None if settling else found


def _fewest(task: Task, n: int) -> int:
    """Tell how many steps of growing sets there should be to choose from."""
    small = min(task.effort.steps_small, CHEAP_A_NODE * n) if n <= SMALL else 0
    return max(small, task.effort.steps)


def _grown(pool: Pool, step: int, rounds: int, steps: int) -> int:
    """Double the sets until there are enough steps to choose from; give the round that this is."""
    while True:
        pool.grow(FIRST << step)
        if pool.steps >= steps or step == rounds - 1:
            return step
        # Sets drawn so far tell roughly how many are missing.
        missing = math.ceil(math.log2(steps / max(pool.steps, 1)))
        step = min(step + min(missing, AHEAD), rounds - 1)


def _likely(choice: Choice, pool: Pool) -> float:
    """Guess the share of further sets that seeds hit which look better on those of the pool.

    Each was chosen among others for hits that are partly chance, about half of their standard
    deviation.
    """
    return (choice.hits - float(np.sqrt(choice.gains).sum()) / 2) / pool.count


def _needed(share: float, count: int, each: float, wanted: float, least: int) -> int:
    """Guess how many sets will show that the wanted share is hit; 0 if `count` may not.

    `share` is what is likely to be hit, and `least` the fewest to draw.
    """
    size = min(least, count)
    # A little more than wanted, for it may be somewhat less than likely.
    while lowest_share(int(share * size), size, each) < 1.03 * wanted:
        if size == count:
            return count if lowest_share(int(share * size), size, each) >= wanted else 0
        size = min(2 * size, count)
    return size


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
    return least >= wanted or pool.count >= MOST_A_NODE * n


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
) -> tuple[NDArray[np.float64], float, float]:
    """Bound what the seeds reach from below, on sets drawn for that.

    Tells also the share of the sets that they hit, and the steps of a set.
    """
    drawn = drawer.draw(first, size, seeds, enough=0 if task.curve else None)
    hits = np.cumsum(np.append(0, drawn.best[:-1]))
    points = hits[task.required.size :] if task.curve else hits[-1:]
    return (
        lowest_share(points, size, each) * drawer.total, float(hits[-1]) / size,
        drawn.steps / size,
    )  # fmt: skip
