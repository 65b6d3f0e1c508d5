"""Reach, growth, what works, who relays: the owner's influence on their own channels.

The lens reads the owner's posts, their counters, the followers and the acts of others, and
answers in eight sections. Its statistics are in `empreinte.kernels`; docs/lenses/influence.md
tells what is measured, how, and what it cannot say.
"""

from __future__ import annotations

from empreinte.language import _, speaking
from empreinte.plugins import Tables
from empreinte.report import Report, Scope

NAME = "influence"


def question() -> str:
    """Give the lens's question in the language spoken."""
    return _("How far do I reach, is it growing, what works, who relays me?")


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
        Sections audience, memory, output, response, growth, works, relays, top.

    Raises
    ------
    LensError
        If there is no such time zone.
    """
    from zoneinfo import ZoneInfo

    from empreinte.errors import LensError
    from empreinte.lenses.influence import (
        audience,
        growth,
        headline,
        memory,
        output,
        relays,
        response,
        top,
        works,
    )
    from empreinte.lenses.influence.own import Own
    from empreinte.lenses.influence.parts import REFERENCES

    try:
        ZoneInfo(scope.timezone)
    except (KeyError, ValueError, OSError) as error:
        raise LensError(
            "{timezone} is not a time zone. Give one such as Europe/Paris.",
            timezone=scope.timezone,
        ) from error
    with speaking(scope.language):
        own = Own(tables, scope)
        parts = [
            section.part(own)
            for section in (audience, memory, output, response, growth, works, relays, top)
        ]
        return Report(
            lens=NAME,
            question=question(),
            answer=headline.answer(own, (claim for part in parts for claim in part.claims)),
            scope=scope,
            sections=tuple(part.section for part in parts),
            references=REFERENCES,
        )
