"""What came since the export before the last, against as long a time before it."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from functools import partial

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Budget, Channel, Claim, value
from empreinte.asking.claims import weight
from empreinte.kernels.statistics.levels import Ratio
from empreinte.language import _, day, percent, significant
from empreinte.lenses.influence import words
from empreinte.lenses.influence.looked import NAMES, Look, dates, sides
from empreinte.lenses.influence.own import Own
from empreinte.report import Action, Measure, Unit, Value

APART = 1.5
"""Where a mean and a typical post differ by half, both are told."""


def what(name: str) -> str:
    """Say what a series counts."""
    return _("posts per week") if name == "posts" else _("reactions per post")


def compared(own: Own, looks: list[Look], budget: Budget) -> tuple[list[Measure], list[Claim]]:
    """Compare each channel's output and response on the two sides of the export before the last."""
    of = {(look.name, look.channel): look for look in looks}
    definitions = {
        "posts": _(
            "Ratio of the posts a week, with a range that takes busy spells and seasons into "
            "account."
        ),
        "answers": _(
            "How many times as many reactions a typical post has: both sides compared by the ranks "
            "of their posts, so that one post that everybody saw does not decide."
        ),
    }
    measures = [
        own.measure(
            f"{name}-since", _("Since the previous archive: {what}").format(what=what(name)),
            "multiplier", partial(_value, own, name, of, budget), unit=Unit(what(name), what(name)),
            main=True, definition=definitions[name],
            references=("patterson-thompson-1971", "holm-1979"),
        )
        for name in NAMES
    ]  # fmt: skip
    return measures, [_claim(own, look) for look in looks if budget.tells(look.id)]


def ratio_of(own: Own, look: Look) -> Ratio:
    """Give what changed and by how much: of posts what was counted, of answers the typical post."""
    assert look.found is not None
    found = look.found.interval(LEVEL)
    if look.name == "answers":
        return found
    early, late = sides(own, look)
    then = look.found.cut
    raw = float(late.sum() / (look.end - then)) / float(early.sum() / (then - look.first))
    return Ratio(raw, raw * found.low / found.value, raw * found.high / found.value)


def _value(
    own: Own, name: str, of: dict[tuple[str, Channel], Look], budget: Budget, channel: Channel
) -> Value:
    look = of.get((name, channel))
    if look is None:
        why = _(
            "There is one archive of {channel} in this period. Import another to compare."
        ).format(channel=channel.label)
        return value(None, n=0, why=why)
    then, now = dates(own, channel)
    zone = own.scope.timezone
    where = (
        "timezone($timezone, p.published at time zone 'UTC') >= cast($start as timestamp)"
        " and timezone($timezone, p.published at time zone 'UTC') < cast($end as timestamp)"
    )
    if name == "answers":
        where += f" and ({own.counted(channel)}) and {own.settled_sql(channel)}"
    start, end = (date(1970, 1, 1) + timedelta(days=edge) for edge in (look.first, look.end))
    note, n = "", 0
    found: tuple[float, ...] = (math.nan,)
    if look.found is not None:
        early, late = sides(own, look)
        found, n = ratio_of(own, look), int((early | late).sum())
        note = _("From {then} to {now}, against as long a time before.").format(
            then=day(then), now=day(now)
        )
        if not budget.tells(look.id):
            seen = look.visible(budget)
            note += " " + (
                _("No clear change; one of {times} would have been seen.").format(
                    times=words.times(seen)
                )
                if seen is not None
                else _("Too little to tell whether it changed.")
            )
        if name == "answers":
            note += " " + " ".join(_means(own, look))
    return value(
        *found, n=n, note=note.strip(),
        why=_("There are too few posts on one side to compare: it cannot be told."),
        evidence=own.evidence(
            channel, where, timezone=zone, start=start.isoformat(), end=end.isoformat()
        ),
    )  # fmt: skip


def _means(own: Own, look: Look) -> list[str]:
    """Say what means and medians are, and whose a change of the mean is."""
    early, late = (own.answers[side] for side in sides(own, look))
    before, after = (float(side.mean()) for side in (early, late))
    said = [
        _("Mean {before}, then {after}; median {middle}, then {latest}.").format(
            before=significant(before), after=significant(after),
            middle=significant(float(np.median(early))), latest=significant(float(np.median(late))),
        )
    ]  # fmt: skip
    if alone := _whose(own, look):
        said.append(alone)
    return said


def _whose(own: Own, look: Look) -> str:
    """Say which one post makes the difference of means, if one does by half."""
    early, late = (np.flatnonzero(side) for side in sides(own, look))
    means = [float(own.answers[side].mean()) for side in (early, late)]
    both = np.concatenate([early, late])
    first = int(both[np.argmax(own.answers[both])])
    rest = [_mean(own.answers[side[side != first]]) for side in (early, late)]
    if not (min(*means, *rest) > 0):
        return ""
    with_it, without = means[1] / means[0], rest[1] / rest[0]
    if max(with_it / without, without / with_it) < APART:
        return ""
    return _("The means without the one of {day}: {times}.").format(
        day=day(date(1970, 1, 1) + timedelta(days=int(own.day[first]))), times=words.times(without)
    )


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else 0.0


def typical(own: Own, look: Look, ratio: float) -> str:
    """Say how the reactions to posts changed: by medians, and by means where these differ."""
    early, late = (own.answers[side] for side in sides(own, look))
    before, after = float(np.median(early)), float(np.median(late))
    if before == after:
        said = _("{times} as many for a typical post.").format(times=words.times(ratio))
    else:
        said = _("half of them {after} or more, instead of {before}.").format(
            after=significant(after), before=significant(before)
        )
    means = float(early.mean()), float(late.mean())
    if min(means) > 0:
        apart = means[1] / means[0] / ratio
        if max(apart, 1 / apart) >= APART:
            counted = _("On average, the most seen ones counted: {after}, {before} before.")
            said += " " + counted.format(after=significant(means[1]), before=significant(means[0]))
    return said


def unseen(looks: list[Look], budget: Budget) -> str:
    """Say which change would have been seen; ``""`` where there is too little to tell."""
    seen = {
        name: [times for look in looks if look.name == name
               if (times := look.visible(budget)) is not None]
        for name in NAMES
    }  # fmt: skip
    if seen["posts"] and seen["answers"]:
        return _(
            "If posts had become {posts} as many, or reactions {reactions}, it would have been "
            "seen."
        ).format(posts=words.times(min(seen["posts"])), reactions=words.times(min(seen["answers"])))
    if seen["posts"]:
        return _("If posts had become {times} as many, it would have been seen.").format(
            times=words.times(min(seen["posts"]))
        )
    if seen["answers"]:
        return _("If reactions had become {times} as many, it would have been seen.").format(
            times=words.times(min(seen["answers"]))
        )
    return ""


def _claim(own: Own, look: Look) -> Claim:
    ratio = ratio_of(own, look)
    said = {
        ("posts", True): (
            _(
                "On {channel} you have posted {share} more since {day} than in the same time "
                "before."
            ),
            _("On {channel} you post more than before."),
        ),
        ("posts", False): (
            _(
                "On {channel} you have posted {share} less since {day} than in the same time "
                "before."
            ),
            _("On {channel} you post less than before."),
        ),
        ("answers", True): (
            _("On {channel} posts typically get more reactions since {day}: {how}"),
            _("On {channel} posts typically get more reactions than before."),
        ),
        ("answers", False): (
            _("On {channel} posts typically get fewer reactions since {day}: {how}"),
            _("On {channel} posts typically get fewer reactions than before."),
        ),
    }
    then, now = dates(own, look.channel)
    text, quiet = said[look.name, ratio.value > 1]
    given = {"channel": look.channel.label, "day": day(then)}
    text = text.format(
        share=percent(abs(ratio.value - 1)), how=typical(own, look, ratio.value)
        if look.name == "answers" else "", **given,
    )  # fmt: skip
    return claim(own, look, ratio, now, text, quiet.format(channel=look.channel.label))


def claim(own: Own, look: Look, ratio: Ratio, when: datetime, text: str, quiet: str) -> Claim:
    """Claim that a series changed, in full and quietly."""
    return Claim(
        text=text, quiet=quiet, about=look.id,
        topic="growth" if look.name == "posts" else "response",
        weight=weight(*ratio, age=own.age(when)), change=True,
        action=Action(kind="evidence", target=look.id, label=_("See these posts")),
    )  # fmt: skip
