"""Ties between others, without the owner, who is tied to everybody here."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.arrays.distinct import distinct
from empreinte.kernels.graphs.communities import Communities, communities
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.graphs.projection import Pairs, together
from empreinte.kernels.learning.cascade_logs import interaction_graph
from empreinte.lenses.network.web import ME, Web

FALSE = 0.05
"""Share of ties that may be chance."""

DRAWS, LEAST_DRAWS, TIES_DRAWN = 20, 5, 500_000
"""How often communities are sought again: as often as so many ties allow, within seconds."""


class Ties:
    """Who is tied to whom: they acted on one another, or on the same posts more than chance.

    Attributes
    ----------
    direct : int
        Acts of others on others.
    pairs : Pairs
        Pairs that met on the owner's posts more often than chance.
    graph : Graph
        Over the nodes of the web; weights are acts and meetings.
    """

    def __init__(self, web: Web) -> None:
        self.web = web
        between = (web.actor != ME) & (web.other != ME)
        self.direct = int(between.sum())
        acted = web.to_me & (web.thing >= 0)
        self.meetings = int(acted.sum())
        self.pairs: Pairs = together(web.actor[acted], web.thing[acted], rate=FALSE)
        acts = interaction_graph(web.other[between], web.actor[between], web.n)
        weights = np.ones(acts.m) if acts.weights is None else acts.weights
        self.graph = Graph.from_edges(
            np.concatenate([acts.sources(), self.pairs.one]),
            np.concatenate([acts.targets, self.pairs.other]),
            np.concatenate([weights, self.pairs.meetings.astype(np.float32)]),
            web.n,
        )

    @cached_property
    def tied(self) -> NDArray[np.int64]:
        """Give the nodes that have ties."""
        ends = np.concatenate([self.graph.sources(), self.graph.targets])
        return distinct(ends).astype(int)

    @cached_property
    def compact(self) -> Graph:
        """Give the graph of the tied nodes alone, numbered as in `tied`."""
        sources = np.searchsorted(self.tied, self.graph.sources())
        targets = np.searchsorted(self.tied, self.graph.targets)
        return Graph.from_edges(sources, targets, self.graph.weights, self.tied.size)

    @cached_property
    def communities(self) -> Communities:
        draws = max(LEAST_DRAWS, min(DRAWS, TIES_DRAWN // max(self.compact.m, 1)))
        return communities(self.compact, draws=draws)

    def between(self) -> NDArray[np.int64]:
        """Count the ties of each node of `compact`: the people tied to it."""
        n, ends = self.compact.n, (self.compact.sources().astype(int), self.compact.targets)
        pairs = distinct(np.minimum(*ends) * n + np.maximum(*ends))
        return np.bincount(np.concatenate(np.divmod(pairs, max(n, 1))), minlength=n)
