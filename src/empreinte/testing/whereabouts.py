"""A made-up person's places and the traces they leave: what finding places is tested on.

Home, work, a weekly habit and holidays are known; the phone notes a position every ten minutes,
with noise, and now and then is wrong by kilometres; messages are written while awake, some with
the position. Everything follows from a seed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

Point = tuple[float, float]
METRE = 1 / 111_195  # degrees of latitude
LOST = 0.01
"""How many positions are wrong by kilometres."""
NOISE_M = 40.0


@dataclass(frozen=True)
class Trip:
    """Gone from the morning of `left` to the evening of `back`."""

    left: date
    back: date
    where: Point

    @property
    def nights(self) -> int:
        return (self.back - self.left).days


@dataclass(frozen=True, eq=False)
class Traces:
    """Positions: seconds since 1970 UTC, degrees."""

    times_s: NDArray[np.int64]
    latitude: NDArray[np.float64]
    longitude: NDArray[np.float64]

    def only(self, which: NDArray) -> Traces:
        return Traces(self.times_s[which], self.latitude[which], self.longitude[which])

    def thinned(self, missing: float, seed: int) -> Traces:
        """Leave a share out at random."""
        random = np.random.default_rng(seed)
        return self.only(random.random(len(self.times_s)) >= missing)

    def without_days(self, missing: float, seed: int) -> Traces:
        """Leave whole days out, at random: the phone was off."""
        random = np.random.default_rng(seed)
        days, of = np.unique(self.times_s // 86_400, return_inverse=True)
        return self.only((random.random(len(days)) >= missing)[of.ravel()])

    def jittered(self, seconds: int, seed: int) -> Traces:
        """Move each moment by up to so much, either way."""
        random = np.random.default_rng(seed)
        moved = self.times_s + random.integers(-seconds, seconds + 1, len(self.times_s))
        return replace(self, times_s=moved)


@dataclass(frozen=True)
class Whereabouts:
    """Who lives where, and when they are gone.

    Attributes
    ----------
    asleep, awake : float
        Hours on the clock of `timezone`; on free nights two hours later.
    """

    home: Point
    work: Point
    sport: Point  # every Tuesday, 19 to 21 h
    trips: tuple[Trip, ...]
    first: date
    last: date
    timezone: str = "Europe/Paris"
    asleep: float = 23.5
    awake: float = 7.0

    def at(self, local: datetime) -> Point:
        """Tell where they are; the clock is theirs."""
        for trip in self.trips:
            if (trip.left, 9) <= (local.date(), local.hour) and (local.date(), local.hour) < (
                trip.back, 18,
            ):  # fmt: skip
                return trip.where
        if local.weekday() == 1 and 19 <= local.hour < 21:
            return self.sport
        if local.weekday() < 5 and 8.75 <= local.hour + local.minute / 60 < 17.5:
            return self.work
        return self.home

    def positions(self, seed: int, every: timedelta = timedelta(minutes=10)) -> Traces:
        """Give what the phone notes."""
        zone = ZoneInfo(self.timezone)
        start = datetime.combine(self.first, time(), zone).timestamp()
        end = datetime.combine(self.last, time(), zone).timestamp()
        times = np.arange(int(start), int(end), int(every.total_seconds()))
        return self._seen(times, seed)

    def messages(self, n: int, seed: int) -> Traces:
        """Give when they write, and from where; never asleep."""
        random = np.random.default_rng(seed)
        zone = ZoneInfo(self.timezone)
        days = (self.last - self.first).days
        found: list[float] = []
        while len(found) < n:
            day = self.first + timedelta(days=int(random.integers(days)))
            hour = random.random() * 24
            late = 2.0 if day.weekday() >= 5 else 0.0  # that morning
            later = 2.0 if day.weekday() in (4, 5) else 0.0  # that evening
            asleep = self.asleep + later
            if self.awake + late <= hour < asleep and hour >= max(0.0, asleep - 24):
                found.append((datetime.combine(day, time(), zone)).timestamp() + hour * 3600)
        return self._seen(np.sort(np.array(found, dtype=np.int64)), seed)

    def _seen(self, times: NDArray[np.int64], seed: int) -> Traces:
        random = np.random.default_rng(seed)
        zone = ZoneInfo(self.timezone)
        true = np.array([self.at(datetime.fromtimestamp(int(t), zone)) for t in times])
        true = true.reshape(-1, 2)
        wrong = random.random(len(times)) < LOST
        noise = random.normal(0, NOISE_M, (len(times), 2)) * np.where(wrong, 50, 1)[:, None]
        latitude = true[:, 0] + noise[:, 0] * METRE
        longitude = true[:, 1] + noise[:, 1] * METRE / np.cos(np.radians(true[:, 0]))
        return Traces(times, latitude, longitude)


def whereabouts(seed: int) -> Whereabouts:
    """Make someone up: a year about Lyon, with a fortnight, a week and a long weekend away."""
    random = np.random.default_rng(seed)

    def about(point: Point, km: float) -> Point:
        turn = random.random() * 2 * np.pi
        north, east = km * 1000 * METRE * np.array([np.sin(turn), np.cos(turn)])
        return point[0] + float(north), point[1] + float(east / np.cos(np.radians(point[0])))

    home = about((45.757, 4.832), random.uniform(0, 8))
    summer = date(2025, 7, 5) + timedelta(days=int(random.integers(40)))
    winter = date(2025, 12, 20) + timedelta(days=int(random.integers(5)))
    spring = date(2025, 4, 11) + timedelta(days=7 * int(random.integers(4)))  # a Friday
    return Whereabouts(
        home=home,
        work=about(home, random.uniform(1.5, 12)),
        sport=about(home, random.uniform(1.5, 4)),
        trips=(
            Trip(spring, spring + timedelta(days=2), about(home, 180)),
            Trip(summer, summer + timedelta(days=14), about(home, 700)),
            Trip(winter, winter + timedelta(days=7), about(home, 120)),
        ),
        first=date(2025, 3, 1),
        last=date(2026, 2, 28),
    )
