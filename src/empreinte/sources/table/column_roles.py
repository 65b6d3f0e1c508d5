"""What a column may mean: by the words of its name and by what stands in it.

Names propose and cells decide: a word that its cells contradict counts for nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from empreinte.sources.table.amounts import currency_in
from empreinte.sources.table.cell_types import (
    HALF,
    HARDLY,
    MOSTLY,
    has_cents,
    is_clock,
    is_currency,
    is_date,
    is_link,
    is_number,
    reads,
    share,
    sign_beside,
    went,
)
from empreinte.sources.table.column_words import by_name
from empreinte.sources.table.grids import plain

ROLES = {"date", "hour", "id", "url", "title", "text", "language"}
OF_MONEY = {"amount", "debit", "credit", "direction", "seller", "currency", "state"}
AS_ORDER = {"title": "item", "text": "label", **{one: one for one in ("date", "hour", "id")}}
"""What becomes of other roles in a payment."""
COUNTED = {"views", "likes", "replies", "shares", "clicks", "opens", "sent", "followers", "visits",
           "reach", "impressions"}  # fmt: skip
"""Counts of what was published: where there is one, rows are no payments."""
MONEY = ("debit", "credit", "amount")
_NOT_ALONE = frozenset({"ALL", "TOP", "CUP", "SOS", "PEN", "BOB", "GEL", "LAK"})
"""Codes of currencies that are words as well: a column of nothing else is not told by them."""
_WORD = re.compile(r"[^\W\d_]+")
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")


class Column(NamedTuple):
    """What is guessed of a column: its role, and the name of its numbers."""

    role: str = "nothing"
    name: str = ""


def meaning(column: str, cells: Sequence[str]) -> Column:
    """Guess what a column means, and the name of its numbers."""
    if not cells:
        return Column()
    named = _named(column)
    of_numbers = bool(named) and named[0] not in _HOLDS and named[0] not in _TEXTS
    numbers = share(cells, is_number) > (0.5 if of_numbers else 0.9)
    for role in named:
        holds = _HOLDS.get(role)
        if holds is not None and holds(cells):
            return Column(role)
    if share(cells, is_date) > 0.9:
        return Column("date")
    if share(cells, is_link) > MOSTLY:
        return Column("url")
    if numbers and not {"id", "url"} & set(named[:1]):
        name = next((one for one in named if one not in _HOLDS and one not in _TEXTS), "")
        return Column("number", name or word(column))
    if share(cells, is_currency) == 1 and not {cell.strip() for cell in cells} <= _NOT_ALONE:
        return Column("currency")
    return Column(next((one for one in named if one in _TEXTS), "nothing"))


_TEXTS = {"seller", "people", "buyer", "state", *ROLES} - {"date", "hour", "url"}


def with_amount(
    columns: Sequence[str], found: list[Column], filled: list[list[str]]
) -> list[Column]:
    """Take for the amount the one column of amounts beside signs, where no name tells any."""
    if any(one.name in (*MONEY, "price") for one in found):
        return found
    unnamed = [
        at
        for at, (column, one, cells) in enumerate(zip(columns, found, filled, strict=True))
        if one.role == "number" and not _named(column) and share(cells, has_cents) > MOSTLY
    ]
    signed = [at for at in unnamed if share(filled[at], sign_beside) > MOSTLY]
    beside = unnamed if any(one.role == "currency" for one in found) else signed
    if len(beside) != 1:
        return found
    at = beside[0]
    return [*found[:at], Column("number", "amount"), *found[at + 1 :]]


def out_beside_in(
    columns: Sequence[str], found: list[Column], filled: list[list[str]]
) -> list[Column]:
    """Take columns that are called out and in, beside whom or what it was for, for money."""
    names = list(map(plain, columns))
    if not any(one.role in ("seller", "title", "text") for one in found):
        return found
    for out, into in _OUT_IN:
        if out not in names or into not in names:
            continue
        at = {names.index(out): "debit", names.index(into): "credit"}
        if all(share(filled[n], is_number) > 0.5 or not filled[n] for n in at):
            return [Column("number", at[n]) if n in at else one for n, one in enumerate(found)]
    return found


_OUT_IN = (
    ("out", "in"), ("outflow", "inflow"), ("sortie", "entrée"), ("sorties", "entrées"),
    ("dépenses", "recettes"), ("dépense", "recette"), ("ausgaben", "einnahmen"),
    ("ausgabe", "einnahme"), ("gastos", "ingresos"), ("uscita", "entrata"), ("uit", "in"),
    ("spent", "received"), ("expense", "income"), ("expenses", "income"), ("paid", "received"),
)  # fmt: skip
"""What columns are called that say nothing alone: what went out, what came in."""


def of_its_own(column: Column, cells: list[str], rows: Sequence[object]) -> Column:
    """Take for a number or code of rows only what is another in each of them."""
    if column.role == "id" and (len(set(cells)) < len(cells) or len(cells) < MOSTLY * len(rows)):
        return Column()
    return column


def _named(column: str) -> list[str]:
    """Give what a column's name may mean: the whole of it first, then each of its words."""
    whole = by_name().get(plain(column), ()) or by_name().get(plain(_BRACKETS.sub("", column)), ())
    words = [role for one in _WORD.findall(plain(column)) for role in by_name().get(one, ())]
    if COUNTED & set(words):  # Number of views
        words = [role for role in words if role != "id"]
    elif "id" in words:  # Transaction ID
        words = ["id", *words]
    return list(dict.fromkeys((*whole, *words)))


def known_names(cells: Sequence[str]) -> int:
    """Count the cells that are, or hold, words by which columns are known."""
    return sum(bool(_named(cell)) for cell in cells if len(cell) < 60)


_HOLDS: dict[str, Callable[[Sequence[str]], bool]] = {
    "date": lambda cells: share(cells, reads) > HALF,  # lines of text may stand between
    "hour": lambda cells: share(cells, is_clock) > MOSTLY,
    "currency": lambda cells: share(cells, is_number) < HARDLY and max(map(len, cells)) < 40,
    "direction": lambda cells: share(cells, went) > 0.95,
}
"""Roles that a column has only if its cells are so."""


def once(columns: Sequence[str], meant: list[Column]) -> list[Column]:
    """Leave each role, and each name of numbers, to the first column that may have it.

    A price is what was paid where nothing else tells it. Amounts whose columns are each called
    after a currency of their own are all of them amounts.
    """
    if not any(one.name == "amount" for one in meant):
        prices = [n for n, one in enumerate(meant) if one.name == "price"]
        if prices and any(one.role == "seller" for one in meant):
            meant = [*meant[: prices[0]], Column("number", "amount"), *meant[prices[0] + 1 :]]
    names = Counter(one.name for one in meant if one.name in COUNTED)
    meant = [  # Views YouTube, Views TikTok
        Column("number", word(column)) if names[one.name] > 1 and plain(column) not in by_name()
        else one
        for column, one in zip(columns, meant, strict=True)
    ]  # fmt: skip
    met: set[Column] = set()
    found: list[Column] = []
    coded: set[str | None] = set()
    for column, one in zip(columns, meant, strict=True):
        code = currency_in(column) if one.name == "amount" else None
        is_other = code is not None and not coded & {code, None} and bool(coded)
        found.append(Column() if one in met and one.role != "nothing" and not is_other else one)
        met.add(one)
        if one.name == "amount":
            coded.add(code)
    return found


def word(text: str) -> str:
    """Make a word of a name: lower case, a to z, so that it can name a platform or numbers."""
    bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    word = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")
    return word[:40].strip("_") if word[:1].isalpha() else f"n_{word}"[:40].strip("_")
