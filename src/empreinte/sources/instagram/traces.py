"""What Instagram knows of the owner: interests, advertisers, searches, logins, devices, profile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.mojibake import repair
from empreinte.model import Trace, Yielded
from empreinte.sources.instagram.names import PLATFORM, At, seconds
from empreinte.sources.instagram.shapes import Item

_VALUES = 40
_LETTERS = 300
PRIVATE = ("cookie", "device_id", "port", "time")
"""Of a login: what could be used to pass for the owner, or says nothing."""


def trace(
    kind: str, label: str | None, item: Item, at: At, *, left_out: tuple[str, ...] = (),
    more: dict[str, str] | None = None,
) -> Trace:  # fmt: skip
    """Make a trace of a record: its label, its date, and all else that it says.

    Raises
    ------
    RecordError
        If it has no label.
    """
    if not label:
        raise RecordError("The item says nothing of what it is about.")
    detail = {
        name: text[:_LETTERS] for name, text in list(item.texts.items())[:_VALUES]
        if name not in (*left_out, "time") and text != label
    } | (more or {})  # fmt: skip
    return Trace(
        platform=PLATFORM, account_id=at.owner, kind=kind, label=label[:_LETTERS * 4],
        at=item.date(), detail=detail or None, file=at.file, place=at.place,
    )  # fmt: skip


def of(kind: str, *meanings: str, said_in: str) -> Callable[[Item, At], list[Yielded]]:
    """Make the reader of records whose label is the first of some meanings, else their title.

    `said_in` is kept beside it: from which list it comes.
    """

    def read(item: Item, at: At) -> list[Yielded]:
        label = item.first(*meanings) or item.title
        if label is None and len(item.texts) == 1:
            (label,) = item.texts.values()  # a label in a language that nobody taught us
        return [trace(kind, label, item, at, more={"from": said_in})]

    return read


def session(event: str) -> Callable[[Item, At], list[Yielded]]:
    """Make the reader of logins, logouts and the like."""

    def read(item: Item, at: At) -> list[Yielded]:
        label = item.first("ip", "user_agent", "device") or item.title
        return [trace("login", label, item, at, left_out=PRIVATE, more={"event": event})]

    return read


def device(item: Item, at: At) -> list[Yielded]:
    """Read a device on which Instagram was used."""
    label = item.first("user_agent", "device", "name", "value") or item.title
    return [trace("device", label, item, at, left_out=PRIVATE)]


def profile_change(item: Item, at: At) -> list[Yielded]:
    """Read a change of the profile: which part, from what, to what."""
    label = item.first("changed") or item.title
    return [trace("profile", label, item, at, more={"from": "changes"})]


def known(kind: str, said_in: str) -> Callable[[Item, At], list[Yielded]]:
    """Make the reader of a record that lists several things, each under a label of its own."""

    def read(item: Item, at: At) -> list[Yielded]:
        found = [(name, text) for name, text in item.texts.items() if name != "time"]
        if not found:
            raise RecordError("The item says nothing of what it is about.")
        return [
            Trace(
                platform=PLATFORM, account_id=at.owner, kind=kind, label=text[: _LETTERS * 4],
                detail={"from": said_in, "field": name}, file=at.file, place=at.place,
            )
            for name, text in found[:_VALUES]
        ]  # fmt: skip

    return read


class Advertiser(msgspec.Struct, gc=False):
    """Who uses a list of their own in which the owner stands."""

    advertiser_name: str | None = None
    has_data_file_custom_audience: bool | None = None
    has_remarketing_custom_audience: bool | None = None
    has_in_person_store_visit: bool | None = None


_USES = {
    "has_data_file_custom_audience": "list", "has_remarketing_custom_audience": "remarketing",
    "has_in_person_store_visit": "store visit",
}  # fmt: skip


def advertiser(one: Advertiser, at: At) -> list[Yielded]:
    """Read an advertiser, and what it uses to reach the owner.

    Raises
    ------
    RecordError
        If it has no name.
    """
    if not one.advertiser_name:
        raise RecordError("The item does not say who it is about.")
    uses = [use for field, use in _USES.items() if getattr(one, field)]
    return [Trace(
        platform=PLATFORM, account_id=at.owner, kind="advertiser",
        label=repair(one.advertiser_name)[: _LETTERS * 4], detail={"uses": uses},
        file=at.file, place=at.place,
    )]  # fmt: skip


class Event(msgspec.Struct, gc=False):
    """What an app or a shop told Meta."""

    type: str | None = None
    timestamp: str | int | float | None = None


def _when(event: Event, at: At) -> datetime | None:
    try:
        return seconds(event.timestamp)
    except RecordError:
        if at.watch is not None:
            at.watch.bad("events.timestamp", event.timestamp)
        return None


class OffMeta(msgspec.Struct, gc=False):
    """An app or a website that told Meta what the owner did there."""

    name: str | None = None
    events: list[Event] | None = None


def off_meta(one: OffMeta, at: At) -> list[Yielded]:
    """Read what one app or website told Meta.

    Raises
    ------
    RecordError
        If it has no name.
    """
    if not one.name:
        raise RecordError("The item does not say who it is about.")
    label = repair(one.name)[: _LETTERS * 4]
    return [
        Trace(
            platform=PLATFORM, account_id=at.owner, label=label,
            kind="elsewhere" if event.type else "app", at=_when(event, at),
            detail={"event": repair(event.type)[:_LETTERS]} if event.type else None,
            file=at.file, place=at.place,
        )
        for event in one.events or [Event()]
    ]  # fmt: skip
