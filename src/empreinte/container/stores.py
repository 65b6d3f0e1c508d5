"""Where members lie: a folder, one file, memory, a tar. Zips are in `zips`."""

from __future__ import annotations

import bz2
import gzip
import io
import os
import re
import tarfile
import zlib
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, cast

import msgspec

from empreinte.container import limits, names
from empreinte.language import message
from empreinte.model import FileReport

_TAR = re.compile(r"\.(tar(\.gz|\.bz2)?|tgz|tbz2?)$", re.IGNORECASE)


class Member(msgspec.Struct, frozen=True):
    """One file of an export: its name there and its size in bytes."""

    name: str
    size: int
    modified: datetime | None = None

    def renamed(self, name: str) -> Member:
        """Give it by another name."""
        return self if name == self.name else Member(name, self.size, self.modified)


class Store:
    """Where members lie; one per form of container. Names are those of `names.safe`."""

    members: dict[str, Member]
    skipped: list[FileReport]

    def __init__(self) -> None:
        self.members = {}
        self.skipped = []

    def open(self, name: str) -> IO[bytes]:
        raise NotImplementedError

    def packed_size(self, name: str) -> int | None:
        """Compressed bytes of a member, ``None`` where it is not compressed by itself."""
        return None

    def close(self) -> None:
        """Release what is open."""

    def checksum(self, name: str) -> str | None:
        """A checksum known without reading the member, ``None`` if there is none."""
        return None

    def _add(self, raw_name: str, size: int, modified: datetime | None) -> str | None:
        """Take a member in, or say why not; give the name it is known by."""
        if len(self.members) + len(self.skipped) >= limits.MAX_MEMBERS:
            raise limits.too_many()
        name = names.safe(raw_name)
        if name is None:
            self._skip(raw_name, "failed", "The name leads outside the archive; it was not read.")
            return None
        if name in self.members:
            self._skip(name, "failed", "A second file of the same name; the first one was read.")
            return None
        if names.is_left_by_system(name):
            self._skip(name, "not needed", "Left by the system that packed the archive.")
            return None
        self.members[name] = Member(name, size, modified)
        return name

    def _skip(self, name: str, status: str, template: str) -> None:
        self.skipped.append(
            FileReport(name=names.shown(name), status=status, reason=message(template))  # pyright: ignore[reportArgumentType]
        )


class Folder(Store):
    """A folder and all folders in it."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        self.paths: dict[str, Path] = {}
        pending = [root]
        while pending:
            # One too many is enough to refuse it: a folder of millions is never held whole.
            with os.scandir(pending.pop()) as found:
                entries = list(islice(found, limits.MAX_MEMBERS + 1))
            if len(entries) + len(pending) > limits.MAX_MEMBERS:
                raise limits.too_many()
            for entry in sorted(entries, key=lambda entry: entry.name):
                if entry.is_symlink():
                    name = os.path.relpath(entry.path, root)
                    self._skip(name, "failed", "A link; links are never followed.")
                elif entry.is_dir():
                    pending.append(Path(entry.path))
                elif entry.is_file():
                    self._take(entry)

    def _take(self, entry: os.DirEntry[str]) -> None:
        if names.ARCHIVE.search(entry.name):
            name = os.path.relpath(entry.path, self.root)
            self._skip(name, "not needed", "An archive in the folder; it is imported by itself.")
            return
        stat = entry.stat()
        modified = datetime.fromtimestamp(stat.st_mtime, UTC)
        name = self._add(os.path.relpath(entry.path, self.root), stat.st_size, modified)
        if name is not None:
            self.paths[name] = Path(entry.path)

    def open(self, name: str) -> IO[bytes]:
        return self.paths[name].open("rb")


class InMemory(Store):
    """One file held in memory, as it was fetched."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__()
        self.data = data
        self._add(name, len(data), datetime.now(UTC))

    def open(self, name: str) -> IO[bytes]:
        return io.BytesIO(self.data)


class File(Store):
    """One file by itself."""

    def __init__(self, path: Path, name: str | None = None) -> None:
        super().__init__()
        self.path = path
        stat = path.stat()
        self._add(name or path.name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))

    def open(self, name: str) -> IO[bytes]:
        return self.path.open("rb")


class Gzip(File):
    """One file packed by gzip alone (``export.xml.gz``), named without the ending of an archive."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, names.ARCHIVE.sub("", path.name))

    def open(self, name: str) -> IO[bytes]:
        return cast("IO[bytes]", gzip.open(self.path, "rb"))

    def packed_size(self, name: str) -> int | None:
        return self.path.stat().st_size


_Header: Any = tarfile
"""The errors of headers, which have no types of their own for those who read this module."""
_PACKED = (gzip.GzipFile, bz2.BZ2File)


class _TarInfo(tarfile.TarInfo):
    """An entry of a tar whose long name is not so long that it fills the memory."""

    LONGEST = 1 << 20
    HEADERS = (
        tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE,
        tarfile.SOLARIS_XHDTYPE,
    )  # fmt: skip

    def _proc_member(self, tar: tarfile.TarFile) -> tarfile.TarInfo:
        # tarfile reads these whole, and says that this method is the one to override.
        if self.type in self.HEADERS and self.size > self.LONGEST:
            raise tarfile.ReadError(f"a header of {self.size} bytes")
        return super()._proc_member(tar)  # pyright: ignore[reportAttributeAccessIssue]

    @classmethod
    def fromtarfile(cls, tarfile: tarfile.TarFile) -> tarfile.TarInfo:
        # tarfile takes any header but the first that is damaged for the end of the archive.
        try:
            return super().fromtarfile(tarfile)
        except (_Header.InvalidHeaderError, _Header.TruncatedHeaderError) as error:
            if tarfile.offset:
                raise _Header.SubsequentHeaderError(str(error)) from error
            raise
        except _Header.EmptyHeaderError as error:
            # Two empty blocks end a tar (POSIX 1003.1, "pax"); that a packed one was cut is told
            # by what it is packed with.
            if tarfile.offset and not isinstance(tarfile.fileobj, _PACKED):
                raise _Header.SubsequentHeaderError("cut") from error
            raise


class Tar(Store):
    """A tar, compressed or not.

    A compressed tar has no directory, and going back means reading from its start. One pass
    lists the members, takes the checksum of all that are not media, and keeps the small ones, so
    that neither the fingerprint nor the usual order of reading (profile first) costs a second.
    """

    KEPT_BYTES = 48 << 20
    KEPT_EACH = 4 << 20

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.infos: dict[str, tarfile.TarInfo] = {}
        self.kept: dict[str, bytes] = {}
        self.sums: dict[str, int] = {}
        try:
            self.archive = tarfile.open(path, _mode(path), tarinfo=_TarInfo)  # noqa: SIM115 - closed by close()
        except EOFError as error:
            raise limits.cut(path) from error
        try:
            self._list()
        except limits.UNREADABLE:
            if not self.members:
                raise
            self._skip(
                path.name,
                "failed",
                "The archive is damaged or was cut: what follows in it is unknown. Ask for it "
                "again, or copy it once more.",
            )

    def _list(self) -> None:
        limit = limits.unpacked_limit(self.path.stat().st_size)
        room = self.KEPT_BYTES
        for info in self.archive:
            self.archive.members = []  # pyright: ignore[reportAttributeAccessIssue] - it would keep all
            if info.isdir():
                continue
            if not info.isfile():
                self._skip(info.name, "failed", "A link or a device; it was not followed.")
                continue
            modified = datetime.fromtimestamp(min(max(info.mtime, 0), 4e9), UTC)
            name = self._add(info.name, info.size, modified)
            if name is not None:
                self.infos[name] = info
            if info.offset_data + info.size > limit:
                # To list what follows, all of it would have to be unpacked.
                self._skip(
                    self.path.name,
                    "failed",
                    "It unpacks to far more than it takes up packed and may be a trap (a zip "
                    "bomb); what follows in it is unknown.",
                )
                break
            if name is not None and not names.is_media(name):
                room -= self._look(name, info, info.size <= min(room, self.KEPT_EACH))

    def _look(self, name: str, info: tarfile.TarInfo, keep: bool) -> int:
        """Take the checksum of a member that the pass goes through anyway; give bytes kept."""
        stream = self._open(info)
        if keep:
            data = self.kept[name] = stream.read(info.size)
            self.sums[name] = zlib.crc32(data)
            return len(data)
        crc = 0
        while chunk := stream.read(1 << 20):
            crc = zlib.crc32(chunk, crc)
        self.sums[name] = crc
        return 0

    def _open(self, info: tarfile.TarInfo) -> IO[bytes]:
        stream = self.archive.extractfile(info)
        assert stream is not None  # only regular files are taken in
        return stream

    def open(self, name: str) -> IO[bytes]:
        if name in self.kept:
            return io.BytesIO(self.kept[name])
        return self._open(self.infos[name])

    def packed_size(self, name: str) -> int | None:
        # Members are packed together: the whole is the least that one of them can have taken.
        return self.path.stat().st_size

    def checksum(self, name: str) -> str | None:
        return f"{self.sums[name]:08x}" if name in self.sums else None

    def close(self) -> None:
        self.archive.close()


def _mode(path: Path) -> Literal["r:gz", "r:bz2", "r:"]:
    """Tell how a tar is packed; xz is left out, for its header says how much memory it takes."""
    with path.open("rb") as file:
        magic = file.read(3)
    return "r:gz" if magic.startswith(b"\x1f\x8b") else "r:bz2" if magic == b"BZh" else "r:"


def is_packed_tar(path: Path) -> bool:
    """Tell whether a file packed by gzip or bzip2 holds a tar, by what it unpacks to.

    One that holds nothing, or is too damaged to begin with, is what its name says.
    """
    mode = _mode(path)
    if mode == "r:":
        return False
    try:
        with gzip.open(path) if mode == "r:gz" else bz2.open(path) as stream:
            block = stream.read(512)
    except limits.UNREADABLE:
        block = b""
    return is_tar(block) or (not block.strip(b"\0") and _TAR.search(path.name) is not None)


def is_tar(block: bytes) -> bool:
    """Tell whether the first 512 bytes of a file are the header of a tar, by their checksum."""
    try:
        tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except _Header.HeaderError:
        return False
    return True
