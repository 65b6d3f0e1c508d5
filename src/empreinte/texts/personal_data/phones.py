"""Telephone numbers, checked against the numbering plans of phonenumbers.

A number that starts with + is read as it stands. Of the others, French ones (`06 12 34 56 78`)
and those written as British or North American ones are known by their shape and plan; any other
needs a word beside it that says it is a telephone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.texts.personal_data.findings import BEFORE, Certainty, Finding, said
from empreinte.texts.personal_data.oddly import ODD

GATE = ODD + "|" + "[0-9][0-9 ./()\u00a0\u202f-]{5,}[0-9]"

_SHAPE = re.compile(
    r"(?:(?<![\w+./#@%=&?\u20ac$£-])(?<![\d][,:])|(?<=[^\W\d_]\.)(?=\+|0))"  # "tél.06 12 34 56 78"
    r"(?:\+ ?\d{1,3}|\(\+?\d{1,5}\)|\d{1,5})"
    r"(?:[ .\-/\u00a0\u202f]{0,2}(?:\(\d{1,4}\)|\d{1,8})){0,7}+"
    r"(?:(?: ?(?:x|ext\.?|poste) ?)\d{1,5})?(?![\w@%€$£]|[.,/:]\d|-\d)",
    re.IGNORECASE,
)
_FRENCH = re.compile(r"0[1-9](?:[ .\-\u00a0\u202f]?\d\d){4}$")
_AMERICAN = re.compile(r"(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?: ?(?:x|ext\.?) ?\d+)?$")
_BRITISH = re.compile(r"(?:0\d{4} \d{3} ?\d{3}|0\d{3} \d{3} \d{4}|02\d \d{4} \d{4})$")
_SAID = re.compile(
    r"\b(?:t[ée]l[ée]phone[rz]?|t[ée]l|portable|mobile|num[ée]ro|num|appel(?:le|er|ez|lez)|joindre"
    r"|joignable|sms|texto|whatsapp|signal|fax|phone|cell|call(?:ed|ing)?|text me|ring|dial|desk"
    r"|office|registered|answering|messages? to|reach me|mon 0[67])\b",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\b(?:cards?|carte|iban|siren|siret|rcs|tva|vat|ssn|social|ref|order|commande|isbn|issn|doi|suivi"
    r"|tracking|compte|account|passe?port|insee|s[ée]cu\w*|security|licen[cs]e|permis|id"
    r"|loto|keno|euro ?millions?|lotter(?:y|ie)|lotto|powerball|tirages?|tiercé|quinté|scores?"
    r"|r[ée]sultats?|results?|combinaison|grille)\W{0,3}"
    r"(?:(?:no|num[ée]ros?|numbers?|nr|n°|#|is|are|est|sont|du|de|of|final|gagnante?s?|winning|draw"
    r"|jour|soir|ce|the)\W{0,3}){0,4}$",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?:19|20)\d\d[-./ ]\d{1,2}[-./ ]\d{1,2}\b|\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d\b|(?:19"
    r"|20)\d\d[-/](?:19|20)?\d\d$"
)
_EXTENSION = re.compile(r" ?(?:x|ext\.?|poste) ?\d+$", re.IGNORECASE)
_DIGIT = re.compile(r"\D")


def find(text: str) -> Iterator[Finding]:
    """Give the telephone numbers of a text."""
    words = _SAID.search(text) is not None
    for match in _SHAPE.finditer(text):
        written = match[0]
        digits = _DIGIT.sub("", _EXTENSION.sub("", written))
        if not 7 <= len(digits) <= 15 or _DATE.match(written):
            continue
        spoken = words and said(_SAID, text, match.start(), match.end())
        found = _read(written, digits, spoken)
        if found and not _NOT.search(text[max(0, match.start() - BEFORE) : match.start()]):
            yield Finding("telephone", match.start(), match.end(), *found)


def _read(written: str, digits: str, spoken: bool) -> tuple[str, Certainty] | None:
    plain = _EXTENSION.sub("", written)
    if plain.startswith(("+", "(+", "00")):
        value = _valid(plain, None if plain.startswith(("+", "(+")) else "FR")
        if value or (digits.startswith("001") and (value := _valid("+" + digits[2:], None))):
            return value, "certain"
        return (digits, "likely") if spoken else None
    for shape, region in ((_FRENCH, "FR"), (_AMERICAN, "US"), (_BRITISH, "GB")):
        if shape.match(written) and (value := _valid(plain, region)):
            bare = written.isdigit()
            return value, "certain" if spoken else "possible" if bare else "likely"
    if spoken:
        return next((v for r in ("FR", "GB", "US") if (v := _valid(plain, r))), digits), "likely"
    if _AMERICAN.match(written):
        return digits, "possible"
    return None


def _valid(written: str, region: str | None) -> str | None:
    """Read a number under the plan of a region; give it as E.164, ``None`` if there is none."""
    import phonenumbers

    try:
        number = phonenumbers.parse(written, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
