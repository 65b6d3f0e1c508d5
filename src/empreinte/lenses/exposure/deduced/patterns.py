"""The words that give a birthday, a family, an employer or a security answer away.

They are data (``patterns.toml``), French and English; here stands what is about them.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from empreinte.language import _
from empreinte.lenses.exposure.own import data

_WORDS = data("deduced/patterns.toml")
_NAME = r"([A-ZÀ-ÖØ-Þ][\w’'-]{1,20}(?: [A-ZÀ-ÖØ-Þ][\w’'-]{1,20}){0,2})"
_ANSWERS = {
    "name": _NAME,
    "thing": r"([\w’'&-]{2,25}(?: [\w’'&-]{2,25}){0,2})",
    "title": r"[«“\"' ]{0,3}([A-ZÀ-ÖØ-Þ0-9][\w’'&-]{0,25}(?: [\w’'&-]{1,25}){0,3})",
}


def _any(name: str) -> re.Pattern[str]:
    return re.compile("|".join(_WORDS[name]), re.IGNORECASE)


def _after(words: list[str], what: str) -> re.Pattern[str]:
    """Match what stands after words; capitals count in it, and in them not."""
    return re.compile(rf"(?i:\b(?:{'|'.join(words)})) {what}")


GREETING, NOT_BIRTH, LATE, TODAY = map(_any, ("greeting", "not_birth", "late", "today"))
THANKS, AGE, BORN = map(_any, ("thanks", "age", "born"))
HINT = f"(?i){'|'.join(_WORDS['hint'])}"
EMPLOYER = _after(_WORDS["employer"], _NAME)
HIRED = re.compile(
    r"(?i:(?:f[ée]licitations?|bravo|congrats|congratulations).{0,40}(?:chez|at|joining)) " + _NAME
)
PROFILE = re.compile(r"(?i:\b(?:chez|at|pour|for)|@) ?" + _NAME)
QUESTIONS = {
    key: _after(asked["words"], _ANSWERS[asked["answer"]])
    for key, asked in _WORDS["questions"].items()
}


class Kin(NamedTuple):
    """A pattern, and the relation of the other to the owner that it shows."""

    relation: str
    pattern: re.Pattern[str]


def _kin(side: str) -> tuple[Kin, ...]:
    greets = rf"\b(?:{'|'.join(_WORDS['greets'])})[ ,!]{{1,3}}(?:ma |mon |my )?"
    return tuple(
        Kin(relation, re.compile(rf"{greets}(?:{'|'.join(words)})\b", re.IGNORECASE))
        for relation, words in _WORDS[side].items()
    )


TO_THEM, FROM_THEM = _kin("to_them"), _kin("from_them")


def relation(name: str) -> str:
    """Name a relation in the language spoken."""
    return {
        "parent": _("parent"),
        "grandparent": _("grandparent"),
        "sibling": _("brother or sister"),
        "uncle or aunt": _("uncle or aunt"),
        "child": _("child"),
        "same name": _("same family name"),
    }[name]


def question(key: str) -> str:
    """Word a common security question."""
    return {
        "pet": _("What is the name of your (first) pet?"),
        "maiden": _("What is your mother’s maiden name?"),
        "birthplace": _("In which town were you born?"),
        "street": _("Where did you grow up?"),
        "school": _("Which school did you go to?"),
        "car": _("What was your first car?"),
        "favourite": _("What is your favourite film, book, dish, team?"),
        "friend": _("What is the name of your best friend?"),
        "birthday": _("When were you born?"),
    }[key]
