"""Section 3: what was published, of which kinds, week by week."""

from __future__ import annotations

from typing import Any

import numpy as np

from empreinte.language import _, day, number, percent
from empreinte.lenses.influence import plots, words
from empreinte.lenses.influence.growth import week_start
from empreinte.lenses.influence.own import CHANNELS, WINDOW, Own, moment
from empreinte.lenses.influence.parts import Part, posts_evidence
from empreinte.report import Chart, Column, Evidence, Figure, Section, Table, units

KINDS_SHOWN = 5
"""Kinds told apart in the chart; the rest are "other"."""

_SHARED = """
    select * from acts
    where by_me and type = 'Announce' and object_type = 'post'
      and ($since is null or published >= $since) and ($until is null or published < $until)
"""


def part(own: Own) -> Part:
    """Count the posts of each channel by kind, and draw them week by week."""
    shared = {
        row["channel"]: row["n"]
        for row in own.rows(
            f"""
            select platform || ':' || actor_id as channel, count(*) as n from ({_SHARED})
            where $channels is null or list_contains($channels, platform || ':' || actor_id)
            group by all
            """
        )
    }
    figures = [] if len(own.channels) == 1 else [_posts(own, None), *_messages(own)]
    for index, channel in own.each():
        figures.append(_posts(own, index))
        if channel.key in shared:
            figures.append(_shares(own, index, shared[channel.key]))
    return Part(
        Section(
            id="output",
            title=_("Output"),
            intro=_("What you published and others could see: no drafts, no direct messages."),
            figures=tuple(figures),
            charts=_chart(own),
            tables=_kinds(own, shared),
        )
    )


def _posts(own: Own, index: int | None) -> Figure:
    channel = None if index is None else own.channels[index]
    here = own.posts.inside if index is None else own.of(index)
    n = int(here.sum())
    why = None
    if not own.channels:
        why = _(
            "There is nothing of yours in the ledger. Import an export of your own, or say which "
            "of the imported channels are yours."
        )
    times = own.posts.published_us[here & own.posts.dated]
    definition = _("Posts, replies, articles and the like that you published in the window.")
    if times.size:
        definition += " " + _("From {first} to {last}.").format(
            first=day(moment(int(times.min()))), last=day(moment(int(times.max())))
        )
    name = _("Published, all channels")
    if channel:
        name = _("Published, {channel}").format(channel=channel.label)
    return Figure(
        id=f"influence.{channel.tag if channel else 'all'}.posts",
        name=name,
        value=None if why else n,
        kind="integer",
        unit=units("post", "posts"),
        n=n,
        why_missing=why,
        definition=definition,
        evidence=posts_evidence(own, channel),
        trend=_months(own, here),
    )


_TOLD_AGAIN = f"""exists (
    select 1 from crossposts c join crossposts e on e.message = c.message and e.mine
    where c.platform = p.platform and c.id = p.id
      and (e.published < c.published or e.published = c.published and e.channel < c.channel)
      and {CHANNELS.replace("p.", "e.")} and {WINDOW.replace("p.", "e.")}
)"""


def _messages(own: Own) -> list[Figure]:
    """Count what was said, where several channels said the same, once."""
    (row,) = own.rows(
        f"""
        select coalesce(sum(n - 1), 0) as again, count(*) filter (where n > 1) as several from (
            select message, count(*) as n from crossposts p
            where p.mine and {CHANNELS} and {WINDOW} group by message
        )
        """
    )
    if len(own.channels) < 2:
        return []
    n, several = int(own.posts.inside.sum()) - int(row["again"]), int(row["several"])
    said = _(
        "Cross-posts are posts of two channels within 24 hours whose texts, without links, "
        "mentions and hashtags, share at least 60% of their pairs of neighbouring words."
    )
    return [
        Figure(
            id="influence.all.messages",
            name=_("Messages, cross-posts counted once"),
            value=n,
            kind="integer",
            unit=units("message", "messages"),
            n=n,
            definition=_("Posts of the window, those of one message on several channels as one.")
            + " " + said,
            evidence=posts_evidence(own, None, f"not {_TOLD_AGAIN}"),
        ),
        Figure(
            id="influence.all.crossposted",
            name=_("Messages published on several channels"),
            value=several,
            kind="integer",
            unit=units("message", "messages"),
            n=int(row["again"]) + several,
            definition=said,
            evidence=Evidence(
                f"select p.* from crossposts p where p.mine and {CHANNELS} and {WINDOW}"
                " and p.message in (select p.message from crossposts p where p.mine"
                f" and {CHANNELS} and {WINDOW} group by p.message having count(*) > 1)"
                " order by p.published desc, p.message, p.channel"
            ),
        ),
    ]  # fmt: skip


def _months(own: Own, here: np.ndarray) -> tuple[float, ...]:
    """Count posts a month, for a sparkline of at most three years."""
    months = own.month[here & own.posts.dated]
    if not months.size:
        return ()
    last = int(months.max())
    first = max(int(months.min()), last - 35)
    recent = months[months >= first] - first
    return tuple(np.bincount(recent, minlength=last - first + 1).astype(float).tolist())


def _shares(own: Own, index: int, n: int) -> Figure:
    channel = own.channels[index]
    return Figure(
        id=f"influence.{channel.tag}.shared",
        name=_("Posts of others that you shared, {channel}").format(channel=channel.label),
        value=n,
        kind="integer",
        unit=units("post", "posts"),
        n=n,
        definition=_("Retweets, boosts and the like. They are not posts of yours."),
        evidence=Evidence(
            f"{_SHARED} and platform = $platform and actor_id = $actor order by published desc",
            {"platform": channel.platform, "actor": channel.account_id},
        ),
    )


def _kinds(own: Own, shared: dict[str, int]) -> tuple[Table, ...]:
    names, codes = own.posts.kind
    rows, evidence = [], []
    for index, channel in own.each():
        here = own.of(index)
        sizes = np.bincount(codes[here], minlength=len(names))
        for code in np.argsort(-sizes, kind="stable"):
            if not sizes[code]:
                continue
            name = names[code]
            rows.append(
                (
                    channel.label,
                    words.kind(name),
                    int(sizes[code]),
                    float(sizes[code] / here.sum()),
                )
            )
            evidence.append(posts_evidence(own, channel, KIND_CONDITION, kind=name))
    if not rows:
        return ()
    top = max(rows, key=lambda row: row[2])
    return (
        Table(
            id="influence.all.kinds-table",
            title=_("What you published, by kind"),
            columns=(
                Column(key="channel", label=_("Channel")),
                Column(key="kind", label=_("Kind")),
                Column(key="posts", label=_("Posts"), kind="integer"),
                Column(key="share", label=_("Share of the channel"), kind="percent"),
            ),
            rows=tuple(rows),
            reading=_("The most frequent: {kind} on {channel}, {share} of the channel.").format(
                kind=top[1], channel=top[0], share=percent(top[3])
            ),
            evidence=tuple(evidence),
        ),
    )


THREAD = "p.kind = 'reply' and p.in_reply_to_author is not distinct from p.author_id"
KIND_CONDITION = (
    f"case when {THREAD} and p.author_id is not null then 'thread' else p.kind end = $kind"
)


def _chart(own: Own) -> tuple[Chart, ...]:
    here = own.posts.inside & own.posts.dated
    if not here.any():
        return ()
    names, codes = own.posts.kind
    weeks = own.week[here]
    kinds = np.minimum(codes[here], KINDS_SHOWN)
    first = int(weeks.min())
    span = int(weeks.max()) - first + 1
    table = np.bincount((weeks - first) * (KINDS_SHOWN + 1) + kinds, minlength=0)
    rows: list[dict[str, Any]] = []
    for place in np.flatnonzero(table):
        week, kind = divmod(int(place), KINDS_SHOWN + 1)
        label = words.kind(names[kind]) if kind < KINDS_SHOWN else _("other")
        rows.append({"week": week_start(first + week), "kind": label, "posts": int(table[place])})
    totals = np.bincount(weeks - first)
    return (
        Chart(
            id="influence.all.output-chart",
            title=_("Published per week, by kind"),
            reading=_(
                "{posts} over {weeks}, {rate} a week; the fullest week, from {day}, had {most}."
            ).format(
                posts=words.posts(len(weeks)),
                weeks=units("week", "weeks").counted(span),
                rate=number(len(weeks) / span, 1),
                day=day(moment((int(first + totals.argmax()) * 7 - 3) * 86_400_000_000)),
                most=number(int(totals.max())),
            ),
            spec=plots.bars("week", "posts", "kind", _("posts per week")),
            columns=(
                Column(key="week", label=_("Week of"), kind="date"),
                Column(key="kind", label=_("Kind")),
                Column(key="posts", label=_("Posts"), kind="integer"),
            ),
            rows=tuple(rows),
            definition=_("Weeks start on Monday, in the time zone {timezone}.").format(
                timezone=own.scope.timezone
            ),
        ),
    )
