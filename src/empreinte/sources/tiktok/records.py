"""Records of TikTok's export to records of the model.

Accounts are named by their user name in lower case, the only id that the export holds; videos by
the number in their link. Dates are UTC, marked or not.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.dates import moment
from empreinte.formats.digests import digest
from empreinte.formats.drift import Watch
from empreinte.model import Account, Activity, Metric, Post, Trace, Yielded
from empreinte.sources.tiktok.sections import audience

PLATFORM = "tiktok"
OWNER = "me"
"""Whose the export is, where it does not hold the user name."""

_VIDEO = re.compile(r"/(?:video|photo|v|live|music)/(\d{5,25})")
_FILE = re.compile(r"[?&]video_id=(\w{5,80})")
_TAG = re.compile(r"(?<![\w#])#(\w{1,100})")
_LETTERS = 500
LARGEST = 10**15


class Where(NamedTuple):
    """Whose record it is, where it stands, when the export was made, and who watches its fields."""

    owner: str
    file: str
    place: int
    observed: datetime
    watch: Watch


Fields = dict[str, Any]


def text(value: object, letters: int = 100_000) -> str | None:
    """Give a text, ``None`` where there is none.

    Raises
    ------
    RecordError
        If it is something else: an object, a list.
    """
    if value is None or value == "":
        return None
    if isinstance(value, bool | int | float):
        return str(value)
    if not isinstance(value, str):
        raise RecordError("{value} stands where a text should.", value=str(value)[:200])
    return value[:letters]


def told(fields: Fields, name: str, at: Where, letters: int = 100_000) -> str | None:
    """Give the text of a field; one that cannot be read is told, and ``None``."""
    value = fields.get(name)
    if isinstance(value, str) and value:  # nearly all
        return value[:letters]
    try:
        return text(value, letters)
    except RecordError:
        at.watch.bad(name, value)
        return None


def dated(fields: Fields, at: Where, name: str = "date") -> datetime | None:
    """Give the date of a record that something else names; one that cannot be read is told."""
    value = fields.get(name)
    try:
        return moment(value)
    except RecordError:
        at.watch.bad(name, value)
        return None


def when(fields: Fields) -> datetime:
    """Give the date of a record, which all have.

    Raises
    ------
    RecordError
        If it is missing or no date.
    """
    return moment(fields.get("date"))


def person(value: object, file: str, place: int) -> Account:
    """Give someone by their user name.

    Raises
    ------
    RecordError
        If there is no name.
    """
    name = text(value, 200)
    if not name:
        raise RecordError("The item has no {column}.", column="UserName")
    return Account(platform=PLATFORM, id=name.lower(), handle=name, file=file, place=place)


def number(link: str | None) -> str | None:
    """Give the id of the video, photo or live that a link names.

    >>> number("https://www.tiktokv.com/share/video/7123456789012345678/")
    '7123456789012345678'
    """
    found = _VIDEO.search(link[:2000]) if link else None
    return found[1] if found else None


def count(value: object) -> int | None:
    """Read a counter; ``None`` where the platform gives no number.

    Raises
    ------
    RecordError
        If it is no count.
    """
    if value is None:
        return None
    written = str(value) if isinstance(value, int | str) else ""
    if not (written.isascii() and written.isdigit() and len(written) < 16):
        raise RecordError("{value} is not a count.", value=str(value)[:200])
    return int(written)


def counted(fields: Fields, name: str, at: Where) -> int | None:
    """Give the counter in a field; one that cannot be read is told, and ``None``."""
    try:
        return count(fields.get(name))
    except RecordError:
        at.watch.bad(name, fields[name])
        return None


def post(fields: Fields, at: Where) -> list[Yielded]:
    """Read a video or photo of the owner, deleted or not."""
    link = told(fields, "link", at)
    id = number(link)
    if id:
        published = dated(fields, at)
    else:
        published, file_id = when(fields), _FILE.search(link[:4000]) if link else None
        id = f"post:{digest(published.isoformat(), file_id[1] if file_id else None)}"
    title = told(fields, "title", at)
    photo = bool(link) and "/photo/" in (link or "")
    found: list[Yielded] = [Post(
        platform=PLATFORM, id=id, type="Image" if photo else "Video", author_id=at.owner,
        content=title, url=link, published=published,
        visibility=audience(told(fields, "audience", at)),
        tags=_tags(title) if title else None,
        media=("Image",) if photo else ("Video",), place_name=told(fields, "location", at, 200),
        deleted=dated(fields, at, "deleted_at") if fields.get("deleted_at") else None,
        file=at.file, place=at.place,
    )]  # fmt: skip
    likes = counted(fields, "likes", at)
    if likes is not None:
        found.append(Metric(
            platform=PLATFORM, subject_id=id, name="likes", value=float(likes),
            observed=at.observed, file=at.file, place=at.place,
        ))  # fmt: skip
    return found


def deleted(fields: Fields, at: Where) -> list[Yielded]:
    """Read a post that the owner took down; undated, it was by the day of the export."""
    found = post(fields, at)
    (gone,) = (one for one in found if isinstance(one, Post))
    deleted = gone.deleted or at.observed
    return [msgspec.structs.replace(gone, deleted=deleted), *found[1:]]


def comment(fields: Fields, at: Where) -> list[Yielded]:
    """Read a comment of the owner; what it answers is told only by newer exports."""
    content, published = told(fields, "comment", at), when(fields)
    original = told(fields, "original", at, 2000)
    photo, sticker = told(fields, "photo", at), told(fields, "sticker", at)
    return [Post(
        platform=PLATFORM, id=f"comment:{digest(published.isoformat(), content)}",
        author_id=at.owner, content=content, published=published,
        in_reply_to=number(original) or original, visibility=None,
        tags=_tags(content),
        media=("Image",) if photo or sticker else (), file=at.file, place=at.place,
    )]  # fmt: skip


def _tags(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_TAG.findall(text))) if text and "#" in text else ()


def act(type: str, via: str | None = None) -> Callable[[Fields, Where], list[Yielded]]:
    """Make the reader of acts of one kind upon videos."""

    def read(fields: Fields, at: Where) -> list[Yielded]:
        link = told(fields, "link", at, 2000)
        content = told(fields, "title", at) or told(fields, "comment", at)
        return [Activity(
            platform=PLATFORM, type=type, actor_id=at.owner, object_id=number(link), via=via,
            published=dated(fields, at) if link or content else when(fields), content=content,
            url=link, file=at.file, place=at.place,
        )]  # fmt: skip

    return read


def share(fields: Fields, at: Where) -> list[Yielded]:
    """Read something sent on by the owner: `via` tells by what way."""
    link, method = told(fields, "link", at, 2000), told(fields, "method", at, 100)
    return [Activity(
        platform=PLATFORM, type="Announce", actor_id=at.owner, object_id=number(link),
        published=dated(fields, at) if link else when(fields), url=link,
        via=method.lower() if method else "share", content=told(fields, "shared", at, 200),
        file=at.file, place=at.place,
    )]  # fmt: skip


def follow(given: bool) -> Callable[[Fields, Where], list[Yielded]]:
    """Make the reader of those whom the owner follows, or who follow the owner."""

    def read(fields: Fields, at: Where) -> list[Yielded]:
        other = person(fields.get("user"), at.file, at.place)
        actor, followed = (at.owner, other.id) if given else (other.id, at.owner)
        published = dated(fields, at)
        if published is None:
            return [other]  # the list tells of it, without its day
        act = Activity(
            platform=PLATFORM, type="Follow", actor_id=actor, object_id=followed,
            object_type="account", published=published, file=at.file, place=at.place,
        )  # fmt: skip
        return [other, act]

    return read


def trace(kind: str, *labels: str, is_dated: bool = True):
    """Make the reader of traces of one kind, named by the first of `labels` that is told."""

    def read(fields: Fields, at: Where) -> list[Yielded]:
        said: dict[str, str] = {}
        for name, value in fields.items():
            if name in ("date", *HIDDEN) or value is None:
                continue
            known = name in at.watch.fields.known
            words = told(fields, name, at) if known or not isinstance(value, dict | list) else None
            if words:
                said[name] = words
        label = next((said[name] for name in labels if name in said), None)
        if not label:
            return []  # a record that says nothing
        rest = {
            name[:_LETTERS]: words[:_LETTERS]
            for name, words in said.items() if words != label
        }  # fmt: skip
        return [Trace(
            platform=PLATFORM, account_id=at.owner, kind=kind, label=label[:_LETTERS],
            at=dated(fields, at) if is_dated or fields.get("date") else None,
            detail=rest or None, file=at.file, place=at.place,
        )]  # fmt: skip

    return read


HIDDEN = ("IDFA", "GAID", "Android ID", "IDFV", "Web ID", "UID", "DID")
"""Numbers by which advertisers know a device: they are left out."""

READERS: dict[str, Callable[[Fields, Where], list[Yielded]]] = {
    "watched": act("View"), "liked": act("Like"), "favourites": act("Add", "bookmark"),
    "liked_comments": act("Add", "bookmark"), "reposts": act("Announce"), "shares": share,
    "followers": follow(False), "following": follow(True), "posts": post, "deleted": deleted,
    "comments": comment, "searches": trace("search", "term"),
    "logins": trace("login", "address", "model"),
    "devices": trace("device", "version", "resolution", is_dated=False),
    "hashtags": trace("activity", "hashtag", "hashtag_link", is_dated=False),
    "favourite_things": trace("activity", "hashtag", "link", "hashtag_link"),
    "ad_visits": trace("ad_engagement", "ad", "ad_link"),
    "elsewhere": trace("elsewhere", "source", "event"),
    "places": trace("place", "location", "Country", "City", is_dated=False),
}  # fmt: skip
