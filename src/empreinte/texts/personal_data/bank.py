"""Bank accounts and cards: IBAN (ISO 13616), card numbers (ISO/IEC 7812).

An IBAN starts with letters and has two check digits and a length that its country sets: nothing
else looks like it. A card number has one check digit, which one number in ten has by chance: it
is taken only where a word says that it is a card, or where it is written in the groups of its
kind and begins as one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from empreinte.texts.personal_data.findings import Finding, said
from empreinte.texts.personal_data.oddly import ODD

GATE = (
    ODD
    + "|"
    + "[0-9](?:[ .\u00a0\u202f-]?[0-9]){11}|[A-Za-z]{2}[0-9]{2}[ \u00a0\u202f-]?[0-9A-Za-z]{4}"
)
"""What every text with such a number holds (RE2 and `re` read it alike)."""

# Looked at from each place where it may start: what fails swallows nothing.
_IBAN = re.compile(
    r"(?<![^\W_])(?=([A-Za-z]{2}\d{2}(?:[ \-\u00a0\u202f]?[0-9A-Za-z]){11,30}+))[A-Za-z]{2}\d{2}"
)
_CARD = re.compile(r"(?<![\w+.,/-])\d(?:[ \-\u00a0\u202f]?\d){11,18}+(?![\w-]|[.,/]\d)")
_GROUPS = re.compile(r"\d{4}([ \-\u00a0\u202f])\d{4}\1\d{4}\1\d{4}|\d{4}([ \-])\d{6}\2\d{5}")
_KINDS = re.compile(
    r"4\d{15}$|5[1-5]\d{14}$|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}$|3[47]\d{13}$"
    r"|6(?:011|5\d\d|4[4-9]\d)\d{12}$|35(?:2[89]|[3-8]\d)\d{12}$"
)
_SAID = re.compile(
    r"\b(?:(?<!identity )(?<!id )cards?|visa|mastercard|amex|american express|maestro|carte(?!"
    r" (?:nationale )?d.identit)|cb|cc|carte bleue|credit|debit"
    r"|crédit|débit)\b",
    re.IGNORECASE,
)
_NOISE = re.compile(r"[^0-9A-Za-z]")


def find(text: str) -> Iterator[Finding]:
    """Give the IBANs and card numbers of a text."""
    for match in _IBAN.finditer(text):
        yield from _iban(match)
    for match in _CARD.finditer(text):
        yield from _card(text, match)


def _iban(match: re.Match[str]) -> Iterator[Finding]:
    from stdnum import iban
    from stdnum.iso7064 import mod_97_10

    # The words that follow may look like more of it: its country says how long it is.
    written, left = match[1], _length(match[1][:2].upper())
    end = 0
    if not left:
        return
    while left and end < len(written):
        left -= written[end].isalnum()
        end += 1
    value = _NOISE.sub("", written[:end]).upper()
    # The check digits come first: they cost least, and tell nearly all. Lists of banks are left
    # out: they age, and the account of a bank that has gone is an account all the same.
    if (
        left
        or not mod_97_10.is_valid(value[4:] + value[:4])
        or not iban.is_valid(value, check_country=False)
    ):
        return
    if not match.string[match.start() + end : match.start() + end + 1].isalnum():
        yield Finding("iban", match.start(), match.start() + end, value, "certain")


@cache
def _length(country: str) -> int:
    """Give how many letters and digits an IBAN of a country has; 0 where it has none."""
    from stdnum import numdb

    parts = numdb.get("iban").info(country)[0][1].get("bban", "")
    sizes = re.findall(r"(\d+)!", parts)
    return 4 + sum(map(int, sizes)) if sizes else 0


def _card(text: str, match: re.Match[str]) -> Iterator[Finding]:
    from stdnum import luhn

    value = _NOISE.sub("", match[0])
    if len(set(value)) < 2 or not luhn.is_valid(value):
        return
    if said(_SAID, text, match.start(), match.end()):
        yield Finding("card", match.start(), match.end(), value, "certain")
    elif _GROUPS.fullmatch(match[0]) and _KINDS.match(value):
        yield Finding("card", match.start(), match.end(), value, "likely")
