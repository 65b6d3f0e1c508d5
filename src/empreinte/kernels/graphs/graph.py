"""Directed graphs as arrays: for each node, where its out-edges begin and whom they reach.

Compressed sparse rows (CSR) with targets of 32 bits: 31 million edges take 124 MB, and as much
again with weights. Edges that repeat and edges from a node to itself are kept as they are.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.errors import UsageError
from empreinte.kernels.graphs import graph_store
from empreinte.kernels.graphs.sorting import Batch, by_key, useful

MOST_NODES = 2**31 - 1
BATCH = 1 << 18
"""Edges that a thread sorts at a time."""
PASSES = 4
"""A graph is sorted in a quarter of its size besides."""


@dataclass(frozen=True, eq=False)
class Graph:
    """A directed graph.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n + 1,)
        Edges of node u are those from ``indptr[u]`` to ``indptr[u + 1]`` - 1.
    targets : ndarray of int32, shape (m,)
        Whom each edge reaches.
    weights : ndarray of float32, shape (m,), or None
        What each edge weighs, often the probability that its source influences its target.

    Raises
    ------
    ValueError
        If the arrays are of other types or sizes, or do not fit together.

    Examples
    --------
    >>> graph = Graph.from_edges([0, 0, 2], [1, 2, 1])
    >>> graph.indptr.tolist(), graph.targets.tolist()
    ([0, 2, 2, 3], [1, 2, 1])
    >>> graph.transposed().targets.tolist()
    [0, 2, 0]
    """

    indptr: NDArray[np.int64]
    targets: NDArray[np.int32]
    weights: NDArray[np.float32] | None = None

    def __post_init__(self) -> None:
        wanted = [("indptr", self.indptr, np.int64), ("targets", self.targets, np.int32)]
        if self.weights is not None:
            wanted.append(("weights", self.weights, np.float32))
        for name, array, dtype in wanted:
            if array.dtype != dtype or array.ndim != 1 or not array.flags.c_contiguous:
                raise ValueError(
                    f"{name} is {array.dtype} of shape {array.shape}: give one row of "
                    f"{np.dtype(dtype)}, or use Graph.from_edges"
                )
        if not self.indptr.size or self.indptr[0] != 0 or self.indptr[-1] != self.targets.size:
            raise ValueError(
                f"indptr must go from 0 to the number of edges, {self.targets.size}: "
                "it has a place for each node and one more"
            )
        if self.weights is not None and self.weights.size != self.targets.size:
            raise ValueError(
                f"{self.weights.size} weights for {self.targets.size} edges: give one an edge"
            )

    @property
    def n(self) -> int:
        """Number of nodes."""
        return self.indptr.size - 1

    @property
    def m(self) -> int:
        """Number of edges."""
        return self.targets.size

    def out_degrees(self) -> NDArray[np.int64]:
        """Count the edges that leave each node."""
        return np.diff(self.indptr)

    def in_degrees(self) -> NDArray[np.int64]:
        """Count the edges that reach each node."""
        return np.bincount(self.targets, minlength=self.n).astype(np.int64, copy=False)

    def sources(self) -> NDArray[np.int32]:
        """Write out the source of each edge, in the order of `targets`."""
        return self._sources(0, self.n)

    def _sources(self, first: int, last: int) -> NDArray[np.int32]:
        rows = np.arange(first, last, dtype=np.int32)
        return np.repeat(rows, np.diff(self.indptr[first : last + 1]))

    def transposed(self, threads: int = 1) -> Graph:
        """Turn every edge round: row v then holds who reaches v, in ascending order."""
        size = max(1, min(self.n, self.m // BATCH))
        cuts = np.searchsorted(self.indptr, np.linspace(0, self.m, size + 1)[1:-1])
        cuts = [0, *cuts.tolist(), self.n]

        def keys(part: int) -> NDArray[np.int32]:
            return self.targets[self.indptr[cuts[part]] : self.indptr[cuts[part + 1]]]

        def batch(part: int) -> Batch:
            first, last = cuts[part], cuts[part + 1]
            edges = slice(self.indptr[first], self.indptr[last])
            weights = None if self.weights is None else self.weights[edges]
            return keys(part), self._sources(first, last), weights

        weighted = self.weights is not None
        threads = useful(threads, size)
        return Graph(
            *by_key(
                keys, batch, size, self.n,
                weighted=weighted, threads=threads, passes=PASSES, m=self.m,
            )
        )  # fmt: skip

    @classmethod
    def from_edges(
        cls,
        sources: ArrayLike,
        targets: ArrayLike,
        weights: ArrayLike | None = None,
        n: int | None = None,
        *,
        threads: int = 1,
    ) -> Graph:
        """Sort edges by source; those of one source keep their order.

        Parameters
        ----------
        sources, targets : array_like of int, shape (m,)
            Ends of each edge, from 0.
        weights : array_like of float, shape (m,), optional
            Finite weights.
        n : int, optional
            Number of nodes; by default one more than the largest end.
        threads : int
            Threads to share the work; the result is the same.

        Raises
        ------
        ValueError
            If the arrays differ in length, an end is below 0 or not below `n`, or a weight is
            not finite.
        """
        (u, v, w), n = _batch(sources, targets, weights, n)
        cuts = [*range(0, u.size, BATCH), u.size]

        def batch(part: int) -> Batch:
            cut = slice(cuts[part], cuts[part + 1])
            return u[cut], v[cut], None if w is None else w[cut]

        size = len(cuts) - 1
        return cls(
            *by_key(
                lambda part: u[cuts[part] : cuts[part + 1]], batch, size, n,
                weighted=w is not None, threads=useful(threads, size), passes=PASSES, m=u.size,
            )
        )  # fmt: skip

    @classmethod
    def from_batches(
        cls,
        batch: Callable[[int], tuple[ArrayLike, ArrayLike, ArrayLike | None]],
        size: int,
        n: int,
        *,
        weighted: bool = False,
        threads: int = 1,
    ) -> Graph:
        """Sort edges that never lie in memory together.

        Parameters
        ----------
        batch : callable
            ``batch(i)`` gives sources, targets and weights (or None) of batch i, as `from_edges`
            takes them. It is asked three times for each at most, by any thread, and answers
            the same.
        size : int
            Number of batches.
        n : int
            Number of nodes.
        weighted : bool
            Whether the batches have weights.
        threads : int

        Raises
        ------
        ValueError
            As `from_edges`.
        """

        def checked(number: int) -> Batch:
            found, _ = _batch(*batch(number), n)
            if (found[2] is None) == weighted:
                raise ValueError(f"batch {number}: give weights with every batch or with none")
            return found

        return cls(
            *by_key(
                lambda number: checked(number)[0], checked, size, n,
                weighted=weighted, threads=useful(threads, size), passes=2,
            )
        )  # fmt: skip

    def checked(self) -> Graph:
        """Give the graph itself, once every edge is known to lie within it.

        Reads all of it: 20 ms for 31 million edges.

        Raises
        ------
        ValueError
            If edges of a node end before they begin, or reach a node that is not there.
        """
        if self.n and int(np.diff(self.indptr).min()) < 0:
            raise ValueError("indptr goes down: edges of a node end before they begin")
        # Seen as unsigned, what is below 0 is above every node.
        if self.m and int(self.targets.view(np.uint32).max()) >= self.n:
            raise ValueError(f"an edge reaches a node outside 0 … {self.n - 1}")
        return self

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write to `path`, ``.npz`` or ``.arrow``, so that `load` can map it into memory."""
        arrays = {"indptr": self.indptr, "targets": self.targets}
        if self.weights is not None:
            arrays["weights"] = self.weights
        graph_store.save(arrays, path)

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, check: bool = True) -> Graph:
        """Map a graph that `save` wrote; nothing is copied.

        Parameters
        ----------
        path : path-like
        check : bool
            Whether to read it all through first (see `checked`). Without, a damaged file can
            crash the process.

        Raises
        ------
        UsageError
            If the file is not a graph, or damaged.
        """
        try:
            graph = cls(**graph_store.load(path))
            return graph.checked() if check else graph
        except (TypeError, ValueError) as error:
            raise UsageError(
                "{name} is damaged, or is no graph: {cause}", name=Path(path).name, cause=error
            ) from error


def _ends(sources: ArrayLike, targets: ArrayLike) -> tuple[NDArray[Any], NDArray[Any], int]:
    """Check the ends of edges; give them with the number of nodes that they need."""
    u, v = np.asarray(sources), np.asarray(targets)
    if u.shape != v.shape or u.ndim != 1:
        raise ValueError(f"sources of shape {u.shape}, targets of {v.shape}: give one row each")
    if not u.size:
        return u, v, 0
    for ends in (u, v):
        if not np.issubdtype(ends.dtype, np.integer):
            raise ValueError(f"nodes of type {ends.dtype}: give whole numbers")
    low, high = min(int(u.min()), int(v.min())), max(int(u.max()), int(v.max()))
    if low < 0 or high >= MOST_NODES:
        raise ValueError(f"nodes {low} … {high}: number them from 0 to {MOST_NODES - 1} at most")
    return u, v, high + 1


def _batch(
    sources: ArrayLike, targets: ArrayLike, weights: ArrayLike | None, n: int | None
) -> tuple[Batch, int]:
    """Check edges and bring them to the types of a graph; give their number of nodes too."""
    u, v, least = _ends(sources, targets)
    n = least if n is None else n
    if not least <= n <= MOST_NODES:
        raise ValueError(f"a node {least - 1} in a graph of {n} nodes: number them 0 to n - 1")
    u, v = (np.ascontiguousarray(ends, dtype=np.int32) for ends in (u, v))
    return (u, v, _finite(weights, u.size)), n


def _finite(weights: ArrayLike | None, m: int) -> NDArray[np.float32] | None:
    if weights is None:
        return None
    array = np.ascontiguousarray(weights, dtype=np.float32)
    if array.shape != (m,):
        raise ValueError(f"weights of shape {array.shape} for {m} edges: give one an edge")
    if not np.isfinite(array).all():
        raise ValueError("weights must be finite: leave edges of unknown weight out")
    return array
