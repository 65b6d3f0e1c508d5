"""Likes stand apart: the owner did not write what was liked."""

from __future__ import annotations

from typing import Any

from empreinte.asking import Part, collect, single, table, untold
from empreinte.language import _
from empreinte.lenses.reputation import kinds
from empreinte.lenses.reputation.own import Own, excerpt
from empreinte.model import platform_name
from empreinte.report import Section, Sentence, units
from empreinte.texts import conduct

MOST = 5_000
"""Likes that are read, the latest."""
ROWS = 50

_LIKES = f"""
    select c.platform, c.published, c.content as words,
           case when regexp_matches(c.url, '^https?://') then c.url end as url, c.object_id
    from acts c
    where c.type = 'Like' and list_contains($owned, c.platform || ':' || c.actor_id)
      and c.content <> '' and in_window(c.published)
    order by c.published desc nulls last, c.platform, c.object_id limit {MOST}
"""
_COUNT = """
    select count(*) as n from acts c
    where c.type = 'Like' and list_contains($owned, c.platform || ':' || c.actor_id)
      and in_window(c.published)
"""


def part(own: Own) -> Part:
    """Count likes, and among those whose words are known what `conduct` finds in them."""
    (count,) = own.rows(_COUNT)
    rows = own.rows(_LIKES)
    found = [(row, one) for row in rows if (one := _act(row["words"]))]
    text = _("A like is not a statement: likes are counted apart and in none of the findings.")
    section = Section(
        id="likes", title=_("What you liked"),
        intro=_("Some platforms show likes to everyone, some to nobody. Only likes whose words "
                "your archives hold are read."),
        measures=collect([
            single("reputation", "likes", _("Likes"), count["n"] or None, n=count["n"],
                   unit=units("like", "likes"),
                   why=untold(_("Your archives hold no like of yours.")),
                   definition=_("Likes that you gave.")),
            single("reputation", "likes-found", _("Likes worth another look"),
                   len(found) if rows else None, n=len(rows),
                   why=untold(_("Your archives do not hold the words of what you liked.")),
                   definition=_("Of the latest likes whose words are known: insults, threats, "
                                "hatred and so on in what somebody else wrote.")),
        ]),
        tables=table(
            "reputation.all.likes-read", _("Likes worth another look"),
            (
                ("day", _("Date"), "date"), ("where", _("Where")), ("what", _("What")),
                ("words", _("Words of somebody else")), ("url", _("Link"), "url"),
            ),
            [_row(row, one) for row, one in found[:ROWS]], named=3,
        ),
    )  # fmt: skip
    return Part(section, (), Sentence(text=text, quiet=text, about="likes"))


def _act(words: str) -> conduct.Finding | None:
    return next((one for one in conduct.scan(words) if one.door == "act"), None)


def _row(row: dict[str, Any], one: conduct.Finding) -> tuple[Any, ...]:
    day = row["published"] and row["published"].date().isoformat()
    return (
        day, platform_name(row["platform"]), kinds.named(one.label),
        excerpt(row["words"], one.start), row["url"],
    )  # fmt: skip
