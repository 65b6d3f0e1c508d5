"""Section 5: is it growing? Weekly series, their changes of level, and what came since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Channel, Claim, Part, chart, plots, table, value
from empreinte.kernels.statistics import changes
from empreinte.kernels.statistics.changes import Ratio
from empreinte.kernels.statistics.shrinkage import within_dispersion
from empreinte.language import _, day, number, significant
from empreinte.lenses.influence import words
from empreinte.lenses.influence.own import LOCAL, Own, microseconds
from empreinte.lenses.influence.readings import curves
from empreinte.lenses.influence.since import NAMES, claim, compared, what
from empreinte.report import Chart, Measure, Section, Sentence, Table, Unit, Value

CHANGES = ("killick-2012", "truong-2020")


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
    series = [found for channel in own.channels for found in _series(own, channel)]
    since, claims = compared(own)
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
        id="growth", title=_("Growth"),
        intro=_(
            "Thin lines are weeks, thick lines the levels found. A level changes only where "
            "chance is a poor explanation."
        ),
        lead=leads[0],
        measures=(*since, *(_shifts(own, name, series) for name in NAMES)),
        charts=(*drawn, *charts), tables=(*_table(series), *tables),
    )  # fmt: skip
    return Part(section, tuple(claims), _steady(series))


def _steady(series: list[Series]) -> Sentence:
    """Say that nothing is known to grow or to shrink."""
    text = _("There are too few whole weeks of posts to tell whether anything grows.")
    if any(one.enough for one in series):
        text = _("Neither what you publish nor how it is answered is certain to have changed.")
    return Sentence(text=text, about="growth", quiet=text)


def _series(own: Own, channel: Channel) -> list[Series]:
    here = own.of(channel) & own.posts.dated
    if not here.any():
        return []
    first, last = _span(own, channel, here)
    if last < first:
        return []
    weeks = own.week[here]
    inside = (weeks >= first) & (weeks <= last)
    counts = np.bincount(weeks[inside] - first, minlength=last - first + 1).astype(np.float64)
    ends = [*changes.level_changes(np.sqrt(counts)), len(counts)]
    output = _levels(channel, "posts", first + np.arange(len(counts)), counts, ends)
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
    response = _levels(channel, "answers", held, sums, ends, sizes, phi)
    return [output, replace(response, n=int(counted.sum()))]


def _span(own: Own, channel: Channel, here: NDArray[np.bool_]) -> tuple[int, int]:
    """Give the first and the last whole week that the window and the exports cover."""
    # Neither the week of the first post nor that of the latest export is whole.
    first = int(own.week[here].min()) + 1
    end = own.ends[channel]
    assert end is not None  # there is a dated post
    ends = [end, own.scope.until] if own.scope.until else [end]
    return first, min((microseconds(end) // 86_400_000_000 + 3) // 7 for end in ends) - 1


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


def _shifts(own: Own, name: str, series: list[Series]) -> Measure:
    transformed = _("square root of posts a week")
    if name == "answers":
        transformed = _("log(1 + answers per post of the week)")
    here = {one.channel: one for one in series if one.name == name}
    return own.measure(
        f"{name}-level", _("Latest change of level: {what}").format(what=what(name)), "multiplier",
        lambda channel: _shift(own, here[channel]) if channel in here else None,
        unit=Unit(what(name), what(name)),
        definition=_(
            "Ratio of the last level to the one before it. Levels are found by PELT with a "
            "quadratic cost on the {series}; each change costs {penalty}·σ²·log(n), with σ from "
            "the differences of weeks that follow each other; a level lasts {least} weeks or "
            "more, and is kept if the 90% interval of the ratio (quasi-Poisson) excludes 1. The "
            "interval does not count the choice of the date."
        ).format(
            series=transformed, penalty=number(changes.PENALTY), least=number(changes.MIN_WEEKS)
        ),
        references=CHANGES,
    )  # fmt: skip


def _shift(own: Own, one: Series) -> Value:
    where = f"{LOCAL} >= cast($first as timestamp) and {LOCAL} < cast($last as timestamp)"
    if one.name == "answers":
        where += f" and ({own.counted(one.channel)}) and {own.settled_sql(one.channel)}"
    evidence = own.evidence(
        one.channel, where, timezone=own.scope.timezone,
        first=week_start(int(one.weeks[0])), last=week_start(int(one.weeks[-1]) + 1),
    )  # fmt: skip
    trend = tuple(float(v) for v in one.value[-104:])
    rest: dict[str, Any] = {"n": one.n, "evidence": evidence, "trend": trend}
    if one.shifts:
        last = one.shifts[-1]
        note = _("Since the week of {day}.").format(day=day(monday(last.week)))
        return value(*last.ratio, note=note, **rest)
    why = _("No change of level is certain over {n} weeks.")
    if not one.enough:
        why = _("{n} weeks are too few to find a change of level; it takes {least}.")
    least = number(2 * changes.MIN_WEEKS)
    return value(None, why=why.format(n=number(len(one.weeks)), least=least), **rest)


def _shift_claims(own: Own, one: Series) -> list[Claim]:
    if not one.shifts:
        return []
    last = one.shifts[-1]
    said = {
        ("posts", True): (
            _(
                "On {channel} you have published more since the week of {day}: "
                "{after} posts a week instead of {before}."
            ),
            _("On {channel} you have published more since the week of {day}."),
        ),
        ("posts", False): (
            _(
                "On {channel} you have published less since the week of {day}: "
                "{after} posts a week instead of {before}."
            ),
            _("On {channel} you have published less since the week of {day}."),
        ),
        ("answers", True): (
            _(
                "On {channel} each post has been answered more since the week of {day}: "
                "{after} answers a post instead of {before}."
            ),
            _("On {channel} each post has been answered more since the week of {day}."),
        ),
        ("answers", False): (
            _(
                "On {channel} each post has been answered less since the week of {day}: "
                "{after} answers a post instead of {before}."
            ),
            _("On {channel} each post has been answered less since the week of {day}."),
        ),
    }
    when = datetime.combine(monday(last.week), time())
    return [
        claim(
            own, one.channel, one.name, "level", last.ratio, when, said,
            day=day(when), before=significant(last.before), after=significant(last.after),
        )
    ]  # fmt: skip


def _charts(series: list[Series]) -> tuple[Chart, ...]:
    drawn: list[Chart] = []
    titles = {
        "posts": _("Published per week, with its levels"),
        "answers": _("Answers per post, by week of publication"),
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
            reading=" ".join(_reading(one) for one in held),
            definition=_(
                "Thick: the mean of each level. Each change of level costs "
                "{penalty}·σ²·log(n); a level lasts {least} weeks or more."
            ).format(penalty=number(changes.PENALTY), least=number(changes.MIN_WEEKS)),
            references=CHANGES,
        )  # fmt: skip
    return tuple(drawn)


def _reading(one: Series) -> str:
    if not one.shifts:
        return _("{channel}: no change of level is certain; {level} on average.").format(
            channel=one.channel.label, level=significant(float(one.value.mean()))
        )
    last = one.shifts[-1]
    return _("{channel}: {times} since the week of {day}, from {before} to {after}.").format(
        channel=one.channel.label, times=words.times(last.ratio.value), day=day(monday(last.week)),
        before=significant(last.before), after=significant(last.after),
    )  # fmt: skip


def _table(series: list[Series]) -> tuple[Table, ...]:
    return table(
        "influence.all.changes-table", _("Changes of level"),
        words.columns(
            "channel series week:date before:rate after:rate ratio:multiplier low:multiplier"
            " high:multiplier", series=_("Series"), week=_("From the week of"),
        ),
        [
            (one.channel.label, what(one.name), week_start(shift.week), shift.before, shift.after,
             *shift.ratio)
            for one in series
            for shift in one.shifts
        ],
        references=CHANGES,
    )  # fmt: skip
