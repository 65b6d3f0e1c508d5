"""A pool of reverse reachable sets from which seeds are chosen."""

from __future__ import annotations

from types import ModuleType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.arrays import cover as arrays
from empreinte.kernels.diffusion.demand import Purse
from empreinte.kernels.diffusion.reverse import Drawer, Sets, together
from empreinte.kernels.loops import loops


class Choice(NamedTuple):
    """Seeds chosen from a pool.

    Attributes
    ----------
    seeds : ndarray of int32
        Settled ones first.
    gains : ndarray of int64
        Sets of the pool that each of the others adds.
    hits : int
        Sets hit by all of them.
    bounds : ndarray, shape (k + 1,) or (1,)
        Sets that j, or k, seeds besides the required ones hit at most, whichever they are.
    tightest : int
        How many seeds beyond the settled ones can be settled without loosening the bound.
    """

    seeds: NDArray[np.int32]
    gains: NDArray[np.int64]
    hits: int
    bounds: NDArray
    tightest: int


class Pool:
    """Sets that hold no settled seed; of the others only the number is kept.

    A choice that holds the settled seeds hits each set that they hit, whatever else these sets
    hold: so they need not be grown to the end nor kept. And the best k seeds of all hit no more
    than they and the settled ones together, so that a bound on what k seeds add to the settled
    ones bounds them too. This is how HIST (Guo et al., SIGMOD 2020, section 4) spares large sets.

    Parameters
    ----------
    drawer : Drawer
    required : ndarray of int32
        Settled from the start.
    barred : ndarray of int32
        Nodes that cannot be chosen.
    """

    def __init__(
        self, drawer: Drawer, required: NDArray[np.int32], barred: NDArray[np.int32]
    ) -> None:
        self.count = 0
        self.settled = required
        self._required = required.size
        self.steps = 0
        self._drawer = drawer
        self._hit = 0
        self._sets = together([])
        self._numbers = np.zeros(drawer.n, np.int32)
        self._numbers[barred] = -1
        self._names = np.empty(drawer.n, np.int32)
        self._used = 0

    @property
    def _cover(self) -> ModuleType:
        return arrays if self._drawer.few else loops("cover")

    def grow(self, count: int) -> None:
        """Draw sets until there are `count` in all."""
        drawn = self._drawer.draw(self.count, count - self.count, self.settled, keep=True)
        nodes, offsets = drawn.sets
        self._used = self._cover.renamed(nodes, offsets, self._numbers, self._names, self._used)
        self._sets = together([self._sets, Sets(nodes[: offsets[-1]], offsets)])
        self._hit += int(drawn.best[:-1].sum())
        self.steps += drawn.steps
        self.count = count

    def choose(self, k: int, *, curve: bool = False, purse: Purse | None = None) -> Choice:
        """Choose k seeds besides the required ones, or as many as the purse can pay."""
        nodes, offsets = self._sets
        names = self._names[: self._used]
        if purse is None:
            left = k + self._required - self.settled.size
            chosen, gains, bounds, tightest = self._cover.greedy(
                nodes, offsets, self._used, left, k, curve
            )
        else:
            chosen, gains, bound = loops("purse").budgeted(
                nodes, offsets, purse.prices[names], purse.left
            )
            bounds, tightest = np.array([bound]), 0
        seeds = np.concatenate([self.settled, names[chosen]])
        return Choice(seeds, gains, self._hit + int(gains.sum()), self._hit + bounds, tightest)

    def settle(self, seeds: NDArray[np.int32]) -> None:
        """Take seeds as chosen for good and let go of the sets that hold them."""
        if not seeds.size:
            return
        nodes, offsets = self._sets
        hit = self._cover.hits(nodes, offsets, self._numbers[seeds] - 1, self._used)
        members, sets = self._cover.missed(nodes, offsets, hit)
        self._sets = Sets(nodes[:members].copy(), offsets[: sets + 1].copy())
        self._hit += int(hit.sum())
        self.settled = np.concatenate([self.settled, seeds])
