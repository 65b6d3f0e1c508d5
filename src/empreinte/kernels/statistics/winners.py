"""The interval of an effect that is shown because it stood out.

What is told only where it is clear is larger, on the average, than it is: the next reading tends
to be nearer to nothing. An estimate z (in standard errors) that is shown where it passes c follows
the normal curve cut off between -c and c; the means under which z is neither too low nor too high
for that curve are an interval that holds as often as it says among what is shown. Such intervals
may be very long where z passes c by little. They are therefore confined to what the test itself
has not excluded, z ± c, and the test's own error is taken off theirs (the hybrid interval).

References
----------
Andrews, Kitagawa & McCloskey (2024), Inference on winners, Quarterly Journal of Economics 139(1).
"""

from __future__ import annotations


def shown_interval(z: float, alpha: float, level: float, tries: int = 1) -> tuple[float, float]:
    """Give the interval of the mean of an estimate that is shown where a test finds it clear.

    Parameters
    ----------
    z : float
        The estimate over its standard error, not negative.
    alpha : float
        It is shown where its two-sided p-value is at most this; above 0, below 1 - `level`.
    level : float
        How often the interval holds, among what is shown.
    tries : int
        Estimates of which this stood out most: each was tested at `alpha` over their number.

    Returns
    -------
    tuple of float
        The two ends, in standard errors; the estimate is between them, and 0 is not.

    Examples
    --------
    >>> [round(end, 2) for end in shown_interval(3.0, 0.01, 0.9)]
    [0.42, 4.44]
    >>> [round(end, 2) for end in shown_interval(9.0, 0.01, 0.9)]
    [7.31, 10.69]
    """
    from scipy.special import ndtri

    least = -float(ndtri(alpha / 2 / tries))
    z = max(z, least)  # shown for what others left of the budget
    left = (1 - level - alpha) / (1 - alpha)
    low, high = (_mean(z, least, rank) for rank in (1 - left / 2, left / 2))
    return max(low, z - least), max(z, min(high, z + least))


def _mean(z: float, least: float, rank: float) -> float:
    """Give the mean under which a shown estimate is at most `z` with a chance of `rank`."""
    from scipy.special import ndtr

    low, high = z - 12, z + 12
    for _ in range(50):  # to 1e-14
        middle = (low + high) / 2
        below, above = ndtr(-least - middle), ndtr(middle - least)
        if (below + ndtr(z - middle) - ndtr(least - middle)) / (below + above) > rank:
            low = middle
        else:
            high = middle
    return (low + high) / 2
