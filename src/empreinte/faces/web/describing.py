"""The page on which the owner says what a dropped table is that no source knows."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from empreinte import forms
from empreinte.errors import Fault, FormError
from empreinte.faces.presenting.forms import texts
from empreinte.faces.web.rendering import Page, redirect
from empreinte.faces.web.telling import form_content, told_by
from empreinte.faces.web.uploads import Upload, Uploads
from empreinte.language import current
from empreinte.plugins import Unknown


def describe(request: Request) -> Page:
    """Show the first rows of a table and what its columns are taken for."""
    _upload, what = _asked(request)
    return _page(request, what, texts(what.form, what.guess))


def keep(request: Request) -> Page | Response:
    """Keep what is said of the table and import it, or show what does not fit."""
    upload, what = _asked(request)
    uploads: Uploads = request.app.state.uploads
    told = told_by(request.state.items)
    # What the page showed and does not send was taken away: the guess must not bring it back.
    blank = dict.fromkeys(forms.over(what.guess, {}), "")
    try:
        uploads.describe(upload, what, {**blank, **told}, current())
    except FormError as error:
        return _page(request, what, told, error.faults)
    return redirect("/imports")


def _asked(request: Request) -> tuple[Upload, Unknown]:
    """Give the upload and the first of its tables that is still unknown; 404 if none is."""
    uploads: Uploads = request.app.state.uploads
    upload = uploads.get(request.path_params["id"], "done")
    for what in uploads.unknown(upload, current()):
        return upload, what
    raise HTTPException(404)


def _page(
    request: Request, what: Unknown, told: dict[str, Any], faults: tuple[Fault, ...] = ()
) -> Page:
    once = replace(what.form, series=False)
    content = form_content(once, told, faults)
    return Page("describe.html", {**content, "what": what}, what, 422 if faults else 200)
