"""What the plan gives to take away: letters, a reminder, a summary that can be shared."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from empreinte.language import _
from empreinte.lenses.exposure import calendar, summary
from empreinte.lenses.exposure.letters import Article, letter
from empreinte.lenses.exposure.own import Own, data, held
from empreinte.lenses.exposure.parts import Step, named
from empreinte.lenses.exposure.progress import Progress
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
            name="summary.md", title=_("A summary to share, without the data"),
            media_type="text/markdown", text=summary.summary(own, known, on),
        ),
        File(
            name="reminder.ics", title=_("A reminder for your calendar"),
            media_type="text/calendar", text=calendar.reminder(todo, on + timedelta(days=7), on),
        ),
        *_to_platforms(own, on), *_to_advertisers(own, on),
    )  # fmt: skip


def _to_platforms(own: Own, on: date) -> list[File]:
    """Write to each platform: access, erasure, and objection where it serves advertisers."""
    kinds = {row["platform"]: set(row["kinds"]) for row in own.rows(_KINDS)}
    written: list[File] = []
    name = _name(own)
    for row in own.rows(_ACCOUNTS):
        platform = row["platform"]
        known = data("addressees.toml").get(platform)
        if known is None:
            continue
        articles: tuple[Article, ...] = (15, 17)
        if kinds.get(platform, set()) & _ADVERTISING:
            articles = (15, 17, 21)
        for article in articles:
            text = letter(
                article, known["address"], _line(row["name"] or "") or name,
                f"{platform_name(platform)}, {_handle(row['handle'])}", on,
            )  # fmt: skip
            title = _titles(article).format(to=platform_name(platform))
            written.append(_file(f"letter-{article}-{platform}.txt", title, text))
    return written


def _name(own: Own) -> str:
    """Give the name that most accounts of the owner bear, or where to write it."""
    rows = own.rows(
        "select name from mine where name is not null group by name order by count(*) desc, name "
        "limit 1"
    )
    return (_line(rows[0]["name"]) if rows else "") or _("[your name]")


def _handle(name: str | None) -> str:
    # Some exports do not say whose they are: the account is then called so by its source.
    return _("[your address there]") if name in (None, "me") else _line(name)


def _line(text: str) -> str:
    """Give a name on one line, as far as it can be printed."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:100]


def _to_advertisers(own: Own, on: date) -> list[File]:
    """Object to each of the advertisers who gave most platforms a list."""
    name = _name(own)
    written = []
    for rank, row in enumerate(own.rows(_LISTS), 1):
        to = _line(own.safe(row["label"]))
        about = _("the address or telephone number in the lists that you gave to {platforms}")
        about = about.format(platforms=named(row["platforms"]))
        text = letter(21, [to, _("[its address]")], name, about, on)
        title = _titles(21).format(to=to)
        written.append(_file(f"letter-21-advertiser-{rank}.txt", title, text))
    return written


def _titles(article: Article) -> str:
    return {
        15: _("Letter to {to}: what data do you have about me? (article 15)"),
        17: _("Letter to {to}: erase it (article 17)"),
        21: _("Letter to {to}: no advertising with my data (article 21)"),
    }[article]


def _file(name: str, title: str, text: str) -> File:
    return File(name=name, title=title, media_type="text/plain", text=text)
