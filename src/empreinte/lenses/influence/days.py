"""Section 2: what the platforms' own statistics count by day: impressions, reach, views, visits.

These numbers stand in no archive: they come from the tables that platforms export, see
docs/sources/table.md.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import (
    LEVEL,
    Budget,
    Candidate,
    Channel,
    Claim,
    Part,
    chart,
    plots,
    unit,
    value,
)
from empreinte.asking.budget import PROMISED
from empreinte.asking.claims import weight
from empreinte.asking.day_numbers import date_of, monday
from empreinte.kernels.statistics.levels import answered
from empreinte.kernels.statistics.shrunk_rates import shrunk_rate
from empreinte.language import significant
from empreinte.lenses.influence.looked import LOOKED_BACK, Tested
from empreinte.lenses.influence.own import Own
from empreinte.lenses.influence.words import phrase, said, section
from empreinte.report import Action, Chart, Evidence, Measure, Sentence, Unit, Value

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


@dataclass(frozen=True)
class Daily(Tested):
    """One counter of a channel, day by day; its step is looked for in the last three years.

    Attributes
    ----------
    day : ndarray of int64
        Days since 1970 that have a number, rising.
    value : ndarray of float64
    """

    day: NDArray[np.int64]
    value: NDArray[np.float64]

    @property
    def id(self) -> str:
        return f"influence.{self.channel.tag}.{_slug(self.name)}-by-day-level"

    @property
    def evidence(self) -> Evidence:
        """The days themselves."""
        return Evidence(
            "select * from daily where channel = $channel and name = $name and in_scope"
            " order by day desc",
            {"channel": self.channel.key, "name": self.name},
        )

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
    for row in (row for rows in own.daily.values() for row in rows):
        if row["channel"] in channels and row["in_scope"]:
            at = (row["day"] - date(1970, 1, 1)).days
            met.setdefault((row["channel"], row["name"]), []).append((at, row["value"]))
    found: list[Daily] = []
    for (key, name), rows in met.items():
        days = np.array([at for at, _value in rows], dtype=np.int64)
        values = np.array([value for _at, value in rows])
        level = None
        if name in TESTED:
            end = int(days[-1]) + 1
            first = max(int(days[0]), end - LOOKED_BACK)
            level = answered(days, values, first, end, hopeless=PROMISED)
        found.append(Daily(channels[key], name, level, days, values))
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
    measures = [*(_counted(own, of, name) for name in names)]
    measures += [_levels(own, of, name, budget) for name in names if name in TESTED]
    measures += [_rates(own, of, name) for name in PER_IMPRESSION]
    charts = tuple(chart for name in names for chart in _chart(found, name))
    claims = tuple(_claim(own, one, budget) for one in found if budget.tells(one.id))
    return Part(section("days", measures=tuple(measures), charts=charts), claims, summed(found))


def summed(found: list[Daily]) -> Sentence:
    """Say what was counted over the latest four weeks that are known."""
    name = next((name for name in NAMES if any(one.name == name for one in found)), found[0].name)
    here = [one for one in found if one.name == name]
    last = max(int(one.day[-1]) for one in here)
    here = [one for one in here if one.day[-1] > last - RECENT]
    told = said(
        "days.summed", what=_sentence(_named(name).many), days=RECENT, day=date_of(last),
        n=sum(float(one.value[one.day > last - RECENT].sum()) for one in here),
        channels=", ".join(one.channel.label for one in here),
    )  # fmt: skip
    return told.sentence(f"influence.{here[0].channel.tag}.{_slug(name)}-by-day")


# -- measures

Of = dict[tuple[str, Channel], Daily]


def _counted(own: Own, of: Of, name: str) -> Measure:
    def find(channel: Channel) -> Value | None:
        one = of.get((name, channel))
        if one is None:
            return None
        _weeks, values = one.weeks()
        span = {"first": date_of(one.day[0]), "last": date_of(one.day[-1])}
        return value(
            round(float(one.value.sum())), n=int(one.day.size), evidence=one.evidence,
            note=phrase("days.span", n=one.day.size, **span), trend=tuple(values[-104:].tolist()),
        )  # fmt: skip

    key = "people-by-day" if name in ("reach", "viewers") else "by-day"
    unit = _named(name)
    fields = {"name": _sentence(unit.many), "unit": unit, "main": name in NAMES[:3]}
    return own.measure(key, find, id=f"{_slug(name)}-by-day", fields=fields)


def _levels(own: Own, of: Of, name: str, budget: Budget) -> Measure:
    def find(channel: Channel) -> Value | None:
        one = of.get((name, channel))
        if one is None:
            return None
        n, since = int(one.day.size), one.found and date_of(one.found.cut)
        return one.level(budget, n, since, "days", n=n, evidence=one.evidence)

    what = phrase("days.a-day", what=_named(name).many)
    return own.measure(
        "by-day-level", find, id=f"{_slug(name)}-by-day-level", what=what,
        fields={"unit": _named(name)},
    )  # fmt: skip


def _rates(own: Own, of: Of, name: str) -> Measure:
    def find(channel: Channel) -> Value | None:
        one, shown = of.get((name, channel)), of.get(("impressions", channel))
        if one is None or shown is None:
            return None
        _days, mine, theirs = np.intersect1d(one.day, shown.day, return_indices=True)
        counts, exposure = one.value[mine], shown.value[theirs] / 1_000
        kept = (exposure > 0) & (counts >= 0)
        counts, exposure = counts[kept], exposure[kept]
        if not counts.size:
            return value(None, n=0, why=phrase("days.no-both"))
        month = (one.day[mine][kept]).astype("datetime64[D]").astype("datetime64[M]").astype(int)
        rate = shrunk_rate(counts, exposure, month, np.ones(counts.size, dtype=bool), level=LEVEL)
        return value(
            rate.mean, rate.low, rate.high, n=rate.n, numerator=rate.count,
            denominator=rate.exposure * 1_000, evidence=one.evidence,
        )  # fmt: skip

    what, id = _sentence(_named(name).many), f"{_slug(name)}-per-1000-impressions"
    per = phrase("days.per-1000")
    fields = {"unit": Unit(per, per)}
    return own.measure("per-1000-impressions", find, id=id, what=what, fields=fields)


# -- what is said and drawn


def _claim(own: Own, one: Daily, budget: Budget) -> Claim:
    ratio = one.told(budget)
    assert one.found is not None
    since = date_of(one.found.cut)
    before, after = one.value[one.day < one.found.cut], one.value[one.day >= one.found.cut]
    told = said(
        "days.more" if ratio.value > 1 else "days.fewer", channel=one.channel.label,
        what=_named(one.name).many, day=since, after=significant(float(np.median(after))),
        before=significant(float(np.median(before))),
    )  # fmt: skip
    return told.claim(
        one.id, topic="days", change=True,
        weight=weight(*ratio, age=own.age(datetime.combine(since, time()))),
        action=Action(kind="evidence", target=one.id, label=phrase("action.days")),
    )  # fmt: skip


def _chart(found: list[Daily], name: str) -> tuple[Chart, ...]:
    rows, readings = [], []
    for one in found:
        weeks, values = one.weeks()
        if one.name != name or weeks.size < 2:
            continue
        rows += [
            {"channel": one.channel.label, "week": monday(week).isoformat(), "value": float(mean)}
            for week, mean in zip(weeks, values, strict=True)
        ]
        first, last = (significant(float(values[end])) for end in (0, -1))
        told = phrase("days.from-to", channel=one.channel.label, first=first, last=last)
        readings.append(told)
    what = _named(name).many
    return chart(
        f"influence.all.{_slug(name)}-by-day-chart", phrase("days.weekly", what=_sentence(what)),
        [("channel", phrase("days.channel")), ("week", phrase("days.week"), "date"),
         ("value", what, "rate")],
        rows, plots.lines("week", "value", "channel", what, rows),
        left_out=plots.left_out("channel", rows), reading=" ".join(readings),
        definition=phrase("days.mean"),
    )  # fmt: skip


def _slug(name: str) -> str:
    return name.replace("_", "-")


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _named(name: str) -> Unit:
    """Give what a counter counts."""
    if name in NAMES or name in PER_IMPRESSION:
        return unit("influence", f"daily.{name}")
    return Unit(name.replace("_", " "), name.replace("_", " "))
