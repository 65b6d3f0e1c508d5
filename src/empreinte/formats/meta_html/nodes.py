"""The elements of a page, as far as they are needed to read its boxes.

lxml's own tree would take twice the time: each look at one of its elements makes a Python object,
and those of a box are looked at often. Here the parser tells of each tag as it comes. What ends
outside a box is dropped at once, so that a page of any length takes the memory of one box.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec

DEEPEST = 257
"""Elements inside one another: as many as lxml's own tree holds."""
HEAD, DATE, BOX, MAIN = 1, 2, 4, 8
"""Marks of an element: heading, date, box; and what holds the boxes."""
_MARKS = (
    (HEAD, re.compile(r"(?:^|\s)(?:_a6-h|_2lek|_2lel)(?:\s|$)")),
    (DATE, re.compile(r"(?:^|\s)(?:_a6-o|_a72d|_2lem)(?:\s|$)")),
    (BOX, re.compile(r"(?:^|\s)(?:_a6-g|uiBoxWhite)(?:\s|$)")),
)
_CLASSES = 2_000
"""Letters of a class that are looked at; those of real pages have 60."""


class Node(msgspec.Struct, gc=False):
    """An element, or a comment, whose `tag` is ``None``.

    `address` is what it links to or shows, `text` stands before the first of its `children`,
    `tail` behind its end.
    """

    tag: str | None
    marks: int = 0
    address: str | None = None
    children: list[Node] | tuple[()] = ()  # a list for each would take a third of the memory
    text: str = ""
    tail: str = ""


class Page:
    """A target of lxml's parser: keeps the boxes that have ended, and what is still open.

    Attributes
    ----------
    body : Node or None
        What the page holds; where it is `classed`, what is still open of that.
    classed : bool
        Whether boxes are told by their class, so that what stands outside them is dropped.
    too_deep : bool
        Whether the page nests deeper than `DEEPEST`; what comes then is passed over.
    """

    def __init__(self) -> None:
        self.body: Node | None = None
        self.classed = False
        self.too_deep = False
        self._depth = 0
        self._open: list[Node] = []
        self._box: Node | None = None
        self._ended: list[Node] = []
        self._said: list[str] = []

    def taken(self) -> list[Node]:
        """Give the outermost boxes that have ended since the last time."""
        ended, self._ended = self._ended, []
        return ended

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open an element of the body."""
        self._depth += 1
        if self._depth > DEEPEST:
            self.too_deep = True
            self.close()
        if not self._open:
            if tag == "body" and self.body is None:
                self.body = Node(tag)
                self._open.append(self.body)
            return
        if self._said:
            self._say()
        node = _node(tag, attributes) if attributes else Node(tag)
        self._add(node)
        self._open.append(node)
        if node.marks & BOX and self.classed and self._box is None:
            self._box = node

    def end(self, _tag: str) -> None:
        """Close the element that was opened last."""
        self._depth -= 1
        if not self._open:
            return
        if self._said:
            self._say()
        node = self._open.pop()
        if node is self._box:
            self._ended.append(node)
            self._box = None
        if self._box is None and self.classed and self._open and self._open[-1].children:
            self._open[-1].children.pop()

    def data(self, text: str) -> None:
        """Add text, which comes in pieces."""
        if self._open:
            self._said.append(text)

    def comment(self, text: str) -> None:
        """Add a comment: texts on both sides of it are not one."""
        if self._box or (self._open and not self.classed):
            self._say()
            self._add(Node(None))

    def close(self) -> None:
        """Close what is open where the page ends in the middle."""
        while self._open:
            self.end("")

    def _add(self, node: Node) -> None:
        last = self._open[-1]
        if last.children:
            last.children.append(node)
        else:
            last.children = [node]

    def _say(self) -> None:
        last, text = self._open[-1], "".join(self._said)
        if last.children:
            last.children[-1].tail = text
        else:
            last.text = text
        self._said.clear()


def within(node: Node, tag: str | None = None) -> list[Node]:
    """Give an element and those inside it, in order; those of one tag, if it is given."""
    found = [node] if tag is None or node.tag == tag else []
    for child in node.children:
        found += within(child, tag)
    return found


def _node(tag: str, attributes: Mapping[str, str]) -> Node:
    marks = _marks(attributes.get("class", "")[:_CLASSES])
    if tag == "main" or (tag == "div" and attributes.get("role") == "main"):
        marks |= MAIN
    return Node(tag, marks, attributes.get("href" if tag == "a" else "src"))


@lru_cache(1_000)
def _marks(classes: str) -> int:
    return sum(mark for mark, pattern in _MARKS if pattern.search(classes))
