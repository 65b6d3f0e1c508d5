"""What the rows of a table may be: payments, posts, days, or what is other people's.

Payments, where there is an amount and whom or what it was for, or money out beside money in, and no
count of posts and no buyer speaks against it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from empreinte.sources.table.cell_types import MOSTLY, has_cents, is_worded, share
from empreinte.sources.table.column_roles import COUNTED, MONEY, Column
from empreinte.sources.table.grids import plain

_ADDRESS = re.compile(r"^\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*$")
_WORD = re.compile(r"[^\W\d_]+")


class Table(NamedTuple):
    """The columns of a table with what is guessed of each and what stands in it."""

    columns: Sequence[str]
    found: list[Column]
    filled: list[list[str]]

    def cells(self, role: str) -> list[str]:
        """Give the cells of the column with a role, or with numbers of that name."""
        for one, cells in zip(self.found, self.filled, strict=True):
            if role in (one.role, one.name):
                return cells
        return []

    @property
    def amounts(self) -> list[tuple[str, list[str]]]:
        """Names and cells of the columns that hold money."""
        return [
            (column, cells)
            for column, one, cells in zip(self.columns, self.found, self.filled, strict=True)
            if one.name in MONEY
        ]

    def has(self, *roles: str) -> bool:
        """Tell whether a column has one of these roles, or numbers of that name."""
        return any(one.role in roles or one.name in roles for one in self.found)


def kind(table: Table) -> str:
    """Tell what a row may be: a payment, a post, a day, or what is other people's."""
    if _is_theirs(table):
        return "left"
    if table.has("date") and not table.has("url", "buyer", *COUNTED):
        for_what = table.has("seller", "title", "text", "currency", "direction") or any(
            one == Column() and share(cells, is_worded) > MOSTLY
            for one, cells in zip(table.found, table.filled, strict=True)
        )
        if table.has("debit") and (for_what or table.has("credit")):
            return "orders"
        if for_what and _is_money(table):
            return "orders"
    titles = table.cells("title")
    alone = len(set(titles)) == len(titles) and table.has("title", "date")
    return "posts" if table.has("id", "url") or (titles and alone) else "days"


def _is_theirs(table: Table) -> bool:
    """Tell whether rows are of other people: what they bought, where they live, what they wrote."""
    if any(share(cells, _ADDRESS.search) > MOSTLY for cells in table.filled):
        return True
    sold = table.has("amount", "price", "debit") and (
        table.has("buyer") or (table.has("people") and not table.has("seller", "title"))
    )
    sold |= _is_of_a_till(table)
    chat = table.has("people") and table.has("text") and not table.has("title", "url", "id")
    return sold or (chat and not table.has(*COUNTED))


def _is_of_a_till(table: Table) -> bool:
    """Tell whether rows are what a shop sold: two marks of a till, and no one who was paid."""
    named = [set(_WORD.findall(plain(column))) for column in table.columns]
    marks = sum(any(words & one for one in named) for words in _OF_A_TILL)
    marks += table.has("quantity") and table.has("price", "amount")
    worded = any(
        one.role in ("title", "text", "nothing") and share(cells, is_worded) > MOSTLY
        for one, cells in zip(table.found, table.filled, strict=True)
    )
    paid = table.has("amount", "price", "debit") and worded
    return marks > 1 and paid and not table.has("seller", "url", *COUNTED)


_OF_A_TILL = (
    {"ticket", "receipt", "reçu", "bon", "kassenbon", "bonnummer", "scontrino", "kassabon",
     "caisse", "kasse", "till", "register", "caissier", "cashier"},
    {"tva", "vat", "tax", "taxe", "taxes", "mwst", "ust", "iva", "btw"},
    {"paiement", "règlement", "payment", "tender", "zahlungsart", "zahlung", "zahlweise", "pago",
     "pagamento", "betaling", "betaalwijze", "encaissement"},
)  # fmt: skip
"""Words in the names of a till's columns: its tickets, the tax, by what it was paid."""


def _is_money(table: Table) -> bool:
    """Tell whether the amounts are of money: by their column's name, or by what stands in them."""
    named = next(
        (c for c, one in zip(table.columns, table.found, strict=True) if one.name == "amount"), None
    )
    if named is None:
        return False
    cells = table.cells("amount")
    if plain(named) not in _WEAK:
        return True
    return table.has("seller", "currency", "direction") or share(cells, has_cents) > MOSTLY


_WEAK = {"total", "totals", "gesamt", "totale", "totaal", "valor", "valore", "wert", "sum", "summe",
         "somme"}  # fmt: skip
"""Names that counts have too."""
