"""Reading a whole export, file by file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

from empreinte.container import Container
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.byte_order import opening
from empreinte.formats.csv_rows import Row, Rows
from empreinte.formats.dates import moment
from empreinte.formats.drift import Watch
from empreinte.language import message
from empreinte.model import Account, ExportInfo, FileReport, Reject, Roster, Yielded
from empreinte.sources.linkedin import layout, records
from empreinte.sources.linkedin.names import OWNER, PLATFORM, handle
from empreinte.sources.linkedin.tables import COLUMNS, NOT_NEEDED, TRACES

_DATE = re.compile(r"LinkedInDataExport_(\d{2}-\d{2}-\d{4})", re.IGNORECASE)
_ASIDE = re.compile(r"\.(?:html?|pdf|docx?|txt|jpe?g|png|gif|mp4|json)$", re.IGNORECASE)
PIECE = 50_000
"""Members of one `Roster` record."""


def read(export: Container) -> Iterator[Yielded]:
    """Read all tables, the profile first."""
    files = layout.tables(export)
    observed = _observed(export)
    yield ExportInfo(observed=observed, owner=(PLATFORM, OWNER))
    yield _owner(export, files)
    for name, kind in files.items():
        if kind in NOT_NEEDED:
            yield FileReport(name=name, status="not needed", reason=NOT_NEEDED[kind])
            continue
        try:
            yield from _table(export, name, kind, observed)
        except EmpreinteError as error:
            yield FileReport(name=name, status="failed", reason=error.message)
    for name in export.names():
        if _ASIDE.search(name):
            reason = message("Articles, documents and media are not read; tables tell of them.")
            yield FileReport(name=name, status="not needed", reason=reason)


def _observed(export: Container) -> datetime:
    """Give the date in the zip's name, else that of its newest file."""
    found = _DATE.search(export.called)
    try:
        return moment(found[1], order="mdy") if found else export.modified
    except RecordError:
        return export.modified


def _owner(export: Container, files: dict[str, str]) -> Account:
    """Make the owner's account: name from the profile, address from an invitation they sent."""
    file = next(iter(files), export.path.name)
    said = _first(export, files, "profile", lambda row: True) or Row()
    name = " ".join(filter(None, (said.get("First Name"), said.get("Last Name"))))
    url = None
    for direction, column in (("OUTGOING", "inviterProfileUrl"), ("INCOMING", "inviteeProfileUrl")):
        row = _first(
            export, files, "invitations",
            lambda row, d=direction, c=column: row.get("Direction") == d and bool(row.get(c)),
        )  # fmt: skip
        url = url or (row or {}).get(column)
    return Account(
        platform=PLATFORM, id=OWNER, handle=handle(url), name=name or None, url=url or None,
        summary=said.get("Headline") or said.get("Summary") or None, is_owner=True,
        whole=bool(name), file=file, place=0,
    )  # fmt: skip


_LOOKS = 1_000


def _first(
    export: Container, files: dict[str, str], kind: str, fits: Callable[[Row], bool]
) -> Row | None:
    """Give the first row of a table that fits, of its first thousand."""
    for name in (name for name, other in files.items() if other == kind):
        try:
            with export.open(name) as stream:
                for _n, row in zip(range(_LOOKS), Rows(stream, name), strict=False):
                    if isinstance(row, Row) and fits(row):
                        return row
        except EmpreinteError:
            continue  # told when the table is read for good
    return None


def _table(export: Container, name: str, kind: str, observed: datetime) -> Iterator[Yielded]:
    """Read one table, row by row; a broken row loses only itself."""
    if not opening(export.head(name, 64)).strip():
        reason = message("The file holds nothing.")
        yield FileReport(name=name, status="not needed", reason=reason)
        return
    watch, met, whole = Watch(COLUMNS[kind]), 0, True
    members: dict[str, None] = {}
    with export.open(name) as stream:
        header = sorted(COLUMNS[kind].needed & _HEADERS.get(kind, frozenset()))
        rows = Rows(stream, name, header, watch.bad)
        read_row = _reader(kind, rows.columns)
        for row in rows:
            met += 1
            if isinstance(row, Reject):
                whole = False
                yield row
                continue
            try:
                found = tuple(read_row(row, name, watch))
            except RecordError as error:
                raw = ",".join(row.cells)[:2000]
                whole = False
                yield Reject(file=name, place=row.place, reason=error.message, raw=raw)
                found = ()
                who = records.member(row, name) if kind == "connections" else None
                members.update({who.id: None} if who else {})
            for item in found:
                if kind == "connections" and isinstance(item, Account):
                    members[item.id] = None
                yield item
        if met:
            watch.shapes[frozenset(rows.columns)] = met  # all rows of a table have its columns
    if kind == "connections" and (members or whole):
        yield from _roster(tuple(members), name, observed)
    yield FileReport(name=name, status="read", records=met, drift=watch.drift())


_HEADERS = {
    "connections": frozenset(("First Name", "Last Name")),
    "memberfollows": frozenset(("FullName",)),
}
"""Tables with notes before the header, and columns that tell it from them."""


def _reader(kind: str, columns: tuple[str, ...]) -> records.Reader:
    """Give what reads a row of a table."""
    if kind == "adtargeting":
        return partial(records.targeting, columns=columns)
    if kind in TRACES:
        return partial(records.trace, kind=kind)
    return records.READERS[kind]


def _roster(members: tuple[str, ...], file: str, observed: datetime) -> Iterator[Yielded]:
    for start in range(0, len(members) or 1, PIECE):
        yield Roster(
            platform=PLATFORM, account_id=OWNER, name="followers", observed=observed,
            members=members[start : start + PIECE], file=file, place=start,
        )  # fmt: skip
