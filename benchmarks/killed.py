"""Kill an import at random moments; the next import must make the ledger whole.

Run with ``python benchmarks/killed.py [times]``; prints what was seen, fails if one ledger differs.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import empreinte
from empreinte.testing.life import freelancer
from empreinte.testing.x import write_archive

CODE = "import empreinte, sys; empreinte.open_ledger(sys.argv[1]).ingest(sys.argv[2])"
TABLES = ("posts", "acts", "readings", "mine", "followers", "traces")


def start(ledger: Path, export: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", CODE, str(ledger), str(export)])


def contents(path: Path) -> dict[str, list[str]]:
    with empreinte.open_ledger(path) as ledger:
        return {
            name: sorted(map(str, ledger.sql(f"select * from {name}").to_pylist()))
            for name in TABLES
        }


def main(times: int) -> None:
    rng = random.Random(20260306)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        person = freelancer()
        export = write_archive(root / "x.zip", person, person.published[-1].at)
        began = time.perf_counter()
        start(root / "whole.duckdb", export).wait()
        took = time.perf_counter() - began
        expected = contents(root / "whole.duckdb")
        seen = {"before": 0, "during": 0, "after": 0}
        for n in range(times):
            path = root / f"{n}.duckdb"
            process = start(path, export)
            time.sleep(rng.uniform(0.1, 1.1) * took)
            ended = process.poll() is not None
            if not ended:
                os.kill(process.pid, signal.SIGKILL)
                process.wait()
            seen["after" if ended else "during" if path.exists() else "before"] += 1
            with empreinte.open_ledger(path) as ledger:
                ledger.ingest(export)
            if contents(path) != expected:
                sys.exit(f"kill {n}: the ledger differs from that of one import")
            for left in root.glob(f"{n}.duckdb*"):
                left.unlink()
    print(f"{times} imports of {took:.1f} s killed at random: every ledger is whole ({seen})")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
