"""JSON of older Takeouts (to 2021): lists of resources as the YouTube Data API gives them.

Documented at https://developers.google.com/youtube/v3/docs: ``videos`` with their statistics,
``subscriptions`` with their date, ``playlistItems``, ``playlists``, ``comments``, ``channels``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Fields, Watch, counter
from empreinte.formats.html_text import plain
from empreinte.model import Account, Activity, Metric, Post, Yielded
from empreinte.sources.google.names import OWNER, YOUTUBE, clip, when
from empreinte.sources.google.youtube.records import (
    added_to,
    followed,
    language,
    tags,
    trace,
    watch_url,
)

FIELDS = Fields("id kind snippet", "etag contentDetails statistics status player topicDetails "
                "recordingDetails localizations fileDetails processingDetails suggestions "
                "liveStreamingDetails brandingSettings subscriberSnippet replies auditDetails "
                "contentOwnerDetails statusDetails")  # fmt: skip
_COUNTS = {"viewCount": "views", "likeCount": "likes", "commentCount": "replies"}
_CHANNEL_COUNTS = {
    "viewCount": "views", "subscriberCount": "followers", "videoCount": "posts"
}  # fmt: skip
_PRIVACY = ("public", "unlisted", "private")
MAX_TAGS = 500
_PLAYLISTS = {"LL": "liked_videos", "WL": "watch_later"}


class Thing(msgspec.Struct, rename="camel"):
    """One resource, of whatever kind."""

    id: Any = None
    kind: str = ""
    snippet: dict[str, Any] | None = None
    content_details: dict[str, Any] | None = None
    statistics: dict[str, Any] | None = None
    status: dict[str, Any] | None = None


class Where(msgspec.Struct):
    """Where a resource stands, when the export was made, who is told of what cannot be read."""

    file: str
    place: int
    observed: datetime
    watch: Watch


def video(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read one of the owner's videos, and its counters where they are given."""
    id, told = _id(thing), thing.snippet or {}
    said = _text(told, "description") or ""
    named = [tag for tag in _list(told, "tags")[:MAX_TAGS] if isinstance(tag, str)]
    privacy = _text(thing.status or {}, "privacyStatus")
    yield Post(
        platform=YOUTUBE, id=id, type="Video", author_id=OWNER, title=_text(told, "title"),
        content=said or None, url=watch_url(id), published=_when(told, where.watch),
        language=language(_text(told, "defaultAudioLanguage") or _text(told, "defaultLanguage")),
        visibility=privacy if privacy in _PRIVACY else None,
        tags=tuple(dict.fromkeys((*named, *tags(said)))), media=("Video",),
        file=where.file, place=where.place,
    )  # fmt: skip
    yield from _metrics(thing, id, "post", _COUNTS, where)


def subscription(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read a channel that the owner follows, since when."""
    id, told = subscribed_to(thing), thing.snippet or {}
    yield followed(_text(told, "title"), id, where.file, where.place)
    yield Activity(
        platform=YOUTUBE, type="Follow", actor_id=OWNER, object_id=id, object_type="account",
        published=_when(told, where.watch), file=where.file, place=where.place,
    )  # fmt: skip


def subscribed_to(thing: Thing) -> str:
    """Give the channel that a subscription is to.

    Raises
    ------
    RecordError
        If it does not tell.
    """
    return _due(_dict(thing.snippet or {}, "resourceId"), "channelId")


def item(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read a video in a playlist; the uploads are told as videos."""
    told = thing.snippet or {}
    of = _text(told, "playlistId") or ""
    inside = _dict(told, "resourceId") or thing.content_details or {}
    if not of.startswith("UU"):
        yield added_to(
            _PLAYLISTS.get(of[:2]), of, _due(inside, "videoId"), _when(told, where.watch),
            where.file, where.place,
        )  # fmt: skip


def playlist(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read one of the owner's playlists."""
    told, status = thing.snippet or {}, thing.status or {}
    detail = {
        "from": "playlist", "playlist_id": _id(thing), "visibility": _text(status, "privacyStatus"),
    }  # fmt: skip
    yield trace(
        "profile", _text(told, "title") or _id(thing), detail, where.file, where.place,
    )  # fmt: skip


def comment(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read a comment by the owner, or the first of a thread."""
    top = _dict(thing.snippet or {}, "topLevelComment")
    told = _dict(top, "snippet") or thing.snippet or {}
    id = _text(top, "id") or _id(thing)
    said = _text(told, "textOriginal") or plain(_text(told, "textDisplay") or "").text
    video = _text(told, "videoId")
    yield Post(
        platform=YOUTUBE, id=id, author_id=OWNER, content=said,
        published=_when(told, where.watch), url=watch_url(video, id) if video else None,
        in_reply_to=_text(told, "parentId") or video, tags=tags(said), media=(),
        file=where.file, place=where.place,
    )  # fmt: skip


def channel(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read one of the owner's channels and its counters."""
    told = thing.snippet or {}
    detail = {
        "channel_id": _id(thing), "url": f"https://www.youtube.com/channel/{_id(thing)}",
        "country": _text(told, "country"),
    }  # fmt: skip
    yield trace("profile", _text(told, "title") or _id(thing), detail, where.file, where.place)
    yield from _metrics(thing, OWNER, "account", _CHANNEL_COUNTS, where)


def owner(thing: Thing, file: str, watch: Watch) -> Account:
    """Make the owner's account from their channel."""
    told = thing.snippet or {}
    name = _text(told, "title")
    return Account(
        platform=YOUTUBE, id=OWNER, name=name, handle=_text(told, "customUrl"),
        url=f"https://www.youtube.com/channel/{_id(thing)}",
        summary=_text(told, "description") or None, published=_when(told, watch), is_owner=True,
        whole=bool(name), file=file, place=0,
    )  # fmt: skip


READERS: dict[str, Callable[[Thing, Where], Iterator[Yielded]]] = {
    "youtube#video": video, "youtube#subscription": subscription, "youtube#playlistItem": item,
    "youtube#playlist": playlist, "youtube#comment": comment, "youtube#commentThread": comment,
    "youtube#channel": channel,
}  # fmt: skip


def _metrics(
    thing: Thing, id: str, subject: Any, names: dict[str, str], where: Where
) -> Iterator[Yielded]:
    hidden = bool((thing.statistics or {}).get("hiddenSubscriberCount"))
    for field, name in names.items():
        value = (thing.statistics or {}).get(field)
        if value is None or (hidden and name == "followers"):
            continue
        number = where.watch.tried(f"statistics.{field}", counter, value)
        if number is None:
            continue
        yield Metric(
            platform=YOUTUBE, subject_id=id, subject_type=subject, name=name, value=number,
            observed=where.observed, file=where.file, place=where.place,
        )  # fmt: skip


def _id(thing: Thing) -> str:
    return _due({"id": thing.id}, "id")


def _due(told: dict[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str) or not value:
        raise RecordError("The record has no {column}.", column=name)
    return clip(value)


def _when(told: dict[str, Any], watch: Watch) -> datetime | None:
    return watch.tried("snippet.publishedAt", when, told.get("publishedAt") or None)


def _text(told: dict[str, Any], name: str) -> str | None:
    value = told.get(name)
    return value if isinstance(value, str) and value else None


def _dict(told: dict[str, Any], name: str) -> dict[str, Any]:
    value = told.get(name)
    return value if isinstance(value, dict) else {}


def _list(told: dict[str, Any], name: str) -> list[Any]:
    value = told.get(name)
    return value if isinstance(value, list) else []
