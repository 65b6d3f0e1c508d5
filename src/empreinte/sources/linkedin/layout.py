"""Which files are LinkedIn's: told by their name and the columns of their header."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from empreinte.container import Container
from empreinte.formats.csv_rows import first_rows
from empreinte.sources.linkedin.tables import COLUMNS, NOT_NEEDED, TELLING, stem

_HEAD = 16 << 10
_LINES = 60


def fits(kind: str, head: bytes) -> bool:
    """Tell whether one of the first rows is the header of such a table, but for one column."""
    fields = COLUMNS[kind]
    for row in islice(first_rows(head, fields.needed), _LINES):
        columns = set(row)
        missing = fields.needed - columns
        if len(columns) > 1 and len(missing) <= (len(fields.needed) > 2):
            return len(columns & fields.known) > 1
    return False


def roots(export: Container) -> Iterator[str]:
    """Give the folders in which tables lie that only LinkedIn writes."""
    found: dict[str, None] = {}
    for name in export.names(r"(.*/)?[^/]+\.csv"):
        kind = stem(name)
        if kind in TELLING and fits(kind, export.head(name, _HEAD)):
            folder, slash, _base = name.rpartition("/")
            found.setdefault(folder + slash)
    for folder in found:
        if not any(folder != other and folder.startswith(other) for other in found):
            yield folder


def tables(export: Container) -> dict[str, str]:
    """Give the tables that are known, by full name: profile first, then in order."""
    named = {name: stem(name) for name in sorted(export.names(r"(.*/)?[^/]+\.csv"))}
    known = {name: kind for name, kind in named.items() if kind in COLUMNS or kind in NOT_NEEDED}
    return dict(sorted(known.items(), key=lambda item: item[1] != "profile"))
