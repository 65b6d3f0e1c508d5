"""How long the network's first answer takes where nothing was compiled before: the bar is 3 s.

    python benchmarks/first_network.py

Asks `empreinte network` of the made-up person's ledger, each time in a process of its own and with
a copy of the package that has no compiled loops: small work done as arrays, as people have it; and
all of it in the loops, first with nothing compiled, then once more. Peaks are of the whole process.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import empreinte
from empreinte.testing.demo import write_exports

BAR_S = 3.0
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
with contextlib.redirect_stdout(io.StringIO()):
    failed = main(["network", "--ledger", sys.argv.pop()])
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps({
    "failed": failed, "s": time.perf_counter() - begin, "numba": "numba" in sys.modules,
    "processor_s": used.ru_utime + used.ru_stime, "mb": used.ru_maxrss / 1024,
}))
"""


def asked(package: Path, ledger: Path, way: str) -> dict[str, float]:
    """Ask in a process of its own, with the package under `package`."""
    copy = shutil.copy(ledger, ledger.with_name(f"asked-{way}.duckdb"))
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM, copy, way],
        env=os.environ | {"PYTHONPATH": str(package)}, stdout=subprocess.PIPE, check=True,
    )  # fmt: skip
    return json.loads(run.stdout)


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        source = Path(empreinte.__file__).parent
        uncompiled = shutil.ignore_patterns("*.nbi", "*.nbc")
        shutil.copytree(source, home / "package" / source.name, ignore=uncompiled)
        with empreinte.open_ledger(home / "ledger.duckdb") as ledger:
            ledger.ingest(*write_exports(home / "exports"))
        rows = {
            name: asked(home / "package", home / "ledger.duckdb", way)
            for name, way in (
                ("bytecode alone", "arrays"),
                ("small work as arrays", "arrays"),
                ("in loops, nothing compiled", "loops"),
                ("in loops, compiled before", "loops"),
            )
        }
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
    return int(first["s"] > BAR_S)


if __name__ == "__main__":
    sys.exit(main())
