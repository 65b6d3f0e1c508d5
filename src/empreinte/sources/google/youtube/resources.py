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

_RESOURCE = Fields("", "kind channelId videoId playlistId")
_COMMENT = (
    "authorDisplayName authorProfileImageUrl authorChannelUrl authorChannelId textDisplay "
    "textOriginal parentId canRate viewerRating likeCount moderationStatus updatedAt videoId "
    "publishedAt channelId"
)
_SNIPPET = Fields(
    "",
    "publishedAt channelId title description thumbnails channelTitle tags categoryId "
    "liveBroadcastContent defaultLanguage defaultAudioLanguage localized playlistId position "
    "videoOwnerChannelTitle videoOwnerChannelId customUrl country totalReplyCount isPublic "
    f"canReply {_COMMENT}",
    {
        "resourceId": _RESOURCE,
        "topLevelComment": Fields("", "kind etag id", {"snippet": Fields("", _COMMENT)}),
    },
)
FIELDS = Fields(
    "id kind snippet",
    "etag player topicDetails recordingDetails localizations fileDetails processingDetails "
    "suggestions liveStreamingDetails brandingSettings subscriberSnippet replies auditDetails "
    "contentOwnerDetails statusDetails",
    {
        "snippet": _SNIPPET,
        "contentDetails": Fields(
            "",
            "duration dimension definition caption licensedContent contentRating projection "
            "regionRestriction hasCustomThumbnail videoId startAt endAt note videoPublishedAt "
            "itemCount totalItemCount newItemCount activityType relatedPlaylists "
            "countryRestriction",
        ),
        "statistics": Fields(
            "",
            "viewCount likeCount dislikeCount favoriteCount commentCount subscriberCount "
            "hiddenSubscriberCount videoCount",
        ),
        "status": Fields(
            "",
            "uploadStatus failureReason rejectionReason privacyStatus publishAt license "
            "embeddable publicStatsViewable madeForKids selfDeclaredMadeForKids isLinked "
            "longUploadsStatus containsSyntheticMedia podcastStatus",
        ),
    },
)
_COUNTS = {"viewCount": "views", "likeCount": "likes", "commentCount": "replies"}
_CHANNEL_COUNTS = {
    "viewCount": "views", "subscriberCount": "followers", "videoCount": "posts"
}  # fmt: skip
_PRIVACY = ("public", "unlisted", "private")
MAX_TAGS = 500
_PLAYLISTS = {"LL": "liked_videos", "WL": "watch_later"}


class Resource(msgspec.Struct, rename="camel"):
    """What a subscription or an item of a playlist is of."""

    channel_id: str | None = None
    video_id: str | None = None


class Details(msgspec.Struct, rename="camel"):
    """The details of an item of a playlist."""

    video_id: str | None = None


class Status(msgspec.Struct, rename="camel"):
    """Who may see it."""

    privacy_status: str | None = None


class Snippet(msgspec.Struct, rename="camel"):
    """What a resource says of itself."""

    published_at: str | None = None
    title: str | None = None
    description: str | None = None
    tags: list[str] | None = None
    default_language: str | None = None
    default_audio_language: str | None = None
    custom_url: str | None = None
    country: str | None = None
    playlist_id: str | None = None
    resource_id: Resource | None = None
    video_id: str | None = None
    parent_id: str | None = None
    text_original: str | None = None
    text_display: str | None = None
    top_level_comment: Thing | None = None


class Thing(msgspec.Struct, rename="camel"):
    """One resource, of whatever kind."""

    id: str | None = None
    kind: str = ""
    snippet: Snippet | None = None
    content_details: Details | None = None
    statistics: dict[str, Any] | None = None
    status: Status | None = None

    @property
    def told(self) -> Snippet:
        """What it says of itself, nothing where it says nothing."""
        return self.snippet or _SILENT

    @property
    def privacy(self) -> str | None:
        """Who may see it, in YouTube's word."""
        return (self.status.privacy_status or None) if self.status else None

    @property
    def of(self) -> Resource:
        """What it is of."""
        return self.told.resource_id or Resource()


_SILENT = Snippet()


class Where(msgspec.Struct):
    """Where a resource stands, when the export was made, who is told of what cannot be read."""

    file: str
    place: int
    observed: datetime
    watch: Watch


def video(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read one of the owner's videos, and its counters where they are given."""
    id, told = _due(thing.id, "id"), thing.told
    said = told.description or ""
    if thing.privacy and thing.privacy not in _PRIVACY:
        where.watch.unknown(f"status.privacyStatus: {thing.privacy}")
    yield Post(
        platform=YOUTUBE, id=id, type="Video", author_id=OWNER, title=told.title or None,
        content=said or None, url=watch_url(id), published=_when(told, where.watch),
        language=language(told.default_audio_language or told.default_language),
        visibility=thing.privacy if thing.privacy in _PRIVACY else None,
        tags=tuple(dict.fromkeys((*(told.tags or ())[:MAX_TAGS], *tags(said)))), media=("Video",),
        file=where.file, place=where.place,
    )  # fmt: skip
    yield from _metrics(thing, id, "post", _COUNTS, where)


def subscription(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read a channel that the owner follows, since when."""
    id, told = subscribed_to(thing), thing.told
    yield followed(told.title, id, where.file, where.place)
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
    return _due(thing.of.channel_id, "channelId")


def item(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read a video in a playlist; the uploads are told as videos."""
    told, of = thing.told, thing.told.playlist_id or ""
    details = thing.content_details or Details()
    if not of.startswith("UU"):
        yield added_to(
            _PLAYLISTS.get(of[:2]), of, _due(thing.of.video_id or details.video_id, "videoId"),
            _when(told, where.watch), where.file, where.place,
        )  # fmt: skip


def playlist(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read one of the owner's playlists."""
    id = _due(thing.id, "id")
    detail = {"from": "playlist", "playlist_id": id, "visibility": thing.privacy}
    yield trace("profile", thing.told.title or id, detail, where.file, where.place)


def comment(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read a comment by the owner, or the first of a thread."""
    top = thing.told.top_level_comment or thing
    told = top.snippet or thing.told
    id = _due(top.id or thing.id, "id")
    said = told.text_original or plain(told.text_display or "").text
    video = told.video_id or None
    yield Post(
        platform=YOUTUBE, id=id, author_id=OWNER, content=said,
        published=_when(told, where.watch), url=watch_url(video, id) if video else None,
        in_reply_to=told.parent_id or video, tags=tags(said), media=(),
        file=where.file, place=where.place,
    )  # fmt: skip


def channel(thing: Thing, where: Where) -> Iterator[Yielded]:
    """Read one of the owner's channels and its counters."""
    id, told = _due(thing.id, "id"), thing.told
    _when(told, where.watch)  # the account has it (see `owner`); what is wrong with it is told here
    detail = {
        "channel_id": id, "url": f"https://www.youtube.com/channel/{id}",
        "country": told.country,
    }  # fmt: skip
    yield trace("profile", told.title or id, detail, where.file, where.place)
    yield from _metrics(thing, OWNER, "account", _CHANNEL_COUNTS, where)


def owner(thing: Thing, file: str, watch: Watch) -> Account:
    """Make the owner's account from their channel."""
    told = thing.told
    return Account(
        platform=YOUTUBE, id=OWNER, name=told.title or None, handle=told.custom_url or None,
        url=f"https://www.youtube.com/channel/{_due(thing.id, 'id')}",
        summary=told.description or None, published=_when(told, watch), is_owner=True,
        whole=bool(told.title), file=file, place=0,
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


def _due(value: str | None, name: str) -> str:
    if not value:
        raise RecordError("The item has no {column}.", column=name)
    return clip(value)


def _when(told: Snippet, watch: Watch) -> datetime | None:
    return watch.tried("snippet.publishedAt", when, told.published_at or None)
