"""The log of a shop, written line by line, for tests that know what is in it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

START = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
"""A Tuesday, ten o'clock in Paris."""
FACTS = {
    "hours": "Mo-Su 08:00-20:00", "zone": "Europe/Paris", "postcode": "49100", "special": [],
    "slot_minutes": 30, "slot_capacity": 2, "ask_every": 1, "siren": "732829320",
    "legal": True, "returns": False,
    "products": {
        "loaf": {"name": "Country loaf", "kept_back": 2, "counted": True},
        "tart": {"name": "Apple tart", "kept_back": 0, "counted": True},
        "cake": {"name": "Cake", "kept_back": 0, "counted": False},
    },
}  # fmt: skip
PATHS = {
    "collected": ("confirm", "prepare", "collect"), "handed": ("confirm", "collect"),
    "no_show": ("confirm", "prepare", "miss"), "cancelled": ("confirm", "cancel"),
    "refused": ("refuse",), "unanswered": ("expire",), "asked": (), "confirmed": ("confirm",),
    "ready": ("confirm", "prepare"),
}  # fmt: skip
AFTER = {
    "send": "asked", "confirm": "confirmed", "refuse": "refused", "prepare": "ready",
    "collect": "collected", "cancel": "cancelled", "expire": "expired", "miss": "no_show",
}  # fmt: skip


NUMBERS = count(1)


class Log:
    """Events of a shop of its own, numbered in the order in which they are put in."""

    def __init__(self) -> None:
        self.shop = self.name = f"shop {next(NUMBERS)}"
        self.events: list[dict[str, Any]] = []
        self.reservations = 0

    def put(self, at: datetime, act: str, by: str = "shop", **more: Any) -> int:
        number = len(self.events) + 1
        self.events.append({"id": number, "at": written(at), "act": act, "by": by, **more})
        return number

    def reserve(
        self, at: datetime, lines: dict[str, int], fate: str, *, starts: datetime | None = None,
        ready: datetime | None = None, collected: datetime | None = None, via: str | None = None,
        asked: bool = False, answer: str | None = None, left: int | None = None,
    ) -> int:  # fmt: skip
        """Put in a reservation and what became of it; `fate` is one of `PATHS`, held or unsent."""
        self.reservations += 1
        one = self.reservations
        more: dict[str, Any] = {"lines": [{"product": p, "n": n} for p, n in lines.items()]}
        if starts:
            more |= {"starts": written(starts), "ends": written(starts + timedelta(minutes=30))}
        more |= {"via": via} if via else {}
        more |= {} if left is None else {"n": left}
        self.put(at, "hold", "client", reservation=one, after="held", **more)
        before = "held"
        path = ["expire"] if fate == "unsent" else [] if fate == "held" else ["send", *PATHS[fate]]
        for act in path:
            when = {"prepare": ready, "collect": collected}.get(act) or at + timedelta(minutes=1)
            ask = {"told": "ask"} if act == "collect" and asked else {}
            self.put(
                when, act, "time", reservation=one, before=before, after=AFTER[act], **ask
            )  # fmt: skip
            before = AFTER[act]
        if answer:
            self.put(collected or at, "answer", reservation=one, told=answer)
        return one

    def undo(self, event: int) -> int:
        """Take an event back."""
        undone = self.events[event - 1]
        more = {name: undone[name] for name in ("reservation", "product", "day") if name in undone}
        if "before" in undone:
            more |= {"before": undone["after"], "after": undone["before"]}
        if "n" in undone:
            more["n"] = -undone["n"]
        return self.put(datetime.fromisoformat(undone["at"]), "undo", undoes=event, **more)

    def write(self, path: Path, at: datetime) -> Path:
        head = {
            "format": "empreinte-counter", "version": 2, "shop": self.shop, "name": self.name,
            "address": "", "currency": "EUR", "written": written(at),
        }  # fmt: skip
        path.write_text("".join(json.dumps(one) + "\n" for one in (head, *self.events)), "utf-8")
        return path


def written(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
