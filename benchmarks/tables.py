"""How long tables of 100,000 rows take to be imported, and how much memory that needs.

Each is imported into a ledger of its own, in a process of its own::

    python benchmarks/tables.py            # CSV and XLSX, 100,000 rows
    python benchmarks/tables.py --rows 20000

Bars: CSV in 3 s, XLSX in 15 s, memory under 300 MB.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

HEADER = ["Date", "Content", "Video title", "Video publish time", "Duration", "Views"]


def rows(n: int) -> Iterator[list[object]]:
    """Give rows of YouTube Studio's chart data: a day and video a row."""
    yield list(HEADER)
    for k in range(n):
        day = date(2020, 1, 1) + timedelta(days=k // 50)
        yield [day.isoformat(), f"video{k % 50:06d}", f"Ma vidéo {k % 50}", "", 61, k * 7 % 9_000]


def write(path: Path, n: int) -> None:
    """Write the table as its name says."""
    if path.suffix == ".csv":
        import csv

        with path.open("w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows(rows(n))
    else:
        from empreinte.testing.workbook import workbook

        path.write_bytes(workbook({"Chart data": list(rows(n))}))


class WithoutPandas:
    """Hides what the tests alone need, and DuckDB loads where it finds it (0.5 s, 40 MB)."""

    def find_spec(self, name: str, *_: object) -> None:
        """Refuse it."""
        if name == "pandas":
            raise ModuleNotFoundError(name, name=name)


def measure(path: Path) -> None:
    """Import a table, and print what it took."""
    sys.meta_path.insert(0, WithoutPandas())
    import empreinte

    started, used = time.perf_counter(), time.process_time()
    with empreinte.open_ledger(path.parent / f"{path.name}.duckdb") as ledger:
        (report,) = ledger.ingest(path)
    seconds, processor = time.perf_counter() - started, time.process_time() - used
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kept = report.kept["metrics"]
    print(
        f"{path.suffix[1:]:5} {kept:>8,} readings {seconds:6.2f} s "
        f"({processor:.2f} s of processor) {peak:6.0f} MB"
    )


def main() -> None:
    """Measure each form in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    told = parser.parse_args()
    if told.measure:
        measure(told.measure)
        return
    with tempfile.TemporaryDirectory() as folder:
        for form in ("csv", "xlsx"):
            path = Path(folder) / f"Chart data.{form}"
            write(path, told.rows)
            subprocess.run([sys.executable, __file__, "--measure", str(path)], check=True)


if __name__ == "__main__":
    main()
