"""What every reader of graph files needs: a bounded stream, and nodes by the names in the file."""

from __future__ import annotations

import gzip
import io
import zlib
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.errors import UsageError
from empreinte.kernels.graphs.graph import Graph

MAX_RATIO = 250
"""Unpacked over packed bytes, once past `RATIO_FLOOR`; edge lists reach about 10."""
RATIO_FLOOR = 64 << 20
MAX_EDGES = 2**31 - 1
_DENSE = 16
"""Numbers are counted in a table, not sorted, where it has at most so many places an edge."""


@dataclass(frozen=True, eq=False)
class Named:
    """A graph with what its file calls the nodes.

    Attributes
    ----------
    graph : Graph
    names : ndarray of int64, shape (n,), or list of str
        What the file calls each node: numbers in ascending order, or texts in the order in which
        they come.
    labels : list of str, or None
        What to show for each node, where the file has labels beside names.
    """

    graph: Graph
    names: NDArray[np.int64] | Sequence[str]
    labels: Sequence[str] | None = None


def unreadable(path: Path, cause: object) -> UsageError:
    """Make the error of a file that is damaged or of another format."""
    return UsageError("{name} cannot be read as a graph: {cause}", name=path.name, cause=cause)


class _Bounded(io.RawIOBase):
    """A packed file, unpacked as far as one of its size may go."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._left = max(RATIO_FLOOR, path.stat().st_size * MAX_RATIO)
        self._stream = gzip.open(path)  # noqa: SIM115

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._stream.close()
        super().close()

    def readinto(self, buffer) -> int:  # pyright: ignore[reportIncompatibleMethodOverride]
        try:
            size = self._stream.readinto(buffer)
        except (OSError, EOFError, zlib.error) as error:
            raise unreadable(self._path, error) from error
        self._left -= size
        if self._left < 0:
            raise unreadable(self._path, f"it unpacks to more than {MAX_RATIO} times its size")
        return size


def opened(path: Path) -> IO[bytes]:
    """Open a file, unpacking it if it is gzip."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise unreadable(path, error) from error
    if file.read(2) == b"\x1f\x8b":
        file.close()
        return io.BufferedReader(_Bounded(path), 1 << 20)
    file.seek(0)
    return file


def encoding_of(head: bytes) -> str:
    """Give the encoding that a mark at the start tells, else UTF-8.

    >>> encoding_of("\ufeffa".encode("utf-16-le"))
    'utf-16'
    """
    if head.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    return "utf-8-sig" if head.startswith(BOM_UTF8) else "utf-8"


WINDOWS = "cp1252"
"""What is written as Latin-1, most often: it has the euro where Latin-1 has controls."""


class Foreign(Exception):
    """The text is not in the encoding that was taken."""


def lines(path: Path, encoding: str, longest: int) -> Iterator[str]:
    """Give the lines of a text, whatever ends them.

    Raises
    ------
    Foreign
        If it is not UTF-8 and was taken for it, and nothing in it is; if it is not `WINDOWS`.
    UsageError
        If a line is too long, or the text is partly UTF-8 and partly not.
    """
    errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
    wide = False
    with opened(path) as file, io.TextIOWrapper(file, encoding, errors, newline=None) as text:
        try:
            for number, line in enumerate(iter(lambda: text.readline(longest + 1), ""), 1):
                if len(line) > longest:
                    raise unreadable(path, f"line {number} is longer than {longest} characters")
                if not line.isascii():
                    odd = any("\udc80" <= letter <= "\udcff" for letter in line)
                    wide |= any(letter >= "\x80" and not "\udc80" <= letter <= "\udcff"
                                for letter in line)  # fmt: skip
                    if odd and wide:
                        raise unreadable(path, f"line {number} is not UTF-8, and others are")
                    if odd:
                        raise Foreign
                yield line
        except UnicodeError as error:
            if encoding == WINDOWS:
                raise Foreign from error
            raise unreadable(path, error) from error


def numbered(
    sources: NDArray[np.int64], targets: NDArray[np.int64], weights: ArrayLike | None
) -> Named:
    """Make a graph of nodes that are called by numbers; the unused ones are left out."""
    if not sources.size:
        return Named(Graph.from_edges([], []), np.empty(0, dtype=np.int64))
    low = int(min(sources.min(), targets.min()))
    high = int(max(sources.max(), targets.max()))
    if high - low < _DENSE * sources.size + 1_000_000:
        table = np.zeros(high - low + 1, dtype=np.bool_)
        table[sources - low] = True
        table[targets - low] = True
        names = np.flatnonzero(table).astype(np.int64) + low
        place = np.cumsum(table, dtype=np.int32) - np.int32(1)
        ends = place[sources - low], place[targets - low]
    else:
        names, place = np.unique(np.concatenate([sources, targets]), return_inverse=True)
        ends = place[: sources.size], place[sources.size :]
    return Named(Graph.from_edges(*ends, weights, names.size), names)


class Names(dict[str, int]):
    """Texts numbered in the order in which they are first asked for."""

    def __missing__(self, name: str) -> int:
        number = self[name] = len(self)
        return number


def both_ways(
    sources: NDArray, targets: NDArray, weights: NDArray | None
) -> tuple[NDArray, NDArray, NDArray | None]:
    """Add every edge the other way round; loops once."""
    back = sources != targets
    return (
        np.concatenate([sources, targets[back]]),
        np.concatenate([targets, sources[back]]),
        None if weights is None else np.concatenate([weights, weights[back]]),
    )
