"""Section 4: what came back: likes, shares, replies, views; rates, h-index, concentration."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from empreinte.kernels.statistics import concentration
from empreinte.language import _, number, percent, significant
from empreinte.lenses.influence import plots, words
from empreinte.lenses.influence.own import COUNTERS, DATED, LEVEL, Own
from empreinte.lenses.influence.parts import (
    Claim,
    Part,
    Rate,
    finite,
    posts_evidence,
    shrunk_rate,
)
from empreinte.report import Chart, Column, Figure, Section, Unit, units

SHRINKAGE = ("efron-morris-1975", "morris-1983", "robbins-1956")
GAP_US = 366 * 86_400_000_000
"""A count of followers stands for posts at most this far from it."""
FEW = 30
"""Below this many posts nothing is claimed."""


def part(own: Own) -> Part:
    """Measure how much each channel's posts were answered."""
    followers = _followers_then(own)
    figures: list[Figure] = []
    rows: list[dict[str, Any]] = []
    claims: list[Claim] = []
    for index, _channel in own.each():
        for name in COUNTERS:
            figures += _counter(own, index, name, followers, rows)
        spread, claim = _spread(own, index)
        figures += spread
        claims += claim
    if len(own.channels) > 1:
        figures = [*_totals(own), *figures]
    return Part(
        Section(
            id="response",
            title=_("Response"),
            intro=_(
                "Counters as your exports give them, the latest reading of each post. "
                "A post whose counter nobody gave counts nowhere: it is not a zero."
            ),
            figures=tuple(figures),
            charts=_chart(rows),
        ),
        tuple(claims),
    )


def _followers_then(own: Own) -> np.ndarray:
    """Give, for each post, the followers at the reading nearest to it; ``nan`` if too far."""
    result = np.full(len(own.posts), np.nan)
    readings = own.tables.sql(
        """
        select channel, epoch_us(observed) as moment, max(value) as value from followers
        where ($channels is null or list_contains($channels, channel)) and value > 0
        group by all order by channel, moment
        """
    )
    keys = np.array(readings["channel"].to_pylist(), dtype=object)
    times = np.array(readings["moment"].to_pylist(), dtype=np.int64)
    values = np.array(readings["value"].to_pylist(), dtype=np.float64)
    for index, channel in own.each():
        mine = keys == channel.key
        if not mine.any():
            continue
        at, value = times[mine], values[mine]
        here = np.flatnonzero((own.posts.channel == index) & own.posts.dated)
        published = own.posts.published_us[here]
        nearest = np.searchsorted((at[1:] + at[:-1]) // 2, published)
        near = np.abs(at[nearest] - published) <= GAP_US
        result[here[near]] = value[nearest[near]]
    return result


def _counter(
    own: Own, index: int, name: str, followers: np.ndarray, rows: list[dict[str, Any]]
) -> list[Figure]:
    """Give what a counter received: in all, per post, per 1,000 followers, per view."""
    channel = own.channels[index]
    values = own.posts.counters[name]
    here = own.of(index) & ~np.isnan(values)
    n = int(here.sum())
    label = words.counter(name)
    total = Figure(
        id=f"influence.{channel.tag}.{name}",
        name=_("Received: {counter}, {channel}").format(counter=label, channel=channel.label),
        value=float(values[here].sum()) if n else None,
        kind="integer",
        unit=words.counted(name),
        n=n,
        why_missing=None if n else _why(own, index, label),
        definition=_("Sum of the latest readings over the posts in the window that have one."),
        evidence=posts_evidence(own, channel, f"r.{name} is not null"),
    )
    if not n:
        return [total]
    ever = np.flatnonzero((own.posts.channel == index) & ~np.isnan(values))
    inside, month = own.posts.inside[ever], _months(own, ever)
    per_post = shrunk_rate(values[ever], np.ones(ever.size), month, inside)
    rows.append(
        {
            "what": f"{channel.label} — {label}",
            "value": per_post.mean,
            "low": per_post.low,
            "high": per_post.high,
            "n": n,
            "order": len(rows),
            "counter": name,
        }
    )
    figures = [total, _per_post(own, index, name, per_post)]
    reach = ever[~np.isnan(followers[ever])]
    if reach.size and own.posts.inside[reach].any():
        rate = shrunk_rate(
            values[reach], followers[reach] / 1_000, _months(own, reach), own.posts.inside[reach]
        )
        figures.append(_per_follower(own, index, name, rate))
    views = own.posts.counters["views"]
    seen = ever[(views[ever] > 0) & (values[ever] <= views[ever])]
    if name != "views" and seen.size and own.posts.inside[seen].any():
        rate = shrunk_rate(
            values[seen],
            views[seen],
            _months(own, seen),
            own.posts.inside[seen],
            "binomial",
        )
        figures.append(_per_view(own, index, name, rate))
    return figures


def _months(own: Own, which: np.ndarray) -> np.ndarray:
    """Group posts by month; those without a date together, before all others."""
    month, dated = own.month[which], own.posts.dated[which]
    first = int(month[dated].min()) if dated.any() else 0
    return np.where(dated, month, first - 1)


def _why(own: Own, index: int, label: str) -> str:
    channel = own.channels[index]
    if not own.of(index).any():
        return _("{channel} published nothing in this window. Choose a wider one.").format(
            channel=channel.label
        )
    return _(
        "No export so far gives this count for the posts of {channel}: {counter}. "
        "If the platform shows it elsewhere (a newer archive, saved answers of its API), "
        "import that too."
    ).format(channel=channel.label, counter=label)


def _shrunk(rate: Rate, per: str) -> str:
    base = _(
        "{formula} estimate with a 90% interval of equal tails. Each month is shrunk towards the "
        "channel's base rate, fitted by marginal likelihood to all its months; counts are first "
        "divided by how much posts of one month differ beyond chance."
    ).format(formula=per)
    raw = _("Raw: {count} over {exposure}, {n} posts.").format(
        count=number(rate.count),
        exposure=number(rate.exposure) if rate.exposure >= 100 else significant(rate.exposure, 3),
        n=number(rate.n),
    )
    if math.isfinite(rate.base):
        raw += " " + _("Base rate of the channel: {base}.").format(base=significant(rate.base, 3))
    return f"{base} {raw}"


def _rate_figure(rate: Rate, **fields: Any) -> Figure:
    return Figure(
        value=finite(rate.mean),
        low=finite(rate.low),
        high=finite(rate.high),
        level=LEVEL,
        numerator=rate.count,
        denominator=rate.exposure,
        n=rate.n,
        references=SHRINKAGE,
        **fields,
    )


def _each(template: str, name: str) -> Unit:
    """Give the unit of a mean: ``likes per post``."""
    counted = words.counted(name)
    return Unit(template.format(counter=counted.one), template.format(counter=counted.many))


def _per_post(own: Own, index: int, name: str, rate: Rate) -> Figure:
    channel = own.channels[index]
    label = words.counter(name)
    return _rate_figure(
        rate,
        id=f"influence.{channel.tag}.{name}-per-post",
        name=_("Per post: {counter}, {channel}").format(counter=label, channel=channel.label),
        kind="rate",
        unit=_each(_("{counter} per post"), name),
        definition=_shrunk(rate, "Gamma–Poisson"),
        evidence=posts_evidence(own, channel, f"r.{name} is not null"),
    )


def _per_follower(own: Own, index: int, name: str, rate: Rate) -> Figure:
    channel = own.channels[index]
    label = words.counter(name)
    return _rate_figure(
        rate,
        id=f"influence.{channel.tag}.{name}-per-1000-followers",
        name=_("Per post and 1,000 followers: {counter}, {channel}").format(
            counter=label, channel=channel.label
        ),
        kind="rate",
        unit=_each(_("{counter} per post and 1,000 followers"), name),
        definition=_(
            "Followers as of the reading nearest to the post, at most a year away; "
            "other posts are left out."
        )
        + " "
        + _shrunk(rate, "Gamma–Poisson"),
        evidence=posts_evidence(
            own,
            channel,
            f"r.{name} is not null and {DATED} and exists (select 1 from followers f where "
            "f.channel = p.channel and f.value > 0 and "
            f"abs(epoch_us(f.observed) - epoch_us(p.published)) <= {GAP_US})",
        ),
    )


def _per_view(own: Own, index: int, name: str, rate: Rate) -> Figure:
    channel = own.channels[index]
    label = words.counter(name)
    share = _("{counter} per view").format(counter=label)
    return _rate_figure(
        rate,
        id=f"influence.{channel.tag}.{name}-per-view",
        name=_("Share of views: {counter}, {channel}").format(counter=label, channel=channel.label),
        kind="percent",
        unit=Unit(share, share),
        definition=_("Over the posts that have both counts, and views.")
        + " "
        + _shrunk(rate, "Beta–Binomial"),
        evidence=posts_evidence(own, channel, f"r.views > 0 and r.{name} <= r.views"),
    )


def _spread(own: Own, index: int) -> tuple[list[Figure], list[Claim]]:
    """Measure the depth (h-index) and the concentration of a channel's answers."""
    channel = own.channels[index]
    answers = own.answers[own.of(index)]
    answers = answers[~np.isnan(answers)]
    n = answers.size
    gini, low, high = concentration.gini(answers, LEVEL)
    share = concentration.top_share(answers)
    evidence = posts_evidence(own, channel, own.counted(index))
    why = None if n else _why(own, index, words.counter("answers"))
    nothing = None
    if n and not math.isfinite(gini):
        nothing = _("No post in this window was answered: there is nothing to share out.")
    answer = _("Answers are likes, shares and replies, as far as the channel counts them.")
    figures = [
        Figure(
            id=f"influence.{channel.tag}.h-index",
            name=_("h-index of posts, {channel}").format(channel=channel.label),
            value=concentration.h_index(answers) if n else None,
            kind="integer",
            unit=units("post", "posts"),
            n=n,
            why_missing=why,
            definition=_("The largest h such that h posts have h answers or more.") + " " + answer,
            references=("hirsch-2005",),
            evidence=evidence,
        ),
        Figure(
            id=f"influence.{channel.tag}.gini",
            name=_("Concentration of answers (Gini), {channel}").format(channel=channel.label),
            value=finite(gini),
            low=finite(low),
            high=finite(high),
            level=LEVEL if math.isfinite(low) else None,
            kind="number",
            n=n,
            why_missing=why or nothing,
            definition=_("0: every post is answered alike. Near 1: one post has all the answers.")
            + " "
            + answer,
            references=("gini-1912", "langel-tille-2013"),
            evidence=evidence,
        ),
        Figure(
            id=f"influence.{channel.tag}.top-share",
            name=_("Share of answers owed to the top 1% of posts, {channel}").format(
                channel=channel.label
            ),
            value=finite(share),
            kind="percent",
            n=n,
            why_missing=why or nothing,
            definition=_("The most answered 1% of posts (at least one), out of all answers.")
            + " "
            + answer,
            references=("gini-1912",),
            evidence=evidence,
        ),
    ]
    size = max(1, math.ceil(n * 0.01 - 1e-9))
    claims = []
    if n >= 100 and math.isfinite(share) and share < 1:
        # Counts that fall off exponentially give their top 1 % a share of 0.01 (1 + ln 100); that
        # surprises nobody. The bound is what the share would be without the very first post.
        usual = size / n * (1 + math.log(n / size))
        without = concentration.top_share(np.sort(answers)[:-1])
        claims.append(
            Claim(
                _("On {channel}, 1% of your posts gather {share} of all answers.").format(
                    channel=channel.label, share=percent(share)
                ),
                _("On {channel}, a few posts gather much of the answers.").format(
                    channel=channel.label
                ),
                f"influence.{channel.tag}.top-share",
                "concentration",
                share / usual,
                without / usual,
                share / usual,
                full=100,
            )
        )
    return figures, claims


def _totals(own: Own) -> list[Figure]:
    result = []
    for name in COUNTERS:
        values = own.posts.counters[name]
        here = own.posts.inside & ~np.isnan(values)
        n = int(here.sum())
        label = words.counter(name)
        result.append(
            Figure(
                id=f"influence.all.{name}",
                name=_("Received: {counter}, all channels").format(counter=label),
                value=float(values[here].sum()) if n else None,
                kind="integer",
                unit=words.counted(name),
                n=n,
                why_missing=None
                if n
                else _(
                    "No export so far gives this count: {counter}. "
                    "Import one that does, if a platform gives it."
                ).format(counter=label),
                definition=_("Sum over the channels that count them; the others add nothing."),
                evidence=posts_evidence(own, None, f"r.{name} is not null"),
            )
        )
    return result


def _chart(rows: list[dict[str, Any]]) -> tuple[Chart, ...]:
    rows = [row for row in rows if row["counter"] != "views" and math.isfinite(row["value"])]
    if not rows:
        return ()
    best = max(rows, key=lambda row: row["value"])
    return (
        Chart(
            id="influence.all.response-chart",
            title=_("Answers per post, channel by channel"),
            reading=_("The highest: {what}, {value} per post ({interval}, 90% interval).").format(
                what=best["what"],
                value=significant(best["value"]),
                interval=words.between(best["low"], best["high"]),
            ),
            spec=plots.dots("what", _("per post")),
            columns=(
                Column(key="what", label=_("Channel and counter")),
                Column(key="value", label=_("Per post"), kind="rate"),
                Column(key="low", label=_("Low"), kind="rate"),
                Column(key="high", label=_("High"), kind="rate"),
                Column(key="n", label=_("Posts"), kind="integer"),
            ),
            rows=tuple(rows),
            definition=_(
                "Rates shrunk towards each channel's own base rate, with their 90% intervals."
            ),
            references=SHRINKAGE,
        ),
    )
