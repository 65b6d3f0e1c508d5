"""Which files an archive holds: how to know it, which are read, and why the others are not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from empreinte.container import Container, Member, is_media
from empreinte.formats.byte_order import opening
from empreinte.language import Message, message
from empreinte.sources.x.shapes import TRACES

TWEETS = {
    "tweet": None, "tweets": None, "community-tweet": None,
    "deleted-tweet": None, "deleted-tweets": None,
    "twitter-circle-tweet": "followers",
}  # fmt: skip
"""Files of posts, and who may see those; ``None`` where the archive does not tell."""
NOTES = {"note-tweet", "note-tweets", "deleted-note-tweet"}
LIKES = {"like", "likes"}
ROSTERS: dict[str, Literal["followers", "following"]] = {
    "follower": "followers",
    "following": "following",
}
ADS = {
    "ad-impressions", "ad-engagements",
    "ad-mobile-conversions-attributed", "ad-mobile-conversions-unattributed",
    "ad-online-conversions-attributed", "ad-online-conversions-unattributed",
}  # fmt: skip
PROFILE = {"account", "profile"}
INVENTORY = {"manifest"}

_NOT_NEEDED = (
    (
        message("Private messages are not read: they are other people's words too."),
        "direct-messages direct-messages-group direct-message-headers direct-message-mute"
        " direct-message-group-headers deleted-direct-messages deleted-direct-messages-group"
        " message-event audio-video-calls-in-dm audio-video-calls-in-dm-recipient-sessions"
        " audio-video-calls grok-chat-item",
    ),
    (
        message("It says again what other files say."),
        "tweet-headers deleted-tweet-headers article-metadata twitter-article-metadata",
    ),
    (
        message("Who is blocked or muted answers no question asked here."),
        "block mute smartblock",
    ),
    (
        message("It belongs to a service that X has closed."),
        "periscope-account-information periscope-ban-information periscope-broadcast-metadata"
        " periscope-comments-made-by-user periscope-expired-broadcasts periscope-followers"
        " periscope-profile-description fleet fleet-mute moment twitter-circle"
        " twitter-circle-member tweetdeck shop-module shopify-account",
    ),
    (
        message("Selling and payments on X answer no question asked here."),
        "catalog-item commerce-catalog product-drop product-set twitter-shop professional-data"
        " ads-revenue-sharing",
    ),
    (message("Keys and tokens are secrets and are not kept."), "key-registry"),
    (
        message("It tells of what other people wrote, not of you."),
        "community-note community-note-rating community-note-tombstone community-note-batsignal"
        " reply-prompt",
    ),
)
NOT_NEEDED: dict[str, Message] = {
    kind: reason for reason, kinds in _NOT_NEEDED for kind in kinds.split()
}
"""Known kinds of file that are not read, and why."""

MEDIA = message("Images and videos are not opened; the posts say what was attached.")
VIEWER = message("It serves to look at the archive in a browser and holds no data of its own.")
EMPTY = message("It is empty.")
UNKNOWN = message("A kind of file that this version does not know.")
GONE = message("Listed by the archive but not in it; you took it out.")

_NAME = re.compile(r"([a-z0-9_-]+?)(?:-part(\d{1,6}))?\.js", re.IGNORECASE)
_MONTH = re.compile(r"(?:.*/)?data/js/tweets/\d{4}_\d{2}\.js", re.IGNORECASE)
_SIGNS = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:window\.YTD\.|window\.__THAR_CONFIG|Grailbird\.data\.)"
)
_ANSWER = re.compile(r"(?:.*/)?[^/]*(?:tweet|timeline|status|favorite)[^/]*\.json", re.IGNORECASE)
_HEADS = 40
"""Files looked into before a folder is left; the first one nearly always tells."""


def kind_of(name: str) -> tuple[str, int] | None:
    """Give the kind of a ``.js`` file and its part: ``tweets-part2.js`` is ``("tweets", 2)``."""
    match = _NAME.fullmatch(name.rpartition("/")[2])
    return (match[1].lower().replace("_", "-"), int(match[2] or 0)) if match else None


def is_month(name: str) -> bool:
    """Tell whether it is a month of the layout of 2012 to 2018."""
    return _MONTH.fullmatch(name) is not None


def is_answer(export: Container, name: str) -> bool:
    """Tell whether it is a saved answer of the v1.1 API: an array of tweets."""
    if not _ANSWER.fullmatch(name):
        return False
    head = opening(export.head(name))
    return head.startswith(b"[") and all(
        key in head for key in (b'"id_str"', b'"created_at"', b'"entities"')
    )


def recognize(export: Container) -> Iterator[str]:
    """Give the roots at which an archive of X stands, see `plugins.Source`."""
    candidates: dict[str, list[Member]] = {}
    for member in export.members:
        folder = _folder(member.name)
        if folder is not None:
            candidates.setdefault(folder, []).append(member)
    bases = []
    for folder, members in candidates.items():
        smallest = sorted(members, key=lambda member: member.size)[:_HEADS]
        if any(_SIGNS.match(export.head(member.name, 200)) for member in smallest):
            bases.append(folder)
    yield from dict.fromkeys(
        base.removesuffix("data/") if f"/{base}".endswith("/data/") else base for base in bases
    )
    for name in export.names():
        if name.rpartition("/")[0] not in {base.rstrip("/") for base in bases} and is_answer(
            export, name
        ):
            yield name


def _folder(name: str) -> str | None:
    """Give the ``data/`` folder, or the bare one, in which a file of an archive lies."""
    folder, slash, _ = name.rpartition("/")
    if is_month(name):
        return name[: name.lower().rindex("js/tweets/")]
    kind = kind_of(name)
    return folder + slash if kind and _is_known(kind[0]) else None


def _is_known(kind: str) -> bool:
    return (
        kind in TWEETS
        or kind in NOTES | LIKES | ADS | PROFILE | INVENTORY
        or kind in ROSTERS
        or kind in TRACES
        or kind in NOT_NEEDED
    )


def aside(name: str) -> Message | None:
    """Say why a file that is not data is not read; ``None`` for one that may be data.

    `name` is relative to the root of the archive.
    """
    lower = name.lower()
    if is_media(lower) or re.match(r"data/[a-z_]+_media/", lower):
        return MEDIA
    if lower.startswith(("assets/", "css/", "img/", "js/", "lib/")):
        return VIEWER
    if lower.rpartition("/")[2] in (
        "your archive.html", "votre archive.html", "index.html", "tweets.csv",
    ) or re.fullmatch(r"(?:data/)?readme[^/]*", lower):  # fmt: skip
        return VIEWER
    return None
