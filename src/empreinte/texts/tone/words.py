"""Words of tone in a text: lists as data, read once, and what stands where."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from empreinte.texts.plain import plain

LANGUAGES = ("en", "fr")
POLARITIES = ("best", "good", "fine", "dull", "bad", "worst")
_LISTS = (*POLARITIES, "event", "ironic", "negations", "after", "contrasts", "stronger", "weaker")
_PRECEDENCE = ("worst", "best", "bad", "good", "dull", "fine")

_TOKEN = re.compile(r"\d{1,6}(?:/\d{1,2})?|[#/]?\w+(?:/\w)?|[!?]+|\.{2,}|…|[.;:,\n]|[^\w\s]")


def tokens(known: str, language: str) -> list[str]:
    """Cut a plain text into words, marks and emoji.

    >>> tokens("j'aime pas !", "fr"), tokens("don't go", "en")
    (['j', 'aime', 'pas', '!'], ['dont', 'go'])
    """
    return _TOKEN.findall(known.replace("'", " " if language == "fr" else ""))


class Entry(NamedTuple):
    """An entry of a list: its words (the last may be a beginning) and the lists it stands in.

    One that holds a negation of its own stands in ``closed`` too: another does not turn it.
    """

    words: tuple[str, ...]
    begins: bool
    lists: frozenset[str]


@dataclass(frozen=True)
class Lexicon:
    """Everything of a language.

    Attributes
    ----------
    stops : frozenset of str
        Small words by which the language is told.
    first : dict of str to tuple of Entry
        Entries by their first word, the longest first; beginnings of words stand under theirs.
    """

    stops: frozenset[str]
    first: dict[str, tuple[Entry, ...]]
    beginnings: dict[str, tuple[Entry, ...]]


class Hit(NamedTuple):
    """An entry found in a text: from which word, how many, and the lists it stands in."""

    at: int
    length: int
    lists: frozenset[str]


@dataclass(frozen=True)
class Signs:
    """Emoji and signs of punctuation, by kind."""

    kinds: dict[str, frozenset[str]]


def _entries(text: str) -> Iterator[str]:
    return (entry.strip() for entry in text.split(",") if entry.strip())


@cache
def lexicon(language: str) -> Lexicon:
    """Read the lists of a language."""
    given = tomllib.loads(files(__package__ or "").joinpath(f"{language}.toml").read_text("utf-8"))
    lists: dict[tuple[tuple[str, ...], bool], set[str]] = {}
    for name in _LISTS:
        for entry in _entries(given[name]):
            words = tuple(tokens(plain(entry.rstrip("*")), language))
            lists.setdefault((words, entry.endswith("*")), set()).add(name)
    alone = {words[0] for (words, _), names in lists.items()
             if len(words) == 1 and names & {"negations", "after"}}  # fmt: skip
    for (words, _begins), names in lists.items():
        if len(words) > 1 and alone & set(words) and names & set(POLARITIES):
            names.add("closed")
    first: dict[str, list[Entry]] = {}
    beginnings: dict[str, list[Entry]] = {}
    for (words, begins), names in lists.items():
        where = beginnings if begins and len(words) == 1 else first
        where.setdefault(words[0], []).append(Entry(words, begins, _one_polarity(names)))
    stops = frozenset(
        word for entry in _entries(given["stops"]) for word in tokens(plain(entry), language)
    )
    return Lexicon(stops, _longest_first(first), _longest_first(beginnings))


def _one_polarity(names: set[str]) -> frozenset[str]:
    polarity = [name for name in _PRECEDENCE if name in names][:1]
    return frozenset(polarity) | (names - set(POLARITIES))


def _longest_first(found: dict[str, list[Entry]]) -> dict[str, tuple[Entry, ...]]:
    return {
        word: tuple(sorted(them, key=lambda one: (-len(one.words), one.begins, one.words)))
        for word, them in found.items()
    }


def hits(words: list[str], known: Lexicon) -> Iterator[Hit]:
    """Give entries that stand in a text, the longest at each place, one after the other."""
    at = 0
    while at < len(words):
        found = _at(words, at, known)
        if found is None:
            at += 1
        else:
            yield found
            at += found.length


def _at(words: list[str], at: int, known: Lexicon) -> Hit | None:
    word = words[at].lstrip("#") or words[at]
    for entry in known.first.get(word, ()):
        if _stands(entry, words, at):
            return Hit(at, len(entry.words), entry.lists)
    for length in range(min(len(word), 20), 2, -1):
        for entry in known.beginnings.get(word[:length], ()):
            return Hit(at, 1, entry.lists)
    return None


def _stands(entry: Entry, words: list[str], at: int) -> bool:
    there = words[at : at + len(entry.words)]
    if len(there) < len(entry.words):
        return False
    if entry.begins:
        return there[1:-1] == list(entry.words[1:-1]) and there[-1].startswith(entry.words[-1])
    return there[1:] == list(entry.words[1:])


@cache
def signs() -> Signs:
    """Read emoji and signs of punctuation."""
    given = tomllib.loads(files(__package__ or "").joinpath("signs.toml").read_text("utf-8"))
    kinds = {name: frozenset(text.split()) for name, text in given.items()}
    return Signs(kinds)
