"""Times when the owner was gone, and what they published meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from empreinte.asking import Claim, Fact
from empreinte.kernels.places import absences as gone
from empreinte.lenses.exposure.deduced.piece import Piece
from empreinte.lenses.exposure.deduced.places import Lived, from_what
from empreinte.lenses.exposure.own import DATED, WRITTEN, Own
from empreinte.lenses.exposure.parts import proven
from empreinte.lenses.exposure.words import fact, listed, said
from empreinte.texts.traits import tells_absence

if TYPE_CHECKING:
    from empreinte.kernels.places.absences import Absence

_READ = 2_000
"""How many letters of a post are looked at."""
_DURING = f"""
    select g.gap, p.latitude is not null as placed, p.content, p.platform || ':' || p.id as key
    from posts p
    join (select z[1] as gap, z[2] as start, z[3] as stop
          from (select unnest(list_zip($gaps, $starts, $ends)) as z)) g
      on epoch(p.published) between g.start and g.stop
    where {WRITTEN} and {DATED} order by p.published, key
"""


def piece(own: Own, both: list[Lived]) -> Piece:
    """Tell when the owner was gone, and what they published meanwhile."""
    best = max(both, key=lambda here: (len(here.absences), here.tag == "held"))
    gaps = best.absences
    inside = _written(own, gaps)
    telling = {
        row["key"]: row["gap"]
        for row in inside
        if row["placed"] or tells_absence((row["content"] or "")[:_READ])
    }
    rows, evidence = [], []
    for index, absence in enumerate(gaps):
        keys = [row["key"] for row in inside if row["gap"] == index]
        told = [key for key, at in telling.items() if at == index]
        rows.append(
            (_moment(absence.start), _moment(absence.end), absence.nights, len(keys), len(told))
        )
        evidence.append(own.posts(told or keys) if keys else None)
    claims = (_claim(own, gaps, telling),) if telling else ()
    return Piece(
        _facts(own, best, telling),
        tables=listed("absences-list", rows, evidence=tuple(evidence)),
        claims=claims,
    )


def _facts(own: Own, best: Lived, telling: dict[str, int]) -> tuple[Fact, ...]:
    gaps, known = best.absences, bool(best.homes)
    announced = len(set(telling.values())) if known else None
    away = gone.during(gaps, best.places.fixes.seen) >= 0 if gaps else None
    return (
        fact(
            "absences", len(gaps) if known else None, n=len(best.keys), note=from_what(best.tag),
            evidence=None if away is None else best.evidence(away),
        ),
        fact(
            "announced", announced, numerator=announced, n=len(telling),
            denominator=len(gaps) if known else None,
            evidence=own.posts(telling) if telling else None,
        ),
    )  # fmt: skip


def _written(own: Own, gaps: list[Absence]) -> list[dict[str, Any]]:
    """Give what was published during each absence."""
    if not gaps:
        return []
    return own.rows(
        _DURING, gaps=list(range(len(gaps))), starts=[absence.start for absence in gaps],
        ends=[absence.end for absence in gaps],
    )  # fmt: skip


def _claim(own: Own, gaps: list[Absence], telling: dict[str, int]) -> Claim:
    longest = max((gaps[at] for at in telling.values()), key=lambda gap: gap.nights)
    left = _moment(longest.start).astimezone(ZoneInfo(own.scope.timezone))
    announced = len(set(telling.values()))
    told = said("deduced.announced", n=announced, nights=longest.nights, day=left)
    return proven("all.announced", told, 3, certainty=0.9)


def _moment(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)
