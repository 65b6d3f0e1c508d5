"""How well the test of digital competence finds made-up people again, and how fast it asks.

    python benchmarks/culture.py [--people 500]

The people, who share no code with the estimator, are those of its tests. Each row is a test of so
many items chosen one by one from a bank as large as the real one, whose items lie elsewhere than
they are taken to by .8 (of a standard deviation of people), if nothing else is said. The bars: an
error of .52 at 21 items (docs/lenses/culture.md says why it is missed), intervals of 90 % that hold
85 to 95 %, choice by chance beaten with a fifth fewer items, the next item in 50 ms.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.kernels.test_item_response import BOTH, counted, simulated

from empreinte.lenses.culture.bank import bank
from empreinte.lenses.culture.sitting import next_item
from empreinte.lenses.culture.told import Answer, Told

ENDLESS = tuple(np.linspace(-4, 4, 33).tolist())


def rows(people: int) -> None:
    for name, lengths, given in (
        ("both kinds", (17, 21, 24, 27), {}),
        ("both kinds, chosen by chance", (21,), {"adaptive": False}),
        ("both kinds, locations right", (21,), {"wrong": 0.0}),
        ("what is known alone", (21,), {"kinds": BOTH[1:]}),
        ("what is said alone", (21,), {"kinds": BOTH[:1]}),
        ("what is said alone, 34 grades", (21,), {"kinds": BOTH[:1], "cuts": ENDLESS}),
    ):
        error, held, right = simulated(lengths, count=people, **given)
        for n in lengths:
            print(f"{name}, {n} items: error {error[n]:.3f}, intervals hold {held[n]:.1%}, "
                  f"answered rightly {right:.0%}", flush=True)  # fmt: skip


def counts(people: int) -> None:
    """Locations off by .8, after the counts of 200 people's tests, and right: for other people."""
    for name, kinds in (("both kinds", BOTH), ("what is known alone", BOTH[1:]),
                        ("what is said alone", BOTH[:1])):  # fmt: skip
        error, held = counted(200, people, kinds)
        print(f"{name}, 21 items: error {error['off']:.3f}, after counts of 200 people "
              f"{error['counted']:.3f} (intervals hold {held:.1%}), locations right "
              f"{error['right']:.3f}", flush=True)  # fmt: skip


def speed() -> None:
    """The next item of the real bank, in the middle of a third test."""
    here, today = bank(), date(2026, 12, 1)
    told, dice, spent = Told(), np.random.default_rng(1), []
    told.sittings["known"] = [[]]
    for _ in range(60):
        begun = time.process_time()
        item = next_item(here, "known", told, today)
        spent.append(time.process_time() - begun)
        if item is None:
            told.sittings["known"].append([])
        else:
            chosen = Answer(item, int(dice.integers(0, 4)), None)
            told.sittings["known"][-1].append(chosen)
    most = max(spent[1:]) * 1e3
    print(f"next item, of processor: {np.median(spent) * 1e3:.0f} ms, at most {most:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=500)
    people = parser.parse_args().people
    rows(people)
    counts(people)
    speed()


if __name__ == "__main__":
    main()
