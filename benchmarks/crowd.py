"""How a crowd is answered that asks a cold dashboard the same things, and what it costs.

    python benchmarks/crowd.py [--posts 100000] [--clients 50] [--each 20] [--before FOLDER]

Writes a ledger of that many posts. One client then asks a dashboard, started for it, for the
report of `influence`, cold; then 50 clients ask another one, all at once; then as many clients
ask yet another for 20 pages each, drawn at random. Prints the seconds of an answer (median, 95th
percentile, longest), the server's peak memory and what it holds a while later. With ``--before``
the same is done first with the ``src`` of another checkout. The bars: the crowd's 95th percentile
and peak within twice one client's; 1,000 requests with a 95th percentile under 5 s and a peak
under 600 MB; no error.
"""

from __future__ import annotations

import argparse
import compileall
import http.client
import json
import os
import random
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from empreinte import plugins

SERVER = """
import sys
from empreinte.faces.web import serve
serve(sys.argv[1], open_browser=False, on_ready=lambda url: print(url, flush=True))
"""
WRITER = """
import sys
from pathlib import Path
from influence import write
write(Path(sys.argv[1]), int(sys.argv[2]))
"""
CALM_S = 5.0
"""Seconds after the last answer at which memory is looked at again."""


def pages() -> list[str]:
    """Give the addresses that are asked for."""
    lenses = plugins.lens_names()
    years = range(2020, 2025)
    return [
        "/", "/imports", "/settings", "/evidence/influence.x.posts",
        *(f"/lens/{name}" for name in lenses),
        *(f"/lens/{name}/answer" for name in lenses),
        *(f"/lens/influence?since={year}-01-01&until={year + 1}-01-01" for year in years),
    ]  # fmt: skip


@dataclass
class Dashboard:
    """A running dashboard, what it was asked and how it answered."""

    process: int
    port: int
    token: str
    taken: list[float] = field(default_factory=list)
    met: Counter[str] = field(default_factory=Counter)

    def ask(self, path: str) -> None:
        """Ask for one page as a script of the owner does."""
        start = time.perf_counter()
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=300)
        try:
            line.request("GET", path, headers={"Authorization": f"Bearer {self.token}"})
            answer = line.getresponse()
            answer.read()
            self.met[str(answer.status)] += 1
        except OSError as error:
            self.met[type(error).__name__] += 1
        finally:
            line.close()
        self.taken.append(time.perf_counter() - start)

    def crowd(self, asked: list[list[str]]) -> None:
        """Have a client for each list of addresses ask for them, all at the same time."""

        def client(paths: list[str]) -> None:
            for path in paths:
                self.ask(path)

        clients = [threading.Thread(target=client, args=(paths,)) for paths in asked]
        for one in clients:
            one.start()
        for one in clients:
            one.join()

    def megabytes(self, row: str) -> float:
        """Give the resident set (``VmRSS``) or its peak (``VmHWM``) of the server."""
        status = Path(f"/proc/{self.process}/status").read_text()
        return int(next(r for r in status.splitlines() if row in r).split()[1]) / 1024

    def tell(self, name: str) -> tuple[float, float]:
        """Print how it went; give the 95th percentile and the peak."""
        half, most = np.percentile(self.taken, (50, 95))
        peak = self.megabytes("VmHWM")
        time.sleep(CALM_S)
        print(
            f"  {name:32} {len(self.taken):5} answers  median {half:6.2f} s  95 % {most:6.2f} s  "
            f"longest {max(self.taken):6.2f} s  peak {peak:5.0f} MB  later "
            f"{self.megabytes('VmRSS'):5.0f} MB  {dict(self.met)}",
            flush=True,
        )
        return float(most), peak


def around(source: Path | None) -> dict[str, str]:
    """Give the environment of a process that runs the code in `source`, this code's if none."""
    own = str(source) if source else os.environ.get("PYTHONPATH", "")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([own, str(Path(__file__).parent)])}


@contextmanager
def served(ledger: Path, source: Path | None) -> Iterator[Dashboard]:
    """Serve a ledger from a process of its own, by the code in `source`."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(ledger)],
        stdout=subprocess.PIPE,
        text=True,
        env=around(source),
    ) as server:
        assert server.stdout is not None
        server.stdout.readline()
        claim = json.loads(Path(f"{ledger}.server.json").read_bytes())
        try:
            yield Dashboard(server.pid, int(claim["address"].rpartition(":")[2]), claim["token"])
        finally:
            server.terminate()


def measure(ledger: Path, source: Path | None, clients: int, each: int) -> bool:
    """Measure one version of the code; tell whether it holds the bars."""
    page = "/lens/influence"
    with served(ledger, source) as alone:
        alone.ask(page)
        one_s, one_mb = alone.tell("one client, cold")
    with served(ledger, source) as together:
        together.crowd([[page]] * clients)
        many_s, many_mb = together.tell(f"{clients} clients, the same, cold")
    with served(ledger, source) as mixed:
        draw = random.Random(1)
        mixed.crowd([draw.choices(pages(), k=each) for _ in range(clients)])
        mixed_s, mixed_mb = mixed.tell(f"{clients} clients, {each} pages each, cold")
    errors = sum(
        n for one in (alone, together, mixed) for status, n in one.met.items() if status != "200"
    )
    print(f"  the crowd: {many_s / one_s:.2f} × the time and {many_mb / one_mb:.2f} × the memory")
    within = many_s <= 2 * one_s and many_mb <= 2 * one_mb
    return within and mixed_s < 5 and mixed_mb < 600 and not errors


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--posts", type=int, default=100_000)
    options.add_argument("--clients", type=int, default=50)
    options.add_argument("--each", type=int, default=20)
    options.add_argument("--before", type=Path)
    asked = options.parse_args()
    good = True
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder).resolve() / "ledger.duckdb"
        for source in (asked.before, None) if asked.before else (None,):
            path.unlink(missing_ok=True)
            path.with_suffix(".duckdb.wal").unlink(missing_ok=True)
            subprocess.run(
                [sys.executable, "-c", WRITER, str(path), str(asked.posts)],
                check=True, env=around(source),
            )  # fmt: skip
            print(f"{asked.posts:,} posts, {source or 'this code'}:", flush=True)
            code = source or Path(plugins.__file__).parent
            compileall.compile_dir(code, quiet=1)  # as an installer does
            good = measure(path, source, asked.clients, asked.each)
    return int(not good)


if __name__ == "__main__":
    sys.exit(main())
