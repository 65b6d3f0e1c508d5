"""The `counter` source: the log of events of one's own shop (``empreinte shop pull``).

A line of JSON each, the first says what it is. Format: docs/sources/counter.md. There is no person
in it: whoever reserved is not known, and what they did is told of the shop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any

import msgspec

from empreinte.container import Container
from empreinte.errors import EmpreinteError, RecordError
from empreinte.formats.dates import moment
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.lenient import FAILS, LOST, mend
from empreinte.language import _
from empreinte.model import (
    RAW_LIMIT,
    Account,
    Activity,
    ExportInfo,
    FileReport,
    Reject,
    Trace,
    Yielded,
)

NAME = "counter"
VERSION = 2
SEEN = "real"
LANGUAGES = ()

MAX_LINE = 1 << 20
VERBS = {
    "send": "Offer", "confirm": "Accept", "refuse": "Reject", "prepare": "Update",
    "collect": "Arrive", "cancel": "Remove", "expire": "Ignore", "miss": "Leave", "undo": "Undo",
}  # fmt: skip
"""AS2 verbs of what happens to a reservation; a form that is only opened is no act."""
TRACED = ("hold", "answer", "lack", "from", "told", "stock", "sold", "made", "closed")
"""What is no step of a reservation; also what an `undo` takes back that leads to no state."""
_HEAD = re.compile(rb'\s*\{[^\n]{0,400}?"format"\s*:\s*"empreinte-counter"')
_NAMES = re.compile(r"(.*/)?[^/]+\.(jsonl|ndjson)", re.IGNORECASE)
_LINE = Fields((), "product n price")
_EVENT = Fields(
    "id at act by", "reservation before after product n day undoes starts ends via told",
    {"lines": _LINE},
)  # fmt: skip
_FIRST = Fields("format version shop name written", "address currency")


class Head(msgspec.Struct):
    """The first line."""

    shop: str
    name: str | None = None
    address: str | None = None
    written: str | None = None


class Line(msgspec.Struct):
    """Pieces of a product in a reservation."""

    product: str
    n: int | None = None
    price: int | None = None


class Event(msgspec.Struct):
    """Any other line."""

    id: int
    act: str
    at: str | None = None
    by: str | None = None
    reservation: int | None = None
    before: str | None = None
    after: str | None = None
    product: str | None = None
    n: int | None = None
    day: str | None = None
    undoes: int | None = None
    lines: list[Line] = []
    starts: str | None = None
    ends: str | None = None
    via: str | None = None
    told: Any = None


def title() -> str:
    """Name the source."""
    return _("Your shop’s counter")


def reads() -> tuple[str, ...]:
    """List what is read."""
    return (_("reservations and collections"), _("stock"))


def how_to_get() -> str:
    """Say how to get it."""
    return _(
        "Give “empreinte shop pull” with the secret address of your counter page; or open that "
        "page, choose “The log of events” and import the file."
    )


def recognize(export: Container) -> Iterator[str]:
    """Give the files that are such logs."""
    for name in export.names():
        if _NAMES.fullmatch(name) and _HEAD.match(export.head(name, 512)):
            yield name


def read(export: Container) -> Iterator[Yielded]:
    """Read a log, line by line; a broken one loses only itself."""
    for name in export.names():
        try:
            yield from Log(export, name).read()
        except EmpreinteError as error:
            yield FileReport(name=name, status="failed", reason=error.message)


class Log:
    """Reads one log."""

    def __init__(self, export: Container, name: str) -> None:
        self.export, self.name = export, name
        self.first, self.events = Watch(_FIRST), Watch(_EVENT)
        self.held: dict[int, tuple[str, str | None]] = {}
        self.shop = ""

    def read(self) -> Iterator[Yielded]:
        """Give what it tells."""
        met = 0
        with self.export.open(self.name) as stream:
            for place, line in enumerate(_lines(stream)):
                met = place + 1
                try:
                    yield from self._head(line) if not place else self._event(line, place)
                except RecordError as error:
                    raw = line[:RAW_LIMIT].decode("utf-8", "replace")
                    yield Reject(file=self.name, place=place, reason=error.message, raw=raw)
        drift = (*self.first.drift(), *self.events.drift())
        yield FileReport(name=self.name, status="read", records=met, drift=drift)

    def _head(self, line: bytes) -> Iterator[Yielded]:
        try:
            head: Head = _decoded(line, Head, self.first)
        except RecordError as error:
            raise EmpreinteError("The first line does not say whose counter it is.") from error
        written = self.first.tried("written", moment, head.written) or self.export.modified
        self.shop = head.shop
        yield ExportInfo(observed=written, owner=(NAME, head.shop))
        yield Account(
            file=self.name, place=0, platform=NAME, id=head.shop, name=head.name,
            url=head.address or None, is_owner=True, whole=True,
        )  # fmt: skip

    def _event(self, line: bytes, place: int) -> Iterator[Yielded]:
        event: Event = _decoded(line, Event, self.events)
        at = self.events.tried("at", moment, event.at)
        if event.act == "hold":
            self._hold(event)
        if event.act in TRACED or (event.act == "undo" and event.after is None):
            yield self._trace(event, place, at)
        elif event.act in VERBS:
            yield self._act(event, place, at)
            if event.told == "ask":
                yield self._trace(event, place, at, "ask")
        else:
            self.events.unknown(f"act {event.act}")

    def _hold(self, event: Event) -> None:
        """Remember what was chosen, and by which post's code one came: later lines say neither."""
        if event.reservation is not None:
            chosen = "; ".join(
                line.product if line.n is None else f"{line.n} × {line.product}"
                for line in event.lines
            )
            self.held[event.reservation] = chosen, event.via

    def _act(self, event: Event, place: int, at: datetime | None) -> Activity:
        number = event.reservation
        chosen, via = self.held.get(number, ("", None)) if number is not None else ("", None)
        return Activity(
            file=self.name, place=place, platform=NAME, type=VERBS[event.act], actor_id=None,
            id=f"{self.shop}/{event.id}",
            object_id=None if number is None else f"{self.shop}/r{number}",
            object_author=self.shop, published=at, content=chosen or None, via=via,
        )  # fmt: skip

    def _trace(
        self, event: Event, place: int, at: datetime | None, label: str | None = None
    ) -> Trace:
        told = {
            "product": event.product, "n": event.n, "day": event.day, "event": event.id,
            "reservation": event.reservation, "undoes": event.undoes, "told": event.told,
            "starts": event.starts, "ends": event.ends, "via": event.via,
            "lines": msgspec.to_builtins(event.lines) or None,
        }  # fmt: skip
        return Trace(
            file=self.name, place=place, platform=NAME, account_id=self.shop, kind="activity",
            label=label or event.act, at=at,
            detail={name: value for name, value in told.items() if value is not None},
        )  # fmt: skip


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Give the lines that are not empty; one that is too long ends in the middle, and is told."""
    while line := stream.readline(MAX_LINE):
        if line.strip():
            yield line


def _decoded(line: bytes, kind: Any, watch: Watch) -> Any:
    """Decode a line, without the fields of it that cannot be read."""
    try:
        fields: Any = msgspec.json.decode(line)
        found = msgspec.convert(fields, kind)
    except FAILS as error:
        fields = mend(line, dict[str, Any], watch.bad)
        found = LOST if fields is LOST else mend(msgspec.json.encode(fields), kind, watch.bad)
        if found is LOST:
            raise RecordError(
                "Not an item of the expected form ({cause}); its text is kept as it is.",
                cause=error,
            ) from error
    watch.see(fields)
    return found
