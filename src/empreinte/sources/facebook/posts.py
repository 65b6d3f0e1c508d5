"""What the owner wrote and liked: posts, comments and reactions, from an `Entry`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.errors import RecordError
from empreinte.model import Activity, Post, Yielded
from empreinte.sources.facebook.entries import Entry
from empreinte.sources.facebook.names import (
    OWNER,
    PLATFORM,
    Repeats,
    account,
    digest,
    due,
    meaning,
    named,
    said,
    when,
)

_TAG = re.compile(r"(?:^|(?<=\W))#(\w{1,100})")
_LINK = re.compile(r"https?://[^\s<>\")\]]{1,2000}")
_VIDEO = re.compile(r"\.(?:mp4|mov|avi|webm|3gp|mkv|m4v)(?:\?|$)", re.IGNORECASE)
_AUDIO = re.compile(r"\.(?:mp3|aac|wav|ogg|m4a)(?:\?|$)", re.IGNORECASE)
_REACTIONS = frozenset(("like", "love", "care", "haha", "wow", "sad", "angry"))


def post(entry: Entry, file: str, repeats: Repeats) -> Iterator[Yielded]:
    """Read a post, of the profile or of a group."""
    kind, names = said(entry.title)
    group = entry.group or (names.get("group") if kind == "in_group" else None)
    walls = names.get("target") if kind == "on_wall" else None
    people = [*entry.tags, *([walls] if walls else ())]
    for name in sorted({*people, *([group] if group else ())}):
        yield account(name, file, entry.place)
    published = due(entry.when)
    media = tuple(dict.fromkeys(_kind(uri) for uri in entry.media))
    said_by = (
        entry.text, *entry.links, *(uri.rpartition("/")[2].partition(".")[0] for uri in entry.media)
    )  # fmt: skip
    latitude, longitude = _degrees(entry)
    yield Post(
        platform=PLATFORM,
        id=repeats.told(f"post:{digest(published.isoformat(), *said_by)}"),
        type="Note", author_id=OWNER, channel_id=named(group) if group else None,
        content=entry.text, url=entry.url, published=published, tags=_tags(entry.text),
        mentions=tuple(named(name) for name in people),
        links=tuple(dict.fromkeys((*entry.links, *_links(entry.text)))), media=media,
        place_name=entry.place_name, latitude=latitude, longitude=longitude,
        file=file, place=entry.place,
    )  # fmt: skip


def comment(entry: Entry, file: str, repeats: Repeats) -> Iterator[Yielded]:
    """Read a comment: whom it answers stands in its title alone."""
    kind, names = said(entry.title)
    target = names.get("target") if kind == "answered" else None
    group = entry.group or names.get("group")
    if target:
        yield account(target, file, entry.place)
    if group:
        yield account(group, file, entry.place)
    published = due(entry.when)
    id = repeats.told(f"comment:{digest(published.isoformat(), entry.text, *entry.media)}")
    author = OWNER if kind == "answered_own" else named(target) if target else None
    yield Post(
        platform=PLATFORM, id=id, author_id=OWNER, channel_id=named(group) if group else None,
        content=entry.text, url=entry.url, published=published,
        # Neither the post nor its author is named: that it answers is all that is known.
        in_reply_to=None if author else f"above:{id}", in_reply_to_author=author,
        tags=_tags(entry.text), links=tuple(dict.fromkeys((*entry.links, *_links(entry.text)))),
        media=tuple(dict.fromkeys(_kind(uri) for uri in entry.media)), file=file, place=entry.place,
    )  # fmt: skip


def reaction(entry: Entry, file: str, repeats: Repeats) -> Iterator[Yielded]:
    """Read a reaction: `via` is its kind where that is not a plain like."""
    sort = reacted(entry.reaction)
    kind, names = said(entry.title)
    target = names.get("target") if kind == "liked" else None
    name = target or entry.fields.get("author.name") or entry.fields.get("author")
    if isinstance(name, str):
        target = name
        yield account(name, file, entry.place)
    published = due(entry.when)
    url = entry.url
    by = OWNER if kind == "liked_own" else named(target) if target else None
    yield Activity(
        platform=PLATFORM, type="Like", actor_id=OWNER,
        id=repeats.told(f"like:{entry.id or digest(published.isoformat(), sort, by, url)}"),
        object_id=url, object_author=by, published=published, url=url,
        via=None if sort == "like" else sort, file=file, place=entry.place,
    )  # fmt: skip


def reacted(text: str | None) -> str:
    """Give the kind of a reaction by its code, its word or its picture.

    Raises
    ------
    RecordError
        If none is told.
    """
    if not text:
        raise RecordError("The record has no {column}.", column="reaction")
    found = meaning(text.strip())
    return found if found in _REACTIONS else text.strip()[:100].lower()


def event(entry: Entry, file: str, repeats: Repeats) -> Iterator[Yielded]:
    """Read an event that the owner made."""
    name = entry.fields.get("name") or entry.name or entry.title
    if not isinstance(name, str):
        raise RecordError("The record has no {column}.", column="name")
    fields = entry.fields
    begins = due(fields.get("start_timestamp") or entry.when)
    text, where = fields.get("description"), fields.get("place.name")
    yield Post(
        platform=PLATFORM, id=repeats.told(f"event:{digest(begins.isoformat(), name)}"),
        type="Event", author_id=OWNER, title=name, content=text if isinstance(text, str) else None,
        published=when(fields.get("create_timestamp")) or begins,
        place_name=where if isinstance(where, str) else None, file=file, place=entry.place,
    )  # fmt: skip


def _kind(uri: str) -> str:
    if _VIDEO.search(uri[-60:]):
        return "Video"
    return "Audio" if _AUDIO.search(uri[-60:]) else "Image"


def _degrees(entry: Entry) -> tuple[float | None, float | None]:
    latitude, longitude = entry.latitude, entry.longitude
    if latitude is None or longitude is None:
        return None, None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None, None
    return latitude, longitude


def _tags(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_TAG.findall(text))) if text and "#" in text else ()


def _links(text: str | None) -> list[str]:
    return (
        [found.rstrip(".,;:!?") for found in _LINK.findall(text)] if text and "http" in text else []
    )
