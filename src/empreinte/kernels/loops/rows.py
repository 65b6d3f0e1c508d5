"""Rows of a matrix in compressed sparse rows: sort and add up."""

from __future__ import annotations

import numba
import numpy as np

_SHORT = 24


@numba.njit(cache=True, nogil=True)
def fall(indptr, targets, weights, begin, end):
    """Sort rows `begin` to `end` - 1 by falling weight, in place; equal ones keep their order."""
    for u in range(begin, end):
        a, b = indptr[u], indptr[u + 1]
        if b - a <= _SHORT:
            for i in range(a + 1, b):
                w, t = weights[i], targets[i]
                j = i
                while j > a and weights[j - 1] < w:
                    weights[j], targets[j] = weights[j - 1], targets[j - 1]
                    j -= 1
                weights[j], targets[j] = w, t
            continue
        order = np.argsort(-weights[a:b], kind="mergesort")
        weights[a:b] = weights[a:b][order]
        targets[a:b] = targets[a:b][order]


@numba.njit(cache=True, nogil=True)
def sums(indptr, weights):
    """Add up the weights of each row."""
    out = np.zeros(indptr.size - 1)
    for u in range(out.size):
        for i in range(indptr[u], indptr[u + 1]):
            out[u] += weights[i]
    return out
