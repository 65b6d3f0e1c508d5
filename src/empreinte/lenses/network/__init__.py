"""Who reacts to whom around the owner, and where a message must start.

The lens reads who acted on whose posts, in both directions, and answers in six sections. What it
counts, and how, is told in docs/lenses/network.md; its mathematics is in `empreinte.kernels`.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from empreinte.asking import Budget, asked, references, report
from empreinte.language import _, message
from empreinte.plugins import Tables
from empreinte.report import Option, Report, Scope

NAME = "network"
OPTIONS = (
    Option(
        name="seeds",
        label=message("Helpers, who can carry a message"),
        help=message("With how many helpers to spread a message."),
        default=5,
        least=1,
        most=50,
    ),
)


def title() -> str:
    """Name the lens in the language spoken."""
    return _("Network")


def question() -> str:
    """Give the lens's question in the language spoken."""
    return _("Who reacts to whom around me, and who can carry a message?")


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
        Sections influence, bridges, communities, cascades, spread, changes.

    Raises
    ------
    UsageError
        If networkit is not installed, or numba where the network is large; it says how to install
        them.
    """
    from empreinte.lenses.network import bridges, cascades, changes, communities, influence, spread
    from empreinte.lenses.network.ties import Ties
    from empreinte.lenses.network.web import Web
    from empreinte.lenses.network.words import said

    with asked(scope, tables):
        web = Web(tables, scope)
        ties = Ties(web)
        years = changes.compared(web)
        budget = Budget(changes.candidates(years))
        parts = [
            influence.part(web),
            bridges.part(ties),
            communities.part(ties),
            cascades.part(web),
            spread.part(web),
            changes.part(web, years, budget),
        ]
        if web.empty:
            parts = [replace(part, empty=True, beyond="") for part in parts]
        unclear = said("nothing" if web.n < 2 else "unclear")
        return report(
            sys.modules[__name__], scope, parts,
            otherwise=unclear.sentence("network.all.people"),
            references=references(__name__),
        )  # fmt: skip
