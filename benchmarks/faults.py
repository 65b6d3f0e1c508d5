"""What becomes of a ledger under a kill, a full disk, a flipped byte, and readers beside writers.

Run with ``python benchmarks/faults.py [kills|disks|flips|readers] [--times N]``; prints a table and
fails if a row was lost, an erased text is left in a byte of the folder, a traceback was shown or a
command ended with another code than it should. The table stands in docs/reliability.md.

Each fault is put to the command line, in a process of its own, on a ledger of two archives, one of
which holds a text that stands nowhere else. The ledger must afterwards be as it was before the
command or as it is after it, and the same command must then work.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import duckdb

import empreinte
from empreinte.ledger import schema
from empreinte.testing import wordpress, x
from empreinte.testing.life import freelancer
from empreinte.testing.person import Channel, Person, Published

AT = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
SECRET = "zqxjkvbpwmznth"
PAUSE_S = 0.2
"""Between two looks of one reader: fifty that never rest leave a writer hardly a turn."""
TABLES = ("posts", "acts", "readings", "mine", "followers", "traces")
Contents = dict[str, list[str]]


class Act(NamedTuple):
    """A command, what the ledger holds before and after it, and whether it erases."""

    name: str
    words: tuple[str, ...]
    before: Path
    states: tuple[Contents, ...]
    after: Contents
    erases: bool = False


def empreinte_command(ledger: Path, *words: str) -> list[str]:
    return [sys.executable, "-m", "empreinte", *words, "--ledger", str(ledger)]


def run(ledger: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        empreinte_command(ledger, *words), capture_output=True, text=True, check=False
    )


def contents(ledger: Path) -> Contents:
    with empreinte.open_ledger(ledger) as opened:
        found = {
            name: sorted(map(str, opened.sql(f"select * from {name}").to_pylist()))
            for name in TABLES
        }
        told = [f"{one.asker} {one.form} {one.key} {one.hash}" for one in opened.entries()]
        return {**found, "entries": sorted(told)}


def left_in(folder: Path) -> list[str]:
    """Give the files of a folder that hold the text that was erased."""
    return [
        file.name
        for file in folder.rglob("*")
        if file.is_file() and SECRET.encode() in file.read_bytes()
    ]


def blog(at: datetime) -> Person:
    """Make a person whose posts hold the text that will be erased."""
    begun = at - timedelta(days=400)
    posts = tuple(
        Published(number=n, channel="blog", at=begun + timedelta(days=n), kind="article",
                  text=f"{SECRET} {n} " + "mot " * 60, title=f"{SECRET} {n}")
        for n in range(300)
    )  # fmt: skip
    own = Channel(name="blog", handle="carnet", since=begun)
    return Person(
        name="Jeanne", summary="", site="https://carnet.example", timezone="Europe/Paris",
        channels={"blog": own}, published=posts,
    )  # fmt: skip


class Bench:
    """Ledgers and archives that every fault starts from."""

    def __init__(self, root: Path) -> None:
        self.root = root
        person = freelancer(7, AT - timedelta(days=300))
        self.kept = x.write_archive(root / "x.zip", person, AT)
        self.erased = root / "blog.xml"
        wordpress.write_wxr(self.erased, blog(AT), AT)
        self.one, self.both = root / "one" / "ledger.duckdb", root / "both" / "ledger.duckdb"
        for ledger, archives in ((self.one, [self.kept]), (self.both, [self.kept, self.erased])):
            with empreinte.open_ledger(ledger) as opened:
                opened.ingest(*archives)
                imports = {report.source: report.import_id for report in opened.imports()}
        one, both = contents(self.one), contents(self.both)
        self.told = root / "told" / "ledger.duckdb"
        shutil.copytree(self.one.parent, self.told.parent)
        data = [word for n in range(1, 41) for word in (f"data.{n}.value={SECRET} {n}",
                                                        f"data.{n}.whose=friend")]  # fmt: skip
        tell = ("tell", "exposure", "known", *data)
        run(self.told, *tell)
        told = contents(self.told)
        self.owing, self.old = root / "owing" / "ledger.duckdb", root / "old" / "ledger.duckdb"
        self._owe()
        old = self._of_schema(3)
        forget = ("forget", "--import", str(imports["wordpress"]), "--yes")
        self.acts = (
            Act("import", ("import", str(self.erased)), self.one, (one, both), both),
            Act("forget", forget, self.both, (both, one), one, erases=True),
            Act("export", ("export", str(root / "out")), self.both, (both,), both),
            Act("settings", ("settings", "--timezone", "Asia/Tokyo"), self.both, (both,), both),
            Act("tell", tell, self.one, (one, told), told),
            Act(
                "forget told",
                ("forget", "--told", "exposure/known", "--yes"),
                self.told,
                (told, one),
                one,
                erases=True,
            ),
            Act("migration", ("ledger",), self.old, (old,), old),
            Act("compaction", ("ledger",), self.owing, (one,), one, erases=True),
        )

    def _owe(self) -> None:
        """Make a ledger whose erasure was interrupted: rows gone, their bytes still there."""
        self.owing.parent.mkdir()
        shutil.copy(self.both, self.owing)
        code = (
            "import os, sys; from empreinte.ledger import compaction, erase\n"
            "from empreinte.ledger.store import Store\n"
            "compaction.rewrite = lambda path: os.kill(os.getpid(), 9)\n"
            "store = Store(sys.argv[1])\n"
            "found = store.query(\"select import_id from import where source = 'wordpress'\")\n"
            "erase.forget_import(store, found.to_pylist()[0]['import_id'])"
        )
        subprocess.run([sys.executable, "-c", code, str(self.owing)], check=False)
        assert left_in(self.owing.parent), "the erasure was not interrupted"

    def _of_schema(self, version: int) -> Contents:
        """Make a ledger of an earlier schema with posts in it."""
        self.old.parent.mkdir()
        with duckdb.connect(str(self.old)) as made:
            for number, step in schema.migrations().items():
                if number <= version:
                    made.execute(step)
            made.execute(f"insert into setting values ('schema', '{version}')")
            made.execute(
                "insert into post by name select 'x' as platform, cast(i as varchar) as id, "
                "'Note' as type, '1' as author_id, 'un mot ' || i as content, "
                "timestamp '2026-01-01' as published, 't.js' as file, i as place, "
                "timestamp '2026-01-01' as seen, 'old' as import_id from range(2000) t(i)"
            )
        copy = self.root / "migrated.duckdb"
        shutil.copy(self.old, copy)
        return contents(copy)

    def fresh(self, act: Act, folder: Path) -> Path:
        """Give a copy of the ledger that an act starts from, in a folder of its own."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        return Path(shutil.copy(act.before, folder / "ledger.duckdb"))


def judge(act: Act, ledger: Path, faults: Counter[str], said: str = "") -> None:
    """Hold the ledger against what it may be, then give the command again."""
    if "Traceback" in said:
        faults["tracebacks"] += 1
        print(said, file=sys.stderr)
    state = contents(ledger)
    faults["ledgers with lost rows"] += state not in act.states
    if act.erases and state == act.after:
        faults["erased texts left"] += bool(left_in(ledger.parent))
    if state != act.after or act.name in ("export", "settings"):
        shutil.rmtree(Path(act.words[1]), ignore_errors=True) if act.name == "export" else None
        done = run(ledger, *act.words)
        faults["tracebacks"] += "Traceback" in done.stderr
        faults["wrong exit codes"] += done.returncode not in (0, 1)
        faults["ledgers with lost rows"] += contents(ledger) != act.after
    if act.erases:
        faults["erased texts left"] += bool(left_in(ledger.parent))


def kills(bench: Bench, times: int) -> Iterator[tuple[str, int, Counter[str]]]:
    """Kill each command at random moments of its run."""
    dice = random.Random(20261129)
    for act in bench.acts:
        faults: Counter[str] = Counter()
        began = time.perf_counter()
        run(bench.fresh(act, bench.root / "kill"), *act.words)
        took = time.perf_counter() - began
        rounds = max(1, times // len(bench.acts))
        for _ in range(rounds):
            ledger = bench.fresh(act, bench.root / "kill")
            shutil.rmtree(bench.root / "out", ignore_errors=True)
            process = subprocess.Popen(
                empreinte_command(ledger, *act.words),
                stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
            time.sleep(dice.uniform(0.3, 1.05) * took)
            process.send_signal(signal.SIGKILL)
            judge(act, ledger, faults, process.communicate()[1])
        yield f"kill -9 in {act.name}", rounds, faults


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """Mount a disk of `size` bytes; needs root."""
    folder.mkdir(exist_ok=True)
    options = ["-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    subprocess.run(["mount", *options], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def disks(bench: Bench, times: int) -> Iterator[tuple[str, int, Counter[str]]]:
    """Give each command a disk that has ever less room."""
    if os.geteuid():
        print("full disks: skipped, for mounting a small one needs root", file=sys.stderr)
        return
    for act in bench.acts[:4]:
        faults: Counter[str] = Counter()
        size = act.before.stat().st_size
        for n in range(times):
            with small_disk(bench.root / "disk", 4 * size + (16 << 20)) as disk:
                words = (*act.words[:1], str(disk / "out")) if act.name == "export" else act.words
                ledger = bench.fresh(act, disk / "home")
                room = os.statvfs(disk)
                left = int(1.6 * size * n / times)
                filler = disk / "filler"
                filler.write_bytes(b"\1" * max(0, room.f_bavail * room.f_frsize - left))
                done = run(ledger, *words)
                if done.returncode == 0:
                    faults["wrong exit codes"] += contents(ledger) != act.after
                filler.unlink()
                judge(act._replace(words=words), ledger, faults, done.stderr)
        yield f"full disk in {act.name}", times, faults


def flips(bench: Bench, times: int) -> Iterator[tuple[str, int, Counter[str]]]:
    """Flip one byte of a ledger; what is damaged is told as such."""
    faults: Counter[str] = Counter()
    whole = bench.both.read_bytes()
    folder = bench.root / "flip"
    folder.mkdir()
    dice = random.Random(7)
    for _ in range(times):
        flipped = bytearray(whole)
        flipped[dice.randrange(len(whole))] ^= 0xFF
        ledger = folder / "ledger.duckdb"
        ledger.write_bytes(flipped)
        ledger.with_suffix(".duckdb.wal").unlink(missing_ok=True)
        done = run(ledger, "ledger")
        faults["tracebacks"] += "Traceback" in done.stderr
        faults["called open elsewhere"] += "open in another program" in done.stderr
        if done.returncode not in (0, 1):
            faults["wrong exit codes"] += 1
            print(done.returncode, done.stderr[-500:], file=sys.stderr)
        ledger.write_bytes(flipped)
        checked = run(ledger, "ledger", "--check")
        faults["tracebacks"] += "Traceback" in checked.stderr
        faults["called open elsewhere"] += "open in another program" in checked.stderr
        faults["not found by the check"] += checked.returncode != 1
    ledger = bench.fresh(bench.acts[1], folder)
    faults["whole, but called damaged"] += run(ledger, "ledger", "--check").returncode != 0
    yield "one byte flipped", times, faults


def readers(bench: Bench, times: int) -> Iterator[tuple[str, int, Counter[str]]]:
    """Have 50 readers poll one open ledger while archives come and go."""
    faults: Counter[str] = Counter()
    ledger = bench.fresh(bench.acts[0], bench.root / "read")
    expected = contents(ledger)
    done = threading.Event()
    with empreinte.open_ledger(ledger) as opened:

        def poll() -> None:
            while not done.is_set():
                try:
                    opened.sql("select count(*) from posts")
                    opened.glance()
                    time.sleep(PAUSE_S)
                except Exception as error:
                    faults[f"readers failed ({type(error).__name__})"] += 1
                    return

        polling = [threading.Thread(target=poll) for _ in range(50)]
        for thread in polling:
            thread.start()
        for _ in range(times):
            (report,) = opened.ingest(bench.erased)
            opened.forget(import_id=report.import_id)
        done.set()
        for thread in polling:
            thread.join()
    faults["ledgers with lost rows"] += contents(ledger) != expected
    faults["erased texts left"] += bool(left_in(ledger.parent))
    yield "50 readers beside a writer", times, faults


FAULTS = {"kills": (kills, 200), "disks": (disks, 30), "flips": (flips, 100),
          "readers": (readers, 50)}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("which", nargs="*", choices=[*FAULTS, []], default=[])
    parser.add_argument("--times", type=int)
    asked = parser.parse_args()
    wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(Path(folder))
        print(f"{'fault':32} {'times':>5}  what went wrong")
        for name in asked.which or FAULTS:
            put, usual = FAULTS[name]
            for title, times, faults in put(bench, asked.times or usual):
                found = ", ".join(f"{what}: {n}" for what, n in faults.items() if n)
                wrong += bool(found)
                print(f"{title:32} {times:5}  {found or 'nothing'}", flush=True)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
