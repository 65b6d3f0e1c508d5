"""Dates of birth: a date beside words that say someone was born then.

A day without its year ("my birthday is 3 May") is one too: the year is often told elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from empreinte.texts.personal_data.findings import BEFORE, Finding
from empreinte.texts.personal_data.first_names import is_first_name

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
_DAY_NAMES = (
    "un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize "
    "dix-sept dix-huit dix-neuf vingt vingt-et-un vingt-deux vingt-trois vingt-quatre vingt-cinq "
    "vingt-six vingt-sept vingt-huit vingt-neuf trente trente-et-un",
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first "
    "twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth twenty-seventh "
    "twenty-eighth twenty-ninth thirtieth thirty-first",
)
_DAYS = {"premier": 1} | {
    word: day for days in _DAY_NAMES for day, word in enumerate(days.split(), 1)
}
_NUMBERS = {word: number for number, word in enumerate(_DAY_NAMES[0].split()[:16], 1)} | {
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
    "septante": 70, "huitante": 80, "octante": 80, "nonante": 90, "et": 0,
}  # fmt: skip
_YEAR_WORDS = (
    rf"(?:mille neuf[ -]cents?|deux[ -]mille)(?:[ -](?:{'|'.join(_NUMBERS)})(?![\w])){{0,5}}"
)
_DAY_WORDS = "|".join(word.replace("-", "[ -]") for word in sorted(_DAYS, key=len, reverse=True))
_DATE = (
    rf"(?:(?P<y>\d{{4}})[-/.](?P<m>\d\d?)[-/.](?P<d>\d\d?)"
    rf"|(?P<a>\d\d?)[-/. ](?P<b>\d\d?)[-/. ](?P<z>\d{{4}}|\d\d)"
    rf"|(?P<e>\d\d?)(?:er|st|nd|rd|th)?(?: of)? (?P<n>{_NAMES})\b\.?(?:,? (?P<x>\d{{4}}))?"
    rf"|\b(?P<s>{_DAY_WORDS})(?: of)? (?P<t>{_NAMES})\b(?:,? (?P<u>\d{{4}}|{_YEAR_WORDS}))?"
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


_SUBJECT = re.compile(
    r"(?P<who>[^\W\d_][\w’'-]{0,30})"
    r"(?P<is> (?:est|était|fut|sont|a été|is|who is|qui est))?[ ,(]{0,3}$"
)
"""Who or what is said to be born, before the words that say it."""
_PRONOUNS = frozenset([
    "je", "suis", "i", "il", "elle", "on", "he", "she", "they", "ils", "elles", "moi", "nous", "we",
    "who", "qui", "and", "et", "was", "am", "were", "im", "i'm", "you", "tu", "es",
])  # fmt: skip
_KIN = re.compile(
    r"\b(?:bab(?:y|ies)|twins?|sons?|daughters?|child|children|kids?|boy|girl|brother|sister|mum|mom"
    r"|mother|dad|father|wife|husband|nephew|niece|cousine?s?|bébé|jumeaux|jumelles|fils|filles?"
    r"|enfants?|garçon|petite?|frère|s[œo]e?ur|mère|père|maman|papa|femme|mari|neveu|nièce)\b",
    re.IGNORECASE,
)
_THINGS = re.compile(
    r"anniv\w* (?:(?:de l[’']|de la |du |des |d[’'])(?!naissance)[^\W\d_]"
    r"|de (?:mariage|rencontre|mort|travail|sortie))",
    re.IGNORECASE,
)
_OF_THINGS = re.compile(
    r"(?:company|firm|brand|band|group|club|team|shop|store|site|blog|app|channel|podcast|project"
    r"|school|country|nation|wedding|work)(?:[’']?s)? $",
    re.IGNORECASE,
)
"""A birthday of a firm, a site, a revolution."""
_WISHED = re.compile(r"happy b|joyeux anniv|bon anniv", re.IGNORECASE)


def find(text: str, written: date | None = None) -> Iterator[Finding]:
    """Give the dates of birth of a text, written on a day (today, where it is not known)."""
    until = written or date.today()
    for match in _SAID.finditer(text):
        value = _written(match, until)
        wished = _WISHED.search(text[max(0, match.start() - BEFORE) : match.end()])
        if value is None or (wished and not match["born"]):
            continue  # somebody else's, and the day of the text most often
        start = min(match.start(name) for name in "ymdabzenxofwstu" if match[name] is not None)
        whole = bool(match["born"]) and not value.startswith("--")
        certainty = "certain" if whole else "likely"
        if wished or _is_elsewhere(text, match):
            certainty = "possible"
        yield Finding("birth_date", start, match.end(), value, certainty)


def _is_elsewhere(text: str, match: re.Match[str]) -> bool:
    """Whether a thing, or someone who is known by more than a first name, was born then."""
    if not match["born"]:
        before = text[max(0, match.start() - BEFORE) : match.start()]
        return bool(_THINGS.match(match[0]) or _OF_THINGS.search(before))
    if not re.match(r"(?:was )?born|n[ée]", match["born"], re.IGNORECASE) or re.match(
        "naissance", match["born"], re.IGNORECASE
    ):
        return False  # a label: "date of birth: …"
    sentence = re.split(r"[.!?;\n]", text[max(0, match.start() - BEFORE) : match.start()])[-1]
    subject = _SUBJECT.search(sentence)
    if subject is None or subject["who"].casefold() in _PRONOUNS or _KIN.search(sentence):
        return False
    before = sentence[: subject.start()].split()
    titled = bool(before) and before[-1][:1].isupper() and not is_first_name(before[-1])
    if is_first_name(subject["who"]):
        return titled
    verb = subject["is"] or match["born"].casefold().startswith("was")
    return bool(verb) or (bool(before) and subject["who"][0].isupper())


def _spelt(words: str) -> int:
    """Read a year, in digits or in French words."""
    if words.isdigit():
        return int(words)
    century, *rest = re.split(r"[ -]", words.lower())
    total = 0
    for word in rest[2 if century == "mille" else 1 :]:
        total = 80 if word.startswith("vingt") and total == 4 else total + _NUMBERS[word]
    return total + (1900 if century == "mille" else 2000)


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
    elif match["s"]:
        day, month = _DAYS[match["s"].lower().replace(" ", "-")], _MONTHS[match["t"].lower()]
        year = _spelt(match["u"] or "0")
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
