"""A shop's counter under a rush, under scans of one code, and killed while it works.

Run with ``python benchmarks/counter.py [rush|scans|rate|kills] [--times N]``; prints a table and
fails if a piece, a slot or a code was given twice, something acknowledged was lost, or the rate is
below 300 reservations a second or their 99th percentile above a second. The real server runs in a
process of its own, on one processor, with an fsync for each commit; the clients share the other.
Each client shows another address, as from behind a proxy, so that the limit of one does not stop
the rest.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from empreinte.counter import codes, shop, states
from empreinte.counter.book import Book

CLIENTS = 500
LEAST_PER_S, MOST_P99_S = 300, 1.0
HEAD = 'name = "Levain"\nhours = "24/7"\nkeep_minutes = 100000\n'
START = """
import sys
from pathlib import Path
from empreinte.counter.serving import serve
told, folder, port = sys.argv[1:]
serve(Path(told), Path(folder), port=int(port), proxied=True,
      on_ready=lambda *_: print("ready", flush=True))
"""
Answer = tuple[int, str, float]
"""Status, where it leads, seconds; a status of 0 is a line that broke."""


class Shop:
    """A shop's file, its folder, its server."""

    def __init__(self, folder: Path, told: str) -> None:
        self.process = 0
        self.told, self.folder = folder / "shop.toml", folder / "counter"
        self.told.write_text(HEAD + told)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]

    def processor_s(self) -> float:
        """Give the seconds of processor that the server has taken: no other load counts in it."""
        fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def start(self) -> subprocess.Popen[str]:
        """Start the server on the first processor, and wait until it answers."""
        words = [sys.executable, "-c", START, str(self.told), str(self.folder), str(self.port)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True)
        os.sched_setaffinity(process.pid, {0})
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        return process

    @property
    def own(self) -> str:
        return f"/c/{(self.folder / 'counter.secret').read_text().strip()}"

    def slot(self) -> str:
        """Give a slot of tomorrow."""
        book = Book(shop.read(self.told), self.folder / "counter.db")
        slots = book.slots()
        book.close()
        return str(int(slots[len(slots) // 2][0][0].timestamp())) if slots else ""


@contextmanager
def served(told: str) -> Iterator[Shop]:
    with tempfile.TemporaryDirectory(prefix="counter-") as folder:
        one = Shop(Path(folder), told)
        process = one.start()
        one.process = process.pid
        try:
            yield one
        finally:
            process.terminate()
            process.wait(20)


async def post(port: int, path: str, told: dict[str, object], client: int) -> Answer:
    """Send a form on a line of its own."""
    body = urlencode(told).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: shop.example\r\nConnection: close\r\n"
        f"X-Forwarded-For: 10.{client >> 16 & 255}.{client >> 8 & 255}.{client & 255}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    began = time.perf_counter()
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(head.encode() + body)
        answer = (await reader.read()).decode("utf-8", "replace")
        writer.close()
    except OSError:
        answer = ""
    took = time.perf_counter() - began
    leads = answer.partition("location: ")[2].partition("\r\n")[0]
    return int(answer.split(" ", 2)[1]) if answer else 0, leads, took


async def together(port: int, path: str, forms: list[dict[str, object]]) -> list[Answer]:
    return await asyncio.gather(*(post(port, path, one, n) for n, one in enumerate(forms)))


def product(id: str, stock: int, most: int = 10) -> str:
    return f'[[products]]\nid = "{id}"\nname = "{id}"\nprice = 4\nstock = {stock}\nmost = {most}\n'


SHAPES = {
    "stock": (product("loaf", 0), {"n-loaf": 1}),
    "slot": ("slot_minutes = 60\n" + product("loaf", 100_000), {"n-loaf": 1}),
    "lines": ("slot_minutes = 60\nslot_capacity = 1000\n" + product("loaf", 100_000)
              + product("tart", 0) + product("cake", 0), {"n-loaf": 2, "n-tart": 1, "n-cake": 1}),
}  # fmt: skip


def rush(_times: int) -> None:
    """500 at once for what is left: exactly so many get it."""
    for shape, (told, wish) in SHAPES.items():
        for left in (1, 7, 100):
            text = told.replace("stock = 0", f"stock = {left}")
            if shape == "slot":
                text = f"slot_capacity = {left}\n{text}"
            with served(text) as one:
                form = {**wish, "starts": one.slot()}
                forms = [{**form, "token": codes.new_token()} for _ in range(CLIENTS)]
                began = time.perf_counter()
                answers = asyncio.run(together(one.port, "/reserve", forms))
                took = time.perf_counter() - began
                same = asyncio.run(together(one.port, "/reserve", [forms[0]] * 50))
            found = Counter(status for status, _leads, _took in answers)
            print(f"rush   {shape:6} {left:4} left: {dict(found)} in {took:.2f} s")
            assert found == {303: left, 409: CLIENTS - left}
            assert len({leads for _status, leads, _took in same}) == 1


def scans(_times: int) -> None:
    """100 scans of one code: one collection."""
    with served(product("loaf", 5)) as one:
        token = codes.new_token()
        form: dict[str, object] = {"token": token, "n-loaf": 1}
        asyncio.run(together(one.port, "/reserve", [form]))
        asyncio.run(together(one.port, f"/r/{token}/send", [{}]))
        told: dict[str, object] = {"id": 1, "act": "collect"}
        answers = asyncio.run(together(one.port, f"{one.own}/move", [told] * 100))
        found = Counter(status for status, _leads, _took in answers)
    print(f"scans  of one code: {dict(found)}")
    assert found == {303: 1, 409: 99}


def rate(times: int) -> None:
    """Reservations a second with 500 clients that do not rest, and how long one waits."""

    async def client(port: int, number: int) -> list[Answer]:
        form: dict[str, object] = {"n-loaf": 1}
        return [
            await post(port, "/reserve", {**form, "token": codes.new_token()}, number * 1000 + n)
            for n in range(times)
        ]

    async def all_clients(port: int) -> list[list[Answer]]:
        return await asyncio.gather(*(client(port, number) for number in range(CLIENTS)))

    with served(product("loaf", 1_000_000)) as one:
        began, taken = time.perf_counter(), one.processor_s()
        answers = [a for some in asyncio.run(all_clients(one.port)) for a in some]
        took, taken = time.perf_counter() - began, one.processor_s() - taken
    waits = sorted(wait for _status, _leads, wait in answers)
    per_s, p99 = len(answers) / took, waits[int(len(waits) * 0.99)]
    print(
        f"rate   {len(answers):,} reservations: {per_s:.0f} a second, "
        f"{len(answers) / taken:.0f} a second of processor, "
        f"p50 {statistics.median(waits):.3f} s, p99 {p99:.3f} s"
    )
    assert {status for status, _leads, _took in answers} == {303}
    assert per_s >= LEAST_PER_S
    assert p99 < MOST_P99_S


def kills(times: int) -> None:
    """Killed under load: what was acknowledged is there, nothing is promised twice."""
    dice = random.Random(11)
    acknowledged: set[str] = set()

    async def load(port: int, process: subprocess.Popen[str], enough: int) -> list[Answer]:
        found: list[Answer] = []

        async def client() -> None:
            while True:
                form: dict[str, object] = {"n-loaf": 1, "token": codes.new_token()}
                found.append(await post(port, "/reserve", form, dice.getrandbits(24)))
                if not found[-1][0]:
                    return

        clients = [asyncio.create_task(client()) for _ in range(50)]
        while len(found) < enough:  # so many answers, however busy the machine
            await asyncio.sleep(0.001)
        process.send_signal(signal.SIGKILL)
        await asyncio.gather(*clients)
        return found

    with tempfile.TemporaryDirectory(prefix="counter-") as folder:
        one = Shop(Path(folder), product("loaf", 1_000_000))
        for _ in range(times):
            process = one.start()
            answers = asyncio.run(load(one.port, process, dice.randint(1, 200)))
            process.wait()
            acknowledged |= {leads for status, leads, _took in answers if status == 303}
            _sound(one.folder / "counter.db", acknowledged)
        assert len(acknowledged) >= times
        print(f"kills  {times}: {len(acknowledged):,} acknowledged, none lost, none twice")


def _sound(file: Path, acknowledged: set[str]) -> None:
    """Hold the file against what was acknowledged, and against itself."""
    db = sqlite3.connect(file)
    assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    kept = {bytes(row[0]) for row in db.execute("SELECT token FROM reservation")}
    lost = [one for one in acknowledged if codes.hashed(one.rpartition("/")[2]) not in kept]
    assert not lost, lost
    live = ", ".join(f"'{state}'" for state in states.LIVE)
    ((stock, promised),) = db.execute("SELECT stock, promised FROM product").fetchall()
    (held,) = db.execute(
        "SELECT coalesce(sum(n), 0) FROM line JOIN reservation ON reservation = id "
        f"WHERE state IN ({live})"
    ).fetchone()
    assert promised == held <= stock
    twice = "SELECT 1 FROM reservation WHERE code IS NOT NULL GROUP BY code HAVING count(*) > 1"
    assert db.execute(twice).fetchone() is None
    db.close()


MEASURES = {"rush": (rush, 1), "scans": (scans, 1), "rate": (rate, 10), "kills": (kills, 100)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="?", choices=MEASURES)
    parser.add_argument("--times", type=int)
    given = parser.parse_args()
    os.sched_setaffinity(0, os.sched_getaffinity(0) - {0} or {0})
    for name, (measure, times) in MEASURES.items():
        if given.what in (None, name):
            measure(given.times or times)


if __name__ == "__main__":
    main()
