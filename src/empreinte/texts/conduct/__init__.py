"""What may be held against who wrote a text, and what nobody may weigh: strings in, findings out.

A finding has one of four doors: ``act`` (insults, threats, harassment, hatred, lawbreaking, secrets
of an employer), ``look`` (words about an employer, drink, drugs, sexual content, quarrels),
``ground`` (what the writer says of religion, opinions, health and other grounds that the law
protects, in words; nothing is worked out from names, likes or places) and ``help`` (somebody may be
unwell). A text without a finding goes through none: ``nothing``. Rules are data (fr.toml, en.toml):
words, patterns, and what looks like them and is not. docs/lenses/reputation.md tells how well.

>>> [one.label for one in scan("So hungover, never drinking again")]
['look:drink']
"""

from __future__ import annotations

from collections.abc import Sequence

from empreinte.plugins import Annotations
from empreinte.texts.conduct.reading import Finding, scan

NAME = "conduct"
VERSION = 2

__all__ = ["ACT", "GROUNDS", "LOOK", "SELF_HARM", "Finding", "annotate", "scan"]

ACT = ("threat", "insult", "hatred", "harassment", "crime", "secret")
LOOK = ("employer", "drink", "drugs", "sexual", "quarrel")
GROUNDS = (
    "religion", "opinions", "union", "health", "disability", "orientation", "family", "origin",
    "age", "means",
)  # fmt: skip
SELF_HARM = "help:self_harm"


def annotate(texts: Sequence[str], languages: Sequence[str | None]) -> Annotations:
    """Say what stands in texts, where and how certain; a label is ``door:category``."""
    given = zip(texts, languages, strict=True)
    found = [(n, one) for n, (text, language) in enumerate(given) for one in scan(text, language)]
    return Annotations(
        text=[n for n, _one in found],
        label=[one.label for _n, one in found],
        certainty=[one.certainty for _n, one in found],
        start=[one.start for _n, one in found],
        end=[one.end for _n, one in found],
    )
