"""What may be held against who wrote a text, and what nobody may weigh: strings in, findings out.

A finding has one of four doors: ``act`` (insults, threats, harassment, hatred, lawbreaking, secrets
of an employer), ``look`` (words about an employer, drink, drugs, sexual content, quarrels),
``ground`` (what the writer says of religion, opinions, health and other grounds that the law
protects, in words; nothing is worked out from names, likes or places) and ``help`` (somebody may be
unwell). A text without a finding goes through none: ``nothing``. Rules are data (fr.toml, en.toml):
words, patterns, and what looks like them and is not. Where they tell nothing, heads add to the
first two doors (`heads`): of the whole text, with no place in it, by its words, and by its meaning
too where the extra ``text`` is there. All is then read anew. docs/lenses/reputation.md tells how
well.

>>> [one.label for one in scan("So hungover, never drinking again")]
['look:drink']
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from empreinte.plugins import Annotations
from empreinte.texts import embedding
from empreinte.texts.conduct.heads import further
from empreinte.texts.conduct.reading import Finding, scan

NAME = "conduct"
BY_WORDS, BY_MEANING = 6, 7
"""Versions of the annotator: without sentence embeddings, and with them."""
_BATCH = 250
"""Texts that are read at once with embeddings: some ten seconds' work, which a kill may lose."""
ERRS = {"act": 0.1, "look": 0.35}
"""Share of what heads add that is wrong, by door (docs/lenses/reputation.md)."""

__all__ = ["ACT", "ERRS", "GROUNDS", "LOOK", "SELF_HARM", "Finding", "annotate", "scan"]

ACT = ("threat", "insult", "hatred", "harassment", "crime", "secret")
LOOK = ("employer", "drink", "drugs", "sexual", "quarrel")
GROUNDS = (
    "religion", "opinions", "union", "health", "disability", "orientation", "family", "origin",
    "age", "means",
)  # fmt: skip
SELF_HARM = "help:self_harm"


def __getattr__(name: str) -> Any:
    if name == "VERSION":
        return BY_MEANING if embedding.there() else BY_WORDS
    if name == "BATCH" and embedding.there():
        return _BATCH
    raise AttributeError(name)


def annotate(texts: Sequence[str], languages: Sequence[str | None]) -> Annotations:
    """Say what stands in texts, where and how certain; a label is ``door:category``.

    What heads tell is told of the whole text: it has no place.
    """
    known = [scan(text, language) for text, language in zip(texts, languages, strict=True)]
    meant = further(texts, languages, known)
    rows: list[tuple[int, str, float, int | None, int | None]] = []
    for n, found in enumerate(known):
        rows += [(n, one.label, one.certainty, one.start, one.end) for one in found]
        if (one := meant[n]) is not None:
            rows.append((n, one.label, one.certainty, None, None))
    return Annotations(
        text=[row[0] for row in rows],
        label=[row[1] for row in rows],
        certainty=[row[2] for row in rows],
        start=[row[3] for row in rows],
        end=[row[4] for row in rows],
    )
