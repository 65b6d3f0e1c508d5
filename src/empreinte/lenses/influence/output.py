"""Section 3: what was published, of which kinds, week by week."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Channel, Part, Said, plots, value
from empreinte.asking.day_numbers import moment, monday, mondays
from empreinte.language import number, percent
from empreinte.lenses.influence import words
from empreinte.lenses.influence.own import SHARED, Own
from empreinte.lenses.influence.words import drawn, listed, phrase, said, section
from empreinte.report import Chart, Evidence, Measure, Table, Value, units

KINDS_SHOWN = 5
"""Kinds told apart in the chart; the rest are "other"."""
THREAD = "p.kind = 'reply' and p.in_reply_to_author is not distinct from p.author_id"
KIND_CONDITION = (
    f"case when {THREAD} and p.author_id is not null then 'thread' else p.kind end = $kind"
)

_SHARED = f"""
    select *, platform || ':' || actor_id as channel from acts
    where {SHARED}
"""
_MESSAGES = "select p.* from crossposts p where p.mine and p.in_scope"
_TOLD_AGAIN = f"""exists (
    select 1 from crossposts c join ({_MESSAGES}) e on e.message = c.message
    where c.platform = p.platform and c.id = p.id
      and (e.published < c.published or e.published = c.published and e.channel < c.channel)
)"""


def part(own: Own) -> Part:
    """Count the posts of each channel by kind, and draw them week by week."""
    whole = None if len(own.channels) == 1 else _posts(own, None)
    posts = own.measure("posts", lambda channel: _posts(own, channel), whole)
    charts, kinds = _chart(own), _kinds(own)
    told = said("output.nothing")
    if charts and kinds:
        channel, kind, *_counts = max(kinds[0].rows, key=lambda row: row[2])
        told = Said(charts[0].reading, phrase("output.commonest", kind=kind, channel=channel))
    shown = section(
        "output", measures=(posts, *_messages(own), _shares(own)), charts=charts, tables=kinds
    )
    return Part(shown, otherwise=told.sentence("output"))


def _posts(own: Own, channel: Channel | None) -> Value:
    here = own.of(channel)
    times = own.posts.published_us[here & own.posts.dated]
    note = ""
    if times.size:
        note = phrase("output.span", first=moment(times.min()), last=moment(times.max()))
    n = int(here.sum())
    return value(
        n if own.channels else None, n=n, why=phrase("output.unknown"), note=note,
        evidence=own.evidence(channel), trend=_months(own, here),
    )  # fmt: skip


def _messages(own: Own) -> tuple[Measure, ...]:
    """Count what was said, where several channels said the same, once."""
    if len(own.channels) < 2:
        return ()
    (row,) = own.rows(
        f"""
        select coalesce(sum(n - 1), 0) as again, count(*) filter (where n > 1) as several
        from (select message, count(*) as n from ({_MESSAGES}) group by message)
        """
    )
    n, several = int(own.posts.inside.sum()) - int(row["again"]), int(row["several"])
    once = own.evidence(None, f"not {_TOLD_AGAIN}")
    again = Evidence(
        f"{_MESSAGES} and p.message in"
        f" (select message from ({_MESSAGES}) group by message having count(*) > 1)"
        " order by p.published desc, p.message, p.channel"
    )
    on_several = value(several, n=int(row["again"]) + several, evidence=again)
    return (
        own.measure("messages", whole=value(n, n=n, evidence=once), also=phrase("output.same")),
        own.measure("crossposted", whole=on_several, also=phrase("output.same")),
    )


def _months(own: Own, here: NDArray[np.bool_]) -> tuple[float, ...]:
    """Count posts a month, for a sparkline of at most three years."""
    months = own.month[here & own.posts.dated]
    if not months.size:
        return ()
    last = int(months.max())
    first = max(int(months.min()), last - 35)
    recent = months[months >= first] - first
    return tuple(np.bincount(recent, minlength=last - first + 1).astype(float).tolist())


def _shares(own: Own) -> Measure:
    def find(channel: Channel) -> Value | None:
        n = own.acts[channel.key]["shared"] if channel.key in own.acts else 0
        if not n:
            return None
        evidence = Evidence(
            f"{_SHARED} and platform = $platform and actor_id = $actor order by published desc",
            {"platform": channel.platform, "actor": channel.account_id},
        )
        return value(n, n=n, evidence=evidence)

    return own.measure("shared", find)


def _kinds(own: Own) -> tuple[Table, ...]:
    names, codes = own.posts.kind
    labels = _labels(names)
    rows, evidence = [], []
    for channel in own.channels:
        here = own.of(channel)
        sizes = np.bincount(codes[here], minlength=len(names))
        for code in np.argsort(-sizes, kind="stable"):
            if n := int(sizes[code]):
                rows.append((channel.label, labels[code], n, n / int(here.sum())))
                evidence.append(own.evidence(channel, KIND_CONDITION, kind=names[code]))
    if not rows:
        return ()
    channel, kind, _n, share = max(rows, key=lambda row: row[2])
    places = {"kind": kind, "channel": channel, "share": percent(share)}
    return listed("kinds-table", rows, places=places, evidence=tuple(evidence))


def _labels(names: list[str]) -> list[str]:
    return [words.kind(name) for name in names]


def _chart(own: Own) -> tuple[Chart, ...]:
    here = own.posts.inside & own.posts.dated
    if not here.any():
        return ()
    names, codes = own.posts.kind
    weeks = own.week[here]
    kinds = np.minimum(codes[here], KINDS_SHOWN)
    first = int(weeks.min())
    span = int(weeks.max()) - first + 1
    counted = np.bincount((weeks - first) * (KINDS_SHOWN + 1) + kinds, minlength=0)
    labels = _labels(names)
    labels[KINDS_SHOWN:] = [phrase("other")]
    places = np.flatnonzero(counted)
    week, kind = np.divmod(places, KINDS_SHOWN + 1)
    each = zip(mondays(first + week), kind.tolist(), counted[places].tolist(), strict=True)
    rows = [{"week": day, "kind": labels[code], "posts": n} for day, code, n in each]
    totals = np.bincount(weeks - first)
    return drawn(
        "output-chart", rows, plots.bars("week", "posts", "kind", phrase("output.axis")),
        places={
            "posts": words.posts(len(weeks)), "weeks": units("week", "weeks").counted(span),
            "rate": number(len(weeks) / span, 1), "day": monday(first + int(totals.argmax())),
            "most": int(totals.max()), "timezone": own.scope.timezone,
        },
    )  # fmt: skip
