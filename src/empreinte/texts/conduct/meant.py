"""What a text means where no rule tells: from layers of a language model to a finding, in numpy.

The head is a multinomial logistic regression over ``door:category`` and ``nothing`` on what the
last layers of a language model make of a text (`embedding.late`): ``meaning.npz``, which
`benchmarks/conduct_heads.py` makes. It adds to rules and never takes away: what they tell by words
is theirs, and what they recognise as quoted, denied or told by its victim stays unsaid. It says
nothing of protected grounds, nor of self-harm: these must stand there in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from empreinte.texts import embedding
from empreinte.texts.conduct.reading import Finding, hushed
from empreinte.texts.conduct.rules import LANGUAGES

DOORS = ("act", "look")
NOTHING = "nothing"
SHORTEST = 8
"""Characters of a text below which meaning is not asked."""


class Meant(NamedTuple):
    """What a text was found to mean, as a whole: door and category, and the door's probability."""

    label: str
    certainty: float


@dataclass(frozen=True)
class Head:
    """Weights.

    Attributes
    ----------
    labels : ndarray of str, shape (k,)
        ``nothing`` among them.
    weights : ndarray of float32, shape (width of `embedding.late`, k)
    bias : ndarray of shape (k,)
    least : ndarray of shape (2,)
        Probabilities from which each of `DOORS` is told.
    """

    labels: NDArray[np.str_]
    weights: NDArray[np.float32]
    bias: NDArray[np.float64]
    least: NDArray[np.float64]

    def probabilities(self, rows: NDArray[Any]) -> NDArray[np.float64]:
        """Give the probability of each label, shape (n, k), for what the layers made of n texts."""
        scores = rows @ self.weights + self.bias
        raised = np.exp(scores - scores.max(1, keepdims=True))
        return raised / raised.sum(1, keepdims=True)

    def told(self, of: NDArray[np.float64]) -> list[Meant]:
        """Give what the probabilities of one text tell, the gravest door first."""
        found = []
        for door, least in zip(DOORS, self.least, strict=True):
            here = np.flatnonzero(np.char.startswith(self.labels, f"{door}:"))
            if of[here].sum() >= least:
                best = here[of[here].argmax()]
                found.append(Meant(str(self.labels[best]), float(of[here].sum())))
        return found


@cache
def head() -> Head:
    """Read the head."""
    with files(__package__ or "").joinpath("meaning.npz").open("rb") as file:
        kept: Any = np.load(file, allow_pickle=False)
        return Head(**{field: kept[field] for field in Head.__dataclass_fields__})


def further(
    texts: Sequence[str], languages: Sequence[str | None], known: Sequence[Sequence[Finding]]
) -> list[Meant | None]:
    """Say what texts mean beside what rules told of them; nothing where the extra is not there.

    Parameters
    ----------
    texts, languages
        As the annotator is given them.
    known : sequence of sequence of Finding
        What rules told of each text.
    """
    found: list[Meant | None] = [None] * len(texts)
    if not embedding.there():
        return found
    asked = [
        n for n, one in enumerate(zip(texts, languages, known, strict=True)) if _open(*one)
    ]  # fmt: skip
    rows = embedding.late([texts[n] for n in asked])
    if rows is not None:
        for n, chances in zip(asked, head().probabilities(rows), strict=True):
            found[n] = beside(head().told(chances), known[n])
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
