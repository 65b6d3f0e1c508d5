"""From post to collection: how often the interval holds, when codes are passed on.

Run with ``python benchmarks/attribution.py [--seasons N] [--every K]``; prints a table and fails
if the 90 % interval holds the truth in fewer than 85 or more than 95 of 100 seasons. A season is
made by Python's own dice: people come by a post or not, remember its code or not, hand it on to
others, do not answer when asked. Nothing of the estimate is used to make it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from datetime import datetime, timedelta
from random import Random

from empreinte.lenses.shop.attribution import estimates, has_code
from empreinte.lenses.shop.book import Reservation

LEAST, MOST = 0.85, 0.95
START = datetime(2026, 9, 1)
OTHERS = ("window", "word", "before")


def season(dice: Random, every: int) -> tuple[list[Reservation], int]:
    """Make the collections of a season, with what the counter knows of each; give the truth."""
    by_post = dice.uniform(0.05, 0.6)
    remembers, passed_on = dice.uniform(0.3, 0.9), dice.uniform(0.0, 0.25)
    silent = dice.uniform(0.0, 0.3)
    first, truth = dice.randrange(every), 0
    made: list[Reservation] = []
    for number in range(dice.randint(80, 800)):
        came = dice.random() < by_post
        truth += came
        code = dice.random() < (remembers if came else passed_on)
        asked = number % every == first
        answer = "post" if came else dice.choice(OTHERS)
        if dice.random() < silent:
            answer = "unsaid"
        one = Reservation(f"r{number}", "shop", via="K7" if code else dice.choice(["window", None]))
        one.past = [("asked", START), ("collected", START + timedelta(days=number / 10))]
        one.asked, one.answer = asked, answer if asked else None
        made.append(one)
    return made, truth


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seasons", type=int, default=2_000)
    parser.add_argument("--every", type=int, default=5)
    given = parser.parse_args()
    dice = Random(22)
    held, widths, centres, coded = [], [], [], []
    for _ in range(given.seasons):
        made, truth = season(dice, given.every)
        found = estimates(made)
        if not found or not truth:
            continue
        total = found["post"]
        held.append(total.low <= truth <= total.high)
        widths.append((total.high - total.low) / truth)
        centres.append(total.about / truth)
        coded.append(sum(map(has_code, made)) / truth)
    share = statistics.fmean(held)
    print(f"seasons with five answers or more           {len(held)}")
    print(f"90 % interval holds the truth               {share:.1%}")
    print(f"estimate over truth, median                 {statistics.median(centres):.2f}")
    print(f"width over truth, median                    {statistics.median(widths):.2f}")
    tenths = statistics.quantiles(coded, n=10)
    print(f"codes alone over truth, tenth to ninetieth  {tenths[0]:.2f} to {tenths[-1]:.2f}")
    return 0 if LEAST <= share <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
