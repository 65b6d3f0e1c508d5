"""Files that are tables and hold nothing. What cannot be read to its end is never called empty."""

from __future__ import annotations

import codecs
from functools import partial

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.language import message
from empreinte.sources.table.workbook import Workbook

EMPTY = message("An empty table: there is nothing in it, not even headings.")
_CHUNK = 64 << 10
_NOTHING = b' \t\r\n,;|"'
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def is_empty(export: Container, name: str) -> bool:
    """Tell whether a file was read to its end and holds nothing: at most blanks and separators."""
    try:
        with export.open(name) as stream:
            first = stream.read(_CHUNK)
            mark = next((one for one in _MARKS if first.startswith(one)), b"")
            nothing = _NOTHING + (b"\x00" if mark in _MARKS[1:] else b"")
            if first[len(mark) :].translate(None, nothing):
                return False
            return not any(
                more.translate(None, nothing) for more in iter(partial(stream.read, _CHUNK), b"")
            )
    except ContainerError:
        return False


def is_empty_book(book: Workbook) -> bool:
    """Tell whether no sheet of a workbook holds anything."""
    rows = (row for sheet in book.sheets for row in book.rows(sheet))
    # One that names no sheet is damaged.
    return bool(book.sheets) and not any(cell != "" for row in rows for cell in row)
