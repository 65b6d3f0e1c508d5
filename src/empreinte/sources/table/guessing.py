"""What the columns of a table that nobody knows may mean, and what its rows may be.

A column is guessed by the words of its name, which ready-made mappings and `WORDS` know, and by
what stands in it: a word that its cells contradict counts for nothing. Rows are payments where
there is an amount and whom or what it was for, or money out beside money in, and no count of
posts and no buyer speaks against it. What is not clear is asked for.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC
from typing import Any, NamedTuple

from empreinte import currencies
from empreinte.errors import RecordError
from empreinte.sources.table import payments
from empreinte.sources.table.amounts import WENT, apart, currency_in
from empreinte.sources.table.cells import (
    day,
    is_doubtful,
    is_total,
    is_unknown,
    needs_order,
    number,
    orders_of,
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
_MONEY = ("debit", "credit", "amount")
_NOT_ALONE = frozenset({"ALL", "TOP", "CUP", "SOS", "PEN", "BOB", "GEL", "LAK"})
"""Codes of currencies that are words as well: a column of nothing else is not told by them."""
_DATED = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b.*|\d{8}"
    r"|\d{1,2}\.?[ -](?:de )?\w{3,9}\.?[ -](?:de )?\d{2,4}\b.*|\w{3,9}\.? \d{1,2},? \d{4}\b.*"
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
_ADDRESS = re.compile(r"^\s*[^\s@]+@[^\s@]+\.[^\s@]+\s*$")
_WORD = re.compile(r"[^\W\d_]+")
_BRACKETS = re.compile(r"[(\[][^()\[\]]*[)\]]")
MOSTLY, HALF, HARDLY = 0.8, 0.4, 0.1


class Column(NamedTuple):
    """What is guessed of a column: its role, and the name of its numbers."""

    role: str = "nothing"
    name: str = ""


class Guess(NamedTuple):
    """What is guessed of a table, by the fields of the form, and which of them must be asked."""

    fields: dict[str, Any]
    asks: frozenset[str]


def guess(
    name: str, columns: Sequence[str], labels: Sequence[str], rows: Sequence[Sequence[str]]
) -> Guess:
    """Guess what a table means.

    Parameters
    ----------
    name : str
        Of the file.
    columns, labels : sequence of str
        What its columns are called, and under what name each is told (``Montant#2``).
    rows : sequence of sequence of str
        The first rows below the header.
    """
    rows = _plain_rows(rows)
    filled = [
        [row[n] for row in rows if n < len(row) and not is_unknown(row[n])]
        for n in range(len(columns))
    ]
    named = zip(columns, filled, strict=True)
    found = [_meaning(one, cells) if one else Column() for one, cells in named]
    found = [_of_its_own(one, cells, rows) for one, cells in zip(found, filled, strict=True)]
    found = _once(columns, _with_amount(columns, _out_beside_in(columns, found, filled), filled))
    kind = _kind(_Table(columns, found, filled))
    if kind == "orders":
        found = _without_short_ids(_own_currency(columns, _labelled(found, filled)), filled)
    table = _Table(columns, found, filled)
    asks = set() if kind == "left" else set(_order(table))
    stem = re.sub(r"\.[^.]*$", "", name.rpartition("/")[2])
    fields: dict[str, Any] = {"platform": word(re.sub(r"[\d_\W]+", "_", stem)), "rows": kind}
    if kind == "orders":
        told = dict(_of_payments(table))
        asks |= {field for field, value in told.items() if value is None}
        fields |= {field: value for field, value in told.items() if value is not None}
    fields["columns"] = [
        _group(label, column, kind)
        for label, column in zip(labels, found, strict=True)
        if label
    ]  # fmt: skip
    return Guess(fields, frozenset(asks))


def _plain_rows(rows: Sequence[Sequence[str]]) -> Sequence[Sequence[str]]:
    """Leave out sums, and a second row of names below the header."""
    kept = [row for row in rows if not any(map(is_total, row))]
    told = [any(is_number(cell) or is_date(cell) for cell in row if cell) for row in kept]
    first = told.index(True) if True in told else 0
    return kept[first:] or rows


class _Table(NamedTuple):
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
            if one.name in _MONEY
        ]

    def has(self, *roles: str) -> bool:
        """Tell whether a column has one of these roles, or numbers of that name."""
        return any(one.role in roles or one.name in roles for one in self.found)


# -- a column


def _meaning(column: str, cells: Sequence[str]) -> Column:
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
    if share(cells, _is_link) > MOSTLY:
        return Column("url")
    if numbers and not {"id", "url"} & set(named[:1]):
        name = next((one for one in named if one not in _HOLDS and one not in _TEXTS), "")
        return Column("number", name or word(column))
    if share(cells, _is_currency) == 1 and not {cell.strip() for cell in cells} <= _NOT_ALONE:
        return Column("currency")
    return Column(next((one for one in named if one in _TEXTS), "nothing"))


_TEXTS = {"seller", "people", "buyer", "state", *ROLES} - {"date", "hour", "url"}


def _with_amount(
    columns: Sequence[str], found: list[Column], filled: list[list[str]]
) -> list[Column]:
    """Take for the amount the one column of amounts beside signs, where no name tells any."""
    if any(one.name in (*_MONEY, "price") for one in found):
        return found
    unnamed = [
        at
        for at, (column, one, cells) in enumerate(zip(columns, found, filled, strict=True))
        if one.role == "number" and not _named(column) and share(cells, _has_cents) > MOSTLY
    ]
    signed = [at for at in unnamed if share(filled[at], _sign) > MOSTLY]
    beside = unnamed if any(one.role == "currency" for one in found) else signed
    if len(beside) != 1:
        return found
    at = beside[0]
    return [*found[:at], Column("number", "amount"), *found[at + 1 :]]


def _out_beside_in(
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


def _of_its_own(column: Column, cells: list[str], rows: Sequence[object]) -> Column:
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
    "date": lambda cells: share(cells, _reads) > HALF,  # lines of text may stand between
    "hour": lambda cells: share(cells, _is_clock) > MOSTLY,
    "currency": lambda cells: share(cells, is_number) < HARDLY and max(map(len, cells)) < 40,
    "direction": lambda cells: share(cells, _went) > 0.95,
}
"""Roles that a column has only if its cells are so."""


def _once(columns: Sequence[str], meant: list[Column]) -> list[Column]:
    """Leave each role, and each name of numbers, to the first column that may have it.

    A price is what was paid where nothing else tells it. Amounts whose columns are each called
    after a currency of their own are all of them amounts.
    """
    if not any(one.name == "amount" for one in meant):
        prices = [n for n, one in enumerate(meant) if one.name == "price"]
        if prices and any(one.role == "seller" for one in meant):
            meant = [*meant[: prices[0]], Column("number", "amount"), *meant[prices[0] + 1 :]]
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


def _labelled(found: list[Column], filled: list[list[str]]) -> list[Column]:
    """Take the first column of words for what a payment was for, where none has such a name."""
    if any(one.role in ("title", "text", "seller") for one in found):
        return found
    for at, (one, cells) in enumerate(zip(found, filled, strict=True)):
        if one == Column() and share(cells, _is_worded) > MOSTLY:
            return [*found[:at], Column("text"), *found[at + 1 :]]
    return found


def _without_short_ids(found: list[Column], filled: list[list[str]]) -> list[Column]:
    """Leave out numbers of rows and short codes: another table has them for other payments."""
    return [
        Column() if one.role == "id" and not all(map(_is_number_of_its_own, cells)) else one
        for one, cells in zip(found, filled, strict=True)
    ]


def _own_currency(columns: Sequence[str], found: list[Column]) -> list[Column]:
    """Leave out a column of currencies where the amount's name tells its own: it is of another."""
    amounts = (c for c, one in zip(columns, found, strict=True) if one.name in _MONEY)
    if not any(currency_in(column) for column in amounts):
        return found
    return [Column() if one.role == "currency" else one for one in found]


# -- rows


def _kind(table: _Table) -> str:
    """Tell what a row may be: a payment, a post, a day, or what is other people's."""
    if _is_theirs(table):
        return "left"
    if table.has("date") and not table.has("url", "buyer", *COUNTED):
        for_what = table.has("seller", "title", "text", "currency", "direction") or any(
            one == Column() and share(cells, _is_worded) > MOSTLY
            for one, cells in zip(table.found, table.filled, strict=True)
        )
        if table.has("debit") and (for_what or table.has("credit")):
            return "orders"
        if for_what and _is_money(table):
            return "orders"
    titles = table.cells("title")
    alone = len(set(titles)) == len(titles) and table.has("title", "date")
    return "posts" if table.has("id", "url") or (titles and alone) else "days"


def _is_theirs(table: _Table) -> bool:
    """Tell whether rows are of other people: what they bought, where they live, what they wrote."""
    if any(share(cells, _ADDRESS.search) > MOSTLY for cells in table.filled):
        return True
    sold = table.has("amount", "price", "debit") and (
        table.has("buyer") or (table.has("people") and not table.has("seller", "title"))
    )
    sold |= _is_of_a_till(table)
    chat = table.has("people") and table.has("text") and not table.has("title", "url", "id")
    return sold or (chat and not table.has(*COUNTED))


def _is_of_a_till(table: _Table) -> bool:
    """Tell whether rows are what a shop sold: two marks of a till, and no one who was paid."""
    named = [set(_WORD.findall(plain(column))) for column in table.columns]
    marks = sum(any(words & one for one in named) for words in _OF_A_TILL)
    marks += table.has("quantity") and table.has("price", "amount")
    worded = any(
        one.role in ("title", "text", "nothing") and share(cells, _is_worded) > MOSTLY
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


def _is_money(table: _Table) -> bool:
    """Tell whether the amounts are of money: by their column's name, or by what stands in them."""
    named = next(
        (c for c, one in zip(table.columns, table.found, strict=True) if one.name == "amount"), None
    )
    if named is None:
        return False
    cells = table.cells("amount")
    if plain(named) not in _WEAK:
        return True
    return table.has("seller", "currency", "direction") or share(cells, _has_cents) > MOSTLY


_WEAK = {"total", "totals", "gesamt", "totale", "totaal", "valor", "valore", "wert", "sum", "summe",
         "somme"}  # fmt: skip
"""Names that counts have too."""


def _order(table: _Table) -> Iterator[str]:
    """Ask for the order of day and month where the dates do not tell it."""
    dates = table.cells("date")
    if any(map(needs_order, dates)) and not orders_of(dates):
        yield "order"


def _of_payments(table: _Table) -> Iterator[tuple[str, str | None]]:
    """Give what holds for all payments; ``None`` for what must be asked."""
    if not table.has("debit"):
        yield "paid_as", _paid_as(table)
    else:
        yield "paid_as", "below"
    marks = {mark for _column, cells in table.amounts for mark in map(_decimal, cells) if mark}
    if len(marks) == 1:
        yield "decimal", {",": "comma", ".": "point"}[marks.pop()]
    elif any(map(_is_unclear, (cell for _column, cells in table.amounts for cell in cells))):
        yield "decimal", None
    if not any(column.role == "currency" for column in table.found):
        found = {code for column, _cells in table.amounts if (code := currency_in(column))}
        beside = [sign for _column, cells in table.amounts for sign in map(_sign, cells)]
        named = sum(currencies.code(sign) is not None for sign in beside if sign)
        if len(found) > 1:  # each amount is of its column's
            return
        if found:
            yield "currency", found.pop()
        elif named < MOSTLY * len(beside):
            yield "currency", None


def _paid_as(table: _Table) -> str | None:
    """Tell how what was paid is written; ``None`` where it is not clear.

    A statement has what came in as well: balances, transfers, words that say which way. One row
    of them is no evidence, for a discount or a refund may stand in a list of purchases.
    """
    cells = [cell for _column, cells in table.amounts for cell in cells if apart(cell)]
    below = share(cells, _is_below)
    worded = 1.0 if table.has("direction") else share(cells, _worded)
    labels = [table.cells(role) for role in ("title", "text", "seller")]
    moved = max(share(cells, payments.is_moved) for cells in labels)
    if worded == 1 or below >= 0.5 or (below and (table.has("balance") or moved > 0.5)):
        return "below"
    if worded or (not table.has("balance") and not moved and below <= HARDLY):
        return "above"
    return None


def _group(label: str, column: Column, rows: str) -> dict[str, str]:
    """Give what is guessed of a column, as the form has it."""
    role, counted = column
    if rows == "orders":
        means = counted if role == "number" else role
        kept = means in OF_MONEY or means in AS_ORDER
        return {"column": label, "means": means if kept else "nothing"}
    if role not in {*ROLES, "number", "seller", "currency", "direction", "state"} or role == "hour":
        return {"column": label, "means": "nothing"}
    numbers = "counter" if rows == "posts" or counted in ("followers", "balance") else "per_day"
    means = numbers if role == "number" else role
    return {"column": label, "means": means, **({"name": counted} if counted else {})}


# -- a cell


def share(cells: Sequence[str], holds: Callable[[str], object]) -> float:
    """Give in which share of cells something holds; 0 where there are none."""
    return sum(map(bool, map(holds, cells))) / len(cells) if cells else 0.0


def is_number(cell: str) -> bool:
    """Tell whether a cell is a number, or an amount of money."""
    try:
        return number(cell) is not None
    except RecordError:
        return apart(cell) is not None


def is_date(cell: str) -> bool:
    """Tell whether a cell is a date that looks like one."""
    return bool(_DATED.fullmatch(cell.strip())) and _reads(cell)


def _reads(cell: str) -> bool:
    for order in ("dmy", "mdy"):
        try:
            day(cell.strip(), UTC, order)
        except (RecordError, OverflowError):
            continue
        return True
    return False


def _is_worded(cell: str) -> bool:
    return sum(map(str.isalpha, cell)) > 2


def _is_number_of_its_own(cell: str) -> bool:
    return len(cell) > 5 and any(map(str.isdigit, cell))


def _is_clock(cell: str) -> bool:
    return bool(_CLOCK.fullmatch(cell.strip()))


def _is_link(cell: str) -> bool:
    return cell.startswith(("https://", "http://"))


def _is_currency(cell: str) -> bool:
    """Tell whether a cell is a code or a sign of a currency."""
    bare = cell.strip()
    coded = len(bare) == 3 and bare.isupper()
    signed = len(bare) < 5 and (not bare.isalnum() or not bare.isascii() or bare == "kr")
    return (coded or signed) and bool(currencies.meant(bare))


def _went(cell: str) -> bool:
    return plain(cell) in WENT


def _worded(cell: str) -> bool:
    parts = apart(cell)
    return parts is not None and parts.went is not None


def _sign(cell: str) -> str:
    parts = apart(cell)
    return parts.sign if parts else ""


def _has_cents(cell: str) -> bool:
    parts = apart(cell)
    return parts is not None and (bool(parts.sign) or bool(re.search(r"[.,]\d\d?$", parts.digits)))


def _is_below(cell: str) -> bool:
    parts = apart(cell)
    return parts is not None and parts.negative


def _decimal(cell: str) -> str:
    """Give the mark before decimals, where an amount tells it."""
    parts = apart(cell)
    found = re.search(r"([.,])\d{1,2}$|([.,])\d{4,}$", parts.digits) if parts else None
    return (found[1] or found[2]) if found else ""


def _is_unclear(cell: str) -> bool:
    parts = apart(cell)
    return parts is not None and is_doubtful(parts.digits)


def word(text: str) -> str:
    """Make a word of a name: lower case, a to z, so that it can name a platform or numbers."""
    bare = unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()
    word = re.sub(r"[^a-z0-9]+", "_", bare).strip("_")
    return word[:40].strip("_") if word[:1].isalpha() else f"n_{word}"[:40].strip("_")
