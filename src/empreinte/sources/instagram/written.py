"""What the owner published: posts, reels, stories, comments, and the counts that came back.

A post is ``{media: [{uri, creation_timestamp, title, media_metadata}], title,
creation_timestamp}``, a story one such medium by itself. Posts of one picture have their text
beside it, those of several above them. Comments are ``string_map_data`` (see `shapes`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec

from empreinte.formats.mojibake import repair
from empreinte.formats.user_names import user
from empreinte.model import Metric, Post, Yielded
from empreinte.sources.instagram.names import PLATFORM, At, due, plain, post_id, seconds
from empreinte.sources.instagram.shapes import Item, Scalar, Value, bounded, decoded, is_known

_TAG = re.compile(r"(?<![\w#])#(\w{1,100})")
_MENTION = re.compile(r"(?<![\w.@])@(\w[\w.]{0,60}\w|\w)")
_LINK = re.compile(r"https?://[^\s<>\")\]]{1,2000}")
_EXTENSIONS = {
    "jpg": "Image", "jpeg": "Image", "png": "Image", "webp": "Image", "heic": "Image",
    "gif": "Image", "mp4": "Video", "mov": "Video", "webm": "Video", "mp3": "Audio",
    "m4a": "Audio",
}  # fmt: skip
_METADATA = {"video_metadata": "Video", "photo_metadata": "Image"}
_LONGEST = 100_000
COUNTERS = ("likes", "replies", "shares", "bookmarks", "views")
_NUMBER = re.compile(r"\d{1,3}(?:[\s,.  ]\d{3})+|\d{1,15}")


class Medium(msgspec.Struct, gc=False, omit_defaults=True):
    """A picture or a video, and a story."""

    uri: str | None = None
    creation_timestamp: Scalar = None
    title: str | None = None
    media_metadata: msgspec.Raw = msgspec.Raw()


class Entry(msgspec.Struct, gc=False, omit_defaults=True):
    """A post, a reel or a story."""

    media: list[Medium] | None = None
    title: str | None = None
    creation_timestamp: Scalar = None
    uri: str | None = None
    media_metadata: msgspec.Raw = msgspec.Raw()


class Insight(msgspec.Struct, gc=False):
    """A post's counts, beside its thumbnail."""

    media_map_data: dict[str, Medium] | None = None
    string_map_data: dict[str, Any] | None = None


def entry(kind: str, visibility: str | None = None) -> Callable[[Entry, At], list[Yielded]]:
    """Make the reader of posts, reels or stories; `visibility` is that of the account if not given.

    The reader raises `RecordError` where there is no date.
    """

    def read(one: Entry, at: At) -> list[Yielded]:
        return [_entry(one, at._replace(visibility=visibility) if visibility else at, kind)]

    return read


def _entry(one: Entry, at: At, kind: str) -> Post:
    bounded(one.media or [])
    media = one.media or [Medium(one.uri, one.creation_timestamp, None, one.media_metadata)]
    texts = dict.fromkeys(medium.title for medium in media if medium.title)
    text = repair(one.title or "\n\n".join(texts)) or None
    published = seconds(one.creation_timestamp) or seconds(media[0].creation_timestamp)
    latitude, longitude = _place(media, at)
    return published_post(
        due(published), text, at, kind=kind,
        media=tuple(filter(None, map(_type, media))), latitude=latitude, longitude=longitude,
    )  # fmt: skip


def published_post(
    published: datetime, text: str | None, at: At, *, kind: str, media: tuple[str, ...],
    place_name: str | None = None, latitude: float | None = None, longitude: float | None = None,
) -> Post:  # fmt: skip
    """Make the post of a text and its media; `kind` is ``post``, ``reel`` or ``story``."""
    tags, mentions, links = in_text(text)
    return Post(
        platform=PLATFORM, id=post_id("story" if kind == "story" else "post", published, text),
        type="Video" if kind == "reel" else "Note", author_id=at.owner, content=text,
        published=published, visibility=at.visibility, tags=tags, mentions=mentions, links=links,
        media=media, place_name=place_name, latitude=latitude, longitude=longitude,
        file=at.file, place=at.place,
    )  # fmt: skip


def comment(item: Item, at: At) -> list[Yielded]:
    """Read a comment: its text, whose post it stands under, and when.

    Raises
    ------
    RecordError
        If it has no date.
    """
    owner = item.first("owner") or item.title
    return [written_comment(due(item.when()), item.first("comment", "value"), owner, at)]


def written_comment(published: datetime, text: str | None, owner: str | None, at: At) -> Post:
    """Make a comment; `owner` is the author of what it comments on."""
    tags, mentions, links = in_text(text)
    return Post(
        platform=PLATFORM, id=post_id("comment", published, text), author_id=at.owner,
        content=text, published=published, in_reply_to_author=user(owner), tags=tags,
        mentions=mentions, links=links, media=(), file=at.file, place=at.place,
    )  # fmt: skip


def insight(kind: str) -> Callable[[Insight, At], list[Yielded]]:
    """Make the reader of what posts or stories had gathered on the day of the export.

    The reader raises `RecordError` where the post is not dated: which it is cannot be told then.
    """
    return lambda one, at: _insight(one, at, kind)


def _insight(one: Insight, at: At, kind: str) -> list[Yielded]:
    thumbnail = next(iter((one.media_map_data or {}).values()), Medium())
    item = Item(watch=at.watch)
    for label, value in (one.string_map_data or {}).items():
        if at.watch is not None and not is_known(label):
            at.watch.unknown(f"label {repair(label)}")
        try:
            read = msgspec.convert(value, Value)
            item.add(label, read.value, read.href, read.timestamp)
        except msgspec.ValidationError:
            item.bad(f"string_map_data.{label}", value)
    published = due(seconds(thumbnail.creation_timestamp) or item.when())
    text = plain(thumbnail.title) or item.first("caption")
    id = post_id(kind, published, text)
    counts = [(name, counted(item.first(name))) for name in COUNTERS]
    for name, value in counts:
        if value is None and (told := item.first(name)) and told.strip(" -–—"):
            item.bad(name, told)
    return [
        Metric(
            platform=PLATFORM, subject_id=id, name=name, value=value, observed=at.observed,
            file=at.file, place=at.place,
        )
        for name, value in counts if value is not None
    ]  # fmt: skip


def counted(text: str | None) -> float | None:
    """Read a count, ``None`` where there is none (``--``).

    >>> counted("1,234"), counted("0"), counted("--")
    (1234.0, 0.0, None)
    """
    found = _NUMBER.fullmatch(text.strip()) if text and len(text) < 40 else None
    return float(re.sub(r"\D", "", found[0])) if found else None


def in_text(text: str | None) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Give the hashtags, mentions and links of a text."""
    text = (text or "")[:_LONGEST]
    tags = tuple(dict.fromkeys(_TAG.findall(text))) if "#" in text else ()
    mentions = (
        tuple(dict.fromkeys(m.lower() for m in _MENTION.findall(text))) if "@" in text else ()
    )
    links = tuple(dict.fromkeys(_LINK.findall(text))) if "://" in text else ()
    return tags, mentions, links


def medium_type(path: str | None) -> str | None:
    """Give the AS2 type of a file of media."""
    return _EXTENSIONS.get((path or "").rpartition(".")[2].lower())


def _type(medium: Medium) -> str | None:
    if medium.uri:
        return medium_type(medium.uri)
    data = decoded(medium.media_metadata)
    if not isinstance(data, dict):
        return None
    return next((type for key, type in _METADATA.items() if key in data), None)


def _place(media: list[Medium], at: At) -> tuple[float | None, float | None]:
    """Give the place where the first picture was taken, where its camera noted one."""
    data = decoded(media[0].media_metadata)
    for part in data.values() if isinstance(data, dict) else ():
        exif = part.get("exif_data") if isinstance(part, dict) else None
        for one in exif if isinstance(exif, list) else ():
            if not isinstance(one, dict):
                continue
            latitude, longitude = one.get("latitude"), one.get("longitude")
            if latitude is None or longitude is None:
                continue
            if (
                isinstance(latitude, int | float) and isinstance(longitude, int | float)
                and -90 <= latitude <= 90 and -180 <= longitude <= 180
            ):  # fmt: skip
                if latitude or longitude:
                    return float(latitude), float(longitude)
            elif at.watch is not None:
                at.watch.bad("media_metadata.exif_data", f"{latitude}, {longitude}")
    return None, None
