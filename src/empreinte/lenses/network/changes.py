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

from empreinte.asking import (
    LEVEL,
    Budget,
    Candidate,
    Claim,
    Fact,
    Part,
    Said,
    collect,
    proportion,
)
from empreinte.asking.claims import STANDING, weight
from empreinte.kernels.statistics.clock import DAY_S, local_seconds
from empreinte.kernels.statistics.levels import Level, published
from empreinte.language import percent, significant
from empreinte.lenses.network.web import Web, acts
from empreinte.lenses.network.words import counted, fact, listed, phrase, said, section
from empreinte.report import Action, Evidence, Table

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
    if not web.heard:
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
    measures = collect(_facts(web, years, budget))
    if not years.enough:
        return Part(section("changes", measures=measures))
    intro = phrase("changes.span", day=years.last)
    shown = section("changes", intro=intro, measures=measures, tables=_table(web, years))
    claim = _claim(years, budget)
    return Part(shown, (claim,), claim.sentence, phrase("changes.beyond"))


def _moments(end: datetime) -> dict[str, datetime]:
    return {"start": end - 2 * YEAR, "middle": end - YEAR, "end": end}


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


def _facts(web: Web, years: Years, budget: Budget) -> Iterator[Fact]:
    then, now = (int((acts > 0).sum()) for acts in (years.then, years.now))
    stayed = int(((years.then > 0) & (years.now > 0)).sum())
    ratio: tuple[Any, ...] = (None,)
    seen, new, gone = "", None, None
    share: dict[str, Any] = {"found": None, "n": then}
    if years.enough:
        ratio, seen, new, gone = years.ratio, _seen(years, budget), now - stayed, then - stayed
        share = proportion(stayed, then)
    made = partial(fact, evidence=_evidence(years.asked), places={"n": LEAST})
    if web.received.size and not web.heard:
        made = partial(made, why=phrase("changes.nobody"))
    yield made("acts-since", *ratio, n=years.before + years.after, note=seen)
    yield made("people-new", new, n=now)
    yield made("people-gone", gone, n=then)
    yield made("people-stayed", **share)


def _seen(years: Years, budget: Budget) -> str:
    """Say which change would have been seen, where none is told."""
    if years.found is None:
        return phrase("changes.unknown")
    if budget.tells(KEY):
        return ""
    times = significant(years.found.visible(budget.share(KEY)), 2)
    return phrase("changes.unseen", times=f"×{times}")


def _table(web: Web, years: Years) -> tuple[Table, ...]:
    change = years.now - years.then
    most = np.lexsort((years.people, -np.abs(change)))[:SHOWN]
    nodes, then, now = (of[most].tolist() for of in (years.people, years.then, years.now))
    rows = [(web.labels[node], before, after, after - before)
            for node, before, after in zip(nodes, then, now, strict=True)]  # fmt: skip
    person, before, after, _change = rows[0]
    here = "list_contains($who, platform || ':' || actor_id)"
    return listed(
        "moves", rows,
        places={"person": person, "before": counted("interaction", before), "after": after},
        evidence=tuple(_evidence(years.asked, here, who=web.accounts[node]) for node in nodes),
    )  # fmt: skip


def _claim(years: Years, budget: Budget) -> Claim:
    told = budget.tells(KEY)
    new, gone = (int((acts == 0).sum()) for acts in (years.then, years.now))
    found = _found(years, told)
    text = phrase(
        "changes.people", sentence=found.text, new=phrase("changes.new", n=new),
        gone=phrase("changes.gone", n=gone),
    )  # fmt: skip
    # New and silent people are counted: that they come and go is told whatever the ratio.
    came = (new + gone) / max(1, years.people.size) * 2**-1
    return Said(text, f"{found.quiet}.").claim(
        KEY, topic="changes", change=told,
        weight=max(weight(*years.ratio, age=0.0) if told else 0.0, came * STANDING),
        action=Action(kind="section", target="network.all.moves", label=phrase("action.moves")),
    )  # fmt: skip


def _found(years: Years, told: bool) -> Said:
    """Say how the two years differ, as the begin of a sentence."""
    if not told:
        return said("changes.unclear" if years.found else "changes.too-little")
    times = years.ratio[0]
    if times >= MULTIPLIED:
        return said("changes.times", times=significant(times, 2))
    return said("changes.up" if times > 1 else "changes.down", share=percent(abs(times - 1)))
