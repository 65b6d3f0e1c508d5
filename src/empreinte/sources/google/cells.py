"""The HTML of My Activity, one cell at a time.

Learnt from the pages that Takeout writes: after a long style sheet, each entry is one
``<div class="outer-cell …">`` that holds a header, a body (lines apart by ``<br>``: what was done,
by whom, when) and a caption (``<b>Products:</b>``, …). A page may be 500 MB; a cell is a kilobyte.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import IO, NamedTuple

from empreinte.model import RAW_LIMIT

MAX_CELL = 1 << 20
"""Bytes of one cell; what stands beyond is left out and the entry is told as too long."""
_CHUNK = 1 << 20
_MARK = b'<div class="outer-cell'

_PART = re.compile(r'<div class="(content|header)-cell([^">]{0,300})">')
_BREAK = re.compile(r"<br\s{0,9}/?>|</?p>", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]{0,4096}>")
_LINK = re.compile(r"<a\s[^<>]{0,300}?href=\"([^\"<>]{0,4000})\"", re.IGNORECASE)
_BOLD = re.compile(r"<b>([^<>]{0,200})</b>")
MAX_LINES = 2_000
MAX_PARTS = 20


class Line(NamedTuple):
    """A line of a cell: its text, and where its first link leads."""

    text: str
    url: str | None


class Cell(NamedTuple):
    """What one cell holds.

    `caption` are pairs of a title (``Products``) and the HTML below it. `unknown` are the classes
    of parts that stand nowhere else and say something. `too_long` tells that the cell was cut.
    """

    header: str
    body: list[Line]
    caption: list[tuple[str, str]]
    raw: str
    unknown: list[str]
    too_long: bool = False


def cells(stream: IO[bytes]) -> Iterator[Cell]:
    """Give the cells of a page in order; memory is bounded by a chunk and a cell."""
    for block, too_long in _blocks(stream):
        yield parse(block.decode("utf-8", "replace"), too_long)


def _blocks(stream: IO[bytes]) -> Iterator[tuple[bytes, bool]]:
    buffer, inside = b"", False
    while chunk := stream.read(_CHUNK):
        buffer += chunk
        pieces = buffer.split(_MARK)
        if inside:
            yield from ((piece[:MAX_CELL], len(piece) > MAX_CELL) for piece in pieces[:-1])
        else:
            yield from ((piece[:MAX_CELL], len(piece) > MAX_CELL) for piece in pieces[1:-1])
        inside = inside or len(pieces) > 1
        buffer = pieces[-1]
        if not inside:
            buffer = buffer[-len(_MARK) :]
        elif len(buffer) > MAX_CELL + len(_MARK):
            # The end of a long cell may hold the first half of the next one's mark.
            buffer = buffer[: MAX_CELL + 1] + buffer[-len(_MARK) :]
    if inside:
        yield buffer[:MAX_CELL], len(buffer) > MAX_CELL


def parse(block: str, too_long: bool = False) -> Cell:
    """Read one cell from the text behind its opening tag's name."""
    header, body, caption, unknown = "", [], [], []
    pieces = _PART.split(block, maxsplit=MAX_PARTS)
    for part, classes, inner in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        if part == "header":
            header = plain(inner)
        elif "text-right" in classes:
            continue
        elif "caption" in classes:
            caption = _caption(inner)
        elif "body-1" in classes and not body:
            body = lines(inner)
        elif plain(inner):
            unknown.append(f"{part}-cell{classes}"[:100])
    return Cell(header, body, caption, block[:RAW_LIMIT], unknown, too_long)


def lines(html: str) -> list[Line]:
    """Part a piece of HTML into the lines that are not empty."""
    found = []
    for piece in _BREAK.split(html, maxsplit=MAX_LINES):
        text = plain(piece) if piece else ""
        if text:
            link = _LINK.search(piece) if "<" in piece else None
            found.append(Line(text, unescape(link[1]) if link else None))
    return found


def plain(html: str) -> str:
    """Give the text of a piece of HTML, blanks of any kind and number being one."""
    if "<" in html:
        html = _TAG.sub("", html)
    return " ".join((unescape(html) if "&" in html else html).split())


def _caption(html: str) -> list[tuple[str, str]]:
    pieces = _BOLD.split(html, maxsplit=40)
    return [(plain(title), html) for title, html in zip(pieces[1::2], pieces[2::2], strict=True)]
