"""Ready-made mappings for the usual analytics exports, recognised by their header.

They are the files of ``known/``, in the words of a mapping file and a few of their own:

``headers``
    For each language, the columns that must all be there for a table to be this one.
``other``
    Columns known and not read. ``optional``: metrics and fields that are not always there.
``otherwise``
    The order of day and month where the file itself does not tell.
``notes``
    Sentences beside the table with a number in the next cell, by the metric they give.
``platform``
    Of one table, where it is not the file's.

No file of the platforms was at hand: columns are as public programs that read these exports, and
the platforms' help pages, name them.
"""

from __future__ import annotations

import io
import tomllib
from functools import cache
from importlib import resources

import msgspec

from empreinte.errors import ContainerError
from empreinte.sources.table.grids import Top, csv_grid, form
from empreinte.sources.table.mapping import Mapping, Table, check, fits
from empreinte.sources.table.workbook import Workbook


@cache
def tables() -> tuple[tuple[str, Table], ...]:
    """Give all ready-made tables with their platform."""
    found: list[tuple[str, Table]] = []
    folder = resources.files("empreinte.sources.table") / "known"
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        mapping = msgspec.convert(tomllib.loads(file.read_text("utf-8")), Mapping)
        for table in mapping.table:
            check(table, file.name)
            found.append((table.platform or mapping.platform, table))
    return tuple(found)


def of_csv(head: bytes, name: str) -> tuple[str, Table] | None:
    """Tell which ready-made table a CSV is by its first kilobytes, the longest header winning."""
    if form(head) != "csv":
        return None
    encoding = "utf-16" if head[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8"
    folded = head[:8192].decode(encoding, "replace").casefold()
    found, columns = None, 0
    for platform, table in tables():
        if not fits(table, "", name):
            continue
        for header in table.headers:
            if len(header) > columns and all(column.casefold() in folded for column in header):
                try:
                    csv_grid(io.BytesIO(head), name, header)
                except ContainerError:
                    continue
                found, columns = (platform, table), len(header)
    return found


def of_workbook(book: Workbook) -> list[tuple[str, Table]]:
    """Tell which ready-made tables stand in the sheets of a workbook."""
    asked = [one for one in tables() if fits(one[1], "", book.name) and ".csv" not in one[1].file]
    tops = [Top(book.rows(sheet)) for sheet in book.sheets]
    found = [one for one in asked if any(_stands_in(top, one[1]) for top in tops)]
    platforms = {platform for platform, _table in found}
    notes = [one for one in asked if one[1].rows == "notes" and one[0] in platforms]
    return found + notes


def _stands_in(top: Top, table: Table) -> bool:
    return any(top.at(header) is not None for header in table.headers)
