"""Ready-made mappings of the tables that platforms, banks and shops export, known by their header.

They are the files of ``known/``, in the words of a mapping file and a few of their own. Of each
column all names stand in one text, in every language, with bars between them: ``"Views|Vues"``.

``header``
    For each language (``*``: in all of them the same) the columns that must be there for a table to
    be this one.
``other``
    Columns known and not kept, which the loss report names; ``*`` stands for anything.
    ``optional``: metrics and fields that are not always there, ``*`` for all.
``order``
    Of day and month, where the platform has one: in every language, or by that of the header.
``names``
    What files, folders and archives are called: ``{account}``, ``{first}``, ``{last}`` day.
``account``
    Whose the numbers are where no name tells: ``me``, or ``company`` for a page, no person.
``above``
    Words one of which stands above the header. ``titles``: for a metric, the titles above a table
    of which all have one header, ``number`` being the column.
``span``
    A column that tells of which while a post's numbers are: a day, else its whole life.
``no_year``, ``day_only``, ``dated``, ``beside``, ``explained``
    Days are written without year; hours mean nothing; it is this table only if the date is one;
    another table stands beside it; the second row explains the first.
``paid``, ``unpaid``, ``done``
    Of orders: kinds and labels that are, or are not, paid to a seller; states of rows that count.
``platform``
    Of one table, where it is not the file's.

Where they come from and what was not seen: docs/sources/table.md.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import resources
from itertools import islice
from typing import Any, NamedTuple

import msgspec

from empreinte.formats.csv_rows import MAX_PREAMBLE, SEPARATORS, first_rows
from empreinte.sources.table.cells import is_day
from empreinte.sources.table.grids import Header, Top, form, plain
from empreinte.sources.table.mapping import Columns, Mapping, Order, Table, check, fits
from empreinte.sources.table.workbook import Workbook

_COLUMNS = ("columns", "counters", "per_day", "percents", "seconds", "decimals")


class Known(NamedTuple):
    """A ready-made table that was met, and how.

    Attributes
    ----------
    languages : frozenset of str
        Those that its header may be in; empty where it is the same in all.
    header : tuple of str
        The whole row, as it is written.
    """

    platform: str
    table: Table
    languages: frozenset[str] = frozenset()
    header: tuple[str, ...] = ()

    @property
    def order(self) -> Order | None:
        """The order of day and month that the platform keeps to; ``None``: it has none."""
        return order_in(self.table, self.languages)


def order_in(table: Table, languages: frozenset[str]) -> Order | None:
    """Give the order of day and month of a table whose header is in one of these languages."""
    if not isinstance(table.order, dict):
        return table.order
    found: set[Order | None] = {table.order.get(language) for language in languages}
    return found.pop() if len(found) == 1 else None


@cache
def tables() -> tuple[tuple[str, Table], ...]:
    """Give all ready-made tables with their platform."""
    found: list[tuple[str, Table]] = []
    folder = resources.files("empreinte.sources.table") / "known"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        told = tomllib.loads(file.read_text("utf-8"))
        names = told.pop("names", [])
        mapping = msgspec.convert({**told, "table": [_listed(t) for t in told["table"]]}, Mapping)
        for table in mapping.table:
            check(table, file.name)
            whole = msgspec.structs.replace(table, names=[*table.names, *names])
            found.append((table.platform or mapping.platform, whole))
    return tuple(found)


def _listed(table: dict[str, Any]) -> dict[str, Any]:
    """Make lists of the names that columns have."""
    parts = {
        part: {name: columns.split("|") for name, columns in table[part].items()}
        for part in _COLUMNS
        if part in table
    }
    return {**table, **parts}


def names_of(columns: Columns) -> list[str]:
    """Give the names that a column may have."""
    return [columns] if isinstance(columns, str) else list(columns)


def of_csv(head: bytes, name: str) -> Known | None:
    """Tell which ready-made table a CSV is by its first kilobytes: the one that knows it best."""
    if form(head) != "csv":
        return None
    found: list[tuple[tuple[int, int], Known]] = []
    for separator in SEPARATORS:
        rows = list(islice(first_rows(head, separator=separator), MAX_PREAMBLE))
        for at, row in enumerate(rows):
            if sum(map(bool, row)) < 2:
                continue
            header = Header(row)
            below = next((r for r in rows[at + 1 :] if any(r)), None)
            above = [cell for before in rows[:at] for cell in before[:1]]
            met = [k for k in _met(header, name) if _is_it(k[1].table, header, above, below)]
            found += met
            if met:
                break
    return max(found, key=lambda one: one[0])[1] if found else None


def of_names(columns: Sequence[str], name: str) -> Known | None:
    """Tell which ready-made table it is by the names of an object's fields (JSON)."""
    met = list(_met(Header(columns), name))
    return max(met, key=lambda one: one[0])[1] if met else None


def _is_it(table: Table, header: Header, above: Sequence[str], below: Sequence[str] | None) -> bool:
    if not _is_below(table, above):
        return False
    if not table.dated or below is None:
        return True
    at = header.at(table.columns["date"])
    return at is not None and at < len(below) and is_day(below[at])


def _is_below(table: Table, above: Sequence[str]) -> bool:
    """Tell whether one of the words stands above a header that must stand there, if any must."""
    return not table.above or any(
        plain(cell).startswith(plain(word)) for cell in above for word in table.above
    )


@cache
def _by_column() -> dict[str, list[int]]:
    """Give the tables that a column may be the first of, by its name."""
    found: dict[str, list[int]] = {}
    for number, (_platform, table) in enumerate(tables()):
        for columns in table.header.values():
            for name in columns[0].split("|"):
                found.setdefault(plain(name), []).append(number)
    return found


def _met(header: Header, name: str) -> Iterator[tuple[tuple[int, int], Known]]:
    """Give the tables whose header it is, each with how many of its columns the table knows."""
    index = _by_column()
    numbers = sorted({n for one in header.keys for n in index.get(one, ())})
    for number in numbers:
        platform, table = tables()[number]
        if not fits(table, "", name):
            continue
        languages = frozenset(
            language
            for language, columns in table.header.items()
            if all(header.at(column.split("|")) is not None for column in columns)
        )
        if languages:
            needed = max(len(table.header[language]) for language in languages)
            known = sum(one in _knows(number) for one in header.keys)
            yield (known, needed), Known(platform, table, languages - {"*"}, header.names)


@cache
def _knows(number: int) -> frozenset[str]:
    table = tables()[number][1]
    named: Iterable[Columns] = (*table.columns.values(), *table.metrics.values(), table.other)
    needed = [
        name for columns in table.header.values() for one in columns for name in one.split("|")
    ]
    return frozenset(plain(name) for columns in (*named, needed) for name in names_of(columns))


def of_workbook(book: Workbook) -> dict[str, list[Known]]:
    """Tell which ready-made tables stand in each sheet of a workbook, side by side perhaps."""
    tops = {sheet: Top(book.rows(sheet)) for sheet in book.sheets}
    met = {sheet: list(_in_sheet(top, book.name)) for sheet, top in tops.items()}
    # One platform writes a workbook: the one that knows most of its columns.
    weights: dict[str, int] = {}
    for ones in met.values():
        for (known, _needed), one in ones[:1]:
            weights[one.platform] = weights.get(one.platform, 0) + known
    if not weights:
        return {}
    platform = max(weights, key=lambda name: weights[name])
    found = {
        sheet: [one for _weight, one in ones if one.platform == platform]
        for sheet, ones in met.items()
    }
    notes = [Known(p, t) for p, t in tables() if t.rows == "notes" and p == platform]
    return {sheet: [*ones, *notes] for sheet, ones in found.items() if ones}


def _in_sheet(top: Top, name: str) -> Iterator[tuple[tuple[int, int], Known]]:
    """Give the table that knows a sheet best, then those of other columns of the same row."""
    for at, header in top.headers.items():
        above = [cell for row in top.lines[:at] for cell in row[:1] if isinstance(cell, str)]
        met = [one for one in _met(header, name) if _is_below(one[1].table, above)]
        met.sort(key=lambda one: one[0], reverse=True)
        taken: set[int] = set()
        for weight, one in met:
            at = _places(header, one)
            if not taken & at and not one.table.titles:
                taken |= at
                yield weight, one
        if met:
            return


def _places(header: Header, known: Known) -> set[int]:
    languages = known.languages or {"*"}
    return {
        at
        for language in languages
        for column in known.table.header[language]
        if (at := header.at(column.split("|"))) is not None
    }
