"""One file being read: its elements, its rejects, what is said of it in the end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Any, TypeVar

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.json_array import Broken, Elements, elements
from empreinte.language import Message, message
from empreinte.model import RAW_LIMIT, Account, FileReport, Reject, Trace
from empreinte.sources.x import fields
from empreinte.sources.x.files import is_month, kind_of

T = TypeVar("T")

PLATFORM = "x"
CUT = "The file ends in the middle: it was cut. Ask for the archive again."
"""What `elements` says of a file that was cut."""
_GLIMPSES = 200_000
"""Accounts remembered as already told of (20 MB); beyond, some are told of again."""


@dataclass
class Archive:
    """What is known of the whole archive while its files are read."""

    observed: datetime
    owner: str | None = None
    handle: str | None = None
    expected: dict[str, int] = field(default_factory=dict)
    """Elements in each file, as the archive itself counts them."""
    remarks: list[Message] = field(default_factory=list)
    """Said with the first files read: that the archive lacks its own date, or its owner."""
    seen: set[str | None] = field(default_factory=set)
    """Ids of accounts that were told of, and those that never are: the owner's, and -1."""

    def __post_init__(self) -> None:
        self.seen |= {None, "", "-1", self.owner}

    def glimpse(
        self, identifier: str, handle: str | None, name: str | None, file: str, place: int
    ) -> Account:
        """Give an account met in passing, and remember that it was told of."""
        if len(self.seen) >= _GLIMPSES:
            self.seen = {None, "", "-1", self.owner}
        self.seen.add(identifier)
        return Account(
            platform=PLATFORM, id=identifier, handle=handle or None, name=name or None,
            url=f"https://x.com/{handle}" if handle else None, file=file, place=place,
        )  # fmt: skip


@dataclass
class Reading:
    """One file: what was met in it so far."""

    archive: Archive
    export: Container
    name: str
    met: int = 0
    """Elements of the array, broken ones too."""
    records: int | None = None
    """What `FileReport.records` tells where an element holds several; else `met`."""
    broken: int = 0
    reason: Message | None = None
    """Why the first broken record is broken."""
    damage: Message | None = None
    """Why the rest of the file could not be read."""
    remarks: list[Message] = field(default_factory=list)
    """Said of a file that was read; the first one is shown."""
    watches: list[Watch] = field(default_factory=list)
    """What its records hold against what is expected of them; the first is told of values lost."""
    found: Elements[Any] | None = None
    """The elements being read."""

    def items(self, type: type[T]) -> Iterator[tuple[int, T | Reject]]:
        """Give each element with its place; a broken one as the `Reject` to yield."""
        lookers = self._watch()
        try:
            with self.export.open(self.name) as stream:
                self.found = elements(stream, type, None, lookers, self.watch.bad)
                for place, item in enumerate(self.found):
                    self.met = place + 1
                    if isinstance(item, Broken):
                        if item.reason.template == CUT:
                            self.damage = item.reason
                        yield place, self.reject(place, item.reason, item.raw)
                    else:
                        yield place, item
        except ContainerError as error:
            self.damage = error.message
        if not self.met and b"[" not in self.export.head(self.name):
            self.damage = self.damage or message("The file is empty. Ask for the archive again.")

    def _watch(self) -> list[Watch]:
        kind = kind_of(self.name)
        head = self.export.head(self.name)
        watch = fields.watch(kind[0] if kind else "", head, is_month(self.name))
        watches = [watch] if watch else []
        self.watches += watches
        return watches

    @property
    def watch(self) -> Watch:
        """Is told of values that cannot be read."""
        if not self.watches:
            self.watches.append(Watch(Fields()))
        return self.watches[0]

    def reject(self, place: int, reason: Message, raw: str | None = None) -> Reject:
        """Make the `Reject` of a record: its place, why, and the start of its text.

        Without `raw` this is the text of the element given last, which stands at `place`.
        """
        self.broken += 1
        self.reason = self.reason or reason
        if raw is None:
            raw = self.found.text(place) if self.found is not None else ""
        return Reject(file=self.name, place=place, reason=reason, raw=raw[:RAW_LIMIT])

    def trace(
        self,
        place: int,
        kind: str,
        label: str,
        at: datetime | None = None,
        detail: dict[str, Any] | None = None,
    ) -> Trace:
        """Make a trace of the owner."""
        return Trace(
            platform=PLATFORM, account_id=self.archive.owner, kind=kind, label=label, at=at,
            detail=detail, file=self.name, place=place,
        )  # fmt: skip

    @property
    def failure(self) -> Message | None:
        """Why the file is not whole, ``None`` where it is; single bad records do not count."""
        if self.damage is None and 0 < self.met <= self.broken:
            return self.reason
        return self.damage

    def report(self) -> FileReport:
        """Say what became of the file, and whether it holds as much as the archive says."""
        records = self.met if self.records is None else self.records
        drift = tuple(chain.from_iterable(watch.drift() for watch in self.watches))
        if self.failure is not None:
            return FileReport(
                name=self.name, status="failed", records=records, reason=self.failure, drift=drift
            )
        expected = self.archive.expected.get(self.name, self.met)
        if expected != self.met:
            self.remarks.append(
                message(
                    "Items that the archive says it has here: {expected}; items found: {found}.",
                    expected=expected,
                    found=self.met,
                )
            )
        if self.archive.remarks and self.met:
            self.remarks.append(self.archive.remarks.pop(0))
        reason = self.remarks[0] if self.remarks else None
        return FileReport(
            name=self.name, status="read", records=records, reason=reason, drift=drift
        )


def mapping(item: object, *keys: str) -> dict[str, Any]:
    """Go down nested objects; give ``{}`` where there is none.

    >>> mapping({"ad": {"adsUserData": {"a": 1}}}, "ad", "adsUserData")
    {'a': 1}
    """
    for key in keys:
        item = item.get(key) if isinstance(item, dict) else None
    return item if isinstance(item, dict) else {}
