"""Time zone and sleep from the hours of the owner's posts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.statistics import sleep as sleeping
from empreinte.kernels.statistics.clock import local_seconds
from empreinte.language import _, clock, number, percent
from empreinte.lenses.exposure.deduced_own import DATED, LEVEL, WRITTEN, Own, Part
from empreinte.report import Chart, Column, Evidence, Figure, Sentence, units

ENOUGH = 30
"""Half-hours with a post that something may be said from."""
_EVIDENCE = Evidence(
    "select p.platform, p.id, p.published, p.url, p.import_id, p.file, p.place from posts p "
    f"where {WRITTEN} and {DATED} order by p.published"
)


def part(own: Own) -> Part:
    """Tell the time zone and the sleep of the owner."""
    table = own.tables.sql(
        f"select cast(floor(epoch(p.published)) as bigint) as seen from posts p "
        f"where {WRITTEN} and {DATED} order by seen"
    )
    utc = table["seen"].to_numpy(zero_copy_only=False).astype(np.int64)
    local = local_seconds(utc, own.scope.timezone)
    blind = sleeping.find_sleep(sleeping.counts(utc), LEVEL)
    sleep = sleeping.find_sleep(sleeping.counts(local), LEVEL)
    figures = (_zone(blind), _sleep(sleep), _shift(local))
    charts = (_chart(local, sleep),) if _told(sleep) else ()
    return Part(figures, charts, sentences=_sentences(sleep))


def _told(sleep: sleeping.Sleep) -> bool:
    return sleep.known and sleep.n >= ENOUGH


def _why() -> str:
    return _("Too few public posts, or too few hours of the day, to tell.")


def _zone(blind: sleeping.Sleep) -> Figure:
    zone = sleeping.find_zone(blind, LEVEL) if _told(blind) else None
    return Figure(
        id="exposure.posts.zone",
        name=_("Time zone, from quiet hours alone"),
        value=zone.offset if zone else None,
        low=zone.low if zone else None,
        high=zone.high if zone else None,
        level=LEVEL if zone else None,
        kind="integer",
        unit=units("hour ahead of UTC", "hours ahead of UTC"),
        n=blind.n,
        why_missing=None if zone else _why(),
        definition=_(
            "Most people are in the middle of their sleep about 3:50 (standard deviation 1.3 h): "
            "the middle of your quiet hours in UTC tells how far ahead of it your clock is."
        ),
        references=("roenneberg-2007",),
        evidence=_EVIDENCE,
    )


def _sleep(sleep: sleeping.Sleep) -> Figure:
    told = _told(sleep)
    definition = _(
        "When you sleep, from the half-hours in which you never publish, on your own clock; "
        "n counts half-hours with a post."
    )
    if told:
        definition += " " + _(
            "With {level} certainty you fall asleep between {a} and {b} and wake between {c} and "
            "{d}."
        ).format(
            level=percent(LEVEL),
            a=hour(sleep.start.low),
            b=hour(sleep.start.high),
            c=hour(sleep.end.low),
            d=hour(sleep.end.high),
        )
    return Figure(
        id="exposure.posts.sleep",
        name=_("Sleep"),
        value=_("{a} to {b}").format(a=hour(sleep.start.value), b=hour(sleep.end.value))
        if told
        else None,
        kind="text",
        n=sleep.n,
        why_missing=None if told else _why(),
        definition=definition,
        references=("roenneberg-2007",),
        evidence=_EVIDENCE,
    )


def _shift(local: NDArray[np.int64]) -> Figure:
    working, free = (
        sleeping.find_sleep(sleeping.counts(local[side]), LEVEL)
        for side in sleeping.nights_before(local)
    )
    shift = sleeping.find_shift(free, working, LEVEL) if _told(working) and _told(free) else None
    return Figure(
        id="exposure.posts.weekend",
        name=_("Sleep before free days, later by"),
        value=round(shift.value * 60) if shift else None,
        kind="integer",
        low=round(shift.low * 60) if shift else None,
        high=round(shift.high * 60) if shift else None,
        level=LEVEL if shift else None,
        unit=units("minute", "minutes"),
        n=working.n + free.n,
        why_missing=None if shift else _why(),
        definition=_(
            "The middle of sleep in the nights to Saturday and Sunday less that of other nights. "
            "If it is above 0 the days on which you must get up are known."
        ),
        references=("roenneberg-2007",),
        evidence=_EVIDENCE,
    )


def hour(value: float) -> str:
    """Write hours after midnight as a time of day: ``23:30`` or ``23 h 30``, ``23 h``."""
    whole, minutes = divmod(round((value % 24) * 60) % 1440, 60)
    return clock(whole, minutes)


def _sentences(sleep: sleeping.Sleep) -> tuple[Sentence, ...]:
    if not _told(sleep):
        return ()
    text = _("Your hours of posting tell when you sleep: about {a} to {b}.").format(
        a=hour(sleep.start.value), b=hour(sleep.end.value)
    )
    quiet = _("Your hours of posting tell when you sleep.")
    return (Sentence(text=text, quiet=quiet, figure="exposure.posts.sleep"),)


def _chart(local: NDArray[np.int64], sleep: sleeping.Sleep) -> Chart:
    seen = sleeping.counts(local).reshape(24, 2).sum(axis=1)
    return Chart(
        id="exposure.posts.hours",
        title=_("Hours of posting"),
        reading=_("Least is published about {hour}; in all, {n} half-hours with a post.").format(
            hour=hour(sleep.middle.value), n=number(sleep.n)
        ),
        spec={
            "mark": "bar",
            "encoding": {
                "x": {"field": "hour", "type": "ordinal", "title": _("hour of the day")},
                "y": {"field": "seen", "type": "quantitative", "title": _("half-hours")},
            },
        },
        columns=(
            Column(key="hour", label=_("Hour"), kind="integer"),
            Column(key="seen", label=_("Half-hours with a post"), kind="integer"),
        ),
        rows=tuple({"hour": at, "seen": int(n)} for at, n in enumerate(seen)),
    )
