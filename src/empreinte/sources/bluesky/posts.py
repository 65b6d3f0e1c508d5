"""Posts as records: text, facets, embeds, labels.

Formats: the lexicons ``app.bsky.feed.post``, ``app.bsky.richtext.facet``, ``app.bsky.embed.*``
(https://github.com/bluesky-social/atproto/tree/main/lexicons/app/bsky). A facet tells which bytes
of the text, in UTF-8, are a link, a mention or a tag; one whose bytes do not exist is not shown
by Bluesky and is not read here. Before facets (to 2023) there were ``entities``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple, TypeGuard

from empreinte.formats.drift import Watch
from empreinte.formats.lenient import Bad
from empreinte.model import Post
from empreinte.sources.bluesky.fields import POST
from empreinte.sources.bluesky.syntax import PLATFORM, authority, did, uri_parts

MAX_PIECES = 1_000
"""Facets, pictures or tags of one post that are read."""

_LANGUAGE = re.compile(r"([a-z]{2,3})(?:-[A-Za-z0-9-]{1,30})?", re.IGNORECASE)


class Marks(NamedTuple):
    """What stands in a text: tags, people by DID (and as they are written), links."""

    tags: tuple[str, ...]
    people: tuple[tuple[str, str | None], ...]
    links: tuple[str, ...]


_UNMARKED = Marks((), (), ())
_TARGETS = {"tag": "tag", "mention": "did", "link": "uri"}
_MARKED = {"facets", "entities", "tags"}


class Embedded(NamedTuple):
    """What a post carries: the post it quotes, what is attached, what it links to.

    `alt_texts` are of its pictures, of those that have one.
    """

    quote: str | None = None
    media: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    alt_texts: tuple[str, ...] = ()


def post(
    who: str, key: str, record: dict[str, Any], marks: Marks, published: datetime | None,
    offset: int | None, file: str, place: int, watch: Watch,
) -> Post:  # fmt: skip
    """Give the post that a record is."""
    text, bad = record.get("text"), watch.bad
    if text is not None and not isinstance(text, str):
        bad("text", text)
        text = None
    embedded = embeds(record.get("embed"), watch)
    reply = _object(record.get("reply"), "reply", bad)
    answered = _uri(reply.get("parent"), "reply.parent", bad) if reply else None
    return Post(
        platform=PLATFORM, id=f"at://{who}/{POST}/{key}", author_id=who, content=text,
        title=_warning(record.get("labels"), bad),
        url=f"https://bsky.app/profile/{who}/post/{key}",
        language=_language(record.get("langs"), bad), published=published, offset_min=offset,
        visibility="public", in_reply_to=answered, in_reply_to_author=authority(answered),
        quote_of=embedded.quote, tags=marks.tags,
        mentions=_once(who for who, _written in marks.people),
        links=_once((*marks.links, *embedded.links)), media=embedded.media,
        alt_texts=embedded.alt_texts,
        file=file, place=place,
    )  # fmt: skip


def marks(record: dict[str, Any], watch: Watch) -> Marks:
    """Read the facets of a post, or its entities, and its tags outside the text."""
    if _MARKED.isdisjoint(record):
        return _UNMARKED
    text = record.get("text")
    data = text.encode("utf-8", "replace") if isinstance(text, str) else b""
    tags: list[str] = []
    people: list[tuple[str, str | None]] = []
    links: list[str] = []
    for start, end, feature in _features(record, len(data), watch.bad):
        kind = _kind(feature, "facets.features", watch.bad).rpartition("#")[2]
        name = _TARGETS.get(kind)
        if name is None:
            if kind:
                watch.unknown(f"facets.features.$type {kind}")
            continue
        target = feature.get(name)
        if not isinstance(target, str) or (kind == "mention" and not did(target)):
            watch.bad(f"facets.features.{name}", target)
        elif kind == "tag":
            tags.append(target)
        elif kind == "mention":
            people.append((target, _handle(data[start:end])))
        else:
            links.append(target)
    tags += _texts(record.get("tags"), "tags", watch.bad)
    return Marks(_once(tag.removeprefix("#") for tag in tags), _once(people), _once(links))


def _features(record: dict[str, Any], size: int, bad: Bad) -> Iterator[tuple[int, int, Any]]:
    """Give each feature of each facet that lies within the text, and where."""
    for facet in _dicts(record.get("facets"), "facets", bad):
        index = _object(facet.get("index"), "facets.index", bad) or {}
        start, end = index.get("byteStart"), index.get("byteEnd")
        if not _is_place(start) or not _is_place(end):
            bad("facets.index", index)
        elif start < end <= size:
            for feature in _dicts(facet.get("features"), "facets.features", bad):
                yield start, end, feature
    for entity in _dicts(record.get("entities"), "entities", bad):
        kind, value = entity.get("type"), entity.get("value")
        # Their indices count UTF-16 units or bytes, as the client liked: they are not used.
        yield 0, 0, {"$type": f"#{kind}", _TARGETS.get(str(kind), "uri"): value}


def _is_place(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and 0 <= value < 1 << 31


def _handle(written: bytes) -> str | None:
    """Give the handle that a mention shows (``@ana.example``), if it is one."""
    text = written.decode("utf-8", "replace").strip().removeprefix("@").lower()
    return text if "." in text and len(text) <= 253 and text.isprintable() else None


def embeds(embed: object, watch: Watch, name: str = "embed") -> Embedded:
    """Read what a post carries; kinds that are not known carry nothing, and are told."""
    bad, embed = watch.bad, _object(embed, name, watch.bad)
    if embed is None:
        return Embedded()
    kind = _kind(embed, name, bad).removeprefix("app.bsky.embed.").partition("#")[0]
    if kind == "images":
        images = _dicts(embed.get("images"), f"{name}.images", bad)
        alt_texts = (_alt_text(image.get("alt"), f"{name}.images.alt", bad) for image in images)
        return Embedded(media=("Image",) * len(images), alt_texts=tuple(filter(None, alt_texts)))
    if kind == "video":
        return Embedded(media=("Video",))
    if kind == "external":
        link = _uri(embed.get("external"), f"{name}.external", bad)
        return Embedded(links=(link,) if link else ())
    if kind == "record":
        return _quoted(embed.get("record"), f"{name}.record", bad)
    if kind == "recordWithMedia":
        inner = _object(embed.get("record"), f"{name}.record", bad) or {}
        quoted = _quoted(inner.get("record"), f"{name}.record.record", bad)
        media = embed.get("media")
        carried = embeds(media, watch, f"{name}.media") if _is_media(media) else Embedded()
        return carried._replace(quote=quoted.quote, links=(*quoted.links, *carried.links))
    if kind:
        watch.unknown(f"{name}.$type {kind}")
    return Embedded()


def _alt_text(alt: object, name: str, bad: Bad) -> str | None:
    """Give what describes a picture, if anything does: Bluesky writes ``""`` where nothing does."""
    if alt is not None and not isinstance(alt, str):
        bad(name, alt)
        return None
    return alt if alt and alt.strip() else None


def _is_media(media: object) -> bool:
    """Tell whether what stands beside a quote may: no quote in a quote, without end."""
    return not isinstance(media, dict) or "record" not in str(media.get("$type", "")).lower()


def _quoted(ref: object, name: str, bad: Bad) -> Embedded:
    """Tell a quoted post from a feed, a list or a starter pack, which are linked to."""
    uri = _uri(ref, name, bad)
    parts = uri_parts(uri)
    if uri is None or parts is None:
        if uri is not None:
            bad(f"{name}.uri", uri)
        return Embedded()
    return Embedded(quote=uri) if parts[1] in (POST, None) else Embedded(links=(uri,))


def _object(value: object, name: str, bad: Bad) -> dict[str, Any] | None:
    if value is None or isinstance(value, dict):
        return value
    bad(name, value)
    return None


def _kind(value: dict[str, Any], name: str, bad: Bad) -> str:
    kind = value.get("$type")
    if kind is not None and not isinstance(kind, str):
        bad(f"{name}.$type", kind)
    return kind if isinstance(kind, str) else ""


def _uri(ref: object, name: str, bad: Bad) -> str | None:
    uri = (_object(ref, name, bad) or {}).get("uri")
    if uri is not None and not isinstance(uri, str):
        bad(f"{name}.uri", uri)
        return None
    return uri or None


def _warning(labels: object, bad: Bad) -> str | None:
    """Give the author's own content warnings: ``com.atproto.label.defs#selfLabels``."""
    if labels is None:
        return None
    values = _dicts((_object(labels, "labels", bad) or {}).get("values"), "labels.values", bad)
    words = _texts([value.get("val") for value in values], "labels.values.val", bad)
    return ", ".join(words)[:500] or None


def _language(langs: object, bad: Bad) -> str | None:
    for code in _texts(langs, "langs", bad)[:10]:
        found = _primary(code) if len(code) <= 35 else None
        if found:
            return found
    return None


@lru_cache(1_000)
def _primary(code: str) -> str | None:
    found = _LANGUAGE.fullmatch(code)
    return found[1].lower() if found and found[1].lower() != "und" else None


def _dicts(value: object, name: str, bad: Bad) -> list[dict[str, Any]]:
    return _of_kind(value, dict, name, bad)


def _texts(value: object, name: str, bad: Bad) -> list[str]:
    return _of_kind(value, str, name, bad)


def _of_kind(value: object, kind: type, name: str, bad: Bad) -> list[Any]:
    """Give the items of a list that are of a kind; `bad` is told of the others."""
    if value is None:
        return []
    if not isinstance(value, list):
        bad(name, value)
        return []
    items = value[:MAX_PIECES]
    kept = [item for item in items if isinstance(item, kind)]
    if len(kept) < len(items):
        bad(name, next(item for item in items if not isinstance(item, kind)))
    return kept


def _once(items: Any) -> tuple[Any, ...]:
    return tuple(dict.fromkeys(items))
