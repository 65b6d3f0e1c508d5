"""Saved Jetstream: the network's events as JSON, a line each, with others' side of the story.

Format: https://github.com/bluesky-social/jetstream . An event is ``{did, time_us, kind}`` and, by
its kind, ``commit {rev, operation, collection, rkey, record, cid}``, ``identity`` or ``account``.
Where the owner is known, only what concerns the owner is kept. A ``delete`` never makes a record,
and what a later event of the same file deletes is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

import msgspec

from empreinte.container import Container
from empreinte.errors import RecordError
from empreinte.formats.dates import epoch
from empreinte.formats.drift import Watch
from empreinte.formats.lenient import FAILS, LOST, mend
from empreinte.language import Message, message
from empreinte.model import FileReport, Reject, Yielded
from empreinte.sources.bluesky.fields import COMMIT, EVENT
from empreinte.sources.bluesky.people import People, Seen
from empreinte.sources.bluesky.records import Found, Reader, text
from empreinte.sources.bluesky.repository import remark
from empreinte.sources.bluesky.syntax import Clock, did

MAX_LINE = 8 << 20
"""Bytes of one event; records reach 1 MiB, twice that as JSON."""
MAX_DELETED = 1_000_000
_CHUNK = 1 << 20
_KINDS = {"commit", "identity", "account", "sync", ""}


class Commit(msgspec.Struct):
    """One change in someone's repository; ``delete`` has neither record nor cid."""

    collection: str
    rkey: str
    operation: str = ""
    record: dict[str, Any] | None = None

    @property
    def path(self) -> str:
        """The record's place in its repository."""
        return f"{self.collection}/{self.rkey}"


class Event(msgspec.Struct):
    """One line."""

    did: str
    time_us: int | None = None
    kind: str = ""
    commit: Commit | None = None
    identity: dict[str, Any] | None = None


_ANY = msgspec.json.Decoder()


def lines(stream: IO[bytes], limit: int = MAX_LINE) -> Iterator[bytes | None]:
    """Give the lines of a stream that are not empty; ``None`` for one longer than `limit`."""
    rest = b""
    skipping = False
    while chunk := stream.read(_CHUNK):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if skipping:
                skipping = False
            elif line.strip():
                yield line
        if len(rest) > limit:
            rest = b""
            if not skipping:
                skipping = True
                yield None
    if rest.strip() and not skipping:
        yield rest


class Recording:
    """Reads one file of events."""

    def __init__(
        self, export: Container, file: str, written: datetime, owner: str | None, people: People
    ) -> None:
        self.export = export
        self.file = file
        self.owner = owner
        self.people = people
        self.clock = Clock(written)
        self.reader = Reader(file, self.clock, people)
        self.event, self.commit = Watch(EVENT), Watch(COMMIT, "commit.")
        self.gone: dict[int, int] = {}
        self.foreign = self.withdrawn = self.met = 0

    def read(self) -> Iterator[Yielded]:
        """Give what the file tells."""
        self._deletions()
        with self.export.open(self.file) as stream:
            for place, line in enumerate(lines(stream)):
                self.met = place + 1
                try:
                    yield from self._line(line, place)
                except RecordError as error:
                    raw = (line or b"")[:2000].decode("utf-8", "replace")
                    yield Reject(file=self.file, place=place, reason=error.message, raw=raw)
        drift = (*self.event.drift(), *self.commit.drift(), *self.reader.drift())
        yield FileReport(
            name=self.file, status="read", records=self.met, reason=self._remark(),
            drift=drift,
        )  # fmt: skip

    def _deletions(self) -> None:
        """Learn what the file itself takes back: those lines are few and easily told."""
        decoder = msgspec.json.Decoder(Event)
        with self.export.open(self.file) as stream:
            for line in lines(stream):
                if line is None or b'"delete"' not in line:
                    continue
                try:
                    event = decoder.decode(line)
                except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
                    continue  # told when the file is read for good
                commit = event.commit
                if commit and commit.operation == "delete" and len(self.gone) < MAX_DELETED:
                    self.gone[hash((event.did, commit.path))] = event.time_us or 0

    def _line(self, line: bytes | None, place: int) -> Iterator[Yielded]:
        if line is None:
            raise RecordError("A line longer than {limit} bytes; it was not read.", limit=MAX_LINE)
        fields, event = self._event(line)
        self.event.see(fields)
        if event.kind not in _KINDS:
            self.event.unknown(f"kind {event.kind}")
        if did(event.did) is None:
            raise RecordError("{text} is not the name of an account (did:…).", text=event.did)
        received = self.event.tried("time_us", epoch, event.time_us)
        if event.kind == "commit" and event.commit is None:
            raise RecordError("An event that does not hold the item that it is about.")
        if event.commit is not None:
            self.commit.see(fields["commit"])
            yield from self._commit(event.did, event.time_us or 0, event.commit, place, received)
        elif event.kind == "identity" and event.identity:
            handle = text(event.identity, "handle", self.event.bad)
            yield from self.people.met(
                Seen(did=event.did, handle=handle, file=self.file, place=place)
            )

    def _event(self, line: bytes) -> tuple[dict[str, Any], Event]:
        """Decode a line: all its fields, and those of the event that can be read."""
        try:
            fields = _ANY.decode(line)
            return fields, msgspec.convert(fields, Event)
        except FAILS as error:
            fields = mend(line, dict[str, Any], self.event.bad)
            event: Any = LOST
            if fields is not LOST:
                event = mend(msgspec.json.encode(fields), Event, self.event.bad)
            if event is LOST:
                raise RecordError(
                    "Not an item of the expected form ({cause}); its text is kept as it is.",
                    cause=error,
                ) from error
            return fields, event

    def _commit(
        self, who: str, time_us: int, commit: Commit, place: int, received: datetime | None
    ) -> Iterator[Yielded]:
        if commit.operation == "delete":
            return
        if commit.operation not in ("create", "update", ""):
            self.commit.unknown(f"operation {commit.operation}")
        if commit.record is None:
            raise RecordError("An event that does not hold the item that it is about.")
        if not self.reader.is_read(commit.collection, commit.record):
            return
        if not self._concerns(who, commit.record):
            self.foreign += 1
        elif self.gone.get(hash((who, commit.path)), 0) >= time_us:
            self.withdrawn += 1
        else:
            yield from self.reader.read(
                Found(who, commit.collection, commit.rkey, commit.record, place, received)
            )

    def _concerns(self, who: str, record: dict[str, Any]) -> bool:
        """Tell whether the owner wrote the record, or is answered, quoted or named in it."""
        if self.owner is None or who == self.owner:
            return True
        try:
            return self.owner.encode() in msgspec.json.encode(record)
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return False

    def _remark(self) -> Message | None:
        if self.foreign:
            return message(
                "Skipped, events that do not concern you ({owner}): {n}.",
                owner=self.owner, n=self.foreign,
            )  # fmt: skip
        if self.withdrawn:
            return message("Skipped, what the same file deletes later: {n}.", n=self.withdrawn)
        return remark(self.reader.others, self.clock.corrected)
