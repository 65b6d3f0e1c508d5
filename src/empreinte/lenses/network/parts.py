"""What the sections are made of: sections with their sentences, figures, references."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from empreinte.language import _
from empreinte.lenses.network.web import LEVEL
from empreinte.report import Evidence, Figure, Kind, Reference, Section, Sentence, Unit


@dataclass(frozen=True)
class Part:
    """A section with what it has to say in the answer, the most important first."""

    section: Section
    sentences: tuple[Sentence, ...] = ()


def figure(
    id: str,
    name: str,
    value: float | str | None,
    kind: Kind,
    *,
    definition: str,
    n: int | None = None,
    unit: Unit | None = None,
    low: float = math.nan,
    high: float = math.nan,
    why: str | None = None,
    evidence: Evidence | None = None,
    references: tuple[str, ...] = (),
    **more: Any,
) -> Figure:
    """Make a figure of this lens; what is not finite is not known."""
    known = value is not None and (isinstance(value, str) or math.isfinite(value))
    bounded = known and math.isfinite(low) and math.isfinite(high)
    return Figure(
        id=f"network.all.{id}",
        name=name,
        value=(value if isinstance(value, str) else float(value or 0)) if known else None,
        kind=kind,
        unit=unit or Unit(),
        # Where nothing, or all, was counted, Jeffreys' interval begins or ends just beside it.
        low=min(float(low), float(value or 0)) if bounded else None,
        high=max(float(high), float(value or 0)) if bounded else None,
        level=LEVEL if bounded else None,
        n=n,
        why_missing=None if known else why or nothing(),
        definition=definition,
        references=references,
        evidence=evidence,
        **more,
    )


def nothing() -> str:
    """Say that the ledger names nobody, and what to do."""
    return _(
        "The ledger names nobody who acted on your posts, nor anybody on whose posts you acted. "
        "Import an export that does: saved notifications of Mastodon, the comments of a blog."
    )
