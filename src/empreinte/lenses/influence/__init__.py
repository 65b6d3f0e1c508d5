"""Reach, growth, what works, who relays: the owner's influence on their own channels.

The lens reads the owner's posts, their counters, the followers and the acts of others, and
answers in nine sections. Its statistics are in `empreinte.kernels`; docs/lenses/influence.md
tells what is measured, how, and what it cannot say.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from empreinte.asking import Budget, Said, asked, references, report
from empreinte.language import _
from empreinte.plugins import Tables
from empreinte.report import Report, Scope, Sentence

if TYPE_CHECKING:
    from empreinte.lenses.influence.days import Daily
    from empreinte.lenses.influence.looked import Look
    from empreinte.lenses.influence.own import Own

NAME = "influence"


def title() -> str:
    """Name the lens in the language spoken."""
    return _("Influence")


def question() -> str:
    """Give the lens's question in the language spoken."""
    return _("What is my reach? Is it growing? What works? Who spreads my posts?")


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
        Sections audience, days (where a platform's statistics are known), memory, output,
        response, growth, works, relays, top.

    Raises
    ------
    LensError
        If there is no such time zone.
    """
    from zoneinfo import ZoneInfo

    from empreinte.errors import LensError
    from empreinte.lenses.influence import (
        audience,
        changes,
        days,
        growth,
        output,
        relays,
        response,
        top,
        works,
    )
    from empreinte.lenses.influence.looked import candidates, looks
    from empreinte.lenses.influence.own import Own

    try:
        ZoneInfo(scope.timezone)
    except (KeyError, ValueError, OSError) as error:
        raise LensError(
            "{timezone} is not a time zone. Give one such as Europe/Paris.",
            timezone=scope.timezone,
        ) from error
    with asked(scope, tables):
        own = Own(tables, scope)
        looked = looks(own)
        works_found = works.compared(own)
        daily = days.series(own)
        budget = Budget(
            [*candidates(looked), *works.candidates(works_found), *days.candidates(daily)]
        )
        parts = [
            audience.part(own),
            *([days.part(own, daily, budget)] if daily else []),
            changes.part(own),
            output.part(own),
            response.part(own),
            growth.part(own, looked, budget),
            works.part(own, works_found, budget),
            relays.part(own),
            top.part(own),
        ]
        return report(
            sys.modules[__name__],
            scope,
            parts,
            unchanged=_unchanged(own, looked, daily, budget),
            references=references(__name__),
        )


def _unchanged(own: Own, looked: list[Look], daily: list[Daily], budget: Budget) -> Sentence:
    """Say that nothing changed and what would have been seen, or that there is too little."""
    from empreinte.lenses.influence import days
    from empreinte.lenses.influence.since import unseen
    from empreinte.lenses.influence.words import phrase, said

    if not len(own.posts) and daily:
        return days.summed(daily)
    told = said("nothing.too-little" if own.of(None).any() else "output.nothing")
    if not len(own.posts):
        told = said("nothing.no-post" if own.readings else "nothing.imported")
    elif seen := unseen(looked, budget):
        dates = [dates[-2] for dates in own.exports.values() if len(dates) > 1]
        since = phrase("nothing.no-change")
        if dates:
            since = phrase("nothing.no-change-since", day=max(dates))
        told = Said(f"{since} {seen}", phrase("nothing.no-change"))
    tag = own.channels[0].tag if len(own.channels) == 1 else "all"
    return told.sentence(f"influence.{tag}.posts")
