"""GraphML and GEXF, read an element at a time with expat.

Only nodes, edges, weights and labels are taken. Nothing outside the file is ever opened, and a file
that declares entities is refused, so that there are none to expand.

Formats: http://graphml.graphdrawing.org/specification.html; https://gexf.net (1.1 to 1.3).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.parsers import expat

from empreinte.kernels.graphs.files.gathered import MAX_NAME, Gathered
from empreinte.kernels.graphs.files.opened import Named, opened, unreadable

CHUNK = 1 << 20
MAX_DEPTH = 100
MAX_ELEMENT = 16 << 20
"""Bytes of one tag, text or comment."""


class _Reader(Gathered):
    """What both formats share: how deep elements lie, and which edges go one way."""

    def __init__(self) -> None:
        super().__init__()
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

    def between(self, attributes: dict[str, str], one_way: bool, weight: str | None) -> None:
        """Take an edge by its attributes."""
        for which in ("source", "target"):
            if which not in attributes:
                raise ValueError(f"an edge has no {which}")
        self.edge(attributes["source"], attributes["target"], one_way, weight)


class _GraphML(_Reader):
    """Data of an edge come inside it, under keys that the head names.

    What a key is of is told by where its data stand: some programs (Cytoscape) declare the weight
    of edges for nodes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.keys: dict[str, tuple[str, str]] = {}
        self.default: str | None = None
        self.within: dict[str, str] | None = None
        self.node_at = -1
        self.weight: str | None = None
        self.due = False
        self.key: tuple[str, str] | None = None
        self.said: list[str] = []

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "data":
            id = attributes.get("key", "")
            self.key, self.said = self.keys.get(id, (id.casefold(), "")), []
        elif tag == "node":
            self.node_at = self.node(_named(attributes))
        elif tag == "edge":
            self.within, self.weight, self.due = attributes, self.default, False
        elif tag == "graph":
            self.one_way_by_default = attributes.get("edgedefault") != "undirected"
        elif tag == "key":
            name = attributes.get("attr.name", attributes.get("id", "")).casefold()
            self.key = (name, attributes.get("for", "all"))
            self.keys[attributes.get("id", "")] = self.key
        elif tag == "default":
            self.said = []
        elif tag == "hyperedge":
            raise ValueError("it has hyperedges, which join more than two nodes")

    def text(self, text: str) -> None:
        if self.key and len(self.said) < MAX_NAME:
            self.said.append(text[:MAX_NAME])

    def ended(self, tag: str) -> None:
        name, of = self.key or ("", "")
        said = "".join(self.said).strip()[:MAX_NAME]
        if tag == "default" and name == "weight" and of in ("edge", "all"):
            self.default = said
        elif tag == "data" and name == "weight" and self.within is not None:
            if not self.due:  # a key of edges counts before one of something else
                self.weight, self.due = said, of in ("edge", "all")
        elif tag == "data" and name in ("label", "name") and self.within is None:
            if self.node_at >= 0:
                self.labels[self.node_at] = said
        elif tag == "edge" and self.within is not None:
            directed = self.within.get("directed")
            one_way = self.one_way_by_default if directed is None else directed == "true"
            self.between(self.within, one_way, self.weight)
            self.within = None
        elif tag == "node":
            self.node_at = -1
        if tag in ("data", "key"):
            self.key = None


class _Gexf(_Reader):
    """Everything stands in attributes, the weight in one of the edge or in an ``attvalue``."""

    def __init__(self) -> None:
        super().__init__()
        self.of = ""
        self.titles: dict[str, str] = {}
        self.defaults: dict[str, str] = {}
        self.attribute = ""
        self.said: list[str] = []
        self.within: dict[str, str] | None = None
        self.weight: str | None = None

    def element(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "node":
            self.node(_named(attributes), attributes.get("label"))
        elif tag == "edge":
            self.within, self.weight = attributes, attributes.get("weight")
        elif tag == "graph":
            self.one_way_by_default = attributes.get("defaultedgetype") == "directed"
        elif tag == "attributes":
            self.of = attributes.get("class", "")
        elif tag == "attribute":
            self.attribute = attributes.get("id", "")
            if self.of == "edge":
                self.titles[self.attribute] = attributes.get("title", "").casefold()
        elif tag == "default":
            self.said = []
        elif tag == "attvalue" and self.within is not None and self.weight is None:
            which = attributes.get("for", attributes.get("id", ""))
            if self.titles.get(which, which.casefold()) == "weight":
                self.weight = attributes.get("value")

    def ended(self, tag: str) -> None:
        if tag == "default" and self.titles.get(self.attribute) == "weight":
            self.defaults["weight"] = "".join(self.said).strip()
        elif tag == "edge" and self.within is not None:
            kind = self.within.get("type")
            one_way = self.one_way_by_default if kind is None else kind == "directed"
            weight = self.weight if self.weight is not None else self.defaults.get("weight")
            self.between(self.within, one_way, weight)
            self.within = None

    def text(self, text: str) -> None:
        if len(self.said) < MAX_NAME:
            self.said.append(text[:MAX_NAME])


def _named(attributes: dict[str, str]) -> str:
    if "id" not in attributes:
        raise ValueError("a node has no id")
    return attributes["id"]


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
