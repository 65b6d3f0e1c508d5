"""Starting the counter: one shop's file, one folder, one address."""

from __future__ import annotations

import base64
import os
import secrets
import socket
import threading
from collections.abc import Callable
from pathlib import Path

from empreinte.counter import mail, shop
from empreinte.counter.book import Book
from empreinte.counter.web.answering import Desk
from empreinte.counter.web.app import create_app
from empreinte.errors import UsageError

FILE, SECRET = "counter.db", "counter.secret"
WAITING = 1000
"""Requests that are served at once; who comes then is told to come again."""


def serve(
    told: Path,
    folder: Path,
    *,
    host: str = "127.0.0.1",
    port: int = 8410,
    proxied: bool = False,
    key: Path | None = None,
    on_ready: Callable[[str, str], None] | None = None,
) -> None:
    """Serve a shop until the process is told to end.

    Parameters
    ----------
    told : Path
        ``shop.toml``.
    folder : Path
        Where its one file and the secret of its counter page lie.
    host, port
        Where it listens; TLS is the proxy's, before it.
    proxied : bool
        Whether a proxy stands before it and tells whose address asks (``X-Forwarded-For``).
    key : Path, optional
        The secret key, to show names on the counter page: on the shop's own computer alone.
    on_ready : callable, optional
        Called with the addresses of the public page and of the counter page.

    Raises
    ------
    UsageError
        If the shop's file does not fit, or the address cannot be used.
    """
    import uvicorn

    listener = _listen(host, port)
    book, secret = opened(told, folder)
    tell = mail.send if book.shop.smtp_host and book.shop.mail else None
    desk = Desk(book, secret, read_key(key) if key else b"", proxied, tell)
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(desk), ws="none", log_level="error",
            access_log=False, server_header=False, proxy_headers=False, lifespan="on",
            limit_concurrency=WAITING, timeout_keep_alive=5, timeout_graceful_shutdown=3,
        )
    )  # fmt: skip
    base = book.shop.address or f"http://{host}:{port}"
    if on_ready is not None:
        threading.Thread(
            target=_when_started, args=(server, on_ready, base, secret), daemon=True
        ).start()
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()
        book.close()


def fill(path: Path, *, port: int = 0, on_ready: Callable[[str], None] | None = None) -> None:
    """Serve the page that fills in a shop's file, on this computer alone, until it is ended.

    Raises
    ------
    UsageError
        If the file is there and is not TOML, or the port is taken.
    """
    import uvicorn

    from empreinte.counter.filling import texts
    from empreinte.counter.web.filling import create_app as create_filling

    texts(path)
    listener = _listen("127.0.0.1", port)
    secret = secrets.token_urlsafe(24)
    config = uvicorn.Config(
        create_filling(path, secret), ws="none", log_level="error", access_log=False,
        server_header=False, proxy_headers=False, timeout_graceful_shutdown=3,
    )  # fmt: skip
    server = uvicorn.Server(config)
    if on_ready is not None:
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/f/{secret}"
        threading.Thread(
            target=_when_started, args=(server, lambda *_: on_ready(address), "", ""), daemon=True
        ).start()
    try:
        server.run(sockets=[listener])
    finally:
        listener.close()


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=WAITING)
    except OSError as error:
        raise UsageError(
            "{host}:{port} cannot be listened on ({cause}). Choose another port.",
            host=host, port=port, cause=error,
        ) from error  # fmt: skip


def _when_started(
    server: object, on_ready: Callable[[str, str], None], base: str, secret: str
) -> None:
    import time

    while not getattr(server, "started", False):
        if getattr(server, "should_exit", False):
            return
        time.sleep(0.05)
    on_ready(f"{base}/", f"{base}/c/{secret}")


def opened(told: Path, folder: Path) -> tuple[Book, str]:
    """Open the book of a shop, and give the secret of its counter page, made the first time."""
    read = shop.read(told)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return Book(read, folder / FILE), secret_of(folder)


def secret_of(folder: Path) -> str:
    """Give the secret of the counter page; deleting its file makes another one."""
    file = folder / SECRET
    if not file.exists():
        write_private(file, secrets.token_urlsafe(24) + "\n")
    return file.read_text(encoding="ascii").strip()


def write_private(file: Path, text: str) -> None:
    """Write a file that is not there yet and that its owner alone can read.

    Raises
    ------
    UsageError
        If it is there.
    """
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise UsageError("{path} is there already: it is not written over.", path=file) from error
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(text)


def read_key(file: Path) -> bytes:
    """Read a secret key.

    Raises
    ------
    UsageError
        If there is none.
    """
    try:
        key = base64.b64decode(file.read_text(encoding="ascii").strip(), validate=True)
    except (OSError, ValueError) as error:
        raise UsageError("{path} is no secret key ({cause}).", path=file, cause=error) from error
    if len(key) != 32:
        raise UsageError("{path} is no secret key ({cause}).", path=file, cause=len(key))
    return key
