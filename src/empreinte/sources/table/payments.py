"""Movements of money become orders: an amount that leaves to a seller, and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from empreinte.formats.digests import digest
from empreinte.model import Order, Yielded
from empreinte.sources.table.cells import identifier, money
from empreinte.sources.table.grids import Line, plain
from empreinte.sources.table.records import Rows

_UNPAID = re.compile(
    r"(?:vir(?:ement|t)?s?\b|retraits?\b|ret(?:\.| )?dab|dab\b|ch[eè]ques?\b|chq\b|frais\b|cotis"
    r"|commissions?\b|int[eé]r[eê]ts?\b|agios|[eé]ch(?:[eé]ance)?s?\.? ?(?:de )?pr[eê]t"
    r"|pr[eê]ts?\b"
    r"|remboursement|remise|versement|imp[oô]ts?\b|dgfip|direction generale des finances|urssaf"
    r"|transfer|cash|withdrawal|atm\b|top-?up|exchange|change de devise|fees?\b|salaire|arr[eê]t"
    r"|prelevements? sociaux|abondement|souscription (?:livret|pel)|epargne)",
    re.IGNORECASE,
)
"""What movements are called that go to no seller: transfers, cash, what bank and state take."""
_HOW = re.compile(
    r"^(?:(?:achat|paiements?|paie(?:ment)?|facture|fact)?\s*(?:par |de )?(?:carte|cb)\b\s*\**"
    r"(?:\s*(?:n°|x)?\d{4}\b)?|pr[eé]l[eè]vements?|prlvt?|prvl|avis de prelevement|achat|facture"
    r"|paiement)\s*(?:sepa|europeen|emis|de|du|recu)?\s*",
    re.IGNORECASE,
)
_WHEN = re.compile(r"\b(?:du |le )?\d{2}[/.]?\d{2}(?:[/.]?\d{2,4})?\b")
_CARD = re.compile(r"\b(?:cb|carte)\s*\*+\s*\d{2,6}\b|\b(?:[x*]{2,}\d{2,6})\b", re.IGNORECASE)
_CURRENCIES = {"€": "EUR", "$": "USD", "£": "GBP"}


def rows_of(*given: Any) -> Rows:
    """Make the reader of a grid's rows; of payments they become orders. Arguments as of `Rows`."""
    rows = Rows(*given)
    if rows.task.table.rows == "orders":
        rows.read = Payments(rows).row
    return rows


class Payments:
    """Reads the movements of one account; made for one file.

    Banks give a movement no number: it is known by its day, label and amount, and by which of
    several alike on that day it is, so that a later export holds the same.
    """

    def __init__(self, rows: Rows) -> None:
        table = rows.task.table
        self.rows, self.table = rows, table
        self.paid, self.unpaid = frozenset(map(plain, table.paid)), tuple(map(plain, table.unpaid))
        self.met: Counter[str] = Counter()

    def row(self, cells: Line, place: int, found: list[Yielded]) -> None:
        """Read one row; one that leaves to no seller is counted."""
        rows, task = self.rows, self.rows.task
        amount = self._amount(cells)
        label = " ".join((rows.text(cells, "label") or "").split())
        kind = " ".join((rows.text(cells, "kind") or "").split())
        at = self._at(cells)
        said = self._said(cells, at, label, kind, amount)
        self.met[said] += 1
        if amount is None or amount >= 0 or not self._is_paid(kind, label):
            rows.tally.unpaid += 1
            return
        told = rows.text(cells, "seller")
        id = rows.tried(cells, "id", identifier) or digest(said, str(self.met[said]))
        found.append(Order(
            file=rows.file, place=place, platform=task.platform, id=id,
            account_id=None, seller=_seller(told or label), amount=-amount,
            item=rows.text(cells, "item") or label or None,
            currency=self._currency(cells), at=at,
        ))  # fmt: skip

    def _amount(self, cells: Line) -> float | None:
        """Give what came in, below zero what left; ``None`` where the row moves nothing.

        Raises
        ------
        RecordError
            If it cannot be read.
        """
        decimal = self.table.decimal
        amount = money(self.rows.cell(cells, "amount"), decimal)
        if amount is not None:
            return -amount if self.table.paid_as == "above" else amount
        debit = money(self.rows.cell(cells, "debit"), decimal)
        if debit:
            return -abs(debit)  # some banks write it below zero
        return money(self.rows.cell(cells, "credit"), decimal)

    def _at(self, cells: Line) -> datetime:
        rows = self.rows
        at = rows.date(rows.cell(cells, "date"))
        hour = rows.text(cells, "hour")
        clock = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2}))?", hour) if hour else None
        if clock is None:
            return at
        hours, minutes, seconds = (int(part or 0) for part in clock.groups())
        return at + timedelta(hours=hours, minutes=minutes, seconds=seconds)

    def _said(self, cells: Line, at: datetime, label: str, kind: str, amount: float | None) -> str:
        account = self.rows.text(cells, "account") or self.rows.task.account
        seller = self.rows.text(cells, "seller") or ""
        return "\0".join((account, at.isoformat(), label, seller, kind, str(amount)))

    def _is_paid(self, kind: str, label: str) -> bool:
        """Tell whether the money goes to a seller, by the kind of movement, else by its label."""
        if self.table.paid_as == "above":
            return True  # a list of purchases
        if self.paid:
            return plain(kind) in self.paid
        named = (kind, label) if kind else (label,)
        return not any(
            _UNPAID.match(one) or plain(one).startswith(self.unpaid or ("\0",)) for one in named
        )

    def _currency(self, cells: Line) -> str | None:
        said = (self.rows.text(cells, "currency") or "").strip()
        return (_CURRENCIES.get(said, said).upper()[:3] or None) if said else self.table.currency


def _seller(written: str) -> str | None:
    """Give whom a label names: without how, when and with which card.

    >>> _seller("CARTE 12/09/26 FNAC PARIS CB*1234"), _seller("PRLV SEPA Netflix")
    ('FNAC PARIS', 'Netflix')
    """
    found = _WHEN.sub(" ", _CARD.sub(" ", written))
    found = _HOW.sub("", " ".join(found.split()))
    return " ".join(found.split()).strip(" -*:;,") or written.strip() or None
