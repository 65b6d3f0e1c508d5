"""A made-up shop, its book with a clock that is set by hand, and how its events are summed."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from empreinte.counter import acts, codes, shop, states
from empreinte.counter.book import Book
from empreinte.counter.deciding import Wish
from empreinte.counter.limits import Limit
from empreinte.counter.web.answering import Desk
from empreinte.counter.web.app import create_app
from empreinte.errors import CounterError

pytest.importorskip("opening_hours")

FRIDAY = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
"""Ten o'clock there."""
TOLD: dict[str, Any] = {
    "name": "Atelier Levain", "hours": "Tu-Sa 09:00-12:30,14:00-19:00; PH off",
    "street": "3 rue du Four", "postcode": "75006", "town": "Paris", "siren": "732829320",
    "slot_minutes": 30, "slot_capacity": 2, "lead_minutes": 60, "keep_minutes": 120,
    "products": [
        {"id": "loaf", "name": "Loaf", "price": 4.5, "stock": 7, "kept_back": 1},
        {"id": "tart", "name": "Tart", "price": 12, "stock": 3},
        {"id": "cake", "name": "Cake", "lead": 120},
    ],
}  # fmt: skip


def told(**more: Any) -> shop.Shop:
    """Give the shop with other values."""
    return shop.told({**TOLD, **more})


class Clock:
    """The moment it is, set by hand."""

    def __init__(self, now: datetime = FRIDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def later(self, **given: float) -> None:
        self.now += timedelta(**given)


class Counter:
    """A book in a folder, and acts said in one line."""

    def __init__(self, folder: Path, now: datetime = FRIDAY, **more: Any) -> None:
        self.clock = Clock(now)
        self.path = folder / "counter.db"
        self.book = Book(told(**more), self.path, self.clock)

    def do(self, act: Any, *args: Any) -> Any:
        return self.book.write(act, *args).result()

    def hold(self, lines: dict[str, int], slot: int | None = 0, token: str = "") -> str:
        starts = None
        if slot is not None and self.book.shop.slot_minutes:
            starts = self.book.slots()[slot][0][0]
        token = token or codes.new_token()
        self.do(acts.hold, token, Wish(lines=lines, starts=starts), "en", "K7")
        return token

    def ask(self, lines: dict[str, int], slot: int | None = 0) -> str:
        token = self.hold(lines, slot)
        self.do(acts.send, token, None)
        return token

    def move(self, token: str, act: states.Act) -> int:
        return self.do(acts.move, self.book.find(token).id, act)

    def state(self, token: str) -> str:
        self.book.settle()
        return self.book.find(token).state

    def refused(self, act: Any, *args: Any) -> str:
        with pytest.raises(CounterError) as caught:
            act(*args)
        return str(caught.value)

    def rows(self, sql: str) -> list[Any]:
        with self.book.store.reading() as db:
            return db.execute(sql).fetchall()


def check(counter: Counter) -> None:
    """Hold the file against what must be so whatever was done: events sum to it."""
    state: dict[int, str] = {}
    stock: dict[str, int] = {}
    lines: dict[int, list[Any]] = {}
    for line in counter.rows("SELECT * FROM line"):
        lines.setdefault(line["reservation"], []).append(line)
    for event in counter.rows("SELECT * FROM event ORDER BY id"):
        one = event["reservation"]
        if event["act"] == "answer" or (one and event["act"] == "undo" and not event["after"]):
            continue
        if one is None:
            if event["n"] is not None and event["product"] is not None:
                stock[event["product"]] = stock.get(event["product"], 0) + event["n"]
            continue
        assert event["before"] == state.get(one), "an event begins where the last one ended"
        assert event["after"] != event["before"], "no state is entered twice"
        if event["act"] not in ("hold", "undo"):
            assert states.after(event["before"], event["act"]) == event["after"]
        _promised, present = states.effect(event["before"], event["after"])
        for line in lines[one]:
            stock[line["product"]] = stock.get(line["product"], 0) + present * line["n"]
        state[one] = event["after"]
    promised: dict[str, int] = {}
    for row in counter.rows("SELECT * FROM reservation"):
        assert row["state"] == state[row["id"]]
        assert (row["ended"] is None) is (row["state"] in states.LIVE)
        for line in lines[row["id"]] if row["state"] in states.LIVE else []:
            promised[line["product"]] = promised.get(line["product"], 0) + line["n"]
    for row in counter.rows("SELECT * FROM product"):
        assert row["promised"] == promised.get(row["id"], 0)
        if row["stock"] is not None:
            assert row["stock"] == stock[row["id"]]
            assert 0 <= row["promised"] <= row["stock"]
    full = counter.book.shop.slot_capacity
    ended = "('cancelled', 'refused', 'expired')"
    for row in counter.rows(
        f"SELECT count(*) AS n FROM reservation WHERE state NOT IN {ended} "
        "AND starts IS NOT NULL GROUP BY starts"
    ):
        assert row["n"] <= full


class Answer:
    """What the application answered."""

    def __init__(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body

    @property
    def text(self) -> str:
        return self.body.decode()


LOOP = ThreadPoolExecutor(1)
"""Where the application runs: browser tests keep a loop of their own in the first thread."""


class Site:
    """The application of a shop, asked without a socket."""

    def __init__(self, folder: Path, now: datetime = FRIDAY, **more: Any) -> None:
        given = {key: more.pop(key) for key in ("secret_key", "proxied", "tell") if key in more}
        self.counter = Counter(folder, now, **more)
        self.book, self.clock = self.counter.book, self.counter.clock
        self.desk = Desk(self.book, "secret-of-the-counter", **given)
        self.desk.asked = Limit(1000, 60, self.clock)
        self.desk.wrong = Limit(5, 60, self.clock)
        self.app = create_app(self.desk)
        self.own = f"/c/{self.desk.secret}"

    def ask(self, path: str, told: dict[str, Any] | None = None, **headers: str) -> Answer:
        """Send a form, or ask for a page where nothing is told."""
        return LOOP.submit(asyncio.run, self.answer(path, told, **headers)).result()

    async def answer(self, path: str, told: dict[str, Any] | None = None, **headers: str) -> Answer:
        bare, _, query = path.partition("?")
        body = b"" if told is None else urlencode(told).encode()
        given = {"accept-language": "en", "host": "shop.example"} | headers
        if told is not None:
            given["content-type"] = "application/x-www-form-urlencoded"
        scope = {
            "type": "http", "method": "GET" if told is None else "POST", "path": bare,
            "raw_path": bare.encode(), "query_string": query.encode(), "root_path": "",
            "scheme": "https", "server": ("shop.example", 443), "client": ("192.0.2.7", 4000),
            "http_version": "1.1", "asgi": {"version": "3.0"},
            "headers": [
                (name.replace("_", "-").encode(), value.encode()) for name, value in given.items()
            ],
        }  # fmt: skip
        sent: list[Any] = []

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Any) -> None:
            sent.append(message)

        await self.app(scope, receive, send)
        start = next(one for one in sent if one["type"] == "http.response.start")
        found = {name.decode(): value.decode() for name, value in start["headers"]}
        whole = b"".join(one.get("body", b"") for one in sent)
        return Answer(start["status"], found, whole)

    def reserve(self, lines: dict[str, int], slot: int = 0, **more: str) -> Answer:
        """Send the form of the public page as a browser does."""
        told = {f"n-{id}": n for id, n in lines.items()} | {"token": codes.new_token()}
        if self.book.shop.slot_minutes:
            told["starts"] = int(self.book.slots()[slot][0][0].timestamp())
        return self.ask("/reserve", told | more)

    def code(self, path: str) -> str:
        return self.book.find(path.rpartition("/")[2]).code
