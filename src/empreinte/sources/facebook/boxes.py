"""One box of a page, taken apart: heading, lines, table, links, pictures, date, boxes inside."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - compiled, without stubs

from empreinte.dates import moment
from empreinte.errors import RecordError

_BLOCKS = frozenset((
    "div", "p", "section", "article", "footer", "header", "table", "tbody", "tr", "td", "th",
    "ul", "ol", "li", "h1", "h2", "h3", "h4", "main",
))  # fmt: skip
_MEDIA = frozenset(("img", "video", "audio", "source"))
_BOX = re.compile(r"(?:^|\s)(?:_a6-g|uiBoxWhite)(?:\s|$)")
_HEAD = re.compile(r"(?:^|\s)(?:_a6-h|_2lek|_2lel)(?:\s|$)")
_DATE = re.compile(r"(?:^|\s)(?:_a6-o|_a72d|_2lem)(?:\s|$)")
MAX_TEXT = 1 << 20
_MOST = 2_000


class Box(msgspec.Struct, gc=False):
    """What one box holds. `rows` are label and value of a table; `date` the words of its foot."""

    title: str | None = None
    date: str | None = None
    lines: list[str] = []
    rows: list[tuple[str, str]] = []
    links: list[str] = []
    media: list[str] = []
    foot: str | None = None
    inner: list[Box] = []


def is_box(element: etree._Element) -> bool:
    """Tell whether an element has a class that boxes have."""
    return isinstance(element.tag, str) and bool(_BOX.search(element.get("class") or ""))


def dated(text: str | None) -> bool:
    """Tell whether a text is a date and nothing else."""
    if not text or not 6 <= len(text) <= 60 or not any(letter.isdigit() for letter in text):
        return False
    try:
        moment(text, order="mdy")
    except RecordError:
        return False
    return True


def box_of(element: etree._Element) -> Box | None:
    """Take a box apart; ``None`` where it holds nothing."""
    box = Box()
    body: list[etree._Element] = []
    children = _opened(element)
    for position, child in enumerate(children):
        if box.title is None and not body and _is_head(child, position, children):
            box.title = flat(child) or None
        elif child is children[-1] and _is_foot(child, position):
            box.date = flat(child) or None
            box.foot = next((a.get("href") for a in child.iter("a")), None)
        else:
            body.append(child)
    inner = [one for part in body for one in _inner(part)]
    if inner and box.date is None:
        box.inner = [found for one in inner[:_MOST] if (found := box_of(one)) is not None]
    else:
        for part in body:
            _read(part, box)
    if not element.getchildren() and element.text and element.text.strip():
        box.lines.append(element.text.strip()[:MAX_TEXT])
    told = box.title or box.date or box.lines or box.rows or box.links or box.media or box.inner
    return box if told else None


def _opened(element: etree._Element) -> list[etree._Element]:
    """Give the children of a box, through wrappers that have no other child."""
    children = [child for child in element if isinstance(child.tag, str)]
    for _depth in range(4):
        only = children[0] if len(children) == 1 else None
        if only is None or only.tag not in ("div", "section") or _marked(only):
            break
        if (only.text or "").strip():
            break
        within = [child for child in only if isinstance(child.tag, str)]
        if not any(_marked(child) or child.tag in ("h2", "footer") for child in within):
            break
        children = within
    return children


def _marked(element: etree._Element) -> bool:
    classes = element.get("class") or ""
    return bool(_HEAD.search(classes) or _DATE.search(classes) or _BOX.search(classes))


def _is_head(element: etree._Element, position: int, children: list[etree._Element]) -> bool:
    if element.tag in ("h1", "h2", "h3") or _HEAD.search(element.get("class") or ""):
        return True
    simple = position == 0 and element.tag == "div" and not len(element)
    foot = len(children) > 1 and _is_foot(children[-1], len(children) - 1)
    return simple and foot and len(children) > 2


def _is_foot(element: etree._Element, position: int) -> bool:
    if element.tag == "footer" or _DATE.search(element.get("class") or ""):
        return True
    return position > 0 and element.tag == "div" and dated(flat(element))


def _inner(element: etree._Element) -> Iterator[etree._Element]:
    """Give the outermost boxes inside an element."""
    if _BOX.search(element.get("class") or ""):
        yield element
        return
    for child in element:
        if isinstance(child.tag, str):
            yield from _inner(child)


def _read(element: etree._Element, box: Box) -> None:
    """Add what a part of the body tells, in order."""
    tag = element.tag
    if not isinstance(tag, str) or tag in ("style", "script"):
        return
    if tag in _MEDIA:
        source = element.get("src")
        if source and len(box.media) < _MOST:
            box.media.append(source)
    elif tag == "tr":
        _row(element, box)
        return
    elif tag == "a":
        href = element.get("href")
        if href and len(box.links) < _MOST:
            box.links.append(href)
    if tag in _BLOCKS and _is_leaf(element):
        text = flat(element)
        if text and len(box.lines) < _MOST and not _only_link(element):
            box.lines.append(text)
    for child in element:
        _read(child, box)


def _is_leaf(element: etree._Element) -> bool:
    return not any(child.tag in _BLOCKS for child in element)


def _only_link(element: etree._Element) -> bool:
    """Tell whether all that a block holds is a link: its words are those of the page linked."""
    children = [child for child in element if child.tag != "br"]
    if len(children) != 1 or children[0].tag != "a":
        return False
    return not (element.text or "").strip() and not (children[0].tail or "").strip()


def _row(element: etree._Element, box: Box) -> None:
    """Add a row: label and value in two cells, or the value in a block inside the label's."""
    cells = [child for child in element if child.tag in ("td", "th")]
    nested = [one for cell in cells for one in _inner(cell)]
    if nested:
        for one in nested:
            for row in one.iter("tr"):
                if not any(True for _row_inside in row.iterdescendants("tr")):
                    _row(row, box)
        return
    if len(cells) == 1:
        label, value = (cells[0].text or "").strip(), " ".join(flat(child) for child in cells[0])
    elif cells:
        label, value = flat(cells[0]), flat(cells[-1])
    else:
        return
    for link in element.iter("a"):
        href = link.get("href")
        if href and len(box.links) < _MOST:
            box.links.append(href)
    if len(box.rows) < _MOST:
        box.rows.append((label, value.strip()))


def flat(element: etree._Element) -> str:
    """Give the text of an element: ``br`` breaks the line, other blanks are one."""
    if not len(element):
        return " ".join(_kept(element.text[:MAX_TEXT])).strip() if element.text else ""
    pieces: list[str] = []
    size = 0
    for node in element.iter():
        if node is not element and node.tag == "br":
            pieces.append("\n")
        if isinstance(node.tag, str) and node.tag not in ("style", "script") and node.text:
            pieces.append(" ".join(_kept(node.text)))
        if node is not element and node.tail:
            pieces.append(" ".join(_kept(node.tail)))
        size += len(pieces[-1]) if pieces else 0
        if size > MAX_TEXT:
            break
    return "".join(pieces).strip()[:MAX_TEXT]


def _kept(text: str) -> list[str]:
    """Split at blanks that HTML folds, keeping one at either end; others are the writer's."""
    return re.split(r"[ \t\r\n\f]+", text)
