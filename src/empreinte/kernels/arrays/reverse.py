"""Reverse reachable sets, many at once: each step is a step of all sets that still grow.

A set draws from its own stream in its own order, as in `empreinte.kernels.loops.reverse`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.arrays.dice import GOLDEN, start, unit
from empreinte.kernels.arrays.ranges import ranges

AHEAD = 16
"""Nodes of a set that are expanded before it is looked whether it is to grow further."""
ROOM = 1 << 22
"""Nodes of all the sets that grow together, if each held every node."""

Edges = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32]]


def given(
    edges: Edges,
    cumulative: NDArray[np.float64],
    first: int,
    count: int,
    seed: int,
    known: NDArray[np.int32],
    enough: int,
    keep: bool,
) -> tuple[NDArray, NDArray, NDArray[np.int32], NDArray[np.int64], int]:
    """Draw sets where each edge carries with its weight, falling along each row.

    Parameters and what comes back are those of `sampled` in `empreinte.kernels.loops.reverse`,
    but for `cumulative`, the weights of nodes as roots added up (empty where all are alike), and
    `known`, the known nodes themselves.
    """
    grown = _Growing(edges, first, count, seed, known)
    grown.found(grown.sets, _roots(grown.drawn(grown.sets), grown.rank.size, cumulative))
    while grown.sets.size:
        grown.turn(min(enough, known.size - 1))
        grown.step()
    best = np.bincount(grown.lowest, minlength=known.size + 1)
    kept = np.flatnonzero(grown.lowest == known.size) if keep else np.empty(0, np.int64)
    sizes = grown.tail[kept]
    nodes = grown.queue[ranges(np.zeros_like(sizes), sizes), np.repeat(kept, sizes)]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    return best, grown.alone[:-1], nodes, offsets, grown.steps


def _roots(
    number: NDArray[np.float64], n: int, cumulative: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Give the nodes that numbers in [0, 1) fall on, each as likely as its weight."""
    if not cumulative.size:
        return (number * n).astype(np.int64)
    return np.minimum(np.searchsorted(cumulative, number * cumulative[-1], "right"), n - 1)


class _Growing:
    """Sets as they grow.

    Attributes
    ----------
    sets : ndarray of int64
        Those that still grow.
    edge, end : ndarray of int64, shape (count,)
        Edge at hand of each set, and where the row of the node at hand ends.
    head, tail, stop : ndarray of int64, shape (count,)
        Nodes expanded, nodes found, and nodes after which to look whether to grow on.
    lowest : ndarray of int64, shape (count,)
        Lowest number of a known node that it holds; how many are known, where it holds none.
    queue : ndarray of int32, shape (n, count)
        Nodes of each set in the order found; only what is used of it takes memory.
    """

    def __init__(
        self, edges: Edges, first: int, count: int, seed: int, known: NDArray[np.int32]
    ) -> None:
        self.indptr, self.sources, self.weights = edges
        # Where an edge carries for certain, the logarithm is not asked for.
        doubtful = np.where(self.weights < 1, self.weights, 0).astype(np.float64)
        self.log_q = np.log1p(-doubtful)
        n = self.indptr.size - 1
        self.rank = np.full(n, known.size)
        self.rank[known] = np.arange(known.size)
        self.alone = np.zeros(known.size + 1, np.int64)
        self.state = start(seed, first, count)
        self.sets = np.arange(count)
        self.edge, self.end, self.head, self.tail, self.stop = np.zeros((5, count), np.int64)
        self.lowest = np.full(count, known.size)
        self.queue = np.empty((n, count), np.int32)
        self.seen = np.zeros((count, n), np.bool_)
        self.steps = 0

    def drawn(self, of: NDArray[np.int64]) -> NDArray[np.float64]:
        """Draw the next number of some sets."""
        state = self.state[of]
        self.state[of] = state + GOLDEN
        return unit(state)

    def turn(self, enough: int) -> None:
        """Turn to the next node where a row is at its end; leave out sets that are grown."""
        sets = self.sets
        done = sets[self.edge[sets] >= self.end[sets]]
        look = done[self.head[done] == self.stop[done]]
        more = (self.lowest[look] > enough) & (self.head[look] < self.tail[look])
        more, over = look[more], look[~more]
        self.stop[more] = np.minimum(self.tail[more], self.head[more] + AHEAD)
        if over.size:
            self.edge[over] = -1
            self.sets, done = (of[self.edge[of] >= 0] for of in (sets, done))
        node = self.queue[self.head[done], done]
        self.head[done] += 1
        self.edge[done], self.end[done] = self.indptr[node], self.indptr[node + 1]

    def step(self) -> None:
        """Skip to the next edge that may carry, in every row, and see whether it does."""
        of = self.sets[self.edge[self.sets] < self.end[self.sets]]
        weight = self.weights[self.edge[of]].astype(np.float64)
        certain, never = weight >= 1, weight <= 0
        self.end[of[never]] = 0
        sure, of, weight = of[certain], of[~certain & ~never], weight[~certain & ~never]
        gap = np.log1p(-self.drawn(of)) / self.log_q[self.edge[of]]
        over = gap >= self.end[of] - self.edge[of]
        self.end[of[over]] = 0
        of, weight = of[~over], weight[~over]
        self.edge[of] += gap[~over].astype(np.int64)
        # Skips go by the weight where they start, and are thinned where they land.
        carries = self.drawn(of) * weight < self.weights[self.edge[of]]
        carried = np.concatenate([sure, of[carries]])
        nodes = self.sources[self.edge[carried]]
        self.edge[sure] += 1
        self.edge[of] += 1
        self.found(carried, nodes)

    def found(self, of: NDArray[np.int64], nodes: NDArray) -> None:
        """Add a node to some sets, unless they hold it."""
        self.steps += of.size
        new = ~self.seen[of, nodes]
        of, nodes = of[new], nodes[new]
        self.seen[of, nodes] = True
        self.queue[self.tail[of], of] = nodes
        self.tail[of] += 1
        rank = self.rank[nodes]
        self.lowest[of] = np.minimum(self.lowest[of], rank)
        self.alone += np.bincount(rank, minlength=self.alone.size)
