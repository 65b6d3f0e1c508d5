"""GraphML and GEXF, read an element at a time with expat.

Only nodes, edges, weights and labels are taken. Nothing outside the file is ever opened, and a file
that declares entities is refused, so that there are none to expand.

Formats: http://graphml.graphdrawing.org/specification.html; https://gexf.net (1.1 to 1.3).
"""

from __future__ import annotations

from array import array
from pathlib import Path
from typing import Any
from xml.parsers import expat

import numpy as np

from empreinte.kernels.graphs.files.opened import Named, Names, both_ways, opened, unreadable
from empreinte.kernels.graphs.graph import Graph

CHUNK = 1 << 20
MAX_DEPTH = 100
MAX_TEXT = 10_000
"""Characters of one name; of a label or number, those that are kept."""
MAX_ELEMENT = 16 << 20
"""Bytes of one tag, text or comment."""


class _Reader:
    """What both formats share: names, edges as they come, and which of them go one way."""

    def __init__(self) -> None:
        self.names = Names()
        self.labels: dict[int, str] = {}
        self.sources, self.targets = array("i"), array("i")
        self.weights = array("f")
        self.weighted = False
        self.one_way = array("b")
        self.one_way_by_default = True
        self.depth = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ValueError(f"elements lie {MAX_DEPTH} deep in one another")
        self.element(tag.rpartition(" ")[2], attributes)

    def end(self, tag: str) -> None:
        self.depth -= 1
        self.ended(tag.rpartition(" ")[2])

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        raise NotImplementedError

    def ended(self, tag: str) -> None:
        raise NotImplementedError

    def text(self, text: str) -> None:
        raise NotImplementedError

    def edge(self, attributes: dict[str, str], one_way: bool, weight: str | None) -> None:
        """Take an edge; nodes that it names first are taken too."""
        for ends, which in ((self.sources, "source"), (self.targets, "target")):
            name = attributes.get(which)
            if name is None:
                raise ValueError(f"an edge has no {which}")
            ends.append(self.names[_bounded(name)])
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


class _GraphML(_Reader):
    """Data of an edge come inside it, under keys that the head declares."""

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, str] = {}
        self.default: str | None = None
        self.within: dict[str, str] = {}
        self.node = -1
        self.weight: str | None = None
        self.key: str | None = None
        self.said: list[str] = []

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "data":
            self.key, self.said = self.keys.get(attributes.get("key", "")), []
        elif tag == "node":
            self.node = self.names[_named(attributes)]
        elif tag == "edge":
            self.within, self.weight = attributes, self.default
        elif tag == "graph":
            self.one_way_by_default = attributes.get("edgedefault") != "undirected"
        elif tag == "key":
            self._declare(attributes)
        elif tag == "default" and self.key == "weight of edge":
            self.said = []
        elif tag == "hyperedge":
            raise ValueError("it has hyperedges, which join more than two nodes")

    def _declare(self, attributes: dict[str, str]) -> None:
        name = attributes.get("attr.name", attributes.get("id", "")).casefold()
        of = attributes.get("for", "all")
        self.key = None
        if name == "weight" and of in ("edge", "all"):
            self.key = "weight of edge"
        elif name in ("label", "name") and of in ("node", "all"):
            self.key = "label of node"
        if self.key:
            self.keys[attributes.get("id", "")] = self.key

    def text(self, text: str) -> None:
        if self.key and len(self.said) < MAX_TEXT:
            self.said.append(text[:MAX_TEXT])

    def ended(self, tag: str) -> None:
        said = "".join(self.said).strip()[:MAX_TEXT]
        if tag == "default" and self.key == "weight of edge":
            self.default = said
        elif tag == "data" and self.key == "weight of edge":
            self.weight = said
        elif tag == "data" and self.key == "label of node" and self.node >= 0:
            self.labels[self.node] = said
        elif tag == "edge":
            directed = self.within.get("directed")
            one_way = self.one_way_by_default if directed is None else directed == "true"
            self.edge(self.within, one_way, self.weight)
        elif tag == "node":
            self.node = -1
        if tag in ("data", "key"):
            self.key = None


class _Gexf(_Reader):
    """Everything stands in attributes."""

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "node":
            number = self.names[_named(attributes)]
            label = attributes.get("label")
            if label is not None:
                self.labels[number] = label[:MAX_TEXT]
        elif tag == "edge":
            kind = attributes.get("type")
            one_way = self.one_way_by_default if kind is None else kind == "directed"
            self.edge(attributes, one_way, attributes.get("weight"))
        elif tag == "graph":
            self.one_way_by_default = attributes.get("defaultedgetype") == "directed"

    def ended(self, tag: str) -> None:
        pass

    def text(self, text: str) -> None:
        pass


def _named(attributes: dict[str, str]) -> str:
    if "id" not in attributes:
        raise ValueError("a node has no id")
    return _bounded(attributes["id"])


def _bounded(name: str) -> str:
    if len(name) > MAX_TEXT:
        raise ValueError(f"a name is longer than {MAX_TEXT} characters")
    return name


def graphml(path: Path) -> Named:
    """Read a GraphML file; the weight is the data of edges called so."""
    return _read(path, _GraphML())


def gexf(path: Path) -> Named:
    """Read a GEXF file."""
    return _read(path, _Gexf())


def _read(path: Path, reader: _Reader) -> Named:
    parser: Any = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = _refuse
    read = 0
    try:
        with opened(path) as file:
            while chunk := file.read(CHUNK):
                parser.Parse(chunk, False)
                read += len(chunk)
                if read - parser.CurrentByteIndex > MAX_ELEMENT:
                    raise ValueError(f"an element is longer than {MAX_ELEMENT} bytes")
            parser.Parse(b"", True)
        return reader.made()
    except (expat.ExpatError, ValueError, OverflowError) as error:
        raise unreadable(path, error) from error


def _refuse(*_: object) -> None:
    raise ValueError("it declares entities")
