"""What all views share: the desk, forms and pages, and where they lead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from empreinte.counter.book import Book
from empreinte.counter.limits import Limit
from empreinte.counter.web import rendering
from empreinte.language import current

FIELDS = 500
"""Fields that a form may have."""


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
