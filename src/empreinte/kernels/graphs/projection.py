"""Who acts together: pairs that took part in the same things more often than chance.

Busy people meet on busy things without being linked. By chance alone a person with a acts meets
another with b acts on Σ a b d (d - 1) / L² things, d being the acts on each thing and L all of
them; the number of meetings is then nearly Poisson. Pairs are kept at a false discovery rate: of
those told, so large a share is chance at most.

References
----------
Tumminello, Miccichè, Lillo, Piilo & Mantegna (2011), Statistically validated networks in bipartite
complex systems, PLoS ONE 6(3). Saracco et al. (2017), Inferring monopartite projections of
bipartite networks, New Journal of Physics 19.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from empreinte.kernels.arrays.distinct import distinct

MOST_PEOPLE = 2_000
"""Those with the most acts are looked at, so that pairs stay a few million."""
LEAST = 2
"""Meetings that a pair has at least."""


class Pairs(NamedTuple):
    """Pairs of people, the lower number first."""

    one: NDArray[np.int64]
    other: NDArray[np.int64]
    meetings: NDArray[np.int64]
    expected: NDArray[np.float64]


def together(people: ArrayLike, things: ArrayLike, *, rate: float = 0.05) -> Pairs:
    """Find the pairs who took part in the same things more often than chance.

    Parameters
    ----------
    people, things : array_like of int, shape (acts,)
        Who took part in what; taking part twice counts once.
    rate : float
        Share of false pairs at most (Benjamini and Hochberg).

    Returns
    -------
    Pairs

    Examples
    --------
    >>> things = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] * 2 + list(range(10, 40))
    >>> pairs = together([7] * 10 + [9] * 10 + list(range(10, 40)), things)
    >>> pairs.one.tolist(), pairs.other.tolist(), pairs.meetings.tolist()
    ([7], [9], [10])
    """
    from scipy.sparse import csr_array, triu
    from scipy.special import pdtrc

    from empreinte.kernels.statistics.discoveries import adjusted

    who, what = np.asarray(people, dtype=np.int64), np.asarray(things, dtype=np.int64)
    names, who = np.unique(who, return_inverse=True)
    things, what = np.unique(what, return_inverse=True)
    person, thing = np.divmod(distinct(who * max(things.size, 1) + what), max(things.size, 1))
    count, size = np.bincount(person, minlength=names.size), np.bincount(thing)
    nobody = np.empty(0, dtype=np.int64)
    if names.size < 2:
        return Pairs(nobody, nobody, nobody, np.empty(0))
    chance = float((size * (size - 1.0)).sum()) / float(person.size) ** 2
    looked = np.sort(np.argsort(-count, kind="stable")[:MOST_PEOPLE])
    looked = looked[count[looked] >= LEAST]
    place = np.full(names.size, -1, dtype=np.int64)
    place[looked] = np.arange(looked.size)
    keep = place[person] >= 0
    shape = (looked.size, size.size)
    part = csr_array((np.ones(keep.sum()), (place[person][keep], thing[keep])), shape)
    met = triu(part @ part.T, k=1).tocoo()
    expected = (count[looked][met.row] * count[looked][met.col]).astype(np.float64) * chance
    p = pdtrc(met.data - 1, expected)
    tested = looked.size * (looked.size - 1) // 2
    chosen = np.flatnonzero((adjusted(p, tested) <= rate) & (met.data >= LEAST))
    return Pairs(
        names[looked[met.row[chosen]]],
        names[looked[met.col[chosen]]],
        met.data[chosen].astype(np.int64),
        np.asarray(expected[chosen], dtype=np.float64),
    )
