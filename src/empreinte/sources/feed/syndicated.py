"""RSS, RDF, Atom and CDF, from feedparser's dictionaries to entries."""

from __future__ import annotations

import re
from calendar import timegm
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from empreinte.formats.drift import Fields, Watch
from empreinte.formats.html_text import plain
from empreinte.formats.zones import Clues, said_in
from empreinte.language import message
from empreinte.model import RAW_LIMIT, FileReport, Reject
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
from empreinte.sources.feed.tolerant import Parsed, parse

_OFFSET = re.compile(r"([+-])(\d\d):?(\d\d)\s*(?:\([^)]*\))?\s*$")
_EMAIL = re.compile(r"\s*[(<]?[^\s()<>@]+@[^\s()<>@]+[)>]?\s*")
_ISO = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d))?(?!\d)", re.ASCII)
_DOUBTFUL = re.compile(
    r":\d\d(?:\.\d+)?\s*\(?(?!(?:GMT|UTC|UT|Z|E[SD]T|MDT|PDT)\b)[A-Za-z]", re.IGNORECASE
)
"""Behind the clock stands something that feedparser leaves out: AM, PM, letters of a zone."""
_ABSOLUTE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
_HTML = ("text/html", "application/xhtml+xml")
_DATES = ("published", "created", "updated")


def xml_document(data: bytes, file: str) -> Document | FileReport:
    """Read a feed in XML; give the report of why not where nothing can be made of it."""
    parsed = parse(data)
    if not parsed.feed and not parsed.entries:
        reason = parsed.remark or message("There is no feed and no item in it.")
        if parsed.version and parsed.remark is None:
            return Document(channel=Channel(), entries=(), remark=reason)
        return FileReport(name=file, status="failed", reason=reason)
    channel = Channel(
        address=_link(parsed.feed, "self"), site=web_address(parsed.feed.get("link")),
        title=_text(parsed.feed, "title") or None, summary=_text(parsed.feed, "subtitle") or None,
    )  # fmt: skip
    language = primary_language(parsed.feed.get("language"))
    watch = Watch(Fields())
    watch.new.update(parsed.unknown)
    return Document(
        channel=channel, remark=parsed.remark, lost=parsed.lost, drift=watch.drift,
        entries=_entries(parsed, channel, language, file, watch),
    )  # fmt: skip


def _entries(
    parsed: Parsed, channel: Channel, language: str | None, file: str, watch: Watch
) -> Iterator[Entry | Reject]:  # fmt: skip
    author, clues = _author(parsed.feed), _clues(parsed)
    base = channel.site or channel.address or ""
    for place, raw in enumerate(parsed.entries):
        try:
            watch.see(())
            entry = _entry(raw, place, base, watch, clues)
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as error:
            # feedparser gives whatever shape the document had under any name
            yield Reject(
                file=file, place=place, raw=repr(raw)[:RAW_LIMIT],
                reason=message("The item has an unexpected form ({cause}).", cause=error),
            )  # fmt: skip
            continue
        entry.language = entry.language or language
        entry.author = entry.author or author
        yield entry


def _entry(
    raw: dict[str, Any], place: int, base: str, watch: Watch, clues: Clues
) -> Entry:  # fmt: skip
    title = _text(raw, "title") or None
    content, links, shown, alt_texts, language = _content(raw, base)
    attached = list(_attached(raw))
    published, written = _published(raw, clues)
    return Entry(
        place=place,
        type=entry_type(title, [kind for kind, enclosed in attached if enclosed]),
        guid=_string(raw.get("id")),
        url=_address(raw, base, watch),
        enclosure=_link(raw, "enclosure", watch),
        title=title,
        content=content,
        author=_author(raw),
        language=language or primary_language(_detail(raw, "title").get("language")),
        published=dated(watch, "published", written, published),
        updated=_updated(raw, written, watch, clues),
        offset_min=_offset(written),
        in_reply_to=_answered(raw),
        tags=_tags(raw),
        links=links,
        media=tuple(kind for kind, _enclosed in attached) + shown,
        alt_texts=alt_texts,
        replies=_count(raw, watch),
    )


def _string(value: object) -> str | None:
    return value.strip() or None if isinstance(value, str) else None


def _detail(raw: dict[str, Any], name: str) -> dict[str, Any]:
    detail = dict.get(raw, f"{name}_detail")
    return detail if isinstance(detail, dict) else {}


def _text(raw: dict[str, Any], name: str) -> str:
    """Give a text as plain text: what is declared or looks like HTML is read as such."""
    value = raw.get(name)
    if not isinstance(value, str):
        return ""
    if _detail(raw, name).get("type") in _HTML:
        return plain(value).text
    return value.strip()


def _content(
    raw: dict[str, Any], base: str
) -> tuple[
    str | None, tuple[str, ...] | None, tuple[str, ...], tuple[str, ...] | None, str | None
]:  # fmt: skip
    """Give the fullest text as plain text, its links, media and alt texts, and its language."""
    pieces = [piece for piece in raw.get("content") or () if isinstance(piece, dict)]
    pieces = [piece for piece in pieces if _string(piece.get("value"))]
    if not pieces and _string(raw.get("summary")):
        pieces = [{"value": raw["summary"], "type": "text/html", **_detail(raw, "summary")}]
    if not pieces:
        return None, None, (), None, None
    piece = next((piece for piece in pieces if piece.get("type") in _HTML), pieces[0])
    language = primary_language(piece.get("language"))
    if piece.get("type", "text/html") not in _HTML:
        return piece["value"].strip(), (), (), None, language
    read = plain(piece["value"])
    return read.text, read.links, read.media, described(read), language


def _address(raw: dict[str, Any], base: str, watch: Watch) -> str | None:
    alternates = (
        link.get("href")
        for link in dict.get(raw, "links") or ()
        if link.get("rel") == "alternate" and link.get("type") in _HTML
    )
    link = _string(next(alternates, None)) or _string(raw.get("link"))
    if link is None:
        return None
    address = web_address(link if _ABSOLUTE.match(link) else _joined(base, link))
    if address is None:
        watch.bad("link", link)
    return address


def _joined(base: str, link: str) -> str:
    try:
        return urljoin(base, link)
    except ValueError:  # "http://[" is no address
        return link


def _link(raw: dict[str, Any], rel: str, watch: Watch | None = None) -> str | None:
    for link in dict.get(raw, "links") or ():
        if isinstance(link, dict) and link.get("rel") == rel:
            address = web_address(link.get("href"))
            if address is None and link.get("href") and watch is not None:
                watch.bad(rel, link["href"])
            return address
    return None


def _author(raw: dict[str, Any]) -> Author | None:
    """Give the first author without the e-mail address, which is nobody's to keep."""
    authors = dict.get(raw, "authors")
    detail = next((a for a in authors if a), {}) if isinstance(authors, list) else {}
    detail = detail or _detail(raw, "author")
    name = _EMAIL.sub("", _string(detail.get("name")) or _string(raw.get("author")) or "")
    address = web_address(detail.get("href"))
    return Author(name or None, address) if name or address else None


def _attached(raw: dict[str, Any]) -> Iterator[tuple[str, bool]]:
    """Give the type of each attachment, and whether it is an enclosure; each address once."""
    seen: set[str] = set()
    enclosures = [
        link for link in dict.get(raw, "links") or () if link.get("rel") == "enclosure"
    ]  # fmt: skip
    media = raw.get("media_content") or ()
    for item in (*enclosures, *(media if isinstance(media, list) else ())):
        address = _string(item.get("href") or item.get("url"))
        if address and address not in seen:
            seen.add(address)
            yield medium(item.get("type") or item.get("medium")), item in enclosures


def _tags(raw: dict[str, Any]) -> tuple[str, ...]:
    terms = [tag.get("label") or tag.get("term") for tag in dict.get(raw, "tags") or ()]
    names = (plain(term).text.lstrip("#") for term in terms if isinstance(term, str))
    return tuple(dict.fromkeys(name for name in names if name))


def _published(raw: dict[str, Any], clues: Clues) -> tuple[datetime | None, str | None]:
    """Give the date of publication, and how it is written; an update is the next best."""
    written = None
    for name in _DATES:
        written = written or _string(dict.get(raw, name))
        found = _when(raw, name, clues)
        if found is not None:
            return found, _string(dict.get(raw, name)) or written
    return None, written


def _updated(
    raw: dict[str, Any], told: str | None, watch: Watch, clues: Clues
) -> datetime | None:  # fmt: skip
    """Give when an entry was changed; a date that stands for the publication is `told` already."""
    written = _string(dict.get(raw, "updated"))
    found = _when(raw, "updated", clues)
    return dated(watch, "updated", written if written != told else None, found)


def _when(raw: dict[str, Any], name: str, clues: Clues) -> datetime | None:
    """Give a date: in words as `formats.dates` reads it, else as feedparser does.

    feedparser leaves out AM and PM, takes letters that it does not know for UTC, and makes the
    2nd of March of the 30th of February, which is none.
    """
    written, parsed = _string(dict.get(raw, name)), dict.get(raw, f"{name}_parsed")
    if isinstance(parsed, datetime):
        return parsed
    told = in_words(written, clues) if written else None
    if told is not None or (written and _DOUBTFUL.search(written)):
        return told
    found = _ISO.match(written) if written else None
    try:
        if found and parsed is not None:
            datetime.fromisoformat(found[1])
            if int(found[2] or 0) > 24 or int(found[3] or 0) >= 60:
                return None
    except ValueError:
        return None
    return _moment(parsed)


def _clues(parsed: Parsed) -> Clues:
    """Give what a feed's dates tell of its zone; GMT tells nothing: servers write it anywhere."""
    everywhere = [parsed.feed, *parsed.entries]
    return Clues(
        lambda: said_in(
            (text for one in everywhere for name in _DATES
             if (text := _string(dict.get(one, name)))), universal=False,
        )
    )  # fmt: skip


def _moment(parsed: object) -> datetime | None:
    if not isinstance(parsed, tuple):
        return None
    try:
        return datetime.fromtimestamp(timegm(parsed), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _offset(written: str | None) -> int | None:
    """Give the writer's offset in minutes; zero is what servers write that do not know it."""
    match = _OFFSET.search(written) if written and ":" in written else None
    if match is None:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    if not 0 < minutes <= 14 * 60:
        return None
    return -minutes if match[1] == "-" else minutes


def _answered(raw: dict[str, Any]) -> str | None:
    """RFC 4685: the id of what an entry answers."""
    answered = raw.get("thr_in-reply-to")
    if not isinstance(answered, dict):
        return None
    return _string(answered.get("ref")) or web_address(answered.get("href"))


def _count(raw: dict[str, Any], watch: Watch) -> int | None:
    for name in ("slash_comments", "thr_total"):
        value = _string(raw.get(name))
        if value is not None and re.fullmatch(r"[0-9]{1,9}", value):
            return int(value)
        if value is not None:
            watch.bad(name.replace("_", ":"), value)
    return None
