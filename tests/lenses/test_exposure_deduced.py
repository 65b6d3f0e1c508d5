"""What can be deduced: on toy ledgers with a known life, and on what must not be deduced."""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import msgspec
import numpy as np
import pyarrow as pa
import pytest
from tests.lenses.toy import NOW, Bound, Toy
from tests.rows import first

import empreinte
from empreinte.kernels.places import home_work
from empreinte.kernels.places.stays import distance_m, find_places
from empreinte.language import speaking
from empreinte.lenses.exposure import deduced
from empreinte.lenses.exposure.deduced import hours
from empreinte.lenses.exposure.deduced.places import lived
from empreinte.lenses.exposure.own import Own, masked
from empreinte.report import Scope, Section, Value
from empreinte.testing.whereabouts import Traces, whereabouts

PARIS = Scope(timezone="Europe/Paris")


def Open(**scope) -> Scope:
    """A scope that asks for the data themselves."""
    return Scope(options=(("reveal", 1),), **scope)


def section(toy: Toy, scope: Scope = PARIS) -> Section:
    toy.scope = scope
    with speaking(scope.language):
        found = deduced.part(Own(Bound(toy, scope), scope))
    assert found is not None
    return found.section


def claims(toy: Toy):
    """What the section claims, by value, the weightiest first."""
    found = deduced.part(Own(Bound(toy, PARIS), PARIS))
    assert found is not None
    return {c.about: c for c in sorted(found.claims, key=lambda c: -c.weight)}


def values(found: Section) -> dict[str, Value]:
    return {value.id: value for measure in found.measures for value in measure.values}


def table(found: Section, id: str):
    return next((table for table in found.tables if table.id == id), None)


def at(second: int) -> datetime:
    return datetime.fromtimestamp(int(second), UTC).replace(tzinfo=None)


def posted(toy: Toy, traces: Traces, name: str = "p", by="me", visibility="public") -> Toy:
    """Put posts in, all at once; `nan` is no position."""
    made_up = pa.table(
        {
            "n": np.arange(len(traces.times_s)),
            "at": [at(when) for when in traces.times_s],
            "latitude": traces.latitude,
            "longitude": traces.longitude,
        }
    )
    toy.db.register("made_up", made_up)
    toy.db.execute(
        "insert into post (platform, id, type, author_id, content, published, visibility, latitude,"
        " longitude, tags, links, media, seen, import_id, file, place) select 'x', ? || n, 'Note',"
        " ?, 'words', \"at\", ?, if(isnan(latitude), null, latitude),"
        " if(isnan(longitude), null, longitude), [], [], [], ?, 'i', ?, n from made_up",
        [name, by, visibility, NOW, name],
    )
    return toy


def tracked(toy: Toy, traces: Traces, account: str = "me") -> Toy:
    """Put a location history in."""
    points = zip(traces.latitude, traces.longitude, strict=True)
    made_up = pa.table(
        {
            "n": np.arange(len(traces.times_s)),
            "at": [at(when) for when in traces.times_s],
            "detail": [
                json.dumps({"from": "point", "latitude": latitude, "longitude": longitude})
                for latitude, longitude in points
            ],
        }
    )
    toy.db.register("made_up", made_up)
    toy.db.execute(
        'insert into trace (key, platform, account_id, kind, label, "at", detail, seen, import_id,'
        " file, place) select ? || n, 'google', ?, 'place', 'point', \"at\", detail, ?, 'i', ?, n"
        " from made_up",
        [account, account, NOW, account],
    )
    return toy


@cache
def geotagged() -> tuple[Toy, Section, Section]:
    """A year of 400 public posts with positions; masked and open."""
    person = whereabouts(0)
    toy = posted(Toy().account("me"), person.messages(400, 0))
    hidden = section(toy)
    return toy, hidden, section(toy, Open(timezone="Europe/Paris"))


def test_home_and_work_are_found_from_posts_and_masked():
    person = whereabouts(0)
    toy, found, shown = geotagged()
    told = values(found)
    assert told["exposure.posts.home"].value > 0.99
    assert told["exposure.posts.work"].value > 0.99
    assert "exposure.held.home" not in told
    here = lived(Own(Bound(toy, PARIS), PARIS), "posts")
    places = here.places
    for haunt, point in ((here.homes[0], person.home), (here.work, person.work)):
        place = haunt.place
        off = distance_m(places.latitude[place], places.longitude[place], *point)
        assert off < 300
    rows = table(found, "exposure.all.places").rows
    assert [row[0] for row in rows[:2]] == ["Where you live", "Work"]
    assert {row[1] for row in rows} == {"••••"}
    assert all(
        re.fullmatch("88[0-9a-f]{13}", row[1]) for row in table(shown, "exposure.all.places").rows
    )


def test_no_coordinate_stands_in_the_section_or_its_queries():
    _toy, found, shown = geotagged()
    person = whereabouts(0)
    points = [person.home, person.work, person.sport, *(trip.where for trip in person.trips)]
    for one in (found, shown):
        text = msgspec.json.encode(one).decode()
        for degrees in np.ravel(points):
            assert f"{degrees:.3f}"[:-1] not in text


def test_evidence_opens_the_records_without_their_words_unless_asked():
    toy, found, shown = geotagged()
    toy.scope = PARIS
    told, opened = values(found), values(shown)
    for id, figure in told.items():
        if figure.evidence is not None:
            rows = toy.rows(figure.evidence)
            assert rows, id
            assert not {"content", "latitude", "detail"} & rows[0].keys()
    assert {"content", "latitude"} <= toy.rows(opened["exposure.posts.home"].evidence)[0].keys()
    for listed in found.tables:
        assert len(listed.evidence) in (0, len(listed.rows))
        for evidence in listed.evidence:
            assert evidence is None or toy.rows(evidence)


def test_absences_are_dated_and_those_announced_are_counted():
    person = whereabouts(1)
    zone = ZoneInfo("Europe/Paris")
    toy = tracked(
        Toy().account("me").account("me", platform="google"),
        person.positions(1, timedelta(minutes=60)),
    )
    summer = person.trips[1]
    noon = datetime(summer.left.year, summer.left.month, summer.left.day, 20)
    toy.post("told", at=noon + timedelta(days=3), content="Vive les vacances !")
    toy.post("dull", at=noon + timedelta(days=4), content="Bonjour")
    toy.post("home", at=noon - timedelta(days=9), content="Bientôt les vacances")
    toy.post("drafted", at=noon + timedelta(days=5), content="vacances", visibility="draft")
    found = section(toy)
    told_of = values(found)
    assert told_of["exposure.posts.home"].value is None
    assert told_of["exposure.posts.home"].why_missing
    assert told_of["exposure.held.home"].value > 0.99
    assert told_of["exposure.all.absences"].value == 3
    assert told_of["exposure.all.announced"].value == 1
    assert [r["id"] for r in toy.rows(told_of["exposure.all.announced"].evidence)] == ["told"]
    listed = table(found, "exposure.all.absences-list")
    dates = [
        (row[0].astimezone(zone).date(), row[1].astimezone(zone).date()) for row in listed.rows
    ]
    assert dates == [(trip.left, trip.back) for trip in person.trips]
    assert [row[2:] for row in listed.rows] == [(2, 0, 0), (14, 2, 1), (7, 0, 0)]
    assert [e is None for e in listed.evidence] == [True, False, True]
    said = claims(toy)
    assert "14" in said["exposure.all.announced"].text
    assert not re.search(r"\d", said["exposure.all.announced"].quiet)


def test_another_accounts_places_are_not_looked_at():
    person = whereabouts(2)
    toy = Toy().account("me").account("other", mine=False)
    posted(toy, person.messages(200, 2), by="other")
    tracked(toy, person.positions(2, timedelta(hours=3)), account="other")
    posted(toy, person.messages(200, 2), "d", visibility="private")
    told = values(section(toy))
    assert "exposure.held.home" not in told
    for name in ("home", "work", "sleep", "zone"):
        assert told[f"exposure.posts.{name}"].value is None
        assert told[f"exposure.posts.{name}"].why_missing
    assert told["exposure.posts.points"].value == 0


def test_sleep_and_time_zone_come_from_hours():
    person = whereabouts(3)
    toy = Toy().account("me")
    seen = person.messages(900, 3)
    posted(toy, Traces(seen.times_s, np.full(900, np.nan), np.full(900, np.nan)))
    found = section(toy)
    told = values(found)
    zone = told["exposure.posts.zone"]
    assert zone.low <= 1 <= zone.high  # Lyon is one or two hours ahead
    start, end = re.findall(r"(\d+):\d\d", told["exposure.posts.sleep"].value)
    assert start in {"23", "0"}
    assert end in {"6", "7", "8"}
    weekend = told["exposure.posts.weekend"]
    assert weekend.low <= 120 <= weekend.high
    assert weekend.value > 30
    assert [chart.id for chart in found.charts] == ["exposure.posts.hours"]
    assert sum(row["seen"] for row in found.charts[0].rows) == told["exposure.posts.sleep"].n


def greeted(toy: Toy, on: date, years=(2023, 2024, 2025), words="Joyeux anniversaire !") -> Toy:
    for year in years:
        for n in range(3):
            day = datetime(year, on.month, on.day, 9 + n) + timedelta(days=n // 2)
            toy.post(f"g{year}{n}", by=f"friend{n}", at=day, content=words,
                     in_reply_to=f"mine{year}", in_reply_to_author="me")  # fmt: skip
    return toy


@pytest.mark.parametrize(
    "words", first(1, ["Joyeux anniversaire !", "happy birthday!!", "Bon anniv"])
)
def test_a_birthday_is_read_from_greetings(words):
    toy = greeted(Toy().account("me"), date(2000, 5, 14), words=words)
    whole = section(toy, Open(timezone="Europe/Paris"))
    shown = values(whole)
    assert shown["exposure.all.birthday"].value == "May 14"
    assert shown["exposure.all.birthday"].n == 9
    found = section(toy)
    assert values(found)["exposure.all.birthday"].value == "M•••• 1••••"
    assert len(toy.rows(values(found)["exposure.all.birthday"].evidence)) == 9
    with speaking("fr"):
        french = values(section(toy, Open(timezone="Europe/Paris", language="fr")))
    assert french["exposure.all.birthday"].value == "14 mai"
    answers = table(found, "exposure.all.answers-list")
    assert answers.rows[0][1] == "••••"
    opened = table(whole, "exposure.all.answers-list")
    assert opened.rows[0][1] == "May 14"


def test_belated_greetings_and_thanks_point_at_the_day_before():
    toy = Toy().account("me")
    toy.post("a", by="f1", at=datetime(2024, 3, 2, 9), content="Bon anniversaire en retard",
             in_reply_to="m", in_reply_to_author="me")  # fmt: skip
    toy.post("b", by="f2", at=datetime(2024, 3, 1, 9), content="Joyeux anniversaire",
             in_reply_to="m", in_reply_to_author="me")  # fmt: skip
    toy.post("c", at=datetime(2025, 3, 1, 9), content="C'est mon anniversaire, j'ai 40 ans")
    toy.post("d", at=datetime(2026, 3, 2, 9), content="Merci pour vos messages d'anniversaire !")
    shown = values(section(toy, Open(timezone="Europe/Paris")))
    assert shown["exposure.all.birthday"].value == "March 1"
    assert shown["exposure.all.born"].value == "1985"


def test_scattered_greetings_and_other_anniversaries_tell_no_birthday():
    toy = Toy().account("me")
    for month in range(1, 13):
        toy.post(str(month), by=f"f{month}", at=datetime(2025, month, 5), in_reply_to="m",
                 content="happy birthday", in_reply_to_author="me")  # fmt: skip
    toy.post("w", by="f", at=datetime(2025, 6, 6), content="bon anniversaire de mariage",
             in_reply_to="m", in_reply_to_author="me")  # fmt: skip
    told = values(section(toy))
    assert told["exposure.all.birthday"].value is None
    assert told["exposure.all.birthday"].why_missing
    assert told["exposure.all.birthday"].n == 12


def test_family_is_told_from_answers():
    toy = Toy().account("me", name="Camille Roux").account("mum", mine=False, name="M. D.")
    toy.account("bro", mine=False).account("cousin", mine=False, name="Léo Roux")
    toy.post("a", content="Merci maman !", in_reply_to_author="mum", in_reply_to="x")
    toy.post("b", by="mum", content="Bisous ma fille", in_reply_to_author="me", in_reply_to="y")
    toy.post("c", by="bro", content="Love you sis", in_reply_to_author="me", in_reply_to="y")
    for n in range(3):
        toy.act("cousin", "Like", "me", object_type="account", object_author="me",
                at=datetime(2025, 1, 1 + n))  # fmt: skip
    toy.post("d", by="no", content="Bravo à toi", in_reply_to_author="me", in_reply_to="y")
    found = section(toy, Open(timezone="Europe/Paris"))
    listed = table(found, "exposure.all.family-list")
    assert {(row[0], row[1], row[3]) for row in listed.rows} == {
        ("parent", "mum", 2), ("brother or sister", "bro", 1), ("same family name", "cousin", 1),
    }  # fmt: skip
    assert values(found)["exposure.all.family"].value == 3
    assert table(section(toy), "exposure.all.family-list").rows[0][1] == "m••••"
    for evidence in listed.evidence:
        assert toy.rows(evidence)


def test_the_employer_is_told_from_words_and_profile():
    toy = Toy().account("me", summary="Designer chez Nomina")
    toy.post("a", content="Je travaille chez Nomina depuis trois ans")
    toy.post("b", content="I work at Others")
    shown = values(section(toy, Open(timezone="Europe/Paris")))
    assert shown["exposure.all.employer"].value == "Nomina"
    assert shown["exposure.all.employer"].n == 3
    assert values(section(toy))["exposure.all.employer"].value == "N••••"


ANSWERS = {
    "pet": ("Notre chienne s'appelle Nala et dort", "My first dog was called Rex.", "Nala", "Rex"),
    "maiden": ("Ma mère, née Delorme, disait", "my mother’s maiden name is Ash", "Delorme", "Ash"),
    "birthplace": ("Je suis née à Vienne", "I was born in Leeds", "Vienne", "Leeds"),
    "street": ("J'ai grandi à Givors", "I grew up in Hull", "Givors", "Hull"),
    "school": ("mon ancien lycée Ampère", "My primary school was Saint Ann", "Ampère", "Saint Ann"),
    "car": ("Ma première voiture était une twingo", "My first car was a mini", "twingo", "mini"),
    "favourite": ("Mon film préféré est Alien", "My favourite band is Blur", "Alien", "Blur"),
    "friend": ("ma meilleure amie Inès", "my best friend Tom", "Inès", "Tom"),
}


@pytest.mark.parametrize("language", [0, 1])
def test_security_questions_are_answered(language):
    toy = Toy().account("me")
    for key, told in ANSWERS.items():
        toy.post(key, content="Bonjour. " + told[language])
        toy.post(f"of another, {key}", by="other", content=told[language])
    found = section(toy, Open(timezone="Europe/Paris"))
    rows = table(found, "exposure.all.answers-list").rows
    answers = sorted(told[2 + language] for told in ANSWERS.values())
    assert sorted(row[1] for row in rows) == answers
    assert {row[2] for row in rows} == {1}
    assert values(found)["exposure.all.answers"].value == len(ANSWERS)
    masked = msgspec.json.encode(section(toy)).decode()
    assert [answer for answer in answers if answer in masked] == []


def test_traits_are_multiplied_and_shown():
    person = whereabouts(0)
    toy = greeted(posted(Toy().account("me"), person.messages(400, 0)), date(2000, 5, 14))
    toy.post("born", content="Je suis né en 1990")
    found = section(toy)
    rows = table(found, "exposure.all.crowd").rows
    assert len(rows) == 5  # France, home, work, birthday, year
    left = [row[2] for row in rows]
    assert left == sorted(left, reverse=True)
    # By hand: 0.74 km² of 20,000 people, 1 in 25, 1 in 365.25, 900,000 of 68.6 million.
    assert left[-1] == pytest.approx(0.74 * 20_000 / 25 / 365.25 * 0.9 / 68.6)
    alone = values(found)["exposure.all.alone"]
    assert (alone.low, alone.high, alone.value) == (1, 1, 1)
    said = list(claims(toy))
    assert said.index("exposure.posts.home") == 0
    assert "exposure.all.alone" in said


def test_an_empty_ledger_and_one_without_posts():
    toy = Toy()
    assert deduced.part(Own(Bound(toy, PARIS), PARIS)) is None
    toy.account("me")
    found = section(toy)
    assert found.tables == found.charts == ()
    for value in values(found).values():
        assert value.value in (None, 0)
        assert value.value == 0 or value.why_missing
    assert claims(toy) == {}


def test_the_window_and_the_channels_are_kept():
    person = whereabouts(0)
    toy = posted(Toy().account("me").account("you"), person.messages(400, 0))
    late = Scope(timezone="Europe/Paris", since=datetime(2030, 1, 1, tzinfo=UTC))
    assert values(section(toy, late))["exposure.posts.home"].value is None
    other = Scope(timezone="Europe/Paris", channels=("x:you",))
    assert values(section(toy, other))["exposure.posts.home"].value is None
    same = Scope(timezone="Europe/Paris", channels=("x:me",))
    assert values(section(toy, same))["exposure.posts.home"].value > 0.9


@pytest.mark.parametrize(
    "text",
    first(2, ["é" * 1_000_000, "mon chat " * 100_000, "a " * 500_000, "my first " * 100_000,
              "Joyeux anniv" * 50_000]),
)  # fmt: skip
def test_a_megabyte_of_anything_is_read_in_no_time(text):
    import time

    toy = Toy().account("me").post("a", content=text)
    begin = time.process_time()
    section(toy)
    assert time.process_time() - begin < 8


def test_masks_hide_lengths():
    assert masked("Zoé") == masked("Zachariah")[:1] + "••••"
    assert masked("") == ""


@pytest.mark.real_data
def test_places_of_the_simulated_history_are_those_it_names(data):
    folder = data / "google_takeout" / "semantic-location-history"
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.ingest(folder)
        rows = ledger.sql(
            """select epoch("at") as seen, epoch(try_cast(json_extract_string(detail, '$.end')
               as timestamptz)) as until, json_extract_string(detail, '$.place_id') as label,
               cast(json_extract_string(detail, '$.latitude') as double) as latitude,
               cast(json_extract_string(detail, '$.longitude') as double) as longitude
               from traces
               where kind = 'place' and json_extract_string(detail, '$.from') = 'visit'"""
        ).to_pylist()
    columns = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    places = find_places(
        columns["seen"].astype(np.int64), columns["latitude"], columns["longitude"],
        columns["until"].astype(np.int64),
    )  # fmt: skip
    labels = columns["label"][places.fixes.order]
    assert len(places) == len(set(labels.tolist())) == 20
    # Each place found holds one label, and each label is in one place.
    assert len(set(zip(places.fixes.place.tolist(), labels.tolist(), strict=True))) == 20
    for place in range(20):
        here = places.fixes.place == place
        off = distance_m(
            columns["latitude"][places.fixes.order][here],
            columns["longitude"][places.fixes.order][here],
            places.latitude[place], places.longitude[place],
        )  # fmt: skip
        assert off.max() < 1
    spent = dict.fromkeys(labels.tolist(), 0.0)
    for start, end, label in zip(*(columns[n] for n in ("seen", "until", "label")), strict=True):
        spent[label] += end - start
    nights = home_work.nights(places, "Europe/Amsterdam")
    (home,) = home_work.find_homes(nights)
    assert labels[places.fixes.place == home.place][0] == max(spent, key=lambda key: spent[key])
    assert home.certainty > 0.95
    # Visits were drawn at random: nothing is a place of work.
    assert home_work.find_work(home_work.working_days(places, "Europe/Amsterdam", [home])) is None


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (5.5, "5:30", "5\u00a0h\u00a030"),
        (23.999, "0:00", "0\u00a0h"),
        (8.05, "8:03", "8\u00a0h\u00a003"),
        (-1.0, "23:00", "23\u00a0h"),
    ],
)
def test_hours_of_the_day_are_written_as_the_language_does(value, english, french):
    assert hours.hour(value) == english
    with speaking("fr"):
        assert hours.hour(value) == french
