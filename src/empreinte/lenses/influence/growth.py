"""Section 5: is it growing? Weekly series, their latest change of level, and what came since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Budget, Channel, Claim, Part, Said, plots
from empreinte.asking.day_numbers import monday, mondays
from empreinte.kernels.statistics.levels import Ratio
from empreinte.language import percent, significant
from empreinte.lenses.influence import words
from empreinte.lenses.influence.looked import NAMES, Look, counted, sides
from empreinte.lenses.influence.own import LOCAL, Own
from empreinte.lenses.influence.readings import curves
from empreinte.lenses.influence.since import claim, compared, unseen, what
from empreinte.lenses.influence.words import drawn, listed, phrase, said, section
from empreinte.report import Chart, Measure, Sentence, Table, Unit, Value


@dataclass(frozen=True)
class Shift:
    """A change of level: from `week` on, `ratio` times as much."""

    week: int
    before: float
    after: float
    ratio: Ratio


@dataclass(frozen=True)
class Series:
    """A weekly series of one channel, with its levels.

    Attributes
    ----------
    look : Look
        What was looked at, posts a week or answers per post of that week, and what was found.
    weeks : ndarray of int64
        Those that have a value.
    n : int
        Posts in them.
    value, level : ndarray of float64
        Of each week; the mean of the level that it belongs to.
    shift : Shift or None
        The latest change of level, if one is told.
    """

    look: Look
    weeks: NDArray[np.int64]
    value: NDArray[np.float64]
    level: NDArray[np.float64]
    shift: Shift | None
    n: int

    @property
    def channel(self) -> Channel:
        return self.look.channel

    @property
    def name(self) -> str:
        return self.look.name


def part(own: Own, looks: list[Look], budget: Budget) -> Part:
    """Tell the changes of level, week by week, and since the export before the last."""
    series = [found for look in looks if look.kind == "level"
              if (found := _series(own, look, budget))]  # fmt: skip
    since, claims = compared(own, [look for look in looks if look.kind == "since"], budget)
    claims += [claim for one in series for claim in _shift_claims(own, one)]
    charts, tables = curves(own)
    levels = _charts(series)
    # The chart of what changed most.
    heaviest = max(claims, key=lambda claim: claim.weight, default=None)
    first = "posts" if heaviest and heaviest.topic == "growth" else "answers"
    leads = [one.id for one in levels if first in one.id] or [one.id for one in levels] or [""]
    shown = section(
        "growth", lead=leads[0],
        measures=(*since, *(_shifts(own, name, series, budget) for name in NAMES)),
        charts=(*levels, *charts), tables=(*_table(series), *tables),
    )  # fmt: skip
    compared_to = any(found.value is not None for one in since for found in one.values)
    empty = not (own.of(None).any() or shown.shown or compared_to)
    return Part(shown, tuple(claims), _steady(looks, budget), empty=empty)


def _steady(looks: list[Look], budget: Budget) -> Sentence:
    """Say that nothing is known to grow or to shrink, and what would have been seen."""
    told = said("growth.too-little")
    if seen := unseen(looks, budget):
        quiet = phrase("growth.steady")
        told = Said(f"{quiet} {seen}", quiet)
    return told.sentence("growth")


def _series(own: Own, look: Look, budget: Budget) -> Series | None:
    span = own.whole_weeks(look.channel)
    if span is None:
        return None
    first, last = span
    here = counted(own, look.channel, look.name)
    here &= (own.week >= first) & (own.week <= last)
    if look.name == "posts":
        held, sizes = np.arange(first, last + 1), np.ones(last - first + 1)
        sums = np.bincount(own.week[here] - first, minlength=held.size).astype(np.float64)
    else:
        held, group = np.unique(own.week[here], return_inverse=True)
        sums = np.bincount(group, own.answers[here]).astype(np.float64)
        sizes = np.bincount(group).astype(np.float64)
    if not held.size:
        return None
    shift = _shift_of(own, look, budget) if budget.tells(look.id) else None
    cuts = [(look.first + 3) // 7, *([shift.week] if shift else [])]
    edges = [0, *np.searchsorted(held, cuts).tolist(), held.size]
    level = np.concatenate(
        [np.full(b - a, sums[a:b].sum() / sizes[a:b].sum()) for a, b in pairwise(edges) if b > a]
    )
    return Series(look, held, sums / sizes, level, shift, int(here.sum()))


def _shift_of(own: Own, look: Look, budget: Budget) -> Shift:
    ratio = look.told(budget)
    assert look.found is not None
    early, late = sides(own, look)
    cut = look.found.cut
    before, after = (
        (7 * early.sum() / (cut - look.first), 7 * late.sum() / (look.end - cut))
        if look.name == "posts"
        else (float(np.mean(own.answers[side])) for side in (early, late))
    )
    return Shift((cut + 3) // 7, float(before), float(after), ratio)


def _shifts(own: Own, name: str, series: list[Series], budget: Budget) -> Measure:
    here = {one.channel: one for one in series if one.name == name}
    return own.measure(
        "level", lambda channel: _shift(own, here[channel], budget) if channel in here else None,
        id=f"{name}-level", what=what(name), how=phrase(f"growth.by-{name}"), share=percent(0.1),
        fields={"unit": Unit(what(name), what(name))},
    )  # fmt: skip


def _shift(own: Own, one: Series, budget: Budget) -> Value:
    where = f"{LOCAL} >= cast($first as timestamp) and {LOCAL} < cast($last as timestamp)"
    if one.name == "answers":
        where += f" and ({own.counted(one.channel)}) and {own.settled_sql(one.channel)}"
    first, last = (monday(week).isoformat() for week in (one.weeks[0], one.weeks[-1] + 1))
    zone = own.scope.timezone
    evidence = own.evidence(one.channel, where, timezone=zone, first=first, last=last)
    since = monday(one.shift.week) if one.shift else None
    return one.look.level(
        budget, len(one.weeks), since, "weeks", n=one.n, evidence=evidence,
        trend=tuple(one.value[-104:].tolist()),
    )  # fmt: skip


def _shift_claims(own: Own, one: Series) -> list[Claim]:
    if not one.shift:
        return []
    last, since = one.shift, monday(one.shift.week)
    before, after = significant(last.before), significant(last.after)
    when = datetime.combine(since, time())
    return [claim(own, one.look, last.ratio, when, day=since, before=before, after=after)]


def _charts(series: list[Series]) -> tuple[Chart, ...]:
    charts: list[Chart] = []
    for name in ("posts", "answers"):
        held = [one for one in series if one.name == name and len(one.weeks) > 1]
        rows = [
            {"channel": one.channel.label, "week": week, "value": read, "level": level}
            for one in held
            for week, read, level in zip(
                mondays(one.weeks), one.value.tolist(), one.level.tolist(), strict=True
            )
        ]  # fmt: skip
        charts += drawn(
            f"{name}-chart", rows,
            plots.lines("week", "value", "channel", what(name), rows, level="level"),
            left_out=plots.left_out("channel", rows),
            reading=" ".join(_reading(one) for one in held),
        )  # fmt: skip
    return tuple(charts)


def _reading(one: Series) -> str:
    last, channel = one.shift, one.channel.label
    if not last:
        level = significant(float(one.value.mean()))
        return phrase("growth.no-change", channel=channel, level=level)
    return phrase(
        "growth.change", channel=channel, times=words.times(last.ratio.value),
        day=monday(last.week), before=significant(last.before), after=significant(last.after),
    )  # fmt: skip


def _table(series: list[Series]) -> tuple[Table, ...]:
    rows = [
        (one.channel.label, what(one.name), monday(one.shift.week).isoformat(), one.shift.before,
         one.shift.after, *one.shift.ratio)
        for one in series
        if one.shift
    ]  # fmt: skip
    return listed("changes-table", rows)
