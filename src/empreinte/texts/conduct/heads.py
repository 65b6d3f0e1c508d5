"""What a text sounds like where no rule tells: heads on its words and on a language model's layers.

Multinomial logistic regressions over ``door:category`` and ``nothing``, which
`benchmarks/conduct_heads.py` makes. One rests on hashes of words and of pieces of words
(``words.npz``: whole numbers of 8 bits with a scale for each label). The other (``meaning.npz``)
adds what the last layers of a language model make of the text (`embedding.late`) to the scores of
the first, where the extra ``text`` is. They add to rules and never take away: what these tell is
theirs, and what they recognise as quoted, denied or told by its victim stays unsaid. Heads say
nothing of protected grounds, nor of self-harm: these must stand there in words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from empreinte.texts import embedding, hashing
from empreinte.texts.conduct.reading import Finding, hushed
from empreinte.texts.conduct.rules import LANGUAGES
from empreinte.texts.plain import plain

DOORS = ("act", "look")
NOTHING = "nothing"
SHORTEST = 8
"""Characters of a text below which heads are not asked."""
_WORD = re.compile(r"\w+|[!?]+|\.{2,}|…|[^\w\s]")
Array = NDArray[np.float64]


class Meant(NamedTuple):
    """What a text was found to mean, as a whole: door and category, and the door's probability."""

    label: str
    certainty: float


@dataclass(frozen=True)
class ByWords:
    """Weights of hashes.

    Attributes
    ----------
    labels : ndarray of str, shape (k,)
        ``nothing`` among them.
    letters, words : ndarray of int8, shapes (hashing.LETTERS, k), (hashing.WORDS, k)
        In steps of `steps`.
    steps : ndarray of shape (2, k)
    bias : ndarray of shape (k,)
    least : ndarray of shape (2,)
        Probabilities from which each of `DOORS` is told where words alone are read.
    """

    labels: NDArray[np.str_]
    letters: NDArray[np.int8]
    words: NDArray[np.int8]
    steps: Array
    bias: Array
    least: Array

    def scores(self, text: str) -> Array:
        """Give the logarithm of the odds of each label, up to what all have in common: (k,)."""
        total = self.bias.copy()
        for step, weights, (at, counts) in zip(
            self.steps, (self.letters, self.words), hashed(text), strict=True
        ):
            total += (counts @ weights[at]) * step
        return total


@dataclass(frozen=True)
class ByMeaning:
    """Weights of layers, beside the scores of words.

    Attributes
    ----------
    weights : ndarray of float32, shape (width of `embedding.late`, k)
        For the labels of `ByWords`.
    bias : ndarray of shape (k,)
    words : ndarray of shape ()
        What a score of words counts.
    least : ndarray of shape (2,)
        Probabilities from which each of `DOORS` is told.
    """

    weights: NDArray[np.float32]
    bias: Array
    words: Array
    least: Array

    def scores(self, by_words: Array, rows: NDArray[Any]) -> Array:
        """Give scores (n, k) for those of words and for what the layers made of n texts."""
        return by_words * self.words + rows @ self.weights + self.bias


def hashed(text: str) -> tuple[hashing.Hashed, hashing.Hashed]:
    """Place the pieces of words of a text, and its words, alone and in pairs."""
    known = plain(text)
    words = _WORD.findall(known)
    return hashing.letters(known), hashing.words(words, words)


def probabilities(scores: Array) -> Array:
    """Turn scores into probabilities, along the last axis."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)


def told(chances: Array, labels: NDArray[np.str_], least: Array) -> list[Meant]:
    """Give what the probabilities of one text tell, the gravest door first."""
    found = []
    for door, enough in zip(DOORS, least, strict=True):
        here = np.flatnonzero(np.char.startswith(labels, f"{door}:"))
        if chances[here].sum() >= enough:
            best = here[chances[here].argmax()]
            found.append(Meant(str(labels[best]), float(chances[here].sum())))
    return found


_Kept = TypeVar("_Kept", ByWords, ByMeaning)


@cache
def by_words() -> ByWords:
    """Read the head that rests on words."""
    return _read(ByWords, "words")


@cache
def by_meaning() -> ByMeaning:
    """Read the head that rests on a language model's layers."""
    return _read(ByMeaning, "meaning")


def _read(kind: type[_Kept], name: str) -> _Kept:
    with files(__package__ or "").joinpath(f"{name}.npz").open("rb") as file:
        kept: Any = np.load(file, allow_pickle=False)
        return kind(**{field: kept[field] for field in kind.__dataclass_fields__})


def further(
    texts: Sequence[str], languages: Sequence[str | None], known: Sequence[Sequence[Finding]]
) -> list[Meant | None]:
    """Say what texts mean beside what rules told of them: by meaning too where the extra is there.

    Parameters
    ----------
    texts, languages
        As the annotator is given them.
    known : sequence of sequence of Finding
        What rules told of each text.
    """
    found: list[Meant | None] = [None] * len(texts)
    asked = [
        n for n, one in enumerate(zip(texts, languages, known, strict=True)) if _open(*one)
    ]  # fmt: skip
    if not asked:
        return found
    head = by_words()
    scores, least = np.stack([head.scores(texts[n]) for n in asked]), head.least
    rows = embedding.late([texts[n] for n in asked])
    if rows is not None:
        scores, least = by_meaning().scores(scores, rows), by_meaning().least
    for n, chances in zip(asked, probabilities(scores), strict=True):
        found[n] = beside(told(chances, head.labels, least), known[n])
    return found


def beside(told: Sequence[Meant], known: Sequence[Finding]) -> Meant | None:
    """Choose what is added to what rules told: something graver, or something at all."""
    doors = {one.door for one in known}
    for one in told:
        if one.label.startswith("act:") or "look" not in doors:
            return one
    return None


def _open(text: str, language: str | None, known: Sequence[Finding]) -> bool:
    """Tell whether something may be added to what rules told of a text.

    Where they told of a protected ground or of self-harm, nothing is: it is none of anybody's
    business what else was meant.
    """
    spoken = (language or "").lower().replace("_", "-").split("-")[0]
    return (
        len(text.strip()) >= SHORTEST
        and (spoken in LANGUAGES or spoken in ("", "und"))
        and all(one.door == "look" for one in known)
        and not hushed(text, language)
    )
