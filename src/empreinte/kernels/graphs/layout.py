"""Where to draw the nodes of a network: those linked near one another, groups apart.

Forces as in Fruchterman & Reingold (1991), with a weak pull towards the middle of each node's own
group; of many nodes, those that are far push together (see `loops/layout.py`).

References
----------
Fruchterman & Reingold, "Graph drawing by force-directed placement", Software: Practice and
Experience 21(11), 1991. Vogel, "A better way to construct the sunflower head", Mathematical
Biosciences 44, 1979 (where groups begin).
"""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.graphs import forces
from empreinte.kernels.graphs.graph import Graph

STEPS = 100
BINDING, GRAVITY, WITHIN, BETWEEN = 0.05, 0.02, 0.1, 0.01
"""Pulls for each unit of distance: to the middle of the group, to that of the whole, and along a
link within a group and between groups."""
FEW = 2_500
"""Nodes that are each held against each other: a step takes 2 to 3 ns a pair, 15 ms for these.
The loop over squares takes 3 ms, but a second to be compiled, and half of one to be imported."""
_GOLDEN = math.pi * (3 - math.sqrt(5))


def layout(
    graph: Graph,
    groups: ArrayLike | None = None,
    *,
    steps: int = STEPS,
    seed: int = 0,
    threads: int = 1,
) -> NDArray[np.float32]:
    """Place nodes in the plane.

    Parameters
    ----------
    graph : Graph
        Links, whose direction does not matter; weights (at least 0) pull in proportion.
    groups : array_like of int, shape (n,), optional
        Group of each node, from 0; -1 is none.
    steps : int
        More make it smoother: 100 are enough for what can still be read.
    seed : int
    threads : int
        The result is the same for any number.

    Returns
    -------
    ndarray of float32, shape (n, 2)
        Finite, around (0, 0); half of all nodes lie within 1 of it.

    Raises
    ------
    ValueError
        If there is not one group a node, or a weight is below 0.

    Examples
    --------
    >>> places = layout(Graph.from_edges([0, 2], [1, 3]))
    >>> near, far = np.hypot(*(places[0] - places[1])), np.hypot(*(places[0] - places[2]))
    >>> bool(near < far)
    True
    """
    n = graph.n
    group = np.full(n, -1, np.int64) if groups is None else np.asarray(groups, dtype=np.int64)
    if group.shape != (n,):
        raise ValueError(f"groups of shape {group.shape} for {n} nodes: give one a node")
    weights = np.ones(graph.m, np.float32) if graph.weights is None else graph.weights
    if weights.size and not weights.min() >= 0:
        raise ValueError(f"a link weighs {weights.min()}: give weights of at least 0")
    if n == 0:
        return np.zeros((0, 2), np.float32)
    _, group = np.unique(group, return_inverse=True) if groups is not None else (None, group)
    places = _begin(group, np.random.default_rng(seed))
    if n > 1:
        _settle(places, graph, weights, group, steps, threads)
    places -= np.median(places, axis=1, keepdims=True)
    middle = float(np.median(np.hypot(*places)))
    return np.ascontiguousarray((places / (middle or 1.0)).T, dtype=np.float32)


def _begin(group: NDArray[np.int64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Put each group on a disc of its own, discs on a spiral, the largest in the middle."""
    n, sizes = group.size, np.bincount(np.maximum(group, 0))
    order = np.argsort(-sizes, kind="stable")
    before = np.empty(sizes.size)
    before[order] = np.cumsum(sizes[order]) - sizes[order] / 2
    rank = np.empty(sizes.size)
    rank[order] = np.arange(sizes.size)
    away, turn = np.sqrt(before), rank * _GOLDEN
    away[sizes == n] = 0.0
    inside = np.sqrt(rng.random(n)) * np.sqrt(sizes[np.maximum(group, 0)]) / 2
    angle = rng.random(n) * 2 * math.pi
    g = np.maximum(group, 0)
    return np.stack([
        away[g] * np.cos(turn[g]) + inside * np.cos(angle),
        away[g] * np.sin(turn[g]) + inside * np.sin(angle),
    ])  # fmt: skip


def _frame(places: NDArray[np.float64]) -> tuple[float, float, float]:
    """Give the square that holds all but the outermost nodes: left, bottom, width."""
    low, high = np.quantile(places, (0.005, 0.995), axis=1)
    wide = float((high - low).max()) * 1.1 + 1e-9
    left, bottom = (low + high - wide) / 2
    return float(left), float(bottom), wide


def _settle(
    places: NDArray[np.float64],
    graph: Graph,
    weights: NDArray[np.float32],
    group: NDArray[np.int64],
    steps: int,
    threads: int,
) -> None:
    x, y = places
    n = x.size
    levels = min(9, max(2, math.ceil(math.log(max(n, 4) / 2, 4))))
    sources = graph.sources()
    within = group[sources] == group[graph.targets]
    links = sources, graph.targets, weights * np.where(within, WITHIN, BETWEEN)
    binding = BINDING if group.max() > 0 else 0.0
    with ThreadPoolExecutor(threads) as pool:
        for step in range(steps):
            if n <= FEW:
                fx, fy = forces.each_other(x, y)
            else:
                fx, fy = forces.by_squares(x, y, _frame(places), levels, pool)
            pull_x, pull_y = forces.pulls(x, y, links, group, binding, GRAVITY)
            fx += pull_x
            fy += pull_y
            forces.move(x, y, fx, fy, 0.1 * math.sqrt(n) * (1 - step / steps) ** 2 + 0.01)
