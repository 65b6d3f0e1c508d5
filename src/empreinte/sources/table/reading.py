"""Reads one file, with all tables that are meant to be in it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice, product

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.formats.drift import Fields, Watch
from empreinte.language import Message, message
from empreinte.model import Drift, FileReport, Reject, Yielded
from empreinte.sources.table import grids
from empreinte.sources.table.cells import Order, is_slashed, needs_order, order_of
from empreinte.sources.table.grids import Format, Grid
from empreinte.sources.table.mapping import FIELDS, Columns, Table
from empreinte.sources.table.records import Rows, Tally, Task, columns_of, in_notes
from empreinte.sources.table.workbook import Shelf, Workbook

SAMPLE = 5_000
LONG = 1 << 20
"""Rows that are looked at to tell whether the day or the month comes first."""
_PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2})[_ ](\d{4}-\d{2}-\d{2})")


def period(names: Iterable[str], table: Table) -> tuple[datetime, datetime] | None:
    """Read the period that a table's folder or archive is named after, its last day included."""
    for name in names:
        found = _PERIOD.search(name)
        if not found:
            continue
        try:
            first, last = (datetime.fromisoformat(text) for text in found.groups())
            zone = table.timezone()
            return (
                first.replace(tzinfo=zone),
                (last + timedelta(days=1)).replace(tzinfo=zone) - timedelta(seconds=1),
            )
        except (ValueError, OverflowError):
            continue
    return None


def read_file(export: Container, file: str, tasks: list[Task], books: Shelf) -> Iterator[Yielded]:
    """Read a file as each of `tasks` says, and account for it."""
    tally = Tally()
    drift: list[Drift] = []
    try:
        kind = grids.form(export.head(file, 4096))
        if kind is None:
            raise ContainerError(
                "{file} is no table: CSV, NDJSON (an object a line) or XLSX was expected.",
                file=file,
            )
        if kind == "xlsx":
            yield from _workbook(books.open(file), file, tasks, tally, drift)
        else:
            for task in tasks:
                yield from _text(export, file, kind, task, tally, drift)
    except ContainerError as error:
        yield FileReport(
            name=file, status="failed", records=tally.met, reason=error.message, drift=tuple(drift)
        )
        return
    yield FileReport(
        name=file, status="read", records=tally.met, reason=_remark(tally), drift=tuple(drift)
    )


# -- CSV and NDJSON


def _text(
    export: Container, file: str, kind: Format, task: Task, tally: Tally, drift: list[Drift]
) -> Iterator[Yielded]:
    open_grid = _opener(export, file, kind, task.table)
    with open_grid(Watch(Fields())) as grid:
        order = _order(task.table, _dates(grid, task.table), file)
    watch = Watch(Fields()) if kind == "ndjson" else _watch(task.table)
    with open_grid(watch) as grid:
        yield from _rows(grid, task, file, order, tally, watch, kind == "ndjson")
    drift += watch.drift()


def _opener(export: Container, file: str, kind: Format, table: Table):
    wanted = () if kind == "ndjson" else _header(export.head(file), file, table)

    @contextmanager
    def open_grid(watch: Watch) -> Iterator[Grid]:
        with export.open(file) as stream:
            if kind == "ndjson":
                yield grids.json_grid(stream, file, list(columns_of(table).values()), watch.bad)
            else:
                yield grids.csv_grid(stream, file, wanted, watch.bad)

    return open_grid


def _header(head: bytes, file: str, table: Table) -> list[str]:
    """Give the columns by which the header is found: those a row cannot do without.

    Raises
    ------
    ContainerError
        If there is no such header.
    """
    failure: ContainerError | None = None
    for wanted in _headers(table):
        try:
            grids.csv_grid(io.BytesIO(head), file, wanted)
        except ContainerError as error:
            failure = failure or error
        else:
            return wanted
    assert failure is not None  # `mapping.check` lets no table pass without a needed column
    raise failure


def _headers(table: Table) -> Iterator[list[str]]:
    """Give the headers a table may have, without the ``#2`` of repeated columns."""
    if table.headers:
        yield from ([column.partition("#")[0] for column in header] for header in table.headers)
        return
    needed = FIELDS[table.rows][1]
    choices = [
        [table.columns[one] for one in field.split("|") if one in table.columns][:1]
        for field in needed
    ]
    alternatives = [_listed(columns) for columns, *_ in choices]
    yield from (
        [c.partition("#")[0] for c in chosen] for chosen in islice(product(*alternatives), 100)
    )


def _listed(columns: Columns) -> list[str]:
    return [columns] if isinstance(columns, str) else list(columns)


def _dates(grid: Grid, table: Table) -> Iterator[object]:
    """Give the dates of three numbers among the first rows."""
    at = grid.header.at(table.columns.get("date", []))
    if at is None:
        return
    for _place, cells in islice(grid.lines, SAMPLE):
        if isinstance(cells, list) and any(len(c) > LONG for c in cells if isinstance(c, str)):
            return  # no table of numbers: what follows is not worth going through twice
        if isinstance(cells, list) and at < len(cells) and is_slashed(cells[at]):
            yield cells[at]


def _order(table: Table, dates: Iterable[object], file: str) -> Order:
    """Tell which comes first, day or month: as told, as the file shows, as is usual.

    Raises
    ------
    ContainerError
        If it matters and cannot be known.
    """
    if table.order is not None:
        return table.order
    met = list(dates)
    found = order_of(met) or table.otherwise
    if found is None:
        doubtful = next((cell for cell in met if needs_order(cell)), None)
        if doubtful is not None:
            raise ContainerError(
                "{file}: {text} can be read as day/month or as month/day. Say which in a mapping "
                'file: order = "dmy" or order = "mdy".',
                file=file,
                text=doubtful,
            )
    return found or "dmy"


def _rows(
    grid: Grid, task: Task, file: str, order: Order, tally: Tally, watch: Watch, is_json: bool
) -> Iterator[Yielded]:
    rows, before = Rows(task, grid.header, file, order, tally, watch), tally.met
    for place, cells in grid.lines:
        tally.met += 1
        if isinstance(cells, Reject):
            yield cells
        else:
            yield from rows.row(cells, place)
    there = () if is_json else _columns(task.table, grid.header)
    watch.shapes[frozenset(there)] += tally.met - before


def _watch(table: Table) -> Watch:
    """Tell which columns are asked for, and which are known."""
    asked = {name: _listed(columns) for name, columns in columns_of(table).items()}
    optional = {*table.optional, *(f"metric {name}" for name in table.optional)}
    optional |= {f"metric {name}_per_day" for name in table.optional}
    needed = [names[0] for name, names in asked.items() if name not in optional]
    return Watch(Fields(needed, [*(n[0] for n in asked.values()), *_repeated(asked)]))


def _columns(table: Table, header: grids.Header) -> set[str]:
    """Give the columns of a table as they are asked for; all its rows have the same."""
    asked = {name: _listed(columns) for name, columns in columns_of(table).items()}
    first = {grids.plain(one): names[0] for names in asked.values() for one in names}
    known = {grids.plain(column) for column in table.other}
    there = {first.get(grids.plain(name), name) for name in header.names if name}
    there = {name for name in there if grids.plain(name) not in known}
    if not table.headers:  # a mapping of one's own asks for what it wants: the rest is not new
        there &= set(first.values())
    return there | {names[0] for names in asked.values() if header.at(names) is not None}


def _repeated(asked: dict[str, list[str]]) -> Iterator[str]:
    for names in asked.values():
        yield from (name.partition("#")[0] for name in names)


# -- workbooks


def _workbook(
    book: Workbook, file: str, tasks: list[Task], tally: Tally, drift: list[Drift]
) -> Iterator[Yielded]:
    if not book.sheets:
        raise ContainerError("{file} has no sheet.", file=file)
    tops = {sheet: grids.Top(book.rows(sheet)) for sheet in book.sheets}
    plans = [
        plan for sheet, top in tops.items() if (plan := _plan(book, sheet, top, tasks)) is not None
    ]
    if not plans:
        raise ContainerError(
            "{file} has no sheet with the columns that its mapping names; its sheets are {sheets}.",
            file=file,
            sheets=", ".join(book.sheets),
        )
    # The days of one sheet tell the order of day and month for all.
    dates = [cell for plan in plans for cell in plan[2]]
    shown = order_of(dates)
    for sheet, chosen, _dates_there in plans:
        for task, wanted in chosen:
            given = task.table if shown is None else replace_order(task.table, shown)
            order = _order(given, dates, file)
            if task.table.rows == "notes":
                yield from in_notes(task, tops[sheet].lines, file, order)
                continue
            grid = grids.sheet_grid(tops[sheet], book.rows(sheet), file, wanted)
            watch = _watch(task.table)
            yield from _rows(grid, task, file, order, tally, watch, False)
            drift += watch.drift()
    read = {sheet for sheet, _chosen, _dates_there in plans}
    tally.sheets += [sheet for sheet in book.sheets if sheet not in read]


def replace_order(table: Table, order: Order) -> Table:
    """Give the table with the order that its file shows, unless it says its own."""
    import msgspec

    return msgspec.structs.replace(table, order=table.order or order)


_Plan = tuple[str, list[tuple[Task, list[str]]], list[object]]


def _plan(book: Workbook, sheet: str, top: grids.Top, tasks: list[Task]) -> _Plan | None:
    """Choose the tables that stand in a sheet, and gather its dates."""
    chosen: list[tuple[Task, list[str]]] = []
    dates: list[object] = []
    for task in tasks:
        if task.table.sheet is not None and grids.plain(task.table.sheet) != grids.plain(sheet):
            continue
        if task.table.rows == "notes":
            continue
        for wanted in _sheet_headers(task.table):
            try:
                grid = grids.sheet_grid(top, book.rows(sheet), book.name, wanted)
            except ContainerError:
                continue
            chosen.append((task, wanted))
            dates += _dates(grid, task.table)
            break
    if not chosen:
        return None
    chosen += [(task, []) for task in tasks if task.table.rows == "notes"]
    return sheet, chosen, dates


def _sheet_headers(table: Table) -> Iterator[list[str]]:
    """Give the headers a table may have in a sheet, repeated columns by their number."""
    if table.headers:
        yield from table.headers
    else:
        yield from _headers(table)


def _remark(tally: Tally) -> Message | None:
    """Say what was passed over, if anything was."""
    sheets = ", ".join(tally.sheets)
    if tally.undated:
        return message(
            "The period of the counters of {n} posts is not known (the name of its archive tells "
            "it): they were kept as they stood on the day of the file.",
            n=tally.undated,
        )
    if sum(map(bool, (tally.totals, tally.partial, sheets))) > 1:
        return message(
            "Passed over: {totals} rows that sum up the others; the counters of {partial} posts "
            "that are older than the period of the table; sheets: {sheets}.",
            totals=tally.totals, partial=tally.partial, sheets=sheets or "–",
        )  # fmt: skip
    if tally.totals:
        return message(
            "Rows that sum up the others were passed over: {totals}.", totals=tally.totals
        )
    if tally.partial:
        return message(
            "The counters of {partial} posts were left out: they are those of a period, and the "
            "posts are older. Export the whole lifetime.",
            partial=tally.partial,
        )
    return message("Sheets that are not read: {sheets}.", sheets=sheets) if sheets else None
