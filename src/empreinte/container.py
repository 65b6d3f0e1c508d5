"""An export as it comes: a folder, a zip, several zips of one export, a .tar.gz, a single file.

Members are read as streams and never unpacked to disk. What comes in is hostile: names that
leave the archive, links, bombs and floods of members are refused with a reason, each by itself,
and the rest is read. Names are given in NFC with ``/`` between parts, whatever the system that
packed them.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import struct
import tarfile
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, cast

import msgspec

from empreinte.errors import ContainerError
from empreinte.language import message
from empreinte.model import FileReport

MAX_MEMBERS = 300_000
"""Members of one container; a ZipInfo takes about 0.7 kB, so this bounds it to 200 MB."""
MAX_RATIO = 250
"""Decompressed over compressed bytes, once past `RATIO_FLOOR`; real exports reach about 40."""
RATIO_FLOOR = 64 << 20
MAX_MEMBER_BYTES = 64 << 30
HEAD_BYTES = 16 << 10
"""What `Container.head` gives at most unless told otherwise."""

_SYSTEM_FILES = {".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX"}
_UNREADABLE = (
    OSError, EOFError, RuntimeError, NotImplementedError, ValueError, struct.error,
    zipfile.BadZipFile, tarfile.TarError, zlib.error,
)  # fmt: skip
"""What the readers of archives raise on damaged ones."""


class Member(msgspec.Struct, frozen=True):
    """One file of an export: its name in the container and its size in bytes."""

    name: str
    size: int
    modified: datetime | None = None


class _Store:
    """Where members lie; one per form of container. Names are those of `_name`."""

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
        """A checksum the archive itself keeps, ``None`` if it keeps none."""
        return None

    def _add(self, raw_name: str, size: int, modified: datetime | None) -> str | None:
        """Take a member in, or say why not; give the name it is known by."""
        if len(self.members) + len(self.skipped) >= MAX_MEMBERS:
            raise ContainerError(
                "The export holds more than {limit} files. Unpack it and give the folder of "
                "interest instead.",
                limit=MAX_MEMBERS,
            )
        name = _name(raw_name)
        if name is None:
            self._skip(raw_name, "failed", "The name leads outside the archive; it was not read.")
            return None
        if name in self.members:
            self._skip(name, "failed", "A second file of the same name; the first one was read.")
            return None
        parts = name.split("/")
        if any(part in _SYSTEM_FILES or part.startswith("._") for part in parts):
            self._skip(name, "not needed", "Left by the system that packed the archive.")
            return None
        self.members[name] = Member(name, size, modified)
        return name

    def _skip(self, name: str, status: str, template: str) -> None:
        self.skipped.append(
            FileReport(name=_shown(name), status=status, reason=message(template))  # pyright: ignore[reportArgumentType]
        )


def _name(raw: str) -> str | None:
    """Give the NFC, slash-separated relative name, or ``None`` for one that leads outside."""
    whole = raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    name = unicodedata.normalize("NFC", whole).replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    parts = name.split("/")
    if not name or name.startswith("/") or ".." in parts or re.match(r"[A-Za-z]:", name):
        return None
    if "\x00" in name or len(name) > 1024:
        return None
    return "/".join(part for part in parts if part not in ("", "."))


def _shown(name: str) -> str:
    """Make any name fit to be kept and shown: bounded, valid Unicode."""
    return name[:1024].encode("utf-8", "replace").decode("utf-8").replace("\x00", "\ufffd")


class _Folder(_Store):
    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        self.paths: dict[str, Path] = {}
        pending = [root]
        while pending:
            for entry in sorted(os.scandir(pending.pop()), key=lambda entry: entry.name):
                if entry.is_symlink():
                    name = os.path.relpath(entry.path, root)
                    self._skip(name, "failed", "A link; links are never followed.")
                elif entry.is_dir():
                    pending.append(Path(entry.path))
                elif entry.is_file():
                    self._take(entry)

    def _take(self, entry: os.DirEntry[str]) -> None:
        if _ARCHIVE.search(entry.name):
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


class _Bytes(_Store):
    """One file held in memory, as it was fetched."""

    def __init__(self, name: str, data: bytes) -> None:
        super().__init__()
        self.data = data
        self._add(name, len(data), datetime.now(UTC))

    def open(self, name: str) -> IO[bytes]:
        return io.BytesIO(self.data)


class _File(_Store):
    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        stat = path.stat()
        self._add(path.name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))

    def open(self, name: str) -> IO[bytes]:
        return self.path.open("rb")


class _Gzip(_File):
    """One file packed by gzip alone (``export.xml.gz``), named without its ``.gz``."""

    def __init__(self, path: Path) -> None:
        _Store.__init__(self)
        self.path = path
        stat = path.stat()
        name = path.name.removesuffix(".gz")
        self._add(name, stat.st_size, datetime.fromtimestamp(stat.st_mtime, UTC))

    def open(self, name: str) -> IO[bytes]:
        import gzip

        return cast("IO[bytes]", gzip.open(self.path, "rb"))

    def packed_size(self, name: str) -> int | None:
        return self.path.stat().st_size


class _Zip(_Store):
    def __init__(self, path: Path) -> None:
        super().__init__()
        _refuse_huge_directory(path)
        self.archive = zipfile.ZipFile(path)
        self.infos: dict[str, zipfile.ZipInfo] = {}
        for info in self.archive.infolist():
            if info.is_dir():
                continue
            if (info.external_attr >> 16) & 0o170000 == 0o120000:
                self._skip(info.filename, "failed", "A link; links are never followed.")
                continue
            name = self._add(info.filename, info.file_size, _zip_time(info))
            if name is not None:
                self.infos[name] = info

    def open(self, name: str) -> IO[bytes]:
        info = self.infos[name]
        if info.flag_bits & 0x1:
            raise ContainerError(
                "{name} is encrypted with a password. Unpack the archive with it first.", name=name
            )
        return self.archive.open(info)

    def packed_size(self, name: str) -> int | None:
        return self.infos[name].compress_size

    def checksum(self, name: str) -> str | None:
        return f"{self.infos[name].CRC:08x}"

    def close(self) -> None:
        self.archive.close()


def _zip_time(info: zipfile.ZipInfo) -> datetime | None:
    try:
        return datetime(*info.date_time, tzinfo=UTC)
    except ValueError:
        return None


def _refuse_huge_directory(path: Path) -> None:
    r"""Count the members before zipfile builds an object for each, some 600 MB for a million.

    Format: APPNOTE.TXT 4.3.16, "end of central directory record": after the signature
    ``PK\5\6`` the size of the directory is at 12; where it reads 0xFFFFFFFF, it is at 40 of the
    Zip64 record (4.3.14) that stands with its locator in the 76 bytes before. The number of
    members stands there too, but need not be true: signatures are counted.
    """
    length = path.stat().st_size
    with path.open("rb") as file:
        start = max(0, length - (1 << 16) - 22 - 76)
        file.seek(start)
        tail = file.read()
        at = tail.rfind(b"PK\x05\x06")
        if at < 0 or len(tail) < at + 22:
            return
        (size,) = struct.unpack_from("<I", tail, at + 12)
        if size == 0xFFFFFFFF and at >= 76:
            (size,) = struct.unpack_from("<Q", tail, at - 76 + 40)
        size = min(size, start + at)
        too_many = size > MAX_MEMBERS * 256
        if not too_many:
            file.seek(start + at - size)
            too_many = _signatures(file, size) > MAX_MEMBERS
    if too_many:
        raise ContainerError(
            "{path} lists its files in {size} bytes; at most {limit} are read. Unpack it and give "
            "the folder of interest instead.",
            path=path.name,
            size=size,
            limit=MAX_MEMBERS,
        )


def _signatures(file: IO[bytes], size: int) -> int:
    found = 0
    while size > 0 and (chunk := file.read(min(size, 1 << 20))):
        found += chunk.count(b"PK\x01\x02")  # one cut by the chunk's end more or less is no matter
        size -= len(chunk)
    return found


class _Zips(_Store):
    """Several zips that share one tree."""

    def __init__(self, paths: Iterable[Path]) -> None:
        super().__init__()
        self.parts = [_Zip(path) for path in paths]
        self.home: dict[str, _Zip] = {}
        for part in self.parts:
            self.skipped += part.skipped
            for name, member in part.members.items():
                if self._add(name, member.size, member.modified) is not None:
                    self.home[name] = part

    def open(self, name: str) -> IO[bytes]:
        return self.home[name].open(name)

    def packed_size(self, name: str) -> int | None:
        return self.home[name].packed_size(name)

    def checksum(self, name: str) -> str | None:
        return self.home[name].checksum(name)

    def close(self) -> None:
        for part in self.parts:
            part.close()


class _Tar(_Store):
    """A tar, compressed or not.

    A compressed tar has no directory, and going back means reading from its start. One pass
    lists the members and keeps the small ones that are not media, so that the usual order of
    reading (profile first) costs no second pass.
    """

    KEPT_BYTES = 48 << 20
    KEPT_EACH = 4 << 20

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path
        self.infos: dict[str, tarfile.TarInfo] = {}
        self.kept: dict[str, bytes] = {}
        self.archive = tarfile.open(path, "r:*")  # noqa: SIM115 - closed by close()
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
            if name is None:
                continue
            self.infos[name] = info
            if info.size <= min(room, self.KEPT_EACH) and not _is_media(name):
                self.kept[name] = self._open(info).read(info.size)
                room -= info.size

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

    def close(self) -> None:
        self.archive.close()


_MEDIA = re.compile(
    r"\.(jpe?g|png|gif|webp|heic|avif|svg|ico|mp4|m4v|mov|webm|avi|mkv|mp3|m4a|ogg|opus|wav|aac"
    r"|flac|pdf|woff2?|ttf|eot|otf)$",
    re.IGNORECASE,
)


def _is_media(name: str) -> bool:
    return _MEDIA.search(name) is not None


def is_media(name: str) -> bool:
    """Tell whether the name is that of an image, a sound, a video or a font."""
    return _is_media(name)


class _Bounded(io.RawIOBase):
    """A stream that counts what it gives and stops a bomb; damage becomes ContainerError."""

    def __init__(self, stream: IO[bytes], name: str, packed: int | None, meter: Meter) -> None:
        self._stream = stream
        self._name = name
        self._given = 0
        self._meter = meter
        self._limit = MAX_MEMBER_BYTES
        if packed is not None:
            self._limit = min(self._limit, max(RATIO_FLOOR, packed * MAX_RATIO))

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes; fewer only at the end."""
        if size is None or size < 0:
            size = self._limit - self._given + 1
        try:
            data = self._stream.read(size)
        except _UNREADABLE as error:
            raise ContainerError(
                "{name} is damaged after {given} bytes ({cause}). Ask for the export again, or "
                "copy it once more.",
                name=self._name,
                given=self._given,
                cause=error or type(error).__name__,
            ) from error
        self._given += len(data)
        self._meter.bytes += len(data)
        if self._given > self._limit:
            raise ContainerError(
                "{name} unpacks to more than {limit} bytes, far more than it takes up packed: it "
                "looks like a bomb and was not read further.",
                name=self._name,
                limit=self._limit,
            )
        return data

    def readinto(self, buffer: memoryview) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        if not self.closed:
            self._stream.close()
        super().close()


class Meter:
    """Counts the bytes that were read from a container, for progress bars."""

    bytes: int = 0


class Container:
    """An export, whatever its form; iterate over `members`, read them with `open`.

    Parameters
    ----------
    store : _Store
        Where the members lie. Use `open_container` to make one.
    paths : tuple of Path
        The files or the folder that it stands for.
    prefix : str
        Root inside the store; names are given relative to it.
    """

    def __init__(self, store: _Store, paths: tuple[Path, ...], prefix: str = "") -> None:
        self._store = store
        self.paths = paths
        self.prefix = prefix
        self.meter = Meter()
        self._members = {
            name: member for name, member in store.members.items() if name.startswith(prefix)
        }

    def __enter__(self) -> Container:
        return self

    def __exit__(self, *exception: object) -> None:
        self._store.close()

    @property
    def path(self) -> Path:
        """The first of the paths it was made from."""
        return self.paths[0]

    @property
    def modified(self) -> datetime:
        """When the export was last written: the latest date of its members, else of its file.

        The best guess at the date of an export that does not tell its own.
        """
        dates = [member.modified for member in self._members.values() if member.modified]
        return max(dates) if dates else datetime.fromtimestamp(self.path.stat().st_mtime, UTC)

    @property
    def skipped(self) -> list[FileReport]:
        """Members that are not given, each with its reason."""
        return list(self._store.skipped)

    @property
    def members(self) -> list[Member]:
        """All members under the prefix, in the container's order, full names."""
        return list(self._members.values())

    @property
    def size(self) -> int:
        """Unpacked bytes of all members, as the container declares them."""
        return sum(member.size for member in self._members.values())

    def names(self, pattern: str = "") -> list[str]:
        """Give full names whose part after the prefix matches the regular expression wholly.

        An empty pattern gives all. Matching ignores case.
        """
        if not pattern:
            return list(self._members)
        matches = re.compile(pattern, re.IGNORECASE).fullmatch
        return [name for name in self._members if matches(name[len(self.prefix) :])]

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def under(self, prefix: str, but: Iterable[str] = ()) -> Container:
        """Narrow to a folder (``"a/b/"``) or a single file (``"a/b.xml"``).

        `but` gives folders and files inside it that are left out.
        """
        narrowed = Container(self._store, self.paths, prefix)
        if prefix in self._members:  # a file: not the others whose names begin like it
            narrowed._members = {prefix: self._members[prefix]}
        left_out = tuple(but)
        if left_out:
            folders = tuple(root for root in left_out if root.endswith("/"))
            narrowed._members = {
                name: member
                for name, member in narrowed._members.items()
                if name not in left_out and not name.startswith(folders)
            }
        narrowed.meter = self.meter
        return narrowed

    def open(self, name: str) -> IO[bytes]:
        """Open a member as a bounded binary stream.

        Raises
        ------
        ContainerError
            Here or while reading: damaged, encrypted, or more than the limits allow.
        """
        try:
            stream = self._store.open(name)
        except _UNREADABLE as error:
            raise ContainerError(
                "{name} cannot be opened ({cause}). Ask for the export again, or copy it once "
                "more.",
                name=name,
                cause=error or type(error).__name__,
            ) from error
        return cast("IO[bytes]", _Bounded(stream, name, self._store.packed_size(name), self.meter))

    def read(self, name: str, limit: int = 64 << 20) -> bytes:
        """Read a whole member of at most `limit` bytes.

        Raises
        ------
        ContainerError
            If it is longer, or cannot be read.
        """
        with self.open(name) as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise ContainerError(
                "{name} is longer than the {limit} bytes expected of such a file; it was not read.",
                name=name,
                limit=limit,
            )
        return data

    def head(self, name: str, size: int = HEAD_BYTES) -> bytes:
        """Give the first bytes of a member, ``b""`` if it cannot be read."""
        try:
            with self.open(name) as stream:
                return stream.read(size)
        except ContainerError:
            return b""

    def fingerprint(self) -> str:
        """Give a hash of names and contents: the same export gives the same, however packed.

        Zips are not read: their directory keeps a CRC-32 of each member. Media count by name
        and size alone.
        """
        digest = hashlib.blake2b(digest_size=16)
        for member in sorted(self._members.values(), key=lambda member: member.name):
            digest.update(f"{member.name[len(self.prefix) :]}\0{member.size}\0".encode())
            if not _is_media(member.name):
                digest.update((self._checksum(member.name)).encode())
        return digest.hexdigest()

    def _checksum(self, name: str) -> str:
        kept = self._store.checksum(name)
        if kept is not None:
            return kept
        crc = 0
        try:
            with self.open(name) as stream:
                while chunk := stream.read(1 << 20):
                    crc = zlib.crc32(chunk, crc)
        except ContainerError:
            return "unreadable"
        return f"{crc:08x}"


def open_container(*paths: Path) -> Container:
    """Open one export: a folder, a file, an archive, or several zips of one export.

    Raises
    ------
    ContainerError
        If it does not exist, cannot be read or passes a limit.
    """
    try:
        return Container(_store(paths), paths)
    except _UNREADABLE as error:
        raise ContainerError(
            "{path} cannot be opened ({cause}). If it is an archive, download it again; if it "
            "is a folder, check its permissions.",
            path=paths[0],
            cause=error or type(error).__name__,
        ) from error


def in_memory(name: str, data: bytes) -> Container:
    """Make a container of one file that was fetched rather than found."""
    return Container(_Bytes(name, data), (Path(name),))


def _store(paths: tuple[Path, ...]) -> _Store:
    first = paths[0]
    if not first.exists():
        raise ContainerError("{path} does not exist. Check the name.", path=first)
    if len(paths) > 1:
        return _Zips(paths)
    if first.is_dir():
        return _Folder(first)
    with first.open("rb") as file:
        magic = file.read(262)
    if magic.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _Zip(first)
    if first.name.lower().endswith((".tar.gz", ".tgz", ".tar")) or magic[257:262] == b"ustar":
        return _Tar(first)
    if magic.startswith(b"\x1f\x8b"):
        return _Gzip(first)
    return _File(first)


_ARCHIVE = re.compile(r"\.(zip|tar|tgz|gz)$", re.IGNORECASE)
_PART = re.compile(r"^(.*?)[ _.-]*(?:part)?[ _.-]*\(?(\d{1,3})\)?\.zip$", re.IGNORECASE)


def discover(paths: Iterable[Path]) -> Iterator[tuple[Path, ...]]:
    """Give the exports that stand at `paths`, as groups of paths for `open_container`.

    A folder that holds archives gives each of them, and itself if it holds other files too.
    Zips that are numbered alike and share no file (``takeout-…-001.zip``, ``-002.zip``) are one
    export.
    """
    archives: list[Path] = []
    for path in paths:
        if not path.is_dir():
            archives.append(path)
            continue
        inside = sorted(p for p in path.rglob("*") if _ARCHIVE.search(p.name) and p.is_file())
        archives += inside
        if not inside or any(p.is_file() and p not in set(inside) for p in path.rglob("*")):
            yield (path,)
    yield from _grouped(archives)


def _grouped(paths: list[Path]) -> Iterator[tuple[Path, ...]]:
    groups: dict[tuple[Path, str], list[Path]] = {}
    for path in dict.fromkeys(paths):
        part = _PART.match(path.name)
        stem = part[1] if part else path.name
        groups.setdefault((path.parent, stem), []).append(path)
    for group in groups.values():
        if len(group) > 1 and _share_no_file(group):
            yield tuple(sorted(group))
        else:
            yield from ((path,) for path in group)


def _share_no_file(paths: list[Path]) -> bool:
    seen: set[str] = set()
    for path in paths:
        try:
            _refuse_huge_directory(path)
            with zipfile.ZipFile(path) as archive:
                names = {name for name in archive.namelist() if not name.endswith("/")}
        except (*_UNREADABLE, ContainerError):
            return False
        if seen & names:
            return False
        seen |= names
    return True
