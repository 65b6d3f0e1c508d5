"""What a text holds: a rule that matches where nothing shows that it is somebody else's word."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from empreinte.texts.conduct.rules import LANGUAGES, Rule, Rules
from empreinte.texts.conduct.rules import read as rules_of
from empreinte.texts.conduct.writing import Spelt, seen, spelt

LONGEST = 10_000
"""Characters of a text that are looked through."""
MOST = 20
"""Places at which one rule is tried in a text."""
SURE = 0.85
"""Certainty of what is said to somebody's face."""
NEAR, BEFORE, BEHIND, CLOSE, JUST = 150, 110, 60, 28, 16
"""Letters: around a finding, before it, behind it, close to it, just before it."""

_QUOTED = re.compile(
    r"«[^«»]{2,600}»|“[^“”]{2,600}”|„[^„“”]{2,600}[“”]|\"[^\"\n]{4,600}\""
    r"|(?<!\w)'(?:[^'\n]|(?<=\w)'(?=\w)){8,300}'(?!\w)|^>[^\n]{0,600}",
    re.MULTILINE,
)
_TOKEN = re.compile(r"\w+")
_END = re.compile(r"[.!?;\n]")


class Finding(NamedTuple):
    """What was found: door and category, how certain, and where it stands, in characters."""

    label: str
    certainty: float
    start: int
    end: int

    @property
    def door(self) -> str:
        """``act``, ``look``, ``ground`` or ``help``."""
        return self.label.partition(":")[0]


def scan(text: str, language: str | None = None) -> list[Finding]:
    """Give what stands in a text, one finding a label, in the order of the text.

    Where nothing is found the text is left alone: its door is ``nothing``.

    >>> [one.label for one in scan("Je vais te casser la gueule, tu vas voir")]
    ['act:threat']
    >>> scan("Il m'a dit « je vais te casser la gueule »")
    []
    """
    read = seen(text[:LONGEST])
    tokens = set(_TOKEN.findall(read.text.lower()))
    found: dict[str, Finding] = {}
    for rules in _spoken(tokens, language):
        for one in _found(spelt(read, tokens, rules.habits), rules):
            known_one = found.get(one.label)
            if known_one is None or one.certainty > known_one.certainty:
                found[one.label] = one
    insult, employer = found.get("act:insult"), found.get("look:employer")
    if insult and employer and insult.certainty < SURE and insult.start < employer.end:
        del found["act:insult"]  # of somebody at work who is not spoken to
    acts = [one for one in found.values() if one.door == "act"]
    if acts:
        found.pop("look:quarrel", None)
    kept = [one for one in found.values() if not _within(one, acts)]
    return sorted(kept, key=lambda one: (one.start, one.label))


def _within(one: Finding, acts: list[Finding]) -> bool:
    """Tell whether words to look at are those of something graver."""
    return one.door == "look" and any(one.start < act.end and act.start < one.end for act in acts)


def _found(read: Spelt, rules: Rules) -> Iterator[Finding]:
    tokens = set(_TOKEN.findall(read.text.lower()))
    quoted = [found.span() for found in _QUOTED.finditer(read.text)]
    for rule in _worth(rules, tokens):
        for start, end in _matches(rule, read.text, quoted, rules):
            yield Finding(rule.label, rule.certainty, *read.where(start, end))
            break


def _spoken(tokens: set[str], language: str | None) -> list[Rules]:
    """Choose the languages by small words; where these do not tell, by what the platform says."""
    every = {name: rules_of(name) for name in LANGUAGES}
    told = {name: len(rules.stops & tokens) for name, rules in every.items()}
    best = [name for name in LANGUAGES if told[name] == max(told.values())]
    if len(best) > 1 and language in best:
        best = [language]
    return [every[name] for name in best]


def _worth(rules: Rules, tokens: set[str]) -> Iterator[Rule]:
    places = {place for token in tokens & rules.by_word.keys() for place in rules.by_word[token]}
    return (rules.rules[place] for place in sorted(places))


def _matches(
    rule: Rule, text: str, quoted: list[tuple[int, int]], rules: Rules
) -> Iterator[tuple[int, int]]:
    for n, match in enumerate(rule.find.finditer(text)):
        if n == MOST:
            return
        start, end = match.span()
        cited = any(first <= start and end <= last for first, last in quoted)
        if not cited and not _silenced(rule, text, start, end, rules):
            yield start, end


def _silenced(rule: Rule, text: str, start: int, end: int, rules: Rules) -> bool:
    """Tell whether what stands around a match shows that it is not what it looks like."""
    before = _END.split(text[max(0, start - BEFORE) : start])[-1]
    behind = text[end : end + BEHIND]
    near = text[max(0, start - NEAR) : end + NEAR]
    close = text[max(0, start - CLOSE) : end + CLOSE]
    looked = {
        "passing": before + " " + text[start : start + 1],
        "after": behind,
        # A pattern may itself begin with a negation: "no memory of…".
        "negation": before[-JUST:].rpartition(",")[2] + " " + text[start:end].partition(" ")[2],
        "self": before[-CLOSE:],
        "idiom": close,
        "lyric": near,
    }
    if rule.anywhere is not None and rule.anywhere.search(near):
        return True
    return any(
        name not in rule.plain and rules.around[name].search(where)
        for name, where in looked.items()
    )


def hushed(text: str, language: str | None = None) -> bool:
    """Tell whether words to deal with or to look at stand there as quoted, denied or another's.

    >>> hushed("Il m'a dit « je vais te casser la gueule »"), hushed("Il fait beau")
    (True, False)
    """
    read = seen(text[:LONGEST])
    tokens = set(_TOKEN.findall(read.text.lower()))
    return any(
        _is_hushed(spelt(read, tokens, rules.habits).text, rules)
        for rules in _spoken(tokens, language)
    )


def _is_hushed(text: str, rules: Rules) -> bool:
    quoted = [found.span() for found in _QUOTED.finditer(text)]
    return any(
        any(first <= match.start() and match.end() <= last for first, last in quoted)
        or _silenced(rule, text, *match.span(), rules)
        for rule in _worth(rules, set(_TOKEN.findall(text.lower())))
        if rule.label.startswith(("act:", "look:"))
        for match in islice(rule.find.finditer(text), MOST)
    )
