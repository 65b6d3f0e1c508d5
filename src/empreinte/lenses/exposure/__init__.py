"""Which personal data the owner has left, what platforms hold, and how to mend it.

The lens looks at the owner's own accounts only. What it finds is masked in its report unless the
scope asks for it. docs/lenses/exposure.md tells what is found, how well, and what is not.
"""

from __future__ import annotations

from collections.abc import Sequence

from empreinte.language import _, message, speaking
from empreinte.plugins import Tables
from empreinte.report import Option, Reference, Report, Scope, Sentence

NAME = "exposure"
OPTIONS = (
    Option(
        name="reveal",
        label=message("Show the data themselves"),
        help=message("Show what was found as it is, not masked."),
    ),
)

EXIF = Reference("exif", "CIPA DC-008 (2019). Exchangeable image file format (Exif), version 2.32.")
MOST = 5
"""How many sentences open the report."""


def question() -> str:
    """Give the lens's question in the language spoken."""
    return _("Which personal data have I left, and what could a stranger deduce?")


def answer(tables: Tables, scope: Scope) -> Report:
    """Answer the question over a scope.

    Parameters
    ----------
    tables : Tables
        SQL over the ledger's views.
    scope : Scope
        Window, channels, time zone and language.

    Returns
    -------
    Report
        Sections written, images, deduced, held, doors, mending. Data are masked.
    """
    from empreinte.lenses.exposure import deduced, doors, held, mending, photographs, written

    with speaking(scope.language):
        said = written.part(tables, scope)
        worked_out = deduced.look(tables, scope)
        images = photographs.part(tables, scope)
        first = [said, *([images] if images else [])]
        others = [section.part(tables, scope) for section in (held, doors)]
        steps = [step for part in (*first, *others) for step in part.steps]
        plan = mending.part(tables, scope, steps)
        sections = [part.section for part in (*first, *others, plan)]
        if worked_out:
            sections.insert(len(first), worked_out[0])
        told = [*(part.sentences for part in first), worked_out[1] if worked_out else ()]
        told += [part.sentences for part in (*others, plan)]
        return Report(
            lens=NAME,
            question=question(),
            answer=_first(told) or (mending.nothing(),),
            scope=scope,
            sections=tuple(sections),
            references=(*deduced.REFERENCES, *((EXIF,) if images else ())),
        )


def _first(told: Sequence[Sequence[Sentence]]) -> tuple[Sentence, ...]:
    """Give the first sentence of each section; where there is room, further ones in their order."""
    room = max(0, MOST - sum(bool(sentences) for sentences in told))
    chosen: list[Sentence] = []
    for sentences in told:
        more = sentences[1 : 1 + room]
        room -= len(more)
        chosen += [*sentences[:1], *more]
    return tuple(chosen[:MOST])
