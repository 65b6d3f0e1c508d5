"""What the owner told of the data found: theirs and known, a friend's, or not a person's at all.

A told value is compared with a finding by the normalised form of the finding's own type, so that
it does not matter how either was written.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import msgspec

from empreinte.forms import Choice, Field, Form
from empreinte.language import _
from empreinte.texts.personal_data.comparing import normal

if TYPE_CHECKING:
    from empreinte.lenses.exposure.own import Own
    from empreinte.lenses.exposure.scanning import Datum

ID = "known"
MINE, FRIEND, NOBODY = "mine", "friend", "nobody"
_TOLD = """
    select fields from entries
    where asker = 'exposure' and form = $form and teller = 'owner' and key = ''
"""


def form(today: date) -> Form:
    """Give the form, in the language spoken."""
    return Form(
        id=ID,
        title=_("Whose data are these?"),
        help=_(
            "What is found in your posts may be yours, a friend’s, or no person’s at all. "
            "Say it once: what is a friend’s or no person’s leaves your list of things to "
            "do."
        ),
        fields=(
            Field(
                name="birthday", label=_("Your birthday"), kind="date", least="1900-01-01",
                most=today.isoformat(),
                help=_("Also held against the years of birth and ages that platforms give."),
            ),
            Field(
                name="data", label=_("Addresses, telephone numbers, names"), kind="groups",
                most=200,
                fields=(
                    Field(
                        name="value", label=_("The data"), required=True, longest=300,
                        help=_("An address, a telephone number, a name; written as you like."),
                    ),
                    Field(
                        name="whose", label=_("Whose it is"), kind="choice", required=True,
                        choices=(
                            Choice(MINE, _("Mine, and known to me")),
                            Choice(FRIEND, _("A friend’s")),
                            Choice(NOBODY, _("Not a person’s")),
                        ),
                    ),
                ),
            ),
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What was told: whose each value is, and the birthday as ISO text, ``""`` if untold."""

    data: tuple[tuple[str, str], ...] = ()
    birthday: str = ""

    def whose(self, type: str, value: str) -> str:
        """Give whose a finding is: ``mine``, ``friend``, ``nobody``; ``""`` if it is not told."""
        told = (self.birthday, f"-{self.birthday[4:]}")  # with or without its year
        if type == "birth_date" and self.birthday and value in told:
            return MINE
        return _by_form(self.data, type).get(normal(type, value), "") if self.data else ""


@lru_cache(64)
def _by_form(data: tuple[tuple[str, str], ...], type: str) -> dict[str, str]:
    """Give whose each told value is by its form as one of a type; the first word counts."""
    return {form: whose for told, whose in reversed(data) if (form := normal(type, told))}


def look(own: Own) -> Known:
    """Read what was told."""
    rows = own.rows(_TOLD, form=ID)
    fields: dict[str, Any] = msgspec.json.decode(rows[0]["fields"]) if rows else {}
    data = tuple((group["value"], group["whose"]) for group in fields.get("data", ()))
    return Known(data, fields.get("birthday", ""))


@dataclass(frozen=True)
class Sorted:
    """Findings by whose they are: those of the owner's list, and how many left it.

    Attributes
    ----------
    data : list of Datum
        Those told to be the owner's, and those of which nothing was told, in their order.
    mine : frozenset of (type, value)
        Which of them are told to be the owner's.
    friends, nobodys : int
        How many were left out.
    """

    data: list[Datum]
    mine: frozenset[tuple[str, str]]
    friends: int
    nobodys: int

    @property
    def left_out(self) -> int:
        """How many were left out, whosever they are."""
        return self.friends + self.nobodys


def sort(known: Known, data: Iterable[Datum]) -> Sorted:
    """Tell findings apart by what was told of them."""
    by_whose: dict[str, list[Datum]] = {"": [], MINE: [], FRIEND: [], NOBODY: []}
    kept: list[Datum] = []
    for datum in data:
        whose = known.whose(datum.type, datum.value)
        by_whose[whose].append(datum)
        if whose in ("", MINE):
            kept.append(datum)
    mine = frozenset((datum.type, datum.value) for datum in by_whose[MINE])
    return Sorted(kept, mine, len(by_whose[FRIEND]), len(by_whose[NOBODY]))
