"""The page of any form: what was told last, what can be told, and what of it does not fit."""

from __future__ import annotations

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from empreinte import api
from empreinte.errors import Fault, FormError
from empreinte.faces.presenting.forms import read, texts
from empreinte.faces.web.rendering import Page, query, redirect
from empreinte.faces.web.reports import asked_lens
from empreinte.forms import Entry, Field, Form
from empreinte.language import current

OFFERED = 3
"""Empty groups that a page offers beside those that were told."""
KEY, REMOVE = ":key", ":remove"
"""Names of inputs that are no field's: a field's name holds no colon."""
Told = dict[str, str | list[str]]


def form(request: Request) -> Page:
    """Show a form with what was told by it last; of a series, with an entry that is named."""
    asker, asked = _asked(request)
    entries = _entries(request, asker, asked)
    key = request.query_params.get("key", "")
    entry = next((one for one in entries if one.key == key and not asked.numbered), None)
    told = texts(asked, entry.fields) if entry else {}
    return _page(request, asker, asked, entries, told, key=key)


def tell(request: Request) -> Page | Response:
    """Keep what is told, or show what of it does not fit, beside its fields."""
    asker, asked = _asked(request)
    told, key = told_by(request.state.items), request.state.form.get(KEY, "").strip()
    ledger: api.Ledger = request.app.state.ledger
    try:
        ledger.tell(asker, asked.id, told, key or None, language=current())
    except FormError as error:
        entries = _entries(request, asker, asked)
        return _page(request, asker, asked, entries, told, key=key, faults=error.faults)
    return redirect(f"{request.url.path}{query(saved='1')}")


def _asked(request: Request) -> tuple[str, Form]:
    """Give the lens and its form; 404 if there is none of that name."""
    asker = asked_lens(request)
    offered = request.app.state.ledger.forms(asker, language=current())
    for one in offered:
        if one.id == request.path_params["form"]:
            return asker, one
    raise HTTPException(404)


def _entries(request: Request, asker: str, asked: Form) -> list[Entry]:
    return request.app.state.ledger.entries(asker, asked.id, by="owner")


def told_by(items: list[tuple[str, str]]) -> Told:
    """Sort what a browser sent: groups to be removed go, a name sent twice has both values."""
    removed = tuple(f"{name.removesuffix(REMOVE)}." for name, _ in items if name.endswith(REMOVE))
    found: dict[str, list[str]] = {}
    for name, value in items:
        if ":" not in name and not name.startswith(removed or ("\0",)):
            found.setdefault(name, []).append(value)
    return {name: values if len(values) > 1 else values[0] for name, values in found.items()}


def _page(
    request: Request, asker: str, asked: Form, entries: list[Entry], told: Told,
    *, key: str, faults: tuple[Fault, ...] = (),
) -> Page:  # fmt: skip
    content: dict[str, Any] = {
        **form_content(asked, told, faults), "asker": asker, "entries": entries, "key": key,
        "saved": "saved" in request.query_params and not faults, "read": read, "key_name": KEY,
    }  # fmt: skip
    return Page("tell.html", content, {"form": asked, "entries": entries}, 422 if faults else 200)


def form_content(asked: Form, told: Told, faults: tuple[Fault, ...] = ()) -> dict[str, Any]:
    """Give what a page needs to show the fields of a form, what was told, and what is wrong."""
    named = {fault.path: fault for fault in faults}
    names = set(_names(asked, told))
    return {
        "form": asked, "told": told, "faults": named,
        "elsewhere": [f for f in faults if f.path not in names],
        "groups": {one.name: _numbers(one, told) for one in asked.fields if one.fields},
        "remove_name": REMOVE,
    }  # fmt: skip


def _numbers(field: Field, told: Told) -> list[int]:
    """Give the numbers of the groups that are shown: those told, and a few more."""
    within = f"{field.name}."
    filled = {
        int(number)
        for name, value in told.items()
        if name.startswith(within) and value
        and (number := name.removeprefix(within).partition(".")[0]).isdecimal()
        and len(number) < 5
    }  # fmt: skip
    after = max(filled, default=0)
    free = max(0, min(OFFERED, field.most_groups - len(filled)))
    return [*sorted(filled)[: field.most_groups], *range(after + 1, after + 1 + free)]


def _names(asked: Form, told: Told) -> list[str]:
    """Give the names of all inputs of the page."""
    return [
        name
        for field in asked.fields
        for name in (
            [f"{field.name}.{n}.{i.name}" for n in _numbers(field, told) for i in field.fields]
            if field.fields
            else [field.name]
        )
    ]
