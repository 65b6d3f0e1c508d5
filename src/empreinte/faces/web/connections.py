"""Connections of strangers: any program of the machine may open them, none may stall the pages.

Uvicorn waits for a request for ever, and keeps what never becomes one. Here each part of an
exchange has its time, and there is always room for one more connection: that which has waited
longest without asking anything makes it.
"""

from __future__ import annotations

import asyncio
import time
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

LIMIT = 256
"""Connections that are kept; a browser opens six."""
HEADER_S = 10.0
"""Seconds in which a request's header must be there."""
BODY_S = 30.0
"""Seconds in which a body must be there; its bytes buy more, for an archive takes its time."""
BODY_BYTES_PER_S = 4096.0
"""The slowest that a body may come in the long run."""
READ_S = 30.0
"""Seconds in which who asked must read on."""
LOOKED_AT_S = 1.0


def limit() -> int:
    """Give the number of connections for which this process may open files.

    Most systems allow 256 or 1,024 files where more are to be had for the asking. Twice as many
    connections as are kept may be open for a moment, and ledgers, archives and templates need
    theirs.
    """
    try:
        import resource
    except ImportError:  # Windows counts no files
        return LIMIT
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 4 * LIMIT + 1024
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        except (OSError, ValueError):
            soft, _hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return LIMIT if soft == resource.RLIM_INFINITY else max(8, min(LIMIT, soft // 4))


def bounded(most: int) -> type[Connection]:
    """Give the protocol of a server that keeps `most` connections at a time."""
    return type("Connection", (Connection,), {"most": most})


class Connection(H11Protocol):
    """Uvicorn's connection, within bounds of time and number."""

    most = LIMIT

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(cast(asyncio.Transport, transport))
        self._since = time.monotonic()
        self._received = 0
        self._stalled: float | None = None
        self._asked: Any = None
        self._look()
        others = cast("set[Connection]", self.connections)
        if len(others) > self.most:
            longest = min((one for one in others if one.waits), key=lambda one: one._since)
            others.discard(longest)  # at once: it is lost a moment later only
            longest.transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._watch.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._received += len(data)
        super().data_received(data)
        if self.cycle is not self._asked:
            self._asked, self._received = self.cycle, 0
            self._since = time.monotonic()

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no HTTP; a request before it on the line is not answered any more."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            super().send_400_response(msg)
        else:
            self.transport.close()

    def on_response_complete(self) -> None:
        self._since = time.monotonic()
        super().on_response_complete()

    def pause_writing(self) -> None:
        self._stalled = time.monotonic()
        super().pause_writing()

    def resume_writing(self) -> None:
        self._stalled = None
        super().resume_writing()

    @property
    def waits(self) -> bool:
        """Whether nothing is asked on it, or what was answered is not read."""
        asked = self.cycle is not None and not self.cycle.response_complete
        return not asked or self._stalled is not None

    def _look(self) -> None:
        """Hang up if a part of the exchange has taken too long; else look again later."""
        if self._overdue(time.monotonic()):
            self.transport.abort()
        self._watch = self.loop.call_later(LOOKED_AT_S, self._look)

    def _overdue(self, now: float) -> bool:
        if self._stalled is not None:
            return now - self._stalled > READ_S
        if self.waits:
            return now - self._since > HEADER_S
        allowed = BODY_S + self._received / BODY_BYTES_PER_S
        return self.cycle.more_body and now - self._since > allowed
