"""The application: who is answered, by which view, and with which headers."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from empreinte.counter.book import Book
from empreinte.counter.limits import Limit
from empreinte.counter.web import rendering
from empreinte.errors import CounterError
from empreinte.language import _, current, speaking

HEADERS = {
    "Content-Security-Policy": rendering.CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BODY_LIMIT = 64 << 10
FIELDS = 500
SETTLE_S = 600
"""Seconds between two looks at what is to be erased, where nobody writes."""

View = Callable[[Request], Awaitable[Response]]


@dataclass
class Desk:
    """What all views share.

    Attributes
    ----------
    book : Book
    secret : str
        Stands in the address of the counter page, which is nobody else's to know.
    secret_key : bytes
        Opens contacts on the counter page: for the shop's own computer, never a public server.
    proxied : bool
        Whether a proxy stands before this server and tells whose address asks.
    tell : callable
        Sends a mail: shop, address, text.
    """

    book: Book
    secret: str
    secret_key: bytes = b""
    proxied: bool = False
    tell: Callable[..., None] | None = None
    asked: Limit = field(default_factory=lambda: Limit(20, 60))
    wrong: Limit = field(default_factory=lambda: Limit(5, 60))


def create_app(desk: Desk) -> ASGIApp:
    """Make the application of one shop."""
    from empreinte.counter.web import counter, public

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        task = asyncio.create_task(_settling(desk.book))
        yield
        task.cancel()

    app = Starlette(
        routes=[
            Route(path, _view(desk, view, shop_own=path.startswith("/c/")), methods=[method])
            for method, path, view in (*public.VIEWS, *counter.VIEWS)
        ],
        exception_handlers={HTTPException: _failed, 500: _failed},
        lifespan=lifespan,
    )
    app.state.desk = desk

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        await _guarded(app, scope, receive, send)

    return guarded


async def _settling(book: Book) -> None:
    while True:
        await run_in_threadpool(book.settle)
        await asyncio.sleep(SETTLE_S)


def _view(desk: Desk, view: View, shop_own: bool) -> View:
    """Answer in the visitor's language; a refusal of the counter becomes a page that says it."""

    @functools.wraps(view)
    async def answer(request: Request) -> Response:
        accepted = request.headers.get("accept-language", "")
        language = rendering.spoken(request.query_params.get("lang", ""), accepted)
        with speaking(language):
            if shop_own:
                _own(desk, request)
            elif request.method == "POST":
                _counted(desk, request)
            try:
                return await view(request)
            except CounterError as error:
                return wrong(request, _("This cannot be done"), error, 409)

    return answer


def _own(desk: Desk, request: Request) -> None:
    """Refuse who does not know the secret; whoever guesses is slowed down, and nobody else."""
    given = request.path_params["secret"]
    if hmac.compare_digest(given.encode(), desk.secret.encode()):
        return
    asked = address_of(request)
    if desk.wrong.passed(asked):
        raise HTTPException(429)
    desk.wrong.count(asked)
    raise HTTPException(404)


def _counted(desk: Desk, request: Request) -> None:
    asked = address_of(request)
    if desk.asked.passed(asked):
        raise HTTPException(429)
    desk.asked.count(asked)


def address_of(request: Request) -> str:
    """Give the address that asks, which is counted in memory and kept nowhere."""
    desk: Desk = request.app.state.desk
    if desk.proxied:  # the nearest proxy wrote the last of them
        return request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return request.client.host if request.client else ""


async def form(request: Request) -> dict[str, str]:
    """Give the fields of a form, the last of each name."""
    told = await request.form(max_files=0, max_fields=FIELDS)
    return {name: str(value) for name, value in told.items()}


def page(template: str, request: Request, status: int = 200, **content: Any) -> Response:
    """Fill a template with what every page needs."""
    desk: Desk = request.app.state.desk
    here = request.url.path
    language = request.query_params.get("lang")
    told: Mapping[str, Any] = {
        "shop": desk.book.shop,
        "query": f"?lang={current()}" if language else "",
        "other": f"{here}?lang={'en' if current() == 'fr' else 'fr'}",
        **content,
    }
    headers = {"Cache-Control": "no-store"}
    return HTMLResponse(rendering.render(template, **told), status, headers)


def wrong(request: Request, title: str, text: object, status: int) -> Response:
    """Say what cannot be done; the way back is to the page it came from."""
    path = request.url.path
    back = f"{path.rpartition('/')[0] or '/'}" if request.method == "POST" else "/"
    language = f"?lang={current()}" if "lang" in request.query_params else ""
    return page(
        "wrong.html", request, status, title=title, text=str(text), back=back + language,
        other=f"/?lang={'en' if current() == 'fr' else 'fr'}",
    )  # fmt: skip


def to(request: Request, path: str) -> Response:
    """Lead on to a page of ours, in the language chosen."""
    language = f"?lang={current()}" if "lang" in request.query_params else ""
    return RedirectResponse(path + language, 303)


async def _failed(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    accepted = request.headers.get("accept-language", "")
    with speaking(rendering.spoken(request.query_params.get("lang", ""), accepted)):
        match status:
            case 404 | 405:
                title, text = _("There is nothing here"), _("The address may be mistyped.")
            case 429:
                title = _("Too often")
                text = _("This was asked too often from your address. Try again in a minute.")
            case 500:
                title, text = _("This page failed"), _("Nothing was lost. Please telephone us.")
            case _:
                title = _("This cannot be asked")
                text = _("Something in the form is not as expected. Go back and try again.")
        return wrong(request, title, text, status)


async def _guarded(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Put our headers on every answer, bound what is sent, refuse forms of other sites."""
    if scope["type"] != "http":
        await app(scope, receive, send)
        return

    received = 0

    async def bounded() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > BODY_LIMIT:
            raise HTTPException(413)
        return message

    async def headed(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    request = Request(scope)
    foreign = request.headers.get("sec-fetch-site") in ("cross-site", "same-site")
    if request.method not in ("GET", "HEAD") and foreign:
        await Response("Forms of other sites are refused.", 403)(scope, receive, headed)
        return
    await app(scope, bounded, headed)
