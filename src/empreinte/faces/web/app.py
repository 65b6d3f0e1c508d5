"""The application: addresses, what answers them, and what a failure looks like."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from empreinte import api
from empreinte.errors import EmpreinteError
from empreinte.faces.web import pages, reports, uploads
from empreinte.faces.web.rendering import View, endpoint, error_page
from empreinte.faces.web.security import Guard

STATIC = Path(__file__).parent / "static"


def create_app(
    ledger: api.Ledger,
    token: str,
    host: str,
    *,
    visit: str,
    on_ready: Callable[[], None] | None = None,
) -> Guard:
    """Make the ASGI application that shows `ledger`.

    Parameters
    ----------
    ledger : Ledger
        A ledger that this process has open.
    token : str
        What the owner's commands must show.
    host : str
        ``address:port``, as browsers write it in the Host header.
    visit : str
        What the first visit must show; another secret than `token`.
    on_ready : callable, optional
        Called once the application is started, just before requests are answered.
    """
    received = uploads.Uploads(ledger)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        if on_ready is not None:
            on_ready()
        yield
        await run_in_threadpool(received.close)

    app = Starlette(
        routes=_routes(),
        lifespan=lifespan,
        exception_handlers={
            HTTPException: _refused,
            EmpreinteError: _unusable,
            Exception: _broken,
        },
    )
    app.state.ledger = ledger
    app.state.uploads = received
    return Guard(app, token, visit, host, lambda request: error_page(request, 403, ledger))


def _routes() -> list[BaseRoute]:
    return [
        *_page("/", pages.home, json="/index.json"),
        *_page("/lens/{name}", reports.lens),
        Route("/lens/{name}/answer", endpoint(reports.answer)),
        Route("/lens/{name}/networks/{id}.json", endpoint(reports.network)),
        Route("/lens/{name}/files/{file}", endpoint(reports.file)),
        Route("/ticks", endpoint(reports.tick), methods=["POST"]),
        *_page("/evidence/{id}", reports.evidence),
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
        Route("/rpc/{method}", _rpc, methods=["POST"]),
        Mount("/static", _Static(directory=STATIC)),
    ]


def _page(path: str, view: View, json: str = "") -> list[BaseRoute]:
    """Route a page and its data: the same path with ``.json`` at its end."""
    answer = endpoint(view)
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
