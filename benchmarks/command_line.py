"""How long `empreinte --help` takes, bytecode compiled: the bar is 0.2 s (median of 20)."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import time

BAR_S = 0.2
RUNS = 20
PROGRAM = "import sys; from empreinte.faces.cli import main; sys.exit(main(['--help']))"


def once() -> float:
    """Run the command in a new process; give seconds."""
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", PROGRAM], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def main() -> int:
    once()  # compiles
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    times = sorted(once() for _ in range(RUNS))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    computing = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    median = statistics.median(times)
    print(
        f"empreinte --help: median {median:.3f} s, fastest {times[0]:.3f} s, "
        f"slowest {times[-1]:.3f} s; computing {computing / RUNS:.3f} s; bar {BAR_S} s"
    )
    return int(median > BAR_S)


if __name__ == "__main__":
    sys.exit(main())
