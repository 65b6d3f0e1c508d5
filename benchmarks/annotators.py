"""What reading texts costs, what a kill costs, and what an unchanged ledger costs.

    python benchmarks/annotators.py [--posts 100000] [--kills 10] [--million]

Writes a ledger of that many posts and has an annotator read them through a lens, in processes that
are killed (SIGKILL) at moments drawn over the time that a whole reading takes. Fails unless every
text is at last kept as read exactly once, and unless no more than the batch under way at each kill
was read again. With ``--million``: the seconds of the first and of the second `exposure` of a
ledger of a million posts, each in a process of its own; the bar of the second is 3 s.
"""

from __future__ import annotations

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

import empreinte
from empreinte.ledger.annotations import BATCH
from influence import write

READ = """
import sys, types
import empreinte
from empreinte import plugins
from empreinte.plugins import Annotations, Need
from empreinte.report import Report, Section

ledger, log = sys.argv[1:]

class Slow:
    NAME, VERSION = "slow", 1
    def annotate(self, texts, languages):
        with open(log, "a") as out:
            out.write(f"{len(texts)}\\n")
        return Annotations(range(len(texts)), ["seen"] * len(texts), [None] * len(texts),
                           [None] * len(texts), [None] * len(texts))

lens = types.ModuleType("reading")
lens.NAME, lens.NEEDS, lens.question = "reading", (Need("slow"),), lambda: "?"
lens.answer = lambda tables, scope: Report(
    lens="reading", question="?", answer=(), scope=scope, sections=(Section(id="a", title="A"),))
with plugins.standing_in("empreinte.annotators", Slow()), \\
        plugins.standing_in("empreinte.lenses", lens), empreinte.open_ledger(ledger) as opened:
    opened.ask("reading")
"""
ASK = """
import sys, time
import empreinte
with empreinte.open_ledger(sys.argv[1]) as ledger:
    began = time.perf_counter()
    ledger.ask("exposure")
    print(time.perf_counter() - began)
"""


def texts(path: Path, posts: int) -> None:
    """Write a ledger in which each post has a text of its own."""
    write(path, posts)
    with duckdb.connect(str(path)) as db:
        db.execute("update post set content = content || id")


def read(ledger: Path, log: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", READ, str(ledger), str(log)])


def kills(posts: int, times: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        ledger, log = Path(folder) / "ledger.duckdb", Path(folder) / "log"
        whole = Path(folder) / "whole.duckdb"
        texts(ledger, posts)
        whole.write_bytes(ledger.read_bytes())
        began = time.perf_counter()
        read(whole, Path(folder) / "whole.log").wait()
        taken = time.perf_counter() - began
        dice = random.Random(20261129)
        for _ in range(times):
            process = read(ledger, log)
            time.sleep(dice.uniform(0.1, 0.9) * taken)
            process.send_signal(signal.SIGKILL)
            process.wait()
        read(ledger, log).wait()
        given = sum(map(int, log.read_text().split()))
        with empreinte.open_ledger(ledger) as opened:
            (kept,) = opened.sql(
                "select count(*) as n, count(distinct text) as texts from annotations "
                "where annotator = 'slow'"
            ).to_pylist()
    print(
        f"{posts:,} posts: {taken:.1f} s a whole reading; after {times} kills {kept['n']:,} "
        f"annotations of {kept['texts']:,} texts; {given - posts:,} texts were given twice, at "
        f"most {times * BATCH:,} could be"
    )
    return kept == {"n": posts, "texts": posts} and posts <= given <= posts + times * BATCH


def million() -> bool:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.duckdb"
        texts(path, 1_000_000)
        asked = [sys.executable, "-c", ASK, str(path)]
        first, second = (
            float(subprocess.run(asked, capture_output=True, text=True, check=True).stdout)
            for _ in range(2)
        )
    print(f"exposure of 1,000,000 posts: {first:.1f} s, then unchanged {second:.1f} s")
    return second < 3


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--posts", type=int, default=100_000)
    options.add_argument("--kills", type=int, default=10)
    options.add_argument("--million", action="store_true")
    asked = options.parse_args()
    good = kills(asked.posts, asked.kills)
    if asked.million:
        good = million() and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
