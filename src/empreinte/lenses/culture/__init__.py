"""Where the owner stands in digital competence, what has changed since, what to learn next.

Three things are held side by side and never added up: what one says, what one answers, and what
the archives show. docs/lenses/culture.md tells how each is found, and what it is not.
"""

from __future__ import annotations

import sys

from empreinte import asking
from empreinte.asking import references, report
from empreinte.forms import Form
from empreinte.language import _, speaking
from empreinte.plugins import Need, Tables
from empreinte.report import Report, Scope

NAME = "culture"
NEEDS = (Need("personal_data", "mine"),)


def title() -> str:
    """Name the lens in the language spoken."""
    return _("Digital culture")


def question() -> str:
    """Give the lens's question in the language spoken."""
    return _("Where do I stand in digital competence, and what has changed since?")


def forms(tables: Tables, scope: Scope) -> tuple[Form, ...]:
    """Give the test, what one says, the review and the role, each as far as it has come."""
    from empreinte.lenses.culture import asked
    from empreinte.lenses.culture.bank import bank

    with speaking(scope.language, scope.timezone):
        return asked.forms(bank(), tables, scope)


def answer(tables: Tables, scope: Scope) -> Report:
    """Answer the question over a scope.

    Parameters
    ----------
    tables : Tables
        SQL over the ledger's views.
    scope : Scope
        Window and channels (of the signs of practice), time zone and language.

    Returns
    -------
    Report
        Sections where, practice, changed, next.
    """
    from empreinte.lenses.culture import changed, following, practice, told, where
    from empreinte.lenses.culture.bank import bank, today

    with asking.asked(scope, tables):
        here, day = bank(), today(scope)
        known, seen = told.look(tables, here), practice.look(tables, here)
        parts = (
            where.part(here, known, seen, day),
            practice.part(here, seen),
            changed.part(here, day),
            following.part(here, known, seen, day),
        )
        return report(
            sys.modules[__name__], scope, parts,
            otherwise=parts[0].otherwise, references=references(__name__),
        )  # fmt: skip
