"""How long first answers take where nothing was compiled before: the bar is 3 s.

    python benchmarks/first_network.py

Asks `empreinte network` of the made-up person's ledger, each time in a process of its own and with
a copy of the package that has no compiled loops: small work done as arrays, as people have it; and
all of it in the loops, first with nothing compiled, then once more. Peaks are of the whole process.

Then in Chromium, with the same copy: from the dashboard's address to the first answer on home, of
influence and of the network, each in a server of its own (3 s); and from the drop of an archive of
2,000 posts on an empty dashboard to its first answers (5 s). A machine on which nothing else runs
is needed: it says how busy this one was.
"""

from __future__ import annotations

import compileall
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

import empreinte
from empreinte.faces.made_up import introduce
from empreinte.testing import x
from empreinte.testing.demo import write_exports
from empreinte.testing.life import SECOND_EXPORT, freelancer

BAR_S, DROP_S = 3.0, 5.0
POSTS = 2_000
SERVER = """
import sys
from empreinte.faces.cli import main
sys.argv[1:] = ["open", "--no-browser", "--ledger", sys.argv[1]]
sys.exit(main())
"""
LENSES = ("influence", "network")
PROGRAM = """
import contextlib, io, json, resource, sys, time
begin = time.perf_counter()
if sys.argv.pop() == "loops":
    from empreinte.kernels.diffusion import cascades, reverse
    from empreinte.kernels.graphs import layout, sorting
    from empreinte.kernels.learning import cascade_logs
    for module in (cascades, reverse, layout, sorting, cascade_logs):
        module.FEW = -1
from empreinte.faces.cli import main
sys.argv[1:] = ["network", "--ledger", sys.argv.pop()]
with contextlib.redirect_stdout(io.StringIO()):
    failed = main()
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "failed": failed, "s": time.perf_counter() - begin, "numba": "numba" in sys.modules,
    "processor_s": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024,
}))
"""


def environment(package: Path) -> dict[str, str]:
    """Give the environment of who runs the copy of the package, bytecode kept as people keep it."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(package)}


def asked(package: Path, ledger: Path, way: str) -> dict[str, float]:
    """Ask in a process of its own, with the package under `package`."""
    copy = shutil.copy(ledger, ledger.with_name(f"asked-{way}.duckdb"))
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, copy, way],
        env=environment(package), stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return json.loads(run.stdout)


@contextmanager
def shown(package: Path, ledger: Path) -> Iterator[str]:
    """Show a ledger with the package under `package`; give the address of the first visit."""
    with subprocess.Popen(
        [sys.executable, "-c", SERVER, str(ledger)],
        env=environment(package), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as server:  # fmt: skip
        assert server.stdout is not None
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def visited(browser: Browser, package: Path, ledger: Path, path: str) -> float:
    """Give the seconds from the first address to the first answer on a page."""
    copy = Path(shutil.copy(ledger, ledger.with_name("visited.duckdb")))
    with shown(package, copy) as first, closing(browser.new_context()) as context:
        tab = context.new_page()
        begin = time.perf_counter()
        tab.goto(first.replace("/?", f"{path}?"))
        tab.wait_for_selector(".answer li", timeout=120_000)
        return time.perf_counter() - begin


def dropped(browser: Browser, package: Path, home: Path) -> float:
    """Give the seconds from the drop of an archive on an empty dashboard to its first answers."""
    person = freelancer()
    posts = person.on("x", SECOND_EXPORT)[-POSTS:]
    archive = home / "twitter.zip"
    x.write_archive(archive, replace(person, published=posts), SECOND_EXPORT)
    with shown(package, home / "empty.duckdb") as first, closing(browser.new_context()) as context:
        tab = context.new_page()
        tab.goto(first)
        begin = time.perf_counter()
        tab.set_input_files("#files", archive)
        tab.wait_for_selector(".brought", timeout=120_000)
        tab.wait_for_selector(".answer li", timeout=120_000)
        return time.perf_counter() - begin


def in_browser(package: Path, home: Path) -> int:
    """Print how soon pages answer; give how many bars are missed."""
    missed = 0
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        print("| from the address, or the drop, to the first answer | s | bar |")
        print("|---|---:|---:|")
        for name, path in (("home", "/"), *((lens, f"/lens/{lens}") for lens in LENSES)):
            taken = visited(browser, package, home / "ledger.duckdb", path)
            missed += taken > BAR_S
            print(f"| {name} | {taken:.1f} | {BAR_S} |", flush=True)
        taken = dropped(browser, package, home)
        print(f"| a drop of {POSTS:,} posts | {taken:.1f} | {DROP_S} |")
        browser.close()
    busy = os.getloadavg()[0]
    print(f"processes that wanted to run meanwhile, on {os.cpu_count()} cores: {busy:.1f}")
    return missed + (taken > DROP_S)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        source = Path(empreinte.__file__).parent
        uncompiled = shutil.ignore_patterns("*.nbi", "*.nbc")
        shutil.copytree(source, home / "package" / source.name, ignore=uncompiled)
        compileall.compile_dir(home / "package", quiet=1)  # as an installer does
        with empreinte.open_ledger(home / "ledger.duckdb") as ledger:
            introduce(ledger, ledger.ingest(*write_exports(home / "exports")))
        rows = {
            name: asked(home / "package", home / "ledger.duckdb", way)
            for name, way in (
                ("bytecode alone", "arrays"),
                ("small work as arrays", "arrays"),
                ("in loops, nothing compiled", "loops"),
                ("in loops, compiled before", "loops"),
            )
        }
        missed = in_browser(home / "package", home)
    rows.pop("bytecode alone")
    first = rows["small work as arrays"]
    assert not first["numba"]
    print("| first answer of the network | s | processor s | ratio | peak MB |")
    print("|---|---:|---:|---:|---:|")
    for name, row in rows.items():
        ratio = row["processor_s"] / first["processor_s"]
        print(
            f"| {name} | {row['s']:.2f} | {row['processor_s']:.2f} | {ratio:.1f}"
            f" | {row['mb']:.0f} |"
        )
    print(f"bar: {BAR_S} s")
    return int(first["s"] > BAR_S or missed > 0)


if __name__ == "__main__":
    sys.exit(main())
