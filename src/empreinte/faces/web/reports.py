"""Pages of any lens: its report, its answer alone, and the records behind a figure."""

from __future__ import annotations

import re
from typing import Any

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from empreinte import api
from empreinte.errors import EmpreinteError, UsageError
from empreinte.faces.presenting import grid
from empreinte.faces.web.pages import own_page, page_offset
from empreinte.faces.web.rendering import Page, query, redirect
from empreinte.forms import Form
from empreinte.language import current, percent
from empreinte.report import Report, Sentence, Table, Tick

PAGE_SIZE = 25
SHOWN_ROWS = 200
"""Rows of a table that a page shows; its JSON holds them all."""


def lens(request: Request) -> Page:
    """Show the report of one lens, whichever it is."""
    ledger: api.Ledger = request.app.state.ledger
    name = asked_lens(request)
    asked = _asked(request, name)
    report = ledger.ask(name, **asked, language=current())
    hide = ledger.settings().hide_numbers
    return Page(
        "lens.html",
        {
            "report": report,
            "sentences": sentences(report, hide),
            "findings": _findings(report, hide),
            "actions": [sentence.action for sentence in report.answer],
            "unknown": grid.unknown(report, hide),
            "levels": _levels(report),
            "channels": ledger.glance(),
            "options": api.options(name),
            "forms": _forms(ledger, name),
            "tables": (tables := [table for part in report.sections for table in part.tables]),
            "ticked": any(any(table.ticks) for table in tables),
            "asked": asked,
            "scope": query(**_named(asked)),
            "shown_rows": SHOWN_ROWS,
            "references": {r.key: (i, r) for i, r in enumerate(report.references, 1)},
        },
        report,
    )


def network(request: Request) -> Page:
    """Give a network of a report as data, for the page that draws it."""
    name = asked_lens(request)
    report = request.app.state.ledger.ask(name, **_asked(request, name), language=current())
    for section in report.sections:
        for found in section.networks:
            if found.id == request.path_params["id"]:
                return Page("", data=found)
    raise HTTPException(404)


def file(request: Request) -> Response:
    """Give a file of a report to take away."""
    name = asked_lens(request)
    report = request.app.state.ledger.ask(name, **_asked(request, name), language=current())
    for section in report.sections:
        for found in section.files:
            if found.name == request.path_params["file"]:
                ascii_name = re.sub(r"[^\w.-]+", "_", found.name, flags=re.ASCII)
                kept = {"Content-Disposition": f'attachment; filename="{ascii_name}"'}
                known = re.fullmatch(r"[\w.+-]+/[\w.+-]+", found.media_type, flags=re.ASCII)
                kind = found.media_type if known else "application/octet-stream"
                return Response(found.text, media_type=kind, headers=kept)
    raise HTTPException(404)


def tick(request: Request) -> Page | Response:
    """Keep the owner's tick, or take it away: give the button anew, or the page it stands on."""
    form = request.state.form
    key, done = form.get("key", ""), form.get("done") == "yes"
    request.app.state.ledger.tick(key, done=done)
    if request.headers.get("hx-request"):
        what = {
            "tick": Tick(key, done),
            "back": form.get("next", "/"),
            "name": form.get("name", ""),
        }
        return Page("_tick.html", what)
    return redirect(own_page(form.get("next", "/")))


def asked_lens(request: Request) -> str:
    """Give the name of the lens asked, 404 if there is none of that name."""
    name = request.path_params["name"]
    if name not in [known.name for known in api.lenses()]:
        raise HTTPException(404)
    return name


def _forms(ledger: api.Ledger, lens: str) -> list[Form]:
    """Give what can be told to the lens; a fault in that leaves its report whole."""
    try:
        return ledger.forms(lens, language=current())
    except EmpreinteError:
        return []


def sentences(report: Report, hide: bool) -> list[Sentence]:
    """Give the answer's sentences; without counters for those who hide numbers."""
    return [said for sentence in report.answer if (said := _said(sentence, hide))]


def _said(sentence: Sentence | None, hide: bool) -> Sentence | None:
    """Give a sentence as it is said to the visitor; ``None`` where it is not."""
    if sentence is None or not hide:
        return sentence
    return replace(sentence, text=sentence.quiet) if sentence.quiet else None


def _findings(report: Report, hide: bool) -> dict[str, Sentence | None]:
    return {section.id: _said(section.finding, hide) for section in report.sections}


def _levels(report: Report) -> str:
    """Write the level of the intervals, where it is one for all."""
    met = {value.level for _measure, value in report.values().values() if value.level is not None}
    return percent(met.pop()) if len(met) == 1 else ""


def _asked(request: Request, lens: str) -> dict[str, Any]:
    """Read the window, the channels and the lens's own options from the address."""
    given = request.query_params
    channels = [channel for channel in given.getlist("channel") if channel]
    own = (option.name for option in api.options(lens))
    return {
        "since": given.get("since") or None,
        "until": given.get("until") or None,
        "channels": channels or None,
        "options": {name: given[name] for name in own if given.get(name)},
    }


def _named(asked: dict[str, Any]) -> dict[str, Any]:
    """Give what was asked under the names that the address uses."""
    window = {"since": asked["since"], "until": asked["until"], "channel": asked["channels"]}
    return {**window, **asked["options"]}


# Columns of the ledger's views, in the order in which a reader wants them. The first of each
# that a record has makes its line; what stands in no list is shown under "details".
WHEN = ("published", "observed", "at", "before")
WHO = ("author", "actor", "member", "handle")
TEXT = ("title", "content", "label", "name")
PROVENANCE = ("import_id", "file", "place", "is_public", "in_scope")
COUNTERS = ("likes", "shares", "replies", "views", "quotes", "bookmarks", "value", "followers")


def evidence(request: Request) -> Page:
    """Show the records that a figure rests on, each with the place in the archive it is from."""
    ledger: api.Ledger = request.app.state.ledger
    id, offset = request.path_params["id"], page_offset(request)
    lens = id.split(".")[0]
    if lens not in [known.name for known in api.lenses()]:
        raise UsageError(
            "No figure {id} in this report, or nothing behind it. --definitions lists the figures.",
            id=id,
        )
    asked = _asked(request, lens)
    found = ledger.evidence(id, **asked, language=current(), limit=PAGE_SIZE, offset=offset)
    archives = {report.import_id: report.path for report in ledger.imports()}
    return Page(
        "evidence.html",
        {
            "found": found,
            "row": None
            if found.measure
            else _row(ledger.ask(lens, **asked, language=current()), id),
            "lens": lens,
            "scope": query(**_named(asked)),
            "records": [
                _record(dict(zip(found.columns, row, strict=True)), archives) for row in found.rows
            ],
            "first": offset + 1,
            "last": offset + len(found.rows),
            "earlier": query(**_named(asked), offset=max(0, offset - PAGE_SIZE) or None)
            if offset
            else None,
            "later": query(**_named(asked), offset=offset + PAGE_SIZE)
            if offset + PAGE_SIZE < found.total
            else None,
        },
        found,
    )


def _row(report: Report, id: str) -> tuple[Table, Any] | None:
    """Give the table that a row's id (``table-id.3``) names, and the row's first cell."""
    name, _, place = id.rpartition(".")
    for section in report.sections:
        for table in section.tables:
            if table.id == name:
                return table, table.rows[int(place)][0]
    return None


def _record(row: dict[str, Any], archives: dict[str | None, str]) -> dict[str, Any]:
    """Sort what a row holds into the parts of the page."""
    used: set[str] = set()

    def first(names: tuple[str, ...]) -> Any:
        for name in names:
            if row.get(name) not in (None, ""):
                used.add(name)
                return row[name]
        return None

    record = {
        "when": first(WHEN),
        "who": first(WHO),
        "title": row.get("title"),
        "text": first(("content", *TEXT)),
        "platform": row.get("platform"),
        "url": row.get("url"),
        "counters": [(name, row[name]) for name in COUNTERS if row.get(name) is not None],
        "archive": archives.get(row.get("import_id")),
        "file": row.get("file"),
        "place": row.get("place"),
    }
    shown = {*used, "title", "platform", "url", *PROVENANCE, *COUNTERS}
    record["rest"] = [
        (name, value) for name, value in row.items() if name not in shown and value is not None
    ]
    return record
