"""Times when the owner was gone, and what they published meanwhile."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from empreinte.kernels.places import absences as gone
from empreinte.language import _, day, ngettext, number
from empreinte.lenses.exposure.deduced_own import DATED, WRITTEN, Own, Part
from empreinte.lenses.exposure.deduced_places import Lived, from_what
from empreinte.report import Column, Figure, Sentence, Table

if TYPE_CHECKING:
    from empreinte.kernels.places.absences import Absence

_AWAY = re.compile(
    r"\b(?:vacances|cong[ée]s?|en week-?end|en voyage|a[ée]roport|[àa] la (?:plage|montagne|mer)"
    r"|je pars|on part|bien arriv[ée]e?s?|on holidays?|on vacation|holidays?|out of office"
    r"|away (?:for|until)|day trip|airport|at the beach|just landed|travell?ing)\b",
    re.IGNORECASE,
)
"""Words that say someone is not at home."""
_READ = 2_000
"""How many letters of a post are looked at."""


def part(own: Own, both: list[Lived]) -> Part:
    """Tell when the owner was gone, and what they published meanwhile."""
    best = max(both, key=lambda here: (len(here.absences), here.tag == "held"))
    gaps = best.absences
    inside = _written(own, gaps)
    telling = {
        row["key"]: row["gap"]
        for row in inside
        if row["placed"] or _AWAY.search((row["content"] or "")[:_READ])
    }
    rows, evidence = [], []
    for index, absence in enumerate(gaps):
        keys = [row["key"] for row in inside if row["gap"] == index]
        told = [key for key, at in telling.items() if at == index]
        rows.append(
            (_moment(absence.start), _moment(absence.end), absence.nights, len(keys), len(told))
        )
        evidence.append(own.posts(told or keys) if keys else None)
    announced = len(set(telling.values()))
    known = bool(best.homes)
    figures = (
        Figure(
            id="exposure.all.absences",
            name=_("Absences of two nights or more"),
            value=len(gaps) if known else None,
            kind="integer",
            n=len(best.keys),
            why_missing=None if known else _("Absences need a home, and none could be found."),
            definition=from_what(best.tag)
            + " "
            + _(
                "Positions more than 1 km from home, and from every place of every day, without "
                "one at home in between, over two nights or more."
            ),
            evidence=best.evidence(gone.during(gaps, best.places.fixes.seen) >= 0)
            if gaps
            else None,
        ),
        Figure(
            id="exposure.all.announced",
            name=_("Absences announced while away"),
            value=announced if known else None,
            kind="integer",
            numerator=announced if known else None,
            denominator=len(gaps) if known else None,
            n=len(telling),
            why_missing=None if known else _("Absences need a home, and none could be found."),
            definition=_(
                "Absences during which you published a post that bears a position, or that "
                "speaks of holidays or a journey: whoever reads it then knows that nobody is home."
            ),
            evidence=own.posts(telling) if telling else None,
        ),
    )
    table = Table(
        id="exposure.all.absences-list",
        title=_("When you were gone"),
        columns=(
            Column(key="from", label=_("From"), kind="datetime"),
            Column(key="to", label=_("To"), kind="datetime"),
            Column(key="nights", label=_("Nights"), kind="integer"),
            Column(key="posts", label=_("Posts meanwhile"), kind="integer"),
            Column(key="telling", label=_("That tell it"), kind="integer"),
        ),
        rows=tuple(rows),
        evidence=tuple(evidence),
    )
    told = _sentences(own, gaps, announced, telling)
    return Part(figures, tables=(table,) if gaps else (), sentences=told)


def _written(own: Own, gaps: list[Absence]) -> list[dict[str, Any]]:
    """Give what was published during each absence."""
    if not gaps:
        return []
    return own.rows(
        f"""select g.gap, p.latitude is not null as placed, p.content,
                   p.platform || ':' || p.id as key
        from posts p
        join (select unnest($gaps) as gap, unnest($starts) as start, unnest($ends) as stop) g
          on epoch(p.published) between g.start and g.stop
        where {WRITTEN} and {DATED} order by p.published, key""",
        gaps=list(range(len(gaps))),
        starts=[absence.start for absence in gaps],
        ends=[absence.end for absence in gaps],
    )


def _sentences(
    own: Own, gaps: list[Absence], announced: int, telling: dict[str, int]
) -> tuple[Sentence, ...]:
    if not announced:
        return ()
    longest = max((gaps[at] for at in telling.values()), key=lambda gap: gap.nights)
    left = _moment(longest.start).astimezone(ZoneInfo(own.scope.timezone))
    text = ngettext(
        "{n} absence was announced while you were away; the longest: {nights} nights from {day}.",
        "{n} absences were announced while you were away; the longest: {nights} nights from {day}.",
        announced,
    ).format(n=number(announced), nights=number(longest.nights), day=day(left))
    quiet = _("You announced absences while you were away.")
    return (Sentence(text=text, quiet=quiet, figure="exposure.all.announced"),)


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
