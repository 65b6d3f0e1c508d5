"""Runs of a cascade, each a walk through a world of live edges (see `worlds`).

A run reaches what live edges reach from its seeds. Nodes are taken in the order of a plain breadth
first search; lines of memory are asked for some nodes ahead, because a run waits for memory and for
nothing else: 64 coins take 2 ns, a line of memory 80.
"""

from __future__ import annotations

import numba
import numpy as np

from empreinte.kernels.loops.dice import start
from empreinte.kernels.loops.lanes import CHOICES, LANES, chosen, lowest
from empreinte.kernels.loops.memory import prefetch
from empreinte.kernels.loops.worlds import (
    CONSTANT,
    SHARED,
    candidates,
    live,
    of_nodes,
    settled,
)

AHEAD = 8
"""Nodes between asking for a row and reading it."""
BATCH = 64
"""Nodes whose coins are tossed before the targets of their live edges are looked at."""
BLOCKS = 256
HELD = 512
_ONE = np.uint64(1)


@numba.njit(cache=True, inline="always")
def marked(marks, node):
    """Tell whether a bit set holds a node."""
    return marks[node >> 6] >> np.uint64(node & 63) & _ONE


@numba.njit(cache=True, inline="always")
def mark(marks, node):
    """Put a node into a bit set."""
    marks[node >> 6] |= _ONE << np.uint64(node & 63)


@numba.njit(cache=True, inline="always")
def seeded(seeds, marks, queue):
    """Put each seed once into the queue; give how many there are."""
    size = 0
    for node in seeds:
        if not marked(marks, node):
            mark(marks, node)
            queue[size] = node
            size += 1
    return size


@numba.njit(cache=True, nogil=True)
def spread(indptr, targets, coins, seeds, seed, first, sizes, reached):
    """Run a cascade in worlds `first` on; fill `sizes`, one a run.

    Adds one to ``reached[v]`` for each run that reaches v, unless it is empty. Gives the number
    of edges that left reached nodes.
    """
    n = indptr.size - 1
    marks = np.zeros((n >> 6) + 1, np.uint64)
    queue = np.empty(n + 1, np.int32)  # one more: the last node is written before it is known
    room = (
        np.empty(BLOCKS, np.int64),
        np.empty(BLOCKS, np.uint64),
        np.empty(BLOCKS, np.uint64),
        np.empty(HELD, np.int64),
    )
    edges = 0
    for run in range(sizes.size):
        world = start(seed, np.uint64(first + run))
        tail = seeded(seeds, marks, queue)
        if coins[0] == SHARED:
            tail, seen = _drawn(indptr, targets, coins, world, marks, queue, tail)
        else:
            tail, seen = _tossed(indptr, targets, coins, world, marks, queue, tail, room)
        edges += seen
        sizes[run] = tail
        for i in range(tail):
            marks[queue[i] >> 6] = 0
        if reached.size:
            for i in range(tail):
                reached[queue[i]] += 1
    return edges


@numba.njit(cache=True)
def _tossed(indptr, targets, coins, world, marks, queue, tail, room):
    """Follow the live edges of an independent cascade from the nodes in the queue."""
    bases, mosts, sames, _ = room
    head = 0
    edges = 0
    while head < tail:
        last = min(tail, head + BATCH)
        filled = 0
        for place in range(head, last):
            if place + 2 * AHEAD < tail:
                prefetch(indptr, queue[place + 2 * AHEAD])
            if coins[0] != CONSTANT and place + AHEAD < tail:
                prefetch(coins[2], indptr[queue[place + AHEAD]])
            begin, end = indptr[queue[place]], indptr[queue[place] + 1]
            edges += end - begin
            for base in range(begin & ~7, end, LANES):
                most, same = candidates(world, coins, base, begin, end)
                # Written always, kept if not 0: no jump waits for the coins.
                bases[filled], mosts[filled], sames[filled] = base, most, same
                filled += most != 0
                if filled == BLOCKS:
                    tail = _looked(targets, coins, world, marks, queue, tail, room, filled)
                    filled = 0
        head = last
        tail = _looked(targets, coins, world, marks, queue, tail, room, filled)
    return tail, edges


@numba.njit(cache=True)
def _looked(targets, coins, world, marks, queue, tail, room, filled):
    """Put the targets of the candidates into the queue that are live and were not reached."""
    bases, mosts, sames, held = room
    block = 0
    while block < filled:
        size = 0
        while block < filled and size <= HELD - LANES:
            base, most, same = bases[block], mosts[block], sames[block]
            while most:
                lane = lowest(most)
                most &= most - _ONE
                prefetch(targets, base + lane)
                held[size] = (base + lane) << 1 | np.int64(same >> np.uint64(lane) & _ONE)
                size += 1
            block += 1
        for i in range(size):
            edge = held[i] >> 1
            node = targets[edge]
            if held[i] & 1 and not settled(world, coins, edge, node):
                continue
            queue[tail] = node
            tail += np.int64(_ONE ^ marked(marks, node))
            mark(marks, node)
    return tail


@numba.njit(cache=True)
def _drawn(indptr, targets, coins, world, marks, queue, tail):
    """Follow the live edges of a linear threshold from the nodes in the queue."""
    lows, widths = coins[5], coins[6]
    draws = of_nodes(world)
    head = 0
    edges = 0
    while head < tail:
        if head + 2 * AHEAD < tail:
            prefetch(indptr, queue[head + 2 * AHEAD])
        if head + AHEAD < tail:
            row = indptr[queue[head + AHEAD]]
            prefetch(targets, row)
            prefetch(lows, row)
            prefetch(widths, row)
        begin, end = indptr[queue[head]], indptr[queue[head] + 1]
        head += 1
        edges += end - begin
        while begin + CHOICES <= targets.size and begin < end:
            found = chosen(draws, targets, lows, widths, begin)
            if end - begin < CHOICES:
                found &= (_ONE << np.uint64(end - begin)) - _ONE
            while found:
                node = targets[begin + lowest(found)]
                found &= found - _ONE
                if not marked(marks, node):
                    mark(marks, node)
                    queue[tail] = node
                    tail += 1
            begin += CHOICES
        for edge in range(begin, end):
            node = targets[edge]
            if not marked(marks, node) and live(world, coins, edge, node):
                mark(marks, node)
                queue[tail] = node
                tail += 1
    return tail, edges


@numba.njit(cache=True, nogil=True)
def tree(indptr, targets, coins, seeds, seed, run, nodes, parents, rounds):
    """Run one cascade, in world `run`; write who was reached, by whom (-1: a seed), in which round.

    The arrays have a place for each node of the graph; gives how many were filled.
    """
    world = start(seed, np.uint64(run))
    marks = np.zeros(((indptr.size - 1) >> 6) + 1, np.uint64)
    tail = seeded(seeds, marks, nodes)
    parents[:tail] = -1
    rounds[:tail] = 0
    head = 0
    while head < tail:
        source = nodes[head]
        for edge in range(indptr[source], indptr[source + 1]):
            node = targets[edge]
            if not marked(marks, node) and live(world, coins, edge, node):
                mark(marks, node)
                nodes[tail] = node
                parents[tail] = source
                rounds[tail] = rounds[head] + 1
                tail += 1
        head += 1
    return tail
