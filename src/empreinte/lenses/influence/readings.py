"""Counters read several times: how the same posts went on gathering answers."""

from __future__ import annotations

from typing import Any

from empreinte.asking import Channel, chart, plots, table
from empreinte.asking.shown import Given
from empreinte.language import _, day, number
from empreinte.lenses.influence import words
from empreinte.lenses.influence.breaks import same_meaning
from empreinte.lenses.influence.own import PUBLISHED, Own
from empreinte.report import Chart, Evidence, Table

Shown = tuple[tuple[Chart, ...], tuple[Table, ...]]


def curves(own: Own) -> Shown:
    """Sum each counter over the posts that were read at two dates that follow each other."""
    if not several(own):
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
    reading = _(
        "On {channel}, the same {posts} had {before} {counter} on {then} and {after} on {now}."
    ).format(
        channel=channel.label, posts=words.posts(last["n"]), before=number(last["before"]),
        after=number(last["value"]), counter=words.counter(last["name"]), then=day(last["earlier"]),
        now=day(last["observed"]),
    )  # fmt: skip
    drawn = chart(
        "influence.all.readings-chart",
        _("Counts of several dates, per post"),
        words.columns("series observed:date value:rate"), points,
        plots.lines("observed", "value", "series", _("per post"), points),
        left_out=plots.left_out("series", points), reading=reading,
        definition=_(
            "Mean over the posts counted on two dates that follow each other, at least five. "
            "Each pair of dates has its own posts, so lines may step."
        ),
    )  # fmt: skip
    listed = table(
        "influence.all.readings-table",
        _("The same posts, counted twice"), twice(_("Posts")), rows, reading=reading,
        evidence=tuple(_evidence(own, channel, row) for channel, row in found),
    )  # fmt: skip
    return drawn, listed


def twice(posts: str) -> tuple[Given, ...]:
    """Give the columns of counters that were read at two dates."""
    return words.columns(
        "channel counter earlier:date observed:date posts:integer before:integer after:integer",
        earlier=_("First date"), observed=_("Second date"), posts=posts, before=_("First count"),
        after=_("Second count"),
    )  # fmt: skip


def several(own: Own) -> bool:
    """Tell whether any counter of posts was read at two dates; cheap, unlike the pairs."""
    found = own.rows(
        """
        select platform, name from readings where subject_type = 'post'
        group by platform, name having min(observed) < max(observed) limit 1
        """
    )
    return bool(found)


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
