"""Each account's signs of presence, and the hours they tell of; all of them together."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from empreinte import plugins
from empreinte.asking import Channel, channels
from empreinte.asking.columns import categories, numbers
from empreinte.kernels.presence.hours import Presence, Regime, calibrated, presence
from empreinte.kernels.presence.sessions import covered, visits
from empreinte.kernels.statistics.clock import local_seconds
from empreinte.lenses.balance import told
from empreinte.plugins import Tables
from empreinte.report import Scope

REGIMES: tuple[Regime, ...] = ("chain", "starts", "sparse")
WEEK_S, HOUR_S = 7 * 86_400, 3_600
_SEED = 18

MARKS = """
    select a.platform, a.platform || ':' || a.actor_id as channel,
           i.source || ' ' || a.type as sign, a.published as "at", a.type as what,
           a.import_id, a.file, a.place
    from acts a join imports i on i.import_id = a.import_id
    where a.by_me and in_window(a.published) and in_channels(a.platform || ':' || a.actor_id)
    union all
    select t.platform, t.channel, i.source || ' ' || t.kind, t."at", t.kind, t.import_id, t.file,
           t.place
    from traces t join imports i on i.import_id = t.import_id
    where t.mine and t.in_scope and t.channel is not null
"""
"""Every dated record that may be a sign of presence. A date without a time of day is none."""
_SIGNS = f"""
    select channel, epoch("at") as "at",
           cast(case when list_contains(cast($chain as varchar[]), sign) then 0
                     when list_contains(cast($starts as varchar[]), sign) then 1
                     else 2 end as tinyint) as regime,
           cast(case what when 'Create' then 1 when 'ad_impression' then 2
                     when 'ad_engagement' then 2 else 0 end as tinyint)
               as what
    from ({MARKS})
    where list_contains(cast($declared as varchar[]), sign) and "at" <> date_trunc('day', "at")
    order by channel, "at", regime, what
"""
OTHER, POST, SHOWN = 0, 1, 2
"""What a sign is: a post of the owner's, an advertisement (many play by themselves, and count as
engagement), or something else."""


@dataclass(frozen=True, eq=False)
class Screen:
    """One account, its signs and what they tell.

    Attributes
    ----------
    marks : ndarray of float64, shape (n,)
        Seconds since 1970, UTC, sorted: those of `regime` alone.
    every, clock, what : ndarray, shape (m,)
        All signs of the account, of whatever regime, in seconds since 1970 UTC, as the clock on
        the wall shows them, and what each of them is.
    weeks : int
        How many weeks that were counted elsewhere the estimate was held against.
    """

    channel: Channel
    regime: Regime
    marks: NDArray[np.float64]
    time: Presence
    every: NDArray[np.float64]
    clock: NDArray[np.float64]
    what: NDArray[np.int8]
    weeks: int = 0

    @property
    def known(self) -> bool:
        return self.time.why is None

    @property
    def span(self) -> tuple[datetime, datetime]:
        """The times of the first and the last sign."""
        first, last = (datetime.fromtimestamp(float(self.marks[n]), UTC) for n in (0, -1))
        return first, last

    def only(self, *what: int) -> NDArray[np.float64]:
        """The signs that are one of these, as the clock on the wall shows them."""
        return self.clock[np.isin(self.what, what)]


@dataclass(frozen=True, eq=False)
class Screens:
    """All accounts with signs, and the time on any of them.

    Attributes
    ----------
    seconds, low, high : float
        An hour on two screens at once is one hour; NaN where nothing is known.
    shared : float
        What is left of the sum of all, once hours on two screens are counted once: 0 to 1.
    signs : dict of str to list of str
        By regime, what counts as a sign, as ``source kind``.
    """

    all: tuple[Screen, ...]
    seconds: float
    low: float
    high: float
    shared: float
    signs: dict[str, list[str]]

    @property
    def known(self) -> list[Screen]:
        return [screen for screen in self.all if screen.known]

    @property
    def every(self) -> NDArray[np.float64]:
        """All signs of all accounts on the clock on the wall, in no order."""
        return np.concatenate([screen.clock for screen in self.all] or [np.empty(0)])


def look(tables: Tables, scope: Scope) -> Screens:
    """Find the signs of every account and estimate the time."""
    signs = _declared(tables)
    found = tables.sql(_SIGNS, declared=[*chain.from_iterable(signs.values())], **signs)
    screens = list[Screen]()
    if len(found):
        keys, of = categories(found["channel"])
        columns = [numbers(found[name]) for name in ("at", "regime", "what")]
        counted = list(told.counted(tables))
        for channel in channels(tables, keys):
            here = of == keys.index(channel.key)
            at, regime, what = (column[here] for column in columns)
            weeks = [week for week in counted if week.channel == channel.key]
            screens.append(_screen(channel, at, regime, what.astype(np.int8), weeks, scope))
    known = [screen for screen in screens if screen.known]
    return Screens(tuple(screens), *_together(known), signs)


def _declared(tables: Tables) -> dict[str, list[str]]:
    signs: dict[str, list[str]] = {regime: [] for regime in REGIMES}
    for source in tables.sql("select distinct source from imports order by all").to_pylist():
        name = source["source"]
        for kind, regime in (plugins.presence(name) if name else {}).items():
            if regime in signs:
                signs[regime].append(f"{name} {kind}")
    return signs


def _screen(
    channel: Channel, at: NDArray[np.float64], regime: NDArray[np.float64],
    what: NDArray[np.int8], weeks: list[told.Week], scope: Scope,
) -> Screen:  # fmt: skip
    """Take the signs that tell most of what can be told: chains, then starts, then sparse ones."""
    tried, clock = list[Screen](), on_the_wall(at, scope.timezone)
    for place, name in enumerate(REGIMES):
        marks = at[regime == place]
        if not marks.size:
            continue
        # The same shift for all: gaps stay, days begin about when the owner's do.
        middle = np.flatnonzero(regime == place)[marks.size // 2]
        offset = float(clock[middle] - at[middle])
        time = presence(marks + offset, name, np.random.default_rng(_SEED))
        screen = Screen(channel, name, marks, time, at, clock, what)
        if screen.known:
            return _held_against(screen, weeks, scope)
        tried.append(screen)
    return max(tried, key=lambda screen: screen.marks.size)


def on_the_wall(seconds: NDArray[np.float64], timezone: str) -> NDArray[np.float64]:
    """Give times as the clock on the wall shows them; fractions of a second stay."""
    whole = np.floor(seconds).astype(np.int64)
    return local_seconds(whole, timezone) + (seconds - whole)


def _held_against(screen: Screen, weeks: list[told.Week], scope: Scope) -> Screen:
    """Scale the estimate by weeks that a telephone counted."""
    ratios = []
    for week in weeks:
        first = np.array([(week.first.toordinal() - 719_163) * 86_400], dtype=np.int64)
        start = float(2 * first[0] - local_seconds(first, scope.timezone)[0])
        within = (screen.marks >= start) & (screen.marks < start + WEEK_S)
        seconds = float(screen.time.each[within].sum())
        if seconds > 0:
            ratios.append(week.hours * HOUR_S / seconds)
    if not ratios:
        return screen
    time = calibrated(screen.time, ratios)
    return replace(screen, time=time, weeks=len(ratios))


def stretches(screen: Screen) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Cut an account's signs into visits: places of their first signs, starts and ends."""
    return visits(screen.marks, screen.time.threshold, screen.time.tail)


def _together(known: list[Screen]) -> tuple[float, float, float, float]:
    """Add up, once what visits on two screens share is taken off."""
    if not known:
        return math.nan, math.nan, math.nan, 1.0
    cut = [stretches(screen)[1:] for screen in known]
    start, end = (np.concatenate(side) for side in zip(*cut, strict=True))
    shared = covered(start, end) / max(float((end - start).sum()), 1e-9)
    total = sum(screen.time.seconds for screen in known)
    below = math.hypot(*(screen.time.seconds - screen.time.low for screen in known))
    above = math.hypot(*(screen.time.high - screen.time.seconds for screen in known))
    return total * shared, (total - below) * shared, (total + above) * shared, shared
