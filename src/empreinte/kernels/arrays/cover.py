"""Greedy coverage on few sets; each function does what its namesake in `kernels.loops.cover` does.

Of members that hit as many sets, the same one is chosen.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.arrays.ranges import ranges

NEVER = np.iinfo(np.int64).max

Numbers = NDArray[np.int32]
Offsets = NDArray[np.int64]


def renamed(nodes: Numbers, offsets: Offsets, numbers: Numbers, names: Numbers, used: int) -> int:
    """Number nodes from 0 as they are met, and leave out those that may not be chosen."""
    keep = numbers[nodes] >= 0
    kept = nodes[keep]
    new, first = np.unique(kept[numbers[kept] == 0], return_index=True)
    new = new[np.argsort(first)]
    names[used : used + new.size] = new
    numbers[new] = np.arange(used, used + new.size) + 1
    nodes[: kept.size] = numbers[kept] - 1
    offsets[:] = np.concatenate([[0], np.cumsum(keep)])[offsets]
    return used + new.size


def greedy(
    nodes: Numbers, offsets: Offsets, size: int, k: int, most: int, curve: bool
) -> tuple[Numbers, NDArray[np.int64], NDArray[np.int64], int]:
    """Choose k members, each the one that hits most of the sets not hit before."""
    counts = np.bincount(nodes, minlength=size)
    begins = np.concatenate([[0], np.cumsum(counts)])
    sizes = np.diff(offsets)
    held = np.repeat(np.arange(sizes.size), sizes)[np.argsort(nodes, kind="stable")]
    waiting: list[list[int]] = [[] for _ in range(int(counts.max(initial=0)) + 1)]
    for v in range(size - 1, -1, -1):
        waiting[counts[v]].append(v)
    chosen: list[int] = []
    gains: list[int] = []
    bounds = np.full(most + 1 if curve else 1, NEVER)
    hit = np.zeros(sizes.size, np.bool_)
    tightest = 0
    while True:
        _settle(waiting, counts)
        before = bounds[-1]
        np.minimum(bounds, sum(gains) + _largest(counts, most)[-bounds.size :], out=bounds)
        if bounds[-1] < before:
            tightest = len(chosen)
        if len(chosen) == k or len(waiting) <= 1:
            break
        v = waiting[-1].pop()
        chosen.append(v)
        gains.append(len(waiting) - 1)
        new = held[begins[v] : begins[v + 1]]
        new = new[~hit[new]]
        hit[new] = True
        counts -= np.bincount(nodes[ranges(offsets[new], sizes[new])], minlength=size)
    return np.array(chosen, np.int32), np.array(gains, np.int64), bounds, tightest


def _settle(waiting: list[list[int]], counts: NDArray[np.int64]) -> None:
    """Let a member of the highest count there is wait last of all.

    Members wait under the count they had; those found too high are moved to where they belong.
    """
    while len(waiting) > 1:
        if not waiting[-1]:
            waiting.pop()
        elif (count := int(counts[waiting[-1][-1]])) < len(waiting) - 1:
            waiting[count].append(waiting[-1].pop())
        else:
            break


def _largest(counts: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Give the sums of the 0 to `most` largest counts."""
    largest = np.zeros(most + 1, np.int64)
    found = np.sort(counts)[::-1][:most]
    largest[1 : found.size + 1] = found
    return np.cumsum(largest)


def hits(nodes: Numbers, offsets: Offsets, chosen: Numbers, size: int) -> NDArray[np.bool_]:
    """Tell which sets hold any of the chosen members."""
    sizes = np.diff(offsets)
    out = np.zeros(sizes.size, np.bool_)
    out[np.repeat(np.arange(sizes.size), sizes)[np.isin(nodes, chosen)]] = True
    return out


def missed(nodes: Numbers, offsets: Offsets, hit: NDArray[np.bool_]) -> tuple[int, int]:
    """Keep the sets that are not hit, in place; give how many members and sets there are."""
    sizes = np.diff(offsets)
    kept, left = nodes[np.repeat(~hit, sizes)], sizes[~hit]
    nodes[: kept.size] = kept
    offsets[: left.size + 1] = np.concatenate([[0], np.cumsum(left)])
    return kept.size, left.size
