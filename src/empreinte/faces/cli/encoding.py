"""Readable text where the terminal or the pipe cannot write every letter."""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata
from typing import TextIO

PLAIN = {
    "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "−": "-",
    "…": "...", "·": "-", "•": "-", "→": "->", "←": "<-", "×": "x", "œ": "oe", "Œ": "OE",
    "æ": "ae", "Æ": "AE", "ß": "ss", "€": "EUR", "\N{NO-BREAK SPACE}": " ",
    "\N{NARROW NO-BREAK SPACE}": " ",
    **dict(zip("▁▂▃▄▅▆▇█", "_.,-~=+#", strict=True)),
    **dict.fromkeys("▏▎▍▌▋▊▉", "#"),
}  # fmt: skip
"""How what the interface writes reads in ASCII."""


def heed() -> None:
    """Have the standard streams write what their encoding lacks in letters that it has."""
    codecs.register_error("empreinte.plain", plainly)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper) and not writes_all(stream):
            stream.reconfigure(errors="empreinte.plain")


def writes_all(stream: TextIO) -> bool:
    """Tell whether a stream writes every letter."""
    return (getattr(stream, "encoding", None) or "utf-8").lower().replace("-", "").startswith("utf")


def plainly(error: UnicodeError) -> tuple[str, int]:
    """Replace letters that cannot be written: what they stand for, the letter without its accent.

    >>> codecs.register_error("empreinte.plain", plainly)
    >>> "« été… »".encode("ascii", "empreinte.plain").decode()
    '" ete... "'
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    found = error.object[error.start : error.end]
    return "".join(PLAIN.get(letter) or _bare(letter) for letter in found), error.end


def _bare(letter: str) -> str:
    return unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode() or "?"
