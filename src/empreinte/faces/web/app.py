"""The application: addresses, what answers them, and what a failure looks like."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from anyio.to_thread import current_default_thread_limiter
from starlette.applications import Starlette
from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from empreinte import api
from empreinte.api.answers import Answers
from empreinte.errors import EmpreinteError
from empreinte.faces.web import (
    describing,
    home,
    made_up,
    pages,
    reports,
    searching,
    telling,
    uploads,
)
from empreinte.faces.web.lifetime import Lifetime
from empreinte.faces.web.rendering import Shown, View, endpoint, error_page
from empreinte.faces.web.security import Guard, Keys

THREADS = 100
"""Requests that are answered at the same time; few of them work, the others wait for those."""
STATIC = Path(__file__).parent / "static"


def create_app(
    ledger: api.Ledger,
    keys: Keys,
    lifetime: Lifetime,
    *,
    on_ready: Callable[[], None] | None = None,
    way_in: Callable[[], api.WayIn] | None = None,
    shown: Shown | None = None,
) -> Guard:
    """Make the ASGI application that shows `ledger`.

    Parameters
    ----------
    ledger : Ledger
        A ledger that this process has open.
    keys : Keys
        Whom it answers.
    lifetime : Lifetime
        How long it lasts.
    on_ready : callable, optional
        Called once the application is started, just before requests are answered.
    way_in : callable, optional
        Gives one of the owner's commands what opens a browser on the pages.
    shown : Shown, optional
        Says that the ledger is a made-up person's.
    """
    received = uploads.Uploads(ledger)
    beside = made_up.MadeUp(f"http://{keys.name}/")

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        # Those who wait for one answer each hold a thread: pages that are known stay quick.
        current_default_thread_limiter().total_tokens = THREADS
        if on_ready is not None:
            on_ready()
        watching = asyncio.create_task(lifetime.watch(received.tidy))
        yield
        watching.cancel()
        await run_in_threadpool(received.close)
        await run_in_threadpool(beside.close)

    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        exception_handlers={
            HTTPException: _refused,
            EmpreinteError: _unusable,
            ClientDisconnect: _left,
            Exception: _broken,
        },
    )
    app.state.ledger = ledger
    app.state.written = Answers()
    app.state.uploads = received
    app.state.lifetime = lifetime
    app.state.way_in = way_in
    app.state.shown = shown
    app.state.made_up = beside
    return Guard(app, keys, lifetime, lambda request: error_page(request, 403, ledger))


def _routes() -> list[BaseRoute]:
    return [
        *_page("/", home.home, json="/index.json"),
        Route("/answers", endpoint(home.answers)),
        *_page("/lens/{name}", reports.lens, kept=True),
        Route("/lens/{name}/answer", endpoint(home.answer)),
        Route("/lens/{name}/networks/{id}.json", endpoint(reports.network, kept=True)),
        Route("/lens/{name}/files/{file}", endpoint(reports.file)),
        *_page("/lens/{name}/tell/{form}", telling.form),
        Route("/lens/{name}/tell/{form}", endpoint(telling.tell, 5_000), methods=["POST"]),
        Route("/ticks", endpoint(reports.tick), methods=["POST"]),
        *_page("/evidence/{id}", reports.evidence, kept=True),
        *_page("/search", searching.search),
        Route("/made-up", endpoint(made_up.look)),
        Route("/made-up", endpoint(made_up.start), methods=["POST"]),
        *_page("/imports", pages.imports),
        *_page("/rejects", pages.rejects),
        *_page("/settings", pages.settings),
        Route("/settings", endpoint(pages.save_settings), methods=["POST"]),
        Route("/settings/language", endpoint(pages.save_language), methods=["POST"]),
        Route("/settings/accounts", endpoint(pages.accounts)),
        Route("/settings/mine", endpoint(pages.set_mine), methods=["POST"]),
        Route("/settings/forget", endpoint(pages.forget), methods=["POST"]),
        *_page("/accounts", pages.joinings),
        Route("/accounts/join", endpoint(pages.join), methods=["POST"]),
        Route("/accounts/part", endpoint(pages.part), methods=["POST"]),
        *_page("/about", pages.about),
        Route("/uploads", uploads.begin, methods=["POST"]),
        Route("/uploads/{id}", uploads.receive, methods=["PUT"]),
        Route("/uploads/{id}/import", endpoint(uploads.start), methods=["POST"]),
        Route("/uploads/{id}", endpoint(uploads.progress), methods=["GET"]),
        *_page("/uploads/{id}/describe", describing.describe),
        Route("/uploads/{id}/describe", endpoint(describing.keep, 1_000), methods=["POST"]),
        Route("/quit", _quit, methods=["POST"]),
        Route("/rpc/way_in", _way_in, methods=["POST"]),
        Route("/rpc/{method}", _rpc, methods=["POST"]),
        Mount("/static", _Static(directory=STATIC)),
    ]


def _page(path: str, view: View, json: str = "", *, kept: bool = False) -> list[BaseRoute]:
    """Route a page and its data: the same path with ``.json`` at its end."""
    answer = endpoint(view, kept=kept)
    return [Route(json or f"{path}.json", answer), Route(path, answer)]


class _Static(StaticFiles):
    """Files of the package; the browser asks each time whether they have changed."""

    def file_response(self, *args, **kwargs) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "no-cache"
        return response


async def _rpc(request: Request) -> Response:
    """Do what one of the owner's commands asks; an error goes back as data."""
    body = await request.body()
    ledger, method = request.app.state.ledger, request.path_params["method"]
    status, answer = await run_in_threadpool(api.dispatch, ledger, method, body)
    return Response(answer, status, media_type="application/json")


async def _way_in(request: Request) -> Response:
    """Give one of the owner's commands what opens a browser on these pages."""
    if request.app.state.way_in is None:
        raise HTTPException(404)
    answer = await run_in_threadpool(request.app.state.way_in)
    return Response(api.encode(answer), media_type="application/json")


async def _quit(request: Request) -> Response:
    """Say farewell, then end, once the browser has had time to fetch the page's style."""

    async def end() -> None:
        await asyncio.sleep(0.5)
        request.app.state.lifetime.end()

    response = await endpoint(pages.ended)(request)
    response.background = BackgroundTask(end)
    return response


async def _left(_request: Request, _error: Exception) -> Response:
    """Nobody reads this: who asked has gone in the middle of the question."""
    return Response(status_code=400)


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    ledger = request.app.state.ledger
    return await run_in_threadpool(error_page, request, error.status_code, ledger)


async def _unusable(request: Request, error: Exception) -> Response:
    assert isinstance(error, EmpreinteError)
    ledger = request.app.state.ledger
    return await run_in_threadpool(error_page, request, 400, ledger, error)


async def _broken(request: Request, _error: Exception) -> Response:
    ledger = request.app.state.ledger
    return await run_in_threadpool(error_page, request, 500, ledger)
