"""Places, home, work, habits and absences against made-up people and slow references."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.rows import examples, first

from empreinte.kernels.places.absences import during, find_absences, nights_between
from empreinte.kernels.places.home_work import (
    certainty,
    find_habits,
    find_homes,
    find_work,
    nights,
    working_days,
)
from empreinte.kernels.places.stays import Places, distance_m, find_places, hours_in
from empreinte.testing.whereabouts import METRE, Traces, Whereabouts, whereabouts

PARIS = "Europe/Paris"


class Found:
    def __init__(self, traces: Traces, zone: str = PARIS) -> None:
        self.places = find_places(traces.times_s, traces.latitude, traces.longitude)
        self.homes = find_homes(nights(self.places, zone))
        self.work = find_work(working_days(self.places, zone, self.homes))
        known = [*self.homes, *([self.work] if self.work else [])]
        self.habits = find_habits(self.places, zone, known)
        ordinary = [h.place for h in self.habits] + ([self.work.place] if self.work else [])
        self.absences = find_absences(self.places, self.homes, zone, ordinary)

    def off_m(self, place: int, point: tuple[float, float]) -> float:
        return float(distance_m(self.places.latitude[place], self.places.longitude[place], *point))

    def dates(self) -> list[tuple[date, date]]:
        zone = ZoneInfo(PARIS)

        def on(second: int) -> date:
            return datetime.fromtimestamp(second, zone).date()

        return [(on(absence.start), on(absence.end)) for absence in self.absences]


@cache
def life(seed: int) -> tuple[Whereabouts, Traces]:
    person = whereabouts(seed)
    return person, person.positions(seed)


SPOILT = {
    "whole": lambda t, s: t,
    "30 % missing": lambda t, s: t.thinned(0.3, s),
    "an hour's jitter": lambda t, s: t.jittered(3600, s),
    "both": lambda t, s: t.jittered(3600, s).thinned(0.3, s),
}


@pytest.mark.parametrize("seed", first(1, [0, 1, 2]))
@pytest.mark.parametrize("spoilt", first(1, ["both", *(how for how in SPOILT if how != "both")]))
def test_home_work_habit_and_holidays_are_found(spoilt, seed):
    person, traces = life(seed)
    found = Found(SPOILT[spoilt](traces, seed))
    assert len(found.homes) == 1
    assert found.off_m(found.homes[0].place, person.home) < 50  # 300 m would do
    assert found.homes[0].certainty > 0.99
    assert found.work is not None
    assert found.off_m(found.work.place, person.work) < 50
    assert [(h.weekday, h.hour) for h in found.habits] == [(1, 18)]
    assert found.off_m(found.habits[0].place, person.sport) < 100
    assert found.dates() == [(trip.left, trip.back) for trip in person.trips]
    assert [a.nights for a in found.absences] == [trip.nights for trip in person.trips]
    for absence, trip in zip(found.absences, person.trips, strict=True):
        assert found.off_m(absence.place, trip.where) < 100


@pytest.mark.parametrize("seed", first(1, [0, 1, 2]))
def test_where_whole_days_are_missing_the_bounds_hold_the_dates(seed):
    person, traces = life(seed)
    found = Found(traces.without_days(0.3, seed))
    assert found.off_m(found.homes[0].place, person.home) < 50
    assert found.work is not None
    assert found.off_m(found.work.place, person.work) < 50
    zone = ZoneInfo(PARIS)
    for absence in found.absences:
        assert absence.left_after is not None
        assert absence.back_before is not None
        outer = [
            datetime.fromtimestamp(t, zone).date()
            for t in (absence.left_after, absence.start, absence.end, absence.back_before)
        ]
        assert any(
            outer[0] <= trip.left <= outer[1] and outer[2] <= trip.back <= outer[3]
            for trip in person.trips
        )
    long = [trip for trip in person.trips if trip.nights > 2]
    assert len([a for a in found.absences if a.nights > 2]) == len(long)


@pytest.mark.parametrize("seed", first(1, [0, 1, 2]))
def test_two_hundred_messages_with_a_position_give_home_and_work_away(seed):
    person, _ = life(seed)
    found = Found(person.messages(200, seed))
    assert found.off_m(found.homes[0].place, person.home) < 300
    assert found.work is not None
    assert found.off_m(found.work.place, person.work) < 300
    for trip in person.trips[1:]:
        near = [
            a for a, (left, back) in zip(found.absences, found.dates(), strict=True)
            if left >= trip.left and back <= trip.back and a.nights >= trip.nights / 2
        ]  # fmt: skip
        assert len(near) == 1


@pytest.mark.slow
def test_certainty_is_kept_where_messages_are_few():
    # Of homes said to be certain at p, at least a share p must be right.
    said, right = [], []
    for seed in range(60):
        person = whereabouts(seed)
        found = Found(person.messages(4 + seed % 12, seed))
        if found.homes:
            said.append(found.homes[0].certainty)
            right.append(found.off_m(found.homes[0].place, person.home) < 300)
    told, correct = np.array(said), np.array(right)
    assert correct[told >= 0.9].mean() >= 0.9
    assert correct.mean() >= told.mean() - 0.05
    assert told.min() < 0.9


def test_who_moves_house_has_two_homes_and_is_not_gone():
    before = whereabouts(3)
    after = Whereabouts(
        home=before.trips[0].where, work=before.work, sport=before.sport, trips=(),
        first=before.last, last=before.last + timedelta(days=150),
    )  # fmt: skip
    one, two = before.positions(3), after.positions(3)
    both = Traces(
        *(
            np.concatenate([getattr(one, name), getattr(two, name)])
            for name in ("times_s", "latitude", "longitude")
        )
    )
    found = Found(both)
    assert [found.off_m(h.place, p) < 50 for h, p in zip(
        found.homes, (before.home, after.home), strict=True
    )] == [True, True]  # fmt: skip
    assert len(found.absences) == 3


def test_who_never_works_elsewhere_has_no_work():
    person = whereabouts(4)
    at_home = Whereabouts(
        home=person.home, work=person.home, sport=person.sport, trips=person.trips,
        first=person.first, last=person.first + timedelta(days=60),
    )  # fmt: skip
    assert Found(at_home.positions(4)).work is None


def test_nothing_comes_of_nothing():
    empty = Traces(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    found = Found(empty)
    assert (len(found.places), found.homes, found.work, found.absences) == (0, [], None, [])
    broken = find_places([1, 2, 3, 4], [np.nan, 91, 0, 48], [2, 2, 0, np.inf])
    assert len(broken) == 0
    one = Found(Traces(np.array([0]), np.array([48.0]), np.array([2.0])))
    assert len(one.places) == 1
    assert one.absences == []


def test_arrays_of_other_lengths_are_an_error():
    with pytest.raises(ValueError, match="one length"):
        find_places([1, 2], [48.0], [2.0])


points = st.lists(
    st.tuples(st.integers(0, 40 * 86_400), st.integers(0, 4), st.integers(0, 30_000)), max_size=25
)


def laid_out(rows) -> Places:
    times = [t for t, _, _ in rows]
    return find_places(
        times, [48 + 0.05 * p for _, p, _ in rows], [2.0] * len(rows),
        [t + more for t, _, more in rows],
    )  # fmt: skip


@settings(max_examples=examples(60), deadline=None)
@given(points)
def test_no_second_is_counted_twice_and_order_does_not_matter(rows):
    found = laid_out(rows)
    fixes = found.fixes
    assert (fixes.end >= fixes.start).all()
    assert (fixes.start[1:] >= fixes.end[:-1]).all()
    assert sorted(fixes.order.tolist()) == list(range(len(rows)))
    assert len(set(fixes.place.tolist())) == len({p for _, p, _ in rows})
    assert (np.diff(found.spent_s) <= 0).all()


@settings(max_examples=examples(40), deadline=None)
@given(points, st.integers(0, 2**32 - 1), st.sampled_from([0, 12]))
def test_hours_are_those_counted_minute_by_minute(rows, seed, shift):
    week = np.random.default_rng(seed).random((7, 24))
    fixes = laid_out(rows).fixes
    day, place, hours = hours_in(fixes, "Asia/Kathmandu", week, shift)
    slow: dict[tuple[int, int], float] = {}
    for start, end, at in zip(fixes.start, fixes.end, fixes.place, strict=True):
        for second in range(int(start), int(end), 60):
            step = min(60, int(end) - second)
            local = datetime.fromtimestamp(second, UTC) + timedelta(hours=5, minutes=45)
            of = (local - timedelta(hours=shift)).date().toordinal() - date(1970, 1, 1).toordinal()
            weight = week[local.weekday(), local.hour] * step / 3600
            slow[of, int(at)] = slow.get((of, int(at)), 0.0) + weight
    fast = {(int(d), int(p)): float(h) for d, p, h in zip(day, place, hours, strict=True)}
    for key in slow | fast:
        # A minute that passes from an hour into the next is counted whole by the slow way.
        assert fast.get(key, 0.0) == pytest.approx(slow.get(key, 0.0), abs=1.0)


def test_nights_are_counted_by_the_clock_of_the_place():
    zone = ZoneInfo(PARIS)
    out = datetime(2025, 10, 25, 23, tzinfo=zone)  # the clocks go back that night
    back = datetime(2025, 10, 28, 2, 59, tzinfo=zone)
    assert nights_between([out.timestamp()], [back.timestamp()], PARIS).tolist() == [2]
    assert nights_between([out.timestamp()], [back.timestamp() + 120], PARIS).tolist() == [3]


def test_more_weeks_are_more_certain_and_rivals_less():
    assert certainty(0, 0) == certainty(3, 3) == 0.5
    assert 0.9 < certainty(3, 0) < certainty(9, 0) < 1
    assert certainty(9, 6) < certainty(9, 2)
    assert during([], [1, 2]).tolist() == [-1, -1]


def test_distances_are_those_of_a_sphere():
    assert distance_m(48.0, 2.0, 48.0 + 1000 * METRE, 2.0) == pytest.approx(1000, rel=1e-3)
    assert distance_m(0, 179.5, 0, -179.5) == pytest.approx(111_195, rel=1e-3)
