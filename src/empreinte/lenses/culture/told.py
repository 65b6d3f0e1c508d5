"""What the owner has told: their role, the tests they sat, what they reviewed.

Every answer is an entry of a numbered series, to which is only added: a test is resumed at the
item at which it was left, and begun again by an entry that says so.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Literal

import msgspec

from empreinte.kernels.learning.spaced_repetition import AGAIN as FORGOTTEN
from empreinte.kernels.learning.spaced_repetition import GOOD, Review
from empreinte.lenses.culture import counted
from empreinte.lenses.culture.bank import Bank, Item, digest
from empreinte.lenses.culture.counted import Count
from empreinte.plugins import Tables

Kind = Literal["said", "known"]
AGAIN, NOT_KNOWN = "again", "not_known"
"""The field that begins a test again, and the answer of who does not know."""
_TOLD = """
    select form, fields, told from entries
    where asker = 'culture' and teller = 'owner'
    order by form, try_cast(key as integer), told, key
"""


@dataclass(frozen=True)
class Answer:
    """An item with what was answered: the place of an option, ``None`` for "I do not know"."""

    item: Item
    option: int | None
    at: datetime

    @property
    def grade(self) -> int:
        """What it counts as: the grade that was said, or 1 for what is right."""
        if self.item.kind == "said":
            return self.option or 0
        return int(self.option == self.item.answer)

    @property
    def missed(self) -> bool:
        """Whether something is to be learnt from it."""
        return self.item.kind == "known" and not self.grade


@dataclass(frozen=True)
class Told:
    """All that was told.

    Attributes
    ----------
    role : str
        Id of a profile; ``""`` if untold.
    sittings : dict
        By kind of item the tests that were sat, the latest last; the one that goes on may be empty.
    reviews : list of Review
        The log, in its order.
    found : frozenset of str
        Ids of the findings that the archives show.
    counts : dict of str to Count
        What a collection counted, by id of item.
    older : int
        Counts that were told and are passed over, as their question has changed since.
    """

    role: str = ""
    sittings: dict[Kind, list[list[Answer]]] = field(
        default_factory=lambda: {"said": [[]], "known": [[]]}
    )
    reviews: list[Review] = field(default_factory=list)
    found: frozenset[str] = frozenset()
    counts: dict[str, Count] = field(default_factory=dict)
    older: int = 0

    def latest(self, kind: Kind) -> list[Answer]:
        """Give the answers that count: those of the test that goes on, or was sat last."""
        return (self.sat(kind) or [[]])[-1]

    def sat(self, kind: Kind) -> list[list[Answer]]:
        """Give the tests with answers, the oldest first."""
        return [one for one in self.sittings[kind] if one]

    def all(self, kind: Kind) -> Iterator[Answer]:
        """Give every answer there ever was, the oldest first."""
        for sitting in self.sittings[kind]:
            yield from sitting


def look(tables: Tables, bank: Bank) -> Told:
    """Read what was told; answers to items that are no longer there are passed over."""
    items = {name(item.id): item for item in bank.items}
    role, reviews, counts = "", list[Review](), dict[str, Count]()
    older = 0
    sittings: dict[Kind, list[list[Answer]]] = {"said": [[]], "known": [[]]}
    for row in tables.sql(_TOLD).to_pylist():
        fields: dict[str, Any] = msgspec.json.decode(row["fields"])
        at = row["told"].replace(tzinfo=UTC)
        if row["form"] == "role":
            role = fields.get("role", "")
        elif row["form"] == counted.FORM:
            counts = counted.read(fields, bank.items)
            older = counted.older(fields, bank.items)
        elif row["form"] == "review":
            reviews += _reviews(fields, items, at)
        elif fields.get(AGAIN):
            sittings[_kind(row["form"])].append([])
        else:
            sittings[_kind(row["form"])][-1] += _answers(fields, items, at)
    return Told(role, sittings, reviews, _found(tables, bank), counts, older)


def _found(tables: Tables, bank: Bank) -> frozenset[str]:
    if not bank.findings:
        return frozenset()
    each = ", ".join(f'exists ({one.found}) as "{one.id}"' for one in bank.findings)
    (row,) = tables.sql(f"select {each}").to_pylist()
    return frozenset(id for id, there in row.items() if there)


def _kind(form: str) -> Kind:
    return "said" if form == "said" else "known"


def _answers(fields: dict[str, Any], items: dict[str, Item], at: datetime) -> Iterator[Answer]:
    for key, option in fields.items():
        if key in items:
            yield Answer(items[key], None if option == NOT_KNOWN else int(option[-1]), at)


def _reviews(fields: dict[str, Any], items: dict[str, Item], at: datetime) -> Iterator[Review]:
    """Read ``card = r3_version`` of what was rated, ``card = o2_version`` of an option chosen."""
    for card, said in fields.items():
        chosen, _, version = said.partition("_")
        if chosen[0] == "r":
            yield Review(card, int(chosen[1]), at, version)
        else:
            right = card in items and chosen == f"o{items[card].answer}"
            yield Review(card, GOOD if right else FORGOTTEN, at, version)


def name(id: str) -> str:
    """Give the name of the field of an item or a change.

    >>> name("1.1-k3"), name("change-ai-act")
    ('i_1_1_k3', 'i_change_ai_act')
    """
    whole = "i_" + id.lower().replace(".", "_").replace("-", "_")
    return whole if len(whole) <= 40 else f"{whole[:31]}_{digest(id)}"


def fresh(bank: Bank, kind: Kind, today: date) -> list[Item]:
    """Give the items of a kind that may be asked."""
    return [item for item in bank.items if item.kind == kind and today <= item.expires]
