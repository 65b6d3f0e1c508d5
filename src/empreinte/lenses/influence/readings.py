"""Counters read several times: how the same posts went on gathering answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from empreinte.language import _, day, number
from empreinte.lenses.influence import plots, words
from empreinte.lenses.influence.own import CHANNELS, PUBLISHED, WINDOW, Own
from empreinte.lenses.influence.parts import posts_evidence
from empreinte.report import Chart, Column, Table


@dataclass(frozen=True)
class Curves:
    """What is shown of counters read several times: nothing where none was."""

    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()


def curves(own: Own) -> Curves:
    """Sum each counter over the posts that were read at two dates that follow each other."""
    if not several(own):
        return Curves()
    found = own.rows(
        f"""
        with pairs as (
            select p.channel, x.name, x.observed, x.value,
                   lag(x.observed) over w as earlier, lag(x.value) over w as before
            from readings x
            join posts p on p.platform = x.platform and p.id = x.subject_id
            where x.subject_type = 'post' and x.name in ('likes', 'shares', 'replies', 'views')
              and {PUBLISHED} and {CHANNELS} and ({WINDOW})
            window w as (partition by p.channel, x.subject_id, x.name order by x.observed)
        )
        select channel, name, earlier, observed, count(*) as n, sum(before) as before,
               sum(value) as value
        from pairs where earlier is not null
        group by all order by channel, name, earlier, observed
        """
    )
    # An API answers post by post, each at its own second: only dates shared by many are shown.
    found = [row for row in found if row["n"] >= 5]
    index = {channel.key: i for i, channel in own.each()}
    found = [row for row in found if row["channel"] in index]
    if not found:
        return Curves()
    rows, evidence, points = [], [], []
    for row in found:
        channel = own.channels[index[row["channel"]]]
        label = words.counter(row["name"])
        rows.append(
            (
                channel.label,
                label,
                row["earlier"].isoformat(),
                row["observed"].isoformat(),
                row["n"],
                row["before"],
                row["value"],
            )
        )
        evidence.append(_evidence(own, index[row["channel"]], row))
        series = f"{channel.label} — {label}"
        for at, value in ((row["earlier"], row["before"]), (row["observed"], row["value"])):
            points.append(_point(series, at, value / row["n"]))
    last = found[-1]
    reading = _(
        "On {channel}, the same {posts} had {before} {counter} on {then} and {after} on {now}."
    ).format(
        channel=own.channels[index[last["channel"]]].label,
        posts=words.posts(last["n"]),
        before=number(last["before"]),
        after=number(last["value"]),
        counter=words.counter(last["name"]),
        then=day(last["earlier"]),
        now=day(last["observed"]),
    )
    return Curves(_chart(points, reading), _table(rows, evidence, reading))


def several(own: Own) -> bool:
    """Tell whether any counter of posts was read at two dates; cheap, unlike the pairs."""
    found = own.rows(
        """
        select platform, name from readings where subject_type = 'post'
        group by platform, name having min(observed) < max(observed) limit 1
        """
    )
    return bool(found)


def _point(series: str, at: datetime, value: float) -> dict[str, Any]:
    return {"series": series, "observed": at.isoformat(), "value": value}


def _evidence(own: Own, index: int, row: dict[str, Any]) -> Any:
    def read(parameter: str) -> str:
        return (
            "exists (select 1 from readings x where x.platform = p.platform"
            " and x.subject_id = p.id and x.subject_type = 'post' and x.name = $name"
            f" and x.observed = cast(${parameter} as timestamp))"
        )

    return posts_evidence(
        own,
        own.channels[index],
        f"{read('earlier')} and {read('observed')} and not exists (select 1 from readings x"
        " where x.platform = p.platform and x.subject_id = p.id and x.subject_type = 'post'"
        " and x.name = $name and x.observed > cast($earlier as timestamp)"
        " and x.observed < cast($observed as timestamp))",
        name=row["name"],
        earlier=row["earlier"].isoformat(),
        observed=row["observed"].isoformat(),
    )


def _chart(points: list[dict[str, Any]], reading: str) -> tuple[Chart, ...]:
    return (
        Chart(
            id="influence.all.readings-chart",
            title=_("Counters read several times, per post"),
            reading=reading,
            spec=plots.lines("observed", "value", "series", _("per post"), points),
            columns=(
                Column(key="series", label=_("Channel and counter")),
                Column(key="observed", label=_("Date"), kind="date"),
                Column(key="value", label=_("Per post"), kind="rate"),
            ),
            rows=tuple(points),
            definition=_(
                "Mean over the posts that were read on two dates that follow each other, at "
                "least five. Each pair of dates has its own posts, so lines may step."
            ),
        ),
    )


def _table(rows: list[tuple[Any, ...]], evidence: list[Any], reading: str) -> tuple[Table, ...]:
    return (
        Table(
            id="influence.all.readings-table",
            title=_("The same posts, read twice"),
            columns=(
                Column(key="channel", label=_("Channel")),
                Column(key="counter", label=_("Counter")),
                Column(key="earlier", label=_("First date"), kind="date"),
                Column(key="observed", label=_("Second date"), kind="date"),
                Column(key="posts", label=_("Posts"), kind="integer"),
                Column(key="before", label=_("First reading"), kind="integer"),
                Column(key="after", label=_("Second reading"), kind="integer"),
            ),
            rows=tuple(rows),
            reading=reading,
            evidence=tuple(evidence),
        ),
    )
