"""Posts as records: text, facets, embeds, labels.

Formats: the lexicons ``app.bsky.feed.post``, ``app.bsky.richtext.facet``, ``app.bsky.embed.*``
(https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky). A facet tells which bytes
of the text, in UTF-8, are a link, a mention or a tag; one whose bytes do not exist is not shown
by Bluesky and is not read here. Before facets (to 2023) there were ``entities``.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from empreinte.errors import RecordError
from empreinte.model import Post
from empreinte.sources.bluesky.syntax import PLATFORM, authority, did, uri_parts

POST = "app.bsky.feed.post"
MAX_PIECES = 1_000
"""Facets, pictures or tags of one post that are read."""

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[A-Za-z0-9-]{1,30})?", re.IGNORECASE)


class Marks(NamedTuple):
    """What stands in a text: tags, people by DID (and as they are written), links."""

    tags: tuple[str, ...]
    people: tuple[tuple[str, str | None], ...]
    links: tuple[str, ...]


_UNMARKED = Marks((), (), ())
_MARKED = {"facets", "entities", "tags"}


class Embedded(NamedTuple):
    """What a post carries: the post it quotes, what is attached, what it links to."""

    quote: str | None = None
    media: tuple[str, ...] = ()
    links: tuple[str, ...] = ()


def post(
    who: str, key: str, record: dict[str, Any], marks: Marks, published: datetime,
    offset: int | None, file: str, place: int,
) -> Post:  # fmt: skip
    """Give the post that a record is.

    Raises
    ------
    RecordError
        If it has no text.
    """
    text = record.get("text")
    if not isinstance(text, str):
        raise RecordError("A post without a text: {text}.", text=text)
    embedded = embeds(record.get("embed"))
    reply = record.get("reply")
    answered = _uri(reply.get("parent")) if isinstance(reply, dict) else None
    return Post(
        platform=PLATFORM, id=f"at://{who}/{POST}/{key}", author_id=who, content=text,
        title=_warning(record.get("labels")),
        url=f"https://bsky.app/profile/{who}/post/{key}",
        language=_language(record.get("langs")), published=published, offset_min=offset,
        visibility="public", in_reply_to=answered, in_reply_to_author=authority(answered),
        quote_of=embedded.quote, tags=marks.tags,
        mentions=_once(who for who, _written in marks.people),
        links=_once((*marks.links, *embedded.links)), media=embedded.media,
        file=file, place=place,
    )  # fmt: skip


def marks(record: dict[str, Any]) -> Marks:
    """Read the facets of a post, or its entities, and its tags outside the text."""
    if not record.keys() & _MARKED:
        return _UNMARKED
    text = record.get("text")
    data = text.encode("utf-8", "replace") if isinstance(text, str) else b""
    tags: list[str] = []
    people: list[tuple[str, str | None]] = []
    links: list[str] = []
    for start, end, feature in _features(record, len(data)):
        target = feature.get("tag") or feature.get("did") or feature.get("uri")
        if not isinstance(target, str):
            continue
        kind = str(feature.get("$type", "")).rpartition("#")[2]
        if kind == "tag":
            tags.append(target)
        elif kind == "mention" and did(target):
            people.append((target, _handle(data[start:end])))
        elif kind == "link":
            links.append(target)
    outside = record.get("tags")
    if isinstance(outside, list):
        tags += [tag for tag in outside[:MAX_PIECES] if isinstance(tag, str)]
    return Marks(_once(tag.removeprefix("#") for tag in tags), _once(people), _once(links))


def _features(record: dict[str, Any], size: int):
    """Give each feature of each facet that lies within the text, and where."""
    for facet in _dicts(record.get("facets")):
        index = facet.get("index")
        if isinstance(index, dict):
            start, end = index.get("byteStart"), index.get("byteEnd")
            if _within(start, end, size):
                for feature in _dicts(facet.get("features")):
                    yield start, end, feature
    for entity in _dicts(record.get("entities")):
        kind, value = entity.get("type"), entity.get("value")
        # Their indices count UTF-16 units or bytes, as the client liked: they are not used.
        yield 0, 0, {"$type": f"#{kind}", "did" if kind == "mention" else "uri": value}


def _within(start: object, end: object, size: int) -> bool:
    return isinstance(start, int) and isinstance(end, int) and 0 <= start < end <= size


def _handle(written: bytes) -> str | None:
    """Give the handle that a mention shows (``@ana.example``), if it is one."""
    text = written.decode("utf-8", "replace").strip().removeprefix("@").lower()
    return text if "." in text and len(text) <= 253 and text.isprintable() else None


def embeds(embed: object) -> Embedded:
    """Read what a post carries; kinds that are not known carry nothing."""
    if not isinstance(embed, dict):
        return Embedded()
    kind = str(embed.get("$type", "")).removeprefix("app.bsky.embed.").partition("#")[0]
    if kind == "images":
        return Embedded(media=("Image",) * len(_dicts(embed.get("images"))))
    if kind == "video":
        return Embedded(media=("Video",))
    if kind == "external":
        external = embed.get("external")
        link = external.get("uri") if isinstance(external, dict) else None
        return Embedded(links=(link,) if isinstance(link, str) and link else ())
    if kind == "record":
        return _quoted(embed.get("record"))
    if kind == "recordWithMedia":
        inner = embed.get("record")
        quoted = _quoted(inner.get("record")) if isinstance(inner, dict) else Embedded()
        media = embed.get("media")
        carried = embeds(media) if _is_media(media) else Embedded()
        return Embedded(quoted.quote, carried.media, (*quoted.links, *carried.links))
    return Embedded()


def _is_media(media: object) -> bool:
    """Tell whether what stands beside a quote may: no quote in a quote, without end."""
    return isinstance(media, dict) and "record" not in str(media.get("$type", "")).lower()


def _quoted(ref: object) -> Embedded:
    """Tell a quoted post from a feed, a list or a starter pack, which are linked to."""
    uri = _uri(ref)
    parts = uri_parts(uri)
    if uri is None or parts is None:
        return Embedded()
    return Embedded(quote=uri) if parts[1] in (POST, None) else Embedded(links=(uri,))


def _uri(ref: object) -> str | None:
    uri = ref.get("uri") if isinstance(ref, dict) else None
    return uri if isinstance(uri, str) and uri else None


def _warning(labels: object) -> str | None:
    """Give the author's own content warnings: ``com.atproto.label.defs#selfLabels``."""
    values = _dicts(labels.get("values")) if isinstance(labels, dict) else []
    words = [word for value in values if isinstance(word := value.get("val"), str)]
    return ", ".join(words)[:500] or None


def _language(langs: object) -> str | None:
    for code in langs[:10] if isinstance(langs, list) else ():
        found = _primary(code) if isinstance(code, str) and len(code) <= 35 else None
        if found:
            return found
    return None


@lru_cache(1_000)
def _primary(code: str) -> str | None:
    found = _LANGUAGE.fullmatch(code)
    return found[1].lower() if found and found[1].lower() != "und" else None


def _dicts(value: object) -> list[dict[str, Any]]:
    items = value[:MAX_PIECES] if isinstance(value, list) else ()
    return [item for item in items if isinstance(item, dict)]


def _once(items: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(items))
