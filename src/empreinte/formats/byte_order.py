"""The byte-order mark, which some programs of Windows write before a text in UTF-8."""

from __future__ import annotations

BOM = b"\xef\xbb\xbf"
_BLANK = BOM + b" \t\r\n"


def unmarked(data: bytes) -> bytes:
    """Give bytes without the mark before them.

    >>> unmarked(bytes([0xEF, 0xBB, 0xBF, 0x7B]))
    b'{'
    """
    return data.removeprefix(BOM)


def opening(data: bytes) -> bytes:
    """Give a text's bytes from the first that says something: no mark, no blank before it."""
    return data.lstrip(_BLANK)
