"""Cascades in many worlds at once, each edge of each world tossed; see `kernels.loops.worlds`."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.arrays.dice import GOLDEN, Words, mixed, start, unit
from empreinte.kernels.arrays.ranges import ranges

CONSTANT, WEIGHTED, GIVEN, SHARED = 0, 1, 2, 3
"""How edges come to be live: what `coins` begins with."""
MORE = np.uint64(0x5851F42D4C957F2D)
NODES = np.uint64(0xDA3E39CB94B95BDB)
_TOGETHER = 1 << 20
"""Edges, or nodes, of all the worlds that are looked at together."""


def bounds(chances: NDArray) -> NDArray[np.uint8]:
    """Give the bound of the first byte of a coin: 256 times the probability, cut."""
    return np.minimum(255.0, np.floor(256.0 * chances.astype(np.float64))).astype(np.uint8)


def spread(
    indptr: NDArray[np.int64],
    targets: NDArray[np.int32],
    coins: tuple[Any, ...],
    seeds: NDArray[np.int32],
    seed: int | np.uint64,
    first: int,
    sizes: NDArray[np.int32],
    reached: NDArray[np.int64],
) -> int:
    """Run a cascade in worlds `first` on, as `empreinte.kernels.loops.cascade.spread` does."""
    degrees = np.diff(indptr)
    sources = np.repeat(np.arange(degrees.size), degrees)
    step = max(1, _TOGETHER // max(degrees.size, targets.size, 1))
    edges = 0
    for begin in range(0, sizes.size, step):
        part = sizes[begin : begin + step]
        worlds = start(seed, first + begin, part.size)
        found = _walked(sources, targets, _live(worlds, coins, targets), seeds, degrees.size)
        part[:] = found.sum(axis=1)
        by_node = found.sum(axis=0)
        edges += int(by_node @ degrees)
        if reached.size:
            reached += by_node
    return edges


def _live(worlds: Words, coins: tuple[Any, ...], targets: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Tell which edges are live in each world."""
    kind, bound, bounds, _, _, lows, widths = coins
    m = targets.size
    if kind == SHARED:
        nodes = np.arange(targets.max(initial=-1) + 1, dtype=np.uint64) * GOLDEN
        drawn = mixed(mixed(worlds ^ NODES)[:, None] + nodes) >> np.uint64(33)
        return drawn[:, targets] - lows < widths  # what is below the low wraps around
    words = np.arange(-(-m // 8), dtype=np.uint64) * GOLDEN
    byte = mixed(worlds[:, None] + words).astype("<u8").view(np.uint8)[:, :m]
    most = bound if kind == CONSTANT else bounds[:m]
    live = byte < most
    world, edge = _where(byte == most)
    p = _chances(coins, edge, targets)
    more = unit(mixed(worlds ^ MORE)[world] + edge.astype(np.uint64) * GOLDEN)
    live[world, edge] = more < 256.0 * p - np.minimum(255.0, np.floor(256.0 * p))
    return live


def _where(told: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Give rows and columns as ``nonzero`` does, which takes ten times as long for two."""
    return np.divmod(np.flatnonzero(told), max(told.shape[1], 1))


def _chances(
    coins: tuple[Any, ...], edge: NDArray[np.int64], targets: NDArray[np.int32]
) -> NDArray[np.float64]:
    """Give the probabilities of edges of an independent cascade."""
    kind, _, _, chances, degrees, _, _ = coins
    if kind == WEIGHTED:
        return (1.0 / degrees[targets[edge]]).astype(np.float32).astype(np.float64)
    of = np.zeros_like(edge) if kind == CONSTANT else edge
    return chances[of].astype(np.float64)


def _walked(
    sources: NDArray[np.int64],
    targets: NDArray[np.int32],
    live: NDArray[np.bool_],
    seeds: NDArray[np.int32],
    n: int,
) -> NDArray[np.bool_]:
    """Tell which nodes live edges reach from the seeds, a row a world."""
    world, edge = _where(live)
    # Both ends as nodes of one graph that holds all worlds; edges come in the order of sources.
    source, target = world * n + sources[edge], world * n + targets[edge]
    reached = np.zeros(live.shape[0] * n, np.bool_)
    last = (np.arange(live.shape[0])[:, None] * n + np.unique(seeds)).ravel()
    while last.size:
        reached[last] = True
        begin, end = (np.searchsorted(source, last, side) for side in ("left", "right"))
        next_ = target[ranges(begin, end - begin)]
        last = np.unique(next_[~reached[next_]])
    return reached.reshape(live.shape[0], n)
