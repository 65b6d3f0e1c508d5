"""The JSON variant: one document of sections, parts in them, and lists in these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from empreinte.container import Container
from empreinte.errors import ContainerError, EmpreinteError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.json_array import Broken
from empreinte.formats.json_tree import EACH, INSIDE, SKIP, WHOLE, End, Path, walk
from empreinte.language import message
from empreinte.model import Account, ExportInfo, FileReport, Reject, Yielded
from empreinte.sources.tiktok import maps
from empreinte.sources.tiktok.reading import Part
from empreinte.sources.tiktok.records import OWNER, PLATFORM, Where
from empreinte.sources.tiktok.sections import HOLDERS, MAPS, RECORDS, given, part

_NAME = re.compile(rb'"userName"\s*:\s*("(?:[^"\\]|\\.){1,200}")')
_CHUNK = 1 << 20
_OVERLAP = 1_000


def read(export: Container, name: str, observed: datetime) -> Iterator[Yielded]:
    """Read the document; what is broken loses only itself."""
    owner = _owner(export, name)
    yield ExportInfo(observed=observed, owner=(PLATFORM, owner))
    reading = _Reading(owner, name, observed)
    failed = None
    try:
        with export.open(name) as stream:
            for path, value in walk(stream, reading.ask):
                yield from reading.met(path, value)
    except EmpreinteError as error:
        failed = error.message
    if not reading.told:
        yield Account(platform=PLATFORM, id=owner, is_owner=True, file=name, place=0)
    left = message(
        "Private messages, purchases and what concerns other people in this file are not read."
    )
    yield FileReport(
        name=name, status="failed" if failed else "read", reason=failed or left,
        records=sum(one.met for one in reading.parts.values()), drift=reading.drift(),
    )  # fmt: skip


def _owner(export: Container, name: str) -> str:
    """Find the user name, which stands near the end of the file: it is in most records."""
    tail = b""
    try:
        with export.open(name) as stream:
            while chunk := stream.read(_CHUNK):
                tail += chunk
                found = _NAME.search(tail)
                if found:
                    said = given(msgspec.json.decode(found[1], type=str))
                    return said.lower() if said else OWNER
                tail = tail[-_OVERLAP:]
    except (ContainerError, msgspec.MsgspecError, UnicodeDecodeError):
        pass  # told when the file is read for good
    return OWNER


class _Reading:
    """What was met of the document so far."""

    def __init__(self, owner: str, file: str, observed: datetime) -> None:
        self.at = Where(owner, file, 0, observed)
        self.parts: dict[Path, Part] = {}
        self.told = False
        self.sections = Watch(Fields(), prefix="")
        self._unknown: set[str] = set()

    def ask(self, path: Path) -> str:
        """Tell the walk what is wanted of each value."""
        if len(path) < 2:
            if path and path[0] not in HOLDERS:
                self._unknown.add(path[0])
                return SKIP
            return INSIDE
        kind = part(path[1])
        if kind is None:
            self._unknown.add(" > ".join(path[:2]))
        if len(path) == 2:
            return WHOLE if kind in MAPS else INSIDE if kind in RECORDS else SKIP
        return EACH if len(path) == 3 and kind in RECORDS else SKIP

    def met(self, path: Path, value: Any) -> Iterable[Yielded]:
        """Read one value that was asked for."""
        reader = self.parts.get(path)
        if reader is None:
            kind = part(path[1]) or ""
            if kind in MAPS:
                return self._map(kind, value)
            reader = Part(kind, path[1], self.at.owner, self.at.file, self.at.observed)
            self.parts[path] = reader
        if isinstance(value, End):
            return reader.end()
        if isinstance(value, Broken):
            return [reader.lost(value.reason, value.raw)]
        return reader.record(value)

    def _map(self, kind: str, value: Any) -> Iterator[Yielded]:
        if isinstance(value, Broken):
            yield Reject(file=self.at.file, place=0, reason=value.reason, raw=value.raw)
            return
        if kind == "profile" and not self.told:
            self.told = True
            yield maps.owner(value, self.at)
        yield from maps.READERS[kind](value, self.at)

    def drift(self):
        """Tell of fields gone and new in each list, and of sections that are not known."""
        if self._unknown:
            self.sections.see(self._unknown)
        found = [reader.watch.drift() for reader in self.parts.values()]
        return tuple(drift for each in (self.sections.drift(), *found) for drift in each)
