"""What came since the export before the last, against as long a time before it."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Channel, Claim, value
from empreinte.asking.claims import weight
from empreinte.kernels.statistics.changes import Ratio, rate_ratio
from empreinte.kernels.statistics.shrinkage import within_dispersion
from empreinte.language import _, day, percent
from empreinte.lenses.influence.own import Own, microseconds
from empreinte.report import Action, Measure, Unit, Value

NAMES = ("posts", "answers")
"""Series that are compared: posts a week, and answers per post."""
LEAST_POSTS = 5
LEAST_ANSWERED = 30
"""Posts due on each side to compare what was published, and how it was answered."""


def what(name: str) -> str:
    """Say what a series counts."""
    return _("posts per week") if name == "posts" else _("answers per post")


def compared(own: Own) -> tuple[list[Measure], list[Claim]]:
    """Compare each channel's output and response on the two sides of the export before the last."""
    ratios = {
        (name, channel): _compare(own, channel, name)
        for channel in own.channels
        for name in NAMES
        if len(own.exports.get(channel.key, [])) > 1
    }
    measures = [
        own.measure(
            f"{name}-since",
            _("Since the export before: {what}").format(what=what(name)),
            "multiplier",
            partial(_value, own, name, ratios),
            unit=Unit(what(name), what(name)),
            main=True,
            definition=_("Ratio of two rates, with a quasi-Poisson interval."),
            references=("cameron-trivedi-2013",),
        )
        for name in NAMES
    ]
    claims = [
        _claim(own, channel, name, ratio)
        for (name, channel), (ratio, _n) in ratios.items()
        if ratio is not None
    ]
    return measures, claims


def _dates(own: Own, channel: Channel) -> tuple[datetime, datetime]:
    then, now = own.exports[channel.key][-2:]
    return then, now


def _compare(own: Own, channel: Channel, name: str) -> tuple[Ratio | None, int]:
    then, now = _dates(own, channel)
    early, late = _sides(own, channel, name, (then, now))
    compare = _output if name == "posts" else _response
    return compare(own, early, late, (now - then) / timedelta(weeks=1)), int((early | late).sum())


def _value(
    own: Own,
    name: str,
    ratios: dict[tuple[str, Channel], tuple[Ratio | None, int]],
    channel: Channel,
) -> Value:
    if (name, channel) not in ratios:
        why = _(
            "There is one export of {channel} in this window. Import one of another date to "
            "compare."
        ).format(channel=channel.label)
        return value(None, n=0, why=why)
    ratio, n = ratios[name, channel]
    then, now = _dates(own, channel)
    where = "p.published >= cast($start as timestamp) and p.published < cast($now as timestamp)"
    if name == "answers":
        where += f" and ({own.counted(channel)}) and {own.settled_sql(channel)}"
    start = then - (now - then)
    return value(
        *(ratio or (math.nan,)),
        n=n,
        why=_("There are too few posts on one side to compare."),
        note=_("From {then} to {now}, against as long a time before.").format(
            then=day(then), now=day(now)
        ),
        evidence=own.evidence(channel, where, start=start.isoformat(), now=now.isoformat()),
    )


def _sides(
    own: Own, channel: Channel, name: str, dates: tuple[datetime, datetime]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    then, now = (microseconds(date) for date in dates)
    here = own.of(channel) & own.posts.dated
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


def _claim(own: Own, channel: Channel, name: str, ratio: Ratio) -> Claim:
    text, quiet = {
        ("posts", True): (
            _(
                "On {channel} you have published {share} more since {day} "
                "than in as long a time before."
            ),
            _("On {channel} you have published more since {day}."),
        ),
        ("posts", False): (
            _(
                "On {channel} you have published {share} less since {day} "
                "than in as long a time before."
            ),
            _("On {channel} you have published less since {day}."),
        ),
        ("answers", True): (
            _(
                "On {channel} each post has been answered {share} more since "
                "{day} than in as long a time before."
            ),
            _("On {channel} each post has been answered more since {day}."),
        ),
        ("answers", False): (
            _(
                "On {channel} each post has been answered {share} less since "
                "{day} than in as long a time before."
            ),
            _("On {channel} each post has been answered less since {day}."),
        ),
    }[name, ratio.value > 1]
    then, now = _dates(own, channel)
    values = {"channel": channel.label, "day": day(then)}
    id = f"influence.{channel.tag}.{name}-since"
    return Claim(
        text=text.format(share=percent(abs(ratio.value - 1)), **values),
        quiet=quiet.format(**values),
        about=id,
        topic="growth" if name == "posts" else "response",
        weight=weight(*ratio, age=own.age(now)),
        change=True,
        action=Action(kind="evidence", target=id, label=_("See these posts")),
    )
