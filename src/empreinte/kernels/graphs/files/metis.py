"""METIS files, as text or gzip (Karypis & Kumar, METIS manual, section 4.1.1).

A head with nodes, edges and a format, then a line a node with its neighbours, numbered from 1; each
edge stands with both its ends.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from empreinte.kernels.graphs.files.opened import Named, opened, unreadable
from empreinte.kernels.graphs.graph import MOST_NODES, Graph

MAX_METIS_LINE = 256 << 20


def read(path: Path) -> Named:
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
