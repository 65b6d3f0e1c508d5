"""Graphs from and to the files of other programs.

==========  ==================  ==================================================================
format      ending
==========  ==================  ==================================================================
edge list   any other           in: an edge a line, as SNAP, KONECT, Gephi and most others have it
metis       .metis, .graph      in
matrix      .mtx                in: Matrix Market, a square sparse matrix
gml         .gml                in: networkx, igraph, Gephi
json        .json               in: nodes and links, as networkx, d3, Sigma and Cytoscape have them
graphml     .graphml            in and out: igraph, networkx, Gephi, yEd
gexf        .gexf               in and out: Gephi, networkx
parquet     .parquet            in and out: an edge a row
==========  ==================  ==================================================================

Texts and XML may be packed with gzip on their way in, with ``.gz`` after the ending. Graphs that
are read again and again are kept with `Graph.save`, which maps them into memory.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.errors import UsageError
from empreinte.formats.byte_order import opening
from empreinte.kernels.graphs.files import (
    gml,
    matrix_market,
    metis,
    node_link,
    parquet,
    text,
    xml_in,
    xml_out,
)
from empreinte.kernels.graphs.files.dialect import DOT
from empreinte.kernels.graphs.files.opened import Named, unreadable
from empreinte.kernels.graphs.files.opened import opened as _opened
from empreinte.kernels.graphs.graph import Graph

__all__ = ["Named", "read", "write"]

_ENDINGS = {".metis": "metis", ".graph": "metis", ".graphml": "graphml", ".gexf": "gexf",
            ".parquet": "parquet", ".mtx": "matrix", ".gml": "gml", ".json": "json"}  # fmt: skip
_UNREAD = {".dot": DOT, ".gv": DOT}
FORMATS = ("edge list", "metis", "matrix", "gml", "json", "graphml", "gexf", "parquet")
_BEGINNINGS = {
    b"%%matrixmarket": "matrix", b"{": "json", b"[": "json", b"graph [": "gml",
    b"graph\n[": "gml", b"creator ": "gml",
}  # fmt: skip
"""What a file of an ending that says nothing begins with."""


def _format_of(path: Path) -> str:
    suffixes = [suffix.casefold() for suffix in path.suffixes]
    if suffixes[-1:] == [".gz"]:
        suffixes.pop()
    told = _ENDINGS.get(suffixes[-1] if suffixes else "")
    if told is not None:
        return told
    if suffixes and suffixes[-1] in _UNREAD:
        raise unreadable(path, _UNREAD[suffixes[-1]])
    try:
        with _opened(path) as file:
            head = opening(file.read(256)).lower().replace(b"\r", b"")
    except UsageError:
        return "edge list"  # told when it is read
    return next((kind for mark, kind in _BEGINNINGS.items() if head.startswith(mark)), "edge list")


def read(
    path: str | os.PathLike[str],
    format: str | None = None,
    *,
    undirected: bool = False,
    weight: int | str | None = None,
    source: str | None = None,
    target: str | None = None,
) -> Named:
    """Read a graph.

    Parameters
    ----------
    path : path-like
    format : str, optional
        "edge list", "metis", "matrix", "gml", "json", "graphml", "gexf" or "parquet"; by default
        what the ending says, or the beginning of a file whose ending says nothing.
    undirected : bool
        Whether each row of an edge list or of Parquet is an edge both ways. The others say it
        themselves, as do rows of Gephi's that have a ``Type``.
    weight : int or str, optional
        The column of the weight: of an edge list its place, from 0 (2, most often), or its title;
        of Parquet its name. By default the column called ``weight``, where the file names columns.
    source, target : str, optional
        Columns of Parquet; by default those called so.

    Returns
    -------
    Named
        The graph, and what the file calls its nodes.

    Raises
    ------
    UsageError
        If the file is damaged or is not of that format; it says where.
    """
    place = Path(path)
    kind = _format_of(place) if format is None else format
    if kind == "metis":
        return metis.read(place)
    if kind == "matrix":
        return matrix_market.read(place)
    if kind == "gml":
        return gml.read(place)
    if kind == "json":
        return node_link.read(place, undirected)
    if kind == "graphml":
        return xml_in.graphml(place)
    if kind == "gexf":
        return xml_in.gexf(place)
    if kind == "parquet":
        name = None if weight is None else str(weight)
        return parquet.read(place, (source, target, name), undirected)
    if kind == "edge list":
        return text.edge_list(place, weight, undirected)
    raise UsageError(
        "{format} is no format of graphs that is read: give one of {formats}.",
        format=kind,
        formats=", ".join(FORMATS),
    )


def write(
    graph: Graph,
    path: str | os.PathLike[str],
    names: ArrayLike | Sequence[str] | None = None,
    columns: Mapping[str, Any] | None = None,
) -> None:
    """Write a graph as GraphML, GEXF or Parquet, as the ending of `path` says.

    Parameters
    ----------
    graph : Graph
        Its weights, if any, become the weights of the edges.
    path : path-like
        Ends in ``.graphml``, ``.gexf`` or ``.parquet``.
    names : sequence of str or int, length n, optional
        Names of the nodes, all different; by default 0 to n - 1.
    columns : mapping from name to array_like of length n, optional
        What else to say of each node (GraphML and GEXF); ``label`` is what GEXF shows.

    Raises
    ------
    UsageError
        If the ending is another.
    ValueError
        If names or a column do not fit the graph.

    Notes
    -----
    Characters that XML cannot hold (most control characters) are written as U+FFFD.
    """
    place = Path(path)
    kind = _ENDINGS.get(place.suffix.casefold())
    given: NDArray[Any] = np.arange(graph.n) if names is None else np.asarray(names)
    if given.shape != (graph.n,):
        raise ValueError(f"names of shape {given.shape} for {graph.n} nodes: give one a node")
    for name, values in (columns or {}).items():
        if np.shape(values) != (graph.n,):
            raise ValueError(f"{name} has the shape {np.shape(values)}: give one a node")
    if kind == "parquet":
        if np.unique(given).size < graph.n:
            raise ValueError("two nodes have the same name: give each its own")
        whole = np.issubdtype(given.dtype, np.integer)
        parquet.write(graph, place, given.astype(np.int64) if whole else given.tolist())
        return
    writers = {"graphml": xml_out.graphml, "gexf": xml_out.gexf}
    if kind not in writers:
        raise UsageError(
            "A graph is written as .graphml, .gexf or .parquet, not as {name}. To read it again "
            "here, Graph.save keeps it as .npz or .arrow.",
            name=place.name,
        )
    writers[kind](graph, place, xml_out.quoted(given.tolist()), columns or {})
