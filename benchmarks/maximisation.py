"""How long it takes to find where a message must start, how far it then goes, and how sure that is.

    python benchmarks/maximisation.py [--runs 1000] [--rounds 5] [--subsim PROGRAM]
                                      [tuned] [untuned] [small] [constant]

The parts: two large graphs on which the search was tuned, two on which it was not, two small real
ones, and constant probabilities. Seeds are judged by simulation, not by the sets they were chosen
on: those of every round, for they differ with the random numbers; the error is that of the mean
over rounds. Everyone takes a turn in each round, because other programs may run beside: seconds by
the clock and of the processor are told as the least and the median of the rounds; graphs are
loaded and turned round before. Beside ours stands OPIM-C as published: sets grown one after
another by geometric skips, as many to check as to choose, doubling from the number of the paper;
and with --subsim the authors' SUBSIM, HIST where probability is constant, which `subsim` says how
to compile. Its seconds are those that it tells of itself.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import numba
import numpy as np
from scipy.special import gammaln

import subsim
from empreinte.kernels.diffusion import opim
from empreinte.kernels.diffusion.cascades import Worlds
from empreinte.kernels.diffusion.demand import THOROUGH, asked
from empreinte.kernels.diffusion.maximisation import maximise
from empreinte.kernels.diffusion.opim import search
from empreinte.kernels.diffusion.reverse import Drawer, Incoming
from empreinte.kernels.graphs.graph import Graph
from empreinte.kernels.loops import cover
from empreinte.kernels.loops.dice import start, step, unit
from graphs import DATA, TUNED, UNTUNED, load

REAL = Path(__file__).parents[2] / "shared" / "data" / "graphs"
K = 50
LONG = 64


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


class Round(NamedTuple):
    """Seconds by the clock and of the processor, and seeds."""

    clock: float
    processor: float
    seeds: np.ndarray


def timed(call: Callable[[], np.ndarray]) -> Round:
    clock, processor = time.perf_counter(), time.process_time()
    seeds = call()
    return Round(time.perf_counter() - clock, time.process_time() - processor, seeds)


def line(who: str, rounds: list[Round], worlds: Worlds, runs: int) -> str:
    each = -(-runs // len(rounds))
    spreads = [
        worlds.spread(own.seeds, runs=each, seed=77 + i, threads=2).mean
        for i, own in enumerate(rounds)
    ]
    error = np.std(spreads, ddof=1) / math.sqrt(len(spreads)) if len(spreads) > 1 else math.nan
    clock, processor, _ = zip(*rounds, strict=True)
    return (f"  {who:<20} clock {min(clock):8.4f} {np.median(clock):8.4f}, processor "
            f"{min(processor):8.4f} {np.median(processor):8.4f} s; spread "
            f"{np.mean(spreads):11,.1f} ± {error:,.1f}")  # fmt: skip


def compare(
    name: str, incoming: Incoming, worlds: Worlds, *, epsilon: float, given: argparse.Namespace
) -> None:
    """Let everyone take a turn in each round; print seconds and spreads."""
    hist = incoming.model == "constant"
    path = DATA / name.replace(" ", "-")
    if given.subsim:
        subsim.written(incoming, path)

    def theirs(_: int) -> Round:
        told = subsim.run(given.subsim, path, K, epsilon, hist=hist)
        return Round(told.seconds, told.seconds, told.seeds)

    def ours(quick: bool, threads: int) -> Callable[[int], Round]:
        return lambda seed: timed(
            lambda: maximise(
                incoming, K, model=incoming.model, epsilon=epsilon, seed=seed, threads=threads,
                quick=quick,
            ).seeds
        )  # fmt: skip

    turns = {
        f"{'quick' if quick else 'default'}, {threads} thread{'s'[: threads - 1]}":
        ours(quick, threads)
        for quick in (False, True)
        for threads in (1, 2)
    }  # fmt: skip
    turns["OPIM-C as published"] = lambda _: timed(lambda: published(incoming, epsilon)[0])
    if given.subsim:
        turns["HIST" if hist else "SUBSIM"] = theirs
    for turn in turns.values():
        turn(0)  # compiles
    taken: dict[str, list[Round]] = {}
    for seed in range(given.rounds):
        for who, turn in turns.items():
            taken.setdefault(who, []).append(turn(seed))
    print(f"{name}, epsilon {epsilon}: {incoming.n:,} nodes, {incoming.sources.size:,} edges; "
          "least and median of rounds")  # fmt: skip
    for who, rounds in taken.items():
        print(line(who, rounds, worlds, given.runs), flush=True)
    for quick in (False, True):
        found = maximise(incoming, K, model=incoming.model, epsilon=epsilon, quick=quick)
        print(f"  {'quick' if quick else 'default'}: estimate {found.estimate:,.1f} ± "
              f"{found.standard_error:,.1f}; at least {found.lower:,.0f}, best at most "
              f"{found.upper:,.0f}: certified {found.certified:.3f} of the best where "
              f"{found.guarantee:.3f} was asked, with probability 1 - {found.delta:.1e}; sets "
              f"{found.sets:,} + {found.sets_checked:,} + {found.sets_estimated:,}",
              flush=True)  # fmt: skip


def large(names: Iterable[str], given: argparse.Namespace) -> None:
    for name in names:
        told = subprocess.run(
            [sys.executable, __file__, "--peak", name], check=True, capture_output=True
        ).stdout
        print(f"{name}: peak of a process that maximises: {json.loads(told):,.0f} MB, all included")
        graph = load(name)
        worlds = Worlds.independent(graph, "weighted")
        compare(name, turned(name), worlds, epsilon=0.1, given=given)


def turned(name: str) -> Incoming:
    """Give one of `GRAPHS` turned round, which is kept as well."""
    path = DATA / f"{name}-turned.npz"
    if not path.exists():
        load(name).transposed(threads=2).save(path)
    graph = Graph.load(path, check=False)
    return Incoming(graph.indptr, graph.targets, None, "weighted", 0.0)


def peak(name: str) -> float:
    """Give the megabytes that maximising takes in all, the graph turned round before."""
    if not (DATA / f"{name}-turned.npz").exists():
        turned(name)
        sys.exit(subprocess.run([sys.executable, __file__, "--peak", name], check=True).returncode)
    maximise(turned(name), K)
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


def small(given: argparse.Namespace) -> None:
    for name, both_ways, skip in (("NetHEPT", True, 1), ("wiki-Vote", False, 0)):
        graph = read(name, both_ways=both_ways, skip=skip)
        worlds = Worlds.independent(graph, "weighted")
        for epsilon in (0.1, 0.01):
            compare(name, Incoming.of(graph), worlds, epsilon=epsilon, given=given)


def symmetric(n: int, edges: int, skew: float, seed: int = 1) -> Graph:
    """Make a graph whose expected degrees fall as rank to the power `skew`, both ways."""
    rng = np.random.default_rng(seed)
    parts = np.cumsum((np.arange(n) + 10.0) ** -skew)
    u, v = np.searchsorted(parts, rng.random((2, edges // 2)) * parts[-1])
    kept = u != v
    u, v = u[kept], v[kept]
    return Graph.from_edges(np.concatenate([u, v]), np.concatenate([v, u]), n=n)


def constant(given: argparse.Namespace) -> None:
    """Compare where every edge carries alike, also with a long search on `LONG` times the steps.

    The first graph has the size and the highest degree of Slashdot's network of 2008.
    """
    graphs = {
        "Slashdot-like": symmetric(77_360, 905_468, 0.7),
        "facebook_combined": read("facebook_combined", both_ways=True),
        "80,000 nodes, skew 0.5": symmetric(80_000, 1_000_000, 0.5),
        "80,000 nodes, skew 0.8": symmetric(80_000, 1_000_000, 0.8),
    }
    for name, graph in graphs.items():
        for p in (0.01, 0.1):
            incoming = Incoming.of(graph, "constant", p)
            worlds = Worlds.independent(graph, p)
            compare(f"{name}, p = {p}", incoming, worlds, epsilon=0.1, given=given)
            print(
                line("a long search", [timed(lambda own=incoming: long(own))], worlds, given.runs)
            )


def long(incoming: Incoming) -> np.ndarray:
    """Choose seeds on `LONG` times the steps of the default."""
    steps = LONG * THOROUGH.steps_small
    effort = THOROUGH._replace(steps=steps, steps_small=steps, fair=LONG * THOROUGH.fair)
    with (
        Drawer(incoming, 5, None, 2) as drawer,
        patch.object(opim, "MOST_STEPS", LONG * opim.MOST_STEPS),
        patch.object(opim, "CHEAP_A_NODE", LONG * opim.CHEAP_A_NODE),
        patch.object(opim, "MOST_A_NODE", LONG * opim.MOST_A_NODE),
    ):
        task = asked(incoming, K, 0.1, None, None, None, None, (), (), False, effort)
        return search(drawer, task).seeds


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", default=["tuned", "untuned", "small", "constant"])
    parser.add_argument("--runs", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--subsim", type=Path, metavar="PROGRAM")
    parser.add_argument("--peak", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.peak:
        print(json.dumps(peak(given.peak)))
        return
    for part in given.parts:
        if part in ("tuned", "untuned"):
            large(TUNED if part == "tuned" else UNTUNED, given)
        else:
            {"small": small, "constant": constant}[part](given)


if __name__ == "__main__":
    main()
