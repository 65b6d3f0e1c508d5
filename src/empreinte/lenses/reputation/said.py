"""What is said of the owner: how much, where, by whom, its bursts; and beside chosen others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from empreinte.asking import Budget, Claim, Part, chart, collect, plots, single, table, untold
from empreinte.asking.claims import ranked, weight, years
from empreinte.kernels.statistics.shares import FEWEST, clustered_share
from empreinte.language import _, ngettext, number, percent
from empreinte.lenses.reputation import bursts, homonyms
from empreinte.lenses.reputation.bursts import Bursts
from empreinte.lenses.reputation.mentions import SURE, Said
from empreinte.lenses.reputation.own import Own
from empreinte.lenses.reputation.watch import WATCH, Watched
from empreinte.model import platform_name
from empreinte.report import Action, Chart, Measure, Section, Sentence, Table, Value, units

WRITERS = 20
"""Accounts that are listed."""
OFTEN = 3
"""Mentions of an account from which on it is listed."""


def parts(own: Own, watched: Watched, said: Said, found: Bursts) -> Iterator[Part]:
    """Make the sections: what is said; beside others, where some were named."""
    yield _said(own, watched, said, found)
    if watched.others:
        yield _voice(watched, said)


def _said(own: Own, watched: Watched, said: Said, found: Bursts) -> Part:
    claims = tuple(_claims(watched, said, found))
    bursting = [claim.sentence for claim in ranked(claims) if claim.topic == "bursts"]
    section = Section(
        id="said", title=_("What is said of you"),
        finding=next(iter(bursting), _finding(said, found)),
        intro=_("Public posts of others that reply to you, name your account or quote you, those "
                "that hold a name you told, and those of places that are all about you: as far as "
                "your archives and the feeds you follow hold them. What they do not hold is not "
                "counted, so that more of it may mean a fuller archive."),
        measures=collect(_measures(own, watched, said, found)),
        charts=_weeks(said), tables=(*bursts.listed(own, found), *_writers(said)),
    )  # fmt: skip
    return Part(section, claims)


def _finding(said: Said, found: Bursts) -> Sentence:
    text = untold(_("Nobody’s words about you are known yet. Tell the names to look for, or follow "
                    "feeds that may name you."), _why())  # fmt: skip
    quiet = text
    if said.rows:
        quiet = _("Others have written to you or of you.")
        text = ngettext(
            "{n} public post of others is to you or of you.",
            "{n} public posts of others are to you or of you.", len(said.rows),
        ).format(n=number(len(said.rows)))  # fmt: skip
        if not found.told_on:
            text = f"{text} {_rare()}"
    return Sentence(text=text, quiet=quiet, about="said")


def _rare() -> str:
    return _("Bursts cannot be told: that takes five weeks and about one mention in two hours.")


def _why() -> str:
    return untold(
        _("No public words of others to you or of you are known."),
        _("No public words of others to you or of you are known in this period."),
    )


def _measures(
    own: Own, watched: Watched, said: Said, found: Bursts
) -> Iterator[tuple[Measure, Value]]:
    n = len(said.rows)
    ways = Counter(row["how"] for row in said.rows)
    accounts = {(row["platform"], row["author_id"]) for row in said.rows if row["author_id"]}
    sure = own.evidence(f"select p.* from posts p where {SURE}", places=list(watched.places))
    yield single(
        "reputation", "mentions", _("Mentions"), n or None, n=n, main=True, why=_why(),
        unit=units("post", "posts"), evidence=sure if n > ways["words"] else _named(own, said),
        definition=_("Public posts of others that are to you or of you."),
    )  # fmt: skip
    yield single(
        "reputation", "mention-accounts", _("Accounts that wrote them"),
        len(accounts) or None, n=n, main=True, why=_why(), unit=units("account", "accounts"),
        definition=_("Different accounts that wrote them, where the author is known."),
    )  # fmt: skip
    told = bool(found.told_on)
    yield single(
        "reputation", "bursts", _("Bursts"), len(found.opened) if told else None, n=n, main=True,
        why=_rare() if n else _why(), unit=units("burst", "bursts"),
        definition=_("Hours in which far more came than usual, on platforms with five weeks of "
                     "mentions and about one in two hours lately."),
    )  # fmt: skip
    for how, name, what in (
        ("reply", _("Replies to you"), _("They reply to a post of yours or to your account.")),
        ("named", _("Posts that name your account"), _("They name your account.")),
        ("quote", _("Quotes"), _("They quote a post of yours.")),
        ("place", _("Reviews and alerts"), _("From places that you said are all about you.")),
        ("words", _("Posts that hold your names"), _("They hold a name that you told.")),
    ):
        if ways[how]:
            yield single(
                "reputation", f"mentions-{how}", name, ways[how], n=n, definition=what,
                unit=units("post", "posts"), evidence=own.posts(
                    f"{row['platform']}:{row['id']}" for row in said.rows if row["how"] == how),
            )  # fmt: skip
    if watched.names:
        yield single(
            "reputation", "mentions-unsure", _("Of you, or of a namesake"), said.unsure,
            unit=units("post", "posts"),
            definition=_("Posts that hold a name you told and of which it cannot be told whom "
                         "they speak of. They are not counted among mentions."),
        )  # fmt: skip


def _named(own: Own, said: Said) -> Any:
    return own.posts(f"{row['platform']}:{row['id']}" for row in said.rows)


def _weeks(said: Said) -> tuple[Chart, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    days = Counter((row["published"].date(), row["platform"]) for row in said.rows)
    for (date, platform), n in days.items():
        monday = date - timedelta(days=date.weekday())
        counts[monday.isoformat(), platform_name(platform)] += n
    return chart(
        "reputation.all.mention-weeks", _("Mentions a week"),
        (("week", _("Week"), "date"), ("posts", _("Mentions"), "integer"), ("where", _("Where"))),
        [{"week": week, "posts": n, "where": where} for (week, where), n in sorted(counts.items())],
        plots.bars("week", "posts", "where", _("Mentions")),
        reading=_("Public posts of others that are to you or of you, by week and platform."),
    )  # fmt: skip


def _writers(said: Said) -> tuple[Table, ...]:
    counts: Counter[tuple[str, str]] = Counter()
    names: dict[tuple[str, str], str] = {}
    for row in said.rows:
        if row["author_id"]:
            key = row["platform"], row["author_id"]
            counts[key] += 1
            names[key] = row["author"]
    often = sorted(((-n, key) for key, n in counts.items() if n >= OFTEN))[:WRITERS]
    return table(
        "reputation.all.mention-writers", _("Who writes of you most"),
        (("who", _("Who")), ("where", _("Where")), ("n", _("Mentions"), "integer")),
        [(names[key], platform_name(key[0]), -n) for n, key in often],
        definition=_("Accounts with three mentions or more."),
    )  # fmt: skip


def _claims(watched: Watched, said: Said, found: Bursts) -> Iterator[Claim]:
    budget = Budget(found.candidates)
    latest = max((row["published"] for row in said.rows), default=None)
    for one in found.opened:
        if budget.tells(one.key):
            text, quiet = bursts.sentence(one)
            yield Claim(
                text=text, quiet=quiet, about="reputation.all.bursts-found", topic="bursts",
                change=True,
                weight=weight(one.times, max(one.low, 0.01), one.times,
                              age=years(one.rows[0]["published"], latest)),
                action=Action(kind="section", target="said", label=_("See what it was about")),
            )  # fmt: skip
    if not watched.names:
        text = _("Tell the names to look for in what others write: yours, your brands.")
        yield Claim(
            text=text, quiet=text, about="said", topic="watch", weight=0.03,
            action=Action(kind="form", target=WATCH, label=_("Tell the names")),
        )  # fmt: skip
    if said.asked:
        text = _("Is it always you when others write “{name}”? Say once which words go with "
                 "you.").format(name=said.asked[0].name)  # fmt: skip
        yield Claim(
            text=text, quiet=text, about="reputation.all.mentions-unsure", topic="namesakes",
            weight=0.2, action=Action(kind="form", target=homonyms.CONTEXT, label=_("Say it once")),
        )  # fmt: skip


def _voice(watched: Watched, said: Said) -> Part:
    """Compare how often names stand in what nobody addressed to the owner."""
    mine = frozenset(name.key for name in watched.names if name.mine)
    subjects = {name.key: name.name for name in watched.others}
    days: dict[Any, Counter[str]] = defaultdict(Counter)
    for published, names in said.voices:
        met = {"me" if name in mine else name for name in names}
        days[published.date()].update(met)
    whole = [sum(day.values()) for day in days.values()]
    total = sum(whole)
    rows: list[tuple[Any, ...]] = []
    shares = {}
    for key, label in (("me", _("You")), *subjects.items()):
        found = clustered_share([day[key] for day in days.values()], whole)
        shares[key] = found
        n = sum(day[key] for day in days.values())
        known = total > 0 and found.low == found.low
        rows.append((label, n, found.mean if total else None,
                     found.low if known else None, found.high if known else None))  # fmt: skip
    me = shares["me"]
    why = untold(
        _("No post or article that holds one of the names is known."),
        _("No post or article that holds one of the names is known in this period."),
    )
    measure = single(
        "reputation", "voice", _("Your share"), me.mean if total else None,
        low=me.low, high=me.high, kind="percent", n=total, main=True, why=why,
        references=("kish-1965",),
        note="" if total and len(days) >= FEWEST else _("Too few days to give a range."),
        definition=_("Of the times that your names or the others’ stand in posts and articles "
                     "that nobody addressed to you, how many are yours. Replies to you are left "
                     "out: your archives hold yours alone. The range takes into account that what "
                     "is written on one day hangs together."),
    )  # fmt: skip
    section = Section(
        id="voice", title=_("Beside others"),
        intro=_("In the feeds that you follow and the archives that you imported, and nowhere "
                "else: choose feeds that would name any of you. Of others only counts are shown."),
        measures=collect([measure]),
        tables=table(
            "reputation.all.voices", _("Shares"),
            (
                ("name", _("Name")), ("n", _("Times"), "integer"), ("share", _("Share"), "percent"),
                ("low", _("At least"), "percent"), ("high", _("At most"), "percent"),
            ),
            rows if total else (),
        ),
    )  # fmt: skip
    text = why
    if total:
        text = _("Your names make up {share} of {n} times that yours or the others’ were "
                 "written.").format(share=percent(me.mean), n=number(total))  # fmt: skip
    quiet = _("How often you are named, beside those you chose.") if total else why
    return Part(section, (), Sentence(text=text, quiet=quiet, about="voice"))
