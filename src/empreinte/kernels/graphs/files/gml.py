"""GML: nested lists of keys and values (Himsolt 1997, Graph Modelling Language).

Of each node its id and label are taken, of each edge its ends and its weight (or value); what else
is there is passed over.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from empreinte.kernels.graphs.files.gathered import Gathered
from empreinte.kernels.graphs.files.opened import WINDOWS, Foreign, Named, lines, unreadable

MAX_LINE = 1 << 20
MAX_DEPTH = 100
_TOKEN = re.compile(r'\s*(?:(#.*)|(\[|\])|("[^"]*")|([^\s"\[\]]+))')


def read(path: Path) -> Named:
    """Read a GML file; its nodes are called by their ids."""
    for encoding in ("utf-8", WINDOWS, "latin-1"):
        try:
            return _graph(_tokens(path, encoding))
        except Foreign:
            continue
        except (ValueError, OverflowError, StopIteration) as error:
            raise unreadable(path, str(error) or "its end is missing") from error
    raise AssertionError("Latin-1 holds every byte")


def _tokens(path: Path, encoding: str) -> Iterator[str]:
    """Give brackets, keys and values; a text keeps its opening quote."""
    begun = ""
    for line in lines(path, encoding, MAX_LINE):
        text = begun + line
        begun = ""
        if len(text) > MAX_LINE:
            raise ValueError("a text is not closed")
        at = 0
        while (found := _TOKEN.match(text, at)) is not None:
            comment, bracket, quoted, word = found.groups()
            at = found.end()
            if quoted:
                yield '"' + unescape(quoted[1:-1])
            elif not comment:
                yield bracket or word
        if text[at:].strip():  # a text that goes on in the next line
            begun = text[at:]
    if begun:
        raise ValueError("a text is not closed")


def _graph(tokens: Iterator[str]) -> Named:
    for word in tokens:
        if word == "[":
            _passed(tokens)
        elif word.casefold() == "graph" and next(tokens) == "[":
            return _inside(tokens)
    raise ValueError("it holds no graph")


def _inside(tokens: Iterator[str]) -> Named:
    found, edges = Gathered(), []
    one_way = False
    for key in tokens:
        if key == "]":
            break
        value = next(tokens)
        kind = key.casefold()
        if value == "[" and kind in ("node", "edge"):
            told = _flat(tokens)
            if kind == "node":
                found.node(_due(told, "id"), told.get("label"))
            else:
                edges.append((_due(told, "source"), _due(told, "target"),
                              told.get("weight", told.get("value"))))  # fmt: skip
        elif value == "[":
            _passed(tokens)
        elif kind == "directed":
            one_way = value == "1"
    else:
        raise ValueError("its end is missing")
    for source, target, weight in edges:
        found.edge(source, target, one_way, weight)
    return found.made()


def _flat(tokens: Iterator[str]) -> dict[str, str]:
    """Give the keys of one list that hold a value; lists in it are passed over."""
    told: dict[str, str] = {}
    for key in tokens:
        if key == "]":
            return told
        value = next(tokens)
        if value == "[":
            _passed(tokens)
        else:
            told.setdefault(key.casefold(), value.removeprefix('"'))
    raise ValueError("its end is missing")


def _passed(tokens: Iterator[str]) -> None:
    depth = 1
    for word in tokens:
        depth += (word == "[") - (word == "]")
        if depth > MAX_DEPTH:
            raise ValueError(f"lists lie {MAX_DEPTH} deep in one another")
        if depth == 0:
            return
    raise ValueError("its end is missing")


def _due(told: dict[str, str], name: str) -> str:
    if name not in told:
        raise ValueError(f"a node or an edge has no {name}")
    return told[name]
