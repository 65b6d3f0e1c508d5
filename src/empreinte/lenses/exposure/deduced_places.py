"""Home, work and habits, from posts with a position and from location histories."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from empreinte.kernels.places import absences as gone
from empreinte.kernels.places import home_work, stays
from empreinte.language import _, ngettext, number
from empreinte.lenses.exposure.deduced_own import (
    DATED,
    WRITTEN,
    Own,
    Part,
    Trait,
)
from empreinte.report import Column, Evidence, Figure, Sentence, Table

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
        join mine m on m.platform = t.platform and m.account_id = t.account_id
        where t.kind = 'place' and t."at" >= timestamp '1990-01-01'
          and t."at" < timestamp '2100-01-01'
          and ($since is null or t."at" >= $since) and ($until is null or t."at" < $until)
          and ($channels is null or list_contains($channels, m.channel))
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
        table[name].to_numpy(zero_copy_only=False).astype(np.float64)
        for name in ("seen", "until", "latitude", "longitude")
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
        own,
        tag,
        places,
        homes,
        work,
        habits,
        gone.find_absences(places, homes, zone, ordinary),
        np.array(table["key"].to_pylist(), dtype=object)[order],
        np.array(table["name"].to_pylist(), dtype=object)[order],
    )


def part(own: Own, both: list[Lived]) -> Part:
    """Tell home, work and habits."""
    figures: list[Figure] = []
    sentences: list[Sentence] = []
    for here in both:
        if here.tag == "held" and not len(here.places):
            continue
        figures += [_home(here), _work(here), _habits(here)]
        sentences += _sentences(here)
    listed = _places(own, both)
    return Part(
        tuple(figures),
        tables=(listed,) if listed.rows else (),
        sentences=tuple(sentences),
        traits=_traits(both),
    )


def from_what(tag: str) -> str:
    if tag == "posts":
        return _("From the positions on your public posts.")
    return _("From the location history that a platform keeps.")


def _named(tag: str, name: str) -> str:
    if tag == "posts":
        return _("{name}, from your posts").format(name=name)
    return _("{name}, from your location history").format(name=name)


def _home(here: Lived) -> Figure:
    home = here.homes[0] if here.homes else None
    why = None
    if home is None:
        why = _("None of your public posts bears a position at night: nothing to deduce it from.")
        if here.tag == "held":
            why = _("No position of a night is known.")
    return Figure(
        id=f"exposure.{here.tag}.home",
        name=_named(here.tag, _("Home is found")),
        value=home.certainty if home else None,
        kind="percent",
        numerator=home.days if home else None,
        denominator=home.known if home else None,
        n=home.known if home else 0,
        why_missing=why,
        definition=from_what(here.tag)
        + " "
        + _(
            "The probability that in most weeks you spend more nights there than in any other "
            "known place; beside it the nights there, of those that are known."
        ),
        references=("isaacman-2011",),
        evidence=here.at(home.place) if home else None,
    )


def _work(here: Lived) -> Figure:
    work = here.work
    return Figure(
        id=f"exposure.{here.tag}.work",
        name=_named(here.tag, _("Place of work is found")),
        value=work.certainty if work else None,
        kind="percent",
        numerator=work.days if work else None,
        denominator=work.known if work else None,
        n=work.known if work else 0,
        why_missing=None
        if work
        else _("No place away from home stands out in the working hours of weekdays."),
        definition=from_what(here.tag)
        + " "
        + _(
            "The probability that in most weeks you spend more weekdays there than in any other "
            "place that is not your home; beside it the weekdays there, of those that are known."
        ),
        references=("isaacman-2011",),
        evidence=here.at(work.place) if work else None,
    )


def _habits(here: Lived) -> Figure:
    which = np.isin(here.places.fixes.place, [habit.place for habit in here.habits])
    return Figure(
        id=f"exposure.{here.tag}.habits",
        name=_named(here.tag, _("Places at regular hours")),
        value=len(here.habits) if len(here.places) else None,
        kind="integer",
        n=len(here.keys),
        why_missing=None if len(here.places) else _("No position is known."),
        definition=from_what(here.tag)
        + " "
        + _(
            "Places other than home and work where you are at the same hours of one weekday, in "
            "half of the weeks that are known and in four at least."
        ),
        evidence=here.evidence(which) if here.habits else None,
    )


def _sentences(here: Lived) -> list[Sentence]:
    told = []
    home = here.homes[0] if here.homes else None
    if home is not None and home.certainty >= SURE:
        text = (
            _("Your public posts tell where you live: {n} of {known} nights in one place.")
            if here.tag == "posts"
            else _("Your location history tells where you live: {n} of {known} nights.")
        )
        quiet = (
            _("Your public posts tell where you live.")
            if here.tag == "posts"
            else _("Your location history tells where you live.")
        )
        told.append(
            Sentence(
                text=text.format(n=number(home.days), known=number(home.known)),
                quiet=quiet,
                figure=f"exposure.{here.tag}.home",
            )
        )
    if here.work is not None and here.work.certainty >= SURE and here.tag == "posts":
        told.append(
            Sentence(
                text=_("They also tell where you work."),
                quiet=_("They also tell where you work."),
                figure=f"exposure.{here.tag}.work",
            )
        )
    return told


def _places(own: Own, both: list[Lived]) -> Table:
    rows, evidence = [], []
    for here in both:
        told: list[tuple[str, int, str, float | None]] = []
        for home in here.homes:
            when = ngettext("{n} night", "{n} nights", home.days).format(n=number(home.days))
            told.append((_("Home"), home.place, when, home.certainty))
        if here.work:
            n = here.work.days
            when = ngettext("{n} weekday", "{n} weekdays", n).format(n=number(n))
            told.append((_("Work"), here.work.place, when, here.work.certainty))
        for habit in here.habits[:10]:
            told.append((_("Habit"), habit.place, _hours(habit), None))
        for what, place, when, certainty in told:
            source = _("posts") if here.tag == "posts" else _("location history")
            rows.append(
                (what, _area(own, here, place), when, certainty, source, _exact(here, place))
            )
            evidence.append(here.at(place))
    return Table(
        id="exposure.all.places",
        title=_("Places that can be deduced"),
        columns=(
            Column(key="what", label=_("What")),
            Column(key="area", label=_("Area")),
            Column(key="seen", label=_("Seen")),
            Column(key="certainty", label=_("Certainty"), kind="percent"),
            Column(key="source", label=_("Source")),
            Column(key="exact", label=_("How exact")),
        ),
        rows=tuple(rows),
        definition=_(
            "An area is a town, or a hexagon with sides of about 500 m; coordinates are only in "
            "the records. Up to 200 records stand behind each line."
        ),
        references=("hariharan-2004",),
        evidence=tuple(evidence),
    )


def _hours(habit: Habit) -> str:
    from babel.dates import get_day_names

    from empreinte.language import current

    return _("{weekday}, {hour}:00 to {end}:00, {n} weeks of {known}").format(
        weekday=get_day_names("wide", "stand-alone", current())[habit.weekday],
        hour=habit.hour,
        end=habit.hour + home_work.SLOT_H,
        n=number(habit.weeks),
        known=number(habit.known),
    )


def _area(own: Own, here: Lived, place: int) -> str:
    """Name the town, or else the hexagon."""
    import h3

    names = [name for name in here.names[here.places.fixes.place == place] if name]
    if names:
        towns, counts = np.unique(np.array(names, dtype=str), return_counts=True)
        return own.shown(str(towns[int(counts.argmax())]))
    latitude, longitude = here.places.latitude[place], here.places.longitude[place]
    # The first digits of a cell are those of its country.
    return h3.latlng_to_cell(latitude, longitude, AREA) if own.reveal else "••••"


def _exact(here: Lived, place: int) -> str:
    n = int((here.places.fixes.place == place).sum())
    if n >= ONE_POINT and here.places.spread_m[place] == 0:
        return _("one point repeated: the middle of a town, perhaps")
    return _("within 300 m")


def _traits(both: list[Lived]) -> tuple[Trait, ...]:
    here = next((one for one in both if one.tag == "posts"), None)
    if here is None or not here.homes or here.homes[0].certainty < SURE:
        return ()
    people = [AREA_KM2 * density for density in DENSITY]
    why = _(
        "An area of 0.74 km² has some {low} people at the density of France (107 per km²) and "
        "{high} at that of Paris (20,000); INSEE, 2022."
    ).format(low=number(round(people[0], -1)), high=number(round(people[1], -2)))
    traits = [Trait("home", people[0], people[1], why)]
    if here.work and here.work.certainty >= SURE:
        why = _(
            "Of some 1,500 workers of a US census tract 21 share home and place of work, the "
            "median: 1 in 70, taken to within a factor of three; Golle & Partridge, 2009."
        )
        traits.append(Trait("work", 1 / 210, 1 / 25, why))
    return tuple(traits)
