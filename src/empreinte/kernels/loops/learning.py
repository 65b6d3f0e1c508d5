"""Loops of `empreinte.kernels.learning.cascade_logs` and `empreinte.kernels.learning.learning`."""

from __future__ import annotations

import numba
import numpy as np

from empreinte.kernels.loops import dice


@numba.njit(cache=True, nogil=True)
def sessions(sharers, authors, times, n, gap, cascade, begins):
    """Give each share its cascade; ``begins`` marks those whose author is the root of a new one.

    Shares come in order of time. An author's part in a cascade ends when nobody has shared it for
    `gap`; the next share begins a new cascade. Returns how many there are.
    """
    current = np.full(n, -1, dtype=np.int64)
    last = np.empty(n, dtype=np.float64)
    count = 0
    for i in range(len(times)):
        author, sharer, now = authors[i], sharers[i], times[i]
        if current[author] < 0 or now - last[author] > gap:
            current[author] = count
            begins[i] = True
            count += 1
        cascade[i] = current[author]
        last[author] = now
        current[sharer] = current[author]
        last[sharer] = now
    return count


@numba.njit(cache=True, nogil=True)
def count_candidates(
    indptr, targets, cascades, users, times, window, end, trials, since, row, sizes
):
    """Count, for each edge, its trials; for each row of the log, the edges that may explain it.

    `since` (all NaN) and `row` have a place a node, for what is known of the cascade at hand.
    """
    for c in range(len(cascades) - 1):
        first, stop = cascades[c], cascades[c + 1]
        for i in range(first, stop):
            since[users[i]] = times[i]
            row[users[i]] = i
        for i in range(first, stop):
            u, began = users[i], times[i]
            for e in range(indptr[u], indptr[u + 1]):
                reached = since[targets[e]]
                if np.isnan(reached):
                    trials[e] += began + window <= end
                elif reached > began:
                    trials[e] += 1
                    if reached - began <= window:
                        sizes[row[targets[e]]] += 1
        for i in range(first, stop):
            since[users[i]] = np.nan


@numba.njit(cache=True, nogil=True)
def fill_candidates(
    indptr, targets, cascades, users, times, window, since, row, places, edges, lags
):
    """Write the edges counted by `count_candidates`; `places` says where each row's begin."""
    for c in range(len(cascades) - 1):
        first, stop = cascades[c], cascades[c + 1]
        for i in range(first, stop):
            since[users[i]] = times[i]
            row[users[i]] = i
        for i in range(first, stop):
            u, began = users[i], times[i]
            for e in range(indptr[u], indptr[u + 1]):
                lag = since[targets[e]] - began
                if 0 < lag <= window:  # False where the target is not in the cascade (NaN)
                    j = row[targets[e]]
                    edges[places[j]] = e
                    lags[places[j]] = lag
                    places[j] += 1
        for i in range(first, stop):
            since[users[i]] = np.nan


@numba.njit(cache=True, nogil=True)
def log_likelihood(rows, edges, misses, p):
    """Sum log P of every explained act and log(1 - p) of every miss."""
    total = 0.0
    for i in range(len(rows) - 1):
        if rows[i + 1] > rows[i]:
            none = 1.0
            for k in range(rows[i], rows[i + 1]):
                none *= 1.0 - p[edges[k]]
            total += np.log(1.0 - none) if none < 1.0 else -np.inf
    for e in range(len(p)):
        if misses[e] > 0:
            total += misses[e] * np.log1p(-p[e]) if p[e] < 1.0 else -np.inf
    return total


@numba.njit(cache=True, nogil=True)
def responsibilities(rows, edges, misses, p, successes):
    """Add to `successes` the chance that each edge passed it on: p / P, for every act.

    Gives the log-likelihood, as the function above, from the same pass.
    """
    total = 0.0
    for i in range(len(rows) - 1):
        if rows[i + 1] > rows[i]:
            none = 1.0
            for k in range(rows[i], rows[i + 1]):
                none *= 1.0 - p[edges[k]]
            if none < 1.0:
                total += np.log(1.0 - none)
                for k in range(rows[i], rows[i + 1]):
                    successes[edges[k]] += p[edges[k]] / (1.0 - none)
            else:
                total = -np.inf
    for e in range(len(p)):
        # Most edges never passed anything on; a logarithm of 1 for each would take half the time.
        if p[e] > 0 and misses[e] > 0:
            total += misses[e] * np.log1p(-p[e]) if p[e] < 1.0 else -np.inf
    return total


@numba.njit(cache=True, nogil=True)
def draw_successes(rows, edges, p, seed, stream, none_after, successes):
    """Add to `successes` a draw of which edges passed on, given that at least one did."""
    state = dice.start(np.uint64(seed), np.uint64(stream))
    for i in range(len(rows) - 1):
        size = rows[i + 1] - rows[i]
        if size == 0:
            continue
        none = 1.0
        for k in range(size - 1, -1, -1):
            none *= 1.0 - p[edges[rows[i] + k]]
            none_after[k] = none
        found = False
        for k in range(size):
            e = edges[rows[i] + k]
            state = dice.step(state)
            some = 1.0 if found else 1.0 - none_after[k]
            if dice.unit(state) * some < p[e]:
                found = True
                successes[e] += 1


@numba.njit(cache=True, nogil=True)
def share_credit(rows, edges, lags, longest, successes):
    """Share each act equally among the edges whose lag is within their `longest`."""
    for i in range(len(rows) - 1):
        count = 0
        for k in range(rows[i], rows[i + 1]):
            count += lags[k] <= longest[edges[k]]
        for k in range(rows[i], rows[i + 1]):
            if lags[k] <= longest[edges[k]]:
                successes[edges[k]] += 1.0 / count


@numba.njit(cache=True, nogil=True)
def source_rows(cascades, users, rows, sources, row, out):
    """Write, for each candidate, the row of the log at which its source acted.

    `sources` holds the source of each candidate; `row` has a place a node.
    """
    for c in range(len(cascades) - 1):
        for i in range(cascades[c], cascades[c + 1]):
            row[users[i]] = i
        for k in range(rows[cascades[c]], rows[cascades[c + 1]]):
            out[k] = row[sources[k]]


@numba.njit(cache=True, nogil=True)
def credit_of_seeds(users, rows, of, credit, seeds, out):
    """Write the credit that a set of seeds has for each act: its own, or through its sources."""
    for i in range(len(users)):
        out[i] = 1.0 if seeds[users[i]] else 0.0
        if not seeds[users[i]]:
            for k in range(rows[i], rows[i + 1]):
                out[i] += credit[k] * out[of[k]]


@numba.njit(cache=True, nogil=True)
def credit_of_each(users, rows, of, credit, weights, seeds, out):
    """Write what each act earns, by itself and by those it leads to without passing a seed."""
    for i in range(len(users)):
        out[i] = weights[users[i]]
    for i in range(len(users) - 1, -1, -1):
        if not seeds[users[i]]:
            for k in range(rows[i], rows[i + 1]):
                out[of[k]] += credit[k] * out[i]
