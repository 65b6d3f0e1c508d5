"""Hours from marks, by what a mark says of presence: three estimators, each with its interval.

A **chain**: each mark lasts until the next (short videos). **Starts**: marks begin something long
whose end is not written. **Sparse** marks stand on a presence that leaves no other trace.

For chains and starts, gaps up to a threshold are time spent, and the last mark of a visit lasts as
long as they do on average. The threshold is where the last component within visits and the first
between them cross in a log-normal mixture of the gaps; for starts it is held to 20 to 45 minutes.

For sparse marks presence is an interrupted Poisson process: right after an act one is present, so
the density of gaps at 0 is the rate of acts while present, whatever absence is like. It is read
off a mixture of exponentials, and hours are the number of acts over that rate. Acts within 30
seconds are taken as one first.

References
----------
Halfaker et al. (2015), User session identification based on strong regularities in inter-activity
time, WWW. Kuczura (1973), The interrupted Poisson process as an overflow process, Bell System
Technical Journal 52:437.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.presence import gaps as mixtures
from empreinte.kernels.presence.gaps import Mixture
from empreinte.kernels.presence.sessions import alone, scatter

Regime = Literal["chain", "starts", "sparse"]
Why = Literal["few", "no visits"]

ENOUGH = 40
Z, FACTOR = 4.0, 1.25
"""Copies without visits pass neither: see `sessions.scatter`."""
HELD_S = {"chain": (60.0, 600.0), "starts": (1_200.0, 2_700.0), "sparse": (120.0, 5_400.0)}
WITHIN_S = 3_600.0
"""A component of gaps that are shorter on average is one within visits."""
MODEL = {"chain": 0.03, "starts": 0.14, "sparse": 0.15}
"""Standard deviation of the logarithm by which people differ from the model (see the page)."""
BURST_S = 30.0
BLOCKS = 20
WEEK_S = 7 * 86_400
NORMAL_90 = 1.645


class Presence(NamedTuple):
    """Time spent, in seconds, or why it cannot be told.

    Attributes
    ----------
    seconds, low, high : float
        The estimate and its interval of 90 %; NaN where it cannot be told.
    why : str or None
        ``few`` marks, or ``no visits`` among them.
    each : ndarray of float64, shape (n,)
        Seconds that each mark stands for; they add up to `seconds`.
    threshold, tail : float
        A longer gap ends a visit; a visit lasts so long after its last mark.
    machine : float
        Seconds that a machine played alone; they are not in `seconds`.
    """

    seconds: float
    low: float
    high: float
    why: Why | None
    each: NDArray[np.float64]
    threshold: float = np.nan
    tail: float = np.nan
    machine: float = 0.0


def presence(marks_s: ArrayLike, regime: Regime, rng: np.random.Generator) -> Presence:
    """Estimate the time spent.

    Parameters
    ----------
    marks_s : array_like of float, shape (n,)
        Seconds since 1970 on the owner's clock, sorted.
    regime : str
        What a mark says of presence.
    rng : numpy.random.Generator
        For the copies that tell whether there are visits.

    Examples
    --------
    >>> presence([1.0, 2.0], "chain", np.random.default_rng(1)).why
    'few'
    """
    marks = np.asarray(marks_s, dtype=np.float64)
    gaps = np.diff(marks)
    by_machine = alone(marks)
    played = float(gaps[by_machine].sum())
    nothing = np.zeros(marks.size)
    if marks.size - by_machine.sum() < ENOUGH:
        return Presence(np.nan, np.nan, np.nan, "few", nothing, machine=played)
    own = np.concatenate([[True], ~by_machine])  # of a run the first mark alone is the owner's
    z, factor = scatter(marks[own], rng)
    if z < Z or factor < FACTOR:
        return Presence(np.nan, np.nan, np.nan, "no visits", nothing, machine=played)
    # What lies within a run is neither time spent nor a gap between visits.
    free = np.where(by_machine, np.nan, gaps)
    if regime == "sparse":
        return _sparse(marks, free)._replace(machine=played)
    return _followed(free, regime)._replace(machine=played)


def _followed(gaps: NDArray[np.float64], regime: Regime) -> Presence:
    """Add up the gaps within visits, and what follows their last marks."""
    known = gaps[np.isfinite(gaps)]
    low, high = HELD_S[regime]
    fit = mixtures.log_normals(mixtures.histogram(known))
    threshold = crossing(fit, low, high)
    seconds, tail = _added(known, threshold)
    around = (max(low, threshold / 1.5), threshold * 1.5)
    ends = around if regime == "chain" else (low, high)
    least, most = (_added(known, end)[0] for end in ends)
    if not least > 0:  # all at one moment, which says nothing of how long it lasted
        nothing = np.zeros(gaps.size + 1)
        return Presence(np.nan, np.nan, np.nan, "no visits", nothing)
    short = known[known <= threshold]
    last = np.sqrt(known.size - short.size + 1) * short.std() / seconds
    below, above = (
        np.sqrt((np.log(ratio) / NORMAL_90) ** 2 + last**2 + MODEL[regime] ** 2)
        for ratio in (seconds / least, most / seconds)
    )
    each = np.append(np.where(gaps <= threshold, gaps, np.where(np.isnan(gaps), 0, tail)), tail)
    return Presence(
        seconds, float(seconds * np.exp(-NORMAL_90 * below)),
        float(seconds * np.exp(NORMAL_90 * above)),
        None, each * (seconds / each.sum()), threshold, tail,
    )  # fmt: skip


def _added(gaps: NDArray[np.float64], threshold: float) -> tuple[float, float]:
    short = gaps[gaps <= threshold]
    tail = float(short.mean()) if short.size else threshold / 2
    return float(short.sum()) + (gaps.size - short.size + 1) * tail, tail


def crossing(fit: Mixture, low_s: float, high_s: float) -> float:
    """Give the gap from which on components between visits are the denser ones.

    Parameters
    ----------
    fit : Mixture
        One fit; components are within visits if their mean gap is under an hour.
    low_s, high_s : float
        Bounds; where there is nothing to cross, their geometric mean.
    """
    centre = np.exp(fit.mean[0]) if fit.spread.any() else fit.mean[0]
    within = int((centre < WITHIN_S).sum())
    if within in (0, centre.size):
        return float(np.sqrt(low_s * high_s))
    at = np.linspace(np.log(low_s), np.log(high_s), 500)
    dense = mixtures.density(fit, at)
    crossed = (dense[within:].sum(axis=0) >= dense[:within].sum(axis=0)) & (
        at > np.log(centre[within - 1])
    )
    return float(np.exp(at[np.argmax(crossed)])) if crossed.any() else high_s


def _sparse(marks: NDArray[np.float64], gaps: NDArray[np.float64]) -> Presence:
    """Divide acts by their rate while present; how sure that is, by leaving out blocks of weeks."""
    longer = np.isfinite(gaps) & (gaps >= BURST_S)
    rest = np.maximum(gaps[longer] - BURST_S, 0.5)
    week = (marks[:-1][longer] // WEEK_S).astype(np.int64)
    blocks = np.minimum((np.unique(week, return_inverse=True)[1]), 10**6)
    blocks = blocks * min(BLOCKS, blocks.max() + 1) // (blocks.max() + 1)
    several = int(blocks.max()) + 1
    parts = np.stack([mixtures.histogram(rest[blocks == block]) for block in range(several)])
    counts = parts.sum(axis=0)
    fit = mixtures.exponentials(counts)
    seconds = (counts.sum() + 1) * float(an_act(fit)[0])
    spread = 1.0
    if several > 1:
        without = mixtures.refitted(counts - parts, fit)
        logs = np.log(an_act(without))
        spread = float(np.sqrt((several - 1) / several * ((logs - logs.mean()) ** 2).sum()))
    sure = np.sqrt(spread**2 + 1 / counts.sum() + MODEL["sparse"] ** 2)
    threshold = crossing(fit, *HELD_S["sparse"])
    each, wide = seconds / marks.size, float(np.exp(NORMAL_90 * sure))
    return Presence(
        seconds, seconds / wide, seconds * wide, None,
        np.full(marks.size, each), threshold, min(each, threshold),
    )  # fmt: skip


def an_act(fit: Mixture) -> NDArray[np.float64]:
    """Give the seconds of presence that one act stands for, by a fit to gaps less the burst.

    With weights p and rates μ, of gaps that are at least d long and less d, the density of gaps
    at 0 is Σ p μ exp(μ d) / Σ p exp(μ d), and for each of these gaps Σ p exp(μ d) were made, the
    shorter ones among them. Components shorter than a burst are bursts that took longer.

    Parameters
    ----------
    fit : Mixture
        Exponentials, shape (fits, components).

    Returns
    -------
    ndarray of float64, shape (fits,)
    """
    rate = 1 / np.maximum(fit.mean, BURST_S)
    grown = np.where(fit.mean < BURST_S, 0.0, fit.weight) * np.exp(rate * BURST_S)
    return grown.sum(axis=1) ** 2 / np.maximum((grown * rate).sum(axis=1), 1e-12)


ELSEWHERE, LEFT = 0.2, 0.05
"""Standard deviations of the logarithm: of one week's ratio, and what no number of them takes."""


def calibrated(found: Presence, ratios: ArrayLike) -> Presence:
    """Scale an estimate by what was counted elsewhere.

    Parameters
    ----------
    found : Presence
        What was estimated.
    ratios : array_like of float, shape (weeks,)
        For some weeks, what was counted over what was estimated; above 0.

    Returns
    -------
    Presence
        Scaled by the geometric mean of the ratios; its interval is the narrower of its own and
        of what so many weeks tell.
    """
    logs = np.log(np.asarray(ratios, dtype=np.float64))
    factor = float(np.exp(logs.mean()))
    spread = max(ELSEWHERE, float(logs.std(ddof=1)) if logs.size > 1 else 0.0)
    sure = float(np.exp(NORMAL_90 * np.hypot(spread / np.sqrt(logs.size), LEFT)))
    seconds = found.seconds * factor
    return found._replace(
        seconds=seconds,
        low=seconds * max(found.low / found.seconds, 1 / sure),
        high=seconds * min(found.high / found.seconds, sure),
        each=found.each * factor,
    )
