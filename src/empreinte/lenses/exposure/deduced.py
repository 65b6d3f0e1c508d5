"""What a stranger could deduce of the owner: home, work, hours, absences, family, answers.

What is certain enough is told, masked; what is not says why. Strangers read public posts; what
platforms hold besides is told apart. Only the owner's accounts are looked at.
"""

from __future__ import annotations

from itertools import chain

from empreinte.language import _
from empreinte.lenses.exposure import (
    deduced_absences,
    deduced_alone,
    deduced_birthday,
    deduced_hours,
    deduced_places,
    deduced_said,
)
from empreinte.lenses.exposure.deduced_own import Own, Part, Trait
from empreinte.lenses.exposure.parts import revealed
from empreinte.plugins import Tables
from empreinte.report import Scope, Section, Sentence

REFERENCES = deduced_alone.REFERENCES
"""What the figures of this section refer to."""


def section(tables: Tables, scope: Scope) -> Section | None:
    """Deduce what can be.

    Parameters
    ----------
    tables : Tables
        SQL over the ledger's views.
    scope : Scope
        Window, channels, time zone; the language is the one spoken. What is found is masked
        unless the scope has the option ``reveal``.

    Returns
    -------
    Section or None
        ``None`` where no account is the owner's.
    """
    found = look(tables, scope)
    return found[0] if found else None


def answers(tables: Tables, scope: Scope) -> tuple[Sentence, ...]:
    """Give the sentences that may open the report, the gravest first."""
    found = look(tables, scope)
    return found[1] if found else ()


def look(tables: Tables, scope: Scope) -> tuple[Section, tuple[Sentence, ...]] | None:
    """Give the section and its sentences at one go."""
    own = Own(tables, scope, revealed(scope))
    if not own.rows("select channel from mine limit 1"):
        return None
    both = [deduced_places.lived(own, "posts"), deduced_places.lived(own, "held")]
    texts = deduced_said.read(own)
    birthday = deduced_birthday.find(own, texts)
    sure = birthday is not None and birthday.certainty >= deduced_birthday.SURE
    parts = [
        deduced_places.part(own, both),
        deduced_absences.part(own, both),
        deduced_hours.part(own),
        deduced_birthday.part(own, texts, birthday),
        deduced_said.part(own, texts),
        deduced_said.answers(
            own,
            texts,
            birthday.keys if birthday and sure else [],
            deduced_birthday.written(birthday.day) if birthday else "",
        ),
    ]
    traits = sorted(chain.from_iterable(part.traits for part in parts), key=_first)
    parts.append(deduced_alone.part(own, tuple(traits)))
    return _section(parts), _sentences(parts)


def _first(trait: Trait) -> int:
    return ["home", "work", "birthday", "year", "employer"].index(trait.name)


def _section(parts: list[Part]) -> Section:
    return Section(
        id="deduced",
        title=_("What can be deduced"),
        intro=_(
            "What someone who knows nothing of you but your public posts could work out; what "
            "a platform alone could is said to be so. Findings are masked."
        ),
        figures=tuple(chain.from_iterable(part.figures for part in parts)),
        charts=tuple(chain.from_iterable(part.charts for part in parts)),
        tables=tuple(chain.from_iterable(part.tables for part in parts)),
    )


def _sentences(parts: list[Part]) -> tuple[Sentence, ...]:
    order = (
        "exposure.posts.home", "exposure.all.announced", "exposure.all.answers",
        "exposure.all.alone", "exposure.all.birthday", "exposure.posts.work",
        "exposure.all.family", "exposure.posts.sleep", "exposure.held.home",
    )  # fmt: skip
    told = chain.from_iterable(part.sentences for part in parts)
    return tuple(sorted(told, key=lambda sentence: order.index(sentence.figure)))
