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

_HOLDS = """
    select exists(from posts where in_scope)
        or exists(from acts where in_window(published))
        or exists(from traces where in_scope)
        or exists(from orders where in_scope)
        or exists(from readings where in_window(observed))
        or exists(from imports where in_window(observed)) as holds
"""
"""Whether anything at all is of the period; what has no date is of none."""


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
        if tables is not None and not tables.sql(_HOLDS).column("holds")[0].as_py():
            period = Period.EMPTY
    token = _period.set(period)
    try:
        with speaking(scope.language, scope.timezone):
            yield
    finally:
        _period.reset(token)


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
