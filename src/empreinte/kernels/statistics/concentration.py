"""How unevenly something is shared out: Gini coefficient, share of the top, h-index."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray


def _checked(values: ArrayLike) -> NDArray[np.float64]:
    array = np.sort(np.asarray(values, dtype=np.float64).ravel())
    if array.size and not (array[0] >= 0 and np.isfinite(array[-1])):
        raise ValueError(
            f"values must be finite and at least 0, not {array[0]} … {array[-1]}: "
            "leave unknown ones out"
        )
    return array


def gini(values: ArrayLike) -> float:
    """Measure how unequal `values` are: 0, all the same; near 1, one has all.

    It is of these values and of no others: heavy tails make it too small in a sample of any
    size that people have, and no interval that was tried held the coefficient of what they come
    from (by linearisation 3 in 17, where the tail was light enough for one).

    Parameters
    ----------
    values : array_like of shape (n,)
        Non-negative amounts, such as the likes of each post. Unknown ones are left out first.

    Returns
    -------
    float
        ``nan`` where nothing was shared out (no values, or all are 0).

    References
    ----------
    Gini (1912), Variabilità e mutabilità.

    Examples
    --------
    >>> gini([1, 1, 1, 1]), gini([0, 0, 0, 1])
    (0.0, 0.75)
    """
    y = _checked(values)
    total = float(y.sum())
    n = y.size
    if not total > 0:
        return math.nan
    y = y / total  # huge totals lose nothing
    return float((2 * np.arange(1, n + 1) - n - 1) @ y) / n


def top_share(values: ArrayLike, top: float = 0.01) -> float:
    """Give the share of the sum that the `top` fraction of values holds (at least one value).

    ``nan`` where nothing was shared out.

    Examples
    --------
    >>> top_share([5, 1, 1, 1, 1, 1], top=0.01)
    0.5
    """
    y = _checked(values)
    total = float(y.sum())
    if not total > 0:
        return math.nan
    # 1e-9: 1 % of 300 is 3, though 300 * 0.01 is a little more in binary.
    size = max(1, math.ceil(y.size * top - 1e-9))
    return float(y[-size:].sum() / total)


def h_index(values: ArrayLike) -> int:
    """Give the largest h such that h values are at least h.

    References
    ----------
    Hirsch (2005), PNAS 102(46).

    Examples
    --------
    >>> h_index([10, 4, 3, 3, 0])
    3
    """
    y = _checked(values)[::-1]
    return int(np.count_nonzero(y >= np.arange(1, y.size + 1)))
