"""The words that give a birthday, a family, an employer, an absence or a security answer away.

They are data (``words.toml``), French and English; here stands what is about them. Strings in,
findings out.

>>> relation("Bonne fête maman !", by_owner=True)
'parent'
>>> employers("Je travaille chez Acme depuis lundi", by_owner=True)
['Acme']
"""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files

_WORDS = tomllib.loads(files(__package__ or "").joinpath("words.toml").read_text("utf-8"))
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


_GREETING, _NOT_BIRTH, _LATE, _TODAY = map(_any, ("greeting", "not_birth", "late", "today"))
_THANKS, _AGE, _BORN = map(_any, ("thanks", "age", "born"))
_AWAY = re.compile(rf"\b(?:{'|'.join(_WORDS['away'])})\b", re.IGNORECASE)
HINT = f"(?i){'|'.join(_WORDS['hint'])}"
_EMPLOYER = _after(_WORDS["employer"], _NAME)
_HIRED = re.compile(
    r"(?i:(?:f[ée]licitations?|bravo|congrats|congratulations).{0,40}(?:chez|at|joining)) " + _NAME
)
_PROFILE = re.compile(r"(?i:\b(?:chez|at|pour|for)|@) ?" + _NAME)
QUESTIONS = {
    key: _after(asked["words"], _ANSWERS[asked["answer"]])
    for key, asked in _WORDS["questions"].items()
}


def _kin(side: str) -> dict[str, re.Pattern[str]]:
    greets = rf"\b(?:{'|'.join(_WORDS['greets'])})[ ,!]{{1,3}}(?:ma |mon |my )?"
    return {
        relation: re.compile(rf"{greets}(?:{'|'.join(words)})\b", re.IGNORECASE)
        for relation, words in _WORDS[side].items()
    }


_TO_THEM, _FROM_THEM = _kin("to_them"), _kin("from_them")


def relation(text: str, by_owner: bool) -> str | None:
    """Tell which relative of the owner the other is, by what is said to either."""
    known = _TO_THEM if by_owner else _FROM_THEM
    return next((name for name, pattern in known.items() if pattern.search(text)), None)


def employers(text: str, by_owner: bool) -> list[str]:
    """Give the employers that the owner names as theirs, or others congratulate them on."""
    return [match[1] for match in (_EMPLOYER if by_owner else _HIRED).finditer(text)]


def employers_of_profile(text: str) -> list[str]:
    """Give the employers that an account's own description names."""
    return [match[1] for match in _PROFILE.finditer(text)]


def years_of_birth(text: str, year: int) -> list[int]:
    """Give the years of birth that words written in a year tell."""
    born = [int(match[1]) for match in _BORN.finditer(text)]
    return born + [year - int(match[1] or match[2]) for match in _AGE.finditer(text)]


def birthday_sign(text: str, by_owner: bool) -> str | None:
    """Tell how a text speaks of the owner's birthday: ``said``, ``thanked``, ``greeted``, ``late``.

    The owner says that it is today, or thanks for wishes; others greet, or do so belatedly.
    """
    if by_owner:
        return "said" if _TODAY.search(text) else "thanked" if _THANKS.search(text) else None
    if not _GREETING.search(text) or _NOT_BIRTH.search(text):
        return None
    return "late" if _LATE.search(text) else "greeted"


def tells_absence(text: str) -> bool:
    """Tell whether words say that their author is not at home."""
    return _AWAY.search(text) is not None


def answers(text: str) -> list[tuple[str, str]]:
    """Give each common security question that a text answers, with the answer."""
    return [
        (key, re.sub(r"[\s«»“”\"'’,.;:!?]+$", "", match[1]))
        for key, pattern in QUESTIONS.items()
        for match in pattern.finditer(text)
    ]
