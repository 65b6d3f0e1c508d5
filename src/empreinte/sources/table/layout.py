"""Which files are tables that can be read: beside a mapping file, or of a known header."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.sources.table.mapping import MAX_BYTES, SUFFIX, fits, parse

MAX_LOOKS = 1_000
"""Tables of unknown name that are looked into."""
MAX_WORKBOOKS = 20
TABLE = re.compile(
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


def roots(export: Container) -> Iterator[str]:
    """Give the folders of mapping files, and other tables whose header is known.

    A folder whose files are all such tables is one root; else each table is one.
    """
    folders = sorted({folder_of(name) for name in export.names(rf".*{re.escape(SUFFIX)}")})
    yield from folders
    rest = [name for name in export.names() if not name.startswith(tuple(folders))]
    ours = set(_known(export, rest))
    by_folder: dict[str, list[str]] = {}
    for name in rest:
        by_folder.setdefault(folder_of(name), []).append(name)
    for folder, names in by_folder.items():
        found = [name for name in names if name in ours]
        inner = any(other != folder and other.startswith(folder) for other in by_folder)
        if found and len(found) == len(names) and not inner and not folders:
            yield folder if folder or len(names) > 1 else names[0]
        else:
            yield from found


def speaks_of(path: Path, name: str) -> bool:
    """Tell whether a mapping file speaks of a file beside it, as it would in their folder.

    One for whatever lies there speaks of tables alone; one that cannot be read, of the table that
    it is called after.
    """
    try:
        with path.open("rb") as file:
            tables = parse(file.read(MAX_BYTES + 1)).table
    except (ContainerError, OSError):
        stem = path.name[: -len(SUFFIX)]
        return bool(TABLE.search(name)) and stem in (name, name.rpartition(".")[0])
    return any(
        fits(table, "", name) and (bool(TABLE.search(name)) or table.file != "*")
        for table in tables
    )


def _known(export: Container, names: list[str]) -> Iterator[str]:
    """Give the tables that are known and of which nothing has to be asked."""
    tables = list(_looked_at(names))
    if not tables:
        return
    from empreinte.sources.table.planning import known_tasks
    from empreinte.sources.table.reading import unclear
    from empreinte.sources.table.workbook import Shelf

    shelf = Shelf(export)
    for name in tables:
        tasks = known_tasks(export, name, export.modified, shelf)
        if tasks and unclear(export, name, tasks, shelf) is None:
            yield name


def _looked_at(names: list[str]) -> Iterator[str]:
    tables = [name for name in names if TABLE.search(name)]
    books = [
        name for name in tables
        if _WORKBOOK.search(name) and (len(names) == 1 or _ANALYTICS.fullmatch(name))
    ]  # fmt: skip
    yield from islice((n for n in tables if not _WORKBOOK.search(n)), MAX_LOOKS)
    yield from books[:MAX_WORKBOOKS]


def folder_of(name: str) -> str:
    return name[: name.rfind("/") + 1]
