"""The text variant: a file a part, a block of ``Field: value`` lines a record.

Blocks are set apart by empty lines, which a comment may hold as well: a record begins where the
first field of the file comes again. Learnt from public readers of text exports; field names follow
the language of the account.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import IO

from empreinte.model import RAW_LIMIT
from empreinte.sources.tiktok.sections import TYPED, given, meaning

MAX_LINE = 1 << 20
MAX_LINES = 5_000
"""Lines of one record; what is more is left out."""

Block = list[tuple[str, str]]
"""Fields of a record as they are written, in order."""


def lines(stream: IO[bytes]) -> Iterator[str]:
    """Give the lines of a file, with their ends; long ones in pieces."""
    with io.TextIOWrapper(
        io.BufferedReader(stream, 1 << 16),  # pyright: ignore[reportArgumentType]
        "utf-8-sig", errors="replace", newline=None,
    ) as text:  # fmt: skip
        yield from iter(partial(text.readline, MAX_LINE), "")


def blocks(stream: IO[bytes]) -> Iterator[Block]:
    """Give the records of a file; a line that is no field continues the one before."""
    first: str | None = None
    block: Block = []
    size = blank = 0
    in_text = False
    for line in lines(stream):
        if not line.strip():
            blank += 1
            continue
        name, colon, value = line.partition(":")
        name = name.strip()
        could = bool(colon) and len(name) < 80
        known = meaning(name) if could else None
        is_field = could and (known is not None or not in_text)
        if is_field and block and _begins(name, first, block, blank):
            yield block
            block, size = [], 0
        size += 1
        if is_field:
            first = first or name
            if size <= MAX_LINES:
                block.append((name, value.strip()))
                in_text = known in TYPED
        elif block and size <= MAX_LINES:
            field, before = block[-1]
            gap, more = "\n\n" if blank and in_text else "\n", line.rstrip("\n")
            block[-1] = field, f"{before}{gap}{more}"[:MAX_LINE]
        elif given(line) is not None and not block:
            block.append(("", line.strip()))  # a text that is no record: the reader says so
            in_text = False
        blank = 0
    if block:
        yield block


def _begins(name: str, first: str | None, block: Block, blank: int) -> bool:
    """Tell whether a field begins a record: the file's first, or one met, behind an empty line."""
    return name == first or bool(blank and any(name == other for other, _ in block))


def written(block: Block) -> str:
    """Give the start of the text of a record."""
    return "\n".join(f"{name}: {value}" if name else value for name, value in block)[:RAW_LIMIT]


def whole(stream: IO[bytes]) -> dict[str, str]:
    """Give a file that is one object: its fields, those under a heading as well."""
    found: dict[str, str] = {}
    for _place, line in zip(range(MAX_LINES), lines(stream), strict=False):
        name, colon, value = line.partition(":")
        if colon and name.strip():
            found.setdefault(name.strip()[:500], value.strip())
    return found
