"""Starting the server: one ledger, one loopback address, two names and two secrets."""

from __future__ import annotations

import ctypes
import html
import ipaddress
import os
import secrets
import shutil
import signal
import socket
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from empreinte import api
from empreinte.errors import UsageError
from empreinte.faces.web import connections
from empreinte.faces.web.lifetime import IDLE_S, Lifetime
from empreinte.faces.web.security import Keys

ARENA_MAX = -8
"""``M_ARENA_MAX`` of glibc's ``malloc.h``."""


def serve(
    path: str | Path | None,
    *,
    host: str = "127.0.0.1",
    port: int = 0,
    plain: bool = False,
    idle_hours: float = IDLE_S / 3600,
    open_browser: bool = True,
    on_ready: Callable[[str], None] | None = None,
    made_up: bool = False,
    back: str = "",
) -> None:
    """Show the ledger at `path` in the browser until the process is told to end.

    Parameters
    ----------
    path : str, Path or None
        The ledger's file; ``None`` is the default one.
    host : str
        A loopback address (``127.0.0.1``, ``::1`` or ``localhost``); no other is accepted.
    port : int
        0 takes a free one.
    plain : bool
        Show the pages under that address, and not under a name of their own: for browsers that
        do not find ``NAME.localhost``. Their cookie is then sent to other ports of it too.
    idle_hours : float
        Hours without a visit after which it ends; 0: never.
    open_browser : bool
        Open the address in the owner's browser.
    on_ready : callable, optional
        Called with the address of the first visit, which holds its secret.
    made_up : bool
        Say on every page that the ledger is a made-up person's.
    back : str
        Where such a page leads back to: the owner's own pages.

    Raises
    ------
    UsageError
        If `host` is not loopback, the port is taken, or another server owns the ledger.
    LedgerBusy
        If another process has the ledger open.
    """
    import uvicorn

    from empreinte.faces.web.app import create_app
    from empreinte.faces.web.rendering import Shown

    _share_arenas()
    with (
        _unwinding(),
        _listen(host, port) as listener,
        api.open_ledger(path) as ledger,
        _private_folder() as folder,
    ):
        if ledger.remote:
            raise UsageError(
                "Your data is already shown at {address}. Open that page, or stop that server.",
                address=ledger.owner,
            )
        address = _authority(listener)
        keys = Keys(address if plain else own_name(address), address)

        def way_in() -> api.WayIn:
            return api.WayIn(keys.first_visit, str(_leading_page(folder, keys.first_visit)))

        def ready() -> None:
            if on_ready is not None:
                on_ready(keys.first_visit)
            if open_browser:
                webbrowser.open(Path(way_in().page).as_uri())

        def end() -> None:
            server.should_exit = True

        lifetime = Lifetime(end, idle_hours * 3600)
        most = connections.limit()
        server = uvicorn.Server(
            uvicorn.Config(
                create_app(
                    ledger,
                    keys,
                    lifetime,
                    on_ready=ready,
                    way_in=way_in,
                    shown=Shown(back) if made_up else None,
                ),
                http=connections.bounded(most),
                ws="none",
                backlog=most,
                log_level="error",
                access_log=False,
                server_header=False,
                proxy_headers=False,
                lifespan="on",
                timeout_graceful_shutdown=3,
            )
        )
        with api.serve_claim(ledger.path, f"http://{address}", keys.token):
            server.run(sockets=[listener])


def _share_arenas() -> None:
    """Have the threads of this process take memory from two places, where glibc gives it.

    It gives eight to a processor, and what a thread leaves in one is of no use to another: 50
    clients of 100,000 posts took 560 to 620 MB, and 530 to 565 with two.
    """
    with suppress(OSError, AttributeError, TypeError):  # another system has no such call
        ctypes.CDLL(None).mallopt(ARENA_MAX, 2)


@contextmanager
def _unwinding() -> Iterator[None]:
    """Have what ends this process end the block first, so that nothing it made is left.

    Uvicorn finishes at SIGTERM, and then gives itself the signal anew: unheeded, it would end
    the process on the spot. SIGHUP (the terminal was closed), unless it is ignored as under
    ``nohup``, is taken for SIGTERM.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def unwind(number: int, _frame: object) -> None:
        raise SystemExit(128 + number)

    before = {signal.SIGTERM: signal.signal(signal.SIGTERM, unwind)}
    hangup = getattr(signal, "SIGHUP", None)  # Windows has none
    if hangup is not None and signal.getsignal(hangup) is not signal.SIG_IGN:
        before[hangup] = signal.signal(hangup, lambda *_: signal.raise_signal(signal.SIGTERM))
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def own_name(address: str) -> str:
    """Make up a name for the pages of one run, with the port of `address`.

    Browsers take ``*.localhost`` for this machine without asking anybody (RFC 6761, section 6.3).
    """
    return f"empreinte-{secrets.token_hex(8)}.localhost:{address.rpartition(':')[2]}"


@contextmanager
def _private_folder() -> Iterator[Path]:
    """Make a folder that only the owner can enter, for as long as the block runs."""
    sweep(Path(tempfile.gettempdir()))
    folder = Path(tempfile.mkdtemp(prefix=f"empreinte-{os.getpid()}-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(folder: Path) -> None:
    """Remove the private folders that servers of this user left which were killed."""
    if os.name != "posix":  # elsewhere there is no asking whether a process lives
        return
    for left in folder.glob("empreinte-*-*"):
        number = left.name.split("-")[1]
        if not number.isdecimal() or not left.is_dir() or left.is_symlink():
            continue
        try:
            os.kill(int(number), 0)
        except ProcessLookupError:
            if left.stat().st_uid == os.getuid():
                shutil.rmtree(left, ignore_errors=True)
        except (OSError, OverflowError):
            continue


def _leading_page(folder: Path, address: str) -> Path:
    """Write a page that leads to `address`, and that only the owner can read.

    The command line of a browser can be read by any user of the machine: it is given this file.
    """
    file = folder / f"{secrets.token_hex(8)}.html"  # one a visit: it may be read at any time
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as out:
        out.write(
            '<!DOCTYPE html><meta charset="utf-8"><title>Empreinte</title>'
            '<meta name="referrer" content="no-referrer">'
            f'<meta http-equiv="refresh" content="0; url={html.escape(address)}">\n'
        )
    return file


def _listen(host: str, port: int) -> socket.socket:
    address = "127.0.0.1" if host == "localhost" else host
    try:
        loopback = ipaddress.ip_address(address).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise UsageError(
            "{host} is not an address of this computer alone. Your data is shown on "
            "127.0.0.1 or ::1 only.",
            host=host,
        )
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    if not 0 <= port <= 65_535:
        raise UsageError("{port} is no port: give a number from 0 to 65535.", port=port)
    try:
        return socket.create_server((address, port), family=family)
    except OSError as error:
        raise UsageError(
            "Port {port} cannot be used ({cause}). Choose another, or 0 for any free one.",
            port=port,
            cause=error,
        ) from error


def _authority(listener: socket.socket) -> str:
    """Give ``address:port`` as it stands in the Host header."""
    address, port = listener.getsockname()[:2]
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"
