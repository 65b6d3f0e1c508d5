"""What the sections share: measures of the whole network, and what to say where nobody is named."""

from __future__ import annotations

from typing import Any

from empreinte.asking import whole
from empreinte.language import _
from empreinte.report import Action, Kind, Measure


def measure(
    id: str, name: str, found: float | None, kind: Kind, *, why: str | None = None, **more: Any
) -> Measure:
    """Make a measure of this lens, whose one subject is the whole network; see `asking.whole`."""
    return whole("network", id, name, found, kind=kind, why=why or nothing(), **more)


def nothing() -> str:
    """Say that the ledger names nobody, and what to do."""
    return _(
        "No archive names who reacted to your posts, or whom you reacted to. Import one "
        "that does: saved Mastodon notifications, blog comments."
    )


def records(target: str, person: str) -> Action:
    """Offer to see what a person did."""
    return Action(
        kind="evidence", target=target, label=_("See what {person} did").format(person=person)
    )
