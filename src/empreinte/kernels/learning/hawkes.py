"""Self-exciting processes: each share of a post lets further shares follow.

After a post at time 0, shares come at the rate

    λ(t) = first · g(t) + Σ a(i) g(t - t(i))          over the shares i before t

where `first` is how many follow the post itself, a(i) how many follow a share, and g the density
of delays: a power law θ c^θ (t + c)^-(1 + θ), or an exponential. With marks (followers of those
who share) a(i) is proportional to (1 + mark)^β, and `branching` is its mean over marks.

References
----------
Mishra, Rizoiu & Xie, "Feature driven and point process approaches for popularity prediction",
CIKM 2016, equations 2–6. Bochud & Challet, "Optimal approximations of power laws with
exponentials", Quantitative Finance 7(6), 2007.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.loops import loops

MOST_EVENTS = 1_000_000
"""Where a simulated cascade is cut off."""
SLOWEST, FASTEST = 1e-3, 40.0
"""Rates of terms: from this over the longest delay to this over the scale."""


@dataclass(frozen=True)
class Process:
    """Parameters of a self-exciting process.

    Attributes
    ----------
    first : float
        Shares that follow the post directly, in the mean.
    branching : float
        Shares that follow a share, in the mean; below 1, or the cascade would never end.
    scale : float
        c of the power law, or the mean delay of the exponential; in the unit of times.
    shape : float
        θ of the power law; 0 for the exponential.
    exponent : float
        β, how much those with more followers are followed more.
    """

    first: float
    branching: float
    scale: float
    shape: float = 0.0
    exponent: float = 0.0

    def __post_init__(self) -> None:
        values = (self.first, self.branching, self.scale, self.shape, self.exponent)
        if not all(map(math.isfinite, values)):
            raise ValueError(f"{self}: parameters must be finite")
        if self.first < 0 or not 0 <= self.branching < 1:
            raise ValueError(f"{self}: first is at least 0, branching from 0 to below 1")
        if self.scale <= 0 or self.shape < 0:
            raise ValueError(f"{self}: the scale is above 0, the shape at least 0")

    @property
    def final_size(self) -> float:
        """Shares in the whole life of a post, in the mean: first / (1 - branching)."""
        return self.first / (1 - self.branching)


def terms(scale: float, shape: float, longest: float) -> tuple[float, NDArray[np.float64]]:
    """Write a density of delays as Σ w exp(-r t), each r twice the one before.

    The power law is the integral of exponentials θ c^θ / Γ(1 + θ) ∫ s^θ e^(-s (t + c)) ds; in
    log s the trapezoidal rule with a step of log 2 is right to 1 part in 10,000 for shapes below 1,
    in 1,000 for those below 3.

    Parameters
    ----------
    scale, shape : float
        As of `Process`.
    longest : float
        Longest delay that matters.

    Returns
    -------
    rate : float
        The first r.
    weights : ndarray of float64
        All w.

    Examples
    --------
    >>> rate, weights = terms(1.0, 0.5, 1000.0)
    >>> rates = rate * 2.0 ** np.arange(weights.size)
    >>> round(float(weights @ np.exp(-rates * 99)), 7), 0.5 * 100**-1.5
    (0.0005, 0.0005)
    """
    if shape == 0:
        return 1 / scale, np.array([1 / scale])
    rate = SLOWEST / (longest + scale)
    count = math.ceil(math.log2(FASTEST / scale / rate)) + 1
    rates = rate * 2.0 ** np.arange(count)
    log_weights = (1 + shape) * np.log(rates) - rates * scale
    constant = math.log(shape * math.log(2)) + shape * math.log(scale) - math.lgamma(1 + shape)
    return rate, np.exp(log_weights + constant)


def log_likelihood(
    process: Process,
    times: ArrayLike,
    end: float,
    marks: ArrayLike | None = None,
    pool: ArrayLike | None = None,
) -> float:
    """Measure how likely shares are under a process: Σ log λ(t(i)) - ∫ λ, up to `end`.

    Parameters
    ----------
    process : Process
    times : array_like of shape (n,)
        Since the post, ascending, up to `end`.
    end : float
        How long the post was looked at.
    marks : array_like of shape (n,), optional
        Followers of each who shared.
    pool : array_like, optional
        Marks whose mean share `branching` is; by default `marks`.

    Raises
    ------
    ValueError
        If times are not ascending from 0 to `end`, or marks do not fit them.

    Examples
    --------
    >>> round(log_likelihood(Process(2.0, 0.5, 60.0), [10, 30, 90], end=3600), 3)
    -15.076
    """
    t, powers = checked(times, end, marks)
    own = powers if pool is None else np.log1p(np.asarray(pool, dtype=np.float64))
    rate, weights = terms(process.scale, process.shape, end)
    amounts = mean_amount(process.branching, process.exponent, own) * np.exp(
        process.exponent * powers
    )
    state = np.empty(weights.size)
    loop = loops("hawkes")
    return float(loop.log_likelihood(t, amounts, process.first, end, rate, weights, state))


def simulate(
    process: Process,
    end: float,
    runs: int,
    *,
    pool: ArrayLike = (),
    seed: int = 0,
    most: int = MOST_EVENTS,
) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Draw cascades of a process.

    Parameters
    ----------
    process : Process
    end : float
        When to stop looking.
    runs : int
        Number of cascades; run i is the same whatever their number.
    pool : array_like, optional
        Marks to draw from.
    seed : int
    most : int
        A cascade is cut off at this many shares.

    Returns
    -------
    list of (times, marks)
        Ascending times; marks are 0 without a pool.

    Examples
    --------
    >>> drawn = simulate(Process(3.0, 0.5, 60.0), 1e5, runs=4_000)
    >>> round(float(np.mean([times.size for times, _ in drawn])))
    6
    """
    powers = np.log1p(np.asarray(pool, dtype=np.float64))
    mean = mean_amount(process.branching, process.exponent, powers)
    events, marks = np.empty(most), np.empty(most)
    drawn = []
    for run in range(runs):
        count = loops("hawkes").simulate(
            process.first, mean, process.exponent, process.scale, process.shape, powers,
            float(end), most, seed, run, events, marks,
        )  # fmt: skip
        order = np.argsort(events[:count], kind="stable")
        drawn.append((events[order], np.expm1(marks[order])))
    return drawn


def mean_amount(branching: float, exponent: float, powers: NDArray[np.float64]) -> float:
    """Give what follows a share of mark 0, so that `branching` follow one in the mean."""
    return branching / float(np.exp(exponent * powers).mean()) if powers.size else branching


def checked(
    times: ArrayLike, end: float, marks: ArrayLike | None
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give times, and log (1 + mark) of each, once they are known to be sound."""
    t = np.ascontiguousarray(times, dtype=np.float64)
    if t.ndim != 1 or not math.isfinite(end) or end <= 0:
        raise ValueError(f"times of shape {t.shape} up to {end}: give one row, an end above 0")
    if t.size and not (t[0] >= 0 and t[-1] <= end and (np.diff(t) >= 0).all()):
        raise ValueError(f"times must ascend from 0, the post's own, to {end}: sort and cut them")
    if marks is None:
        return t, np.zeros(t.size)
    m = np.asarray(marks, dtype=np.float64)
    if m.shape != t.shape or not (np.isfinite(m).all() and (m >= 0).all()):
        raise ValueError(f"{m.size} marks for {t.size} times: give one an event, 0 or more")
    return t, np.log1p(m)
