"""What waits for a reply of the owner, and what a recruiter would see.

It looks at the owner's own accounts alone, and refuses others. docs/lenses/reputation.md tells how
each is found, how well, and what the law says.
"""

from __future__ import annotations

import sys

from empreinte.asking import references, report
from empreinte.forms import Form
from empreinte.language import _, message, speaking
from empreinte.plugins import Need, Tables
from empreinte.report import Option, Report, Scope, Sentence

NAME = "reputation"
NEEDS = (Need("conduct", "mine or platform || ':' || author_id in (select channel from mine)"),)
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
    return _("What waits for a reply, and what would a recruiter see of me?")


def forms(tables: Tables, scope: Scope) -> tuple[Form, ...]:
    """Give what the owner may tell: which accounts are theirs."""
    from empreinte.lenses.reputation import own

    with speaking(scope.language, scope.timezone):
        return own.forms(tables)


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
        Sections profiles, first, act, look, protected, likes, law; before them relation, but
        on the recruiter's page.

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
        relation,
    )
    from empreinte.lenses.reputation.own import look

    with speaking(scope.language, scope.timezone):
        own = look(tables, scope)
        found = findings.look(own)
        # A recruiter does not see what waits.
        mine = [] if scope.option("recruiter") else [relation.part(own)]
        parts = [
            *mine,
            profiles.part(own), first.part(own), *findings.parts(own, found),
            *protected.parts(own, found), likes.part(own), law.part(),
        ]  # fmt: skip
        return report(
            sys.modules[__name__], scope, parts, otherwise=_nothing(own.channels),
            references=references(__name__),
        )  # fmt: skip


def _nothing(channels: tuple[str, ...]) -> Sentence:
    text = _("Nothing stands out.") if channels else _(
        "There is nothing to look at yet: import an archive of yours, or say which of the "
        "imported accounts are yours."
    )  # fmt: skip
    return Sentence(text=text, quiet=text, about="profiles")
