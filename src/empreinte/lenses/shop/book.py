"""What the log of a counter says, put together again: each reservation, the stock, the facts.

What happened to a reservation is replayed in the order of the log; an `Undo` takes back what came
last. Nothing here is drawn or said.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from empreinte.language import _
from empreinte.plugins import Tables
from empreinte.report import Evidence, Scope

STATES = {
    "Offer": "asked", "Accept": "confirmed", "Reject": "refused", "Update": "ready",
    "Arrive": "collected", "Remove": "cancelled", "Ignore": "expired", "Leave": "no_show",
}  # fmt: skip
LIVE = ("held", "asked", "confirmed", "ready")
STOCKED = ("stock", "sold", "made")
ACTS = """
    select type, object_id, platform || ':' || object_channel as shop, published, place, via
    from acts
    where platform = 'counter' and to_me and in_channels(platform || ':' || object_channel)
      and before_until(published)
    order by shop, place"""
TRACES = """
    select label, channel as shop, "at", detail, place from traces
    where platform = 'counter' and mine and kind = 'activity' and in_channels(channel)
      and before_until("at")
    order by shop, place, label"""
FETCHED = """select max(observed) as observed from imports
    where source = 'counter' and in_channels(owner_platform || ':' || owner_id)"""


@dataclass
class Reservation:
    """A reservation, as far as the log has come.

    Attributes
    ----------
    key : str
        What its acts have as object.
    past : list of (state, moment)
        The states that it went through, without what was taken back. Moments are UTC.
    starts, ends : datetime or None
        Its slot.
    left : int or None
        Places that its slot had left once it was held.
    lines : tuple of (product, pieces, cents)
        What was chosen; ``None`` cents where the price is said at the counter.
    via : str or None
        The code by which one came.
    asked : bool
        Whether who collected it was to be asked what brought them.
    answer : str or None
        What they said.
    """

    key: str
    shop: str
    past: list[tuple[str, datetime | None]] = field(default_factory=list)
    starts: datetime | None = None
    ends: datetime | None = None
    left: int | None = None
    lines: tuple[tuple[str, int, int | None], ...] = ()
    via: str | None = None
    asked: bool = False
    answer: str | None = None

    @property
    def state(self) -> str:
        return self.past[-1][0] if self.past else "held"

    @property
    def made(self) -> datetime | None:
        return self.past[0][1] if self.past else None

    @property
    def was_sent(self) -> bool:
        return any(state == "asked" for state, _at in self.past)

    def at(self, state: str) -> datetime | None:
        """Give when it came into a state; ``None`` if it did not."""
        return next((at for one, at in self.past if one == state), None)


@dataclass
class Lack:
    """A request refused for lack of a product, or of a place in the slot that `starts` then."""

    at: datetime | None
    product: str | None
    starts: datetime | None


@dataclass(frozen=True)
class Fact:
    """What a shop's file says since a moment."""

    shop: str
    at: datetime | None
    said: dict[str, Any]


@dataclass
class Book:
    """What the logs in scope say.

    Attributes
    ----------
    reservations : list of Reservation
        All of them, in the order in which they were made.
    counted : list of Reservation
        Those made in the window.
    stock : Counter
        Pieces by shop and product, without what was collected.
    sales : dict
        Shop and product, and pieces, of what was sold at the counter in the window, by shop and
        number of the event.
    came : Counter
        How many have given a postcode, of those that the counter tells, in the window.
    closed : list of str
        Days closed by “closed today”, as ISO dates.
    now : datetime or None
        When the log was fetched last.
    """

    scope: Scope
    now: datetime | None = None
    reservations: list[Reservation] = field(default_factory=list)
    stock: Counter[tuple[str, str]] = field(default_factory=Counter)
    sales: dict[tuple[str, Any], tuple[tuple[str, str], int]] = field(default_factory=dict)
    lacks: list[Lack] = field(default_factory=list)
    came: Counter[str] = field(default_factory=Counter)
    closed: list[tuple[datetime | None, str]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)

    @property
    def zone(self) -> tzinfo:
        return ZoneInfo(self.scope.timezone)

    def local(self, at: datetime) -> datetime:
        """Give a moment as clocks show it where the owner is."""
        return at.replace(tzinfo=UTC).astimezone(self.zone)

    def in_window(self, at: datetime | None) -> bool:
        """Whether a moment is asked about."""
        since = self.scope.since
        return since is None or (at is not None and at.replace(tzinfo=UTC) >= since)

    @property
    def counted(self) -> list[Reservation]:
        return [one for one in self.reservations if one.was_sent and self.in_window(one.made)]

    def latest(self) -> dict[str, Fact]:
        """Give what each shop's file says now."""
        return {fact.shop: fact for fact in self.facts}

    def name(self, shop: str, product: str) -> str:
        """Give the name of a product as it was told last."""
        for fact in reversed(self.facts):
            told = fact.said.get("products", {}).get(product) if fact.shop == shop else None
            if told:
                return str(told.get("name", product))
        return product

    def chosen(self, one: Reservation) -> str:
        """Write what was chosen."""
        return ", ".join(f"{n} × {self.name(one.shop, product)}" for product, n, _ in one.lines)


def untimed(book: Book) -> str:
    """Say why nothing is known of times: there is no shop, or it has no slots."""
    if not (book.facts or book.reservations):
        return _("Nothing of a shop’s counter is here yet.")
    return _("No reservation has a time: the shop has no slots.")


def evidence(ones: Sequence[Reservation]) -> Evidence | None:
    """Give the query of all that happened to some reservations; ``None`` for none."""
    if not ones:
        return None
    query = "select * from acts where platform = 'counter' and list_contains($ids, object_id)"
    return Evidence(query, {"ids": sorted(one.key for one in ones)})


def read(tables: Tables, scope: Scope) -> Book:
    """Read the logs in scope, to the end of the window."""
    book = Book(scope, now=_rows(tables, FETCHED)[0]["observed"])
    if book.now and scope.until:
        book.now = min(book.now, scope.until.astimezone(UTC).replace(tzinfo=None))
    known: dict[tuple[str, str], Reservation] = {}
    acts, traces = _rows(tables, ACTS), _rows(tables, TRACES)
    for row in sorted([*traces, *acts], key=lambda row: (row["shop"], row["place"])):
        if "label" in row:
            _trace(book, known, row)
        elif row["object_id"]:
            _act(_reservation(book, known, row["shop"], row["object_id"]), row)
    book.reservations.sort(key=lambda one: (one.made is None, one.made, one.key))
    return book


def _rows(tables: Tables, query: str) -> list[dict[str, Any]]:
    return tables.sql(query).to_pylist()


def _reservation(
    book: Book, known: dict[tuple[str, str], Reservation], shop: str, key: str
) -> Reservation:
    found = known.get((shop, key))
    if found is None:
        found = known[shop, key] = Reservation(key, shop)
        book.reservations.append(found)
    return found


def _act(one: Reservation, row: dict[str, Any]) -> None:
    one.via = one.via or row["via"]
    if row["type"] == "Undo":
        del one.past[-1:]
    elif row["type"] in STATES:
        one.past.append((STATES[row["type"]], row["published"]))


def _trace(book: Book, known: dict[tuple[str, str], Reservation], row: dict[str, Any]) -> None:
    told: dict[str, Any] = json.loads(row["detail"] or "{}")
    shop, at, label = row["shop"], row["at"], row["label"]
    if "reservation" in told:
        key = f"{shop.partition(':')[2]}/r{told['reservation']}"
        _of_reservation(_reservation(book, known, shop, key), label, at, told)
    elif label == "lack":
        if book.in_window(at):
            book.lacks.append(Lack(at, told.get("product"), _moment(told.get("starts"))))
    elif label == "from":
        if book.in_window(at):
            book.came[str(told.get("told"))] += int(told.get("n") or 0)
    elif label == "told" and isinstance(told.get("told"), dict):
        book.facts.append(Fact(shop, at, told["told"]))
    elif label == "closed" or (label == "undo" and "day" in told):
        _close(book, label, at, str(told.get("day")))
    elif "product" in told:
        place, n = (shop, str(told["product"])), int(told.get("n") or 0)
        book.stock[place] += n
        if label == "sold" and book.in_window(at):
            book.sales[shop, told.get("event")] = place, -n
        book.sales.pop((shop, told.get("undoes")), None)


def _of_reservation(
    one: Reservation, label: str, at: datetime | None, told: dict[str, Any]
) -> None:
    if label == "hold":
        one.past.append(("held", at))
        one.starts, one.ends = _moment(told.get("starts")), _moment(told.get("ends"))
        one.left, one.via = told.get("n"), told.get("via")
        one.lines = tuple(_lines(told.get("lines") or []))
    elif label == "ask":
        one.asked = True
    elif label == "answer":
        one.answer = str(told.get("told"))
    elif label == "undo":
        one.answer = None


def _lines(lines: list[dict[str, Any]]) -> Iterator[tuple[str, int, int | None]]:
    for line in lines:
        yield str(line["product"]), int(line.get("n") or 0), line.get("price")


def _close(book: Book, label: str, at: datetime | None, day: str) -> None:
    if label == "closed":
        book.closed.append((at, day))
    else:
        book.closed = [one for one in book.closed if one[1] != day]


def _moment(text: Any) -> datetime | None:
    """Read a moment of a detail, UTC and naive as the ledger's are."""
    try:
        at = datetime.fromisoformat(str(text)) if text else None
    except ValueError:
        return None
    return at and (at.astimezone(UTC).replace(tzinfo=None) if at.tzinfo else at)
