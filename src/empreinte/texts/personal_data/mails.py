"""E-mail addresses, plain (`a@example.org`) or spelt out (`a [at] example [dot] org`).

Their syntax is checked by email-validator (RFC 5322 and 6531), without asking any server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.texts.personal_data.findings import Finding

GATE = r"[0-9A-Za-zÀ-ÿ_]@[0-9A-Za-zÀ-ÿ]|(?i:[\[({<] ?(?:at|arobase?|chez) ?[\])}>])"
"""What every text with such an address holds (RE2 and `re` read it alike)."""

# Possessive parts: a megabyte of letters, dots or @ is passed over once.
_PLAIN = re.compile(
    r"(?<![\w.+%/@-])[\w.+%'-]{1,64}+@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,6}[^\W\d_]{2,24}(?![\w@])"
)
_SPELT = re.compile(
    r"(?<![\w.+-])([\w.+-]{1,64}+) ?[\[({<] ?(?:at|arobase?|chez) ?[\])}>] ?"
    r"([\w-]{1,63}+(?:(?:\.| ?[\[({<] ?(?:dot|point) ?[\])}>] ?| (?:dot|point)"
    r" )[\w-]{2,63}+){1,4})",
    re.IGNORECASE,
)
_DOT = re.compile(r" ?[\[({<] ?(?:dot|point) ?[\])}>] ?| (?:dot|point) ", re.IGNORECASE)
_FILES = frozenset(
    ["png", "jpg", "jpeg", "gif", "webp", "svg", "css", "js", "json", "html", "pdf", "mp4"]
)


def find(text: str) -> Iterator[Finding]:
    """Give the e-mail addresses of a text."""
    if "@" in text:
        for match in _PLAIN.finditer(text):
            local = match[0].lstrip("'.%-")
            start = match.end() - len(local)
            address = _checked(local)
            if address:
                yield Finding("email", start, match.end(), address, "certain")
    for match in _SPELT.finditer(text) if any(sign in text for sign in "[({<") else ():
        address = _checked(f"{match[1]}@{_DOT.sub('.', match[2])}")
        if address:
            yield Finding("email", match.start(), match.end(), address, "likely")


def _checked(written: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    if written.rpartition(".")[2].lower() in _FILES:
        return None
    try:
        found = validate_email(written, check_deliverability=False)
    except EmailNotValidError:
        return None
    return found.normalized.lower()
