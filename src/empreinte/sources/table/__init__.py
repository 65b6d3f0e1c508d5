"""The `table` source: CSV, XLSX and NDJSON with a small mapping file, or of a known header.

`mapping` is the file that says what columns mean, `known` the ready-made ones, `naming` and `years`
what names of files tell, `planning` brings these together. `grids` and `workbook` give rows,
`cells` what stands in them, `records` and `payments` make records of them, `reading` goes through
a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from empreinte.container import Container, is_media
from empreinte.errors import ContainerError
from empreinte.language import _, message
from empreinte.model import Account, ExportInfo, FileReport, Presence, Yielded
from empreinte.sources.table.describing import described, unknown
from empreinte.sources.table.mapping import MAX_BYTES, SUFFIX, Mapping, fits, parse
from empreinte.sources.table.planning import as_told, known_tasks, named_period
from empreinte.sources.table.reading import read_file, unclear
from empreinte.sources.table.records import Task
from empreinte.sources.table.workbook import Shelf

__all__ = [
    "NAME", "VERSION", "described", "how_to_get", "read", "recognize", "title", "unknown", "wait",
]  # fmt: skip

NAME = "table"
VERSION = 2
SEEN = "real"
LANGUAGES = ("en", "fr")
PRESENCE: dict[str, Presence] = {"View": "starts"}
MAX_LOOKS = 1_000
"""Tables of unknown name that are looked into."""
MAX_WORKBOOKS = 20
_NOBODY_S = ("orders", "left")
"""Rows that are of no channel: a bank's account is none."""
_TABLE = re.compile(
    r"\.(?:csv|tsv|txt|xlsx|xlsm|xls|ndjson|jsonl)$"
    r"|(?:^|/)(?:streaming_?history|endsong)[^/]*\.json$",
    re.IGNORECASE,
)
_WORKBOOK = re.compile(r"\.(xlsx|xlsm|xls)$", re.IGNORECASE)
_ANALYTICS = re.compile(
    r"(?:.*/)?(?:content|aggregateanalytics|.*analytics|.*_(?:content|followers|visitors))[ _].*"
    r"\.xls[xm]?|(?:.*/)?(?:overview|content|viewers|follower\w*)(?: \(\d+\))?\.xls[xm]?",
    re.IGNORECASE,
)


def title() -> str:
    """Name the source."""
    return _("Tables: CSV, XLSX, NDJSON and downloaded statistics")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("views, impressions and followers per day"), _("counts of each post"),
        _("what you paid, from banks’ statements"), _("posts and interactions, as a mapping file "
                                                      "says"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to get the tables."""
    return _(
        "YouTube Studio: Analytics, Advanced mode, the download arrow, “Comma-separated values”. "
        "LinkedIn: Analytics, Post impressions, Export. Meta Business Suite: Insights, Content, "
        "Export data. X: Premium, Analytics, the download arrow. Anything else: put a file "
        "“name.empreinte.toml” beside the table that says what its columns mean; its words are in "
        "docs/sources/table.md."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("at once")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders of mapping files, and other tables whose header is known.

    A folder whose files are all such tables is one root; else each table is one.
    """
    folders = sorted({_folder(name) for name in export.names(rf".*{re.escape(SUFFIX)}")})
    yield from folders
    rest = [name for name in export.names() if not name.startswith(tuple(folders))]
    ours = set(_known(export, rest))
    by_folder: dict[str, list[str]] = {}
    for name in rest:
        by_folder.setdefault(_folder(name), []).append(name)
    for folder, names in by_folder.items():
        found = [name for name in names if name in ours]
        inner = any(other != folder and other.startswith(folder) for other in by_folder)
        if found and len(found) == len(names) and not inner and not folders:
            yield folder if folder or len(names) > 1 else names[0]
        else:
            yield from found


def _known(export: Container, names: list[str]) -> Iterator[str]:
    """Give the tables that are known and of which nothing has to be asked."""
    shelf = Shelf(export)
    for name in _looked_at(names):
        tasks = known_tasks(export, name, export.modified, shelf)
        if tasks and unclear(export, name, tasks, shelf) is None:
            yield name


def _looked_at(names: list[str]) -> Iterator[str]:
    tables = [name for name in names if _TABLE.search(name)]
    books = [
        name for name in tables
        if _WORKBOOK.search(name) and (len(names) == 1 or _ANALYTICS.fullmatch(name))
    ]  # fmt: skip
    yield from islice((n for n in tables if not _WORKBOOK.search(n)), MAX_LOOKS)
    yield from books[:MAX_WORKBOOKS]


def _folder(name: str) -> str:
    return name[: name.rfind("/") + 1]


def read(export: Container) -> Iterator[Yielded]:
    """Read the mapping files of a root, then every table that one of them, or a header, tells."""
    mappings: dict[str, Mapping] = {}
    reports: list[FileReport] = []
    for name in export.names(rf".*{re.escape(SUFFIX)}"):
        try:
            mappings[name] = parse(export.read(name, MAX_BYTES))
        except ContainerError as error:
            reports.append(FileReport(name=name, status="failed", reason=error.message))
    written = {member.name: member.modified or export.modified for member in export.members}
    books = Shelf(export)
    plans = {name: _tasks(export, name, mappings, written[name], books) for name in written}
    plans = {name: tasks for name, tasks in plans.items() if tasks}
    owner = _owner(mappings, plans)
    dates = [m.exported for m in mappings.values() if m.exported]
    dates = dates or [written[name] for name in plans] or [export.modified]
    yield ExportInfo(observed=max(dates), owner=owner)
    yield from _accounts(mappings, plans)
    yield from reports
    for name, mapping in mappings.items():
        yield _mapping_report(name, mapping, plans)
    for name, tasks in plans.items():
        yield from read_file(export, name, tasks, books)
    for name in export.names():
        if is_media(name):
            reason = message(
                "Pictures, sounds and videos are not read; posts tell what is attached."
            )
            yield FileReport(name=name, status="not needed", reason=reason)


def _tasks(
    export: Container, name: str, mappings: dict[str, Mapping], written: datetime, books: Shelf
) -> list[Task]:
    """Give what a file is to be read as: the nearest mapping's word, else its header's."""
    if name.lower().endswith(SUFFIX) or is_media(name):
        return []
    for file in sorted(mappings, key=lambda file: -len(_folder(file))):
        mapping = mappings[file]
        chosen = [table for table in mapping.table if fits(table, _folder(file), name)]
        if any(table.known for table in chosen):
            tasks = known_tasks(export, name, written, books)
            return [as_told(task, chosen[0], mapping.account) for task in tasks]
        if chosen:
            return [
                Task(
                    table, mapping.platform, mapping.account, mapping.owner,
                    mapping.exported or written, named_period(export, name, table),
                    year=table.year,
                )
                for table in chosen
            ]  # fmt: skip
    return known_tasks(export, name, written, books) if _TABLE.search(name) else []


def _owner(mappings: dict[str, Mapping], plans: dict[str, list[Task]]) -> tuple[str, str] | None:
    owned = [(m.platform, m.account) for m in mappings.values() if m.owner and not _completes(m)]
    owned += [
        (t.platform, t.account)
        for tasks in plans.values()
        for t in tasks
        if t.owner and t.table.rows not in _NOBODY_S and not t.table.titles
    ]
    return owned[0] if owned else None


def _completes(mapping: Mapping) -> bool:
    """Tell whether a mapping says no more than what known tables leave open."""
    return all(table.known for table in mapping.table)


def _accounts(mappings: dict[str, Mapping], plans: dict[str, list[Task]]) -> Iterator[Account]:
    given: set[tuple[str, str]] = set()
    for file, mapping in mappings.items():
        if _completes(mapping):
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


def _mapping_report(name: str, mapping: Mapping, plans: dict[str, list[Task]]) -> FileReport:
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
