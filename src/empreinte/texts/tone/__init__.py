"""In what tone a text is written: strings in, three probabilities out, in French and in English.

Three rows a text, ``negative``, ``neutral`` and ``positive``, the likeliest first, each with its
probability: together they are 1. Where the likeliest is below `SURE`, one *cannot tell*; a text in
another language, or without a word and a sign, has no row. Word lists (fr.toml, en.toml), hashes
of words and of their letters; layers of a language model, where the extra ``text`` is there: all
texts are then read anew. docs/tone.md is the model card: trained on what, how well, and where it
fails.

>>> said = annotate(["Rien à redire, service au top"], ["fr"])
>>> said.label[0], said.certainty[0] > 0.6
('positive', True)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.plugins import Annotations
from empreinte.texts import embedding
from empreinte.texts.plain import plain
from empreinte.texts.tone.heads import TONES, probabilities
from empreinte.texts.tone.words import LANGUAGES, hits, lexicon, signs, tokens

NAME = "tone"
BY_WORDS, BY_MEANING = 4, 5
"""Versions of the annotator: without sentence embeddings, and with them."""
_BATCH = 250
"""Texts that are read at once with embeddings: some ten seconds' work, which a kill may lose."""
SURE = 0.45
"""Probability of the likeliest tone below which one cannot tell."""
LEAST = 0.1
"""Share of words that must be known to be of a language, where the platform does not say it."""

__all__ = ["SURE", "TONES", "annotate", "tone"]


def __getattr__(name: str) -> Any:
    if name == "VERSION":
        return BY_MEANING if embedding.there() else BY_WORDS
    if name == "BATCH" and embedding.there():
        return _BATCH
    raise AttributeError(name)


def annotate(texts: Sequence[str], languages: Sequence[str | None]) -> Annotations:
    """Say in what tone texts are written: three rows a text, or none where nothing can be told."""
    spoken = [_spoken(words, said) for words, said in zip(texts, languages, strict=True)]
    read = [n for n, in_ in enumerate(spoken) if in_]
    arrows = embedding.late([texts[n] for n in read])
    text, label, certainty = [], [], []
    for place, n in enumerate(read):
        found = _mean(texts[n], spoken[n], None if arrows is None else arrows[place])
        for tone_ in np.argsort(-found, kind="stable"):
            text.append(n)
            label.append(TONES[tone_])
            certainty.append(float(found[tone_]))
    nowhere = [None] * len(text)
    return Annotations(text=text, label=label, certainty=certainty, start=nowhere, end=nowhere)


def tone(text: str, language: str | None = None) -> NDArray[np.float64] | None:
    """Give the probabilities of `TONES`; ``None`` for what is in neither French nor English."""
    spoken = _spoken(text, language)
    if not spoken:
        return None
    arrows = embedding.late([text])
    return _mean(text, spoken, None if arrows is None else arrows[0])


def _mean(
    text: str, spoken: tuple[str, ...], arrow: NDArray[np.float32] | None
) -> NDArray[np.float64]:
    return np.mean([probabilities(text, one, arrow) for one in spoken], axis=0)


def _spoken(text: str, language: str | None) -> tuple[str, ...]:
    """Tell the language by small words and words of tone; by the platform where these do not."""
    said = language.lower().replace("_", "-").split("-")[0] if language else None
    known = plain(text)
    words = {name: tokens(known, name) for name in LANGUAGES}
    of_a_language = sum(word[-1].isalpha() for word in words["fr"])
    told = {name: _known(words[name], name) for name in LANGUAGES}
    best = tuple(name for name in LANGUAGES if told[name] == max(told.values()))
    if said in LANGUAGES and (said in best or max(told.values()) < 2):
        return (said,)
    if said is not None and said not in LANGUAGES and said != "und":
        return ()
    if of_a_language and max(told.values()) < max(1, LEAST * of_a_language):
        return ()
    emoji = any(word in of for word in words["fr"] for of in signs().kinds.values())
    return best if of_a_language or emoji else ()


def _known(words: list[str], language: str) -> int:
    known = lexicon(language)
    toned = sum(hit.length for hit in hits(words, known))
    return sum(word in known.stops for word in words) + toned
