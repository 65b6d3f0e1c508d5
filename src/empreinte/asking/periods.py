"""Why something is not known: because no archive tells it, or none in the period that was chosen.

Where a period was chosen, an archive that tells of another may be there: that it is missing, and
must be imported, would be false.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from msgspec import structs

from empreinte.asking.sections import Part
from empreinte.language import _, speaking
from empreinte.report import Scope, Value

_chosen: ContextVar[bool] = ContextVar("chosen", default=False)


@contextmanager
def asked(scope: Scope) -> Generator[None]:
    """Answer a question inside the block: in its language, by its days, and of its period."""
    token = _chosen.set(scope.since is not None or scope.until is not None)
    try:
        with speaking(scope.language, scope.timezone):
            yield
    finally:
        _chosen.reset(token)


def untold(archive: str, period: str = "") -> str:
    """Give the reason that holds for what is asked.

    Parameters
    ----------
    archive : str
        That no archive tells it: said where all of them are asked about.
    period : str
        What is said where a period was chosen, if not what is said of anything.
    """
    if not _chosen.get():
        return archive
    return period or _(
        "Your archives tell nothing of this in the period that you chose. Choose a wider one, or "
        "import an archive that does."
    )


def without(part: Part, why: str) -> Part:
    """Give one reason for all that a part misses."""

    def told(value: Value) -> Value:
        return structs.replace(value, why_missing=why) if value.value is None else value

    measures = tuple(
        structs.replace(measure, values=tuple(map(told, measure.values)))
        for measure in part.section.measures
    )
    return replace(part, section=structs.replace(part.section, measures=measures))
