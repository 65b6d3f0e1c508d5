"""When the server ends: once it is told to, or once nobody has looked for hours."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.concurrency import run_in_threadpool

IDLE_S = 4 * 3600.0
"""A dashboard that nobody looks at keeps its ledger from other programs: it ends after that."""
CHECKED_S = 30.0


class Lifetime:
    """How long one run of the server lasts.

    Parameters
    ----------
    end : callable
        Ends it; what is being answered is answered first.
    idle_s : float
        Seconds without a request of the owner after which it ends; 0: never.
    """

    def __init__(self, end: Callable[[], None], idle_s: float = IDLE_S) -> None:
        self.end = end
        self._idle_s = idle_s
        self._busy = 0
        self._seen = time.monotonic()

    @contextmanager
    def serving(self) -> Iterator[None]:
        """Count a request of the owner, for as long as the block runs."""
        self._busy += 1
        try:
            yield
        finally:
            self._busy -= 1
            self._seen = time.monotonic()

    @property
    def deserted(self) -> bool:
        """Whether nobody has looked for long enough."""
        idle = time.monotonic() - self._seen
        return bool(self._idle_s) and not self._busy and idle > self._idle_s

    async def watch(self, tidy: Callable[[], bool]) -> None:
        """Look now and then whether it is time to end.

        `tidy` is called each time, in a thread; it tells whether work is under way that nobody
        has to look at.
        """
        while True:
            await asyncio.sleep(min(CHECKED_S, self._idle_s / 4 or CHECKED_S))
            working = await run_in_threadpool(tidy)
            if self.deserted and not working:
                self.end()
