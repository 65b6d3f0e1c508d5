"""The numbers of `empreinte.kernels.loops.dice`, many at a time; arrays of uint64 wrap around."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Words = NDArray[np.uint64]
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_A = np.uint64(0xBF58476D1CE4E5B9)
_B = np.uint64(0x94D049BB133111EB)
_STREAM = np.uint64(0xD1342543DE82EF95)


def mixed(z: Words) -> Words:
    """Mix 64 bits (the finaliser of SplitMix64)."""
    z = (z ^ (z >> np.uint64(30))) * _A
    z = (z ^ (z >> np.uint64(27))) * _B
    return z ^ (z >> np.uint64(31))


def start(seed: int | np.uint64, first: int, count: int) -> Words:
    """Give the states of the streams `first` to `first` + `count` - 1."""
    streams = np.arange(count, dtype=np.uint64) + np.uint64(first)
    return mixed(np.array([seed], np.uint64) + GOLDEN) ^ mixed(streams * _STREAM + GOLDEN)


def unit(state: Words) -> NDArray[np.float64]:
    """Give the number of each state as a float64 in [0, 1); `GOLDEN` more is the next state."""
    return (mixed(state) >> np.uint64(11)).astype(np.float64) * (1.0 / (1 << 53))
