"""Counters whose meaning a platform changed: what was read before does not compare with after."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files

from empreinte.lenses.influence.own import quoted


@dataclass(frozen=True)
class Break:
    """A counter of a platform that means something else from `date` on."""

    platform: str
    counter: str
    date: date
    what: str
    source: str


@cache
def breaks() -> tuple[Break, ...]:
    """Read ``breaks.toml``."""
    text = files(__package__ or "").joinpath("breaks.toml").read_text("utf-8")
    return tuple(Break(**one) for one in tomllib.loads(text)["break"])


def same_meaning(platform: str, name: str, earlier: str, later: str) -> str:
    """Give the SQL condition that two readings mean the same; arguments are names of columns."""
    conditions = [
        f"not ({platform} = {quoted(one.platform)} and {name} = {quoted(one.counter)}"
        f" and {earlier} < timestamp '{one.date}' and {later} >= timestamp '{one.date}')"
        for one in breaks()
    ]
    return " and ".join(conditions) or "true"


def broken(platform: str, counter: str) -> Break | None:
    """Give the latest break of a counter, if there is one."""
    found = [one for one in breaks() if (one.platform, one.counter) == (platform, counter)]
    return max(found, key=lambda one: one.date, default=None)
