"""Ids for what has none: a digest of what a record says."""

from __future__ import annotations

import hashlib


def digest(*parts: object) -> str:
    """Give 20 hexadecimal digits that stand for `parts`; ``None`` is as good as an empty text.

    >>> digest("like", 7, None)
    'bb051aa58dfa606df4c9'
    """
    text = "\0".join(["" if part is None else str(part) for part in parts])
    return hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=10).hexdigest()
