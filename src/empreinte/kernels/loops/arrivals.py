"""When a message arrives: the earliest way along live edges, each of which takes its time.

Dijkstra's algorithm over a world's live edges; a node that has the message is a source from that
moment on. The delay of an edge is a function of the world and the edge, like its coin.
"""

from __future__ import annotations

import numba
import numpy as np

from empreinte.kernels.loops.dice import GOLDEN, mixed, start, unit
from empreinte.kernels.loops.lanes import LANES, lowest
from empreinte.kernels.loops.worlds import live_lanes

FIXED, WEIBULL, PARETO = 0, 1, 2
_DELAYS = np.uint64(0xC2B2AE3D27D4EB4F)
_ONE = np.uint64(1)


@numba.njit(cache=True, inline="always")
def delay_of(world, kind, scales, shape, edge):
    """Give how long an edge takes in a world."""
    scale = np.float64(scales[edge if scales.size > 1 else 0])
    if kind == FIXED:
        return scale
    above = 1.0 - unit(mixed(world ^ _DELAYS) + np.uint64(edge) * GOLDEN)
    if kind == WEIBULL:
        return scale * (-np.log(above)) ** (1.0 / shape)
    return scale * above ** (-1.0 / shape)


@numba.njit(cache=True)
def _rise(heap, places, times, place):
    """Move the node at a place of the heap up to where its time belongs."""
    node = heap[place]
    while place > 0:
        above = (place - 1) >> 1
        if times[heap[above]] <= times[node]:
            break
        heap[place] = heap[above]
        places[heap[place]] = place
        place = above
    heap[place] = node
    places[node] = place


@numba.njit(cache=True)
def _pop(heap, places, times, size):
    """Take the earliest node out of a heap of `size`."""
    first = heap[0]
    node = heap[size - 1]
    size -= 1
    place = 0
    while 2 * place + 1 < size:
        below = 2 * place + 1
        if below + 1 < size and times[heap[below + 1]] < times[heap[below]]:
            below += 1
        if times[node] <= times[heap[below]]:
            break
        heap[place] = heap[below]
        places[heap[place]] = place
        place = below
    heap[place] = node
    places[node] = place
    places[first] = -2
    return first


@numba.njit(cache=True, nogil=True)
def run(indptr, targets, coins, delay, seeds, world, until, heap, places, times, parents, order):
    """Run one cascade up to the time `until`; write who was reached, in order of time.

    `delay` is (kind, scales, shape). `places` is -1 everywhere before, and after for nodes never
    seen. Gives how many were reached, and how many seen after them: those follow in `order`.
    """
    size = 0
    for node in seeds:
        if places[node] == -1:
            times[node] = 0.0
            parents[node] = -1
            heap[size] = node
            _rise(heap, places, times, size)
            size += 1
    done = 0
    while size > 0 and times[heap[0]] <= until:
        source = _pop(heap, places, times, size)
        size -= 1
        order[done] = source
        done += 1
        begin, end = indptr[source], indptr[source + 1]
        for base in range(begin & ~7, end, LANES):
            found = live_lanes(world, coins, targets, base, begin, end)
            while found:
                edge = base + lowest(found)
                found &= found - _ONE
                node = targets[edge]
                if places[node] == -2:
                    continue
                time = times[source] + delay_of(world, delay[0], delay[1], delay[2], edge)
                if places[node] == -1:
                    heap[size] = node
                    places[node] = size
                    size += 1
                elif time >= times[node]:
                    continue
                times[node] = time
                parents[node] = source
                _rise(heap, places, times, places[node])
    for i in range(size):
        order[done + i] = heap[i]
    return done, size


@numba.njit(cache=True, nogil=True)
def spread(indptr, targets, coins, delay, seeds, seed, first, until, sizes, reached):
    """Run cascades in worlds `first` on; fill ``sizes[run, i]`` with the nodes reached by until[i].

    `until` ascends. Adds one to ``reached[v]`` for each run that reaches v by the last of them,
    unless it is empty.
    """
    n = indptr.size - 1
    heap, parents, order = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int32)
    places, times = np.full(n, -1, np.int32), np.empty(n)
    for number in range(sizes.shape[0]):
        world = start(seed, np.uint64(first + number))
        done, seen = run(
            indptr, targets, coins, delay, seeds, world, until[-1],
            heap, places, times, parents, order,
        )  # fmt: skip
        at = 0
        for i in range(until.size):
            while at < done and times[order[at]] <= until[i]:
                at += 1
            sizes[number, i] = at
        for i in range(done + seen):
            places[order[i]] = -1
        if reached.size:
            for i in range(done):
                reached[order[i]] += 1


@numba.njit(cache=True, nogil=True)
def tree(indptr, targets, coins, delay, seeds, seed, number, until, nodes, parents, times):
    """Run one cascade; write who was reached, by whom and when. Gives how many."""
    n = indptr.size - 1
    heap, by_node = np.empty(n, np.int32), np.empty(n, np.int32)
    places, at = np.full(n, -1, np.int32), np.empty(n)
    world = start(seed, np.uint64(number))
    done, _ = run(
        indptr, targets, coins, delay, seeds, world, until, heap, places, at, by_node, nodes
    )
    for i in range(done):
        parents[i] = by_node[nodes[i]]
        times[i] = at[nodes[i]]
    return done
