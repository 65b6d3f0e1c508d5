"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

from empreinte.formats.byte_order import unmarked
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.html_text import Plain, plain
from empreinte.formats.json_array import Broken, elements
from empreinte.formats.lenient import FAILS, LOST, mend
from empreinte.language import message
from empreinte.model import FileReport, Reject
from empreinte.sources.feed.entries import (
    Author,
    Channel,
    Document,
    Entry,
    dated,
    described,
    entry_type,
    in_words,
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


_PERSON = Fields((), "name url avatar")
_FIELDS = Fields(
    "id",
    "url external_url title content_html content_text summary image banner_image date_published"
    " date_modified tags language",
    {
        "author": _PERSON, "authors": _PERSON,
        "attachments": Fields((), "url mime_type title size_in_bytes duration_in_seconds"),
    },
)  # fmt: skip
_HEADER = Fields(
    "version",
    "title home_page_url feed_url description user_comment next_url icon favicon language expired"
    " items",
    {"author": _PERSON, "authors": _PERSON, "hubs": Fields((), "type url")},
)  # fmt: skip


def json_document(data: bytes, file: str) -> Document | FileReport:
    """Read a JSON Feed; a version that is not known is not read."""
    data = unmarked(data)
    top = _Watch(_HEADER)
    header, whole = _header(data, top)
    version = header.get("version", "")
    if not (isinstance(version, str) and _VERSION.fullmatch(version)):
        return FileReport(
            name=file, status="failed",
            reason=message("JSON Feed of version {version}; 1 and 1.1 are read.", version=version),
        )  # fmt: skip
    top.see({"items": None, **header})
    channel = Channel(
        address=_address(header.get("feed_url"), "feed_url", top),
        site=_address(header.get("home_page_url"), "home_page_url", top),
        title=_said(header, "title", top), summary=_said(header, "description", top),
    )  # fmt: skip
    language = primary_language(header.get("language"))
    author = _first([_known(header.get("author"), top), *_listed(header.get("authors"), top)])
    remark = None
    if not whole:
        remark = message("Not well-formed JSON; it was read as far as it makes sense.")
    watch = _Watch(_FIELDS, "items.")
    entries = _entries(data, file, language, author, watch)
    return Document(
        channel=channel,
        entries=entries,
        remark=remark,
        lost=not whole,
        drift=lambda: (*top.drift(), *watch.drift()),
    )


def _header(data: bytes, watch: Watch) -> tuple[dict[str, Any], bool]:
    """Give the fields beside the items, and whether the document is whole."""

    def bad(name: str, value: object) -> None:
        if not name.startswith("items"):  # told where they are read
            watch.bad(name, value)

    try:
        fields = msgspec.json.decode(data, type=dict[str, msgspec.Raw])
        read = {
            name: msgspec.json.decode(raw)
            for name, raw in fields.items()
            if name != "items" and len(bytes(raw)) < 1 << 20
        }
        return read, True
    except FAILS:
        mended = mend(data, dict[str, Any], bad)
    if mended is not LOST:
        return {name: value for name, value in mended.items() if name != "items"}, True
    # Cut or damaged: what stands before the items is a document of its own.
    before = data.partition(b'"items"')[0].rstrip().removesuffix(b",") + b"}"
    mended = mend(before, dict[str, Any], bad)
    return ({} if mended is LOST else mended), False


def _known(value: object, watch: Watch) -> Author | None:
    if not isinstance(value, dict):
        if value is not None:
            watch.bad("author", value)
        return None
    name, url = _said(value, "name", watch), _address(value.get("url"), "authors.url", watch)
    return Author(name, url) if name or url else None


def _listed(value: object, watch: Watch) -> list[Author | None]:
    return [_known(item, watch) for item in value] if isinstance(value, list) else []


def _first(authors: list[Author | None]) -> Author | None:
    return next((author for author in authors if author is not None), None)


def _said(fields: dict[str, Any], name: str, watch: Watch) -> str | None:
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        watch.bad(name, value)
    return _text(value)


def _address(value: object, name: str, watch: Watch) -> str | None:
    """Give an address of the web; what is none is told."""
    address = web_address(value)
    if value and address is None:
        watch.bad(name, value)
    return address


def _text(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


class _Watch(Watch):
    """Counts what the standard does not name; names with ``_`` are extensions' own."""

    def see(self, record: Iterable[str]) -> None:
        if isinstance(record, dict):
            record = {name: each for name, each in record.items() if not name.startswith("_")}
        super().see(record)


def _entries(
    data: bytes, file: str, language: str | None, author: Author | None, watch: Watch
) -> Iterator[Entry | Reject]:
    for place, item in enumerate(elements(io.BytesIO(data), _Item, "items", [watch], watch.bad)):
        if isinstance(item, Broken):
            yield Reject(file=file, place=place, reason=item.reason, raw=item.raw)
            continue
        entry = _entry(item, place, watch)
        entry.language = entry.language or language
        entry.author = entry.author or author
        yield entry


def _entry(item: _Item, place: int, watch: Watch) -> Entry:
    title = _text(item.title)
    attached = [medium(file.mime_type) for file in item.attachments or () if file.url]
    content, read = _content(item)
    shown = read.media if read else ()
    published, offset_min = _moment(item.date_published)
    if item.date_published:
        published = dated(watch, "date_published", item.date_published, published)
    updated = dated(watch, "date_modified", item.date_modified, _moment(item.date_modified)[0])
    if published is None and updated is not None:
        published, offset_min = updated, _moment(item.date_modified)[1]
    authors = [
        _known(msgspec.structs.asdict(a), watch) for a in (item.author, *(item.authors or ())) if a
    ]
    return Entry(
        place=place,
        type=entry_type(title, attached),
        guid=str(item.id).strip() if item.id is not None else None,
        url=_address(item.url, "url", watch) or _address(item.external_url, "external_url", watch),
        enclosure=next(
            (_address(f.url, "attachments.url", watch) for f in item.attachments or () if f.url),
            None,
        ),
        title=title,
        content=content,
        author=_first(authors),
        language=primary_language(item.language),
        published=published,
        updated=updated,
        offset_min=offset_min if published is not None else None,
        tags=tuple(
            dict.fromkeys(t for t in (tag.strip().lstrip("#") for tag in item.tags or ()) if t)
        ),
        links=read.links if read else None,
        media=(*attached, *(shown or (("Image",) if item.image else ()))),
        alt_texts=described(read) if read else None,
    )


def _content(item: _Item) -> tuple[str | None, Plain | None]:
    """Give the text, preferring what the writer gave as plain text, and what the HTML says."""
    read = plain(item.content_html) if item.content_html else None
    text = _text(item.content_text) or (read.text if read else None) or _text(item.summary)
    return text, read


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
        return in_words(text), None
