"""Pages about the ledger itself: imports, rejects, settings, how it is made."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

import msgspec
from starlette.requests import Request

from empreinte import api
from empreinte.errors import UsageError
from empreinte.faces.web.rendering import Page, query, redirect
from empreinte.language import LANGUAGES, _

PAGE_SIZE = 50


def imports(request: Request) -> Page:
    """Show what each import kept, what it knew already and what it could not read."""
    reports = request.app.state.ledger.imports()
    return Page("imports.html", {"imports": reports}, reports)


def rejects(request: Request) -> Page:
    """Show the records that could not be read, each with its reason and its text."""
    ledger: api.Ledger = request.app.state.ledger
    import_id = request.query_params.get("import") or None
    offset = page_offset(request)
    rows = ledger.rejects(import_id, limit=PAGE_SIZE + 1, offset=offset)
    return Page(
        "rejects.html",
        {
            "rejects": rows[:PAGE_SIZE],
            "earlier": _at(request, offset - PAGE_SIZE) if offset else None,
            "later": _at(request, offset + PAGE_SIZE) if len(rows) > PAGE_SIZE else None,
        },
        rows[:PAGE_SIZE],
    )


def page_offset(request: Request) -> int:
    """Give the number of records to step over.

    Raises
    ------
    UsageError
        If it is not a number of records.
    """
    text = request.query_params.get("offset", "0")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise UsageError(
            "{name}: “{value}” does not fit. Give a whole number, 0 or more.",
            name="offset",
            value=text,
        )
    return int(text)


def _at(request: Request, offset: int) -> str:
    """Give the address of this page further on or back."""
    return str(request.url.include_query_params(offset=max(0, offset)).query)


def settings(request: Request) -> Page:
    """Show the owner's preferences, whose the accounts are, and what can be forgotten."""
    ledger: api.Ledger = request.app.state.ledger
    return Page(
        "settings.html",
        {
            "zones": _zones(),
            "accounts": ledger.accounts(limit=12),
            "channels": ledger.glance(),
            "imports": ledger.imports(),
            "told": sorted({f"{entry.asker}/{entry.form}" for entry in ledger.entries()}),
            "saved": request.query_params.get("saved"),
            "forgotten": request.query_params.get("forgotten", ""),
        },
        ledger.settings(),
    )


@cache
def _zones() -> list[str]:
    """Give the names of the time zones; finding them walks through folders (10 to 60 ms)."""
    return sorted(available_timezones())


def save_settings(request: Request):
    """Keep language, time zone and whether numbers are hidden."""
    form = request.state.form
    language = form.get("language") or None
    if language not in (None, *LANGUAGES):
        raise _no_language(language)
    request.app.state.ledger.save_settings(
        api.Settings(
            language=language,
            timezone=form.get("timezone", "").strip() or None,
            hide_numbers="hide_numbers" in form,
        )
    )
    return redirect("/settings?saved=settings")


def _no_language(given: str | None) -> UsageError:
    return UsageError(
        "{name}: “{value}” does not fit. Give one of: {known}.",
        name=_("Language"),
        value=given or "",
        known=", ".join(LANGUAGES),
    )


def save_language(request: Request):
    """Keep the language chosen at the top of a page, and go back to that page."""
    ledger: api.Ledger = request.app.state.ledger
    language = request.state.form.get("language")
    if language not in LANGUAGES:
        raise _no_language(language)
    ledger.save_settings(msgspec.structs.replace(ledger.settings(), language=language))
    return redirect(own_page(request.state.form.get("next", "/")))


def own_page(path: str) -> str:
    """Give `path` if it is a page of ours: two slashes of any kind lead to another site."""
    return path if path.startswith("/") and path[1:2] not in ("/", "\\") else "/"


def accounts(request: Request) -> Page:
    """Give the accounts that match a search, to say whose they are."""
    search = request.query_params.get("search", "")
    return Page(
        "_accounts.html", {"accounts": request.app.state.ledger.accounts(search[:200], limit=12)}
    )


def joinings(request: Request) -> Page:
    """Show the accounts that are one person's, and those that may be with the reasons."""
    ledger: api.Ledger = request.app.state.ledger
    persons, proposals = ledger.persons(), ledger.proposals(PAGE_SIZE)
    return Page(
        "accounts.html",
        {"persons": persons, "proposals": proposals, "saved": "saved" in request.query_params},
        {
            "persons": persons,
            "proposals": [
                {
                    "accounts": proposal.accounts,
                    "reasons": [
                        {"kind": r.kind, "n": r.n, "measure": r.measure, "text": str(r.text)}
                        for r in proposal.reasons
                    ],
                }
                for proposal in proposals
            ],
        },
    )


def join(request: Request):
    """Keep the owner's word that two accounts are one person's."""
    form = request.state.form
    request.app.state.ledger.join(form.get("one", ""), form.get("other", ""))
    return redirect("/accounts?saved=1")


def part(request: Request):
    """Undo it."""
    form = request.state.form
    request.app.state.ledger.part(form.get("one", ""), form.get("other", ""))
    return redirect("/accounts?saved=1")


def set_mine(request: Request):
    """Keep the owner's word on whose an account is."""
    form = request.state.form
    request.app.state.ledger.set_mine(form.get("channel", ""), form.get("mine") == "yes")
    return redirect("/settings?saved=mine#accounts")


def forget(request: Request):
    """Erase an import, a channel or everything, once it is confirmed."""
    form = request.state.form
    if form.get("confirm") != "yes":
        raise UsageError("Nothing was erased: tick the box that confirms it, then try again.")
    kind, _, name = form.get("what", "").partition("=")
    ledger: api.Ledger = request.app.state.ledger
    if kind == "everything":
        gone = ledger.forget(everything=True)
    elif kind == "channel":
        gone = ledger.forget(channel=name)
    elif kind == "told":
        gone = ledger.forget(told=name)
    elif kind == "import":
        gone = ledger.forget(import_id=name)
    else:
        raise UsageError(
            "Say one thing to erase: an import, an account, what you told, or everything."
        )
    return redirect(f"/settings{query(forgotten=sum(gone.values()) or '0')}#forget")


def about(request: Request) -> Page:
    """Say how figures are made and where data lies."""
    ledger: api.Ledger = request.app.state.ledger
    data = {"ledger": ledger.path, "lenses": api.lenses(), "sources": api.sources()}
    return Page("about.html", data, data)


def ended(request: Request) -> Page:
    """Say that the dashboard has ended, and how to come back."""
    return Page("ended.html")
