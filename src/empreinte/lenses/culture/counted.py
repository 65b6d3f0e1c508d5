"""What a collection counted of many people's answers, and where items lie by that.

A collection gathers answers and gives back, for each item and each level of the people, how many
answered and how many rightly: nobody stands in that, as no count is of fewer than twenty people.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from empreinte.forms import Choice, Field, Form
from empreinte.kernels.statistics import item_response
from empreinte.language import _
from empreinte.lenses.culture.bank import CUTS, LEVELS, MIDDLES, Bank, Item

FORM = "counts"
LEAST = 20
"""People in a count, below which it is not taken."""
_MOST_ITEMS = 200


class Count(NamedTuple):
    """By level of the people, how many answered an item, and how many rightly.

    Of what one says, those count who chose one of the two upper answers.
    """

    answered: tuple[int, ...]
    right: tuple[int, ...]


class Lies(NamedTuple):
    """How far an item lies from where its level puts it, how unsure that is, on what it rests.

    `answers` are those of others and of the owner's earlier tests.
    """

    off: float = 0.0
    unsure: float = item_response.SPREAD
    answers: int = 0


def form(bank: Bank, today: date) -> Form:
    """Ask for the counts of a collection: of each item by the level of those who answered."""
    known = tuple(Choice(item.id, item.id) for item in bank.items)
    each = [
        Field(name="item", label=_("The question, such as 1.1-k1"), kind="choice", choices=known,
              required=True)
    ]  # fmt: skip
    for level in LEVELS:
        each.append(Field(
            name=f"answered_{level}", label=_("How many of level {n} answered").format(n=level),
            kind="integer", least=LEAST, most=10**7,
        ))  # fmt: skip
        each.append(Field(
            name=f"right_{level}", kind="integer", least=0, most=10**7,
            label=_("How many of them rightly; of what one says, with an upper answer"),
        ))  # fmt: skip
    return Form(
        id=FORM,
        title=_("Counts from a collection"),
        help=_(
            "If somebody collects answers from many people, their counts can be told here, in a "
            "file: how hard a question is, is then measured and not guessed. A count of fewer "
            "than 20 people is not taken, nor one older than the question."
        ),
        fields=(
            Field(name="made", label=_("The day they were counted on"), kind="date", required=True,
                  most=today.isoformat()),
            Field(name="items", label=_("Question"), kind="groups", most=_MOST_ITEMS,
                  required=True, fields=tuple(each)),
        ),
    )  # fmt: skip


def read(fields: Mapping[str, Any], items: Iterable[Item]) -> dict[str, Count]:
    """Give the counts by id of item; what cannot be, or is of an earlier question, is left out."""
    made = date.fromisoformat(fields["made"])
    known = {item.id for item in items if item.checked <= made}
    found: dict[str, Count] = {}
    for group in fields.get("items", ()):
        pairs = [_pair(group, level) for level in LEVELS]
        if group["item"] in known and any(answered for answered, _right in pairs):
            answered, right = zip(*pairs, strict=True)
            found[group["item"]] = Count(answered, right)
    return found


def older(fields: Mapping[str, Any], items: Iterable[Item]) -> int:
    """Count the counts that were made before their question was last changed or looked at."""
    made = date.fromisoformat(fields["made"])
    since = {item.id for item in items if item.checked > made}
    return sum(group["item"] in since for group in fields.get("items", ()))


def _pair(group: Mapping[str, Any], level: int) -> tuple[int, int]:
    """Give how many answered, and how many rightly; nothing where one is not told."""
    answered, right = group.get(f"answered_{level}", 0), group.get(f"right_{level}", -1)
    return (answered, right) if 0 <= right <= answered else (0, 0)


def located(bank: Bank, counts: Mapping[str, Count]) -> dict[str, Lies]:
    """Give where items lie by what was counted of them."""
    items = {item.id: item for item in bank.items}
    found: dict[str, Lies] = {}
    for id, count in counts.items():
        item = items[id]
        taken = CUTS[1] if item.kind == "said" else MIDDLES[item.level - 1]
        mean, unsure = item_response.located(taken, *count, CUTS)
        found[id] = Lies(mean - taken, round(unsure, 2), sum(count.answered))
    return found
