"""The vocabulary: what sources yield and the ledger keeps.

The words are those of ActivityStreams 2.0 (W3C Recommendation, 2017). Times are UTC
`datetime` objects; where an export gives the writer's own offset it is kept beside the time.
Ids are strings, for they pass 2^53. ``None`` means *not known*; it never means zero, and an
empty tuple means *known to be none*.

Every record says where it comes from: `file`, the path in the export, and `place`, its index
there (the element of the array, the row of the table, the item of the feed), counted from 0.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from empreinte.language import Message, message


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """What all records share: their place in the export."""

    file: str
    place: int


class Account(Record, frozen=True, kw_only=True, gc=False):
    """A profile on a platform. Key: `platform` + `id`.

    `whole` tells a profile read from its own page or export from one only met in passing (a
    mention, a roster): a whole one is never overwritten by a glimpse.
    """

    platform: str
    id: str
    handle: str | None = None
    name: str | None = None
    url: str | None = None
    summary: str | None = None
    published: datetime | None = None  # when the account was created
    is_owner: bool = False
    whole: bool = False


class Post(Record, frozen=True, kw_only=True, gc=False):
    """Anything published: a note, an article, a video, a comment. Key: `platform` + `id`.

    Attributes
    ----------
    type : str
        AS2 object type: ``Note``, ``Article``, ``Page``, ``Video``, ``Image``, ``Audio``,
        ``Question``, ``Event``.
    author_id : str or None
        Account id of who wrote it.
    channel_id : str or None
        Account id of the outlet that published it, where that is not its author (a blog, a
        feed); ``None`` means the author's own profile.
    content : str or None
        Plain text, entities resolved, no markup.
    language : str or None
        BCP 47 primary tag in lower case (``fr``); ``None`` where the platform does not know.
    offset_min : int or None
        The writer's offset from UTC in minutes, where the export gives one.
    visibility : str or None
        ``public``, ``unlisted``, ``followers``, ``direct``, ``draft``, ``private``.
    in_reply_to, quote_of : str or None
        Post ids on the same platform (or URLs where only that is known).
    in_reply_to_author : str or None
        Account id of the author answered.
    tags, mentions, links, media : tuple of str, or None where the export does not tell
        Hashtags and categories without ``#``; account ids; URLs as written out in full;
        AS2 types of what is attached (``Image``, ``Video``, ``Audio``, ``Document``).
    alt_texts : tuple of str, or None where the export does not tell
        What describes the attached pictures to who cannot see them, of those that have it.
    place_name : str or None
        Where it was published from, as the platform writes it.
    latitude, longitude : float or None
        Degrees, WGS 84.
    deleted : datetime or None
        When it was taken down, for posts an export still holds.
    """

    platform: str
    id: str
    type: str = "Note"
    author_id: str | None = None
    channel_id: str | None = None
    content: str | None = None
    title: str | None = None
    url: str | None = None
    language: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    offset_min: int | None = None
    visibility: str | None = None
    in_reply_to: str | None = None
    in_reply_to_author: str | None = None
    quote_of: str | None = None
    tags: tuple[str, ...] | None = None
    mentions: tuple[str, ...] | None = None
    links: tuple[str, ...] | None = None
    media: tuple[str, ...] | None = None
    alt_texts: tuple[str, ...] | None = None
    place_name: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    deleted: datetime | None = None


class Activity(Record, frozen=True, kw_only=True, gc=False):
    """One act: who, verb, what, when. Key: `id` if the platform gives one, else these four.

    A `Post` implies its own ``Create``; sources yield an Activity only for other acts.

    Attributes
    ----------
    type : str
        AS2 verb: ``Announce`` (share, boost, retweet, pingback), ``Like``, ``Follow``,
        ``View``, ``Listen``, ``Join``, ``Leave``, ``Flag``, ``Block``, …
    actor_id : str or None
        Account id of who acts.
    object_id : str or None
        Post id or account id acted upon; ``None`` where the export does not tell.
    object_type : "post" or "account"
    object_author : str or None
        Account id of the post's author, where known.
    content : str or None
        The text acted upon as far as the export gives it (often cut short).
    via : str or None
        How, where the verb does not say: ``pingback``, ``trackback``, ``bookmark``, ``quote``.
    """

    platform: str
    type: str
    actor_id: str | None
    id: str | None = None
    object_id: str | None = None
    object_type: Literal["post", "account"] = "post"
    object_author: str | None = None
    published: datetime | None = None
    content: str | None = None
    url: str | None = None
    via: str | None = None


class Metric(Record, frozen=True, kw_only=True, gc=False):
    """One reading of a counter. Key: subject + `name` + `observed`.

    Yield no Metric where the platform gives no number. `name` is one of ``likes``, ``shares``,
    ``replies``, ``views``, ``followers``, ``following``, ``posts``, ``bookmarks``, ``quotes``.
    """

    platform: str
    subject_id: str
    name: str
    value: float
    observed: datetime
    subject_type: Literal["post", "account"] = "post"


class Roster(Record, frozen=True, kw_only=True, gc=False):
    """A dated set without dated members, such as the followers on the day of the export.

    Key: `platform` + `account_id` + `name` + `observed`. Two rosters give joins and departures.
    A long one may be yielded in several pieces with the same key; an empty one (`members` is
    ``()``) says that the set was known to be empty. `members` are account ids.
    """

    platform: str
    account_id: str
    name: Literal["followers", "following"]
    observed: datetime
    members: tuple[str, ...]


class Trace(Record, frozen=True, kw_only=True, gc=False):
    """What a platform knows of someone. Key: hash of all its fields but `file` and `place`.

    `kind` says what it is, whatever the platform files it as: what was inferred is an ``interest``
    or a ``demographic``, what the owner told is ``profile`` or ``setting``, what they did in the
    platform's own services ``activity``, ``search`` or ``place`` (where they were), what others
    reported to it ``elsewhere``; ``advertiser``, ``ad_impression`` and ``ad_engagement`` are of
    advertising, ``app`` has access to the account, and ``login``, ``device``, ``contact`` and
    ``photo`` are what they say. `label` is the thing itself in the platform's words; `detail` is a
    small JSON-able mapping of the rest: ``from`` is where it stands, ``uses`` of an advertiser
    holds ``list`` if it gave the platform a list with the owner in it, and a place that is a
    ``point`` or a ``visit`` has ``latitude``, ``longitude`` and, of a visit, ``end``.
    """

    platform: str
    account_id: str | None
    kind: str
    label: str
    at: datetime | None = None
    detail: dict[str, Any] | None = None


class Order(Record, frozen=True, kw_only=True, gc=False):
    """What was bought (schema.org ``Order``). Key: `platform` + `id`.

    Attributes
    ----------
    platform : str
        Who tells of it: the shop, or the bank that paid.
    account_id : str or None
        The account it was bought with, or paid from.
    seller, item : str or None
        Whom it was bought from and what it is, as they are written there.
    amount : float or None
        What was paid, above zero; ``None`` where it is not told.
    currency : str or None
        ISO 4217 in capitals (``EUR``).
    kind : str or None
        ``goods``, ``digital`` or ``subscription``, where the platform tells.
    """

    platform: str
    id: str
    account_id: str | None = None
    seller: str | None = None
    item: str | None = None
    amount: float | None = None
    currency: str | None = None
    kind: Literal["goods", "digital", "subscription"] | None = None
    at: datetime | None = None


RAW_LIMIT = 2_000
"""Characters of a rejected record's text that are kept."""


class Reject(Record, frozen=True, kw_only=True, gc=False):
    """A record that could not be read: place, reason, and the start of its text."""

    reason: Message
    raw: str = ""


Presence = Literal["chain", "starts", "sparse"]
"""What one dated record says of its owner being there: it lasts until the next (a *chain*: short
videos), it *starts* something long whose end is not told, or it is one of the *sparse* acts of
somebody who is there for longer."""

SOCIAL: dict[str, Presence] = {
    "Create": "sparse", "Announce": "sparse", "Like": "sparse", "Dislike": "sparse",
    "Add": "sparse", "Follow": "sparse", "search": "sparse", "ad_impression": "sparse",
    "ad_engagement": "sparse",
}  # fmt: skip
"""What the owner's acts say of their presence on most networks, by verb and by kind of trace."""


FileStatus = Literal["read", "not needed", "not understood", "failed"]


class Drift(msgspec.Struct, frozen=True, kw_only=True):
    """A field that is not as expected: taken out of the export, put in, or not to be read.

    `records` of the `of` records met in the file lack it, hold it, or hold in it what cannot be
    read; the first such value is then `value`, and the field of these records is ``None``; or it is
    kept, ``spoilt``: U+FFFD stands for letters of it. What cannot be read is a loss; that an export
    has other fields than it had is none.
    """

    field: str
    change: Literal["vanished", "new", "unreadable", "spoilt"]
    records: int
    of: int
    value: str | None = None

    @property
    def sentence(self) -> Message:
        """Say it in words."""
        if self.change == "new":
            return message(
                "The field {field} is new to Empreinte (items: {n} of {of}); it was not read.",
                field=self.field, n=self.records, of=self.of,
            )  # fmt: skip
        if self.change == "unreadable":
            return message(
                "The field {field} cannot be read (items: {n} of {of}; the first has “{value}”); "
                "there it is unknown, and the rest of the item was kept.",
                field=self.field, n=self.records, of=self.of, value=self.value,
            )  # fmt: skip
        if self.change == "spoilt":
            return message(
                "The field {field} has letters that cannot be read (items: {n} of {of}; the first "
                "has “{value}”): � stands for them, and the rest was read as it is.",
                field=self.field, n=self.records, of=self.of, value=self.value,
            )  # fmt: skip
        return message(
            "The field {field} is missing (items: {n} of {of}); what it told is unknown, not "
            "zero.",
            field=self.field, n=self.records, of=self.of,
        )  # fmt: skip


class FileReport(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one file of an export.

    `reason` is due for every status but ``read``; a ``read`` file may carry a remark there.
    `records` counts what was met in the file, kept or not. `drift` tells how its records differ
    from those known (see `empreinte.formats.drift`); it is no loss by itself.
    """

    name: str
    status: FileStatus
    records: int = 0
    reason: Message | None = None
    drift: tuple[Drift, ...] = ()

    @property
    def lost(self) -> int:
        """Values of single fields that could not be read."""
        return sum(one.records for one in self.drift if one.change == "unreadable")


class ExportInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What an export says of itself; a source yields it first.

    Attributes
    ----------
    observed : datetime
        When the platform made the export: the date of its counts and rosters.
    owner : tuple of (platform, account id) or None
        Whose export it is, where the export says so.
    """

    observed: datetime
    owner: tuple[str, str] | None = None


Yielded = (
    ExportInfo | Account | Post | Activity | Metric | Roster | Trace | Order | Reject | FileReport
)


_PLATFORMS = {
    "x": "X", "wordpress": "WordPress", "linkedin": "LinkedIn", "tiktok": "TikTok",
    "youtube": "YouTube",
}  # fmt: skip


def platform_name(platform: str) -> str:
    """Give a platform's name as it writes it.

    >>> platform_name("tiktok"), platform_name("my_podcast")
    ('TikTok', 'My podcast')
    """
    return _PLATFORMS.get(platform, platform.replace("_", " ").capitalize())


COUNTED = ("accounts", "posts", "activities", "metrics", "rosters", "traces", "orders")
"""The kinds of records that an import counts, in the order they are shown."""


class ImportReport(msgspec.Struct, frozen=True, kw_only=True):
    """What an import did: the loss report.

    Attributes
    ----------
    source : str or None
        The source that read it; ``None`` where none knows the export.
    owner : str or None
        Whose export it is, as ``platform:account id``.
    observed, imported : datetime or None
        When the platform made the export, when it was imported here.
    kept, known : dict of str to int
        Records that were new and that were there already, for each of `COUNTED`.
    rejected : int
        Records that could not be read.
    seconds, bytes : float, int
        How long it took and how many bytes were read.
    """

    path: str
    source: str | None
    owner: str | None = None
    import_id: str | None = None
    observed: datetime | None = None
    imported: datetime | None = None
    kept: dict[str, int]
    known: dict[str, int]
    rejected: int = 0
    files: tuple[FileReport, ...] = ()
    seconds: float = 0.0
    bytes: int = 0

    @property
    def drifted(self) -> int:
        """Files whose records differ from those that the source knows (see `Drift`)."""
        changed = ("vanished", "new")
        return sum(any(d.change in changed for d in file.drift) for file in self.files)

    @property
    def lost(self) -> int:
        """Values of single fields that could not be read, their records kept."""
        return sum(file.lost for file in self.files)

    @property
    def remarks(self) -> tuple[tuple[Message, int], ...]:
        """What is to be known of files that were read, and of how many, the commonest first."""
        found: dict[str, tuple[Message, int]] = {}
        for file in self.files:
            if file.status == "read" and file.reason is not None:
                said = repr(file.reason)
                found[said] = file.reason, found.get(said, (file.reason, 0))[1] + 1
        return tuple(sorted(found.values(), key=lambda one: -one[1]))

    @property
    def complete(self) -> bool:
        """Whether all was read: no reject, no file failed or not understood, no field lost."""
        return not self.rejected and all(
            file.status in ("read", "not needed") and not file.lost for file in self.files
        )
