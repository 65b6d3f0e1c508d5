"""From one document to records, whatever its form."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta

import msgspec

from empreinte.formats.drift import Watch
from empreinte.language import Message, message
from empreinte.model import (
    RAW_LIMIT,
    Account,
    Drift,
    ExportInfo,
    FileReport,
    Metric,
    Post,
    Reject,
    Yielded,
)
from empreinte.sources.feed.sniff import Form

PLATFORM = "feed"

FIRST_YEAR = 1990
"""No entry was published on the Web before; such dates are clocks never set."""
LATEST = timedelta(days=366)
"""How far ahead of today an announced entry may be dated."""


class Channel(msgspec.Struct, kw_only=True):
    """What a feed says of itself; texts are plain."""

    address: str | None = None  # where it lies: its "self" link, "feed_url"
    site: str | None = None
    title: str | None = None
    summary: str | None = None


class Author(msgspec.Struct, frozen=True):
    """Who wrote an entry."""

    name: str | None
    url: str | None


class Entry(msgspec.Struct, kw_only=True):
    """One entry, decided upon but not yet tied to its feed; texts are plain."""

    place: int
    type: str
    guid: str | None = None
    url: str | None = None
    enclosure: str | None = None  # address of what a podcast plays
    title: str | None = None
    content: str | None = None
    author: Author | None = None
    language: str | None = None
    published: datetime | None = None
    updated: datetime | None = None
    offset_min: int | None = None
    in_reply_to: str | None = None
    tags: tuple[str, ...] = ()
    links: tuple[str, ...] | None = None
    media: tuple[str, ...] = ()
    replies: int | None = None


class Document(msgspec.Struct, kw_only=True):
    """A feed as read; `lost` tells that part of it was not read at all.

    `drift`, asked once all entries were taken, tells how they differ from the standard, and what
    of them could not be read.
    """

    channel: Channel
    entries: Iterable[Entry | Reject]
    remark: Message | None = None
    lost: bool = False
    drift: Callable[[], tuple[Drift, ...]] = tuple


def read_document(data: bytes, form: Form, file: str, observed: datetime) -> Iterator[Yielded]:
    """Yield the records of one document.

    Parameters
    ----------
    data : bytes
        The whole document.
    form : "xml", "json" or "opml"
    file : str
        Its name in the export.
    observed : datetime
        When it was fetched: the date of its counts of replies.
    """
    if form == "opml":
        from empreinte.sources.feed.opml import outlines

        yield ExportInfo(observed=observed)
        yield from outlines(data, file)
        return
    if form == "json":
        from empreinte.sources.feed.jsonfeed import json_document as make
    else:
        from empreinte.sources.feed.syndicated import xml_document as make
    document = make(data, file)
    if isinstance(document, FileReport):
        yield document
        return
    yield from _records(document, file, observed)


def _records(document: Document, file: str, observed: datetime) -> Iterator[Yielded]:
    channel = document.channel
    id = channel.address or channel.site or channel.title or file
    yield ExportInfo(observed=observed, owner=(PLATFORM, id))
    yield Account(
        file=file, place=0, platform=PLATFORM, id=id, name=channel.title, whole=True,
        url=channel.site or channel.address, summary=channel.summary,
    )  # fmt: skip
    seen: set[str] = set()
    authors: set[str] = set()
    met = 0
    entries = list(document.entries)
    shared = _shared_links(entries, channel)
    for entry in entries:
        met += 1
        if isinstance(entry, Reject):
            yield entry
            continue
        post = _post(entry, id, file, shared)
        if post.id in seen:
            reason = message(
                "An earlier entry of this feed has the same id ({id}); that one was kept.",
                id=post.id,
            )
            told = f"{entry.title or ''} {entry.url or ''}"[:RAW_LIMIT]
            yield Reject(file=file, place=entry.place, reason=reason, raw=told)
            continue
        seen.add(post.id)
        if post.author_id is not None and post.author_id not in authors:
            authors.add(post.author_id)
            yield _author(entry, post.author_id, file)
        yield post
        if entry.replies is not None:
            yield Metric(
                file=file, place=entry.place, platform=PLATFORM, subject_id=post.id,
                name="replies", value=entry.replies, observed=observed,
            )  # fmt: skip
    yield FileReport(
        name=file, status="failed" if document.lost else "read", records=met,
        reason=document.remark, drift=document.drift(),
    )  # fmt: skip


def _shared_links(entries: list[Entry | Reject], channel: Channel) -> set[str | None]:
    """Give the links that identify no entry: a podcast often gives its home page for each."""
    guidless = [e for e in entries if isinstance(e, Entry) and not e.guid]
    times = Counter(address for e in guidless for address in {e.url, e.enclosure})
    return {url for url, n in times.items() if n > 1} | {channel.site, channel.address}


def _post(entry: Entry, feed: str, file: str, shared: set[str | None]) -> Post:
    author = entry.author
    author_id = None
    if author is not None and (author.url or author.name):
        author_id = author.url or f"{feed}#author={author.name}"
    return Post(
        file=file, place=entry.place, platform=PLATFORM, id=_id(entry, feed, shared),
        type=entry.type, channel_id=feed, author_id=author_id,
        content=entry.content, title=entry.title, url=entry.url,
        language=entry.language, published=entry.published, updated=entry.updated,
        offset_min=entry.offset_min, visibility="public",
        in_reply_to=entry.in_reply_to, tags=entry.tags, links=entry.links, media=entry.media,
    )  # fmt: skip


def _id(entry: Entry, feed: str, shared: set[str | None]) -> str:
    """Give the entry's id: guid, else link, else enclosure, else a hash of title and date.

    A guid that is no URI ("42") is unique in its own feed only, so the feed's id goes before it.
    """
    if entry.guid:
        return entry.guid if ":" in entry.guid else f"{feed}#{entry.guid}"
    for address in (entry.url, entry.enclosure):
        if address and address not in shared:
            return address
    date = entry.published.isoformat() if entry.published else ""
    told = f"{entry.title or ''}\0{date}"
    if told == "\0":
        told = entry.content or f"\0{entry.place}"
    digest = hashlib.blake2b(told.encode("utf-8", "backslashreplace"), digest_size=10)
    return f"{feed}#{digest.hexdigest()}"


def _author(entry: Entry, id: str, file: str) -> Account:
    assert entry.author is not None  # an id was made from it
    return Account(
        file=file, place=entry.place, platform=PLATFORM, id=id, name=entry.author.name,
        url=entry.author.url,
    )  # fmt: skip


def believable(moment: datetime | None) -> datetime | None:
    """Give `moment` back if an entry can bear it, else ``None``."""
    if moment is None or moment.year < FIRST_YEAR or moment > datetime.now(UTC) + LATEST:
        return None
    return moment


def dated(watch: Watch, name: str, written: object, moment: datetime | None) -> datetime | None:
    """Give the moment `written` under a name; what is no date, or cannot be true, is told."""
    found = believable(moment)
    if found is None and written:
        watch.bad(name, written)
    return found


def web_address(text: object) -> str | None:
    """Give `text` if it is an ``http`` or ``https`` address, else ``None``."""
    if not isinstance(text, str):
        return None
    text = text.strip()
    known = text[:8].lower().startswith(("http://", "https://"))
    return text if known and len(text.split(maxsplit=1)) == 1 else None


def primary_language(tag: object) -> str | None:
    """Give the primary subtag of a BCP 47 tag in lower case (``fr-CH`` → ``fr``), or ``None``."""
    if not isinstance(tag, str):
        return None
    primary = tag.strip().replace("_", "-").split("-")[0].lower()
    return primary if primary.isascii() and primary.isalpha() and 2 <= len(primary) <= 3 else None


MEDIA_TYPES = {"image": "Image", "audio": "Audio", "video": "Video"}


def medium(mime_type: object) -> str:
    """Give the AS2 type for a MIME type (``audio/mpeg`` → ``Audio``), else ``Document``."""
    top = mime_type.split("/")[0].strip().lower() if isinstance(mime_type, str) else ""
    return MEDIA_TYPES.get(top, "Document")


def entry_type(title: str | None, enclosures: Iterable[str]) -> str:
    """Give ``Audio`` or ``Video`` for a podcast, ``Article`` if titled, else ``Note``."""
    for medium in ("Video", "Audio"):
        if medium in enclosures:
            return medium
    return "Article" if title else "Note"
