"""The JSON variant: one document of sections, parts in them, and lists in these."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from empreinte.container import Container
from empreinte.errors import ContainerError, EmpreinteError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.json_array import Broken
from empreinte.formats.json_tree import EACH, INSIDE, SKIP, WHOLE, End, Other, Path, walk
from empreinte.language import message
from empreinte.model import Account, Drift, ExportInfo, FileReport, Reject, Yielded
from empreinte.sources.tiktok import maps
from empreinte.sources.tiktok.reading import Part
from empreinte.sources.tiktok.records import OWNER, PLATFORM, Where
from empreinte.sources.tiktok.sections import HOLDERS, MAPS, RECORDS, given, meaning, part

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
            found = walk(stream, reading.ask, reading.bad)
            for path, value in found:
                yield from reading.met(path, value, found.text)
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
        self.sections = Watch(Fields())
        self.at = Where(owner, file, 0, observed, self.sections)
        self.parts: dict[Path, Part] = {}
        self.maps: dict[Path, Watch] = {}
        self.told = False
        self._asked: Path = ()

    def ask(self, path: Path) -> str:
        """Tell the walk what is wanted of each value."""
        self._asked = path
        if len(path) < 2:
            if path and path[0] not in HOLDERS:
                self.sections.unknown(path[0])
                return SKIP
            return INSIDE
        kind = part(path[1])
        if kind is None:
            self.sections.unknown(" > ".join(path[:2]))
        if len(path) == 2:
            return WHOLE if kind in MAPS else INSIDE if kind in RECORDS else SKIP
        return EACH if len(path) == 3 and kind in RECORDS and path[2] != "App" else SKIP

    def bad(self, name: str, value: object) -> None:
        """Be told, by the walk, of what cannot be read in the values that are asked for."""
        kind = part(self._asked[1]) if len(self._asked) > 1 else None
        if kind in RECORDS:
            self._part(self._asked).watch.bad(meaning(name) or name, value)
        elif kind in MAPS:
            self._map_watch(self._asked).bad(name, value)

    def met(self, path: Path, value: Any, text: Callable[[], str]) -> Iterable[Yielded]:
        """Read one value that was asked for, whose text is `text`."""
        kind = part(path[1]) if len(path) > 1 else None
        if isinstance(value, Other):
            if value.raw[:1] != '"' or given(value.raw.strip('"')[:2]) is not None:
                self.sections.unknown(" > ".join(path))
            return ()
        if kind in MAPS:
            return self._map(kind, path, value)
        reader = self._part(path)
        if isinstance(value, End):
            return reader.end()
        if isinstance(value, Broken):
            return [reader.lost(value.reason, value.raw)]
        return reader.record(value, text)

    def _part(self, path: Path) -> Part:
        reader = self.parts.get(path)
        if reader is None:
            kind = part(path[1]) or ""
            reader = Part(kind, path[1], self.at.owner, self.at.file, self.at.observed)
            self.parts[path] = reader
        return reader

    def _map_watch(self, path: Path) -> Watch:
        fields = maps.FIELDS.get(part(path[1]) or "", Fields())
        return self.maps.setdefault(path, Watch(fields, prefix=f"{path[1]}: "))

    def _map(self, kind: str, path: Path, value: Any) -> Iterator[Yielded]:
        if isinstance(value, Broken):
            yield Reject(file=self.at.file, place=0, reason=value.reason, raw=value.raw)
            return
        at = self.at._replace(watch=self._map_watch(path))
        if kind == "profile" and not self.told:
            self.told = True
            yield maps.owner(value, at)
        yield from maps.READERS[kind](value, at)

    def drift(self) -> tuple[Drift, ...]:
        """Tell of fields gone and new in each part, and of parts that are not known."""
        watches = (
            self.sections, *self.maps.values(), *(reader.watch for reader in self.parts.values())
        )  # fmt: skip
        return tuple(drift for watch in watches for drift in watch.drift())
