"""What stands in a cell: a number, a date, an identifier, or nothing that is known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal, NamedTuple

from empreinte.errors import RecordError
from empreinte.formats.dates import epoch, moment
from empreinte.sources.table.amounts import BLANKS, SCALE, SCALES, Apart, apart

Cell = object
"""What a reader of tables gives: text, a number, a date, or None."""
Order = Literal["dmy", "mdy"]

LONGEST_NUMBER = 60
_LARGEST = 10**15
_UNKNOWN = {
    "", "-", "--", "–", "—", "−", "…", "n/a", "na", "n.a.", "nan", "null", "none", "nd", "n.d.",
    "n.c.", "nc", "s.o.", "so", "#n/a", "undefined", "(not set)",
}  # fmt: skip
_TOTALS = {
    "total", "totals", "total général", "totaux", "grand total", "sum", "somme", "overall",
    "ensemble", "gesamt", "summe", "totale", "suma", "totaal",
}  # fmt: skip
_NUMBER = re.compile(rf"([+\-−])?(\d[\d.,]*|[.,]\d+)(?:({SCALE})\.?)?(%)?", re.IGNORECASE)
_SMALL = re.compile(r"\d(?:[.,]\d{1,20})?e-\d{1,2}", re.IGNORECASE)
"""A share written by a program: ``7.36E-4``."""
_CENTS = re.compile(r".*[.,]\d{1,2}")
_THREES = re.compile(r"[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*")
_SUM_OF = re.compile(
    r"\s*(?:(?:sub|sous|grand|zwischen|gesamt|tussen)?[ -]?(?:total\w*|summe|somme|suma|totaal)\b)",
    re.IGNORECASE,
)
_LAKHS = re.compile(r"[1-9][0-9]?(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?")
"""Thousands, then hundreds of them, as in India: ``1,23,456.50``."""
_SPOILT = re.compile(r"\d[.,]?\d*[eE]\+\d+")
_SERIAL = re.compile(r"[2-7][0-9]{4}(?:[.,][0-9]{1,12})?")
"""One of Excel's days, as it stands in a CSV where its cell was not kept as a date."""
_SLASHED = re.compile(r"(\d{1,2})([/.\-])(\d{1,2})\2(\d{4}|\d{2})\b")
_DURATION = re.compile(r"(?:(\d{1,4}):)?(\d{1,2}):(\d{2})")
_EXCEL_DAYS = (20_000, 80_000)
"""Days since 1899-12-30 that a number in a column of dates may be: 1954 to 2119."""


def text(cell: Cell) -> str | None:
    """Give a cell as text, ``None`` if it is empty.

    >>> text(" a "), text(12.0), text("")
    ('a', '12', None)
    """
    if isinstance(cell, str):
        return cell.strip() or None
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, dict | list):
        raise RecordError("{text} holds several values, where one was expected.", text=shown(cell))
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        cell = int(cell)
    return str(cell)


def shown(cell: Cell) -> str:
    """Give the start of what stands in a cell, for a Reject; what is nested is not gone through."""
    return "{…}" if isinstance(cell, dict | list) else str(cell)[:500]


def identifier(cell: Cell) -> str | None:
    """Give a platform's id as text.

    Raises
    ------
    RecordError
        If it is several values, or a spreadsheet has rounded it: ids pass 2^53.
    """
    found = text(cell)
    if found is None or (isinstance(cell, str) and "+" not in found):
        return found
    # A number with decimals, a date, 1.8E+18: no longer what the platform wrote.
    spoilt = isinstance(cell, float | date | time) and not found.isdigit()
    large = isinstance(cell, float | int) and abs(cell) >= 2**53
    if spoilt or large or _SPOILT.fullmatch(found):
        raise RecordError(
            "{text} is an identifier that a spreadsheet has rounded. Use the file as the platform "
            "gave it.",
            text=found,
        )
    return found


class Written(float):
    """A number of a cell that tells more than how much.

    Attributes
    ----------
    sign : str
        The currency's sign, code or word beside it, in lower case; ``""``: there is none.
    short : bool
        Whether it is written short (``1.2K``), and so known to a few digits only.
    """

    __slots__ = ("short", "sign")

    short: bool
    sign: str

    def __new__(cls, value: float, sign: str = "", short: bool = False) -> Written:
        """Make one."""
        found = super().__new__(cls, value)
        found.sign, found.short = sign, short
        return found


def number(
    cell: Cell, decimal: Literal[",", "."] | None = None, *, whole: bool = True
) -> float | None:
    """Read a count or a share; ``None`` where the cell says that it is not known.

    Parameters
    ----------
    cell : text or number
        ``1 234``, ``1,234``, ``12,5``, ``1.2K``, ``3 Md``, ``12 %`` (0.12), ``9,50 €``, ``(3)``
        (−3), ``–`` (not known).
    decimal : "," or ".", optional
        What stands before the decimals. Without it, one mark before exactly three digits parts
        thousands, for what is counted is whole. Numbers written short, and those beside a
        currency, may have the other mark where they can be read in one way only.
    whole : bool
        Whether it is counted; of what is measured one mark stands before the decimals.

    Returns
    -------
    float, Written or None
        `Written` where it is written short, or beside a currency's sign.

    Raises
    ------
    RecordError
        If it is something else, or 10^15 and more.

    >>> number("1,234"), number("12,5"), number("1,234", ","), number("–")
    (1234.0, 12.5, 1.234, None)
    >>> number("1,2 M"), number("1.234.567"), number("12 %")
    (1200000.0, 1234567.0, 0.12)
    """
    if isinstance(cell, str) and cell.isdigit() and cell.isascii() and len(cell) < 16:
        return float(cell)
    if cell is None or isinstance(cell, str):
        value = None if cell is None else _number(cell, decimal, whole)
        if value is None:
            return None
    elif isinstance(cell, int | float) and not isinstance(cell, bool):
        value = cell
    else:
        raise _no_number(cell)
    if not -_LARGEST < value < _LARGEST:
        raise _no_number(cell)
    return value if type(value) is Written else float(value)


def measure(cell: Cell, decimal: Literal[",", "."] | None = None) -> float | None:
    """Read what is measured, and so need not be whole: hours, amounts, means.

    >>> measure("1.234"), measure("1,234.5"), measure("1 234,5")
    (1.234, 1234.5, 1234.5)
    """
    return number(cell, decimal, whole=False)


class Amount(NamedTuple):
    """An amount of money as it stands in a cell.

    Attributes
    ----------
    value : float
        Below zero where it is written so; `Written` where it is written short.
    went : bool or None
        Whether a word beside it says that it went out (``DB``), or came in (``CR``).
    sign : str
        The currency's sign, code or word beside it, in lower case; ``""``: there is none.
    """

    value: float
    went: bool | None = None
    sign: str = ""


def money(cell: Cell, decimal: Literal[",", "."] | None = None) -> Amount | None:
    """Read an amount of money; ``None`` where the cell says that it is not known.

    It has decimals or not: what may be either is not guessed.

    Raises
    ------
    RecordError
        If it is none (a share in per cent is none), and where one mark stands before exactly three
        digits and `decimal` is not told: ``1.234`` is little more than one in Tunis, and more than
        a thousand in Berlin.

    >>> money("1,234.50 €"), money("0.750").value, money("1.234", ".").value
    (Amount(value=1234.5, went=None, sign='€'), 0.75, 1.234)
    >>> money("(12.50)").value, money("12,50-").value, money("CHF 1'234.50").sign
    (-12.5, -12.5, 'chf')
    """
    if not isinstance(cell, str):
        value = number(cell, decimal)
        return None if value is None else Amount(value)
    if cell.strip().casefold() in _UNKNOWN:
        return None
    parts = apart(cell)
    if parts is None:
        if "%" in cell:
            raise RecordError(
                "{text} is a share in per cent, where an amount of money was expected.",
                text=shown(cell),
            )
        value = number(cell, decimal)
        return None if value is None else Amount(value)
    if decimal is None and not parts.short and is_doubtful(parts.digits):
        raise RecordError(
            "{text} may be more than a thousand, or have three decimals: say what stands "
            "before decimals in this file (“decimal”).",
            text=shown(cell),
        )
    value = _of_parts(parts, decimal, whole=True)
    if value is None or not abs(value) < _LARGEST:
        raise _no_number(cell, decimal)
    value = Written(value, parts.sign, True) if parts.short else value
    return Amount(value, parts.went, parts.sign)


def is_unknown(cell: str) -> bool:
    """Tell whether a cell is empty, or says that what should stand there is not known."""
    return cell.strip().casefold() in _UNKNOWN


def is_doubtful(digits: str) -> bool:
    """Tell whether one mark stands before exactly three digits: of thousands, or of decimals."""
    return bool(_THREES.fullmatch(digits)) and digits.count(",") + digits.count(".") == 1


def _number(written: str, decimal: str | None, whole: bool) -> float | None:
    plain = written.strip().casefold()
    if plain in _UNKNOWN:
        return None
    if len(plain) > LONGEST_NUMBER:
        raise _no_number(written)
    plain = BLANKS.sub("", plain)
    if _SMALL.fullmatch(plain):
        return float(plain.replace(",", "."))
    negative = plain.startswith("(") and plain.endswith(")")
    found = _NUMBER.fullmatch(plain[1:-1] if negative else plain)
    if found is None:
        return _beside_marks(written, decimal, whole)
    sign, digits, scale, percent = found.groups()
    if scale:
        value = _of_parts(Apart(digits, False, None, "", scale), decimal, whole)
    else:
        value = _digits(digits, decimal, whole=whole and not percent)
    if value is None:
        raise _no_number(written, decimal)
    value = value / 100 if percent else value
    value = -value if negative or sign in ("-", "−") else value
    return Written(value, short=True) if scale else value


def _beside_marks(written: str, decimal: str | None, whole: bool) -> float:
    """Read a number beside a currency's sign, or with its minus behind."""
    parts = apart(written)
    value = _of_parts(parts, decimal, whole) if parts is not None and parts.went is None else None
    if parts is None or value is None:
        raise _no_number(written, decimal)
    return Written(value, parts.sign, bool(parts.short)) if parts.sign or parts.short else value


def _of_parts(parts: Apart, decimal: str | None, whole: bool) -> float | None:
    """Give the value of an amount that was taken apart; ``None`` if its digits make none."""
    if _LAKHS.fullmatch(parts.digits):
        parts, decimal = parts._replace(digits=parts.digits.replace(",", "")), "."
    value = _digits(parts.digits, decimal, whole and not parts.short)
    odd = parts.short or (parts.sign and _CENTS.fullmatch(parts.digits))
    if value is None and odd:  # £12.50 among amounts in euros: cents are not thousands
        value = _digits(parts.digits, None, whole=False)
    if value is None:
        return None
    value = round(value * SCALES[parts.short], 6) if parts.short else value
    return -value if parts.negative else value


def _digits(written: str, decimal: str | None, whole: bool) -> float | None:
    """Read digits with marks: which is the decimal one is told, or told by where they stand."""
    if decimal is None:
        marks = {mark for mark in ",." if mark in written}
        if len(marks) == 2:
            decimal = max(marks, key=written.rindex)
        elif marks:
            (mark,) = marks
            threes = _THREES.fullmatch(written)
            grouped = threes is not None and (whole or written.count(mark) > 1)
            decimal = ("." if mark == "," else ",") if grouped else mark
        else:
            decimal = "."
    thousands = "," if decimal == "." else "."
    before, _, after = written.partition(decimal)
    if decimal in after or thousands in after:
        return None
    if thousands in before and not _THREES.fullmatch(before):
        return None
    return float(f"{before.replace(thousands, '') or '0'}.{after or '0'}")


def _no_number(cell: Cell, decimal: str | None = None) -> RecordError:
    if decimal is not None and apart(shown(cell)) is not None:
        return RecordError(
            "{text} is not a number whose decimals stand behind “{mark}”, as is said of this file "
            "(“decimal”).",
            text=shown(cell), mark=decimal,
        )  # fmt: skip
    return RecordError(
        "{text} is not a number in a form that is known here, such as 1,234 or 12,5 or 1.2K.",
        text=shown(cell),
    )


def day(cell: Cell, zone: tzinfo, order: Order = "dmy") -> datetime:
    """Read a date, with or without its time, as UTC.

    Parameters
    ----------
    cell : text, number or date
        Anything that `dates.moment` reads, ``20260906``, Excel's days since 1900, seconds since
        1970; what a workbook keeps as a date.
    zone : tzinfo
        What a time without a zone is in.
    order : "dmy" or "mdy"
        Of three numbers, where both could be the month.

    Raises
    ------
    RecordError
        If it is none.
    """
    if isinstance(cell, datetime):
        return _moment(cell, zone)
    if isinstance(cell, date):
        return _moment(datetime(cell.year, cell.month, cell.day), zone)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if _EXCEL_DAYS[0] <= cell <= _EXCEL_DAYS[1]:
            return _moment(datetime(1899, 12, 30) + timedelta(days=cell), zone)
        return epoch(cell)
    if isinstance(cell, str) and len(cell) == 8 and cell.isdigit():
        cell = f"{cell[:4]}-{cell[4:6]}-{cell[6:]}"
    elif isinstance(cell, str) and _SERIAL.fullmatch(cell):
        return day(float(cell.replace(",", ".")), zone)
    return moment(cell, order=order, zone=zone)


def _moment(value: datetime, zone: tzinfo) -> datetime:
    try:
        found = (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        found = None
    if found is None or not 1970 <= found.year <= 2200:
        raise RecordError(
            "{text} is not a date between 1970 and 2200 in a form that is known here.", text=value
        )
    return found


def is_total(cell: Cell, more: frozenset[str] = frozenset()) -> bool:
    """Tell whether the cell says that its row sums up the others.

    >>> is_total("Total"), is_total("Total général"), is_total("Total war")
    (True, True, False)
    """
    if not isinstance(cell, str) or len(cell) > 100:
        return False
    plain = cell.strip(" :").casefold()
    return plain in _TOTALS or plain in more


def is_sum_of(cell: Cell) -> bool:
    """Tell whether a cell where a date should stand begins as that of a sum does.

    >>> is_sum_of("Total avril :"), is_sum_of("Sous-total"), is_sum_of("2026-04-13")
    (True, True, False)
    """
    return isinstance(cell, str) and bool(_SUM_OF.match(cell))


def orders_of(cells: Iterable[Cell]) -> set[Order]:
    """Tell which orders of day and month the dates of three numbers show by themselves.

    A number above 12 is no month, and with dots the day stands first; nothing else tells: days in a
    row in one order are the firsts of months in the other. Both, where they contradict each other.

    >>> orders_of(["03/04/2026", "03/13/2026"]), orders_of(["03/04/2026", "04/04/2026"])
    ({'mdy'}, set())
    """
    found: set[Order] = set()
    for cell in cells:
        numbers = _slashed(cell)
        if not numbers:
            continue
        first, second = int(numbers[1]), int(numbers[3])
        if numbers[2] == "." or first > 12:
            found.add("dmy")
        elif second > 12:
            found.add("mdy")
    return found


def _slashed(cell: Cell) -> re.Match[str] | None:
    """Match a date of three numbers; what is longer than a date is none."""
    return _SLASHED.match(cell.strip()) if isinstance(cell, str) and len(cell) < 60 else None


def needs_order(cell: Cell) -> bool:
    """Tell whether the cell is a date of three numbers whose order must be known."""
    found = _slashed(cell)
    return found is not None and max(int(found[1]), int(found[3])) <= 12 and found[1] != found[3]


def is_day(cell: Cell) -> bool:
    """Tell whether the cell is a date, in whatever order.

    >>> is_day("2026-05-31"), is_day("20260531"), is_day("/blog/")
    (True, True, False)
    """
    for order in ("dmy", "mdy"):
        try:
            day(cell, UTC, order)
        except (RecordError, OverflowError):
            continue
        return True
    return False


def share(cell: Cell, decimal: Literal[",", "."] | None = None) -> float | None:
    """Read a share written in per cent, with its sign or without.

    >>> share("2.63"), share("2.63%"), share("< 1%")
    (0.0263, 0.0263, None)
    >>> share("2.634")
    0.02634
    """
    if isinstance(cell, str) and cell.lstrip().startswith("<"):
        return None  # less than it says, and not known how much
    value = measure(cell, decimal)
    signed = isinstance(cell, str) and "%" in cell
    return value if value is None or signed else round(value / 100, 12)


def seconds(cell: Cell, decimal: Literal[",", "."] | None = None) -> float | None:
    """Read a duration: ``0:04:03``, ``4:03``, or seconds.

    >>> seconds("0:04:03"), seconds("95"), seconds("")
    (243.0, 95.0, None)
    """
    if isinstance(cell, time):
        return cell.hour * 3600.0 + cell.minute * 60 + cell.second
    if isinstance(cell, timedelta):
        return cell.total_seconds()
    if isinstance(cell, str) and (found := _DURATION.fullmatch(cell.strip())):
        hours, minutes, rest = (int(part or 0) for part in found.groups())
        return float(hours * 3600 + minutes * 60 + rest)
    return measure(cell, decimal)


def is_slashed(cell: Cell) -> bool:
    """Tell whether the cell is a date of three numbers, the year last."""
    return _slashed(cell) is not None
