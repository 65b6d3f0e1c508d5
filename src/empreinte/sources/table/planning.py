"""What a table is to be read as, when nobody has said: by its header, and by what names tell."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

import msgspec

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.formats.csv_rows import MAX_PREAMBLE, first_rows
from empreinte.sources.table import grids, known, naming, years
from empreinte.sources.table.known import Known
from empreinte.sources.table.mapping import Table
from empreinte.sources.table.reading import first_days, midnight
from empreinte.sources.table.task import Task
from empreinte.sources.table.workbook import Shelf

WORKBOOK = re.compile(r"\.(xlsx|xlsm|xls)$", re.IGNORECASE)
_ACCOUNT = re.compile(r"(?<![\d/])\d{8,20}(?![\d/])")
"""The number of an account above a bank's table."""


def known_tasks(export: Container, name: str, written: datetime, books: Shelf) -> list[Task]:
    """Give the ready-made tables that a file holds, with whose they are and of when."""
    return [_task(export, name, one, written, books) for one in met(export, name, books)]


def as_told(task: Task, said: Table, account: str) -> Task:
    """Give a known table with what its owner said of it."""
    order = said.order if isinstance(said.order, str) else task.order
    table = msgspec.structs.replace(task.table, order=order or task.table.order)
    return replace(
        task, table=table, order=order, year=said.year or task.year,
        account=account if account != "me" else task.account, said=account,
    )  # fmt: skip


def met(export: Container, name: str, books: Shelf) -> list[Known]:
    """Give the ready-made tables that stand in a file; none if it cannot be read."""
    if WORKBOOK.search(name):
        try:
            found = known.of_workbook(books.open(name))
        except ContainerError:
            return []
        return list({id(one.table): one for ones in found.values() for one in ones}.values())
    head = export.head(name)
    kind = grids.form(head)
    if kind in ("json", "ndjson"):
        one = known.of_names(_fields(head), name)
    else:
        one = known.of_csv(head, name)
    return [one] if one else []


def _fields(head: bytes) -> list[str]:
    """Give the names of the fields of the first object."""
    start = head[: head.find(b"}") + 1].lstrip(b"\xef\xbb\xbf \t\r\n[")
    try:
        return list(msgspec.json.decode(start, type=dict[str, object]))
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return []


def _task(export: Container, name: str, one: Known, written: datetime, books: Shelf) -> Task:
    table = one.table
    around = _around(export, name)
    told = naming.told(name.rpartition("/")[2], around, table.names)
    account = told.account or "me"
    if table.account != "me":  # a page is no person, whatever it is called
        account = f"{table.account}/{told.account}" if told.account else table.account
    if table.rows == "orders":
        account = _number_above(export.head(name), one.header) or account
    elif "account" in table.columns:
        account = _first(export.head(name), one, "account") or account
    task = Task(
        table, one.platform, account, True, written, named_period(export, name, table),
        header=one.header, order=one.order,
    )  # fmt: skip
    if table.no_year and table.rows == "days":
        year = years.year_of(first_days(export, name, task, books), told.first, told.last)
        task = replace(task, year=year)
    return task


def account_of(export: Container, name: str) -> str:
    """Tell whose payments a table holds, where neither a column nor a word of its owner does.

    The number of an account in the name of the file or of a folder, else the folder that is called
    after somebody, as of other tables.
    """
    file, around = name.rpartition("/")[2], _around(export, name)
    return naming.numbered([file, *around]) or naming.told(file, around, ()).account or "me"


def _around(export: Container, name: str) -> list[str]:
    """Give the names of what a file stands in, the nearest first."""
    folders = export.place(name).split("/")[:-1]
    path = export.path
    outer = [path.name, path.parent.name] if folders or path.is_file() else [path.name]
    alone = path.name == export.place(name)  # its own name is told apart
    return [*reversed(folders), *(outer[1:] if alone else outer[:1])]


def named_period(export: Container, name: str, table: Table) -> tuple[datetime, datetime] | None:
    """Read the period that a table, its folder or archive is named after, its last day included."""
    stands = [*reversed(export.place(name).split("/")), export.path.name, export.path.parent.name]
    found = naming.period(stands)
    if found is None:
        return None
    first, last = found
    zone = table.timezone()
    return midnight(first, zone), midnight(last + timedelta(days=1), zone) - timedelta(seconds=1)


def _first(head: bytes, one: Known, field: str) -> str | None:
    """Give what stands in the first row of a CSV for a field: whose a table is."""
    wanted = [name for name in one.header if name]
    rows = first_rows(head, wanted)
    for row in islice(rows, MAX_PREAMBLE):
        if set(wanted) <= set(row):
            at = grids.Header(row).at(one.table.columns[field])
            below = next((cells for cells in rows if any(cells)), [])
            return below[at] or None if at is not None and at < len(below) else None
    return None


def _number_above(head: bytes, header: tuple[str, ...]) -> str | None:
    """Give the number of a bank's account, which stands in the lines above its table."""
    wanted = [name for name in header if name]
    for row in islice(first_rows(head, wanted), MAX_PREAMBLE):
        if set(wanted) <= set(row):
            return None
        found = next((n for cell in row if (n := _ACCOUNT.search(cell))), None)
        if found:
            return found[0]
    return None
