"""Answers that are kept, and found once however many ask for them at the same time."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError, Future
from threading import BoundedSemaphore, Lock
from typing import Any

KEPT = 32
AT_ONCE = 2
"""Answers that are worked out at the same time; each may take hundreds of megabytes."""

Key = tuple[int, Hashable]


class Answers:
    """The latest answers by question, for the present state of a ledger; shared by threads.

    Who asks what another thread is working out waits for its answer, or its error. An error is
    not kept: who asks later tries again. With the first question of a new state what was kept of
    the old one is let go, so that nothing erased stays in memory.

    Parameters
    ----------
    kept : int
        Answers that are kept, the latest used.
    at_once : int
        Answers that are worked out at the same time; the others wait for a place.
    """

    def __init__(self, kept: int = KEPT, at_once: int = AT_ONCE) -> None:
        self._size = kept
        self._state = 0
        self._kept: OrderedDict[Key, Any] = OrderedDict()
        self._sought: dict[Key, Future[Any]] = {}
        self._lock = Lock()
        self._places = BoundedSemaphore(at_once)

    def get(self, state: int, question: Hashable, find: Callable[[], Any]) -> Any:
        """Give the answer kept for `question`, or the one being found, or find it.

        `state` grows with each change of what is asked. `find` must not ask for another answer:
        it would wait for a place while it has one.
        """
        key = (state, question)
        while True:
            self.turn(state)
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return self._kept[key]
                sought = self._sought.get(key)
                if sought is None:
                    mine: Future[Any] = Future()
                    self._sought[key] = mine
                    break
            try:
                return sought.result()
            except CancelledError:
                pass  # who was finding it was interrupted: that is no answer for us
        return self._find(key, find, mine)

    def known(self, state: int, question: Hashable) -> Any | None:
        """Give the answer kept for `question`, ``None`` where it is still to be found."""
        with self._lock:
            return self._kept.get((state, question))

    def turn(self, state: int) -> None:
        """Let go of what was kept of the states before this one."""
        with self._lock:
            if state > self._state:
                self._state = state
                self._kept.clear()

    def _find(self, key: Key, find: Callable[[], Any], told: Future[Any]) -> Any:
        try:
            with self._places:
                answer = find()
        except BaseException as error:
            with self._lock:
                del self._sought[key]
            if isinstance(error, Exception):
                told.set_exception(error)
            else:
                told.cancel()
            raise
        with self._lock:
            del self._sought[key]
            if key[0] == self._state:
                self._kept[key] = answer
                while len(self._kept) > self._size:
                    self._kept.popitem(last=False)
        told.set_result(answer)
        return answer
