"""Zips, whose directory is counted before it is held."""

from __future__ import annotations

import struct
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from empreinte.container import limits, names
from empreinte.container.stores import Store
from empreinte.errors import ContainerError

UNPACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)
"""Ways of packing that zipfile undoes; Deflate64, which Windows uses beyond 2 GB, is none."""
NOT_UNPACKED = {9: "Deflate64", 93: "Zstandard", 95: "XZ", 98: "PPMd"}
"""Others by their names: APPNOTE.TXT 4.4.5, "compression method"."""


class Zip(Store):
    """One zip; only its directory is read until a member is opened."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        count(path)
        self.path = path
        if not zipfile.is_zipfile(path):
            raise limits.cut(path)  # the list of its members, which stands at the end, is not there
        self.archive = zipfile.ZipFile(path)
        self.infos: dict[str, zipfile.ZipInfo] = {}
        for info in self.archive.infolist():
            if info.is_dir():
                continue
            if (info.external_attr >> 16) & 0o170000 == 0o120000:
                self._skip(info.filename, "failed", "A link; links are never followed.")
                continue
            name = self._add(info.filename, info.file_size, _time(info))
            if name is not None:
                self.infos[name] = info
        # Members are opened by their info; these are as large again.
        self.archive.filelist.clear()
        self.archive.NameToInfo.clear()

    def open(self, name: str) -> IO[bytes]:
        info = self.infos[name]
        if info.flag_bits & 0x1:
            raise ContainerError(
                "{name} is encrypted with a password. Unpack the archive with it first.", name=name
            )
        if info.compress_type not in UNPACKED:
            raise ContainerError(
                "{name} is packed in a way that is not unpacked here ({method}). Unpack the "
                "archive with the program that made it, and give the folder.",
                name=name,
                method=NOT_UNPACKED.get(info.compress_type, info.compress_type),
            )
        return self.archive.open(info)

    def packed_size(self, name: str) -> int | None:
        return self.infos[name].compress_size

    def checksum(self, name: str) -> str | None:
        return f"{self.infos[name].CRC:08x}"

    def close(self) -> None:
        self.archive.close()


def _time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None


def listing(path: Path) -> dict[str, tuple[int, int]]:
    """Give the checksum and size of each member by name, from the directory alone.

    Raises
    ------
    ContainerError or one of `limits.UNREADABLE`
        If it cannot be read.
    """
    count(path)
    with zipfile.ZipFile(path) as archive:
        return {
            name: (info.CRC, info.file_size)
            for info in archive.infolist()
            if not info.is_dir()
            and (name := names.safe(info.filename)) is not None
            and not names.is_left_by_system(name)
        }


def count(path: Path) -> int:
    r"""Count the members before zipfile builds an object for each, some 600 MB for a million.

    Format: APPNOTE.TXT 4.3.16, "end of central directory record": after the signature
    ``PK\5\6`` the size of the directory is at 12; where it reads 0xFFFFFFFF, it is at 40 of the
    Zip64 record (4.3.14) that stands with its locator in the 76 bytes before. The number of
    members stands there too, but need not be true: signatures are counted.

    Raises
    ------
    ContainerError
        If there are more than `limits.MAX_MEMBERS`.
    """
    length = path.stat().st_size
    with path.open("rb") as file:
        start = max(0, length - (1 << 16) - 22 - 76)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) < at + 22:
            return 0
        (size,) = struct.unpack_from("<I", tail, at + 12)
        if size == 0xFFFFFFFF and at >= 76:
            (size,) = struct.unpack_from("<Q", tail, at - 76 + 40)
        size = min(size, start + at)
        found = limits.MAX_MEMBERS + 1
        if size <= limits.MAX_MEMBERS * 256:
            file.seek(start + at - size)
            found = _signatures(file, size)
    if found > limits.MAX_MEMBERS:
        raise ContainerError(
            "{path} lists its files in {size} bytes; at most {limit} are read. Unpack it and give "
            "the folder of interest instead.",
            path=path.name,
            size=size,
            limit=limits.MAX_MEMBERS,
        )
    return found


def _signatures(file: IO[bytes], size: int) -> int:
    found = 0
    while size > 0 and (chunk := file.read(min(size, 1 << 20))):
        found += chunk.count(b"PK\x01\x02")  # one cut by the chunk's end more or less is no matter
        size -= len(chunk)
    return found
