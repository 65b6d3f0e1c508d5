"""Edges sorted into the rows of a graph, by any number of threads, in bounded memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.loops import loops

Batch = tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float32] | None]
"""Keys, values and weights of some edges; the keys become the rows."""

BUCKETS = 1 << 10
"""More are more lines of memory than the processor writes at a time with ease."""
ROOM = 1 << 25
"""Edges that wait in buckets at a time, at least."""

FEW = 1 << 20
"""Edges that numpy sorts in 0.06 s; the loops take 0.03 s, but half a second to be imported."""

Arrays = tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.float32] | None]


def useful(threads: int, parts: int) -> int:
    """Give how many threads `parts` parts of the work are worth."""
    return max(1, min(threads, os.cpu_count() or 1, parts))


def by_key(
    keys: Callable[[int], NDArray[np.int32]],
    batch: Callable[[int], Batch],
    size: int,
    n: int,
    *,
    weighted: bool,
    threads: int,
    passes: int,
    m: int | None = None,
) -> Arrays:
    """Sort the edges of `size` batches by key; those of one key keep their order.

    The keys of each batch are asked for once, and the batch once in each of at most `passes`
    passes; a pass holds 1 / `passes` of the edges in memory beside the result, or `ROOM`. Few
    edges are sorted at once, where their number `m` is known beforehand.

    Returns
    -------
    indptr, values, weights
        As in `empreinte.kernels.graphs.graph.Graph`.
    """
    if m is not None and m <= FEW:
        return _at_once([batch(number) for number in range(size)], n, weighted)
    csr = loops("csr")
    shift = max(0, int(n).bit_length() - BUCKETS.bit_length() + 1)
    counts = np.zeros((threads, (n >> shift) + 1), dtype=np.int64)
    cuts = [size * part // threads for part in range(threads + 1)]
    kind = np.uint32(shift)
    indptr = np.zeros(n + 1, dtype=np.int64)

    def count(part: int) -> None:
        for number in range(cuts[part], cuts[part + 1]):
            csr.count(keys(number), kind, counts[part])

    def scatter(part: int) -> None:
        for number in range(cuts[part], cuts[part + 1]):
            ends, values, weights = batch(number)
            weights = _NONE if weights is None else weights
            csr.scatter(ends, values, weights, kind, places[part], steps, pairs, pair_weights)

    def sort(part: tuple[int, int]) -> None:
        csr.sort(pairs, pair_weights, begins, *part, done, shift, indptr, out, weights_out)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(count, range(threads)))
        sizes = counts.sum(axis=0)
        m = int(sizes.sum())
        room = max(ROOM, -(-m // passes), int(sizes.max()))
        out = np.empty(m, dtype=np.int32)
        weights_out = np.empty(m if weighted else 0, dtype=np.float32)
        # One more: the place of edges that are of another pass.
        pairs = np.empty(min(room, m) + 1, dtype=np.uint64)
        pair_weights = np.empty(pairs.size if weighted else 0, dtype=np.float32)
        done = 0
        for first, last in _ranges(sizes, room):
            begins = np.zeros(sizes.size + 1, dtype=np.int64)
            np.cumsum(sizes[first:last], out=begins[first + 1 : last + 1])
            steps = np.zeros(sizes.size, dtype=np.int64)
            steps[first:last] = 1
            places = np.full_like(counts, pairs.size - 1)
            before = np.cumsum(counts, axis=0) - counts
            places[:, first:last] = begins[first:last] + before[:, first:last]
            list(pool.map(scatter, range(threads)))
            list(pool.map(sort, _shares(begins, first, last, threads)))
            done += int(begins[last])
    indptr[n] = m
    return indptr, out, weights_out if weighted else None


def _at_once(batches: list[Batch], n: int, weighted: bool) -> Arrays:
    none = np.empty(0, np.int32)
    keys = np.concatenate([none, *(keys for keys, _, _ in batches)])
    values = np.concatenate([none, *(values for _, values, _ in batches)])
    # Sorted by key and place in one word: three times as fast as a stable sort of places by key.
    order = keys.astype(np.uint64) << np.uint64(32) | np.arange(keys.size, dtype=np.uint64)
    order.sort()
    order = order.astype(np.uint32)
    indptr = np.zeros(n + 1, dtype=np.int64)
    np.cumsum(np.bincount(keys, minlength=n), out=indptr[1:])
    if not weighted:
        return indptr, values[order], None
    weights = [part[2] for part in batches if part[2] is not None]
    return indptr, values[order], np.concatenate([_NONE, *weights])[order]


_NONE = np.empty(0, dtype=np.float32)


def _ranges(sizes: NDArray[np.int64], room: int) -> Iterator[tuple[int, int]]:
    """Cut buckets into ranges that hold at most `room` edges."""
    first, held = 0, 0
    for bucket, size in enumerate(sizes.tolist()):
        if held + size > room:
            yield first, bucket
            first, held = bucket, 0
        held += size
    yield first, sizes.size


def _shares(
    begins: NDArray[np.int64], first: int, last: int, threads: int
) -> list[tuple[int, int]]:
    """Cut buckets `first` to `last` - 1 into ranges of about as many edges."""
    wanted = np.linspace(0, begins[last], threads + 1)[1:-1]
    cuts = first + np.searchsorted(begins[first:last], wanted)
    bounds = [first, *cuts.tolist(), last]
    return [(bounds[i], bounds[i + 1]) for i in range(threads)]
