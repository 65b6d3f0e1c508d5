"""Tables that hold no row: files that are empty, and headings without anything below them.

They are told as what they are: nothing is wrong with them, and there is nothing to be asked. What
cannot be read to its end is never called empty.
"""

from __future__ import annotations

import codecs
import re
from functools import partial

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.language import message

EMPTY = message("An empty table: there is nothing in it, not even headings.")
TABLE = re.compile(r"\.(?:csv|tsv|xlsx|xlsm|xls|ndjson|jsonl)$", re.IGNORECASE)
"""Files that are tables by their name alone."""
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
