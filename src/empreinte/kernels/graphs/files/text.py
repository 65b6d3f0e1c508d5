"""Edge lists, as text or gzip.

An edge list has an edge a line: two names, what stands between them (blanks, a tab, comma,
semicolon or bar), and further columns. Lines that begin with # or % are comments; a first line of
titles is known as such, and so is one that counts nodes and edges (NetHEPT). How a list is written
is told by `dialect`; numbers are read in a compiled loop, all else a line at a time.
"""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.graphs.files.dialect import Dialect, dialect_of
from empreinte.kernels.graphs.files.opened import (
    MAX_EDGES,
    WINDOWS,
    Foreign,
    Named,
    Names,
    both_ways,
    lines,
    numbered,
    opened,
    unreadable,
)
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.loops import loops

CHUNK = 16 << 20
MAX_LINE = 1 << 20
MOST_NUMBERED = 200_000_000
"""Nodes that are numbered from 1 without gaps, as matrices have them."""
MOST_ALONE, _ALONE = 1_000_000, 16
"""Nodes that a first line may count: so many, and so many more an edge."""
_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d{1,3})?")
_TWO_WAYS = {"undirected", "mutual"}

Edges = tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32] | None]


class NotNumbers(Exception):
    """The names are not whole numbers."""


def edge_list(path: Path, weight: int | str | None, undirected: bool) -> Named:
    """Read an edge list; `weight` is the column of the weight, from 0, or its title."""
    if isinstance(weight, int) and not 2 <= weight < 1_000:
        raise ValueError(f"column {weight} of the weight: the edge takes columns 0 and 1")
    form = dialect_of(path, weight)
    try:
        if not form.is_plain or form.encoding == "utf-16":
            raise NotNumbers
        sources, targets, weights = numbers(path, form)
    except NotNumbers:
        return _texts(path, form, undirected)
    named = None
    if form.counts:
        _check_counts(path, form.counts, sources.size)
        named = _range(form.counts[0], sources, targets)
    elif form.columns == 2 and (named := _counted(sources, targets)) is not None:
        sources, targets = sources[1:], targets[1:]
        weights = None if weights is None else weights[1:]
    if undirected:
        sources, targets, weights = both_ways(sources, targets, weights)
    if named is None:
        return numbered(sources, targets, weights)
    ends = sources - named[0], targets - named[0]
    return Named(Graph.from_edges(*ends, weights, named.size), named)


def _check_counts(path: Path, counts: tuple[int, ...], edges: int) -> None:
    """Hold what a first line counts against what is there; a hostile one may count anything."""
    if not 0 <= counts[0] <= MOST_ALONE + _ALONE * edges:
        raise unreadable(path, f"its first line counts {counts[0]} nodes for {edges} edges")
    if len(counts) > 1 and counts[1] != edges:
        raise unreadable(path, f"its first line counts {counts[1]} edges, and there are {edges}")


def _counted(
    sources: NDArray[np.int64], targets: NDArray[np.int64]
) -> NDArray[np.int64] | None:  # fmt: skip
    """Give all nodes if the first line is the count of nodes and of edges.

    An edge to a node numbered beyond all others, that counts the lines below it, is a count; one
    with a weight is not.
    """
    if sources.size < 3 or targets[0] != sources.size - 1:
        return None
    nodes = int(sources[0])
    if nodes > MOST_ALONE + _ALONE * sources.size:
        return None
    return _range(nodes, sources[1:], targets[1:])


def _range(
    nodes: int, sources: NDArray[np.int64], targets: NDArray[np.int64]
) -> NDArray[np.int64] | None:  # fmt: skip
    """Give the numbers of so many nodes, from 0 or from 1, if all edges are of them."""
    low = min(sources.min(), targets.min()) if sources.size else 0
    high = max(sources.max(), targets.max()) if sources.size else -1
    if not (low >= 0 and high < nodes) and not (low >= 1 and high == nodes):
        return None
    return np.arange(nodes) + int(high == nodes)


def numbers(path: Path, form: Dialect) -> Edges:
    """Read names that are whole numbers, a large piece of the file at a time."""
    read, column = loops("text"), form.weight
    separator = ord(form.separator) if form.separator else 0
    point = ord("," if form.comma and form.separator != "," else ".")
    comments, skip = not form.titles, int(bool(form.titles or form.counts))
    room = max(1_000, min(path.stat().st_size // 4, 4 << 20))
    sources, targets = np.empty((2, room), dtype=np.int64)
    weights = np.empty(room if column >= 2 else 0, dtype=np.float32)
    filled = 0
    with opened(path) as file:
        rest = b""
        while chunk := file.read(CHUNK):
            data = rest + chunk if rest else chunk.removeprefix(BOM_UTF8)
            size = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
            if len(data) - size > MAX_LINE:
                raise unreadable(path, f"a line is longer than {MAX_LINE} bytes")
            rest = data[size:]
            piece = np.frombuffer(data, dtype=np.uint8)
            begin = 0
            while begin < size:
                filled, state, read_to = read.edges(
                    piece[begin:], size - begin, column, separator, point, comments, skip, sources,
                    targets, weights, filled,
                )  # fmt: skip
                if state == read.ODD:
                    raise NotNumbers
                if state == read.FULL:
                    sources, targets, weights = _longer(path, sources, targets, weights)
                begin += read_to
                skip = 0
        last = np.frombuffer(rest + b"\n", dtype=np.uint8)
        if filled == sources.size:
            sources, targets, weights = _longer(path, sources, targets, weights)
        filled, state, _ = read.edges(
            last,
            last.size,
            column,
            separator,
            point,
            comments,
            skip,
            sources,
            targets,
            weights,
            filled,
        )
        if state == read.ODD:
            raise NotNumbers
    return sources[:filled], targets[:filled], weights[:filled] if column >= 2 else None


def _longer(path: Path, *arrays: NDArray) -> tuple[NDArray, ...]:
    if arrays[0].size * 2 > MAX_EDGES:
        raise unreadable(path, f"it has more than {MAX_EDGES} edges")
    return tuple(np.concatenate([array, np.empty_like(array)]) for array in arrays)


def _texts(path: Path, form: Dialect, undirected: bool) -> Named:
    """Read names that are texts, a line at a time, in UTF-8, else as Windows or Latin-1."""
    for encoding in (form.encoding, WINDOWS, "latin-1"):
        try:
            return _named(path, form, encoding, undirected)
        except Foreign:
            continue
        except csv.Error as error:
            raise unreadable(path, error) from error
    raise AssertionError("Latin-1 holds every byte")


def _named(path: Path, form: Dialect, encoding: str, undirected: bool) -> Named:
    names, points = Names(), set()
    sources, targets, weights, twice = [], [], [], []
    needed = max(form.source, form.target, form.weight)
    first = 1 + bool(form.titles or form.counts)
    for number, row in enumerate(_rows(path, form, encoding), first):
        if len(row) <= needed or not (row[form.source] and row[form.target]):
            raise unreadable(path, f"line {number} has {len(row)} columns, or an empty name")
        if form.weight >= 0:
            weights.append(_weight(path, row[form.weight], number, points))
        sources.append(names[row[form.source]])
        targets.append(names[row[form.target]])
        kind = row[form.kind].casefold() if 0 <= form.kind < len(row) else ""
        twice.append(undirected or kind in _TWO_WAYS)
    if form.counts:
        _check_counts(path, form.counts, len(sources))
    u, v = np.array(sources, dtype=np.int32), np.array(targets, dtype=np.int32)
    w = np.array(weights, dtype=np.float32) if form.weight >= 0 else None
    both = np.array(twice, dtype=np.bool_)
    back = both_ways(u[both], v[both], None if w is None else w[both])
    u, v = np.concatenate([u[~both], back[0]]), np.concatenate([v[~both], back[1]])
    w = None if w is None or back[2] is None else np.concatenate([w[~both], back[2]])
    return Named(Graph.from_edges(u, v, w, len(names)), list(names))


def _rows(path: Path, form: Dialect, encoding: str) -> Iterator[list[str]]:
    """Give the columns of the lines that are edges."""
    written = (
        line for line in lines(path, encoding, MAX_LINE)
        if line.strip() and not form.is_comment(line.lstrip("\ufeff"))
    )  # fmt: skip
    rows = form.split(written)
    if form.titles or form.counts:
        next(rows, None)
    return rows


def _weight(path: Path, cell: str, number: int, points: set[str]) -> float:
    """Read a weight; in one list, all have the same decimal point."""
    point = "," if _COMMA.fullmatch(cell) else "." if "." in cell else ""
    points.update(point)
    if len(points) > 1:
        raise unreadable(path, f"line {number}: {cell}, and other weights have a point for a comma")
    try:
        return float(cell.replace(",", ".") if point == "," else cell)
    except ValueError as error:
        raise unreadable(path, f"line {number}: {error}") from error
