"""The log of events of a made-up shop, as `empreinte.counter` writes it.

Layout: docs/sources/counter.md; the tests hold it against a log of the real program.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from empreinte.testing.person import Person

SHOP = "732829320"
PRODUCTS = {"loaf": 450, "tart": 1200}
TAGS = ("K7", "window", None)
ANSWERS = ("post", "window", "word", "before", "unsaid")
EVERY = 3
"""One customer in so many is asked what brought them."""
DAYS = 20
FACTS = {
    "hours": "Mo-Su 08:00-19:00", "zone": "Europe/Paris", "postcode": "49100", "special": [],
    "slot_minutes": 30, "slot_capacity": 4, "lead_minutes": 0, "keep_minutes": 480,
    "ask_every": EVERY, "siren": SHOP, "legal": True, "returns": True,
    "products": {
        "loaf": {"name": "Country loaf", "kept_back": 2, "counted": True},
        "tart": {"name": "Apple tart", "kept_back": 0, "counted": True},
    },
}  # fmt: skip


def write_export(path: Path, person: Person, at: datetime) -> Path:
    """Write the log of the last days before `at`: some reservations a day, most collected."""
    head = {
        "format": "empreinte-counter", "version": 2, "shop": SHOP,
        "name": f"L’atelier de {person.name}", "address": "https://atelier.example",
        "currency": "EUR", "written": _time(at),
    }  # fmt: skip
    lines = [head, *events(at)]
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in lines), "utf-8")
    return path


def events(at: datetime) -> list[dict[str, Any]]:
    """Give the events, numbered from 1, in the order in which they happened."""
    told = sorted(_told(at), key=lambda one: one["at"])
    return [{"id": number, **one} for number, one in enumerate(told, 1)]


def _told(at: datetime) -> Iterator[dict[str, Any]]:
    dice = Random(7)
    first = at.replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=DAYS)
    for product in PRODUCTS:
        yield {"at": _time(first), "act": "stock", "by": "file", "product": product, "n": 200}
    yield {"at": _time(first), "act": "told", "by": "file", "told": FACTS}
    number = 0
    for day in range(1, DAYS):
        opens = first + timedelta(days=day)
        for place in range(dice.randint(1, 4)):
            number += 1
            yield from _reservation(number, opens + timedelta(minutes=place), dice)
        sold = _time(opens + timedelta(hours=5))
        yield {"at": sold, "act": "sold", "by": "shop", "product": "loaf", "n": -1}
        if day % 6 == 0:
            short = {"act": "lack", "by": "client", "product": "tart"}
            full = {"act": "lack", "by": "client", "starts": _time(opens + timedelta(hours=2))}
            yield from ({"at": sold} | one for one in (short, full))
        if day % 9 == 0:
            night = _time(opens + timedelta(hours=16))
            yield {"at": night, "act": "from", "by": "time", "told": "49100", "n": 5 + day % 2}
    closed = {"act": "closed", "by": "shop", "day": f"{first + timedelta(days=2):%Y-%m-%d}"}
    yield {"at": _time(first + timedelta(days=2)), **closed}


def _reservation(number: int, at: datetime, dice: Random) -> Iterator[dict[str, Any]]:
    """Give the events of one: sent and confirmed, then collected, cancelled or not fetched."""
    product = dice.choice(list(PRODUCTS))
    lines = [{"product": product, "n": dice.randint(1, 3), "price": PRODUCTS[product]}]
    tag = dice.choice(TAGS)
    starts = at + timedelta(hours=2)
    yield {
        "at": _time(at), "act": "hold", "by": "client", "reservation": number, "after": "held",
        "n": 3, "lines": lines,
        "starts": _time(starts), "ends": _time(starts + timedelta(minutes=30)),
        **({"via": tag} if tag else {}),
    }  # fmt: skip
    path = [("send", "client", "held", "asked"), ("confirm", "time", "asked", "confirmed")]
    path += dice.choice([
        [("prepare", "shop", "confirmed", "ready"), ("collect", "shop", "ready", "collected")],
        [("collect", "shop", "confirmed", "collected")],
        [("cancel", "client", "confirmed", "cancelled")],
        [("miss", "time", "confirmed", "no_show")],
    ])  # fmt: skip
    for step, (act, by, before, after) in enumerate(path):
        asks = act == "collect" and number % EVERY == 0
        when = at + timedelta(minutes=1 + 40 * step)
        yield {
            "at": _time(when), "act": act, "by": by,
            "reservation": number, "before": before, "after": after,
            **({"told": "ask"} if asks else {}),
        }  # fmt: skip
        if asks:
            said = {"reservation": number, "told": dice.choice(ANSWERS)}
            yield {"at": _time(when + timedelta(minutes=1)), "act": "answer", "by": "shop", **said}


def _time(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
