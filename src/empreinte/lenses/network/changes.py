"""Section 6: how the network changed since last year."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np

from empreinte.asking import LEVEL, Budget, Candidate, Claim, Part
from empreinte.asking.claims import STANDING, weight
from empreinte.asking.columns import numbers
from empreinte.kernels.statistics.clock import DAY_S, local_seconds
from empreinte.kernels.statistics.levels import Level, published
from empreinte.kernels.statistics.shrinkage import Prior, beta_mean
from empreinte.language import _, day, ngettext, number, percent, significant
from empreinte.lenses.network.parts import measure
from empreinte.lenses.network.web import Web, acts
from empreinte.report import Action, Column, Evidence, Section, Table, units

YEAR = timedelta(days=365)
MULTIPLIED = 3
"""From this ratio on it is told as so many times, below as so many per cent more."""
SHOWN = 15
KEY = "network.all.acts-since"
LEAST = 20
"""Acts in each year that it takes to compare."""

# The year before may lie before the window: only its end counts here.
_DATED = acts(
    "a.published >= cast($start as timestamp) and a.published < cast($end as timestamp)"
    " and before_until(a.published)"
)
_BOTH = f"""
    select coalesce(p.person, w.platform || ':' || w.actor_id) as person, max(w.actor) as label,
           list_sort(list(distinct w.platform || ':' || w.actor_id)) as accounts,
           count(*) filter (where w.published < cast($middle as timestamp)) as before,
           count(*) filter (where w.published >= cast($middle as timestamp)) as after
    from ({_DATED}) w
    left join persons p on p.platform = w.platform and p.account_id = w.actor_id
    where w.to_me and w.type <> 'Follow'
    group by 1 order by 1
"""
_WHEN = f"""
    select epoch(w.published) as at from ({_DATED}) w where w.to_me and w.type <> 'Follow'
"""
_SPAN = f"""
    select min(published) as first, max(published) as last
    from ({acts("before_until(a.published)")})
    where to_me and type <> 'Follow' and published is not null
"""


@dataclass(frozen=True)
class Years:
    """The two years: who acted in each, and what was found.

    Attributes
    ----------
    rows : list of dict
        A person each; empty where there is too little to compare.
    before, after : int
        Acts in each.
    found : Level or None
        The step between them; ``None`` where there is too little to tell.
    """

    last: datetime | None
    rows: list[dict[str, Any]]
    asked: dict[str, str]
    before: int
    after: int
    found: Level | None

    @property
    def enough(self) -> bool:
        """Whether the two can be compared."""
        return min(self.before, self.after) >= LEAST

    @property
    def ratio(self) -> tuple[float, float, float]:
        """Give what was counted, with the interval of the step."""
        value = self.after / self.before
        if self.found is None:
            return value, math.nan, math.nan
        centre, low, high = self.found.interval(LEVEL)
        return value, value * low / centre, value * high / centre


def compared(web: Web) -> Years:
    """Compare the last year of dated acts on the owner with the year before."""
    span = web.rows(_SPAN)[0]
    first, last = span["first"], span["last"]
    none = Years(last, [], {}, 0, 0, None)
    if last is None or last - first <= 1.75 * YEAR:
        return none
    moments = _moments(last + timedelta(seconds=1))
    asked = {name: moment.isoformat() for name, moment in moments.items()}
    rows = web.rows(_BOTH, **asked)
    before, after = (sum(row[side] for row in rows) for side in ("before", "after"))
    if min(before, after) < LEAST:
        return Years(last, rows, asked, before, after, None)
    at = numbers(web.tables.sql(_WHEN, start=asked["start"], end=asked["end"])["at"])
    edges = np.array([moments[name].replace(tzinfo=UTC).timestamp() for name in
                      ("start", "middle", "end")])  # fmt: skip
    day = local_seconds(at.astype(np.int64), web.scope.timezone) // DAY_S
    start, middle, end = local_seconds(edges.astype(np.int64), web.scope.timezone) // DAY_S
    begun = max(int(start), int(day.min()))
    found = published(day, begun, int(end) + 1, int(middle))
    return Years(last, rows, asked, before, after, found and _doubted(found, rows, before, after))


def _doubted(found: Level, rows: list[dict[str, Any]], before: int, after: int) -> Level:
    """Take the larger doubt: weeks differ, and so do people.

    One person who acts a hundred times more is one person: φ is how much more people's changes
    differ than chance would have it.
    """
    share, gaps = after / (before + after), 0.0
    for row in rows:
        n = row["before"] + row["after"]
        gaps += (row["after"] - n * share) ** 2 / (n * share * (1 - share))
    phi = max(1.0, gaps / max(1, len(rows) - 1))
    error = math.sqrt(phi * (1 / before + 1 / after))
    p = math.erfc(abs(math.log(after / before)) / error / math.sqrt(2))
    return replace(found, error=max(found.error, error), p=max(found.p, p))


def candidates(years: Years) -> Iterator[Candidate]:
    """Give what the report may tell of the two years."""
    if years.enough:
        yield Candidate(KEY, "changes", years.found.p if years.found else 1.0)


def part(web: Web, years: Years, budget: Budget) -> Part:
    """Tell what changed between the two years."""
    why = _(
        "Your archives hold less than two years of dated interactions with your posts, or "
        "fewer than {n} in one of them. Import archives that reach further back."
    ).format(n=LEAST)
    enough = years.enough
    section = Section(
        id="changes",
        title=_("Since last year"),
        intro=_intro(years.last) if years.last is not None and enough else "",
        measures=_figures(years, why, budget),
        tables=_table(years.rows, years.asked) if enough else (),
    )
    if not enough:
        return Part(section)
    claim = _claim(years, budget)
    return Part(section, (claim,), claim.sentence)


def _moments(end: datetime) -> dict[str, datetime]:
    return {"start": end - 2 * YEAR, "middle": end - YEAR, "end": end}


def _intro(last: datetime) -> str:
    return _("The 365 days up to {day}, against the 365 days before.").format(day=day(last))


def _evidence(asked: dict[str, str], where: str = "", **more: Any) -> Evidence | None:
    """Select the acts of the two years."""
    if not asked:
        return None
    also = f" and {where}" if where else ""
    parameters = {name: asked[name] for name in ("start", "end")}
    return Evidence(
        f"select * from ({_DATED}) where to_me and type <> 'Follow'{also} order by published desc",
        {**parameters, **more},
    )


def _figures(years: Years, why: str, budget: Budget) -> tuple[Any, ...]:
    rows, enough = years.rows, years.enough
    then = [row for row in rows if row["before"]]
    now = [row for row in rows if row["after"]]
    stayed = sum(row["before"] > 0 for row in now)
    nothing = math.nan
    value, low, high = years.ratio if enough else (None, nothing, nothing)
    share = beta_mean(Prior(0.5, 0.5, False), [stayed], [len(then)], LEVEL)
    asked = years.asked
    made = partial(measure, why=why, evidence=_evidence(asked))
    return (
        made(
            "acts-since", _("Interactions, over the year before"),
            value, "multiplier", low=low, high=high, n=years.before + years.after,
            note=_seen(years, budget) if enough else "", main=True,
            definition=_(
                "Ratio of the dated interactions with you in the two years, follows left out. "
                "The range compares blocks of weeks, and takes into account that neighbouring "
                "weeks are alike."
            ),
        ),
        made(
            "people-new", _("People who are new"), len(now) - stayed if enough else None,
            "integer", unit=units("person", "people"), n=len(now),
            definition=_("People who reacted to you this year and not the year before."),
        ),
        made(
            "people-gone", _("People who no longer react"),
            len(then) - stayed if enough else None, "integer",
            unit=units("person", "people"), n=len(then),
            definition=_("People who reacted to you the year before and not this year."),
        ),
        made(
            "people-stayed", _("People who stayed"), stayed / len(then) if enough else None,
            "percent", low=share.low, high=share.high, n=len(then), main=True,
            numerator=stayed if enough else None, denominator=len(then) if enough else None,
            definition=_(
                "Share of those of the year before who reacted again this year. The range is "
                "Jeffreys’."
            ),
        ),
    )  # fmt: skip


def _seen(years: Years, budget: Budget) -> str:
    """Say which change would have been seen, where none is told."""
    if years.found is None:
        return _("Too little to tell whether it changed.")
    if budget.tells(KEY):
        return ""
    return _("No clear change; one of {times} would have been seen.").format(
        times="×" + significant(years.found.visible(budget.share(KEY)), 2)
    )


def _table(rows: list[dict[str, Any]], asked: dict[str, str]) -> tuple[Table, ...]:
    moved = sorted(rows, key=lambda r: (-abs(r["after"] - r["before"]), r["person"]))[:SHOWN]
    first = moved[0]
    return (
        Table(
            id="network.all.moves",
            title=_("Who reacts more, and who less"),
            columns=(
                Column(key="person", label=_("Person")),
                Column(key="before", label=_("The year before"), kind="integer"),
                Column(key="after", label=_("This year"), kind="integer"),
                Column(key="change", label=_("Change"), kind="integer"),
            ),
            rows=tuple(
                (row["label"], row["before"], row["after"], row["after"] - row["before"])
                for row in moved
            ),
            reading=_("First, {person}: {before}, then {after}.").format(
                person=first["label"],
                before=units("interaction", "interactions").counted(first["before"]),
                after=number(first["after"]),
            ),
            definition=_("By how many interactions more or fewer; follows left out."),
            evidence=tuple(
                _evidence(
                    asked, "list_contains($who, platform || ':' || actor_id)", who=row["accounts"]
                )
                for row in moved
            ),
        ),
    )


def _claim(years: Years, budget: Budget) -> Claim:
    rows, told = years.rows, budget.tells(KEY)
    value, low, high = years.ratio
    new = sum(row["after"] > 0 and not row["before"] for row in rows)
    gone = sum(row["before"] > 0 and not row["after"] for row in rows)
    if not told:
        quiet = _("No clear change in interactions since last year")
        if years.found is None:
            quiet = _("Too little to tell whether interactions have changed since last year")
        text = quiet
    else:
        more = value > 1
        quiet = (
            _("Interactions are up on a year ago")
            if more
            else _("Interactions are down on a year ago")
        )
        if value >= MULTIPLIED:
            text = _("Interactions are {times} times those of a year ago").format(
                times=significant(value, 2)
            )
        else:
            start = (
                _("Interactions are up {share} on a year ago")
                if more
                else _("Interactions are down {share} on a year ago")
            )
            text = start.format(share=percent(abs(value - 1)))
    text = _("{sentence}; {new}, {gone}.").format(
        sentence=text,
        new=ngettext("{n} person is new", "{n} people are new", new).format(n=number(new)),
        gone=ngettext("{n} has stopped", "{n} have stopped", gone).format(n=number(gone)),
    )
    # New and silent people are counted: that they come and go is told whatever the ratio.
    came = (new + gone) / max(1, len(rows)) * 2**-1
    return Claim(
        text=text, quiet=quiet + ".", about="network.all.acts-since", topic="changes",
        weight=max(weight(value, low, high, age=0.0) if told else 0.0, came * STANDING),
        change=told,
        action=Action(kind="section", target="network.all.moves", label=_("See who")),
    )  # fmt: skip
