"""What an import costs beside an earlier version of the code: time, and size of the ledger.

    python benchmarks/generations.py [--before REVISION] [--megabytes 8] [--times 5] [--only NAME]
        [--all]

Takes the package as it was at a revision out of the repository's history. An export of each source
(with ``--all``, each of `empreinte.testing.every`), made longer as in sources.py, and an archive of
X ten times as long are then imported into an empty ledger by both versions in turns, each in a
process of its own. Printed: the least seconds of the import alone (modules loaded, ledger open)
before and now, then the ratios of the time, of the processor's time and of the ledgers' sizes,
rewritten compactly, each the median over the turns. The bar: not above 1.10.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import x_archive
from empreinte.testing.every import EXPORTS, write_exports
from empreinte.testing.life import FIRST_EXPORT, freelancer
from sources import MOST, enlarge

BEFORE = "fd25c80"
"""The last revision whose rows named one import each, see docs/decisions/0009."""
ONE = """
import json, os, sys, time
from pathlib import Path
import duckdb
import empreinte
export, small, folder = sys.argv[1:]
with empreinte.open_ledger(folder + "/warm.duckdb") as ledger:
    ledger.ingest(Path(small))
with empreinte.open_ledger(folder + "/ledger.duckdb") as ledger:
    began, used = time.perf_counter(), time.process_time()
    reports = ledger.ingest(Path(export))
    taken, used = time.perf_counter() - began, time.process_time() - used
db = duckdb.connect(folder + "/ledger.duckdb")
db.execute(f"attach '{folder}/compact.duckdb' as compact")
db.execute("copy from database ledger to compact")
db.execute("force checkpoint compact")
db.execute("detach compact")
kept = sum(sum(one.kept.values()) for one in reports)
size = os.path.getsize(folder + "/compact.duckdb")
print(json.dumps({"seconds": taken, "processor": used, "size": size, "kept": kept}))
"""


def unpack(revision: str, folder: Path) -> Path:
    """Write the package of a revision; give its ``src``."""
    packed = subprocess.run(
        ["git", "archive", revision, "src"], capture_output=True, check=True,
        cwd=Path(__file__).parent.parent,
    ).stdout  # fmt: skip
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(folder, filter="data")
    return folder / "src"


def once(source: Path | None, export: Path, small: Path) -> dict[str, float]:
    """Import an export by one version of the code, after a small one that loads its modules."""
    around = {**os.environ, **({"PYTHONPATH": str(source)} if source else {})}
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            [sys.executable, "-c", ONE, str(export), str(small), folder],
            env=around, capture_output=True, text=True, check=True,
        )  # fmt: skip
    return json.loads(done.stdout.splitlines()[-1])


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--before", default=BEFORE)
    options.add_argument("--megabytes", type=float, default=8.0)
    options.add_argument("--times", type=int, default=5)
    options.add_argument("--only", default="", help="part of an export's name")
    options.add_argument("--all", action="store_true", help="every export of every source")
    asked = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        before = unpack(asked.before, Path(folder) / "before")
        exports = list(written(Path(folder), asked))
        print(f"{'':34} {'before':>8} {'now':>8}   time  processor   size   records")
        high = [
            name for name, small, long in exports if row(name, small, long, before, asked.times)
        ]
    if high:
        print("over a tenth more time or room:", ", ".join(high))
    return 0


def written(folder: Path, asked: argparse.Namespace) -> Iterator[tuple[str, Path, Path]]:
    """Give the name of each export, the export as it is, and the longer one."""
    small = folder / "small"
    write_exports(small, freelancer(7, FIRST_EXPORT - timedelta(days=365)), FIRST_EXPORT)
    met: set[str] = set()
    for export in EXPORTS:
        if export.source in met and not (asked.all or asked.only):
            continue
        met.add(export.source)
        inner = small / export.name
        if inner.is_dir() and len(found := list(inner.glob("*.zip"))) == 1:
            inner = found[0]
        if asked.only in export.name:
            long = folder / "long" / export.name
            enlarge(inner, long, int(min(asked.megabytes * 1e6, MOST.get(export.source, 1e12))))
            yield export.name, inner, long
    if asked.only in (name := "x ten times as long"):
        long = folder / "x.zip"
        x_archive.write(long, int(asked.megabytes * 10))
        yield name, small / next(e.name for e in EXPORTS if e.source == "x"), long


def row(name: str, small: Path, long: Path, before: Path, times: int) -> bool:
    """Measure one export by both versions in turns; tell whether it is over a tenth more."""
    found: dict[Path | None, list[dict[str, float]]] = {before: [], None: []}
    for turn in range(times):
        for version in (before, None) if turn % 2 else (None, before):
            found[version].append(once(version, long, small))

    def least(version: Path | None, what: str) -> float:
        return min(one[what] for one in found[version])

    def ratio(what: str) -> float:
        """Median over the turns, whose two runs share what else the machine did then."""
        pairs = zip(found[None], found[before], strict=True)
        return statistics.median(now[what] / then[what] for now, then in pairs)

    ratios = [ratio(what) for what in ("seconds", "processor", "size")]
    print(
        f"{name:34} {least(before, 'seconds'):6.2f} s {least(None, 'seconds'):6.2f} s "
        f"{ratios[0]:6.2f} {ratios[1]:10.2f} {ratios[2]:6.2f} "
        f"{least(before, 'kept'):8.0f} {least(None, 'kept'):8.0f}",
        flush=True,
    )
    return ratios[0] > 1.1 or ratios[2] > 1.1


if __name__ == "__main__":
    sys.exit(main())
