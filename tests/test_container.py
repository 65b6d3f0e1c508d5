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

from empreinte.container import in_memory, limits, open_container, stores, why_unknown
from empreinte.errors import ContainerError
from tests.rows import first

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
    monkeypatch.setattr(limits, "RATIO_FLOOR", 1 << 20)
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
    monkeypatch.setattr(limits, "MAX_MEMBERS", 10)
    tree = {f"{n}.json": b"{}" for n in range(20)}
    for path in (folder(tmp_path / "f", tree), zipped(tmp_path / "a.zip", tree)):
        with pytest.raises(ContainerError, match="10"):
            open_container(path)


def test_a_long_directory_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_MEMBERS", 10)
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
    if name in ("a.zip", "a.tar.gz", "a.tgz"):
        with pytest.raises(ContainerError, match=re.escape(name)):
            open_container(tmp_path / name)
    else:
        with open_container(tmp_path / name) as export:
            assert export.names() == [name]
    with pytest.raises(ContainerError, match="does not exist"):
        open_container(tmp_path / "absent")


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"", "is empty"), (b"  \n ", "is empty"),
        (b"<!DOCTYPE html><title>Sign in</title>", "is a web page"),
        (b"\xef\xbb\xbf<HTML lang=fr>", "is a web page"),
        (b"<htmlish>", "begins with \u201c<htmlish>\u201d"), (b"Rar!", "\u201cRar!\u201d"),
    ],
)  # fmt: skip
def test_what_stands_in_the_stead_of_a_zip_is_told(tmp_path, data, told):
    (tmp_path / "takeout-001.ZIP").write_bytes(data)
    with pytest.raises(ContainerError, match="Download it again") as raised:
        open_container(tmp_path / "takeout-001.ZIP")
    assert told in str(raised.value)


def test_a_zip_behind_a_program_is_opened(tmp_path):
    packed = zipped(tmp_path / "a.zip").read_bytes()
    (tmp_path / "a.zip").write_bytes(b"MZ" + bytes(100) + packed)
    with open_container(tmp_path / "a.zip") as export:
        assert export.read("data/tweets.js") == TREE["data/tweets.js"]


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("facebook-1.zip.crdownload", "not finished"), ("export.ZIP.part", "not finished"),
        ("files/twitter.zip", "inside the archive"), ("notes.txt", "Not recognised"),
    ],
)  # fmt: skip
def test_why_nobody_knows_a_file(name, told):
    assert told in str(why_unknown(name))


def test_narrowing(tmp_path):
    with open_container(zipped(tmp_path / "a.zip", {**TREE, "vide.txt.bak": b"x"})) as export:
        data = export.under("data/")
        assert data.names(r"tweets\.js") == ["tweets.js"]
        assert data.place("tweets.js") == "data/tweets.js"
        assert "tweets.js" in data
        assert len(data.members) == 2
        alone = export.under("vide.txt")
        assert (alone.names(), alone.is_file, data.is_file) == (["vide.txt"], True, False)
        assert data.read("tweets.js") == TREE["data/tweets.js"]
        assert export.meter.bytes == len(TREE["data/tweets.js"])


def test_the_date_is_the_latest_member_s(tmp_path):
    root = folder(tmp_path / "f", {"a": b"", "b": b""})
    for name, seconds in (("a", 1_700_000_000), ("b", 1_600_000_000)):
        os.utime(root / name, (seconds, seconds))
    with open_container(root) as export:
        assert export.modified == datetime.fromtimestamp(1_700_000_000, UTC)


def test_what_was_left_out_stays_out_of_its_parts(tmp_path):
    tree = {"a/b/c.json": b"{}", "a/b/d.json": b"{}", "a/e.json": b"{}"}
    with open_container(zipped(tmp_path / "a.zip", tree)) as export:
        outer = export.under("a/", but=["a/b/c.json"])
        assert outer.names() == ["b/d.json", "e.json"]
        inner = outer.under("b/")
        assert inner.names() == ["d.json"]
        assert inner.place("d.json") == "a/b/d.json"
        assert inner.called == "/b/a/a.zip/"


def test_an_office_document_is_one_file(tmp_path):
    inside = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    for name in ("a.xlsx", "renamed"):
        with open_container(zipped(tmp_path / name, inside)) as export:
            assert export.names() == [name]
            assert export.read(name) == (tmp_path / name).read_bytes()


def test_a_tar_that_ends_early_gives_what_stands_before(tmp_path):
    tree = {"a.json": b"{}", "b.json": bytes(range(256)) * 4000, "c.json": b"{}"}
    whole = tarred(tmp_path / "a.tar", tree, "w").read_bytes()
    (tmp_path / "a.tar").write_bytes(whole[:200_000])
    with open_container(tmp_path / "a.tar") as export:
        assert export.read("a.json") == b"{}"
        assert [report.status for report in export.skipped] == ["failed"]
        with pytest.raises(ContainerError):
            export.read("b.json")


MANY = {f"{n}.json": bytes([n]) * 3_000 for n in range(20)}


@pytest.mark.parametrize("mode", ["w", "w:gz", "w:bz2"])
@pytest.mark.parametrize("name", ["a.zip", "a.tgz", "a.tar", "a.gz", "a.xml", "a"])
def test_a_tar_is_read_whatever_its_name(tmp_path, name, mode):
    with open_container(tarred(tmp_path / name, mode=mode)) as export:
        assert {member: export.read(member) for member in export.names()} == TREE
        assert export.skipped == []


@pytest.mark.parametrize("name", ["a.tgz", "a.tar.gz", "a.tar", "a.gz", "a.xml", "a"])
def test_a_zip_is_read_whatever_its_name(tmp_path, name):
    with open_container(zipped(tmp_path / name)) as export:
        assert {member: export.read(member) for member in export.names()} == TREE


def test_a_file_packed_alone_is_no_tar_whatever_its_name(tmp_path):
    (tmp_path / "feed.xml.tgz").write_bytes(gzip.compress(b"<rss/>" * 200))
    with open_container(tmp_path / "feed.xml.tgz") as export:
        assert [export.read(name) for name in export.names()] == [b"<rss/>" * 200]


@pytest.mark.parametrize("name", ["a.zip", "a.tgz", "a.tar.gz"])
@pytest.mark.parametrize("left", [0.02, 0.3, 0.6, 0.97])
def test_a_cut_archive_says_that_it_was_cut(tmp_path, name, left):
    tree = {name: os.urandom(3_000) for name in MANY}
    path = (zipped if name == "a.zip" else tarred)(tmp_path / name, tree)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * left)])
    lost, whole = _lost_and_whole(path, tree)
    assert len(lost) == 1
    assert "was cut" in lost[0]
    assert whole >= (0 if name == "a.zip" else 20 * left - 2)


def _lost_and_whole(path, tree):
    """Give what an archive is told to have lost, and how many of its members are as they were."""
    try:
        with open_container(path) as export:
            lost = [str(report.reason) for report in export.skipped if report.status == "failed"]
            return lost, sum(_read(export, name) == body for name, body in tree.items())
    except ContainerError as error:
        return [str(error)], 0


@pytest.mark.parametrize("mode", first(1, ["w:gz", "w", "w:bz2"]))
def test_a_tar_with_a_damaged_second_half_gives_the_first(tmp_path, mode):
    tree = {name: os.urandom(120_000) for name in MANY}
    path = tarred(tmp_path / "a.tar", tree, mode)
    data = bytearray(path.read_bytes())
    half = len(data) // 2
    data[half:] = os.urandom(len(data) - half)
    path.write_bytes(data)
    lost, whole = _lost_and_whole(path, tree)
    assert len(lost) == 1
    assert whole >= (6 if mode == "w:bz2" else 8)  # bzip2 loses the 900 kB that it packs together


def _read(export, name):
    try:
        return export.read(name) if name in export else None
    except ContainerError:
        return None


@pytest.mark.parametrize("at", [3, 10, 19])
def test_a_damaged_header_does_not_end_a_tar_in_silence(tmp_path, at):
    path = tarred(tmp_path / "a.tar", MANY, "w")
    data = bytearray(path.read_bytes())
    place = data.index(f"{at}.json\0".encode())
    data[place : place + 512] = bytes([7]) * 512
    for cut in (bytes(data), bytes(data[:place]), bytes(data[: place + 100])):
        path.write_bytes(cut)
        with open_container(path) as export:
            assert export.names() == list(MANY)[:at]
            assert [report.status for report in export.skipped] == ["failed"]


def test_a_tar_s_bomb_is_not_unpacked_to_list_what_follows(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "RATIO_FLOOR", 1 << 20)
    path = tarred(tmp_path / "a.tgz", {"a.json": b"{}", "bomb": b"\0" * (20 << 20), "c": b""})
    with open_container(path) as export:
        assert export.names() == ["a.json", "bomb"]
        (skipped,) = export.skipped
        assert (skipped.name, skipped.status) == ("a.tgz", "failed")


def test_a_tar_s_name_of_megabytes_is_refused(tmp_path):
    info = tarfile.TarInfo("x" * (3 << 20))
    with tarfile.open(tmp_path / "a.tgz", "w:gz", format=tarfile.GNU_FORMAT) as archive:
        archive.addfile(tarfile.TarInfo("good.json"))
        archive.addfile(info)
    with open_container(tmp_path / "a.tgz") as export:
        assert export.names() == ["good.json"]
        assert len(export.skipped) == 1


def test_the_fingerprint_of_a_tar_reads_nothing_again(tmp_path, monkeypatch):
    monkeypatch.setattr(stores.Tar, "KEPT_EACH", 0)
    with open_container(tarred(tmp_path / "a.tgz")) as export:
        export.fingerprint()
        assert export.meter.bytes == 0
