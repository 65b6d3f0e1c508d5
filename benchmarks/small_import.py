"""How long a small archive takes from the command to its report: the bar is 1 s of processor.

    python benchmarks/small_import.py

Nearly all of it passes before the first record: modules, the new ledger's tables and views, asking
every source whether the archive is its own. Bytecode is compiled, as it is from the second command
on, and pandas is hidden, which nobody gets with Empreinte: where it is installed, as for those who
work on it, pyarrow imports it (0.45 s).

Then one export of each source in one folder, against the sum of each alone (bar: twice).
Seconds of processor are the least of the runs: other programs lengthen them, nothing shortens them.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

import empreinte
from empreinte.testing import every, x
from empreinte.testing.life import SECOND_EXPORT, freelancer

BAR_S, BAR_RATIO = 1.0, 2.0
POSTS, RUNS = 100, 7
PROGRAM = """
import sys
class Hidden:
    def find_spec(self, name, path=None, target=None):
        if name == "pandas":
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Hidden())
from empreinte.faces.cli import main
sys.exit(main())
"""


def once(archive: Path, ledger: Path) -> tuple[float, float]:
    """Import into a ledger that is not there yet; give seconds by the clock and of processor."""
    ledger.unlink(missing_ok=True)
    environment = os.environ | {"PYTHONPYCACHEPREFIX": str(ledger.parent / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", PROGRAM, "import", str(archive), "--ledger", str(ledger)],
        env=environment, stdout=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    taken = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return taken, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def ingested(*paths: Path) -> float:
    """Import into a ledger in memory; give the seconds of processor."""
    with empreinte.open_ledger(":memory:") as ledger:
        begin = time.process_time()
        ledger.ingest(*paths)
        return time.process_time() - begin


def main() -> int:
    person = freelancer()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        few = replace(person, published=person.on("x", SECOND_EXPORT)[-POSTS:])
        x.write_archive(home / "twitter.zip", few, SECOND_EXPORT)
        once(home / "twitter.zip", home / "first.duckdb")  # compiles
        runs = [once(home / "twitter.zip", home / "first.duckdb") for _ in range(RUNS)]
        least = min(processor for _clock, processor in runs)
        median = statistics.median(clock for clock, _processor in runs)
        print(f"{POSTS} posts of X, from the command to the report: {least:.2f} s of processor")
        print(f"  by the clock {median:.2f} s (median of {RUNS}); bar {BAR_S} s")
        written = every.write_exports(home / "every", few, SECOND_EXPORT)
        firsts = {source: path for path, source in reversed(written.items())}
        (home / "together").mkdir()
        for path in firsts.values():
            shutil.move(path, home / "together" / path.name)
        members = sorted((home / "together").iterdir())
        ingested(*members)  # imports the readers
        alone = sum(min(ingested(path) for _ in range(2)) for path in members)
        together = min(ingested(home / "together") for _ in range(2))
        print(f"{len(members)} exports in a folder: {together:.2f} s; each alone {alone:.2f} s")
        print(f"  ratio {together / alone:.2f}; bar {BAR_RATIO}")
    return int(least > BAR_S or together > BAR_RATIO * alone)


if __name__ == "__main__":
    sys.exit(main())
