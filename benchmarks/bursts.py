"""Bursts: how many are found, how late, and how many are false, on series whose truth is known.

    python benchmarks/bursts.py [--years 12] [--best YEARS] [--real FOLDER]

Generated: a year by the hour whose days and weeks have a shape of their own, over-dispersed, with
six bursts of ×3, ×6 and ×12 that decay in ten hours; each at any hour of the day. The generator
shares no code with the kernel. False alarms are counted on the same series without their bursts,
and beside bursts on those that have them. Then noise that the kernel does not expect: days that
hang together, a level that grows, holidays. Beside it stands Kleinberg's automaton of two states
(2002).

Best: what a detector reaches that knows all but when (Shiryaev 1963, Roberts 1966): what is
expected of each hour, how uneven hours are, and how a burst of ×6 decays, at two false alarms a
year.

Real: a folder of retweets of accounts with dated events (lines ``time,node,flag``; flag 1 alone
is of the account): which place the dated event has among all episodes, by how far they pass what
was expected, with a threshold so low that there is something to rank. Where these last less than
the five weeks that the kernel asks for, or have less than its least rate, it is made to learn
from four days, and says so little as four days allow.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.statistics import bursts as kernel

HOURS = 365 * 24
SIZES = (3, 6, 12, 3, 6, 12)
NEAR = 24
"""Hours after its start within which a burst must be told."""
OFTEN_A_YEAR = 75.0
"""False alarms a year that are let through where episodes are ranked and not told."""
Episode = tuple[int, int, int, float]
"""Start, told, end, and how far it passes what was expected."""


class Noise(NamedTuple):
    """What varies beside chance: hours, days, days that hang together; growth; holidays."""

    hour: float = 0.0
    day: float = 0.0
    memory: float = 0.0
    growth: float = 1.0
    holidays: bool = False


def usual_mean(rate: float, noise: Noise, random: np.random.Generator) -> NDArray[Any]:
    """Make what is expected of each hour of a year."""
    hour = np.arange(HOURS)
    late = random.uniform(10, 21)
    clock = np.exp(random.uniform(0.5, 1.2) * np.cos(2 * np.pi * (hour % 24 - late) / 24))
    week = np.where((hour // 24) % 7 >= 5, random.uniform(0.6, 1.3), 1.0)
    mean = clock * week * noise.growth ** (hour / HOURS)
    if noise.holidays:
        mean = mean * np.where((hour // 24 > 200) & (hour // 24 < 230), 0.4, 1.0)
    return mean * (rate / mean.mean())


def series(
    rate: float, noise: Noise, random: np.random.Generator
) -> tuple[NDArray[Any], NDArray[Any], list[tuple[int, int]]]:
    """Make a year of counts without bursts, the same with them, and when which began."""
    mean = usual_mean(rate, noise, random)
    busy = random.gamma(1 / noise.hour, noise.hour, HOURS) if noise.hour else np.ones(HOURS)
    if noise.day:
        shocks = random.normal(0, 1, 365)
        for day in range(1, 365):
            shocks[day] = (
                noise.memory * shocks[day - 1] + math.sqrt(1 - noise.memory**2) * shocks[day]
            )
        spread = math.sqrt(math.log1p(noise.day))
        busy = busy * np.repeat(np.exp(spread * shocks - spread**2 / 2), 24)
    more, truth = np.zeros(HOURS), list[tuple[int, int]]()
    room = (HOURS - 60 * 24) // len(SIZES)
    for n, size in enumerate(random.permutation(SIZES).tolist()):
        at = 40 * 24 + n * room + int(random.integers(0, room - 10 * 24))
        after = np.arange(min(60, HOURS - at))
        more[at : at + 60] += (size - 1) * np.exp(-after / 10)
        truth.append((at, size))
    usual = random.poisson(mean * busy)
    return usual, usual + random.poisson(mean * busy * more), truth


def ours(
    y: NDArray[Any], first_hour: int = 0, false_a_year: float = kernel.FALSE_A_YEAR
) -> list[Episode]:
    """Give the kernel's episodes."""
    found = kernel.find(y, first_hour, np.random.default_rng(3), false_a_year)
    return [(b.start, b.told, b.end, b.came - b.expected) for b in found.bursts] if found else []


def kleinberg(y: NDArray[Any], s: float = 2.0, gamma: float = 1.0) -> list[Episode]:
    """Give the episodes of Kleinberg's automaton over counts by the hour (Poisson).

    It looks back over the whole series: its episodes are said to be told at their start.
    """
    rates = (max(float(y.mean()), 1e-3), max(float(y.mean()), 1e-3) * s)
    low, high = (rate - y * math.log(rate) for rate in rates)
    up, best, back = gamma * math.log(y.size), [0.0, math.inf], []
    for a, b in zip(low.tolist(), high.tolist(), strict=True):
        come = [(0, best[0]) if best[0] <= best[1] else (1, best[1]),
                (0, best[0] + up) if best[0] + up < best[1] else (1, best[1])]  # fmt: skip
        back.append((come[0][0], come[1][0]))
        best = [come[0][1] + a, come[1][1] + b]
    state, states = int(best[1] < best[0]), np.zeros(y.size + 2, dtype=int)
    for hour in range(y.size - 1, -1, -1):
        states[hour + 1] = state
        state = back[hour][state]
    edges = np.flatnonzero(np.diff(states)).reshape(-1, 2)
    return [(a, a, b, float(y[a:b].sum() - (b - a) * rates[0])) for a, b in edges.tolist()]


def judged(
    rate: float, noise: Noise, years: int, find: Callable[[NDArray[Any]], list[Episode]]
) -> str:
    """Give recall by size, the delay of ×6, false alarms a year without and beside bursts."""
    random = np.random.default_rng(11)
    met: dict[int, list[bool]] = {size: [] for size in SIZES}
    delays, quiet, beside, seconds = list[int](), 0, 0, 0.0
    for _ in range(years):
        usual, y, truth = series(rate, noise, random)
        quiet += len(find(usual))
        began = time.process_time()
        found = find(y)
        seconds += time.process_time() - began
        for at, size in truth:
            hits = [told for _s, told, _e, _x in found if at - 3 <= told <= at + NEAR]
            met[size].append(bool(hits))
            if hits and size == 6:
                delays.append(max(0, hits[0] - at))
        beside += sum(all(not at - 3 <= told <= at + 60 for at, _size in truth)
                      for _s, told, _e, _x in found)  # fmt: skip
    recall = " ".join(f"×{size} {np.mean(met[size]):.2f}" for size in sorted(met))
    middle, mean = (np.median(delays), np.mean(delays)) if delays else (math.nan, math.nan)
    return (f"{recall} | {middle:4.1f} {mean:4.1f} | {quiet / years:6.2f} {beside / years:6.2f} | "
            f"{seconds / years:.2f}")  # fmt: skip


def knowing(rate: float, alpha: float, years: int, size: int = 6, false_a_year: float = 2.0) -> str:
    """Give the recall and delay of who knows all but when a burst begins."""
    random = np.random.default_rng(5)
    times = 1 + (size - 1) * np.exp(-np.arange(60) / 10)
    mean = np.stack([usual_mean(rate, Noise(), random) for _ in range(years)])

    def drawn(of: NDArray[Any]) -> NDArray[Any]:
        return random.poisson(of * random.gamma(1 / alpha, alpha, of.shape))

    def told(y: NDArray[Any], threshold: float) -> list[tuple[int, int]]:
        """Sum the likelihood ratios of a burst that began so many hours ago, over all hours."""
        began, alarms = np.zeros((years, 60)), list[tuple[int, int]]()
        for hour in range(HOURS):
            began[:, 1:], began[:, 0] = began[:, :-1].copy(), 1.0
            mu = mean[:, hour, None]
            more = np.log1p(alpha * mu * times) - np.log1p(alpha * mu)
            began *= np.exp(y[:, hour, None] * (np.log(times) - more) - more / alpha)
            passed = began.sum(1) > threshold
            alarms += [(year, hour) for year in np.flatnonzero(passed).tolist()]
            began[passed] = 0
        return alarms

    quiet, low, high = drawn(mean), 0.0, 14.0
    for _ in range(9):
        middle = (low + high) / 2
        often = len(told(quiet, math.exp(middle))) > false_a_year * years
        low, high = (middle, high) if often else (low, middle)
    more, truth = np.ones_like(mean), list[tuple[int, int]]()
    for year in range(years):
        for at in 960 + 1_200 * np.arange(6) + random.integers(0, 900, 6):
            more[year, at : at + 60] = times
            truth.append((year, int(at)))
    alarms = set(told(drawn(mean * more), math.exp(high)))
    late = [next((n for n in range(-3, NEAR + 1) if (year, at + n) in alarms), None)
            for year, at in truth]  # fmt: skip
    found = [max(0, n) for n in late if n is not None]
    return (f"×{size} {len(found) / len(truth):.2f} of {len(truth)} | "
            f"{np.median(found):4.1f} {np.mean(found):4.1f}")  # fmt: skip


NOISES = {
    "chance": Noise(),
    "hours .3": Noise(0.3),
    "hours 1": Noise(1.0),
    "hours .3, days .1": Noise(0.3, 0.1),
    "growing ×4": Noise(0.3, growth=4.0),
    "holidays": Noise(0.3, holidays=True),
    "days .2 with memory .7": Noise(0.3, 0.2, 0.7),
}


def generated(years: int) -> None:
    """Print a line a rate and noise."""
    print(f"Generated, {years} years each: recall | hours to tell ×6, median and mean | "
          "false a year, without and beside bursts | seconds a year")  # fmt: skip
    for rate in (0.5, 1, 5, 50):
        for name, noise in NOISES.items():
            print(f"{rate:4} an hour, {name:22}: {judged(rate, noise, years, ours)}", flush=True)
        for name in ("chance", "hours .3", "hours 1"):
            theirs = judged(rate, NOISES[name], years, kleinberg)
            print(f"{rate:4} an hour, {name:22}: {theirs} (Kleinberg)", flush=True)


def real(folder: Path) -> None:
    """Print the place of each dated event among the year's episodes."""
    events: dict[str, list[int]] = {}
    text = (folder / "EVENTS.tsv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE):
        events.setdefault(row["HANDLE"], []).append(int(row["TIME"]))
    kernel.LEARN_D, kernel.LEAST_D, kernel.LEAST_RATE = 4, 10, 0.05
    print("\nDated events: place among all episodes (ours | Kleinberg), of how many")
    for path in sorted(folder.glob("*.txt.gz")):
        name = path.name.removesuffix(".txt.gz")
        with gzip.open(path, "rt") as lines:
            rows = (line.strip().split(",") for line in lines)
            times = [int(row[0]) // 3_600 for row in rows if row[2] == "1"]
        first = min(times)
        y = np.bincount(np.array(times) - first)
        weekday = (first + 72) % 168  # 1970 began on a Thursday
        both = [ours(y, weekday, OFTEN_A_YEAR), kleinberg(y)]
        for event in events.get(name, []):
            at, places = event // 3_600 - first, list[str]()
            for found in both:
                big = sorted(found, key=lambda one: -one[3])
                near = [n for n, (start, _told, end, _more) in enumerate(big, 1)
                        if start <= at + 36 and end >= at - 6]  # fmt: skip
                places.append(f"{near[0] if near else 'not found'} of {len(big)}")
            length = f"{y.size / 24:3.0f} days, {y.mean():5.2f} an hour"
            print(f"{name:12} {length}: {places[0]} | {places[1]}", flush=True)


def main() -> None:
    """Print both."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--years", type=int, default=12)
    parser.add_argument("--best", type=int, default=0)
    parser.add_argument("--real", type=Path)
    given = parser.parse_args()
    if given.years:
        generated(given.years)
    for rate, name in ((0.5, "hours .3"), (0.5, "hours 1")) if given.best else ():
        best = knowing(rate, NOISES[name].hour, given.best)
        print(f"{rate:4} an hour, {name:22}: {best} (knows all but when)", flush=True)
    if given.real:
        real(given.real)


if __name__ == "__main__":
    main()
