"""What cannot be read is never called empty, and the good copy afterwards is read in whole."""

import itertools
import os
import random
import struct
import tarfile
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest

import empreinte
from empreinte.container import is_media
from empreinte.testing import every
from empreinte.testing.life import freelancer

pytestmark = pytest.mark.slow

AT = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
BOOKS = ("imports", "rejects")
FAULTS = {
    "password": "encrypted with a password",
    "deflate64": "packed in a way that is not unpacked here (Deflate64)",
    "damaged": "is damaged",
}


def spoil(archive: Path, member: str, fault: str) -> None:
    """Lock or damage one member of a zip, as the program that packed it would."""
    with zipfile.ZipFile(archive) as opened:
        info = opened.getinfo(member)
    data = bytearray(archive.read_bytes())
    local = info.header_offset
    central = data.index(b"PK\x01\x02", local)
    while data[central + 46 : central + 46 + len(member.encode())] != member.encode():
        central = data.index(b"PK\x01\x02", central + 4)
    for flags, method in ((local + 6, local + 8), (central + 8, central + 10)):
        if fault == "password":
            (have,) = struct.unpack_from("<H", data, flags)
            struct.pack_into("<H", data, flags, have | 1)
        elif fault == "deflate64":
            struct.pack_into("<H", data, method, 9)
    if fault == "damaged":
        name, extra = struct.unpack_from("<HH", data, local + 26)
        start = local + 30 + name + extra
        data[start : start + info.compress_size] = b"\xff" * info.compress_size
    archive.write_bytes(data)


def packed(folder: Path, target: Path) -> list[str]:
    """Zip an export's files; give their names, the largest first."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as out:
        for file in files:
            out.write(file, str(file.relative_to(folder)))
    files.sort(key=lambda file: -file.stat().st_size)
    return [str(file.relative_to(folder)) for file in files if not is_media(file.name)]


def unpacked(export: Path, folder: Path) -> Path:
    if export.is_dir():
        return export
    folder.mkdir()
    if zipfile.is_zipfile(export) and export.suffix == ".zip":
        with zipfile.ZipFile(export) as archive:
            archive.extractall(folder)
        return folder
    if export.name.endswith(".tar.gz"):
        with tarfile.open(export) as archive:
            archive.extractall(folder, filter="data")
        return folder
    (folder / export.name).write_bytes(export.read_bytes())
    return folder


def told(path: Path, ledger: empreinte.Ledger) -> Counter[str]:
    """Give how many records of each kind the ledger holds; how often was asked is no record."""
    ledger.ingest(path)
    return Counter({kind: n for kind, n in ledger.counts().items() if kind not in BOOKS})


FIRST = {export.source: export for export in reversed(every.EXPORTS)}
"""One export a source."""


def _each(always: list[str], in_turn: list[str]) -> list[tuple[str, str]]:
    """Give every source what is a matter of its own reading, and in turn what is the archive's.

    A member that cannot be opened, the form of a tar and a wrong name are met before any source.
    """
    turns = itertools.cycle(in_turn)
    return [(source, fault) for source in FIRST for fault in (*always, next(turns))]


@pytest.fixture(scope="module")
def unpacked_export(request, tmp_path_factory):
    """The export of a source as a folder, its files of one time: zips keep even seconds."""
    person = freelancer(7, AT - timedelta(days=20))
    for channel in every.CHANNELS:
        person = person if channel in person.channels else person.moved(channel)
    export = FIRST[request.param]
    where = tmp_path_factory.mktemp("export")
    export.write(where / export.name, person, AT)
    folder = unpacked(where / export.name, where / "unpacked")
    for file in folder.rglob("*"):
        os.utime(file, (AT.timestamp(), AT.timestamp()))
    return folder


def alone(path: Path) -> Counter[str]:
    with empreinte.open_ledger(":memory:") as ledger:
        return told(path, ledger)


@cache
def good_copy(folder: Path) -> tuple[Path, Counter[str]]:
    """Pack an export; give the archive and what it tells a ledger that holds nothing."""
    good = folder.parent / "good" / "export.zip"
    good.parent.mkdir()
    packed(folder, good)
    return good, alone(good)


@pytest.mark.parametrize(
    ("unpacked_export", "fault"), _each(["damaged"], ["password", "deflate64"]),
    indirect=["unpacked_export"],
)  # fmt: skip
def test_a_member_that_cannot_be_read_is_told_and_the_good_copy_is_read(
    unpacked_export, fault, tmp_path, request
):
    bad = tmp_path / "bad" / "export.zip"
    bad.parent.mkdir()
    largest = packed(unpacked_export, bad)[:3]
    member = random.Random(request.node.name).choice(largest)
    good, expected = good_copy(unpacked_export)
    spoil(bad, member, fault)
    with empreinte.open_ledger(":memory:") as ledger:
        reports = ledger.ingest(bad)
        assert not all(report.complete for report in reports)
        files = {file.name: file for report in reports for file in report.files}
        assert files[member].status == "failed"
        assert FAULTS[fault] in str(files[member].reason)
        assert ledger.ingest(bad)[0].files  # again: the same is told
        after = told(good, ledger)
    assert expected == after


def tarred(folder: Path, target: Path, mode: str = "w:gz") -> None:
    with tarfile.open(target, mode) as out:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                out.add(file, str(file.relative_to(folder)))


def shortened(path: Path) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: len(data.rstrip(b"\0")) * 2 // 3])


def _cut_zip(folder: Path, where: Path) -> Path:
    packed(folder, where / "export.zip")
    shortened(where / "export.zip")
    return where / "export.zip"


def _cut_tgz(folder: Path, where: Path) -> Path:
    tarred(folder, where / "export.tgz")
    shortened(where / "export.tgz")
    return where / "export.tgz"


def _cut_tar(folder: Path, where: Path) -> Path:
    tarred(folder, where / "export.tar", "w")
    shortened(where / "export.tar")
    return where / "export.tar"


def _tar_inside(folder: Path, where: Path) -> Path:
    tarred(folder, where / "export.tar", "w")
    with zipfile.ZipFile(where / "export.zip", "w") as out:
        out.write(where / "export.tar", "export.tar")
    (where / "export.tar").unlink()
    return where / "export.zip"


WHOLE = {
    "cut zip": (_cut_zip, "was cut"),
    "cut tgz": (_cut_tgz, "was cut"),
    "cut tar": (_cut_tar, "was cut"),
    "tar inside": (_tar_inside, "An archive inside the archive"),
}
"""Faults of the archive as a whole, and what must be said of them."""


@pytest.mark.parametrize(
    ("unpacked_export", "fault"), _each(["cut zip"], ["cut tgz", "cut tar", "tar inside"]),
    indirect=["unpacked_export"],
)  # fmt: skip
def test_an_archive_that_is_spoilt_as_a_whole_is_told_and_the_good_copy_is_read(
    unpacked_export, fault, tmp_path
):
    spoilt, reason = WHOLE[fault]
    (tmp_path / "bad").mkdir()
    bad = spoilt(unpacked_export, tmp_path / "bad")
    good, expected = good_copy(unpacked_export)
    with empreinte.open_ledger(":memory:") as ledger:
        reports = ledger.ingest(bad)
        assert not all(report.complete for report in reports)
        files = [file for report in reports for file in report.files if file.reason]
        assert any(reason in str(file.reason) for file in files)
        after = told(good, ledger)
    assert expected == after


ENDINGS = {
    "tgz as zip": ("export.zip", tarred),
    "tar as zip": ("export.zip", lambda folder, path: tarred(folder, path, "w")),
    "zip as tgz": ("export.tgz", packed),
}


@pytest.mark.parametrize(
    ("unpacked_export", "ending"), _each([], list(ENDINGS)), indirect=["unpacked_export"]
)
def test_an_archive_is_read_for_what_it_is_and_not_for_its_name(unpacked_export, ending, tmp_path):
    name, pack = ENDINGS[ending]
    path = tmp_path / name
    pack(unpacked_export, path)
    assert alone(path) == good_copy(unpacked_export)[1]
