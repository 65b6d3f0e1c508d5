"""One head a language: from the features of a text to three probabilities, in numpy alone.

A head is a multinomial logistic regression kept in ``fr.npz`` and ``en.npz``: the weights of hashes
as whole numbers of 8 bits with a scale for each tone, the others as they are; the temperature by
which it was calibrated is in the weights. `benchmarks/tone_heads.py` makes them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.texts.tone.features import Features, features

TONES = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class Head:
    """Weights of a language.

    Attributes
    ----------
    shown : ndarray of shape (len(NAMES), 3)
        Weights of the numbers of `features.NAMES`.
    letters, words : ndarray of int8, shapes (LETTERS, 3), (WORDS, 3)
        Weights of hashes, in steps of `steps`.
    steps : ndarray of shape (2, 3)
    bias : ndarray of shape (3,)
    """

    shown: NDArray[np.float64]
    letters: NDArray[np.int8]
    words: NDArray[np.int8]
    steps: NDArray[np.float64]
    bias: NDArray[np.float64]

    def scores(self, of: Features) -> NDArray[np.float64]:
        """Give the logarithm of the odds of each tone, up to what all have in common."""
        total = self.bias + of.shown @ self.shown
        for step, weights, (at, counts) in zip(
            self.steps, (self.letters, self.words), (of.letters, of.words), strict=True
        ):
            total = total + (counts @ weights[at]) * step
        return total


@cache
def head(language: str) -> Head:
    """Read the head of a language."""
    with files(__package__ or "").joinpath(f"{language}.npz").open("rb") as file:
        kept: Any = np.load(file, allow_pickle=False)
        return Head(**{name: kept[name] for name in Head.__dataclass_fields__})


def probabilities(text: str, language: str) -> NDArray[np.float64]:
    """Give the probabilities of `TONES` for a text in a language, ``"fr"`` or ``"en"``."""
    return softmax(head(language).scores(features(text, language)))


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn scores into probabilities."""
    raised = np.exp(scores - scores.max())
    return raised / raised.sum()
