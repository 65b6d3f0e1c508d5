"""Section 6: how the network changed since last year."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from empreinte.asking import LEVEL, Claim, Part
from empreinte.asking.claims import STANDING, weight
from empreinte.kernels.statistics.changes import rate_ratio
from empreinte.kernels.statistics.shrinkage import Prior, beta_mean
from empreinte.language import _, day, ngettext, number, percent, significant
from empreinte.lenses.network.parts import measure
from empreinte.lenses.network.web import Web, acts
from empreinte.report import Action, Column, Evidence, Section, Table, units

YEAR = timedelta(days=365)
MULTIPLIED = 3
"""From this ratio on it is told as so many times, below as so many per cent more."""
SHOWN = 15
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
_SPAN = f"""
    select min(published) as first, max(published) as last
    from ({acts("before_until(a.published)")})
    where to_me and type <> 'Follow' and published is not null
"""


def part(web: Web) -> Part:
    """Compare the last year of dated acts on the owner with the year before."""
    span = web.rows(_SPAN)[0]
    title = _("Since last year")
    why = _(
        "The ledger holds less than two years of dated acts on your posts, or fewer than {n} in "
        "one of them. Import exports that reach further back."
    ).format(n=LEAST)
    rows: list[dict[str, Any]] = []
    asked: dict[str, str] = {}
    first, last = span["first"], span["last"]
    enough = last is not None and last - first > 1.75 * YEAR
    if last is not None and enough:
        end = last + timedelta(seconds=1)
        asked = {name: moment.isoformat() for name, moment in _moments(end).items()}
        rows = web.rows(_BOTH, **asked)
    before, after = (sum(row[side] for row in rows) for side in ("before", "after"))
    enough = enough and min(before, after) >= LEAST
    section = Section(
        id="changes",
        title=title,
        intro=_intro(last) if last is not None and enough else "",
        measures=_figures(rows, asked, before, after, enough, why),
        tables=_table(rows, asked) if enough else (),
    )
    return Part(section, (_claim(rows, before, after, last),) if last and enough else ())


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


def _figures(
    rows: list[dict[str, Any]],
    asked: dict[str, str],
    before: int,
    after: int,
    enough: bool,
    why: str,
) -> tuple[Any, ...]:
    then = [row for row in rows if row["before"]]
    now = [row for row in rows if row["after"]]
    stayed = sum(row["before"] > 0 for row in now)
    ratio = rate_ratio((before, 1.0), (after, 1.0), _dispersion(rows), LEVEL) if enough else None
    share = beta_mean(Prior(0.5, 0.5, False), [stayed], [len(then)], LEVEL)
    made = partial(measure, why=why, evidence=_evidence(asked))
    return (
        made(
            "acts-since", _("Acts towards you, over the year before"),
            ratio.value if ratio else None, "multiplier",
            low=ratio.low if ratio else float("nan"), high=ratio.high if ratio else float("nan"),
            n=before + after,
            definition=_(
                "Ratio of the dated acts on you in the two years, follows left out, with a "
                "quasi-Poisson interval whose dispersion is that of people around the ratio."
            ),
        ),
        made(
            "people-new", _("People who are new"), len(now) - stayed if enough else None,
            "integer", unit=units("person", "people"), n=len(now),
            definition=_("People who acted on you this year and not the year before."),
        ),
        made(
            "people-gone", _("People who have fallen silent"),
            len(then) - stayed if enough else None, "integer",
            unit=units("person", "people"), n=len(then),
            definition=_("People who acted on you the year before and not this year."),
        ),
        made(
            "people-stayed", _("People who stayed"), stayed / len(then) if enough else None,
            "percent", low=share.low, high=share.high, n=len(then),
            numerator=stayed if enough else None, denominator=len(then) if enough else None,
            definition=_(
                "Share of those of the year before who acted again this year. The interval is "
                "Jeffreys'."
            ),
        ),
    )  # fmt: skip


def _dispersion(rows: list[dict[str, Any]]) -> float:
    """Measure how much more people's changes differ than chance: φ, at least 1."""
    total = {side: sum(row[side] for row in rows) for side in ("before", "after")}
    share = total["after"] / max(1, total["before"] + total["after"])
    if not 0 < share < 1 or len(rows) < 2:
        return 1.0
    gaps = 0.0
    for row in rows:
        n = row["before"] + row["after"]
        gaps += (row["after"] - n * share) ** 2 / (n * share * (1 - share))
    return max(1.0, gaps / (len(rows) - 1))


def _table(rows: list[dict[str, Any]], asked: dict[str, str]) -> tuple[Table, ...]:
    moved = sorted(rows, key=lambda r: (-abs(r["after"] - r["before"]), r["person"]))[:SHOWN]
    first = moved[0]
    return (
        Table(
            id="network.all.moves",
            title=_("Who acts more on you, and who less"),
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
                before=units("act", "acts").counted(first["before"]),
                after=number(first["after"]),
            ),
            definition=_("By how many acts more or fewer; follows left out."),
            evidence=tuple(
                _evidence(
                    asked, "list_contains($who, platform || ':' || actor_id)", who=row["accounts"]
                )
                for row in moved
            ),
        ),
    )


def _claim(rows: list[dict[str, Any]], before: int, after: int, last: datetime) -> Claim:
    ratio = rate_ratio((before, 1.0), (after, 1.0), _dispersion(rows), LEVEL)
    new = sum(row["after"] > 0 and not row["before"] for row in rows)
    gone = sum(row["before"] > 0 and not row["after"] for row in rows)
    if ratio.low <= 1 <= ratio.high:
        quiet = _("How much others act on you has not certainly changed since last year")
        text = quiet
    else:
        more = ratio.value > 1
        quiet = (
            _("Others act more on you than a year ago")
            if more
            else _("Others act less on you than a year ago")
        )
        if ratio.value >= MULTIPLIED:
            text = _("Acts towards you are {times} times as many as a year ago").format(
                times=significant(ratio.value, 2)
            )
        else:
            start = (
                _("Others act {share} more on you than a year ago")
                if more
                else _("Others act {share} less on you than a year ago")
            )
            text = start.format(share=percent(abs(ratio.value - 1)))
    text = _("{sentence}; {new}, {gone}.").format(
        sentence=text,
        new=ngettext("{n} person is new", "{n} people are new", new).format(n=number(new)),
        gone=ngettext("{n} has fallen silent", "{n} have fallen silent", gone).format(
            n=number(gone)
        ),
    )
    # New and silent people are counted: that they come and go is told whatever the ratio.
    came = (new + gone) / max(1, len(rows)) * 2**-1
    return Claim(
        text=text, quiet=quiet + ".", about="network.all.acts-since", topic="changes",
        weight=max(weight(ratio.value, ratio.low, ratio.high, age=0.0), came * STANDING),
        change=True,
        action=Action(kind="section", target="network.all.moves", label=_("See who")),
    )  # fmt: skip
