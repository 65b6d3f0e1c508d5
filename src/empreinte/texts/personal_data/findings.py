"""What was found in a text, and which of two findings on the same letters is kept."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Literal

import msgspec

Certainty = Literal["certain", "likely", "possible"]
"""``certain``: check digits or a format used for nothing else; ``likely``: the shape and a word
beside it that says so; ``possible``: the shape alone."""

RANK: dict[str, int] = {"certain": 2, "likely": 1, "possible": 0}
"""Certainties in order."""


class Finding(msgspec.Struct, frozen=True, gc=False):
    """A personal datum in a text.

    Attributes
    ----------
    type : str
        One of `empreinte.texts.personal_data.TYPES`.
    start, end : int
        Its place, in characters.
    value : str
        The datum in one spelling: two ways of writing it have the same value.
    certainty : "certain", "likely" or "possible"
    """

    type: str
    start: int
    end: int
    value: str
    certainty: Certainty


BEFORE, AFTER = 48, 24
"""Letters before and after a datum in which a word may say what it is."""


def said(words: re.Pattern[str], text: str, start: int, end: int) -> bool:
    """Whether one of `words` stands near a datum: a bounded window, so that texts stay linear."""
    before = text[max(0, start - BEFORE) : start]
    return bool(words.search(before) or words.search(text[end : end + AFTER]))


def settled(findings: Iterable[Finding]) -> list[Finding]:
    """Keep one of findings that overlap: the most certain, then the longest, then the first.

    Returns
    -------
    list of Finding
        In the order of the text, none overlapping another.
    """
    best = sorted(findings, key=lambda f: (-RANK[f.certainty], f.start - f.end, f.start, f.type))
    taken: list[Finding] = []
    held: set[int] = set()
    for finding in best:
        letters = range(finding.start, finding.end)
        if held.isdisjoint(letters):
            held.update(letters)
            taken.append(finding)
    return sorted(taken, key=lambda finding: finding.start)
