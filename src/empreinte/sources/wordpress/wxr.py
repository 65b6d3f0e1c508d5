"""WXR, WordPress's export: RSS with ``wp:`` elements, cut into items and parsed one by one.

Each ``<item>`` is cut out of the text (strings in CDATA and comments stepped over) and parsed as
a small document of its own. So a broken item loses only itself, memory holds one item, and no
DTD ever reaches the parser: there are no entities to expand.

Format: ``wp-admin/includes/export.php`` of WordPress; versions 1.0, 1.1, 1.2 and none differ in
namespace URIs, which are not looked at: prefixes are.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, lru_cache
from itertools import islice
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from empreinte.errors import ContainerError
from empreinte.formats.byte_order import unmarked
from empreinte.formats.drift import Fields, Watch

if TYPE_CHECKING:
    from lxml.etree import XMLParser
    from lxml.etree import _Element as Element

PREFIXES = ("wp", "excerpt", "content", "wfw", "dc")
MAX_ITEM = 32 << 20
"""Characters of one item; the longest text kept by MySQL's longtext in practice is far below."""
MAX_HEAD = 4 << 20
"""Characters before the first item that are parsed: the site and its authors come first there."""
MAX_PARTS = 1_000
"""Items looked for in a piece that is not well-formed; the rest is kept as text."""
_CHUNK = 1 << 20

_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([A-Za-z0-9_.-]{1,40})["']""")
_SAFE_ENCODING = re.compile(
    r"utf-?8|us-ascii|iso-8859-\d+|windows-125\d|cp125\d|latin-?\d|koi8-[ru]|shift_jis|euc-\w+"
    r"|gbk?\d*|big5",
    re.IGNORECASE,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_STEP = re.compile(r"<!\[CDATA\[|<!--|<item[\s>/]|</item\s*>")
_SECTIONS = {"<![CDATA[": "]]>", "<!--": "-->"}
_START = re.compile(r"<item[\s>/]")
_END = re.compile(r"</item\s*>")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
_DECLARED = re.compile(
    r"""xmlns:([A-Za-z_][\w.-]{0,40})\s*=\s*(?:"[^"<&]{0,300}"|'[^'<&]{0,300}')"""
)
_SPACE = "urn:empreinte:wxr:"
HOLDING = {
    "wp:comment": 0, "wp:author": 0, "wp:category": 0, "wp:tag": 0, "wp:term": 0, "image": 0,
    "wp:postmeta": 2, "wp:commentmeta": 2, "wp:termmeta": 2,
}  # fmt: skip
"""Elements that hold others, and how many where that is always the same."""
_MARKUP = {"title", "description", "content:encoded", "excerpt:encoded", "wp:comment_content"}
_CHANNEL = Fields(
    (),
    "title link description pubDate lastBuildDate language generator cloud image atom:link"
    " wp:wxr_version wp:base_site_url wp:base_blog_url wp:author wp:category wp:tag wp:term"
    " {com-wordpress:feed-additions:1}site",
    {
        "wp:author": Fields(
            (),
            "wp:author_id wp:author_login wp:author_email wp:author_display_name"
            " wp:author_first_name wp:author_last_name",
        ),
        "wp:category": Fields(
            (),
            "wp:term_id wp:category_nicename wp:category_parent wp:cat_name"
            " wp:category_description wp:termmeta",
        ),
        "wp:tag": Fields((), "wp:term_id wp:tag_slug wp:tag_name wp:tag_description wp:termmeta"),
        "wp:term": Fields(
            (),
            "wp:term_id wp:term_taxonomy wp:term_slug wp:term_parent wp:term_name"
            " wp:term_description wp:termmeta",
        ),
        "image": Fields((), "url title link width height description"),
    },
)


class Site(msgspec.Struct, frozen=True):
    """What the channel says of the site, before its first item."""

    id: str
    title: str | None
    url: str | None
    summary: str | None
    language: str | None
    written: datetime | None


class Author(msgspec.Struct, frozen=True):
    """One of the site's authors; the e-mail address is used to know their comments by."""

    login: str
    number: str | None
    email: str | None
    name: str | None


def is_wxr(head: bytes) -> bool:
    """Tell a WordPress export from a feed by what stands before its first item."""
    if b"<rss" not in head:
        return False
    return bool(
        re.search(rb"xmlns:wp\s*=\s*[\"']https?://(?:www\.)?wordpress\.org/export", head)
        or b"<wp:wxr_version>" in head
        or b"WordPress eXtended RSS" in head
    )


def decoded(stream: IO[bytes]) -> Iterator[str]:
    """Give the text of a file in its declared encoding, without characters XML forbids."""
    first = stream.read(_CHUNK)
    declared = _ENCODING.search(first[:1_000])
    name = declared[1].decode() if declared else "utf-8"
    if not _SAFE_ENCODING.fullmatch(name):
        name = "utf-8"
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        name = "utf-16"
    try:
        decoder = codecs.getincrementaldecoder(name)(errors="replace")
    except LookupError:
        decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    chunk = unmarked(first)
    while chunk:
        yield _CONTROL.sub("", decoder.decode(chunk))
        chunk = stream.read(_CHUNK)
    yield _CONTROL.sub("", decoder.decode(b"", final=True))


def pieces(chunks: Iterator[str]) -> Iterator[str]:
    """Cut a document: first what stands before the first item, then each item whole.

    An item that the end of the file cuts short is given as far as it goes, without its
    ``</item>``.

    Raises
    ------
    ContainerError
        If one item is longer than `MAX_ITEM`.
    """
    buffer, at, start = "", 0, None
    ended = head_given = False
    endless: set[str] = set()  # ends of sections that the rest of the file does not hold
    while True:
        step = _STEP.search(buffer, at)
        if step is not None and step[0] in _SECTIONS:
            end = _SECTIONS[step[0]]
            close = -1 if end in endless else buffer.find(end, step.end())
            if close >= 0:
                at = close + 3
                continue
            if ended:  # opened and never closed: its mark is text like any other
                endless.add(end)
                at = step.end()
                continue
            at = step.start()
        elif step is not None:
            at = step.end()
            if step[0].startswith("</"):
                if start is not None:
                    yield buffer[start:at]
                start = None
            elif start is None:
                start = step.start()
                if not head_given:
                    yield buffer[:start][:MAX_HEAD]
                    head_given = True
            continue
        else:
            at = max(at, len(buffer) - 16)  # a mark may be cut by the end of the chunk
        if ended:
            break
        done = start if start is not None else at if head_given else 0
        buffer, at, start = buffer[done:], at - done, None if start is None else 0
        if len(buffer) > MAX_ITEM:
            raise ContainerError(
                "An item of more than {limit} characters: the file is damaged, or no WordPress "
                "archive. What stands before it was read.",
                limit=MAX_ITEM,
            )
        more = next(chunks, None)
        ended = more is None
        buffer += more or ""
    if not head_given:
        yield buffer[:MAX_HEAD]
    elif start is not None:
        yield buffer[start:]


class Item(msgspec.Struct):
    """One item: its element, and whether it is as it was written."""

    element: Element
    mended: bool = False  # not well-formed; read as far as it can be
    cut: bool = False  # the file ends inside it


def items(text: str, declarations: str) -> Iterator[Item | str]:
    """Parse a piece of a document that holds an item; text where nothing could be made of it.

    A CDATA section or an item that is never closed swallows what stands behind it: a piece that
    is not well-formed is cut again at each ``<item>``, wherever it stands.
    """
    whole = _parse(text, declarations)
    if whole is not None:
        yield Item(whole)
        return
    starts = [found.start() for found in islice(_START.finditer(text), MAX_PARTS + 1)]
    if len(starts) > MAX_PARTS:
        rest = starts.pop()
        yield text[rest:]
        text = text[:rest]
    for start, after in zip(starts, [*starts[1:], len(text)], strict=True):
        end = _END.search(text, start, after)
        part = text[start : end.end() if end else after]
        well = _parse(part, declarations)
        element = well if well is not None else _parse(part, declarations, recover=True)
        if element is None:
            yield part
        else:
            yield Item(element, mended=well is None, cut=end is None)


def _parse(text: str, declarations: str, *, recover: bool = False) -> Element | None:
    from lxml.etree import XMLSyntaxError, fromstring

    try:
        root = fromstring(f"<rss {declarations}>{text}</rss>".encode(), _parser(recover))
    except XMLSyntaxError:
        return None
    if root is None or not len(root):
        return None
    return root[0] if recover or len(root) == 1 else None


@cache  # making one takes as long as a short item
def _parser(recover: bool) -> XMLParser:
    from lxml.etree import XMLParser

    return XMLParser(
        recover=recover, huge_tree=True, resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip


def namespaces(head: str) -> str:
    """Give declarations for our own prefixes and for those that the document declares."""
    names = dict.fromkeys((*PREFIXES, *(found[1] for found in _DECLARED.finditer(head[:65_536]))))
    names.pop("xml", None)
    names.pop("xmlns", None)
    return " ".join(f'xmlns:{name}="{_SPACE}{name}"' for name in list(names)[:50])


Part = tuple[str, "Element"]
"""A child of an element, behind its name with its prefix (``wp:post_id``)."""


def parts(element: Element) -> list[Part]:
    """Give the children of an element with their names, as they were written."""
    return [(_name(tag), child) for child in element if isinstance(tag := child.tag, str)]


def values(parts: Iterable[Part], watch: Watch | None = None) -> dict[str, str]:
    """Give the text of each part by its name; the first counts.

    `watch` is told of elements that stand in a part where none is known.
    """
    found: dict[str, str] = {}
    for name, part in parts:
        if len(part) and name not in HOLDING and watch is not None:
            for inner in part:
                watch.unknown(f"{name}.{_name(str(inner.tag))}")
        if name not in found:
            found[name] = text_of(part, markup=name in _MARKUP).strip()
    return found


def text_of(element: Element, *, markup: bool = True) -> str:
    """Give the text of an element, and that of those inside it where they may be `markup`."""
    if not len(element):
        return element.text or ""
    if markup:
        return "".join(element.itertext())  # pyright: ignore[reportArgumentType]
    return "".join((element.text or "", *(inner.tail or "" for inner in element)))


@lru_cache(maxsize=1_024)
def _name(tag: str) -> str:
    if tag.startswith("{" + _SPACE):
        return tag.removeprefix("{" + _SPACE).replace("}", ":", 1)
    return tag


def _channel(head: str) -> Element | None:
    start = re.search(r"<rss\b[^>]*>\s*(?:<channel\b[^>]*>)?", head)
    inside = head[start.end() :] if start else ""
    return _parse(f"<channel>{inside}</channel>", namespaces(head), recover=True)


def channel(head: str, fallback: str) -> tuple[Site, list[Author]]:
    """Read what stands before the first item: the site and its authors.

    `fallback` names the site where the file gives it no address.
    """
    element = _channel(head)
    if element is None:
        return Site(f"urn:wordpress:{fallback}", None, None, None, None, None), []
    said = values(parts(element))
    url = next(
        (said[name] for name in ("wp:base_blog_url", "link", "wp:base_site_url") if said.get(name)),
        None,
    )
    title = said.get("title") or None
    site = Site(
        id=url.rstrip("/") if url else f"urn:wordpress:{title or fallback}",
        title=title,
        url=url,
        summary=said.get("description") or None,
        language=language(said.get("language")),
        written=rfc822(said.get("pubDate")),
    )
    return site, list(_authors(element))


def channel_watch(head: str) -> Watch:
    """Count the elements before the first item that are not known."""
    watch = Watch(_CHANNEL, "channel.")
    element = _channel(head)
    if element is None:
        return watch
    found = parts(element)
    values(found, watch)
    shown: dict[str, list[dict[str, str]]] = {}
    for name, part in found:
        inside = values(parts(part), watch) if name in HOLDING else {}
        shown.setdefault(name, []).append(inside)
    watch.see(shown)
    return watch


def _authors(element: Element) -> Iterator[Author]:
    for name, part in parts(element):
        if name != "wp:author":
            continue
        said = values(parts(part))
        login = said.get("wp:author_login")
        if login:
            yield Author(
                login=login,
                number=said.get("wp:author_id") or None,
                email=(said.get("wp:author_email") or "").lower() or None,
                name=said.get("wp:author_display_name") or None,
            )


def language(code: str | None) -> str | None:
    """Give the primary tag of a language code in lower case.

    >>> language("fr-FR")
    'fr'
    """
    tag = re.split(r"[-_]", (code or "").strip().lower(), maxsplit=1)[0]
    return tag if re.fullmatch(r"[a-z]{2,3}", tag) else None


def rfc822(text: str | None) -> datetime | None:
    """Read a ``pubDate``; ``None`` for a draft's (year "-0001") or one that is none."""
    if not text or re.search(r"\s-\d+\s", text):  # the standard library reads that year as 2000
        return None
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def moment(text: str | None) -> datetime | None:
    """Read ``2015-01-27 14:56:00`` without a zone; ``None`` for "0000-00-00 00:00:00"."""
    plain = (text or "").strip()
    if not plain:
        return None
    try:
        if _MOMENT.fullmatch(plain):
            return datetime.fromisoformat(plain)  # ten times as fast as strptime
        return datetime.strptime(plain, "%Y-%m-%d %H:%M:%S")
    except ValueError:
        return None


def site_host(site: Site) -> str:
    """Give the host of a site, for the ids of its people."""
    try:
        return urlsplit(site.id).netloc.lower() or site.id
    except ValueError:
        return site.id
