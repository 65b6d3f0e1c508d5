"""Worlds of live edges: which edges carry the message in one run.

A world is a state (`dice.start` of the seed and the number of the run). Under the independent
cascade the coin of each edge (see `lanes`) says whether it is live. Under the linear threshold each
node draws at most one of its in-edges, with the chance of its weight, and that one is live (Kempe,
Kleinberg & Tardos 2003, theorem 2.5): the node draws a number of 31 bits, and its in-edges share
out the 2^31 numbers.

``coins`` is what the kernels know of the edges: (kind, bound, bounds, chances, degrees, lows,
widths), where arrays that a kind does not need are empty.

========  ==========================  =======================================================
kind      probability of an edge      needs
========  ==========================  =======================================================
CONSTANT  ``chances[0]``              bound
WEIGHTED  1 / ``degrees[target]``     bounds of each edge and 64 more
GIVEN     ``chances[edge]``           bounds of each edge and 64 more
SHARED    linear threshold            lows and widths, the share of each edge among the numbers
========  ==========================  =======================================================
"""

from __future__ import annotations

import numba
import numpy as np

from empreinte.kernels.arrays.worlds import CONSTANT, MORE, NODES, SHARED, WEIGHTED
from empreinte.kernels.loops.dice import GOLDEN, mixed, unit
from empreinte.kernels.loops.lanes import LANES, compare, compare_all, lowest

SHARES = 1 << 31
_ONE = np.uint64(1)
_FULL = np.uint64(0xFFFFFFFFFFFFFFFF)


@numba.njit(cache=True, inline="always")
def more(world, edge):
    """Give the bits of the coin of an edge after its first byte, as a float64 in [0, 1)."""
    return unit(mixed(world ^ MORE) + np.uint64(edge) * GOLDEN)


@numba.njit(cache=True, inline="always")
def of_nodes(world):
    """Give the state whose n-th number is what node n draws."""
    return mixed(world ^ NODES)


@numba.njit(cache=True, inline="always")
def candidates(world, coins, base, begin, end):
    """Compare the coins of edges `base` to `base` + 63, of those from `begin` to `end` - 1.

    Gives two words with a bit an edge: first byte at most the bound, and equal to it. `base` is
    a multiple of 8.
    """
    state = world + np.uint64(base >> 3) * GOLDEN
    if coins[0] == CONSTANT:
        most, same = compare_all(state, coins[1])
    else:
        most, same = compare(state, coins[2], base)
    if base < begin:
        most &= _FULL << np.uint64(begin - base)
    if end - base < LANES:
        most &= (_ONE << np.uint64(end - base)) - _ONE
    return most, same


@numba.njit(cache=True, inline="always")
def chance(coins, edge, target):
    """Give the probability of an edge of an independent cascade."""
    if coins[0] == CONSTANT:
        return np.float64(coins[3][0])
    if coins[0] == WEIGHTED:
        return np.float64(np.float32(1.0 / coins[4][target]))
    return np.float64(coins[3][edge])


@numba.njit(cache=True, inline="always")
def bound_of(chance):
    """Give the bound of the first byte of a coin: 256 times the probability, cut."""
    return min(255.0, np.floor(256.0 * chance))


@numba.njit(cache=True, inline="always")
def settled(world, coins, edge, target):
    """Tell whether an edge is live whose first byte equals its bound."""
    p = chance(coins, edge, target)
    return more(world, edge) < 256.0 * p - bound_of(p)


@numba.njit(cache=True, inline="always")
def live(world, coins, edge, target):
    """Tell whether one edge is live, in any kind of world."""
    if coins[0] == SHARED:
        drawn = mixed(of_nodes(world) + np.uint64(target) * GOLDEN) >> np.uint64(33)
        low = np.uint64(coins[5][edge])
        return low <= drawn < low + np.uint64(coins[6][edge])
    word = mixed(world + np.uint64(edge >> 3) * GOLDEN)
    byte = np.float64(word >> np.uint64(8 * (edge & 7)) & np.uint64(255))
    bound = bound_of(chance(coins, edge, target))
    return byte < bound or (byte == bound and settled(world, coins, edge, target))


@numba.njit(cache=True)
def live_lanes(world, coins, targets, base, begin, end):
    """Give a word with a bit for each live edge of a row among `base` to `base` + 63."""
    found = np.uint64(0)
    if coins[0] == SHARED:
        for edge in range(max(base, begin), min(base + LANES, end)):
            found |= np.uint64(live(world, coins, edge, targets[edge])) << np.uint64(edge - base)
        return found
    found, same = candidates(world, coins, base, begin, end)
    same &= found
    while same:
        lane = lowest(same)
        same &= same - _ONE
        if not settled(world, coins, base + lane, targets[base + lane]):
            found &= ~(_ONE << np.uint64(lane))
    return found


@numba.njit(cache=True, nogil=True)
def shares(targets, weights, sums, lows, widths):
    """Share the numbers of each node out among its in-edges; `sums` begins as zeros."""
    for edge in range(targets.size):
        target = targets[edge]
        low = min(np.int64(np.rint(sums[target] * SHARES)), SHARES)
        sums[target] += weights[edge]
        high = min(np.int64(np.rint(sums[target] * SHARES)), SHARES)
        lows[edge] = low
        widths[edge] = high - low


@numba.njit(cache=True, nogil=True)
def equal_shares(targets, degrees, ranks, lows, widths):
    """Share the numbers of each node out equally; `ranks` begins as zeros."""
    for edge in range(targets.size):
        target = targets[edge]
        rank, degree = ranks[target], degrees[target]
        low = SHARES * rank // degree
        ranks[target] = rank + 1
        lows[edge] = low
        widths[edge] = SHARES * (rank + 1) // degree - low
