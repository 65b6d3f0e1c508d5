"""The log of events, as a shop's owner takes it home: a line of JSON each, and no person in it.

The first line says what it is; then each event as it was written. Lines are only ever added: what
was taken back stands, and a later line of the act ``undo`` says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from empreinte.counter.book import Book
from empreinte.counter.deciding import moment

FORMAT = "empreinte-counter"
VERSION = 2


def lines(book: Book) -> Iterator[bytes]:
    """Give the log, line by line."""
    shop = book.shop
    yield _line({
        "format": FORMAT, "version": VERSION, "shop": shop.siren or shop.name, "name": shop.name,
        "address": shop.address, "currency": shop.currency, "written": _time(book.clock()),
    })  # fmt: skip
    with book.store.reading() as db:
        chosen: dict[int, list[dict[str, Any]]] = {}
        for row in db.execute("SELECT * FROM line ORDER BY reservation, product"):
            told = {"product": row["product"], "n": row["n"], "price": row["price"]}
            chosen.setdefault(row["reservation"], []).append(told)
        reservations = {
            r["id"]: r for r in db.execute("SELECT id, starts, ends, via FROM reservation")
        }
        events = db.execute("SELECT * FROM event ORDER BY id").fetchall()
    for event in events:
        told = {name: event[name] for name in event.keys() if event[name] is not None}  # noqa: SIM118
        told["at"] = _time(moment(event["at"]))
        if event["starts"] is not None:
            told["starts"] = _time(moment(event["starts"]))
        if event["act"] == "told":
            told["told"] = msgspec.json.decode(event["told"])
        reservation = reservations.get(event["reservation"])
        if reservation is not None and event["act"] == "hold":
            told["lines"] = chosen.get(event["reservation"], [])
            if reservation["starts"] is not None:
                told["starts"] = _time(moment(reservation["starts"]))
                told["ends"] = _time(moment(reservation["ends"]))
            if reservation["via"]:
                told["via"] = reservation["via"]
        yield _line(told)


def contacts(book: Book) -> Iterator[bytes]:
    """Give the sealed contacts of what is not collected yet, with what a mail needs to say."""
    for one in book.live():
        if one.contact:
            yield _line(msgspec.to_builtins(one))


def _time(at: Any) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"


def _line(told: dict[str, Any]) -> bytes:
    return msgspec.json.encode(told) + b"\n"
