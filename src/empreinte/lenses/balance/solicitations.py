"""Solicitations: how many, from whom, when; purchases near to them, against chance."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from empreinte.asking import (
    Budget,
    Candidate,
    Claim,
    Part,
    channels,
    collect,
    measured,
    table,
    untold,
)
from empreinte.asking.columns import numbers
from empreinte.kernels.statistics.echoes import echoes
from empreinte.kernels.statistics.odds import clustered_odds
from empreinte.kernels.statistics.poisson_binomial import Chance, chance
from empreinte.kernels.statistics.shrinkage import Interval
from empreinte.kernels.statistics.unseen import unseen
from empreinte.language import _, ngettext, percent
from empreinte.lenses.balance import told
from empreinte.lenses.balance.screens import HOUR_S, WEEK_S, Screens, on_the_wall
from empreinte.plugins import Tables
from empreinte.report import Action, Evidence, File, Measure, Scope, Section, Sentence, Tick, Value

WHO, NEAR, WISHES = "balance.all.advertisers", "balance.all.near", "balance.all.wishes"
WINDOW_S = 86_400
LEAST = 5
"""Advertisements and purchases of one seller, below which it is not looked at."""
LEAST_PURCHASES = 10
MOST_SHOWN, MOST_LETTERS, MOST_ORDERS = 20, 5, 2_000
SHORTEST = 4
"""Letters of a name that another may hold."""
WAIT = timedelta(hours=72)
EVENING, MORNING = 23, 6
"""Hours between which a purchase is one at night."""
_SEEN = """from traces where mine and in_scope and kind in ('ad_impression', 'ad_engagement')
    and "at" is not null"""
_ADS = f"""
    select coalesce(channel, platform) as channel, coalesce(label, '') as who, count(*) as n,
           count(*) filter (where kind = 'ad_engagement') as engaged, min("at") as first,
           max("at") as last, count(distinct cast("at" as date)) as days,
           count(*) filter (where hour(timezone($zone, "at" at time zone 'UTC')) < 5) as late
    {_SEEN} group by all order by n desc, channel, who
"""
_PAID = """select epoch("at") as "at" from orders
    where mine and in_scope and "at" is not null and "at" <> date_trunc('day', "at")"""
_BOUGHT = """select seller, epoch("at") as "at" from orders
    where mine and in_scope and "at" is not null and "at" <> date_trunc('day', "at")
      and seller is not null order by "at", platform, id"""


@dataclass(frozen=True)
class Late:
    """Purchases with a time of day, those at night, and how they compare by the hour there."""

    bought: int
    at_night: int
    times: Interval


def nightly(tables: Tables, scope: Scope, seen: Screens) -> Late:
    """Hold purchases at night against those by day, each over the hours of presence then."""
    paid = numbers(tables.sql(_PAID)["at"])
    if not seen.known or not paid.size:
        return Late(0, 0, Interval(np.nan, np.nan, np.nan))
    marks = np.concatenate([screen.marks for screen in seen.known])
    spent = np.concatenate([screen.time.each for screen in seen.known])
    paid = paid[(paid >= marks.min()) & (paid <= marks.max())]
    clock = on_the_wall(np.concatenate([paid, marks]), scope.timezone)
    hour = clock // HOUR_S % 24
    night, weeks = (hour >= EVENING) | (hour < MORNING), np.unique(clock // WEEK_S)
    week = np.searchsorted(weeks, clock // WEEK_S)
    sums = [
        np.bincount(week[part][these], worth[these], weeks.size)
        for part, worth in (
            (slice(paid.size), np.ones(paid.size)), (slice(paid.size, None), spent),
        )
        for these in (night[part], ~night[part])
    ]  # fmt: skip
    return Late(int(paid.size), int(night[: paid.size].sum()), clustered_odds(*sums))


@dataclass(frozen=True)
class Asked:
    """Advertisements by account and advertiser, and purchases near to them.

    Attributes
    ----------
    near : int
        Purchases within a day of an advertisement of the same seller.
    chance : Chance or None
        What moving purchases by whole days gives; ``None`` for too few.
    late : Late
        Of all purchases, whoever sold it.
    """

    rows: list[dict[str, Any]]
    bought: int
    near: int
    chance: Chance | None
    sellers: list[tuple[str, int, int, float]]
    late: Late


def find(tables: Tables, scope: Scope, seen: Screens) -> Asked:
    """Count advertisements, and hold purchases of the same sellers against them."""
    rows, by_night = tables.sql(_ADS, zone=scope.timezone).to_pylist(), nightly(tables, scope, seen)
    bought = tables.sql(_BOUGHT).to_pylist()[-MOST_ORDERS:] if rows else []
    pairs = matched({row["who"] for row in rows}, {one["seller"] for one in bought})
    if not pairs:
        return Asked(rows, 0, 0, None, [], by_night)
    shown = tables.sql(
        f"""select label as who, epoch("at") as "at" {_SEEN}
        and list_contains(cast($who as varchar[]), label) order by "at", label""",
        who=sorted({who for who, _seller in pairs}),
    ).to_pylist()
    return _near(rows, bought, shown, pairs, by_night)


def plain(name: str) -> str:
    """Write a name with its letters and digits alone, in lower case and without accents."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return re.sub(r"[^a-z0-9]", "", letters.encode("ascii", "ignore").decode())


def matched(advertisers: set[str], sellers: set[str]) -> set[tuple[str, str]]:
    """Pair advertisers with sellers: the same name, or one that begins with the other."""
    found = set[tuple[str, str]]()
    known = {who: plain(who) for who in advertisers}
    for seller in sellers:
        other = plain(seller)
        for who, name in known.items():
            short, long = sorted((name, other), key=len)
            if short and (short == long or (len(short) >= SHORTEST and long.startswith(short))):
                found.add((who, seller))
    return found


def _near(
    rows: list[dict[str, Any]], bought: list[dict[str, Any]], shown: list[dict[str, Any]],
    pairs: set[tuple[str, str]], by_night: Late,
) -> Asked:  # fmt: skip
    """Move purchases by whole days: the hour and the busy weeks stay, the link is lost."""
    by_seller: dict[str, set[str]] = {}
    for who, seller in pairs:
        by_seller.setdefault(seller, set()).add(who)
    times, groups, signals, of, names = [], [], [], [], []
    for seller, whos in sorted(by_seller.items()):
        ads = [one["at"] for one in shown if one["who"] in whos]
        paid = [one["at"] for one in bought if one["seller"] == seller]
        if not ads:
            continue
        # Outside of the days that a platform tells of, nothing is known.
        paid = [at for at in paid if ads[0] < at <= ads[-1] + WINDOW_S]
        if min(len(ads), len(paid)) >= LEAST:
            times += paid
            groups += [len(names)] * len(paid)
            signals += ads
            of += [len(names)] * len(ads)
            names.append(seller)
    if len(times) < LEAST_PURCHASES:
        return Asked(rows, len(times), 0, None, [], by_night)
    found = echoes(times, groups, signals, of, window=WINDOW_S)
    group = np.array(groups)
    sellers = [
        (name, int((group == n).sum()), int(found.soon[group == n].sum()),
         float(found.expected[group == n].sum()))
        for n, name in enumerate(names)
    ]  # fmt: skip
    near = int(found.soon.sum())
    return Asked(rows, len(times), near, chance(near, found.expected), sellers, by_night)


def candidates(found: Asked) -> Iterator[Candidate]:
    """Offer what was tested."""
    if found.chance is not None:
        yield Candidate("balance.all.purchases-near", "solicitations", found.chance.p)


def part(tables: Tables, found: Asked, budget: Budget) -> Part:
    """Make the section."""
    section = Section(
        id="solicitations",
        title=_("What wants to be bought"),
        intro=_(
            "Advertisements as far as platforms tell of them: mostly some weeks, never all. What "
            "was shown follows what you look at, so nothing here says what makes you buy."
        ),
        measures=collect(_measured(tables, found)),
        tables=(*_who(found), *_sellers(found), *_wishes(tables)),
        files=_letters(found),
    )
    text = untold(_("No advertisement shown or clicked is in the archives imported so far."))
    if found.rows:
        text = _("Purchases do not clearly come more often near an advertisement than by chance.")
        if found.chance is None:
            text = _("Too few purchases stand near advertisements of the same seller to tell.")
    about = section.measures[0].values[0].id if section.measures else "solicitations"
    wish = Action(kind="form", target=told.WISH, label=_("Let a wish wait three days"))
    otherwise = Sentence(text=text, quiet=text, about=about, action=wish)
    return Part(section, tuple(_claims(found, budget)), otherwise, empty=not found.rows)


def _measured(tables: Tables, found: Asked) -> Iterator[tuple[Measure, Value]]:
    for channel in channels(tables, {row["channel"] for row in found.rows}):
        rows = [row for row in found.rows if row["channel"] == channel.key]
        n, late = sum(row["n"] for row in rows), sum(row["late"] for row in rows)
        first, last = min(row["first"] for row in rows), max(row["last"] for row in rows)
        days = (last - first).days + 1
        subject = {"tag": channel.tag, "subject": channel.label, "n": n}
        yield measured(
            "balance", "solicitations", n, **subject,
            evidence=Evidence(f"select * {_SEEN} and channel = $of", {"of": channel.key}),
        )  # fmt: skip
        yield measured("balance", "solicitations-day", n / days, **subject)
        yield measured(
            "balance", "solicitations-late", late / n, numerator=late, denominator=n, **subject
        )
    if found.rows:
        near = found.near if found.chance else None
        yield measured("balance", "purchases-near", near, denominator=found.bought, n=found.bought)
        by = found.chance
        yield measured(
            "balance", "purchases-chance", by.mean if by else None,
            low=by.low if by else np.nan, high=by.high if by else np.nan, n=found.bought,
        )  # fmt: skip
        yield from _advertisers(found)
    one = found.late
    if one.bought:
        yield measured(
            "balance", "purchases-night", one.at_night / one.bought, numerator=one.at_night,
            denominator=one.bought, n=one.bought,
        )  # fmt: skip
        yield measured(
            "balance", "purchases-night-times", one.times.mean, low=one.times.low,
            high=one.times.high, n=one.bought,
        )  # fmt: skip


def _advertisers(found: Asked) -> Iterator[tuple[Measure, Value]]:
    """Count those told of, and those who are not, from how many days each came on."""
    days: dict[str, int] = {}
    for row in found.rows:
        if row["who"]:
            days[row["who"]] = days.get(row["who"], 0) + row["days"]
    if days:
        more = unseen(list(days.values()))
        yield measured("balance", "advertisers-told", len(days))
        yield measured(
            "balance", "advertisers-unseen", more.mean, low=more.low, high=more.high, n=len(days)
        )


def _who(found: Asked) -> tuple[Any, ...]:
    sums: dict[str, list[Any]] = {}
    for row in found.rows:
        if row["who"]:
            one = sums.setdefault(row["who"], [0, 0, row["first"], row["last"]])
            one[0], one[1] = one[0] + row["n"], one[1] + row["engaged"]
            one[2], one[3] = min(one[2], row["first"]), max(one[3], row["last"])
    rows = sorted(sums.items(), key=lambda item: (-item[1][0], item[0]))[:MOST_SHOWN]
    return table(
        WHO, _("Who asked most often"),
        (
            ("who", _("Advertiser")), ("n", _("Advertisements"), "integer"),
            ("engaged", _("Of them clicked, as the platform says"), "integer"),
            ("first", _("First"), "date"), ("last", _("Last"), "date"),
        ),
        [(who, n, engaged, first.date(), last.date()) for who, (n, engaged, first, last) in rows],
    )  # fmt: skip


def _sellers(found: Asked) -> tuple[Any, ...]:
    return table(
        NEAR, _("Purchases within a day of an advertisement of the same seller"),
        (
            ("seller", _("Seller")), ("bought", _("Purchases"), "integer"),
            ("near", _("Within a day"), "integer"), ("chance", _("By chance"), "number"),
        ),
        [(name, n, near, round(by, 1)) for name, n, near, by in found.sellers],
        definition=_("A name is the same if it is, or begins with, the other’s letters."),
    )  # fmt: skip


def wishes(tables: Tables) -> list[tuple[str, dict[str, Any]]]:
    """Give what waits, each with the key of its row."""
    rows = tables.sql(
        "select fields, told, hash from entries where asker = 'balance' and form = 'wish' "
        "and teller = 'owner' order by told, key"
    ).to_pylist()
    return [("balance-wish-" + row["hash"][:24], row) for row in rows]


def _wishes(tables: Tables) -> tuple[Any, ...]:
    """List what waits, with the moment from which it has waited for three days."""
    ticked = set(tables.sql("select key from ticks").column("key").to_pylist())
    rows = wishes(tables)
    return table(
        WISHES, _("What waits"),
        (
            ("what", _("What")), ("price", _("Price"), "number"), ("told", _("Told"), "datetime"),
            ("until", _("Waits until"), "datetime"),
        ),
        [
            (one["what"], one.get("price"), _aware(row["told"]), _aware(row["told"]) + WAIT)
            for _key, row in rows for one in [json.loads(row["fields"])]
        ],
        ticks=tuple(Tick(key, key in ticked) for key, _row in rows),
        definition=_("Tick it once you bought it, or let it go."),
    )  # fmt: skip


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _letters(found: Asked) -> tuple[File, ...]:
    """Write a letter of objection to those who asked most often."""
    sums: dict[str, int] = {}
    for row in found.rows:
        if row["who"]:
            sums[row["who"]] = sums.get(row["who"], 0) + row["n"]
    most = sorted(sums, key=lambda who: (-sums[who], who))[:MOST_LETTERS]
    return tuple(
        File(
            name=f"objection-{hashlib.sha256(who.encode()).hexdigest()[:8]}.txt",
            title=_("Objection to advertising: {who}").format(who=who), media_type="text/plain",
            text=_letter(who),
        )
        for who in most
    )  # fmt: skip


def _letter(who: str) -> str:
    blanks = "\n".join((_("Name:"), _("Address or account concerned:"), _("Date:")))
    return "\n\n".join((
        _("To: {who}").format(who=who),
        _(
            "I object to the processing of my personal data for direct marketing, profiling for "
            "it included (article 21(2) of Regulation (EU) 2016/679). Under article 21(3) the data "
            "may no longer be processed for that purpose."
        ),
        _(
            "Please confirm it within one month (article 12(3)), and tell me from whom you have "
            "my data (article 15(1)(g))."
        ),
        blanks,
    )) + "\n"  # fmt: skip


def _claims(found: Asked, budget: Budget) -> Iterator[Claim]:
    by = found.chance
    if by is not None and budget.tells("balance.all.purchases-near"):
        yield Claim(
            text=_(
                "{near} of {n} purchases came within a day of an advertisement of the same "
                "seller; by chance it would be {low} to {high}. Advertisements that merely "
                "follow what you look at give the same figure."
            ).format(near=found.near, n=found.bought, low=by.low, high=by.high),
            quiet=_(
                "Purchases and advertisements of the same seller come together more often than by "
                "chance, as they also do where advertisements merely follow what you look at."
            ),
            about="balance.all.purchases-near", topic="solicitations",
            weight=0.5 * min(1.0, (found.near - by.mean) / max(found.bought, 1)),
        )  # fmt: skip
    n = sum(row["n"] for row in found.rows)
    who = {row["who"] for row in found.rows if row["who"]}
    late = sum(row["late"] for row in found.rows)
    if n:
        yield Claim(
            text=ngettext(
                "{n} advertisement is in your archives, from {who} advertisers; {late} of them "
                "between midnight and five.",
                "{n} advertisements are in your archives, from {who} advertisers; {late} of them "
                "between midnight and five.",
                n,
            ).format(n=n, who=len(who), late=percent(late / n)),
            quiet=_("Your archives hold advertisements that were shown to you."),
            about=WHO if who else "solicitations", topic="advertisements",
            weight=0.5 * min(1.0, n / 10_000),
        )  # fmt: skip
