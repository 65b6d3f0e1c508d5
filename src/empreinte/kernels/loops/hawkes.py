"""Loops of `kernels.learning.hawkes`: self-exciting processes as sums of decaying exponentials.

A delay has the density Σ w exp(-r t), and never ends with the probability that the terms leave.
The rates r double from one term to the next, so that one exponential and squarings give what
remains of every term after any time.
"""

from __future__ import annotations

import numba
import numpy as np

from empreinte.kernels.loops import dice


@numba.njit(cache=True, nogil=True)
def decay(state, rate, time):
    """Let every term of `state` decay over `time`; `rate` is the first one, others double."""
    left = np.exp(-rate * time)
    for j in range(len(state)):
        state[j] *= left
        left *= left


@numba.njit(cache=True, nogil=True)
def log_likelihood(times, amounts, first, end, rate, weights, state):
    """Give the log-likelihood of events up to `end`; leave the terms at `end` in `state`.

    Event i lets `amounts[i]` events follow, the origin at 0 `first`.
    """
    state[:] = first
    total = first
    log_sum, last = 0.0, 0.0
    for i in range(len(times)):
        if times[i] > last:
            decay(state, rate, times[i] - last)
            last = times[i]
        intensity = 0.0
        for j in range(len(state)):
            intensity += weights[j] * state[j]
        log_sum += np.log(max(intensity, 1e-300))
        for j in range(len(state)):
            state[j] += amounts[i]
        total += amounts[i]
    decay(state, rate, end - last)
    left, never, r = 0.0, 1.0, rate
    for j in range(len(state)):
        left += weights[j] / r * state[j]
        never -= weights[j] / r
        r *= 2
    left += never * total
    return log_sum - (total - left)


@numba.njit(cache=True, nogil=True)
def log_likelihoods(times, powers, end, first, mean, exponent, rates, weights, sizes, out):
    """Give the log-likelihood under each of many parameters.

    `powers` holds log (1 + mark) of each event; its amount is mean × exp(exponent × power).
    """
    amounts = np.empty(len(times))
    for d in range(len(out)):
        for i in range(len(times)):
            amounts[i] = mean[d] * np.exp(exponent[d] * powers[i])
        state = np.empty(sizes[d])
        out[d] = log_likelihood(
            times, amounts, first[d], end, rates[d], weights[d, : sizes[d]], state
        )


@numba.njit(cache=True, nogil=True)
def delay(state, scale, shape, most):
    """Draw a delay below `most` of the power law (scale, shape), or exponential if shape is 0."""
    u = dice.unit(state)
    if shape > 0:
        beyond = (scale / (most + scale)) ** shape
        return scale * ((1 - u * (1 - beyond)) ** (-1 / shape) - 1)
    return -scale * np.log1p(-u * (1 - np.exp(-most / scale)))


@numba.njit(cache=True, nogil=True)
def share_within(scale, shape, time):
    """Give the share of delays below `time`."""
    if shape > 0:
        return 1 - (scale / (time + scale)) ** shape
    return -np.expm1(-time / scale)


@numba.njit(cache=True, nogil=True)
def later_events(
    amounts, weights, rate, scale, shape, mean, exponent, pool, start, end, most, state, events
):
    """Draw the events from `start` to `end`; write their times, give their number.

    `amounts` holds the terms at `start`. Marks of later events are drawn from `pool` (logarithms).
    Stops at `most` events.
    """
    count = 0
    # Direct ones: a term, then a time. Counts are Poisson, drawn as gaps of a unit process.
    r = rate
    for j in range(len(amounts)):
        left = -np.expm1(-r * (end - start))
        expected = weights[j] / r * amounts[j] * left
        state = dice.step(state)
        gap = -np.log1p(-dice.unit(state))
        while gap < expected and count < most:
            state = dice.step(state)
            events[count] = start - np.log1p(-dice.unit(state) * left) / r
            count += 1
            state = dice.step(state)
            gap -= np.log1p(-dice.unit(state))
        r *= 2
    head = 0
    while head < count:
        begun = events[head]
        head += 1
        amount = mean
        if len(pool):
            state = dice.step(state)
            amount *= np.exp(exponent * pool[int(dice.unit(state) * len(pool))])
        expected = amount * share_within(scale, shape, end - begun)
        state = dice.step(state)
        gap = -np.log1p(-dice.unit(state))
        while gap < expected and count < most:
            state = dice.step(state)
            events[count] = begun + delay(state, scale, shape, end - begun)
            count += 1
            state = dice.step(state)
            gap -= np.log1p(-dice.unit(state))
    return count


@numba.njit(cache=True, nogil=True)
def forecasts(
    times, powers, seen, horizon, first, mean, exponent, scales, shapes, rates, weights, sizes,
    pool, most, seed, out,
):  # fmt: skip
    """Draw how many events come from `seen` to `horizon`, once for each set of parameters."""
    amounts = np.empty(len(times))
    events = np.empty(most)
    for d in range(len(out)):
        for i in range(len(times)):
            amounts[i] = mean[d] * np.exp(exponent[d] * powers[i])
        state = np.empty(sizes[d])
        w = weights[d, : sizes[d]]
        log_likelihood(times, amounts, first[d], seen, rates[d], w, state)
        stream = dice.start(np.uint64(seed), np.uint64(d))
        out[d] = later_events(
            state, w, rates[d], scales[d], shapes[d], mean[d], exponent[d], pool, seen, horizon,
            most, stream, events,
        )  # fmt: skip


@numba.njit(cache=True, nogil=True)
def simulate(first, mean, exponent, scale, shape, pool, end, most, seed, stream, events, marks):
    """Draw a whole cascade up to `end`; write times and logarithms of marks; give their number."""
    state = dice.start(np.uint64(seed), np.uint64(stream))
    count, head = 0, -1
    while head < count:
        begun = events[head] if head >= 0 else 0.0
        amount = mean * np.exp(exponent * marks[head]) if head >= 0 else first
        head += 1
        expected = amount * share_within(scale, shape, end - begun)
        state = dice.step(state)
        gap = -np.log1p(-dice.unit(state))
        while gap < expected and count < most:
            state = dice.step(state)
            events[count] = begun + delay(state, scale, shape, end - begun)
            state = dice.step(state)
            marks[count] = pool[int(dice.unit(state) * len(pool))] if len(pool) else 0.0
            count += 1
            state = dice.step(state)
            gap -= np.log1p(-dice.unit(state))
    return count
