"""How many edges a second cascades are simulated at, beside a plain C++ program and cynetdiff.

    python benchmarks/simulation.py [--runs 20]

Edges are those that leave the nodes reached. One thread each, in turns, the best of five, in
seconds of the processor, because other programs may run beside; two threads by the clock. The
bars: twice the C++ program, which tests whether a node was visited before it tosses a coin, and
five times cynetdiff (pip install cynetdiff networkx).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from empreinte.kernels.diffusion import probabilities
from empreinte.kernels.diffusion.cascades import Worlds
from empreinte.kernels.diffusion.delays import Delay
from empreinte.kernels.diffusion.delays import spread as spread_over_time
from empreinte.kernels.graphs.graph import Graph
from graphs import load

ROUNDS = 5
PLAIN = r"""
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <vector>

struct Dice {  // xoroshiro128+
  uint64_t a = 88172645463325252ull, b = 0x9E3779B97F4A7C15ull;
  static uint64_t turned(uint64_t x, int k) { return x << k | x >> (64 - k); }
  float unit() {
    uint64_t x = a, y = b, sum = x + y;
    y ^= x;
    a = turned(x, 24) ^ y ^ (y << 16);
    b = turned(y, 37);
    return (sum >> 40) * 0x1p-24f;
  }
};

template <class T> std::vector<T> read(const char* name) {
  FILE* file = fopen(name, "rb");
  if (!file) exit(1);
  fseek(file, 0, SEEK_END);
  std::vector<T> data(ftell(file) / sizeof(T));
  rewind(file);
  if (fread(data.data(), sizeof(T), data.size(), file) != data.size()) exit(1);
  fclose(file);
  return data;
}

int main(int, char** names) {
  auto indptr = read<int64_t>(names[1]);
  auto targets = read<int32_t>(names[2]);
  auto chances = read<float>(names[3]);
  auto seeds = read<int32_t>(names[4]);
  int runs = atoi(names[5]);
  size_t n = indptr.size() - 1;
  std::vector<uint32_t> visited(n, 0);
  std::vector<int32_t> queue(n);
  Dice dice;
  uint32_t run = 0;
  for (char go; fread(&go, 1, 1, stdin) == 1;) {
    uint64_t edges = 0, reached = 0;
    clock_t begin = clock();
    for (int i = 0; i < runs; i++) {
      ++run;
      size_t head = 0, tail = 0;
      for (int seed : seeds)
        if (visited[seed] != run) visited[seed] = run, queue[tail++] = seed;
      while (head < tail) {
        int node = queue[head++];
        edges += indptr[node + 1] - indptr[node];
        for (int64_t e = indptr[node]; e < indptr[node + 1]; e++) {
          int target = targets[e];
          if (visited[target] != run && dice.unit() < chances[e])
            visited[target] = run, queue[tail++] = target;
        }
      }
      reached += tail;
    }
    double seconds = double(clock() - begin) / CLOCKS_PER_SEC;
    printf("[%.1f, %.2f]\n", edges / seconds, double(reached) / runs);
    fflush(stdout);
  }
}
"""

Measured = tuple[float, float]
"""Edges a second, mean spread."""


class Plain:
    """The C++ program, holding one graph, asked for one measurement at a time."""

    def __init__(self, program: Path, graph: Graph, chances, seeds, runs: int) -> None:
        names = []
        for name, array in (("i", graph.indptr), ("t", graph.targets), ("c", chances),
                            ("s", seeds)):  # fmt: skip
            names.append(str(program.with_name(name)))
            np.asarray(array).tofile(names[-1])
        self.process = subprocess.Popen(
            [str(program), *names, str(runs)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def measure(self) -> Measured:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b".")
        self.process.stdin.flush()
        rate, mean = json.loads(self.process.stdout.readline())
        return rate, mean

    def close(self) -> None:
        self.process.communicate()


def compiled(folder: Path) -> Path | None:
    """Compile the C++ program, where there is a compiler."""
    program = folder / "plain"
    try:
        subprocess.run(
            ["g++", "-O3", "-march=native", "-x", "c++", "-o", str(program), "-"],
            input=PLAIN.encode(), check=True,
        )  # fmt: skip
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"no C++ to compare with: {error}")
        return None
    return program


def cynetdiff(graph: Graph, chances, seeds, runs: int) -> Callable[[], Measured] | None:
    """Make the model of cynetdiff, where it is installed."""
    try:
        from cynetdiff.models import IndependentCascadeModel
    except ImportError:
        return None
    model = IndependentCascadeModel(
        graph.indptr[:-1].astype(np.uint32),
        np.asarray(graph.targets).astype(np.uint32),
        activation_probs=chances,
        rng=1,
    )
    model.set_seeds(seeds.tolist())
    degrees = graph.out_degrees()
    runs = max(1, runs // 10)

    def measure() -> Measured:
        seconds, edges, reached = 0.0, 0, 0
        for _ in range(runs):
            begin = time.thread_time()
            model.reset_model()
            model.advance_until_completion()
            seconds += time.thread_time() - begin
            nodes = np.fromiter(model.get_activated_nodes(), dtype=np.int64)
            edges += int(degrees[nodes].sum())
            reached += nodes.size
        return edges / seconds, reached / runs

    return measure


def ours(worlds: Worlds, seeds, runs: int, threads: int) -> Measured:
    clock = time.thread_time if threads == 1 else time.perf_counter
    begin = clock()
    found = worlds.spread(seeds, runs=runs, seed=1, threads=threads)
    return found.edges / (clock() - begin), found.mean


def compare(name: str, graph: Graph, runs: int, program: Path | None) -> None:
    hubs = np.argsort(-graph.out_degrees(), kind="stable")[:50].astype(np.int32)
    for rule in ("weighted", 0.1, 0.01):
        chances = probabilities.of_edges(graph, rule)
        begin = time.perf_counter()
        worlds = Worlds.independent(graph, rule)
        prepared = time.perf_counter() - begin
        worlds.spread(hubs, runs=1)
        many = runs if rule == "weighted" else max(5, runs // (1 if rule == 0.01 else 4))
        plain = Plain(program, graph, chances, hubs, max(1, many // 4)) if program else None
        other = cynetdiff(graph, chances, hubs, many)
        best = {"empreinte": (0.0, 0.0), "2 threads": (0.0, 0.0)}
        for _ in range(ROUNDS):
            measured = {"empreinte": ours(worlds, hubs, many, 1),
                        "2 threads": ours(worlds, hubs, many, 2)}  # fmt: skip
            if plain:
                measured["C++"] = plain.measure()
            if other:
                measured["cynetdiff"] = other()
            for who, found in measured.items():
                best[who] = max(best.get(who, (0.0, 0.0)), found)
        if plain:
            plain.close()
        speed = best["empreinte"][0]
        print(f"{name}, {rule}: prepared in {prepared:.2f} s; spread {best['empreinte'][1]:,.0f}")
        for who, (rate, mean) in best.items():
            print(f"  {who:<10} {rate / 1e6:8.0f} M edges/s, spread {mean:11,.1f}, "
                  f"empreinte is {speed / rate:5.1f} times as fast")  # fmt: skip


def others(name: str, graph: Graph, runs: int) -> None:
    """Time what neither of the two does."""
    hubs = np.argsort(-graph.out_degrees(), kind="stable")[:50].astype(np.int32)
    lone = np.random.default_rng(1).integers(0, graph.n, 1).astype(np.int32)
    heard = Worlds.threshold(graph)
    heard.spread(hubs, runs=1)
    rate, mean = max(ours(heard, hubs, runs, 1) for _ in range(ROUNDS))
    print(f"{name}, linear threshold: {rate / 1e6:.0f} M edges/s, spread {mean:,.0f}")
    worlds = Worlds.independent(graph, "weighted")
    rate, mean = max(ours(worlds, lone, 2_000, 1) for _ in range(ROUNDS))
    print(f"{name}, one seed of a few: {rate / 1e6:.0f} M edges/s, spread {mean:,.1f}")
    begin = time.thread_time()
    late = spread_over_time(worlds, Delay(1.0), hubs, [1, 10, np.inf], runs=3)
    seconds = (time.thread_time() - begin) / sum(int(by) for by in late[-1].sizes)
    print(f"{name}, continuous time: {seconds * 1e9:.0f} ns a node reached")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("graphs", nargs="*", default=["power-law", "rmat"])
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        program = compiled(Path(folder))
        for name in arguments.graphs:
            graph = load(name)
            compare(name, graph, arguments.runs, program)
            others(name, graph, arguments.runs)


if __name__ == "__main__":
    sys.exit(main())
