"""Reading a whole export, file by file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from empreinte.container import Container
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.csv_rows import Rows
from empreinte.formats.drift import Watch
from empreinte.language import message
from empreinte.model import Account, ExportInfo, FileReport, Reject, Yielded
from empreinte.sources.amazon import layout
from empreinte.sources.amazon.records import OWNER, PLATFORM, READERS, Where, cells_of
from empreinte.sources.amazon.tables import ASIDE, TABLES, meanings, reason
from empreinte.sources.amazon.wishes import ENTRY, wishes


def read(export: Container) -> Iterator[Yielded]:
    """Read all tables; one that cannot be read fails alone."""
    observed, files = export.modified, layout.files(export)
    yield ExportInfo(observed=observed, owner=(PLATFORM, OWNER))
    first = next(iter(files), export.path.name)
    yield Account(platform=PLATFORM, id=OWNER, is_owner=True, file=first, place=0)
    for name, kind in files.items():
        try:
            yield from _file(export, name, kind, observed)
        except EmpreinteError as error:
            yield FileReport(name=name, status="failed", reason=error.message)
    for name in export.names():
        why = reason(name) if name not in files else None
        if name not in files and ASIDE.search(name):
            why = message("Documents, pictures and sounds are not read; tables tell of them.")
        if why:
            yield FileReport(name=name, status="not needed", reason=why)


def _file(export: Container, name: str, kind: str, observed: datetime) -> Iterator[Yielded]:
    """Read one file, row by row; a broken row loses only itself."""
    met = 0
    with export.open(name) as stream:
        if kind == "wishes":
            watch = Watch(ENTRY)
            for item in wishes(stream, Where(name, 0, observed, watch)):
                met += 1
                yield item
            yield FileReport(name=name, status="read", records=met, drift=watch.drift())
            return
        watch, reader = Watch(TABLES[kind].fields), READERS[kind]

        def bad(column: str, cell: object) -> None:
            (meaning,) = meanings((column,))
            if meaning in reader.columns:
                watch.bad(meaning, cell)

        rows = Rows(stream, name, bad=bad)
        columns = meanings(rows.columns)
        asked = [(n, column) for n, column in enumerate(columns) if column in reader.columns]
        for place, cells in rows.lines():
            met += 1
            if isinstance(cells, Reject):
                yield cells
                continue
            try:
                here = Where(name, place, observed, watch)
                found = list(reader.read(cells_of(asked, cells), here))
            except RecordError as error:
                raw = ",".join(map(str.strip, cells))[:2000]
                yield Reject(file=name, place=place, reason=error.message, raw=raw)
                continue
            yield from found
    if met:
        watch.shapes[frozenset(columns)] = met  # all rows of a table have its columns
    yield FileReport(name=name, status="read", records=met, drift=watch.drift())
