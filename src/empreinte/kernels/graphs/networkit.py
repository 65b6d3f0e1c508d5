"""The same graph for others' algorithms: as a sparse matrix, and as one of networkit's.

networkit is an optional package, imported when it is needed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from empreinte.errors import UsageError
from empreinte.kernels.graphs.graph import Graph

if TYPE_CHECKING:
    from scipy.sparse import csr_array

_one_at_a_time = threading.Lock()


def matrix(graph: Graph, *, weighted: bool = True) -> csr_array:
    """Give a graph as a sparse matrix, edge by edge once and none on the diagonal."""
    from scipy.sparse import coo_array

    sources, targets = graph.sources(), graph.targets
    weights = graph.weights if weighted else None
    weights = np.ones(graph.m) if weights is None else weights
    if graph.m and weights.min() < 0:
        raise ValueError(f"a weight of {weights.min()}: weights are at least 0 here")
    keep = (sources != targets) & (weights > 0)
    ends = (sources[keep], targets[keep])
    return coo_array((weights[keep].astype(np.float64), ends), shape=(graph.n, graph.n)).tocsr()


@cache
def _imported() -> Any:
    try:
        import networkit
    except ModuleNotFoundError as error:
        if error.name != "networkit":
            raise
        raise UsageError(
            "This needs the package {package}. Install it with: {command}",
            package="networkit",
            command="pip install 'empreinte[network]'",
        ) from error
    return networkit


@contextmanager
def networkit(seed: int = 0) -> Iterator[Any]:
    """Lend networkit with one thread and a seed: its answers are then the same every time.

    Its seed and number of threads are the whole process's, so that one call waits for another.
    """
    nk = _imported()
    with _one_at_a_time:
        threads = nk.getMaxNumberOfThreads()
        nk.setNumberOfThreads(1)
        nk.setSeed(seed, False)
        try:
            yield nk
        finally:
            nk.setNumberOfThreads(threads)


def lent(nk: Any, graph: Graph, *, directed: bool, weighted: bool = True) -> Any:
    """Give a graph to networkit; without directions, the weights of both are added."""
    edges = matrix(graph)
    if not directed:
        from scipy.sparse import triu

        edges = triu(edges + edges.T, k=1)
    edges = edges.tocoo()
    weights = edges.data if weighted else np.ones(edges.nnz)
    ends = (edges.row.astype(np.uint64), edges.col.astype(np.uint64))
    return nk.GraphFromCoo((weights, ends), n=graph.n, weighted=weighted, directed=directed)
