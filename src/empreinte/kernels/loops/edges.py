"""What each edge is worth by the nodes at its ends."""

from __future__ import annotations

import numba
import numpy as np

from empreinte.kernels.loops.dice import mixed, start


@numba.njit(cache=True, nogil=True)
def inverse_of_target(targets, degrees, out):
    """Write 1 / degree of the target of each edge."""
    for i in range(targets.size):
        out[i] = 1.0 / degrees[targets[i]]


@numba.njit(cache=True, nogil=True)
def chosen(indptr, targets, choices, seed, out):
    """Write one of `choices` for each edge, by a hash of its two ends."""
    size = np.uint64(choices.size)
    for source in range(indptr.size - 1):
        stream = start(seed, np.uint64(source))
        for i in range(indptr[source], indptr[source + 1]):
            hashed = mixed(stream + mixed(np.uint64(targets[i])))
            out[i] = choices[np.int64((hashed >> np.uint64(32)) * size >> np.uint64(32))]
