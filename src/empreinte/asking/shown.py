"""Tables and charts from little: columns as tuples, and nothing where there is no row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from empreinte.report import Chart, Column, Kind, Table, Unit

Given = tuple[str, str] | tuple[str, str, Kind] | tuple[str, str, Kind, Unit]
"""A column: key and label, then if they are not the usual ones its kind and its unit."""


def columns(given: Sequence[Given]) -> tuple[Column, ...]:
    """Make columns of tuples."""
    names = ("key", "label", "kind", "unit")
    fields: list[dict[str, Any]] = [dict(zip(names, one, strict=False)) for one in given]
    return tuple(Column(**one) for one in fields)


def table(
    id: str, title: str, given: Sequence[Given], rows: Sequence[tuple[Any, ...]], **more: Any
) -> tuple[Table, ...]:
    """Make a table, none where there is no row; `more` are the other fields of `Table`."""
    if not rows:
        return ()
    return (Table(id=id, title=title, columns=columns(given), rows=tuple(rows), **more),)


def chart(
    id: str,
    title: str,
    given: Sequence[Given],
    rows: Sequence[dict[str, Any]],
    spec: dict[str, Any],
    **more: Any,
) -> tuple[Chart, ...]:
    """Make a chart, none where there is no row; `more` are the other fields of `Chart`."""
    if not rows:
        return ()
    return (Chart(id=id, title=title, columns=columns(given), rows=tuple(rows), spec=spec, **more),)
