"""The location history in each of its forms, against where the made-up person was."""

from __future__ import annotations

import json
import tracemalloc
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from tests.rows import first

from empreinte.container import discover, open_container
from empreinte.model import Account, ExportInfo, FileReport, Reject, Trace, Yielded
from empreinte.sources.google import location as source
from empreinte.testing.google import location as made
from empreinte.testing.life import FIRST_EXPORT, freelancer

PERSON = freelancer(since=FIRST_EXPORT.replace(month=1))
AT = FIRST_EXPORT
STAYS = made.stays(PERSON, AT)
LAYOUTS = ("records", "semantic", "android", "ios")
T = TypeVar("T")


def records(*paths: Path) -> list[Yielded]:
    with open_container(*paths) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def written(tmp_path: Path, layout: made.Layout, **options) -> Path:
    (path,) = made.write_location(tmp_path / "e.zip", PERSON, AT, layout=layout, **options)
    return path


def of(found: list[Yielded], kind: str) -> list[Trace]:
    return [t for t in only(found, Trace) if (t.detail or {})["from"] == kind]


def where(trace: Trace) -> tuple[datetime | None, float, float]:
    assert trace.detail is not None
    return trace.at, trace.detail["latitude"], trace.detail["longitude"]


def one_file(tmp_path: Path, document: object, name: str = "Records.json") -> list[Yielded]:
    file = tmp_path / name
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    return records(file)


def test_points(tmp_path: Path) -> None:
    found = records(written(tmp_path, "records"))
    points = of(found, "point")
    assert Counter(map(where, points)) == Counter(
        (stay.at, *made.PLACES[stay.place][1:]) for stay in STAYS
    )
    assert len(points) == len(STAYS) == 400
    assert {t.kind for t in points} == {"place"}
    detail = points[0].detail or {}
    assert (detail["accuracy_m"], detail["source"], detail["device"]) == (20, "WIFI", "1234567")
    (report,) = only(found, FileReport)
    assert (report.status, report.records, report.drift) == ("read", 400, ())


@pytest.mark.parametrize("layout", ["semantic", "android", "ios"])
def test_visits_and_ways(tmp_path: Path, layout: made.Layout) -> None:
    found = records(written(tmp_path, layout))
    visits, moves, ways = (of(found, kind) for kind in ("visit", "activity", "way"))
    assert Counter(map(where, visits)) == Counter(
        (stay.at, *made.PLACES[stay.place][1:]) for stay in STAYS
    )
    assert Counter(map(where, moves)) == Counter(
        (stay.at - made.WALK, *made.PLACES[stay.before][1:]) for stay in STAYS
    )
    assert Counter(t.at for t in ways) == Counter(s.at - made.WALK / 2 for s in STAYS)
    first_visit = min(visits, key=lambda t: str(t.at))
    detail = first_visit.detail or {}
    end = datetime.fromisoformat(detail["end"])
    assert end == STAYS[0].at + made.STAY
    assert datetime.fromisoformat(detail["start"]) == first_visit.at
    assert detail["probability"] == 0.87
    assert detail["place_id"] == f"ChIJ{STAYS[0].place}"
    assert detail["semantic_type"].lower().endswith("work")
    first = min(moves, key=lambda t: str(t.at)).detail or {}
    assert (first["distance_m"], first["semantic_type"].lower()) == (900.0, "walking")
    assert (first["end_latitude"], first["end_longitude"]) == made.PLACES[STAYS[0].place][1:]
    assert only(found, Reject) == []
    assert [item for item in only(found, FileReport) if item.drift or item.status != "read"] == []


def test_raw_signals_and_what_names_no_place(tmp_path: Path) -> None:
    found = records(written(tmp_path, "android"))
    assert Counter(map(where, of(found, "point"))) == Counter(
        (stay.at, *made.PLACES[stay.place][1:]) for stay in STAYS[-20:]
    )
    (report,) = only(found, FileReport)
    assert report.records == 3 * len(STAYS) + 21
    assert ": 1." in str(report.reason)


def test_whose_it_is_in_any_folder_and_parts(tmp_path: Path) -> None:
    alike = []
    for language in ("en", "fr"):
        found = records(
            *made.write_location(tmp_path / f"{language}.zip", PERSON, AT, language=language,
                                 layout="semantic")
        )  # fmt: skip
        alike.append({(t.label, t.at, str(t.detail)) for t in only(found, Trace)})
    assert alike[0] == alike[1]
    assert len(alike[0]) == 3 * len(STAYS)
    made.write_location(tmp_path / "parts", PERSON, AT, layout="semantic", parts=3)
    (group,) = discover([tmp_path / "parts"])
    parts = records(*group)
    assert {(t.label, t.at, str(t.detail)) for t in only(parts, Trace)} == alike[0]
    (info,) = only(parts, ExportInfo)
    assert (info.owner, info.observed) == (("google", "me"), AT)
    (owner,) = only(parts, Account)
    assert owner.is_owner


@pytest.mark.parametrize("indent", first(1, [2, None, 1, 4, "\t"]))
@pytest.mark.parametrize("layout", LAYOUTS)
def test_however_it_is_laid_out(tmp_path: Path, layout: made.Layout, indent) -> None:
    wanted = records(written(tmp_path, layout))
    path = tmp_path / "again"
    for name, body in made.members(PERSON, AT, "en", layout).items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(json.dumps(json.loads(body), indent=indent))
    again = records(path)
    assert [(t.label, t.at, t.detail) for t in only(again, Trace)] == [
        (t.label, t.at, t.detail) for t in only(wanted, Trace)
    ]
    assert only(again, Reject) == []


def test_lines_of_windows(tmp_path: Path) -> None:
    body = made.records(STAYS).replace(b"\n", b"\r\n")
    file = tmp_path / "Records.json"
    file.write_bytes(b"\xef\xbb\xbf" + body)
    assert len(of(records(file), "point")) == len(STAYS)


def test_old_points_and_numbers_that_ran_over(tmp_path: Path) -> None:
    found = one_file(tmp_path, {"locations": [
        {"timestampMs": "1437263846012", "latitudeE7": 376955289, "longitudeE7": -1219287261},
        {"timestampMs": "1437263846012", "latitudeE7": 376955289,
         "longitudeE7": -1219287261 + 2**32},
        {"timestamp": "2024-01-01T00:00:00Z"},
        {"timestamp": "2024-01-01T00:00:00Z", "latitudeE7": 950000000, "longitudeE7": 0},
        {"latitudeE7": 1, "longitudeE7": 1},
        {"timestamp": "9999-13-01T00:00:00Z", "latitudeE7": 1, "longitudeE7": 1},
        {"timestampMs": "soon", "latitudeE7": 1, "longitudeE7": 1},
        {"timestamp": "2024-01-01T00:00:00Z", "latitudeE7": "x", "longitudeE7": 1},
    ]})  # fmt: skip
    at = datetime(2015, 7, 18, 23, 57, 26, 12_000, tzinfo=UTC)
    assert [where(t) for t in only(found, Trace)] == [(at, 37.6955289, -121.9287261)] * 2
    lost = only(found, Reject)
    assert [one.place for one in lost] == [3, 4, 5, 6, 7]
    assert "no place on Earth" in str(lost[0].reason)
    assert "no date" in str(lost[1].reason)
    (report,) = only(found, FileReport)
    assert ": 1." in str(report.reason)


def test_visits_inside_visits_and_broken_parts(tmp_path: Path) -> None:
    here = {"latitudeE7": 474784000, "longitudeE7": -5632000}
    stay = {"duration": {"startTimestampMs": "1609455600000"}, "location": here}
    found = one_file(tmp_path, {"timelineObjects": [
        {"placeVisit": {**stay, "childVisits": [
            {**stay, "location": {**here, "name": "Cour"}}, {**stay, "duration": {}},
        ]}},
        {"activitySegment": {"duration": stay["duration"], "activityType": "IN_BUS",
                             "waypointPath": {"waypoints": [{"latE7": 1, "lngE7": 2}]}}},
        {"placeVisit": {"duration": stay["duration"]}},
    ]}, "2021_JANVIER.json")  # fmt: skip
    assert [(t.label, (t.detail or {})["from"]) for t in only(found, Trace)] == [
        ("47.4784, -0.5632", "visit"), ("Cour", "visit inside"), ("IN_BUS", "activity"),
    ]  # fmt: skip
    assert (only(found, Trace)[2].detail or {})["way"] == [(1e-7, 2e-7)]
    assert [one.place for one in only(found, Reject)] == [0, 2]


def test_fields_that_are_gone_or_new_are_told(tmp_path: Path) -> None:
    body = made.records(STAYS).replace(b"latitudeE7", b"lat").replace(b'"accuracy"', b'"precision"')
    file = tmp_path / "Location History" / "Records.json"
    file.parent.mkdir()
    file.write_bytes(body)
    with open_container(tmp_path) as export:
        found = list(source.read(export.under("")))
    assert only(found, Trace) == []  # absent is not zero
    file.write_bytes(body.replace(b'"lat"', b'"latitudeE7"'))
    (report,) = only(records(tmp_path), FileReport)
    assert [(d.field, d.change, d.records) for d in report.drift] == [
        ("precision", "new", len(STAYS))
    ]


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    file = tmp_path / "Records.json"
    point = made.records(STAYS[:1]).removeprefix(b'{\n  "locations": [').removesuffix(b"]\n}")

    def peak(count: int) -> int:
        with file.open("wb") as out:
            out.write(b'{\n  "locations": [')
            for n in range(count // 1_000):
                out.write((b", " if n else b"") + b", ".join([point] * 1_000))
            out.write(b"]\n}")
        tracemalloc.start()
        with open_container(file) as export:
            met = sum(isinstance(item, Trace) for item in source.read(export))
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert met == count
        return top

    assert peak(90_000) < 1.3 * peak(30_000)


def test_it_is_known_by_what_stands_in_it(tmp_path: Path) -> None:
    (tmp_path / "Records.json").write_text('{"locations": [{"city": "Angers"}]}')
    (tmp_path / "Timeline.json").write_text('[{"startTime": "a", "endTime": "b", "text": "c"}]')
    with open_container(tmp_path) as export:
        assert list(source.recognize(export)) == []
    alone = tmp_path / "alone"
    alone.mkdir()
    (alone / "renamed.json").write_bytes(made.records(STAYS))
    with open_container(alone / "renamed.json") as export:
        assert list(source.recognize(export)) == ["renamed.json"]
