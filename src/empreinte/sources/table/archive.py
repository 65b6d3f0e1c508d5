"""Reading the tables of a root, as their mappings or their headers tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from empreinte.container import Container, is_media
from empreinte.errors import ContainerError
from empreinte.language import Message, message
from empreinte.model import Account, ExportInfo, FileReport, Yielded
from empreinte.sources.table.copies import copies, remark
from empreinte.sources.table.layout import TABLE, folder_of
from empreinte.sources.table.mapping import MAX_BYTES, SUFFIX, Mapping, Table, fits, parse
from empreinte.sources.table.planning import account_of, as_told, known_tasks, named_period
from empreinte.sources.table.reading import read_file
from empreinte.sources.table.task import Task
from empreinte.sources.table.workbook import Shelf

_NOBODY_S = ("orders", "left")
"""Rows that are of no channel: a bank's account is none."""


def read(export: Container) -> Iterator[Yielded]:
    """Read the mapping files of a root, then every table that one of them, or a header, tells."""
    mappings, reports = _mappings(export)
    written = {member.name: member.modified or export.modified for member in export.members}
    books = Shelf(export)
    plans = _plans(export, mappings, written, books)
    again = copies(export, plans)
    read_here = {name: tasks for name, tasks in plans.items() if name not in again}
    owner = _owner(mappings, read_here)
    dates = [m.exported for m in mappings.values() if m.exported]
    dates = dates or [written[name] for name in plans] or [export.modified]
    yield ExportInfo(observed=max(dates), owner=owner)
    yield from _accounts(mappings, read_here)
    yield from reports
    alone = [export.path.name] == list(map(export.place, written))  # given without its tables
    for name, mapping in mappings.items():
        yield _mapping_report(name, mapping, plans, alone)
    for name, first in again.items():
        yield FileReport(name=name, status="read", reason=remark(first))
    for name, tasks in read_here.items():
        yield from read_file(export, name, tasks, books)
    for name in export.names():
        if (reason := _bare(export, name, plans)) is not None:
            yield FileReport(name=name, status="read", reason=reason)
        if is_media(name):
            reason = message(
                "Pictures, sounds and videos are not read; posts tell what is attached."
            )
            yield FileReport(name=name, status="not needed", reason=reason)


def remember(export: Container) -> None:
    """Note the tables of a root that is not read again: another root may hold copies of them."""
    mappings, _reports = _mappings(export)
    written = {member.name: member.modified or export.modified for member in export.members}
    copies(export, _plans(export, mappings, written, Shelf(export)))


def _mappings(export: Container) -> tuple[dict[str, Mapping], list[FileReport]]:
    """Read the mapping files; what cannot be read is told."""
    mappings: dict[str, Mapping] = {}
    reports: list[FileReport] = []
    for name in export.names(rf".*{re.escape(SUFFIX)}"):
        try:
            mappings[name] = parse(export.read(name, MAX_BYTES))
        except ContainerError as error:
            reports.append(FileReport(name=name, status="failed", reason=error.message))
    return mappings, reports


def _plans(
    export: Container, mappings: dict[str, Mapping], written: dict[str, datetime], books: Shelf
) -> dict[str, list[Task]]:
    """Give what each file that is a table is to be read as."""
    plans = {name: _tasks(export, name, mappings, written[name], books) for name in written}
    return {name: tasks for name, tasks in plans.items() if tasks}


def _tasks(
    export: Container, name: str, mappings: dict[str, Mapping], written: datetime, books: Shelf
) -> list[Task]:
    """Give what a file is to be read as: the nearest mapping's word, else its header's."""
    if name.lower().endswith(SUFFIX) or is_media(name):
        return []
    for file in sorted(mappings, key=lambda file: -len(folder_of(file))):
        mapping = mappings[file]
        chosen = [table for table in mapping.table if fits(table, folder_of(file), name)]
        if any(table.known for table in chosen):
            tasks = known_tasks(export, name, written, books)
            return [as_told(task, chosen[0], mapping.account) for task in tasks]
        if chosen:
            return [
                Task(
                    table, mapping.platform, _account(export, name, mapping, table), mapping.owner,
                    mapping.exported or written, named_period(export, name, table),
                    year=table.year, said=mapping.account,
                )
                for table in chosen
            ]  # fmt: skip
    return known_tasks(export, name, written, books) if TABLE.search(name) else []


def _bare(export: Container, name: str, plans: dict[str, list[Task]]) -> Message | None:
    """Say of a table without a row, of which nothing else is known, what it is."""
    if name in plans or not TABLE.search(name):
        return None
    from empreinte.sources.table.describing import bare

    return bare(export, name)


def _account(export: Container, name: str, mapping: Mapping, table: Table) -> str:
    if table.rows == "orders" and mapping.account == "me":
        return account_of(export, name)
    return mapping.account


def _owner(mappings: dict[str, Mapping], plans: dict[str, list[Task]]) -> tuple[str, str] | None:
    owned = [(m.platform, m.account) for m in mappings.values() if m.owner and _is_somebody_s(m)]
    owned += [
        (t.platform, t.account)
        for tasks in plans.values()
        for t in tasks
        if t.owner and t.table.rows not in _NOBODY_S and not t.table.titles
    ]
    return owned[0] if owned else None


def _is_somebody_s(mapping: Mapping) -> bool:
    """Tell whether a mapping tells of a channel's numbers, and not of payments alone."""
    return any(not table.known and table.rows not in _NOBODY_S for table in mapping.table)


def _completes(mapping: Mapping) -> bool:
    """Tell whether a mapping says no more than what known tables leave open."""
    return all(table.known for table in mapping.table)


def _accounts(mappings: dict[str, Mapping], plans: dict[str, list[Task]]) -> Iterator[Account]:
    given: set[tuple[str, str]] = set()
    for file, mapping in mappings.items():
        if not _is_somebody_s(mapping):
            continue
        given.add((mapping.platform, mapping.account))
        yield Account(
            file=file, place=0, platform=mapping.platform, id=mapping.account,
            handle=mapping.handle, name=mapping.name, url=mapping.url, is_owner=mapping.owner,
        )  # fmt: skip
    for file, tasks in plans.items():
        for task in tasks:
            by_row = "account" in task.table.columns or task.table.titles
            given_by_row = by_row or task.table.rows in _NOBODY_S
            if (task.platform, task.account) not in given and not given_by_row:
                given.add((task.platform, task.account))
                yield Account(
                    file=file, place=0, platform=task.platform, id=task.account, is_owner=True
                )


def _mapping_report(
    name: str, mapping: Mapping, plans: dict[str, list[Task]], alone: bool
) -> FileReport:
    if alone:
        reason = message(
            "It says what tables beside it mean, and is read with them: import a table, or their "
            "folder."
        )
        return FileReport(name=name, status="read", reason=reason)
    if _completes(mapping):
        return FileReport(name=name, status="read")
    used = {id(task.table) for tasks in plans.values() for task in tasks}
    idle = [table.file for table in mapping.table if id(table) not in used]
    if not idle:
        return FileReport(name=name, status="read")
    reason = message(
        "No file beside the mapping file, or in a folder there, is named {files}. Correct "
        "the names, or put the tables there.",
        files=", ".join(idle),
    )
    return FileReport(
        name=name, status="failed" if len(idle) == len(mapping.table) else "read", reason=reason
    )
