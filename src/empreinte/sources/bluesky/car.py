"""A repository as a CAR file: blocks found by their hash, and the tree that names the records.

Formats: CAR v1 (https://ipld.io/specs/transport/car/carv1/), DAG-CBOR, CIDv1; repositories and
their Merkle search tree (https://atproto.com/specs/repository).

A CAR is a heap of blocks in any order. Old files hold every past commit and records that were
deleted since, so what counts is only what the root leads to. The file is copied aside and one
pass notes where each block stands (16 bytes a block); blocks are then read one at a time, and
each is compared with its hash, so that a block that was altered is known as such.
"""

from __future__ import annotations

import hashlib
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Any, NamedTuple

import libipld

from empreinte.errors import ContainerError, RecordError

IN_MEMORY = 64 << 20
"""Bytes of a file that are held in memory; a longer one lies in a temporary file without a name."""
MAX_BYTES = 4 << 30
MAX_BLOCKS = 6_000_000
MAX_BLOCK = 2 << 20
"""Bytes of one block that is read; the protocol allows records of 1 MiB."""
MAX_DEPTH = 64
"""Levels of the tree; 4^16 records make 16."""
MAX_KEY = 1_024
MAX_STRANGE = 10_000
"""Blocks with other hashes than repositories use, after which a file is taken for noise."""
_CHUNK = 1 << 20
_CID = 36
_LENGTH_BITS = 32
_SHA256 = (b"\x01\x71\x12\x20", b"\x01\x55\x12\x20")
"""CIDv1, DAG-CBOR or raw, SHA-256 of 32 bytes: the only ones that repositories use."""


class Entry(NamedTuple):
    """What the tree names: a record, or why it, or a whole branch, could not be read.

    `key` is ``collection/rkey``; ``""`` for a branch.
    """

    key: str
    record: dict[str, Any] | None
    error: RecordError | None = None


class Blocks:
    """The blocks of a CAR file by their CID.

    Attributes
    ----------
    root : bytes
        CID of the commit.
    cut : bool
        Whether the file ends in the middle of a block.

    Raises
    ------
    ContainerError
        If it is not a CAR v1 with a root, or longer than the limits.
    """

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._name = name
        self._spool = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed by close()
        try:
            self._size = self._copy(stream)
            first, self.root = self._header()
            hashes, places, self.cut = self._index(first)
        except BaseException:
            self._spool.close()
            raise
        self._hashes, self._places = _sorted(hashes, places)
        self._met = bytearray(len(self._hashes))
        self._budget = 2 * self._size + (16 << 20)

    def close(self) -> None:
        """Let go of the copy."""
        self._spool.close()

    def __len__(self) -> int:
        return len(self._hashes)

    def _copy(self, stream: IO[bytes]) -> int:
        size = 0
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > MAX_BYTES:
                raise self._too_long()
            self._spool.write(chunk)
        return size

    def _header(self) -> tuple[int, bytes]:
        """Give where the first block begins, and the root."""
        self._spool.seek(0)
        head = self._spool.read(4_096)
        length, at = _varint(head, 0)
        try:
            header = libipld.decode_dag_cbor(head[at : at + (length or 0)])
            root = header["roots"][0]
            if header["version"] != 1 or not isinstance(root, bytes):
                raise ValueError("version")
        except (ValueError, TypeError, LookupError, RecursionError) as error:
            raise ContainerError(
                "{name} is not a repository (a CAR file of version 1). Download it again.",
                name=self._name,
            ) from error
        return at + (length or 0), root

    def _index(self, at: int) -> tuple[array[int], array[int], bool]:
        """Note each block: the hash of its CID; its place and its length in one number."""
        hashes, places = array("q"), array("Q")
        strange = 0
        base, buffer, size = 0, b"", self._size
        while base + at < size:
            if len(buffer) - at < _CID + 10 and base + len(buffer) < size:
                base, at = base + at, 0
                self._spool.seek(base)
                buffer = self._spool.read(_CHUNK)
            length, start = _varint(buffer, at)
            if not length or base + start + length > size:
                return hashes, places, True
            cid = buffer[start : start + _CID]
            if length >= _CID and cid[:4] in _SHA256:
                hashes.append(hash(cid))
                places.append((base + start + _CID) << _LENGTH_BITS | (length - _CID))
                if len(hashes) > MAX_BLOCKS:
                    raise self._too_long()
            else:
                strange += 1
                if strange > MAX_STRANGE:
                    return hashes, places, True
            at = start + length
        return hashes, places, False

    def _too_long(self) -> ContainerError:
        return ContainerError(
            "{name} is far longer than a repository can be; it was not read.", name=self._name
        )

    def node(self, cid: object) -> dict[str, Any]:
        """Read a block of the commit or the tree: one that leads to others, so only once.

        Raises
        ------
        RecordError
            As `record` does, and if it was read before: the tree would have no end.
        """
        at = self._find(cid)
        if at is not None and self._met[at]:
            raise RecordError("A part of the repository names itself again; it was not followed.")
        if at is not None:
            self._met[at] = 1
        return self.record(cid)

    def record(self, cid: object) -> dict[str, Any]:
        """Read a block.

        Raises
        ------
        RecordError
            If it is missing, is not what its hash says, or is no object in DAG-CBOR.
        ContainerError
            If more has been read than the file can honestly hold.
        """
        try:
            found = libipld.decode_dag_cbor(self._read(cid))
        except (ValueError, TypeError, RecursionError) as error:
            raise RecordError("Not an item in DAG-CBOR ({cause}).", cause=error) from error
        if not isinstance(found, dict):
            raise RecordError("Not an item in DAG-CBOR ({cause}).", cause=type(found).__name__)
        return found

    def _find(self, cid: object) -> int | None:
        if not isinstance(cid, bytes) or cid[:4] not in _SHA256:
            return None
        wanted = hash(cid)
        at = bisect_left(self._hashes, wanted)
        return at if at < len(self._hashes) and self._hashes[at] == wanted else None

    def _read(self, cid: object) -> bytes:
        at = self._find(cid)
        if at is None or not isinstance(cid, bytes):
            raise RecordError(
                "The file does not hold the block {cid} that it names.", cid=_b32(cid)
            )
        place = self._places[at]
        length = place & ((1 << _LENGTH_BITS) - 1)
        if length > MAX_BLOCK:
            raise RecordError("A block of {length} bytes is longer than an item can be.",
                              length=length)  # fmt: skip
        self._budget -= length
        if self._budget < 0:
            raise ContainerError(
                "{name} names the same blocks again and again; it was not read further.",
                name=self._name,
            )
        self._spool.seek(place >> _LENGTH_BITS)
        data = self._spool.read(length)
        if hashlib.sha256(data).digest() != cid[4:]:
            raise RecordError(
                "The block {cid} was altered: it is not what its hash says.", cid=_b32(cid)
            )
        return data


def walk(blocks: Blocks, top: object) -> Iterator[Entry]:
    """Give the records of a tree in the order of their keys; what is lost is given as an error.

    A node is ``{l: left branch, e: [{p, k, v, t}]}``: the key of an entry is the first `p` bytes
    of the one before and then `k`; `v` is its record and `t` the branch to its right.
    """
    stack = [_steps(blocks, top)]
    while stack:
        step = next(stack[-1], None)
        if step is None:
            stack.pop()
        elif isinstance(step, Entry):
            yield step
        elif len(stack) >= MAX_DEPTH:
            yield Entry("", None, RecordError("The tree of the repository is too deep."))
        else:
            stack.append(_steps(blocks, step))


def _steps(blocks: Blocks, cid: object) -> Iterator[Entry | bytes]:
    """Give what one node holds, in order: entries, and the CIDs of branches to go down."""
    try:
        node = blocks.node(cid)
        entries = node.get("e")
        if not isinstance(entries, list):
            raise RecordError("Not a node of the repository’s tree.")
    except RecordError as error:
        yield Entry("", None, error)
        return
    left = node.get("l")
    if left is not None:
        yield left
    key = b""
    for entry in entries:
        try:
            key = key[: entry["p"]] + entry["k"]
            value, right = entry["v"], entry["t"]
            name = key.decode("ascii")
            if len(key) > MAX_KEY:
                raise ValueError
        except (TypeError, LookupError, ValueError):
            yield Entry("", None, RecordError("Not a node of the repository’s tree."))
            return  # the keys that follow are built on this one
        try:
            yield Entry(name, blocks.record(value))
        except RecordError as error:
            yield Entry(name, None, error)
        if right is not None:
            yield right


def _varint(data: bytes, at: int) -> tuple[int | None, int]:
    """Read an unsigned LEB128 number; give it and where it ends, ``None`` if it has no end."""
    number = 0
    if at + 1 < len(data) and data[at] >= 0x80 > data[at + 1]:  # nearly all are of two bytes
        return data[at] & 0x7F | data[at + 1] << 7, at + 2
    for shift in range(0, 63, 7):
        if at >= len(data):
            return None, at
        byte = data[at]
        at += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number, at
    return None, at


def _sorted(hashes: array[int], places: array[int]) -> tuple[array[int], array[int]]:
    """Order both by hash, equal ones as they stand in the file."""
    import numpy as np

    if not hashes:
        return hashes, places
    keys = np.frombuffer(hashes, "q")
    order = np.argsort(keys, kind="stable")
    by_hash, by_place = array("q"), array("Q")
    by_hash.frombytes(keys[order].tobytes())
    by_place.frombytes(np.frombuffer(places, "Q")[order].tobytes())
    return by_hash, by_place


def _b32(cid: object) -> str:
    """Write a CID as people do (``bafyrei…``), or whatever stands in its place."""
    try:
        return libipld.encode_cid(cid)  # pyright: ignore[reportArgumentType]
    except (ValueError, TypeError):
        return str(cid)[:80]
