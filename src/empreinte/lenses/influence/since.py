"""What came since the export before the last, against as long a time before it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Budget, Channel, Claim, value
from empreinte.asking.claims import weight
from empreinte.asking.day_numbers import date_of
from empreinte.kernels.statistics.levels import Ratio
from empreinte.language import percent, significant
from empreinte.lenses.influence import words
from empreinte.lenses.influence.looked import NAMES, Look, dates, sides
from empreinte.lenses.influence.own import LOCAL, Own
from empreinte.lenses.influence.words import phrase, said
from empreinte.report import Action, Measure, Unit, Value

APART = 1.5
"""Where a mean and a typical post differ by half, both are told."""


def what(name: str) -> str:
    """Say what a series counts."""
    return phrase(f"series.{name}")


def compared(own: Own, looks: list[Look], budget: Budget) -> tuple[list[Measure], list[Claim]]:
    """Compare each channel's output and response on the two sides of the export before the last."""
    of = {(look.name, look.channel): look for look in looks}
    measures = [
        own.measure(
            f"{name}-since", partial(_value, own, name, of, budget), what=what(name),
            fields={"unit": Unit(what(name), what(name))},
        )
        for name in NAMES
    ]  # fmt: skip
    claims = []
    for look in (look for look in looks if budget.tells(look.id)):
        then, now = dates(own, look.channel)
        claims.append(claim(own, look, ratio_of(own, look), now, day=then))
    return measures, claims


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
        return value(None, n=0, why=phrase("since.one-archive", channel=channel.label))
    where = f"{LOCAL} >= cast($start as timestamp) and {LOCAL} < cast($end as timestamp)"
    if name == "answers":
        where += f" and ({own.counted(channel)}) and {own.settled_sql(channel)}"
    start, end = (date_of(edge).isoformat() for edge in (look.first, look.end))
    evidence = own.evidence(channel, where, timezone=own.scope.timezone, start=start, end=end)
    if look.found is None:
        return value(None, n=0, why=phrase("since.too-few"), evidence=evidence)
    early, late = sides(own, look)
    then, now = dates(own, channel)
    note = [phrase("since.span", then=then, now=now)]
    if not budget.tells(look.id):
        seen = look.visible(budget)
        note.append(
            phrase("since.too-little")
            if seen is None
            else phrase("since.unseen", times=words.times(seen))
        )
    if name == "answers":
        note += _means(own, look)
    return value(
        *ratio_of(own, look), n=int((early | late).sum()), note=" ".join(note),
        why=phrase("since.too-few"), evidence=evidence,
    )  # fmt: skip


def _means(own: Own, look: Look) -> list[str]:
    """Say what means and medians are, and whose a change of the mean is."""
    early, late = (own.answers[side] for side in sides(own, look))
    found = {
        "before": early.mean(), "after": late.mean(), "middle": np.median(early),
        "latest": np.median(late),
    }  # fmt: skip
    told = [phrase("since.means", **{name: significant(float(x)) for name, x in found.items()})]
    if alone := _whose(own, look):
        told.append(alone)
    return told


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
    return phrase("since.without", day=date_of(own.day[first]), times=words.times(without))


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if values.size else 0.0


def typical(own: Own, look: Look, ratio: float) -> str:
    """Say how the reactions to posts changed: by medians, and by means where these differ."""
    early, late = (own.answers[side] for side in sides(own, look))
    before, after = float(np.median(early)), float(np.median(late))
    if before == after:
        told = phrase("typical.times", times=words.times(ratio))
    else:
        told = phrase("typical.half", after=significant(after), before=significant(before))
    means = float(early.mean()), float(late.mean())
    if min(means) > 0:
        apart = means[1] / means[0] / ratio
        if max(apart, 1 / apart) >= APART:
            mean = {"after": significant(means[1]), "before": significant(means[0])}
            told += " " + phrase("typical.mean", **mean)
    return told


def unseen(looks: list[Look], budget: Budget) -> str:
    """Say which change would have been seen; ``""`` where there is too little to tell."""
    seen: dict[str, str] = {}
    for name in NAMES:
        every = [look.visible(budget) for look in looks if look.name == name]
        if known := [times for times in every if times is not None]:
            seen[name] = words.times(min(known))
    if len(seen) == 2:
        return phrase("unseen.both", posts=seen["posts"], reactions=seen["answers"])
    return "".join(phrase(f"unseen.{name}", times=times) for name, times in seen.items())


def claim(own: Own, look: Look, ratio: Ratio, when: datetime, **places: Any) -> Claim:
    """Claim that a series changed, by a sentence of its kind, its name and its direction."""
    if look.name == "answers":
        places["how"] = typical(own, look, ratio.value)
    else:
        places["share"] = percent(abs(ratio.value - 1))
    path = f"growth.{look.kind}-{look.name}-{'more' if ratio.value > 1 else 'less'}"
    return said(path, channel=look.channel.label, **places).claim(
        look.id, topic="growth" if look.name == "posts" else "response",
        weight=weight(*ratio, age=own.age(when)), change=True,
        action=Action(kind="evidence", target=look.id, label=phrase("action.posts")),
    )  # fmt: skip
