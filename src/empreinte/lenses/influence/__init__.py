"""Reach, growth, what works, who relays: the owner's influence on their own channels.

The lens reads the owner's posts, their counters, the followers and the acts of others, and
answers in nine sections. Its statistics are in `empreinte.kernels`; docs/lenses/influence.md
tells what is measured, how, and what it cannot say.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from empreinte.asking import Budget, references, report
from empreinte.language import _, day, speaking
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
    with speaking(scope.language, scope.timezone):
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

    if not len(own.posts) and daily:
        return days.summed(daily)
    dates = [dates[-2] for dates in own.exports.values() if len(dates) > 1]
    seen = unseen(looked, budget)
    text = quiet = _("There is too little to tell whether anything has changed.")
    if not len(own.posts) and own.readings:
        text = quiet = _(
            "Counts are known and no post of yours: import the archive of the platform, or say "
            "which of the imported accounts are yours."
        )
    elif not len(own.posts):
        text = quiet = _(
            "Nothing to measure yet: import one of your archives, or say which accounts are yours."
        )
    elif seen:
        quiet = _("No clear change.")
        since = quiet
        if dates:
            since = _("No clear change since the archive of {day}.").format(day=day(max(dates)))
        text = f"{since} {seen}"
    tag = own.channels[0].tag if len(own.channels) == 1 else "all"
    return Sentence(text=text, about=f"influence.{tag}.posts", quiet=quiet)
