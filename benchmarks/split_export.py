"""A split export of 50 GB, nearly all of it media: what an import reads, takes and holds.

    python benchmarks/split_export.py [GB …]        (default: 0 5 50)

For each size the archive of a made-up person (X's layout) is spread over zips of 5 GB, named as
parts of one export, with pictures of 8 MB between. The pictures are holes: the zips are sparse
files, which take up some 30 MB of the disk, and have offsets beyond 4 GB (Zip64). The folder is
then imported in a process of its own. Printed: seconds, peak resident memory, megabytes unpacked
from members (the meter), and megabytes that the process read from any file during the import.

Fails if anything but the text was read, or if memory grows with the size.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from pathlib import Path

from empreinte.testing import x
from empreinte.testing.life import SECOND_EXPORT, freelancer

PICTURE = 8 << 20
PART = 5 << 30
CRC = zlib.crc32(bytes(PICTURE))
DISK = 1 << 30
"""Bytes that must be free; what is written takes up some 30 MB."""
GROWTH_MB = 60
SECONDS = 60.0


def write(folder: Path, gigabytes: int, text: dict[str, bytes]) -> int:
    """Write the parts; give how many bytes they claim to have."""
    pictures = (gigabytes << 30) // PICTURE
    each = max(1, PART // PICTURE)
    parts = max(2, -(-pictures // each))
    members = list(text.items())
    for part in range(parts):
        path = folder / f"twitter-2026-09-01-split_part{part + 1}.zip"
        with path.open("w+b") as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number in range(part * each, min((part + 1) * each, pictures)):
                _hole(archive, f"data/tweets_media/{number}.jpg")
            for name, data in members[part::parts]:
                archive.writestr(name, data)
    return sum(path.stat().st_size for path in folder.iterdir())


def _hole(archive: zipfile.ZipFile, name: str) -> None:
    """Add a stored member of zeros without writing them."""
    info = zipfile.ZipInfo(name, (2026, 9, 1, 0, 0, 0))
    info.compress_size = info.file_size = PICTURE
    info.CRC = CRC
    file = archive.fp
    assert file is not None
    file.seek(archive.start_dir)
    info.header_offset = file.tell()
    file.write(info.FileHeader(zip64=False))
    file.seek(PICTURE, 1)
    archive.start_dir = file.tell()
    archive.filelist.append(info)
    archive.NameToInfo[name] = info
    archive._didModify = True  # pyright: ignore[reportAttributeAccessIssue]


def measure(folder: str, ledger: str) -> None:
    """Import `folder` and print what it took."""
    from empreinte import api

    with api.open_ledger(ledger) as opened:
        before, started = _read_bytes(), time.perf_counter()
        reports = opened.ingest(folder)
        seconds = time.perf_counter() - started
    print(
        json.dumps(
            {
                "seconds": seconds,
                "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                "unpacked": sum(report.bytes for report in reports) / 1e6,
                "read": (_read_bytes() - before) / 1e6,
                "imports": len(reports),
                "kept": sum(sum(report.kept.values()) for report in reports),
                "files": sum(len(report.files) for report in reports),
                "bad": sum(
                    file.status in ("failed", "not understood")
                    for report in reports
                    for file in report.files
                ),
            }
        )
    )


def _read_bytes() -> int:
    io = Path("/proc/self/io")
    return int(io.read_text().split()[1]) if io.exists() else 0


def run(gigabytes: int, room: Path, text: dict[str, bytes]) -> dict[str, float]:
    """Write, import and remove an export of so many gigabytes."""
    folder = room / str(gigabytes)
    folder.mkdir()
    claimed = write(folder, gigabytes, text)
    on_disk = sum(path.stat().st_blocks * 512 for path in folder.iterdir())
    if on_disk > DISK:
        sys.exit(f"This file system keeps no holes: {on_disk >> 20} MB were written.")
    command = [
        sys.executable,
        __file__,
        "--measure",
        str(folder),
        str(room / f"{gigabytes}.duckdb"),
    ]
    found = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    shutil.rmtree(folder)
    return found | {"claimed": claimed / 1e9, "disk": on_disk / 1e6}


def main() -> int:
    parser = argparse.ArgumentParser(description="Measure imports of split exports.")
    parser.add_argument("sizes", nargs="*", type=int, default=[0, 5, 50])
    parser.add_argument("--measure", nargs=2, metavar=("FOLDER", "LEDGER"))
    given = parser.parse_args()
    if given.measure:
        measure(*given.measure)
        return 0
    if shutil.disk_usage(tempfile.gettempdir()).free < DISK:
        sys.exit("Less than 1 GB is free here.")
    print(
        f"{'GB':>5} {'on disk MB':>10} {'seconds':>8} {'peak MB':>8} {'unpacked MB':>11} "
        f"{'read MB':>8} {'files':>7} {'kept':>7}"
    )
    rows = []
    with tempfile.TemporaryDirectory(prefix="empreinte-split-") as folder:
        room = Path(folder)
        person = freelancer()
        x.write_archive(room / "whole.zip", person, SECOND_EXPORT)
        with zipfile.ZipFile(room / "whole.zip") as archive:
            text = {name: archive.read(name) for name in archive.namelist()}
        for gigabytes in given.sizes:
            row = run(gigabytes, room, text)
            rows.append(row)
            print(
                f"{row['claimed']:5.1f} {row['disk']:10.1f} {row['seconds']:8.2f} "
                f"{row['peak']:8.0f} {row['unpacked']:11.1f} {row['read']:8.1f} "
                f"{row['files']:7} {row['kept']:7}",
                flush=True,
            )
    wrong = []
    if len({(row["kept"], row["bad"], row["imports"]) for row in rows}) > 1 or rows[0]["bad"]:
        wrong.append("not the same records from every size, in one import")
    if max(row["unpacked"] for row in rows) > min(row["unpacked"] for row in rows) + 1:
        wrong.append("media were read")
    if rows[-1]["peak"] > rows[0]["peak"] + GROWTH_MB:
        wrong.append(f"memory grew by more than {GROWTH_MB} MB")
    if rows[-1]["seconds"] > SECONDS:
        wrong.append(f"longer than {SECONDS:.0f} s")
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
