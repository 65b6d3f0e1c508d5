"""What the plan gives to take away: letters, a reminder, a summary that can be shared."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from empreinte.lenses.exposure import calendar, summary
from empreinte.lenses.exposure.letters import Article, letter
from empreinte.lenses.exposure.own import Own, data, held
from empreinte.lenses.exposure.parts import Step, named
from empreinte.lenses.exposure.progress import Progress
from empreinte.lenses.exposure.words import phrase
from empreinte.model import platform_name
from empreinte.report import File

ADVERTISERS = 10
"""Advertisers that are written to, at most: those who gave a list to most platforms."""

_ACCOUNTS = """
    select platform, any_value(name) as name, min(coalesce(handle, account_id)) as handle
    from mine where in_scope
    group by platform order by platform
"""
_KINDS = f"select platform, list(distinct kind) as kinds from {held()} group by platform"
_LISTS = f"""
    select label, count(distinct platform) as n,
           list(distinct platform order by platform) as platforms
    from {held("advertiser")} where listed group by label order by n desc, label limit {ADVERTISERS}
"""
_ADVERTISING = {"advertiser", "interest", "ad_impression", "ad_engagement", "elsewhere"}


def files(own: Own, known: Progress, todo: list[Step]) -> tuple[File, ...]:
    """Give every file, in the language spoken.

    Nothing is sent. Personal data that were found stand in none of them but as the report shows
    them; the summary holds none at all.
    """
    on = datetime.now(ZoneInfo(own.scope.timezone)).date()
    if not known.steps:
        return ()
    return (
        File(
            name="summary.md", title=phrase("file.summary"),
            media_type="text/markdown", text=summary.summary(own, known, on),
        ),
        File(
            name="reminder.ics", title=phrase("file.reminder"),
            media_type="text/calendar", text=calendar.reminder(todo, on + timedelta(days=7), on),
        ),
        *_to_platforms(own, on), *_to_advertisers(own, on),
    )  # fmt: skip


def _to_platforms(own: Own, on: date) -> Iterator[File]:
    """Write to each platform: access, erasure, and objection where it serves advertisers."""
    kinds = {row["platform"]: set(row["kinds"]) for row in own.rows(_KINDS)}
    name = _name(own)
    for row in own.rows(_ACCOUNTS):
        platform = row["platform"]
        known = data("addressees.toml").get(platform)
        if known is None:
            continue
        articles: tuple[Article, ...] = (15, 17)
        if kinds.get(platform, set()) & _ADVERTISING:
            articles = (15, 17, 21)
        # Some exports do not say whose they are: the account is then called so by its source.
        told = row["handle"] not in (None, "me")
        handle = _line(row["handle"]) if told else phrase("letter.handle")
        account = f"{platform_name(platform)}, {handle}"
        for article in articles:
            text = letter(
                article, known["address"], _line(row["name"] or "") or name, account, on
            )  # fmt: skip
            yield _letter(article, platform, platform_name(platform), text)


def _to_advertisers(own: Own, on: date) -> Iterator[File]:
    """Object to each of the advertisers who gave most platforms a list."""
    name = _name(own)
    for rank, row in enumerate(own.rows(_LISTS), 1):
        to = _line(own.safe(row["label"]))
        about = phrase("letter.lists", platforms=named(row["platforms"]))
        text = letter(21, [to, phrase("letter.address")], name, about, on)
        yield _letter(21, f"advertiser-{rank}", to, text)


def _letter(article: Article, id: str, to: str, text: str) -> File:
    title = phrase(f"letter.title-{article}", to=to)
    return File(name=f"letter-{article}-{id}.txt", title=title, media_type="text/plain", text=text)


def _name(own: Own) -> str:
    """Give the name that most accounts of the owner bear, or where to write it."""
    rows = own.rows(
        "select name from mine where name is not null group by name order by count(*) desc, name "
        "limit 1"
    )
    return (_line(rows[0]["name"]) if rows else "") or phrase("letter.name")


def _line(text: str) -> str:
    """Give a name on one line, as far as it can be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:100]
