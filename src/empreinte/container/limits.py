"""What is read of a container at most, and what its readers raise when it is damaged."""

from __future__ import annotations

import io
import struct
import tarfile
import zipfile
import zlib
from pathlib import Path
from typing import IO

from empreinte.errors import ContainerError

MAX_MEMBERS = 300_000
"""Members of one container; a ZipInfo takes about 0.7 kB, so this bounds it to 200 MB."""
MAX_RATIO = 250
"""Decompressed over compressed bytes, once past `RATIO_FLOOR`; real exports reach about 40."""
RATIO_FLOOR = 64 << 20
MAX_MEMBER_BYTES = 64 << 30
HEAD_BYTES = 16 << 10
"""What `Container.head` gives at most unless told otherwise."""

UNREADABLE = (
    OSError, EOFError, RuntimeError, NotImplementedError, ValueError, struct.error,
    zipfile.BadZipFile, tarfile.TarError, zlib.error,
)  # fmt: skip
"""What the readers of archives raise on damaged ones."""


def too_many() -> ContainerError:
    """Make the error of a container that holds more than `MAX_MEMBERS`."""
    return ContainerError(
        "The archive holds more than {limit} files. Unpack it and give the folder of interest "
        "instead.",
        limit=MAX_MEMBERS,
    )


def cut(path: Path) -> ContainerError:
    """Make the error of an archive whose end is missing, and with it what tells what it holds."""
    return ContainerError(
        "{path} was cut: its end is missing, and without it what it holds cannot be read. "
        "Download it again, or copy it once more.",
        path=path,
    )


def unpacked_limit(packed: int | None) -> int:
    """Give the bytes that `packed` ones may unpack to; ``None``: they are not packed."""
    if packed is None:
        return MAX_MEMBER_BYTES
    return min(MAX_MEMBER_BYTES, max(RATIO_FLOOR, packed * MAX_RATIO))


class Meter:
    """Counts the bytes that were read from a container, for progress bars."""

    bytes: int = 0


class Bounded(io.RawIOBase):
    """A stream that counts what it gives and stops a bomb; damage becomes ContainerError."""

    def __init__(self, stream: IO[bytes], name: str, packed: int | None, meter: Meter) -> None:
        self._stream = stream
        self._name = name
        self._given = 0
        self._meter = meter
        self._limit = unpacked_limit(packed)

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Read up to `size` bytes; fewer only at the end."""
        if size is None or size < 0:
            size = self._limit - self._given + 1
        try:
            data = self._stream.read(size)
        except UNREADABLE as error:
            raise ContainerError(
                "{name} is damaged after {given} bytes ({cause}). Ask for the archive again, or "
                "copy it once more.",
                name=self._name,
                given=self._given,
                cause=error,
            ) from error
        self._given += len(data)
        self._meter.bytes += len(data)
        if self._given > self._limit:
            raise ContainerError(
                "{name} unpacks to more than {limit} bytes, far more than it takes up packed: it "
                "may be a trap (a zip bomb) and was not read further.",
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
