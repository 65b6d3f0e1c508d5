"""Masks: enough of a datum to know it again, too little to use it.

>>> mask("iban", "FR7630006000011234567890189")
'FR76 •••• •••• 0189'
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from empreinte.texts.personal_data.findings import Finding

DOTS = "••••"


def mask(type: str, value: str) -> str:
    """Mask a datum according to its type; what is not known is hidden whole."""
    last = value[-2:]
    if type == "iban":
        return f"{value[:4]} {DOTS} {DOTS} {value[-4:]}"
    if type == "card":
        return f"{DOTS} {DOTS} {DOTS} {value[-4:]}"
    if type == "email":
        local, _, host = value.partition("@")
        return f"{local[:1]}{DOTS}@{host[:1]}{DOTS}.{host.rpartition('.')[2]}"
    if type == "telephone":
        return f"{value[:3] if value.startswith('+') else value[:2]} {DOTS} {last}"
    if type in ("nir", "ssn", "nino", "siren", "siret", "vat", "passport", "identity_card",
                "driving_licence", "plate"):  # fmt: skip
        return f"{value[:1]}{DOTS}{last}"
    if type == "birth_date":
        return f"{DOTS}-••-••"
    if type == "address":
        return f"{DOTS} {value.split()[-1][0]}{DOTS}" if len(value) > 12 else DOTS
    if type in ("child", "relative", "workplace", "school"):
        return " ".join(f"{word[:1]}{DOTS}" for word in value.split()[:4])
    return DOTS


def cover(text: str, findings: Iterable[Finding]) -> str:
    """Give a text with its findings masked; none may overlap another."""
    pieces: list[str] = []
    at = 0
    for finding in sorted(findings, key=lambda finding: finding.start):
        pieces += [text[at : finding.start], mask(finding.type, finding.value)]
        at = finding.end
    return "".join([*pieces, text[at:]])


def hidden(text: str) -> str:
    """Mask a text of unknown kind: the first letter of each of its first words and no more.

    >>> hidden("Mozilla Firefox")
    'M•••• F••••'
    """
    return " ".join(f"{word[:1]}{DOTS}" for word in re.split(r"\s+", text.strip())[:4])
