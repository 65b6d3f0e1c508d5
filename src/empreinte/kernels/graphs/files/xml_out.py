"""GraphML and GEXF, written a node and an edge at a time."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import numpy as np

from empreinte.kernels.graphs.graph import Graph

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_GRAPHML_TYPES = {"b": "boolean", "i": "long", "u": "long", "f": "double"}
_ROWS = 1 << 16


def _attribute(value: object) -> str:
    """Quote a value for XML; characters that XML cannot hold become U+FFFD."""
    return quoteattr(_FORBIDDEN.sub("\ufffd", _shown(value)))


def _shown(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | np.bool_) else str(value)


def _edges(graph: Graph) -> Iterator[tuple[int, int, str | None]]:
    """Give each edge: source, target and weight, as few digits as float32 needs."""
    for first in range(0, graph.n, _ROWS):
        last = min(first + _ROWS, graph.n)
        begin, end = int(graph.indptr[first]), int(graph.indptr[last])
        degrees = np.diff(graph.indptr[first : last + 1])
        sources = np.repeat(np.arange(first, last), degrees).tolist()
        targets = graph.targets[begin:end].tolist()
        if graph.weights is None:
            yield from ((u, v, None) for u, v in zip(sources, targets, strict=True))
        else:
            weights = graph.weights[begin:end].astype(str).tolist()
            yield from zip(sources, targets, weights, strict=True)


def graphml(graph: Graph, path: Path, names: list[str], columns: Mapping[str, Any]) -> None:
    """Write GraphML; columns become data of the nodes, `weight` data of the edges."""
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    with path.open("w", encoding="utf-8", newline="\n") as file:
        write = file.write
        write('<?xml version="1.0" encoding="UTF-8"?>\n')
        write('<graphml xmlns="http://graphml.graphdrawing.org/xmlns">\n')
        for i, (name, array) in enumerate(arrays.items()):
            kind = _GRAPHML_TYPES.get(array.dtype.kind, "string")
            write(f'<key id="n{i}" for="node" attr.name={_attribute(name)} attr.type="{kind}"/>\n')
        if graph.weights is not None:
            write('<key id="weight" for="edge" attr.name="weight" attr.type="double"/>\n')
        write('<graph edgedefault="directed">\n')
        for number, name in enumerate(names):
            data = "".join(
                f'<data key="n{i}">{_text(array[number])}</data>'
                for i, array in enumerate(arrays.values())
            )
            write(f"<node id={name}>{data}</node>\n" if data else f"<node id={name}/>\n")
        for source, target, weight in _edges(graph):
            end = "/>\n" if weight is None else f'><data key="weight">{weight}</data></edge>\n'
            write(f"<edge source={names[source]} target={names[target]}{end}")
        write("</graph>\n</graphml>\n")


def _text(value: object) -> str:
    return _attribute(value)[1:-1]


def gexf(graph: Graph, path: Path, names: list[str], columns: Mapping[str, Any]) -> None:
    """Write GEXF 1.2; the column `label` becomes the labels, others attributes of the nodes."""
    arrays = {name: np.asarray(values) for name, values in columns.items()}
    labels = arrays.pop("label", None)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        write = file.write
        write('<?xml version="1.0" encoding="UTF-8"?>\n')
        write('<gexf xmlns="http://www.gexf.net/1.2draft" version="1.2">\n')
        write('<graph defaultedgetype="directed" mode="static">\n')
        if arrays:
            write('<attributes class="node">\n')
            for i, (name, array) in enumerate(arrays.items()):
                kind = _GRAPHML_TYPES.get(array.dtype.kind, "string")
                write(f'<attribute id="{i}" title={_attribute(name)} type="{kind}"/>\n')
            write("</attributes>\n")
        write("<nodes>\n")
        for number, name in enumerate(names):
            label = name if labels is None else _attribute(labels[number])
            values = "".join(
                f'<attvalue for="{i}" value={_attribute(array[number])}/>'
                for i, array in enumerate(arrays.values())
            )
            end = f"><attvalues>{values}</attvalues></node>\n" if values else "/>\n"
            write(f"<node id={name} label={label}{end}")
        write("</nodes>\n<edges>\n")
        for number, (source, target, weight) in enumerate(_edges(graph)):
            weighed = "" if weight is None else f' weight="{weight}"'
            write(f'<edge id="{number}" source={names[source]} target={names[target]}{weighed}/>\n')
        write("</edges>\n</graph>\n</gexf>\n")


def quoted(names: list[str]) -> list[str]:
    """Quote names as XML attributes, each by itself.

    Raises
    ------
    ValueError
        If two are alike once written.
    """
    written = [_attribute(name) for name in names]
    if len(set(written)) < len(written):
        raise ValueError("two nodes have the same name: give each its own")
    return written


Writer = Callable[[Graph, Path, list[str], Mapping[str, Any]], None]
