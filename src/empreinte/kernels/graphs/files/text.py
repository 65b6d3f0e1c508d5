"""Edge lists and METIS files, as text or gzip.

An edge list has an edge a line: two names, whatever stands between them (space, tab, comma,
semicolon or bar), and further columns. Lines that begin with # or % are comments; a first line of
titles is known as such. Some lists (NetHEPT) begin with the number of nodes and of edges.

METIS (Karypis & Kumar, METIS manual, section 4.1.1): a head with nodes, edges and a format, then a
line a node with its neighbours, numbered from 1; each edge stands with both its ends.
"""

from __future__ import annotations

import re
from codecs import BOM_UTF8
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.graphs.files.opened import (
    MAX_EDGES,
    Named,
    Names,
    both_ways,
    numbered,
    opened,
    unreadable,
)
from empreinte.kernels.graphs.graph import MOST_NODES, Graph
from empreinte.kernels.loops import loops

CHUNK = 16 << 20
MAX_LINE = 1 << 20
MAX_METIS_LINE = 256 << 20
_BETWEEN = re.compile(r"[ \t\r,;|]+")
_TITLES = {"source", "target", "from", "to", "src", "dst", "from_node", "to_node", "fromnodeid",
           "tonodeid", "start", "end", "node1", "node2", "u", "v"}  # fmt: skip

Edges = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32] | None]


class _NotNumbers(Exception):
    """The names are not whole numbers."""


def edge_list(path: Path, weight: int | None, undirected: bool) -> Named:
    """Read an edge list; `weight` is the column of the weight, from 0."""
    if weight is not None and not 2 <= weight < 1_000:
        raise ValueError(f"column {weight} of the weight: the edge takes columns 0 and 1")
    try:
        sources, targets, weights = _numbers(path, -1 if weight is None else weight)
    except _NotNumbers:
        return _named(path, weight, undirected)
    nodes = _counted(sources, targets)
    if nodes is not None:
        sources, targets = sources[1:], targets[1:]
        weights = None if weights is None else weights[1:]
    if undirected:
        sources, targets, weights = both_ways(sources, targets, weights)
    if nodes is None:
        return numbered(sources, targets, weights)
    return Named(Graph.from_edges(sources, targets, weights, nodes), np.arange(nodes))


def _counted(sources: NDArray[np.int64], targets: NDArray[np.int64]) -> int | None:
    """Give the number of nodes if the first line is the count of nodes and of edges."""
    if sources.size < 2 or targets[0] != sources.size - 1:
        return None
    low = min(sources[1:].min(), targets[1:].min())
    high = max(sources[1:].max(), targets[1:].max())
    nodes = int(sources[0])
    # An edge to a node numbered so far beyond all others would be one to itself, or a count.
    return nodes if low >= 0 and high < nodes < min(targets[0], MOST_NODES) else None


def _numbers(path: Path, column: int) -> Edges:
    """Read names that are whole numbers, a large piece of the file at a time."""
    read = loops("text")
    skip = _titles(path)
    room = max(1_000, min(path.stat().st_size // 4, 4 << 20))
    sources, targets = np.empty((2, room), dtype=np.int64)
    weights = np.empty(room if column >= 2 else 0, dtype=np.float32)
    filled = 0
    with opened(path) as file:
        rest = b""
        while chunk := file.read(CHUNK):
            data = rest + chunk if rest else chunk.removeprefix(BOM_UTF8)
            size = data.rfind(b"\n") + 1
            if len(data) - size > MAX_LINE:
                raise unreadable(path, f"a line is longer than {MAX_LINE} bytes")
            rest = data[size:]
            piece = np.frombuffer(data, dtype=np.uint8)
            begin = 0
            while begin < size:
                filled, state, read_to = read.edges(
                    piece[begin:], size - begin, column, skip, sources, targets, weights, filled
                )
                if state == read.ODD:
                    raise _NotNumbers
                if state == read.FULL:
                    sources, targets, weights = _longer(path, sources, targets, weights)
                begin += read_to
                skip = 0
        last = np.frombuffer(rest + b"\n", dtype=np.uint8)
        if filled == sources.size:
            sources, targets, weights = _longer(path, sources, targets, weights)
        filled, state, _ = read.edges(
            last, last.size, column, skip, sources, targets, weights, filled
        )
        if state == read.ODD:
            raise _NotNumbers
    return sources[:filled], targets[:filled], weights[:filled] if column >= 2 else None


def _longer(path: Path, *arrays: NDArray) -> tuple[NDArray, ...]:
    if arrays[0].size * 2 > MAX_EDGES:
        raise unreadable(path, f"it has more than {MAX_EDGES} edges")
    return tuple(np.concatenate([array, np.empty_like(array)]) for array in arrays)


def _titles(path: Path) -> int:
    """Tell whether the first line that is no comment has titles, not an edge: 1 or 0."""
    with opened(path) as file:
        for line in iter(lambda: file.readline(MAX_LINE), b""):
            text = line.decode("utf-8-sig", "replace").strip()
            if text and text[0] not in "#%":
                return int(_is_titles(_BETWEEN.split(text)))
    return 0


def _is_titles(columns: list[str]) -> bool:
    return len(columns) > 1 and all(name.strip("\"'").casefold() in _TITLES for name in columns[:2])


def _named(path: Path, weight: int | None, undirected: bool) -> Named:
    """Read names that are texts, a line at a time."""
    names = Names()
    sources, targets, weights = [], [], []
    with opened(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), 1):
            if len(line) > MAX_LINE:
                raise unreadable(path, f"line {number} is longer than {MAX_LINE} bytes")
            text = line.decode("utf-8-sig" if number == 1 else "utf-8", "replace").strip()
            if not text or text[0] in "#%":
                continue
            columns = _BETWEEN.split(text)
            if not names and _is_titles(columns):
                continue
            if len(columns) <= (weight or 1):
                raise unreadable(path, f"line {number} has {len(columns)} columns")
            if weight is not None:
                try:
                    weights.append(float(columns[weight]))
                except ValueError as error:
                    raise unreadable(path, f"line {number}: {error}") from error
            sources.append(names[columns[0]])
            targets.append(names[columns[1]])
    u, v = np.array(sources, dtype=np.int32), np.array(targets, dtype=np.int32)
    w = None if weight is None else np.array(weights, dtype=np.float32)
    if undirected:
        u, v, w = both_ways(u, v, w)
    return Named(Graph.from_edges(u, v, w, len(names)), list(names))


def metis(path: Path) -> Named:
    """Read a METIS file; every neighbour becomes an edge, so that edges go both ways."""
    try:
        return _metis(path)
    except ValueError as error:
        raise unreadable(path, error) from error


def _metis(path: Path) -> Named:
    with opened(path) as file:
        lines = (
            line
            for line in iter(lambda: file.readline(MAX_METIS_LINE), b"")
            if not line.startswith(b"%")
        )
        head = [int(word) for word in next(lines, b"").split()]
        if not 2 <= len(head) <= 4 or not 0 <= head[0] <= MOST_NODES or head[1] < 0:
            raise ValueError("the first line has the number of nodes and of edges")
        n, kind = head[0], f"{head[2] if len(head) > 2 else 0:03d}"
        if len(kind) != 3 or set(kind) - {"0", "1"}:
            raise ValueError(f"a format of {kind}: it is three digits, 0 or 1")
        before = (kind[0] == "1") + (kind[1] == "1") * (head[3] if len(head) > 3 else 1)
        weighted = kind[2] == "1"
        degrees, targets, weights = [], [], []
        for node, line in zip(range(n), lines, strict=False):
            numbers = np.array(line.split()[before:], dtype=np.float64)
            near = numbers[:: 2 if weighted else 1]
            if near.size and not (near.min() >= 1 and near.max() <= n):
                raise ValueError(f"node {node + 1} has a neighbour that is not 1 to {n}")
            if weighted and numbers.size % 2:
                raise ValueError(f"node {node + 1} has a neighbour without a weight")
            degrees.append(near.size)
            targets.append((near - 1).astype(np.int32))
            if weighted:
                weights.append(numbers[1::2].astype(np.float32))
    if len(degrees) != n:
        raise ValueError(f"{len(degrees)} of {n} nodes are there")
    if sum(degrees) != 2 * head[1]:
        raise ValueError(f"{sum(degrees)} neighbours for {head[1]} edges: each has two")
    sources = np.repeat(np.arange(n, dtype=np.int32), degrees)
    ends = np.concatenate([np.empty(0, dtype=np.int32), *targets])
    graph = Graph.from_edges(sources, ends, np.concatenate(weights) if weights else None, n)
    return Named(graph, np.arange(1, n + 1))
