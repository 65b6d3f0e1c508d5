"""The page that fills in a shop's file: on the owner's own computer, under a secret address."""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from empreinte.counter import filling, shop
from empreinte.counter.web import rendering
from empreinte.counter.web.app import answer_guarded
from empreinte.errors import Fault, FormError, UsageError
from empreinte.language import current, speaking

FIELDS = 5_000


def create_app(path: Path, secret: str) -> ASGIApp:
    """Make the application that fills in one file."""

    async def answer(request: Request) -> Response:
        if not hmac.compare_digest(request.path_params["secret"].encode(), secret.encode()):
            raise HTTPException(404)
        accepted = request.headers.get("accept-language", "")
        with speaking(rendering.spoken(request.query_params.get("lang", ""), accepted)):
            if request.method == "GET":
                return _page(request, path, await run_in_threadpool(filling.texts, path))
            told = await request.form(max_files=0, max_fields=FIELDS)
            given = filling.filled({name: str(value) for name, value in told.items()})
            try:
                await run_in_threadpool(filling.write, path, given)
            except FormError as error:
                return _page(request, path, given, error.faults, 422)
            except UsageError as error:
                return _page(request, path, given, [Fault("", "", error.message)], 409)
            return _page(request, path, filling.texts(path), said=True)

    app = Starlette(routes=[Route("/f/{secret}", answer, methods=["GET", "POST"])])

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        await answer_guarded(app, scope, receive, send)

    return guarded


def _page(
    request: Request, path: Path, told: Mapping[str, str], faults: Sequence[Fault] = (),
    status: int = 200, said: bool = False,
) -> Response:  # fmt: skip
    form = shop.form()
    numbers: dict[str, Any] = {}
    for field in form.fields:
        if field.kind == "groups":
            known = {name.split(".")[1] for name in told if name.startswith(f"{field.name}.")}
            numbers[field.name] = range(1, len(known) + filling.MORE + 1)
    other = "en" if current() == "fr" else "fr"
    text = rendering.render(
        "filling.html", form=form, told=told, numbers=numbers, path=path, said=said,
        faults={fault.path: fault for fault in faults}, shop={"name": str(path)},
        here=f"{request.url.path}?lang={current()}", other=f"{request.url.path}?lang={other}",
    )  # fmt: skip
    return HTMLResponse(text, status, {"Cache-Control": "no-store"})
