"""Who is central, who stands between, who belongs together: measures of a whole graph.

===============================  ============================================================
`pagerank`, `hits`               whom links lead to (Page et al. 1999; Kleinberg 1999)
`core_numbers`                   how deep in the dense part each node lies (Seidman 1983)
`betweenness`                    share of shortest paths through each node, exact or sampled
`constraint`, `effective_size`   brokerage: how little, how much, lies open (Burt 1992)
`reciprocity`                    share of edges that are answered
===============================  ============================================================

Communities are in `communities`, sampled paths in
`shortest_paths`. Core numbers and exact betweenness are networkit's, an optional
package that is imported when it is needed; the rest is sparse algebra.
Edges that repeat count once with the sum of their weights, and edges from a node to itself not at
all.

References
----------
Page, Brin, Motwani & Winograd (1999), The PageRank citation ranking, Stanford InfoLab. Kleinberg
(1999), Authoritative sources in a hyperlinked environment, JACM 46(5). Seidman (1983), Network
structure and minimum degree, Social Networks 5(3). Burt (1992), Structural holes, Harvard
University Press. Borgatti (1997), Structural holes: unpacking Burt's redundancy measures,
Connections 20(1).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.graphs.networkit import lent, matrix, networkit
from empreinte.kernels.graphs.shortest_paths import sampled_betweenness

EXACT_UP_TO = 2_000
"""Nodes up to which betweenness is exact by default."""


class Bounded(NamedTuple):
    """Values with bounds that hold for all of them together."""

    value: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


class NotSettled(ValueError):
    """An iteration did not settle within its rounds."""


def pagerank(
    graph: Graph,
    *,
    damping: float = 0.85,
    personal: ArrayLike | None = None,
    tolerance: float = 1e-10,
    rounds: int = 1_000,
) -> NDArray[np.float64]:
    """Measure how often someone who follows edges at random is at each node.

    Parameters
    ----------
    graph : Graph
        Weighted edges are followed in proportion to their weights, which are at least 0.
    damping : float
        Probability of following an edge rather than starting anew.
    personal : array_like of float, shape (n,), optional
        Where one starts anew, and goes from nodes without out-edges; everywhere by default.
    tolerance : float
        Largest sum of differences between the last two rounds.
    rounds : int

    Returns
    -------
    ndarray of float64, shape (n,)
        They add up to 1.

    Raises
    ------
    ValueError
        If damping is not below 1, a weight is below 0, or `personal` does not fit.

    Examples
    --------
    >>> pagerank(Graph.from_edges([0, 1], [2, 2])).round(2)
    array([0.21, 0.21, 0.57])
    """
    if not 0 <= damping < 1:
        raise ValueError(f"damping {damping}: give one from 0 to below 1")
    if not graph.n:
        return np.empty(0)
    start = _start(personal, graph.n)
    edges = matrix(graph)
    leaving = edges.sum(axis=1)
    share = np.divide(1.0, leaving, out=np.zeros(graph.n), where=leaving > 0)
    back, ends = edges.T.tocsr(), leaving == 0
    rank = start.copy()
    for _ in range(rounds):
        before = rank
        rank = damping * (back @ (before * share) + before[ends].sum() * start)
        rank += (1 - damping) * start
        if np.abs(rank - before).sum() <= tolerance:
            return rank / rank.sum()
    raise NotSettled(f"PageRank has not settled in {rounds} rounds: allow more")


def hits(
    graph: Graph, *, tolerance: float = 1e-10, rounds: int = 10_000
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Measure hubs (that point to authorities) and authorities (that hubs point to).

    Returns
    -------
    hubs, authorities : ndarray of float64, shape (n,)
        Each adds up to 1, or is 0 throughout where there is no edge.

    Examples
    --------
    >>> hubs, authorities = hits(Graph.from_edges([0, 1, 1], [2, 2, 3]))
    >>> hubs.round(2), authorities.round(2)
    (array([0.38, 0.62, 0.  , 0.  ]), array([0.  , 0.  , 0.62, 0.38]))
    """
    edges = matrix(graph)
    back = edges.T.tocsr()
    if not edges.nnz:
        return np.zeros(graph.n), np.zeros(graph.n)
    authorities = np.full(graph.n, 1 / graph.n)
    for _ in range(rounds):
        hubs = edges @ authorities
        after = back @ hubs
        after /= after.sum()
        settled = np.abs(after - authorities).sum() <= tolerance
        authorities = after
        if settled:
            hubs = edges @ authorities
            return hubs / hubs.sum(), authorities
    raise NotSettled(f"hubs and authorities have not settled in {rounds} rounds: allow more")


def core_numbers(graph: Graph) -> NDArray[np.int64]:
    """Give the largest k for which each node is in the k-core; directions do not count.

    Raises
    ------
    UsageError
        If networkit is not installed.

    Examples
    --------
    >>> core_numbers(Graph.from_edges([0, 1, 2, 2], [1, 2, 0, 3])).tolist()
    [2, 2, 2, 1]
    """
    if not graph.n:
        return np.empty(0, dtype=np.int64)
    with networkit() as nk:
        found = nk.centrality.CoreDecomposition(lent(nk, graph, directed=False)).run()
        return np.asarray(found.scores(), dtype=np.int64)


def betweenness(
    graph: Graph,
    *,
    directed: bool = False,
    epsilon: float = 0.01,
    delta: float = 0.1,
    exact_up_to: int = EXACT_UP_TO,
    seed: int = 0,
    threads: int = 1,
) -> Bounded:
    """Measure the share of ordered pairs whose shortest paths go through each node.

    Paths count edges, not weights; where a pair has several, each counts for its part.

    Parameters
    ----------
    graph : Graph
    directed : bool
        Whether paths keep to the directions of edges.
    epsilon, delta : float
        Of a graph of more than `exact_up_to` nodes, shortest paths are sampled: with probability
        1 - delta all values are within epsilon.
    exact_up_to : int
    seed, threads : int
        Of sampling; threads change nothing but the time.

    Returns
    -------
    Bounded
        From 0 to 1: out of (n - 1) (n - 2) pairs. Bounds equal to the value where it is exact.

    Examples
    --------
    >>> betweenness(Graph.from_edges([0, 1], [1, 2])).value.tolist()
    [0.0, 1.0, 0.0]
    """
    if graph.n < 3:
        return Bounded(*np.zeros((3, graph.n)))
    if graph.n > exact_up_to:
        value = sampled_betweenness(
            graph, directed=directed, epsilon=epsilon, delta=delta, seed=seed, threads=threads
        )
        return Bounded(value, np.maximum(value - epsilon, 0), np.minimum(value + epsilon, 1))
    with networkit(seed) as nk:
        # networkit would take weights for lengths.
        whole = lent(nk, graph, directed=directed, weighted=False)
        found = nk.centrality.Betweenness(whole).run().scores()
    value = np.asarray(found) / ((graph.n - 1) * (graph.n - 2))
    return Bounded(value, value, value)


def constraint(graph: Graph) -> NDArray[np.float64]:
    """Measure how far each node's ties lead back to one another (Burt); brokers have little.

    Σ over neighbours j of (p(i,j) + Σ_q p(i,q) p(q,j))², p(i,j) being the share of i's ties
    (weights, both directions together) that j has.

    Returns
    -------
    ndarray of float64, shape (n,)
        NaN for a node without ties.

    Examples
    --------
    >>> constraint(Graph.from_edges([0, 0, 3], [1, 2, 4])).round(2)
    array([0.5, 1. , 1. , 1. , 1. ])
    """
    ties = matrix(graph)
    ties = (ties + ties.T).tocsr()
    total = ties.sum(axis=1)
    share = ties.multiply(
        np.divide(1.0, total, out=np.zeros(graph.n), where=total > 0)[:, None]
    ).tocsr()
    near = ties.astype(bool).astype(np.float64)
    both = (share + share @ share).multiply(near).tocsr()
    found = np.asarray(both.multiply(both).sum(axis=1)).ravel()
    return np.where(total > 0, found, np.nan)


def effective_size(graph: Graph) -> NDArray[np.float64]:
    """Count each node's neighbours less the ties that they have with one another on average.

    Borgatti's form for ties that are there or not: k - 2 t / k, with t ties among k neighbours.

    Returns
    -------
    ndarray of float64, shape (n,)
        NaN for a node without ties.
    """
    if not graph.n:
        return np.zeros(0)
    with networkit() as nk:
        near = lent(nk, graph, directed=False, weighted=False)
        # Triangles from the less tied to the more: a product of matrices takes as many cells as
        # a star has pairs of points.
        closed = nk.centrality.LocalClusteringCoefficient(near, True).run().scores()
        k = np.asarray(nk.centrality.DegreeCentrality(near).run().scores())
    # The coefficient is t / (k (k - 1) / 2).
    return np.where(k > 0, k - np.asarray(closed) * np.maximum(k - 1, 0), np.nan)


def reciprocity(graph: Graph) -> tuple[int, int]:
    """Count the edges that are answered by one the other way round, and all edges.

    Examples
    --------
    >>> reciprocity(Graph.from_edges([0, 1, 1], [1, 0, 2]))
    (2, 3)
    """
    edges = matrix(graph, weighted=False).astype(bool)
    return int(edges.multiply(edges.T).sum()), int(edges.nnz)


def _start(personal: ArrayLike | None, n: int) -> NDArray[np.float64]:
    if personal is None:
        return np.full(n, 1 / n)
    start = np.asarray(personal, dtype=np.float64)
    if start.shape != (n,) or not np.isfinite(start).all() or (start < 0).any() or not start.any():
        raise ValueError(f"personal must be {n} finite numbers from 0, not all 0")
    return start / start.sum()
