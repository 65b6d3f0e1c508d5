"""Numbers of registers: NIR, SIREN, SIRET, VAT, United States and British social security.

Check digits are python-stdnum's. One number in ten or a hundred fits them by chance, so that a
bare string of digits is taken only where a word says what it is, or where it is written in the
groups that only such numbers have. See the NIR's description by INSEE and the decree 91-1404.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from empreinte.texts.personal_data.findings import Certainty, Finding, said
from empreinte.texts.personal_data.oddly import ODD

GATE = ODD + "|" + "[0-9](?:[ .\u00a0\u202f-]?[0-9AaBb]){6}|[A-Z]{2} ?(?:[0-9]{2} ?){3}[A-D]"

_SPACE = r"[ .\-\u00a0\u202f]?"
_words = partial(re.compile, flags=re.IGNORECASE)

_NIR = re.compile(
    rf"(?<![\w+-])[12]({_SPACE})\d\d\1(?:0[1-9]|1[0-2]|[2-9]\d)\1(?:\d\d|2[ABab])\1\d{{3}}\1\d{{3}}"
    rf"{_SPACE}\d\d(?![\w-])"
)
_NIR_SAID = _words(
    r"\b(?:nir|s[ée]cu|s[ée]curit[ée] sociale|num[ée]ro de s[ée]cu\w*|carte vitale|insee"
    r"|assur[ée]e?"
    r"|ameli|n° ?ss|social security|french ssn)\b"
)
_SIRET = re.compile(rf"(?<![\w+-])\d{{3}}({_SPACE})\d{{3}}\1\d{{3}}{_SPACE}\d{{5}}(?![\w-])")
_SIREN = re.compile(rf"(?<![\w+-])\d{{3}}({_SPACE})\d{{3}}\1\d{{3}}(?![\w-]|{_SPACE}\d)")
_COMPANY = _words(
    r"\b(?:siren|siret|rcs|r\.c\.s\.?|sirene|immatricul[ée]e?s?|kbis|auto-?entrepreneu\w+"
    r"|micro-?entreprise|ape|naf|urssaf|company (?:number|registration)|num[ée]ro d.entreprise)\b"
)
_VAT = re.compile(
    r"(?<![^\W_])(?=((?:FR|BE|DE|ES|IT|LU|NL|PT|IE|AT|PL|GB|DK|SE"
    r"|FI)(?:[ .\-\u00a0]?[0-9A-Za-z]){8,13}+))"
    r"[A-Z]{2}"
)
_VAT_SAID = _words(r"\b(?:vat|tva|intracommunautaire|tax (?:id|number)|ust-?id\w*|iva|btw)\b")
_SSN = re.compile(r"(?<![\w+.-])\d{3}([ -]?)\d{2}\1\d{4}(?![\w-]|\.\d)")
_SSN_SAID = _words(r"\b(?:ssn|socials?(?! (?:media|network|club|life)))\b")
_NINO = re.compile(r"(?<!\w)[A-CEGHJ-PR-TW-Z]{2}( ?)\d\d\1\d\d\1\d\d\1[A-D](?!\w)")
_NINO_SAID = _words(r"\b(?:nino|national insurance|ni number)\b")
_NOISE = re.compile(r"[^0-9A-Za-z]")


def find(text: str) -> Iterator[Finding]:
    """Give the register numbers of a text."""
    for match in _NIR.finditer(text):
        yield from _nir(text, match)
    for match in _SIRET.finditer(text):
        yield from _company(text, match, "siret")
    for match in _SIREN.finditer(text):
        yield from _company(text, match, "siren")
    for match in _VAT.finditer(text):
        yield from _vat(text, match)
    for match in _SSN.finditer(text):
        value = _NOISE.sub("", match[0])
        # Some sets hold numbers that were never issued: beside the words, the shape is enough.
        if said(_SSN_SAID, text, match.start(), match.end()):
            yield Finding("ssn", match.start(), match.end(), value, _issued(value))
    for match in _NINO.finditer(text):
        value = _NOISE.sub("", match[0])
        if match[1] or said(_NINO_SAID, text, match.start(), match.end()):
            yield Finding("nino", match.start(), match.end(), value, "likely")


def _issued(value: str) -> Certainty:
    from stdnum.us import ssn

    return "certain" if ssn.is_valid(value) else "likely"


def _nir(text: str, match: re.Match[str]) -> Iterator[Finding]:
    from stdnum.fr import nir

    value = _NOISE.sub("", match[0]).upper()
    spoken = said(_NIR_SAID, text, match.start(), match.end())
    # Bare, one string of 15 digits in some 2,000 would pass.
    if nir.is_valid(value) and (spoken or match[1]):
        yield Finding("nir", match.start(), match.end(), value, "certain")


def _company(text: str, match: re.Match[str], kind: str) -> Iterator[Finding]:
    from stdnum.fr import siren, siret

    value = _NOISE.sub("", match[0])
    good = siret.is_valid(value) if kind == "siret" else siren.is_valid(value)
    if not good or value.startswith("000"):
        return
    if said(_COMPANY, text, match.start(), match.end()):
        yield Finding(kind, match.start(), match.end(), value, "certain")
    elif kind == "siret" and match[1] and siren.is_valid(value[:9]):
        yield Finding(kind, match.start(), match.end(), value, "likely")


def _vat(text: str, match: re.Match[str]) -> Iterator[Finding]:
    from stdnum import get_cc_module

    module = get_cc_module(match[1][:2].lower(), "vat")
    written = match[1]
    # The words that follow may look like more of it: the longest that fits is it.
    for end in range(len(written), 9, -1):
        after = match.string[match.start() + end : match.start() + end + 1]
        if after.isalnum() or not written[end - 1].isalnum():
            continue
        value = _NOISE.sub("", written[:end]).upper()
        if (
            sum(letter.isdigit() for letter in value) < 7
            or module is None
            or not module.is_valid(value)
        ):
            continue
        spoken = said(_VAT_SAID, text, match.start(), match.start() + end)
        if spoken or value.startswith("FR"):
            certainty: Certainty = "certain" if spoken else "likely"
            yield Finding("vat", match.start(), match.start() + end, value, certainty)
        return
