"""Make the graphs of the other benchmarks, load them, and see how time and memory grow.

    python benchmarks/graphs.py [--most MILLIONS]

The graphs are functions of a seed and are kept in benchmarks/.data: a power-law directed graph of
1.6 million nodes and 31 million edges, and an R-MAT one of 1.2 million and 32 million, on which the
search for seeds was tuned; and two that it was not tuned on: a Zipf-Mandelbrot one of 1.6 million
and 30.9 million, and a Barabási-Albert one of 1 million and 20 million. The growth table goes from
1 to MILLIONS (31, at most 500) million edges of the power law, one process a size: made, loaded,
turned round, maximised (weighted cascade, k = 50, ε = 0.1, two threads), and the seeds simulated
(one thread, in seconds of the processor). Peaks are of memory that a process has for itself.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numba
import numpy as np

from empreinte.kernels.diffusion.cascades import Worlds
from empreinte.kernels.diffusion.maximisation import maximise
from empreinte.kernels.diffusion.reverse import Incoming
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.loops.dice import start, step, unit
from empreinte.kernels.loops.reverse import guided, root

DATA = Path(__file__).parent / ".data"
BATCH = 1 << 21
THREADS = 2
SIZES = (1, 3, 10, 31, 100, 200, 500)
"""Millions of edges in the growth table."""
NODES_PER_EDGE = 1.6 / 31
LOAD_BAR_S = 0.3


@numba.njit(cache=True, inline="always")
def _rank(top, dice):
    """Give a rank from 0 on, drawn by expected degree, which falls as rank to the power 0.6."""
    x = top * dice + 1
    return np.int64(x * x * np.sqrt(x)) - 1


@numba.njit(cache=True, nogil=True)
def _power_law(seed, first, n, sources, targets):
    """Draw edges whose ends are picked by expected degree (Chung & Lu, 2002).

    Degrees have an exponent of 1 + 1 / 0.6.
    """
    top = (n + 1.0) ** 0.4 - 1
    for i in range(sources.size):
        state = step(start(seed, np.uint64(first + i)))
        source = min(_rank(top, unit(state)), n - 1)
        target = min(_rank(top, unit(step(state))), n - 1)
        # Multiplying by primes that do not divide n spreads the ranks over the numbers.
        sources[i] = source * 982_451_653 % n
        targets[i] = target * 961_748_941 % n


@numba.njit(cache=True, nogil=True)
def _rmat(seed, first, scale, sources, targets):
    """Draw edges by halving the matrix `scale` times (Chakrabarti, Zhan & Faloutsos, 2004).

    The shares of the quarters are those of Graph500: 0.57, 0.19, 0.19 and 0.05.
    """
    mask = np.uint64((1 << scale) - 1)
    for i in range(sources.size):
        state = start(seed, np.uint64(first + i))
        source = np.uint64(0)
        target = np.uint64(0)
        for _ in range(scale):
            state = step(state)
            dice = unit(state)
            down = dice >= 0.76
            right = 0.57 <= dice < 0.76 or dice >= 0.95
            source = source << np.uint64(1) | np.uint64(down)
            target = target << np.uint64(1) | np.uint64(right)
        # An odd factor modulo a power of two, and the bits turned over: hubs lie anywhere.
        sources[i] = _scattered(source, scale, mask)
        targets[i] = _scattered(target, scale, mask)


@numba.njit(cache=True, inline="always")
def _scattered(node, scale, mask):
    node = node * np.uint64(0x9E3779B97F4A7C15) & mask
    node = node ^ (node >> np.uint64(scale // 2))
    return node * np.uint64(0xD1342543DE82EF95) & mask


@numba.njit(cache=True, nogil=True)
def _mandelbrot(seed, first, out, into, sources, targets):
    """Draw edges whose ends are picked by weights added up, each with its `guided`."""
    n = out[0].size
    for i in range(sources.size):
        state = step(start(seed, np.uint64(first + i)))
        sources[i] = root(unit(state), n, out[0], out[1])
        targets[i] = root(unit(step(state)), n, into[0], into[1])


@numba.njit(cache=True, nogil=True)
def _attached(seed, n, each):
    """Let every node in turn link to `each` ends of edges drawn before (Barabási & Albert, 1999).

    Edge i goes from ``ends[2 * i]`` to ``ends[2 * i + 1]``.
    """
    ends = np.empty(2 * n * each, np.int32)
    state = start(seed, np.uint64(0))
    for i in range(n * each):
        ends[2 * i] = i // each
        state = step(state)
        ends[2 * i + 1] = ends[np.int64(unit(state) * (2 * i + 1))]
    return ends


@numba.njit(cache=True, nogil=True)
def _simplified(indptr, targets):
    """Sort each row, and leave out repeats and loops, in place; give the number of edges left."""
    at = 0
    begin = indptr[0]
    for node in range(indptr.size - 1):
        end = indptr[node + 1]
        row = np.sort(targets[begin:end])
        indptr[node] = at
        for i in range(row.size):
            if row[i] != node and (i == 0 or row[i] != row[i - 1]):
                targets[at] = row[i]
                at += 1
        begin = end
    indptr[indptr.size - 1] = at
    return at


def simple(graph: Graph) -> Graph:
    """Leave repeated edges and loops out; reuses the arrays of `graph`."""
    left = _simplified(graph.indptr, graph.targets)
    return Graph(graph.indptr, graph.targets[:left])


def without_lonely(graph: Graph) -> Graph:
    """Leave out the nodes that no edge touches; reuses the arrays of `graph`."""
    kept = graph.out_degrees() > 0
    kept[graph.targets] = True
    number = np.cumsum(kept, dtype=np.int32) - np.int32(1)
    indptr = np.append(graph.indptr[:-1][kept], graph.indptr[-1])
    for i in range(0, graph.m, BATCH):
        graph.targets[i : i + BATCH] = number[graph.targets[i : i + BATCH]]
    return Graph(indptr, graph.targets)


def _made(draw: Callable[..., None], edges: int, n: int) -> Graph:
    def batch(number: int):
        size = min(BATCH, edges - number * BATCH)
        sources, targets = np.empty(size, np.int32), np.empty(size, np.int32)
        draw(number * BATCH, sources, targets)
        return sources, targets, None

    return simple(Graph.from_batches(batch, -(-edges // BATCH), n, threads=THREADS))


def power_law(edges: int, seed: int = 1) -> Graph:
    """Make a directed graph of about `edges` edges, in and out degrees following power laws."""
    n = round(edges * NODES_PER_EDGE)

    def draw(first: int, sources, targets) -> None:
        _power_law(np.uint64(seed), first, n, sources, targets)

    return _made(draw, edges, n)


def rmat(scale: int, edges: int, seed: int = 1) -> Graph:
    """Make an R-MAT graph of at most 2^`scale` nodes and about `edges` edges."""

    def draw(first: int, sources, targets) -> None:
        _rmat(np.uint64(seed), first, scale, sources, targets)

    return without_lonely(_made(draw, edges, 1 << scale))


def mandelbrot(n: int, edges: int, seed: int = 1) -> Graph:
    """Make a directed graph of about `edges` edges with flat tops and uneven ends.

    Sources are drawn in proportion to (rank + 60) to the power -1 / 1.4, targets in proportion to
    the same times a log-normal number of σ 0.8. Nodes are numbered by rank.
    """
    weights = (np.arange(n) + 60.0) ** (-1 / 1.4)
    uneven = np.random.default_rng(seed).lognormal(0.0, 0.8, n)
    out, into = np.cumsum(weights), np.cumsum(weights * uneven)
    ends = (out, guided(out)), (into, guided(into))

    def draw(first: int, sources, targets) -> None:
        _mandelbrot(np.uint64(seed), first, *ends, sources, targets)

    return _made(draw, edges, n)


def barabasi_albert(n: int, each: int, seed: int = 1) -> Graph:
    """Make a graph where every node links to `each` before it, both ways."""
    ends = _attached(np.uint64(seed), n, each).reshape(-1, 2)

    def draw(first: int, sources, targets) -> None:
        # Every edge there, then every edge back.
        places = np.arange(first, first + sources.size)
        rows, back = places % (n * each), places // (n * each)
        # A factor that is prime to n spreads the nodes over the numbers.
        sources[:] = ends[rows, back].astype(np.int64) * 982_451_653 % n
        targets[:] = ends[rows, 1 - back].astype(np.int64) * 982_451_653 % n

    return _made(draw, 2 * n * each, n)


TUNED = {
    "power-law": lambda: power_law(31_000_000),
    "rmat": lambda: rmat(21, 33_554_432),
}
UNTUNED = {
    "mandelbrot": lambda: mandelbrot(1_600_000, 31_000_000),
    "barabasi-albert": lambda: barabasi_albert(1_000_000, 10),
}
GRAPHS = TUNED | UNTUNED


def _peak_mb() -> float:
    """Give the most memory that this process had for itself (mapped files are not counted)."""
    peak = 0
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(("VmHWM", "RssFile", "RssShmem")):
            peak += int(line.split()[1]) * (1 if line.startswith("VmHWM") else -1)
    return peak / 1024


def kept(name: str, make: Callable[[], Graph]) -> Path:
    """Make the graph `name` unless it lies in benchmarks/.data; give its path.

    What making took lies beside it.
    """
    path = DATA / f"{name}.npz"
    if not path.exists():
        DATA.mkdir(exist_ok=True)
        power_law(1_000)  # compiles
        begin = time.perf_counter()
        make().save(path)
        took = {"made_s": time.perf_counter() - begin, "made_mb": _peak_mb()}
        path.with_suffix(".json").write_text(json.dumps(took))
    return path


def load(name: str) -> Graph:
    """Give one of `GRAPHS`, made on first use."""
    return Graph.load(kept(name, GRAPHS[name]))


def grown(millions: int) -> Path:
    """Give the path of the power-law graph of so many million edges, made on first use."""
    name = "power-law" if millions == 31 else f"power-law-{millions}M"
    return kept(name, lambda: power_law(millions * 1_000_000))


def make(millions: int) -> dict[str, float]:
    """Make a graph of the growth table; tell what it took, now or when it was made."""
    return json.loads(grown(millions).with_suffix(".json").read_text())


def use(millions: int) -> dict[str, float]:
    """Load a graph of the growth table, simulate and maximise on it."""
    worlds = Worlds.independent(power_law(1_000), "weighted")
    worlds.spread([0], runs=1)
    maximise(worlds.graph, 2, threads=THREADS)
    path = grown(millions)
    begin = time.perf_counter()
    graph = Graph.load(path)
    told: dict[str, float] = {"n": graph.n, "m": graph.m, "load_s": time.perf_counter() - begin}
    begin = time.perf_counter()
    incoming = Incoming.of(graph, "weighted", threads=THREADS)
    told["turned_s"] = time.perf_counter() - begin
    begin = time.perf_counter()
    found = maximise(incoming, 50, threads=THREADS)
    told |= {"maximised_s": time.perf_counter() - begin, "estimate": found.estimate}
    told["maximised_mb"] = _peak_mb()
    del incoming
    worlds = Worlds.independent(graph, "weighted")
    begin = time.thread_time()
    spread = worlds.spread(found.seeds, runs=10, seed=9)
    told["edges_per_s"] = spread.edges / (time.thread_time() - begin)
    return told | {"spread": spread.mean, "error": spread.standard_error}


def _asked(what: str, millions: int) -> dict[str, float]:
    """Do one thing in a process of its own, so that its memory is its own."""
    command = [sys.executable, __file__, "--only", what, str(millions)]
    return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


HEAD = ("edges (M)", "nodes (M)", "make (s)", "make (MB)", "load (ms)", "turn (s)", "maximise (s)",
        "peak (MB)", "simulate (M edges/s)", "spread")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=31, metavar="MILLIONS")
    parser.add_argument("--only", nargs=2, metavar=("WHAT", "MILLIONS"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.only:
        what, millions = arguments.only
        print(json.dumps((make if what == "make" else use)(int(millions))))
        return
    for name in GRAPHS:
        kept(name, GRAPHS[name])
        seconds = []
        for _ in range(5):
            begin = time.perf_counter()
            graph = load(name)
            seconds.append(time.perf_counter() - begin)
        print(f"{name}: {graph.n:,} nodes, {graph.m:,} edges, loaded and checked in "
              f"{min(seconds) * 1e3:.0f} ms (bar: {LOAD_BAR_S * 1e3:.0f} ms)")  # fmt: skip
    print("| " + " | ".join(HEAD) + " |\n" + "|---:" * len(HEAD) + "|")
    for millions in SIZES:
        if millions <= arguments.most:
            told = _asked("make", millions) | _asked("use", millions)
            print(
                f"| {told['m'] / 1e6:,.1f} | {told['n'] / 1e6:,.2f} | {told['made_s']:.1f}"
                f" | {told['made_mb']:,.0f} | {told['load_s'] * 1e3:.0f} | {told['turned_s']:.1f}"
                f" | {told['maximised_s']:.2f} | {told['maximised_mb']:,.0f}"
                f" | {told['edges_per_s'] / 1e6:.0f}"
                f" | {told['spread']:,.0f} ± {told['error']:,.0f} |",
                flush=True,
            )


if __name__ == "__main__":
    main()
