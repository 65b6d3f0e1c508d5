"""Two messages that compete: whoever is reached by one first is lost to the other.

Both spread in rounds from their seeds (Bharathi, Kempe & Salek, "Competitive influence maximization
in social networks", WINE 2007; Budak, Agrawal & El Abbadi, "Limiting the spread of misinformation
in social networks", WWW 2011, section 3). A node reached by both in one round takes the first with
a fixed chance: 1, the first dominates; 0, the second does; 0.5, the toss is fair.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.diffusion.cascades import Spread, Worlds, checked_runs, seeds_of
from empreinte.kernels.diffusion.probabilities import constant
from empreinte.kernels.graphs.threads import shared_out
from empreinte.kernels.loops import loops


def spread(
    worlds: Worlds,
    seeds: ArrayLike,
    rival_seeds: ArrayLike,
    *,
    tie: float = 0.5,
    rival: Worlds | None = None,
    runs: int = 10_000,
    seed: int = 0,
    first: int = 0,
    threads: int = 1,
    by_node: bool = False,
) -> tuple[Spread, Spread]:
    """Simulate two messages against each other.

    Parameters
    ----------
    worlds : Worlds
        Of the first message.
    seeds, rival_seeds : array_like of int
        Where each starts; a node in both is tied.
    tie : float
        Chance that a tied node takes the first.
    rival : Worlds, optional
        Of the second message, on the same graph; by default the same: an edge is live for both or
        for neither.
    runs, seed, first, threads, by_node
        As in `Worlds.spread`.

    Returns
    -------
    first, second : Spread
        Nodes that took each; their `edges` are 0. In the same worlds as `Worlds.spread`, so that
        what the rival costs is ``alone.minus(first)``.

    Raises
    ------
    ValueError
        If `rival` is of another graph, or an argument is out of its range.

    Examples
    --------
    >>> from empreinte.kernels.graphs.graph import Graph
    >>> path = Worlds.independent(Graph.from_edges([0, 1, 3], [1, 2, 2]), 1.0)
    >>> mine, theirs = spread(path, [0], [3], runs=5)
    >>> mine.mean, theirs.mean
    (2.0, 2.0)
    """
    graph = worlds.graph
    against = worlds if rival is None else rival
    if against.graph is not graph:
        raise ValueError("the two messages are in two graphs: give worlds of the same Graph")
    ours, others = seeds_of(graph, seeds), seeds_of(graph, rival_seeds)
    chance = constant(tie)
    sizes = np.empty((checked_runs(runs, first, seed), 2), dtype=np.int32)

    def run(begin: int, end: int) -> NDArray[np.int64]:
        counts = np.zeros((2, graph.n if by_node else 0), dtype=np.int64)
        loops("rivals").spread(
            graph.indptr, graph.targets, worlds.coins, against.coins, ours, others, chance,
            np.uint64(seed), first + begin, sizes[begin:end], counts,
        )  # fmt: skip
        return counts

    counted = np.sum(shared_out(run, runs, threads), axis=0)
    one, two = (
        Spread(sizes[:, side].copy(), seed, first, 0, counted[side] if by_node else None)
        for side in (0, 1)
    )
    return one, two
