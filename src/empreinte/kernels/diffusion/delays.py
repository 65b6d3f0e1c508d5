"""When a message arrives: cascades in continuous time.

Every live edge (see `cascades`) passes the message on after a delay of its own,
and a node has it from whoever brings it first (Gomez-Rodriguez, Balduzzi & Schölkopf, "Uncovering
the temporal dynamics of diffusion networks", ICML 2011, section 2; Du, Song, Gomez-Rodriguez & Zha,
NIPS 2013, section 2 for the earliest way).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.diffusion.cascades import (
    Spread,
    Tree,
    Worlds,
    checked_runs,
    seeds_of,
)
from empreinte.kernels.graphs.threads import shared_out
from empreinte.kernels.loops import loops

Kind = Literal["fixed", "weibull", "pareto"]


@dataclass(frozen=True, eq=False)
class Delay:
    """How long an edge takes, in any unit of time.

    Attributes
    ----------
    scale : float or array_like of float, shape (m,)
        The delay itself (fixed), the scale (Weibull; exponential: the mean) or the least delay
        (Pareto), of all edges or of each. Above 0.
    kind : "fixed", "weibull" or "pareto"
        Weibull with the shape 1 is exponential, with 2 Rayleigh; Pareto has a tail that falls as
        time to the power −`shape`.
    shape : float
        Above 0.
    """

    scale: ArrayLike
    kind: Kind = "weibull"
    shape: float = 1.0

    def checked(self, m: int) -> tuple[int, NDArray[np.float32], float]:
        """Give kind, scales and shape as the loops take them."""
        kinds = {"fixed": "FIXED", "weibull": "WEIBULL", "pareto": "PARETO"}
        if self.kind not in kinds:
            raise ValueError(f"{self.kind!r} is no kind of delay: give one of {', '.join(kinds)}")
        scales = np.atleast_1d(np.asarray(self.scale, dtype=np.float32))
        if scales.shape not in ((1,), (m,)):
            raise ValueError(f"scales of shape {scales.shape} for {m} edges: give one, or one each")
        if not (np.isfinite(scales).all() and (scales > 0).all()):
            raise ValueError("scales of delays must be finite and above 0")
        if not 0 < self.shape < math.inf:
            raise ValueError(f"a shape of {self.shape}: give one above 0")
        return getattr(loops("arrivals"), kinds[self.kind]), scales, float(self.shape)


def spread(
    worlds: Worlds,
    delay: Delay,
    seeds: ArrayLike,
    until: ArrayLike,
    *,
    runs: int = 10_000,
    seed: int = 0,
    first: int = 0,
    threads: int = 1,
    by_node: bool = False,
) -> list[Spread]:
    """Simulate how many nodes have the message by each of several times.

    Parameters
    ----------
    worlds : Worlds
    delay : Delay
    seeds : array_like of int
        Nodes that have the message at time 0.
    until : array_like of float, shape (times,)
        Ascending times, in the unit of `delay`; ``inf``: whenever.
    runs, seed, first, threads, by_node
        As in `Worlds.spread`; nodes are counted for the last time.

    Returns
    -------
    list of Spread
        One a time; their `edges` are 0. At ``inf`` the sizes are those of `Worlds.spread`.

    Raises
    ------
    ValueError
        If times do not ascend, or an argument is out of its range.

    Examples
    --------
    >>> from empreinte.kernels.graphs.graph import Graph
    >>> chain = Worlds.independent(Graph.from_edges([0, 1], [1, 2]), 1.0)
    >>> [by.mean for by in spread(chain, Delay(2.0, "fixed"), [0], [0, 2, 4], runs=5)]
    [1.0, 2.0, 3.0]
    """
    graph = worlds.graph
    times = np.atleast_1d(np.asarray(until, dtype=np.float64))
    if not times.size or np.isnan(times).any() or (np.diff(times) < 0).any():
        raise ValueError(f"times {times.tolist()}: give them in ascending order")
    nodes, law = seeds_of(graph, seeds), delay.checked(graph.m)
    sizes = np.empty((checked_runs(runs, first, seed), times.size), dtype=np.int32)

    def run(begin: int, end: int) -> NDArray[np.int64]:
        counts = np.zeros(graph.n if by_node else 0, dtype=np.int64)
        loops("arrivals").spread(
            graph.indptr, graph.targets, worlds.coins, law, nodes,
            np.uint64(seed), first + begin, times, sizes[begin:end], counts,
        )  # fmt: skip
        return counts

    counted = np.sum(shared_out(run, runs, threads), axis=0)
    return [
        Spread(
            sizes[:, i].copy(), seed, first, 0,
            counted if by_node and i == times.size - 1 else None,
        )
        for i in range(times.size)
    ]  # fmt: skip


def tree(
    worlds: Worlds,
    delay: Delay,
    seeds: ArrayLike,
    until: float = math.inf,
    *,
    seed: int = 0,
    run: int = 0,
) -> Tree:
    """Give who infected whom, and when, in world `run` of `seed`."""
    graph = worlds.graph
    checked_runs(1, run, seed)
    if math.isnan(until):
        raise ValueError("the time is not a number")
    nodes, law = seeds_of(graph, seeds), delay.checked(graph.m)
    reached, parents = np.empty((2, graph.n), dtype=np.int32)
    times = np.empty(graph.n)
    size = loops("arrivals").tree(
        graph.indptr, graph.targets, worlds.coins, law, nodes,
        np.uint64(seed), run, float(until), reached, parents, times,
    )  # fmt: skip
    return Tree(reached[:size].copy(), parents[:size].copy(), times[:size].copy())
