"""Parquet files with an edge a row.

What a row cannot say, a node without edges, stands in the metadata of the file, under
``empreinte.alone``: a JSON list of the names of such nodes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.graphs.files.opened import Named, both_ways, numbered, unreadable
from empreinte.kernels.graphs.graph import Graph

ALONE = b"empreinte.alone"
_ROWS = 1 << 22
_USUAL = {"source": ("source", "src", "from"), "target": ("target", "dst", "to")}


def read(path: Path, columns: tuple[str | None, str | None, str | None], undirected: bool) -> Named:
    """Read the columns of sources, targets and weights; None: those called so, if there are."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path, memory_map=True) as file:
            metadata = file.schema_arrow.metadata or {}
            chosen = _columns(file.schema_arrow.names, columns)
            table = file.read(columns=[name for name in chosen if name])
            alone = json.loads(metadata.get(ALONE, b"[]"))
        ends = [table[name] for name in chosen[:2]]
        if any(end.null_count for end in ends):
            raise ValueError("an edge has no source or no target")
        weights = None
        if chosen[2]:
            column = table[chosen[2]]
            if column.null_count:
                raise ValueError("an edge has no weight: give weight=None")
            weights = column.cast(pa.float32()).to_numpy()
        if all(pa.types.is_integer(end.type) for end in ends):
            u, v = (end.cast(pa.int64()).to_numpy() for end in ends)
            alone = np.array(alone, dtype=np.int64)
            return _of_numbers(u, v, weights, alone, undirected)
        u, v = (end.cast(pa.large_string()) for end in ends)
        return _of_texts(u, v, weights, alone, undirected)
    except (OSError, ValueError, KeyError, TypeError, NotImplementedError, pa.ArrowException) as e:
        raise unreadable(path, e) from e


def _columns(there: list[str], wanted: tuple[str | None, str | None, str | None]) -> list[Any]:
    by_name = {name.casefold(): name for name in there}
    found: list[str | None] = []
    for which, name in zip(("source", "target"), wanted, strict=False):
        usual = (by_name[known] for known in _USUAL[which] if known in by_name)
        chosen = name if name is not None else next(usual, None)
        if chosen not in there:
            raise ValueError(f"no column {name or which} among {', '.join(there)}: say which it is")
        found.append(chosen)
    weight = wanted[2] if wanted[2] is not None else by_name.get("weight")
    if weight is not None and weight not in there:
        raise ValueError(f"no column {weight} among {', '.join(there)}")
    return [*found, weight]


def _of_numbers(
    u: NDArray[np.int64],
    v: NDArray[np.int64],
    weights: NDArray[np.float32] | None,
    alone: NDArray[np.int64],
    undirected: bool,
) -> Named:
    if undirected:
        u, v, weights = both_ways(u, v, weights)
    # Nodes without edges are numbered with loops that are then left out.
    m = u.size
    named = numbered(np.concatenate([u, alone]), np.concatenate([v, alone]), None)
    if not alone.size and weights is None:
        return named
    names = np.asarray(named.names)
    ends = np.searchsorted(names, u), np.searchsorted(names, v)
    return Named(Graph.from_edges(ends[0][:m], ends[1][:m], weights, names.size), names)


def _of_texts(u, v, weights, alone: list[str], undirected: bool) -> Named:
    import pyarrow as pa

    together = pa.chunked_array([*u.chunks, *v.chunks, pa.array(alone, pa.large_string())])
    encoded = together.combine_chunks().dictionary_encode()
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    numbers = encoded.indices.to_numpy()
    names = encoded.dictionary.to_pylist()
    sources, targets = numbers[: len(u)], numbers[len(u) : len(u) + len(v)]
    if undirected:
        sources, targets, weights = both_ways(sources, targets, weights)
    return Named(Graph.from_edges(sources, targets, weights, len(names)), names)


def write(graph: Graph, path: Path, names: NDArray[np.int64] | list[str]) -> None:
    """Write an edge a row: source, target and, if the graph has weights, weight."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    known = pa.array(names, pa.string() if isinstance(names, list) else pa.int64())
    there = graph.out_degrees() > 0
    there[graph.targets] = True
    alone = known.filter(pa.array(~there)).to_pylist()
    fields = [("source", known.type), ("target", known.type)]
    if graph.weights is not None:
        fields.append(("weight", pa.float32()))
    schema = pa.schema(fields, {ALONE: json.dumps(alone)})
    sources = graph.sources()
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for begin in range(0, max(graph.m, 1), _ROWS):
            rows = slice(begin, begin + _ROWS)
            columns = [known.take(pa.array(ends[rows])) for ends in (sources, graph.targets)]
            if graph.weights is not None:
                columns.append(pa.array(graph.weights[rows]))
            writer.write_table(pa.table(columns, schema=schema))
