"""The fields expected of records, answers and events, so that a change is told (`formats.drift`).

Lexicons: https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky .
"""

from __future__ import annotations

from typing import Any

from empreinte.formats.drift import Fields, Watch
from empreinte.model import Drift

POST, PROFILE = "app.bsky.feed.post", "app.bsky.actor.profile"
LIKE, REPOST = "app.bsky.feed.like", "app.bsky.feed.repost"
VOTE, FOLLOW = "app.bsky.feed.vote", "app.bsky.graph.follow"

_REF = Fields((), "$type uri cid")
_BLOB = Fields((), "$type ref mimeType size cid original")
_RATIO = Fields((), "$type width height")
_LABELS = Fields((), "$type", {"values": Fields((), "$type val neg")})
_FACET = Fields(
    (), "$type",
    {"index": Fields((), "$type byteStart byteEnd"), "features": Fields((), "$type tag did uri")},
)  # fmt: skip
_ENTITY = Fields((), "$type type value", {"index": Fields((), "start end")})
_MEDIA = {
    "images": Fields((), "$type alt", {"image": _BLOB, "aspectRatio": _RATIO}),
    "external": Fields((), "$type uri title description", {"thumb": _BLOB}),
    "video": _BLOB, "aspectRatio": _RATIO,
    "captions": Fields((), "$type lang", {"file": _BLOB}),
}  # fmt: skip
_EMBED = Fields(
    (), "$type alt presentation",
    _MEDIA | {
        "record": Fields((), "$type uri cid", {"record": _REF}),
        "media": Fields((), "$type alt presentation", _MEDIA),
    },
)  # fmt: skip
_UPON = {"subject": _REF, "via": _REF}

RECORDS: dict[str, Fields] = {
    POST: Fields(
        "$type createdAt text", "langs tags via",
        {
            "embed": _EMBED, "entities": _ENTITY, "facets": _FACET, "labels": _LABELS,
            "reply": Fields((), "$type", {"root": _REF, "parent": _REF}),
        },
    ),
    LIKE: Fields("$type createdAt subject", (), _UPON),
    REPOST: Fields("$type createdAt subject", (), _UPON),
    VOTE: Fields("$type createdAt direction subject", (), _UPON),
    FOLLOW: Fields("$type createdAt subject", (), {"via": _REF}),
    PROFILE: Fields(
        "$type", "createdAt description displayName pronouns website",
        {"avatar": _BLOB, "banner": _BLOB, "joinedViaStarterPack": _REF, "labels": _LABELS,
         "pinnedPost": _REF},
    ),
}  # fmt: skip
"""The fields of each collection that is read; other collections are counted and passed over."""

EVENT = Fields(
    "did kind time_us", "commit cursor sync",
    {"account": Fields((), "active did seq time status"),
     "identity": Fields((), "did handle seq time")},
)  # fmt: skip
COMMIT = Fields("collection operation rev rkey", "cid record")
ROOT = Fields("did version data sig", "rev prev")

_VIEWS: dict[str, Fields] = {
    "post": Fields(
        "uri cid",
        "$type author bookmarkCount debug embed embeds indexedAt labels likeCount quoteCount record"
        " replyCount repostCount threadgate value viewer",
    ),
    "notification": Fields(
        "author indexedAt isRead reason record uri", "$type cid labels reasonSubject"
    ),
    "profile": Fields(
        "did handle",
        "$type displayName avatar banner description followersCount followsCount postsCount"
        " associated indexedAt createdAt viewer labels pinnedPost joinedViaStarterPack verification"
        " status pronouns website debug",
    ),
    "": Fields(
        (),
        "$type post reply reason"
        " cursor uri cid subject seenAt priority hitsTotal feed posts thread threadgate likes"
        " repostedBy followers follows notifications records profiles actors relationships list"
        " lists items feeds view isOnline isValid starterPack starterPacks suggestions bookmarks"
        " hasOtherReplies actor records recIdStr recId isFallback preferences",
    ),
    "feed": Fields((), "$type post reply reason feedContext reqId"),
    "reply": Fields((), "$type root parent grandparentAuthor"),
    "reason": Fields((), "$type by indexedAt uri cid"),
    "viewer": Fields(
        (),
        "$type muted blockedBy blocking following followedBy mutedByList blockingByList"
        " knownFollowers activitySubscription like repost bookmarked threadMuted replyDisabled"
        " embeddingDisabled pinned subscribed",
    ),
    "knownFollowers": Fields((), "$type count followers"),
    "labels": Fields((), "$type src uri cid val neg cts exp sig ver"),
    "likes": Fields((), "$type actor createdAt indexedAt"),
    "bookmarks": Fields((), "$type createdAt subject item"),
    "images": Fields((), "$type thumb fullsize alt aspectRatio image"),
    "external": Fields((), "$type uri title description thumb"),
    "associated": Fields(
        (), "$type lists feedgens starterPacks labeler chat activitySubscription germ"
    ),
    "verification": Fields((), "$type verifications verifiedStatus trustedVerifierStatus"),
    "verifications": Fields((), "$type issuer uri isValid createdAt"),
    "threadContext": Fields((), "$type rootAuthorLike"),
    "aspectRatio": _RATIO,
}
_THREAD = Fields(
    (), "$type post parent replies threadContext uri cid notFound blocked author viewer"
)
_EMBED_VIEW = Fields(
    (),
    "$type images external record media cid playlist thumbnail alt aspectRatio presentation video",
)
_RECORD_VIEW = Fields(
    (),
    "$type uri cid notFound blocked detached author did creator displayName description"
    " descriptionFacets avatar likeCount acceptsInteractions labels viewer indexedAt name purpose"
    " listItemCount record contentMode joinedWeekCount joinedAllTimeCount policies starterPack"
    " list feeds",
)
_VIEWS |= dict.fromkeys(("thread", "parent", "replies", "root"), _THREAD)
_VIEWS |= dict.fromkeys(("embed", "embeds", "media"), _EMBED_VIEW)
_VIEWS |= dict.fromkeys(("record", "item"), _RECORD_VIEW)
"""What is known of an object of an answer: of posts, notifications and profiles wherever they
stand, of others by the name they stand under."""


_MAX_SHAPES = 2_000


class ViewWatch:
    """Counts the drift of the objects of a file of answers; records in them are not its."""

    def __init__(self) -> None:
        self.watches: dict[str, Watch] = {}
        self.shapes: dict[tuple[str, ...], int] = {}

    def see(self, name: str, value: dict[str, Any]) -> None:
        """Count an object that stands under `name`.

        Most objects of a file are alike: what they are is told once for all of a shape.
        """
        shape = (name, *value)
        self.shapes[shape] = self.shapes.get(shape, 0) + 1
        if len(self.shapes) > _MAX_SHAPES:
            self._fold()

    def _fold(self) -> None:
        for (name, *fields), times in self.shapes.items():
            kind = _kind(name, set(fields))
            if kind in _VIEWS:
                self.of(kind).shapes[frozenset(fields)] += times
        self.shapes.clear()

    def of(self, name: str) -> Watch:
        """Give what counts one kind of object."""
        watch = self.watches.get(name)
        if watch is None:
            prefix = f"{name}." if name not in ("", "post") else ""
            watch = self.watches[name] = Watch(_VIEWS[name], prefix)
        return watch

    def drift(self) -> tuple[Drift, ...]:
        """Give what was found in all of them."""
        self._fold()
        return tuple(found for watch in self.watches.values() for found in watch.drift())


def _kind(name: str, fields: set[str]) -> str:
    """Tell what an object is: by its fields, else by the name that it stands under."""
    if {"did", "handle"} <= fields:
        return "profile"
    if {"isRead", "reason"} <= fields:
        return "notification"
    return "post" if "uri" in fields and fields & {"record", "value"} else name
