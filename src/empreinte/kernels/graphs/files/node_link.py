"""Graphs in JSON: nodes and links, as networkx, d3, Sigma (graphology) and Cytoscape write them.

``{"directed": …, "nodes": [{"id": …}], "links": [{"source": …, "target": …, "weight": …}]}``; the
list of links may be called ``edges``, a node's id ``key`` or ``name``, and what is said of a node
or a link may stand under ``attributes`` or ``data``. Whole numbers that no node is called by are
places in the list of nodes (d3).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from empreinte.kernels.graphs.files.gathered import Gathered
from empreinte.kernels.graphs.files.opened import Named, encoding_of, opened, unreadable

MOST_BYTES = 128 << 20
_IDS = ("id", "key", "name")
_WEIGHTS = ("weight", "value")


def read(path: Path, undirected: bool) -> Named:
    """Read a graph in JSON; where it does not say, `undirected` tells if edges go both ways."""
    with opened(path) as file:
        data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise unreadable(path, f"it is longer than {MOST_BYTES} bytes")
    try:
        text: str | bytes = data
        if (encoding := encoding_of(data)) != "utf-8":
            text = data.decode(encoding)
        return _graph(msgspec.json.decode(text), undirected)
    except (msgspec.MsgspecError, UnicodeError, RecursionError, OverflowError) as error:
        raise unreadable(path, error) from error
    except (TypeError, ValueError, AttributeError) as error:
        raise unreadable(path, error) from error


def _graph(whole: Any, undirected: bool) -> Named:
    if not isinstance(whole, dict):
        raise ValueError("it is no object with nodes and links")
    inner = whole.get("elements", whole.get("graph"))
    told = inner if isinstance(inner, dict) and "nodes" in inner else whole
    if told.get("links") and told.get("edges"):
        raise ValueError("it has links and edges: leave one of the two lists")
    nodes, links = told.get("nodes"), told.get("links") or told.get("edges", told.get("links"))
    if not isinstance(nodes, list) or not isinstance(links, list):
        raise ValueError("it has no list of nodes and list of links (or edges)")
    found, called = Gathered(), []
    for place, node in enumerate(nodes):
        said = _said(node) if isinstance(node, dict) else {"id": node}
        name = next((said[key] for key in _IDS if key in said), place)
        label = said.get("label")
        called.append(_name(name))
        found.node(called[-1], None if label is None else str(label))
    one_way = not _both_ways(whole, undirected)
    for link in links:
        said = _said(link)
        if "source" not in said or "target" not in said:
            raise ValueError("a link has no source or no target")
        source, target = (_end(said[key], found, called) for key in ("source", "target"))
        weight = next((said[key] for key in _WEIGHTS if said.get(key) is not None), None)
        if isinstance(weight, bool) or not isinstance(weight, int | float | str | None):
            raise ValueError(f"{weight!r} is no weight")
        found.edge(source, target, said.get("undirected") is not True and one_way, weight)
    return found.made()


def _both_ways(whole: dict[str, Any], undirected: bool) -> bool:
    options = whole.get("options")
    kind = options.get("type") if isinstance(options, dict) else None
    if isinstance(whole.get("directed"), bool):
        return not whole["directed"]
    return kind == "undirected" if kind in ("directed", "undirected") else undirected


def _said(one: Any) -> dict[str, Any]:
    """Give what is said of a node or a link, wherever it stands."""
    if not isinstance(one, dict):
        raise TypeError(f"{str(one)[:50]} is no object")
    more = one.get("attributes", one.get("data"))
    return {**more, **one} if isinstance(more, dict) else one


def _name(value: Any) -> str:
    if isinstance(value, dict) and "id" in value:  # d3, once it has drawn them
        value = value["id"]
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError(f"{str(value)[:50]} is no name of a node")
    return str(value)


def _end(value: Any, found: Gathered, called: list[str]) -> str:
    name = _name(value)
    if name in found.names or not isinstance(value, int):
        return name
    if not 0 <= value < len(called):
        raise ValueError(f"a link is to node {value} of {len(called)}")
    return called[value]
