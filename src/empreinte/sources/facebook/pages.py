"""Records of the HTML form: boxes under one another on a page, each with heading, body and date.

Classes are obfuscated and have changed: ``uiBoxWhite`` until 2021, ``_a6-g`` on a ``div``, then on
a ``section`` since about 2024. What holds them stays the same: a heading first (``h2``, or a
``div``), a body, and the date last (``footer``, or a ``div``). Where no class is known, what lies
directly in ``main`` are the boxes. The page is read piece by piece, and each box is dropped once
it is read. Learnt from pages that readers of exports describe and keep as samples.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - compiled, without stubs

from empreinte.errors import ContainerError
from empreinte.sources.facebook.boxes import Box, box_of, is_box

CHUNK = 128 << 10
MAX_BOX = 8 << 20
"""Bytes in which no box ends; the longest record of a real page has a few hundred thousand."""
_CLASSED = re.compile(rb"""class=["'][^"'<>]{0,200}(?:_a6-g|uiBoxWhite)""")
_OVERLAP = 256


def boxes(stream: IO[bytes]) -> Iterator[Box]:
    """Give the boxes of a page in order.

    Raises
    ------
    ContainerError
        If the page nests deeper than browsers read, or one box is longer than 8 MiB.
    """
    parser = etree.HTMLPullParser(
        events=("start",), tag=("body",), encoding="utf-8", recover=True, no_network=True
    )
    body, waiting, classed, before = None, 0, False, b""
    while chunk := stream.read(CHUNK):
        parser.feed(chunk)
        waiting += len(chunk)
        classed = classed or bool(_CLASSED.search(before + chunk))
        before = chunk[-_OVERLAP:]
        if body is None:
            body = next((element for _event, element in parser.read_events()), None)
        if body is not None and classed:
            for box in _ended(body):
                waiting = 0
                yield box
        if waiting > MAX_BOX:
            raise ContainerError("A record of the page is longer than 8 MiB; it was not read.")
    try:
        parser.close()
    except etree.XMLSyntaxError:
        return  # nothing at all on the page
    if body is None:
        body = next((element for _event, element in parser.read_events()), None)
    if body is not None:
        yield from _rest(body) if classed else _plain(body)
    if any(error.type_name == "ERR_RESOURCE_LIMIT" for error in parser.feed_error_log):
        raise ContainerError("The page nests too deep; it was read up to there.")


def _ended(element: etree._Element) -> Iterator[Box]:
    """Read and drop what nothing can be added to: all but what came last, at each level."""
    while len(element):
        for child in list(element)[:-1]:
            yield from _rest(child)
            element.remove(child)
        if is_box(element[-1]) or not isinstance(element[-1].tag, str):
            return
        element = element[-1]


def _rest(element: etree._Element) -> Iterator[Box]:
    """Read the outermost boxes of a part that is whole."""
    if is_box(element):
        found = box_of(element)
        if found is not None:
            yield found
        return
    for child in element:
        yield from _rest(child)


def _plain(body: etree._Element) -> Iterator[Box]:
    """Read a page of which no class is known: boxes are what lies directly in ``main``."""
    main = next(
        (element for element in body.iter("main", "div") if element.tag == "main"
         or element.get("role") == "main"),
        body,
    )  # fmt: skip
    for child in main:
        if isinstance(child.tag, str) and child.tag not in ("h1", "header", "style", "script"):
            found = box_of(child)
            if found is not None:
                yield found
