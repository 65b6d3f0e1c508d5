"""Random numbers by place: the n-th number of a stream is a function of seed, stream and n.

SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014):
a stream is a state that grows by a constant and is mixed. Streams need no order, so that a batch
of sets or runs gives the same on any number of threads or machines.
"""

from __future__ import annotations

import numba
import numpy as np

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_A = np.uint64(0xBF58476D1CE4E5B9)
_B = np.uint64(0x94D049BB133111EB)
_STREAM = np.uint64(0xD1342543DE82EF95)
_TO_UNIT = 1.0 / (1 << 53)


@numba.njit(cache=True, inline="always")
def mixed(z):
    """Mix 64 bits (the finaliser of SplitMix64)."""
    z = (z ^ (z >> np.uint64(30))) * _A
    z = (z ^ (z >> np.uint64(27))) * _B
    return z ^ (z >> np.uint64(31))


@numba.njit(cache=True, inline="always")
def start(seed, stream):
    """Give the state of a stream: ``state = start(seed, stream)``; both are uint64."""
    return mixed(seed + GOLDEN) ^ mixed(stream * _STREAM + GOLDEN)


@numba.njit(cache=True, inline="always")
def step(state):
    """Give the next state; ``mixed(state)`` is its number."""
    return state + GOLDEN


@numba.njit(cache=True, inline="always")
def unit(state):
    """Give the number of a state as a float64 in [0, 1)."""
    return (mixed(state) >> np.uint64(11)) * _TO_UNIT
