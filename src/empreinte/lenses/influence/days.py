"""Section 2: what the platforms' own statistics count by day: impressions, reach, views, visits.

These numbers stand in no archive: they come from the tables that platforms export, see
docs/sources/table.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Budget, Candidate, Channel, Claim, Part, chart, plots, value
from empreinte.asking.claims import weight
from empreinte.kernels.statistics.levels import Level, answered
from empreinte.language import _, day, number, significant
from empreinte.lenses.influence import words
from empreinte.lenses.influence.looked import BLIND, LOOKED_BACK
from empreinte.lenses.influence.own import Own
from empreinte.lenses.influence.rates import shrunk_rate
from empreinte.report import Action, Chart, Evidence, Measure, Section, Sentence, Unit, Value, units

NAMES = (
    "impressions", "reach", "views", "viewers", "profile_views", "clicks", "new_followers",
    "lost_followers",
)  # fmt: skip
"""What is shown, in this order."""
TESTED = ("impressions", "reach", "views", "profile_views", "clicks", "new_followers")
"""Whose changes are looked for."""
PER_IMPRESSION = ("engagements", "clicks", "new_followers")
"""What is set against impressions, where a day has both."""
RECENT = 28
"""Days that the first sentence adds up."""
_EPOCH = date(1970, 1, 1)
_ROWS = "select channel, name, day, value from daily where in_scope order by channel, name, day"


@dataclass(frozen=True)
class Daily:
    """One counter of a channel, day by day.

    Attributes
    ----------
    day : ndarray of int64
        Days since 1970 that have a number, rising.
    value : ndarray of float64
    found : Level or None
        The step that stands out most in the last three years; ``None``: too little to tell.
    """

    channel: Channel
    name: str
    day: NDArray[np.int64]
    value: NDArray[np.float64]
    found: Level | None

    @property
    def id(self) -> str:
        """The id of the value that tells its change."""
        return f"influence.{self.channel.tag}.{self.name.replace('_', '-')}-by-day-level"

    def weeks(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Give the whole weeks, numbered as in `Own.week`, and the mean of their days.

        A platform leaves out days on which there was nothing, and some days are not known: what
        days there are tell the week.
        """
        weeks, place, held = np.unique((self.day + 3) // 7, return_inverse=True, return_counts=True)
        sums = np.bincount(place, self.value)
        first, last = int(self.day[0]), int(self.day[-1])
        whole = (weeks * 7 - 3 >= first) & (weeks * 7 + 3 <= last)
        return weeks[whole], (sums / held)[whole]


def series(own: Own) -> list[Daily]:
    """Gather the counters of every channel, and look for a change in each."""
    channels = {channel.key: channel for channel in own.channels}
    met: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for row in own.rows(_ROWS):
        if row["channel"] in channels:
            at = (row["day"] - _EPOCH).days
            met.setdefault((row["channel"], row["name"]), []).append((at, row["value"]))
    found: list[Daily] = []
    for (key, name), rows in met.items():
        days = np.array([at for at, _value in rows], dtype=np.int64)
        values = np.array([value for _at, value in rows])
        level = None
        if name in TESTED:
            end = int(days[-1]) + 1
            level = answered(days, values, max(int(days[0]), end - LOOKED_BACK), end)
        found.append(Daily(channels[key], name, days, values, level))
    return found


def candidates(found: list[Daily]) -> Iterator[Candidate]:
    """Give what a report may tell of them: one topic, whatever the number of counters."""
    for one in found:
        if one.name in TESTED:
            yield Candidate(one.id, "days", one.found.p if one.found else 1.0)


def part(own: Own, found: list[Daily], budget: Budget) -> Part:
    """Tell what was counted, how it changed, and what came of an impression."""
    of = {(one.name, one.channel): one for one in found}
    names = [name for name in NAMES if any(one.name == name for one in found)]
    charts = tuple(drawn for name in names for drawn in _chart(found, name, budget))
    section = Section(
        id="days", title=_("Counted by the platforms"),
        intro=_(
            "What platforms count by day and keep out of their archives. It comes from the "
            "tables that can be downloaded from their statistics."
        ),
        measures=(
            *(_counted(own, of, name) for name in names),
            *(_levels(own, of, name, budget) for name in names if name in TESTED),
            *(_rates(own, of, name) for name in PER_IMPRESSION),
        ),
        charts=charts,
    )  # fmt: skip
    claims = tuple(_claim(own, one, budget) for one in found if budget.tells(one.id))
    return Part(section, claims, summed(found))


def summed(found: list[Daily]) -> Sentence:
    """Say what was counted over the latest four weeks that are known."""
    name = next((name for name in NAMES if any(one.name == name for one in found)), found[0].name)
    here = [one for one in found if one.name == name]
    last = max(int(one.day[-1]) for one in here)
    here = [one for one in here if one.day[-1] > last - RECENT]
    total = sum(float(one.value[one.day > last - RECENT].sum()) for one in here)
    until = _EPOCH + timedelta(days=last)
    channels = ", ".join(one.channel.label for one in here)
    text = _("{what} of the {days} days up to {day}: {n} ({channels}).").format(
        what=_sentence(_named(name).many), days=number(RECENT), day=day(until), n=number(total),
        channels=channels,
    )  # fmt: skip
    quiet = _("What the platforms count by day is known for {channels}.").format(channels=channels)
    return Sentence(text=text, about=f"influence.{here[0].channel.tag}.{_slug(name)}-by-day",
                    quiet=quiet)  # fmt: skip


# -- measures


def _counted(own: Own, of: dict[tuple[str, Channel], Daily], name: str) -> Measure:
    def find(channel: Channel) -> Value | None:
        one = of.get((name, channel))
        if one is None:
            return None
        _weeks, values = one.weeks()
        return value(
            round(float(one.value.sum())), n=int(one.day.size),
            note=_("Days: {n}, from {first} to {last}.").format(
                n=number(one.day.size), first=_day(one.day[0]), last=_day(one.day[-1])
            ),
            evidence=_evidence(channel, name), trend=tuple(float(v) for v in values[-104:]),
        )  # fmt: skip

    definition = _("Sum of the days in the period that the platform's statistics tell.")
    if name in ("reach", "viewers"):
        definition = _(
            "Sum of the days in the period. Someone who was reached on two days counts "
            "twice: the platform tells days, not people."
        )
    return own.measure(
        f"{_slug(name)}-by-day", _sentence(_named(name).many), "integer", find, unit=_named(name),
        main=name in NAMES[:3], definition=definition,
    )  # fmt: skip


def _levels(own: Own, of: dict[tuple[str, Channel], Daily], name: str, budget: Budget) -> Measure:
    return own.measure(
        f"{_slug(name)}-by-day-level",
        _("Last clear change: {what}").format(what=_("{what} a day").format(
            what=_named(name).many)),
        "multiplier", partial(_level, of, name, budget), unit=_named(name),
        definition=_(
            "Ratio of a typical day after the step that stands out most in the last three years "
            "to one before it, by the ranks of days in blocks of whole weeks, against a noise that "
            "remembers earlier weeks and holds a yearly wave. It is told if it passes the report's "
            "one error budget."
        ),
        references=("patterson-thompson-1971", "holm-1979", "andrews-2024"),
    )  # fmt: skip


def _level(
    of: dict[tuple[str, Channel], Daily], name: str, budget: Budget, channel: Channel
) -> Value | None:
    one = of.get((name, channel))
    if one is None:
        return None
    n, evidence = int(one.day.size), _evidence(channel, name)
    if one.found is not None and budget.tells(one.id):
        note = _("Since the week of {day}.").format(day=_day(one.found.cut))
        return value(
            *one.found.told_interval(LEVEL, budget.limit(one.id)), note=note, n=n, evidence=evidence
        )
    why = _("Too few days ({n}) to tell whether anything has changed.")
    times = one.found.visible(budget.share(one.id)) if one.found is not None else BLIND
    if times < BLIND:
        why = _("No clear change over {n} days; one of {times} would have been seen.")
    return value(
        None, n=n, why=why.format(n=number(n), times=words.times(times)), evidence=evidence
    )


def _rates(own: Own, of: dict[tuple[str, Channel], Daily], name: str) -> Measure:
    def find(channel: Channel) -> Value | None:
        one, shown = of.get((name, channel)), of.get(("impressions", channel))
        if one is None or shown is None:
            return None
        _days, mine, theirs = np.intersect1d(one.day, shown.day, return_indices=True)
        counts, exposure = one.value[mine], shown.value[theirs] / 1_000
        kept = (exposure > 0) & (counts >= 0)
        counts, exposure = counts[kept], exposure[kept]
        if not counts.size:
            return value(None, n=0, why=_("No day has both numbers."))
        month = (one.day[mine][kept]).astype("datetime64[D]").astype("datetime64[M]").astype(int)
        rate = shrunk_rate(counts, exposure, month, np.ones(counts.size, dtype=bool))
        return value(
            rate.mean, rate.low, rate.high, n=rate.n, numerator=rate.count,
            denominator=rate.exposure * 1_000, evidence=_evidence(channel, name),
        )  # fmt: skip

    what = _named(name)
    return own.measure(
        f"{_slug(name)}-per-1000-impressions",
        _("{what} per 1,000 impressions").format(what=_sentence(what.many)), "rate", find,
        unit=Unit(_("per 1,000 impressions"), _("per 1,000 impressions")),
        definition=_(
            "Sum over the days that have both, adjusted to the usual rate of the account’s months."
        ),
    )  # fmt: skip


def _evidence(channel: Channel, name: str) -> Evidence:
    return Evidence(
        "select * from daily where channel = $channel and name = $name and in_scope"
        " order by day desc",
        {"channel": channel.key, "name": name},
    )


# -- what is said and drawn


def _claim(own: Own, one: Daily, budget: Budget) -> Claim:
    assert one.found is not None  # or nothing would be told
    found = one.found
    ratio = found.told_interval(LEVEL, budget.limit(one.id))
    before = float(np.median(one.value[one.day < found.cut]))
    after = float(np.median(one.value[one.day >= found.cut]))
    since = _EPOCH + timedelta(days=found.cut)
    text = _(
        "On {channel}, {what} a day: {after} on a typical day since the week of {day}, {before} "
        "before."
    ).format(channel=one.channel.label, what=_named(one.name).many, day=day(since),
             after=significant(after), before=significant(before))  # fmt: skip
    quiet = (
        _("On {channel} there are more {what} than there were.")
        if ratio.value > 1
        else _("On {channel} there are fewer {what} than there were.")
    ).format(channel=one.channel.label, what=_named(one.name).many)
    return Claim(
        text=text, quiet=quiet, about=one.id, topic="days", change=True,
        weight=weight(*ratio, age=_age(own, found.cut)),
        action=Action(kind="evidence", target=one.id, label=_("See these days")),
    )  # fmt: skip


def _age(own: Own, cut: int) -> float:
    return own.age(datetime.combine(_EPOCH + timedelta(days=cut), time()))


def _chart(found: list[Daily], name: str, budget: Budget) -> tuple[Chart, ...]:
    rows, said = [], []
    for one in found:
        if one.name != name:
            continue
        weeks, values = one.weeks()
        if weeks.size < 2:
            continue
        rows += [
            {"channel": one.channel.label, "week": _monday(week), "value": float(mean)}
            for week, mean in zip(weeks, values, strict=True)
        ]
        said.append(
            _("{channel}: {first} a day in the first week, {last} in the last.").format(
                channel=one.channel.label, first=significant(float(values[0])),
                last=significant(float(values[-1])),
            )
        )  # fmt: skip
    what = _named(name).many
    return chart(
        f"influence.all.{_slug(name)}-by-day-chart",
        _("{what} a day, week by week").format(what=_sentence(what)),
        words.columns("channel week:date value:rate", value=what), rows,
        plots.lines("week", "value", "channel", what, rows),
        left_out=plots.left_out("channel", rows), reading=" ".join(said),
        definition=_("Mean of the days of each whole week that the platform's statistics tell."),
    )  # fmt: skip


def _monday(week: int) -> str:
    return (_EPOCH + timedelta(days=int(week) * 7 - 3)).isoformat()


def _day(at: int) -> str:
    return day(_EPOCH + timedelta(days=int(at)))


def _slug(name: str) -> str:
    return name.replace("_", "-")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(name: str) -> Unit:
    """Give what a counter counts."""
    return {
        "impressions": units("impression", "impressions"),
        "reach": units("person reached", "people reached"),
        "views": units("view", "views"),
        "viewers": units("viewer", "viewers"),
        "profile_views": units("profile visit", "profile visits"),
        "clicks": units("click", "clicks"),
        "new_followers": units("new follower", "new followers"),
        "lost_followers": units("follower lost", "followers lost"),
        "engagements": units("interaction", "interactions"),
    }.get(name, Unit(name.replace("_", " "), name.replace("_", " ")))
