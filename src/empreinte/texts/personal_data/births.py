"""Dates of birth: a date beside words that say someone was born then.

A day without its year ("my birthday is 3 May") is one too: the year is often told elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from empreinte.texts.personal_data.findings import BEFORE, Finding

GATE = (
    "(?i:birth|born|b.?day|d[.]?o[.]?b|d[.]?d[.]?n|naissance|anniv|turning [0-9]|"
    "mes [0-9]{1,3} ans|(?:^|[^a-zà-ÿ])n[ée]{1,2}(?:[(]e[)])? )"
)

_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "january janvier jan", "february février fevrier feb févr", "march mars mar",
            "april avril apr avr", "may mai", "june juin jun", "july juillet jul juil",
            "august août aout aug", "september septembre sept sep", "october octobre oct",
            "november novembre nov", "december décembre decembre dec déc",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
_NAMES = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = (
    rf"(?:(?P<y>\d{{4}})[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)"
    rf"|(?P<a>\d\d?)[-/. ](?P<b>\d\d?)[-/. ](?P<z>\d{{4}}|\d\d)"
    rf"|(?P<e>\d\d?)(?:er|st|nd|rd|th)?(?: of)? (?P<n>{_NAMES})\b\.?(?:,? (?P<x>\d{{4}}))?"
    rf"|(?P<o>{_NAMES})\.? (?P<f>\d\d?)(?:st|nd|rd|th)?\b(?:,? (?P<w>\d{{4}}))?)(?!\d)"
)
_BORN = (
    r"(?<!\w)(?:(?:date|day) of birth|birth ?date|d\.?o\.?b\.?|was born(?: on)?|born(?: on)?"
    r"|date de naissance|d\.?d\.?n\.?|n[ée]e?(?:\(e\))? (?:le|un)|naissance|suis n[ée]e?)"
)
_DAY = (
    r"(?<!\w)(?:b[-’']?day|birthday|anniversaire|anniv|turning \d{1,3}(?: on)?"
    r"|mes \d{1,3} ans(?: le)?)"
)
_SAID = re.compile(rf"(?:(?P<born>{_BORN})|{_DAY})[^\d\n]{{0,24}}?{_DATE}", re.IGNORECASE)


_WISHED = re.compile(r"happy b|joyeux anniv|bon anniv", re.IGNORECASE)


def find(text: str, written: date | None = None) -> Iterator[Finding]:
    """Give the dates of birth of a text, written on a day (today, where it is not known)."""
    until = written or date.today()
    for match in _SAID.finditer(text):
        value = _written(match, until)
        wished = _WISHED.search(text[max(0, match.start() - BEFORE) : match.end()])
        if value is None or (wished and not match["born"]):
            continue  # somebody else's, and the day of the text most often
        start = min(match.start(name) for name in "ymdabzenxofw" if match[name] is not None)
        whole = bool(match["born"]) and not value.startswith("--")
        certainty = "certain" if whole else "likely"
        yield Finding("birth_date", start, match.end(), value, certainty)


def _written(match: re.Match[str], until: date) -> str | None:
    """Give a date as ``1984-12-03``, or ``--12-03`` without its year; ``None`` if there is none.

    Two digits are the latest year that is not after the text: in May 2026, ``03/02/26`` is 2026.
    """
    if match["y"]:
        year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    elif match["a"]:
        day, month, year = int(match["a"]), int(match["b"]), int(match["z"])
        if month > 12 >= day:  # written the American way
            day, month = month, day
        if year < 100:
            later = until.year - until.year % 100 + year
            late = (later, month, day) > (until.year, until.month, until.day)
            year = later - 100 if late else later
    else:
        name, number, tail = (
            (match["n"], match["e"], match["x"])
            if match["n"]
            else (match["o"], match["f"], match["w"])
        )
        day, month, year = int(number), _MONTHS[name.lower()], int(tail or 0)
    if not (1 <= month <= 12 and 1 <= day <= 31) or (year and not 1900 <= year <= 2100):
        return None
    return f"{year}-{month:02}-{day:02}" if year else f"--{month:02}-{day:02}"
