"""Loops of `kernels.learning.sizes`: how far a cascade goes on from its first adopters."""

from __future__ import annotations

import numba
import numpy as np

from empreinte.kernels.loops import dice


@numba.njit(cache=True, nogil=True)
def reached_beyond(indptr, targets, p, starts, seeds, runs, seed, first, stop, out):
    """Write the mean number of nodes reached beyond the seeds of cascades `first` to `stop`.

    Run r of cascade c uses stream c * runs + r, so that any cut into parts gives the same.
    """
    n = len(indptr) - 1
    mark = np.full(n, -1, dtype=np.int64)
    queue = np.empty(n, dtype=np.int32)
    for c in range(first, stop):
        total = 0
        for run in range(c * runs, (c + 1) * runs):
            state = dice.start(np.uint64(seed), np.uint64(run))
            end = 0
            for i in range(starts[c], starts[c + 1]):
                if mark[seeds[i]] != run:
                    mark[seeds[i]] = run
                    queue[end] = seeds[i]
                    end += 1
            total -= end
            head = 0
            while head < end:
                u = queue[head]
                head += 1
                for e in range(indptr[u], indptr[u + 1]):
                    v = targets[e]
                    if mark[v] != run:
                        state = dice.step(state)
                        if dice.unit(state) < p[e]:
                            mark[v] = run
                            queue[end] = v
                            end += 1
            total += end
        out[c] = total / runs
