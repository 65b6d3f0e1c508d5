"""Rules as data: what is looked for in a language, compiled once."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "fr")
BLANK = r"[\s,]{1,3}"

_SUFFIXES = re.compile(r"(.*?)\(([^()]*)\)")
_PART = re.compile(r"\{([a-z]\w*)\}")
_PIECE = re.compile(r"\w+")


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
        return re.compile(self.silent, re.IGNORECASE) if self.silent else None


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
    """

    stops: frozenset[str]
    rules: tuple[Rule, ...]
    by_word: dict[str, tuple[int, ...]]
    around: dict[str, re.Pattern[str]]


class _Plain(dict[int, str]):
    """Letters without accents, one for one, so that places stay what they are."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        if sign in "’‘ʼ`´":
            plain = "'"
        elif sign in "œŒ":
            plain = "o"
        else:
            plain = unicodedata.normalize("NFKD", sign)[0]
        self[code] = plain
        return plain


_PLAIN = _Plain()


def plain(text: str) -> str:
    """Take accents off, keeping the length and the capitals.

    >>> plain("Ça m’a gêné"), len(plain("ﬁn"))
    ("Ca m'a gene", 2)
    """
    return text.translate(_PLAIN)


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
    rules, by_word = [], defaultdict(list)
    for place, one in enumerate(given["rule"]):
        rules.append(_rule(one, parts, guards))
        for word in {_longest(word) for name in one["on"] for word in words[name]}:
            by_word[word].append(place)
    around = {name: re.compile(_guard(guards[name]), re.IGNORECASE) for name in AROUND}
    return Rules(
        frozenset(given["stops"]), tuple(rules),
        {word: tuple(places) for word, places in by_word.items()}, around,
    )  # fmt: skip


AROUND = ("passing", "self", "after", "negation", "idiom", "lyric")


def _rule(given: dict[str, Any], parts: dict[str, str], guards: dict[str, list[str]]) -> Rule:
    whole = "|".join(f"(?:{_filled(_spaced(pattern), parts)})" for pattern in given["find"])
    silent = [word for name in given["but"] if name not in AROUND for word in guards[name]]
    spared = frozenset(given.get("plain", ())) | ({"idiom", "self"} - set(given["but"]))
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


def _any(words: list[str]) -> str:
    # The longest first: `con` must not hide `connard`.
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(_escaped(word) for word in ordered)})"


def _escaped(word: str) -> str:
    return " ".join(map(re.escape, word.split(" ")))


def _guard(words: list[str]) -> str:
    return rf"(?<!\w){_spaced(_any(words))}(?!\w)"


def _longest(word: str) -> str:
    """Give the piece of a word by which a text that holds it is found."""
    return max(_PIECE.findall(word.lower()), key=len)
