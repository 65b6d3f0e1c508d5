"""Run the authors' SUBSIM and HIST (Guo et al., SIGMOD 2020), for those who have compiled them.

Their program is called as its own README says, on graphs in its own format:

    PROGRAM -func=im -gname=NAME -dir=FOLDER -outpath=FOLDER -seedsize=K -eps=EPSILON -hist=0|1

It tells ``Time (sec): SECONDS`` of the choice alone, the graph read before, and writes the seeds to
``FOLDER/seed/seed_NAME_subsim_k…``, one a line. Its `Timer` reads the clock: where other programs
run beside, let it read the time of the processor (``clock()``) before compiling, with -O3
-march=native. As published, HIST reads the first edge of nodes that have none.
"""

from __future__ import annotations

import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.diffusion.reverse import Incoming

UNIFORM, CASCADE = 1, 2
"""How their program numbers probabilities: a constant one, 1 / in-degree."""


class Told(NamedTuple):
    """Seconds of the choice, and its seeds."""

    seconds: float
    seeds: NDArray[np.int32]


def written(incoming: Incoming, path: Path) -> None:
    """Write a graph as ``PATH.vec.rvs.graph`` and ``PATH.probdist``, unless they lie there.

    Words of 64 bits: the number of nodes; for each its in-degree, then a word for each in-edge,
    the source below and the probability, as float32, above.
    """
    kind = UNIFORM if incoming.model == "constant" else CASCADE
    graph = path.with_name(path.name + ".vec.rvs.graph")
    if graph.exists():
        return
    n, m = incoming.n, incoming.sources.size
    degrees = np.diff(incoming.indptr)
    chances = np.full(n, incoming.p) if kind == UNIFORM else 1 / np.maximum(degrees, 1)
    bits = chances.astype(np.float32).view(np.uint32).astype(np.uint64) << np.uint64(32)
    words = np.empty(1 + n + m, np.uint64)
    words[0] = n
    heads = 1 + np.arange(n) + incoming.indptr[:-1]
    words[heads] = degrees
    edges = np.ones(words.size, np.bool_)
    edges[0] = edges[heads] = False
    words[edges] = np.repeat(bits, degrees) | incoming.sources.astype(np.uint64)
    words.tofile(graph)
    path.with_name(path.name + ".probdist").write_text(str(kind))


def run(program: Path, path: Path, k: int, epsilon: float, *, hist: bool) -> Told:
    """Choose seeds on a graph that is `written`."""
    with TemporaryDirectory() as folder:
        arguments = {"func": "im", "gname": path.name, "dir": path.parent, "outpath": folder,
                     "seedsize": k, "eps": epsilon, "hist": int(hist)}  # fmt: skip
        command = [str(program), *(f"-{name}={value}" for name, value in arguments.items())]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        (seeds,) = Path(folder, "seed").iterdir()
        seconds = float(told.partition("Time (sec): ")[2].split()[0])
        return Told(seconds, np.array(seeds.read_text().split(), np.int32))
