"""What being online costs the owner, beside what it returns.

All times and figures are estimates from what archives show, each with its interval, or they are
refused with a reason. docs/lenses/balance.md tells how each is found, how well, and what it is not.
"""

from __future__ import annotations

import sys

from empreinte.asking import references, report
from empreinte.forms import Form
from empreinte.language import _, speaking
from empreinte.plugins import Tables
from empreinte.report import Report, Scope

NAME = "balance"


def title() -> str:
    """Name the lens in the language spoken."""
    return _("Balance")


def question() -> str:
    """Give the lens's question in the language spoken."""
    return _("What does it cost me, what does it return, what place should it take?")


def forms(tables: Tables, scope: Scope) -> tuple[Form, ...]:
    """Give what the owner may tell: hours that a telephone counted, on what they watch."""
    from empreinte.lenses.balance import told

    with speaking(scope.language, scope.timezone):
        return told.forms(tables)


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
        Sections time, footprint.
    """
    from empreinte.lenses.balance import footprint, screens, time, told
    from empreinte.lenses.balance.weights import Use

    with speaking(scope.language, scope.timezone):
        seen = screens.look(tables, scope)
        use = told.device(tables)
        parts = (time.part(seen), footprint.part(seen, use or Use(), use is not None))
        return report(
            sys.modules[__name__], scope, parts, otherwise=parts[0].otherwise,
            references=references(__name__),
        )  # fmt: skip
