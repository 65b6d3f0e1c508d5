"""Spoils an export in the ways that exports arrive spoilt, by accident or on purpose.

Everything is drawn from a `random.Random`: the same seed spoils in the same way.
"""

from __future__ import annotations

import gzip
import io
import re
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random

from empreinte.container import open_container

Tree = dict[str, bytes]
"""An export's members by name."""

DEEP = 100_000
HUGE = 24 << 20
BOMB = 400 << 20

_VALUE = re.compile(rb'"[^"\\\n]{0,200}"|\b\d+\b|\btrue\b|\bfalse\b|\bnull\b')
_WRONG = (
    b"null", b"[]", b"{}", b"1e400", b"-1", b"true", b'""', b'"\\ud800"', b"[[[]]]", b'"\\u0000"',
    b"99999999999999999999999999", b'"9999-99-99T99:99:99Z"', b"NaN",
)  # fmt: skip
_OUTSIDE = ("../../evil.js", "/var/evil.js", "C:\\evil.js", "data/../../evil.js", "..\\evil.js")


def load(export: Path) -> Tree:
    """Give the members of an export that are small enough to be spoilt (1 MB)."""
    with open_container(export) as container:
        return {m.name: container.read(m.name) for m in container.members if m.size < 1 << 20}


def mutate(export: Path, folder: Path, kind: str, random: Random) -> Path:
    """Write a spoilt copy of `export` in `folder`; give its path.

    Parameters
    ----------
    kind : str
        One of `KINDS`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    if kind in PACKED:
        target = folder / export.name
        target.write_bytes(PACKED[kind](export.read_bytes(), random))
        return target
    tree = load(export)
    if kind in ARCHIVED:
        return ARCHIVED[kind](tree, folder, random)
    # The larger a member, the likelier: what matters most to people is spoilt most.
    name = random.choices(list(tree), [len(body) + 1 for body in tree.values()])[0]
    return write(CONTENT[kind](tree, name, random), folder, export.name)


def write(tree: Tree, folder: Path, name: str) -> Path:
    """Write `tree` in the form that `name` has: a zip, a .tar.gz, or one file by itself."""
    target = folder / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for member, body in tree.items():
                archive.writestr(member, body)
    elif name.endswith((".tar.gz", ".tgz")):
        with tarfile.open(target, "w:gz", compresslevel=1) as archive:
            for member, body in tree.items():
                info = tarfile.TarInfo(member)
                info.size = len(body)
                archive.addfile(info, io.BytesIO(body))
    else:
        target.write_bytes(next(iter(tree.values())))
    return target


# -- the packed bytes


def _truncate(data: bytes, random: Random) -> bytes:
    return data[: random.randrange(len(data))]


def _flip(data: bytes, random: Random) -> bytes:
    spoilt = bytearray(data)
    for _ in range(random.choice((1, 4, 64))):
        spoilt[random.randrange(len(spoilt))] ^= 1 << random.randrange(8)
    return bytes(spoilt)


def _overwrite(data: bytes, random: Random) -> bytes:
    at, size = random.randrange(len(data)), random.choice((1, 100, 5000))
    return data[:at] + random.randbytes(size) + data[at + size :]


PACKED: dict[str, Callable[[bytes, Random], bytes]] = {
    "truncated": _truncate, "bits flipped": _flip, "overwritten": _overwrite,
}  # fmt: skip


# -- what one member holds


def _within(change: Callable[[bytes, Random], bytes]) -> Callable[[Tree, str, Random], Tree]:
    return lambda tree, name, random: {**tree, name: change(tree[name] or b" ", random)}


def _swap(tree: Tree, name: str, random: Random) -> Tree:
    other = random.choice(list(tree))
    return {**tree, name: tree[other], other: tree[name]}


def _retype(data: bytes, random: Random) -> bytes:
    places = list(_VALUE.finditer(data))
    for place in sorted(random.sample(places, min(len(places), 5)), key=lambda m: -m.start()):
        data = data[: place.start()] + random.choice(_WRONG) + data[place.end() :]
    return data


def _insert(data: bytes, extra: bytes, random: Random) -> bytes:
    """Put `extra` where a value stands, or anywhere."""
    places = list(_VALUE.finditer(data[: 1 << 20]))
    if not places:
        return data + extra
    place = random.choice(places)
    return data[: place.start()] + extra + data[place.end() :]


def _nest(data: bytes, random: Random) -> bytes:
    opening = random.choice((b"[", b'{"a":', b"<a>", b"<div>", b"&lt;div&gt;", b"(", b'"<div>'))
    return _insert(data, opening * DEEP, random)


def _lengthen(data: bytes, random: Random) -> bytes:
    piece = random.choice(
        (b"x", b"\\u00e9", "é".encode(), "😀".encode(), b"<", b"&amp;", b"9", b" ")
    )
    return _insert(data, b'"' + piece * (HUGE // len(piece)) + b'"', random)


def _recode(data: bytes, random: Random) -> bytes:
    text = data.decode("utf-8", "replace")
    encoding = random.choice(("utf-16", "utf-16-be", "utf-32", "latin-1", "cp037", "utf-8-sig"))
    return text.encode(encoding, "replace")


def _noise(data: bytes, random: Random) -> bytes:
    return random.choice(
        (b"", b"\0" * len(data), random.randbytes(len(data)), b"[", b"{}", b"[{}]")
    )


def _laugh(data: bytes, random: Random) -> bytes:
    """XML entities that stand for ten of the next, nine times over."""
    entities = "".join(
        f'<!ENTITY {chr(97 + n)} "{"x" * 10 if n == 9 else f"&{chr(98 + n)};" * 10}">'
        for n in range(10)
    )
    return _with_doctype(data, entities, b"&a;", random)


def _quadratic(data: bytes, random: Random) -> bytes:
    """One long entity, called often."""
    return _with_doctype(data, f'<!ENTITY a "{"x" * 50_000}">', b"&a;" * 50_000, random)


def _external(data: bytes, random: Random) -> bytes:
    return _with_doctype(data, '<!ENTITY a SYSTEM "file:///etc/passwd">', b"&a;", random)


def _with_doctype(data: bytes, entities: str, call: bytes, random: Random) -> bytes:
    declaration, _, rest = data.partition(b"?>")
    if not rest:
        declaration, rest = b"<?xml version='1.0'", data
    ends = [match.end() for match in re.finditer(rb"<(?:title|description)>", rest)]
    at = random.choice(ends) if ends else len(rest)
    doctype = f"?>\n<!DOCTYPE rss [{entities}]>".encode()
    return declaration + doctype + rest[:at] + call + rest[at:]


CONTENT: dict[str, Callable[[Tree, str, Random], Tree]] = {
    "members swapped": _swap,
    "member truncated": _within(_truncate),
    "member's bits flipped": _within(_flip),
    "wrong types": _within(_retype),
    "nested deep": _within(_nest),
    "long string": _within(_lengthen),
    "other encoding": _within(_recode),
    "noise": _within(_noise),
    "billion laughs": _within(_laugh),
    "quadratic blow-up": _within(_quadratic),
    "external entity": _within(_external),
}


# -- the archive


def _bomb_zip(tree: Tree, folder: Path, random: Random) -> Path:
    target = folder / "export.zip"
    bombed = random.choice(list(tree))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, body in tree.items():
            if name != bombed:
                archive.writestr(name, body)
        with archive.open(bombed, "w", force_zip64=True) as member:
            member.write(tree[bombed][:200])
            for _ in range(BOMB >> 20):
                member.write(b" " * (1 << 20))
    return target


def _bomb_gzip(tree: Tree, folder: Path, random: Random) -> Path:
    name = random.choice(list(tree))
    target = folder / f"{Path(name).name}.gz"
    # Members one behind the other are one file to gzip, and packed but once.
    blanks = gzip.compress(b" " * (16 << 20), compresslevel=1)
    target.write_bytes(gzip.compress(tree[name][:200]) + blanks * (BOMB >> 24))
    return target


def _outside(tree: Tree, folder: Path, random: Random) -> Path:
    spoilt = {**tree, **dict.fromkeys(_OUTSIDE, b"evil")}
    return write(spoilt, folder, random.choice(("export.zip", "export.tar.gz")))


def _links(tree: Tree, folder: Path, random: Random) -> Path:
    target = folder / "export.tar.gz"
    linked = random.choice(list(tree))
    with tarfile.open(target, "w:gz", compresslevel=1) as archive:
        for name, body in tree.items():
            info = tarfile.TarInfo(name)
            if name == linked:
                info.type = random.choice((tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE))
                info.linkname = random.choice(("/etc/passwd", "../../../etc/passwd", name))
                archive.addfile(info)
            else:
                info.size = len(body)
                archive.addfile(info, io.BytesIO(body))
    return target


def _twice(tree: Tree, folder: Path, random: Random) -> Path:
    target = folder / "export.zip"
    with zipfile.ZipFile(target, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zipfile tells of names written twice: they are meant
        for name, body in tree.items():
            archive.writestr(name, body)
            archive.writestr(name, _flip(body or b" ", random))
    return target


def _million(tree: Tree, folder: Path, random: Random) -> Path:
    """A zip whose directory lists a million members, all at the place of one."""
    target = folder / "export.zip"
    info = zipfile.ZipInfo("a")
    info.CRC = info.compress_size = info.file_size = 0
    body = info.FileHeader()
    number = random.choice((70_000, 1_000_000))
    listed = struct.pack("<4s6H3L", b"PK\x01\x02", 20, 20, 0, 0, 0, 33, 0, 0, 0)
    with target.open("wb") as file:
        file.write(body)
        start = file.tell()
        for n in range(number):
            name = b"data/%d.js" % n
            file.write(listed + len(name).to_bytes(2, "little") + bytes(16) + name)
        size = file.tell() - start
        file.write(struct.pack(
            "<4s4H2LH", b"PK\x05\x06", 0, 0, number & 0xFFFF, number & 0xFFFF, size, start, 0,
        ))  # fmt: skip
    return target


def _nested_zip(tree: Tree, folder: Path, random: Random) -> Path:
    target = folder / "export.zip"
    inner = write(tree, folder, "inner.zip").read_bytes()
    (folder / "inner.zip").unlink()
    return write({"inner.zip": inner, "data/inner.zip": inner}, folder, target.name)


ARCHIVED: dict[str, Callable[[Tree, Path, Random], Path]] = {
    "zip bomb": _bomb_zip, "gzip bomb": _bomb_gzip, "names that lead outside": _outside,
    "links": _links, "every name twice": _twice, "a million members": _million,
    "archive in an archive": _nested_zip,
}  # fmt: skip

KINDS = (*PACKED, *CONTENT, *ARCHIVED)
