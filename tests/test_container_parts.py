"""Several archives: which of them are parts of one export, and which stand alone."""

import zipfile
from pathlib import Path

import pytest

from empreinte.container import discover, limits, open_container
from empreinte.errors import ContainerError
from tests.test_container import TREE, tarred, zipped

STAMP = "takeout-20260826T134512Z"


def groups(*paths: Path) -> set[tuple[str, ...]]:
    return {tuple(path.name for path in group) for group in discover(paths)}


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
    third = root / "takeout-003.zip"
    assert sorted(discover([first, second, third])) == [(first, second), (third,)]


@pytest.mark.parametrize(
    "names",
    [
        [f"{STAMP}-001.zip", f"{STAMP}-002.zip"],
        [f"{STAMP}-1-001.zip", f"{STAMP}-3-001.zip", f"{STAMP}-3-002.zip"],
        [f"{STAMP}-001.zip", f"{STAMP}-002 (1).zip"],
        ["facebook-zoe-2026-09-01-AbCdEf.zip", "facebook-zoe-2026-09-01-GhIjKl.zip"],
        ["facebook-zoe-2026-09-01-AbCdEf.zip", "facebook-zoe-2026-09-01-AbCdEf (1).zip"],
        ["instagram-zoe.k-2026-09-01-AbCdEf-1.zip", "instagram-zoe.k-2026-09-01-AbCdEf-2.zip"],
        ["facebook-zoe-2026-09-01-AbCdEf.zip", "facebook-zoe-2026-09-01-AbCdEf_(1).zip"],
        ["twitter-2026-03-01-abc_part1.zip", "twitter-2026-03-01-abc_part2.zip"],
        ["export-1.zip", "export-2.zip"],
        ["blog.001.zip", "blog.002.zip"],
    ],
)
def test_parts_are_one_export_however_they_are_named(tmp_path, names):
    paths = [zipped(tmp_path / name, {f"top/{n}.json": b"{}"}) for n, name in enumerate(names)]
    assert groups(*reversed(paths)) == {tuple(names)}
    assert groups(tmp_path) == {tuple(names)}
    assert groups(tmp_path, *paths) == {tuple(names)}
    with open_container(*paths) as export:
        assert len(export.members) == len(names)
        assert export.skipped == []


def test_a_file_in_two_parts_is_one_unless_it_differs(tmp_path):
    both = {"top/readme.txt": b"the same"}
    one = zipped(tmp_path / f"{STAMP}-001.zip", {**both, "top/a.json": b"1"})
    two = zipped(tmp_path / f"{STAMP}-002.zip", {**both, "top/b.json": b"2"})
    assert groups(one, two) == {(one.name, two.name)}
    with open_container(one, two) as export:
        assert sorted(export.names()) == ["top/a.json", "top/b.json", "top/readme.txt"]
        assert export.skipped == []
    zipped(two, {"top/readme.txt": b"not the same", "top/b.json": b"2"})
    assert groups(one, two) == {(one.name,), (two.name,)}


def test_the_page_to_begin_with_differs_from_part_to_part(tmp_path):
    cover = "Takeout/archive_browser.html"
    parts = [
        zipped(tmp_path / f"{STAMP}-00{n}.zip", {cover: b"%d" % n, f"{n}.json": b""})
        for n in (1, 2)
    ]
    (found,) = discover([tmp_path])
    assert list(found) == parts
    with open_container(*found) as export:
        assert [report.status for report in export.skipped] == ["not needed"]
        assert export.read(cover) == b"1"


def test_a_download_made_twice_is_read_once(tmp_path):
    for name in ("archive.zip", "archive (1).zip"):
        zipped(tmp_path / name)
    zipped(tmp_path / "archive (2).zip", {**TREE, "data/tweets.js": b"of another day"})
    assert groups(tmp_path) == {("archive.zip", "archive (1).zip"), ("archive (2).zip",)}
    with open_container(tmp_path / "archive.zip", tmp_path / "archive (1).zip") as export:
        assert len(export.members) == len(TREE)
        (told,) = export.skipped
        assert (told.name, told.status) == ("archive (1).zip", "not needed")
        twice = export.fingerprint()
    with open_container(tmp_path / "archive.zip") as export:
        assert export.fingerprint() == twice


def test_exports_that_only_share_a_browser_s_numbering_stay_apart(tmp_path):
    zipped(tmp_path / "data.zip", {"actor.json": b"{}"})
    zipped(tmp_path / "data (1).zip", {"data/tweets.js": b"x"})
    assert groups(tmp_path) == {("data.zip",), ("data (1).zip",)}


def test_parts_lie_in_several_folders(tmp_path):
    for n in (1, 2):
        (tmp_path / str(n)).mkdir()
        zipped(tmp_path / str(n) / f"{STAMP}-00{n}.zip", {f"Takeout/{n}.json": b"{}"})
        zipped(tmp_path / str(n) / f"export-{n}.zip", {f"top/{n}.json": b"{}"})
    assert groups(tmp_path) == {
        (f"{STAMP}-001.zip", f"{STAMP}-002.zip"), ("export-1.zip",), ("export-2.zip",),
    }  # fmt: skip


def test_parts_in_tgz(tmp_path):
    parts = [
        tarred(tmp_path / f"{STAMP}-00{n}.tgz", {f"Takeout/{n}.json": b"%d" % n, "same": b"s"})
        for n in (1, 2)
    ]
    tarred(tmp_path / "archive-1.tar.gz")
    tarred(tmp_path / "archive-2.tar.gz")
    found = list(discover([tmp_path]))
    assert tuple(parts) in found
    assert len(found) == 3
    with open_container(*parts) as export:
        assert sorted(export.names()) == ["Takeout/1.json", "Takeout/2.json", "same"]
        assert export.read("Takeout/2.json") == b"2"
        assert export.skipped == []


@pytest.mark.parametrize(
    ("given", "missing"),
    [
        (["-001.zip", "-003.zip"], ["-002.zip"]),
        (["-002.zip"], ["-001.zip"]),
        (["-001.zip", "-002 (1).zip", "-004.zip"], ["-003.zip"]),
        (["-3-002.zip", "-1-001.zip"], ["-3-001.zip"]),
        (["-001.tgz", "-003.tgz"], ["-002.tgz"]),
        (["-001.zip", "-002.zip"], []),
        (["-6-001.zip"], []),
    ],
)
def test_a_part_that_is_not_there_is_told(tmp_path, given, missing):
    for n, name in enumerate(given):
        pack = zipped if name.endswith("zip") else tarred
        pack(tmp_path / f"{STAMP}{name}", {f"Takeout/{n}.json": b"{}"})
    (group,) = discover([tmp_path])
    with open_container(*group) as export:
        assert [(r.name, r.status) for r in export.skipped] == [
            (f"{STAMP}{name}", "failed") for name in missing
        ]


def test_parts_that_hold_too_many_files_together(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_MEMBERS", 10)
    paths = [
        zipped(tmp_path / f"{STAMP}-00{n}.zip", {f"{n}/{k}.json": b"" for k in range(8)})
        for n in (1, 2)
    ]
    opened = []
    monkeypatch.setattr(zipfile, "ZipFile", opened.append)
    with pytest.raises(ContainerError, match="more than 10 files"):
        open_container(*paths)
    assert opened == []


def test_links_in_a_folder_are_no_archives(tmp_path):
    secret = zipped(tmp_path / "secret.zip")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.zip").symlink_to(secret)
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    assert list(discover([tmp_path / "in"])) == [(tmp_path / "in",)]
    with open_container(tmp_path / "in") as export:
        assert {report.status for report in export.skipped} == {"failed"}


def test_the_same_archive_given_in_two_ways_is_met_once(tmp_path):
    path = zipped(tmp_path / "a.zip")
    assert list(discover([path, tmp_path / "." / "a.zip", tmp_path])) == [(path,)]
