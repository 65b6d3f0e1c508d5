"""The records of one part of the export, whatever variant they come from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Literal

from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.model import Account, Reject, Roster, Yielded
from empreinte.sources.tiktok.records import PLATFORM, READERS, Where, person
from empreinte.sources.tiktok.sections import RECORDS, Renaming, meant

PIECE = 50_000
"""Members of one `Roster` record."""
_ROSTERS: dict[str, Literal["followers", "following"]] = {
    "followers": "followers", "following": "following",
}  # fmt: skip


class Part:
    """Reads the records of a part one after the other.

    Parameters
    ----------
    kind : str
        A key of `sections.RECORDS`.
    name : str
        What the export calls it, for drift.
    """

    def __init__(self, kind: str, name: str, owner: str, file: str, observed: datetime) -> None:
        self.kind = kind
        self.watch = Watch(RECORDS[kind], prefix=f"{name}: ")
        self.met = 0
        self._at = Where(owner, file, 0, observed, self.watch)
        self._read = READERS[kind]
        self._rename = Renaming()
        self._whole = True
        self._members: dict[str, None] = {}

    def record(self, record: dict[str, Any], raw: Callable[[], str]) -> list[Yielded]:
        """Read one record, whose text is `raw`; a broken one is given as a `Reject`."""
        shape = self._rename.shape(record)
        self.watch.see(shape.all)
        fields = meant(record, shape)
        owner, file, _place, observed, watch = self._at
        at = Where(owner, file, self.met, observed, watch)
        self.met += 1
        found: list[Yielded]
        try:
            found = self._read(fields, at)
        except RecordError as error:
            found = [Reject(file=file, place=at.place, reason=error.message, raw=raw())]
        if self.kind in _ROSTERS:
            self._member(fields, at, found)
        return found

    def lost(self, reason: Any, raw: str) -> Reject:
        """Give what could not even be decoded."""
        self._whole = False
        self.met += 1
        return Reject(file=self._at.file, place=self.met - 1, reason=reason, raw=raw)

    def end(self) -> Iterator[Yielded]:
        """Give the roster of a list of people that came to its end with every name known.

        Whoever is not in a list that was cut would look as if they had left.
        """
        if self.kind not in _ROSTERS or not self._whole:
            return
        members = tuple(self._members)
        for start in range(0, len(members) or 1, PIECE):
            yield Roster(
                platform=PLATFORM, account_id=self._at.owner, name=_ROSTERS[self.kind],
                observed=self._at.observed, members=members[start : start + PIECE],
                file=self._at.file, place=start,
            )  # fmt: skip

    def _member(self, fields: dict[str, Any], at: Where, found: list[Yielded]) -> None:
        """Keep who is in the list, even where the date is broken."""
        first = found[0]
        try:
            if not isinstance(first, Account):
                first = person(fields.get("user"), at.file, at.place)
            self._members[first.id] = None
        except RecordError:
            self._whole = False
