"""Section 4: what came back: likes, shares, replies, views; rates, h-index, concentration."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Channel, Claim, Part, Said, plots, value
from empreinte.asking.claims import weight
from empreinte.asking.day_numbers import microseconds
from empreinte.kernels.statistics import tails
from empreinte.kernels.statistics.concentration import gini, h_index, top_share
from empreinte.kernels.statistics.shrunk_rates import Rate, shrunk_rate
from empreinte.language import number, percent, significant
from empreinte.lenses.influence import words
from empreinte.lenses.influence.own import COUNTERS, DATED, Own
from empreinte.lenses.influence.words import drawn, phrase, said, section
from empreinte.report import Action, Chart, Measure, Unit, Value

GAP_US = 366 * 86_400_000_000
"""A count of followers stands for posts at most this far from it."""

Rates = dict[tuple[Channel, str, str], Rate]
"""By channel, counter, and what it is divided by: ``post``, ``1000-followers``, ``view``."""


def part(own: Own) -> Part:
    """Measure how much each channel's posts were answered."""
    followers = _followers_then(own)
    rates: Rates = {}
    for channel in own.channels:
        for name in COUNTERS:
            rates |= _rates(own, channel, name, followers)
    charts = _chart(rates)
    told = said("response.nothing")
    if charts:
        best = max(charts[0].rows, key=lambda row: row["value"])
        told = Said(charts[0].reading, phrase("response.highest", what=best["what"]))
    measures = (*(m for name in COUNTERS for m in _counter(own, name, rates)), *_spread(own))
    claims = (claim for channel in own.channels for claim in _claims(own, channel))
    return Part(
        section("response", measures=measures, charts=charts), tuple(claims),
        told.sentence("response"),
    )  # fmt: skip


def _followers_then(own: Own) -> NDArray[np.float64]:
    """Give, for each post, the followers at the reading nearest to it; ``nan`` if too far."""
    result = np.full(len(own.posts), np.nan)
    for channel in own.channels:
        greatest: dict[int, float] = {}  # of two readings of one moment, the earliest first
        for row in own.followers.get(channel.key, []):
            if row["value"] > 0:
                at_us = microseconds(row["observed"])
                greatest[at_us] = max(row["value"], greatest.get(at_us, 0.0))
        if not greatest:
            continue
        at, value = np.array(list(greatest)), np.array(list(greatest.values()))
        here = np.flatnonzero(own.every(channel) & own.posts.dated)
        published = own.posts.published_us[here]
        nearest = np.searchsorted((at[1:] + at[:-1]) // 2, published)
        near = np.abs(at[nearest] - published) <= GAP_US
        result[here[near]] = value[nearest[near]]
    return result


def _rates(own: Own, channel: Channel, name: str, followers: NDArray[np.float64]) -> Rates:
    """Divide what a counter received by posts, by 1,000 followers and by views."""
    values, views = own.posts.counters[name], own.posts.counters["views"]
    ever = own.every(channel) & ~np.isnan(values)
    if not (ever & own.posts.inside).any():
        return {}
    divided = {
        "post": (ever, np.ones(len(values)), "poisson"),
        "1000-followers": (ever & ~np.isnan(followers), followers / 1_000, "poisson"),
    }
    if name != "views":
        divided["view"] = (ever & (views > 0) & (values <= views), views, "binomial")
    found: Rates = {}
    for per, (which, size, family) in divided.items():
        inside = own.posts.inside[which]
        if inside.any():
            found[channel, name, per] = shrunk_rate(
                values[which], size[which], _months(own, which), inside, family, level=LEVEL
            )
    return found


def _months(own: Own, which: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Group posts by month; those without a date together, before all others."""
    month, dated = own.month[which], own.posts.dated[which]
    first = int(month[dated].min()) if dated.any() else 0
    return np.where(dated, month, first - 1)


def _counter(own: Own, name: str, rates: Rates) -> list[Measure]:
    """Give what a counter received: in all, per post, per 1,000 followers, per view."""
    counter, counted = words.counter(name), words.counted(name)
    whole = _received(own, name, None) if len(own.channels) > 1 else None
    made = [
        own.measure(
            "received", partial(_received, own, name), whole, id=name, counter=counter,
            fields={"unit": counted},
        )
    ]  # fmt: skip
    told = f"r.{name} is not null"
    followed = (
        f"{told} and {DATED} and exists (select 1 from followers f where f.channel = p.channel"
        f" and f.value > 0 and abs(epoch_us(f.observed) - epoch_us(p.published)) <= {GAP_US})"
    )
    viewed = f"r.views > 0 and r.{name} <= r.views"
    poisson, binomial = (
        phrase("response.shrunk", formula=one) for one in ("Gamma–Poisson", "Beta–Binomial")
    )
    ways = (
        ("post", told, poisson),
        ("1000-followers", followed, poisson),
        ("view", viewed, binomial),
    )
    for per, where, shrunk in ways:
        unit = Unit(*(
            phrase(f"response.per-{per}", counter=one) for one in (counted.one, counted.many)
        ))  # fmt: skip
        made.append(
            own.measure(
                f"per-{per}", partial(_rate, own, name, per, where, rates), id=f"{name}-per-{per}",
                counter=counter, fields={"unit": unit}, also=shrunk,
            )
        )  # fmt: skip
    return made


def _received(own: Own, name: str, channel: Channel | None) -> Value:
    values = own.posts.counters[name]
    here = own.of(channel) & ~np.isnan(values)
    n, note = int(here.sum()), ""
    if channel:
        why = _why(own, channel, words.counter(name))
    else:
        why = phrase("response.untold", counter=words.counter(name))
        note = phrase("response.sum")
    return value(
        float(values[here].sum()) if n else None, n=n, why=why, note=note,
        evidence=own.evidence(channel, f"r.{name} is not null"),
    )  # fmt: skip


def _why(own: Own, channel: Channel, label: str) -> str:
    path = "response.why-no-count" if own.of(channel).any() else "response.why-no-post"
    return phrase(path, channel=channel.label, counter=label)


def _rate(
    own: Own, name: str, per: str, where: str, rates: Rates, channel: Channel
) -> Value | None:
    rate = rates.get((channel, name, per))
    if rate is None:
        return None
    exposure = number(rate.exposure) if rate.exposure >= 100 else significant(rate.exposure, 3)
    note = phrase("response.raw", count=rate.count, exposure=exposure, n=rate.n)
    if math.isfinite(rate.base):
        note += " " + phrase("response.base", base=significant(rate.base, 3))
    if per == "post":
        median = significant(_median(own, name, channel))
        note += " " + phrase("response.median", median=median)
    if not math.isfinite(rate.low):
        note += " " + _unbounded(int(own.every(channel).sum()))
    return value(
        rate.mean, rate.low, rate.high, numerator=rate.count, denominator=rate.exposure, n=rate.n,
        note=note, evidence=own.evidence(channel, where),
    )  # fmt: skip


def _median(own: Own, name: str, channel: Channel) -> float:
    values = own.posts.counters[name][own.of(channel)]
    return float(np.median(values[~np.isnan(values)]))


def _unbounded(n: int) -> str:
    """Say why a mean has no interval."""
    if n < tails.LEAST:
        return phrase("response.few", n=tails.LEAST)
    return phrase("response.heavy")


def _answers(own: Own, channel: Channel) -> NDArray[np.float64]:
    answers = own.answers[own.of(channel)]
    return answers[~np.isnan(answers)]


def _spread(own: Own) -> tuple[Measure, ...]:
    """Measure the depth (h-index) and the concentration of each channel's answers."""

    def made(measure: Callable[[NDArray[np.float64]], float], channel: Channel) -> Value:
        answers = _answers(own, channel)
        why = phrase("response.none")
        if not answers.size:
            why = _why(own, channel, words.counter("answers"))
        return value(
            measure(answers) if answers.size else math.nan, n=answers.size, why=why,
            evidence=own.evidence(channel, own.counted(channel)),
        )  # fmt: skip

    ways = {"h-index": h_index, "gini": gini, "top-share": top_share}
    reactions = phrase("response.reactions")
    return tuple(own.measure(id, partial(made, way), also=reactions) for id, way in ways.items())


def _claims(own: Own, channel: Channel) -> Iterator[Claim]:
    answers = _answers(own, channel)
    n, share = answers.size, top_share(answers)
    if n < 100 or not math.isfinite(share) or share >= 1:
        return
    # Counts that fall off exponentially give their top 1 % a share of 0.01 (1 + ln 100); that
    # surprises nobody. The bound is what the share would be without the very first post.
    size = max(1, math.ceil(n * 0.01 - 1e-9))
    usual = size / n * (1 + math.log(n / size))
    without = top_share(np.sort(answers)[:-1])
    told = said("response.concentrated", channel=channel.label, share=percent(share))
    top = Action(kind="section", target="top", label=phrase("action.top"))
    yield told.claim(
        f"influence.{channel.tag}.top-share", topic="concentration", action=top,
        weight=weight(share / usual, without / usual, share / usual, full=100),
    )  # fmt: skip


def _chart(rates: Rates) -> tuple[Chart, ...]:
    per_post = [(key, rate) for key, rate in rates.items() if key[2] == "post"]
    rows = [
        {
            "what": f"{channel.label} — {words.counter(name)}", "counter": name, "order": order,
            "value": rate.mean, "n": rate.n, "low": rate.low, "high": rate.high,
        }
        for order, ((channel, name, _per), rate) in enumerate(per_post)
        if name != "views" and math.isfinite(rate.mean)
    ]  # fmt: skip
    if not rows:
        return ()
    best = max(rows, key=lambda row: row["value"])
    places = {"what": best["what"], "value": significant(best["value"])}
    reading = phrase("response.best", **places)
    if math.isfinite(best["low"]):
        interval = words.between(best["low"], best["high"])
        reading = phrase("response.best-between", interval=interval, **places)
    spec = plots.dots("what", phrase("per-post"))
    return drawn("response-chart", rows, spec, reading=reading)
