"""Workbooks of before 2007 (``.xls``): BIFF8 records in a compound file, texts and numbers."""

from __future__ import annotations

import struct

from empreinte.testing.workbook import Row


def old_workbook(sheets: dict[str, list[Row]]) -> bytes:
    """Make a workbook as LinkedIn exports those of pages."""
    bodies = [_sheet(rows) for rows in sheets.values()]
    heads = [name.encode("utf-16-le") for name in sheets]
    start = len(_begin(0x0005)) + sum(4 + 8 + len(head) for head in heads) + 4
    globals_ = _begin(0x0005)
    for head, body in zip(heads, bodies, strict=True):
        globals_ += _record(0x0085, struct.pack("<IHBB", start, 0, len(head) // 2, 1) + head)
        start += len(body)
    return _compound(globals_ + _record(0x000A, b"") + b"".join(bodies))


def _begin(kind: int) -> bytes:
    return _record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0x0DBB, 0x07CC, 0, 6))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _sheet(rows: list[Row]) -> bytes:
    widest = max(map(len, rows), default=0)
    found = _begin(0x0010) + _record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, widest, 0))
    for row, cells in enumerate(rows):
        for column, cell in enumerate(cells):
            where = struct.pack("<HHH", row, column, 0)
            if isinstance(cell, int | float):
                found += _record(0x0203, where + struct.pack("<d", float(cell)))
            elif cell not in ("", None):
                text = str(cell).encode("utf-16-le")
                found += _record(0x0204, where + struct.pack("<HB", len(text) // 2, 1) + text)
    return found + _record(0x000A, b"")


def _compound(stream: bytes) -> bytes:
    body = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    n = len(body) // 512
    assert n < 120, "one table of sectors holds no more"
    end, free = 0xFFFFFFFE, 0xFFFFFFFF
    chain = [*range(1, n), end, end, 0xFFFFFFFD]
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, n, 0, 4096, end, 0, end, 0)
        + struct.pack("<109I", n + 1, *[free] * 108)
    )  # fmt: skip
    names = (("Root Entry", 5, end, 0, 1), ("Workbook", 2, 0, len(body), free))
    directory = b""
    for name, kind, start, size, child in names:
        text = (name + "\0").encode("utf-16-le")
        directory += text.ljust(64, b"\0") + struct.pack(
            "<HBBIII36xIII", len(text), kind, 1, free, free, child, start, size, 0
        )
    table = struct.pack("<128I", *chain, *[free] * (128 - len(chain)))
    return header + body + directory.ljust(512, b"\0") + table
