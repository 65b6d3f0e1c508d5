"""Section 1: who reacts to the owner, and whom the owner reacts to."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Claim, Fact, Part, Said, collect, proportion
from empreinte.asking.claims import LEAST as LEAST_TOLD
from empreinte.asking.claims import weight
from empreinte.kernels.statistics.clock import DAY_S, local_seconds
from empreinte.kernels.statistics.echoes import Interval, echoes, median
from empreinte.kernels.statistics.shrinkage import Prior, fit_gamma, gamma_mean
from empreinte.language import percent
from empreinte.lenses.network.web import ACTS, ME, TYPES, Web
from empreinte.lenses.network.words import counted, fact, listed, phrase, records, said, section
from empreinte.report import Evidence, Table

SHOWN = 50
"""Rows of a table; the figures count everybody."""
SOON_S = 3 * 3600
"""Acts within three hours of a signal are soon after it."""
LEAST_LIFT = 20
"""Dated acts, one a person and day, that a lift over chance rests on at least."""


@dataclass(frozen=True)
class Side:
    """Acts in one direction, by person.

    Attributes
    ----------
    person : ndarray of int64, shape (acts,)
        The other end of each act.
    acts : ndarray of int64
        Which acts of the web these are.
    total : ndarray of int64, shape (n,)
    lags : ndarray of float64, shape (acts,)
        Seconds from the post to the act, NaN where a date is missing.
    soon, expected : ndarray of float64, shape (n,)
        Days on which the person's first act came soon, and so many by chance.
    evidence : callable
        Selects the acts, see `Web.towards_me` and `Web.from_me`.
    """

    person: NDArray[np.int64]
    acts: NDArray[np.int64]
    total: NDArray[np.int64]
    lags: NDArray[np.float64]
    soon: NDArray[np.float64]
    expected: NDArray[np.float64]
    tried: int
    prior: Prior
    evidence: Callable[..., Evidence]

    def lift(self, node: int | None = None) -> Interval:
        """Give the lift over chance of one person, or of all; NaN where nothing is known."""
        at = slice(None) if node is None else slice(node, node + 1)
        if self.tried < LEAST_LIFT or not self.expected[at].sum() > 0:
            return Interval(math.nan, math.nan, math.nan)
        return Interval(*gamma_mean(self.prior, self.soon[at], self.expected[at], LEVEL))

    def lag(self, node: int | None = None) -> Interval:
        """Give the median lag in hours."""
        here = np.isfinite(self.lags)
        if node is not None:
            here &= self.person == node
        return median(self.lags[here] / 3600, LEVEL)


def part(web: Web) -> Part:
    """Tell who acts on the owner's posts, and on whose posts the owner acts."""
    theirs, mine = _theirs(web), _mine(web)
    facts = (*_counts(web, theirs, mine), *_times(theirs, ""), *_times(mine, "-mine"))
    tables = (*_table(web, theirs, "influenced"), *_table(web, mine, "influencers"))
    shown = section("influence", measures=collect(facts), tables=tables)
    return Part(shown, tuple(_claims(web, theirs, mine)))


def _theirs(web: Web) -> Side:
    """Gather others' acts on the owner: the signals are the owner's posts."""
    acts = np.flatnonzero(web.to_me)
    signals = web.published[web.answerable]
    return _side(web, acts, web.actor[acts], signals, None)


def _mine(web: Web) -> Side:
    """Gather the owner's acts on others: the signals are what each of them did."""
    acts = np.flatnonzero(web.by_me)
    did = web.dated & (web.actor != ME)
    wrote = web.author != ME
    signals = np.concatenate([web.at[did].astype(np.int64), web.published[wrote]])
    return _side(
        web, acts, web.other[acts], signals, np.concatenate([web.actor[did], web.author[wrote]])
    )


def _side(
    web: Web,
    acts: NDArray[np.int64],
    person: NDArray[np.int64],
    signals: NDArray[np.int64],
    by: NDArray[np.int64] | None,
) -> Side:
    lags = web.at[acts] - web.since[acts]
    # Where the date of a post is unknown, exports give it that of the act.
    lags[~(lags > 0)] = np.nan
    known = web.dated[acts] & ~web.of("Follow")[acts]
    if by is not None:
        known &= np.isin(person, by)
    who, when = person[known], web.at[acts[known]].astype(np.int64)
    # The first act of a day: what follows it follows from it.
    order = np.argsort(when, kind="stable")
    there = local_seconds(when[order], web.scope.timezone) // DAY_S
    there -= there.min(initial=0)
    days = who[order] * (there.max(initial=0) + 1) + there
    first = order[np.sort(np.unique(days, return_index=True)[1])]
    who, when = who[first], when[first]
    groups = np.zeros_like(who) if by is None else who
    of = np.zeros(signals.size, dtype=np.int64) if by is None else by
    found = echoes(when, groups, signals, of, window=SOON_S)
    soon = np.bincount(who, found.soon.astype(float), web.n).astype(float)
    expected = np.bincount(who, found.expected, web.n).astype(float)
    return Side(
        person, acts, np.bincount(person, minlength=web.n), lags, soon, expected, int(who.size),
        fit_gamma(soon, expected), web.towards_me if by is None else web.from_me,
    )  # fmt: skip


def _counts(web: Web, theirs: Side, mine: Side) -> Iterator[Fact]:
    influenced, sources = theirs.total > 0, mine.total > 0
    either, both = int((influenced | sources).sum()), int((influenced & sources).sum())
    count = partial(fact, why=phrase("nothing"))
    everything = Evidence(f"select * from ({ACTS}) order by published desc")
    yield count("people", web.n - 1 or None, n=len(web.actor), evidence=everything)
    n = int(influenced.sum())
    yield count("received", theirs.acts.size or None, n=n, evidence=theirs.evidence())
    n = int(sources.sum())
    yield count("given", mine.acts.size or None, n=n, evidence=mine.evidence())
    yield count("mutual", **proportion(both, either), evidence=theirs.evidence())


def _times(side: Side, tag: str) -> Iterator[Fact]:
    yield fact(
        f"lag{tag}", *side.lag(), n=int(np.isfinite(side.lags).sum()),
        evidence=side.evidence(where="published is not null and object_type = 'post'"),
    )  # fmt: skip
    yield fact(
        f"lift{tag}", *side.lift(), n=side.tried,
        numerator=float(side.soon.sum()) if side.tried else None,
        denominator=float(side.expected.sum()) if side.tried else None,
        evidence=side.evidence(where="published is not null and type <> 'Follow'"),
        places={"what": phrase(f"influence.after{tag}"), "n": LEAST_LIFT},
    )  # fmt: skip


def _table(web: Web, side: Side, id: str) -> tuple[Table, ...]:
    if not side.acts.size:
        return ()
    order = np.argsort(-side.total, kind="stable")[: np.count_nonzero(side.total)]
    shown = order[:SHOWN].tolist()
    acts = counted("interaction", int(side.total[shown[0]]))
    reading = phrase("influence.first", person=web.labels[shown[0]], acts=acts)
    if len(order) > SHOWN:
        reading += " " + phrase("influence.rows", shown=SHOWN, n=len(order))
    kinds = [np.bincount(side.person[web.of(kind)[side.acts]], minlength=web.n) for kind in TYPES]
    rows = [
        (web.labels[node], *(int(kind[node]) for kind in kinds), side.lag(node).value,
         *side.lift(node), int(side.total[node]))
        for node in shown
    ]  # fmt: skip
    after = phrase("influence.after" if id == "influenced" else "influence.after-mine")
    return listed(
        id, rows, reading=reading, places={"lift": phrase("influence.lift", what=after)},
        evidence=tuple(side.evidence(node) for node in shown),
    )  # fmt: skip


def _claims(web: Web, theirs: Side, mine: Side) -> Iterator[Claim]:
    if theirs.acts.size:
        first, lag = int(theirs.total.argmax()), theirs.lag().value
        told = said(
            "influence.theirs", n=int((theirs.total > 0).sum()), person=web.labels[first],
            acts=counted("time", int(theirs.total[first])),
        )  # fmt: skip
        half = ""
        if math.isfinite(lag):
            half = phrase("influence.half", hours=counted("hour", lag, 2))
        whole = Said(f"{told.text}{half}.", f"{told.quiet}.")
        yield _claim(web, theirs, whole, "network.all.influenced")
    if mine.acts.size:
        first = int(mine.total.argmax())
        n, every = int(mine.total[first]), mine.acts.size
        told = said("influence.mine", person=web.labels[first], n=n, all=every,
                    share=percent(n / every))  # fmt: skip
        yield _claim(web, mine, told, "network.all.influencers")


def _claim(web: Web, side: Side, told: Said, table: str) -> Claim:
    """Claim who comes first: it weighs by how far they do, over an even share."""
    first = int(side.total.argmax())
    ratio = float(side.total[first]) / float(side.total[side.total > 0].mean())
    weighs = max(weight(ratio, ratio, ratio, full=100), LEAST_TOLD)
    action = records(f"{table}.0", web.labels[first])
    return told.claim(table, topic="people", weight=weighs, action=action)
