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
    chunk = first.removeprefix(codecs.BOM_UTF8)
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
                "export. What stands before it was read.",
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


def values(parts: Iterable[Part]) -> dict[str, str]:
    """Give the text of each part by its name; the first counts."""
    found: dict[str, str] = {}
    for name, part in parts:
        if name not in found:
            found[name] = text_of(part).strip()
    return found


def text_of(element: Element) -> str:
    """Give all text inside an element."""
    if len(element):
        return "".join(element.itertext())  # pyright: ignore[reportArgumentType]
    return element.text or ""


@lru_cache(maxsize=1_024)
def _name(tag: str) -> str:
    if tag.startswith("{" + _SPACE):
        return tag.removeprefix("{" + _SPACE).replace("}", ":", 1)
    return tag


def channel(head: str, fallback: str) -> tuple[Site, list[Author]]:
    """Read what stands before the first item: the site and its authors.

    `fallback` names the site where the file gives it no address.
    """
    start = re.search(r"<rss\b[^>]*>\s*(?:<channel\b[^>]*>)?", head)
    inside = head[start.end() :] if start else ""
    element = _parse(f"<channel>{inside}</channel>", namespaces(head), recover=True)
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
