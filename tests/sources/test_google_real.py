"""Google's exports as Google made them, or nearly so, against counts of their own JSON."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import TypeVar
from urllib.parse import parse_qs, urlsplit

import pytest

import empreinte
from empreinte.container import open_container
from empreinte.model import Account, Activity, FileReport, Reject, Trace, Yielded
from empreinte.sources.google import activity, location, youtube

pytestmark = pytest.mark.real_data
T = TypeVar("T")


def records(path: Path, source: ModuleType) -> list[Yielded]:
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def test_nine_years_of_youtube_in_french(data: Path) -> None:
    path = data / "google_takeout" / "Takeout" / "Mon activité" / "YouTube" / "MonActivité.json.gz"
    entries = json.loads(gzip.decompress(path.read_bytes()))
    assert len(entries) == 17_709  # as the data's README says
    found = records(path, youtube)
    ads = [entry for entry in entries if "details" in entry]
    views = [entry for entry in entries if "details" not in entry]
    acts = only(found, Activity)
    assert {act.type for act in acts} == {"View"}
    assert len(acts) == len(views) == 17_567
    assert [t.kind for t in only(found, Trace)] == ["ad_impression"] * len(ads)
    assert len(ads) == 142
    dates = sorted(act.published.isoformat()[:10] for act in acts if act.published)
    assert (dates[0], dates[-1]) == ("2013-02-09", "2022-05-15")

    def video(entry: dict) -> str | None:
        url = entry.get("titleUrl") or entry["title"].rpartition(" ")[2]
        return parse_qs(urlsplit(url).query)["v"][0] if "watch?v=" in url else None

    assert Counter(act.object_id for act in acts) == Counter(map(video, views))
    channels = Counter(
        entry["subtitles"][0]["url"].rpartition("/")[2] if "subtitles" in entry else None
        for entry in views
    )
    assert Counter(act.object_author for act in acts) == channels
    names = {entry["subtitles"][0]["url"].rpartition("/")[2] for entry in entries
             if "subtitles" in entry}  # fmt: skip
    assert {account.id for account in only(found, Account)} == names | {"me"}
    untitled = sum(act.content is None for act in acts)
    assert untitled == sum(
        "titleUrl" not in entry or entry["title"].endswith(entry["titleUrl"]) for entry in views
    )
    assert not any("regardé" in (act.content or "")[:20] for act in acts)
    assert only(found, Reject) == []
    (report,) = only(found, FileReport)
    assert (report.status, report.records, report.drift) == ("read", 17_709, ())


def test_it_is_kept_whole(data: Path) -> None:
    path = data / "google_takeout" / "Takeout" / "Mon activité" / "YouTube" / "MonActivité.json.gz"
    with empreinte.open_ledger(":memory:") as ledger:
        (report,) = ledger.ingest(path)
        (again,) = ledger.ingest(path)
    assert (report.source, report.owner) == ("youtube", "youtube:me")
    assert report.kept["activities"] == 17_567
    assert report.kept["traces"] == 142
    assert again.kept["activities"] == again.kept["traces"] == 0


def test_a_simulated_month_of_places(data: Path) -> None:
    path = data / "google_takeout" / "semantic-location-history" / "2021_JANUARY.json.gz"
    objects = json.loads(gzip.decompress(path.read_bytes()))["timelineObjects"]
    assert len(objects) == 250
    found = records(path, location)
    kinds = Counter((trace.detail or {})["from"] for trace in only(found, Trace))
    assert kinds == {
        "visit": sum("placeVisit" in one for one in objects),
        "activity": sum("activitySegment" in one for one in objects),
    }
    assert kinds["visit"] == kinds["activity"] == 250
    names = Counter(one["placeVisit"]["location"]["name"] for one in objects)
    visits = [t for t in only(found, Trace) if (t.detail or {})["from"] == "visit"]
    assert Counter(visit.label for visit in visits) == names
    wanted = [
        (one["placeVisit"]["location"]["latitudeE7"], one["placeVisit"]["location"]["longitudeE7"])
        for one in objects
    ]
    assert [
        (round((v.detail or {})["latitude"] * 1e7), round((v.detail or {})["longitude"] * 1e7))
        for v in visits
    ] == wanted
    # The simulation fills the dates of what lies inside with letters: each part is told.
    inside = sum(
        len(one["placeVisit"].get("childVisits", []))
        + len(one["placeVisit"]["simplifiedRawPath"]["points"])
        + len(one["activitySegment"]["simplifiedRawPath"]["points"])
        + sum(len(child["simplifiedRawPath"]["points"]) if "simplifiedRawPath" in child else 0
              for child in one["placeVisit"].get("childVisits", []))
        for one in objects
    )  # fmt: skip
    assert len(only(found, Reject)) == inside
    (report,) = only(found, FileReport)
    assert (report.status, report.records, report.drift) == ("read", 250, ())


def test_a_synthetic_takeout_of_two_products(data: Path) -> None:
    path = data / "google_takeout" / "dogsheep-fixture"
    entries = [
        entry for file in sorted(path.rglob("My Activity.json"))
        for entry in json.loads(file.read_text())
    ]  # fmt: skip
    found = records(path, activity)
    assert len(only(found, Trace)) == len(entries) == 5
    assert Counter(trace.kind for trace in only(found, Trace)) == {
        "search": sum(entry["title"].startswith("Searched for") for entry in entries),
        "activity": sum(entry["title"].startswith("Visited") for entry in entries),
        "place": 1,
    }
    points = json.loads((path / "Takeout/Location History/Location History.json").read_text())
    places = only(records(path, location), Trace)
    assert [
        (round((t.detail or {})["latitude"] * 1e7), round((t.detail or {})["longitude"] * 1e7))
        for t in places
    ] == [(one["latitudeE7"], one["longitudeE7"]) for one in points["locations"]]
    assert only(found, Reject) == []
