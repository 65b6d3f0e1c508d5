"""Which files are Reddit's: told by their name and the columns of their first row."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from empreinte.container import Container
from empreinte.sources.reddit.tables import COLUMNS, COMMON

_TABLE = re.compile(r"([a-z][a-z_]{0,60}?)(?:_\d{1,4})?\.csv", re.IGNORECASE)
_SNAKE = re.compile(r"[a-z0-9_]+\.csv")
_FOREIGN = re.compile(r"\.(csv|json|jsonl|js|html|xml|rss|atom|opml)$", re.IGNORECASE)
_HEAD = 4 << 10


def table(name: str) -> str | None:
    """Give the table that a file is by its name, ``None`` if it is none of Reddit's.

    >>> table("export/post_votes_2.csv"), table("Connections.csv")
    ('post_votes', None)
    """
    found = _TABLE.fullmatch(name.rpartition("/")[2])
    stem = found[1].lower() if found else None
    return stem if stem in COLUMNS else None


def fits(stem: str, head: bytes) -> bool:
    """Tell whether a file begins with the columns of its table, all but one at most.

    An empty file fits: Reddit writes tables that hold nothing.
    """
    text = head.decode("utf-8-sig", "replace").lstrip()
    if not text:
        return True
    try:
        first = next(csv.reader(text.splitlines()[:1]), [])
    except csv.Error:
        return False
    columns = {cell.strip().casefold() for cell in first}
    needed = COLUMNS[stem].needed
    return len(needed & columns) >= max(1, len(needed) - 1)


def tables(export: Container) -> dict[str, str]:
    """Give the tables in a container by full name."""
    found = ((name, table(name)) for name in export.names(r"(.*/)?[a-z_0-9]+\.csv"))
    return {name: stem for name, stem in found if stem and fits(stem, export.head(name, _HEAD))}


def roots(export: Container) -> Iterator[str]:
    """Give the folders in which Reddit's tables lie; where others' lie among them, the files."""
    found = tables(export)
    folders: dict[str, list[str]] = {}
    for name in export.names() if found else ():
        folder, slash, _base = name.rpartition("/")
        folders.setdefault(folder + slash, []).append(name)
    for folder, names in folders.items():
        ours = [name for name in names if name in found]
        telling = [n for n in ours if found[n] not in COMMON and export.head(n, 1)]
        enough = len(ours) >= 3 and any(found[name] in ("statistics", "checkfile") for name in ours)
        if not telling and not enough:
            continue
        if any(_foreign(name, found) for name in names):
            yield from telling
        else:
            yield folder


def _foreign(name: str, found: dict[str, str]) -> bool:
    """Tell whether a file is another platform's: a new table of Reddit's looks like the others."""
    base = name.rpartition("/")[2]
    if name in found or not _FOREIGN.search(base):
        return False
    return table(name) is not None or not _SNAKE.fullmatch(base)
