"""Section 8: the posts that were answered most, and when their answers came."""

from __future__ import annotations

from typing import Any

import numpy as np

from empreinte.asking import Part, table, value
from empreinte.language import _, day, ngettext, number, percent
from empreinte.lenses.influence import words
from empreinte.lenses.influence.own import COUNTED, COUNTERS, PUBLISHED, Own, quoted
from empreinte.report import Action, Evidence, Section, Sentence, Table

SHOWN = 20
HOURS = 24
"""The first hours."""
LEAST_ACTS = 5
"""Dated acts due to tell when answers came."""


def part(own: Own) -> Part:
    """List the most answered posts, each with what it owes to its first hours."""
    answers = np.where(own.posts.inside, own.answers, np.nan)
    counted = int((~np.isnan(answers)).sum())
    rows = _top(own, answers) if counted else []
    total = float(np.nansum(answers)) if counted else 0.0
    top = float(sum(row["answers"] for row in rows)) if rows else None
    why = _("No post in this period has a known reaction.")
    share = own.measure(
        "top-posts-share", _("Share of all reactions that the top posts have"), "percent",
        whole=value(
            top / total if top else None, subject=_("All accounts"), numerator=top,
            denominator=total if rows else None, n=counted, why=why,
        ),
        main=True,
        definition=ngettext(
            "Reactions to the {n} post listed below, out of the reactions to all posts.",
            "Reactions to the {n} posts listed below, out of the reactions to all posts.",
            len(rows),
        ).format(n=number(len(rows))),
    )  # fmt: skip
    section = Section(
        id="top", title=_("Top posts"),
        intro=_(
            "Reactions are likes, shares and replies, as far as the account counts them; "
            "an account that counts more kinds of reactions stands higher."
        ),
        measures=(share,), tables=_table(own, rows),
    )  # fmt: skip
    finding = Sentence(text=why, about="influence.all.top-posts-share", quiet=why)
    if rows:
        channel = str(section.tables[0].rows[0][2])
        finding = Sentence(
            text=_most(channel, rows[0]["answers"]),
            about="influence.all.top-table",
            quiet=_("The post with the most reactions is on {channel}.").format(channel=channel),
            action=Action(
                kind="evidence", target="influence.all.top-table.0", label=_("See this post")
            ),
        )
    return Part(section, otherwise=finding)


def _most(channel: str, answers: float) -> str:
    return _("The post with the most reactions, on {channel}, has {n}.").format(
        channel=channel, n=number(answers)
    )


def _top(own: Own, answers: np.ndarray) -> list[dict[str, Any]]:
    """Find the posts with the most answers; those with none are no top posts."""
    known = answers[answers > 0]
    if not known.size:
        return []
    # A threshold on single counters first: sorting a million texts in the store is slow.
    kept = min(SHOWN, known.size)
    bound = float(np.partition(known, known.size - kept)[known.size - kept])
    # The view `response` again, but over these posts alone.
    latest = ", ".join(
        f"max_by(value, observed) filter (where name = '{name}') as {name}" for name in COUNTERS
    )
    found = own.rows(
        f"""
        with high as (
            select platform, subject_id from readings
            where subject_type = 'post' and name in ('likes', 'shares', 'replies')
              and value >= $bound / 3
            group by all
        ), r as (
            select platform, subject_id as id, {latest} from readings
            where subject_type = 'post'
              and (platform, subject_id) in (select (platform, subject_id) from high)
            group by platform, subject_id
        ), counted as (
            select p.platform, p.id, p.channel, p.kind, p.published,
                   r.likes, r.shares, r.replies, r.views, {_sum(own)} as answers
            from posts p
            join r on r.platform = p.platform and r.id = p.id
            where {PUBLISHED} and p.in_scope and ({own.counted(None)})
        )
        select * from counted where answers >= $bound
        order by answers desc, published desc, platform, id limit {SHOWN}
        """,
        bound=bound,
    )
    # Texts last, and for these alone: reading a million of them takes longer than all the rest.
    texts = own.rows(
        """
        select platform, id, url, coalesce(title, substr(content, 1, 160)) as text
        from posts where list_contains($ids, id)
        """,
        ids=[row["id"] for row in found],
    )
    by_key = {(row["platform"], row["id"]): row for row in texts}
    return [{**row, **by_key[row["platform"], row["id"]]} for row in found]


def _sum(own: Own) -> str:
    """Give the SQL of the answers to a post: the counters that its channel gives."""
    cases = " ".join(
        f"when p.channel = {quoted(channel.key)} then "
        + (" + ".join(f"r.{name}" for name in names) or "null")
        for channel, names in own.given.items()
    )
    return f"case {cases} end"


def _early(own: Own, rows: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[float, str]]:
    """Tell what share of each post's answers came early, and how that is known."""
    keys = {"ids": [row["id"] for row in rows]}
    acts = own.rows(
        f"""
        select a.platform, a.object_id as id, count(*) as n,
               count(*) filter (where a.published <= p.published + interval {HOURS} hour) as early
        from acts a
        join posts p on p.platform = a.platform and p.id = a.object_id
        where a.object_type = 'post' and a.type in ('Announce', 'Create', 'Like')
          and not a.by_me and a.published is not null and p.published is not null
          and list_contains($ids, a.object_id)
        group by all
        """,
        **keys,
    )
    result = {}
    for row in acts:
        if row["n"] >= LEAST_ACTS:
            basis = _("in the first {hours} hours (dated reactions: {n})").format(
                hours=number(HOURS), n=number(row["n"])
            )
            result[row["platform"], row["id"]] = (row["early"] / row["n"], basis)
    readings = own.rows(
        """
        select platform, subject_id as id, observed, sum(value) as value, count(*) as n
        from readings
        where subject_type = 'post' and name in ('likes', 'shares', 'replies')
          and list_contains($ids, subject_id)
        group by all order by platform, id, observed
        """,
        **keys,
    )
    by_post: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in readings:
        by_post.setdefault((row["platform"], row["id"]), []).append(row)
    for key, held in by_post.items():
        # Only readings of the same counters compare.
        held = [row for row in held if row["n"] == held[-1]["n"]]
        if key not in result and len(held) > 1 and held[-1]["value"] > 0:
            basis = _("by the first count, {day}").format(day=day(held[0]["observed"]))
            result[key] = (held[0]["value"] / held[-1]["value"], basis)
    return result


def _table(own: Own, rows: list[dict[str, Any]]) -> tuple[Table, ...]:
    if not rows:
        return ()
    early = _early(own, rows)
    unknown = _("unknown: counted once, and no dated reactions")
    shown = []
    for row in rows:
        share, basis = early.get((row["platform"], row["id"]), (None, unknown))
        shown.append(
            (
                row["published"].isoformat() if row["published"] else None,
                " ".join((row["text"] or "").split())[:160] or _("(no text)"),
                own.labels.get(row["channel"], row["channel"]),
                words.kind(row["kind"]),
                row["answers"],
                *(row[name] for name in COUNTERS),
                share,
                basis,
                row["url"],
            )
        )
    told = [row for row in shown if row[9] is not None]
    reading = _most(shown[0][2], rows[0]["answers"])
    if told:
        reading += " " + _(
            "Posts whose early reactions are known: {told} of {n}; {share} at the median."
        ).format(
            told=number(len(told)),
            n=number(len(shown)),
            share=percent(float(np.median([row[9] for row in told]))),
        )
    return table(
        "influence.all.top-table", _("The posts with the most reactions"),
        words.columns(
            "published:date text channel kind answers:integer likes:integer shares:integer"
            " replies:integer views:integer early:percent basis url:url"
        ),
        shown, reading=reading,
        definition=_(
            "Early: within {hours} hours of publication, from at least {least} dated reactions; "
            "else the share of the last count that the first one had."
        ).format(hours=number(HOURS), least=number(LEAST_ACTS)),
        evidence=tuple(
            Evidence(
                f"{COUNTED} where p.platform = $platform and p.id = $id",
                {"platform": row["platform"], "id": row["id"]},
            )
            for row in rows
        ),
    )  # fmt: skip
