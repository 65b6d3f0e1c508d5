r"""HTML as people write it in posts, read as plain text, links and media.

A scanner, not a parser: what is wanted is the text, and the time a tree builder takes grows with
the square of the nesting (50,000 open ``<div>`` held lexbor for 12 s). This one passes over the
text once, whatever stands in it. Nothing is fetched and nothing is evaluated.

>>> plain('<p>Bonjour <a href="https://example.org/a">ici</a></p><p>et&nbsp;là</p>').text
'Bonjour ici\n\net\xa0là'
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import NamedTuple


class Plain(NamedTuple):
    """What a piece of HTML says: its text, where it links to, what it shows.

    `alt_texts` describe the pictures that it shows, of those that have one.
    """

    text: str
    links: tuple[str, ...]
    media: tuple[str, ...]
    alt_texts: tuple[str, ...] = ()


MAX_LINKS = 500
_REACH = 4_096
"""How far a tag is followed when a quoted value holds a ``>``."""

_MARK = re.compile(r"<(?:!--.*?(?:-->|\Z)|[!?][^>]*+>|(/?)([a-zA-Z][^\s/>]*+)([^>]*+)>)", re.DOTALL)
_ATTRIBUTE = re.compile(r"""([a-zA-Z-]+)\s*=\s*(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
_BREAKS = {"br": "\n", "li": "\n", "tr": "\n", "dt": "\n", "dd": "\n", "figcaption": "\n"}
_BREAKS |= dict.fromkeys(
    ("p", "div", "blockquote", "pre", "ul", "ol", "dl", "table", "hr", "figure", "section",
     "article", "h1", "h2", "h3", "h4", "h5", "h6"), "\n\n",
)  # fmt: skip
_SILENT = {"script", "style", "template", "noscript"}
_MEDIA = {"img": "Image", "video": "Video", "audio": "Audio"}
_NOT_LINKS = {"mention", "hashtag"}
_NOT_IMAGES = {"emoji", "custom-emoji", "wp-smiley"}


def plain(html: str, *, keep_lines: bool = False) -> Plain:
    """Read `html` as plain text.

    Parameters
    ----------
    html : str
        Any text; markup that is broken counts as text.
    keep_lines : bool
        Whether a line break in the source is one in the text, as in WordPress's editor. In
        HTML it is a space.

    Returns
    -------
    Plain
        `text`: paragraphs apart by an empty line, entities resolved. `links`: the ``http`` and
        ``https`` addresses of ``<a>`` that are neither mentions nor hashtags (microformat and
        Mastodon classes), each once, in order. `media`: one AS2 type for each ``<img>``,
        ``<video>`` and ``<audio>``. `alt_texts`: the ``alt`` of each such ``<img>`` that has one.
    """
    if "<" not in html:  # titles and the names of tags, as a rule
        return Plain(_tidy(_text(html, keep_lines)), (), ())
    pieces: list[str] = []
    links: dict[str, None] = {}
    media: list[str] = []
    alt_texts: list[str] = []
    silent: str | None = None
    changed = "&" in html or (not keep_lines and _folded(html))
    for text, closing, tag, attributes in _marks(html):
        name = tag.lower() if tag else ""
        if silent is None:
            pieces.append(_text(text, keep_lines) if changed else text)
        elif not (closing and name == silent):
            continue
        silent = None
        if name in _BREAKS:
            pieces.append(_BREAKS[name])
        if closing or not name:
            continue
        if name in _SILENT:
            silent = name
        elif name == "a" and len(links) < MAX_LINKS:
            address = _link(attributes or "")
            if address:
                links[address] = None
        elif name in _MEDIA and len(media) < MAX_LINKS:
            written = _attributes(attributes or "")
            if not set(written.get("class", "").split()) & _NOT_IMAGES:
                media.append(_MEDIA[name])
                if name == "img" and (alt_text := written.get("alt", "").strip()):
                    alt_texts.append(alt_text)
    return Plain(_tidy("".join(pieces)), tuple(links), tuple(media), tuple(alt_texts))


def _marks(html: str) -> Iterable[tuple[str, str | None, str | None, str | None]]:
    """Give each stretch of text with the tag that ends it: its slash, name and attributes."""
    # Behind the last ">" no tag can end: looking there, once a "<", would take quadratic time.
    end = html.rfind(">") + 1
    if len(html) > _SLICE:
        return _marks_in_turn(html, end)
    # All tags in one call take half the time of one after the other, and more memory.
    cut = _MARK.split(html[:end])
    if any(text and text.count('"') % 2 for text in cut[3::4]):
        return _marks_in_turn(html, end)
    marks = list(zip(cut[::4], cut[1::4], cut[2::4], cut[3::4], strict=False))
    marks.append((_closed(cut[-1] + html[end:]), None, None, None))
    return marks


def _marks_in_turn(html: str, end: int) -> Iterator[tuple[str, str | None, str | None, str | None]]:
    """Do the same where a quoted value may hold a ``>``, or where the text is long."""
    at = 0
    while (mark := _MARK.search(html, at, end)) is not None:
        closing, name, attributes = mark.groups()
        after = mark.end()
        if attributes and attributes.count('"') % 2:  # go on behind the ">" in the value
            quote = html.find('"', after, after + _REACH)
            close = html.find(">", quote, quote + _REACH) if quote >= 0 else -1
            if close >= 0:
                attributes, after = html[mark.start(3) : close], close + 1
        yield html[at : mark.start()], closing, name, attributes
        at = after
    yield _closed(html[at:]), None, None, None


def _closed(text: str) -> str:
    """Cut off a comment that is never closed."""
    return text.partition("<!--")[0]


def _attributes(text: str) -> dict[str, str]:
    found = _ATTRIBUTE.finditer(text, 0, 2 * _REACH)
    return {m[1].lower(): unescape(m[2] or m[3] or m[4] or "") for m in found}


def _link(text: str) -> str | None:
    attributes = _attributes(text)
    address = attributes.get("href", "").strip()
    about = set(f"{attributes.get('class', '')} {attributes.get('rel', '')}".lower().split())
    if about & _NOT_LINKS or "tag" in about:
        return None
    return address if re.match(r"https?://\S+$", address, re.IGNORECASE) else None


def _text(text: str, keep_lines: bool) -> str:
    if not keep_lines and _folded(text):
        text = _replaced(r"[ \t\r\n\f]+", " ", text)
    return unescape(text) if "&" in text else text


def _folded(text: str) -> bool:
    """Tell whether HTML shows other blanks than `text` holds."""
    # A pattern that looks for the five at once takes ten times as long.
    return "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text


_SLICE = 1 << 20


def _replaced(pattern: str, by: str, text: str) -> str:
    """Replace in slices: `re.sub` keeps a piece a match, 800 MB for 24 MB of blanks and letters."""
    if len(text) <= _SLICE:
        return re.sub(pattern, by, text)
    slices = (text[at : at + _SLICE] for at in range(0, len(text), _SLICE))
    return "".join(re.sub(pattern, by, part) for part in slices)


def _tidy(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    # A search costs a thousandth of a pattern tried at every place.
    if "  " in text or "\t" in text:
        text = _replaced(r"[ \t]{2,}", " ", text)
    if "\n" in text:
        text = _without_gaps(text)
    return text.strip(" \t\n")


def _without_gaps(text: str) -> str:
    """Cut the blanks around line breaks, and all line breaks but two of a row of them."""
    if len(text) > _SLICE:
        return _replaced(r"\n{3,}", "\n\n", _replaced(r"[ \t]*+\n[ \t]*+", "\n", text))
    # A tenth of the time of the same patterns, which are tried at every place of the text.
    if " \n" in text or "\n " in text or "\t" in text:
        text = "\n".join([line.strip(" \t") for line in text.split("\n")])
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text
