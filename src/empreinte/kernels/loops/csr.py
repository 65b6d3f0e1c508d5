"""Sorting of edges by one of their ends, in two steps that both stay in the cache.

First every edge goes to the bucket of its key, a thousand lines of memory that are written one
after another; then each bucket, whose rows fit in the cache, is sorted by counting. Writing each
edge at once to its place takes three times as long, because every place is another line.

Threads take neighbouring ranges of edges and know from the counts where in each bucket they write,
so that edges of one key keep the order in which they came.
"""

from __future__ import annotations

import numba
import numpy as np

_HIGH = np.uint64(32)


@numba.njit(cache=True, nogil=True)
def count(keys, shift, counts):
    """Add one to the count of the bucket of each key: ``key >> shift``."""
    for key in keys:
        counts[np.uint32(key) >> shift] += 1


@numba.njit(cache=True, nogil=True)
def scatter(keys, values, weights, shift, places, steps, pairs, pair_weights):
    """Write each edge, key above value, at the next place of its bucket.

    ``steps[bucket]`` is 1; or 0 for buckets of another pass, whose place is one that is not read.
    Weights are left out where `weights` is empty.
    """
    weighted = weights.size > 0
    for i in range(keys.size):
        key = np.uint32(keys[i])
        bucket = key >> shift
        place = places[bucket]
        pairs[place] = np.uint64(key) << _HIGH | np.uint64(np.uint32(values[i]))
        if weighted:
            pair_weights[place] = weights[i]
        places[bucket] = place + steps[bucket]


@numba.njit(cache=True, nogil=True)
def sort(pairs, pair_weights, begins, first, last, at, shift, indptr, out, weights_out):
    """Sort the edges of buckets `first` to `last` - 1; write their rows into the graph.

    Bucket b holds ``pairs[begins[b] : begins[b + 1]]``; its rows begin `at` places after that in
    the graph.
    """
    n = indptr.size - 1
    size = 1 << shift
    places = np.empty(size, np.int64)
    weighted = pair_weights.size > 0
    for bucket in range(first, last):
        begin, end = begins[bucket], begins[bucket + 1]
        base = np.int64(bucket) << shift
        places[:] = 0
        for i in range(begin, end):
            places[np.int64(pairs[i] >> _HIGH) - base] += 1
        place = begin + at
        for row in range(min(size, n - base)):
            indptr[base + row] = place
            row_size = places[row]
            places[row] = place
            place += row_size
        for i in range(begin, end):
            row = np.int64(pairs[i] >> _HIGH) - base
            place = places[row]
            out[place] = np.int32(pairs[i] & np.uint64(0xFFFFFFFF))
            if weighted:
                weights_out[place] = pair_weights[i]
            places[row] = place + 1
