"""What happens at the counter of a shop of one, and what its posts bring to it.

All of it stands on the log of the shop's own counter (`empreinte.sources.counter`), in which there
is no person. docs/lenses/shop.md has the formulas, and what cannot be known from it.
"""

from __future__ import annotations

import sys

from empreinte.asking import asked, references, report
from empreinte.forms import Form
from empreinte.language import _, speaking
from empreinte.plugins import Tables
from empreinte.report import Report, Scope, Sentence

NAME = "shop"


def title() -> str:
    """Name the lens in the language spoken."""
    return _("Shop")


def question() -> str:
    """Give the lens's question in the language spoken."""
    return _("What happens at my counter, and what do my posts bring to it?")


def forms(tables: Tables, scope: Scope) -> tuple[Form, ...]:
    """Give the form by which days are drawn by lot."""
    from empreinte.lenses.shop import trials

    with speaking(scope.language, scope.timezone):
        return (trials.form(tables, scope),)


def answer(tables: Tables, scope: Scope) -> Report:
    """Answer the question over a scope.

    Parameters
    ----------
    tables : Tables
        SQL over the ledger's views.
    scope : Scope
        Window (of the requests that are counted), the shops' channels, time zone and language.

    Returns
    -------
    Report
        Sections today, stock, slots, promises, posts, lots, proximity, trust. Several shops
        are taken together.
    """
    from empreinte.lenses.shop import (
        attribution,
        book,
        lottery,
        promises,
        proximity,
        slots,
        stock,
        today,
        trust,
    )

    with asked(scope, tables):
        known = book.read(tables, scope)
        parts = (
            today.part(known),
            stock.part(known),
            slots.part(known),
            promises.part(known),
            attribution.part(known),
            lottery.part(tables, known),
            proximity.part(known),
            trust.part(known),
        )
        return report(
            sys.modules[__name__], scope, parts,
            otherwise=_otherwise(), references=references(__name__),
        )  # fmt: skip


def _otherwise() -> Sentence:
    text = _(
        "Nothing of a shop’s counter is here yet. Fetch its log with “empreinte shop pull”, or "
        "import the file that the counter page gives."
    )
    return Sentence(text=text, quiet=text, about="today")
