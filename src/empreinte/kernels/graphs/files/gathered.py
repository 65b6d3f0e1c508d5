"""What readers of named nodes share: names, labels, and edges as they come."""

from __future__ import annotations

from array import array

import numpy as np

from empreinte.kernels.graphs.files.opened import Named, Names, both_ways
from empreinte.kernels.graphs.graph import Graph

MAX_NAME = 10_000
"""Characters of one name; of a label, those that are kept."""


class Gathered:
    """A graph as it is read, its nodes numbered in the order in which they come."""

    def __init__(self) -> None:
        self.names = Names()
        self.labels: dict[int, str] = {}
        self.sources, self.targets = array("i"), array("i")
        self.weights = array("f")
        self.weighted = False
        self.one_way = array("b")

    def node(self, name: str, label: str | None = None) -> int:
        """Take a node; give its number."""
        if len(name) > MAX_NAME:
            raise ValueError(f"a name is longer than {MAX_NAME} characters")
        number = self.names[name]
        if label is not None:
            self.labels[number] = label[:MAX_NAME]
        return number

    def edge(self, source: str, target: str, one_way: bool, weight: str | float | None) -> None:
        """Take an edge; nodes that it names first are taken too."""
        self.sources.append(self.node(source))
        self.targets.append(self.node(target))
        self.one_way.append(one_way)
        self.weights.append(1.0 if weight is None else float(weight))
        self.weighted |= weight is not None

    def made(self) -> Named:
        """Make the graph; edges without a direction go both ways."""
        u, v = np.array(self.sources, dtype=np.int32), np.array(self.targets, dtype=np.int32)
        w = np.array(self.weights, dtype=np.float32)
        twice = np.array(self.one_way, dtype=np.int8) == 0
        back_u, back_v, back_w = both_ways(u[twice], v[twice], w[twice])
        assert back_w is not None
        u, v = np.concatenate([u[~twice], back_u]), np.concatenate([v[~twice], back_v])
        w = np.concatenate([w[~twice], back_w])
        graph = Graph.from_edges(u, v, w if self.weighted else None, len(self.names))
        labels = None
        if self.labels:
            labels = [self.labels.get(i, name) for i, name in enumerate(self.names)]
        return Named(graph, list(self.names), labels)
