"""Section 5: is it growing? Weekly series, their latest change of level, and what came since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Budget, Channel, Claim, Part, chart, plots, table, value
from empreinte.kernels.statistics.levels import Ratio
from empreinte.language import _, day, number, percent, significant
from empreinte.lenses.influence import words
from empreinte.lenses.influence.looked import NAMES, Look, counted, sides
from empreinte.lenses.influence.own import LOCAL, Own
from empreinte.lenses.influence.readings import curves
from empreinte.lenses.influence.since import claim, compared, typical, unseen, what
from empreinte.report import Chart, Measure, Section, Sentence, Table, Unit, Value

CHANGES = ("patterson-thompson-1971", "holm-1979", "andrews-2024")


def week_start(week: int) -> str:
    """Give the Monday of a week numbered as in `Own.week`, as ISO text."""
    return monday(week).isoformat()


def monday(week: int) -> date:
    """Give the Monday of a week numbered as in `Own.week`."""
    return date(1970, 1, 1) + timedelta(days=week * 7 - 3)


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
    drawn = _charts(series)
    # The chart of what changed most.
    first = (
        "posts"
        if claims and max(claims, key=lambda claim: claim.weight).topic == "growth"
        else "answers"
    )
    leads = [one.id for one in drawn if first in one.id] or [one.id for one in drawn] or [""]
    section = Section(
        id="growth", title=_("Trends"),
        intro=_(
            "Thin lines are weeks, thick lines the levels found. A level changes only where "
            "chance, the season and the likeness of neighbouring weeks are poor explanations."
        ),
        lead=leads[0],
        measures=(*since, *(_shifts(own, name, series, budget) for name in NAMES)),
        charts=(*drawn, *charts), tables=(*_table(series), *tables),
    )  # fmt: skip
    return Part(section, tuple(claims), _steady(looks, budget))


def _steady(looks: list[Look], budget: Budget) -> Sentence:
    """Say that nothing is known to grow or to shrink, and what would have been seen."""
    text = _("There is too little to tell whether anything grows.")
    quiet = text
    if seen := unseen(looks, budget):
        quiet = _("Neither what you post nor the reactions to it show a clear change.")
        text = f"{quiet} {seen}"
    return Sentence(text=text, about="growth", quiet=quiet)


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
    assert look.found is not None  # or nothing would be told
    early, late = sides(own, look)
    cut = look.found.cut
    before, after = (
        (7 * early.sum() / (cut - look.first), 7 * late.sum() / (look.end - cut))
        if look.name == "posts"
        else (float(np.mean(own.answers[side])) for side in (early, late))
    )
    ratio = look.found.told_interval(LEVEL, budget.limit(look.id))
    return Shift((cut + 3) // 7, float(before), float(after), ratio)


def _shifts(own: Own, name: str, series: list[Series], budget: Budget) -> Measure:
    how = _("the logarithm of the posts of each block")
    if name == "answers":
        how = _("the ranks of the posts, so that no single post moves them much")
    here = {one.channel: one for one in series if one.name == name}
    return own.measure(
        f"{name}-level", _("Last clear change: {what}").format(what=what(name)), "multiplier",
        lambda channel: _shift(own, here[channel], budget) if channel in here else None,
        unit=Unit(what(name), what(name)),
        definition=_(
            "Ratio of the level after the step that stands out most in the last three years to the "
            "one before it. The series is cut into blocks of whole weeks and compared by {how}, "
            "against a noise that remembers earlier weeks and holds a yearly wave. It is told if "
            "it passes the report's one error budget: on data where nothing changes, at most "
            "{share} of reports tell anything. What is told because it stands out tends to be "
            "overstated: the range allows for that."
        ).format(how=how, share=percent(0.1)),
        references=CHANGES,
    )  # fmt: skip


def _shift(own: Own, one: Series, budget: Budget) -> Value:
    where = f"{LOCAL} >= cast($first as timestamp) and {LOCAL} < cast($last as timestamp)"
    if one.name == "answers":
        where += f" and ({own.counted(one.channel)}) and {own.settled_sql(one.channel)}"
    evidence = own.evidence(
        one.channel, where, timezone=own.scope.timezone,
        first=week_start(int(one.weeks[0])), last=week_start(int(one.weeks[-1]) + 1),
    )  # fmt: skip
    trend = tuple(float(v) for v in one.value[-104:])
    rest: dict[str, Any] = {"n": one.n, "evidence": evidence, "trend": trend}
    if one.shift:
        note = _("Since the week of {day}.").format(day=day(monday(one.shift.week)))
        return value(*one.shift.ratio, note=note, **rest)
    seen = one.look.visible(budget)
    why = _("Too few posts (weeks: {n}) to tell whether anything has changed.")
    if seen is not None:
        why = _("No clear change over {n} weeks; one of {times} would have been seen.")
    times = words.times(seen) if seen else ""
    return value(None, why=why.format(n=number(len(one.weeks)), times=times), **rest)


def _shift_claims(own: Own, one: Series) -> list[Claim]:
    if not one.shift:
        return []
    last, more = one.shift, one.shift.ratio.value > 1
    since = monday(last.week)
    when = datetime.combine(since, time())
    if one.name == "posts":
        text, quiet = (
            (
                _(
                    "On {channel} you have posted more since the week of {day}: {after} a week "
                    "instead of {before}."
                ),
                _("On {channel} you post more than before."),
            )
            if more
            else (
                _(
                    "On {channel} you have posted less since the week of {day}: {after} a week "
                    "instead of {before}."
                ),
                _("On {channel} you post less than before."),
            )
        )
        text = text.format(
            channel=one.channel.label, day=day(since), before=significant(last.before),
            after=significant(last.after),
        )  # fmt: skip
    else:
        text, quiet = (
            (
                _("On {channel} posts typically get more reactions since the week of {day}: {how}"),
                _("On {channel} posts typically get more reactions than before."),
            )
            if more
            else (
                _(
                    "On {channel} posts typically get fewer reactions since the week of {day}: "
                    "{how}"
                ),
                _("On {channel} posts typically get fewer reactions than before."),
            )
        )
        text = text.format(
            channel=one.channel.label, day=day(since), how=typical(own, one.look, last.ratio.value)
        )
    quiet = quiet.format(channel=one.channel.label)
    return [claim(own, one.look, last.ratio, when, text, quiet)]


def _charts(series: list[Series]) -> tuple[Chart, ...]:
    drawn: list[Chart] = []
    titles = {
        "posts": _("Published per week, with its levels"),
        "answers": _("Reactions per post, by week of publication"),
    }
    for name, title in titles.items():
        held = [one for one in series if one.name == name and len(one.weeks) > 1]
        rows = [
            {"channel": one.channel.label, "week": week_start(int(week)), "value": float(read),
             "level": float(level)}
            for one in held
            for week, read, level in zip(one.weeks, one.value, one.level, strict=True)
        ]  # fmt: skip
        drawn += chart(
            f"influence.all.{name}-chart", title,
            words.columns("channel week:date value:rate level:rate", value=what(name)), rows,
            plots.lines("week", "value", "channel", what(name), rows, level="level"),
            left_out=plots.left_out("channel", rows),
            reading=" ".join(_reading(one) for one in held),
            definition=_("Thick: the mean of each level, before and after the latest change."),
            references=CHANGES,
        )  # fmt: skip
    return tuple(drawn)


def _reading(one: Series) -> str:
    last = one.shift
    if not last:
        return _("{channel}: no clear change; {level} on average.").format(
            channel=one.channel.label, level=significant(float(one.value.mean()))
        )
    return _("{channel}: {times} since the week of {day}, from {before} to {after}.").format(
        channel=one.channel.label, times=words.times(last.ratio.value), day=day(monday(last.week)),
        before=significant(last.before), after=significant(last.after),
    )  # fmt: skip


def _table(series: list[Series]) -> tuple[Table, ...]:
    return table(
        "influence.all.changes-table", _("Clear changes"),
        words.columns(
            "channel series week:date before:rate after:rate ratio:multiplier low:multiplier"
            " high:multiplier", series=_("Series"), week=_("From the week of"),
        ),
        [
            (one.channel.label, what(one.name), week_start(one.shift.week), one.shift.before,
             one.shift.after, *one.shift.ratio)
            for one in series
            if one.shift
        ],
        references=CHANGES,
    )  # fmt: skip
