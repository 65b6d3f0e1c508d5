"""Who belongs together, and how far that can be believed.

Communities are those of the Leiden algorithm (networkit's), which maximises modularity. It finds
some in any graph, chance or not; so every community has a stability. Edges' weights are drawn anew
(each times an exponential variable of mean 1, the Bayesian bootstrap) and communities are sought
again: one that is there in most draws is in the graph, one that falls apart is in the dice.

References
----------
Traag, Waltman & van Eck (2019), From Louvain to Leiden, Scientific Reports 9, 5233. Rubin (1981),
The Bayesian bootstrap, Annals of Statistics 9(1). Hennig (2007), Cluster-wise assessment of cluster
stability, CSDA 52(1): a mean Jaccard index of 0.75 or more is stable, one under 0.6 is not to be
trusted. Hubert & Arabie (1985), Comparing partitions, Journal of Classification 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.graphs.networkit import lent, networkit

STABLE = 0.6
"""Stability under which a community is not to be trusted."""


@dataclass(frozen=True, eq=False)
class Communities:
    """A partition of the nodes that have ties.

    Attributes
    ----------
    labels : ndarray of int64, shape (n,)
        Community of each node, the largest being 0; -1 for nodes without ties.
    modularity : float
        NaN without ties.
    stability : ndarray of float64, shape (communities,)
        Mean Jaccard index of each community with the most alike one of each draw.
    agreement : float
        Mean adjusted Rand index of the partition with those of the draws; NaN without ties.
    low, high : float
        Range of nine tenths of these indices.
    """

    labels: NDArray[np.int64]
    modularity: float
    stability: NDArray[np.float64]
    agreement: float
    low: float
    high: float

    def __len__(self) -> int:
        """Number of communities."""
        return self.stability.size


def communities(
    graph: Graph, *, resolution: float = 1.0, draws: int = 20, seed: int = 0
) -> Communities:
    """Find communities; directions do not count, weights do.

    Parameters
    ----------
    graph : Graph
        Weights above 0.
    resolution : float
        Above 1 for smaller communities, under 1 for larger ones.
    draws : int
        How often they are sought again.
    seed : int

    Raises
    ------
    UsageError
        If networkit is not installed.

    Examples
    --------
    Two triangles with one edge between them:

    >>> graph = Graph.from_edges([0, 1, 2, 3, 4, 5, 0], [1, 2, 0, 4, 5, 3, 3])
    >>> communities(graph).labels.tolist()
    [0, 0, 0, 1, 1, 1]
    """
    sources = graph.sources()
    tied = np.zeros(graph.n, dtype=np.bool_)
    real = sources != graph.targets
    tied[sources[real]] = tied[graph.targets[real]] = True
    labels = np.full(graph.n, -1, dtype=np.int64)
    if not tied.any():
        return Communities(labels, np.nan, np.empty(0), np.nan, np.nan, np.nan)
    labels[tied] = _numbered(_leiden(graph, resolution, seed)[tied])
    own = labels[tied]
    random = np.random.default_rng(seed)
    weights = np.ones(graph.m) if graph.weights is None else graph.weights
    overlap, alike = np.zeros((draws, int(own.max()) + 1)), np.zeros(draws)
    for draw in range(draws):
        # Never quite 0: an edge that is gone leaves its nodes without ties.
        drawn = np.maximum(weights * random.exponential(size=graph.m), 1e-6).astype(np.float32)
        other = Graph(graph.indptr, graph.targets, drawn)
        again = _numbered(_leiden(other, resolution, seed + draw + 1)[tied])
        overlap[draw], alike[draw] = _jaccard(own, again), adjusted_rand(own, again)
    low, high = np.quantile(alike, [0.05, 0.95]) if draws else (np.nan, np.nan)
    return Communities(
        labels,
        _modularity(graph, labels, resolution),
        overlap.mean(axis=0) if draws else np.full(overlap.shape[1], np.nan),
        float(alike.mean()) if draws else np.nan,
        float(low),
        float(high),
    )


def adjusted_rand(one: ArrayLike, other: ArrayLike) -> float:
    """Compare two partitions: 1 where they are the same, 0 on average by chance.

    Examples
    --------
    >>> adjusted_rand([0, 0, 1, 1], [5, 5, 2, 2])
    1.0
    """
    _at, _there, shared, sizes, others = _shared(np.asarray(one), np.asarray(other))

    def pairs(counts: NDArray[np.int64]) -> float:
        return float((counts * (counts - 1) // 2).sum())

    both, rows, columns, everything = map(pairs, (shared, sizes, others, sizes.sum(keepdims=True)))
    expected = rows * columns / everything if everything else 0.0
    most = (rows + columns) / 2
    return 1.0 if most == expected else (both - expected) / (most - expected)


def _leiden(graph: Graph, resolution: float, seed: int) -> NDArray[np.int64]:
    with networkit(seed) as nk:
        found = nk.community.ParallelLeiden(
            lent(nk, graph, directed=False), randomize=True, iterations=5, gamma=resolution
        ).run()
        return np.asarray(found.getPartition().getVector(), dtype=np.int64)


def _numbered(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number communities from the largest, of equal ones the one with the lowest node first."""
    _, first, codes, sizes = np.unique(
        labels, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(sizes.size, dtype=np.int64)
    rank[np.lexsort((first, -sizes))] = np.arange(sizes.size)
    return rank[codes.ravel()]


def _modularity(graph: Graph, labels: NDArray[np.int64], resolution: float) -> float:
    sources = graph.sources()
    keep = sources != graph.targets
    u, v = labels[sources[keep]], labels[graph.targets[keep]]
    weights = np.ones(u.size) if graph.weights is None else graph.weights[keep].astype(float)
    total = float(weights.sum())
    size = int(labels.max()) + 1
    degree = np.bincount(u, weights, size) + np.bincount(v, weights, size)
    return float(weights[u == v].sum() / total - resolution * ((degree / (2 * total)) ** 2).sum())


def _jaccard(own: NDArray[np.int64], other: NDArray[np.int64]) -> NDArray[np.float64]:
    at, there, shared, sizes, others = _shared(own, other)
    best = np.zeros(sizes.size)
    np.maximum.at(best, at, shared / (sizes[at] + others[there] - shared))
    return best


def _shared(one: NDArray[np.int64], other: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Count the nodes that communities of two partitions share.

    Only of pairs that share any: of 50,000 pairs of friends, a table of all would take 20 GB.

    Returns
    -------
    at, there, shared : ndarray of int64, shape (pairs,)
        Places of the two communities, and their common nodes.
    sizes, others : ndarray of int64
        Nodes of each community of the one partition and of the other.
    """
    rows, u = np.unique(one, return_inverse=True)
    columns, v = np.unique(other, return_inverse=True)
    u, v = u.ravel(), v.ravel()
    keys, shared = np.unique(u * columns.size + v, return_counts=True)
    return (
        keys // max(columns.size, 1), keys % max(columns.size, 1), shared,
        np.bincount(u, minlength=rows.size), np.bincount(v, minlength=columns.size),
    )  # fmt: skip
