"""Which form a document has, told from its first kilobytes."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from empreinte.formats.byte_order import unmarked

Form = Literal["xml", "json", "opml"]

HEAD = 16 << 10
"""Bytes looked at: comments and style sheets may stand before the root element."""

_ROOTS = {"rss", "feed", "channel", "rdf"}
_RDF_FEEDS = ("purl.org/rss/1.0/", "netscape.com/rdf/simple/0.9", "purl.org/net/rss1.1")
_WXR = "wordpress.org/export/"
_JSON_FEED = re.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org\\?/version\\?/')
# Written by some generators instead of the address the specification asks for.
_JSON_NUMBER = re.compile(r'"version"\s*:\s*"1(?:\.[01])?"')
_JSON_FIELDS = re.compile(r'"(?:feed_url|home_page_url)"\s*:')

_ENCODINGS = (
    (b"\x00\x00\xfe\xff", "utf-32-be"), (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"),
    (b"\x00\x00\x00<", "utf-32-be"), (b"<\x00\x00\x00", "utf-32-le"),
    (b"\x00<\x00", "utf-16-be"), (b"<\x00", "utf-16-le"), (b"\x4c\x6f\xa7\x94", "cp037"),
)  # fmt: skip
"""How XML 1.0 appendix F tells an encoding before it is declared: mark, then first characters."""

_BEFORE_ROOT = re.compile(
    r"""\s*+(?:<\?.*?\?>|<!--.*?-->
       |(?P<doctype><!DOCTYPE(?:[^\["'>]|"[^"]*+"|'[^']*+')*+
          (?:\[(?:<!--.*?-->|<\?.*?\?>|"[^"]*+"|'[^']*+'|[^\]"'<]|<(?!!--|\?))*+\]\s*+)?>))""",
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
_ROOT = re.compile(r"\s*+<(?:[\w.-]+:)?([\w.-]+)([^>]*)")


class Prolog(NamedTuple):
    """What stands before the root element: where that begins, the document type if any."""

    root: int
    doctype: str | None


def prolog(text: str) -> Prolog:
    """Step over comments, instructions and document types, as an XML reader does."""
    at, doctype = 0, None
    while (step := _BEFORE_ROOT.match(text, at)) is not None:
        doctype = step["doctype"] or doctype
        at = step.end()
    return Prolog(at, doctype)


def form_of(head: bytes) -> Form | None:
    """Tell whether a document that begins with `head` is a feed, and in which form.

    Returns
    -------
    "xml", "json", "opml" or None
        ``None`` for everything else, WordPress exports (RSS with the ``wp:`` namespace)
        included.
    """
    text = _decoded(head).lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        named = _JSON_FEED.search(text)
        numbered = _JSON_NUMBER.search(text) and _JSON_FIELDS.search(text)
        return "json" if named or numbered else None
    root = _ROOT.match(text, prolog(text).root)
    if root is None:
        return None
    name = root[1].lower()
    if name == "opml":
        return "opml"
    if name not in _ROOTS or _WXR in text:
        return None
    if name == "rdf" and not any(address in text.lower() for address in _RDF_FEEDS):
        return None
    return "xml"


def _decoded(head: bytes) -> str:
    for first, encoding in _ENCODINGS:
        if head.startswith(first):
            return head.decode(encoding, "replace")
    return unmarked(head).decode("latin-1")
