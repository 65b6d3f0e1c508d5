"""One error budget for a report: which of the things that were tested may be told.

A report looks at many things: each channel, what is published and how it is answered, each
circumstance of a post. If each were told with one chance in twenty of being wrong, most reports
would hold something false. So no section decides alone. Each offers its candidates, with the
p-value of "there is nothing"; here, over the whole report, it is decided which are told, so that
on data without effect at most one report in ten holds anything false.

The rule is Holm's with weights: it asks nothing of how the tests hang together, and posts, days
and weather are shared by all of them. Candidates of one topic share that topic's part of the
budget; what a told candidate had is passed on to those that are left. `SPENT` is less than the one
in ten that is promised, for p-values of series with a long memory may be a little too small.

References
----------
Holm (1979), A simple sequentially rejective multiple test procedure, Scandinavian Journal of
Statistics 6(2). Benjamini & Hochberg (1997), Multiple hypotheses testing with weights,
Scandinavian Journal of Statistics 24(3).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

PROMISED = 0.1
"""Share of reports that may hold anything false where there is nothing to find.

No candidate with so great a p-value is ever told: it need not be known how great it is.
"""
SPENT = 0.08


@dataclass(frozen=True)
class Candidate:
    """Something that was tested and may be told.

    Attributes
    ----------
    key : str
        What it is asked by again; the id of a value where it has one.
    topic : str
        Candidates of a topic share its part of the budget.
    p : float
        The chance of evidence as strong as this, or stronger, if there is nothing.
    """

    key: str
    topic: str
    p: float


class Budget:
    """Which candidates of a report are told.

    Examples
    --------
    >>> budget = Budget([Candidate("a", "one", 0.001), Candidate("b", "two", 0.05)])
    >>> budget.tells("a"), budget.tells("b")
    (True, True)
    >>> Budget([Candidate("b", "two", 0.05), Candidate("c", "one", 1.0)]).tells("b")
    False
    """

    def __init__(self, candidates: Iterable[Candidate], spent: float = SPENT) -> None:
        tried = tuple(candidates)
        topics = Counter(candidate.topic for candidate in tried)
        self._share = {one.key: spent / len(topics) / topics[one.topic] for one in tried}
        self._told: dict[str, float] = {}
        left = spent
        # In the order of p over its share; each share grows by what those before it leave.
        for one in sorted(tried, key=lambda one: (one.p / self._share[one.key], one.key)):
            share = self._share[one.key]
            if not one.p <= spent * share / left:
                break
            self._told[one.key] = spent * share / left
            left = max(left - share, 1e-12)

    def tells(self, key: str) -> bool:
        """Tell whether a candidate is told."""
        return key in self._told

    def limit(self, key: str) -> float:
        """Give the p-value up to which a told candidate is told."""
        return self._told[key]

    def share(self, key: str) -> float:
        """Give the p-value at which a candidate would be told whatever the others are."""
        return self._share[key]
