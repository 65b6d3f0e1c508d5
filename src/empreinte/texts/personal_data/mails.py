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
    r"(?<![\w.+-])((?:[\w.+-]{1,30}+ ?[\[({<] ?(?:dot|point) ?[\])}>] ?){0,3}[\w.+-]{1,64}+)"
    r" ?[\[({<] ?(?:at|arobase?|chez) ?[\])}>] ?"
    r"([\w-]{1,63}+(?:(?:\.| ?[\[({<] ?(?:dot|point) ?[\])}>] ?| (?:dot|point)"
    r" )[\w-]{2,63}+){1,4})",
    re.IGNORECASE,
)
_LOGIN = re.compile(
    r"(?P<scheme>[a-z][a-z0-9+.-]{1,20}://)?(?P<user>[\w.+%-]{1,40}):$", re.IGNORECASE
)
_LABEL = re.compile(
    r"^(?:.*[._-])?(?:e?-?mails?|mailto|courriels?|contact|adresse|address|from|to|cc|bcc|de|à|a|pour"
    r"|skype|msn|xmpp|jabber|paypal|gmail|sip|acct|support|info|par|via|écrire|write)$",
    re.IGNORECASE,
)
_REMOTE = re.compile(r"(?:git|hg|svn|ssh)@|[\w.-]{1,32}+@[\w.-]{1,80}+:(?!//)[\w~./-]{0,60}/")
"""A place on another machine, as git and scp write it."""
_DOT = re.compile(r" ?[\[({<] ?(?:dot|point) ?[\])}>] ?| (?:dot|point) ", re.IGNORECASE)
_BRAND = re.compile(r"[A-Z][a-z]+@[A-Z]")
_EXAMPLE = re.compile(
    r"(?:example|exemple|test|user(?:name)?|name|nom|pr[ée]nom[._-]nom|first\w*[._-]last\w*|e?mail"
    r"|you|vous|your[._-]?(?:name|e?mail))@(?:\w+\.)?(?:example|exemple|domain|domaine)\.\w+$"
)
"""What stands for an address in what explains them."""
_FILES = frozenset(
    ["png", "jpg", "jpeg", "gif", "webp", "svg", "css", "js", "json", "html", "pdf", "mp4"]
)


def find(text: str) -> Iterator[Finding]:
    """Give the e-mail addresses of a text."""
    if "@" in text:
        for match in _PLAIN.finditer(text):
            if opens(text, match.start(), match.end()) or _REMOTE.match(text, match.start()):
                continue
            local = match[0].lstrip("'.%-")
            start = match.end() - len(local)
            address = _checked(local)
            if address and not _EXAMPLE.match(address):
                # Marks and products are written so too ("Спутник@Mail.ru"); addresses, hardly.
                sure = "possible" if _BRAND.match(local) or not local.isascii() else "certain"
                yield Finding("email", start, match.end(), address, sure)
    for match in _SPELT.finditer(text) if any(sign in text for sign in "[({<") else ():
        address = _checked(f"{_DOT.sub('.', match[1])}@{_DOT.sub('.', match[2])}")
        if address:
            yield Finding("email", match.start(), match.end(), address, "likely")


def opens(text: str, start: int, end: int) -> bool:
    """Whether what looks like an address is the password of ``user:password@host``."""
    before = _LOGIN.search(text[max(0, start - 80) : start])
    if before is None:
        return False
    if before["scheme"]:
        return True
    if _LABEL.search(before["user"]):
        return False
    local = text[start:end].partition("@")[0]
    return text[end : end + 1] in (":", "/") or not local.replace(".", "").isalpha()


def _checked(written: str) -> str | None:
    from email_validator import EmailNotValidError, validate_email

    if written.rpartition(".")[2].lower() in _FILES:
        return None
    try:
        found = validate_email(written, check_deliverability=False)
    except EmailNotValidError:
        return None
    return found.normalized.lower()
