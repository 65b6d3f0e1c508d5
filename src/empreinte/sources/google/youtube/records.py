"""Rows of YouTube's tables to records: comments, videos, channels, playlists."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.model import Account, Activity, Post, Trace, Yielded
from empreinte.sources.google.names import OWNER, YOUTUBE, clip, when
from empreinte.sources.google.youtube.tables import Cells, words

SITE = "https://www.youtube.com"
_TAG = re.compile(r"(?:^|(?<=\W))#(\w{1,100})")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?=$|[-_])")
_READER = json.JSONDecoder()
_BETWEEN = re.compile(r"\s*,?\s*")
_EMPTY = re.compile(
    r"\s*\[?(?:\s*\{\s*\"(?:takeoutSegments|runs)\"\s*:\s*\[)?"
    r"\s*(?:\{\s*\"(?:text|simpleText)\"\s*:\s*(?:\"\"|null)\s*\}\s*)?(?:\]\s*\})?\s*\]?\s*"
)
"""A comment of no letters, as it is wrapped."""
_DEEPEST = 4
MAX_ITEMS = 500
_PRIVACY = ("public", "unlisted", "private")


class _Link(msgspec.Struct, rename="camel"):
    link_url: str | None = None


class _Mention(msgspec.Struct, rename="camel"):
    external_channel_id: str | None = None


class _Emoji(msgspec.Struct, rename="camel"):
    shortcuts: list[str] = []
    emoji_id: str = ""

    @property
    def shown(self) -> str:
        letters = not self.emoji_id.isascii()  # the channel's own have an id in letters
        return self.shortcuts[0] if self.shortcuts else self.emoji_id if letters else ""


class _Fragment(msgspec.Struct):
    text: str = ""
    link: _Link | None = None
    mention: _Mention | None = None
    emoji: _Emoji | None = None

    @property
    def shown(self) -> str:
        return self.text or (self.emoji.shown if self.emoji else "")


class Text(msgspec.Struct):
    """A comment's text, whom it names and where it leads."""

    plain: str
    mentions: tuple[str, ...] | None = None
    links: tuple[str, ...] | None = None


def text(cell: str) -> Text:
    """Read a comment: pieces in JSON, however they are wrapped; older exports hold it plain.

    >>> text('{"text":"Bravo "},{"text":"!"}').plain
    'Bravo !'
    >>> text('{"takeoutSegments":[{"text":"Bravo !"}]}').plain
    'Bravo !'
    """
    pieces = list(_pieces(cell.strip())) if cell.lstrip()[:1] in ("{", "[") else []
    if not any(piece.shown for piece in pieces):
        return Text("" if '"' in cell and _EMPTY.fullmatch(cell) else cell)
    links = [piece.link.link_url for piece in pieces if piece.link and piece.link.link_url]
    named = [piece.mention.external_channel_id for piece in pieces if piece.mention]
    return Text(
        "".join(piece.shown for piece in pieces),
        tuple(dict.fromkeys(filter(None, named)))[:MAX_ITEMS],
        tuple(dict.fromkeys(links))[:MAX_ITEMS],
    )


def _pieces(cell: str) -> Iterator[_Fragment]:
    """Give the pieces of a comment that is JSON throughout, nothing of one that is not.

    One object after another, with or without commas between them, a list, or an object that holds
    the list under one of its names: all were met.
    """
    values, at = [], 0
    try:
        while at < len(cell):
            value, at = _READER.raw_decode(cell, at)
            values.append(value)
            at = _BETWEEN.match(cell, at).end()  # type: ignore[union-attr]
    except (ValueError, RecursionError):
        return
    yield from _within(values, 0)


def _within(value: object, depth: int) -> Iterator[_Fragment]:
    if isinstance(value, list):
        for each in value:
            yield from _within(each, depth)
    elif isinstance(value, dict) and depth < _DEEPEST:
        if isinstance(value.get("simpleText"), str) and "text" not in value:
            value = {**value, "text": value["simpleText"]}
        inner = [each for key, each in value.items() if isinstance(each, list) or key == "message"]
        if "text" not in value and inner:
            for each in inner:
                yield from _within(each, depth + 1)
            return
        try:
            yield msgspec.convert(value, _Fragment)
        except msgspec.ValidationError:
            said = value.get("text")
            yield _Fragment(said if isinstance(said, str) else "")


def tags(written: str) -> tuple[str, ...]:
    """Give the hashtags of a text."""
    if "#" not in written:
        return ()
    return tuple(dict.fromkeys(_TAG.findall(written)))[:MAX_ITEMS]


def watch_url(video: str, comment: str | None = None) -> str:
    """Give the address of a video, or of a comment under it."""
    return f"{SITE}/watch?v={video}" + (f"&lc={comment}" if comment else "")


def comment(row: Cells, file: str, watch: Watch) -> Iterator[Yielded]:
    """Read a row of ``comments.csv``: under a video, a post or another comment."""
    id = due(row, "comment_id")
    said = text(row.get("comment_text", ""))
    video, post = row.get("video_id"), row.get("post_id")
    url = watch_url(video, id) if video else f"{SITE}/post/{post}?lc={id}" if post else None
    yield Post(
        platform=YOUTUBE, id=id, author_id=OWNER, content=said.plain, url=url,
        published=_due_date(row, "comment_created", watch),
        in_reply_to=row.get("parent_id") or row.get("top_level_id") or video or post or None,
        tags=tags(said.plain), mentions=said.mentions, links=said.links, media=(),
        file=file, place=row.place,
    )  # fmt: skip


def live_chat(row: Cells, file: str, watch: Watch) -> Iterator[Yielded]:
    """Read a row of ``live chats.csv``: what was said while a video went out live."""
    said = text(row.get("live_chat_text", ""))
    video = row.get("video_id") or None
    yield Post(
        platform=YOUTUBE, id=due(row, "live_chat_id"), author_id=OWNER, content=said.plain,
        url=watch_url(video) if video else None,
        published=_due_date(row, "live_chat_created", watch), in_reply_to=video,
        tags=tags(said.plain),
        mentions=said.mentions, links=said.links, media=(), file=file, place=row.place,
    )  # fmt: skip


def video(row: Cells, file: str, watch: Watch) -> Iterator[Yielded]:
    """Read a row of ``videos.csv``; it counts neither views nor likes."""
    id = due(row, "video_id")
    description = row.get("video_description", "")
    published = "video_published" if row.get("video_published") else "video_created"
    privacy = words().of(row.get("video_privacy", ""))
    if privacy not in _PRIVACY and row.get("video_privacy"):
        watch.unknown(f"video_privacy: {row['video_privacy']}")
    yield Post(
        platform=YOUTUBE, id=id, type="Video", author_id=OWNER, title=row.get("video_title"),
        content=description or None, url=watch_url(id),
        published=_date(row, published, watch),
        language=language(row.get("video_language")),
        visibility=privacy if privacy in _PRIVACY else None,
        tags=tuple(dict.fromkeys((*row.many("tag"), *tags(description)))), media=("Video",),
        file=file, place=row.place,
    )  # fmt: skip


def channel(row: Cells, file: str, watch: Watch) -> Iterator[Yielded]:
    """Read one of the owner's channels; the first is also the owner's account."""
    id = due(row, "channel_id")
    visibility = row.get("channel_visibility", "")
    detail = {
        "channel_id": id, "url": f"{SITE}/channel/{id}",
        "visibility": words().of(visibility) or visibility, "country": row.get("channel_country"),
    }  # fmt: skip
    yield trace("profile", row.get("channel_title") or id, detail, file, row.place)


def subscription(row: Cells, file: str, watch: Watch) -> Iterator[Yielded]:
    """Read a channel that the owner follows; the table does not tell since when."""
    yield followed(row.get("channel_title"), due(row, "channel_id"), file, row.place)


def followed(name: str | None, id: str, file: str, place: int) -> Account:
    """Make the account of a channel met in passing."""
    return Account(
        platform=YOUTUBE, id=id, name=name or None, url=f"{SITE}/channel/{id}",
        file=file, place=place,
    )  # fmt: skip


def playlist(row: Cells, file: str, watch: Watch) -> Iterator[Yielded]:
    """Read what ``playlists.csv`` tells of a playlist."""
    id, visibility = due(row, "playlist_id"), row.get("playlist_visibility", "")
    yield Trace(
        platform=YOUTUBE, account_id=OWNER, kind="profile",
        label=clip(row.get("playlist_title") or id), at=_date(row, "playlist_created", watch),
        detail=compact({"from": "playlist", "playlist_id": id,
                        "visibility": words().of(visibility) or visibility}),
        file=file, place=row.place,
    )  # fmt: skip


def item(
    row: Cells, file: str, watch: Watch, list_kind: str | None, name: str
) -> Iterator[Yielded]:
    """Read a video in a playlist: a ``Like`` in that of liked videos, else an ``Add``."""
    yield added_to(
        list_kind, name, due(row, "video_id"), _date(row, "added", watch), file, row.place
    )


def added_to(list_kind: str | None, name: str, video: str, at, file: str, place: int) -> Activity:
    """Make the act of putting a video into a playlist."""
    liked = list_kind == "liked_videos"
    via = {"watch_later": "bookmark", "liked_videos": None}.get(list_kind or "", "playlist")
    return Activity(
        platform=YOUTUBE, type="Like" if liked else "Add", actor_id=OWNER, object_id=video,
        published=at, via=via, content=clip(name) if via == "playlist" else None,
        url=watch_url(video), file=file, place=place,
    )  # fmt: skip


def song(row: Cells, file: str, watch: Watch) -> Iterator[Yielded]:
    """Read a song of the owner's library."""
    detail = {
        "from": "music library", "video": row.get("video_id"), "album": row.get("album_title"),
        "artist": ", ".join(row.many("artist")),
    }  # fmt: skip
    yield trace("activity", due(row, "song_title"), detail, file, row.place)


def trace(kind: str, label: str, detail: dict[str, str | None], file: str, place: int) -> Trace:
    """Make an undated trace of the owner; what is not told is left out of its detail."""
    return Trace(
        platform=YOUTUBE, account_id=OWNER, kind=kind, label=clip(label), detail=compact(detail),
        file=file, place=place,
    )  # fmt: skip


def compact(detail: dict[str, str | None]) -> dict[str, str]:
    """Leave out what is not told."""
    return {name: clip(value) for name, value in detail.items() if value}


def language(written: str | None) -> str | None:
    """Give the primary tag of a language (``fr`` of ``fr-FR``)."""
    found = _LANGUAGE.match((written or "").lower())
    return found[0] if found else None


def due(row: Cells, name: str) -> str:
    """Give a value that a row cannot do without.

    Raises
    ------
    RecordError
        If it is missing.
    """
    value = row.get(name)
    if not value:
        raise RecordError("The row has no {column}.", column=name)
    return value


def _date(row: Cells, name: str, watch: Watch) -> datetime | None:
    return watch.tried(name, when, row.get(name) or None)


def _due_date(row: Cells, name: str, watch: Watch) -> datetime | None:
    """Read a date that each row has; where it is missing or none, that is told."""
    if not row.get(name):
        watch.bad(name, "")
    return _date(row, name, watch)


READERS: dict[str, Callable[[Cells, str, Watch], Iterator[Yielded]]] = {
    "comments": comment, "live_chats": live_chat, "videos": video, "channel": channel,
    "subscriptions": subscription, "playlists": playlist, "songs": song,
}  # fmt: skip
