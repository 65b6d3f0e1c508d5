"""Section 6: how the network changed since last year."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Budget, Candidate, Claim, Part
from empreinte.asking.claims import STANDING, weight
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


@dataclass(frozen=True)
class Years:
    """The two years: who acted in each, and what was found.

    Attributes
    ----------
    people : ndarray of int64
        Nodes of those who acted in either; empty where there is too little to compare.
    then, now : ndarray of int64
        How often each acted in the year before, and in the last one.
    found : Level or None
        The step between them; ``None`` where there is too little to tell.
    """

    last: datetime | None
    people: NDArray[np.int64]
    then: NDArray[np.int64]
    now: NDArray[np.int64]
    asked: dict[str, str]
    found: Level | None

    @property
    def before(self) -> int:
        """Acts in the year before."""
        return int(self.then.sum())

    @property
    def after(self) -> int:
        """Acts in the last year."""
        return int(self.now.sum())

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
    nobody = np.zeros(0, np.int64)
    if not web.received.size:
        return Years(None, nobody, nobody, nobody, {}, None)
    first, last = (_moment(int(second)) for second in
                   (web.received_at.min(), web.received_at.max()))  # fmt: skip
    if last - first <= 1.75 * YEAR:
        return Years(last, nobody, nobody, nobody, {}, None)
    moments = _moments(last + timedelta(seconds=1))
    asked = {name: moment.isoformat() for name, moment in moments.items()}
    start, middle, end = (
        int(moments[name].replace(tzinfo=UTC).timestamp()) for name in ("start", "middle", "end")
    )
    within = (web.received_at >= start) & (web.received_at < end)
    who, at = web.received[within], web.received_at[within]
    now, both = (np.bincount(some, minlength=len(web.labels)) for some in (who[at >= middle], who))
    people = np.flatnonzero(both)
    years = Years(last, people, (both - now)[people], now[people], asked, None)
    if not years.enough:
        return years
    zone = web.scope.timezone
    day = local_seconds(at, zone) // DAY_S
    start, middle, end = local_seconds(np.array([start, middle, end]), zone) // DAY_S
    found = published(day, max(int(start), int(day.min())), int(end) + 1, int(middle))
    return replace(years, found=found and _doubted(found, years))


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC).replace(tzinfo=None)


def _doubted(found: Level, years: Years) -> Level:
    """Take the larger doubt: weeks differ, and so do people.

    One person who acts a hundred times more is one person: φ is how much more people's changes
    differ than chance would have it.
    """
    before, after = years.before, years.after
    share, n = after / (before + after), years.then + years.now
    gaps = float(((years.now - n * share) ** 2 / (n * share * (1 - share))).sum())
    phi = max(1.0, gaps / max(1, n.size - 1))
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
        tables=_table(web, years) if enough else (),
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
    enough = years.enough
    then, now = (int((acts > 0).sum()) for acts in (years.then, years.now))
    stayed = int(((years.then > 0) & (years.now > 0)).sum())
    nothing = math.nan
    value, low, high = years.ratio if enough else (None, nothing, nothing)
    share = beta_mean(Prior(0.5, 0.5, False), [stayed], [then], LEVEL)
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
            "people-new", _("People who are new"), now - stayed if enough else None,
            "integer", unit=units("person", "people"), n=now,
            definition=_("People who reacted to you this year and not the year before."),
        ),
        made(
            "people-gone", _("People who no longer react"),
            then - stayed if enough else None, "integer",
            unit=units("person", "people"), n=then,
            definition=_("People who reacted to you the year before and not this year."),
        ),
        made(
            "people-stayed", _("People who stayed"), stayed / then if enough else None,
            "percent", low=share.low, high=share.high, n=then, main=True,
            numerator=stayed if enough else None, denominator=then if enough else None,
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


def _table(web: Web, years: Years) -> tuple[Table, ...]:
    change = years.now - years.then
    most = np.lexsort((years.people, -np.abs(change)))[:SHOWN]
    moved = [
        (int(years.people[at]), int(years.then[at]), int(years.now[at])) for at in most.tolist()
    ]
    person, before, after = moved[0]
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
            rows=tuple((web.labels[node], then, now, now - then) for node, then, now in moved),
            reading=_("First, {person}: {before}, then {after}.").format(
                person=web.labels[person],
                before=units("interaction", "interactions").counted(before),
                after=number(after),
            ),
            definition=_("By how many interactions more or fewer; follows left out."),
            evidence=tuple(
                _evidence(
                    years.asked,
                    "list_contains($who, platform || ':' || actor_id)",
                    who=web.accounts[node],
                )
                for node, _then, _now in moved
            ),
        ),
    )


def _claim(years: Years, budget: Budget) -> Claim:
    told = budget.tells(KEY)
    value, low, high = years.ratio
    new, gone = (int((acts == 0).sum()) for acts in (years.then, years.now))
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
    came = (new + gone) / max(1, years.people.size) * 2**-1
    return Claim(
        text=text, quiet=quiet + ".", about="network.all.acts-since", topic="changes",
        weight=max(weight(value, low, high, age=0.0) if told else 0.0, came * STANDING),
        change=told,
        action=Action(kind="section", target="network.all.moves", label=_("See who")),
    )  # fmt: skip
