"""What being online costs the owner, beside what it returns.

All times and figures are estimates from what archives show, each with its interval, or they are
refused with a reason. docs/lenses/balance.md tells how each is found, how well, and what it is not.
"""

from __future__ import annotations

import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from empreinte.asking import Budget, asked, references, report
from empreinte.forms import Form
from empreinte.language import _
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
    """Give what the owner may tell: hours that were counted, on what they watch, a trial."""
    from empreinte.lenses.balance import told, trial

    with asked(scope):
        today = datetime.now(ZoneInfo(scope.timezone)).date()
        return (*told.forms(tables, today), *trial.forms(tables, scope))


def keys(tables: Tables, scope: Scope) -> set[str]:
    """Give the keys of what is paid for again and again, and of wishes."""
    from empreinte.lenses.balance import money, solicitations

    paid = (one.key for one in money.find(tables).found if one.key)
    return {*paid, *(key for key, _wish in solicitations.wishes(tables))}


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
        Sections time, nights, looking, return, numbers, footprint, money, solicitations,
        place.
    """
    from empreinte.lenses.balance import (
        footprint,
        looking,
        money,
        nights,
        place,
        proof,
        pull,
        reactions,
        screens,
        solicitations,
        time,
        told,
    )
    from empreinte.lenses.balance.weights import Use

    with asked(scope, tables):
        seen, posts = screens.look(tables, scope), reactions.read(tables)
        silences, looks = nights.find(seen), looking.find(seen, scope)
        returned, pulled = reactions.find(posts, seen), pull.find(tables, posts)
        offered = solicitations.find(tables, scope, seen)
        budget = Budget([
            *nights.candidates(silences), *looking.candidates(looks),
            *reactions.candidates(returned), *pull.candidates(pulled),
            *solicitations.candidates(offered),
        ])  # fmt: skip
        use = told.device(tables)
        parts = (
            time.part(seen),
            nights.part(silences, seen, scope, budget),
            looking.part(looks, budget),
            reactions.part(returned, budget, empty=not seen.all),
            proof.part(tables, scope, seen, pulled, budget),
            footprint.part(seen, use or Use(), use is not None),
            money.part(money.find(tables)),
            solicitations.part(tables, offered, budget),
            place.part(tables, seen, returned),
        )
        return report(
            sys.modules[__name__], scope, parts, otherwise=parts[0].otherwise,
            references=references(__name__),
        )  # fmt: skip
