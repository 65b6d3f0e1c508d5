"""The page on which posts and people are found."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.requests import Request

from empreinte import api
from empreinte.faces.web.rendering import Page

SHOWN = 50


def search(request: Request) -> Page:
    """Show what holds the words asked, and people whose names do; of one of them, all."""
    ledger: api.Ledger = request.app.state.ledger
    words, who = request.query_params.get("q", ""), request.query_params.get("who") or None
    found = ledger.search(words, who=who, limit=SHOWN)
    pieces = [list(marked(record)) for record in found.records]
    return Page("search.html", {"found": found, "pieces": pieces}, found)


def marked(record: api.FoundRecord) -> Iterator[tuple[str, bool]]:
    """Cut a text into pieces that were looked for and others."""
    done = 0
    for start, end in record.hits:
        yield record.text[done:start], False
        yield record.text[start:end], True
        done = end
    yield record.text[done:], False
