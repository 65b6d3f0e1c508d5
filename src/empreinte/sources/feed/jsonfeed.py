"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from empreinte.formats.drift import Fields, Watch
from empreinte.formats.html_text import plain
from empreinte.formats.json_array import Broken, elements
from empreinte.language import message
from empreinte.model import FileReport, Reject
from empreinte.sources.feed.document import (
    Author,
    Channel,
    Document,
    Entry,
    believable,
    entry_type,
    medium,
    primary_language,
    web_address,
)

_VERSION = re.compile(r"(?:https?://(?:www\.)?jsonfeed\.org/version/)?1(?:\.[01])?/?")


class _Author(msgspec.Struct):
    name: str | None = None
    url: str | None = None


class _Attachment(msgspec.Struct):
    url: str | None = None
    mime_type: str | None = None


class _Item(msgspec.Struct):
    id: str | int | float | None = None
    url: str | None = None
    external_url: str | None = None
    title: str | None = None
    content_html: str | None = None
    content_text: str | None = None
    summary: str | None = None
    date_published: str | None = None
    date_modified: str | None = None
    author: _Author | None = None
    authors: list[_Author] | None = None
    tags: list[str] | None = None
    language: str | None = None
    attachments: list[_Attachment] | None = None
    image: str | None = None


_FIELDS = Fields(
    "id",
    "url external_url title content_html content_text summary image banner_image date_published"
    " date_modified author authors tags language attachments",
)


def json_document(data: bytes, file: str) -> Document | FileReport:
    """Read a JSON Feed; a version that is not known is not read."""
    data = data.removeprefix(b"\xef\xbb\xbf")
    header, whole = _header(data)
    version = header.get("version", "")
    if not (isinstance(version, str) and _VERSION.fullmatch(version)):
        return FileReport(
            name=file, status="failed",
            reason=message("JSON Feed of version {version}; 1 and 1.1 are read.", version=version),
        )  # fmt: skip
    channel = Channel(
        address=web_address(header.get("feed_url")), site=web_address(header.get("home_page_url")),
        title=_text(header.get("title")), summary=_text(header.get("description")),
    )  # fmt: skip
    language = primary_language(header.get("language"))
    author = _first([_known(header.get("author")), *_listed(header.get("authors"))])
    remark = None
    if not whole:
        remark = message("Not well-formed JSON; it was read as far as it makes sense.")
    watch = _Watch(_FIELDS, "items.")
    entries = _entries(data, file, language, author, watch)
    return Document(
        channel=channel, entries=entries, remark=remark, lost=not whole, drift=watch.drift
    )


def _header(data: bytes) -> tuple[dict[str, Any], bool]:
    """Give the fields beside the items, and whether the document is whole."""
    try:
        fields = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        whole = True
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        # Cut or damaged: what stands before the items is a document of its own.
        before = data.partition(b'"items"')[0].rstrip().removesuffix(b",") + b"}"
        try:
            fields = msgspec.json.decode(before, type=dict[str, msgspec.Raw])
        except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
            return {}, False
        whole = False
    header: dict[str, Any] = {}
    for name, raw in fields.items():
        if name != "items" and len(bytes(raw)) < 1 << 20:
            try:
                header[name] = msgspec.json.decode(raw)
            except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
                whole = False
    return header, whole


def _known(value: object) -> Author | None:
    if not isinstance(value, dict):
        return None
    name, url = _text(value.get("name")), web_address(value.get("url"))
    return Author(name, url) if name or url else None


def _listed(value: object) -> list[Author | None]:
    return [_known(item) for item in value] if isinstance(value, list) else []


def _first(authors: list[Author | None]) -> Author | None:
    return next((author for author in authors if author is not None), None)


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


class _Watch(Watch):
    """Counts what the standard does not name; names with ``_`` are extensions' own."""

    def see(self, record: Iterable[str]) -> None:
        super().see(name for name in record if not name.startswith("_"))


def _entries(
    data: bytes, file: str, language: str | None, author: Author | None, watch: Watch
) -> Iterator[Entry | Reject]:
    for place, item in enumerate(elements(io.BytesIO(data), _Item, "items", lookers=[watch])):
        if isinstance(item, Broken):
            yield Reject(file=file, place=place, reason=item.reason, raw=item.raw)
            continue
        entry = _entry(item, place)
        entry.language = entry.language or language
        entry.author = entry.author or author
        yield entry


def _entry(item: _Item, place: int) -> Entry:
    title = _text(item.title)
    attached = [medium(file.mime_type) for file in item.attachments or () if file.url]
    content, links, shown = _content(item)
    published, offset_min = _moment(item.date_published or item.date_modified)
    written = item.date_published or item.date_modified
    authors = [_known(msgspec.structs.asdict(a)) for a in (item.author, *(item.authors or ())) if a]
    return Entry(
        place=place,
        type=entry_type(title, attached),
        guid=str(item.id).strip() if item.id is not None else None,
        url=web_address(item.url) or web_address(item.external_url),
        enclosure=next((web_address(f.url) for f in item.attachments or () if f.url), None),
        title=title,
        content=content,
        author=_first(authors),
        language=primary_language(item.language),
        published=believable(published),
        updated=believable(_moment(item.date_modified)[0]),
        offset_min=offset_min,
        dated_oddly=bool(written) and believable(published) is None,
        tags=tuple(
            dict.fromkeys(t for t in (tag.strip().lstrip("#") for tag in item.tags or ()) if t)
        ),
        links=links,
        media=(*attached, *(shown or (("Image",) if item.image else ()))),
    )


def _content(item: _Item) -> tuple[str | None, tuple[str, ...] | None, tuple[str, ...]]:
    """Give the text, preferring what the writer gave as plain text, and the HTML's links."""
    read = plain(item.content_html) if item.content_html else None
    text = _text(item.content_text) or (read.text if read else None) or _text(item.summary)
    return text, read.links if read else None, read.media if read else ()


def _moment(text: str | None) -> tuple[datetime | None, int | None]:
    """Read an RFC 3339 date; give it in UTC, with the offset it is written in unless zero."""
    if not text:
        return None, None
    try:
        moment = datetime.fromisoformat(text.strip())
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC), None
        offset = moment.utcoffset()
        minutes = round(offset.total_seconds() / 60) if offset else None
        return moment.astimezone(UTC), minutes or None
    except (ValueError, OverflowError):
        return None, None
