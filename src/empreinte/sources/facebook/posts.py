"""What the owner wrote and liked: posts, comments and reactions, from an `Entry`."""

from __future__ import annotations

import re

from empreinte.errors import RecordError
from empreinte.formats.digests import digest
from empreinte.model import Activity, Post, Yielded
from empreinte.sources.facebook.entries import Entry
from empreinte.sources.facebook.names import (
    OWNER,
    PLATFORM,
    Repeats,
    account,
    due,
    meaning,
    named,
    said,
)

_TAG = re.compile(r"(?:^|(?<=\W))#(\w{1,100})")
_LINK = re.compile(r"https?://[^\s<>\")\]]{1,2000}")
_VIDEO = re.compile(r"\.(?:mp4|mov|avi|webm|3gp|mkv|m4v)(?:\?|$)", re.IGNORECASE)
_AUDIO = re.compile(r"\.(?:mp3|aac|wav|ogg|m4a)(?:\?|$)", re.IGNORECASE)
_REACTIONS = frozenset(("like", "love", "care", "haha", "wow", "sad", "angry"))


def post(entry: Entry, file: str, repeats: Repeats) -> list[Yielded]:
    """Read a post, of the profile or of a group."""
    kind, names = said(entry.title)
    group = entry.group or (names.get("group") if kind == "in_group" else None)
    walls = names.get("target") if kind == "on_wall" else None
    people = [*entry.tags, walls] if walls else entry.tags
    met = sorted({*people, group} if group else {*people})
    published = due(entry.when)
    names_of_media = [uri.rpartition("/")[2].partition(".")[0] for uri in entry.media]
    latitude, longitude = _degrees(entry)
    found = Post(
        platform=PLATFORM,
        id=repeats.told(
            f"post:{digest(published.isoformat(), entry.text, *entry.links, *names_of_media)}"
        ),
        type="Question" if entry.asks else "Note", author_id=OWNER,
        channel_id=named(group) if group else None, content=entry.text, title=entry.name_of_thing,
        url=entry.url, published=published, updated=entry.at(entry.updated, "update_timestamp"),
        tags=_tags(entry.text), mentions=tuple(map(named, people)), links=_links(entry),
        media=_media(entry), place_name=entry.place_name, latitude=latitude, longitude=longitude,
        file=file, place=entry.place,
    )  # fmt: skip
    return [*(account(name, file, entry.place) for name in met), found]


def comment(entry: Entry, file: str, repeats: Repeats) -> list[Yielded]:
    """Read a comment: whom it answers stands in its title alone."""
    kind, names = said(entry.title)
    target = names.get("target") if kind == "answered" else None
    group = entry.group or names.get("group")
    published = due(entry.when)
    id = repeats.told(f"comment:{digest(published.isoformat(), entry.text, *entry.media)}")
    author = OWNER if kind == "answered_own" else named(target) if target else None
    found = Post(
        platform=PLATFORM, id=id, author_id=OWNER, channel_id=named(group) if group else None,
        content=entry.text, url=entry.url, published=published,
        # Neither the post nor its author is named: that it answers is all that is known.
        in_reply_to=None if author else f"above:{id}", in_reply_to_author=author,
        tags=_tags(entry.text), links=_links(entry), media=_media(entry),
        file=file, place=entry.place,
    )  # fmt: skip
    return [*(account(name, file, entry.place) for name in (target, group) if name), found]


def reaction(entry: Entry, file: str, repeats: Repeats) -> list[Yielded]:
    """Read a reaction: `via` is its kind where that is not a plain like."""
    sort = reacted(entry.reaction)
    kind, names = said(entry.title)
    target = names.get("target") if kind == "liked" else None
    name = target or entry.fields.get("author.name") or entry.fields.get("author")
    people = [account(name, file, entry.place)] if isinstance(name, str) and name.strip() else []
    target = name if people else None
    url = entry.url
    published = entry.at(entry.when) if entry.id or url else due(entry.when)
    stamp = published.isoformat() if published else None
    by = OWNER if kind == "liked_own" else named(target) if target else None
    found = Activity(
        platform=PLATFORM, type="Like", actor_id=OWNER,
        id=repeats.told(f"like:{entry.id or digest(stamp, sort, by, url)}"),
        object_id=url, object_author=by, published=published, url=url,
        via=None if sort == "like" else sort, file=file, place=entry.place,
    )  # fmt: skip
    return [*people, found]


def reacted(text: str | None) -> str:
    """Give the kind of a reaction by its code, its word or its picture.

    Where none is told it is ``reaction``: not known to be a like.
    """
    if not text:
        return "reaction"
    found = meaning(text.strip())
    return found if found in _REACTIONS else text.strip()[:100].lower()


def event(entry: Entry, file: str, repeats: Repeats) -> list[Yielded]:
    """Read an event that the owner made."""
    name = entry.fields.get("name") or entry.name or entry.title
    if not isinstance(name, str):
        raise RecordError("The item has no {column}.", column="name")
    fields = entry.fields
    begins = due(fields.get("start_timestamp") or entry.when)
    text, where = fields.get("description"), fields.get("place.name")
    found = Post(
        platform=PLATFORM, id=repeats.told(f"event:{digest(begins.isoformat(), name)}"),
        type="Event", author_id=OWNER, title=name, content=text if isinstance(text, str) else None,
        published=entry.at(fields.get("create_timestamp"), "create_timestamp") or begins,
        place_name=where if isinstance(where, str) else None, file=file, place=entry.place,
    )  # fmt: skip
    return [found]


def _media(entry: Entry) -> tuple[str, ...]:
    return tuple(dict.fromkeys(map(_kind, entry.media))) if entry.media else ()


def _kind(uri: str) -> str:
    if _VIDEO.search(uri[-60:]):
        return "Video"
    return "Audio" if _AUDIO.search(uri[-60:]) else "Image"


def _degrees(entry: Entry) -> tuple[float | None, float | None]:
    latitude, longitude = entry.latitude, entry.longitude
    if latitude is None or longitude is None:
        return None, None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        entry.watch.bad("coordinate", f"{latitude}, {longitude}")
        return None, None
    return latitude, longitude


def _tags(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_TAG.findall(text))) if text and "#" in text else ()


def _links(entry: Entry) -> tuple[str, ...]:
    """Give the pages that a post points to, and those in its text."""
    if not entry.text or "http" not in entry.text:
        return entry.links
    in_text = (found.rstrip(".,;:!?") for found in _LINK.findall(entry.text))
    return tuple(dict.fromkeys((*entry.links, *in_text)))
