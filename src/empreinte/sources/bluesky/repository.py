"""The account's repository, ``repo.car``: everything that its owner wrote, liked and follows.

The root is a signed commit: ``did``, ``version`` (3 now, 2 to 2023), ``data`` (the top of the
tree), and in version 3 ``rev``, a TID: when the owner last did anything. The signature is not
verified: whose keys signed would have to be asked of the network.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import msgspec

from empreinte.container import Container
from empreinte.errors import ContainerError, EmpreinteError, RecordError
from empreinte.formats.drift import Watch
from empreinte.language import Message, message
from empreinte.model import Activity, FileReport, Reject, Roster, Yielded
from empreinte.sources.bluesky.car import Blocks, Entry, walk
from empreinte.sources.bluesky.fields import FOLLOW, ROOT
from empreinte.sources.bluesky.people import People
from empreinte.sources.bluesky.records import Found, Reader
from empreinte.sources.bluesky.syntax import PLATFORM, SLACK, Clock, did, tid_time

PIECE = 10_000
MAX_FOLLOWED = 2_000_000


class Repository:
    """One CAR file, opened: whose it is and of when.

    Attributes
    ----------
    owner : str
        The DID of the account.
    observed : datetime
        When the owner last wrote to it, if the commit tells; else the file's date.

    Raises
    ------
    ContainerError
        If it is no repository.
    """

    def __init__(self, export: Container, file: str, written: datetime) -> None:
        self.file = file
        with export.open(file) as stream:
            self.blocks = Blocks(stream, file)
        try:
            self.commit = self.blocks.node(self.blocks.root)
            owner = did(self.commit.get("did"))
            if owner is None or "data" not in self.commit:
                raise RecordError("The commit does not say whose repository it is.")
        except EmpreinteError as error:
            self.blocks.close()
            raise ContainerError(
                "{name} cannot be read from its root ({cause}). Download it again.",
                name=file, cause=error,
            ) from error  # fmt: skip
        self.owner: str = owner
        self.observed = _observed(self.commit, written)

    def read(self, people: People) -> Iterator[Yielded]:
        """Give the records of the repository, and close it."""
        try:
            yield from _Reading(self, people).read()
        finally:
            self.blocks.close()


class _Reading:
    """What is counted while a repository is read."""

    def __init__(self, repository: Repository, people: People) -> None:
        self.repository = repository
        self.file = repository.file
        self.clock = Clock(repository.observed)
        self.reader = Reader(self.file, self.clock, people)
        self.followed: dict[str, None] = {}
        self.whole = not repository.blocks.cut
        self.met = 0

    def read(self) -> Iterator[Yielded]:
        entries = walk(self.repository.blocks, self.repository.commit["data"])
        owner = self.repository.owner
        for place, entry in enumerate(entries):
            self.met = place + 1
            try:
                if entry.error is not None:
                    raise entry.error
                yield from self._record(owner, entry, place)
            except RecordError as error:
                self.whole = self.whole and _is_other(entry.key)
                yield self._reject(place, error.message, raw(entry.record, entry.key))
        if self.repository.blocks.cut:
            reason = message("The file ends in the middle: it was cut. Ask for the archive again.")
            yield self._reject(self.met, reason, "")
        if self.whole:
            yield from self._roster()
        yield self._report()

    def _record(self, owner: str, entry: Entry, place: int) -> list[Yielded]:
        collection, slash, key = entry.key.partition("/")
        record = entry.record
        if not slash or record is None:
            raise RecordError("{uri} is not the address of an item (at://…).", uri=entry.key)
        if not self.reader.is_read(collection, record):
            return []
        items = self.reader.read(Found(owner, collection, key, record, place))
        if collection == FOLLOW:
            for item in items:
                if isinstance(item, Activity) and item.object_id:
                    self.followed[item.object_id] = None
            self.whole = self.whole and len(self.followed) <= MAX_FOLLOWED
        return items

    def _reject(self, place: int, reason: Message, text: str) -> Reject:
        return Reject(file=self.file, place=place, reason=reason, raw=text[:2000])

    def _roster(self) -> Iterator[Roster]:
        """Give whom the owner follows; only if none can be missing, or they would seem to go."""
        everyone = tuple(self.followed)
        for start in range(0, len(everyone) or 1, PIECE):
            yield Roster(
                platform=PLATFORM, account_id=self.repository.owner, name="following",
                observed=self.repository.observed, members=everyone[start : start + PIECE],
                file=self.file, place=start,
            )  # fmt: skip

    def _report(self) -> FileReport:
        root = Watch(ROOT, "commit.")
        root.see(self.repository.commit)
        return FileReport(
            name=self.file, status="read", records=self.met,
            drift=(*root.drift(), *self.reader.drift()),
            reason=remark(self.reader.others, self.clock.corrected),
        )  # fmt: skip


def remark(others: Counter[str], corrected: int) -> Message | None:
    """Say which records were passed over and how many dates were not believed."""
    kinds = ", ".join(f"{name} ({n})" for name, n in others.most_common())
    if others and corrected:
        return message(
            "Skipped, items of other kinds: {kinds}. Dates that cannot be true, replaced by when "
            "the item was named or received: {n}.",
            kinds=kinds, n=corrected,
        )  # fmt: skip
    if others:
        return message("Skipped, items of other kinds: {kinds}.", kinds=kinds)
    if corrected:
        return message(
            "Dates that cannot be true, replaced by when the item was named or received: {n}.",
            n=corrected,
        )
    return None


def raw(record: Any, uri: str) -> str:
    """Write a record out for a reject, as far as it can be."""
    try:
        if record is None:
            return uri
        return f"{uri} {msgspec.json.encode(record).decode()}"[:2000]
    except (msgspec.MsgspecError, RecursionError, TypeError, ValueError):
        return uri


def _is_other(key: str) -> bool:
    """Tell whether what is lost was surely no follow."""
    return bool(key) and not key.startswith(f"{FOLLOW}/")


def _observed(commit: dict[str, Any], written: datetime) -> datetime:
    rev = commit.get("rev")
    moment = tid_time(rev) if isinstance(rev, str) else None
    return moment if moment and moment.year >= 2022 and moment <= written + SLACK else written
