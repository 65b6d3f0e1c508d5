"""Section 6: what works: one model of all circumstances at once, with false discoveries held."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Claim, Part, chart, plots, table, value
from empreinte.asking.claims import weight
from empreinte.kernels.statistics import counts
from empreinte.kernels.statistics.discoveries import adjusted
from empreinte.language import _, ngettext, number, percent, significant
from empreinte.lenses.influence import words
from empreinte.lenses.influence.comparable import comparable
from empreinte.lenses.influence.factors import Factor, all_factors
from empreinte.lenses.influence.own import Own
from empreinte.report import Action, Chart, Evidence, Measure, Section, Sentence, Table, units

LEAST_POSTS, LEAST_ANSWERS = 100, 50
"""What the model takes at least."""
FEW_POSTS, FEW_ANSWERS = 30, 10
"""A category with fewer posts or answers is shown, and nothing is claimed of it."""
FDR = 0.05
REFERENCES = ("cameron-trivedi-2013", "hilbe-2011", "benjamini-hochberg-1995")


@dataclass(frozen=True)
class Effect:
    """A category of a factor: how many posts, what multiplier, what may be said."""

    factor: Factor
    category: int
    n: int
    mean: float
    value: float
    low: float
    high: float
    q: float
    verdict: str  # "more", "less", "unclear", "few", "alike"

    @property
    def label(self) -> str:
        return self.factor.categories[self.category][0]

    @property
    def certain(self) -> bool:
        return self.verdict in ("more", "less")


def part(own: Own) -> Part:
    """Fit the model and tell, factor by factor, what goes with more answers."""
    which = own.posts.inside & own.settled & ~np.isnan(own.answers)
    answers = own.answers[which]
    factors = list(all_factors(own, which)) if which.any() else []
    enough = len(answers) >= LEAST_POSTS and answers.sum() >= LEAST_ANSWERS and bool(factors)
    if enough:
        channel = own.posts.channel[which]
        factors = [comparable(f, channel, answers, FEW_POSTS, FEW_ANSWERS) for f in factors]
    model = _fit(own, which, answers, factors) if enough else None
    # A model that found no rest has nothing to claim either.
    model = model if model is not None and model.converged else None
    effects = _effects(model, factors) if model else []
    measures = _measures(own, answers, model, factors, effects)
    charts = tuple(_charts(effects))
    section = Section(
        id="works", title=_("What works"),
        intro=_(
            "One model holds all circumstances at once: ×1.4 means 1.4 times the answers of the "
            "average post of the same channel and year, everything else being equal. It tells "
            "what goes together, not what causes what."
        ),
        measures=measures, charts=charts, tables=_table(own, model, factors, effects),
    )  # fmt: skip
    text = quiet = _("No difference is certain.")
    if why := measures[0].values[0].why_missing:
        text, quiet = why, _("There are too few posts, or too much alike, to tell what works.")
    claims = tuple(_claims(effects, {chart.id for chart in charts}))
    return Part(section, claims, Sentence(text=text, about=section.id, quiet=quiet))


def _fit(
    own: Own, which: NDArray[np.bool_], answers: NDArray[np.float64], factors: list[Factor]
) -> counts.Fit:
    years = own.local_s[which].astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64)
    years -= years.min()
    control = own.posts.channel[which] * (int(years.max()) + 1) + years
    codes = np.stack([control.astype(np.int16), *(factor.codes for factor in factors)])
    levels = [int(control.max()) + 1, *(len(factor.categories) for factor in factors)]
    return counts.fit(counts.aggregate(codes, answers), levels)


def _effects(model: counts.Fit, factors: list[Factor]) -> list[Effect]:
    found: list[tuple[Factor, int, int, float, list[float], str]] = []
    for place, factor in enumerate(factors, start=1):
        effects = counts.effects(model, place, LEVEL)
        alone = np.isfinite(effects.multiplier).sum() < 2
        for category, (n, total) in enumerate(factor.members):
            if not n or category in factor.silent:
                continue
            verdict = "unclear"
            if alone or category in factor.apart or math.isnan(effects.multiplier[category]):
                verdict = "alike"
            elif n < FEW_POSTS or total < FEW_ANSWERS:
                verdict = "few"
            values = [float(column[category]) for column in effects]
            found.append((factor, category, n, total / n, values, verdict))
    judged = [entry for entry in found if entry[-1] == "unclear"]
    held = adjusted([entry[4][3] for entry in judged])
    q = {(id(entry[0]), entry[1]): float(rate) for entry, rate in zip(judged, held, strict=True)}
    result = []
    for factor, category, n, mean, (ratio, low, high, _p), verdict in found:
        rate = q.get((id(factor), category), math.nan)
        # The interval is asked as well: what is told must be seen in the chart.
        if rate <= FDR and not low <= 1 <= high:
            verdict = "more" if ratio > 1 else "less"
        if verdict == "alike":
            ratio = low = high = math.nan
        result.append(Effect(factor, category, n, mean, ratio, low, high, rate, verdict))
    return result


def _evidence(own: Own, where: str = "", **parameters: Any) -> Evidence:
    conditions = [f"({own.counted(None)})", own.settled_sql(None)]
    if where:
        conditions.append(f"({where})")
    return own.evidence(None, " and ".join(conditions), **parameters)


def _measures(
    own: Own,
    answers: NDArray[np.float64],
    model: counts.Fit | None,
    factors: list[Factor],
    effects: list[Effect],
) -> tuple[Measure, ...]:
    why = _(
        "{posts} with {answers} are too few, or too much alike, to tell what works; "
        "it takes {least} posts and {some} answers. Import more, or widen the window."
    ).format(
        posts=words.posts(len(answers)),
        answers=units("answer", "answers").counted(float(answers.sum())),
        least=number(LEAST_POSTS),
        some=number(LEAST_ANSWERS),
    )
    judged = sum(effect.verdict in ("more", "less", "unclear") for effect in effects)
    certain = sum(effect.certain for effect in effects) if model else None
    shared: dict[str, Any] = {
        "subject": _("All channels"),
        "n": len(answers),
        "why": why,
        "evidence": _evidence(own),
    }
    return (
        own.measure(
            "works-certain", _("Differences that are certain"), "integer",
            whole=value(
                certain, numerator=certain, denominator=judged if model else None, **shared
            ),
            unit=units("circumstance", "circumstances"), main=True,
            definition=_(
                "Circumstances whose multiplier differs from 1, out of {judged} looked at; of "
                "those told, {fdr} are false on average at most (Benjamini–Hochberg). A category "
                "with fewer than {few} posts or {some} answers is not judged."
            ).format(
                judged=number(judged), fdr=percent(FDR), few=number(FEW_POSTS),
                some=number(FEW_ANSWERS),
            ),
            references=REFERENCES,
        ),
        own.measure(
            "works-dispersion", _("Over-dispersion of answers"), "number",
            whole=value(model.alpha if model else None, **shared),
            definition=_(
                "α of the negative binomial: the variance of a post's answers is μ + α·μ². "
                "0 would be pure chance. Factors: {factors}; channel and year are held."
            ).format(factors=", ".join(factor.title for factor in factors) or "—"),
            references=REFERENCES[:2],
        ),
    )  # fmt: skip


def _charts(effects: list[Effect]) -> list[Chart]:
    groups: dict[str, list[Effect]] = {}
    for effect in effects:
        if effect.verdict != "alike":
            groups.setdefault(effect.factor.chart, []).append(effect)
    titles = {
        "hour": _("Answers by hour"),
        "weekday": _("Answers by day of the week"),
        "kind": _("Answers by kind of post"),
        "attached": _("Answers by what is attached or linked"),
        "length": _("Answers by length"),
        "language": _("Answers by language"),
        "hashtags": _("Answers by hashtags"),
    }
    charts: list[Chart] = []
    for name, group in groups.items():
        shown = [effect for effect in group if effect.verdict != "few"]
        if len(shown) < 2:
            continue
        charts += chart(
            f"influence.all.works-{name}-chart", titles[name],
            words.columns(
                "category value:multiplier low:multiplier high:multiplier n:integer",
                category=_("Circumstance"), value=_("Multiplier"),
            ),
            [
                {
                    "category": effect.label, "value": effect.value, "low": effect.low,
                    "high": effect.high, "n": effect.n, "order": place,
                }
                for place, effect in enumerate(shown)
            ],
            plots.dots(
                "category", _("times the average post's answers"),
                multipliers=[(effect.low, effect.high) for effect in shown],
            ),
            reading=_reading(group),
            definition=_(
                "Multipliers with 90% intervals (robust errors), from the one model. "
                "The dashed line is the average post."
            ),
            references=REFERENCES,
        )  # fmt: skip
    return charts


def _reading(group: list[Effect]) -> str:
    certain = sorted(
        (effect for effect in group if effect.certain), key=lambda e: -abs(math.log(e.value))
    )
    if certain:
        told = ", ".join(
            _("{label} {times} ({interval})").format(
                label=effect.label,
                times=words.times(effect.value),
                interval=words.between(effect.low, effect.high, "times"),
            )
            for effect in certain[:3]
        )
        text = _("Certain: {told}.").format(told=told)
    else:
        text = _("No difference is certain.")
    few = [effect for effect in group if effect.verdict == "few"]
    if few:
        listed = ", ".join(f"{effect.label} ({number(effect.n)})" for effect in few)
        text += " " + _("Too few posts to tell: {listed}.").format(listed=listed)
    return text


def _table(
    own: Own, model: counts.Fit | None, factors: list[Factor], effects: list[Effect]
) -> tuple[Table, ...]:
    if model is None:
        return ()
    verdicts = {
        "more": _("more answers"),
        "less": _("fewer answers"),
        "unclear": _("no certain difference"),
        "few": _("too few posts to tell"),
        "alike": _("cannot be told from the rest"),
    }
    order = {"more": 0, "less": 0, "unclear": 1, "few": 2, "alike": 3}
    ranked = sorted(effects, key=lambda e: (order[e.verdict], -abs(math.log(e.value or 1)))
                    if math.isfinite(e.value) else (order[e.verdict], 0.0))  # fmt: skip
    p = {factor.id: counts.wald(model, place) for place, factor in enumerate(factors, start=1)}
    certain = sum(effect.certain for effect in effects)
    reading = ngettext(
        "{n} difference is certain.", "{n} differences are certain.", certain
    ).format(n=number(certain))
    tests = "; ".join(
        _("{factor}: p = {p}").format(factor=factor.title, p=significant(max(p[factor.id], 1e-6)))
        for factor in factors
    )
    return table(
        "influence.all.works-table", _("Every circumstance looked at"),
        words.columns(
            "factor category n:integer mean:rate value:multiplier low:multiplier high:multiplier"
            " q:percent verdict", value=_("Multiplier"),
        ),
        [
            (effect.factor.title, effect.label, effect.n, effect.mean,
             *map(_finite, (effect.value, effect.low, effect.high, effect.q)),
             verdicts[effect.verdict])
            for effect in ranked
        ],
        reading=reading,
        definition=_("Whether each factor matters as a whole (Wald test): {tests}.").format(
            tests=tests
        ),
        references=REFERENCES,
        evidence=tuple(
            _evidence(own, condition, **parameters)
            for effect in ranked
            for _label, condition, parameters in [effect.factor.categories[effect.category]]
        ),
    )  # fmt: skip


def _finite(found: float) -> float | None:
    return float(found) if math.isfinite(found) else None


def _claims(effects: list[Effect], charts: set[str]) -> list[Claim]:
    claims = []
    for effect in (effect for effect in effects if effect.certain):
        what = f"{effect.factor.title} — {effect.label}"
        if effect.factor.id == "kind" or effect.factor.id.startswith("hashtag-"):
            what = effect.label  # which says what it is by itself
        text = _("What goes with fewer answers: {what}, {times} the average post ({interval}).")
        quiet = _("What goes with fewer answers: {what}.")
        if effect.verdict == "more":
            text = _("What goes with more answers: {what}, {times} the average post ({interval}).")
            quiet = _("What goes with more answers: {what}.")
        chart = f"influence.all.works-{effect.factor.chart}-chart"
        text = text.format(
            what=what, times=words.times(effect.value),
            interval=words.between(effect.low, effect.high, "times"),
        )  # fmt: skip
        claims.append(
            Claim(
                text=text, quiet=quiet.format(what=what),
                about=chart if chart in charts else "influence.all.works-table", topic="works",
                weight=weight(effect.value, effect.low, effect.high),
                action=Action(kind="section", target="works", label=_("See all that was compared")),
            )
        )  # fmt: skip
    return claims
