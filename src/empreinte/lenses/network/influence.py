"""Section 1: who reacts to the owner, and whom the owner reacts to."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Claim, Part
from empreinte.asking.claims import LEAST as LEAST_TOLD
from empreinte.asking.claims import weight
from empreinte.kernels.statistics.clock import DAY_S, local_seconds
from empreinte.kernels.statistics.echoes import Interval, echoes, median
from empreinte.kernels.statistics.shrinkage import Prior, beta_mean, fit_gamma, gamma_mean
from empreinte.language import _, ngettext, number, percent
from empreinte.lenses.network.parts import measure, records
from empreinte.lenses.network.web import ME, Web
from empreinte.report import Column, Evidence, Measure, Section, Table, units

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
    """

    person: NDArray[np.int64]
    acts: NDArray[np.int64]
    total: NDArray[np.int64]
    lags: NDArray[np.float64]
    soon: NDArray[np.float64]
    expected: NDArray[np.float64]
    tried: int
    prior: Prior

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
    tables = (
        *_table(web, theirs, "influenced", _("Who reacts to you")),
        *_table(web, mine, "influencers", _("Whom you react to")),
    )
    section = Section(
        id="influence",
        title=_("Who reacts to whom"),
        intro=_(
            "Whoever shares, replies, likes or mentions shows that something reached them. Who "
            "reacts to whom goes together; it is no proof of what moved them."
        ),
        measures=(*_counts(web, theirs, mine), *_measures(web, theirs, mine)),
        tables=tables,
    )
    return Part(section, tuple(_claims(web, theirs, mine)))


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
        person,
        acts,
        np.bincount(person, minlength=web.n),
        lags,
        soon,
        expected,
        int(who.size),
        fit_gamma(soon, expected),
    )


def _counts(web: Web, theirs: Side, mine: Side) -> list[Measure]:
    influenced, sources = theirs.total > 0, mine.total > 0
    either, both = int((influenced | sources).sum()), int((influenced & sources).sum())
    share = beta_mean(Prior(0.5, 0.5, False), [both], [either], LEVEL)
    count = partial(measure, kind="integer")
    return [
        count(
            "people",
            _("People in your network"),
            web.n - 1 or None,
            main=True,
            unit=units("person", "people"),
            n=len(web.actor),
            definition=_(
                "People whom your archives name because they reacted to your posts, you "
                "reacted to theirs, or they reacted to one another. Accounts that you have "
                "merged are one person."
            ),
            evidence=Evidence(_everything()),
        ),
        count(
            "received",
            _("Interactions with you"),
            theirs.acts.size or None,
            main=True,
            unit=units("interaction", "interactions"),
            n=int(influenced.sum()),
            definition=_(
                "Shares, replies, mentions, likes and follows by others of your posts and "
                "accounts. A post that replies to you and mentions you is one interaction."
            ),
            evidence=web.towards_me(),
        ),
        count(
            "given",
            _("Your interactions with others"),
            mine.acts.size or None,
            unit=units("interaction", "interactions"),
            n=int(sources.sum()),
            definition=_("The same the other way round, where the archive says towards whom."),
            evidence=web.from_me(),
        ),
        measure(
            "mutual",
            _("Links that go both ways"),
            both / either if either else None,
            "percent",
            main=True,
            low=share.low,
            high=share.high,
            numerator=both if either else None,
            denominator=either if either else None,
            n=either,
            definition=_(
                "Share of people linked to you who react to you and to whom you react. The range "
                "(Jeffreys) is for people like them."
            ),
            evidence=web.towards_me(),
        ),
    ]


def _everything() -> str:
    from empreinte.lenses.network.web import ACTS

    return f"select * from ({ACTS}) order by published desc"


def _measures(web: Web, theirs: Side, mine: Side) -> list[Measure]:
    found = []
    for side, tag, evidence in ((theirs, "", web.towards_me), (mine, "-mine", web.from_me)):
        name = _("Time until you react") if tag else _("Time until others react")
        lag, lift = side.lag(), side.lift()
        found.append(
            measure(
                f"lag{tag}",
                name,
                lag.value,
                "number",
                unit=units("hour", "hours"),
                low=lag.low,
                high=lag.high,
                n=int(np.isfinite(side.lags).sum()),
                why=_("No interaction has both its own date and that of the post."),
                definition=_(
                    "Median time from a post to a reaction to it, both dated, with its range by "
                    "order statistics."
                ),
                evidence=evidence(where="published is not null and object_type = 'post'"),
            )
        )
        found.append(
            measure(
                f"lift{tag}",
                _("Your quick reactions, over chance") if tag else _("Quick reactions over chance"),
                lift.value,
                "multiplier",
                low=lift.low,
                high=lift.high,
                n=side.tried,
                numerator=float(side.soon.sum()) if side.tried else None,
                denominator=float(side.expected.sum()) if side.tried else None,
                why=_(
                    "Fewer than {n} dated interactions (one a person and day): too few to tell."
                ).format(n=LEAST_LIFT),
                definition=_lifted(bool(tag)),
                references=("harris-2020", "morris-1983"),
                evidence=evidence(where="published is not null and type <> 'Follow'"),
            )
        )
    return found


def _lifted(mine: bool) -> str:
    what = (
        _(
            "Your first interaction of a day with a person, within three hours after "
            "something they did"
        )
        if mine
        else _(
            "A person's first interaction of a day with you, within three hours after a "
            "post of yours on an account that names who reacts"
        )
    )
    return _(
        "{what}: how often, over how often the same interactions would be if moved by 1 to "
        "14 days either way, which keeps their hour and the busy months. 1 is chance. Each "
        "person is drawn towards all, the more the fewer interactions they have."
    ).format(what=what)


def _table(web: Web, side: Side, id: str, title: str) -> tuple[Table, ...]:
    if not side.acts.size:
        return ()
    order = np.argsort(-side.total, kind="stable")[: np.count_nonzero(side.total)]
    shown = order[:SHOWN].tolist()
    evidence = web.towards_me if id == "influenced" else web.from_me
    reading = _("First, {person}: {acts}.").format(
        person=web.labels[shown[0]],
        acts=units("interaction", "interactions").counted(int(side.total[shown[0]])),
    )
    if len(order) > SHOWN:
        reading += " " + _("The first {shown} of {n} people.").format(
            shown=number(SHOWN), n=number(len(order))
        )
    kinds = {
        kind: np.bincount(side.person[web.of(kind)[side.acts]], minlength=web.n)
        for kind in ("Announce", "Create", "Mention", "Like", "Follow")
    }
    columns = (
        Column(key="person", label=_("Person")),
        Column(key="shares", label=_("Shares"), kind="integer"),
        Column(key="answers", label=_("Replies and quotes"), kind="integer"),
        Column(key="mentions", label=_("Mentions"), kind="integer"),
        Column(key="likes", label=_("Likes"), kind="integer"),
        Column(key="follows", label=_("Follows"), kind="integer"),
        Column(key="lag", label=_("Median lag"), kind="number", unit=units("hour", "hours")),
        Column(key="lift", label=_("Over chance"), kind="multiplier"),
        Column(key="low", label=_("At least"), kind="multiplier"),
        Column(key="high", label=_("At most"), kind="multiplier"),
        Column(key="n", label=_("Interactions"), kind="integer"),
    )
    rows = []
    for node in shown:
        row: list[Any] = [web.labels[node], *(int(kinds[kind][node]) for kind in kinds)]
        values = (side.lag(node).value, *side.lift(node))
        row += [value if math.isfinite(value) else None for value in values]
        rows.append((*row, int(side.total[node])))
    return (
        Table(
            id=f"network.all.{id}",
            title=title,
            columns=columns,
            rows=tuple(rows),
            reading=reading,
            definition=_("By the number of interactions. {lift}").format(
                lift=_lifted(id == "influencers")
            ),
            references=("harris-2020", "morris-1983"),
            evidence=tuple(evidence(node) for node in shown),
        ),
    )


def _claims(web: Web, theirs: Side, mine: Side) -> Iterator[Claim]:
    if theirs.acts.size:
        first = int(theirs.total.argmax())
        people = int((theirs.total > 0).sum())
        text = ngettext(
            "{n} person reacts to your posts, {person} most often ({acts})",
            "{n} people react to your posts, {person} most often ({acts})",
            people,
        ).format(
            n=number(people),
            person=web.labels[first],
            acts=units("time", "times").counted(int(theirs.total[first])),
        )
        quiet = _("{person} reacts most to your posts").format(person=web.labels[first])
        lag = theirs.lag()
        if math.isfinite(lag.value):
            text += _("; half of interactions within {hours}").format(
                hours=units("hour", "hours").counted(lag.value, 2)
            )
        yield _claim(web, theirs, text + ".", quiet + ".", "influenced")
    if mine.acts.size:
        first = int(mine.total.argmax())
        text = _("You react most to {person}: {n} of your {all} interactions ({share}).")
        text = text.format(
            person=web.labels[first],
            n=number(int(mine.total[first])),
            all=number(mine.acts.size),
            share=percent(mine.total[first] / mine.acts.size),
        )
        quiet = _("You react most to {person}.").format(person=web.labels[first])
        yield _claim(web, mine, text, quiet, "influencers")


def _claim(web: Web, side: Side, text: str, quiet: str, table: str) -> Claim:
    """Claim who comes first: it weighs by how far they do, over an even share."""
    first = int(side.total.argmax())
    ratio = float(side.total[first]) / float(side.total[side.total > 0].mean())
    return Claim(
        text=text, quiet=quiet, about=f"network.all.{table}", topic="people",
        weight=max(weight(ratio, ratio, ratio, full=100), LEAST_TOLD),
        action=records(f"network.all.{table}.0", web.labels[first]),
    )  # fmt: skip
