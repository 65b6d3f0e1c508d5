"""Rules as data: what is looked for in a language, compiled once."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from itertools import product
from typing import Any

from empreinte.texts.conduct.writing import Habits, plain

LANGUAGES = ("en", "fr")
BLANK = r"[\s,]{1,3}"

_SUFFIXES = re.compile(r"(.*?)\(([^()]*)\)")
_PART = re.compile(r"\{([a-z]\w*)\}")
_PIECE = re.compile(r"\w+")
_LITERAL = re.compile(r"[a-z0-9](?:[a-z0-9]\??)+")


@dataclass(frozen=True)
class Rule:
    """A pattern and what silences it.

    Attributes
    ----------
    label : str
        Door and category: ``act:threat``, ``look:drink``, ``ground:religion``, ``help:self_harm``.
    pattern, silent : str
        What is found, and what silences it wherever it stands near that (``""``: nothing does);
        most are never needed, and are compiled when they are.
    plain : frozenset of str
        Which of the guards of all rules do not silence it.
    """

    label: str
    certainty: float
    pattern: str
    silent: str
    plain: frozenset[str]

    @cached_property
    def find(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)

    @cached_property
    def anywhere(self) -> re.Pattern[str] | None:
        return _once(self.silent) if self.silent else None


@cache
def _once(pattern: str) -> re.Pattern[str]:
    """Compile what many rules share once."""
    return re.compile(pattern, re.IGNORECASE)


@dataclass(frozen=True)
class Rules:
    """Everything of a language.

    Attributes
    ----------
    stops : frozenset of str
        Small words by which the language is told.
    by_word : dict of str to tuple of int
        The rules that are worth trying where a word stands.
    around : dict of str to re.Pattern
        Guards that depend on where they stand: ``passing`` and ``self`` before what was found,
        ``after`` behind it, ``negation`` just before it or in it, ``idiom`` close to it, ``lyric``
        anywhere.
    habits : Habits
        How the language is abbreviated.
    """

    stops: frozenset[str]
    rules: tuple[Rule, ...]
    by_word: dict[str, tuple[int, ...]]
    around: dict[str, re.Pattern[str]]
    habits: Habits


def forms(word: str) -> list[str]:
    """Write out the forms of a word.

    >>> forms("con(ne|s)"), forms("mot de passe")
    (['con', 'conne', 'cons'], ['mot de passe'])
    """
    found = _SUFFIXES.fullmatch(word)
    if found is None:
        return [plain(word)]
    return [plain(found[1]), *(plain(found[1] + more) for more in found[2].split("|"))]


@cache
def read(language: str) -> Rules:
    """Read and compile the rules of a language."""
    name = f"{language}.toml"
    given = tomllib.loads(files(__package__ or "").joinpath(name).read_text("utf-8"))
    words = {
        name: [f for word in them for f in forms(word)] for name, them in given["words"].items()
    }
    guards = {
        name: [f for word in them for f in forms(word)]
        for name, them in {**given["guards"], **given["more"]}.items()
    }
    parts = {name: _spaced(part) for name, part in given["parts"].items()}
    parts |= {name: _spaced(_any(them)) for name, them in words.items()}
    stops = frozenset(given["stops"])
    rules, by_word = [], defaultdict(list)
    for one in given["rule"]:
        for patterns, on in _tried(one, words, stops):
            for word in {_longest(word) for word in on}:
                by_word[word].append(len(rules))
            rules.append(_rule({**one, "find": patterns}, parts, guards))
    around = {name: re.compile(_guard(tuple(guards[name])), re.IGNORECASE) for name in AROUND}
    return Rules(
        stops, tuple(rules),
        {word: tuple(places) for word, places in by_word.items()}, around, _habits(given, words),
    )  # fmt: skip


def _habits(given: dict[str, Any], words: dict[str, list[str]]) -> Habits:
    short = {word: meant for meant, them in given["short"].items() for word in them}
    spell = [
        (re.compile(rf"(?<![\w'-])(?:{one})", re.IGNORECASE), to) for one, to in given["spell"]
    ]
    known = defaultdict(set)
    for word in {word for them in words.values() for word in them if len(word) > 2}:
        known[word[0], len(word)].add(word)
    return Habits(short, tuple(spell), {key: tuple(sorted(them)) for key, them in known.items()})


AROUND = ("passing", "self", "after", "negation", "idiom", "lyric")


def _rule(given: dict[str, Any], parts: dict[str, str], guards: dict[str, list[str]]) -> Rule:
    whole = "|".join(f"(?:{_filled(_spaced(pattern), parts)})" for pattern in given["find"])
    silent = tuple(word for name in given["but"] if name not in AROUND for word in guards[name])
    spared = frozenset(given.get("plain", ())) | ({"idiom", "self"} - set(given["but"]))
    if given["label"].startswith(("ground:", "help:")):
        spared |= {"lyric"}  # who sings in a choir may say what they believe
    return Rule(
        given["label"], given["certainty"],
        rf"(?<!\w)(?:{whole})(?!\w)", _guard(silent) if silent else "",
        spared - set(given["but"]),
    )  # fmt: skip


def _spaced(pattern: str) -> str:
    return pattern.replace(" ?", f"(?:{BLANK})?").replace(" ", BLANK)


def _filled(pattern: str, parts: dict[str, str]) -> str:
    while _PART.search(pattern):
        pattern = _PART.sub(lambda found: parts[found[1]], pattern)
    return pattern


def _any(words: Sequence[str]) -> str:
    # The longest first: `con` must not hide `connard`.
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(_escaped(word) for word in ordered)})"


def _escaped(word: str) -> str:
    return " ".join(map(re.escape, word.split(" ")))


@cache
def _guard(words: tuple[str, ...]) -> str:
    return rf"(?<!\w){_spaced(_any(words))}(?!\w)"


def _tried(
    given: dict[str, Any], words: dict[str, list[str]], stops: frozenset[str]
) -> Iterator[tuple[list[str], list[str]]]:
    """Give what is tried at once, and the words one of which must stand in a text for that."""
    if "on" in given:
        yield given["find"], [word for name in given["on"] for word in words[name]]
        return
    for pattern in given["find"]:
        yield [pattern], [word for word in _words(pattern, words) if word not in stops]


def _words(pattern: str, lists: dict[str, list[str]]) -> Iterator[str]:
    """Give the words of a pattern, with and without the letters that they need not have."""
    for name in _PART.findall(pattern):
        yield from lists.get(name, ())
    bare = _PART.sub(" ", re.sub(r"\\\\?[a-zA-Z]|\(\?[:!=<]+", " ", pattern))
    for found in _LITERAL.findall(bare):
        letters = re.findall(r"[a-z0-9]\??", found)
        yield from map(
            "".join, product(*(("", one[0]) if "?" in one else (one,) for one in letters))
        )


def _longest(word: str) -> str:
    """Give the piece of a word by which a text that holds it is found."""
    return max(_PIECE.findall(word.lower()), key=len)
