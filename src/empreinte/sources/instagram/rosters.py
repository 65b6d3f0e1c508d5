"""The sets of followers and followed, each in one file or several (``followers_1.json``, …)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Literal

import msgspec

from empreinte.container import Container
from empreinte.errors import RecordError
from empreinte.formats.drift import Fields, Watch
from empreinte.model import Roster, Yielded
from empreinte.sources.instagram import acts, flat, reading, traces
from empreinte.sources.instagram.kinds import KINDS
from empreinte.sources.instagram.names import PLATFORM, At
from empreinte.sources.instagram.reading import Tally, leniently
from empreinte.sources.instagram.shapes import Scalar

Set = Literal["followers", "following"]
PIECE = 50_000
"""Members of one `Roster` record."""
_LIMIT = 16 << 20
"""Bytes of a list of connections: 300,000 people; shorter names in bad faith take 300 MB."""
_NUMBER = re.compile(r"_(\d{1,4})\.(?:json|html?)$", re.IGNORECASE)


class Rosters:
    """Collects the sets.

    A set that lacks someone would make them leave. One of whose records could not be read is not
    kept, nor one whose files have a gap in their numbers.
    """

    def __init__(self) -> None:
        self._members: dict[Set, dict[str, None]] = {}
        self._files: dict[Set, list[str]] = {}
        self._torn: set[str] = set()

    def add(self, name: Set, file: str, tally: Tally) -> None:
        """Add what one file holds of a set."""
        self._members.setdefault(name, {}).update(tally.members)
        self._files.setdefault(name, []).append(file)
        if tally.lost:
            self._torn.add(name)

    def torn(self, kind: str) -> None:
        """Note that a file could not be read to its end."""
        known = KINDS.get(kind)
        if known and known.roster:
            self._torn.add(known.roster)
        elif kind == "flat/connections":
            self._torn |= {"followers", "following"}

    def is_torn(self, kind: str, file: str, tally: Tally) -> bool:
        """Tell whether the set in a file is not kept, because of the file or of a missing one."""
        known = KINDS.get(kind)
        if known and known.roster:
            return bool(tally.lost) or self._gap(known.roster)
        return bool(tally.lost) and kind == "flat/connections"

    def all(self, owner: str, observed: datetime) -> Iterator[Roster]:
        """Give the sets that are known as a whole."""
        for name, members in self._members.items():
            if name in self._torn or self._gap(name):
                continue
            listed = tuple(members)
            for start in range(0, len(listed) or 1, PIECE):
                yield Roster(
                    platform=PLATFORM, account_id=owner, name=name, observed=observed,
                    members=listed[start : start + PIECE], file=self._files[name][0], place=start,
                )  # fmt: skip

    def _gap(self, name: Set) -> bool:
        found = [_NUMBER.search(file) for file in self._files.get(name, ())]
        numbers = {int(number[1]) for number in found if number}
        return bool(numbers) and numbers != set(range(1, max(numbers) + 1))


def connections(
    export: Container, name: str, at: At, tally: Tally, rosters: Rosters
) -> Iterator[Yielded]:
    """Read who follows and is followed in the flat layout.

    Raises
    ------
    ContainerError
        If the file is not of the form expected.
    """
    data = export.read(name, _LIMIT)
    watch = Watch(Fields("", flat.CONNECTIONS))
    tally.watches.append(watch)
    found = leniently(data, flat.Connections, watch)
    watch.see(leniently(data, dict[str, msgspec.Raw], Watch(Fields())))
    sets: tuple[tuple[Set, acts.Act, dict[str, Scalar] | None], ...] = (
        ("followers", acts.follower, found.followers),
        ("following", acts.followed, found.following),
    )
    file, _place, owner, observed, visible, _watch = at
    for set_name, read, people in sets:
        part = Tally()
        for place, (who, date) in enumerate((people or {}).items(), tally.met):
            part.met += 1
            try:
                yield from flat.people(
                    who, date, At(file, place, owner, observed, visible, watch), read
                )
                part.members[who.lower()] = None
            except RecordError as error:
                part.lost += 1
                yield reading.lost({who: date}, error, name, place)
        tally.met += part.met
        tally.lost += part.lost
        if people is not None:
            rosters.add(set_name, name, part)
    followed = traces.of("activity", "username", said_in="hashtags")
    for tag, date in (found.following_hashtags or {}).items():
        try:
            yield from flat.people(tag, date, at._replace(place=tally.met, watch=watch), followed)
        except RecordError as error:
            yield reading.lost({tag: date}, error, name, tally.met)
        tally.met += 1
