"""CSV that the reader's spreadsheet opens rightly, and in which nothing is run as a formula.

A spreadsheet takes the separator and the decimal sign of its language: a French one wants ``;`` and
``1,5``. It looks for the mark at the start (BOM) to know the file for UTF-8.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import msgspec

from empreinte.errors import UsageError
from empreinte.formats.whole_file import replacing


class Dialect(msgspec.Struct, frozen=True):
    """How a CSV file is written.

    Parameters
    ----------
    separator, decimal : str
        Between cells, and before a number's decimals.
    yes, no : str
        What true and false are written as.
    is_for_people : bool
        For a spreadsheet, with a mark and headings in words; else for programs, with neither.
    """

    separator: str
    decimal: str
    yes: str
    no: str
    is_for_people: bool = True


DIALECTS = {
    "en": Dialect(",", ".", "TRUE", "FALSE"),
    "fr": Dialect(";", ",", "VRAI", "FAUX"),
    "plain": Dialect(",", ".", "True", "False", is_for_people=False),
}

# A text is split where the reader's separator is not the file's; quotes hide what stands behind.
_FORMULA = re.compile(r"(^|[,;|\t\r\n])(?=[\"'\s]*[=+\-@\uff1d\uff0b\uff0d\uff20])|^(?=[\t\r\n])")


def dialect(name: str) -> Dialect:
    """Give a dialect by its name.

    Raises
    ------
    UsageError
        If there is none of that name.
    """
    if name not in DIALECTS:
        raise UsageError(
            "{name} is not a dialect of CSV; there is: {known}.",
            name=name,
            known=", ".join(DIALECTS),
        )
    return DIALECTS[name]


def defused(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would evaluate (OWASP, CSV injection).

    Also inside the text, where one that takes another separator would begin a cell.

    >>> defused("=cmd()"), defused("Bonjour"), defused("Bonjour;=cmd()")
    ("'=cmd()", 'Bonjour', "Bonjour;'=cmd()")
    """
    return _FORMULA.sub(r"\1'", text.replace("\0", ""))


def cell(value: Any, to: Dialect) -> str:
    """Write one value: not known is empty, a list is its values with spaces between."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return to.yes if value else to.no
    if isinstance(value, float):
        return str(value).replace(".", to.decimal)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds") if to.is_for_people else value.isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        value = " ".join(map(str, value))
    return defused(str(value))


def write(path: Path, header: Sequence[str], rows: Iterable[Sequence[Any]], to: Dialect) -> None:
    """Write one file, whole or not at all."""
    encoding = "utf-8-sig" if to.is_for_people else "utf-8"
    with replacing(path) as fresh, fresh.open("w", encoding=encoding, newline="") as out:
        writer = csv.writer(out, delimiter=to.separator)
        writer.writerow([defused(name) for name in header])
        writer.writerows([cell(value, to) for value in row] for row in rows)
