"""Section 4: what came back: likes, shares, replies, views; rates, h-index, concentration."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import LEVEL, Channel, Claim, Part, chart, plots, value
from empreinte.asking.claims import weight
from empreinte.kernels.statistics import concentration, tails
from empreinte.language import _, number, percent, significant
from empreinte.lenses.influence import words
from empreinte.lenses.influence.own import COUNTERS, DATED, Own
from empreinte.lenses.influence.rates import Rate, shrunk_rate
from empreinte.report import Action, Chart, Kind, Measure, Section, Sentence, Unit, Value, units

SHRINKAGE = ("efron-morris-1975", "morris-1983", "robbins-1956")
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
    drawn = _chart(rates)
    text = quiet = _("No archive so far tells which reactions your posts had.")
    if drawn:
        text = drawn[0].reading
        best = max(drawn[0].rows, key=lambda row: row["value"])
        quiet = _("The highest per post: {what}.").format(what=best["what"])
    section = Section(
        id="response", title=_("Reactions"),
        intro=_(
            "Counts as your archives give them, the latest of each post. A post with no count "
            "given is left out: it is not a zero."
        ),
        measures=(*(m for name in COUNTERS for m in _counter(own, name, rates)), *_spread(own)),
        charts=drawn,
    )  # fmt: skip
    claims = (claim for channel in own.channels for claim in _claims(own, channel))
    return Part(section, tuple(claims), Sentence(text=text, about="response", quiet=quiet))


def _followers_then(own: Own) -> NDArray[np.float64]:
    """Give, for each post, the followers at the reading nearest to it; ``nan`` if too far."""
    result = np.full(len(own.posts), np.nan)
    readings = own.by_channel(
        """
        select channel, epoch_us(observed) as moment, max(value) as value from followers
        where in_channels(channel) and value > 0
        group by all order by channel, moment
        """
    )
    for channel in own.channels:
        if channel.key not in readings:
            continue
        at, value = (
            np.array([row[name] for row in readings[channel.key]]) for name in ("moment", "value")
        )
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
    return {
        (channel, name, per): shrunk_rate(
            values[which], size[which], _months(own, which), own.posts.inside[which], family
        )
        for per, (which, size, family) in divided.items()
        if (which & own.posts.inside).any()
    }


def _months(own: Own, which: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Group posts by month; those without a date together, before all others."""
    month, dated = own.month[which], own.posts.dated[which]
    first = int(month[dated].min()) if dated.any() else 0
    return np.where(dated, month, first - 1)


def _counter(own: Own, name: str, rates: Rates) -> list[Measure]:
    """Give what a counter received: in all, per post, per 1,000 followers, per view."""
    counter, counted = words.counter(name), words.counted(name)
    several = len(own.channels) > 1
    received = own.measure(
        name, _("Received: {counter}").format(counter=counter), "integer",
        partial(_received, own, name), _received(own, name, None) if several else None,
        unit=counted,
        definition=_("Sum of the latest counts over the posts in the period that have one."),
    )  # fmt: skip
    shrunk = _(
        "{formula} estimate with a 90% range of equal tails. Each month is adjusted to the "
        "account’s usual rate, fitted by marginal likelihood to all its months; counts are first "
        "divided by how much posts of one month differ beyond chance."
    )
    poisson, binomial = (shrunk.format(formula=f) for f in ("Gamma–Poisson", "Beta–Binomial"))
    near = _(
        "Followers by the count nearest to the post, at most a year away; other posts are left out."
    )
    both = _("Over the posts that have both counts, and views.")
    told = f"r.{name} is not null"
    followed = (
        f"{told} and {DATED} and exists (select 1 from followers f where f.channel = p.channel"
        f" and f.value > 0 and abs(epoch_us(f.observed) - epoch_us(p.published)) <= {GAP_US})"
    )
    viewed = f"r.views > 0 and r.{name} <= r.views"
    made = [received]
    ways: tuple[tuple[str, str, str, Kind, str, str], ...] = (
        ("post", _("Per post: {counter}"), _("{counter} per post"), "rate", poisson, told),
        ("1000-followers", _("Per post and 1,000 followers: {counter}"),
         _("{counter} per post and 1,000 followers"), "rate", f"{near} {poisson}", followed),
        ("view", _("Share of views: {counter}"), _("{counter} per view"), "percent",
         f"{both} {binomial}", viewed),
    )  # fmt: skip
    for per, title, unit, kind, definition, where in ways:
        made.append(
            own.measure(
                f"{name}-per-{per}", title.format(counter=counter), kind,
                partial(_rate, own, name, per, where, rates),
                unit=Unit(unit.format(counter=counted.one), unit.format(counter=counted.many)),
                main=per == "post", definition=definition, references=SHRINKAGE,
            )
        )  # fmt: skip
    return made


def _received(own: Own, name: str, channel: Channel | None) -> Value:
    values = own.posts.counters[name]
    here = own.of(channel) & ~np.isnan(values)
    n = int(here.sum())
    if channel:
        why, note = _why(own, channel, words.counter(name)), ""
    else:
        why = _(
            "No archive so far gives this count: {counter}. Import one that does, if a "
            "platform gives it."
        ).format(counter=words.counter(name))
        note = _("Sum over the accounts that count them; the others add nothing.")
    return value(
        float(values[here].sum()) if n else None, subject=_("All accounts"), n=n, why=why,
        note=note, evidence=own.evidence(channel, f"r.{name} is not null"),
    )  # fmt: skip


def _why(own: Own, channel: Channel, label: str) -> str:
    if not own.of(channel).any():
        return _("{channel} published nothing in this period. Choose a wider one.").format(
            channel=channel.label
        )
    return _(
        "No archive of {channel} gives this count yet: {counter}. A newer archive or saved "
        "API answers may have it: import them too."
    ).format(channel=channel.label, counter=label)


def _rate(
    own: Own, name: str, per: str, where: str, rates: Rates, channel: Channel
) -> Value | None:
    rate = rates.get((channel, name, per))
    if rate is None:
        return None
    note = _("Raw: {count} over {exposure}; posts: {n}.").format(
        count=number(rate.count),
        exposure=number(rate.exposure) if rate.exposure >= 100 else significant(rate.exposure, 3),
        n=number(rate.n),
    )
    if math.isfinite(rate.base):
        note += " " + _("Usual rate of the account: {base}.").format(base=significant(rate.base, 3))
    if per == "post":
        note += " " + _("Median: {median}.").format(median=significant(_median(own, name, channel)))
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
        return _("No range: fewer than {n} posts.").format(n=number(tails.LEAST))
    return _(
        "No range: a few posts weigh so much that one more like them would change the mean; the "
        "median does not move so."
    )


def _answers(own: Own, channel: Channel) -> NDArray[np.float64]:
    answers = own.answers[own.of(channel)]
    return answers[~np.isnan(answers)]


def _spread(own: Own) -> tuple[Measure, ...]:
    """Measure the depth (h-index) and the concentration of each channel's answers."""
    h = _("The largest h such that h posts have h reactions or more.")
    gini = _("0: every post has as many reactions. Near 1: one post has them all.")
    share = _("The 1% of posts with the most reactions (at least one), out of all reactions.")
    answer = _("Reactions are likes, shares and replies, as far as the account counts them.")

    def made(
        measure: Callable[[NDArray[np.float64]], tuple[float, ...]], channel: Channel
    ) -> Value:
        answers = _answers(own, channel)
        found = measure(answers) if answers.size else (math.nan,)
        note = ""
        if len(found) > 1 and math.isfinite(found[0]) and not tails.bounded(answers):
            found, note = found[:1], _unbounded(answers.size)
        why = _("No post in this period got a reaction.")
        if not answers.size:
            why = _why(own, channel, words.counter("answers"))
        return value(
            *found, n=answers.size, why=why, note=note,
            evidence=own.evidence(channel, own.counted(channel)),
        )  # fmt: skip

    return (
        own.measure(
            "h-index", _("h-index of posts"), "integer",
            partial(made, lambda answers: (concentration.h_index(answers),)),
            unit=units("post", "posts"),
            definition=f"{h} {answer}",
            references=("hirsch-2005",),
        ),
        own.measure(
            "gini", _("How uneven reactions are (Gini)"), "number",
            partial(made, lambda answers: concentration.gini(answers, LEVEL)),
            definition=f"{gini} {answer}", references=("gini-1912", "langel-tille-2013"),
        ),
        own.measure(
            "top-share", _("Share of reactions that the top 1% of posts have"), "percent",
            partial(made, lambda answers: (concentration.top_share(answers),)),
            definition=f"{share} {answer}", references=("gini-1912",),
        ),
    )  # fmt: skip


def _claims(own: Own, channel: Channel) -> Iterator[Claim]:
    answers = _answers(own, channel)
    n, share = answers.size, concentration.top_share(answers)
    if n < 100 or not math.isfinite(share) or share >= 1:
        return
    # Counts that fall off exponentially give their top 1 % a share of 0.01 (1 + ln 100); that
    # surprises nobody. The bound is what the share would be without the very first post.
    size = max(1, math.ceil(n * 0.01 - 1e-9))
    usual = size / n * (1 + math.log(n / size))
    without = concentration.top_share(np.sort(answers)[:-1])
    text = _("On {channel}, 1% of your posts get {share} of all reactions.")
    quiet = _("On {channel}, a few posts get many of the reactions.")
    yield Claim(
        text=text.format(channel=channel.label, share=percent(share)),
        quiet=quiet.format(channel=channel.label),
        about=f"influence.{channel.tag}.top-share",
        topic="concentration",
        weight=weight(share / usual, without / usual, share / usual, full=100),
        action=Action(kind="section", target="top", label=_("The posts with the most reactions")),
    )


def _chart(rates: Rates) -> tuple[Chart, ...]:
    per_post = [(key, rate) for key, rate in rates.items() if key[2] == "post"]
    rows = [
        {
            "what": f"{channel.label} — {words.counter(name)}", "counter": name, "order": order,
            "value": rate.mean, "n": rate.n,
            "low": rate.low if math.isfinite(rate.low) else None,
            "high": rate.high if math.isfinite(rate.high) else None,
        }
        for order, ((channel, name, _per), rate) in enumerate(per_post)
        if name != "views" and math.isfinite(rate.mean)
    ]  # fmt: skip
    if not rows:
        return ()
    best = max(rows, key=lambda row: row["value"])
    reading = _("The highest: {what}, {value} per post on average.")
    if best["low"] is not None:
        reading = _("The highest: {what}, {value} per post ({interval}, 90% range).")
    return chart(
        "influence.all.response-chart", _("Reactions per post, account by account"),
        words.columns("what value:rate low:rate high:rate n:integer"), rows,
        plots.dots("what", _("per post")),
        reading=reading.format(
            what=best["what"], value=significant(best["value"]),
            interval=words.between(best["low"], best["high"]) if best["low"] is not None else "",
        ),
        definition=_(
            "Rates adjusted to each account’s usual rate, with their 90% ranges. Where a few "
            "posts make up most of it, no range would keep its promise, and none is drawn."
        ),
        references=SHRINKAGE,
    )  # fmt: skip
