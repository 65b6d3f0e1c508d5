"""An amount as people and banks write it: its digits, and the marks that stand around them.

Signs and codes of currencies before or behind, a minus on either side, parentheses, the words by
which banks say which way money went (``CR``, ``DB``), dashes in place of cents (``12,-``), words
for thousands and millions (``1.2K``, ``3 Md€``).
"""

from __future__ import annotations

import re
from typing import NamedTuple

from empreinte.forms import currencies

LONGEST = 60
BLANKS = re.compile(r"[\s'’\u00a0\u2009\u202f]+")
_DIGITS = re.compile(r"(?:(?<![^\W\d_])[.,])?[0-9][0-9.,]*")
_CENTS = re.compile(r"(?<=[.,])[\-–—−]{1,2}")
_MINUS = "-−–"
WENT = {
    "dr": True, "db": True, "debit": True, "débit": True, "d": True, "soll": True, "s": True,
    "lastschrift": True, "cargo": True, "débito": True, "debito": True, "addebito": True,
    "dare": True, "af": True, "out": True, "paid out": True, "sortie": True, "expense": True,
    "dépense": True, "ausgabe": True, "gasto": True, "uscita": True, "uitgave": True,
    "withdrawal": True, "saída": True, "money out": True, "-": True, "−": True,
    "cr": False, "credit": False, "crédit": False, "c": False, "haben": False, "h": False,
    "gutschrift": False, "abono": False, "crédito": False, "credito": False, "accredito": False,
    "avere": False, "bij": False, "in": False, "paid in": False, "entrée": False, "income": False,
    "recette": False, "einnahme": False, "ingreso": False, "entrata": False, "deposit": False,
    "entrada": False, "money in": False, "+": False,
}  # fmt: skip
"""Words by which statements say that money went out (true) or came in."""
_BEHIND = ("cr", "dr", "db", "c", "d", "s", "h")
SCALES = {
    **dict.fromkeys(("k", "mille", "mila", "thousand", "tsd"), 1e3),
    **dict.fromkeys(("m", "mn", "mio", "mln", "million", "millions", "millionen"), 1e6),
    **dict.fromkeys(
        ("b", "bn", "md", "mds", "mld", "mrd", "milliard", "milliards", "milliarden"), 1e9
    ),
}
"""What numbers are written short with. No “billion”, which is another number in each language, and
no “mil”."""
SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_SHORT = re.compile(rf"({SCALE})\.?")


_IN_BRACKETS = re.compile(
    r"[(\[]([^()\[\]]{1,30})[)\]]|\b(?:en|in)\s+(\S+)$|([^\s()\[\]]+)$", re.IGNORECASE
)


class Apart(NamedTuple):
    """An amount taken apart.

    Attributes
    ----------
    digits : str
        What is left of it, without blanks: ``1.234,50``.
    negative : bool
        Whether a minus stands beside it, or parentheses around it.
    went : bool or None
        Whether a word says that it went out, or came in; ``None``: no word does.
    sign : str
        The currency's sign, code or word as it is written; ``""``: there is none.
    short : str
        What it is written short with, of `SCALES`; ``""``: it is not.
    """

    digits: str
    negative: bool
    went: bool | None
    sign: str
    short: str = ""


def apart(written: str) -> Apart | None:
    """Take an amount apart; ``None`` where it is none, or holds a word that is not known.

    >>> apart("CHF 1'234.50")
    Apart(digits='1234.50', negative=False, went=None, sign='chf', short='')
    >>> apart("(US$ 12)")[:4], apart("45,00 DB").went, apart("12.50-").negative, apart("50 %")
    (('12', True, None, 'us$'), True, True, None)
    >>> apart("1,2 k€")[3:], apart("$12.50 CAD").sign
    (('€', 'k'), 'cad')
    """
    if len(written) > LONGEST:
        return None
    text = _CENTS.sub("", BLANKS.sub("", written.casefold()), count=1)
    found = _DIGITS.search(text)
    if found is None:
        return None
    before, behind, digits = text[: found.start()], text[found.end() :], found[0].rstrip(",.")
    went = None
    minus = sum(before.count(mark) + behind.count(mark) for mark in _MINUS)
    closed = (before.count("("), behind.count(")"))
    if minus + (before + behind).count("+") > 1 or closed not in ((0, 0), (1, 1)):
        return None
    before, behind = (re.sub(rf"[{re.escape(_MINUS)}+()]", "", side) for side in (before, behind))
    short, behind = _shortened(behind)
    for word in _BEHIND if not short else ():
        if behind.endswith(word) and not currencies.meant(behind) and len(_signs(behind)) < 2:
            short, behind = _shortened(behind[: -len(word)])
            went = WENT[word]
            break
    signs = [one for side in (before, behind) for one in _signs(side)]
    meant = [currencies.meant(one) for one in signs]
    if signs and not frozenset.intersection(*meant):
        return None
    # $12 CAD: of two signs that agree, the one that says more.
    sign = min(signs, key=lambda one: len(currencies.meant(one)), default="")
    return Apart(digits, bool(minus or closed[0]), went, sign, short)


def _signs(side: str) -> tuple[str, ...]:
    """Part a code from a sign beside it (``$cad``)."""
    if side and not currencies.meant(side):
        for code, sign in ((side[:3], side[3:]), (side[-3:], side[:-3])):
            if sign and currencies.meant(code) and currencies.meant(sign):
                return code, sign
    return (side,) if side else ()


def _shortened(behind: str) -> tuple[str, str]:
    """Part what a number is written short with from the sign behind it; a currency is none."""
    found = None if currencies.meant(behind) else _SHORT.match(behind)
    if found is None or (found.end() < len(behind) and not currencies.meant(behind[found.end() :])):
        return "", behind
    return found[1], behind[found.end() :]


def currency_in(column: str) -> str | None:
    """Give the currency that the name of a column tells: ``Montant (EUR)``, ``Débit euros``.

    >>> currency_in("Montant (EUR)"), currency_in("Amount USD"), currency_in("Total")
    ('EUR', 'USD', None)
    """
    for found in _IN_BRACKETS.finditer(column.strip()):
        told = next(filter(None, found.groups()), "")
        if len(told) > 1 or not told.isalnum():
            code = currencies.code(told.strip("()[]"))
            if code is not None:
                return code
    return None
