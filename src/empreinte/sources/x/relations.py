"""Likes that the owner gave, and who follows whom."""

from __future__ import annotations

import html
from array import array
from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from empreinte.container import Container
from empreinte.language import Message, message
from empreinte.model import Activity, FileReport, Reject, Roster, Yielded
from empreinte.sources.x.files import ROSTERS
from empreinte.sources.x.reading import PLATFORM, Archive, Reading

PIECE = 50_000
"""Members of one `Roster` record."""

Id: TypeAlias = str | int | None


class _Like(msgspec.Struct, gc=False):
    tweetId: Id = None  # noqa: N815 - the platform's name
    fullText: str | None = None  # noqa: N815
    expandedUrl: str | None = None  # noqa: N815


class _LikeItem(_Like, gc=False):
    like: _Like | None = None


class _Person(msgspec.Struct, gc=False):
    accountId: Id = None  # noqa: N815


class _RosterItem(_Person, gc=False):
    follower: _Person | None = None
    following: _Person | None = None


def likes(reading: Reading) -> Iterator[Activity | Reject]:
    """Read the likes given. They bear no date: `published` is not known.

    The id of the post liked tells when that post was written (`dates.snowflake_date`), which is
    the earliest that the like can have been given.
    """
    owner = reading.archive.owner
    for place, item in reading.items(_LikeItem):
        if isinstance(item, Reject):
            yield item
            continue
        like = item.like or item
        if not like.tweetId:
            reason = message("A like without the id of a post; it is kept as it is.")
            yield reading.reject(place, reason)
            continue
        text = like.fullText
        yield Activity(
            platform=PLATFORM, type="Like", actor_id=owner, object_id=str(like.tweetId),
            content=html.unescape(text) if text and "&" in text else text or None,
            url=like.expandedUrl, file=reading.name, place=place,
        )  # fmt: skip


def roster(
    archive: Archive, export: Container, kind: str, names: list[str], missing: bool
) -> Iterator[Yielded]:
    """Read all parts of a list of followers (or followed) as one dated set.

    An incomplete list would make those who are not in it look as if they had left: if a part is
    `missing`, cut or damaged, none of it is kept and the report says so. Single records that
    cannot be read are rejected and the rest is kept.

    Ids are held as 64-bit numbers (8 bytes each) until the list is known to be whole.
    """
    members = array("Q")
    readings = [Reading(archive, export, name) for name in names]
    for reading in readings:
        yield from _members(reading, members)
    cause = _incomplete(readings, archive, missing)
    if cause is not None:
        for reading in readings:
            reason = export.unread.get(reading.name, cause)
            yield FileReport(name=reading.name, status="failed", records=reading.met, reason=reason)
        return
    yield from (reading.report() for reading in readings)
    for start in range(0, max(len(members), 1), PIECE):
        yield Roster(
            platform=PLATFORM, account_id=str(archive.owner), name=ROSTERS[kind],
            observed=archive.observed, members=tuple(map(str, members[start : start + PIECE])),
            file=names[0], place=start,
        )  # fmt: skip


def _members(reading: Reading, members: array[int]) -> Iterator[Reject]:
    for place, item in reading.items(_RosterItem):
        if isinstance(item, Reject):
            yield item
            continue
        person = item.follower or item.following or item
        member = str(person.accountId)
        if member.isascii() and member.isdigit() and len(member) < 20:
            members.append(int(member))
        else:
            reason = message("Someone without a numeric id; the item is kept as it is.")
            yield reading.reject(place, reason)


def _incomplete(readings: list[Reading], archive: Archive, missing: bool) -> Message | None:
    if archive.owner is None:
        return message(
            "The archive does not say whose list this is: account.js is not in it. Add that file "
            "and import again."
        )
    if not missing and not any(reading.failure for reading in readings):
        return None
    return message(
        "The list is not whole: it is damaged, or a part of it is missing. Accounts that are not "
        "in it would look as if they had left, so none of it was kept. Ask for the archive again."
    )
