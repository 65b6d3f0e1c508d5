"""Section 3: what was published, of which kinds, week by week."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Channel, Part, chart, plots, table, value
from empreinte.language import _, day, number, percent
from empreinte.lenses.influence import words
from empreinte.lenses.influence.growth import monday, week_start
from empreinte.lenses.influence.own import Own, moment
from empreinte.report import Chart, Evidence, Measure, Section, Sentence, Table, Value, units

KINDS_SHOWN = 5
"""Kinds told apart in the chart; the rest are "other"."""
THREAD = "p.kind = 'reply' and p.in_reply_to_author is not distinct from p.author_id"
KIND_CONDITION = (
    f"case when {THREAD} and p.author_id is not null then 'thread' else p.kind end = $kind"
)

_SHARED = """
    select *, platform || ':' || actor_id as channel from acts
    where by_me and type = 'Announce' and object_type = 'post'
      and in_window(published) and in_channels(platform || ':' || actor_id)
"""
_MESSAGES = "select p.* from crossposts p where p.mine and p.in_scope"
_TOLD_AGAIN = f"""exists (
    select 1 from crossposts c join ({_MESSAGES}) e on e.message = c.message
    where c.platform = p.platform and c.id = p.id
      and (e.published < c.published or e.published = c.published and e.channel < c.channel)
)"""


def part(own: Own) -> Part:
    """Count the posts of each channel by kind, and draw them week by week."""
    posts = own.measure(
        "posts", _("Published"), "integer",
        lambda channel: _posts(own, channel), None if len(own.channels) == 1 else _posts(own, None),
        unit=units("post", "posts"), main=True,
        definition=_("Posts, replies, articles and the like that you published in the "
                     "period."),
    )  # fmt: skip
    drawn, kinds = _chart(own), _kinds(own)
    if drawn and kinds:
        channel, kind, *_counts = max(kinds[0].rows, key=lambda row: row[2])
        text = drawn[0].reading
        quiet = _("The most frequent: {kind} on {channel}.").format(kind=kind, channel=channel)
    else:
        text = quiet = _("You published nothing in this period, as far as your archives tell.")
    section = Section(
        id="output", title=_("Posts"),
        intro=_("What you published and others could see: no drafts, no direct messages."),
        measures=(posts, *_messages(own), _shares(own)), charts=drawn, tables=kinds,
    )  # fmt: skip
    return Part(section, otherwise=Sentence(text=text, about="output", quiet=quiet))


def _posts(own: Own, channel: Channel | None) -> Value:
    here = own.of(channel)
    times = own.posts.published_us[here & own.posts.dated]
    note = ""
    if times.size:
        note = _("From {first} to {last}.").format(
            first=day(moment(times.min())), last=day(moment(times.max()))
        )
    n = int(here.sum())
    return value(
        n if own.channels else None, subject=_("All accounts"), n=n,
        why=_(
            "Nothing of yours is imported yet. Import one of your archives, or say which "
            "accounts are yours."
        ),
        note=note, evidence=own.evidence(channel), trend=_months(own, here),
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
    said = _(
        "Posts of two accounts are the same within 24 hours where their texts, without "
        "links, mentions and hashtags, share at least 60% of their pairs of neighbouring "
        "words."
    )
    once = own.evidence(None, f"not {_TOLD_AGAIN}")
    again = Evidence(
        f"{_MESSAGES} and p.message in"
        f" (select message from ({_MESSAGES}) group by message having count(*) > 1)"
        " order by p.published desc, p.message, p.channel"
    )
    unit = units("message", "messages")
    return (
        own.measure(
            "messages", _("Posts, the same one counted once"), "integer",
            whole=value(n, subject=_("All accounts"), n=n, evidence=once), unit=unit, main=True,
            definition=_("Posts of the period, those of one message on several accounts as "
                         "one.")
            + " "
            + said,
        ),
        own.measure(
            "crossposted", _("Posts published on several accounts"), "integer",
            whole=value(
                several, subject=_("All accounts"), n=int(row["again"]) + several, evidence=again,
            ),
            unit=unit, definition=said,
        ),
    )  # fmt: skip


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
    shared = own.by_channel(f"select channel, count(*) as n from ({_SHARED}) group by all")

    def find(channel: Channel) -> Value | None:
        if channel.key not in shared:
            return None
        evidence = Evidence(
            f"{_SHARED} and platform = $platform and actor_id = $actor order by published desc",
            {"platform": channel.platform, "actor": channel.account_id},
        )
        n = shared[channel.key][0]["n"]
        return value(n, n=n, evidence=evidence)

    return own.measure(
        "shared", _("Posts of others that you shared"), "integer", find,
        unit=units("post", "posts"),
        definition=_("Retweets, boosts and the like. They are not posts of yours."),
    )  # fmt: skip


def _kinds(own: Own) -> tuple[Table, ...]:
    names, codes = own.posts.kind
    rows, evidence = [], []
    for channel in own.channels:
        here = own.of(channel)
        sizes = np.bincount(codes[here], minlength=len(names))
        for code in np.argsort(-sizes, kind="stable"):
            if sizes[code]:
                kind, n = words.kind(names[code]), int(sizes[code])
                rows.append((channel.label, kind, n, n / int(here.sum())))
                evidence.append(own.evidence(channel, KIND_CONDITION, kind=names[code]))
    if not rows:
        return ()
    channel, kind, _n, share = max(rows, key=lambda row: row[2])
    return table(
        "influence.all.kinds-table", _("What you published, by kind"),
        words.columns("channel kind posts:integer share:percent"), rows,
        reading=_("The most frequent: {kind} on {channel}, {share} of the account.").format(
            kind=kind, channel=channel, share=percent(share)
        ),
        evidence=tuple(evidence),
    )  # fmt: skip


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
    rows = []
    for place in np.flatnonzero(counted):
        week, kind = divmod(int(place), KINDS_SHOWN + 1)
        label = words.kind(names[kind]) if kind < KINDS_SHOWN else _("other")
        rows.append({"week": week_start(first + week), "kind": label, "posts": int(counted[place])})
    totals = np.bincount(weeks - first)
    return chart(
        "influence.all.output-chart",
        _("Published per week, by kind"), words.columns("week:date kind posts:integer"), rows,
        plots.bars("week", "posts", "kind", _("posts per week")),
        reading=_(
            "{posts} over {weeks}, {rate} a week; the fullest week, from {day}, had {most}."
        ).format(
            posts=words.posts(len(weeks)), weeks=units("week", "weeks").counted(span),
            rate=number(len(weeks) / span, 1), day=day(monday(first + int(totals.argmax()))),
            most=number(int(totals.max())),
        ),
        definition=_("Weeks start on Monday, in the time zone {timezone}.").format(
            timezone=own.scope.timezone
        ),
    )  # fmt: skip
