"""What is met next: the latest posts, those that stand out, subjects, regularity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from empreinte.asking import Claim, Part, chart, collect, plots, single, table, untold
from empreinte.asking.shown import Given
from empreinte.language import _, number
from empreinte.lenses.reputation.own import LINK, SHOWN, WORDS, Own, excerpt
from empreinte.model import platform_name
from empreinte.report import Chart, Section, Table, units

Row = dict[str, Any]

SHOWS = 10
"""Posts, and subjects, that are listed."""
OFTEN = 3
"""Posts that a hashtag must stand in to be a subject."""

_COUNT = f"""
    select count(*) as posts, count(distinct date_trunc('month', p.published)) as months,
           date_diff('month', min(p.published), max(p.published)) + 1 as span
    from posts p where {SHOWN} and p.published is not null
"""
_LATEST = f"""
    select p.platform, p.id, p.published, {WORDS} as words, {LINK} as url
    from posts p where {SHOWN} and p.published is not null
    order by p.published desc, p.platform, p.id limit {SHOWS}
"""
_BEST = f"""
    select p.platform, p.id, p.published, {WORDS} as words, {LINK} as url,
           coalesce(r.likes, 0) + coalesce(r.shares, 0) + coalesce(r.replies, 0) as reactions
    from posts p join response r on r.platform = p.platform and r.id = p.id
    where {SHOWN}
      and coalesce(r.likes, 0) + coalesce(r.shares, 0) + coalesce(r.replies, 0) > 0
    order by reactions desc, p.published desc, p.platform, p.id limit {SHOWS}
"""
_TAGS = f"""
    select tag, count(distinct (platform, id)) as posts, max(published) as last,
           list(platform || ':' || id order by published desc, id)[1:50] as ids
    from (select lower(unnest(p.tags)) as tag, p.platform, p.id, p.published
          from posts p where {SHOWN})
    group by tag having count(distinct (platform, id)) >= {OFTEN}
    order by posts desc, tag limit {SHOWS}
"""
_MONTHS = f"""
    select date_trunc('month', p.published) as month, p.platform, count(*) as posts
    from posts p where {SHOWN} and p.published is not null group by all order by all
"""


def part(own: Own) -> Part:
    """Show posts in the order in which they are met."""
    (count,) = own.rows(_COUNT)
    tags = own.rows(_TAGS)
    posts, months = count["posts"], count["months"]
    why = untold(
        _("No public post of yours is known."),
        _("No public post of yours is known in this period."),
    )
    section = Section(
        id="first", title=_("What is met first"),
        intro=_("Public posts alone. Archives do not say which post you pinned. Subjects are your "
                "hashtags, nothing is read between the lines."),
        measures=collect([
            single("reputation", "public", _("Public posts"), posts or None, why=why, main=True,
                   unit=units("post", "posts"), n=posts,
                   evidence=own.evidence(f"select p.* from posts p where {SHOWN}"),
                   definition=_("Posts of yours that anybody can read.")),
            single("reputation", "regularity", _("Months with a public post"),
                   months / count["span"] if posts else None, kind="percent", why=why,
                   numerator=months if posts else None,
                   denominator=count["span"] if posts else None,
                   definition=_("Of the months between your first and your last public post.")),
        ]),
        charts=_chart(own),
        tables=(*_posts(own), *_subjects(own, tags)),
    )  # fmt: skip
    return Part(section, tuple(_claims(tags)))


def _posts(own: Own) -> tuple[Table, ...]:
    columns: tuple[Given, ...] = (
        ("day", _("Date"), "date"), ("where", _("Where")), ("words", _("Post")),
        ("url", _("Link"), "url"),
    )  # fmt: skip
    latest, best = own.rows(_LATEST), own.rows(_BEST)
    reactions: Given = ("reactions", _("Reactions"), "integer")
    return (
        *table("reputation.all.latest", _("Your latest public posts"), columns,
               [_row(row) for row in latest], evidence=_evidence(own, latest), named=2),
        *table("reputation.all.best", _("Your public posts that had most reactions"),
               (*columns, reactions), [(*_row(row), row["reactions"]) for row in best],
               evidence=_evidence(own, best), named=2),
    )  # fmt: skip


def _row(row: Row) -> tuple[Any, ...]:
    day = row["published"] and row["published"].date().isoformat()
    return day, platform_name(row["platform"]), excerpt(row["words"]), row["url"]


def _evidence(own: Own, rows: list[Row]) -> tuple[Any, ...]:
    return tuple(own.posts([f"{row['platform']}:{row['id']}"]) for row in rows)


def _subjects(own: Own, tags: list[Row]) -> tuple[Table, ...]:
    return table(
        "reputation.all.subjects", _("Subjects, by your hashtags"),
        (("tag", _("Hashtag")), ("posts", _("Posts"), "integer"), ("last", _("Last"), "date")),
        [(f"#{row['tag']}", row["posts"], row["last"] and row["last"].date().isoformat())
         for row in tags],
        evidence=tuple(own.posts(row["ids"]) for row in tags),
        definition=_("Hashtags that stand in three of your public posts or more."),
    )  # fmt: skip


def _chart(own: Own) -> tuple[Chart, ...]:
    rows = [
        {"month": row["month"].date().isoformat(), "posts": row["posts"],
         "where": platform_name(row["platform"])}
        for row in own.rows(_MONTHS)
    ]  # fmt: skip
    return chart(
        "reputation.all.months", _("Public posts a month"),
        (("month", _("Month"), "date"), ("posts", _("Posts"), "integer"), ("where", _("Where"))),
        rows, plots.bars("month", "posts", "where", _("Posts")),
        reading=_("Your public posts by month and platform."),
    )  # fmt: skip


def _claims(tags: list[Row]) -> Iterator[Claim]:
    if tags:
        named = ", ".join(f"#{row['tag']}" for row in tags[:3])
        text = _("A stranger sees you write most of: {tags} ({n} posts).").format(
            tags=named, n=number(sum(row["posts"] for row in tags[:3]))
        )
        bare = [row["tag"] for row in tags[:3] if not any(map(str.isdigit, row["tag"]))]
        quiet = _("A stranger sees what you write most of.")
        if bare:
            quiet = _("A stranger sees you write most of: {tags}.").format(
                tags=", ".join(f"#{tag}" for tag in bare)
            )
        yield Claim(
            text=text, quiet=quiet, about="reputation.all.subjects", topic="subjects", weight=0.1
        )
