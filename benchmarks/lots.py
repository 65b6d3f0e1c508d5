"""Days drawn by lot: whether as much is found as was said beforehand, and how often nothing is.

Run with ``python benchmarks/lots.py [--pasts N] [--seasons N]``; prints a table and fails if what
is found lies more than five points from what was said, on average over shops of one kind, or if
the lot is said to matter where it does not in more than 10 of 100 seasons. Twelve weeks are made
before each draw, from which what is usual is learnt; then many seasons with the same draw.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator

import numpy as np

from empreinte.asking.budget import SPENT
from empreinte.kernels.statistics import lots

PAST = 84
RATIOS = (1.2, 1.5, 2.0)
WEEK = np.array([0.6, 0.8, 0.9, 1.0, 1.5, 2.2, 0.0])
"""A quiet Monday, a full Saturday, closed on Sundays."""
KINDS = (
    # requests a day, dispersion, sevens, days of a period
    (3, 0.1, 4, 1), (3, 0.1, 12, 1), (8, 0.1, 4, 1), (8, 0.1, 12, 1), (8, 0.5, 8, 1),
    (3, 0.3, 4, 2),
)  # fmt: skip


def made(rng: np.random.Generator, means: np.ndarray, wild: float, seasons: int) -> np.ndarray:
    """Make counts of so many seasons, a column each."""
    shape = 1 / wild
    means = np.repeat(means[:, None], seasons, axis=1)
    return rng.negative_binomial(shape, shape / (shape + means))


def shops(kind: tuple[int, float, int, int], pasts: int, seasons: int) -> Iterator[list[float]]:
    """Give for shops of a kind: false alarms, then what was said and what was found."""
    a_day, wild, blocks, length = kind
    weekdays = np.arange(blocks * lots.UNITS * length) % 7
    usual_week = a_day * WEEK / WEEK.mean()
    for n in range(pasts):
        rng = np.random.default_rng([*(round(10 * one) for one in kind), n])
        before = np.arange(PAST) % 7
        known = lots.usual(made(rng, usual_week[before], wild, 1)[:, 0], before)
        days = lots.draw(f"{kind} {n}", blocks, length)
        row: list[float] = []
        for ratio in (1.0, *RATIOS):
            means = usual_week[weekdays] * np.where(days, ratio, 1.0)
            counts = made(rng, means, wild, seasons)
            found = (lots.p_values(counts, weekdays, days, length, rng) <= SPENT).mean()
            said = lots.power(known, weekdays, days, length, ratio, SPENT, rng)
            row += [found] if ratio == 1 else [said, found]
        yield row


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pasts", type=int, default=20)
    parser.add_argument("--seasons", type=int, default=500)
    given = parser.parse_args()
    head = ["a day", "disp.", "sevens", "length", "alarms"]
    head += [f"{word} ×{ratio}" for ratio in RATIOS for word in ("said", "found")]
    print(*(f"{one:>10}" for one in [*head, "off, most"]))
    worst = alarms = 0.0
    for kind in KINDS:
        rows = np.array(list(shops(kind, given.pasts, given.seasons)))
        means = rows.mean(axis=0)
        off = np.abs(means[1::2] - means[2::2]).max()
        one = np.abs(rows[:, 1::2] - rows[:, 2::2]).mean()
        print(*(f"{x:>10}" for x in kind), *(f"{x:>10.1%}" for x in means), f"{off:>10.1%}",
              f"(a shop alone {one:.1%})")  # fmt: skip
        worst, alarms = max(worst, off), max(alarms, means[0])
    return 0 if worst <= 0.05 and alarms <= 0.1 else 1


if __name__ == "__main__":
    sys.exit(main())
