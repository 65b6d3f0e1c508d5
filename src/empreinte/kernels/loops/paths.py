"""Shortest paths drawn at random, each as likely as the others of its pair.

Two searches go towards each other, a level at a time, the one with fewer edges ahead first; where
they meet, every shortest path passes one of the nodes met. Of a graph in which everybody is a few
steps from everybody, a pair so takes a small part of the edges.
"""

from __future__ import annotations

import numba
import numpy as np

from empreinte.kernels.loops.dice import start, step, unit

_MANY = 1e100
"""Paths to a node beyond which those of its level are counted in this unit."""


@numba.njit(cache=True, nogil=True)
def drawn(out_rows, out, in_rows, into, first, count, seed, hits):
    """Draw a path for each of the pairs `first`, … of a stream; add to `hits` whom it passes.

    Ends are not passed. `hits` : int64, shape (n,).
    """
    n = out_rows.size - 1
    seen = np.full((2, n), -1, np.int64)
    level = np.empty((2, n), np.int32)
    ways = np.empty((2, n), np.float64)
    queue = np.empty((2, n), np.int32)
    for i in range(first, first + count):
        state = start(np.uint64(seed), np.uint64(i))
        s = np.int64(unit(state) * n)
        state = step(state)
        t = np.int64(unit(state) * (n - 1))
        t += t >= s
        begin, end = _met(out_rows, out, in_rows, into, i, s, t, seen, level, ways, queue)
        if begin == end:
            continue
        state = step(state)
        middle = _one(queue[0, begin:end], seen[1], i, ways, unit(state))
        if middle != s and middle != t:
            hits[middle] += 1
        state = _back(in_rows, into, middle, i, seen[0], level[0], ways[0], state, hits)
        _back(out_rows, out, middle, i, seen[1], level[1], ways[1], state, hits)


@numba.njit(cache=True, nogil=True)
def _met(out_rows, out, in_rows, into, i, s, t, seen, level, ways, queue):
    """Search from both ends until they meet.

    The nodes met are among those of ``queue[0, begin:end]``: of a last level of the search from
    `s`. Nothing is between where no way leads from `s` to `t`.
    """
    seen[0, s] = seen[1, t] = i
    level[0, s] = level[1, t] = 0
    ways[0, s] = ways[1, t] = 1.0
    queue[0, 0], queue[1, 0] = s, t
    begin0, end0, begin1, end1 = 0, 1, 0, 1
    ahead0, ahead1 = out_rows[s + 1] - out_rows[s], in_rows[t + 1] - in_rows[t]
    while ahead0 and ahead1:
        if ahead0 <= ahead1:
            stop, ahead0, met = _level(out_rows, out, i, 0, begin0, end0, seen, level, ways, queue)
            begin0, end0 = end0, stop
        else:
            stop, ahead1, met = _level(in_rows, into, i, 1, begin1, end1, seen, level, ways, queue)
            begin1, end1 = end1, stop
        if met:
            return begin0, end0
    return 0, 0


@numba.njit(cache=True, nogil=True)
def _level(rows, ends, i, side, begin, end, seen, level, ways, queue):
    """Go one level on; give where the queue ends, the edges ahead, whether both sides met."""
    stop, ahead, met, most = end, np.int64(0), False, 0.0
    for at in range(begin, end):
        u = queue[side, at]
        for e in range(rows[u], rows[u + 1]):
            v = ends[e]
            if seen[side, v] != i:
                seen[side, v] = i
                level[side, v] = level[side, u] + 1
                ways[side, v] = ways[side, u]
                queue[side, stop] = v
                stop += 1
                ahead += rows[v + 1] - rows[v]
                met = met or seen[1 - side, v] == i
            elif level[side, v] == level[side, u] + 1:
                ways[side, v] += ways[side, u]
                most = max(most, ways[side, v])
    if most > _MANY:  # only ratios within a level count
        for at in range(end, stop):
            ways[side, queue[side, at]] /= _MANY
    return stop, ahead, met


@numba.njit(cache=True, nogil=True)
def _one(nodes, seen, i, ways, luck):
    """Choose one of the nodes that both sides have seen, by the number of paths through it."""
    total = 0.0
    for u in nodes:
        if seen[u] == i:
            total += ways[0, u] * ways[1, u]
    left, chosen = luck * total, np.int64(-1)
    for u in nodes:
        if seen[u] == i:
            chosen = np.int64(u)
            left -= ways[0, u] * ways[1, u]
            if left < 0:
                break
    return chosen


@numba.njit(cache=True, nogil=True)
def _back(rows, ends, u, i, seen, level, ways, state, hits):
    """Go back from `u` to where its side began; give the state of the stream."""
    while level[u] > 1:
        total = 0.0
        for e in range(rows[u], rows[u + 1]):
            v = ends[e]
            if seen[v] == i and level[v] == level[u] - 1:
                total += ways[v]
        state = step(state)
        left, before = unit(state) * total, np.int64(-1)
        for e in range(rows[u], rows[u + 1]):
            v = ends[e]
            if seen[v] == i and level[v] == level[u] - 1:
                before = np.int64(v)
                left -= ways[v]
                if left < 0:
                    break
        u = before
        hits[u] += 1
    return state


@numba.njit(cache=True, nogil=True)
def farthest(rows, ends):
    """Give the most steps from the first node of a component to another, over all components.

    Edges lead both ways. No path has more than twice as many steps.
    """
    n = rows.size - 1
    far = np.full(n, -1, np.int32)
    queue = np.empty(n, np.int32)
    most = 0
    for root in range(n):
        if far[root] >= 0:
            continue
        far[root], queue[0], head, tail = 0, root, 0, 1
        while head < tail:
            u = queue[head]
            head += 1
            for e in range(rows[u], rows[u + 1]):
                v = ends[e]
                if far[v] < 0:
                    far[v] = far[u] + 1
                    queue[tail] = v
                    tail += 1
        most = max(most, far[queue[tail - 1]])
    return most
