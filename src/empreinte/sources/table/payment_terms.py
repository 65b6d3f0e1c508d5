"""What holds for all payments of a table: how amounts are written, in which currency.

And which of its columns tell something else than they seem to, once its rows are payments.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from empreinte.forms import currencies
from empreinte.sources.table import payments
from empreinte.sources.table.amounts import apart, currency_in
from empreinte.sources.table.cell_types import (
    HARDLY,
    MOSTLY,
    decimal_mark,
    is_below,
    is_number_of_its_own,
    is_unclear,
    is_worded,
    share,
    sign_beside,
    tells_way,
)
from empreinte.sources.table.column_roles import MONEY, Column
from empreinte.sources.table.row_kinds import Table


def terms(table: Table) -> Iterator[tuple[str, str | None]]:
    """Give what holds for all payments; ``None`` for what must be asked."""
    if not table.has("debit"):
        yield "paid_as", _paid_as(table)
    else:
        yield "paid_as", "below"
    marks = {mark for _column, cells in table.amounts for mark in map(decimal_mark, cells) if mark}
    if len(marks) == 1:
        yield "decimal", {",": "comma", ".": "point"}[marks.pop()]
    elif any(map(is_unclear, (cell for _column, cells in table.amounts for cell in cells))):
        yield "decimal", None
    if not any(column.role == "currency" for column in table.found):
        found = {code for column, _cells in table.amounts if (code := currency_in(column))}
        beside = [sign for _column, cells in table.amounts for sign in map(sign_beside, cells)]
        named = sum(currencies.code(sign) is not None for sign in beside if sign)
        if len(found) > 1:  # each amount is of its column's
            return
        if found:
            yield "currency", found.pop()
        elif named < MOSTLY * len(beside):
            yield "currency", None


def _paid_as(table: Table) -> str | None:
    """Tell how what was paid is written; ``None`` where it is not clear.

    A statement has what came in as well: balances, transfers, words that say which way. One row
    of them is no evidence, for a discount or a refund may stand in a list of purchases.
    """
    cells = [cell for _column, cells in table.amounts for cell in cells if apart(cell)]
    below = share(cells, is_below)
    worded = 1.0 if table.has("direction") else share(cells, tells_way)
    labels = [table.cells(role) for role in ("title", "text", "seller")]
    moved = max(share(cells, payments.is_moved) for cells in labels)
    if worded == 1 or below >= 0.5 or (below and (table.has("balance") or moved > 0.5)):
        return "below"
    if worded or (not table.has("balance") and not moved and below <= HARDLY):
        return "above"
    return None


def own_columns(
    columns: Sequence[str], found: list[Column], filled: list[list[str]]
) -> list[Column]:
    """Give what columns mean once the rows are payments."""
    return _without_short_ids(_own_currency(columns, _labelled(found, filled)), filled)


def _labelled(found: list[Column], filled: list[list[str]]) -> list[Column]:
    """Take the first column of words for what a payment was for, where none has such a name."""
    if any(one.role in ("title", "text", "seller") for one in found):
        return found
    for at, (one, cells) in enumerate(zip(found, filled, strict=True)):
        if one == Column() and share(cells, is_worded) > MOSTLY:
            return [*found[:at], Column("text"), *found[at + 1 :]]
    return found


def _without_short_ids(found: list[Column], filled: list[list[str]]) -> list[Column]:
    """Leave out numbers of rows and short codes: another table has them for other payments."""
    return [
        Column() if one.role == "id" and not all(map(is_number_of_its_own, cells)) else one
        for one, cells in zip(found, filled, strict=True)
    ]


def _own_currency(columns: Sequence[str], found: list[Column]) -> list[Column]:
    """Leave out a column of currencies where the amount's name tells its own: it is of another."""
    amounts = (c for c, one in zip(columns, found, strict=True) if one.name in MONEY)
    if not any(currency_in(column) for column in amounts):
        return found
    return [Column() if one.role == "currency" else one for one in found]
