"""Time zone and sleep from the hours of the owner's posts."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Fact, drawn
from empreinte.asking.columns import numbers
from empreinte.kernels.statistics import sleep as sleeping
from empreinte.kernels.statistics.clock import local_seconds
from empreinte.language import clock, percent
from empreinte.lenses.exposure.deduced.piece import Piece
from empreinte.lenses.exposure.own import DATED, WRITTEN, Own
from empreinte.lenses.exposure.parts import proven
from empreinte.lenses.exposure.words import fact, phrase, said
from empreinte.report import Chart, Evidence

ENOUGH = 30
"""Half-hours with a post that something may be said from."""
_SEEN = f"""
    select cast(floor(epoch(p.published)) as bigint) as seen from posts p
    where {WRITTEN} and {DATED} order by seen
"""
_EVIDENCE = Evidence(
    "select p.platform, p.id, p.published, p.url, p.import_id, p.file, p.place from posts p "
    f"where {WRITTEN} and {DATED} order by p.published"
)


def piece(own: Own) -> Piece:
    """Tell the time zone and the sleep of the owner."""
    table = own.tables.sql(_SEEN)
    utc = numbers(table["seen"]).astype(np.int64)
    local = local_seconds(utc, own.scope.timezone)
    blind = sleeping.find_sleep(sleeping.counts(utc), LEVEL)
    sleep = sleeping.find_sleep(sleeping.counts(local), LEVEL)
    facts = (_zone(blind), _sleep(sleep), _shift(local))
    if not _told(sleep):
        return Piece(facts)
    told = said("deduced.sleep", a=hour(sleep.start.value), b=hour(sleep.end.value))
    claims = (proven("posts.sleep", told, 1, certainty=LEVEL),)
    return Piece(facts, _chart(local, sleep), claims=claims)


def _told(sleep: sleeping.Sleep) -> bool:
    return sleep.known and sleep.n >= ENOUGH


def _fact(id: str, found: float | str | None, **more: Any) -> Fact:
    return fact(id, found, tag="posts", evidence=_EVIDENCE, **more)


def _zone(blind: sleeping.Sleep) -> Fact:
    zone = sleeping.find_zone(blind, LEVEL) if _told(blind) else None
    if zone is None:
        return _fact("zone", None, n=blind.n)
    return _fact("zone", zone.offset, low=zone.low, high=zone.high, n=blind.n)


def _sleep(sleep: sleeping.Sleep) -> Fact:
    if not _told(sleep):
        return _fact("sleep", None, n=sleep.n)
    note = phrase(
        "deduced.sleep-range", level=percent(LEVEL), a=hour(sleep.start.low),
        b=hour(sleep.start.high), c=hour(sleep.end.low), d=hour(sleep.end.high),
    )  # fmt: skip
    found = phrase("from-to", a=hour(sleep.start.value), b=hour(sleep.end.value))
    return _fact("sleep", found, n=sleep.n, note=note)


def _shift(local: NDArray[np.int64]) -> Fact:
    working, free = (
        sleeping.find_sleep(sleeping.counts(local[side]), LEVEL)
        for side in sleeping.nights_before(local)
    )
    n = working.n + free.n
    shift = sleeping.find_shift(free, working, LEVEL) if _told(working) and _told(free) else None
    if shift is None:
        return _fact("weekend", None, n=n)
    found, low, high = (round(hours * 60) for hours in (shift.value, shift.low, shift.high))
    return _fact("weekend", found, low=low, high=high, n=n)


def hour(value: float) -> str:
    """Write hours after midnight as a time of day: ``23:30`` or ``23 h 30``, ``23 h``."""
    whole, minutes = divmod(round((value % 24) * 60) % 1440, 60)
    return clock(whole, minutes)


def _chart(local: NDArray[np.int64], sleep: sleeping.Sleep) -> tuple[Chart, ...]:
    seen = sleeping.counts(local).reshape(24, 2).sum(axis=1)
    x = {"field": "hour", "type": "ordinal", "title": phrase("axis.hour"),
         "axis": {"values": list(range(0, 24, 3))}}  # fmt: skip
    y = {"field": "seen", "type": "quantitative", "title": phrase("axis.seen")}
    return drawn(
        "exposure", "hours", [{"hour": at, "seen": int(n)} for at, n in enumerate(seen)],
        {"mark": "bar", "encoding": {"x": x, "y": y}}, tag="posts",
        places={"hour": hour(sleep.middle.value), "n": sleep.n},
    )  # fmt: skip
