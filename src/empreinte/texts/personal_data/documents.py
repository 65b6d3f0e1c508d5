"""Passports, identity cards, driving licences and number plates.

None has a check digit on its face, so that each needs a word beside it that says what it is; the
form of the French register since 2009 (`AB-123-CD`) alone is *possible*: flights, trains and
products are called so too.
Shapes: the ministries' descriptions; ICAO 9303 for the lines that machines read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.texts.personal_data.findings import BEFORE, Finding, said

GATE = (
    "[A-Z]{2}[ -]?[0-9]{3}[ -]?[A-Z]{2}|<<|(?i:passe?port|identit|cni|permis|licen[cs]e|plaque"
    "|plate|"
    "immatricul|registration|voiture|my car|vehicle|garée)"
)

_I = re.IGNORECASE
_NUMBER = re.compile(
    r"(?<![\w.+/@-])(?=[A-Za-z0-9-]{0,8}\d)[A-Za-z0-9][A-Za-z0-9-]{5,16}+(?![\w@/-])"
)
_KINDS = (
    ("passport", re.compile(r"\bpass(?:e?port)s?\b" + r"[^.\n]{0,30}$", _I),
     re.compile(r"\d{2}[A-Z]{2}\d{5}|[A-Z]{1,2}\d{6,8}|\d{9}", _I)),
    ("identity_card", re.compile(
        r"\b(?:(?:carte (?:nationale )?d.identit[ée])|cni|identity card|id card)\b"
        r"[^.\n]{0,30}$", _I),
     re.compile(r"\d{12}|(?=[A-Z0-9]{0,8}\d)[A-Z][A-Z0-9]{8}", _I)),
    ("driving_licence", re.compile(
        r"\b(?:permis(?: de conduire)?|driv(?:er|ing)\W{0,2}s?\W{0,2} ?licen[cs]e)\b"
        r"[^.\n]{0,30}$", _I),
     re.compile(r"(?=(?:[^\d]*\d){5})[A-Z0-9-]{7,17}", _I)),
)  # fmt: skip
_PLATE = re.compile(
    r"(?<![\w-])(?!SS|WW)[A-HJ-NP-TV-Z]{2}([ -]?)\d{3}\1(?!SS)[A-HJ-NP-TV-Z]{2}(?![\w-])"
)
_OLDER = re.compile(
    r"(?<![\w-])(?:\d{1,4}[ -][A-HJ-NP-TV-Z]{2,3}[ -](?:\d{2}|2[AB]|97\d)|[A-Z]{2}\d\d"
    r" ?[A-Z]{3})(?![\w-])"
)
_CAR = re.compile(
    r"\b(?:plaques?|immatricul\w+|voitures?|bagnole|v[ée]hicules?|scooter|moto|plates?|licen[cs]e"
    r" plate"
    r"|registration|car|vehicle|van|garée?s?)\b",
    _I,
)
_MACHINE = re.compile(r"(?<!\w)(?:P<[A-Z]{3}|ID[A-Z]{3})[A-Z0-9<]{25,40}")


def find(text: str) -> Iterator[Finding]:
    """Give the numbers of papers and vehicles in a text."""
    for match in _NUMBER.finditer(text):
        before = text[max(0, match.start() - BEFORE) : match.start()]
        for kind, words, shape in _KINDS:
            if shape.fullmatch(match[0]) and words.search(before):
                value = match[0].replace("-", "").upper()
                yield Finding(kind, match.start(), match.end(), value, "likely")
                break
    for match in _PLATE.finditer(text):
        spoken = said(_CAR, text, match.start(), match.end())
        if spoken or match[1] == "-":
            value = re.sub(r"\W", "", match[0])
            certainty = "certain" if spoken else "possible"
            yield Finding("plate", match.start(), match.end(), value, certainty)
    for match in _OLDER.finditer(text):
        if said(_CAR, text, match.start(), match.end()):
            value = re.sub(r"\W", "", match[0])
            yield Finding("plate", match.start(), match.end(), value, "likely")
    for match in _MACHINE.finditer(text):
        kind = "passport" if match[0].startswith("P<") else "identity_card"
        yield Finding(kind, match.start(), match.end(), match[0], "certain")
