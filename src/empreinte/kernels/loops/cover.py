"""Greedy coverage: the members that hit most sets, one after another, without a scan of all.

Counts are kept exact as sets are hit (each set is crossed off once), members wait in a list for
each count and move down when they are met, and a histogram of the counts gives the sum of the
largest in as many steps as the last gain was high.
"""

from __future__ import annotations

import numba
import numpy as np

from empreinte.kernels.loops.memory import prefetch

_AHEAD = 16
NEVER = np.iinfo(np.int64).max


@numba.njit(cache=True, nogil=True)
def renamed(nodes, offsets, numbers, names, used):
    """Number nodes from 0 as they are met, and leave out those that may not be chosen.

    Parameters
    ----------
    nodes : ndarray of int32
        Members of the sets, one set after another; changed in place.
    offsets : ndarray of int64, shape (sets + 1,)
        Changed in place.
    numbers : ndarray of int32, shape (n,)
        One more than the number of each node; 0: not met; -1: may not be chosen.
    names : ndarray of int32, shape (n,)
        The node of each number.
    used : int
        Numbers given so far.

    Returns
    -------
    used : int
    """
    place = 0
    for s in range(offsets.size - 1):
        begin, end = offsets[s], offsets[s + 1]
        offsets[s] = place
        for i in range(begin, end):
            prefetch(numbers, np.int64(nodes[min(i + _AHEAD, nodes.size - 1)]))
            v = nodes[i]
            number = numbers[v]
            if number < 0:
                continue
            if number == 0:
                names[used] = v
                used += 1
                number = numbers[v] = used
            nodes[place] = number - 1
            place += 1
    offsets[-1] = place
    return used


@numba.njit(cache=True, nogil=True)
def counted(nodes, size):
    """Count how many sets hold each member."""
    counts = np.zeros(size, np.int32)
    for v in nodes:
        counts[v] += 1
    return counts


@numba.njit(cache=True, nogil=True)
def inverted(nodes, offsets, counts):
    """List the sets that hold each member: those of v from ``begins[v]`` to ``begins[v + 1]``."""
    begins = np.zeros(counts.size + 1, np.int64)
    for v in range(counts.size):
        begins[v + 1] = begins[v] + counts[v]
    next_ = begins[:-1].copy()
    held = np.empty(nodes.size, np.int32)
    for s in range(offsets.size - 1):
        for i in range(offsets[s], offsets[s + 1]):
            v = nodes[i]
            held[next_[v]] = s
            next_[v] += 1
    return begins, held


@numba.njit(cache=True, nogil=True)
def crossed(v, nodes, offsets, begins, held, hit, counts, levels):
    """Cross off the sets that hold v, and count their members down."""
    for e in range(begins[v], begins[v + 1]):
        s = held[e]
        if hit[s]:
            continue
        hit[s] = True
        for i in range(offsets[s], offsets[s + 1]):
            u = nodes[i]
            c = counts[u]
            counts[u] = c - 1
            levels[c] -= 1
            levels[c - 1] += 1


@numba.njit(cache=True, nogil=True)
def bounded(levels, top, k, covered, bounds):
    """Lower ``bounds[j]`` to what is covered and the sum of the j largest counts.

    For j = 1 to k, or where `bounds` has one place for k alone.
    """
    every = bounds.size > 1
    left, total, level, j = k, covered, top, 0
    while left > 0 and level > 0:
        here = min(levels[level], left)
        if every:
            for _ in range(here):
                j += 1
                total += level
                bounds[j] = min(bounds[j], total)
        else:
            total += here * level
        left -= here
        level -= 1
    if every:
        bounds[0] = min(bounds[0], covered)
    for i in range(j + 1 if every else 0, bounds.size):
        bounds[i] = min(bounds[i], total)


@numba.njit(cache=True, nogil=True)
def settled(top, counts, first, following):
    """Give the highest count there is, with a member of that count first in its list.

    Members wait under the count they had; those found too high are moved to where they belong.
    """
    while top > 0:
        v = first[top]
        if v < 0:
            top -= 1
            continue
        c = counts[v]
        if c == top:
            break
        first[top] = following[v]
        following[v] = first[c]
        first[c] = v
    return top


@numba.njit(cache=True, nogil=True)
def greedy(nodes, offsets, size, k, most, curve):
    """Choose k members, each the one that hits most of the sets not hit before.

    Parameters
    ----------
    nodes : ndarray of int32
        Members of the sets, from 0 to `size` - 1, one set after another.
    offsets : ndarray of int64, shape (sets + 1,)
    size, k : int
    most : int
        Members of the choices to bound; above k where some are chosen already.
    curve : bool
        Whether to bound the best coverage for every number up to `most`, or for it alone.

    Returns
    -------
    chosen : ndarray of int32, shape (k or fewer,)
        Fewer when every set is hit.
    gains : ndarray of int64
        Sets that each adds.
    bounds : ndarray of int64, shape (most + 1,) or (1,)
        No choice of j members covers more (Tang et al. 2018, equation 10).
    tightest : int
        After how many choices the bound for `most` was found.
    """
    counts = counted(nodes, size)
    begins, held = inverted(nodes, offsets, counts)
    top = np.int64(counts.max()) if size else 0
    levels = np.zeros(top + 1, np.int64)
    first, following = np.full(top + 1, -1, np.int32), np.empty(size, np.int32)
    for v in range(size - 1, -1, -1):
        c = counts[v]
        levels[c] += 1
        following[v] = first[c]
        first[c] = v
    chosen, gains = np.empty(k, np.int32), np.empty(k, np.int64)
    bounds = np.full(most + 1 if curve else 1, NEVER)
    hit = np.zeros(offsets.size - 1, np.bool_)
    covered, number, tightest = 0, 0, 0
    while True:
        top = settled(top, counts, first, following)
        before = bounds[-1]
        bounded(levels, top, most, covered, bounds)
        if bounds[-1] < before:
            tightest = number
        if number == k or top == 0:
            break
        v = first[top]
        first[top] = following[v]
        chosen[number], gains[number] = v, top
        covered += top
        number += 1
        crossed(v, nodes, offsets, begins, held, hit, counts, levels)
    return chosen[:number], gains[:number], bounds, tightest


@numba.njit(cache=True, nogil=True)
def missed(nodes, offsets, hit):
    """Keep the sets that are not hit, in place; give how many members and sets there are."""
    place = sets = 0
    for s in range(offsets.size - 1):
        begin, end = offsets[s], offsets[s + 1]
        if hit[s]:
            continue
        for i in range(begin, end):
            nodes[place] = nodes[i]
            place += 1
        sets += 1
        offsets[sets] = place  # never beyond what is still to be read
    return place, sets


@numba.njit(cache=True, nogil=True)
def hits(nodes, offsets, chosen, size):
    """Tell which sets hold any of the chosen members."""
    among = np.zeros(size, np.bool_)
    among[chosen] = True
    out = np.zeros(offsets.size - 1, np.bool_)
    for s in range(out.size):
        for i in range(offsets[s], offsets[s + 1]):
            if among[nodes[i]]:
                out[s] = True
                break
    return out
