"""What is said of the owner, what waits for their reply, and what a recruiter would see.

It looks at the owner's own accounts alone, and refuses others. docs/lenses/reputation.md tells how
each is found, how well, and what the law says.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from empreinte.asking import Part, asked, references, report
from empreinte.forms import Form
from empreinte.language import _, message, speaking
from empreinte.lenses.reputation.needs import NEEDS as NEEDS
from empreinte.plugins import Tables
from empreinte.report import Option, Report, Scope, Sentence

if TYPE_CHECKING:
    from empreinte.lenses.reputation.own import Own

NAME = "reputation"
OPTIONS = (
    Option(
        name="recruiter",
        label=message("The recruiter’s page alone"),
        help=message("Show what a recruiter would see and nothing else, fit to be printed."),
    ),
)


def title() -> str:
    """Name the lens in the language spoken."""
    return _("Reputation")


def question() -> str:
    """Give the lens's question in the language spoken."""
    return _("What is said of me, what waits for a reply, and what would a recruiter see?")


def forms(tables: Tables, scope: Scope) -> tuple[Form, ...]:
    """Give what the owner may tell: whose accounts, names to look for, namesakes, some tones."""
    from empreinte.lenses.reputation import homonyms, mentions, own, tone, watch

    with speaking(scope.language, scope.timezone):
        mine = own.look(tables, scope)
        asked = mentions.contexts(mine, watch.look(mine))
        return (
            *own.forms(tables), watch.form(tables), *homonyms.form(asked, homonyms.look(mine)),
            *tone.forms(mine),
        )  # fmt: skip


def keys(tables: Tables, scope: Scope) -> set[str]:
    """Give the keys of what was found and is still there, and of what waits for a reply."""
    from empreinte.lenses.reputation import findings, own, relation

    with asked(scope):
        mine = own.look(tables, scope)
        return {*findings.keys(mine), *relation.keys(mine)}


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
        Sections profiles, first, written, act, look, protected, likes, law; before them said,
        voice, relation, tone and received, but on the recruiter's page.

    Raises
    ------
    UsageError
        If the scope names an account that is not the owner's.
    """
    from empreinte.lenses.reputation import (
        findings,
        first,
        law,
        likes,
        profiles,
        protected,
        subjects,
    )
    from empreinte.lenses.reputation.own import look

    with asked(scope, tables):
        own = look(tables, scope)
        found = findings.look(own)
        parts = [
            *_of_others(own),
            profiles.part(own), first.part(own), subjects.own_part(own),
            *findings.parts(own, found), *protected.parts(own, found), likes.part(own), law.part(),
        ]  # fmt: skip
        return report(
            sys.modules[__name__], scope, parts, otherwise=_nothing(own.channels),
            references=references(__name__),
        )  # fmt: skip


def _of_others(own: Own) -> list[Part]:
    """Make the sections of what others wrote: a recruiter does not see them."""
    from empreinte.lenses.reputation import (
        bursts,
        mentions,
        relation,
        said,
        subjects,
        tone,
        watch,
    )

    if own.scope.option("recruiter"):
        return []
    watched = watch.look(own)
    found = mentions.look(own, watched)
    return [*said.parts(own, watched, found, bursts.look(own, found)), relation.part(own),
            tone.part(own), subjects.others_part(own)]  # fmt: skip


def _nothing(channels: tuple[str, ...]) -> Sentence:
    text = _("Nothing stands out.") if channels else _(
        "There is nothing to look at yet: import an archive of yours, or say which of the "
        "imported accounts are yours."
    )  # fmt: skip
    return Sentence(text=text, quiet=text, about="profiles")
