"""Bursts of mentions, each opened: what it gathers around, who carried it, if it still grows."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import table
from empreinte.asking.budget import Candidate
from empreinte.kernels.statistics import bursts as kernel
from empreinte.kernels.statistics.clock import local_seconds
from empreinte.language import _, day, ngettext, number, percent, significant
from empreinte.lenses.reputation.mentions import Row, Said
from empreinte.lenses.reputation.own import BY_ME, LINK, WORDS, Own, excerpt
from empreinte.model import platform_name
from empreinte.report import Table, units

MOST = 12
"""Bursts that are listed, the latest."""
YEARS = 10
"""Years of mentions that are looked at, the latest."""
AROUND = 0.2
"""Share of a burst's mentions that one post must have to be what it gathers around."""
CARRIERS = 3
LATE_H = 6
"""Hours that are compared with as many before, to tell whether a burst still grows."""
_FIRST_WEEKDAY_H = 72
"""1 January 1970 was a Thursday: hours since the Monday before."""
_LATEST = """
    select owner_platform as platform, max(observed) as latest from imports
    group by owner_platform
"""
_POSTS = f"""
    select p.platform, p.id, p.author, p.published, {WORDS} as words, {LINK} as url,
           coalesce({BY_ME}, false) as mine
    from posts p where list_contains($ids, p.platform || ':' || p.id)
"""


@dataclass(frozen=True)
class Opened:
    """A burst with what is told of it.

    Attributes
    ----------
    rows : list of dict
        Its mentions, the oldest first.
    around : dict or None
        The post that most of it replies to or quotes, with `share`; ``None`` if none stands out.
    carriers : list of (author, count)
        Who wrote most of it.
    accounts : int
        How many accounts wrote it.
    p : float
        Chance of such a burst in a series without any, as long as this one.
    """

    platform: str
    burst: kernel.Burst
    rows: list[Row]
    latest: list[int]
    around: Row | None
    carriers: list[tuple[str, int]]
    accounts: int
    p: float
    alpha: float

    @property
    def begun(self) -> datetime:
        """When its first mention was written."""
        return self.rows[0]["published"].replace(tzinfo=UTC)

    @property
    def times(self) -> float:
        """How many times what was usual came."""
        return self.burst.came / self.burst.expected

    @property
    def low(self) -> float:
        """The lower bound of `times`, of a range of 90 %."""
        wide = math.sqrt(self.burst.came * (1 + self.alpha * self.burst.expected))
        return max(self.burst.came - 1.645 * wide, 0.0) / self.burst.expected

    @property
    def key(self) -> str:
        """Name it among the things that were tested."""
        return f"burst.{self.platform}.{self.burst.start}"


@dataclass(frozen=True)
class Bursts:
    """The bursts of all platforms, the latest first, and where they can be told at all."""

    opened: list[Opened]
    told_on: list[str]

    @property
    def candidates(self) -> list[Candidate]:
        """What was tested."""
        return [Candidate(one.key, "bursts", one.p) for one in self.opened]


def look(own: Own, said: Said) -> Bursts:
    """Look for bursts on each platform apart: what archives hold of each begins at its own date."""
    latest = {row["platform"]: row["latest"] for row in own.rows(_LATEST)}
    by_platform: dict[str, list[Row]] = {}
    for row in said.rows:
        by_platform.setdefault(row["platform"], []).append(row)
    series = {
        platform: given for platform, rows in sorted(by_platform.items())
        if kernel.tellable((given := _series(rows, latest.get(platform), own.scope.timezone))[0])
    }  # fmt: skip
    opened: list[Opened] = []
    for platform, (count, first, place) in series.items():
        random = np.random.default_rng(17)
        a_year = kernel.FALSE_A_YEAR / len(series)
        found = kernel.find(count, (first + _FIRST_WEEKDAY_H) % 168, random, a_year)
        assert found is not None  # it is tellable
        years = count.size / kernel.YEAR_H * len(series)
        for burst in found.bursts:
            here = (place >= burst.start) & (place < burst.end)
            rows = [by_platform[platform][n] for n in np.flatnonzero(here)]
            opened.append(_opened(own, platform, burst, rows, count, years, found.alpha))
    opened.sort(key=lambda one: (one.begun, one.platform), reverse=True)
    return Bursts(opened, list(series))


def _series(
    rows: list[Row], latest: datetime | None, timezone: str
) -> tuple[NDArray[np.int64], int, NDArray[np.int64]]:
    """Count by the hour of the owner's clock: counts, the first hour, the hour of each row."""
    times = [row["published"] for row in rows]
    if latest is not None and latest > times[-1]:
        times.append(latest)
    instants = np.array(times, dtype="datetime64[s]").astype(np.int64)
    hours = local_seconds(instants, timezone) // 3_600
    last = int(hours[-1])
    hours = hours[: len(rows)]
    first = max(int(hours[0]), last - YEARS * kernel.YEAR_H)
    place = hours - first
    return np.bincount(place[place >= 0], minlength=last - first + 1), first, place


def _opened(
    own: Own, platform: str, burst: kernel.Burst, rows: list[Row], count: NDArray[np.int64],
    years: float, alpha: float,
) -> Opened:  # fmt: skip
    writers = Counter(row["author_id"] or row["author"] or "" for row in rows)
    names = {row["author_id"] or row["author"] or "": row["author"] or "" for row in rows}
    carriers = [(names[who], n) for who, n in sorted(
        writers.items(), key=lambda one: (-one[1], one[0]))[:CARRIERS]]  # fmt: skip
    latest = count[burst.start :][-2 * LATE_H :]
    return Opened(
        platform, burst, rows, latest.tolist(), _around(own, platform, rows), carriers,
        len(writers), -math.expm1(-burst.a_year * years), alpha,
    )  # fmt: skip


def _around(own: Own, platform: str, rows: list[Row]) -> Row | None:
    """Find the post that most of a burst goes back to, through replies to replies."""
    target = {row["id"]: row["target"] for row in rows}
    roots: Counter[str] = Counter()
    for row in rows:
        root, steps = row["target"], 0
        while root and target.get(root) and steps < 20:
            root, steps = target[root], steps + 1
        if root:
            roots[root] += 1
    for root, n in sorted(roots.items(), key=lambda one: (-one[1], one[0]))[:1]:
        if n >= max(3, AROUND * len(rows)):
            posts = own.rows(_POSTS, ids=[f"{platform}:{root}"])
            return posts[0] | {"share": n / len(rows)} if posts else None
    return None


def listed(own: Own, found: Bursts) -> tuple[Table, ...]:
    """List the bursts."""
    rows = found.opened[:MOST]
    return table(
        "reputation.all.bursts-found", _("Bursts"),
        (
            ("begun", _("Begun"), "datetime"), ("where", _("Where")),
            ("n", _("Mentions"), "integer"), ("times", _("Times the usual"), "multiplier"),
            ("hours", _("Hours"), "integer", units("hour", "hours")),
            ("around", _("What most of it answers")), ("who", _("Who wrote most")),
            ("state", _("Now")),
        ),
        [
            (
                one.begun, platform_name(one.platform), int(one.burst.came), one.times,
                one.burst.end - one.burst.start, around(one), carried(one), state(one),
            )
            for one in rows
        ],
        evidence=tuple(own.posts(f"{r['platform']}:{r['id']}" for r in one.rows) for one in rows),
        definition=_("Hours in which far more came than the same hours and days of the weeks "
                     "before lead one to expect. Where nothing happens, two a year at most are "
                     "told by chance, over all platforms. What stands beside a burst need not be "
                     "its cause."),
        references=("page-1954", "hohle-paul-2008"),
    )  # fmt: skip


def around(one: Opened) -> str:
    """Say what a burst gathers around."""
    if one.around is None:
        return _("No post stands out.")
    said = excerpt(one.around["words"], most=80) or "…"
    texts = {
        True: _("Your post of {day} ({share}): “{said}”"),
        False: _("A post of {day} by {who} ({share}): “{said}”"),
    }
    when = one.around["published"]
    return texts[one.around["mine"]].format(
        day=day(when, "medium") if when else "–", who=one.around["author"] or "–",
        share=percent(one.around["share"]), said=said,
    )  # fmt: skip


def carried(one: Opened) -> str:
    """Say who wrote most of a burst."""
    named = ", ".join(f"{who or '–'} ({number(n)})" for who, n in one.carriers)
    many = ngettext("{n} account", "{n} accounts", one.accounts).format(n=number(one.accounts))
    return f"{many}: {named}"


def state(one: Opened) -> str:
    """Say whether a burst still grows, when its platform was last seen."""
    if not one.burst.going_on:
        return _("over")
    if len(one.latest) < 2 * LATE_H:
        return _("too early to tell")
    before, after = sum(one.latest[:LATE_H]), sum(one.latest[LATE_H:])
    # The logarithm of a ratio of two counts, and its standard error.
    ratio = math.log((after + 0.5) / (before + 0.5))
    error = math.sqrt((1 / (after + 0.5) + 1 / (before + 0.5)) * (1 + one.alpha))
    if abs(ratio) < 1.645 * error:
        return _("going on")
    return _("still growing") if ratio > 0 else _("calming down")


def sentence(one: Opened) -> tuple[str, str]:
    """Tell a burst in a sentence, and the same without counters."""
    given = {
        "day": day(one.begun, "long"), "where": platform_name(one.platform),
        "times": significant(one.times, 2), "n": number(one.burst.came), "state": state(one),
    }  # fmt: skip
    if one.around is not None and one.around["mine"]:
        return (
            _("On {day} on {where}, mentions of you came {times} times as often as usual ({n}); "
              "most answer one post of yours. Now: {state}.").format(**given),
            _("Mentions of you came far more often than usual on {where}; most answer one post of "
              "yours. Now: {state}.").format(**given),
        )  # fmt: skip
    return (
        _("On {day} on {where}, mentions of you came {times} times as often as usual ({n}). "
          "Now: {state}.").format(**given),
        _("Mentions of you came far more often than usual on {where}. Now: {state}.").format(
            **given
        ),
    )  # fmt: skip
