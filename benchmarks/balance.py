"""How well hours are told from marks, on made-up people whose hours are known.

    python benchmarks/balance.py [--people 200]

The people are made up here; nothing in this file but `main` knows how hours are estimated. A person
has a habit of their own: visits a day, at which hours, how long, and what marks they leave. Habits
differ between people by a factor of several. For each regime: the median error, how often the
interval of 90 % holds the truth, how wide it is; then how often nothing is told of acts that come
in no visits, and how much of what a machine played is found.
"""

from __future__ import annotations

import argparse
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

DAY = 86_400.0
REGIMES = ("chain", "starts", "sparse")


class Person(NamedTuple):
    """Marks in seconds, sorted, and the seconds that were truly spent."""

    marks: NDArray[np.float64]
    truth: float


def _visits(rng: np.random.Generator, days: int, usual: float = 3.5) -> list[tuple[float, float]]:
    """Draw visits as (start, length): a habit of hours, more of them at weekends, none overlap."""
    a_day = rng.lognormal(np.log(usual), 0.5)
    median, spread = rng.lognormal(np.log(12 * 60), 0.5), rng.uniform(0.5, 1.1)
    shape = rng.choice(["log-normal", "exponential", "gamma"])
    peaks = rng.uniform([7, 11.5, 18], [10, 14, 23])
    liking = rng.dirichlet([1.0, 1.0, 2.5])
    found: list[tuple[float, float]] = []
    free = 0.0
    for day in range(days):
        busy = a_day * (1.4 if day % 7 >= 5 else 1.0) * rng.lognormal(0, 0.3)
        which = rng.choice(3, rng.poisson(busy), p=liking)
        for start in np.sort(day * DAY + (peaks[which] + rng.normal(0, 1.6, which.size)) * 3_600):
            if start < free:
                continue
            length = {
                "log-normal": median * rng.lognormal(0, spread),
                "exponential": rng.exponential(median / 0.69),
                "gamma": rng.gamma(2.0, median / 1.68),
            }[str(shape)]
            length = min(max(length, 20.0), 5 * 3_600)
            found.append((start, length))
            free = start + length + 60
    return found


def chain(rng: np.random.Generator) -> Person:
    """Short videos, each until the next; some people lay the telephone aside in the middle."""
    median, spread = rng.lognormal(np.log(16), 0.4), rng.uniform(0.6, 1.1)
    aside = rng.choice([0.0, 0.1, 0.3])
    marks, truth = list[float](), 0.0
    for start, length in _visits(rng, int(rng.integers(40, 300))):
        at, spent = start, 0.0
        pause_after = rng.uniform(0, length) if rng.random() < aside else np.inf
        while spent < length:
            marks.append(at)
            item = median * rng.lognormal(0, spread)
            item = min(item, 600.0, length - spent + 1)
            spent += item
            at += item
            if spent > pause_after:
                at += rng.uniform(60, 480)
                pause_after = np.inf
        truth += spent
    return Person(np.sort(np.array(marks)), truth)


def starts(rng: np.random.Generator) -> Person:
    """Long videos of which the beginning alone is written; many are left before their end."""
    median, spread = rng.lognormal(np.log(7 * 60), 0.45), rng.uniform(0.6, 1.1)
    left, items = rng.uniform(0.1, 0.6), rng.uniform(1.5, 5.0)
    marks, truth = list[float](), 0.0
    free = 0.0
    for start, _length in _visits(rng, int(rng.integers(100, 500)), 2.0):
        at = max(start, free)
        for _ in range(rng.geometric(1 / items)):
            marks.append(at)
            seen = min(median * rng.lognormal(0, spread), 3 * 3_600)
            if rng.random() < left:
                seen *= rng.random()
            truth += seen
            at += seen + rng.exponential(20)
        free = at + 120
    return Person(np.sort(np.array(marks)), truth)


def sparse(rng: np.random.Generator) -> Person:
    """Posts, likes, replies on visits that leave no other mark; in half of them not Poisson."""
    every = rng.lognormal(np.log(5 * 60), 0.5)
    kind = rng.choice(["poisson", "poisson", "poisson", "regular", "clustered", "moody"])
    marks, truth = list[float](), 0.0
    for start, length in _visits(rng, int(rng.integers(150, 500))):
        truth += length
        pace = every * (rng.lognormal(0, 0.5) if kind == "moody" else 1.0)
        if kind == "regular":
            steps = rng.gamma(2.0, pace / 2, int(4 * length / pace) + 10)
            at = np.cumsum(steps) - rng.random() * steps[0]
            acts = at[at < length]
        else:
            acts = rng.uniform(0, length, rng.poisson(length / pace))
        if kind == "clustered" and acts.size:
            more = rng.geometric(0.6, acts.size) - 1
            acts = np.concatenate([acts, np.repeat(acts, more) + rng.exponential(8, more.sum())])
        marks.extend((start + acts).tolist())
    return Person(np.sort(np.array(marks)), truth)


def without_visits(rng: np.random.Generator) -> Person:
    """Acts at the hours of somebody awake, each for itself: there is no visit to be found."""
    days = int(rng.integers(60, 500))
    a_day = rng.lognormal(np.log(8), 0.8)
    which = np.repeat(np.arange(days), rng.poisson(a_day * rng.lognormal(0, 0.5, days)))
    peak = rng.uniform(12, 20)
    at = rng.normal(peak, rng.uniform(2, 5), which.size) % 24 * 3_600
    return Person(np.sort(which * DAY + at), np.nan)


def with_machine(rng: np.random.Generator) -> tuple[Person, float]:
    """Long videos, and some nights on which one of equal lengths follows another by itself."""
    person = starts(rng)
    nights = rng.choice(int(person.marks[-1] // DAY), 4, replace=False)
    runs, played = [person.marks], 0.0
    for night in nights:
        length, n = rng.uniform(120, 900), int(rng.integers(25, 60))
        begin = night * DAY + 2 * 3_600
        run = begin + np.arange(n) * length + rng.normal(0, 0.4, n)
        runs[0] = runs[0][(runs[0] < run[0]) | (runs[0] > run[-1])]
        runs.append(run)
        played += n * length
    return Person(np.sort(np.concatenate(runs)), person.truth), played


def main() -> None:
    from empreinte.kernels.presence.hours import presence

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=200)
    people = parser.parse_args().people
    held = told = 0
    for regime in REGIMES:
        ratios = []
        for seed in range(people // len(REGIMES)):
            person = globals()[regime](np.random.default_rng(5_000 + seed))
            found = presence(person.marks, regime, np.random.default_rng(1))
            if found.why is None:
                ratios.append(np.array([found.seconds, found.low, found.high]) / person.truth)
        value, low, high = np.array(ratios).T
        holds = (low <= 1) & (high >= 1)
        held, told = held + holds.sum(), told + holds.size
        print(f"{regime}: {holds.size} told; median error {np.median(abs(value - 1)):.1%}; "
              f"estimate over truth {np.quantile(value, [0.05, 0.5, 0.95]).round(2)}; "
              f"interval holds {holds.mean():.1%}, width {np.median(high / low):.2f}")  # fmt: skip
    print(f"all: interval holds {held / told:.1%} of {told}")
    whys = [
        presence(without_visits(np.random.default_rng(seed)).marks, "sparse",
                 np.random.default_rng(1)).why
        for seed in range(50)
    ]  # fmt: skip
    print(f"no visits: nothing told of {sum(why is not None for why in whys)} of 50")
    shares = []
    for seed in range(50):
        person, played = with_machine(np.random.default_rng(seed))
        found = presence(person.marks, "starts", np.random.default_rng(1))
        shares.append(found.machine / played)
    print(f"a machine that plays: found in {sum(s > 0.9 for s in shares)} of 50, "
          f"least share {min(shares):.2f}")  # fmt: skip


if __name__ == "__main__":
    main()
