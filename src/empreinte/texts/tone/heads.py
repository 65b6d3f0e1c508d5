"""Heads of a language: from the features of a text to three probabilities, in numpy alone.

A head is a multinomial logistic regression. One rests on words (``fr.npz``, ``en.npz``: the weights
of hashes as whole numbers of 8 bits with a scale for each tone, the others as they are); two on
what the last layers of a language model make of the text (``fr_text.npz``, ``en_text.npz``), where
there is one. A last regression, made on what each says of texts that it did not see, turns their
scores into probabilities.
`benchmarks/tone_heads.py` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from empreinte.texts.tone.features import NAMES, Features, features

TONES = ("negative", "neutral", "positive")
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Head:
    """Weights of a language, by its words.

    Attributes
    ----------
    shown : ndarray of shape (len(NAMES), 3)
        Weights of the numbers of `features.NAMES`.
    letters, words : ndarray of int8, shapes (LETTERS, 3), (WORDS, 3)
        Weights of hashes, in steps of `steps`.
    steps : ndarray of shape (2, 3)
    bias : ndarray of shape (3,)
    last : ndarray of shape (8, 3)
        Weights of the last regression where there is no embedding, the bias last.
    """

    shown: Array
    letters: NDArray[np.int8]
    words: NDArray[np.int8]
    steps: Array
    bias: Array
    last: Array

    def scores(self, of: Features) -> Array:
        """Give the logarithm of the odds of each tone, up to what all have in common."""
        return self.bias + of.shown @ self.shown + _hashed(self, of)


@dataclass(frozen=True)
class Meant:
    """Weights of a language, by the last layers of a language model: two heads.

    The first looks at the layers and at the numbers of `features.NAMES`; the second at the hashes
    too, and learnt more from public texts than from ours.

    Attributes
    ----------
    arrows : ndarray of float32, shape (2, 1536, 3)
    shown : ndarray of shape (2, len(NAMES), 3)
    letters, words : ndarray of int8, shapes (LETTERS, 3), (WORDS, 3)
        Weights of hashes in the second, in steps of `steps`.
    steps : ndarray of shape (2, 3)
    bias : ndarray of shape (2, 3)
    last : ndarray of shape (20, 3)
        Weights of the last regression, on the words' scores and these, the bias last.
    """

    arrows: NDArray[np.float32]
    shown: Array
    letters: NDArray[np.int8]
    words: NDArray[np.int8]
    steps: Array
    bias: Array
    last: Array

    def scores(self, of: Features, arrow: NDArray[Any]) -> Array:
        """Give scores of each head, shape (2, 3)."""
        found = arrow @ self.arrows + of.shown @ self.shown + self.bias
        found[1] += _hashed(self, of)
        return found


def _hashed(kept: Head | Meant, of: Features) -> Array:
    """Give what hashes count for each tone."""
    total = np.zeros(len(TONES))
    for step, weights, (at, counts) in zip(
        kept.steps, (kept.letters, kept.words), (of.letters, of.words), strict=True
    ):
        total += (counts @ weights[at]) * step
    return total


_Kept = TypeVar("_Kept", Head, Meant)


@cache
def head(language: str) -> Head:
    """Read the head of a language that rests on words."""
    return _read(Head, language)


@cache
def meant(language: str) -> Meant:
    """Read the heads of a language that rest on a language model's layers."""
    return _read(Meant, f"{language}_text")


def _read(kind: type[_Kept], name: str) -> _Kept:
    with files(__package__ or "").joinpath(f"{name}.npz").open("rb") as file:
        kept: Any = np.load(file, allow_pickle=False)
        return kind(**{field: kept[field] for field in kind.__dataclass_fields__})


def probabilities(text: str, language: str, arrow: NDArray[Any] | None = None) -> Array:
    """Give the probabilities of `TONES` for a text in a language, ``"fr"`` or ``"en"``.

    `arrow` is what the last layers of the language model make of it, where there is one.
    """
    beside = None if arrow is None else meant(language)
    return told(features(text, language), head(language), beside, arrow)


def told(
    of: Features, by_words: Head, beside: Meant | None = None, arrow: NDArray[Any] | None = None
) -> Array:
    """Give the probabilities of `TONES` by given heads, for the features of a text."""
    scores, last = by_words.scores(of)[None, :], by_words.last
    if beside is not None and arrow is not None:
        scores, last = np.concatenate([scores, beside.scores(of, arrow)]), beside.last
    return softmax(before_last(scores, of.shown) @ last[:-1] + last[-1])


_MARKS = [NAMES.index(name) for name in ("link", "name", "hashtag")]


def before_last(scores: Array, shown: Array) -> Array:
    """Give what the last regression looks at: scores, and apart those of talk without a mark.

    A text with a link, the name of an account or a hashtag is less sure than plain talk of which
    the heads say the same, so that each has weights of its own.

    Parameters
    ----------
    scores : ndarray of shape (…, heads, 3)
    shown : ndarray of shape (…, len(NAMES))

    Returns
    -------
    ndarray of shape (…, 6 * heads + 1)
    """
    bare = (shown[..., _MARKS].sum(-1, keepdims=True) == 0) * 1.0
    apart = scores - scores.mean(-1, keepdims=True)
    flat = apart.reshape(*apart.shape[:-2], -1)
    return np.concatenate([flat, flat * bare, bare], axis=-1)


def softmax(scores: Array) -> Array:
    """Turn scores into probabilities."""
    raised = np.exp(scores - scores.max(-1, keepdims=True))
    return raised / raised.sum(-1, keepdims=True)
