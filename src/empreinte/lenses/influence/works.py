"""Section 6: what works: one model of all circumstances at once."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Budget, Candidate, Claim, Part, Said, plots, value
from empreinte.asking.claims import weight
from empreinte.kernels.statistics import counts
from empreinte.kernels.statistics.comparable import comparable
from empreinte.kernels.statistics.contrasts import contrasts, day_variance, normal_scores
from empreinte.language import number, significant
from empreinte.lenses.influence import words
from empreinte.lenses.influence.factors import Factor, all_factors
from empreinte.lenses.influence.own import Own
from empreinte.lenses.influence.words import drawn, listed, names, phrase, said, section
from empreinte.report import Action, Chart, Evidence, Measure, Table

LEAST_POSTS, LEAST_ANSWERS = 100, 50
"""What the model takes at least."""
FEW_POSTS, FEW_ANSWERS = 30, 10
"""A category with fewer posts or answers is shown, and nothing is claimed of it."""
A_QUARTER = 20
"""Posts that a quarter of a year and channel holds on average, for these to be held."""


@dataclass(frozen=True)
class Effect:
    """A category of a factor: how many posts, what multiplier, what may be said.

    Attributes
    ----------
    p : float
        Of the category's ranks, see `kernels.statistics.contrasts`; ``nan`` where it is not judged.
    key : str
        Of the candidate; two sides of one factor are one.
    verdict : str
        Where it is not judged: "few" or "alike".
    """

    factor: Factor
    category: int
    n: int
    mean: float
    value: float
    low: float
    high: float
    p: float
    key: str
    verdict: str = ""

    @property
    def label(self) -> str:
        return self.factor.categories[self.category][0]

    @property
    def told(self) -> dict[str, str]:
        """Its multiplier and interval, in words."""
        between = words.between(self.low, self.high, "times")
        return {"times": words.times(self.value), "interval": between}

    def said(self, budget: Budget) -> str:
        """Give "more", "less" or "unclear", or why it is not judged."""
        if self.verdict or not budget.tells(self.key):
            return self.verdict or "unclear"
        return "more" if self.value > 1 else "less"


@dataclass(frozen=True)
class Works:
    """The model with its effects, or the reason why there is none.

    Attributes
    ----------
    n, total : int, float
        Posts compared, and their answers.
    """

    n: int
    total: float
    factors: list[Factor]
    effects: list[Effect]
    model: counts.Fit | None
    why: str = ""


def compared(own: Own) -> Works:
    """Fit the model and test every category."""
    which = own.posts.inside & own.settled & ~np.isnan(own.answers)
    answers = own.answers[which]
    factors = list(all_factors(own, which)) if which.any() else []
    total = float(answers.sum())
    if why := _too_little(len(answers), total, factors):
        return Works(len(answers), total, factors, [], None, why)
    channel = own.posts.channel[which]
    factors = [
        factor.among(
            comparable(
                factor.codes, len(factor.categories), channel, answers, FEW_POSTS, FEW_ANSWERS
            )
        )
        for factor in factors
    ]
    codes, levels = _coded(own, which, factors, _year)
    model = counts.fit(counts.aggregate(codes, answers), levels)
    if not model.converged:
        why = phrase("works.unsettled")
        return Works(len(answers), total, factors, [], None, why)
    effects = _effects(own, which, model, codes, factors)
    return Works(len(answers), total, factors, effects, model)


def candidates(works: Works) -> Iterator[Candidate]:
    """Give what a report may tell; two sides of one factor once."""
    judged = {effect.key: effect.p for effect in works.effects if not effect.verdict}
    for key, p in judged.items():
        yield Candidate(key, "works", p)


def part(own: Own, works: Works, budget: Budget) -> Part:
    """Tell, factor by factor, what goes with more reactions."""
    charts = _charts(works.effects, budget)
    shown = section(
        "works", measures=_measures(own, works, budget), charts=charts,
        tables=_table(own, works, budget),
    )  # fmt: skip
    told = said("works.unclear")
    if seen := _visible(works, budget):
        told = told._replace(text=f"{told.text} {phrase('works.unseen', times=words.times(seen))}")
    if works.why:
        told = Said(works.why, phrase("works.untold"))
    claims = tuple(_claims(works.effects, {chart.id for chart in charts}, budget))
    return Part(shown, claims, told.sentence("works"), empty=not own.of(None).any())


def _visible(works: Works, budget: Budget) -> float | None:
    """Give the multiplier that would have been seen four times in five, at the median."""
    judged = [effect for effect in works.effects if not effect.verdict]
    if not judged:
        return None
    normal = NormalDist()
    found = []
    for effect in judged:
        error = math.log(effect.high / effect.low) / 2 / normal.inv_cdf((1 + LEVEL) / 2)
        reach = normal.inv_cdf(1 - budget.share(effect.key) / 2) + normal.inv_cdf(0.8)
        found.append(math.exp(min(reach * error, 50.0)))
    return float(np.median(found))


def _too_little(n: int, total: float, factors: list[Factor]) -> str:
    """Say why nothing can be compared; ``""`` where it can."""
    if n < LEAST_POSTS:
        path = "works.few-posts"
    elif total < LEAST_ANSWERS:
        path = "works.few-answers"
    elif not factors:
        path = "works.alike"
    else:
        return ""
    answers = words.counted("answers").counted(total)
    return phrase(
        path, posts=words.posts(n), answers=answers, least=LEAST_POSTS, some=LEAST_ANSWERS
    )  # fmt: skip


def _year(own: Own, which: NDArray[np.bool_]) -> NDArray[np.int64]:
    return own.local_s[which].astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64)


def _quarter(own: Own, which: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Number quarters of a year, or years where there are too few posts for that."""
    quarters = own.month[which] // 3
    enough = len(np.unique(quarters)) * len(own.channels) * A_QUARTER <= quarters.size
    return quarters if enough else _year(own, which)


def _coded(
    own: Own,
    which: NDArray[np.bool_],
    factors: list[Factor],
    time: Callable[[Own, NDArray[np.bool_]], NDArray[np.int64]],
) -> tuple[NDArray[np.int16], list[int]]:
    """Give the categories of each post, the first of channel and time, which are held."""
    spans = time(own, which)
    control = own.posts.channel[which] * (int(np.ptp(spans)) + 1) + spans - spans.min()
    held, place = np.unique(control, return_inverse=True)
    codes = np.stack([place.astype(np.int16), *(factor.codes for factor in factors)])
    return codes, [held.size, *(len(factor.categories) for factor in factors)]


def _effects(
    own: Own,
    which: NDArray[np.bool_],
    model: counts.Fit,
    codes: NDArray[np.int16],
    factors: list[Factor],
) -> list[Effect]:
    answers, day = own.answers[which], own.day[which]
    places = range(1, len(factors) + 1)
    floors = day_variance(codes, model, answers, day, places)
    held, levels = _coded(own, which, factors, _quarter)
    scores = normal_scores(answers, own.posts.channel[which])
    tested = contrasts(held, levels, scores, day, places)
    result: list[Effect] = []
    for place, factor, floor, test in zip(places, factors, floors, tested, strict=True):
        found = counts.effects(model, place, LEVEL, floor)
        alone = np.isfinite(found.multiplier).sum() < 2
        members = [c for c, (n, _total) in enumerate(factor.members) if n]
        for category, (n, total) in enumerate(factor.members):
            if not n or category in factor.silent:
                continue
            verdict, p = "", float(test.p[category])
            ratio, low, high, _p = (float(column[category]) for column in found)
            if alone or category in factor.apart or not math.isfinite(ratio + p):
                verdict, ratio, low, high = "alike", math.nan, math.nan, math.nan
            elif n < FEW_POSTS or total < FEW_ANSWERS:
                verdict = "few"
            elif low <= 1 <= high or (ratio > 1) != (test.effect[category] > 0):
                # What is told must be seen in the chart, and so must the side it is on.
                p = 1.0
            key = f"works-{factor.id}" + (f"-{category}" if len(members) > 2 else "")
            p = math.nan if verdict else p
            result.append(Effect(factor, category, n, total / n, ratio, low, high, p, key, verdict))
    return result


def _evidence(own: Own, where: str = "", **parameters: Any) -> Evidence:
    conditions = [f"({own.counted(None)})", own.settled_sql(None)]
    if where:
        conditions.append(f"({where})")
    return own.evidence(None, " and ".join(conditions), **parameters)


def _measures(own: Own, works: Works, budget: Budget) -> tuple[Measure, ...]:
    model = works.model
    judged = {effect.key for effect in works.effects if not effect.verdict}
    certain = sum(budget.tells(key) for key in judged) if model else None
    shared: dict[str, Any] = {"n": works.n, "why": works.why, "evidence": _evidence(own)}
    of = len(judged) if model else None
    return (
        own.measure(
            "works-certain", whole=value(certain, numerator=certain, denominator=of, **shared),
            judged=len(judged), few=FEW_POSTS, some=FEW_ANSWERS,
        ),
        own.measure(
            "works-dispersion", whole=value(model.alpha if model else None, **shared),
            factors=", ".join(factor.title for factor in works.factors) or "—",
        ),
    )  # fmt: skip


def _charts(effects: list[Effect], budget: Budget) -> tuple[Chart, ...]:
    groups: dict[str, list[Effect]] = {}
    for effect in effects:
        if effect.verdict != "alike":
            groups.setdefault(effect.factor.chart, []).append(effect)
    titles, charts = names("works.chart"), list[Chart]()
    for name, group in groups.items():
        shown = [effect for effect in group if effect.verdict != "few"]
        if len(shown) < 2:
            continue
        rows = [
            {
                "category": effect.label, "value": effect.value, "low": effect.low,
                "high": effect.high, "n": effect.n, "order": place,
            }
            for place, effect in enumerate(shown)
        ]  # fmt: skip
        ranges = [(effect.low, effect.high) for effect in shown]
        spec = plots.dots("category", phrase("works.axis"), multipliers=ranges)
        charts += drawn(
            "works-chart", rows, spec, id=f"works-{name}-chart", title=titles[name],
            reading=_reading(group, budget),
        )  # fmt: skip
    return tuple(charts)


def _reading(group: list[Effect], budget: Budget) -> str:
    clear = sorted(
        (effect for effect in group if effect.said(budget) in ("more", "less")),
        key=lambda e: -abs(math.log(e.value)),
    )
    told = ", ".join(phrase("works.one", label=effect.label, **effect.told) for effect in clear[:3])
    text = phrase("works.clear", told=told) if clear else phrase("works.unclear")
    few = [effect for effect in group if effect.verdict == "few"]
    if few:
        listed = ", ".join(f"{effect.label} ({number(effect.n)})" for effect in few)
        text += " " + phrase("works.few", listed=listed)
    return text


ORDER = {"more": 0, "less": 0, "unclear": 1, "few": 2, "alike": 3}
"""Verdicts in the order of the table."""


def _table(own: Own, works: Works, budget: Budget) -> tuple[Table, ...]:
    model = works.model
    if model is None:
        return ()
    ranked = sorted(
        works.effects,
        key=lambda e: (
            ORDER[e.said(budget)],
            -abs(math.log(e.value or 1)) if math.isfinite(e.value) else 0.0,
        ),
    )
    certain = len({effect.key for effect in ranked if effect.said(budget) in ("more", "less")})
    tests = phrase("works.and").join(
        phrase("works.test", factor=title, p=significant(max(counts.wald(model, place), 1e-6)))
        for place, title in enumerate((factor.title for factor in works.factors), start=1)
    )
    verdicts = names("verdict")
    rows = [
        (effect.factor.title, effect.label, effect.n, effect.mean,
         effect.value, effect.low, effect.high, effect.p,
         verdicts[effect.said(budget)])
        for effect in ranked
    ]  # fmt: skip
    evidence = tuple(
        _evidence(own, condition, **parameters)
        for effect in ranked
        for _label, condition, parameters in [effect.factor.categories[effect.category]]
    )
    return listed("works-table", rows, places={"n": certain, "tests": tests}, evidence=evidence)


def _claims(effects: list[Effect], charts: set[str], budget: Budget) -> Iterator[Claim]:
    for effect in (effect for effect in effects if effect.said(budget) in ("more", "less")):
        what = f"{effect.factor.title} — {effect.label}"
        if effect.factor.id == "kind" or effect.factor.id.startswith("hashtag-"):
            what = effect.label  # which says what it is by itself
        chart = f"influence.all.works-{effect.factor.chart}-chart"
        told = said("works.more" if effect.value > 1 else "works.less", what=what, **effect.told)
        yield told.claim(
            chart if chart in charts else "influence.all.works-table", topic="works",
            weight=weight(effect.value, effect.low, effect.high),
            action=Action(kind="section", target="works", label=phrase("action.compared")),
        )  # fmt: skip
