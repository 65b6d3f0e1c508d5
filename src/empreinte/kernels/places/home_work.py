"""Home, work and habits: what the places of `empreinte.kernels.places.stays` are to someone.

Days of one week tell of one another, so certainty counts weeks: the home leads in *a* weeks and
its nearest rival in *b*; with Jeffreys' prior the share of weeks that are the home's is
Beta(a + ½, b + ½), and the certainty is the probability that it is above one half. It speaks of
the choice between places alone: a rival who was never recorded is not in it.

References
----------
Isaacman et al. (2011), Identifying important places in people's lives from cellular network data,
Pervasive, sections 4.2–4.3. Brown, Cai & DasGupta (2001), Interval estimation for a binomial
proportion, Statistical Science 16(2), section 4 (Jeffreys' prior).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.places.stays import SAME_M, Places, distance_m, hours_in

NIGHT = np.zeros((7, 24))
NIGHT[:, :6] = 1.0
NIGHT[:, [6, 22, 23]] = 0.5
NIGHT[:, [7, 20, 21]] = 0.2
"""How much an hour tells of where the night is spent."""
OFFICE = np.zeros((7, 24))
OFFICE[:5, 9:12] = OFFICE[:5, 14:17] = 1.0
OFFICE[:5, [8, 12, 13, 17]] = 0.5
"""How much an hour tells of where one works."""
REST = np.zeros((7, 24))
REST[:, 9:15] = 1.0
"""Hours in which who works at night sleeps."""
LEAST_FREE = 4
"""Nights at home without which nobody is taken to work at night elsewhere."""

LEAST_DAYS, LEAST_WEEKS, LEAST_SHARE = 5, 2, 0.2
"""A place of work is visited on so many weekdays, in so many weeks, and on this share of the
known ones."""
PART_OF_DAY = 0.25
"""Of the working hours known of a day, so much is worked; less is an errand."""
NEXT_NIGHTS, NEXT_DAYS = 14, 60
"""Someone lives elsewhere as well after so many nights there, over so many days, where these are
most nights of that time."""
HABIT_WEEKS, HABIT_SHARE = 4, 0.5
SLOT_H = 3


@dataclass(frozen=True)
class Haunt:
    """A place and what speaks for it.

    Attributes
    ----------
    place : int
        Index in `Places`.
    days, known : int
        Nights (or working days) spent there, of how many that are known.
    weeks, rival_weeks : int
        Weeks in which it leads, and in which its nearest rival does.
    certainty : float
        Between ½ and 1; see the module.
    first, last : int
        First and last of these days, since 1970 on the clock asked for.
    """

    place: int
    days: int
    known: int
    weeks: int
    rival_weeks: int
    certainty: float
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Spent:
    """The place of each known night (or working day); `day` ascends."""

    day: NDArray[np.int64]
    place: NDArray[np.int64]


@dataclass(frozen=True)
class Habit:
    """A place at the same hours of the same weekday.

    Attributes
    ----------
    weekday, hour : int
        0 is Monday; the first of three hours.
    weeks, known : int
        In how many weeks, of how many that are known at these hours.
    """

    place: int
    weekday: int
    hour: int
    weeks: int
    known: int


def nights(places: Places, timezone: str) -> Spent:
    """Give each night, from noon to noon and dated by its evening, to the place that has most.

    The night of who works then is the sleep of the day after (see `night_work`).
    """
    spent, turned = _nights(places, timezone), night_work(places, timezone)
    if turned is None:
        return spent
    work, home = turned
    return Spent(spent.day, np.where(spent.place == work, home, spent.place))


def _nights(places: Places, timezone: str) -> Spent:
    return _winners(*hours_in(places.fixes, timezone, NIGHT, 12))


def night_work(places: Places, timezone: str) -> tuple[int, int] | None:
    """Give where someone works at night and where they then sleep, ``None`` where nobody does.

    Most nights are in one place; the days after them are in another, where the free nights are
    too, and where more of all hours are. Of who works by day, the free nights are not at work.
    """
    spent = _nights(places, timezone)
    first = leader(spent)
    if first is None:
        return None
    rests = _winners(*hours_in(places.fixes, timezone, REST))
    _, night, rest = np.intersect1d(spent.day, rests.day - 1, return_indices=True)
    after = rests.place[rest][spent.place[night] == first.place]
    free = spent.place[(spent.place != first.place) & (spent.place >= 0)]
    slept = np.bincount(after[after >= 0], minlength=len(places))
    if not slept.size or not free.size:
        return None
    home = int(slept.argmax())
    _, place, hours = hours_in(places.fixes, timezone, np.ones((7, 24)))
    total = np.bincount(place, hours, minlength=len(places))
    turned = (
        home != first.place
        and slept[home] >= max(LEAST_DAYS, after.size / 2)
        and (free == home).sum() >= max(LEAST_FREE, free.size / 2)
        and total[home] > total[first.place]
    )
    return (first.place, home) if turned else None


def working_days(places: Places, timezone: str, homes: list[Haunt]) -> Spent:
    """Give each weekday to the place, other than a home, that has most of its working hours.

    Of who works at night, it is the weekday of the evening.
    """
    turned = night_work(places, timezone)
    if turned is not None:
        spent = _nights(places, timezone)
        week = (spent.day + 3) % 7 < 5
        return Spent(spent.day[week], np.where(spent.place == turned[0], turned[0], -1)[week])
    day, place, hours = hours_in(places.fixes, timezone, OFFICE)
    lived = np.zeros(len(places), dtype=bool)
    for home in homes:
        lived |= places.distance_m(home.place) <= SAME_M
    _, of_day = np.unique(day, return_inverse=True)
    total = np.bincount(of_day.ravel(), hours)[of_day.ravel()] if day.size else hours
    counts = ~lived[place] & (hours >= PART_OF_DAY * total)
    return _winners(day, place, np.where(counts, hours, 0.0))


def _winners(day: NDArray[np.int64], place: NDArray[np.int64], hours: NDArray[np.float64]) -> Spent:
    order = np.lexsort((place, -hours, day))
    days, first = np.unique(day[order], return_index=True)
    won = np.where(hours[order][first] > 0, place[order][first], -1)
    return Spent(days, won)


def leader(spent: Spent) -> Haunt | None:
    """Give the place with most days; ``None`` if none has any."""
    some = spent.place >= 0
    day, place = spent.day[some], spent.place[some]
    if not day.size:
        return None
    top = int(np.argmax(np.bincount(place)))
    weeks = np.unique(np.column_stack([(day + 3) // 7, place]), axis=0, return_counts=True)
    week, _, of_week = np.unique(weeks[0][:, 0], return_index=True, return_inverse=True)
    table = np.zeros((len(week), int(place.max()) + 1), dtype=np.int64)
    table[of_week.ravel(), weeks[0][:, 1]] = weeks[1]
    # A week that two places share equally speaks for neither.
    sole = (table == table.max(axis=1, keepdims=True)).sum(axis=1) == 1
    led = np.bincount(table.argmax(axis=1)[sole], minlength=table.shape[1])
    rival = int(np.delete(led, top).max(initial=0))
    here = day[place == top]
    return Haunt(
        top, int(here.size), int(spent.day.size), int(led[top]), rival,
        certainty(int(led[top]), rival), int(here[0]), int(here[-1]),
    )  # fmt: skip


def certainty(weeks: int, rival_weeks: int) -> float:
    """Give the probability that more than half of weeks are the leader's, ½ if it leads none.

    Examples
    --------
    >>> [round(certainty(weeks, 1), 3) for weeks in (1, 3, 10)]
    [0.5, 0.84, 0.998]
    """
    from scipy.special import betaincc

    return max(0.5, float(betaincc(weeks + 0.5, rival_weeks + 0.5, 0.5)))


def find_homes(spent: Spent) -> list[Haunt]:
    """Find the home, and other homes lived in before, after or by turns; most nights first."""
    first = leader(spent)
    if first is None:
        return []
    homes = [first]
    for place in np.unique(spent.place[spent.place >= 0]).tolist():
        if place == first.place or (spent.place == place).sum() < NEXT_NIGHTS:
            continue
        during = _mostly(spent.place == place)
        within = leader(Spent(spent.day[during], spent.place[during]))
        if (
            within is not None
            and within.place == place
            and within.days >= NEXT_NIGHTS
            and within.last - within.first >= NEXT_DAYS
        ):
            homes.append(within)
    return sorted(homes, key=lambda home: -home.days)


def _mostly(here: NDArray[np.bool_]) -> slice:
    """Give the stretch in which nights here outnumber the others by most (Kadane)."""
    run = np.concatenate([[0], np.cumsum(np.where(here, 1, -1))])
    low = np.minimum.accumulate(run)
    end = int(np.argmax(run - low))
    return slice(int(np.argmin(run[: end + 1])), end)


def find_work(spent: Spent) -> Haunt | None:
    """Find where weekdays are spent, if anywhere often enough."""
    work = leader(spent)
    if work is None:
        return None
    weeks = np.unique((spent.day[spent.place == work.place] + 3) // 7).size
    enough = work.days >= max(LEAST_DAYS, LEAST_SHARE * work.known) and weeks >= LEAST_WEEKS
    return work if enough else None


def find_habits(places: Places, timezone: str, known: list[Haunt]) -> list[Habit]:
    """Find places that are visited at the same hours of a weekday, homes and work left out.

    A habit holds in half of the weeks in which those hours are known, and in four at least; of
    neighbouring hours the commonest stand.
    """
    left_out = np.zeros(len(places), dtype=bool)
    for haunt in known:
        left_out |= places.distance_m(haunt.place) <= SAME_M
    found: list[Habit] = []
    for hour in range(0, 24, SLOT_H):
        week = np.zeros((7, 24))
        week[:, hour : hour + SLOT_H] = 1.0
        day, place, hours = hours_in(places.fixes, timezone, week)
        for weekday in range(7):
            on = (day + 3) % 7 == weekday
            weeks = int(np.unique(day[on]).size)
            there = on & (hours >= 0.4) & ~left_out[place]
            for at, count in zip(*np.unique(place[there], return_counts=True), strict=True):
                if count >= max(HABIT_WEEKS, HABIT_SHARE * weeks):
                    found.append(Habit(int(at), weekday, hour, int(count), weeks))
    best: dict[tuple[int, int], Habit] = {}
    for habit in sorted(found, key=lambda h: (-h.weeks, h.weekday, h.hour)):
        best.setdefault((habit.place, habit.weekday), habit)
    return sorted(best.values(), key=lambda h: (-h.weeks, h.weekday, h.hour))


def near_home(places: Places, homes: list[Haunt], within_m: float) -> NDArray[np.bool_]:
    """Tell which positions are near a home that was lived in at that time (days in UTC)."""
    fixes = places.fixes
    day = fixes.seen // 86_400
    spans = [(day >= home.first - 1) & (day <= home.last + 1) for home in homes]
    # Out of all spans, the home with most nights is the best guess.
    spans[:1] = [spans[0] | ~np.logical_or.reduce(spans)] if spans else []
    result = np.zeros(len(day), dtype=bool)
    for home, during in zip(homes, spans, strict=True):
        away = distance_m(
            fixes.latitude, fixes.longitude,
            places.latitude[home.place], places.longitude[home.place],
        )  # fmt: skip
        result |= (away <= within_m) & during
    return result
