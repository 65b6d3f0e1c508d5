r"""Text whose UTF-8 bytes were written as Latin-1 characters, as Meta's exports hold it.

``François`` stands there as ``Fran\u00c3\u00a7ois``. Each string is repaired by itself, strictly:
where its characters are not Latin-1, or do not make UTF-8, it was not spoilt and stays as it is.
"""

from __future__ import annotations

from typing import Any


def repair(text: str) -> str:
    """Give `text` as it was written, or unchanged where it was not spoilt.

    >>> repair("Fran\u00c3\u00a7ois"), repair("François"), repair("日本")
    ('François', 'François', '日本')
    """
    if text.isascii():
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text


def repaired(value: Any) -> Any:
    """Give a decoded JSON value with every string repaired, the keys of objects too.

    Nesting is bounded by the decoder that made `value` (msgspec stops at 1,000).
    """
    if isinstance(value, str):
        return repair(value)
    if isinstance(value, list):
        return [repaired(item) for item in value]
    if isinstance(value, dict):
        return {repair(key): repaired(item) for key, item in value.items()}
    return value
