"""Payments of one amount at regular distances: a month, or a year."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

DAY_S = 86_400
EVERY: dict[Literal["month", "year"], tuple[float, float]] = {
    "month": (27.0, 33.5), "year": (350.0, 380.0),
}  # fmt: skip
"""Days between two payments, from and to."""
LEAST = 3
ALIKE = 0.1
REGULAR = 0.75
"""Share of distances that must be of the kind; one payment may be missing."""


class Regular(NamedTuple):
    """Payments that come back: every month or year, places of them, the last amount."""

    every: Literal["month", "year"]
    place: NDArray[np.int64]
    amount: float


def regular(at_s: ArrayLike, amounts: ArrayLike) -> Regular | None:
    """Find the payments to one payee that come back, ``None`` if none do.

    Amounts may move by a tenth from one payment to the next, so that a rising price is followed;
    other payments to the same payee may lie between.

    Parameters
    ----------
    at_s, amounts : array_like of float, shape (payments,)
        In order of time.

    Examples
    --------
    >>> months = np.arange(5) * 30 * DAY_S
    >>> found = regular(months, [9.99, 9.99, 9.99, 10.49, 10.49])
    >>> found.every, found.place.tolist(), found.amount
    ('month', [0, 1, 2, 3, 4], 10.49)
    >>> regular(months, [5, 80, 12, 40, 19]) is None
    True
    """
    at, paid = (np.asarray(one, dtype=np.float64) for one in (at_s, amounts))
    best: Regular | None = None
    for every, (least, most) in EVERY.items():
        for start in range(min(at.size - LEAST + 1, 200)):
            place = _followed(at, paid, start, least * DAY_S, most * DAY_S)
            if place.size >= LEAST and (best is None or place.size > best.place.size):
                best = Regular(every, place, float(paid[place[-1]]))
        if best is not None:
            return best
    return best


def _followed(
    at: NDArray[np.float64], paid: NDArray[np.float64], start: int, least: float, most: float
) -> NDArray[np.int64]:
    """Follow payments from one on: the next like it at such a distance, one may be missing."""
    place, missed = [start], 0
    while True:
        last = place[-1]
        like = np.abs(paid / paid[last] - 1) <= ALIKE
        apart = at - at[last]
        for times in (1, 2):
            found = np.flatnonzero(like & (apart >= times * least) & (apart <= times * most))
            if found.size:
                missed += times - 1
                break
        if not found.size or missed > (1 - REGULAR) * (len(place) + missed):
            return np.array(place, dtype=np.int64)
        place.append(int(found[0]))
