"""What a cell of a table looks like, before anything is known of its column."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC

from empreinte.errors import RecordError
from empreinte.forms import currencies
from empreinte.sources.table.amounts import WENT, apart
from empreinte.sources.table.cells import day, is_doubtful, number
from empreinte.sources.table.grids import plain

_DATED = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}\b.*|\d{8}"
    r"|\d{1,2}\.?[ -](?:de )?\w{3,9}\.?[ -](?:de )?\d{2,4}\b.*|\w{3,9}\.? \d{1,2},? \d{4}\b.*"
)
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?")
MOSTLY, HALF, HARDLY = 0.8, 0.4, 0.1
"""Shares of a column's cells that are enough for it to be of a type, or too few."""


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
    return bool(_DATED.fullmatch(cell.strip())) and reads(cell)


def reads(cell: str) -> bool:
    """Tell whether a cell can be read as a date, in whatever order."""
    for order in ("dmy", "mdy"):
        try:
            day(cell.strip(), UTC, order)
        except (RecordError, OverflowError):
            continue
        return True
    return False


def is_worded(cell: str) -> bool:
    """Tell whether a cell holds words."""
    return sum(map(str.isalpha, cell)) > 2


def is_number_of_its_own(cell: str) -> bool:
    """Tell whether a cell may be the number of one row alone: long, with digits."""
    return len(cell) > 5 and any(map(str.isdigit, cell))


def is_clock(cell: str) -> bool:
    """Tell whether a cell is a time of day."""
    return bool(_CLOCK.fullmatch(cell.strip()))


def is_link(cell: str) -> bool:
    """Tell whether a cell is an address."""
    return cell.startswith(("https://", "http://"))


def is_currency(cell: str) -> bool:
    """Tell whether a cell is a code or a sign of a currency."""
    bare = cell.strip()
    coded = len(bare) == 3 and bare.isupper()
    signed = len(bare) < 5 and (not bare.isalnum() or not bare.isascii() or bare == "kr")
    return (coded or signed) and bool(currencies.meant(bare))


def went(cell: str) -> bool:
    """Tell whether a cell is a word that says which way money went."""
    return plain(cell) in WENT


def tells_way(cell: str) -> bool:
    """Tell whether such a word stands beside an amount."""
    parts = apart(cell)
    return parts is not None and parts.went is not None


def sign_beside(cell: str) -> str:
    """Give the sign of a currency beside an amount; ``""``: there is none."""
    parts = apart(cell)
    return parts.sign if parts else ""


def has_cents(cell: str) -> bool:
    """Tell whether a cell is an amount of money by its sign or its cents."""
    parts = apart(cell)
    if parts is None or (parts.short and not parts.sign):
        return False
    return bool(parts.sign) or bool(re.search(r"[.,]\d\d?$", parts.digits))


def is_below(cell: str) -> bool:
    """Tell whether a cell is an amount below zero."""
    parts = apart(cell)
    return parts is not None and parts.negative


def decimal_mark(cell: str) -> str:
    """Give the mark before decimals, where an amount tells it that is not written short."""
    parts = apart(cell)
    if parts is None or parts.short:
        return ""
    found = re.search(r"([.,])\d{1,2}$|([.,])\d{4,}$", parts.digits)
    return (found[1] or found[2]) if found else ""


def is_unclear(cell: str) -> bool:
    """Tell whether a cell is an amount with one mark before three digits."""
    parts = apart(cell)
    return parts is not None and not parts.short and is_doubtful(parts.digits)
