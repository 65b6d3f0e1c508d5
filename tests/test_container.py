"""Containers of every form, whole, odd and hostile."""

import gzip
import io
import os
import re
import struct
import tarfile
import unicodedata
import zipfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from empreinte import container as module
from empreinte.container import discover, in_memory, open_container
from empreinte.errors import ContainerError

TREE = {
    "data/tweets.js": b"window.x = [" + b"1, " * 5000 + b"1]",
    "data/caf\u00e9 \u00e9t\u00e9.json": b"{}",
    "media/photo.jpg": b"\xff\xd8" + bytes(range(256)),
    "vide.txt": b"",
}


def folder(root: Path, tree: dict = TREE) -> Path:
    for name, body in tree.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    return root


def zipped(path: Path, tree: dict = TREE, method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, body in tree.items():
            archive.writestr(name, body)
    return path


def tarred(path: Path, tree: dict = TREE, mode: str = "w:gz") -> Path:
    with tarfile.open(path, mode) as archive:
        for name, body in tree.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            archive.addfile(info, io.BytesIO(body))
    return path


def forms(tmp_path: Path) -> list[tuple[Path, ...]]:
    names = list(TREE)
    halves = [{name: TREE[name] for name in part} for part in (names[:2], names[2:])]
    return [
        (folder(tmp_path / "folder"),),
        (zipped(tmp_path / "a.zip"),),
        tuple(zipped(tmp_path / f"p-00{n}.zip", half) for n, half in enumerate(halves, 1)),
        (tarred(tmp_path / "a.tar.gz"),),
        (tarred(tmp_path / "a.tar", mode="w"),),
    ]


def test_every_form_gives_the_same_members_bytes_and_fingerprint(tmp_path):
    fingerprints = set()
    for paths in forms(tmp_path):
        with open_container(*paths) as export:
            assert {member.name: member.size for member in export.members} == {
                name: len(body) for name, body in TREE.items()
            }, paths
            for name, body in TREE.items():
                assert export.read(name) == body
                assert export.head(name, 5) == body[:5]
            assert export.meter.bytes >= sum(map(len, TREE.values()))
            assert export.skipped == []
            fingerprints.add(export.fingerprint())
    assert len(fingerprints) == 1


def test_another_byte_is_another_fingerprint(tmp_path):
    prints = set()
    for n, body in enumerate((b"a", b"b", b"aa")):
        with open_container(zipped(tmp_path / f"{n}.zip", {"a.json": body})) as export:
            prints.add(export.fingerprint())
    assert len(prints) == 3


def test_a_single_file_packed_or_not(tmp_path):
    (tmp_path / "blog.xml").write_bytes(b"<rss/>")
    (tmp_path / "b.xml.gz").write_bytes(gzip.compress(b"<rss/>"))
    for name, member in (("blog.xml", "blog.xml"), ("b.xml.gz", "b.xml")):
        with open_container(tmp_path / name) as export:
            assert export.names() == [member]
            assert export.read(member) == b"<rss/>"
    fetched = in_memory("feed.xml", b"<rss/>")
    assert fetched.read("feed.xml") == b"<rss/>"
    assert fetched.modified.tzinfo is UTC


def test_names_are_nfc_and_what_systems_leave_is_not_needed(tmp_path):
    tree = {
        unicodedata.normalize("NFD", "Mon activité/é.json"): b"{}", "__MACOSX/._a": b"x",
        "a/.DS_Store": b"x", "a/._b": b"x", "a\\b.js": b"y", "./c.js": b"z",
    }  # fmt: skip
    with open_container(zipped(tmp_path / "a.zip", tree)) as export:
        assert set(export.names()) == {"Mon activité/é.json", "a/b.js", "c.js"}
        assert {report.status for report in export.skipped} == {"not needed"}
        assert len(export.skipped) == 3
        assert export.names(r"mon activit.*") == ["Mon activité/é.json"]


@pytest.mark.parametrize(
    "name", ["../a", "a/../../b", "/etc/passwd", "C:\\a", "c:a", "..\\a", "a/" * 600 + "b", ".."]
)
@pytest.mark.parametrize("pack", [zipped, tarred])
def test_names_that_lead_outside_are_told_and_the_rest_is_read(tmp_path, name, pack):
    suffix = "zip" if pack is zipped else "tar.gz"
    path = pack(tmp_path / f"a.{suffix}", {name: b"evil", "good.json": b"{}"})
    with open_container(path) as export:
        assert export.names() == ["good.json"]
        (skipped,) = export.skipped
        assert (skipped.status, skipped.reason is not None) == ("failed", True)
    assert sorted(p.name for p in tmp_path.rglob("*")) == [path.name]


def test_links_are_never_followed(tmp_path):
    secret = tmp_path / "secret"
    secret.write_bytes(b"secret")
    root = folder(tmp_path / "export", {"a.json": b"{}"})
    (root / "link.json").symlink_to(secret)
    (root / "up").symlink_to(tmp_path)
    info = zipfile.ZipInfo("link.json")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(info, str(secret))
    with tarfile.open(tmp_path / "a.tgz", "w:gz") as archive:
        for kind in (tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE):
            entry = tarfile.TarInfo(f"link{kind}")
            entry.type, entry.linkname = kind, str(secret)
            archive.addfile(entry)
    for path, links in ((root, 2), (tmp_path / "a.zip", 1), (tmp_path / "a.tgz", 4)):
        with open_container(path) as export:
            assert len(export.skipped) == links
            assert {report.status for report in export.skipped} == {"failed"}
            assert export.names() == (["a.json"] if path == root else [])


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_the_first_of_two_files_of_one_name_is_read(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.json", b"first")
        archive.writestr("a.json", b"second")
    with open_container(tmp_path / "a.zip") as export:
        assert export.read("a.json") == b"first"
        assert len(export.skipped) == 1


def test_bombs_are_left_in_the_middle(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "RATIO_FLOOR", 1 << 20)
    zeros = b"\0" * (20 << 20)
    (tmp_path / "a.xml.gz").write_bytes(gzip.compress(zeros))
    paths = [
        zipped(tmp_path / "a.zip", {"a.xml": zeros}), tmp_path / "a.xml.gz",
        tarred(tmp_path / "a.tar.gz", {"a.xml": zeros}),
    ]  # fmt: skip
    for path in paths:
        with open_container(path) as export, pytest.raises(ContainerError, match="bomb"):
            export.read("a.xml", 1 << 30)


def test_a_size_that_lies(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.json": b"x" * 1000}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    directory = data.rfind(b"PK\x01\x02")
    struct.pack_into("<I", data, directory + 24, 0xFFFFFF00)
    path.write_bytes(data)
    with open_container(path) as export:
        assert export.head("a.json", 10) in (b"x" * 10, b"")


def test_a_longer_file_than_expected(tmp_path):
    with (
        open_container(zipped(tmp_path / "a.zip")) as export,
        pytest.raises(ContainerError, match="longer than the 10"),
    ):
        export.read("data/tweets.js", 10)


@pytest.mark.parametrize("pack", [zipped, tarred])
def test_damage_is_told_whatever_byte_it_hits(tmp_path, pack):
    whole = pack(tmp_path / ("a.zip" if pack is zipped else "a.tar.gz")).read_bytes()
    broken = tmp_path / f"b.{'zip' if pack is zipped else 'tar.gz'}"
    for at in range(0, len(whole), max(1, len(whole) // 60)):
        for damaged in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :]):
            broken.write_bytes(damaged)
            # Anything but a ContainerError fails the test.
            with suppress(ContainerError), open_container(broken) as export:
                for name in export.names():
                    assert len(export.head(name)) <= 16 << 10
                export.fingerprint()


def test_too_many_members(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_MEMBERS", 10)
    tree = {f"{n}.json": b"{}" for n in range(20)}
    for path in (folder(tmp_path / "f", tree), zipped(tmp_path / "a.zip", tree)):
        with pytest.raises(ContainerError, match="10"):
            open_container(path)


def test_a_long_directory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_MEMBERS", 10)
    path = zipped(tmp_path / "a.zip", {f"{n}.json": b"{}" for n in range(20)})
    data = bytearray(path.read_bytes())
    end = data.rfind(b"PK\x05\x06")
    struct.pack_into("<2H", data, end + 8, 1, 1)  # the number that stands there need not be true
    path.write_bytes(data)
    with pytest.raises(ContainerError, match="lists its files"):
        open_container(path)


def test_an_encrypted_member_is_told(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.json": b"{}"})
    data = bytearray(path.read_bytes())
    for magic, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.find(magic) + flags] |= 1
    path.write_bytes(data)
    with open_container(path) as export, pytest.raises(ContainerError, match="encrypted"):
        export.open("a.json")


@pytest.mark.parametrize("name", ["a.zip", "a.tar.gz", "a.tgz", "a.xml.gz", "a"])
def test_what_is_no_archive_of_its_name(tmp_path, name):
    (tmp_path / name).write_bytes(b"nothing of the kind")
    if name in ("a.tar.gz", "a.tgz"):
        with pytest.raises(ContainerError, match=re.escape(name)):
            open_container(tmp_path / name)
    else:
        with open_container(tmp_path / name) as export:
            assert export.names() == [name]
    with pytest.raises(ContainerError, match="does not exist"):
        open_container(tmp_path / "absent")


def test_narrowing(tmp_path):
    with open_container(zipped(tmp_path / "a.zip", {**TREE, "vide.txt.bak": b"x"})) as export:
        data = export.under("data/")
        assert data.names(r"tweets\.js") == ["data/tweets.js"]
        assert len(data.members) == 2
        assert export.under("vide.txt").names() == ["vide.txt"]
        data.read("data/tweets.js")
        assert export.meter.bytes == len(TREE["data/tweets.js"])


def test_the_date_is_the_latest_member_s(tmp_path):
    root = folder(tmp_path / "f", {"a": b"", "b": b""})
    for name, seconds in (("a", 1_700_000_000), ("b", 1_600_000_000)):
        os.utime(root / name, (seconds, seconds))
    with open_container(root) as export:
        assert export.modified == datetime.fromtimestamp(1_700_000_000, UTC)


def test_discover(tmp_path):
    root = tmp_path / "in"
    root.mkdir()
    first = zipped(root / "takeout-001.zip", {"a": b"1"})
    second = zipped(root / "takeout-002.zip", {"b": b"2"})
    other = zipped(root / "twitter-2026-03-01.zip", {"c": b"3"})
    older = zipped(root / "twitter-2025-03-01.zip", {"c": b"4"})
    assert sorted(discover([root])) == sorted([(first, second), (other,), (older,)])
    (root / "loose.xml").write_bytes(b"<rss/>")
    assert (root,) in list(discover([root]))
    assert list(discover([root / "loose.xml"])) == [(root / "loose.xml",)]
    (root / "takeout-003.zip").write_bytes(b"PK\x03\x04 damaged")
    assert (first,) in list(discover([first, second, root / "takeout-003.zip"]))
