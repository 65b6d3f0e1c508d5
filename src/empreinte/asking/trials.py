"""Trials drawn by lot: told before they begin, never anew, their lots from the hash of it.

Nobody can choose what the lot gives, for it follows from the hash of the entry; and a trial that
was told on its first day or later, or that shares a day with one told before, does not count.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar
from zoneinfo import ZoneInfo

from empreinte.forms import Field
from empreinte.language import _, day

if TYPE_CHECKING:
    import numpy as np

    from empreinte.plugins import Tables

AHEAD = 366
"""Days within which a trial that is told begins."""
TOLD = """select key, fields, told, hash from entries
    where asker = $asker and form = $form and teller = 'owner' order by told, key"""


@dataclass(frozen=True)
class Drawn:
    """What all trials have.

    Attributes
    ----------
    told : date
        The day on which it was told, where the owner is.
    counts : bool
        Whether it was told before it began, and has no day in common with one told earlier.
    """

    key: str
    first: date
    told: date
    hash: str
    counts: bool = field(default=True, kw_only=True)

    @property
    def last(self) -> date:
        """The last day."""
        raise NotImplementedError

    def dice(self, use: int) -> np.random.Generator:
        """Give dice that fall the same each time."""
        import numpy as np

        return np.random.default_rng([int(self.hash[:15], 16), use])


_Trial = TypeVar("_Trial", bound=Drawn)


def trials(
    tables: Tables, asker: str, form: str, timezone: str, make: Callable[..., _Trial]
) -> list[_Trial]:
    """Give the trials in the order in which they were told.

    `make` is given key, first, told and hash, and all that was told beside the first day.
    """
    found: list[_Trial] = []
    for row in tables.sql(TOLD, asker=asker, form=form).to_pylist():
        fields, told = json.loads(row["fields"]), row["told"]
        told = (told if told.tzinfo else told.replace(tzinfo=UTC)).astimezone(ZoneInfo(timezone))
        first = date.fromisoformat(fields.pop("first"))
        one = make(key=row["key"], first=first, told=told.date(), hash=row["hash"], **fields)
        apart = all(
            one.last < other.first or one.first > other.last for other in found if other.counts
        )
        found.append(replace(one, counts=one.told < one.first and apart))
    return found


def standing(told: Sequence[Drawn]) -> str:
    """Say of the trial that was told last whether it counts; nothing if none was told."""
    if not told:
        return ""
    last, words = told[-1], {"first": day(told[-1].first), "last": day(told[-1].last)}
    if last.counts:
        return _("Told last: a trial from {first} to {last}. It counts.").format(**words)
    for one in told[:-1]:
        if one.counts and one.first <= last.last and last.first <= one.last:
            return _(
                "Told last: a trial from {first} to {last}. It does not count, because it shares "
                "days with the one from {begins} to {ends}, which goes on as it was told."
            ).format(begins=day(one.first), ends=day(one.last), **words)
    return _(
        "Told last: a trial from {first} to {last}. It does not count: it was told too late."
    ).format(**words)


def first_day(timezone: str) -> Field:
    """Ask for the first day: tomorrow at the earliest."""
    today = datetime.now(UTC).astimezone(ZoneInfo(timezone)).date()
    least, most = ((today + timedelta(days=n)).isoformat() for n in (1, AHEAD))
    return Field(
        name="first", label=_("First day"), kind="date", required=True, least=least, most=most
    )
