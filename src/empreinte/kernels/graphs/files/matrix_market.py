"""Matrix Market files: a square sparse matrix is a graph, rows to columns.

Format: https://math.nist.gov/MatrixMarket/formats.html (coordinate; Boisvert, Pozo & Remington).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from empreinte.kernels.graphs.files.dialect import Dialect
from empreinte.kernels.graphs.files.opened import Named, both_ways, lines, unreadable
from empreinte.kernels.graphs.files.text import MAX_LINE, MOST_NUMBERED, NotNumbers, numbers
from empreinte.kernels.graphs.graph import Graph

BANNER = "%%matrixmarket"
_FIELDS = {"real", "integer", "pattern"}
_SYMMETRIES = {"general", "symmetric"}


def read(path: Path) -> Named:
    """Read a matrix; its entries are the weights, if it has any."""
    found = lines(path, "utf-8", MAX_LINE)
    banner = next(found, "").casefold().split()
    if len(banner) != 5 or banner[0] != BANNER or banner[1] != "matrix":
        raise unreadable(path, "its first line is no banner of Matrix Market")
    form, field, symmetry = banner[2:]
    if form != "coordinate" or field not in _FIELDS or symmetry not in _SYMMETRIES:
        raise unreadable(
            path, f"a matrix that is {form}, {field} and {symmetry}: only coordinate ones that are "
            "real, integer or pattern, general or symmetric, are graphs",
        )  # fmt: skip
    size = next((line.split() for line in found if line.strip() and line[0] != "%"), [])
    if len(size) != 3 or not all(word.isascii() and word.isdigit() for word in size):
        raise unreadable(path, "it has no line of sizes: rows, columns and entries")
    rows, columns, entries = map(int, size)
    if rows != columns:
        raise unreadable(path, f"{rows} rows and {columns} columns: a graph has as many of both")
    if rows > MOST_NUMBERED:
        raise unreadable(path, f"it counts {rows} nodes: {MOST_NUMBERED} at most are read")
    weight = -1 if field == "pattern" else 2
    try:
        u, v, w = numbers(path, Dialect("", '"', "utf-8", counts=(rows,), weight=weight))
    except NotNumbers:
        raise unreadable(path, "an entry is no row, column and number") from None
    if u.size != entries:
        raise unreadable(path, f"it counts {entries} entries, and there are {u.size}")
    if u.size and not (min(u.min(), v.min()) >= 1 and max(u.max(), v.max()) <= rows):
        raise unreadable(path, f"an entry is not in rows and columns 1 to {rows}")
    if (
        symmetry == "symmetric"
        and np.unique(np.stack([u + v, abs(u - v)]), axis=1).shape[1] < u.size
    ):
        raise unreadable(path, "it is symmetric, and an entry stands there twice")
    if symmetry == "symmetric":
        u, v, w = both_ways(u, v, w)
    return Named(Graph.from_edges(u - 1, v - 1, w, rows), np.arange(1, rows + 1))
