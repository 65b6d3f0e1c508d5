"""Records of TikTok's export to records of the model.

Accounts are named by their user name in lower case, the only id that the export holds; videos by
the number in their link. Dates are UTC, marked or not.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from empreinte.errors import RecordError
from empreinte.formats.dates import moment
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
    """Whose record it is, where it stands, and when the export was made."""

    owner: str
    file: str
    place: int
    observed: datetime


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
        raise RecordError("The record has no {column}.", column="UserName")
    return Account(platform=PLATFORM, id=name.lower(), handle=name, file=file, place=place)


def number(link: str | None) -> str | None:
    """Give the id of the video, photo or live that a link names.

    >>> number("https://www.tiktokv.com/share/video/7123456789012345678/")
    '7123456789012345678'
    """
    found = _VIDEO.search(link[:2000]) if link else None
    return found[1] if found else None


def digest(*parts: str | None) -> str:
    """Give an id made of what a record says, for those that have none."""
    joined = "\0".join(part or "" for part in parts)
    return hashlib.blake2b(joined.encode("utf-8", "replace"), digest_size=10).hexdigest()


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


def post(fields: Fields, at: Where) -> list[Yielded]:
    """Read a video or photo of the owner, deleted or not."""
    link, title, published = text(fields.get("link")), text(fields.get("title")), when(fields)
    file_id = _FILE.search(link[:4000]) if link else None
    id = number(link) or f"post:{digest(published.isoformat(), file_id[1] if file_id else None)}"
    gone = fields.get("deleted_at")
    likes = count(fields.get("likes"))
    photo = bool(link) and "/photo/" in (link or "")
    found: list[Yielded] = [Post(
        platform=PLATFORM, id=id, type="Image" if photo else "Video", author_id=at.owner,
        content=title, url=link, published=published,
        visibility=audience(text(fields.get("audience"))),
        tags=_tags(title) if title else None,
        media=("Image",) if photo else ("Video",), place_name=text(fields.get("location"), 200),
        deleted=moment(gone) if gone else None, file=at.file, place=at.place,
    )]  # fmt: skip
    if likes is not None:
        found.append(Metric(
            platform=PLATFORM, subject_id=id, name="likes", value=float(likes),
            observed=at.observed, file=at.file, place=at.place,
        ))  # fmt: skip
    return found


def deleted(fields: Fields, at: Where) -> list[Yielded]:
    """Read a post that the owner took down; undated, it was by the day of the export."""
    gone = fields.get("deleted_at") or at.observed.isoformat()
    return post({**fields, "deleted_at": gone}, at)


def comment(fields: Fields, at: Where) -> list[Yielded]:
    """Read a comment of the owner; what it answers is told only by newer exports."""
    content, published = text(fields.get("comment")), when(fields)
    original = text(fields.get("original"), 2000)
    pictured = fields.get("photo") is not None or fields.get("sticker") is not None
    return [Post(
        platform=PLATFORM, id=f"comment:{digest(published.isoformat(), content)}",
        author_id=at.owner, content=content, published=published,
        in_reply_to=number(original) or original, visibility=None,
        tags=_tags(content),
        media=("Image",) if pictured else (), file=at.file, place=at.place,
    )]  # fmt: skip


def _tags(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_TAG.findall(text))) if text and "#" in text else ()


def act(type: str, via: str | None = None) -> Callable[[Fields, Where], list[Yielded]]:
    """Make the reader of acts of one kind upon videos."""

    def read(fields: Fields, at: Where) -> list[Yielded]:
        link = text(fields.get("link"), 2000)
        return [Activity(
            platform=PLATFORM, type=type, actor_id=at.owner, object_id=number(link), via=via,
            published=when(fields), content=text(fields.get("title") or fields.get("comment")),
            url=link, file=at.file, place=at.place,
        )]  # fmt: skip

    return read


def share(fields: Fields, at: Where) -> list[Yielded]:
    """Read something sent on by the owner: `via` tells by what way."""
    link, method = text(fields.get("link"), 2000), text(fields.get("method"), 100)
    return [Activity(
        platform=PLATFORM, type="Announce", actor_id=at.owner, object_id=number(link),
        published=when(fields), url=link, via=method.lower() if method else "share",
        content=text(fields.get("shared"), 200), file=at.file, place=at.place,
    )]  # fmt: skip


def follow(given: bool) -> Callable[[Fields, Where], list[Yielded]]:
    """Make the reader of those whom the owner follows, or who follow the owner."""

    def read(fields: Fields, at: Where) -> list[Yielded]:
        other = person(fields.get("user"), at.file, at.place)
        actor, followed = (at.owner, other.id) if given else (other.id, at.owner)
        act = Activity(
            platform=PLATFORM, type="Follow", actor_id=actor, object_id=followed,
            object_type="account", published=when(fields), file=at.file, place=at.place,
        )  # fmt: skip
        return [other, act]

    return read


def trace(kind: str, *labels: str, dated: bool = True):
    """Make the reader of traces of one kind, named by the first of `labels` that is told."""

    def read(fields: Fields, at: Where) -> list[Yielded]:
        label = next((said for name in labels if (said := text(fields.get(name)))), None)
        if not label:
            return []  # a record that says nothing
        rest = {
            name[:_LETTERS]: said
            for name, value in fields.items()
            if name not in ("date", *HIDDEN) and (said := text(value, _LETTERS)) and said != label
        }
        day = when(fields) if dated or fields.get("date") else None
        return [Trace(
            platform=PLATFORM, account_id=at.owner, kind=kind, label=label[:_LETTERS], at=day,
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
    "devices": trace("device", "version", "resolution", dated=False),
    "hashtags": trace("activity", "hashtag", "hashtag_link", dated=False),
    "favourite_things": trace("activity", "hashtag", "link", "hashtag_link"),
    "ad_visits": trace("ad_engagement", "ad", "ad_link"),
    "elsewhere": trace("elsewhere", "source", "event"),
    "places": trace("place", "location", "Country", "City", dated=False),
}  # fmt: skip
