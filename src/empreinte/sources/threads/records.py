"""The files of Threads, by the key of their list: what their records hold, and who reads them.

Records are written as in Instagram's export: ``string_list_data: [{href, value, timestamp}]`` or
``string_map_data: {label: {href, value, timestamp}}``, labels in the account's language; posts are
``{media: [{uri, creation_timestamp, title, text_app_post: {is_reply}}], title,
creation_timestamp}``. Learnt from public parsers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any, Literal, NamedTuple

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.digests import digest
from empreinte.formats.drift import Fields
from empreinte.formats.labels import load
from empreinte.formats.mojibake import repair
from empreinte.formats.user_names import user
from empreinte.model import Account, Activity, Post, Trace, Yielded
from empreinte.sources.threads.names import PLATFORM, At, due, target, user_in, when

_LABELS = load(__package__ or "")
_TAG = re.compile(r"(?<![\w#])#(\w{1,100})")
_MENTION = re.compile(r"(?<![\w.@])@(\w[\w.]{0,60}\w|\w)")
_LINK = re.compile(r"https?://[^\s<>\")\]]{1,2000}")
_TYPES = {
    "jpg": "Image", "jpeg": "Image", "png": "Image", "webp": "Image", "heic": "Image",
    "gif": "Image", "mp4": "Video", "mov": "Video", "m4a": "Audio", "mp3": "Audio",
}  # fmt: skip
_LETTERS = 100_000
_VALUES = 50
_MOST = 10_000

Scalar = str | int | float | bool | None


class Value(msgspec.Struct, gc=False):
    """One value: a text, an address, a time in seconds, or several of them."""

    href: str | None = None
    value: Scalar = None
    timestamp: Scalar = None


class Element(msgspec.Struct, gc=False):
    """A record about someone or something."""

    title: str | None = None
    string_list_data: list[Value] | None = None
    string_map_data: dict[str, Value] | None = None


class Medium(msgspec.Struct, gc=False):
    """A picture or a video, or the text alone."""

    uri: str | None = None
    creation_timestamp: Scalar = None
    title: str | None = None


class Entry(msgspec.Struct, gc=False):
    """A post or a reply."""

    media: list[Medium] | None = None
    title: str | None = None
    creation_timestamp: Scalar = None


class Item:
    """One record, whatever its shape: texts and addresses by meaning, and its time."""

    __slots__ = ("at", "links", "met", "texts", "title")

    def __init__(self, element: Element) -> None:
        self.title = repair(element.title) if element.title else None
        self.texts: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.met: set[str] = set()
        self.at: Scalar = None
        if element.string_list_data:
            self.add("value", element.string_list_data[0])
        if element.string_map_data:
            for label, one in list(element.string_map_data.items())[:_VALUES]:
                self.add(meaning_of(label), one)

    def add(self, meaning: str, one: Value) -> None:
        """Keep a value; the first of a meaning stays."""
        self.met.add(meaning)
        if isinstance(one.value, str) and one.value:
            self.texts.setdefault(meaning, repair(one.value[:_LETTERS]))
            if meaning == "time":
                self.at = self.at or one.value
        if one.href:
            self.links.setdefault(meaning, one.href)
        if one.timestamp:
            self.at = self.at or one.timestamp

    @property
    def link(self) -> str | None:
        """The address that the record is about."""
        return self.links.get("url") or self.texts.get("url") or next(
            iter(self.links.values()), None
        )  # fmt: skip

    @property
    def who(self) -> str | None:
        """The user name of who is listed."""
        return (
            user(self.texts.get("username") or self.texts.get("value"))
            or user_in(self.link) or user(self.title)
        )  # fmt: skip


@lru_cache(4096)
def meaning_of(label: str) -> str:
    """Give the meaning of a label as the export writes it, itself where it is not known."""
    plain = repair(label[:200])
    return _LABELS.of(plain) or plain


def post(one: Entry, at: At) -> list[Yielded]:
    """Read a post or a reply; what is answered is not in the export.

    Raises
    ------
    RecordError
        If it has no date, or more media than any post.
    """
    media = one.media or [Medium()]
    if len(media) > _MOST:
        raise RecordError(
            "The item holds {n} values, more than {most}; it was not read.",
            n=len(media), most=_MOST,
        )  # fmt: skip
    texts = dict.fromkeys(medium.title for medium in media if medium.title)
    text = repair(one.title or "\n\n".join(texts)) or None
    published = due(when(one.creation_timestamp) or when(media[0].creation_timestamp))
    return [Post(
        platform=PLATFORM, id=f"post:{digest(int(published.timestamp()), text)}",
        author_id=at.owner, content=text, published=published, visibility=at.visibility,
        tags=_found(_TAG, "#", text), links=_found(_LINK, "://", text),
        mentions=tuple([name.lower() for name in _found(_MENTION, "@", text)]),
        media=tuple([type for medium in media if (type := _type(medium.uri))]),
        file=at.file, place=at.place,
    )]  # fmt: skip


def on_post(verb: str, via: str | None = None) -> Callable[[Item, At], list[Yielded]]:
    """Make the reader of acts on someone's post."""

    def read(item: Item, at: At) -> list[Yielded]:
        object_id, writer = target(item.link)
        author = user(item.texts.get("author") or item.title) or writer
        if not (object_id or author):
            raise RecordError("The item does not say what it is about.")
        return [_act(verb, at, due(when(item.at)), object_id, author=author, via=via,
                     url=item.link if object_id else None)]  # fmt: skip

    return read


def follow(mine: bool) -> Callable[[Item, At], list[Yielded]]:
    """Make the reader of those whom the owner follows, or who follow the owner."""

    def read(item: Item, at: At) -> list[Yielded]:
        who = _due(item.who)
        name = item.title if user(item.title) != who else None
        found: list[Yielded] = [Account(
            platform=PLATFORM, id=who, handle=who, name=name or None,
            url=f"https://www.threads.com/@{who}", file=at.file, place=at.place,
        )]  # fmt: skip
        published = when(item.at)
        if published:
            actor, object_id = (at.owner, who) if mine else (who, at.owner)
            found.append(_act("Follow", at, published, object_id, kind="account", actor=actor))
        return found

    return read


def unfollowed(item: Item, at: At) -> list[Yielded]:
    """Read someone whom the owner has ceased to follow."""
    return [_act("Undo", at, due(when(item.at)), _due(item.who), kind="account", via="follow")]


def interest(item: Item, at: At) -> list[Yielded]:
    """Read a feed of one subject that the owner has."""
    label = item.texts.get("name") or item.texts.get("value") or item.title
    return [_trace("interest", _due(label), at, when(item.at), {"from": "feeds"})]


def profile(item: Item, at: At) -> list[Yielded]:
    """Read what the profile says, field by field."""
    return [
        _trace("profile", text, at, None, {"from": "profile", "field": field})
        for field, text in item.texts.items()
    ]


class Kind(NamedTuple):
    """One kind of file: who reads its records, and the fields known of them.

    `labels` are the meanings of the labels of a record, or the fields of its media.
    """

    read: Callable[[Any, At], list[Yielded]]
    form: type
    fields: Fields
    labels: Fields | None = None
    roster: Literal["followers", "following"] | None = None


_VALUE = Fields((), "href value timestamp")
_MEDIUM = Fields(
    "creation_timestamp title",
    "uri media_metadata text_app_post cross_post_source backup_uri media_variants",
    {"text_app_post": Fields((), "is_reply reply_control")},
)
_POST = Fields("media", "title creation_timestamp", {"media": _MEDIUM})
_LISTED = Fields("string_list_data", "title media_list_data", {"string_list_data": _VALUE})
_MAPPED = Fields(
    "string_map_data", "title media_map_data media_list_data",
    {"string_map_data": Fields(each=_VALUE)},
)  # fmt: skip
_SEEN = Fields("author", "url time name username")
KEY = "text_post_app_"
KINDS: dict[str, Kind] = {
    "text_posts": Kind(post, Entry, _POST),
    "text_app_archived_posts": Kind(post, Entry, _POST),
    "media_likes": Kind(on_post("Like"), Element, _LISTED),
    "text_post_app_saved_posts": Kind(on_post("Add", "bookmark"), Element, _MAPPED, _SEEN),
    "text_post_app_posts_seen": Kind(on_post("View"), Element, _MAPPED, _SEEN),
    "text_post_app_followers": Kind(follow(False), Element, _LISTED, None, "followers"),
    "text_post_app_following": Kind(follow(True), Element, _LISTED, None, "following"),
    "text_post_app_unfollowed_users": Kind(unfollowed, Element, _LISTED),
    "text_app_interest_feeds": Kind(
        interest, Element, _MAPPED, Fields((), "name value url time")
    ),
    "text_post_app_profile": Kind(
        profile, Element, _MAPPED,
        Fields("username", "name email phone bio website private time"),
    ),
}  # fmt: skip
"""By key of their list, without `KEY`; files keep their key where their name changes."""


def _act(
    verb: str, at: At, published: datetime, object_id: str | None, *, author: str | None = None,
    kind: Literal["post", "account"] = "post", via: str | None = None, url: str | None = None,
    actor: str | None = None,
) -> Activity:  # fmt: skip
    id = None if object_id else digest(verb, int(published.timestamp()), author, via)
    return Activity(
        platform=PLATFORM, type=verb, actor_id=actor or at.owner, id=id, object_id=object_id,
        object_type=kind, object_author=author, published=published, url=url, via=via,
        file=at.file, place=at.place,
    )  # fmt: skip


def _trace(kind: str, label: str, at: At, date: datetime | None, detail: dict[str, str]) -> Trace:
    return Trace(
        platform=PLATFORM, account_id=at.owner, kind=kind, label=label[:1200], at=date,
        detail=detail, file=at.file, place=at.place,
    )  # fmt: skip


def _due(who: str | None) -> str:
    if not who:
        raise RecordError("The item does not say who it is about.")
    return who


def _found(pattern: re.Pattern[str], mark: str, text: str | None) -> tuple[str, ...]:
    """Give what a pattern finds, which all holds a mark: most texts are without."""
    if not text or mark not in text:
        return ()
    return tuple(dict.fromkeys(pattern.findall(text[:_LETTERS])))


def _type(path: str | None) -> str | None:
    return _TYPES.get((path or "").rpartition(".")[2].lower())
