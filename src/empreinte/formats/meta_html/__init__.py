"""Meta's pages, the HTML form of its exports: boxes one below the other, each a record.

A box has a heading, a body and a date (see `boxes`).

Classes are obfuscated and have changed: ``uiBoxWhite`` until 2021, ``_a6-g`` on a ``div``, then on
a ``section`` since about 2024. What holds them stays the same: a heading first (``h2``, or a
``div``), a body, and the date last (``footer``, or a ``div``). Where no class is known, what lies
directly in ``main`` are the boxes. The page is read piece by piece, and each box is dropped once
it is read. Learnt from pages that readers of exports describe and keep as samples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import IO

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - compiled, without stubs

from empreinte.errors import ContainerError
from empreinte.formats.meta_html.boxes import Box, box_of
from empreinte.formats.meta_html.nodes import MAIN, Node, Page, within

CHUNK = 128 << 10
MAX_BOX = 8 << 20
"""Bytes in which no box ends; the longest record of a real page has a few hundred thousand."""
_CLASSED = re.compile(rb"""class=["'][^"'<>]{0,200}(?:_a6-g|uiBoxWhite)""")
_OVERLAP = 256
_NO_BOXES = ("h1", "header", "style", "script", None)


def boxes(stream: IO[bytes]) -> Iterator[Box]:
    """Give the boxes of a page in order.

    Raises
    ------
    ContainerError
        If the page nests deeper than browsers read, or one box is longer than 8 MiB.
    """
    page = Page()
    parser = etree.HTMLParser(target=page, encoding="utf-8", recover=True, no_network=True)
    waiting, before = 0, b""
    while not page.too_deep and (chunk := stream.read(CHUNK)):
        waiting += len(chunk)
        page.classed = page.classed or bool(_CLASSED.search(before + chunk))
        before = chunk[-_OVERLAP:]
        parser.feed(chunk)
        for node in page.taken():
            waiting = 0
            yield from _read([node])
        if waiting > MAX_BOX:
            raise ContainerError("An item of the page is longer than 8 MiB; it was not read.")
    with suppress(etree.XMLSyntaxError):  # nothing at all on the page
        parser.close()
    yield from _read(page.taken() if page.classed else _plain(page.body))
    if page.too_deep:
        raise ContainerError("The page nests too deep; it was read up to there.")


def _read(nodes: list[Node]) -> Iterator[Box]:
    for node in nodes:
        found = box_of(node)
        if found is not None:
            yield found


def _plain(body: Node | None) -> list[Node]:
    """Give the boxes of a page of which no class is known: what lies directly in ``main``."""
    if body is None:
        return []
    main = next((node for node in within(body) if node.marks & MAIN), body)
    return [child for child in main.children if child.tag not in _NO_BOXES]
