"""Section 8: the posts that were answered most, and when their answers came."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Part, value
from empreinte.language import percent
from empreinte.lenses.influence import words
from empreinte.lenses.influence.own import COUNTED, COUNTERS, PUBLISHED, Own
from empreinte.lenses.influence.words import listed, phrase, said, section
from empreinte.report import Action, Evidence, Table

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
    share = own.measure(
        "top-posts-share",
        whole=value(
            top / total if top else None, numerator=top, denominator=total if rows else None,
            n=counted, why=phrase("top.none"),
        ),
        n=len(rows),
    )  # fmt: skip
    shown = section("top", measures=(share,), tables=_table(own, rows))
    if not rows:
        return Part(shown, otherwise=said("top.none").sentence("influence.all.top-posts-share"))
    table = "influence.all.top-table"
    action = Action(kind="evidence", target=f"{table}.0", label=phrase("action.post"))
    channel = str(shown.tables[0].rows[0][2])
    told = said("top.most", channel=channel, n=rows[0]["answers"])
    return Part(shown, otherwise=told.sentence(table, action))


def _top(own: Own, answers: NDArray[np.float64]) -> list[dict[str, Any]]:
    """Find the posts with the most answers; those with none are no top posts."""
    kept = np.flatnonzero(answers > 0)
    if not kept.size:
        return []
    at = own.posts.published_us
    # What has no date comes last among equals; then by platform and id, as the posts stand.
    latest = np.where(at == 0, -np.inf, at)
    first = kept[np.lexsort((kept, -latest[kept], -answers[kept]))][:SHOWN]
    # Words for these alone, found by when they came out and their place among what came out then:
    # reading a million texts takes longer than all the rest.
    times = np.unique(at[first])
    places = np.searchsorted(np.flatnonzero(np.isin(at, times)), first) + 1
    found = own.rows(
        f"""
        select * from (
            select p.platform, p.id, p.channel, p.kind, p.published, p.url,
                   coalesce(p.title, substr(p.content, 1, 160)) as text,
                   row_number() over (order by p.published, p.platform, p.id) as number
            from posts p
            where {PUBLISHED} and in_channels(p.channel)
              and list_contains($times, coalesce(epoch_us(p.published), 0))
        )
        where list_contains($places, number)
        """,
        times=times.tolist(),
        places=places.tolist(),
    )
    rows = {row["number"]: row for row in found}
    return [
        {**rows[number], "answers": float(answers[post]), **_counters(own, post)}
        for number, post in zip(places.tolist(), first.tolist(), strict=True)
    ]


def _counters(own: Own, post: int) -> dict[str, float | None]:
    found = {name: float(own.posts.counters[name][post]) for name in COUNTERS}
    return {name: None if np.isnan(one) else one for name, one in found.items()}


def _early(own: Own, rows: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[float, str]]:
    """Tell what share of each post's answers came early, and how that is known."""
    keys = {"ids": [row["id"] for row in rows]}
    acts = (
        []
        if None not in own.acts
        else own.rows(
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
    )
    result = {}
    for row in acts:
        if row["n"] >= LEAST_ACTS:
            basis = phrase("top.first-hours", hours=HOURS, n=row["n"])
            result[row["platform"], row["id"]] = (row["early"] / row["n"], basis)
    if not own.read_twice:
        return result
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
            basis = phrase("top.first-count", day=held[0]["observed"])
            result[key] = (held[0]["value"] / held[-1]["value"], basis)
    return result


def _table(own: Own, rows: list[dict[str, Any]]) -> tuple[Table, ...]:
    if not rows:
        return ()
    early = _early(own, rows)
    unknown, no_text = phrase("top.unknown"), phrase("top.no-text")
    shown = []
    for row in rows:
        share, basis = early.get((row["platform"], row["id"]), (None, unknown))
        shown.append(
            (
                row["published"].isoformat() if row["published"] else None,
                " ".join((row["text"] or "").split())[:160] or no_text, own.label(row),
                words.kind(row["kind"]), row["answers"], *(row[name] for name in COUNTERS), share,
                basis, row["url"],
            )
        )  # fmt: skip
    told = [row[9] for row in shown if row[9] is not None]
    reading = said("top.most", channel=shown[0][2], n=rows[0]["answers"]).text
    if told:
        middle = percent(float(np.median(told)))
        reading += " " + phrase("top.early", told=len(told), n=len(shown), share=middle)
    evidence = tuple(
        Evidence(
            f"{COUNTED} where p.platform = $platform and p.id = $id",
            {"platform": row["platform"], "id": row["id"]},
        )
        for row in rows
    )
    return listed(
        "top-table", shown, reading=reading, places={"hours": HOURS, "least": LEAST_ACTS},
        evidence=evidence,
    )  # fmt: skip
