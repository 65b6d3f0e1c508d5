"""Tables and charts from little: columns as tuples, and nothing where there is no row."""

from __future__ import annotations

import math
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
    plain = tuple(tuple(map(_plain, row)) for row in rows)
    return (Table(id=id, title=title, columns=columns(given), rows=plain, **more),)


_AS_THEY_ARE = frozenset((str, int, bool, type(None)))


def _plain(cell: Any) -> Any:
    """Give a number of an array as one of Python, and none where it is not finite: no face writes
    these.
    """
    if type(cell) in _AS_THEY_ARE:
        return cell
    plain = cell.item() if hasattr(cell, "dtype") else cell
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain


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
    plain = tuple({key: _plain(cell) for key, cell in row.items()} for row in rows)
    return (Chart(id=id, title=title, columns=columns(given), rows=plain, spec=spec, **more),)
