"""Reading a whole export, file by file."""

from __future__ import annotations

from collections.abc import Iterator

from empreinte.container import Container
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.byte_order import opening
from empreinte.formats.drift import Watch
from empreinte.formats.zones import Clues
from empreinte.language import message
from empreinte.model import Account, ExportInfo, FileReport, Reject, Yielded
from empreinte.sources.google import entries
from empreinte.sources.google.activity import layout, records
from empreinte.sources.google.names import GOOGLE, OWNER, raw
from empreinte.sources.google.takeout import clues, observed


def read(export: Container) -> Iterator[Yielded]:
    """Read all products, one after the other."""
    yield ExportInfo(observed=observed(export), owner=(GOOGLE, OWNER))
    names = sorted(export.names(), key=str.casefold)
    yield Account(
        platform=GOOGLE, id=OWNER, is_owner=True, file=names[0] if names else "", place=0
    )  # fmt: skip
    zone = clues(export)
    for name in names:
        kind = layout.kind(export, name) if not _is_aside(name, len(names)) else None
        if kind is None:
            if reason := _not_needed(export, name, len(names)):
                yield FileReport(name=name, status="not needed", reason=reason)
            continue
        try:
            yield from _entries(export, name, kind, zone)
        except EmpreinteError as error:
            yield FileReport(name=name, status="failed", reason=error.message)


def _is_aside(name: str, files: int) -> bool:
    return files > 1 and not name.lower().endswith((".json", ".html", ".htm"))


def _not_needed(export: Container, name: str, files: int):
    if _is_aside(name, files):
        return message("Recordings and pictures are not read; the items tell of them.")
    if opening(export.head(name, 64)).strip(b" \r\n\t[]") == b"":
        return message("The file holds nothing.")
    return None


def _entries(export: Container, name: str, kind: str, zone: Clues) -> Iterator[Yielded]:
    watch, met = Watch(entries.FIELDS), 0
    with export.open(name) as stream:
        for entry in entries.read(stream, name, watch, zone, as_page=kind == "html"):
            met += 1
            if isinstance(entry, Reject):
                yield entry
                continue
            try:
                yield records.trace(entry, name)
            except RecordError as error:
                yield Reject(file=name, place=entry.place, reason=error.message, raw=raw(entry))
    yield FileReport(name=name, status="read", records=met, drift=watch.drift())
