"""How well hours are told from marks, on made-up people whose hours are known.

    python benchmarks/balance.py [hours] [proofs] [million] [--people 200]

The people are made up here; nothing in this file but `main` knows how hours are estimated. A person
has a habit of their own: visits a day, at which hours, how long, and what marks they leave. Habits
differ between people by a factor of several. For each regime: the median error, how often the
interval of 90 % holds the truth, how wide it is; then how often nothing is told of acts that come
in no visits, and how much of what a machine played is found.

`proofs`: false alarms and power of the trial of one, of what reactions go with, and of purchases
near advertisements, in three worlds. `million`: how long the question takes over a million acts.
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


def hours(people: int) -> None:
    """Hours against the truth, refusals, machines."""
    from empreinte.kernels.presence.hours import presence

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


def weeks_of_hours(rng: np.random.Generator, pairs: int, effect: float) -> NDArray[np.float64]:
    """Differences of logarithms of hours: weeks remember the one before; a coin a pair."""
    log, found = 0.0, []
    for _ in range(2 * pairs):
        log = 0.39 * log + rng.standard_t(5) * 0.3
        found.append(log)
    weeks, first = np.array(found), rng.random(pairs) < 0.5
    weeks[::2] += np.where(first, effect, 0.0)
    weeks[1::2] += np.where(first, 0.0, effect)
    return np.where(first, weeks[::2] - weeks[1::2], weeks[1::2] - weeks[::2])


def year_of_shops(rng: np.random.Generator, world: str) -> tuple[NDArray[np.int64], ...]:
    """A year of four sellers: purchases, their groups, advertisements, theirs; in seconds."""
    times, groups, signals, of = [], [], [], []
    for seller in range(4):
        bursts = rng.uniform(0, 365, 25)
        ads = np.concatenate([one + rng.exponential(0.5, rng.poisson(6)) for one in bursts])
        season = rng.uniform(0, 365)
        buys = rng.uniform(0, 365, rng.poisson(25))
        buys = buys[rng.random(buys.size) < 0.6 + 0.4 * np.cos((buys - season) / 58)]
        if world == "sells":
            moved = ads[rng.random(ads.size) < 0.08]
            buys = np.concatenate([buys, moved + rng.uniform(0, 0.9, moved.size)])
        if world == "follows":
            after = np.repeat(buys, 2) - rng.uniform(0, 0.9, 2 * buys.size)
            ads = np.concatenate([after, rng.uniform(0, 365, 40)])
        buys = buys[(buys > ads.min()) & (buys <= ads.max() + 1)]
        times.append(np.round(buys * DAY).astype(np.int64))
        signals.append(np.round(ads * DAY).astype(np.int64))
        groups.append(np.full(buys.size, seller))
        of.append(np.full(ads.size, seller))
    return tuple(map(np.concatenate, (times, groups, signals, of)))


def somebody(rng: np.random.Generator, posts: int, b: float) -> tuple[NDArray, NDArray]:
    """Posts whose waits shrink by `b` for each unit that the mean of what they get grows."""
    likes = np.round(np.exp(rng.normal(2, 1, posts) + 0.5 * np.sin(np.arange(posts) / 40)))
    mean, wait, at = 2.0, 0.0, [0.0]
    for got in likes:
        mean += 0.3 * (np.log1p(got) - mean)
        wait = -b * (mean - 2) + 0.3 * wait + rng.normal(0, 1)
        at.append(at[-1] + np.exp(10.5 + wait))
    return np.array(at[:-1]), likes


def proofs(people: int) -> None:
    """False alarms and power."""
    from empreinte.kernels.statistics import sign_flips
    from empreinte.kernels.statistics.echoes import echoes
    from empreinte.kernels.statistics.poisson_binomial import chance
    from empreinte.kernels.statistics.rewards import pull

    rng = np.random.default_rng(1)
    for pairs in (6, 8, 12):
        past = np.array([weeks_of_hours(rng, 26, 0.0) for _ in range(400)])
        least = sign_flips.least_effect(pairs, past.ravel(), 0.08, np.random.default_rng(2))
        for effect in (0.0, least):
            apart = np.array([weeks_of_hours(rng, pairs, effect) for _ in range(2_000)]).T
            p = sign_flips.p_values(apart)
            print(f"trial, {pairs} pairs, {1 - np.exp(-effect):.0%} fewer or more hours: told in "
                  f"{(p <= 0.08).mean():.1%}; p ≤ 0.1 in {(p <= 0.1).mean():.1%} "
                  f"(said beforehand: {0.8 if effect else 0.08:.0%})")  # fmt: skip
    for world in ("nothing", "sells", "follows"):
        ps = []
        for seed in range(people):
            times, groups, signals, of = year_of_shops(np.random.default_rng(seed), world)
            found = echoes(times, groups, signals, of, window=int(DAY))
            ps.append(chance(int(found.soon.sum()), found.expected).p)
        print(f"purchases, {world}: p ≤ 0.05 in {(np.array(ps) <= 0.05).mean():.1%}, "
              f"p ≤ 0.016 in {(np.array(ps) <= 0.016).mean():.1%}")  # fmt: skip
    for b, posts in ((0.0, 300), (0.4, 300), (0.8, 300)):
        found = [
            pull(*somebody(dice, posts, b), dice).p <= 0.1
            for dice in map(np.random.default_rng, range(people if b else 3 * people))
        ]
        print(f"reactions and waits, {posts} posts, b = {b}: p ≤ 0.1 in {np.mean(found):.1%}",
              flush=True)  # fmt: skip


def million() -> None:
    """How long the whole question takes over a million acts on three accounts."""
    import sys
    import time
    from pathlib import Path

    sys.path.insert(0, str(Path(__file__).parents[1]))
    from tables import WithoutPandas

    sys.meta_path.insert(0, WithoutPandas())
    from tests.lenses.toy import Bound, Toy

    from empreinte.lenses import balance
    from empreinte.report import Scope

    toy = Toy()
    for platform, n, kind in (("tiktok", 700_000, "View"), ("youtube", 100_000, "View"),
                              ("x", 200_000, "Like")):  # fmt: skip
        toy.export(platform=platform).account("me", platform=platform)
        toy.db.execute(
            """insert into activity by name
            select $platform || ' ' || i as key, $platform as platform, $kind as type,
                   'me' as actor_id, 'post' as object_type, cast(i as varchar) as object_id,
                   timestamp '2018-01-01 17:00:00' + to_seconds(cast(floor(i * 2500.0 / $n) as
                       bigint) * 86400 + cast(floor((i % ($n / 2500)) * 30
                       + (i % ($n / 2500) >= ($n / 5000))::int * 7200 + hash(i) % 25) as bigint))
                       as published,
                   timestamp '2026-01-01' as seen, 'i' as import_id, 'f' as file, i as place
            from range($n) t(i)""",
            {"platform": platform, "kind": kind, "n": n},
        )
    toy.db.execute("update activity set import_id = (select import_id from import "
                   "where source = activity.platform)")  # fmt: skip
    scope = Scope(timezone="Europe/Paris")
    for _ in range(2):
        wall, processor = time.perf_counter(), time.process_time()
        balance.answer(Bound(toy, scope), scope)
        print(f"a million acts: {time.perf_counter() - wall:.2f} s, of processor "
              f"{time.process_time() - processor:.2f} s")  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", nargs="*", default=["hours", "proofs", "million"])
    parser.add_argument("--people", type=int, default=200)
    given = parser.parse_args()
    if "hours" in given.what:
        hours(given.people)
    if "proofs" in given.what:
        proofs(given.people)
    if "million" in given.what:
        million()


if __name__ == "__main__":
    main()
