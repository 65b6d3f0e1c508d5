"""Reading a whole export, file by file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from empreinte.container import Container
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.byte_order import opening
from empreinte.formats.csv_rows import Row, Rows
from empreinte.formats.drift import Watch
from empreinte.formats.lenient import Bad
from empreinte.language import message
from empreinte.model import ExportInfo, FileReport, Reject, Yielded
from empreinte.sources.reddit import acts, layout, posts
from empreinte.sources.reddit.names import PLATFORM
from empreinte.sources.reddit.owner import Owner, friends, statistics
from empreinte.sources.reddit.tables import COLUMNS, HEADERS, NOT_NEEDED, SAID_AGAIN, TRACES


def read(export: Container) -> Iterator[Yielded]:
    """Read an export; who its owner is stands in ``statistics.csv``, else in the zip's name."""
    files = layout.tables(export)
    owner = Owner.of(export, files)
    yield ExportInfo(observed=owner.observed, owner=(PLATFORM, owner.id))
    yield owner.account(next(iter(files), export.path.name))
    whole = set(files.values())
    for name, stem in files.items():
        reason = NOT_NEEDED.get(stem) or (SAID_AGAIN if HEADERS.get(stem) in whole else None)
        if reason is not None:
            yield FileReport(name=name, status="not needed", reason=reason)
            continue
        try:
            yield from _table(export, name, stem, owner)
        except EmpreinteError as error:
            yield FileReport(name=name, status="failed", reason=error.message)


def _table(export: Container, name: str, stem: str, owner: Owner) -> Iterator[Yielded]:
    """Read one table, row by row; a broken row loses only itself."""
    if not opening(export.head(name, 4)).strip():
        reason = message("The file holds nothing.")
        yield FileReport(name=name, status="not needed", reason=reason)
        return
    watch, met = Watch(COLUMNS[stem]), 0
    read_row, end = _reader(stem, owner, name, watch.bad)
    whole = True
    with export.open(name) as stream:
        rows = Rows(stream, name, bad=watch.bad)
        shape = frozenset(column.casefold() for column in rows.columns)
        for row in rows:
            met += 1
            if isinstance(row, Reject):
                whole = False
                yield row
                continue
            try:
                yield from tuple(read_row(row))
            except RecordError as error:
                whole = False
                yield Reject(
                    file=name, place=row.place, reason=error.message, raw=row.text()[:2000]
                )
    if end is not None and whole:
        yield from end()
    if met:
        watch.shapes[shape] = met  # all rows of a table have its columns
    yield FileReport(name=name, status="read", records=met, drift=watch.drift())


Ending = Callable[[], Iterator[Yielded]] | None


def _reader(
    stem: str, owner: Owner, name: str, bad: Bad
) -> tuple[Callable[[Row], Iterable[Yielded]], Ending]:
    """Give what reads a row of the table, and what follows its last one."""
    if stem == "friends":
        return friends(owner, name)
    if stem == "statistics":
        return statistics(owner, name, bad), None
    if stem in TRACES:
        return lambda row: acts.trace(row, name, owner.id, stem, bad), None
    of_row = posts.READERS.get(stem) or acts.READERS[stem]
    return lambda row: of_row(row, name, owner.id, bad), None
