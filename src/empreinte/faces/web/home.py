"""The home page: the most telling sentences of all lenses, a card a lens, the channels."""

from __future__ import annotations

from typing import Any, NamedTuple

from starlette.requests import Request

from empreinte import api
from empreinte.faces.web.rendering import Page
from empreinte.faces.web.reports import sentences
from empreinte.language import current
from empreinte.report import Report, Sentence

TOP = 5
"""Sentences that the page opens with."""


class Card(NamedTuple):
    """A lens on the home page: whether its answer is known, and the first sentence of it."""

    lens: api.LensInfo
    known: bool
    sentence: Sentence | None


def home(request: Request) -> Page:
    """Show the ledger at a glance, what each lens answers, and where to drop archives."""
    ledger: api.Ledger = request.app.state.ledger
    uploads = request.app.state.uploads
    counts, channels, changes = ledger.counts(), ledger.glance(), ledger.changes()
    return Page(
        "home.html",
        {
            **told(ledger),
            "counts": counts,
            "channels": channels,
            "changes": changes,
            "sources": api.sources(),
            "job": uploads.running(),
            "brought": uploads.uploads.get(request.query_params.get("job", "")),
            "empty": not counts["imports"],
        },
        {"counts": counts, "channels": channels, "changes": changes, "lenses": api.lenses()},
    )


def answers(request: Request) -> Page:
    """Show the most telling sentences of the lenses that have answered so far."""
    return Page("_answers.html", told(request.app.state.ledger))


def told(ledger: api.Ledger) -> dict[str, Any]:
    """Give what is known of all answers: the sentences that weigh most, and a card a lens.

    Cards stand in the order of what their lenses have to say. Nothing is worked out here.
    """
    hide = ledger.settings().hide_numbers
    cards: list[Card] = []
    said: list[tuple[api.LensInfo, Report, Sentence]] = []
    for lens in api.lenses():
        report = None if lens.fault else ledger.answered(lens.name, language=current())
        found = sentences(report, hide) if report else []
        cards.append(Card(lens, report is not None, found[0] if found else None))
        said += [(lens, report, sentence) for sentence in found if report]
    said.sort(key=lambda one: -one[2].weight)
    cards.sort(key=lambda card: -card.sentence.weight if card.sentence else 0.0)
    waiting = any(not card.known and not card.lens.fault for card in cards)
    return {"cards": cards, "top": said[:TOP], "waiting": waiting}
