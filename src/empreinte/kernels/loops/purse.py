"""Greedy coverage within a budget: Greedy+Max, and how far from the best it can be.

Yaroslavtsev, Zhou & Avdiukhin, "'Bring Your Own Greedy'+Max: near-optimal 1/2-approximations for
submodular knapsack" (AISTATS 2020), algorithm 1.
"""

from __future__ import annotations

import heapq

import numba
import numpy as np

from empreinte.kernels.loops.cover import counted, crossed, inverted

_DIGITS = 17
"""Digits of a float32 that are left out to group ratios: groups are 1.6 % wide."""


@numba.njit(cache=True, nogil=True)
def knapsack(counts, prices, budget):
    """Bound what members can add within a budget, as if their counts did not overlap.

    Dantzig's bound of the fractional knapsack. Members are grouped by ratio instead of sorted;
    the one group that is taken in part counts at its highest ratio, which can only be too high.
    """
    groups = 1 << (31 - _DIGITS)
    gain, cost, best = np.zeros(groups), np.zeros(groups), np.zeros(groups)
    for v in range(counts.size):
        if counts[v] == 0:
            continue
        ratio = np.float32(counts[v] / prices[v])
        group = ratio.view(np.int32) >> _DIGITS
        gain[group] += counts[v]
        cost[group] += prices[v]
        best[group] = max(best[group], counts[v] / prices[v])
    total, left = 0.0, budget
    for group in range(groups - 1, -1, -1):
        if cost[group] > left:
            total += min(left * best[group], gain[group])
            break
        total += gain[group]
        left -= cost[group]
    return total * (1 + 1e-6)  # two ratios may be told apart by less than a float32 holds


@numba.njit(cache=True, nogil=True)
def largest(counts, prices, budget):
    """Find the member of highest count that the budget can pay, -1 if there is none."""
    best, found = 0, -1
    for v in range(counts.size):
        if counts[v] > best and prices[v] <= budget:
            best, found = counts[v], v
    return found


@numba.njit(cache=True, nogil=True)
def fairest(heap, counts, prices, budget):
    """Take out the member of highest count for its price that the budget can pay, or give -1."""
    while heap:
        _, v = heapq.heappop(heap)
        if prices[v] > budget or counts[v] == 0:
            continue
        ratio = counts[v] / prices[v]
        if not heap or -heap[0][0] <= ratio:
            return v
        heapq.heappush(heap, (-ratio, v))
    return -1


@numba.njit(cache=True, nogil=True)
def budgeted(nodes, offsets, prices, budget):
    """Choose members within a budget.

    Greedy by count for the price; at each step the member that alone would add most is tried as
    a last one, and the best of these is given.

    Parameters
    ----------
    nodes : ndarray of int32
        Members of the sets, from 0 to the number of prices, one set after another.
    offsets : ndarray of int64, shape (sets + 1,)
    prices : ndarray of float64, shape (size,)
        Above 0, and `budget` at most.
    budget : float

    Returns
    -------
    chosen : ndarray of int32
    gains : ndarray of int64
        Sets that each adds.
    bound : int
        No choice within the budget covers more.
    """
    size = prices.size
    counts = counted(nodes, size)
    begins, held = inverted(nodes, offsets, counts)
    levels = np.zeros(np.int64(counts.max()) + 2 if size else 2, np.int64)
    hit = np.zeros(offsets.size - 1, np.bool_)
    heap = [(-counts[v] / prices[v], np.int64(v)) for v in range(size) if counts[v] > 0]
    heapq.heapify(heap)
    chosen, gains = np.empty(size, np.int32), np.empty(size, np.int64)
    number = 0
    covered, left, bound = 0, budget, np.inf
    best, best_number, best_last, best_gain = -1, 0, -1, 0
    while True:
        if number & (number - 1) == 0:
            bound = min(bound, covered + knapsack(counts, prices, budget))
        last = largest(counts, prices, left)
        gain = counts[last] if last >= 0 else 0
        if covered + gain > best:
            best, best_number, best_last, best_gain = covered + gain, number, last, gain
        v = fairest(heap, counts, prices, left)
        if v < 0:
            break
        chosen[number], gains[number] = v, counts[v]
        covered += counts[v]
        number += 1
        left -= prices[v]
        crossed(v, nodes, offsets, begins, held, hit, counts, levels)
    bound = min(bound, covered + knapsack(counts, prices, budget))
    if best_last >= 0:
        chosen[best_number], gains[best_number] = best_last, best_gain
        best_number += 1
    return chosen[:best_number], gains[:best_number], min(bound, 2.0 * best)
