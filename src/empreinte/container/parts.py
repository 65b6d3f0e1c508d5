"""Several archives that share one tree: how parts are named, and how they are read as one.

Names seen: Google's ``takeout-20260826T134512Z-001.zip`` and, since 2024, with a number of the
batch, ``takeout-20260826T134512Z-3-002.zip`` (both also ``.tgz``); Meta's
``facebook-name-2026-09-01-AbCdEf.zip``, the last letters drawn anew for each part; numbers at the
end (``-1``, ``_part2``); the ``(1)`` of a browser that downloads a name for the second time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import IO, NamedTuple

from empreinte.container import limits, names, zips
from empreinte.container.stores import Store
from empreinte.language import message
from empreinte.model import FileReport

_PACKED = re.compile(r"\.(zip|tgz|tar\.gz|tar)$", re.IGNORECASE)
_TAKEOUT = re.compile(r"(takeout-\d{8}T\d{6}Z)(?:-(\d{1,3}))?-(\d{3})", re.IGNORECASE)
_META = re.compile(
    r"((?:facebook|instagram|threads|meta)-.{1,200}-\d{4}-\d{2}-\d{2})-[A-Za-z0-9]{4,16}"
    r"(?:[ _-]\(?(\d{1,3})\)?)?",
    re.IGNORECASE,
)
_COPY = re.compile(r"[ _]?\((\d{1,3})\)$")
_DATED = re.compile(r"\d{4}[-_.]\d{2}[-_.]\d{2}$")
_NUMBERED = re.compile(r"(.*?)[ _.-]+(part|partie|teil)?[ _.-]*(\d{1,3})$", re.IGNORECASE)


class Part(NamedTuple):
    """What the name of an archive tells of its place among others.

    Attributes
    ----------
    export : str
        The name without the part's number: those that share it may be one export.
    batch, number, copy : int
        Their order; 0 where the name has none.
    sure : bool
        Whether such a number is given to parts of one export only.
    stamped : bool
        Whether `export` names one export in the world, wherever its parts lie.
    """

    export: str
    batch: int = 0
    number: int = 0
    copy: int = 0
    sure: bool = False
    stamped: bool = False


def part(name: str) -> Part:
    """Read the name of an archive.

    >>> part("takeout-20260826T134512Z-3-002.zip")[:3]
    ('takeout-20260826t134512z.zip', 3, 2)
    >>> part("twitter-2026-03-01.zip").export
    'twitter-2026-03-01.zip'
    """
    packed = _PACKED.search(name)
    if packed is None:
        return Part(name.casefold())
    kind = ".zip" if packed[1].lower() == "zip" else ".tgz"
    stem, copy = name[: packed.start()], 0
    if found := _COPY.search(stem):
        stem, copy = stem[: found.start()], int(found[1])
    if found := _TAKEOUT.fullmatch(stem):
        return _of(found[1], kind, int(found[2] or 0), int(found[3]), copy, True, True)
    if found := _META.fullmatch(stem):
        return _of(found[1], kind, 0, int(found[2] or 0), copy, True, True)
    if not _DATED.search(stem) and (found := _NUMBERED.fullmatch(stem)):
        sure = bool(found[2]) or (len(found[3]) == 3 and found[3].startswith("0"))
        return _of(found[1], kind, 0, int(found[3]), copy, sure, False)
    return _of(stem, kind, 0, 0, copy, False, False)


def _of(
    stem: str, kind: str, batch: int, number: int, copy: int, sure: bool, stamped: bool
) -> Part:
    return Part(stem.casefold() + kind, batch, number, copy, sure, stamped)


def absent(paths: Iterable[Path]) -> list[str]:
    """Name the parts that must exist before those given and are not there.

    Google alone numbers so that it can be told: from 001 on, in each batch. Whether one comes
    after the last cannot be known.
    """
    there: dict[tuple[str, int], dict[int, Path]] = {}
    for path in paths:
        known = part(path.name)
        if known.number and known.stamped and known.export.startswith("takeout-"):
            there.setdefault((known.export, known.batch), {})[known.number] = path
    found = []
    for parts in there.values():
        given = parts[min(parts)]
        named = _TAKEOUT.match(given.name)
        assert named is not None  # only those were taken in
        before = given.name[: named.start(3)]
        missing = sorted(set(range(1, max(parts))) - set(parts))
        found += [f"{before}{number:03d}{given.suffix}" for number in missing]
    return found


class Parts(Store):
    """Several archives that share one tree; a file that stands in two of them is one file."""

    def __init__(self, parts: Sequence[tuple[Path, Store]]) -> None:
        super().__init__()
        self.parts = [store for _path, store in parts]
        self.home: dict[str, Store] = {}
        for path, store in parts:
            self._join(path, store)

    def _join(self, path: Path, store: Store) -> None:
        met = {name for name in store.members if name in self.members}
        same = {name for name in met if self._is_same(name, store)}
        if store.members and len(same) == len(store.members):
            self._skip(path.name, "not needed", "The same archive a second time; it is read once.")
            return
        self.skipped += store.skipped
        for name, member in store.members.items():
            if name in same:
                continue
            if name in met and names.is_cover(name):
                self._skip(name, "not needed", "Each part begins with a page of its own.")
            elif name in met:
                self._skip(
                    name, "failed", "A second file of the same name; the first one was read."
                )
            else:
                self.members[name] = member
                self.home[name] = store
        if len(self.members) + len(self.skipped) > limits.MAX_MEMBERS:
            raise limits.too_many()

    def _is_same(self, name: str, store: Store) -> bool:
        if self.members[name].size != store.members[name].size:
            return False
        # None: a picture in a tar. The same name and size is all that is known, and enough.
        return self.home[name].checksum(name) == store.checksum(name)

    def open(self, name: str) -> IO[bytes]:
        return self.home[name].open(name)

    def packed_size(self, name: str) -> int | None:
        return self.home[name].packed_size(name)

    def checksum(self, name: str) -> str | None:
        return self.home[name].checksum(name)

    def close(self) -> None:
        for store in self.parts:
            store.close()


def refuse_too_many(paths: Iterable[Path]) -> None:
    """Count the members of all zips before the first is opened: each alone may be within limits.

    Raises
    ------
    ContainerError
        If they hold more than `limits.MAX_MEMBERS` together.
    """
    total = 0
    for path in paths:
        if path.name.lower().endswith(".zip"):
            total += zips.count(path)
        if total > limits.MAX_MEMBERS:
            raise limits.too_many()


def report_absent(paths: Iterable[Path]) -> list[FileReport]:
    """Tell the parts that are not there."""
    reason = message(
        "This part of the archive was not given, and what it holds is not read. Download it too, "
        "and import all parts together."
    )
    return [FileReport(name=name, status="failed", reason=reason) for name in absent(paths)]
