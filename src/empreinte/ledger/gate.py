"""Readers and one who closes: the file is not closed under anybody who reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, get_ident


class Gate:
    """Lets any number of readers in, or one who needs the place for itself.

    Who closes waits until the readers inside have left; readers that come meanwhile wait, unless
    their thread is inside already (it would wait for itself).
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._inside: Counter[int] = Counter()
        self._closing: int | None = None

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Be inside."""
        me = get_ident()
        with self._changed:
            self._changed.wait_for(
                lambda: self._closing in (None, me) or bool(self._inside.get(me))
            )
            self._inside[me] += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside[me] -= 1
                if not self._inside[me]:
                    del self._inside[me]
                self._changed.notify_all()

    @contextmanager
    def closed(self, patience: float | None = None) -> Iterator[None]:
        """Be the only one; a thread that reads itself must not ask for it.

        With `patience`, in seconds, those who have not left by then are waited for no longer.
        """
        me = get_ident()
        with self._changed:
            self._changed.wait_for(lambda: self._closing is None, patience)
            self._closing = me
            self._changed.wait_for(lambda: not self._inside, patience)
        try:
            yield
        finally:
            with self._changed:
                self._closing = None
                self._changed.notify_all()
