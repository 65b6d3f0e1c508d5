"""Numbers that are written oddly: digits of keycaps, double blanks, line ends, dashes of all kinds.

The families of numbers are put to the same text with such things made plain. What has check digits
is taken, and telephone numbers within a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import ModuleType

from empreinte.texts.personal_data.findings import Finding

ODD = (
    "[0-9][.\u00b7\u2022\u2010-\u2015\u2212\u200b\u2009\u2060\ufe0f\u20e3][0-9\ufe0f\u20e3 ]|"
    "[0-9][ \t\u00a0\u202f]*[\n\r \t][ \t\u00a0\u202f]*[0-9]|[\uff10-\uff19]"
)
"""What such texts hold between or in their digits (RE2 and `re` read it alike)."""
_ODD = re.compile(ODD)
_PIECE = re.compile(
    r"(?P<nothing>\ufe0f?\u20e3[ \u00a0]?(?=[0-9]\ufe0f?\u20e3)|"
    r"[\ufe0f\u20e3\u200b\u2060\ufeff])|(?P<dash>[\u2010-\u2015\u2212])"
    r"|(?P<dot>(?<=[0-9A-Za-z])[.\u00b7\u2022](?=[0-9]))|(?P<blank>[\s\u00a0]{1,12})|(?P<wide>[\uff10-\uff19])"
)
_CHECKED = {"card", "iban", "nir", "siren", "siret", "vat"}


def find(text: str, families: Iterable[ModuleType]) -> Iterator[Finding]:
    """Give the numbers that are found once the text is made plain, at their places in the text."""
    families = list(families)
    if not families or not _ODD.search(text):
        return
    for dashes in ("-", " "):
        plain, places = _plain(text, dashes)
        for family in families:
            for found in family.find(plain):
                start, end = places[found.start], places[found.end - 1] + 1
                within = "\n" not in text[start:end]
                if found.type in _CHECKED or (
                    within and (found.type == "telephone" or found.certainty != "possible")
                ):
                    yield Finding(found.type, start, end, found.value, found.certainty)


def _plain(text: str, dash: str) -> tuple[str, list[int]]:
    """Make a text plain; give it with the place of each of its letters in the text."""
    out: list[str] = []
    places: list[int] = []
    at = 0
    for match in _PIECE.finditer(text):
        out.append(text[at : match.start()])
        places.extend(range(at, match.start()))
        new = {
            "nothing": "", "dash": dash, "dot": " ", "blank": " ",
            "wide": chr(ord(match[0][0]) - 0xFEE0) if match["wide"] else "",
        }[match.lastgroup or "nothing"]  # fmt: skip
        out.append(new)
        places.extend([match.start()] * len(new))
        at = match.end()
    out.append(text[at:])
    places.extend(range(at, len(text)))
    return "".join(out), places
