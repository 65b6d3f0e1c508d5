"""Who is who, and what is already known of what they did.

Profiles go by their DID, the only name that stays when someone moves or is renamed.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from empreinte.model import Account, Activity
from empreinte.sources.bluesky.syntax import PLATFORM

MAX_KNOWN = 500_000
"""Profiles remembered while one export is read; met again, further ones are only given twice."""


class Seen(msgspec.Struct, kw_only=True):
    """What one place tells of a profile; `whole` if it is the profile itself, not a mention."""

    did: str
    file: str
    place: int
    handle: str | None = None
    name: str | None = None
    summary: str | None = None
    published: datetime | None = None
    whole: bool = False


class People:
    """What is known over all files of one export: profiles, and which acts have a date.

    A profile is given when more is known of it than before. The owner's is put together from the
    repository, which has no handle, and from answers, which have; `owner_account` gives it at
    the end.
    """

    def __init__(self, owner: str | None) -> None:
        self.owner = owner
        self._own: Seen | None = None
        self._given: dict[int, int] = {}
        self._dated: set[int] = set()
        self._undated: dict[str, Activity] = {}

    def act(self, act: Activity) -> Iterator[Activity]:
        """Give an act, or hold it back if it has no date: elsewhere it may have one."""
        if act.published is None and act.id is not None:
            if len(self._undated) < MAX_KNOWN:
                self._undated[act.id] = act
                return
        elif act.type != "Like" and len(self._dated) < 2 * MAX_KNOWN:
            self._dated.add(hash(act.id))  # lists of likes tell their dates
        yield act

    def undated_acts(self) -> Iterator[Activity]:
        """Give the acts held back to which no file gave a date."""
        for name, act in self._undated.items():
            if hash(name) not in self._dated:
                yield act

    def met(self, seen: Seen) -> Iterator[Account]:
        """Give the profile if it tells more than those before it did."""
        if seen.did == self.owner:
            self._own = seen if self._own is None else _together(self._own, seen)
            return
        rank = 2 if seen.whole else int(bool(seen.handle or seen.name))
        key = hash(seen.did)
        if rank > self._given.get(key, 0):
            if len(self._given) < MAX_KNOWN:
                self._given[key] = rank
            yield _account(seen)

    def owner_account(self, file: str) -> Iterator[Account]:
        """Give the owner's profile, even if nothing but its DID is known."""
        if self.owner is not None:
            own = self._own or Seen(did=self.owner, file=file, place=0)
            account = _account(own)
            yield msgspec.structs.replace(account, is_owner=True, whole=True)


def _together(first: Seen, second: Seen) -> Seen:
    """Complete what is missing in the fuller of two readings of one profile."""
    if second.whole and not first.whole:
        first, second = second, first
    return Seen(
        did=first.did, file=first.file, place=first.place, whole=first.whole,
        handle=first.handle or second.handle, name=first.name or second.name,
        summary=first.summary or second.summary, published=first.published or second.published,
    )  # fmt: skip


def _account(seen: Seen) -> Account:
    return Account(
        platform=PLATFORM, id=seen.did, handle=seen.handle, name=seen.name,
        url=f"https://bsky.app/profile/{seen.did}", summary=seen.summary,
        published=seen.published, whole=seen.whole, file=seen.file, place=seen.place,
    )  # fmt: skip
