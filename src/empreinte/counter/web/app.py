"""The application: who is answered, by which view, and with which headers."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import hmac
from collections.abc import AsyncIterator, Awaitable, Callable

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from empreinte.counter.book import Book
from empreinte.counter.web import counter, public, rendering
from empreinte.counter.web.answering import Desk, address_of, wrong
from empreinte.errors import CounterError
from empreinte.language import _, speaking

HEADERS = {
    "Content-Security-Policy": rendering.CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BODY_LIMIT = 64 << 10
SETTLE_S = 600
"""Seconds between two looks at what is to be erased, where nobody writes."""

View = Callable[[Request], Awaitable[Response]]


def create_app(desk: Desk) -> ASGIApp:
    """Make the application of one shop."""

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
        await answer_guarded(app, scope, receive, send)

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


async def answer_guarded(app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
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
