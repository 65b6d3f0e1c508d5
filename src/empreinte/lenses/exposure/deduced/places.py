"""Home, work and habits, from posts with a position and from location histories."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from empreinte.asking import Claim, Fact
from empreinte.asking.columns import numbers
from empreinte.kernels.places import absences as gone
from empreinte.kernels.places import home_work, stays
from empreinte.language import current
from empreinte.lenses.exposure.deduced.piece import Piece, Trait
from empreinte.lenses.exposure.own import DATED, WRITTEN, Own
from empreinte.lenses.exposure.parts import proven
from empreinte.lenses.exposure.words import fact, listed, phrase, said
from empreinte.report import Evidence, Table
from empreinte.texts.personal_data import DOTS

if TYPE_CHECKING:
    from empreinte.kernels.places.absences import Absence
    from empreinte.kernels.places.home_work import Habit, Haunt
    from empreinte.kernels.places.stays import Places

SURE = 0.8
"""Less certain than this is not told as a finding."""
AREA = 8
"""Resolution of what is shown: hexagons with sides of about 500 m, 0.74 km²."""
DENSITY = (100.0, 20_000.0)
"""People per km²: the French average is 107, Paris 20,000."""
AREA_KM2 = 0.74
ONE_POINT = 5

_POSTS = f"""
    select epoch(p.published) as seen, epoch(p.published) as until, p.latitude, p.longitude,
           p.place_name as name, p.platform || ':' || p.id as key
    from posts p
    where {WRITTEN} and {DATED} and p.latitude is not null and p.longitude is not null
    order by seen, key
"""
# Points come every minute or so: one in five minutes tells as much.
_HELD = """
    with found as (
        select t."at", json_extract_string(t.detail, '$.from') as kind,
               try_cast(json_extract_string(t.detail, '$.latitude') as double) as latitude,
               try_cast(json_extract_string(t.detail, '$.longitude') as double) as longitude,
               try_cast(json_extract_string(t.detail, '$.end') as timestamptz) as until,
               t.import_id || ' ' || t.file || ' ' || cast(t.place as varchar) as key
        from traces t
        where t.kind = 'place' and t.mine and t.in_scope
          and t."at" >= timestamp '1990-01-01' and t."at" < timestamp '2100-01-01'
    )
    select epoch("at") as seen, coalesce(epoch(until), epoch("at")) as until,
           latitude, longitude, null as name, key
    from found where kind = 'visit'
    union all
    select epoch(min("at")), epoch(min("at")), min_by(latitude, "at"), min_by(longitude, "at"),
           null, min_by(key, "at")
    from found where kind = 'point' group by floor(epoch("at") / 300)
"""


@dataclass(frozen=True, eq=False)
class Lived:
    """Where the owner lives, by one kind of traces.

    Attributes
    ----------
    tag : str
        ``posts``: what strangers can read; ``held``: what a platform keeps.
    keys, names : ndarray of object, shape (n,)
        Of the records, in the order of `places.fixes`.
    """

    own: Own
    tag: str
    places: Places
    homes: list[Haunt]
    work: Haunt | None
    habits: list[Habit]
    absences: list[Absence]
    keys: NDArray[np.object_]
    names: NDArray[np.object_]

    def evidence(self, which: NDArray[np.bool_]) -> Evidence:
        """Select the records of some positions."""
        keys = self.keys[which].tolist()
        return self.own.posts(keys) if self.tag == "posts" else self.own.traces(keys)

    def at(self, place: int) -> Evidence:
        """Select the records of a place."""
        return self.evidence(self.places.fixes.place == place)


def lived(own: Own, tag: str) -> Lived:
    """Find the places of one kind of traces."""
    table = own.tables.sql(_POSTS if tag == "posts" else _HELD)
    seen, until, latitude, longitude = (
        numbers(table[name]) for name in ("seen", "until", "latitude", "longitude")
    )
    latest = np.where(np.isfinite(until), until, seen)
    places = stays.find_places(seen.astype(np.int64), latitude, longitude, latest.astype(np.int64))
    zone = own.scope.timezone
    homes = home_work.find_homes(home_work.nights(places, zone))
    work = home_work.find_work(home_work.working_days(places, zone, homes))
    known = [*homes, *([work] if work else [])]
    habits = home_work.find_habits(places, zone, known)
    ordinary = [*(habit.place for habit in habits), *([work.place] if work else [])]
    order = places.fixes.order
    return Lived(
        own, tag, places, homes, work, habits, gone.find_absences(places, homes, zone, ordinary),
        np.array(table["key"].to_pylist(), dtype=object)[order],
        np.array(table["name"].to_pylist(), dtype=object)[order],
    )  # fmt: skip


def piece(own: Own, both: list[Lived]) -> Piece:
    """Tell home, work and habits."""
    known = [here for here in both if here.tag == "posts" or len(here.places)]
    return Piece(
        tuple(
            told
            for here in known
            for told in (
                _haunt(here, "home", here.homes[0] if here.homes else None),
                _haunt(here, "work", here.work), _habits(here),
            )
        ),
        tables=_places(own, both), claims=tuple(told for here in known for told in _claims(here)),
        traits=_traits(both),
    )  # fmt: skip


def from_what(tag: str) -> str:
    """Say from which traces it is."""
    return phrase(f"lived.from-{tag}")


def _fact(here: Lived, id: str, found: float | None, **more: Any) -> Fact:
    """Make a fact of one kind of traces, its subject."""
    subject, note = phrase(f"lived.subject-{here.tag}"), from_what(here.tag)
    return fact(id, found, tag=here.tag, subject=subject, note=note, **more)


def _haunt(here: Lived, id: str, haunt: Haunt | None) -> Fact:
    """Tell how certain it is where the owner lives or works."""
    if haunt:
        return _fact(
            here, id, haunt.certainty, numerator=haunt.days, denominator=haunt.known,
            n=haunt.known, evidence=here.at(haunt.place),
        )  # fmt: skip
    if (id, here.tag) == ("home", "held"):
        return _fact(here, id, None, n=0, why=phrase("lived.no-night"))
    return _fact(here, id, None, n=0)


def _habits(here: Lived) -> Fact:
    which = np.isin(here.places.fixes.place, [habit.place for habit in here.habits])
    return _fact(
        here, "habits", len(here.habits) if len(here.places) else None, n=len(here.keys),
        evidence=here.evidence(which) if here.habits else None,
    )  # fmt: skip


def _claims(here: Lived) -> Iterator[Claim]:
    home, work, public = here.homes[0] if here.homes else None, here.work, here.tag == "posts"
    if home is not None and home.certainty >= SURE:
        told = said(f"lived.home-{here.tag}", n=home.days, known=home.known)
        harm = 3 if public else 1.5
        yield proven(f"{here.tag}.home", told, harm, certainty=home.certainty, topic="home")
    if work is not None and work.certainty >= SURE and public:
        yield proven("posts.work", said("lived.work"), 1, certainty=work.certainty)


def _places(own: Own, both: list[Lived]) -> tuple[Table, ...]:
    rows, evidence = [], []
    for here in both:
        told: list[tuple[str, int, str, float | None]] = [
            (phrase("lived.home"), home.place, phrase("lived.nights", n=home.days), home.certainty)
            for home in here.homes
        ]
        if work := here.work:
            days = phrase("lived.weekdays", n=work.days)
            told.append((phrase("lived.at-work"), work.place, days, work.certainty))
        told += [
            (phrase("lived.habit"), habit.place, _hours(habit), None) for habit in here.habits[:10]
        ]
        source = phrase(f"lived.source-{here.tag}")
        for what, place, when, certainty in told:
            area, exact = _area(own, here, place), _exact(here, place)
            rows.append((what, area, when, certainty, source, exact))
            evidence.append(here.at(place))
    return listed("places", rows, evidence=tuple(evidence))


def _hours(habit: Habit) -> str:
    from babel.dates import get_day_names

    weekday = get_day_names("wide", "stand-alone", current())[habit.weekday]
    return phrase(
        "lived.hours", weekday=weekday, hour=habit.hour, end=habit.hour + home_work.SLOT_H,
        n=habit.weeks, known=habit.known,
    )  # fmt: skip


def _area(own: Own, here: Lived, place: int) -> str:
    """Name the town, or else the hexagon."""
    import h3

    names = [name for name in here.names[here.places.fixes.place == place] if name]
    if names:
        towns, counts = np.unique(np.array(names, dtype=str), return_counts=True)
        return own.shown(str(towns[int(counts.argmax())]))
    latitude, longitude = here.places.latitude[place], here.places.longitude[place]
    # The first digits of a cell are those of its country.
    return h3.latlng_to_cell(latitude, longitude, AREA) if own.reveal else DOTS


def _exact(here: Lived, place: int) -> str:
    n = int((here.places.fixes.place == place).sum())
    if n >= ONE_POINT and here.places.spread_m[place] == 0:
        return phrase("lived.one-point")
    return phrase("lived.within")


def _traits(both: list[Lived]) -> tuple[Trait, ...]:
    here = next((one for one in both if one.tag == "posts"), None)
    if here is None or not here.homes or here.homes[0].certainty < SURE:
        return ()
    people = [AREA_KM2 * density for density in DENSITY]
    why = phrase("trait-why.home", low=round(people[0], -1), high=round(people[1], -2))
    traits = [Trait("home", people[0], people[1], why)]
    if here.work and here.work.certainty >= SURE:
        traits.append(Trait("work", 1 / 210, 1 / 25, phrase("trait-why.work")))
    return tuple(traits)
