"""From one document to records, whatever its form."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from empreinte.language import message
from empreinte.model import (
    RAW_LIMIT,
    Account,
    ExportInfo,
    FileReport,
    Metric,
    Post,
    Reject,
    Yielded,
)
from empreinte.sources.feed.entries import PLATFORM, Channel, Document, Entry
from empreinte.sources.feed.sniff import Form


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
                "An earlier item of this feed has the same id ({id}); that one was kept.",
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
        alt_texts=entry.alt_texts,
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
