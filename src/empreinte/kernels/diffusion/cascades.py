"""How far a message goes: cascades simulated in random worlds.

A world decides, before anything starts, which edges would carry the message; a cascade reaches what
those edges reach from its seeds. Under the independent cascade each edge is live by a coin of its
own; under the linear threshold each node listens to at most one of its in-edges. Both give the
distribution of Kempe, Kleinberg & Tardos ("Maximizing the spread of influence through a social
network", KDD 2003, theorems 2.2 and 2.5).

World number i of a seed is always the same, whoever starts in it: two choices of seeds are compared
in common worlds (`Spread.minus`), and runs can be shared out over threads and machines without
changing a digit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.arrays import worlds
from empreinte.kernels.diffusion import probabilities
from empreinte.kernels.diffusion.probabilities import Rule
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.graphs.threads import shared_out
from empreinte.kernels.loops import loops

FEW = 1 << 20
"""Edges or nodes, times runs, that are looked at as arrays: up to 13 ms on a busy machine. The loop
takes 0.4 ms, but half a second to be imported and 14 to be compiled."""
PADDING = 64
"""Bounds of 64 edges are read at once, beyond the last edge too."""


@dataclass(frozen=True, eq=False)
class Spread:
    """How many nodes each run reached, seeds included.

    Attributes
    ----------
    sizes : ndarray of int32, shape (runs,)
        Nodes reached in worlds `first`, `first` + 1, …
    seed, first : int
        The worlds.
    edges : int
        Edges that left the nodes reached, in all runs together.
    reached : ndarray of int64, shape (n,), or None
        In how many runs each node was reached, where this was asked for.
    """

    sizes: NDArray[np.int32]
    seed: int
    first: int
    edges: int
    reached: NDArray[np.int64] | None = None

    @property
    def mean(self) -> float:
        """Expected spread, in nodes; ``nan`` without runs."""
        return float(self.sizes.mean()) if self.sizes.size else math.nan

    @property
    def standard_error(self) -> float:
        """Standard error of `mean`; ``nan`` for fewer than two runs."""
        return _error(self.sizes)

    def interval(self, level: float = 0.9) -> tuple[float, float]:
        """Give the interval of `mean` by the normal approximation."""
        reach = NormalDist().inv_cdf((1 + level) / 2) * self.standard_error
        return self.mean - reach, self.mean + reach

    @property
    def probability(self) -> NDArray[np.float64]:
        """How likely each node is reached, shape (n,).

        Raises
        ------
        ValueError
            If nodes were not counted.
        """
        if self.reached is None:
            raise ValueError("nodes were not counted: simulate with by_node=True")
        return self.reached / max(1, self.sizes.size)

    @classmethod
    def joined(cls, parts: Sequence[Spread]) -> Spread:
        """Put batches of worlds together that follow one another, from wherever they were run.

        Raises
        ------
        ValueError
            If there are none, or they do not follow one another.
        """
        for before, after in pairwise(parts):
            last = before.first + before.sizes.size
            if (after.seed, after.first) != (before.seed, last):
                raise ValueError(
                    f"worlds {after.first} on of seed {after.seed} do not follow those before "
                    f"{last} of seed {before.seed}: give the batches in order"
                )
        if not parts:
            raise ValueError("there are no batches to join")
        counts = [part.reached for part in parts if part.reached is not None]
        return cls(
            np.concatenate([part.sizes for part in parts]),
            parts[0].seed,
            parts[0].first,
            sum(part.edges for part in parts),
            np.sum(counts, axis=0) if len(counts) == len(parts) else None,
        )

    def minus(self, other: Spread) -> tuple[float, float]:
        """Give how much further this goes than `other`, and the standard error of that.

        Worlds are common, so that the error is that of the differences run by run: far smaller
        than those of the two means.

        Raises
        ------
        ValueError
            If the two were simulated in other worlds.
        """
        mine, theirs = ((one.seed, one.first, one.sizes.size) for one in (self, other))
        if mine != theirs:
            raise ValueError(
                f"seed, first world and runs are {mine} and {theirs}: simulate both alike"
            )
        difference = self.sizes.astype(np.int64) - other.sizes
        return float(difference.mean()) if difference.size else math.nan, _error(difference)


@dataclass(frozen=True, eq=False)
class Tree:
    """Who infected whom in one cascade.

    Attributes
    ----------
    nodes : ndarray of int32, shape (size,)
        Nodes reached, in the order in which they were.
    parents : ndarray of int32, shape (size,)
        Who reached each; -1 for a seed.
    times : ndarray of int32 or float64, shape (size,)
        The round, 0 for seeds; in continuous time, the time.
    """

    nodes: NDArray[np.int32]
    parents: NDArray[np.int32]
    times: NDArray[Any]


@dataclass(frozen=True, eq=False)
class Worlds:
    """A graph with what decides which of its edges are live; make it once, simulate often.

    Examples
    --------
    >>> graph = Graph.from_edges([0, 0, 1], [1, 2, 3])
    >>> worlds = Worlds.independent(graph, 1.0)
    >>> worlds.spread([0], runs=10).mean
    4.0
    >>> worlds.tree([0]).parents.tolist()
    [-1, 0, 0, 1]
    """

    graph: Graph
    coins: tuple[Any, ...]
    """What the loops know of the edges: see `empreinte.kernels.loops.worlds`."""

    @classmethod
    def independent(cls, graph: Graph, rule: Rule, *, seed: int = 0) -> Worlds:
        """Make the worlds of the independent cascade.

        Parameters
        ----------
        graph : Graph
        rule : "weighted", "given", "trivalency", float, or array_like of float, shape (m,)
            How likely each edge carries; see `probabilities`. Kept as float32.
        seed : int
            Of trivalency.

        Raises
        ------
        ValueError
            If there is no such rule, or a probability is not from 0 to 1.
        """
        if not isinstance(rule, str) and np.ndim(rule) == 0:
            p = np.array([probabilities.constant(rule)], dtype=np.float32)
            bound = worlds.bounds(p)[0]
            return cls(graph, _coins(worlds.CONSTANT, bound=bound, chances=p))
        bounds = np.zeros(graph.m + PADDING, dtype=np.uint8)
        if isinstance(rule, str) and rule == "weighted":
            degrees = graph.in_degrees().astype(np.int32)
            by_degree = worlds.bounds((1.0 / np.maximum(degrees, 1)).astype(np.float32))
            np.take(by_degree, graph.targets, out=bounds[: graph.m])
            return cls(graph, _coins(worlds.WEIGHTED, bounds=bounds, degrees=degrees))
        p = probabilities.of_edges(graph, rule, seed=seed)
        bounds[: graph.m] = worlds.bounds(p)
        return cls(graph, _coins(worlds.GIVEN, bounds=bounds, chances=p))

    @classmethod
    def threshold(cls, graph: Graph, rule: Rule = "weighted") -> Worlds:
        """Make the worlds of the linear threshold model.

        Parameters
        ----------
        graph : Graph
        rule : "weighted", "given", float, or array_like of float, shape (m,)
            Weight of each edge; those that reach a node add up to 1 at most. Kept to 31 bits.

        Raises
        ------
        ValueError
            If there is no such rule, or the weights of a node's in-edges add up to more than 1.
        """
        shared = loops("worlds")
        lows, widths = np.empty((2, graph.m), dtype=np.uint32)
        if isinstance(rule, str) and rule == "weighted":
            ranks = np.zeros(graph.n, dtype=np.int64)
            shared.equal_shares(graph.targets, graph.in_degrees(), ranks, lows, widths)
        else:
            weights = probabilities.of_edges(graph, rule)
            sums = np.zeros(graph.n)
            shared.shares(graph.targets, weights, sums, lows, widths)
            # Weights of 32 bits that should add up to 1 may pass it by their rounding.
            if graph.n and sums.max() > 1 + 1e-4:
                node = int(sums.argmax())
                raise ValueError(
                    f"the weights of edges to node {node} add up to {sums[node]:.6g}: "
                    "those of a linear threshold add up to 1 at most"
                )
        return cls(graph, _coins(worlds.SHARED, lows=lows, widths=widths))

    def spread(
        self,
        seeds: ArrayLike,
        *,
        runs: int = 10_000,
        seed: int = 0,
        first: int = 0,
        threads: int = 1,
        by_node: bool = False,
    ) -> Spread:
        """Simulate cascades that start at `seeds`.

        Parameters
        ----------
        seeds : array_like of int
            Nodes that have the message from the start; those given twice count once.
        runs : int
            Number of worlds.
        seed, first : int
            Worlds `first` to `first` + `runs` - 1 of `seed`. A batch is a function of these
            alone: runs 0 to 999 are runs 0 to 499 and then 500 to 999.
        threads : int
            Threads to share the runs; the result is the same.
        by_node : bool
            Whether to count how often each node was reached.

        Raises
        ------
        ValueError
            If a seed is not a node, or `runs` or `first` is below 0.
        """
        nodes = seeds_of(self.graph, seeds)
        sizes = np.empty(checked_runs(runs, first, seed), dtype=np.int32)
        few = runs * max(self.graph.n, self.graph.m) <= FEW
        kernel = worlds.spread if few else loops("cascade").spread

        def run(begin: int, end: int) -> tuple[int, NDArray[np.int64]]:
            counts = np.zeros(self.graph.n if by_node else 0, dtype=np.int64)
            edges = kernel(
                self.graph.indptr, self.graph.targets, self.coins, nodes,
                np.uint64(seed), first + begin, sizes[begin:end], counts,
            )  # fmt: skip
            return edges, counts

        edges, counts = zip(*shared_out(run, runs, threads), strict=True)
        reached = np.sum(counts, axis=0) if by_node else None
        return Spread(sizes, seed, first, sum(edges), reached)

    def tree(self, seeds: ArrayLike, *, seed: int = 0, run: int = 0) -> Tree:
        """Give who infected whom in world `run` of `seed`.

        Where several reach a node in one round, it is the one who was reached first.
        """
        nodes = seeds_of(self.graph, seeds)
        checked_runs(1, run, seed)
        reached, parents, rounds = (np.empty(self.graph.n, dtype=np.int32) for _ in range(3))
        size = loops("cascade").tree(
            self.graph.indptr, self.graph.targets, self.coins, nodes,
            np.uint64(seed), run, reached, parents, rounds,
        )  # fmt: skip
        return Tree(*(array[:size].copy() for array in (reached, parents, rounds)))


def _coins(
    kind: int,
    *,
    bound: np.uint8 | None = None,
    bounds: NDArray[np.uint8] | None = None,
    chances: NDArray[np.float32] | None = None,
    degrees: NDArray[np.int32] | None = None,
    lows: NDArray[np.uint32] | None = None,
    widths: NDArray[np.uint32] | None = None,
) -> tuple[Any, ...]:
    return (
        kind,
        np.uint8(0) if bound is None else bound,
        np.empty(0, np.uint8) if bounds is None else bounds,
        np.empty(0, np.float32) if chances is None else chances,
        np.empty(0, np.int32) if degrees is None else degrees,
        np.empty(0, np.uint32) if lows is None else lows,
        np.empty(0, np.uint32) if widths is None else widths,
    )


def seeds_of(graph: Graph, seeds: ArrayLike) -> NDArray[np.int32]:
    """Give seeds as int32 once they are known to be nodes of the graph."""
    nodes = np.asarray(seeds)
    if not nodes.size:
        return np.empty(0, dtype=np.int32)
    if nodes.ndim != 1 or not np.issubdtype(nodes.dtype, np.integer):
        raise ValueError(f"seeds of {nodes.dtype} and shape {nodes.shape}: give a row of nodes")
    if int(nodes.min()) < 0 or int(nodes.max()) >= graph.n:
        raise ValueError(
            f"seeds {nodes.min()} … {nodes.max()} in a graph of {graph.n} nodes: "
            "they are numbered 0 to n - 1"
        )
    return np.array(nodes, dtype=np.int32)


def checked_runs(runs: int, first: int, seed: int) -> int:
    """Give `runs` once worlds `first` on of a seed are known to exist."""
    if runs < 0 or not 0 <= first <= 2**62:
        raise ValueError(f"{runs} runs from number {first}: both are at least 0")
    if not 0 <= seed < 2**64:
        raise ValueError(f"a seed of {seed}: give one from 0 to 2^64 - 1")
    return runs


def _error(values: NDArray[Any]) -> float:
    return float(values.std(ddof=1)) / math.sqrt(values.size) if values.size > 1 else math.nan
