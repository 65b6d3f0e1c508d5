"""The counter's book: one shop, one file, what is written in it and what is read from it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Connection, Row
from typing import Concatenate, ParamSpec, TypeVar

import msgspec

from empreinte.counter import acts, codes, deciding
from empreinte.counter.hours import Hours, Span
from empreinte.counter.shop import Product, Shop
from empreinte.counter.store import Store, utc_now

P = ParamSpec("P")
T = TypeVar("T")


class Line(msgspec.Struct, frozen=True):
    """Pieces of a product in a reservation, and the price of one in cents."""

    product: str
    name: str
    n: int
    price: int | None


class Reservation(msgspec.Struct, frozen=True, kw_only=True):
    """A reservation as pages show it; it holds no name and no contact but sealed."""

    id: int
    code: str
    state: str
    lines: tuple[Line, ...]
    slot: Span | None
    until: datetime | None
    made: datetime
    language: str
    contact: bytes | None = None

    @property
    def total(self) -> int | None:
        """The sum in cents, ``None`` where a price is said at the counter."""
        prices = [line.price for line in self.lines]
        if None in prices:
            return None
        return sum(line.n * (line.price or 0) for line in self.lines)

    @property
    def due(self) -> datetime:
        """The moment by which the shop orders its work."""
        return self.slot[0] if self.slot else self.made


class Offer(msgspec.Struct, frozen=True):
    """A product and how many pieces can be reserved, ``None`` where they are not counted."""

    product: Product
    free: int | None
    stock: int | None
    promised: int

    @property
    def most(self) -> int:
        """Pieces that one reservation can take now."""
        return self.product.most if self.free is None else min(self.product.most, self.free)


class Done(msgspec.Struct, frozen=True):
    """An act of the counter that can still be undone."""

    event: int
    act: str
    code: str | None
    product: str | None
    day: str | None


class Book:
    """What the counter knows.

    Parameters
    ----------
    shop : Shop
    path : Path
        The SQLite file.
    clock : callable
        Gives the moment it is.
    """

    def __init__(self, shop: Shop, path: Path, clock: Callable[[], datetime] = utc_now) -> None:
        self.shop = shop
        self.clock = clock
        self.store = Store(path, clock, lambda db, now: acts.lapse(db, now, shop))
        self.write(acts.take_up).result()

    def write(
        self,
        act: Callable[Concatenate[Connection, datetime, Shop, P], T],
        *args: P.args,
        **kwargs: P.kwargs,
    ) -> Future[T]:
        """Have an act of `acts` done in the next transaction."""
        return self.store.write(lambda db, now: act(db, now, self.shop, *args, **kwargs))

    def settle(self) -> None:
        """Let time decide, and empty the log in which erased contacts still stand."""
        self.store.write(lambda db, now: None).result()
        self.store.truncate()

    def close(self) -> None:
        """Close the file."""
        self.store.close()

    def hours(self) -> Hours:
        """Give the hours with special days and closures."""
        with self.store.reading() as db:
            return acts.hours_of(db, self.shop, self.clock())

    def offers(self) -> list[Offer]:
        """Give the products of the shop, with what can be reserved of each."""
        with self.store.reading() as db:
            known = {row["id"]: row for row in db.execute("SELECT * FROM product")}
        found: list[Offer] = []
        for product in self.shop.products:
            row = known[product.id]
            stock, promised = row["stock"], row["promised"]
            free = None if stock is None else max(0, stock - promised - product.kept_back)
            found.append(Offer(product, free, stock, promised))
        return found

    def slots(self) -> list[tuple[Span, int]]:
        """Give the slots that can be chosen, and how many reservations each has."""
        shop, now = self.shop, self.clock()
        with self.store.reading() as db:
            hours = acts.hours_of(db, shop, now)
            return [
                (slot, acts.in_slot(db, int(slot[0].timestamp())))
                for slot in deciding.offered(shop, hours, shop.lead_minutes, now)
            ]

    def find(self, token: str) -> Reservation:
        """Give the reservation of a token; `CounterError` if there is none."""
        with self.store.reading() as db:
            return self._told(db, acts.by_token(db, token))

    def by_code(self, text: str) -> Reservation | None:
        """Give the reservation that a code, or the address in its QR code, belongs to."""
        with self.store.reading() as db:
            token = text.strip().rpartition("/")[2]
            if codes.is_token(token):
                return self._told(db, acts.by_token(db, token))
            row = db.execute(
                "SELECT * FROM reservation WHERE code = ?", [codes.spoken(text)]
            ).fetchone()
            return None if row is None else self._told(db, row)

    def live(self) -> list[Reservation]:
        """Give what is to be answered, prepared and handed over, by its time."""
        with self.store.reading() as db:
            rows = db.execute(
                "SELECT * FROM reservation WHERE ended IS NULL AND state <> 'held'"
            ).fetchall()
            return sorted((self._told(db, row) for row in rows), key=lambda one: one.due)

    def done(self) -> list[Done]:
        """Give the last acts of the counter that can be undone, the latest first."""
        since = int((self.clock() - acts.UNDO).timestamp())
        with self.store.reading() as db:
            rows = db.execute(
                "SELECT e.*, code FROM event e LEFT JOIN reservation r ON r.id = e.reservation "
                "WHERE e.by = 'shop' AND e.at >= ? AND e.act <> 'undo' "
                f"AND NOT {acts.OVER} ORDER BY e.id DESC LIMIT 5",
                [since],
            ).fetchall()
        return [Done(r["id"], r["act"], r["code"], r["product"], r["day"]) for r in rows]

    def to_ask(self) -> list[Reservation]:
        """Give what was collected a moment ago by who is to be asked what brought them."""
        since = int((self.clock() - acts.UNDO).timestamp())
        with self.store.reading() as db:
            rows = db.execute(
                "SELECT * FROM reservation WHERE asked AND answer IS NULL "
                "AND state = 'collected' AND ended >= ? ORDER BY ended",
                [since],
            ).fetchall()
            return [self._told(db, row) for row in rows]

    def late(self, one: Reservation) -> bool:
        """Whether its time is past: the end of its slot; without slots, an opening day."""
        over = one.slot[1] if one.slot else one.made + timedelta(days=1)
        return over < self.clock()

    def _told(self, db: Connection, row: Row) -> Reservation:
        lines = db.execute("SELECT * FROM line WHERE reservation = ?", [row["id"]])
        slot = None
        if row["starts"] is not None:
            slot = deciding.moment(row["starts"]), deciding.moment(row["ends"])
        return Reservation(
            id=row["id"], code=row["code"] or "", state=row["state"], slot=slot,
            until=row["until"] and deciding.moment(row["until"]),
            made=deciding.moment(row["made"]), language=row["language"], contact=row["contact"],
            lines=tuple(
                Line(line["product"], self._name(line["product"]), line["n"], line["price"])
                for line in lines
            ),
        )  # fmt: skip

    def _name(self, id: str) -> str:
        product = self.shop.product(id)
        return product.name if product else id
