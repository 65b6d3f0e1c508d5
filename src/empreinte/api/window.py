"""What a question is asked over: its window of time, its channels, its time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from empreinte.errors import UsageError
from empreinte.ledger.store import Store
from empreinte.report import Scope

if TYPE_CHECKING:
    import pyarrow as pa

Moment = datetime | date | str | None
EARLIEST, LATEST = 1900, 2200
"""Years that can be asked for."""


class Window:
    """The ledger's views seen through a scope: what a lens is given as its `Tables`."""

    def __init__(self, store: Store, scope: Scope) -> None:
        self._store = store
        self._scope = scope_parameters(scope)

    def sql(self, query: str, /, **parameters: Any) -> pa.Table:
        """Run a query with the scope's parameters bound."""
        return self._store.query(query, {**self._scope, **parameters}, self._scope)


def scope_parameters(scope: Scope) -> dict[str, Any]:
    """Give what queries may name: times in UTC without saying so, as the ledger keeps them."""
    return {
        "since": scope.since and scope.since.astimezone(UTC).replace(tzinfo=None),
        "until": scope.until and scope.until.astimezone(UTC).replace(tzinfo=None),
        "channels": list(scope.channels) if scope.channels is not None else None,
        "timezone": scope.timezone,
    }


def moment(given: Moment, timezone: str) -> datetime | None:
    """Read a date or a time; what says no zone is in the owner's, and a day begins there."""
    if given is None or given == "":
        return None
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError as error:
            raise UsageError(
                "{given} is not a date. Write it as 2026-03-06 or 2026-03-06T13:00+01:00.",
                given=given,
            ) from error
    if not isinstance(given, datetime):
        given = datetime(given.year, given.month, given.day)
    if given.tzinfo is None:
        given = given.replace(tzinfo=ZoneInfo(timezone))
    try:
        return given.astimezone(UTC)
    except OverflowError:  # in the year 1 or 9999
        return given.replace(tzinfo=UTC)


def period(since: Moment, until: Moment, timezone: str) -> tuple[datetime | None, datetime | None]:
    """Read a window of time.

    Raises
    ------
    UsageError
        If it ends before it begins, or lies where no calendar of ours reaches.
    """
    first, last = moment(since, timezone), moment(until, timezone)
    for given, read in ((since, first), (until, last)):
        if read and not EARLIEST <= read.year <= LATEST:
            raise UsageError(
                "{given} lies outside the years that can be asked for, {first} to {last}.",
                given=str(given), first=str(EARLIEST), last=str(LATEST),
            )  # fmt: skip
    if first and last and first >= last:
        raise UsageError(
            "The period ends ({until}) before it begins ({since}). Give an end that comes later.",
            since=str(since), until=str(until),
        )  # fmt: skip
    return first, last


def zone(name: str | None) -> str:
    """Check an IANA time zone; without one, the system's, or UTC where that has no name."""
    if name is None:
        return _system_zone()
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError) as error:
        raise UsageError(
            "{name} is not a time zone. Write it as Europe/Paris.", name=name
        ) from error
    return name


def today(timezone: str) -> date:
    """Give the day that it is in a time zone."""
    return datetime.now(ZoneInfo(timezone)).date()


def _system_zone() -> str:
    link = Path("/etc/localtime")
    target = str(link.resolve()) if link.exists() else ""
    _, found, name = target.partition("zoneinfo/")
    return name if found else "UTC"
