"""Sleep and time zone from the hours at which someone writes.

Who sleeps does not write. The model of the counts in 48 half-hours of the day is

    counts ~ Dirichlet–multinomial(κ m),   m(t) ∝ ε + (1 − ε) P(awake at t)

where P(awake) falls and rises about the ends of sleep with the spread of one night to the next.
The hours awake are not alike either, and nobody knows how: κ, the concentration, lets every
half-hour differ from the model by chance, so that ten thousand messages do not make an evening
person's morning into sleep. Start and length of sleep, κ and ε are summed over a grid. People
sleep 7.6 h (standard deviation 1.1 h) and are in the middle of their sleep at 03:50 (1.3 h) on
average: the first is the prior of the length, the second tells the time zone from the middle of
sleep in UTC.

References
----------
Roenneberg et al. (2007), Epidemiology of the human circadian clock, Sleep Medicine Reviews 11(6),
figures 1–2 (length and middle of sleep). Minka (2000), Estimating a Dirichlet distribution,
equation 10 (the compound likelihood).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.statistics.clock import DAY_S

BINS = 48
STEP_H = 24 / BINS
LENGTHS = np.arange(5.0, 11.01, 0.5)
LENGTH_H, LENGTH_SD = 7.6, 1.1
MIDDLE_H, MIDDLE_SD = 3.8, 1.3
NIGHTLY_SD = 0.75
"""How much the ends of sleep differ from night to night, hours."""
KAPPAS = np.array([10.0, 20.0, 40.0, 80.0, 160.0])
LEAKS = np.array([0.005, 0.02, 0.06])
TEMPER = 0.3
"""The power of the likelihood: neighbouring half-hours are alike and tell one thing among them."""
OFFSETS = np.arange(-11, 13)
"""Hours ahead of UTC; halves are told as a neighbour."""
VAGUE_H = 8.0
"""An arc as wide as this for the middle of sleep says nothing."""


@dataclass(frozen=True)
class Arc:
    """A time of day with its interval, in hours; `low` to `high` may pass midnight.

    Attributes
    ----------
    value : float
        From 0 to 24.
    low, high : float
        `low` is at most `value`, `high` at least: they may be below 0 or above 24.
    """

    value: float
    low: float
    high: float

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True, eq=False)
class Sleep:
    """When someone sleeps.

    Attributes
    ----------
    start, end, middle : Arc
    posterior : ndarray of float64, shape (48, lengths)
        Probability of each start and length.
    n : int
        Half-hours of some day in which something was written.
    known : bool
        Whether the hours tell anything.
    """

    start: Arc
    end: Arc
    middle: Arc
    posterior: NDArray[np.float64]
    n: int
    known: bool


@dataclass(frozen=True, eq=False)
class Zone:
    """Hours ahead of UTC: the likeliest, and an interval of whole hours that holds `level`.

    Attributes
    ----------
    probability : ndarray of float64, shape (24,)
        Of each of `OFFSETS`.
    """

    offset: int
    low: int
    high: int
    level: float
    probability: NDArray[np.float64]


def counts(clock_s: ArrayLike) -> NDArray[np.int64]:
    """Count in each half-hour of the day on how many days something was written.

    What is written within one half-hour counts once: it tells one thing, that someone is awake.

    Parameters
    ----------
    clock_s : array_like of int
        Seconds since 1970, on whichever clock.

    Returns
    -------
    ndarray of int64, shape (48,)

    Examples
    --------
    >>> counts([0, 60, 1800, 86_400])[:3].tolist()
    [2, 1, 0]
    """
    times = np.asarray(clock_s, dtype=np.int64)
    halves = np.unique(times // (DAY_S // BINS))
    return np.bincount(halves % BINS, minlength=BINS)


def _awake() -> NDArray[np.float64]:
    """Give the expected share of each half-hour; shape (lengths, leaks, 48), sleep from 0 h."""
    from scipy.special import ndtr

    middle = (np.arange(BINS) + 0.5) * STEP_H
    asleep = np.zeros((len(LENGTHS), BINS))
    for turn in (-24, 0, 24):
        late, early = (
            ndtr((middle + turn - end) / NIGHTLY_SD)
            for end in (LENGTHS[:, None] * 0, LENGTHS[:, None])
        )
        asleep += late - early
    awake = 1 - asleep[:, None, :] * (1 - LEAKS[None, :, None])
    return awake / awake.sum(axis=2, keepdims=True)


def find_sleep(by_half_hour: ArrayLike, level: float = 0.9) -> Sleep:
    """Find when someone sleeps from `counts`.

    Parameters
    ----------
    by_half_hour : array_like of int, shape (48,)
    level : float
        Of the intervals.

    Returns
    -------
    Sleep
        On the clock of the counts.

    Raises
    ------
    ValueError
        If there are not 48 counts.
    """
    from scipy.special import gammaln, logsumexp

    seen = np.asarray(by_half_hour, dtype=np.float64)
    if seen.shape != (BINS,) or (seen < 0).any():
        raise ValueError(f"counts of shape {seen.shape}: give {BINS}, one a half-hour, 0 or more")
    # The model stands still and the day turns: row s has sleep start at half-hour s. A count that
    # comes twice is looked up, not worked out twice, and a half-hour of silence adds nothing.
    turned = (np.arange(BINS)[:, None] + np.arange(BINS)) % BINS
    heights, which = np.unique(seen, return_inverse=True)
    share = _awake()
    total = np.full((BINS, len(LENGTHS)), -np.inf)
    for kappa in KAPPAS:
        mean = (kappa * share).transpose(2, 0, 1)
        base = gammaln(kappa) - gammaln(kappa + seen.sum())
        gains = gammaln(heights[:, None, None, None] + mean) - gammaln(mean)
        each = base + np.array([gains[which[row], np.arange(BINS)].sum(axis=0) for row in turned])
        total = np.logaddexp(total, logsumexp(TEMPER * each, axis=2))
    total += -0.5 * ((LENGTHS - LENGTH_H) / LENGTH_SD) ** 2
    posterior = np.exp(total - logsumexp(total))
    start = np.arange(BINS) * STEP_H
    begins, lasts = np.meshgrid(start, LENGTHS, indexing="ij")
    middle = _arc(begins + lasts / 2, posterior, level)
    return Sleep(
        _arc(begins, posterior, level),
        _arc(begins + lasts, posterior, level),
        middle,
        posterior,
        int(seen.sum()),
        bool(middle.width < VAGUE_H),
    )


def _arc(hours: NDArray[np.floating], weight: NDArray[np.float64], level: float) -> Arc:
    """Give the shortest arc of the day that holds `level` of the weight."""
    fine = 2 * BINS
    bins = np.round(hours.ravel() / (24 / fine)).astype(np.int64) % fine
    mass = np.bincount(bins, weight.ravel(), fine)
    run = np.concatenate([[0.0], np.cumsum(np.tile(mass, 2))])
    width = 1
    while (inside := run[width : width + fine] - run[:fine]).max() < level - 1e-9:
        width += 1
    first = int(np.argmax(inside))
    half = run[first] + inside[first] / 2
    middle = int(np.searchsorted(run, half - 1e-12)) - 1
    low, value, high = (x * 24 / fine for x in (first - 0.5, middle, first + width - 0.5))
    turn = 24 * (value // 24)
    return Arc(value - turn, low - turn, high - turn)


def find_zone(sleep: Sleep, level: float = 0.9) -> Zone:
    """Tell how far ahead of UTC someone lives who sleeps so in UTC.

    Parameters
    ----------
    sleep : Sleep
        Of counts in UTC.
    level : float
        How much of the probability the interval holds at least.

    Examples
    --------
    >>> busy = np.array([0] * 16 + [20] * 32)  # silent from 0 to 8 h UTC
    >>> zone = find_zone(find_sleep(busy))
    >>> zone.offset
    0
    """
    starts = np.arange(BINS) * STEP_H
    middle = (starts[:, None] + LENGTHS / 2)[:, :, None] + OFFSETS
    gap = (middle - MIDDLE_H + 12) % 24 - 12
    likely = np.exp(-0.5 * (gap / MIDDLE_SD) ** 2)
    weight = (sleep.posterior[:, :, None] * likely).sum(axis=(0, 1))
    probability = weight / weight.sum()
    best = int(np.argmax(probability))
    run = np.concatenate([[0.0], np.cumsum(probability)])
    spans = [
        (high - low, -(run[high] - run[low]), low, high)
        for low in range(len(OFFSETS))
        for high in range(low + 1, len(OFFSETS) + 1)
        if run[high] - run[low] >= level and low <= best < high
    ]
    _, _, low, high = min(spans)
    return Zone(int(OFFSETS[best]), int(OFFSETS[low]), int(OFFSETS[high - 1]), level, probability)


def find_shift(free: Sleep, working: Sleep, level: float = 0.9) -> Arc:
    """Tell how much later the middle of sleep is on free nights than on working nights, hours.

    `value` may be negative: earlier.
    """
    fine = 2 * BINS
    masses = []
    for sleep in (free, working):
        hours = (np.arange(BINS) * STEP_H)[:, None] + LENGTHS / 2
        bins = np.round(hours.ravel() / (24 / fine)).astype(np.int64) % fine
        masses.append(np.bincount(bins, sleep.posterior.ravel(), fine))
    spectrum = np.fft.fft(masses[0]) * np.conj(np.fft.fft(masses[1]))
    apart = np.maximum(np.fft.ifft(spectrum).real, 0)
    arc = _arc(np.arange(fine) * (24 / fine), apart / apart.sum(), level)
    turn = 24 if arc.value > 12 else 0
    return Arc(arc.value - turn, arc.low - turn, arc.high - turn)


def nights_before(clock_s: ArrayLike) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Tell which moments belong to nights before working days and before free days.

    A night reaches from noon to noon. Those that end on Monday to Friday are before working days.

    Examples
    --------
    A Thursday at 23 h, a Friday at 23 h, a Sunday at 9 h and at 23 h.

    >>> hours = np.array([23, 47, 81, 95]) * 3600
    >>> [side.tolist() for side in nights_before(hours)]
    [[True, False, False, True], [False, True, True, False]]
    """
    ends = (np.asarray(clock_s, dtype=np.int64) + DAY_S // 2) // DAY_S
    free = (ends + 3) % 7 >= 5
    return ~free, free
