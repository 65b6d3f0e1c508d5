"""The answer first: which statements open a report, by one rule for all lenses.

A claim weighs the product of three numbers between 0 and 1:

- size: how much it is about. For a ratio, |ln ratio| / ln 2, at most 1: a doubling or a halving
  counts fully. A lens may give another scale, such as the harm that a finding can do;
- certainty: how far the interval's nearer bound stands from "no change", over the estimate, both
  in logarithms; 0 where the interval holds "no change", 1 for what was simply counted;
- freshness: for a change, 2 to the minus its age in years at the latest export; for how things
  stand, one half, so that news comes first.

Claims that weigh `LEAST` or more are told, best first, at most `MOST` of them and one of each
topic. As the weight means the same in every lens, the home page ranks all of them by it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import msgspec

from empreinte.report import Action, Sentence

MOST = 5
LEAST = 0.02
STANDING = 0.5
LEVEL = 0.9
"""Level of all intervals."""
_YEAR_S = 365.25 * 86_400


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A statement that may open the report.

    Attributes
    ----------
    text, quiet, about, action
        As in `Sentence`.
    topic : str
        One claim of each topic is told.
    weight : float
        From `weight`, or another product of three numbers between 0 and 1.
    change : bool
        Tells of a change since an earlier time, rather than how things stand.
    """

    text: str
    quiet: str
    about: str
    topic: str
    weight: float
    change: bool = False
    action: Action | None = None

    @property
    def sentence(self) -> Sentence:
        return Sentence(
            text=self.text,
            quiet=self.quiet,
            about=self.about,
            weight=float(self.weight),  # of an array, too
            action=self.action,
        )


def weight(
    ratio: float,
    low: float,
    high: float,
    *,
    full: float = 2.0,
    age: float | None = None,
) -> float:
    """Weigh a ratio against "no change", 1.

    Parameters
    ----------
    ratio, low, high : float
        The estimate and its interval; all three equal for what was simply counted.
    full : float
        The ratio that counts as a full effect.
    age : float or None
        Years since the change; ``None`` for how things stand.

    Returns
    -------
    float
        From 0, where the interval holds 1, to 1.
    """
    effect = abs(math.log(ratio))
    if effect == 0 or low <= 1 <= high:
        return 0.0
    nearer = min(abs(math.log(low)) if low > 0 else math.inf, abs(math.log(high)))
    freshness = STANDING if age is None else 2 ** -max(0.0, age)
    return min(1.0, effect / math.log(full)) * min(1.0, nearer / effect) * freshness


def years(since: datetime | None, until: datetime | None) -> float:
    """Give the years between two times; 0 where one is not known."""
    if since is None or until is None:
        return 0.0
    return max(0.0, (until - since).total_seconds()) / _YEAR_S


def ranked(claims: Iterable[Claim]) -> list[Claim]:
    """Give the claims that are worth telling, best first, one of each topic."""
    told: list[Claim] = []
    for claim in sorted(claims, key=lambda claim: (-claim.weight, claim.about, claim.text)):
        if claim.weight >= LEAST and all(other.topic != claim.topic for other in told):
            told.append(claim)
    return told


def answer(claims: Iterable[Claim], unchanged: Sentence | None = None) -> tuple[Sentence, ...]:
    """Choose the sentences that open a report.

    `unchanged` is said first where none of those told is of a change; give it where the question
    is whether something changes.
    """
    told: Sequence[Claim] = ranked(claims)[:MOST]
    sentences = tuple(claim.sentence for claim in told)
    if unchanged is not None and not any(claim.change for claim in told):
        # How things stand weighs less than that nothing has changed: it is what was asked.
        first = msgspec.structs.replace(unchanged, weight=max(unchanged.weight, LEAST))
        return (first, *sentences[: MOST - 1])
    return sentences
