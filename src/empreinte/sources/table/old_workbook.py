"""Workbooks of before 2007 (``.xls``): made safe for calamine, which then reads them.

Formats: [MS-CFB], a file of sectors in chains; in it a stream of records, [MS-XLS]. calamine makes
room for as many cells and texts as the records say there are, and aborts where that is a lie: so
the stream is taken out, searched for what it says, and packed alone.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END, _FREE = 0xFFFFFFFE, 0xFFFFFFFF
_SMALL = 4096
"""Bytes from which on a stream lies in whole sectors."""
_CELLS = {0x0006, 0x00D6, 0x00FD, 0x0201, 0x0203, 0x0204, 0x0205, 0x027E}
_SEVERAL = {0x00BD, 0x00BE}
_SHEET, _DIMENSIONS, _TEXTS, _LOCKED = 0x0809, 0x0200, 0x00FC, 0x002F


class Damaged(ValueError):
    """It is no such file, or not what it says."""


class Locked(ValueError):
    """It has a password."""


class Vast(ValueError):
    """A sheet spans more cells than the limit: rows and columns."""

    def __init__(self, rows: int, columns: int) -> None:
        super().__init__(rows, columns)
        self.rows, self.columns = rows, columns


def checked(data: bytes, most_cells: int) -> bytes:
    """Give the workbook packed anew with its records alone.

    Raises
    ------
    Damaged, Locked, Vast
    """
    try:
        stream = _stream(data)
        _search(stream, most_cells)
    except (struct.error, IndexError) as error:
        raise Damaged(str(error)) from error
    return _packed(stream)


def _stream(data: bytes) -> bytes:
    """Take the workbook's stream out of the file."""
    if not data.startswith(MAGIC):
        raise Damaged("no compound file")
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    if size not in (512, 4096):
        raise Damaged(f"sectors of {size} bytes")
    fat = _fat(data, size)
    directory = _chain(data, fat, struct.unpack_from("<I", data, 48)[0], size)
    entries = {name: (start, length) for name, start, length in _entries(directory)}
    if "EncryptedPackage" in entries:
        raise Locked
    found = entries.get("Workbook") or entries.get("Book")
    if found is None:
        raise Damaged("no workbook in it")
    start, length = found
    if length >= _SMALL:
        return _chain(data, fat, start, size)[:length]
    small = _chain(data, fat, entries["Root Entry"][0], size)
    small_fat = _numbers(_chain(data, fat, struct.unpack_from("<I", data, 60)[0], size))
    return _chain(small, small_fat, start, 64, offset=0)[:length]


def _fat(data: bytes, size: int) -> tuple[int, ...]:
    """Give which sector follows each sector."""
    listed = list(struct.unpack_from("<109I", data, 76))
    more, seen = struct.unpack_from("<I", data, 68)[0], 0
    while more < _END - 3 and seen <= len(data) // size:
        numbers = _numbers(_sector(data, more, size))
        listed += numbers[:-1]
        more, seen = numbers[-1], seen + 1
    held = [_sector(data, number, size) for number in listed if number < _END - 3]
    if len(held) > len(data) // size + 1:
        raise Damaged("more sectors than there are")
    return _numbers(b"".join(held))


def _sector(data: bytes, number: int, size: int) -> bytes:
    start = (number + 1) * size
    if start >= len(data):
        raise Damaged("a sector is missing")
    return data[start : start + size].ljust(size, b"\0")


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _chain(
    data: bytes, fat: tuple[int, ...], start: int, size: int, offset: int | None = None
) -> bytes:
    """Join the sectors of a chain; one that goes round is damaged."""
    shift = size if offset is None else offset
    parts: list[bytes] = []
    number = start
    while number < _END - 3:
        at = number * size + shift
        if at >= len(data) or len(parts) > len(data) // size:
            raise Damaged("a chain of sectors is broken")
        parts.append(data[at : at + size].ljust(size, b"\0"))
        number = fat[number]
    return b"".join(parts)


def _entries(directory: bytes) -> Iterator[tuple[str, int, int]]:
    for at in range(0, len(directory) - 127, 128):
        held = min(struct.unpack_from("<H", directory, at + 64)[0], 64)
        if held >= 2:
            name = directory[at : at + held - 2].decode("utf-16-le", "replace")
            start, length = struct.unpack_from("<II", directory, at + 116)
            yield name, start, length


def _search(stream: bytes, most_cells: int) -> None:
    """Look at what the records say there is: cells, sizes of sheets, texts, a password."""
    at = rows = columns = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _LOCKED:
            raise Locked
        if kind == _SHEET:
            rows = columns = 0
        elif kind in _CELLS and length >= 4:
            row, column = struct.unpack_from("<HH", body)
            rows, columns = max(rows, row + 1), max(columns, column + 1)
        elif kind in _SEVERAL and length >= 6:
            rows = max(rows, struct.unpack_from("<H", body)[0] + 1)
            columns = max(columns, struct.unpack_from("<H", body, length - 2)[0] + 1)
        elif kind == _DIMENSIONS and length >= 10:
            form = "<IIHH" if length >= 12 else "<HHHH"
            first, last, left, right = struct.unpack_from(form, body)
            _refuse_vast(max(0, last - first), max(0, right - left), most_cells)
        elif kind == _TEXTS and length >= 8 and struct.unpack_from("<I", body, 4)[0] > len(stream):
            raise Damaged("more texts than fit into it")
        _refuse_vast(rows, columns, most_cells)


def _refuse_vast(rows: int, columns: int, most_cells: int) -> None:
    if rows * columns > most_cells:
        raise Vast(rows, columns)


def _packed(stream: bytes) -> bytes:
    """Write a compound file with this stream alone."""
    body = stream.ljust(max(_SMALL, -(-len(stream) // 512) * 512), b"\0")
    n = len(body) // 512
    fats = 1
    while (n + 1 + fats) * 4 > fats * 512:
        fats += 1
    chain = [*range(1, n), _END, _END, *[0xFFFFFFFD] * fats]
    chain += [_FREE] * (fats * 128 - len(chain))
    places = [*range(n + 1, n + 1 + fats)]
    more = places[109:]
    header = MAGIC + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, fats, n, 0, _SMALL, _END, 0, _END, 0)
    if more:  # 109 tables of 128 sectors are 7 MB; a longer stream has a list of its own
        header = header[:68] + struct.pack("<II", n + 1 + fats, -(-len(more) // 127))
    header += struct.pack("<109I", *places[:109], *[_FREE] * (109 - len(places[:109])))
    directory = _entry("Root Entry", 5, _END, 0, child=1) + _entry("Workbook", 2, 0, len(body))
    directory += _entry("", 0, 0, 0) * 2
    lists = b"".join(
        struct.pack("<127I", *part, *[_FREE] * (127 - len(part)))
        + struct.pack("<I", n + 2 + fats + k if 127 * (k + 1) < len(more) else _END)
        for k, part in enumerate(more[at : at + 127] for at in range(0, len(more), 127))
    )
    return header + body + directory + struct.pack(f"<{len(chain)}I", *chain) + lists


def _entry(name: str, kind: int, start: int, size: int, child: int = _FREE) -> bytes:
    written = (name + "\0").encode("utf-16-le") if name else b""
    return (
        written.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(written), kind, 1, _FREE, _FREE, child)
        + bytes(36)
        + struct.pack("<III", start, size, 0)
    )
