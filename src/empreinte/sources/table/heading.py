"""Where the headings of a table stand that nobody knows: its first rows, and the names in them.

Notes may stand before them, and names of groups of columns above: a row of two levels, whose cells
a spreadsheet merged, comes out as two rows, each with blanks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from empreinte.container import Container
from empreinte.formats import csv_rows
from empreinte.formats.csv_rows import spanned
from empreinte.sources.table.cell_types import is_date, is_number
from empreinte.sources.table.cells import shown
from empreinte.sources.table.column_roles import known_names
from empreinte.sources.table.grids import form
from empreinte.sources.table.workbook import Shelf

SAMPLE = 200
"""Rows by which columns are guessed."""
HEAD = 256 << 10
NOTES = 20
"""Rows that may stand before the header."""
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\ufffd]")
_MOST_SPOILT = 8
"""Signs that are no letters, in a header and the notes before it: a tar in which a table lies has
hundreds there."""

Row = Sequence[str]


def first_rows(export: Container, name: str) -> Sequence[Row]:
    """Give the first rows of a table; of a workbook's sheets, those of the first that has any.

    Raises
    ------
    ContainerError
        If it is a workbook that cannot be read.
    """
    head = export.head(name, HEAD)
    kind = form(head)
    if kind == "csv":
        return _rows_of(head)
    return list(_of_sheets(export, name)) if kind == "xlsx" else []


def _of_sheets(export: Container, name: str) -> Iterator[Row]:
    book = Shelf(export).open(name)
    for sheet in book.shown:
        rows = [
            ["" if cell is None else shown(cell) for cell in row]
            for row in islice(book.rows(sheet), SAMPLE)
        ]
        if found(rows) is not None:
            yield from rows
            return


def _rows_of(head: bytes) -> Sequence[Row]:
    """Give the first rows of a CSV, parted by the mark that makes most of them equally wide."""
    parted = [
        list(islice(filter(any, csv_rows.first_rows(head, separator=mark)), SAMPLE))
        for mark in csv_rows.SEPARATORS
    ]
    return max(parted, key=_evenness)


def _evenness(rows: Sequence[Row]) -> int:
    widths = Counter(len(row) for row in rows if any(row))
    return max(((width - 1) * n for width, n in widths.items()), default=0)


def found(top: Sequence[Row]) -> tuple[int, list[str]] | None:
    """Give the last row of the headings, and the names of the columns; ``None``: there are none.

    Headings are about as wide as any row, and hold no number; of several such rows, those with
    most words which columns are known by. Below names of groups stand those of their columns.

    >>> found([["", "Audience", ""], ["Date", "Views", "Likes"], ["2026-01-01", "3", "1"]])
    (1, ['Date', 'Views', 'Likes'])
    >>> found([["Date", "Audience", ""], ["", "Views", "Likes"], ["2026-01-01", "3", "1"]])
    (1, ['Date', 'Views', 'Likes'])
    """
    widths = [sum(bool(cell.strip()) for cell in row) for row in top]
    widest = max(widths, default=0)
    if widest < 2:
        return None
    likely = [
        at
        for at, row in enumerate(top[:NOTES])
        if widths[at] * 2 > widest and widths[at] > 1 and not _has_numbers(row)
    ]
    at = max(likely, key=lambda at: known_names(top[at]), default=None)
    if at is None or is_binary(top[: at + 1]):
        return None
    while at + 1 in range(len(top)) and _is_above(top[at], top[at + 1], top[at + 2 :]):
        at += 1
    first = at
    while first and _groups(top[first - 1], top[first]):
        first -= 1
    names: list[str] = []
    for row in top[first : at + 1]:
        names = spanned(names, row)
    return at, names


def _is_above(row: Row, below: Row, rest: Sequence[Row]) -> bool:
    """Tell whether a row that looks like headings has names of groups, and the next their own."""
    names = spanned(row, below)
    return (
        _groups(row, below)
        and known_names(names) >= known_names(row)
        and any(map(_has_numbers, rest[:3]))
    )


def _groups(above: Row, row: Row) -> bool:
    """Tell whether names of groups stand above those of columns.

    They are fewer, and repeated, or stand where the row below has blanks, and the other way round.
    """
    if _has_numbers(above) or _has_numbers(row):
        return False
    named = [cell for cell in above if cell]
    more = len(set(filter(None, spanned(above, row)))) > len(set(named)) > 1
    pairs = list(zip(above, row, strict=False))
    merged = any(one and not two for one, two in pairs) and any(
        two and not one for one, two in pairs
    )
    return more and (merged or len(set(named)) < len(named))


def _has_numbers(row: Row) -> bool:
    return any(is_number(cell) or is_date(cell) for cell in row if cell)


def is_word(row: Row) -> bool:
    """Tell whether a row is a single name of a column."""
    named = [cell for cell in row if cell]
    return (
        len(named) == 1 and len(named[0]) < 60 and sum(map(str.isalpha, named[0])) > 1
        and not _has_numbers(named) and not is_binary([named])
    )  # fmt: skip


def is_binary(rows: Sequence[Row]) -> bool:
    """Tell whether rows hold too many signs that are no letters to be those of a table."""
    return sum(len(_NO_TEXT.findall(cell)) for row in rows for cell in row) > _MOST_SPOILT
