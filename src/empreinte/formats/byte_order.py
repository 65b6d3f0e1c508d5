"""The byte-order mark, which some programs of Windows write before a text in UTF-8."""

from __future__ import annotations

from codecs import BOM_UTF8

_BLANK = BOM_UTF8 + b" \t\r\n"


def unmarked(data: bytes) -> bytes:
    """Give bytes without the mark before them.

    >>> unmarked(bytes([0xEF, 0xBB, 0xBF, 0x7B]))
    b'{'
    """
    return data.removeprefix(BOM_UTF8)


def opening(data: bytes) -> bytes:
    """Give a text's bytes from the first that says something: no mark, no blank before it."""
    return data.lstrip(_BLANK)
