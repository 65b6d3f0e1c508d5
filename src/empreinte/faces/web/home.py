"""The home page: the most telling sentences of all lenses, a card a lens, the channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from starlette.requests import Request

from empreinte import api
from empreinte.errors import EmpreinteError
from empreinte.faces.web.rendering import Page
from empreinte.faces.web.reports import asked_lens, sentences
from empreinte.language import _, current, ngettext, number
from empreinte.model import ImportReport
from empreinte.report import Report, Sentence

ANSWERED = {"HX-Trigger": "answered"}
"""Has the page look again for what is known."""
TOP = 5
"""Sentences that the page opens with."""


Said = tuple[api.LensInfo, Report, Sentence]
"""A sentence, with whose it is."""


class Card(NamedTuple):
    """A lens on the home page.

    Attributes
    ----------
    said : tuple of Sentence, or None
        What it answers; ``None`` where that is not known yet.
    more : Sentence or None
        The first one that does not stand at the top of the page already.
    silent : bool
        Whether it found nothing to look at, as of a shop of who has none.
    """

    lens: api.LensInfo
    said: tuple[Sentence, ...] | None
    more: Sentence | None
    silent: bool

    @property
    def weight(self) -> float:
        """How much the weightiest sentence matters."""
        return max((one.weight for one in self.said or ()), default=0.0)


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
            "sources": sorted(api.sources(), key=lambda one: (-one.users_m, one.title)),
            "job": uploads.running(),
            "brought": uploads.uploads.get(request.query_params.get("job", "")),
            "unread": unread,
            "empty": not counts["imports"],
        },
        {"counts": counts, "channels": channels, "changes": changes, "lenses": api.lenses()},
    )


def unread(reports: Sequence[ImportReport], hide: bool) -> str:
    """Say in one line what of some archives could not be read."""
    records = sum(report.rejected for report in reports)
    files = sum(
        file.status in ("failed", "not understood") for report in reports for file in report.files
    )
    if hide or not (records or files):
        return _("Some of it could not be read.")
    told: list[str] = []
    if files:
        told.append(ngettext("{n} file could not be read.", "{n} files could not be read.", files))
    if records:
        told.append(
            ngettext("{n} item could not be read.", "{n} items could not be read.", records)
        )
    counts = filter(None, (files, records))
    return " ".join(text.format(n=number(n)) for text, n in zip(told, counts, strict=True))


def answer(request: Request) -> Page:
    """Have a lens answer, and show on its card what does not stand at the top of the page."""
    ledger: api.Ledger = request.app.state.ledger
    name = asked_lens(request)
    failure, card = "", None
    try:
        ledger.ask(name, language=current())
    except EmpreinteError as error:
        failure = str(error)
    else:
        card = next(card for card in told(ledger)["cards"] if card.lens.name == name)
    return Page("_answer.html", {"card": card, "failure": failure}, headers=ANSWERED)


def answers(request: Request) -> Page:
    """Show the most telling sentences of the lenses that have answered so far."""
    return Page("_answers.html", told(request.app.state.ledger))


def told(ledger: api.Ledger) -> dict[str, Any]:
    """Give what is known of all answers: the sentences that weigh most, and a card a lens.

    Cards stand in the order of what their lenses have to say. Nothing is worked out here.
    """
    hide = ledger.settings().hide_numbers
    known = [
        (lens, None if lens.fault else ledger.answered(lens.name, language=current()))
        for lens in api.lenses()
    ]
    said: list[list[Said]] = [
        [(lens, report, one) for one in sentences(report, hide)] if report else []
        for lens, report in known
    ]
    top = chosen([one for some in said for one in some])
    waiting = any(report is None and not lens.fault for lens, report in known)
    # While some are awaited, the room that their first sentences will take is kept.
    kept = chosen([some[0] for some in said if some]) if waiting else top
    cards: list[Card] = []
    for (lens, report), found in zip(known, said, strict=True):
        more = next((one[2] for one in found if one not in kept), None)
        answer = None if report is None else tuple(one[2] for one in found)
        cards.append(Card(lens, answer, more, report is not None and _is_empty(report)))
    cards.sort(key=lambda card: -card.weight)
    return {"cards": cards, "top": top, "waiting": waiting}


def _is_empty(report: Report) -> bool:
    """Tell whether a report shows nothing, and knows no value."""
    return not any(
        section.shown or any(v.value is not None for m in section.measures for v in m.values)
        for section in report.sections
    )


def chosen(said: Sequence[Said]) -> list[Said]:
    """Choose `TOP` sentences: the weightiest of each lens first, so that none has all the room."""
    ranked = sorted(said, key=lambda one: -one[2].weight)
    best = {lens.name: (lens, report, sentence) for lens, report, sentence in reversed(ranked)}
    first = sorted(best.values(), key=lambda one: -one[2].weight)
    rest = [one for one in ranked if one not in first]
    return sorted([*first, *rest][:TOP], key=lambda one: -one[2].weight)
