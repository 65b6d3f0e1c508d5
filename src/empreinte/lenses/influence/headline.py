"""The answer first: which statements open the report, by a published rule.

Each statement has a multiplier against "nothing has changed" (or "all are alike") with its 90 %
interval. Its score is a product of three numbers between 0 and 1:

- effect: |ln multiplier| / ln 2, at most 1: a doubling or a halving counts fully (a hundredfold
  for how unevenly answers or relays are shared out, where tenfold is ordinary);
- certainty: how far the interval's nearer bound stands from "no change", over the estimate, both
  in logarithms; 0 where the interval holds "no change", 1 for what was simply counted;
- freshness: for a change, 2 to the minus its age in years at the latest export; for how things
  stand, one half, so that news comes first.

Statements that score `LEAST` or more are told, best first, at most `MOST` of them and one of each
topic. Where none of them tells a change, the answer says so first.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import datetime

from empreinte.language import _, day
from empreinte.lenses.influence.own import Own
from empreinte.lenses.influence.parts import Claim
from empreinte.report import Sentence

MOST = 5
LEAST = 0.02
STANDING = 0.5
_YEAR_S = 365.25 * 86_400


def score(claim: Claim, end: datetime | None) -> float:
    """Give a statement's score, from 0 to 1."""
    effect = abs(math.log(claim.effect))
    if effect == 0 or claim.low <= 1 <= claim.high:
        return 0.0
    nearer = min(abs(math.log(claim.low)) if claim.low > 0 else math.inf, abs(math.log(claim.high)))
    certainty = min(1.0, nearer / effect)
    freshness = STANDING
    if claim.change:
        age = max(0.0, (end - claim.when).total_seconds()) if end and claim.when else 0.0
        freshness = 2 ** -(age / _YEAR_S)
    return min(1.0, effect / math.log(claim.full)) * certainty * freshness


def answer(own: Own, claims: Iterable[Claim]) -> tuple[Sentence, ...]:
    """Choose the sentences that open the report."""
    if not len(own.posts):
        text = _(
            "There is nothing to measure yet: import an export of yours, or say which of the "
            "imported channels are yours."
        )
        figure = f"influence.{own.channels[0].tag if len(own.channels) == 1 else 'all'}.posts"
        return (Sentence(text=text, figure=figure, quiet=text),)
    scored = [(score(claim, own.end), claim) for claim in claims]
    told: list[Claim] = []
    for value, claim in sorted(scored, key=lambda pair: (-pair[0], pair[1].figure, pair[1].text)):
        if value >= LEAST and all(other.topic != claim.topic for other in told):
            told.append(claim)
    sentences = [Sentence(text=c.text, figure=c.figure, quiet=c.quiet) for c in told[:MOST]]
    if not any(claim.change for claim in told[:MOST]):
        sentences = [_unchanged(own), *sentences[: MOST - 1]]
    return tuple(sentences)


def _unchanged(own: Own) -> Sentence:
    dates = [dates[-2] for dates in own.exports.values() if len(dates) > 1]
    text = _("Nothing certain has changed.")
    if dates:
        text = _("Nothing certain has changed since the export of {day}.").format(
            day=day(max(dates))
        )
    figure = f"influence.{own.channels[0].tag}.posts"
    if len(own.channels) > 1:
        figure = "influence.all.posts"
    return Sentence(text=text, figure=figure, quiet=text)
