"""Reads one file, with all tables that are meant to be in it."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from itertools import chain, islice

from empreinte.container import Container
from empreinte.errors import ContainerError, UnclearError
from empreinte.formats.drift import Fields, Watch
from empreinte.model import Drift, FileReport, Reject, Yielded
from empreinte.sources.table import grids, remarks, years
from empreinte.sources.table.cells import Order, is_slashed, needs_order, orders_of, text
from empreinte.sources.table.column_choice import (
    asked_of,
    headings_of,
    shape_of,
    unkept_of,
    watch_of,
)  # fmt: skip
from empreinte.sources.table.emptiness import EMPTY, is_empty, is_empty_book
from empreinte.sources.table.grids import Format, Grid, Line
from empreinte.sources.table.known import names_of
from empreinte.sources.table.mapping import Table
from empreinte.sources.table.payments import rows_of
from empreinte.sources.table.records import Rows
from empreinte.sources.table.sentences import in_notes
from empreinte.sources.table.tally import Tally
from empreinte.sources.table.task import Task, columns_of
from empreinte.sources.table.titled import titled
from empreinte.sources.table.workbook import Shelf, Workbook

SAMPLE = 5_000
"""Rows that are looked at to tell whether the day or the month comes first."""
LONG = 1 << 20
MAX_ROWS = 1_000_000
"""Rows whose days have no year."""
MAX_BELOW = 20
"""Lines below a table that may be notes."""


def read_file(export: Container, file: str, tasks: list[Task], books: Shelf) -> Iterator[Yielded]:
    """Read a file as each of `tasks` says, and account for it."""
    tally = Tally()
    drift: list[Drift] = []
    try:
        kind = grids.form(export.head(file, 4096))
        if is_empty(export, file) or (kind == "xlsx" and is_empty_book(books.open(file))):
            yield FileReport(name=file, status="read", reason=EMPTY)
            return
        if kind is None:
            raise ContainerError(
                "{file} is no table: CSV, NDJSON (an object a line) or XLSX was expected.",
                file=file,
            )
        if all(task.table.rows in ("left", "notes") for task in tasks):
            yield FileReport(
                name=file, status="not needed", reason=remarks.left(tasks[0].table.reason)
            )
            return
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
    tally.bare = not tally.met and all(task.table.rows != "notes" for task in tasks)
    yield FileReport(
        name=file, status="read", records=tally.met, reason=remarks.remark(tally),
        drift=tuple(drift),
    )  # fmt: skip


def unclear(export: Container, file: str, tasks: list[Task], books: Shelf) -> UnclearError | None:
    """Tell what is not known of a table's dates and must be asked for: their order, their years.

    What cannot be read at all is clear: reading tells what is wrong with it.
    """
    try:
        kind = grids.form(export.head(file, 4096))
        if kind == "xlsx":
            book = books.open(file)
            tops = {sheet: grids.Top(book.rows(sheet)) for sheet in book.sheets}
            plans = [p for s, top in tops.items() if (p := _plan(book, s, top, tasks)) is not None]
            for sheet, chosen, _dates_there in plans:
                for task, wanted in chosen:
                    if task.table.no_year:
                        _days(
                            grids.sheet_grid(tops[sheet], book.rows(sheet), file, wanted),
                            task,
                            file,
                        )
            _orders(plans, file)
            return None
        for task in tasks:
            if kind is None or task.table.rows in ("left", "notes"):
                continue
            with _opener(export, file, kind, task)(Watch(Fields())) as grid:
                if task.table.no_year:
                    _days(grid, task, file)
                else:
                    _order(task, _dates(grid, task.table), file)
    except UnclearError as error:
        return error
    except ContainerError:
        return None
    return None


# -- CSV and NDJSON


def _text(
    export: Container, file: str, kind: Format, task: Task, tally: Tally, drift: list[Drift]
) -> Iterator[Yielded]:
    open_grid = _opener(export, file, kind, task)
    with open_grid(Watch(Fields())) as grid:
        days = _days(grid, task, file) if task.table.no_year or task.table.year else None
    with open_grid(Watch(Fields())) as grid:
        order = _order(task, () if days else _dates(grid, task.table), file)
    repeated: frozenset[str] = frozenset()
    if _may_repeat(task):
        with open_grid(Watch(Fields())) as grid:
            repeated = _of_several(grid, task)
    watch = Watch(Fields()) if kind in ("ndjson", "json") else watch_of(task.table)
    with open_grid(watch) as grid:
        tally.above = max(tally.above, _above(grid, task))
        if task.table.titles:
            before = tally.met
            yield from titled(grid, export.head(file), task, file, order, tally, watch)
            there = shape_of(task.table, grid.header) - {task.table.number}
            watch.shapes[frozenset(there)] += tally.met - before
        else:
            rows = rows_of(task, grid.header, file, order, tally, watch, days)
            rows.repeated = repeated
            yield from _rows(grid, rows, tally, watch, kind in ("ndjson", "json"))
        tally.spoilt |= set(grid.spoilt)
    drift += watch.drift()


def _days(grid: Grid, task: Task, file: str) -> dict[int, datetime] | None:
    """Give the date of each row of a table whose days have no year.

    Raises
    ------
    UnclearError
        If the year is not known.
    """
    met = _met(grid, task) if task.table.rows == "days" else {}
    if not met:
        return None  # they have their years after all, or nothing can be read
    zone = task.table.timezone()
    try:
        if task.year is None:
            raise years.Unclear
        dates = years.dated(list(met.values()), task.year)
    except years.Unclear:
        raise UnclearError(
            "{file}: its days have no year ({text}), and neither its name nor its archive's tells "
            "which. Say the year of its first row: “empreinte describe” asks for it.",
            file=file, text="{} / {}".format(*next(iter(met.values()))),
        ) from None  # fmt: skip
    return {place: midnight(day, zone) for place, day in zip(met, dates, strict=True)}


def _may_repeat(task: Task) -> bool:
    """Tell whether it is a table of one's own of payments that have numbers: of orders, perhaps."""
    return task.table.rows == "orders" and "id" in task.table.columns and not task.header


def _of_several(grid: Grid, task: Task) -> frozenset[str]:
    """Give the identifiers that several rows have: one order of several things."""
    at = grid.header.at(task.table.columns["id"])
    met: set[str] = set()
    repeated: set[str] = set()
    if at is None:
        return frozenset()
    for _place, cells in islice(grid.lines, MAX_ROWS):
        if isinstance(cells, list) and at < len(cells):
            id = str(text(cells[at]))
            (repeated if id in met else met).add(id)
    return frozenset(repeated)


def first_days(export: Container, file: str, task: Task, books: Shelf) -> list[years.Day]:
    """Give the days, without their year, of a table's rows, in order."""
    kind = grids.form(export.head(file, 4096))
    try:
        if kind == "xlsx":
            book = books.open(file)
            tops = {sheet: grids.Top(book.rows(sheet)) for sheet in book.sheets}
            plans = (_plan(book, sheet, top, [task]) for sheet, top in tops.items())
            sheet, chosen, _dates_there = next(plan for plan in plans if plan is not None)
            grid = grids.sheet_grid(tops[sheet], book.rows(sheet), file, chosen[0][1])
            return list(_met(grid, task).values())
        if kind == "csv":
            with _opener(export, file, kind, task)(Watch(Fields())) as grid:
                return list(_met(grid, task).values())
    except (ContainerError, StopIteration):
        pass  # told where it is read
    return []


def _met(grid: Grid, task: Task) -> dict[int, years.Day]:
    """Give month and day of each row, by its place."""
    at = grid.header.at(task.table.columns.get("date", []))
    met: dict[int, years.Day] = {}
    if at is None:
        return met
    for place, cells in islice(grid.lines, MAX_ROWS):
        if isinstance(cells, list) and at < len(cells):
            found = years.day_of(text(cells[at]) or "")
            if found is not None:
                met[place] = found
    return met


def midnight(day: date, zone: tzinfo) -> datetime:
    """Give the start of a day in a zone, as UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _opener(export: Container, file: str, kind: Format, task: Task):
    is_json = kind in ("ndjson", "json")
    columns = [names_of(one) for one in columns_of(task.table).values()] if is_json else []
    wanted = () if is_json else task.header or _header(export.head(file), file, task.table)

    @contextmanager
    def open_grid(watch: Watch) -> Iterator[Grid]:
        with export.open(file) as stream:
            if kind == "ndjson":
                yield grids.json_grid(stream, file, columns, watch.bad)
            elif kind == "json":
                yield grids.array_grid(stream, file, columns, watch.bad)
            else:
                yield grids.csv_grid(stream, file, [name for name in wanted if name], watch.bad)

    return open_grid


def _header(head: bytes, file: str, table: Table) -> list[str]:
    """Give the columns by which the header is found: those a row cannot do without, and others.

    Raises
    ------
    ContainerError
        If there is no such header.
    """
    choices = list(headings_of(table))
    for wanted in choices:
        found = grids.chosen(grids.headers(head, wanted), wanted, asked_of(table))
        if found is not None:
            return found
    grids.csv_grid(io.BytesIO(head), file, choices[0])  # tells what is there instead
    return choices[0]


# -- order of day and month


def _dates(grid: Grid, table: Table) -> Iterator[object]:
    """Give the dates of three numbers among the first rows."""
    at = grid.header.all_at(table.columns.get("date", []))
    if not at or table.no_year:
        return
    for _place, cells in islice(grid.lines, SAMPLE):
        if isinstance(cells, list) and any(len(c) > LONG for c in cells if isinstance(c, str)):
            return  # no table of numbers: what follows is not worth going through twice
        if isinstance(cells, list):
            yield from (cells[n] for n in at if n < len(cells) and is_slashed(cells[n]))


def _order(task: Task, dates: Iterable[object], file: str) -> Order:
    """Tell which comes first, day or month: as told, as the platform has it, as the dates show.

    Raises
    ------
    UnclearError
        If it matters and cannot be known, or the dates contradict what is known.
    """
    told = task.table.order if isinstance(task.table.order, str) else None
    if told is not None and not task.header:
        return told  # the owner's word
    known = told or task.order
    met = list(dates)
    shown = orders_of(met)
    if known is not None and (known in shown or not shown):
        return known
    if known is None and len(shown) == 1:
        return next(iter(shown))
    doubtful = next((cell for cell in met if needs_order(cell) or shown), None)
    if doubtful is None:
        return "dmy"
    raise UnclearError(
        "{file}: {text} can be read as day/month or as month/day. Say which: “empreinte describe” "
        'asks for it, or a mapping file has order = "dmy" or order = "mdy".',
        file=file,
        text=doubtful,
    )


def _rows(grid: Grid, rows: Rows, tally: Tally, watch: Watch, is_json: bool) -> Iterator[Yielded]:
    before, table = tally.met, rows.task.table
    if table.header:
        written = grids.Header(rows.task.header) if is_json else grid.header
        tally.unkept |= dict.fromkeys(unkept_of(table, written))
    rows.line = grid.line
    below: list[tuple[int, Line, int]] = []  # sparse rows, after which none has come that is full
    most = -1 if is_json else min(2, len(grid.header.names) // 2)  # cells of a line of text
    for place, cells in grid.lines:
        if isinstance(cells, Reject):
            yield from _read(rows, below, tally)
            tally.met += 1
            yield cells
        elif (
            len(cells) - cells.count("") <= most and rows.is_note(cells) and len(below) < MAX_BELOW
        ):
            below.append((place, cells, rows.line_of(place)))
        elif place == 0 and not is_json and rows.explains(cells):
            tally.explained += 1
        else:
            if below:
                yield from _read(rows, below, tally)
            tally.met += 1
            yield from rows.row(cells, place)
    tally.note_below([cells for _place, cells, _line in below])
    there = () if is_json else shape_of(table, grid.header)
    watch.shapes[frozenset(there)] += tally.met - before


def _above(grid: Grid, task: Task) -> int:
    """Count the lines above the headings; titles that tell what a table is are a part of it."""
    return 0 if task.table.titles or task.table.above else grid.above


def _read(rows: Rows, below: list[tuple[int, Line, int]], tally: Tally) -> Iterator[Yielded]:
    """Read rows that were held back, for they might have been notes below the table."""
    given = rows.line
    for place, cells, line in below:
        rows.line = lambda line=line: line
        tally.met += 1
        yield from rows.row(cells, place)
    rows.line = given
    below.clear()


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
    orders = _orders(plans, file)
    for (sheet, chosen, _dates_there), order in zip(plans, orders, strict=True):
        for task, wanted in chosen:
            if task.table.rows == "notes":
                yield from in_notes(task, tops[sheet].lines, file, order)
                continue
            grid = grids.sheet_grid(tops[sheet], book.rows(sheet), file, wanted)
            watch = watch_of(task.table)
            days = None
            if task.table.no_year or task.table.year:
                again = grids.sheet_grid(tops[sheet], book.rows(sheet), file, wanted)
                days = _days(again, task, file)
            rows = rows_of(task, grid.header, file, order, tally, watch, days)
            if _may_repeat(task):
                again = grids.sheet_grid(tops[sheet], book.rows(sheet), file, wanted)
                rows.repeated = _of_several(again, task)
            tally.above += _above(grid, task)
            yield from _rows(grid, rows, tally, watch, False)
            drift += watch.drift()
    read = {sheet for sheet, _chosen, _dates_there in plans}
    tally.sheets += [sheet for sheet in book.sheets if sheet not in read]


def _orders(plans: list[_Plan], file: str) -> list[Order]:
    """Give the order of day and month in each sheet: one sheet tells it for all."""
    dates = list(chain.from_iterable(plan[2] for plan in plans))
    tasks = [task for _sheet, chosen, _dates_there in plans for task, _wanted in chosen]
    known = {task.order for task in tasks if task.order is not None and task.header}
    whole = known.pop() if len(known) == 1 else None
    found: list[Order] = []
    for _sheet, chosen, _dates_there in plans:
        task = chosen[0][0]
        given = task if task.order or not task.header else replace(task, order=whole)
        found.append(_order(given, dates, file))
    return found


_Plan = tuple[str, list[tuple[Task, list[str]]], list[object]]


def _plan(book: Workbook, sheet: str, top: grids.Top, tasks: list[Task]) -> _Plan | None:
    """Choose the tables that stand in a sheet, and gather its dates."""
    chosen: list[tuple[Task, list[str]]] = []
    dates: list[object] = []
    for task in tasks:
        if task.table.sheet is not None and grids.plain(task.table.sheet) != grids.plain(sheet):
            continue
        if task.table.sheet is None and not task.header and sheet not in book.shown:
            continue  # a hidden sheet that nobody named: an old copy, a list of words
        if task.table.rows in ("notes", "left"):
            continue
        rows = [one for at, row in top.headers.items() for one in (row, top.wide[at])]
        choices = [list(filter(None, task.header))] if task.header else headings_of(task.table)
        for wanted in choices:
            asked = () if task.header else asked_of(task.table)
            found = grids.chosen(rows, wanted, asked)
            if found is None:
                continue
            grid = grids.sheet_grid(top, book.rows(sheet), book.name, found)
            chosen.append((task, found))
            dates += _dates(grid, task.table)
            break
    if not chosen:
        return None
    chosen += [(task, []) for task in tasks if task.table.rows == "notes"]
    return sheet, chosen, dates
