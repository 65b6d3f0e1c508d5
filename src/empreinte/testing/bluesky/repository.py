"""A repository as bytes: commit, search tree and records as blocks of a CAR v1.

Format: https://atproto.com/specs/repository .
"""

from __future__ import annotations

import os
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import libipld

from empreinte.testing.bluesky.records import CHANNEL, POST, Records, did, held, iso, tid
from empreinte.testing.person import Person


def write_repository(
    path: Path, person: Person, at: datetime, *, channel: str = CHANNEL, history: bool = False
) -> Path:
    """Write ``repo.car`` as downloaded on `at`; with what is dead in it, if `history`."""
    handle = person.channels[channel].handle
    blocks: dict[bytes, bytes] = {}
    if history:
        early = at - (at - person.channels[channel].since) / 2
        old = held(person, early, channel)
        withdrawn = {"$type": POST, "text": "brouillon", "createdAt": iso(early), "langs": ["fr"]}
        old[f"{POST}/{tid(early, 777)}"] = withdrawn
        commit(blocks, did(handle), old, early)
    root = commit(blocks, did(handle), held(person, at, channel), at)
    path.write_bytes(car(root, blocks))
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def commit(blocks: dict[bytes, bytes], who: str, held: Records, at: datetime) -> bytes:
    """Put the blocks of a repository into `blocks`; give the CID of its commit."""
    values = {key: _put(blocks, record) for key, record in held.items()}
    seal = sha256(f"{who} {at.isoformat()}".encode()).digest()
    made = {
        "did": who,
        "version": 3,
        "data": tree(blocks, values),
        "rev": tid(at),
        "prev": None,
        "sig": seal + sha256(seal).digest(),
    }
    return _put(blocks, made)


def car(root: bytes, blocks: dict[bytes, bytes]) -> bytes:
    """Give the bytes of a CAR v1: its header, then the blocks, the root's first."""
    header = libipld.encode_dag_cbor({"roots": [root], "version": 1})
    ordered = {root: blocks[root], **blocks}
    parts = [_varint(len(header)), header]
    for cid, data in ordered.items():
        parts += [_varint(len(cid) + len(data)), cid, data]
    return b"".join(parts)


def height(key: str) -> int:
    """Give the level of a key in the tree: zeros that its SHA-256 begins with, two bits a level."""
    digest = int.from_bytes(sha256(key.encode()).digest(), "big")
    return (256 - digest.bit_length()) // 2


def tree(blocks: dict[bytes, bytes], values: dict[str, bytes]) -> bytes:
    """Put the nodes of the search tree over `values` (CIDs by path) into `blocks`; give its top.

    >>> import libipld
    >>> libipld.encode_cid(tree({}, {}))  # the empty tree's CID, as all implementations have it
    'bafyreie5737gdxlw5i64vzichcalba3z2v5n6icifvx5xytvske7mr3hpm'
    """
    ordered = sorted(values, key=str.encode)
    top = max(map(height, ordered), default=0)
    return _node(blocks, values, ordered, top) or _put(blocks, {"l": None, "e": []})


def _node(
    blocks: dict[bytes, bytes], values: dict[str, bytes], keys: list[str], level: int
) -> bytes | None:
    """Put the node of a level: its own keys, and between them what lies lower."""
    if not keys:
        return None
    runs: list[list[str]] = [[]]
    own: list[str] = []
    for key in keys:
        if height(key) == level:
            own.append(key)
            runs.append([])
        else:
            runs[-1].append(key)
    left, *rights = (_node(blocks, values, run, level - 1) for run in runs)
    entries, before = [], b""
    for key, right in zip(own, rights, strict=True):
        name = key.encode()
        shared = next(
            (n for n, (a, b) in enumerate(zip(before, name, strict=False)) if a != b),
            min(len(before), len(name)),
        )
        entries.append({"p": shared, "k": name[shared:], "v": values[key], "t": right})
        before = name
    return _put(blocks, {"l": left, "e": entries})


def _put(blocks: dict[bytes, bytes], value: dict[str, Any]) -> bytes:
    data = libipld.encode_dag_cbor(value)
    cid = b"\x01\x71\x12\x20" + sha256(data).digest()
    blocks[cid] = data
    return cid


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 0x7F:
        found.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes((*found, number))
