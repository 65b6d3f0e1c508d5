"""Drives feedparser within bounds: the tolerant reference parser, told what not to do.

It gets what `plainly` does not read.

`feedparser.parse` itself is not used: it opens whatever file or address a text names, keeps
document types as they are, and takes 20 µs an element however many there are. Its two parsers
are used as they stand: the strict one, and the loose one where the XML is broken.
"""

from __future__ import annotations

import io
import re
import warnings
import xml.sax
import xml.sax.handler
import xml.sax.xmlreader
from typing import Any

import msgspec
from feedparser.api import LooseFeedParser, StrictFeedParser
from feedparser.encodings import convert_to_utf8

from empreinte.language import Message, message
from empreinte.sources.feed.fast_xml import plainly
from empreinte.sources.feed.known import Unknown
from empreinte.sources.feed.sniff import prolog

MAX_ELEMENTS = 150_000
"""Elements of one feed, some 12,000 entries; one takes the strict parser 20 to 40 µs."""
MAX_ENTRIES = 20_000
MAX_DEPTH = 256
MAX_ATTRIBUTES = 100
MAX_NAMESPACES = 200
"""feedparser's time grows with the square of each of these two."""
MAX_LOOSE_BYTES = 4 << 20
MAX_LOOSE_WORK = 600_000
"""What is read tolerantly: 1 for a reference, 10 for a tag (about 40 µs)."""

_ENTITY = re.compile(r"""<!ENTITY\s+(\w+)\s+(?:"([^"%]*)"|'([^'%]*)')\s*>""")
_CHARACTER = re.compile(r"&#(\d{1,7}|x[0-9a-fA-F]{1,6});")
_ENTITY_LENGTH = 16
"""Characters an entity may stand for: enough for ``&nbsp;`` or ``(C)``, too few for a bomb."""


class Parsed(msgspec.Struct):
    """What feedparser made of a document; `remark` says what it could not.

    `lost` tells that part of it was not read at all.
    """

    feed: dict[str, Any]
    entries: list[dict[str, Any]]
    version: str = ""
    remark: Message | None = None
    lost: bool = False
    unknown: dict[str, int] = {}  # elements that no standard names, and how often


class _TooMany(xml.sax.SAXException):
    """A limit was passed."""


class _Strict(StrictFeedParser):
    """The strict parser, keeping to the limits."""

    resolve_relative_uris = False
    sanitize_html = False
    elements = 0
    open_elements = 0
    declared = 0

    def __init__(self, *options: Any) -> None:
        super().__init__(*options)
        self.unknown = Unknown()

    def startPrefixMapping(self, prefix: Any, uri: Any) -> None:  # noqa: N802
        self.declared += 1
        if self.declared <= MAX_NAMESPACES:
            super().startPrefixMapping(prefix, uri)

    def startElementNS(self, name: Any, qname: Any, attrs: Any) -> None:  # noqa: N802
        self.elements += 1
        self.open_elements += 1
        if self.elements > MAX_ELEMENTS or len(self.entries) > MAX_ENTRIES:
            raise _TooMany("elements")
        if self.open_elements > MAX_DEPTH:
            raise _TooMany("depth")
        if len(attrs) > MAX_ATTRIBUTES:
            raise _TooMany("attributes")
        self.unknown.enter(name[0] or "", name[1])
        super().startElementNS(name, qname, attrs)

    def endElementNS(self, name: Any, qname: Any) -> None:  # noqa: N802
        self.open_elements -= 1
        self.unknown.leave()
        super().endElementNS(name, qname)


class _Loose(LooseFeedParser):
    resolve_relative_uris = False
    sanitize_html = False


def parse(data: bytes) -> Parsed:
    """Parse a feed in XML.

    Parameters
    ----------
    data : bytes
        The document in any encoding. Declared entities are kept if they stand for a few
        characters; others, and external ones, are dropped. Nothing is fetched.

    Returns
    -------
    Parsed
        Dictionaries as feedparser documents them, HTML neither sanitised nor resolved. Where
        the document is broken or too long, `remark` says so and the entries are those that
        could be made out.
    """
    plain = plainly(data, MAX_ENTRIES, MAX_ELEMENTS)
    if plain is not None:
        return Parsed(*plain)
    return tolerantly(data)


def tolerantly(data: bytes) -> Parsed:
    """Read a feed with feedparser, whatever it holds."""
    result: dict[str, Any] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # feedparser warns of its own coming changes
        try:
            utf8 = convert_to_utf8({}, data, result)
        except UnicodeError:  # the name of the encoding is itself no text
            utf8 = data
        text, entities = _without_doctype(utf8.decode("utf-8", "replace"))
        del utf8
        if not result.get("encoding"):
            return _loosely(text, entities, Parsed({}, []), "unknown encoding")
        return _strictly(text, entities)


def _without_doctype(text: str) -> tuple[str, dict[str, str]]:
    """Cut the document type out; give the text and the harmless entities it declared."""
    doctype = prolog(text).doctype
    if doctype is None:
        return text, {}
    if text.count("&") > MAX_LOOSE_WORK:
        return text.replace(doctype, "", 1), {}
    entities: dict[str, str] = {}
    for declared in _ENTITY.finditer(doctype):
        value = _CHARACTER.sub(_character, declared[2] or declared[3] or "")
        if len(value) <= _ENTITY_LENGTH and "&" not in value and "<" not in value:
            entities.setdefault(declared[1], value)
        if len(entities) >= 500:
            break
    declarations = "".join(
        f'<!ENTITY {name} "{"".join(f"&#{ord(char)};" for char in value)}">'
        for name, value in entities.items()
    )
    replacement = f"<!DOCTYPE feed [{declarations}]>" if declarations else ""
    return text.replace(doctype, replacement, 1), entities


def _character(reference: re.Match[str]) -> str:
    digits = reference[1]
    try:
        return chr(int(digits[1:], 16) if digits.startswith("x") else int(digits))
    except (ValueError, OverflowError):
        return "\ufffd"


def _strictly(text: str, entities: dict[str, str]) -> Parsed:
    handler = _Strict("", None, "utf-8")
    reader = xml.sax.make_parser()  # noqa: S317 - no document type gets here as it came
    reader.setFeature(xml.sax.handler.feature_namespaces, True)
    reader.setFeature(xml.sax.handler.feature_external_ges, False)
    reader.setContentHandler(handler)
    reader.setErrorHandler(handler)
    source = xml.sax.xmlreader.InputSource()
    source.setByteStream(io.BytesIO(text.encode("utf-8", "replace")))
    try:
        reader.parse(source)
    except _TooMany:
        parsed = _made(handler)
        parsed.lost = True
        parsed.remark = message(
            "More than is read of a feed ({most} entries, {elements} elements, {depth} inside "
            "each other, {attributes} attributes each). Entries read: {entries}.",
            most=MAX_ENTRIES,
            elements=MAX_ELEMENTS,
            depth=MAX_DEPTH,
            attributes=MAX_ATTRIBUTES,
            entries=len(parsed.entries),
        )
        return parsed
    except Exception as error:
        # Broken XML, or one of feedparser's own readers failing on what it met. The loose
        # parser does without either; what goes wrong is told as a remark.
        parsed, cause = _made(handler), str(error) or type(error).__name__
        del handler, source, reader
        return _loosely(text, entities, parsed, cause)
    return _made(handler)


def _loosely(text: str, entities: dict[str, str], before: Parsed, cause: str) -> Parsed:
    """Read broken XML tolerantly, or keep what was read `before` where it is too long."""
    work = 10 * text.count("<") + text.count("&")
    if len(text) > MAX_LOOSE_BYTES or work > MAX_LOOSE_WORK:
        before.lost = True
        before.remark = message(
            "Not well-formed XML ({cause}), and too long to be corrected; what stands before "
            "that place was read.",
            cause=cause,
        )
        return before
    handler = _Loose("", None, "utf-8", entities)
    try:
        handler.feed(text)
    except Exception as error:  # as above: what could be made out stays
        cause = f"{cause}; {error}"
    parsed = _made(handler)
    if len(parsed.entries) < len(before.entries):
        parsed = before
    parsed.remark = message(
        "Not well-formed XML ({cause}); it was read as far as it makes sense.", cause=cause
    )
    return parsed


def _made(handler: Any) -> Parsed:
    unknown = handler.unknown.found if isinstance(handler, _Strict) else {}
    return Parsed(handler.feeddata, handler.entries, handler.version, unknown=dict(unknown))
