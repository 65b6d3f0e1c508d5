"""The flat layout (until 2020): a dozen files at the root, their fields in English.

``media.json {photos: [{caption, taken_at, location, path}], videos, stories}``, ``likes.json
{media_likes: [[date, user]]}``, ``comments.json {media_comments: [[date, text, user]]}``,
``connections.json {followers: {user: date}}``, ``seen_content.json {posts_seen: [{timestamp,
author}]}``. Learnt from public parsers. Pictures published together stand there one by one, with
one text and date: they are one post.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import msgspec

from empreinte.container import Container
from empreinte.errors import ContainerError, RecordError
from empreinte.formats.byte_order import unmarked
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.json_array import document
from empreinte.formats.user_names import user
from empreinte.model import Post, Yielded
from empreinte.sources.instagram import acts, traces
from empreinte.sources.instagram.names import At, due, plain, said
from empreinte.sources.instagram.reading import Tally, array
from empreinte.sources.instagram.shapes import Item, Scalar
from empreinte.sources.instagram.written import medium_type, published_post, written_comment

_KEYS = {
    "media": rb"stories|photos|videos|profile|direct",
    "likes": rb"media_likes|comment_likes",
    "comments": rb"media_comments|live_comments",
    "connections": rb"blocked_users|restricted_users|close_friends|follow_requests_sent|"
                   rb"permanent_follow_requests|followers|following|following_hashtags|"
                   rb"dismissed_suggested_users",
    "profile": rb"biography|date_joined|private_account|profile_pic_url|username|name_changes",
    "seen_content": rb"chaining_seen|ads_seen|posts_seen|videos_watched|ads_clicked",
    "saved": rb"saved_media|saved_collections",
    "account_history": rb"login_history|registration_info",
    "devices": rb"devices|camera_metadata",
}  # fmt: skip
_START = {kind: re.compile(rb'\s*\{\s*"(?:' + keys + rb')"\s*:') for kind, keys in _KEYS.items()}
_START["searches"] = re.compile(rb'\s*\[\s*\{[^{}]*"search_click"\s*:')
CONNECTIONS = _KEYS["connections"].decode().split("|")
"""Lists of people that are known."""
PATTERN = rf"(.*/)?({'|'.join(_START)})\.json"
_TELLING = {"media", "likes", "comments", "connections", "seen_content", "searches"}
"""Files that no other platform has under that name with those keys."""


class Old(msgspec.Struct, gc=False):
    """A picture, a video or a story."""

    taken_at: str | None = None
    caption: str | None = None
    location: str | None = None
    path: str | None = None


class List(NamedTuple):
    """An array of a file: its key (``None``: the file itself), its records, who reads them."""

    key: str | None
    form: Any
    read: Callable[[Any, At], list[Yielded]]
    fields: Fields | None = None


def tells(name: str, head: bytes) -> bool:
    """Tell whether a file is surely one of Instagram's flat layout."""
    base = name.rpartition("/")[2].lower()
    return base.removesuffix(".json") in _TELLING and known(base, head)


def known(base: str, head: bytes) -> bool:
    """Tell whether a file of the root is one of the flat layout."""
    start = _START.get(base.lower().removesuffix(".json"))
    return bool(start and start.match(unmarked(head)))


def _medium(kind: str) -> Callable[[Old, At], list[Yielded]]:
    def read(one: Old, at: At) -> list[Yielded]:
        type = medium_type(one.path)
        return [published_post(
            due(said(one.taken_at)), plain(one.caption), at, kind=kind,
            media=(type,) if type else (), place_name=plain(one.location),
        )]  # fmt: skip

    return read


def _act(verb: str, via: str | None = None) -> Callable[[list[Any], At], list[Yielded]]:
    def read(row: list[Any], at: At) -> list[Yielded]:
        date, who = _cell(row, 0, at), _cell(row, 1, at)
        _more(row, 2, at)
        return [acts.act(verb, at, due(said(date)), author=user(who), via=via)]

    return read


def _comment(row: list[Any], at: At) -> list[Yielded]:
    date, text, who = _cell(row, 0, at), _cell(row, 1, at), _cell(row, 2, at)
    _more(row, 3, at)
    return [written_comment(due(said(date)), plain(text), who, at)]


def _item(read: acts.Act, names: dict[str, str]) -> Callable[[dict[str, Any], At], list[Yielded]]:
    """Make the reader of records whose fields have plain names; `names` gives their meanings."""

    def run(fields: dict[str, Any], at: At) -> list[Yielded]:
        item = Item(watch=at.watch)
        for field, value in list(fields.items())[:50]:
            label = names.get(field, field)
            if isinstance(value, str | int | float | bool):
                item.add(label, value)
            elif value is not None and at.watch and field in at.watch.fields.known:
                item.bad(field, value)
        return read(item, at)

    return run


def _cell(row: list[Any], column: int, at: At) -> str | None:
    value = row[column] if column < len(row) else None
    if isinstance(value, str):  # nearly all
        return value
    if value is not None and at.watch is not None:
        at.watch.bad(f"column {column + 1}", value)
    return None


def _more(row: list[Any], columns: int, at: At) -> None:
    """Tell of columns that are not known."""
    if len(row) > columns and at.watch is not None:
        at.watch.unknown(f"column {columns + 1}")


_OLD = Fields("taken_at path", "caption location")
_ROW = list[Any]
_SEEN = {"timestamp": "time", "author": "author", "username": "username", "caption": "caption"}
_SEARCH = {"search_click": "search", "time": "time"}
_LOGIN = {
    "ip_address": "ip", "timestamp": "time", "user_agent": "user_agent",
    "language_code": "language", "cookie_name": "cookie", "device_id": "device_id",
    "last_login": "time",
}  # fmt: skip


def _seen(key: str, read: acts.Act, field: str) -> List:
    return List(key, dict[str, Any], _item(read, _SEEN), Fields(f"timestamp {field}"))


LISTS: dict[str, tuple[List, ...]] = {
    "flat/media": (
        List("photos", Old, _medium("post"), _OLD), List("videos", Old, _medium("post"), _OLD),
        List("stories", Old, _medium("story"), _OLD),
    ),
    "flat/likes": (
        List("media_likes", _ROW, _act("Like")),
        List("comment_likes", _ROW, _act("Like", "comment")),
    ),
    "flat/comments": (
        List("media_comments", _ROW, _comment), List("live_comments", _ROW, _comment),
    ),
    "flat/saved": (List("saved_media", _ROW, _act("Add", "bookmark")),),
    "flat/seen_content": (
        _seen("posts_seen", acts.on_post("View"), "author"),
        _seen("videos_watched", acts.on_post("View", "video"), "author"),
        _seen("chaining_seen", acts.saw_account, "username"),
        _seen("ads_seen", traces.of("ad_impression", "author", said_in="viewed"), "author"),
        _seen("ads_clicked", traces.of("ad_engagement", "caption", said_in="clicked"), "caption"),
    ),
    "flat/searches": (
        List(
            None, dict[str, Any],
            _item(traces.of("search", "search", said_in="accounts"), _SEARCH),
            Fields("search_click time", "type"),
        ),
    ),
    "flat/account_history": (
        List("login_history", dict[str, Any], _item(traces.session("login"), _LOGIN),
             Fields("ip_address timestamp user_agent", "cookie_name language_code device_id")),
    ),
    "flat/devices": (List("devices", dict[str, Any], _item(traces.device, _LOGIN)),),
}  # fmt: skip


def read(export: Container, name: str, kind: str, at: At, tally: Tally) -> Iterator[Yielded]:
    """Read the arrays of a file."""
    parts = _parts(export, name)
    strange = Watch(Fields())
    tally.watches.append(strange)
    for key in parts or () if kind != "flat/searches" else ():
        if not re.fullmatch(_KEYS[kind.removeprefix("flat/")], key.encode("utf-8", "replace")):
            strange.unknown(key)
    for one in LISTS[kind]:
        watch = Watch(
            one.fields or Fields(), f"{one.key}: " if one.key and len(LISTS[kind]) > 1 else ""
        )
        tally.watches.append(watch)
        key = None if parts is not None else one.key
        if parts is None or one.key is None:
            stream = export.open(name)
        elif one.key in parts:
            stream = io.BytesIO(parts[one.key])
        else:
            continue
        with stream:
            yield from _together(array(stream, key, one.form, one.read, at, tally, watch))


def _parts(export: Container, name: str) -> dict[str, msgspec.Raw] | None:
    """Give the values of a file by key, ``None`` where it must be read as it comes.

    So a file of several arrays is gone through once; one that is cut or long is gone through for
    each of them.
    """
    try:
        return document(export.read(name, _WHOLE), dict[str, msgspec.Raw])
    except ContainerError:
        return None


_WHOLE = 64 << 20
_MOST = 100
"""Media of one post; Instagram takes 20."""


def _together(found: Iterable[Yielded]) -> Iterator[Yielded]:
    """Give records, those that follow each other and are one post made one, with all its media."""
    last: Post | None = None
    for record in found:
        if isinstance(record, Post) and last is not None and record.id == last.id:
            media = (*(last.media or ()), *(record.media or ()))[:_MOST]
            last = msgspec.structs.replace(last, media=media)
            continue
        if last is not None:
            yield last
        last = record if isinstance(record, Post) else None
        if last is None:
            yield record
    if last is not None:
        yield last


class Connections(msgspec.Struct, gc=False):
    """Who follows and is followed, by user name, with the date."""

    followers: dict[str, Scalar] | None = None
    following: dict[str, Scalar] | None = None
    following_hashtags: dict[str, Scalar] | None = None


def people(who: str, date: Scalar, at: At, read: acts.Act) -> list[Yielded]:
    """Read one person of a list of connections.

    Raises
    ------
    RecordError
        If that is no user name, or no date.
    """
    if user(who) is None:
        raise RecordError("The item does not say who it is about.")
    item = Item(watch=at.watch)
    item.add("username", who)
    item.add("time", date)
    return read(item, at)
