"""What came since the export before the last, against as long a time before it."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.statistics.changes import Ratio, rate_ratio
from empreinte.kernels.statistics.shrinkage import within_dispersion
from empreinte.language import _, day, percent
from empreinte.lenses.influence.own import LEVEL, Own, microseconds
from empreinte.lenses.influence.parts import Claim, posts_evidence
from empreinte.report import Figure, Unit

LEAST_POSTS = 5
LEAST_ANSWERED = 30
"""Posts due on each side to compare what was published, and how it was answered."""


def compared(own: Own, index: int) -> list[tuple[Figure, list[Claim]]]:
    """Compare a channel's output and response on the two sides of the export before the last."""
    dates = own.exports.get(own.channels[index].key, [])[-2:]
    return [_figure(own, index, name, dates) for name in ("posts", "answers")]


def _figure(own: Own, index: int, name: str, dates: list[datetime]) -> tuple[Figure, list[Claim]]:
    channel = own.channels[index]
    what = _("posts per week") if name == "posts" else _("answers per post")
    definition = _("Ratio of two rates, with a quasi-Poisson interval.")
    ratio, n, evidence = None, 0, None
    why: str | None = _(
        "There is one export of {channel} in this window. Import one of another date to compare."
    ).format(channel=channel.label)
    if len(dates) == 2:
        then, now = dates
        start = then - (now - then)
        where = "p.published >= cast($start as timestamp) and p.published < cast($now as timestamp)"
        parameters = {"start": start.isoformat(), "now": now.isoformat()}
        if name == "answers":
            where += f" and ({own.counted(index)}) and {own.settled_sql(index)}"
        evidence = posts_evidence(own, channel, where, **parameters)
        early, late = _sides(own, index, name, dates)
        n = int(early.sum() + late.sum())
        definition += " " + _("From {then} to {now}, against as long a time before.").format(
            then=day(then), now=day(now)
        )
        compare = _output if name == "posts" else _response
        ratio = compare(own, early, late, (now - then) / timedelta(weeks=1))
        why = None if ratio else _("There are too few posts on one side to compare.")
    figure = Figure(
        id=f"influence.{channel.tag}.{name}-since",
        name=_("Since the export before: {what}, {channel}").format(
            what=what, channel=channel.label
        ),
        value=ratio.value if ratio else None,
        low=ratio.low if ratio else None,
        high=ratio.high if ratio else None,
        level=LEVEL if ratio else None,
        kind="multiplier",
        unit=Unit(what, what),
        n=n,
        why_missing=why,
        definition=definition,
        references=("cameron-trivedi-2013",),
        evidence=evidence,
    )
    return figure, [_claim(own, index, name, ratio, dates)] if ratio else []


def _sides(
    own: Own, index: int, name: str, dates: list[datetime]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    then, now = (microseconds(date) for date in dates)
    here = own.of(index) & own.posts.dated
    if name == "answers":
        here &= ~np.isnan(own.answers) & own.settled
    at = own.posts.published_us
    return here & (at >= 2 * then - now) & (at < then), here & (at >= then) & (at < now)


def _output(
    own: Own, early: NDArray[np.bool_], late: NDArray[np.bool_], weeks: float
) -> Ratio | None:
    if min(early.sum(), late.sum()) < LEAST_POSTS or weeks < 2:
        return None
    counts, groups = [], []
    for group, side in enumerate((early, late)):
        held = np.unique(own.week[side], return_counts=True)[1]
        # Weeks without a post are weeks too.
        held = np.concatenate([held, np.zeros(max(0, int(weeks) - len(held)))])
        counts.append(held)
        groups.append(np.full(len(held), group))
    counted = np.concatenate(counts)
    phi = within_dispersion(counted, np.ones(len(counted)), np.concatenate(groups))
    return rate_ratio((float(early.sum()), weeks), (float(late.sum()), weeks), phi, LEVEL)


def _response(
    own: Own, early: NDArray[np.bool_], late: NDArray[np.bool_], _weeks: float
) -> Ratio | None:
    if min(early.sum(), late.sum()) < LEAST_ANSWERED:
        return None
    both = early | late
    answers = own.answers[both]
    phi = within_dispersion(answers, np.ones(len(answers)), late[both].astype(int))
    one, two = ((float(own.answers[side].sum()), float(side.sum())) for side in (early, late))
    return rate_ratio(one, two, phi, LEVEL)


def _claim(own: Own, index: int, name: str, ratio: Ratio, dates: list[datetime]) -> Claim:
    channel = own.channels[index]
    more = ratio.value > 1
    if name == "posts" and more:
        text = _(
            "On {channel} you have published {share} more since {day} "
            "than in as long a time before."
        )
        quiet = _("On {channel} you have published more since {day}.")
    elif name == "posts":
        text = _(
            "On {channel} you have published {share} less since {day} "
            "than in as long a time before."
        )
        quiet = _("On {channel} you have published less since {day}.")
    elif more:
        text = _(
            "On {channel} each post has been answered {share} more since "
            "{day} than in as long a time before."
        )
        quiet = _("On {channel} each post has been answered more since {day}.")
    else:
        text = _(
            "On {channel} each post has been answered {share} less since "
            "{day} than in as long a time before."
        )
        quiet = _("On {channel} each post has been answered less since {day}.")
    values = {"channel": channel.label, "day": day(dates[0])}
    return Claim(
        text.format(share=percent(abs(ratio.value - 1)), **values),
        quiet.format(**values),
        f"influence.{channel.tag}.{name}-since",
        "growth" if name == "posts" else "response",
        ratio.value,
        ratio.low,
        ratio.high,
        change=True,
        when=dates[1],
    )
