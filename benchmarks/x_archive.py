"""How long an archive of X takes, and how much memory, against ``json.load`` of the same file.

    python benchmarks/x_archive.py [--source] [MB …]        (default: 10 100 1000)

For each size a synthetic ``tweets.js`` of that many megabytes is written in a zip, in X's layout,
under ``benchmarks/.data`` (kept for the next run), and a second one that holds one tweet more.
Each measure runs in a process of its own; memory is its peak resident set.

* json: ``json.load`` of the file without its ``window.YTD…=``
* source: the source alone, its records thrown away
* import, again, more: into an empty ledger, the same once more, then the archive with one tweet
  more (so that nothing can be skipped)
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from empreinte.testing import x
from empreinte.testing.person import Channel, Person, Published
from empreinte.testing.x.writing import pretty

DATA = Path(__file__).parent / ".data"
AT = datetime(2026, 9, 1, tzinfo=UTC)
OWNER = "someone_busy"
WRAPPER = "window.YTD.tweets.part0 = "


# -- making the archive


def write(path: Path, megabytes: int, more: int = 0) -> None:
    """Write the archive; `more` tweets stand before those that make up its size."""
    owner = x.user_id(OWNER)
    account = {"accountId": owner, "username": OWNER, "createdAt": "2010-01-01T00:00:00.000Z"}
    manifest = {"userInfo": {"accountId": owner}, "archiveInfo": {"generationDate": AT.isoformat()}}
    partial = path.with_suffix(".partial")
    with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("data/manifest.js", f"window.__THAR_CONFIG = {pretty(manifest)}")
        archive.writestr(
            "data/account.js", f"window.YTD.account.part0 = {pretty([{'account': account}])}"
        )
        with archive.open("data/tweets.js", "w", force_zip64=True) as stream:
            for chunk in _chunks(megabytes << 20, more):
                stream.write(chunk)
    partial.rename(path)


def _chunks(size: int, more: int) -> Iterator[bytes]:
    draw = random.Random(20)
    words = _words(draw)
    moulds = _moulds(draw)
    at, written, number = AT - timedelta(minutes=1), 0, 0
    buffer = [WRAPPER, "[ "]
    for _ in range(more):
        buffer += (_cast(moulds[0], random.Random(21), words, 0, AT), ", ")
    while written < size:
        number += 1
        at -= timedelta(seconds=draw.randrange(20, 400))
        piece = _cast(draw.choice(moulds), draw, words, number, at)
        written += len(piece) + 2
        buffer += (piece, ", ")
        if len(buffer) > 2000:
            yield "".join(buffer).encode()
            buffer = []
    buffer[-1] = " ]"
    yield "".join(buffer).encode()


def _words(draw: random.Random) -> list[str]:
    syllables = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "é", "ou", "an")]
    return ["".join(draw.choices(syllables, k=draw.randrange(1, 5))) for _ in range(4000)]


def _moulds(draw: random.Random) -> list[str]:
    """Give tweets of all kinds, in the proportions of a real account, to be filled in."""
    person = Person("Someone", "", "", "UTC", {"x": Channel("x", OWNER, AT)})
    kinds = ("post", "reply", "share", "quote")
    moulds = []
    for number in range(600):
        kind = draw.choices(kinds, (45, 43, 8, 4))[0]
        who = f"reader_{draw.randrange(5000)}"
        post = Published(
            7, "x", AT, kind, "TEXT", to=None if kind == "post" else who,
            mentions=tuple(f"reader_{draw.randrange(5000)}" for _ in range(draw.randrange(2))),
            tags=tuple(f"sujet{draw.randrange(300)}" for _ in range(draw.choice((0, 0, 1, 2)))),
            links=(f"https://example.org/page/{number}",) if draw.random() < 0.25 else (),
            media=("Image",) if draw.random() < 0.13 and kind != "share" else (),
        )  # fmt: skip
        tweet = x.tweet(post, person, AT, {})
        tweet |= {"favorite_count": "LIKES", "retweet_count": "SHARES"}
        text = pretty({"tweet": tweet}, jackson=True)
        moulds.append(text.replace(tweet["id_str"], "NUMBER").replace(tweet["created_at"], "DATE"))
    return moulds


def _cast(mould: str, draw: random.Random, words: list[str], number: int, at: datetime) -> str:
    likes = int(draw.paretovariate(0.9)) - 1
    return (
        mould.replace("NUMBER", x.tweet_id(number, at))
        .replace("DATE", x.tweet_date(at))
        .replace("TEXT", " ".join(draw.choices(words, k=draw.randrange(4, 34))))
        .replace("LIKES", str(likes))
        .replace("SHARES", str(likes // 6))
    )


# -- measuring


def measure(task: str, path: str, ledger: str) -> None:
    """Do one task and print its seconds, its peak memory in megabytes and what it met."""
    begin = time.perf_counter()
    met = _TASKS[task](Path(path), ledger)
    seconds = time.perf_counter() - begin
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "met": met}))


def _json(path: Path, ledger: str) -> int:
    with zipfile.ZipFile(path) as archive, archive.open("data/tweets.js") as stream:
        stream.read(len(WRAPPER))
        return len(json.load(stream))


def _source(path: Path, ledger: str) -> int:
    from empreinte.container import open_container
    from empreinte.model import FileReport
    from empreinte.sources import x as source

    with open_container(path) as export:
        (root,) = source.recognize(export)
        records = source.read(export.under(root))
        return sum(record.records for record in records if isinstance(record, FileReport))


def _import(path: Path, ledger: str) -> int:
    import empreinte

    with empreinte.open_ledger(ledger) as opened:
        (report,) = opened.ingest(path)
        return sum(report.kept.values())


_TASKS = {"json": _json, "source": _source, "import": _import}


def run(task: str, path: Path, ledger: Path) -> dict[str, float]:
    """Measure one task in a process of its own."""
    command = [sys.executable, __file__, "--measure", task, str(path), str(ledger)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def table(sizes: list[int], source_only: bool) -> None:
    """Print a line for each size and task."""
    print(
        f"{'MB':>5} {'task':8} {'seconds':>8} {'MB/s':>7} {'× json':>7} {'peak MB':>8} {'met':>9}"
    )
    for megabytes in sizes:
        paths = {more: DATA / f"x-{megabytes}-{more}.zip" for more in (0, 1)}
        for more, path in paths.items():
            if not path.exists() and not (source_only and more):
                DATA.mkdir(exist_ok=True)
                write(path, megabytes, more)
        with zipfile.ZipFile(paths[0]) as archive:
            info = archive.getinfo("data/tweets.js")
        print(f"{megabytes:5} packed {info.file_size / info.compress_size:.1f} to 1")
        tasks = [("json", "json", 0), ("source", "source", 0)]
        if not source_only:
            tasks += [("import", "import", 0), ("again", "import", 0), ("more", "import", 1)]
        with tempfile.TemporaryDirectory(dir=DATA) as folder:
            base = 0.0
            for name, task, more in tasks:
                found = run(task, paths[more], Path(folder) / "ledger.duckdb")
                base = base or found["seconds"]
                print(
                    f"{megabytes:5} {name:8} {found['seconds']:8.2f} "
                    f"{info.file_size / 1e6 / found['seconds']:7.1f} "
                    f"{found['seconds'] / base:7.2f} {found['peak']:8.0f} {found['met']:9}",
                    flush=True,
                )


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure imports of X archives.")
    parser.add_argument("sizes", nargs="*", type=int, default=[10, 100, 1000])
    parser.add_argument("--source", action="store_true", help="leave the ledger out")
    parser.add_argument("--measure", nargs=3, metavar=("TASK", "PATH", "LEDGER"))
    given = parser.parse_args()
    if given.measure:
        measure(*given.measure)
    else:
        table(given.sizes, given.source)


if __name__ == "__main__":
    main()
