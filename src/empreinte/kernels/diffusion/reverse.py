"""Reverse reachable sets: who would have reached a node drawn at random.

The share of such sets that a group of nodes hits, times the number of nodes, is how far a message
from that group goes on average (Borgs, Brautbar, Chayes & Lucier, "Maximizing social influence in
nearly optimal time", SODA 2014). Set i of a seed is a function of the graph, the seed and i, so
that batches drawn on any number of threads or machines are the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from queue import SimpleQueue
from typing import Literal, NamedTuple, Self, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.arrays import reverse as arrays
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.loops import loops

Model = Literal["weighted", "constant", "given", "threshold"]
"""How a message passes: see `Incoming`."""

CHUNK, CHUNK_STEPS = 4096, 1 << 14
"""Sets that a thread draws at a time, at most; one of several, as many as take about so many
steps, which is half a millisecond."""
FEW, FEW_STEPS = 1 << 12, 1 << 21
"""Edges of a graph whose sets, under the model "given", grow as arrays, and steps until they go on
in the loop. On a busy machine a step takes 1.0 µs as an array among 400 edges, 2.0 among 3,000 and
7.2 among 8,000; in the loop 0.2, but half a second to be imported and 15 to be compiled."""
_DEGREES = 1024
_NONE = np.empty(0, np.float32)


@dataclass(frozen=True, eq=False)
class Incoming:
    """The edges of a graph by the node that they reach, ready for reverse sets.

    Attributes
    ----------
    indptr : ndarray of int64, shape (n + 1,)
        Edges that reach node v are those from ``indptr[v]`` to ``indptr[v + 1]`` - 1.
    sources : ndarray of int32, shape (m,)
    weights : ndarray of float32, shape (m,), or None
        Those of the graph, falling along each row, where the model uses them.
    model : "weighted", "constant", "given" or "threshold"
        ``"weighted"``: independent cascade, an edge carries with 1 / in-degree of its target.
        ``"constant"``: independent cascade, every edge with `p`. ``"given"``: independent
        cascade, each edge with its weight. ``"threshold"``: linear threshold by the weights,
        or 1 / in-degree for a graph without.
    p : float
        0 but for ``"constant"``.
    """

    indptr: NDArray[np.int64]
    sources: NDArray[np.int32]
    weights: NDArray[np.float32] | None
    model: Model
    p: float

    @property
    def n(self) -> int:
        """Number of nodes."""
        return self.indptr.size - 1

    @classmethod
    def of(
        cls,
        graph: Graph,
        model: Model = "weighted",
        p: float | None = None,
        *,
        transposed: Graph | None = None,
        threads: int = 1,
    ) -> Self:
        """Turn a graph round.

        Parameters
        ----------
        graph : Graph
        model : "weighted", "constant", "given" or "threshold"
        p : float, optional
            Probability of every edge under ``"constant"``.
        transposed : Graph, optional
            ``graph.transposed()`` where it is at hand: it saves most of the time.
        threads : int

        Raises
        ------
        ValueError
            If the model is unknown, lacks `p` or weights, or a probability is not one.

        Examples
        --------
        >>> Incoming.of(Graph.from_edges([0, 1], [2, 2])).sources.tolist()
        [0, 1]
        """
        if model not in get_args(Model):
            raise ValueError(f"{model!r} is no model: give one of {', '.join(get_args(Model))}")
        if (p is None) is (model == "constant"):
            raise ValueError(f"model {model!r} with p={p}: p goes with 'constant' and only there")
        if p is not None and not 0 <= p <= 1:
            raise ValueError(f"{p} is no probability: give p from 0 to 1")
        weighted = graph.weights is not None
        if model == "given" and not weighted:
            raise ValueError("the graph has no weights: give them to Graph.from_edges")
        turned = graph.transposed(threads) if transposed is None else transposed
        if (turned.n, turned.m) != (graph.n, graph.m):
            raise ValueError(
                f"transposed has {turned.n} nodes and {turned.m} edges, the graph {graph.n} and "
                f"{graph.m}: give graph.transposed()"
            )
        sources, weights = turned.targets, None
        if weighted and model in ("given", "threshold"):
            sources, weights = _falling(turned, threads)
            if model == "threshold":
                _check_sums(turned.indptr, weights)
        return cls(turned.indptr, sources, weights, model, float(p or 0))


def _falling(turned: Graph, threads: int) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Give sources and weights with the highest first in each row."""
    if turned.weights is None:
        raise ValueError("transposed has no weights, the graph has: give graph.transposed()")
    low, high = _ends(turned.weights)
    if math.isnan(low) or low < 0 or high > 1:
        raise ValueError(f"weights go from {low} to {high}: probabilities lie between 0 and 1")
    if turned.m <= FEW:
        order = np.lexsort((-turned.weights, turned.sources()))
        return turned.targets[order], turned.weights[order]
    sources, weights = turned.targets.copy(), turned.weights.copy()
    sort = loops("rows").fall
    steps = np.linspace(0, turned.n, 4 * threads + 1).astype(np.int64)
    with ThreadPoolExecutor(threads) as pool:
        jobs = [
            pool.submit(sort, turned.indptr, sources, weights, a, b)
            for a, b in zip(steps[:-1].tolist(), steps[1:].tolist(), strict=True)
        ]
        for job in jobs:
            job.result()
    return sources, weights


def _ends(array: NDArray) -> tuple[float, float]:
    return (float(array.min()), float(array.max())) if array.size else (0.0, 0.0)


def _check_sums(indptr: NDArray[np.int64], weights: NDArray[np.float32]) -> None:
    sums = loops("rows").sums(indptr, weights)
    # float32 weights that add up to 1 exactly may do so to a millionth.
    over = np.flatnonzero(sums > 1 + 1e-5)
    if over.size:
        raise ValueError(
            f"the in-edges of node {over[0]} weigh {sums[over[0]]:.6g}: under the linear threshold "
            "those of a node add up to 1 at most; divide them by their sum"
        )


class Sets(NamedTuple):
    """Reverse reachable sets: the i-th is ``nodes[offsets[i]:offsets[i + 1]]``, its root first."""

    nodes: NDArray[np.int32]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return self.offsets.size - 1


class Drawn(NamedTuple):
    """What was drawn.

    Attributes
    ----------
    best : ndarray of int64, shape (known + 1,)
        Sets by the first known node that they hold (its place among `known`); the last: by none.
    alone : ndarray of int64, shape (known,)
        Sets that hold each known node, as far as they were grown.
    sets : Sets
        Those that hold none, if they were to be kept.
    steps : int
        Edges that carried, and roots: what the work is in proportion to.
    """

    best: NDArray[np.int64]
    alone: NDArray[np.int64]
    sets: Sets
    steps: int


class Drawer:
    """Draws sets of one graph and seed, with the working memory of each thread.

    Parameters
    ----------
    incoming : Incoming
    seed : int
    node_weights : array_like of float, shape (n,), optional
        What reaching each node is worth: roots are drawn in proportion.
    threads : int

    Raises
    ------
    ValueError
        If weights are not as many as nodes, finite, at least 0, and somewhere above.
    """

    def __init__(
        self,
        incoming: Incoming,
        seed: int = 0,
        node_weights: ArrayLike | None = None,
        threads: int = 1,
    ) -> None:
        if threads < 1:
            raise ValueError(f"{threads} threads: give at least 1")
        self.n = incoming.n
        self.total = float(self.n)
        self.threads = threads
        self._seed = seed % 2**64
        self._cumulative = np.empty(0)
        if node_weights is not None:
            self._cumulative = np.cumsum(checked_weights(node_weights, self.n))
            self.total = float(self._cumulative[-1])
        weights = _NONE if incoming.weights is None else incoming.weights
        self._edges = incoming.indptr, incoming.sources, weights
        self._incoming, self._steps, self._each = incoming, 0, CHUNK_STEPS >> 4
        self._pool = ThreadPoolExecutor(threads)

    @property
    def few(self) -> bool:
        """Whether there is little to do, as far as is known, so that loops are not worth it."""
        small = self._incoming.model == "given" and self._incoming.sources.size <= FEW
        return small and self._steps < FEW_STEPS

    @cached_property
    def _loop(self) -> Callable[..., tuple]:
        kernels, incoming = loops("reverse"), self._incoming
        given = incoming.weights is not None
        name = f"{incoming.model}_given" if incoming.model == "threshold" and given else None
        roots = self._cumulative, kernels.guided(self._cumulative)
        sample = getattr(kernels, name or incoming.model)
        return partial(sample, self._edges, (incoming.p, _chances(incoming)), roots)

    @cached_property
    def _marks(self) -> SimpleQueue[NDArray[np.uint16]]:
        marks: SimpleQueue[NDArray[np.uint16]] = SimpleQueue()
        for _ in range(self.threads):
            marks.put(np.zeros(self.n, np.uint16))
        return marks

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()

    def draw(
        self,
        first: int,
        count: int,
        known: Sequence[int] | NDArray[np.int32] = (),
        *,
        enough: int | None = None,
        keep: bool = False,
    ) -> Drawn:
        """Draw the sets `first` to `first` + `count` - 1.

        Parameters
        ----------
        first, count : int
        known : sequence of int
            Distinct nodes whose hits are counted.
        enough : int, optional
            A set is not grown further once it holds one of the first `enough` + 1 of them; by
            default any of them.
        keep : bool
            Whether to keep the sets that hold none.
        """
        seeds = np.asarray(known, dtype=np.int32)
        last = seeds.size - 1 if enough is None else enough
        parts, at, end = [], first, first + count
        while self.few and at < end:
            size = min(max(1, arrays.ROOM // self.n), end - at)
            parts.append(
                arrays.given(self._edges, self._cumulative, at, size, self._seed, seeds, last, keep)
            )
            at, self._steps = at + size, self._steps + parts[-1][-1]
        if at < end:
            parts += self._in_loops(at, end - at, seeds, last, keep)
        drawn = _joined(parts, seeds.size)
        self._each = max(drawn.steps // max(count, 1), 1)
        return drawn

    def _in_loops(
        self, first: int, count: int, seeds: NDArray[np.int32], enough: int, keep: bool
    ) -> list[tuple]:
        rank = np.zeros(self.n, np.int32)
        rank[seeds] = np.arange(seeds.size)
        loop, marks = self._loop, self._marks
        chunk = CHUNK
        if self.threads > 1:  # sets take about as long as the last ones did
            chunk = min(CHUNK, max(16, CHUNK_STEPS // self._each))
        stop, seed = loops("reverse").STOP, np.uint64(self._seed)

        def batch(begin: int) -> tuple:
            mark = marks.get()
            mark[seeds] = stop
            size = min(chunk, first + count - begin)
            try:
                return loop(begin, size, seed, mark, rank, seeds.size, enough, keep)
            finally:
                mark[seeds] = 0
                marks.put(mark)

        starts = range(first, first + count, chunk)
        several = self.threads > 1 and len(starts) > 1
        return list((self._pool.map if several else map)(batch, starts))


def _joined(parts: list[tuple], known: int) -> Drawn:
    best, alone, steps = np.zeros(known + 1, np.int64), np.zeros(known, np.int64), 0
    for part in parts:
        best += part[0]
        alone += part[1]
        steps += part[4]
    sets = together(Sets(part[2], part[3]) for part in parts)
    return Drawn(best, alone, sets, steps)


def together(several: Iterable[Sets]) -> Sets:
    """Put sets one after another."""
    parts = list(several)
    ends = np.cumsum([0, *(part.nodes.size for part in parts)])
    offsets = [part.offsets[1:] + end for part, end in zip(parts, ends[:-1], strict=True)]
    return Sets(
        np.concatenate([np.empty(0, np.int32), *(part.nodes for part in parts)]),
        np.concatenate([np.zeros(1, np.int64), *offsets]),
    )


def checked_weights(values: ArrayLike, n: int) -> NDArray[np.float64]:
    """Give what reaching each node is worth, as float64."""
    weights = np.asarray(values, dtype=np.float64)
    if weights.shape != (n,):
        raise ValueError(f"weights of shape {weights.shape} for {n} nodes: give one a node")
    low, high = _ends(weights)
    if not (low >= 0 and math.isfinite(high)):
        raise ValueError(f"weights of nodes go from {low} to {high}: give finite ones, at least 0")
    if high == 0:
        raise ValueError("no node has a weight above 0: there is nobody to reach")
    return weights


def _chances(incoming: Incoming) -> NDArray[np.float64]:
    """Give the probability that none of d in-edges carries, for few."""
    d = np.arange(_DEGREES, dtype=np.float64)
    if incoming.model == "constant":
        return (1 - incoming.p) ** d
    return np.where(d > 1, (1 - 1 / np.maximum(d, 2)) ** d, 0.0)


def sets(
    incoming: Incoming,
    first: int,
    count: int,
    *,
    seed: int = 0,
    node_weights: ArrayLike | None = None,
    threads: int = 1,
) -> Sets:
    """Draw reverse reachable sets.

    Parameters
    ----------
    incoming : Incoming
    first, count : int
        The sets `first` to `first` + `count` - 1 of the seed.
    seed : int
    node_weights : array_like of float, shape (n,), optional
        Roots are drawn in proportion.
    threads : int

    Returns
    -------
    Sets
        In the order of their numbers.

    Examples
    --------
    Along a chain of certain edges a set holds all that come before its root.

    >>> chain = Incoming.of(Graph.from_edges([0, 1], [1, 2]))
    >>> drawn = sets(chain, 0, 100)
    >>> sorted({len(part) for part in np.split(drawn.nodes, drawn.offsets[1:-1])})
    [1, 2, 3]
    """
    if first < 0 or count < 0:
        raise ValueError(f"sets from {first}, {count} of them: give numbers of at least 0")
    if incoming.n == 0:
        raise ValueError("the graph has no nodes: there is nothing to draw from")
    with Drawer(incoming, seed, node_weights, threads) as drawer:
        return drawer.draw(first, count, keep=True).sets
