"""Personal data in text: strings in, findings out.

No ledger and no lens here: French and English texts are looked through by one module a family of
data, and each finding says what it is, where it stands and how certain it is. Time is linear in
the length of the text, whatever it holds: every pattern is bounded or possessive, and words are
looked for in a window of fixed size. docs/lenses/exposure.md tells what is found and how well.

>>> [(f.type, f.value) for f in scan("Mon IBAN : FR76 3000 6000 0112 3456 7890 189.")]
[('iban', 'FR7630006000011234567890189')]
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from empreinte.plugins import Annotations
from empreinte.texts.personal_data import (
    addresses,
    bank,
    births,
    documents,
    mails,
    oddly,
    people,
    phones,
    registers,
    secrets,
)  # fmt: skip
from empreinte.texts.personal_data.findings import RANK, Certainty, Finding, settled
from empreinte.texts.personal_data.masking import DOTS, cover, hidden, mask

NAME = "personal_data"
VERSION = 4

__all__ = [
    "DOTS",
    "FAMILIES",
    "GATE",
    "GATES",
    "RANK",
    "TYPES",
    "Certainty",
    "Finding",
    "cover",
    "hidden",
    "mask",
    "scan",
]

TYPES = (
    "password", "secret", "card", "iban", "nir", "ssn", "nino", "passport", "identity_card",
    "driving_licence", "birth_date", "address", "telephone", "email", "child", "relative",
    "school", "workplace", "plate", "siren", "siret", "vat",
)  # fmt: skip
"""What can be found."""

FAMILIES = (addresses, bank, births, documents, mails, people, phones, registers, secrets)

_NUMBERS = (bank, phones, registers)

GATES = tuple(family.GATE for family in FAMILIES)
"""A text that a family's pattern does not match holds nothing of it. RE2 and `re` read them alike,
so that a database can pass over most of a million texts: it takes a tenth of the time of `re`."""
GATE = "|".join(f"(?:{gate})" for gate in GATES)

CERTAINTY: dict[Certainty, float] = {"certain": 1.0, "likely": 0.7, "possible": 0.4}
"""Certainties as numbers."""

_GATES = tuple(map(re.compile, GATES))


def scan(
    text: str, among: Iterable[int] | None = None, written: date | None = None
) -> list[Finding]:
    """Give the personal data of a text, in order; none overlaps another.

    `among` are the families whose `GATES` match, by their places, where that is known already;
    `written` is the day of the text, by which years of two digits are told.
    """
    if among is None:
        among = (place for place, gate in enumerate(_GATES) if gate.search(text))
    families = [FAMILIES[place] for place in among]
    return settled([
        *(f for family in families for f in (
            births.find(text, written) if family is births else family.find(text)
        )),
        *oddly.find(text, [family for family in families if family in _NUMBERS]),
    ])  # fmt: skip


def annotate(texts: Sequence[str], languages: Sequence[str | None]) -> Annotations:
    """Say where personal data stand, of which type and how certain; the data are not given.

    The certainty is 1 for ``certain``, 0.7 for ``likely`` and 0.4 for ``possible``.
    """
    found = [(n, one) for n, text in enumerate(texts) for one in scan(text)]
    return Annotations(
        text=[n for n, _one in found],
        label=[one.type for _n, one in found],
        certainty=[CERTAINTY[one.certainty] for _n, one in found],
        start=[one.start for _n, one in found],
        end=[one.end for _n, one in found],
    )
