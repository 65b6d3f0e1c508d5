"""Measure the influence lens on a ledger of a million posts and two million counters.

    python benchmarks/influence.py [POSTS]

Writes the ledger once (SQL, seeded), then prints the seconds of an uncached answer, where they
go, the warm answer of the API, and the warm page and its JSON over HTTP from a server in a
process of its own: the bar is 0.5 s for the 95th percentile of 50.
"""

from __future__ import annotations

import http.client
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

import empreinte.ledger
from empreinte.ledger.store import migrations
from empreinte.lenses import influence
from empreinte.report import Scope

HOME = Path(empreinte.ledger.__file__).parent
YEARS = 12


def write(path: Path, posts: int) -> None:
    """Write an X account with `posts` posts, each with likes and shares, over `YEARS` years."""
    db = duckdb.connect(str(path))
    steps = migrations()
    for step in (*steps.values(), (HOME / "views.sql").read_text()):
        db.execute(step)
    db.execute(f"insert into setting values ('schema', '{max(steps)}')")
    db.execute("select setseed(0.5)")
    same = "timestamp '2026-03-01', 'i', 'data/tweets.js'"
    db.execute(
        f"insert into account select 'x', '42', 'camille', 'Camille', null, null, null, true, true,"
        f" {same}, 0"
    )
    step = YEARS * 365.25 * 86_400 / posts
    db.execute(
        f"""
        insert into post
        select 'x', cast(1000000000000000 + i as varchar), 'Note', '42', null,
               repeat('mots ', cast(5 + random() * 45 as integer)), null, null,
               case when random() < 0.8 then 'fr' else 'en' end,
               timestamp '2014-03-01' + to_seconds(cast((i + random()) * {step} as bigint)),
               null, null, 'public', case when random() < 0.3 then '1' end,
               case when random() < 0.3 then '1001' end, null,
               case when random() < 0.3 then ['tag' || cast(random() * 40 as integer)] else [] end,
               [], case when random() < 0.3 then ['https://example.org/a'] else [] end,
               case when random() < 0.2 then ['Image'] else [] end,
               null, null, null, null, {same}, i
        from range({posts}) t(i)
        """
    )
    for name, scale in (("likes", 6), ("shares", 2)):
        # Heavy-tailed with a finite variance: Pareto with index 3, less its minimum.
        db.execute(
            f"insert into metric select 'x', 'post', id, '{name}',"
            f" floor({scale} * (pow(random() + 1e-9, -1.0 / 3) - 1) * 2),"
            f" timestamp '2026-03-01', {same}, 0 from post"
        )
    db.execute(
        f"insert into metric select 'x', 'account', '42', 'followers', 12000,"
        f" timestamp '2026-03-01', {same}, 0"
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


def over_http(path: Path) -> None:
    """Measure whole pages as a browser gets them."""
    command = [sys.executable, "-m", "empreinte", "open", "--no-browser", "--ledger", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as server:
        assert server.stdout is not None
        address = next(line for line in server.stdout if b"token=" in line)
        where, _, visit = address[address.index(b"http://") + 7 :].decode().partition("/")
        connection = http.client.HTTPConnection(where, timeout=60)
        cookie = _got(connection, f"/{visit.split()[0]}", {})[0].split(";")[0]
        for page in ("/lens/influence", "/lens/influence.json", "/"):
            times, size = [], 0
            for _ in range(51):
                start = time.perf_counter()
                size = _got(connection, page, {"Cookie": cookie})[1]
                times.append(time.perf_counter() - start)
            print(
                f"{page}: first {times[0] * 1000:.0f} ms, then 95th percentile of 50: "
                f"{np.percentile(times[1:], 95) * 1000:.0f} ms, {size / 1000:.0f} kB"
            )
        connection.close()
        server.terminate()


def _got(connection: http.client.HTTPConnection, page: str, headers: dict) -> tuple[str, int]:
    """Give the cookie set, if any, and the bytes of the page."""
    connection.request("GET", page, headers={**headers, "Accept-Language": "fr"})
    response = connection.getresponse()
    body = response.read()
    assert response.status < 400, (page, response.status)
    return response.getheader("Set-Cookie") or "", len(body)


if __name__ == "__main__":
    main()
