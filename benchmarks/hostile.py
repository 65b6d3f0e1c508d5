"""Spoilt exports: no crash, no hang, no write outside, bounded memory, a reason for each loss.

    python benchmarks/hostile.py [--count 10000] [--workers 2] [--seed 1]

Prints one line a failure and a summary; exits 1 if there was any.
"""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

from empreinte.api import open_ledger
from empreinte.testing import every, mutation
from empreinte.testing.life import FIRST_EXPORT, freelancer

SECONDS = 10.0
MEGABYTES = 500
PATIENCE = 300.0
"""Seconds after which a worker that does not answer is given up, on a machine however busy."""


def write_exports(folder: Path) -> list[Path]:
    """Write one small export of each source, layout and language; folders are packed as zips."""
    person = freelancer(7, FIRST_EXPORT - timedelta(days=30))
    whole = folder.with_name("whole")
    folder.mkdir(parents=True)
    for path in every.write_exports(whole, person, FIRST_EXPORT):
        if path.is_file():
            path.rename(folder / path.name)
            continue
        inside = sorted(path.glob("*.zip"))
        tree = mutation.load(inside[0] if inside else path)
        mutation.write(tree, folder, f"{path.name}.zip")
    shutil.rmtree(whole)
    return sorted(folder.iterdir())


class _Crashes(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.found: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        cause = record.exc_info[1] if record.exc_info else ""
        self.found.append(f"{record.getMessage()}: {cause!r}")


def examine(task: tuple[int, int, str, str]) -> tuple[str, float, float, str, list[str]]:
    """Spoil one export and import it; give what it was, seconds, megabytes, outcome, problems."""
    number, seed, exports, room = task
    random = Random(seed * 1_000_003 + number)
    paths = sorted(Path(exports).iterdir())
    export = paths[number % len(paths)]
    kind = mutation.KINDS[number // len(paths) % len(mutation.KINDS)]
    home = Path(room) / str(number)
    try:
        spoilt = mutation.mutate(export, home / "in", kind, random)
        before = _files(home)
        crashes = _Crashes()
        logging.getLogger("empreinte").addHandler(crashes)
        peak = _peak_megabytes()
        started, worked = time.perf_counter(), time.process_time()
        (home / "ledger").mkdir()
        shutil.copy(Path(room) / "empty.duckdb", home / "ledger" / "ledger.duckdb")
        outcome, problems = _import(spoilt, home)
        # The lesser of the two: a machine busy with other things is no hang.
        seconds = min(time.perf_counter() - started, time.process_time() - worked)
        logging.getLogger("empreinte").removeHandler(crashes)
        problems += crashes.found
        strange = {path for path in _files(home) - before if path.split("/")[0] != "ledger"}
        if strange:
            problems.append(f"wrote outside the ledger's folder: {sorted(strange)}")
    finally:
        shutil.rmtree(home, ignore_errors=True)
    megabytes = _peak_megabytes()
    if seconds > SECONDS:
        problems.append(f"took {seconds:.1f} s")
    if megabytes > MEGABYTES and megabytes > peak:  # not because of an earlier one
        problems.append(f"the process reached {megabytes:.0f} MB")
    return f"{number} {export.name}, {kind}", seconds, megabytes, outcome, problems


def _peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _import(spoilt: Path, home: Path) -> tuple[str, list[str]]:
    try:
        with open_ledger(home / "ledger" / "ledger.duckdb") as ledger:
            reports = ledger.ingest(spoilt)
    except Exception as error:  # what this looks for
        return "crashed", [f"crashed: {error!r}"]
    problems = [] if reports else ["no report"]
    for report in reports:
        problems += [
            f"{file.name}: {file.status} without a reason"
            for file in report.files
            if file.status != "read" and file.reason is None
        ]
        if report.source is None and not any(file.reason for file in report.files):
            problems.append("not recognised, and no reason given")
    if not any(report.source for report in reports):
        return "not recognised", problems
    lost = any(not report.complete or report.drifted for report in reports)
    return "read with losses told" if lost else "read whole", problems


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000)
    options.add_argument("--first", type=int, default=0, help="to go on after so many")
    options.add_argument("--workers", type=int, default=2)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    room = Path(tempfile.mkdtemp(prefix="empreinte-hostile-"))
    slowest, largest, failed = 0.0, 0.0, 0
    outcomes: Counter[str] = Counter()
    try:
        write_exports(room / "exports")
        open_ledger(room / "empty.duckdb").close()  # making one takes longer than most imports
        tasks = [
            (n, asked.seed, str(room / "exports"), str(room))
            for n in range(asked.first, asked.first + asked.count)
        ]
        context = multiprocessing.get_context("spawn")
        with context.Pool(asked.workers, maxtasksperchild=200) as pool:
            answers = pool.imap_unordered(examine, tasks)
            for done in range(asked.count):
                if done and done % 1000 == 0:
                    print(f"{done} done, {failed} failed", flush=True)
                name, seconds, megabytes, outcome, problems = answers.next(timeout=PATIENCE)
                outcomes[outcome] += 1
                slowest, largest = max(slowest, seconds), max(largest, megabytes)
                failed += bool(problems)
                for problem in problems:
                    print(f"{name}: {problem}", flush=True)
    except multiprocessing.TimeoutError:
        print(f"a worker hung for more than {PATIENCE:.0f} s")
        failed += 1
    finally:
        shutil.rmtree(room, ignore_errors=True)
    print(
        f"{asked.count} spoilt exports, {failed} failed; the slowest took {slowest:.1f} s, "
        f"the largest process {largest:.0f} MB"
    )
    print(", ".join(f"{outcome}: {n}" for outcome, n in outcomes.most_common()))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
