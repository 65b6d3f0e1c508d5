"""What cannot be read is never called empty, and the good copy afterwards is read in whole."""

import random
import struct
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import empreinte
from empreinte.container import is_media
from empreinte.testing import every
from empreinte.testing.life import freelancer

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
        import tarfile

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


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("source", FIRST)
def test_a_member_that_cannot_be_read_is_told_and_the_good_copy_is_read(source, fault, tmp_path):
    person = freelancer(7, AT - timedelta(days=20))
    for channel in every.CHANNELS:
        person = person if channel in person.channels else person.moved(channel)
    export = FIRST[source]
    written = tmp_path / export.name
    export.write(written, person, AT)
    folder = unpacked(written, tmp_path / "unpacked")
    bad, good = tmp_path / "bad" / "export.zip", tmp_path / "good" / "export.zip"
    bad.parent.mkdir()
    good.parent.mkdir()
    member = random.Random(source).choice(packed(folder, bad)[:3])
    packed(folder, good)
    spoil(bad, member, fault)
    with empreinte.open_ledger(":memory:") as ledger:
        reports = ledger.ingest(bad)
        assert not all(report.complete for report in reports)
        files = {file.name: file for report in reports for file in report.files}
        assert files[member].status == "failed"
        assert FAULTS[fault] in str(files[member].reason)
        assert ledger.ingest(bad)[0].files  # again: the same is told
        after = told(good, ledger)
    with empreinte.open_ledger(":memory:") as ledger:
        assert told(good, ledger) == after
