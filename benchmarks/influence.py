"""Measure the influence lens on a ledger of a million posts and two million counters.

    python benchmarks/influence.py [POSTS]

Writes the ledger once (SQL, seeded), then prints the seconds of an uncached answer, where they
go, the warm answer of the API, and the warm page and its JSON over HTTP from a server in a
process of its own: the bar is 0.5 s for the 95th percentile of 50. Last what one owner with 1,500
posts costs on an open ledger: the bar is 0.2 s of processor (least of ten).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # as a command has it; read when numpy is imported

import duckdb
import numpy as np

import empreinte.ledger
from crowd import served
from empreinte.ledger.schema import migrations
from empreinte.lenses import influence
from empreinte.report import Scope

HOME = Path(empreinte.ledger.__file__).parent
YEARS = 12
FEW, FEW_BAR_S = 1_500, 0.2


def write(path: Path, posts: int) -> None:
    """Write an X account with `posts` posts, each with likes and shares, over `YEARS` years."""
    db = duckdb.connect(str(path))
    steps = migrations()
    for step in (*steps.values(), (HOME / "views.sql").read_text()):
        db.execute(step)
    db.execute(f"insert into setting values ('schema', '{max(steps)}')")
    db.execute("select setseed(0.5)")
    same = "timestamp '2026-03-01' as seen, 'i' as import_id, 'data/tweets.js' as file"
    db.execute(
        "insert into account by name select 'x' as platform, '42' as id, 'camille' as handle,"
        f" 'Camille' as name, true as is_owner, true as whole, {same}, 0 as place"
    )
    step = YEARS * 365.25 * 86_400 / posts
    db.execute(
        f"""
        insert into post by name
        select 'x' as platform, cast(1000000000000000 + i as varchar) as id, 'Note' as type,
               '42' as author_id,
               repeat('mots ', cast(5 + random() * 45 as integer)) as content,
               case when random() < 0.8 then 'fr' else 'en' end as language,
               timestamp '2014-03-01' + to_seconds(cast((i + random()) * {step} as bigint))
                   as published,
               'public' as visibility,
               case when random() < 0.3 then '1' end as in_reply_to,
               case when random() < 0.3 then '1001' end as in_reply_to_author,
               case when random() < 0.3 then ['tag' || cast(random() * 40 as integer)] else [] end
                   as tags,
               [] as mentions,
               case when random() < 0.3 then ['https://example.org/a'] else [] end as links,
               case when random() < 0.2 then ['Image'] else [] end as media, {same}, i as place
        from range({posts}) t(i)
        """
    )
    for name, scale in (("likes", 6), ("shares", 2)):
        # Heavy-tailed with a finite variance: Pareto with index 3, less its minimum.
        db.execute(
            f"insert into metric by name select 'x' as platform, 'post' as subject_type,"
            f" id as subject_id, '{name}' as name,"
            f" floor({scale} * (pow(random() + 1e-9, -1.0 / 3) - 1) * 2) as value,"
            f" timestamp '2026-03-01' as observed, {same}, 0 as place from post"
        )
    db.execute(
        f"insert into metric by name select 'x' as platform, 'account' as subject_type,"
        f" '42' as subject_id, 'followers' as name, 12000 as value,"
        f" timestamp '2026-03-01' as observed, {same}, 0 as place"
    )
    db.close()


class Timed:
    """Tables that add up the time spent in the store."""

    def __init__(self, path: Path) -> None:
        self.db = duckdb.connect(str(path), read_only=True)
        self.spent = 0.0

    def sql(self, query: str, /, **parameters: Any):
        start = time.perf_counter()
        given = {"since": None, "until": None, "channels": None, **parameters}
        used = {name: value for name, value in given.items() if f"${name}" in query}
        table = self.db.sql(query, params=used).to_arrow_table()
        self.spent += time.perf_counter() - start
        return table


def main() -> None:
    posts = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.duckdb"
        write(path, posts)
        tables, scope = Timed(path), Scope(timezone="Europe/Paris")
        for name in ("first", "second", "third"):
            tables.spent, start, cpu = 0.0, time.perf_counter(), time.process_time()
            influence.answer(tables, scope)
            whole = time.perf_counter() - start
            print(
                f"{name} answer, uncached: {whole:.2f} s ({tables.spent:.2f} s in the store), "
                f"{time.process_time() - cpu:.2f} s of processor, {posts:,} posts"
            )
        tables.db.close()
        warm(path)
        over_http(path)
    few()


def warm(path: Path) -> None:
    """Measure the API's answers once the first has been given."""
    from empreinte import open_ledger

    with open_ledger(path) as ledger:
        ledger.ask("influence")
        times = []
        for _ in range(50):
            start = time.perf_counter()
            ledger.ask("influence")
            times.append(time.perf_counter() - start)
    print(f"warm answer, 95th percentile of 50: {np.percentile(times, 95) * 1000:.1f} ms")


def few() -> None:
    """Measure one owner's answers through the facade, none of them kept from before."""
    from empreinte import open_ledger

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.duckdb"
        write(path, FEW)
        times = []
        with open_ledger(path) as ledger:
            for year in range(2030, 2041):
                start = time.process_time()
                ledger.ask("influence", until=f"{year}-01-01")
                times.append(time.process_time() - start)
    least = min(times[1:])
    print(f"{FEW:,} posts, open ledger: {least:.3f} s of processor; bar {FEW_BAR_S} s")


def over_http(path: Path) -> None:
    """Measure whole pages as a browser gets them."""
    with served(path, None) as dashboard:
        for page in ("/lens/influence", "/lens/influence.json", "/"):
            for _ in range(51):
                dashboard.ask(page)
            first, *later = dashboard.taken[-51:]
            print(
                f"{page}: first {first * 1000:.0f} ms, then 95th percentile of 50: "
                f"{np.percentile(later, 95) * 1000:.0f} ms, {dict(dashboard.met)}"
            )


if __name__ == "__main__":
    main()
