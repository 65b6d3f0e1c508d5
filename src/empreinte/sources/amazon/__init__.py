"""The `amazon` source: "Request your data", tables in CSV by category.

`tables` tells what each is by its columns, whatever its name; `records` reads their rows, `wishes`
the wish lists. Made from public readers of real exports; no export was at hand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from empreinte.container import Container
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.csv_rows import Rows
from empreinte.formats.drift import Watch
from empreinte.language import _, message
from empreinte.model import Account, ExportInfo, FileReport, Presence, Reject, Yielded
from empreinte.sources.amazon import layout
from empreinte.sources.amazon.records import OWNER, PLATFORM, READERS, Where, cells_of
from empreinte.sources.amazon.tables import ASIDE, TABLES, meanings, reason
from empreinte.sources.amazon.wishes import ENTRY, wishes

NAME = "amazon"
VERSION = 1
USERS_M = 300
SEEN = "described"
LANGUAGES = ("en", "fr")
PRESENCE: dict[str, Presence] = {"View": "starts"}


def title() -> str:
    """Name the source."""
    return _("Amazon archive")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (
        _("orders"), _("digital orders"), _("reviews"), _("videos watched"), _("searches"),
        _("wish lists"), _("interests"), _("advertisers"), _("logins and devices"),
    )  # fmt: skip


def how_to_get() -> str:
    """Say how to ask for the archive."""
    return _(
        "On Amazon: Account & Lists, Your Account, Request your data (Data and privacy); choose "
        "Request all your data, and confirm by the e-mail. It is ready within a month, in several "
        "zips. Give them as they are."
    )


def wait() -> str:
    """Say how long it takes to come."""
    return _("up to a month")


def recognize(export: Container) -> Iterator[str]:
    """Give the folders under which Amazon's files lie."""
    return layout.roots(export)


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
