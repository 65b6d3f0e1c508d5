"""One box of a page, taken apart: heading, lines, table, links, pictures, date, boxes inside."""

from __future__ import annotations

import re

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.dates import moment
from empreinte.formats.meta_html.nodes import BOX, DATE, HEAD, Node, within

_BLOCKS = frozenset((
    "div", "p", "section", "article", "footer", "header", "table", "tbody", "tr", "td", "th",
    "ul", "ol", "li", "h1", "h2", "h3", "h4", "main",
))  # fmt: skip
_MEDIA = frozenset(("img", "video", "audio", "source"))
_UNREAD = frozenset(("style", "script"))
_FOLDED = re.compile(r"  |[\t\r\n\f]")
_BLANKS = re.compile(r"[ \t\r\n\f]+")
MAX_TEXT = 1 << 20
_MOST = 2_000


class Row(msgspec.Struct, gc=False):
    """A row of a table: label, value, and the address that it links to."""

    label: str
    value: str
    link: str | None = None


class Box(msgspec.Struct, gc=False):
    """What one box holds: `rows` of a table, `date` as the words of its foot."""

    title: str | None = None
    date: str | None = None
    lines: list[str] = []
    rows: list[Row] = []
    links: list[str] = []
    media: list[str] = []
    inner: list[Box] = []
    foot: str | None = None

    @property
    def told(self) -> list[str]:
        """The names of what it holds; what its foot links to is none of it."""
        return [name for name in _FIELDS if getattr(self, name)]


_FIELDS = ("title", "date", "lines", "rows", "links", "media", "inner")


def dated(text: str | None) -> bool:
    """Tell whether a text is a date and nothing else."""
    if not text or not 6 <= len(text) <= 60 or not any(letter.isdigit() for letter in text):
        return False
    try:
        moment(text, order="mdy")
    except RecordError:
        return False
    return True


def box_of(node: Node) -> Box | None:
    """Take a box apart; ``None`` where it holds nothing."""
    box = Box()
    body: list[Node] = []
    children = _opened(node)
    for position, child in enumerate(children):
        if box.title is None and not body and _is_head(child, position, children):
            box.title = flat(child) or None
        elif child is children[-1] and _is_foot(child, position):
            box.date = flat(child) or None
            box.foot = next((one.address for one in within(child, "a")), None)
        else:
            body.append(child)
    inner: list[Node] = []
    for part in body:
        _add_inner(part, inner)
    if inner and box.date is None:
        box.inner = [found for one in inner[:_MOST] if (found := box_of(one)) is not None]
    else:
        for part in body:
            _read(part, box)
    if not node.children and (text := node.text.strip()):
        box.lines.append(text[:MAX_TEXT])
    return box if box.told else None


def _opened(node: Node) -> list[Node]:
    """Give the children of a box, through wrappers that have no other child."""
    children = _elements(node)
    for _depth in range(4):
        only = children[0] if len(children) == 1 else None
        if only is None or only.tag not in ("div", "section") or only.marks & (HEAD | DATE | BOX):
            break
        if only.text.strip():
            break
        inside = _elements(only)
        if not any(
            child.marks & (HEAD | DATE | BOX) or child.tag in ("h2", "footer") for child in inside
        ):
            break
        children = inside
    return children


def _elements(node: Node) -> list[Node]:
    return [child for child in node.children if child.tag is not None]


def _is_head(node: Node, position: int, children: list[Node]) -> bool:
    if node.marks & HEAD or node.tag in ("h1", "h2", "h3"):
        return True
    simple = position == 0 and node.tag == "div" and not node.children
    return simple and len(children) > 2 and _is_foot(children[-1], len(children) - 1)


def _is_foot(node: Node, position: int) -> bool:
    if node.marks & DATE or node.tag == "footer":
        return True
    return position > 0 and node.tag == "div" and dated(flat(node))


def _add_inner(node: Node, found: list[Node]) -> None:
    """Add the outermost boxes inside an element, or the element that is one; none of a table."""
    if node.marks & BOX:
        found.append(node)
        return
    for child in node.children:
        if child.tag != "table":
            _add_inner(child, found)


def _read(node: Node, box: Box) -> None:
    """Add what a part of the body tells, in order."""
    tag = node.tag
    if tag is None or tag in _UNREAD:
        return
    if tag in _MEDIA:
        if node.address and len(box.media) < _MOST:
            box.media.append(node.address)
    elif tag == "tr":
        _row(node, box)
        return
    elif tag == "a":
        _link(node, box)
    if tag in _BLOCKS and _is_leaf(node):
        text = flat(node)
        if text and len(box.lines) < _MOST and not _only_link(node):
            box.lines.append(text)
    for child in node.children:
        _read(child, box)


def _link(node: Node, box: Box) -> None:
    if node.address and len(box.links) < _MOST:
        box.links.append(node.address)


def _is_leaf(node: Node) -> bool:
    return not any(child.tag in _BLOCKS for child in node.children)


def _only_link(node: Node) -> bool:
    """Tell whether all that a block holds is a link: its words are those of the page linked."""
    children = [child for child in node.children if child.tag != "br"]
    if len(children) != 1 or children[0].tag != "a":
        return False
    return not node.text.strip() and not children[0].tail.strip()


def _row(node: Node, box: Box) -> None:
    """Add a row: label and value in two cells, or the value in a block inside the label's.

    Boxes inside it have rows of their own, or are each one value.
    """
    cells = [child for child in node.children if child.tag in ("td", "th")]
    nested: list[Node] = []
    for cell in cells:
        _add_inner(cell, nested)
    if nested:
        label = cells[0].text.strip()
        for one in nested:
            rows = within(one, "tr")
            for row in rows:
                if len(within(row, "tr")) == 1:
                    _row(row, box)
            if label and not rows and len(box.rows) < _MOST:
                box.rows.append(Row(label, flat(one)))
        return
    if len(cells) == 1:
        label, value = cells[0].text.strip(), " ".join(map(flat, cells[0].children))
    elif cells:
        label, value = flat(cells[0]), flat(cells[-1])
    else:
        return
    links = within(node, "a")
    for link in links:
        _link(link, box)
    if len(box.rows) < _MOST:
        address = next((link.address for link in links if link.address), None)
        box.rows.append(Row(label, value.strip(), address))


def flat(node: Node) -> str:
    """Give the text of an element: ``br`` breaks the line, other blanks are one."""
    if not node.children:
        return _folded(node.text[:MAX_TEXT]).strip()
    pieces = [_folded(node.text)]
    size = len(node.text)
    waiting: list[Node | str] = [*node.children[::-1]]
    while waiting and size <= MAX_TEXT:
        one = waiting.pop()
        if isinstance(one, str):  # what stands behind an element comes after all that is in it
            pieces.append(_folded(one))
            size += len(one)
            continue
        text = one.text if one.tag not in _UNREAD else ""
        pieces += ("\n" if one.tag == "br" else "", _folded(text))
        size += len(text)
        waiting.append(one.tail)
        waiting += one.children[::-1]
    return "".join(pieces).strip()[:MAX_TEXT]


def _folded(text: str) -> str:
    """Make one blank of those that HTML folds; others are the writer's."""
    return _BLANKS.sub(" ", text) if _FOLDED.search(text) else text
