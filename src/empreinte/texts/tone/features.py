"""What a text shows of its tone, in numbers: words of praise and blame as they stand, and hashes.

The first block is a few dozen numbers (`NAMES`) from the lists of `words`: how much praise and
blame, what is negated, what comes after *but*, what mocks. The two others are hashed: pieces of 2
to 5 letters of words, and words with their neighbours and negation. Linear in the text.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from empreinte.texts import hashing
from empreinte.texts.hashing import Hashed
from empreinte.texts.plain import plain
from empreinte.texts.tone.words import POLARITIES, Hit, hits, lexicon, signs, tokens

REACH = {"en": 4, "fr": 3}
"""Words after a negation that it turns round."""
NAMES = (
    *POLARITIES, "not_praise", "not_fine", "not_blame", "not_dull",
    "praise_last", "blame_last", "praise_before_but", "blame_before_but", "but",
    "event", "ironic", "praise_and_event", "ironic_and_event", "ironic_and_blame",
    "opens_with_praise_then_event", "praise_and_blame",
    "joy", "sorrow", "mocking", "praise_and_mocking", "praise_and_sorrow", "blame_and_joy",
    "exclamation", "question", "dots", "capitals", "stretched", "quoted",
    "link", "name", "hashtag", "number", "length", "no_word_of_tone",
    "balance", "only_praise", "only_blame", "negation", "beyond", "not_without",
)  # fmt: skip
_UTMOST = {
    "en": frozenset(
        ("never", "couldnt", "nobody", "nothing", "none", "no", "hardly", "havent", "hasnt")
    ),
    "fr": frozenset(("jamais", "personne", "rien")),
}
"""Negations with which a comparison says that there is no more of it: "never felt so welcome"."""
_COMPARED = {
    "en": re.compile(
        r"so|such|as|more|better|worse|\w{2,}ier|(?:nic|kind|clean|quick|fast|smooth)er"
    ),
    "fr": re.compile(r"aussi|autant|si|tant|tel|telle|tels|telles|mieux|meilleure?s?|pires?"),
}
_AFAR = 8
"""Words between a negation and the *without* that it turns round."""
_WITHOUT = {"en": "without", "fr": "sans"}
_WEIGHT = {"best": 2.0, "good": 1.2, "fine": 0.4, "dull": -0.8, "bad": -1.5, "worst": -2.2}
_TURNED = {"best": -0.8, "good": -1.2, "fine": -0.7, "dull": 0.6, "bad": 0.7, "worst": 0.5}
_MARK = frozenset(".;:!?…\n")
_CAPITALS = re.compile(r"\b[^\W\d_a-zà-ÿ]{3,}\b")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_QUOTED = re.compile(r"[«“\"]")
_SPACED = re.compile(r"\S+")
_WORD = re.compile(r"[^\W_]+")


class Features(NamedTuple):
    """Numbers of a text: those of `NAMES`, and places with weights in the two hashed blocks."""

    shown: NDArray[np.float64]
    letters: Hashed
    words: Hashed


def features(text: str, language: str) -> Features:
    """Give the features of a text in a language.

    >>> one = features("Pas mal du tout", "fr")
    >>> [one.shown[NAMES.index(name)].round(2).item() for name in ("good", "not_praise")]
    [0.69, 0.0]
    """
    known = plain(text)
    words = tokens(known, language)
    found = list(hits(words, lexicon(language)))
    turned, beyond = _turned(words, found, language)
    shown = _shown(text, known, words, found, turned)
    shown[NAMES.index("beyond")] = math.log1p(beyond)
    shown[NAMES.index("not_without")] = math.log1p(_not_without(words, found, language))
    return Features(shown, hashing.letters(known), _words(words, turned))


def _turned(words: list[str], found: list[Hit], language: str) -> tuple[list[bool], int]:
    """Tell which words stand under a negation, and how often one says that there is no more.

    A comparison under *never* and its like turns nothing round: "never felt so welcome".
    """
    turned, beyond = [False] * len(words), 0
    spans = {}
    for hit in found:
        spans.update(dict.fromkeys(range(hit.at, hit.at + hit.length), hit))
    for hit in found:
        end = hit.at + hit.length
        if "negations" in hit.lists:
            left, at = REACH[language], end
            most = min(len(words), end + 2 * left)
            utmost = words[hit.at] in _UTMOST[language] and words[end - 1] != "longer"
            while at < most and left > 0 and not _ends(words[at], spans.get(at)):
                if utmost and _COMPARED[language].fullmatch(words[at]):
                    beyond += 1
                    break
                turned[at] = True
                # What stands in between and is stronger or weaker does not use the reach up.
                skipped = at in spans and spans[at].lists & {"stronger", "weaker", "negations"}
                left -= not skipped
                at += 1
        if "after" in hit.lists and hit.at:
            before = spans.get(hit.at - 1)
            if before is not None and before.lists.isdisjoint({"negations", "contrasts"}):
                for at in range(before.at, hit.at):
                    turned[at] = True
    for hit in found:
        if "closed" in hit.lists:
            turned[hit.at : hit.at + hit.length] = [False] * hit.length
    return turned, beyond


def _not_without(words: list[str], found: list[Hit], language: str) -> int:
    """Count what cannot be done without: a *without* some words after a negation."""
    count, since = 0, _AFAR + 1
    negated = {hit.at for hit in found if "negations" in hit.lists}
    for at, word in enumerate(words):
        if word == _WITHOUT[language]:
            count += since <= _AFAR
        elif word[0] in _MARK or word == ",":
            since = _AFAR + 1
        since = 0 if at in negated and word != _WITHOUT[language] else since + 1
    return count


def _ends(word: str, hit: Hit | None) -> bool:
    return word[0] in _MARK or word == "," or (hit is not None and "contrasts" in hit.lists)


def _shown(
    text: str, known: str, words: list[str], found: list[Hit], turned: list[bool]
) -> NDArray[np.float64]:
    count: Counter[str] = Counter()
    but = max((hit.at for hit in found if "contrasts" in hit.lists), default=-1)
    last = max((n for n, word in enumerate(words[:-2]) if word[0] in _MARK), default=-1)
    balance, first_praise, event_after = 0.0, -1, 0
    stress = 1.0
    for hit in found:
        polarity = next((name for name in POLARITIES if name in hit.lists), None)
        count["event"] += "event" in hit.lists
        count["ironic"] += "ironic" in hit.lists
        count["but"] += "contrasts" in hit.lists
        count["negation"] += "negations" in hit.lists
        event_after += "event" in hit.lists and first_praise >= 0
        if polarity is None:
            stress = 1.5 if "stronger" in hit.lists else 0.6 if "weaker" in hit.lists else 1.0
            continue
        value = (_TURNED if turned[hit.at] else _WEIGHT)[polarity] * stress
        stress = 1.0
        if turned[hit.at]:
            count[_NEGATED[polarity]] += 1
        else:
            count[polarity] += 1
        balance += value
        side = "praise" if value > 0 else "blame"
        if first_praise < 0 and polarity in ("best", "good") and not turned[hit.at] and hit.at < 4:
            first_praise = hit.at
        if abs(value) > 0.35:
            count[side] += 1
            if hit.at > max(but, last):
                count[f"{side}_last"] += 1
            if but > hit.at:
                count[f"{side}_before_but"] += 1
    emoji = Counter(kind for word in words for kind, of in signs().kinds.items() if word in of)
    for piece in _SPACED.findall(text[:3_000]):
        emoji["joy"] += piece in signs().kinds["joyful"]
        emoji["sorrow"] += piece in signs().kinds["sorrowful"]
    praise, blame = count["praise"] > 0, count["blame"] > 0
    told = {
        **{name: float(count[name]) for name in NAMES},
        "praise_and_event": praise * count["event"],
        "ironic_and_event": (count["ironic"] > 0) * count["event"],
        "ironic_and_blame": (count["ironic"] > 0) * blame,
        "opens_with_praise_then_event": event_after,
        "praise_and_blame": praise and blame,
        "joy": emoji["joy"], "sorrow": emoji["sorrow"], "mocking": emoji["mocking"],
        "praise_and_mocking": praise and emoji["mocking"] > 0,
        "praise_and_sorrow": praise and emoji["sorrow"] > 0,
        "blame_and_joy": blame and emoji["joy"] > 0,
        "exclamation": sum(word[0] == "!" for word in words),
        "question": sum("?" in word for word in words),
        "dots": sum(word[:2] in ("..", "…") for word in words),
        "capitals": len(_CAPITALS.findall(text[:3_000])),
        "stretched": len(_STRETCHED.findall(text[:3_000])),
        "quoted": len(_QUOTED.findall(text[:3_000])),
        "link": words.count("http"), "name": words.count("@"),
        "hashtag": sum(word[0] == "#" for word in words),
        "number": sum(word[0].isdigit() for word in words),
        "length": len(words) / 10,
        "no_word_of_tone": not (praise or blame),
        "balance": 4 * math.tanh(balance / 3),
        "only_praise": praise and not blame, "only_blame": blame and not praise,
    }  # fmt: skip
    return np.array([
        told[name] if name == "balance" else math.log1p(told[name]) for name in NAMES
    ])  # fmt: skip


_NEGATED = {
    "best": "not_praise", "good": "not_praise", "fine": "not_fine",
    "dull": "not_dull", "bad": "not_blame", "worst": "not_blame",
}  # fmt: skip


def _words(words: list[str], turned: list[bool]) -> Hashed:
    marked = [f"!{word}" if not_ else word for word, not_ in zip(words, turned, strict=True)]
    return hashing.words(marked, words)
