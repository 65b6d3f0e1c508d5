"""How long it takes to find where a message must start, how far it then goes, and how sure that is.

    python benchmarks/maximisation.py [--runs 1000] [--rounds 5] [large] [small] [constant]

Seeds are judged by simulation, not by the sets they were chosen on. Beside each figure stands
OPIM-C as published in the same run: sets grown one after another by geometric skips, as many to
check as to choose, doubling from the number of the paper. Seconds are the best of the rounds, by
the clock and of the processor, because other programs may run beside; graphs are loaded and turned
round before.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import subprocess
import sys
import time
from pathlib import Path

import numba
import numpy as np
from scipy.special import gammaln

from empreinte.kernels.diffusion.cascades import Worlds
from empreinte.kernels.diffusion.maximisation import Maximisation, maximise
from empreinte.kernels.diffusion.reverse import Incoming
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.loops import cover
from empreinte.kernels.loops.dice import start, step, unit
from graphs import load

REAL = Path(__file__).parents[2] / "shared" / "data" / "graphs"
K = 50


@numba.njit(cache=True, nogil=True)
def _one_by_one(indptr, sources, p, first, count, seed):
    """Grow sets one after another; p is 0 for 1 / in-degree."""
    n = indptr.size - 1
    seen, queue = np.full(n, -1, np.int64), np.empty(n, np.int32)
    nodes, offsets, used = np.empty(1 << 16, np.int32), np.zeros(count + 1, np.int64), 0
    for i in range(count):
        state = start(np.uint64(seed), np.uint64(first + i))
        queue[0] = np.int64(unit(state) * n)
        seen[queue[0]], head, tail = i, 0, 1
        while head < tail:
            v = queue[head]
            head += 1
            begin, end = indptr[v], indptr[v + 1]
            if begin == end:
                continue
            log_q = np.log1p(-p if p > 0 else -1.0 / (end - begin))
            while True:
                state = step(state)
                gap = np.log1p(-unit(state)) / log_q
                if gap >= end - begin:
                    break
                begin += np.int64(gap)
                u = sources[begin]
                if seen[u] != i:
                    seen[u], queue[tail] = i, u
                    tail += 1
                begin += 1
        while used + tail > nodes.size:
            nodes = np.concatenate((nodes, np.empty_like(nodes)))
        nodes[used : used + tail] = queue[:tail]
        used += tail
        offsets[i + 1] = used
    return nodes[:used], offsets


def published(incoming: Incoming, epsilon: float) -> tuple[np.ndarray, int]:
    """Run OPIM-C (Tang et al. 2018, algorithm 2); give seeds and sets."""
    n, delta, share = incoming.n, 1 / incoming.n, 1 - 1 / math.e
    choices = gammaln(n + 1) - gammaln(K + 1) - gammaln(n - K + 1)
    root = share * math.sqrt(math.log(6 / delta)) + math.sqrt(
        share * (choices + math.log(6 / delta))
    )
    most, count, drawn = 2 * n * root**2 / (epsilon**2 * K), 2 * root**2, 0
    each = math.log(3 * math.ceil(math.log2(most / count)) / delta)
    pools: list[list[tuple]] = [[], []]
    while True:
        for pool, seed in zip(pools, (1, 2), strict=True):
            size = int(count) - drawn
            pool.append(
                _one_by_one(incoming.indptr, incoming.sources, incoming.p, drawn, size, seed)
            )
        drawn = int(count)
        nodes, offsets = _joined(pools[0])
        chosen, _, bounds, _ = cover.greedy(nodes, offsets, n, K, K, False)
        nodes, offsets = _joined(pools[1])
        hits = cover.hits(nodes, offsets, chosen, n).sum()
        root = max(math.sqrt(hits + 2 * each / 9) - math.sqrt(each / 2), 0)
        lower = root**2 - each / 18
        upper = (math.sqrt(bounds[0] + each / 2) + math.sqrt(each / 2)) ** 2
        if lower >= (share - epsilon) * upper or drawn >= most:
            return chosen, 2 * drawn
        count *= 2


def _joined(parts: list[tuple]) -> tuple[np.ndarray, np.ndarray]:
    ends = np.cumsum([0, *(nodes.size for nodes, _ in parts)])
    offsets = [own[1:] + end for (_, own), end in zip(parts, ends[:-1], strict=True)]
    return np.concatenate([n for n, _ in parts]), np.concatenate([[0], *offsets])


def timed(call, rounds: int) -> tuple[float, float, object]:
    """Give the best seconds of the clock and of the processor, and the last result."""
    clock = processor = math.inf
    result = None
    for _ in range(rounds):
        begin, spent = time.perf_counter(), time.process_time()
        result = call()
        clock = min(clock, time.perf_counter() - begin)
        processor = min(processor, time.process_time() - spent)
    return clock, processor, result


def compare(
    name: str, incoming: Incoming, worlds: Worlds, *, epsilon: float, rounds: int, runs: int
) -> None:
    """Print our figures and those of OPIM-C as published."""
    maximise(incoming, 2, model=incoming.model)
    rows = []
    for threads in (1, 2):
        clock, processor, found = timed(
            lambda t=threads: maximise(
                incoming, K, model=incoming.model, epsilon=epsilon, threads=t
            ),
            rounds,
        )
        assert isinstance(found, Maximisation)
        rows.append((f"empreinte, {threads} thread{'s'[: threads - 1]}", clock, processor))
    published(incoming, 0.5)
    clock, processor, old = timed(lambda: published(incoming, epsilon), max(1, rounds // 3))
    assert isinstance(old, tuple)
    rows.append(("OPIM-C as published", clock, processor))
    spreads = [
        worlds.spread(seeds, runs=runs, seed=77, threads=2) for seeds in (found.seeds, old[0])
    ]
    print(f"{name}, epsilon {epsilon}: {incoming.n:,} nodes, {incoming.sources.size:,} edges; "
          f"spread by {runs:,} runs {spreads[0].mean:,.1f} ± {spreads[0].standard_error:,.1f}, "
          f"as published {spreads[1].mean:,.1f} ± {spreads[1].standard_error:,.1f}")  # fmt: skip
    for who, clock, processor in rows:
        print(f"  {who:<22} {clock:7.3f} s, {processor:7.3f} s of processor, "
              f"{rows[-1][2] / processor:5.1f} times as fast as published")  # fmt: skip
    print(f"  estimate {found.estimate:,.1f} ± {found.standard_error:,.1f}; at least "
          f"{found.lower:,.0f}, best at most {found.upper:,.0f}: certified {found.certified:.3f} "
          f"of the best where {found.guarantee:.3f} was asked, with probability 1 - "
          f"{found.delta:.1e}; sets {found.sets:,} + {found.sets_checked:,} + "
          f"{found.sets_estimated:,}, published {old[1]:,}", flush=True)  # fmt: skip


def large(rounds: int, runs: int) -> None:
    for name in ("power-law", "rmat"):
        told = subprocess.run(
            [sys.executable, __file__, "--peak", name], check=True, capture_output=True
        ).stdout
        print(f"{name}: peak of a process that maximises: {json.loads(told):,.0f} MB, all included "
              "(bars: 600 MB; 0.25 s, on two threads 0.15 s)")  # fmt: skip
        graph = load(name)
        begin = time.perf_counter()
        incoming = Incoming.of(graph, threads=2)
        print(f"{name}: turned round in {time.perf_counter() - begin:.2f} s")
        worlds = Worlds.independent(graph, "weighted")
        compare(name, incoming, worlds, epsilon=0.1, rounds=rounds, runs=runs)


def peak(name: str) -> float:
    """Give the megabytes that maximising takes in all, the graph turned round before."""
    path = Path(__file__).parent / ".data" / f"{name}-turned.npz"
    if not path.exists():
        load(name).transposed(threads=2).save(path)
        sys.exit(subprocess.run([sys.executable, __file__, "--peak", name], check=True).returncode)
    turned = Graph.load(path, check=False)
    maximise(Incoming(turned.indptr, turned.targets, None, "weighted", 0.0), K)
    # Not ru_maxrss, which a process inherits from the one that started it.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def read(name: str, *, both_ways: bool, skip: int = 0) -> Graph:
    """Read one of the real graphs; nodes are numbered anew."""
    with gzip.open(REAL / f"{name}.txt.gz", "rt") as lines:
        rows = [line.split()[:2] for line in lines if line[0] != "#"][skip:]
    ends = np.unique(np.array(rows, dtype=np.int64), return_inverse=True)[1].reshape(-1, 2)
    u, v = ends.T
    if both_ways:
        u, v = np.concatenate([u, v]), np.concatenate([v, u])
    return Graph.from_edges(u, v)


def small(rounds: int, runs: int) -> None:
    for name, both_ways, skip in (("NetHEPT", True, 1), ("wiki-Vote", False, 0)):
        graph = read(name, both_ways=both_ways, skip=skip)
        worlds = Worlds.independent(graph, "weighted")
        for epsilon in (0.1, 0.01):
            compare(name, Incoming.of(graph), worlds, epsilon=epsilon, rounds=rounds, runs=runs)


def symmetric(n: int, edges: int, skew: float, seed: int = 1) -> Graph:
    """Make a graph whose expected degrees fall as rank to the power `skew`, both ways."""
    rng = np.random.default_rng(seed)
    parts = np.cumsum((np.arange(n) + 10.0) ** -skew)
    u, v = np.searchsorted(parts, rng.random((2, edges // 2)) * parts[-1])
    kept = u != v
    u, v = u[kept], v[kept]
    return Graph.from_edges(np.concatenate([u, v]), np.concatenate([v, u]), n=n)


def constant(rounds: int, runs: int) -> None:
    graphs = {
        "facebook_combined": read("facebook_combined", both_ways=True),
        "80,000 nodes, skew 0.5": symmetric(80_000, 1_000_000, 0.5),
        "80,000 nodes, skew 0.8": symmetric(80_000, 1_000_000, 0.8),
    }
    for name, graph in graphs.items():
        for p in (0.01, 0.1):
            incoming = Incoming.of(graph, "constant", p)
            worlds = Worlds.independent(graph, p)
            compare(f"{name}, p = {p}", incoming, worlds, epsilon=0.1, rounds=rounds, runs=runs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", default=["large", "small", "constant"])
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.peak:
        print(json.dumps(peak(arguments.peak)))
        return
    for part in arguments.parts:
        {"large": large, "small": small, "constant": constant}[part](
            arguments.rounds, arguments.runs
        )


if __name__ == "__main__":
    main()
