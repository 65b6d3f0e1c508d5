"""Who may speak to the server: the owner's browser and commands, nobody else.

Everything passes through `Guard`. A request is answered only if its Host is one of the server's
own (a name rebound to 127.0.0.1 is not), if no other site sent it, and if it carries a secret: the
browser a cookie, which the first visit's secret gives, the owner's commands their own as a bearer
token. Neither secret is taken in the other's place.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from empreinte import api
from empreinte.faces.web.lifetime import Lifetime

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
BODY_LIMIT = 8 << 20
"""Bytes of a request's body, but for uploads, which keep their own limit."""

SAFE = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Keys:
    """The names one run of the server answers to, and the secrets it asks for.

    Attributes
    ----------
    name : str
        ``host:port`` of the pages, as the browser writes it in the Host header. Cookies are
        shared by all ports of a host: a name of its own keeps this one from any other server.
    address : str
        ``address:port`` for the owner's commands, which show their token.
    visit : str
        The secret of the first visit, which stands in its address.
    token : str
        The secret of the owner's commands.
    """

    name: str
    address: str
    visit: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)

    @property
    def first_visit(self) -> str:
        """The address that lets a browser in."""
        return f"http://{self.name}/?token={self.visit}"


class Guard:
    """ASGI middleware that refuses what does not come from the owner.

    Parameters
    ----------
    app : ASGI application
    keys : Keys
    lifetime : Lifetime
        Told of each request of the owner, and of nobody else's.
    refuse : callable
        Makes the page for a visitor without a secret.
    """

    def __init__(
        self, app: ASGIApp, keys: Keys, lifetime: Lifetime, refuse: Callable[[Request], Response]
    ) -> None:
        self.app = app
        self.keys = keys
        self.lifetime = lifetime
        self.refuse = refuse
        # The name keeps two servers of one host apart, and the value is not the secret, so that
        # what reads it cannot open another browser's session.
        self.cookie = f"empreinte-{keys.name.rpartition(':')[2]}"
        self.pass_value = hmac.digest(keys.visit.encode(), b"cookie", hashlib.sha256).hex()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return

        started = False

        async def send_guarded(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                headers.update(HEADERS)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        request = Request(scope, receive)
        response = self.judge(request)
        if response is not None:
            await response(scope, receive, send_guarded)
        else:
            bounded = receive if _is_upload(request) else _bounded(receive)
            with self.lifetime.serving():
                try:
                    await self.app(scope, bounded, send_guarded)
                except asyncio.CancelledError:  # the server ends, and waits no longer
                    if started:
                        raise
                    response = PlainTextResponse("The dashboard has ended.", 503)
                    await response(scope, receive, send_guarded)

    def judge(self, request: Request) -> Response | None:
        """Give the answer that ends the request here, ``None`` to let it pass."""
        hosts = request.headers.getlist("host")
        if hosts not in ([self.keys.name], [self.keys.address]):
            return PlainTextResponse("This server does not answer to that name.", 421)
        if self.foreign(request):
            return PlainTextResponse("Requests from other sites are refused.", 403)
        path = request.url.path
        if path.startswith("/static/") or _same(_bearer(request), self.keys.token):
            return None
        if path == "/rpc/alive":
            return PlainTextResponse(
                api.proof(self.keys.token, request.query_params.get("question", ""))
            )
        if path.startswith("/rpc/"):
            return PlainTextResponse("The token is missing or is not the one of this run.", 403)
        if hosts != [self.keys.name]:  # no cookie is given or taken under the address alone
            return self.refuse(request)
        if "token" in request.query_params and request.method in SAFE:
            return self.first_visit(request)
        if _same(request.cookies.get(self.cookie, ""), self.pass_value):
            return None
        if request.headers.get("sec-fetch-site") == "cross-site" and request.url.path == "/":
            # The way back from another dashboard: no strict cookie follows it, our own page leads
            # on, and shows its own first page to who has one.
            return HTMLResponse("", headers={"Refresh": "0; url=/"})
        return self.refuse(request)

    def foreign(self, request: Request) -> bool:
        """Tell whether another site sends the request.

        Under ``Referrer-Policy: no-referrer`` browsers write ``Origin: null`` on the forms of
        our own pages; Sec-Fetch-Site, which no page can forge, then tells ours from others'.
        """
        site = request.headers.get("sec-fetch-site")
        if request.method in SAFE:
            mode = request.headers.get("sec-fetch-mode")
            return site in ("cross-site", "same-site") and mode != "navigate"
        if site not in (None, "same-origin", "none"):
            return True
        origin = request.headers.get("origin")
        if origin is None or origin == "null":
            return site != "same-origin" and not _bearer(request)
        return origin != f"http://{self.keys.name}"

    def first_visit(self, request: Request) -> Response:
        """Change the secret of the address for a cookie, and take it out of the address.

        A strict cookie does not follow a redirect that another site began, and the file that
        `serve` opens counts as one: our own page then leads on.
        """
        if not _same(request.query_params["token"], self.keys.visit):
            return self.refuse(request)
        query = request.url.remove_query_params("token").query
        path = "/" + request.url.path.lstrip("/")  # "//name" would lead to another server
        response: Response = RedirectResponse(path + (f"?{query}" if query else ""), 303)
        if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            onward = response.headers["location"]
            response = HTMLResponse("", headers={"Refresh": f"0; url={onward}"})
        response.set_cookie(self.cookie, self.pass_value, httponly=True, samesite="strict")
        return response


def _bearer(request: Request) -> str:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    return value if scheme.lower() == "bearer" else ""


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "replace"), expected.encode())


def _is_upload(request: Request) -> bool:
    return request.method == "PUT" and request.url.path.startswith("/uploads/")


def _bounded(receive: Receive) -> Receive:
    """Count the bytes of a body as they come, whatever its declared length."""
    received = 0

    async def receive_bounded() -> Message:
        nonlocal received
        message = await receive()
        if message["type"] == "http.request":
            received += len(message.get("body", b""))
            if received > BODY_LIMIT:
                raise HTTPException(413)
        return message

    return receive_bounded
