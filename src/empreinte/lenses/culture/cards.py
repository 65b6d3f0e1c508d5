"""What is worth keeping in mind: items that were missed, what was found, what has changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from empreinte.kernels.learning import spaced_repetition
from empreinte.lenses.culture.bank import Bank, Change, Finding, Item
from empreinte.lenses.culture.told import Told, name

UNTAUGHT = "memory"
"""The certainty of a change of which no source was read: it is not taught."""


@dataclass(frozen=True)
class Card:
    """Something to be reviewed; its key is the name of its field."""

    key: str
    of: Item | Change | Finding

    @property
    def version(self) -> str:
        """Another one when what it says changes: it is then learnt anew."""
        return self.of.version


def cards(bank: Bank, told: Told, today: date) -> dict[str, Card]:
    """Give every card there is; what must be looked at again is not taught."""
    missed = {answer.item.id for answer in told.all("known") if answer.missed}
    return {card.key: card for card in _cards(bank, missed, told.found, today)}


def _cards(
    bank: Bank, missed: set[str], found: frozenset[str], today: date
) -> Iterator[Card]:  # fmt: skip
    for item in bank.items:
        if item.id in missed and today <= item.expires:
            yield Card(name(item.id), item)
    for finding in bank.findings:
        if finding.id in found:
            yield Card(name(f"found-{finding.id}"), finding)
    for change in bank.news(today):
        if change.fresh(today) and change.certainty != UNTAUGHT:
            yield Card(name(f"change-{change.id}"), change)


def due(bank: Bank, told: Told, today: date, now: datetime | None = None) -> list[Card]:
    """Give the cards to be asked now: those missed before those never seen, few at a time."""
    every = cards(bank, told, today)
    versions = {key: card.version for key, card in every.items()}
    if now is None:
        now = datetime.combine(today + timedelta(days=1), time(), UTC)
    return [every[key] for key in spaced_repetition.due(versions, told.reviews, now)]


def has_changed(card: Card, told: Told) -> bool:
    """Tell whether another version of it was learnt."""
    seen = {review.version for review in told.reviews if review.card == card.key}
    return bool(seen) and card.version not in seen
