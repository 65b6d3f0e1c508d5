"""The sign-flip test of paired differences, its interval by inversion, and what it can find.

If nothing differs, each pair's difference could as well have had the other sign: in a trial a coin
decided it. The p-value is the share of all signs that differ as much in sum. It asks for no
distribution; with at most `EXACT` pairs it is worked out over all signs, else over `DRAWS` of them.

References
----------
Fisher (1935), The Design of Experiments, section 21. Hartigan (1969), Using subsample values as
typical values, Journal of the American Statistical Association 64:1303. Phipson & Smyth (2010),
Permutation P-values Should Never Be Zero, Statistical Applications in Genetics and Molecular
Biology 9(1).
"""

from __future__ import annotations

import hashlib
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

EXACT = 14
DRAWS = 4_999
SIMULATED = 1_000
FORETOLD, SUMS = 4_000, 4_000_000
"""Trials from which a least effect is worked out, and sums of signs that they may take in all: of
twelve pairs a thousand trials, each counted with its opposite."""
_NEAR = 1e-9


class Difference(NamedTuple):
    """The mean difference, its interval (NaN where no number of pairs allows one), its p-value."""

    value: float
    low: float
    high: float
    p: float


def coins(seed: str, pairs: int) -> NDArray[np.bool_]:
    """Toss a coin a pair: whether the first of it is treated.

    By the SHA-256 of seed and place, so that anybody can do it again, and nobody can choose.

    Examples
    --------
    >>> coins("a seed", 8).astype(int)
    array([1, 1, 0, 0, 0, 1, 1, 1])
    """
    tossed = [hashlib.sha256(f"{seed}/{pair}".encode()).digest()[0] & 1 for pair in range(pairs)]
    return np.array(tossed, dtype=np.bool_)


def least_p(pairs: int) -> float:
    """Give the least p-value that so many pairs can have.

    Examples
    --------
    >>> least_p(4), least_p(6)
    (0.125, 0.03125)
    """
    return 2.0 ** (1 - pairs)


def compare(differences: ArrayLike, rng: np.random.Generator, level: float = 0.9) -> Difference:
    """Test whether paired differences have a sign.

    Parameters
    ----------
    differences : array_like of float, shape (pairs,)
    rng : numpy.random.Generator
        Used beyond `EXACT` pairs alone.
    level : float
        Of the interval: it holds the shifts that the test does not reject.

    Returns
    -------
    Difference
        All NaN for no pair.

    Examples
    --------
    >>> found = compare([1.0, 2.0, 3.0, 4.0, 5.0, 6.0], np.random.default_rng(1))
    >>> found.p, (found.low, found.high)
    (0.03125, (2.0, 5.0))
    """
    d = np.asarray(differences, dtype=np.float64)
    if not d.size:
        return Difference(np.nan, np.nan, np.nan, np.nan)
    if d.size <= EXACT:
        chosen = _all(d.size)
        p = float(p_values(d[:, None])[0])
        shifts, all_of_them = _means(chosen[1:], d), 2**d.size
    else:
        chosen = rng.random((DRAWS, d.size)) < 0.5
        sums = d.sum() - 2 * (chosen @ d)
        as_much = (np.abs(sums) >= abs(d.sum()) * (1 - _NEAR) - _NEAR).sum()
        p = float((1 + as_much) / (1 + DRAWS))
        shifts, all_of_them = _means(chosen[chosen.any(axis=1)], d), DRAWS + 1
    shifts.sort()
    out = int((1 - level) / 2 * all_of_them + _NEAR)
    low, high = (shifts[out - 1], shifts[-out]) if out else (np.nan, np.nan)
    return Difference(float(d.mean()), float(low), float(high), p)


def p_values(differences: ArrayLike) -> NDArray[np.float64]:
    """Give the exact p-value of each column of differences, shape (pairs, trials).

    Raises
    ------
    ValueError
        If there are more than `EXACT` pairs.
    """
    d = np.asarray(differences, dtype=np.float64)
    if d.shape[0] > EXACT:
        raise ValueError(f"{d.shape[0]} pairs: at most {EXACT} are worked out exactly")
    # The sum and its opposite are as far from 0: half of the signs are enough.
    signs = 1.0 - 2.0 * _all(d.shape[0])[: 2 ** (d.shape[0] - 1)]
    sums = np.abs(signs @ d)
    return (sums >= sums[0] * (1 - _NEAR) - _NEAR).mean(axis=0)


def power(
    pairs: int, usual: ArrayLike, effect: float, error: float, rng: np.random.Generator
) -> float:
    """Give the chance that p ≤ `error` where pairs differ by `effect` beside what is usual.

    Parameters
    ----------
    usual : array_like of float
        Differences of pairs to which nothing was done; each is drawn again, with either sign.
    """
    return float((p_values(effect + _noise(pairs, usual, SIMULATED, rng)) <= error).mean())


def least_effect(
    pairs: int, usual: ArrayLike, error: float, rng: np.random.Generator, chance: float = 0.8
) -> float:
    """Give the least effect that is found with a `chance`; NaN where none ever is.

    `usual` is as in `power`. A trial finds what its interval, moved by the effect, leaves above 0:
    so each trial without an effect tells how large one must be, and the answer is a quantile of
    that. Each difference is drawn as often as the others in each place, each trial stands with its
    opposite, and with dice that fall alike the first pairs of more pairs are those of fewer: the
    answers for several numbers of pairs can be compared.

    Examples
    --------
    >>> bool(np.isnan(least_effect(4, [0.1, -0.2, 0.1], 0.1, np.random.default_rng(1))))
    True
    """
    if least_p(pairs) > error:
        return float("nan")
    noise = _evenly(pairs, usual, min(FORETOLD, max(1, SUMS >> pairs)), rng)
    chosen = _all(pairs)[1:].astype(np.float32)
    means = (noise.T.astype(np.float32) @ chosen.T) / chosen.sum(axis=1)
    # Of all signs and their opposites so many differ as much, itself among them, and are too few.
    out = int(error * 2 ** (pairs - 1) + _NEAR)
    means.partition((out - 1, len(chosen) - out))
    needed = np.concatenate([-means[:, out - 1], means[:, -out]])
    return max(0.0, float(np.quantile(needed, chance)))


def _evenly(
    pairs: int, usual: ArrayLike, times: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw as `_noise` does, each difference as often as the others; more pairs only add rows."""
    known = np.resize(np.asarray(usual, dtype=np.float64), times)
    signs = np.resize([-1.0, 1.0], times)
    return np.array([rng.permuted(known) * rng.permuted(signs) for _pair in range(pairs)])


def _noise(
    pairs: int, usual: ArrayLike, times: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Draw pairs to which nothing was done, shape (pairs, times)."""
    known = np.asarray(usual, dtype=np.float64)
    return rng.choice(known, (pairs, times)) * rng.choice([-1.0, 1.0], (pairs, times))


def _all(pairs: int) -> NDArray[np.bool_]:
    """All choices of pairs, none first; those of the first half leave the last pair alone."""
    return (np.arange(2**pairs)[:, None] >> np.arange(pairs)) & 1 == 1


def _means(chosen: NDArray[np.bool_], d: NDArray[np.float64]) -> NDArray[np.float64]:
    return (chosen @ d) / chosen.sum(axis=1)
