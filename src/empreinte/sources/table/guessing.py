"""What a table that nobody knows may mean: its columns, its rows, and what has to be asked.

`cell_types` says what a cell looks like, `column_roles` what a column means, `row_kinds` what the
rows are, `payment_terms` how payments are written. What is not clear is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from empreinte.sources.table import column_roles, payment_terms, row_kinds
from empreinte.sources.table.cell_types import is_date, is_number
from empreinte.sources.table.cells import is_total, is_unknown, needs_order, orders_of
from empreinte.sources.table.column_roles import AS_ORDER, OF_MONEY, ROLES, Column, word
from empreinte.sources.table.row_kinds import Table


class Guess(NamedTuple):
    """What is guessed of a table, by the fields of the form, and which of them must be asked."""

    fields: dict[str, Any]
    asks: frozenset[str]


def guess(
    name: str, columns: Sequence[str], labels: Sequence[str], rows: Sequence[Sequence[str]]
) -> Guess:
    """Guess what a table means.

    Parameters
    ----------
    name : str
        Of the file.
    columns, labels : sequence of str
        What its columns are called, and under what name each is told (``Montant#2``).
    rows : sequence of sequence of str
        The first rows below the header.
    """
    rows = _plain_rows(rows)
    filled = [
        [row[n] for row in rows if n < len(row) and not is_unknown(row[n])]
        for n in range(len(columns))
    ]
    named = zip(columns, filled, strict=True)
    found = [column_roles.meaning(one, cells) if one else Column() for one, cells in named]
    found = [
        column_roles.of_its_own(one, cells, rows) for one, cells in zip(found, filled, strict=True)
    ]
    found = column_roles.out_beside_in(columns, found, filled)
    found = column_roles.once(columns, column_roles.with_amount(columns, found, filled))
    kind = row_kinds.kind(Table(columns, found, filled))
    if kind == "orders":
        found = payment_terms.own_columns(columns, found, filled)
    table = Table(columns, found, filled)
    asks = set() if kind == "left" else set(_order(table))
    stem = re.sub(r"\.[^.]*$", "", name.rpartition("/")[2])
    fields: dict[str, Any] = {"platform": word(re.sub(r"[\d_\W]+", "_", stem)), "rows": kind}
    if kind == "orders":
        told = dict(payment_terms.terms(table))
        asks |= {field for field, value in told.items() if value is None}
        fields |= {field: value for field, value in told.items() if value is not None}
    fields["columns"] = [
        _group(label, column, kind)
        for label, column in zip(labels, found, strict=True)
        if label
    ]  # fmt: skip
    return Guess(fields, frozenset(asks))


def _plain_rows(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Leave out sums, and a second row of names below the header."""
    kept = [row for row in rows if not any(map(is_total, row))]
    told = [any(is_number(cell) or is_date(cell) for cell in row if cell) for row in kept]
    first = told.index(True) if True in told else 0
    return kept[first:] or rows


def _order(table: Table) -> Iterator[str]:
    """Ask for the order of day and month where the dates do not tell it."""
    dates = table.cells("date")
    if any(map(needs_order, dates)) and not orders_of(dates):
        yield "order"


def _group(label: str, column: Column, rows: str) -> dict[str, str]:
    """Give what is guessed of a column, as the form has it."""
    role, counted = column
    if rows == "orders":
        means = counted if role == "number" else role
        kept = means in OF_MONEY or means in AS_ORDER
        return {"column": label, "means": means if kept else "nothing"}
    if role not in {*ROLES, "number", "seller", "currency", "direction", "state"} or role == "hour":
        return {"column": label, "means": "nothing"}
    numbers = "counter" if rows == "posts" or counted in ("followers", "balance") else "per_day"
    means = numbers if role == "number" else role
    return {"column": label, "means": means, **({"name": counted} if counted else {})}
