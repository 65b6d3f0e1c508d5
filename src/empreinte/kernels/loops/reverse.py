"""Reverse reachable sets: who would have reached a node drawn at random.

A set is grown breadth first from its root over in-edges, each of which carries with its own
probability (Borgs et al., SODA 2014). Nearly every step waits for memory, so `LANES` sets grow
side by side: in each round all of them draw which edges carry, then read the sources of these
edges, then look whether these are new; what a step reads was asked for in the step before.
Drawn in each set's own order from its own stream, so that a set does not depend on its company.
"""

from __future__ import annotations

import numba
import numpy as np

from empreinte.kernels.loops.dice import start, step, unit
from empreinte.kernels.loops.memory import prefetch

WEIGHTED, CONSTANT, GIVEN, THRESHOLD, THRESHOLD_GIVEN = range(5)
LANES = 15
AHEAD = 16
"""Nodes of one set that are expanded in a round."""
NEAR = 1 << 16
"""Nodes of a graph so small that a look at one costs no waiting."""
FEW = 8.0
"""Above this many expected successes, skips from one to the next rather than their number."""
STOP = np.uint16(1 << 15)
_ONE = np.uint16(1)


@numba.njit(cache=True, inline="always")
def few(a, d, none, odds, state, places, at):
    """Draw which of d edges carry: how many by inversion, then which (Floyd's algorithm).

    The same distribution as geometric skips (Guo et al., SIGMOD 2020, section 3) without
    logarithms. `none` is the probability that none does, `odds` is p / (1 - p).
    """
    u = unit(state)
    state = step(state)
    if u < none:
        return at, state
    u -= none
    chance = none * d * odds
    number = 1
    while u >= chance and number < d and chance > 1e-20:
        u -= chance
        chance *= (d - number) * odds / (number + 1)
        number += 1
    if number == 1:
        places[at] = a + np.int64(unit(state) * d)
        return at + 1, step(state)
    begin = at
    for j in range(d - number, d):
        place = a + np.int64(unit(state) * (j + 1))
        state = step(state)
        for i in range(begin, at):
            if places[i] == place:
                place = a + j
                break
        places[at] = place
        at += 1
    return at, state


@numba.njit(cache=True, nogil=True)
def skips(a, d, log_q, state, places, at):
    """Draw which of d edges carry by geometric skips; `log_q` is log(1 - p)."""
    j = 0
    while True:
        gap = np.log1p(-unit(state)) / log_q
        state = step(state)
        if gap >= d - j:
            return at, state
        j += np.int64(gap)
        places[at] = a + j
        at += 1
        j += 1


@numba.njit(cache=True, nogil=True)
def falling(a, b, weights, state, places, at):
    """Draw which edges carry where probabilities fall along a row.

    Skips are drawn with the probability where they start and thinned where they land (Guo et
    al., section 3.3).
    """
    j = a
    while j < b:
        w = np.float64(weights[j])
        if w <= 0.0:
            break
        if w < 1.0:
            gap = np.log1p(-unit(state)) / np.log1p(-w)
            state = step(state)
            if gap >= b - j:
                break
            j += np.int64(gap)
            u = unit(state)
            state = step(state)
            if u * w >= weights[j]:
                j += 1
                continue
        places[at] = j
        at += 1
        j += 1
    return at, state


@numba.njit(cache=True, inline="always")
def drawn(kind, a, d, p, zero, weights, state, places, at):
    """Draw which in-edges of a node carry: places from ``places[at]`` on."""
    if kind == WEIGHTED:
        if d == 1:
            places[at] = a
            return at + 1, state
        none = zero[d] if d < zero.size else np.exp(d * np.log1p(-1.0 / d))
        return few(a, d, none, 1.0 / (d - 1), state, places, at)
    if kind == CONSTANT:
        if p > 0.5 or d * p > FEW:
            return skips(a, d, np.log1p(-p), state, places, at)
        none = zero[d] if d < zero.size else np.exp(d * np.log1p(-p))
        return few(a, d, none, p / (1 - p), state, places, at)
    if kind == GIVEN:
        return falling(a, a + d, weights, state, places, at)
    u = unit(state)
    state = step(state)
    if kind == THRESHOLD:
        places[at] = a + np.int64(u * d)
        return at + 1, state
    for j in range(a, a + d):
        w = np.float64(weights[j])
        if w <= 0.0:
            break
        if u < w:
            places[at] = j
            return at + 1, state
        u -= w
    return at, state


@numba.njit(cache=True, nogil=True)
def root(u, n, cumulative, guide):
    """Give the node that u in [0, 1) falls on, each as likely as its weight."""
    if cumulative.size == 0:
        return np.int64(u * n)
    x = u * cumulative[n - 1]
    v = np.int64(guide[np.int64(u * n)])
    while v > 0 and cumulative[v - 1] > x:
        v -= 1
    while v < n - 1 and cumulative[v] <= x:
        v += 1
    return v


@numba.njit(cache=True, nogil=True)
def guided(cumulative):
    """Make the table where `root` starts to look."""
    n = cumulative.size
    guide = np.empty(n, np.int32)
    v = 0
    for i in range(n):
        while v < n - 1 and cumulative[v] <= i / n * cumulative[n - 1]:
            v += 1
        guide[i] = v
    return guide


@numba.njit(cache=True, nogil=True)
def wider(array, size):
    """Copy the columns of an array into one of `size` columns."""
    out = np.empty((array.shape[0], size), array.dtype)
    out[:, : array.shape[1]] = array
    return out


@numba.njit(cache=True, nogil=True)
def longer(array, size):
    """Copy an array into one of `size`."""
    out = np.empty(size, array.dtype)
    out[: array.size] = array
    return out


@numba.njit(cache=True, nogil=True)
def ordered(nodes, offsets, number, kept):
    """Copy the sets kept in the order of their numbers; ``number[i]`` is the place of set i."""
    out, ends = np.empty(offsets[kept], np.int32), np.zeros(kept + 1, np.int64)
    at, end = 0, 0
    for place in number:
        if place >= 0:
            begin, size = offsets[place], offsets[place + 1] - offsets[place]
            out[end : end + size] = nodes[begin : begin + size]
            at, end = at + 1, end + size
            ends[at] = end
    return out, ends


@numba.njit(cache=True, inline="always")
def sampled(kind, edges, chance, roots, first, count, seed, mark, rank, known, enough, keep):
    """Draw the sets `first` to `first` + `count` - 1.

    Parameters
    ----------
    edges : (indptr int64, sources int32, weights float32)
        In-edges; weights are read for GIVEN (falling along each row) and THRESHOLD_GIVEN alone.
    kind : int
        WEIGHTED to THRESHOLD_GIVEN; compiled for each kind apart.
    chance : (p, zero float64)
        ``zero[d]`` is the probability that none of d edges carries.
    roots : (cumulative float64, guide int32)
        Weights of the nodes added up, with `guided` of them; empty where all are alike.
    first, count : int
    seed : uint64
    mark : ndarray of uint16, shape (n,)
        Zeros, but for `STOP` at the known nodes; given back so.
    rank : ndarray of int32, shape (n,)
        Number of each known node, from 0.
    known : int
        How many nodes are known.
    enough : int
        A set that holds a known node of this number or below is not grown further.
    keep : bool
        Whether to give the sets that hold no known node.

    Returns
    -------
    best : ndarray of int64, shape (known + 1,)
        Sets by the lowest number of a known node that they hold; the last: by none.
    alone : ndarray of int64, shape (known,)
        Sets that hold each known node, as far as they were grown.
    nodes : ndarray of int32
        Members of the sets kept, one after another.
    offsets : ndarray of int64, shape (kept + 1,)
    steps : int
        Edges that carried, and roots: what the work is in proportion to.
    """
    indptr, sources, weights = edges
    p, zero = chance
    cumulative, guide = roots
    n = indptr.size - 1
    enough = min(enough, known - 1)
    best, alone = np.zeros(known + 1, np.int64), np.zeros(known, np.int64)
    nodes, offsets = np.empty(1 << 12, np.int32), np.zeros(count + 1, np.int64)
    kept, steps, begun, done = 0, 0, 0, 0
    number = np.full(count, -1, np.int64)
    queue = np.empty((LANES, 1 << 10), np.int32)
    head, tail, stop = np.zeros((3, LANES), np.int64)
    grows = np.empty(LANES, np.int64)
    lowest = np.full(LANES, -1, np.int64)  # -1: nothing grows in this lane
    states = np.zeros(LANES, np.uint64)
    places, lanes, widest = np.empty(1 << 12, np.int64), np.empty(1 << 12, np.int64), 0
    while done < count:
        if widest > 0:  # a row did not fit, in the worst case
            places = np.empty(2 * widest + (1 << 12), np.int64)
            lanes, widest = np.empty(places.size, np.int64), 0
        at = 0
        for lane in range(LANES):
            if lowest[lane] >= 0:
                continue
            state, v = np.uint64(0), np.int64(-1)
            while begun < count and v < 0:
                state = start(seed, np.uint64(first + begun))
                v = root(unit(state), n, cumulative, guide)
                begun += 1
                if n > NEAR or indptr[v] < indptr[v + 1]:
                    break
                # Nothing reaches this root: it is the whole set.
                low = known
                if mark[v] & STOP:
                    low = np.int64(rank[v])
                    alone[low] += 1
                elif keep:
                    place = offsets[kept]
                    if place == nodes.size:
                        nodes = longer(nodes, 2 * place)
                    nodes[place] = v
                    number[begun - 1] = kept
                    kept += 1
                    offsets[kept] = place + 1
                best[low] += 1
                done, steps, v = done + 1, steps + 1, np.int64(-1)
            if v < 0:
                continue
            grows[lane] = begun - 1
            prefetch(mark, v)
            places[at], lanes[at] = v, lane
            at += 1
            states[lane], lowest[lane] = step(state), known
            head[lane] = tail[lane] = stop[lane] = 0
        new = at
        if kind in (GIVEN, THRESHOLD_GIVEN):
            for lane in range(LANES):
                for q in range(head[lane], min(tail[lane], head[lane] + AHEAD)):
                    prefetch(weights, indptr[queue[lane, q]])
        for lane in range(LANES):
            if head[lane] == stop[lane]:
                stop[lane] = min(tail[lane], head[lane] + AHEAD)
            begin, end = head[lane], stop[lane]
            state = states[lane]
            for q in range(begin, end):
                v = queue[lane, q]
                a = indptr[v]
                d = indptr[v + 1] - a
                if at + d > places.size:
                    widest = max(widest, d)
                    end = q
                    break
                if d == 0:
                    continue
                before = at
                at, state = drawn(kind, a, d, p, zero, weights, state, places, at)
                for i in range(before, at):
                    lanes[i] = lane
                    prefetch(sources, places[i])
            head[lane], states[lane] = end, state
        steps += at
        longest = 0
        for i in range(new, at):
            v = np.int64(sources[places[i]])
            places[i] = v
            prefetch(mark, v)
        for lane in range(LANES):
            longest = max(longest, tail[lane])
        if longest + at > queue.shape[1]:
            queue = wider(queue, min(2 * (longest + at), n + at))
        for i in range(at):
            v, lane = places[i], lanes[i]
            seen, bit = mark[v], np.uint16(_ONE << np.uint16(lane))
            if seen & bit:
                continue
            mark[v] = np.uint16(seen | bit)
            queue[lane, tail[lane]] = v
            tail[lane] += 1
            prefetch(indptr, v)
            prefetch(indptr, v + 1)
            if seen & STOP:
                alone[rank[v]] += 1
                lowest[lane] = min(lowest[lane], rank[v])
        for lane in range(LANES):
            begin, end = head[lane], tail[lane]
            if lowest[lane] < 0 or begin < stop[lane]:
                continue
            if begin < end and lowest[lane] > enough:
                continue
            gone = np.uint16(~np.uint16(_ONE << np.uint16(lane)))
            for q in range(end):
                mark[queue[lane, q]] &= gone
            best[lowest[lane]] += 1
            if keep and lowest[lane] == known:
                place = offsets[kept]
                if place + end > nodes.size:
                    nodes = longer(nodes, 2 * (place + end))
                nodes[place : place + end] = queue[lane, :end]
                number[grows[lane]] = kept
                kept += 1
                offsets[kept] = place + end
            done += 1
            lowest[lane], head[lane], tail[lane], stop[lane] = -1, 0, 0, 0
    nodes, offsets = ordered(nodes, offsets, number, kept)
    return best, alone, nodes, offsets, steps


@numba.njit(cache=True, nogil=True)
def weighted(edges, chance, roots, first, count, seed, mark, rank, known, enough, keep):
    """Draw sets where an in-edge carries with 1 / in-degree; see `sampled`."""
    return sampled(
        WEIGHTED, edges, chance, roots, first, count, seed, mark, rank, known, enough, keep
    )


@numba.njit(cache=True, nogil=True)
def constant(edges, chance, roots, first, count, seed, mark, rank, known, enough, keep):
    """Draw sets where every edge carries with p; see `sampled`."""
    return sampled(
        CONSTANT, edges, chance, roots, first, count, seed, mark, rank, known, enough, keep
    )


@numba.njit(cache=True, nogil=True)
def given(edges, chance, roots, first, count, seed, mark, rank, known, enough, keep):
    """Draw sets where each edge carries with its weight; see `sampled`."""
    return sampled(GIVEN, edges, chance, roots, first, count, seed, mark, rank, known, enough, keep)


@numba.njit(cache=True, nogil=True)
def threshold(edges, chance, roots, first, count, seed, mark, rank, known, enough, keep):
    """Draw sets where a node listens to one in-neighbour, any; see `sampled`."""
    return sampled(
        THRESHOLD, edges, chance, roots, first, count, seed, mark, rank, known, enough, keep
    )


@numba.njit(cache=True, nogil=True)
def threshold_given(edges, chance, roots, first, count, seed, mark, rank, known, enough, keep):
    """Draw sets where a node listens to one in-neighbour or none, by weight; see `sampled`."""
    return sampled(
        THRESHOLD_GIVEN, edges, chance, roots, first, count, seed, mark, rank, known, enough, keep
    )
