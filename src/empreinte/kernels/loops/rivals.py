"""Two messages in one world: who is reached first keeps it."""

from __future__ import annotations

import numba
import numpy as np

from empreinte.kernels.loops.dice import GOLDEN, mixed, start, unit
from empreinte.kernels.loops.lanes import LANES, lowest
from empreinte.kernels.loops.worlds import live_lanes

_TIES = np.uint64(0x165667B19E3779F9)
_ONE = np.uint64(1)
_PENDING = 4


@numba.njit(cache=True, inline="always")
def _touched(sides, queue, tail, node, side):
    """Note that a message reaches a node this round; give the new end of the queue."""
    if sides[node] == 0:
        sides[node] = _PENDING | side
        queue[tail] = node
        return tail + 1
    if sides[node] & _PENDING:
        sides[node] |= side
    return tail


@numba.njit(cache=True)
def _settle(sides, queue, begin, end, world, tie):
    """Give each node touched in a round to one message."""
    for i in range(begin, end):
        node = queue[i]
        side = sides[node] & 3
        if side == 3:
            drawn = unit(mixed(world ^ _TIES) + np.uint64(node) * GOLDEN)
            side = 1 if drawn < tie else 2
        sides[node] = side


@numba.njit(cache=True, nogil=True)
def spread(indptr, targets, coins, rival_coins, seeds, rival_seeds, tie, seed, first, sizes,
           reached):  # fmt: skip
    """Run two cascades against each other; fill ``sizes[run, side]``.

    A node touched by both in one round is of the first with the chance `tie`. Adds one to
    ``reached[side, v]`` for each run, unless it is empty.
    """
    n = indptr.size - 1
    sides = np.zeros(n, np.uint8)
    queue = np.empty(n, np.int32)
    for run in range(sizes.shape[0]):
        world = start(seed, np.uint64(first + run))
        tail = 0
        for node in seeds:
            tail = _touched(sides, queue, tail, node, 1)
        for node in rival_seeds:
            tail = _touched(sides, queue, tail, node, 2)
        head = 0
        while head < tail:
            _settle(sides, queue, head, tail, world, tie)
            last = tail
            while head < last:
                source = queue[head]
                head += 1
                own = coins if sides[source] == 1 else rival_coins
                begin, end = indptr[source], indptr[source + 1]
                for base in range(begin & ~7, end, LANES):
                    found = live_lanes(world, own, targets, base, begin, end)
                    while found:
                        node = targets[base + lowest(found)]
                        found &= found - _ONE
                        tail = _touched(sides, queue, tail, node, sides[source])
        sizes[run] = 0
        for i in range(tail):
            side = sides[queue[i]] - 1
            sizes[run, side] += 1
            if reached.size:
                reached[side, queue[i]] += 1
            sides[queue[i]] = 0
