"""Codes to say at the counter, and tokens that nobody can guess.

A code is short and works at the counter only, where wrong ones slow whoever tries down. A token
is long and opens one reservation's page; the store keeps its hash alone.
"""

from __future__ import annotations

import hashlib
import re
import secrets

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
"""No vowels, so that no word comes of it; no digits, so that none is taken for a letter."""
LENGTH = 6
_TOKEN = re.compile(r"[A-Za-z0-9_-]{22,64}")


def new_code() -> str:
    """Draw a code, one of 64 million."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def new_token() -> str:
    """Draw a token of 128 bits."""
    return secrets.token_urlsafe(16)


def is_token(text: str) -> bool:
    """Whether a text has the form of a token."""
    return _TOKEN.fullmatch(text) is not None


def hashed(token: str) -> bytes:
    """Give what is kept of a token: it is random, so that a plain hash hides it."""
    return hashlib.sha256(token.encode()).digest()


def spoken(text: str) -> str:
    """Read a code as people say and type it: ``bcd fgh``, ``BCD-FGH``.

    >>> spoken(" bcd-fgh ")
    'BCDFGH'
    """
    return re.sub(r"[\s.-]", "", text).upper()[:40]


def written(code: str) -> str:
    """Write a code in two groups of three, which are read and said without a slip.

    >>> written("BCDFGH")
    'BCD FGH'
    """
    return f"{code[:3]} {code[3:]}"
