"""Bursts of a count by the hour: far more comes than the days and weeks before lead one to expect.

What is expected of an hour follows from days before it alone: the level of four weeks, how busy
this hour of the day and this day of the week were in half a year. Counts vary more than chance
would have it, by the hour and by the day:

    y ~ Poisson(μ × D × H),  E D = E H = 1,  var D = α_day,  (1 + α_day)(1 + var H) − 1 = α

A cumulative sum of the logarithm of the likelihood ratio of `FACTOR` times as many against as
many as expected (negative binomial with α) rises in a burst and lies near 0 otherwise. Where it
passes a threshold, an episode is told; it began where the sum was last 0 and ended where the sum
was highest, once that lies a threshold above what came after. The threshold is the height that
series like this one, simulated without any burst (D log-normal, H gamma) and with their own
expectations learnt, pass so many times a year. What α and such series rest on is μ as one knows it
later, from the days before and after.

References
----------
Page (1954), Continuous inspection schemes, Biometrika 41(1/2). Höhle & Paul (2008), Count data
regression charts for the monitoring of surveillance time series, Computational Statistics & Data
Analysis 52(9). Noufaily et al. (2013), An improved algorithm for outbreak detection in multiple
surveillance systems, Statistics in Medicine 32(7) (episodes found leave the over-dispersion).
"""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FACTOR = 5.0
"""Times the expected count that the sum is built to find."""
FALSE_A_YEAR = 2.0
"""Episodes a year of a series without a burst, at most."""
ASKED = 0.65
"""Part of them that is asked of the simulation, whose over-dispersion is estimated too."""
LEAST_RATE = 0.4
"""Counts an hour below which a burst cannot be told from chance."""
LEARN_D, LEVEL_D, SHAPE_D = 14, 28, 182
"""Days that are learnt from before anything is told; that the level, and the shape, come from."""
LEAST_D = 35
"""Days below which nothing is told at all."""
LARGE_DAY = 2.5
"""Times what was expected from which on a day says nothing of how usual ones vary."""
PRIOR = 24.0
"""Counts by which the factor of an hour, and of a day of the week, is pulled towards 1."""
PRIOR_LATER = 1.0
"""The same for what is known later: a shape that is pulled flat is taken for uneven hours."""
DAY, WEEK, YEAR_H = 24, 7, 8_766
RUNS = 24
"""Series simulated for the threshold, each as long as the given one, up to a year."""
_LEAST_ALPHA = 0.01


class Burst(NamedTuple):
    """An episode.

    Attributes
    ----------
    start, told, end : int
        Places in the series: first hour, hour at whose end it was told, first hour after it.
    came, expected : float
        What came from `start` to `end`, and what was expected.
    a_year : float
        How many times a year a series without a burst has such an episode or a stronger one.
    going_on : bool
        Whether the series ends before the episode is known to be over.
    """

    start: int
    told: int
    end: int
    came: float
    expected: float
    a_year: float
    going_on: bool


class Found(NamedTuple):
    """What was found in a series.

    Attributes
    ----------
    bursts : tuple of Burst
        In the order of time.
    expected : ndarray of float64, shape (hours,)
        What was expected of each hour; ``nan`` while it was learnt.
    alpha, alpha_day : float
        Over-dispersion of an hour, and what of it hours of one day share.
    threshold : float
        Height of the sum at which an episode is told.
    """

    bursts: tuple[Burst, ...]
    expected: Floats
    alpha: float
    alpha_day: float
    threshold: float


def tellable(count: ArrayLike) -> bool:
    """Tell whether a burst could be told: five weeks are known, and one comes in two hours."""
    y = np.asarray(count, dtype=np.float64)
    return y.size >= LEAST_D * DAY and float(y[-SHAPE_D * DAY :].mean()) >= LEAST_RATE


def find(
    count: ArrayLike,
    first_hour: int,
    random: np.random.Generator,
    false_a_year: float = FALSE_A_YEAR,
) -> Found | None:
    """Find the episodes of a series of counts by the hour.

    Parameters
    ----------
    count : array_like of shape (hours,)
        What came in each hour, by the clock on the wall.
    first_hour : int
        Hour of the week of the first, 0 to 167.
    random : numpy.random.Generator
        For the simulated series.
    false_a_year : float
        Episodes a year of a series without a burst, at most.

    Returns
    -------
    Found or None
        ``None`` where a burst could not be told (`tellable`).

    Raises
    ------
    ValueError
        If a count is not finite or below 0.
    """
    y = np.asarray(count, dtype=np.float64)
    if not (np.isfinite(y).all() and (y >= 0).all()):
        raise ValueError("counts by the hour must be finite and at least 0")
    if not tellable(y):
        return None
    days, lead = _by_day(y, first_hour % DAY)
    weekday = (first_hour // DAY + np.arange(days.shape[0])) % WEEK
    (mean,), (used,) = _expected(days[None], weekday)
    known = np.isfinite(mean) & np.isfinite(days)
    whole = np.asarray(np.isfinite(days).all(axis=1))
    true = _looking_back(used, weekday, whole)
    usual = _usual(days, true)
    quiet = usual.copy()
    episodes: list[_Episode] = []
    alpha = alpha_day = threshold = slope = 0.0
    for _ in range(2):  # what is found the first time leaves the over-dispersion the second
        alpha, alpha_day = _dispersion(used, true, known & (quiet & whole)[:, None])
        peaks, years = _simulated(true, weekday, alpha, alpha_day, random)
        threshold, slope = _threshold(peaks, years, ASKED * false_a_year)
        rise = np.where(known, _score(days, mean, alpha), 0.0).ravel()
        episodes = _episodes(rise, threshold)
        quiet[:] = usual
        for one in episodes:
            quiet[one.start // DAY : one.end // DAY + 2] = False
    hours = slice(lead, lead + y.size)
    expected = mean.ravel()[hours]
    return Found(
        tuple(_burst(one, lead, y, expected, (threshold, slope), false_a_year) for one in episodes),
        expected, alpha, alpha_day, threshold,
    )  # fmt: skip


def _by_day(y: Floats, lead: int) -> tuple[Floats, int]:
    """Cut a series into days of the clock; ``nan`` before its first and after its last hour."""
    after = -(lead + y.size) % DAY
    padded = np.pad(y, (lead, after), constant_values=math.nan)
    return padded.reshape(-1, DAY), lead


def _expected(days: Floats, weekday: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Give what is expected of each hour of series of shape (runs, days, 24) by the days before.

    The second is what was learnt from: counts far above what was expected are cut, for a burst must
    not raise what is expected after it. A day that is not known whole is learnt from in no way.
    """
    runs, n, _ = days.shape
    mean = np.full(days.shape, math.nan)
    whole = np.asarray(np.isfinite(days).all(axis=(0, 2)))
    used = np.where(whole[None, :, None], days, 0.0)
    hour, week = np.zeros((runs, DAY)), np.zeros((runs, WEEK))
    seen = np.zeros(WEEK)
    for day in range(n):
        known = seen.sum()
        if known >= LEARN_D:
            total = hour.sum(axis=1, keepdims=True)
            clock = (hour + PRIOR) / (total / DAY + PRIOR)
            clock /= clock.mean(axis=1, keepdims=True)
            share = (week + PRIOR) / (total / known * seen + PRIOR)
            late = slice(max(0, day - LEVEL_D), day)
            weight = (share[:, weekday[late]] * whole[late]).sum(axis=1, keepdims=True) * DAY
            level = (used[:, late].sum(axis=(1, 2))[:, None] + 0.5) / np.maximum(weight, 1e-9)
            mean[:, day] = level * share[:, weekday[day], None] * clock
            cap = mean[:, day] * 4 + 4 * np.sqrt(mean[:, day] + 1)
            used[:, day] = np.minimum(used[:, day], cap)
        for past, sign in ((day, 1.0), (day - SHAPE_D, -1.0)):
            if past >= 0 and whole[past]:
                hour += sign * used[:, past]
                week[:, weekday[past]] += sign * used[:, past].sum(axis=1)
                seen[weekday[past]] += sign
    return mean, used


def _looking_back(used: Floats, weekday: NDArray[np.int64], whole: NDArray[np.bool_]) -> Floats:
    """Give what was usual of each hour as one knows it later, by days before and after: (days, 24).

    What was expected at the time errs by a tenth and more where counts are rare. Taken for what
    was usual, it made hours look more uneven than they were (α .37 for .30, at one in two hours)
    and was learnt with that error once more in what is simulated. Each day is left out of its own.
    """
    day = used.sum(axis=1)
    hour = _around(used, SHAPE_D // 2)
    total = hour.sum(axis=1, keepdims=True)
    clock = (hour + PRIOR_LATER) / (total / DAY + PRIOR_LATER)
    clock /= clock.mean(axis=1, keepdims=True)
    this = (weekday[:, None] == np.arange(WEEK)) * whole[:, None]
    seen, week = _around(this, SHAPE_D // 2), _around(this * day[:, None], SHAPE_D // 2)
    each = total / np.maximum(seen.sum(axis=1, keepdims=True), 1)
    shares = (week + PRIOR_LATER) / (each * seen + PRIOR_LATER)
    share = np.take_along_axis(shares, weekday[:, None], axis=1)
    weight = _around(share * whole[:, None] * DAY, LEVEL_D)
    level = (_around(day[:, None], LEVEL_D) + 0.5) / np.maximum(weight, 1e-9)
    return level * share * clock


def _around(days: ArrayLike, half: int) -> Floats:
    """Sum rows over ``half`` days before and after each, without itself."""
    rows = np.asarray(days, dtype=np.float64)
    sums = np.concatenate([np.zeros((1, rows.shape[1])), rows.cumsum(axis=0)])
    at = np.arange(rows.shape[0])
    return sums[np.minimum(at + half + 1, rows.shape[0])] - sums[np.maximum(at - half, 0)] - rows


def _usual(days: Floats, mean: Floats) -> NDArray[np.bool_]:
    """Tell the days whose dispersion is that of usual ones: a day far above all is a burst's."""
    expected = mean.sum(axis=1)
    return ~(days.sum(axis=1) > LARGE_DAY * expected + 3 * np.sqrt(expected))


def _dispersion(used: Floats, mean: Floats, known: NDArray[np.bool_]) -> tuple[float, float]:
    """Estimate α and α_day by moments; α is never 0, for nothing is chance alone."""
    mu = np.where(known, mean, 0.0)
    off = np.where(known, used, 0.0) - mu
    square = float((mu**2).sum())
    if square <= 0:
        return _LEAST_ALPHA, 0.0
    counted = float(np.where(known, used, 0.0).sum())
    alpha = max(_LEAST_ALPHA, (float((off**2).sum()) - counted) / square)
    # How much days as a whole vary, by quartiles, which few bursts do not move; less what chance
    # and hours that vary by themselves would do.
    some = mu.sum(axis=1) > 0
    day, parts = mu[some].sum(axis=1), (mu[some] ** 2).sum(axis=1)
    low, high = np.quantile(off[some].sum(axis=1) / day, [0.25, 0.75])
    varies = ((high - low) / (2 * NormalDist().inv_cdf(0.75))) ** 2
    own = float((parts / day**2).mean())
    alpha_day = (varies - float((1 / day).mean()) - alpha * own) / max(1 - own, 1e-9)
    return alpha, min(max(0.0, float(alpha_day)), alpha)


def _score(y: Floats, mean: Floats, alpha: float) -> Floats:
    """Give the logarithm of the likelihood ratio of `FACTOR` times the mean against the mean."""
    more = np.log1p(alpha * FACTOR * mean) - np.log1p(alpha * mean)
    return y * (math.log(FACTOR) - more) - more / alpha


def _simulated(
    true: Floats, weekday: NDArray[np.int64], alpha: float, alpha_day: float,
    random: np.random.Generator,
) -> tuple[Floats, float]:  # fmt: skip
    """Give the heights of all excursions of series without a burst, and their years."""
    late = slice(-(YEAR_H // DAY + LEARN_D), None)
    true, weekday = true[late], weekday[late]
    shape = (RUNS, *true.shape)
    level = true * np.ones(shape)
    if alpha_day > 0:
        spread = math.sqrt(math.log1p(alpha_day))
        level *= random.lognormal(-(spread**2) / 2, spread, (RUNS, true.shape[0], 1))
    alpha_hour = max(1e-6, (alpha - alpha_day) / (1 + alpha_day))
    drawn = random.poisson(level * random.gamma(1 / alpha_hour, alpha_hour, shape))
    days = drawn.astype(np.float64)
    own, _used = _expected(days, weekday)
    rise = np.where(np.isfinite(own), _score(days, own, alpha), 0.0).reshape(RUNS, -1)
    total, peak = np.zeros(RUNS), np.zeros(RUNS)
    heights: list[Floats] = []
    for hour in range(rise.shape[1]):
        total = np.maximum(0.0, total + rise[:, hour])
        over = (total == 0) & (peak > 0)
        if over.any():
            heights.append(peak[over])
        peak = np.where(total == 0, 0.0, np.maximum(peak, total))
    hours = int(np.isfinite(own[0]).sum())
    return np.concatenate([*heights, peak[peak > 0]]), RUNS * hours / YEAR_H


def _threshold(peaks: Floats, years: float, a_year: float) -> tuple[float, float]:
    """Give the height that is passed `a_year` times, and the mean by which it is then passed."""
    high = np.sort(peaks)[::-1]
    allowed = min(int(a_year * years), high.size - 1)
    if allowed < 0:
        return 1.0, 1.0
    threshold = float(high[allowed]) + 1e-9
    above = high[: max(allowed, 1)]
    return threshold, max(float(above.mean()) - threshold, 0.5)


class _Episode(NamedTuple):
    start: int
    told: int
    end: int
    height: float
    going_on: bool


def _episodes(rise: Floats, threshold: float) -> list[_Episode]:
    found: list[_Episode] = []
    total = height = 0.0
    start, told, top = 0, -1, -1
    for hour, step in enumerate(rise.tolist()):
        total += step
        if told >= 0 and (total <= 0 or total <= height - threshold):
            found.append(_Episode(start, told, top + 1, height, False))
            total, told = 0.0, -1
        if total <= 0:
            total, height, start = 0.0, 0.0, hour + 1
        elif total > height:
            height, top = total, hour
            if told < 0 and total >= threshold:
                told = hour
    if told >= 0:
        found.append(_Episode(start, told, top + 1, height, True))
    return found


def _burst(
    one: _Episode, lead: int, y: Floats, expected: Floats, tail: tuple[float, float],
    false_a_year: float,
) -> Burst:  # fmt: skip
    threshold, slope = tail
    start, told, end = (place - lead for place in one[:3])
    return Burst(
        start, told, end, float(y[start:end].sum()), float(expected[start:end].sum()),
        false_a_year * math.exp(-(one.height - threshold) / slope), one.going_on,
    )  # fmt: skip
