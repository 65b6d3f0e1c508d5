"""Return: reactions and views for an hour of publishing, by account and by year."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Budget, Candidate, Claim, Part, collect, measured, table
from empreinte.asking.columns import categories, numbers
from empreinte.kernels.statistics.echoes import Interval
from empreinte.language import _, significant
from empreinte.lenses.balance.screens import HOUR_S, WEEK_S, Screen, Screens, stretches
from empreinte.lenses.balance.time import hours
from empreinte.plugins import Tables
from empreinte.report import Evidence, Measure, Section, Sentence, Value, units

YEARS = "balance.all.return-years"
LEAST_POSTS, LEAST_WEEKS = 20, 6
FULL = 4.0
"""Times as many reactions an hour on one account as on another that weigh fully."""
YEAR_S = 365.25 * 86_400
_OWN = """from posts p left join response r on r.platform = p.platform and r.id = p.id
    where p.mine and p.in_scope and p.is_public and p.published is not null
      and p.published <> date_trunc('day', p.published)"""
_POSTS = f"""
    select p.channel, epoch(p.published) as "at",
           case when coalesce(r.likes, r.shares, r.replies) is not null
                then coalesce(r.likes, 0) + coalesce(r.shares, 0) + coalesce(r.replies, 0) end
               as reactions, r.views
    {_OWN} order by p.channel, p.published, p.id
"""


class Posts(NamedTuple):
    """Posts of an account, the oldest first: times, and counts that are NaN where not given."""

    at: NDArray[np.float64]
    reactions: NDArray[np.float64]
    views: NDArray[np.float64]


@dataclass(frozen=True)
class Returned:
    """What publishing on an account returned.

    Attributes
    ----------
    posts, outside : int
        Posts within visits; those outside of any, which are in no figure.
    hours : Interval
        Of the visits with a post, over the whole period.
    reactions, views : Interval
        For one of these hours; NaN where too few posts have the count.
    spread : float
        Standard deviation of the logarithm of `reactions`.
    years : list of (year, hours, reactions)
    """

    screen: Screen
    posts: int
    outside: int
    hours: Interval
    reactions: Interval
    views: Interval
    spread: float
    years: list[tuple[int, float, float]]

    @property
    def id(self) -> str:
        return f"balance.{self.screen.channel.tag}.reactions-hour"

    @property
    def known(self) -> bool:
        return bool(np.isfinite(self.reactions.value))


def read(tables: Tables) -> dict[str, Posts]:
    """Read the owner's dated public posts, by account."""
    rows = tables.sql(_POSTS)
    if not len(rows):
        return {}
    keys, of = categories(rows["channel"])
    columns = [numbers(rows[name]) for name in ("at", "reactions", "views")]
    return {key: Posts(*(column[of == n] for column in columns)) for n, key in enumerate(keys)}


def find(posts: dict[str, Posts], seen: Screens) -> list[Returned]:
    """Hold what posts got against the hours of the visits in which they were published."""
    return [
        _returned(screen, *posts[screen.channel.key])
        for screen in seen.known if screen.channel.key in posts
    ]  # fmt: skip


def _returned(
    screen: Screen, at: NDArray[np.float64], reactions: NDArray[np.float64],
    views: NDArray[np.float64],
) -> Returned:  # fmt: skip
    first, start, end = stretches(screen)
    seconds = np.add.reduceat(screen.time.each, first)
    visit = np.searchsorted(start, at, side="right") - 1
    inside = (visit >= 0) & (at <= end[np.maximum(visit, 0)] + 1)
    counted = inside & np.isfinite(reactions)
    rate, spread = _an_hour(screen, start, seconds, visit[counted], reactions[counted])
    seen = inside & np.isfinite(views)
    published = float(seconds[np.unique(visit[inside])].sum()) / HOUR_S
    wide = (screen.time.low / screen.time.seconds, screen.time.high / screen.time.seconds)
    years = []
    if np.isfinite(rate.value):
        year = (start // YEAR_S).astype(int) + 1970
        for one in np.unique(year[visit[counted]]).tolist():
            these = counted & (year[visit] == one)
            spent = float(seconds[np.unique(visit[these])].sum()) / HOUR_S
            years.append((one, spent, float(reactions[these].sum())))
    return Returned(
        screen, int(inside.sum()), int((~inside).sum()),
        Interval(published, published * wide[0], published * wide[1]), rate,
        _an_hour(screen, start, seconds, visit[seen], views[seen])[0], spread, years,
    )  # fmt: skip


def _an_hour(
    screen: Screen, start: NDArray[np.float64], seconds: NDArray[np.float64],
    visit: NDArray[np.int64], counts: NDArray[np.float64],
) -> tuple[Interval, float]:  # fmt: skip
    """Divide counts by the hours of their visits: range by weeks, and that of the hours."""
    visits = np.unique(visit)
    week = (start // WEEK_S).astype(np.int64)
    weeks, of = np.unique(week[visits], return_inverse=True)
    nothing = Interval(np.nan, np.nan, np.nan), np.nan
    if visit.size < LEAST_POSTS or weeks.size < LEAST_WEEKS or not counts.sum() > 0:
        return nothing
    spent = np.bincount(of, seconds[visits]) / HOUR_S
    got = np.bincount(np.searchsorted(weeks, week[visit]), counts, weeks.size)
    rate = float(got.sum() / spent.sum())
    by_weeks = ((got - rate * spent) ** 2).sum() * weeks.size / (weeks.size - 1)
    of_counts = float(np.sqrt(by_weeks) / got.sum())
    of_hours = np.log(screen.time.high / screen.time.low) / 2 / 1.645
    spread = float(np.hypot(of_counts, of_hours))
    around = np.exp(1.645 * spread)
    return Interval(rate, float(rate / around), float(rate * around)), spread


def candidates(found: list[Returned]) -> Iterator[Candidate]:
    """Offer what was tested: whether two accounts differ, for as many pairs as there are."""
    pair = _apart(found)
    if pair is not None:
        yield Candidate("balance.all.return", "return", pair[2])


def _apart(found: list[Returned]) -> tuple[Returned, Returned, float] | None:
    """Give the two accounts that differ most clearly, the larger first, with their p-value."""
    known = [one for one in found if one.known]
    tried = []
    for pair in combinations(known, 2):
        more, less = sorted(pair, key=lambda one: -one.reactions.value)
        z = np.log(more.reactions.value / less.reactions.value) / np.hypot(more.spread, less.spread)
        tried.append((float(z), more, less))
    if not tried:
        return None
    z, more, less = max(tried, key=lambda one: one[0])
    return more, less, min(1.0, math.erfc(z / math.sqrt(2)) * len(tried))


def part(found: list[Returned], budget: Budget, *, empty: bool = False) -> Part:
    """Make the section."""
    section = Section(
        id="return",
        title=_("What comes back"),
        intro=_(
            "Likes, shares and replies for each hour of the visits in which you published. What "
            "else you might have done with the hour is yours to say."
        ),
        measures=collect(pair for one in found for pair in _measured(one)),
        tables=_years(found),
    )
    text = _("What comes back for an hour of publishing cannot be told.")
    if any(one.known for one in found):
        text = _("For an hour of publishing, on no account does clearly more come back.")
    about = section.measures[0].values[0].id if section.measures else "return"
    return Part(
        section, tuple(_claims(found, budget)), Sentence(text=text, quiet=text, about=about),
        empty=empty,
    )  # fmt: skip


def _measured(one: Returned) -> Iterator[tuple[Measure, Value]]:
    subject = {"tag": one.screen.channel.tag, "subject": one.screen.channel.label, "n": one.posts}
    evidence = Evidence(
        f"select p.*, r.likes, r.shares, r.replies, r.views {_OWN} and p.channel = $of",
        {"of": one.screen.channel.key},
    )
    note = "" if not one.outside else _("Posts outside of any visit, left out: {n}.").format(
        n=one.outside
    )  # fmt: skip
    for id, found in (("reactions-hour", one.reactions), ("views-hour", one.views)):
        yield measured(
            "balance", id, found.value, low=found.low, high=found.high, evidence=evidence,
            note=note, **subject,
        )  # fmt: skip
    yield measured(
        "balance", "publishing-hours", one.hours.value if one.posts else None, low=one.hours.low,
        high=one.hours.high, **subject,
    )  # fmt: skip


def _years(found: list[Returned]) -> tuple[Any, ...]:
    several = units("reaction", "reactions")
    return table(
        YEARS, _("By year"),
        (
            ("year", _("Year"), "text"), ("account", _("Account")),
            ("hours", _("Hours of publishing"), "number", hours()),
            ("reactions", _("Reactions"), "integer", several),
            ("rate", _("For an hour"), "number", several),
        ),
        [
            (str(year), one.screen.channel.label, round(spent, 1), int(got), round(got / spent, 1))
            for one in found for year, spent, got in one.years if spent > 0
        ],
        definition=_(
            "Counts are those of the last archive: recent posts had less time to get any."
        ),
    )  # fmt: skip


def _claims(found: list[Returned], budget: Budget) -> Iterator[Claim]:
    known = [one for one in found if one.known]
    pair = _apart(found)
    if pair is not None and budget.tells("balance.all.return"):
        more, less, _p = pair
        ratio = more.reactions.value / less.reactions.value
        around = float(np.exp(1.645 * np.hypot(more.spread, less.spread)))
        names = {"more": more.screen.channel.label, "less": less.screen.channel.label}
        quiet = _("For an hour of publishing more comes back on {more} than on {less}.").format(
            **names
        )
        if any(map(str.isdigit, quiet)):
            quiet = _("Something comes back for the hours in which you publish.")
        yield Claim(
            text=_(
                "For an hour of publishing there are {ratio} times as many reactions on {more} as "
                "on {less} (range {low} to {high})."
            ).format(ratio=significant(ratio), low=significant(ratio / around),
                     high=significant(ratio * around), **names),
            quiet=quiet, about=more.id, topic="return",
            weight=0.5 * min(1.0, np.log(ratio) / np.log(FULL))
            * max(0.0, 1 - np.log(around) / np.log(ratio)),
        )  # fmt: skip
    elif len(known) == 1:
        (one,) = known
        yield Claim(
            text=_(
                "For each hour of publishing on {account} there are {low} to {high} reactions."
            ).format(account=one.screen.channel.label, low=significant(one.reactions.low),
                     high=significant(one.reactions.high)),
            quiet=_("Something comes back for the hours in which you publish."),
            about=one.id, topic="return", weight=0.1,
        )  # fmt: skip
