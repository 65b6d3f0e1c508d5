"""Movements of money become orders: an amount that leaves to a seller, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from empreinte.errors import RecordError
from empreinte.formats.digests import digest
from empreinte.forms import currencies
from empreinte.model import Order, Yielded
from empreinte.sources.table.amounts import WENT, currency_in
from empreinte.sources.table.cells import Amount, Written, identifier, money, shown
from empreinte.sources.table.grids import Line, plain
from empreinte.sources.table.records import Rows

_UNPAID = re.compile(
    r"(?:vir(?:ement|t)?s?\b|retraits?\b|ret(?:\.| )?dab|dab\b|ch[eè]ques?\b|chq\b|frais\b|cotis"
    r"|commissions?\b|int[eé]r[eê]ts?\b|agios|[eé]ch(?:[eé]ance)?s?\.? ?(?:de )?pr[eê]t"
    r"|pr[eê]ts?\b"
    r"|remboursement|remise|versement|imp[oô]ts?\b|dgfip|direction generale des finances|urssaf"
    r"|transfer|cash|withdrawal|atm\b|top-?up|exchange|change de devise|fees?\b|salaire|arr[eê]t"
    r"|prelevements? sociaux|abondement|souscription (?:livret|pel)|epargne"
    r"|(?:ancien |nouveau )?solde\b|(?:opening|closing|ending|beginning|previous) balance\b|saldo\b"
    r"|kontostand|(?:online|sepa|echtzeit)?-?(?:[uü]|ue)berweisung|dauerauftrag"
    r"|gutschr(?:ift)?\b|bargeld|geldautomat|auszahlung|abhebung"
    r"|lohn\b|gehalt\b|zinsen|geb[uü]hr|kontof[uü]hrung|steuern?\b"
    r"|transferencia|traspaso|cajero|retirada|n[oó]mina\b|comisi[oó]n|impuestos?\b"
    r"|bonifico|giroconto|prelievo|prelevamento|stipendio|commissioni?\b|imposta|bollo\b"
    r"|overschrijving|overboeking|opname|geldopname|salaris|rente\b|belasting"
    r"|transfer[eê]ncia|levantamento|saque\b|sal[aá]rio|tarifa\b|imposto|pix\b)",
    re.IGNORECASE,
)
"""What movements are called that go to no seller: transfers, cash, what bank and state take."""
_HOW = re.compile(
    r"^(?:(?:achat|paiements?|paie(?:ment)?|facture|fact)?\s*(?:par |de )?(?:carte|cb)\b\s*\**"
    r"(?:\s*(?:n°|x)?\d{4}\b)?|pr[eé]l[eè]vements?|prlvt?|prvl|avis de prelevement|achat|facture"
    r"|paiement|pagamento pos|compra (?:con )?tarj(?:eta)?\b\.?|compra no d[eé]bito\b ?-?"
    r"|kartenzahlung|card payment(?: to)?)\s*(?:sepa|europeen|emis|de|du|recu)?\s*",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?:du |le )?\d{2}[/.]?\d{2}(?:[/.]?\d{2,4})?\b")
SIGNS = 10
"""Signs and words of unknown currencies that are told."""
_CARD = re.compile(r"\b(?:cb|carte)\s*\*+\s*\d{2,6}\b|\b(?:[x*]{2,}\d{2,6})\b", re.IGNORECASE)


def rows_of(*given: Any) -> Rows:
    """Make the reader of a grid's rows; of payments they become orders. Arguments as of `Rows`."""
    rows = Rows(*given)
    if rows.task.table.rows == "orders":
        rows.read = Payments(rows).row
    return rows


class Payments:
    """Reads the movements of one account; made for one file.

    Banks give a movement no number: it is known by its account, day, label, amount and currency,
    and by which of several alike on that day it is, so that a later export holds the same.

    Amounts are doubles, as all numbers of the ledger. n of them added one by one, S in all, are off
    by at most n·S·2⁻⁵³ (Higham 2002, Accuracy and stability of numerical algorithms, § 4.2): of
    100,000 payments of ten millions in all, by 0.0001, and in fact by a hundredth of that. A sum of
    cents is a whole number of them, so that it is shown wrong only from half a cent on.
    """

    def __init__(self, rows: Rows) -> None:
        table = rows.task.table
        self.rows, self.table = rows, table
        self.paid, self.unpaid = frozenset(map(plain, table.paid)), tuple(map(plain, table.unpaid))
        self.met: Counter[str] = Counter()
        self._named = _named(rows)
        self._lists = table.paid_as == "above"  # of purchases
        self._short = ""  # the amount of the row, where it is written short

    def row(self, cells: Line, place: int, found: list[Yielded]) -> None:
        """Read one row; one that leaves to no seller is counted."""
        rows, task, tally = self.rows, self.rows.task, self.rows.tally
        moved = self._moved(cells)
        label = " ".join((rows.text(cells, "label") or "").split())
        kind = " ".join((rows.text(cells, "kind") or "").split())
        at = self._at(cells)
        if moved is None:
            tally.unpriced += 1
        elif moved.value == 0:
            tally.free += 1
        elif moved.value > 0 or not self._is_paid(kind, label):
            tally.unpaid += 1
        else:
            told = rows.text(cells, "seller")
            currency = self._currency(cells, moved.sign, place)
            said = self._said(cells, at, label, kind, moved.value, currency)
            self.met[said] += 1
            id = rows.tried(cells, "id", identifier)
            if id is None or id in rows.repeated:  # several lines of one order
                id = digest(*([id] if id else []), said, str(self.met[said]))
            if self._short:
                tally.short.add(self._short, rows.line_of(place))
            found.append(Order(
                file=rows.file, place=place, platform=task.platform, id=id,
                account_id=None, seller=_seller(told or label), amount=-moved.value,
                item=rows.text(cells, "item") or label or None,
                currency=currency, at=at,
            ))  # fmt: skip

    def _moved(self, cells: Line) -> Amount | None:
        """Give what came in, below zero what left; ``None`` where the row tells no amount.

        Raises
        ------
        RecordError
            If it cannot be read.
        """
        amount = self._money(cells, "amount")
        if amount is not None:
            went = amount.went if amount.went is not None else self._went(cells)
            if went is not None:
                return amount._replace(value=-abs(amount.value) if went else abs(amount.value))
            return amount._replace(value=-amount.value) if self._lists else amount
        debit = self._money(cells, "debit")
        if debit is not None and debit.value:
            return debit._replace(value=-abs(debit.value))  # some banks write it below zero
        return self._money(cells, "credit") or debit

    def _money(self, cells: Line, name: str) -> Amount | None:
        cell = self.rows.cell(cells, name)
        found = money(cell, self.table.decimal)
        is_short = found is not None and type(found.value) is Written and found.value.short
        self._short = shown(cell) if is_short else ""
        return found

    def _went(self, cells: Line) -> bool | None:
        """Tell by the column that tells it whether money went out; ``None`` where none does.

        Raises
        ------
        RecordError
            If its word is not known.
        """
        said = self.rows.text(cells, "direction")
        if said is None:
            return None
        went = WENT.get(plain(said))
        if went is None:
            raise RecordError(
                "{text} does not tell whether money went out or came in, in a form that is known "
                "here, such as debit and credit, or D and C.",
                text=said,
            )
        return went

    def _at(self, cells: Line) -> datetime:
        rows = self.rows
        at = rows.date(rows.cell(cells, "date"))
        hour = rows.text(cells, "hour")
        clock = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", hour) if hour else None
        if clock is None:
            return at
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return at + timedelta(hours=hours, minutes=minutes, seconds=seconds)

    def _said(
        self, cells: Line, at: datetime, label: str, kind: str, amount: float, currency: str | None
    ) -> str:
        account = self.rows.text(cells, "account") or self.rows.task.account
        seller = self.rows.text(cells, "seller") or ""
        return "\0".join(
            (account, at.isoformat(), label, seller, kind, str(amount), currency or "")
        )

    def _is_paid(self, kind: str, label: str) -> bool:
        """Tell whether the money goes to a seller, by the kind of movement, else by its label."""
        if self._lists:
            return True
        if self.paid:
            return plain(kind) in self.paid
        named = (kind, label) if kind else (label,)
        return not any(
            is_moved(one) or plain(one).startswith(self.unpaid or ("\0",)) for one in named
        )

    def _currency(self, cells: Line, sign: str, place: int) -> str | None:
        """Give a payment's currency: its column's, else the sign's beside the amount, else as told.

        A sign that may stand for several is of the one that is told, if that is among them; and no
        other word than a currency's is taken for one. A sign is of its row, and counts for more
        than what is told of all: that they contradict each other is told with the line.
        """
        column, tally = self.rows.text(cells, "currency"), self.rows.tally
        beside = currencies.meant(sign)
        told = self._named_currency(cells) or self.table.currency
        if column is not None:
            of_column = currencies.meant(column)
            found = _only(of_column & beside or of_column, told)
            if not of_column:
                self.rows.bad(self.rows.at["currency"][0], column)
            elif beside and not of_column & beside:
                tally.contrary.add(f"{sign.upper()} / {column}", self.rows.line_of(place))
        else:
            found = _only(beside, told) if sign else told
            if sign and told and told not in beside:
                tally.against.add(f"{sign.upper()} / {told}", self.rows.line_of(place))
        if found is None:
            tally.unnamed += 1
            doubtful = column or sign.upper()
            if doubtful and len(tally.signs) < SIGNS:
                tally.signs[doubtful] = None
        return found

    def _named_currency(self, cells: Line) -> str | None:
        """Give the currency that the name of the amount's column tells, where there are several."""
        filled = (at for at in self._named if at < len(cells) and cells[at] not in ("", None))
        return self._named.get(next(filled, -1))


def _named(rows: Rows) -> dict[int, str | None]:
    """Give the currency that the name of a column of amounts tells, by its place.

    Where there are several; of one alone its owner's word counts for more, and is told if it is
    another.
    """
    amounts, told = rows.at.get("amount", ()), rows.task.table.currency
    if amounts[1:]:
        return {at: currency_in(rows.header.names[at]) for at in amounts}
    found: dict[int, str | None] = {}
    for at in (*amounts, *rows.at.get("debit", ()), *rows.at.get("credit", ())):
        code = currency_in(rows.header.names[at])
        if told is None:
            found[at] = code
        elif code not in (None, told):
            rows.tally.heading = rows.header.names[at]
    return found


def _only(meant: frozenset[str], told: str | None) -> str | None:
    """Give the one currency that is meant, or that is told where several may be."""
    if told in meant:
        return told
    return next(iter(meant)) if len(meant) == 1 else None


def is_moved(label: str) -> bool:
    """Tell whether a label is of money that is moved, and buys nothing: a transfer, cash, a fee."""
    return bool(_UNPAID.match(label.strip()))


def _seller(written: str) -> str | None:
    """Give whom a label names: without how, when and with which card.

    >>> _seller("CARTE 12/09/26 FNAC PARIS CB*1234"), _seller("PRLV SEPA Netflix")
    ('FNAC PARIS', 'Netflix')
    """
    found = _WHEN.sub(" ", _CARD.sub(" ", written))
    found = _HOW.sub("", " ".join(found.split()))
    return " ".join(found.split()).strip(" -*:;,") or written.strip() or None
