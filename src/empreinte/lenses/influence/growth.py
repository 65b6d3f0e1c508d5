"""Section 5: is it growing? Weekly series, their changes of level, and what came since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.statistics import changes
from empreinte.kernels.statistics.changes import Ratio
from empreinte.kernels.statistics.shrinkage import within_dispersion
from empreinte.language import _, day, number, significant
from empreinte.lenses.influence import plots, words
from empreinte.lenses.influence.own import LEVEL, LOCAL, Channel, Own, microseconds, moment
from empreinte.lenses.influence.parts import Claim, Part, posts_evidence
from empreinte.lenses.influence.readings import curves
from empreinte.lenses.influence.since import compared
from empreinte.report import Chart, Column, Figure, Section, Table, Unit

CHANGES = ("killick-2012", "truong-2020")
WEEK_US = 7 * 86_400_000_000


def week_start(week: int) -> str:
    """Give the Monday of a week numbered as in `Own.week`, as ISO text."""
    return _monday(week).isoformat()


def _monday(week: int) -> date:
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
    name : "posts" or "answers"
        Posts a week, or answers per post of that week.
    weeks : ndarray of int64
        Those that have a value.
    n : int
        Posts in them.
    value, level : ndarray of float64
        Of each week; the mean of the level that it belongs to.
    """

    channel: Channel
    name: str
    weeks: NDArray[np.int64]
    value: NDArray[np.float64]
    level: NDArray[np.float64]
    shifts: tuple[Shift, ...]
    n: int

    @property
    def enough(self) -> bool:
        return len(self.weeks) >= 2 * changes.MIN_WEEKS


def part(own: Own) -> Part:
    """Look for changes of level, week by week, and since the export before the last."""
    series = [found for index, _channel in own.each() for found in _series(own, index)]
    figures: list[Figure] = []
    claims: list[Claim] = []
    for one in series:
        figures.append(_shift_figure(own, one))
        claims += _shift_claims(one)
    for index, _channel in own.each():
        for found, claim in compared(own, index):
            figures.append(found)
            claims += claim
    read_again = curves(own)
    return Part(
        Section(
            id="growth",
            title=_("Growth"),
            intro=_(
                "Thin lines are weeks, thick lines the levels found. A level changes only where "
                "chance is a poor explanation."
            ),
            figures=tuple(figures),
            charts=(*_charts(series), *read_again.charts),
            tables=(*_table(series), *read_again.tables),
        ),
        tuple(claims),
    )


def _series(own: Own, index: int) -> list[Series]:
    here = own.of(index) & own.posts.dated
    if not here.any():
        return []
    first, last = _span(own, index, here)
    if last < first:
        return []
    weeks = own.week[here]
    inside = (weeks >= first) & (weeks <= last)
    counts = np.bincount(weeks[inside] - first, minlength=last - first + 1).astype(np.float64)
    ends = [*changes.level_changes(np.sqrt(counts)), len(counts)]
    output = _levels(own.channels[index], "posts", first + np.arange(len(counts)), counts, ends)
    output = replace(output, n=int(inside.sum()))

    answers = own.answers[here]
    counted = inside & ~np.isnan(answers) & own.settled[here]
    if not counted.any():
        return [output]
    held, group = np.unique(weeks[counted], return_inverse=True)
    sums = np.asarray(np.bincount(group, answers[counted]), dtype=np.float64)
    sizes = np.bincount(group).astype(np.float64)
    ends = [*changes.level_changes(np.log1p(sums / sizes)), len(held)]
    segment = np.searchsorted(ends, group, side="right")
    phi = within_dispersion(answers[counted], np.ones(len(group)), segment)
    response = _levels(own.channels[index], "answers", held, sums, ends, sizes, phi)
    return [output, replace(response, n=int(counted.sum()))]


def _span(own: Own, index: int, here: NDArray[np.bool_]) -> tuple[int, int]:
    """Give the first and the last whole week that the window and the exports cover."""
    # Neither the week of the first post nor that of the latest export is whole.
    first = int(own.week[here].min()) + 1
    end = own.ends[index]
    assert end is not None  # there is a dated post
    last = int((microseconds(end) // 86_400_000_000 + 3) // 7) - 1
    if own.until_us is not None:
        last = min(last, (own.until_us // 86_400_000_000 + 3) // 7 - 1)
    return first, last


def _levels(
    channel: Channel,
    name: str,
    weeks: NDArray[np.int64],
    sums: NDArray[np.float64],
    ends: list[int],
    sizes: NDArray[np.float64] | None = None,
    phi: float | None = None,
) -> Series:
    """Compare levels; one that its neighbour's interval does not exclude is joined to it."""
    size = np.ones(len(sums)) if sizes is None else sizes
    if phi is None:
        segment = np.searchsorted(ends, np.arange(len(sums)), side="right")
        phi = within_dispersion(sums, size, segment)
    while True:
        edges = [0, *ends]
        parts = [(float(sums[a:b].sum()), float(size[a:b].sum())) for a, b in pairwise(edges)]
        ratios = [changes.rate_ratio(one, two, phi, LEVEL) for one, two in pairwise(parts)]
        unsure = [i for i, r in enumerate(ratios) if r.low <= 1 <= r.high]
        if not unsure:
            break
        ends = [end for i, end in enumerate(ends) if i != unsure[0]]
    level = np.concatenate(
        [np.full(b - a, y / e) for (a, b), (y, e) in zip(pairwise(edges), parts, strict=True)]
    )
    shifts = tuple(
        Shift(int(weeks[end]), one[0] / one[1], two[0] / two[1], ratio)
        for end, one, two, ratio in zip(ends, parts, parts[1:], ratios, strict=False)
    )
    return Series(channel, name, weeks, sums / size, level, shifts, 0)


def _what(one: Series) -> str:
    return _("posts per week") if one.name == "posts" else _("answers per post")


def _shift_figure(own: Own, one: Series) -> Figure:
    tag, label = one.channel.tag, one.channel.label
    last = one.shifts[-1] if one.shifts else None
    why = None
    if not one.enough:
        why = _("{n} weeks are too few to find a change of level; it takes {least}.").format(
            n=number(len(one.weeks)), least=number(2 * changes.MIN_WEEKS)
        )
    elif last is None:
        why = _("No change of level is certain over {n} weeks.").format(n=number(len(one.weeks)))
    transformed = _("square root of posts a week")
    if one.name == "answers":
        transformed = _("log(1 + answers per post of the week)")
    definition = _(
        "Ratio of the last level to the one before it. Levels are found by PELT with a quadratic "
        "cost on the {series}; each change costs {penalty}·σ²·log(n), with σ from the differences "
        "of weeks that follow each other; a level lasts {least} weeks or more, and is kept if the "
        "90% interval of the ratio (quasi-Poisson) excludes 1. The interval does not count the "
        "choice of the date."
    ).format(
        series=transformed,
        penalty=number(changes.PENALTY),
        least=number(changes.MIN_WEEKS),
    )
    if last:
        definition += " " + _("Since the week of {day}.").format(day=day(_monday(last.week)))
    name = _("Latest change of level: {what}, {channel}").format(what=_what(one), channel=label)
    where = f"{LOCAL} >= cast($first as timestamp) and {LOCAL} < cast($last as timestamp)"
    bounds = {
        "timezone": own.scope.timezone,
        "first": week_start(int(one.weeks[0])),
        "last": week_start(int(one.weeks[-1]) + 1),
    }
    if one.name == "answers":
        index = own.channels.index(one.channel)
        where += f" and ({own.counted(index)}) and {own.settled_sql(index)}"
    return Figure(
        id=f"influence.{tag}.{one.name}-level",
        name=name,
        value=last.ratio.value if last else None,
        low=last.ratio.low if last else None,
        high=last.ratio.high if last else None,
        level=LEVEL if last else None,
        kind="multiplier",
        unit=Unit(_what(one), _what(one)),
        n=one.n,
        why_missing=why,
        definition=definition,
        references=CHANGES,
        evidence=posts_evidence(own, one.channel, where, **bounds),
        trend=tuple(float(v) for v in one.value[-104:]),
    )


def _shift_claims(one: Series) -> list[Claim]:
    if not one.shifts:
        return []
    last = one.shifts[-1]
    more = last.ratio.value > 1
    if one.name == "posts":
        text = (
            _(
                "On {channel} you have published more since the week of {day}: "
                "{after} posts a week instead of {before}."
            )
            if more
            else _(
                "On {channel} you have published less since the week of {day}: "
                "{after} posts a week instead of {before}."
            )
        )
        quiet = (
            _("On {channel} you have published more since the week of {day}.")
            if more
            else _("On {channel} you have published less since the week of {day}.")
        )
    else:
        text = (
            _(
                "On {channel} each post has been answered more since the week of {day}: "
                "{after} answers a post instead of {before}."
            )
            if more
            else _(
                "On {channel} each post has been answered less since the week of {day}: "
                "{after} answers a post instead of {before}."
            )
        )
        quiet = (
            _("On {channel} each post has been answered more since the week of {day}.")
            if more
            else _("On {channel} each post has been answered less since the week of {day}.")
        )
    monday = _monday(last.week)
    values = {
        "channel": one.channel.label,
        "day": day(monday),
        "before": significant(last.before),
        "after": significant(last.after),
    }
    return [
        Claim(
            text.format(**values),
            quiet.format(**values),
            f"influence.{one.channel.tag}.{one.name}-level",
            "growth" if one.name == "posts" else "response",
            last.ratio.value,
            last.ratio.low,
            last.ratio.high,
            change=True,
            when=moment(last.week * WEEK_US - 3 * 86_400_000_000),
        )
    ]


def _charts(series: list[Series]) -> tuple[Chart, ...]:
    charts = []
    titles = {
        "posts": (_("Published per week, with its levels"), _("posts per week")),
        "answers": (_("Answers per post, by week of publication"), _("answers per post")),
    }
    for name, (title, axis) in titles.items():
        held = [one for one in series if one.name == name and len(one.weeks) > 1]
        if not held:
            continue
        rows: list[dict[str, Any]] = [
            {
                "channel": one.channel.label,
                "week": week_start(int(week)),
                "value": float(value),
                "level": float(level),
            }
            for one in held
            for week, value, level in zip(one.weeks, one.value, one.level, strict=True)
        ]
        charts.append(
            Chart(
                id=f"influence.all.{name}-chart",
                title=title,
                reading=" ".join(_reading(one) for one in held),
                spec=plots.lines("week", "value", "channel", axis, rows, level="level"),
                columns=(
                    Column(key="channel", label=_("Channel")),
                    Column(key="week", label=_("Week of"), kind="date"),
                    Column(key="value", label=axis, kind="rate"),
                    Column(key="level", label=_("Level"), kind="rate"),
                ),
                rows=tuple(rows),
                definition=_(
                    "Thick: the mean of each level. Each change of level costs "
                    "{penalty}·σ²·log(n); a level lasts {least} weeks or more."
                ).format(penalty=number(changes.PENALTY), least=number(changes.MIN_WEEKS)),
                references=CHANGES,
            )
        )
    return tuple(charts)


def _reading(one: Series) -> str:
    if not one.shifts:
        return _("{channel}: no change of level is certain; {level} on average.").format(
            channel=one.channel.label, level=significant(float(one.value.mean()))
        )
    last = one.shifts[-1]
    return _("{channel}: {times} since the week of {day}, from {before} to {after}.").format(
        channel=one.channel.label,
        times=words.times(last.ratio.value),
        day=day(_monday(last.week)),
        before=significant(last.before),
        after=significant(last.after),
    )


def _table(series: list[Series]) -> tuple[Table, ...]:
    rows = [
        (
            one.channel.label,
            _what(one),
            week_start(shift.week),
            shift.before,
            shift.after,
            shift.ratio.value,
            shift.ratio.low,
            shift.ratio.high,
        )
        for one in series
        for shift in one.shifts
    ]
    if not rows:
        return ()
    return (
        Table(
            id="influence.all.changes-table",
            title=_("Changes of level"),
            columns=(
                Column(key="channel", label=_("Channel")),
                Column(key="series", label=_("Series")),
                Column(key="week", label=_("From the week of"), kind="date"),
                Column(key="before", label=_("Before"), kind="rate"),
                Column(key="after", label=_("After"), kind="rate"),
                Column(key="ratio", label=_("Ratio"), kind="multiplier"),
                Column(key="low", label=_("Low"), kind="multiplier"),
                Column(key="high", label=_("High"), kind="multiplier"),
            ),
            rows=tuple(rows),
            references=CHANGES,
        ),
    )
