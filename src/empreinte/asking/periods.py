"""What a period that was chosen leaves of an answer: nothing, too little, or all of it.

Where a period was chosen, an archive that tells of another may be there: that it is missing, and
must be imported, would be false. That nothing is of the period is said in one sentence everywhere.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from enum import Enum

from empreinte.language import _, speaking
from empreinte.plugins import Tables
from empreinte.report import Scope

_DATED = (
    "posts where in_scope",
    "traces where in_scope",
    "acts where in_window(published)",
    "orders where in_scope",
    "readings where in_window(observed)",
    "imports where in_window(observed)",
)
"""What may be of the period; what has no date is of none. One after the other, for most owners have
posts in it: all at once took 33 ms, posts alone 10."""


class Period(Enum):
    """What is asked about: everything, or a period, of which the archives may tell nothing."""

    OPEN = "open"
    CHOSEN = "chosen"
    EMPTY = "empty"


_period: ContextVar[Period] = ContextVar("period", default=Period.OPEN)


@contextmanager
def asked(scope: Scope, tables: Tables | None = None) -> Generator[None]:
    """Answer a question inside the block: in its language, by its days, and of its period.

    Without `tables` it is not known that a period is empty.
    """
    period = Period.OPEN
    if scope.since is not None or scope.until is not None:
        period = Period.CHOSEN
        if tables is not None and not any(_has(tables, what) for what in _DATED):
            period = Period.EMPTY
    token = _period.set(period)
    try:
        with speaking(scope.language, scope.timezone):
            yield
    finally:
        _period.reset(token)


def _has(tables: Tables, what: str) -> bool:
    return bool(tables.sql(f"select exists(from {what}) as has").column("has")[0].as_py())


def period() -> Period:
    """Give what is asked about in this context."""
    return _period.get()


def nothing() -> str:
    """Say that nothing is of the period that was chosen."""
    return _(
        "Your archives tell nothing of this in the period that you chose. Choose a wider one, or "
        "import an archive that does."
    )


def untold(archive: str, some: str = "") -> str:
    """Give the reason that holds for what is asked.

    Parameters
    ----------
    archive : str
        That no archive tells it: said where all of them are asked about.
    some : str
        What is said where a period was chosen and holds something, if not that it holds nothing.
    """
    if period() is Period.OPEN:
        return archive
    return (period() is Period.CHOSEN and some) or nothing()


def whatever() -> str:
    """Say that something does not keep to the period that was chosen."""
    return _("This is not limited to the period.")
