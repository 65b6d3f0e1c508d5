"""What this lens counts, lists and says, in the language spoken."""

from __future__ import annotations

from functools import partial

from empreinte import asking
from empreinte.report import Action

fact = partial(asking.measured, "network")
drawn = partial(asking.drawn, "network")
listed = partial(asking.listed, "network")
phrase = partial(asking.phrase, "network")
said = partial(asking.said, "network")
section = partial(asking.section, "network")


def counted(unit: str, n: float, digits: int | None = None) -> str:
    """Write so many of a unit: ``12 people``; to `digits` significant ones if given."""
    return asking.unit("network", f"unit.{unit}").counted(n, digits)


def records(target: str, person: str) -> Action:
    """Offer to see what a person did."""
    return Action(kind="evidence", target=target, label=phrase("action.records", person=person))
