"""Counters read several times: how the same posts went on gathering answers."""

from __future__ import annotations

from typing import Any

from empreinte.asking import Channel, plots
from empreinte.lenses.influence import words
from empreinte.lenses.influence.breaks import same_meaning
from empreinte.lenses.influence.own import PUBLISHED, Own
from empreinte.lenses.influence.words import drawn, listed, phrase
from empreinte.report import Chart, Evidence, Table

Shown = tuple[tuple[Chart, ...], tuple[Table, ...]]


def curves(own: Own) -> Shown:
    """Sum each counter over the posts that were read at two dates that follow each other."""
    if not own.read_twice:
        return (), ()
    found = own.rows(
        f"""
        with pairs as (
            select p.channel, p.platform, x.name, x.observed, x.value,
                   lag(x.observed) over w as earlier, lag(x.value) over w as before
            from readings x
            join posts p on p.platform = x.platform and p.id = x.subject_id
            where x.subject_type = 'post' and x.name in ('likes', 'shares', 'replies', 'views')
              and {PUBLISHED} and p.in_scope
            window w as (partition by p.channel, x.subject_id, x.name order by x.observed)
        )
        select channel, name, earlier, observed, count(*) as n, sum(before) as before,
               sum(value) as value
        from pairs
        where earlier is not null and {same_meaning("platform", "name", "earlier", "observed")}
        group by all order by channel, name, earlier, observed
        """
    )
    known = {channel.key: channel for channel in own.channels}
    # An API answers post by post, each at its own second: only dates shared by many are shown.
    found = [row for row in found if row["n"] >= 5 and row["channel"] in known]
    return _shown(own, [(known[row["channel"]], row) for row in found]) if found else ((), ())


def _shown(own: Own, found: list[tuple[Channel, dict[str, Any]]]) -> Shown:
    rows, points = [], []
    for channel, row in found:
        label = words.counter(row["name"])
        earlier, observed = row["earlier"].isoformat(), row["observed"].isoformat()
        rows.append((channel.label, label, earlier, observed, row["n"], row["before"],
                     row["value"]))  # fmt: skip
        for at, read in ((earlier, row["before"]), (observed, row["value"])):
            series = f"{channel.label} — {label}"
            points.append({"series": series, "observed": at, "value": read / row["n"]})
    channel, last = found[-1]
    reading = phrase(
        "growth.same-posts", channel=channel.label, posts=words.posts(last["n"]),
        before=last["before"], after=last["value"], counter=words.counter(last["name"]),
        then=last["earlier"], now=last["observed"],
    )  # fmt: skip
    charts = drawn(
        "readings-chart", points,
        plots.lines("observed", "value", "series", phrase("per-post"), points),
        left_out=plots.left_out("series", points), reading=reading,
    )  # fmt: skip
    evidence = tuple(_evidence(own, channel, row) for channel, row in found)
    return charts, listed("readings-table", rows, reading=reading, evidence=evidence)


def _evidence(own: Own, channel: Channel, row: dict[str, Any]) -> Evidence:
    def read(when: str) -> str:
        return (
            "exists (select 1 from readings x where x.platform = p.platform"
            " and x.subject_id = p.id and x.subject_type = 'post' and x.name = $name"
            f" and {when})"
        )

    earlier, observed = "cast($earlier as timestamp)", "cast($observed as timestamp)"
    between = read(f"x.observed > {earlier} and x.observed < {observed}")
    return own.evidence(
        channel,
        f"{read(f'x.observed = {earlier}')} and {read(f'x.observed = {observed}')}"
        f" and not {between}",
        name=row["name"],
        earlier=row["earlier"].isoformat(),
        observed=row["observed"].isoformat(),
    )
