"""The answer first: the first sentence of each section, in the order of the page."""

from __future__ import annotations

from collections.abc import Sequence

from empreinte.language import _
from empreinte.lenses.network.parts import Part, nothing
from empreinte.lenses.network.web import Web
from empreinte.report import Sentence

MOST = 5


def answer(web: Web, parts: Sequence[Part]) -> tuple[Sentence, ...]:
    """Choose the sentences that open the report.

    Every section has its first one told before any has its second.
    """
    if web.n < 2:
        return (Sentence(text=nothing(), figure="network.all.people", quiet=nothing()),)
    first = [part.sentences[0] for part in parts if part.sentences]
    rest = [sentence for part in parts for sentence in part.sentences[1:]]
    told = {*first[:MOST], *rest[: max(0, MOST - len(first))]}
    ordered = [sentence for part in parts for sentence in part.sentences if sentence in told]
    if ordered:
        return tuple(ordered)
    text = _("Nothing certain can be said of your network yet.")
    return (Sentence(text=text, figure="network.all.people", quiet=text),)
