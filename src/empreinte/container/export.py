"""The container as sources see it, and how one is opened."""

from __future__ import annotations

import codecs
import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any, cast

from empreinte.container import parts
from empreinte.container.limits import HEAD_BYTES, UNREADABLE, Bounded, Meter
from empreinte.container.names import is_media
from empreinte.container.stores import (
    File,
    Folder,
    Gzip,
    InMemory,
    Member,
    Store,
    Tar,
    is_packed_tar,
    is_tar,
)
from empreinte.container.zips import Zip
from empreinte.errors import ContainerError
from empreinte.language import Message
from empreinte.model import FileReport


class Container:
    """An export, whatever its form; iterate over `members`, read them with `open`.

    Names are relative to it: in an export that stands in the folder ``2026/x/`` of an archive, the
    member ``2026/x/data/tweets.js`` is called ``data/tweets.js``. `place` gives the whole.

    Parameters
    ----------
    store : Store
        Where the members lie. Use `open_container` to make one.
    paths : tuple of Path
        The files or the folder that it stands for.

    Attributes
    ----------
    is_file : bool
        Whether it is one file of a container, and not what lies under a folder.
    unread : dict of str to Message
        Members, by `place`, whose head was asked for and could not be read, with the reason: what
        such a member holds is not known, so it must never be told to be empty.
    told : frozenset of str
        Members, by `place`, that lie nowhere: what its owner said of others, put `beside` them.
    memory : dict
        What a source remembers of one root while it reads another, by the source's name.
    """

    def __init__(self, store: Store, paths: tuple[Path, ...]) -> None:
        self._store = store
        self.paths = paths
        self._folder = ""
        self.is_file = False
        self.meter = Meter()
        self.unread: dict[str, Message] = {}
        self.told: frozenset[str] = frozenset()
        self.memory: dict[str, Any] = {}
        self._sums: dict[str, str | None] = {}
        self._members = dict(store.members)

    def __enter__(self) -> Container:
        return self

    def __exit__(self, *exception: object) -> None:
        self._store.close()

    @property
    def path(self) -> Path:
        """The first of the paths it was made from."""
        return self.paths[0]

    @property
    def called(self) -> str:
        """What it stands in, the nearest first: such names may tell a date or an owner.

        Names of folders, then of the archive, each between slashes.
        """
        return "/" + "/".join((*reversed(self._folder.split("/")[:-1]), self.path.name)) + "/"

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
        """All members, in the container's order."""
        return list(self._members.values())

    @property
    def size(self) -> int:
        """Unpacked bytes of all members, as the container declares them."""
        return sum(member.size for member in self._members.values())

    def names(self, pattern: str = "") -> list[str]:
        """Give the names that match the regular expression wholly; an empty one gives all.

        Matching ignores case.
        """
        if not pattern:
            return list(self._members)
        matches = re.compile(pattern, re.IGNORECASE).fullmatch
        return [name for name in self._members if matches(name)]

    def place(self, name: str) -> str:
        """Give the name of a member in the whole container."""
        return self._folder + name

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def beside(self, name: str, data: bytes) -> Container:
        """Give the same with one more file, which lies nowhere."""
        more = InMemory(name, data)
        joined = Container(parts.Parts([(self.path, self._store), (Path(name), more)]), self.paths)
        joined.meter, joined.unread, joined._sums = self.meter, self.unread, self._sums
        joined.told, joined.memory = self.told | {name}, self.memory
        return joined

    def under(self, root: str, but: Iterable[str] = ()) -> Container:
        """Narrow to a folder (``"a/b/"``) or a single file (``"a/b.xml"``).

        `but` gives folders and files that are left out, by their names here.
        """
        narrowed = Container(self._store, self.paths)
        narrowed.is_file = root in self._members
        inside = root.rpartition("/")[0] + "/" if "/" in root else ""
        narrowed._folder = self._folder + inside
        narrowed.meter, narrowed.unread, narrowed._sums = self.meter, self.unread, self._sums
        narrowed.told, narrowed.memory = self.told, self.memory
        left_out = set(but)
        folders = tuple(other for other in left_out if other.endswith("/"))
        of_it = [root] if narrowed.is_file else (n for n in self._members if n.startswith(root))
        narrowed._members = {
            name[len(inside) :]: self._members[name].renamed(name[len(inside) :])
            for name in of_it
            if name not in left_out and not name.startswith(folders)
        }
        return narrowed

    def open(self, name: str) -> IO[bytes]:
        """Open a member as a bounded binary stream.

        Raises
        ------
        ContainerError
            Here or while reading: damaged, encrypted, or more than the limits allow.
        """
        name = self.place(name)
        try:
            stream = self._store.open(name)
        except UNREADABLE as error:
            raise ContainerError(
                "{name} cannot be opened ({cause}). Ask for the archive again, or copy it once "
                "more.",
                name=name,
                cause=error,
            ) from error
        return cast("IO[bytes]", Bounded(stream, name, self._store.packed_size(name), self.meter))

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
                name=self.place(name),
                limit=limit,
            )
        return data

    def head(self, name: str, size: int = HEAD_BYTES) -> bytes:
        """Give the first bytes of a member, ``b""`` if it cannot be read (see `unread`)."""
        try:
            with self.open(name) as stream:
                return stream.read(size)
        except ContainerError as error:
            self.unread[self.place(name)] = error.message
            return b""

    def fingerprint(self) -> str:
        """Give a hash of names and contents: the same export gives the same, however packed.

        Zips are not read: their directory keeps a CRC-32 of each member. Media count by name
        and size alone.
        """
        digest = hashlib.blake2b(digest_size=16)
        for member in sorted(self._members.values(), key=lambda member: member.name):
            name = "" if self.is_file else member.name  # a file may be called anything
            digest.update(f"{name}\0{member.size}\0".encode())
            if not is_media(member.name):
                digest.update((self.checksum(member.name) or "unreadable").encode())
        return digest.hexdigest()

    def bytes_digest(self) -> str:
        """Give a hash of the bytes that it was made from, as they lie; of a folder, its path."""
        digest = hashlib.blake2b(digest_size=16)
        for path in self.paths:
            if not path.is_file():
                digest.update(str(path.absolute()).encode("utf-8", "surrogateescape"))
                continue
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    digest.update(chunk)
        return digest.hexdigest()

    def checksum(self, name: str) -> str | None:
        """Give a member's CRC-32 in hexadecimal, ``None`` if it cannot be read.

        It is what the container says where that keeps one (a zip's directory).
        """
        place = self.place(name)
        if place not in self._sums:
            self._sums[place] = self._store.checksum(place) or self._computed(name)
        return self._sums[place]

    def _computed(self, name: str) -> str | None:
        crc = 0
        try:
            with self.open(name) as stream:
                while chunk := stream.read(1 << 20):
                    crc = zlib.crc32(chunk, crc)
        except ContainerError:
            return None
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
    except UNREADABLE as error:
        raise ContainerError(
            "{path} cannot be opened ({cause}). If it is an archive, download it again; if it "
            "is a folder, check its permissions.",
            path=paths[0],
            cause=error,
        ) from error


def in_memory(name: str, data: bytes) -> Container:
    """Make a container of one file that was fetched rather than found."""
    return Container(InMemory(name, data), (Path(name),))


_OFFICE = re.compile(r"\.(xlsx|xlsm|xlsb|ods|docx|odt|pptx|odp)$", re.IGNORECASE)
"""Documents that are zips inside: one file each."""
_ARCHIVE = re.compile(r"\.(zip|tar|tgz|tar\.gz)$", re.IGNORECASE)


def _store(paths: tuple[Path, ...]) -> Store:
    for path in paths:
        if not path.exists():
            raise ContainerError("{path} does not exist. Check the name.", path=path)
    if len(paths) == 1:
        store = _single(paths[0])
    else:
        parts.refuse_too_many(paths)
        store = parts.Parts([(path, _single(path)) for path in paths])
    store.skipped += parts.report_absent(paths)
    return store


def _single(path: Path) -> Store:
    """Open what lies at `path` as what its bytes say it is; its name counts where they do not."""
    if path.is_dir():
        return Folder(path)
    with path.open("rb") as file:
        magic = file.read(512)
    if magic.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        office = _OFFICE.search(path.name) or b"[Content_Types].xml" in magic[:60]
        return File(path) if office else Zip(path)
    if is_tar(magic) or is_packed_tar(path):
        return Tar(path)
    if magic.startswith(b"\x1f\x8b"):
        return Gzip(path)
    if not _ARCHIVE.search(path.name):
        return File(path)
    if zipfile.is_zipfile(path):  # behind a program that unpacks it
        return Zip(path)
    begins = magic.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace").strip()
    if not begins:
        raise ContainerError("{path} is empty. Download it again.", path=path)
    if re.match(r"<(!doctype\s+html|html)\b", begins, re.IGNORECASE):
        raise ContainerError(
            "{path} is a web page, not an archive (one probably had to sign in). Download it "
            "again.",
            path=path,
        )
    raise ContainerError(
        "{path} is not an archive that can be read: it begins with “{text}”. Download it again.",
        path=path,
        text=begins[:40],
    )
