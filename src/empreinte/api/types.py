"""What the facade gives beside reports: small records, the same here, over HTTP and in JSON."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from empreinte.language import Message, _
from empreinte.report import Measure, Value


class Progress(msgspec.Struct, frozen=True):
    """How far an import is, in bytes of the unpacked export; or an annotator, in texts."""

    path: str
    stage: Literal["reading", "keeping", "annotating"]
    done: int
    total: int


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """The owner's preferences; ``None`` means as the system or the browser says."""

    language: Literal["en", "fr"] | None = None
    timezone: str | None = None
    hide_numbers: bool = False


class ChannelGlance(msgspec.Struct, frozen=True, kw_only=True):
    """One channel at a glance; `followers` is ``None`` where no export tells."""

    channel: str
    platform: str
    handle: str | None
    name: str | None
    mine: bool
    posts: int
    first: datetime | None
    last: datetime | None
    followers: int | None


class ChannelChange(msgspec.Struct, frozen=True, kw_only=True):
    """What has changed on a channel between archives; ``None`` is what they do not tell.

    Attributes
    ----------
    after, before : datetime or None
        Dates of the two latest lists of followers that were read completely.
    joined, left : int or None
        Followers that are in one of the two only.
    vanished : int or None
        Posts that an archive held and a later one, which covers their date, does not.
    moved : int or None
        Posts of which some counter has moved between its two latest readings.
    """

    channel: str
    platform: str
    handle: str | None
    name: str | None
    after: datetime | None
    before: datetime | None
    joined: int | None
    left: int | None
    vanished: int | None
    moved: int | None


class NamedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """An account with its names."""

    channel: str
    platform: str
    handle: str | None
    name: str | None
    url: str | None
    mine: bool


class AccountRow(NamedAccount, frozen=True, kw_only=True):
    """An account that may be the owner's."""

    posts: int


class FoundRecord(msgspec.Struct, frozen=True, kw_only=True):
    """A post, or something someone wrote or did, that a search has found.

    Attributes
    ----------
    text : str
        Some 280 letters, about the first word found.
    hits : tuple of tuple of int
        Where words that were looked for begin and end in it.
    archive, file, place : str, str, int
        Where it is from.
    """

    kind: Literal["post", "act"]
    platform: str
    id: str
    type: str
    channel: str | None
    who: str | None
    mine: bool
    published: datetime | None
    title: str | None
    text: str
    hits: tuple[tuple[int, int], ...]
    url: str | None
    archive: str | None
    file: str
    place: int


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a search has found: the first people and records, and how many there are.

    `whole` is false where time was over before all was looked through.
    """

    words: str
    who: str | None
    people: tuple[NamedAccount, ...]
    people_found: int
    records: tuple[FoundRecord, ...]
    records_found: int
    whole: bool


class JoinedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """One of a person's accounts, or one that may be."""

    channel: str
    platform: str
    handle: str | None
    name: str | None
    url: str | None
    mine: bool


class PersonRow(msgspec.Struct, frozen=True, kw_only=True):
    """A person whose accounts the owner has joined; `person` is the least of their channels."""

    person: str
    accounts: tuple[JoinedAccount, ...]


class JoiningReason(msgspec.Struct, frozen=True, kw_only=True):
    """Why two accounts may be one person's.

    Attributes
    ----------
    kind : str
        ``link`` (both profiles give it), ``mutual`` (each links to the other), ``address`` (one of
        the owner's profiles links to the other), ``handle`` (rare, on both), ``texts``.
    n : int
        Profiles that give the link; accounts among which the handle is rare; texts in common.
    measure : float or None
        Bits of surprise of the handle; mean similarity of the texts, 0 to 1.
    """

    kind: Literal["link", "mutual", "address", "handle", "texts"]
    n: int
    measure: float | None
    text: Message


class Proposal(msgspec.Struct, frozen=True, kw_only=True):
    """Two accounts that may be one person's, with the reasons."""

    accounts: tuple[JoinedAccount, JoinedAccount]
    reasons: tuple[JoiningReason, ...]


class EvidencePage(msgspec.Struct, frozen=True, kw_only=True):
    """The records behind a value, a page at a time; columns are those of the ledger's view.

    `measure` and `value` are ``None`` for a row of a table.
    """

    id: str
    title: str
    measure: Measure | None
    value: Value | None
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    total: int
    limit: int
    offset: int
    sql: str


class RejectRow(msgspec.Struct, frozen=True, kw_only=True):
    """A record that could not be read, with the archive it stands in."""

    import_id: str
    path: str
    file: str
    place: int
    reason: Message
    raw: str


class SourceInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A source that is installed, and how to ask its platform for an export.

    `reads`, `seen`, `languages`, `wait` and `users_m` are what `plugins.Source` says; `seen` is
    ``None`` for a source that does not say. `fault` tells why one that is installed cannot be used,
    ``None`` where it can; its title is then its name.
    """

    name: str
    title: str
    how_to_get: str = ""
    reads: tuple[str, ...] = ()
    seen: Literal["real", "layout", "described"] | None = None
    languages: tuple[str, ...] = ()
    wait: str = ""
    users_m: int = 0
    fault: str | None = None

    @property
    def remark(self) -> str:
        """Warn of a reader that no real export was seen by, ``""`` where one was."""
        if self.seen != "described":
            return ""
        return _(
            "No real archive could be had when this was written: it follows descriptions of the "
            "format. What it does not understand is shown after the import."
        )


class LensInfo(msgspec.Struct, frozen=True, kw_only=True):
    """A lens that is installed, what it is called and the question it answers.

    `fault` tells why one that is installed cannot be asked, ``None`` where it can; its title and
    its question are then its name.
    """

    name: str
    title: str
    question: str
    fault: str | None = None
