"""The location history of a made-up person, in each of the forms it has had.

They work at one place and sleep at another; each post was written at one of a few, and between
two of them they walked.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from empreinte.testing.google.takeout import Language, pack
from empreinte.testing.person import Person

Layout = Literal["records", "semantic", "android", "ios"]
PLACES = (
    ("Atelier Nord", 47.4784, -0.5632), ("Le Ralliement", 47.4712, -0.5518),
    ("La Doutre", 47.4744, -0.5647), ("Gare Saint-Laud", 47.4645, -0.5567),
)  # fmt: skip
_HOME = ZoneInfo("Europe/Paris")
STAY = timedelta(minutes=40)
WALK = timedelta(minutes=12)


class Stay(NamedTuple):
    """A stay at one of `PLACES`, after a walk from another."""

    at: datetime
    place: int
    before: int


def stays(person: Person, at: datetime) -> list[Stay]:
    """Give where the person was, oldest first."""
    posts = person.on("x", at)[:400]
    return [
        Stay(post.at.replace(microsecond=0), post.number % 4, (post.number + 1) % 4)
        for post in posts
    ]


def write_location(
    path: Path, person: Person, at: datetime, *, language: Language = "en",
    layout: Layout = "records", parts: int = 1,
) -> list[Path]:  # fmt: skip
    """Write the export; give the folder or the zips written."""
    return pack(path, members(person, at, language, layout), at, parts)


def members(person: Person, at: datetime, language: Language, layout: Layout) -> dict[str, bytes]:
    """Give the files of the export by name."""
    there = stays(person, at)
    folder = {
        "en": "Takeout/Location History (Timeline)",
        "fr": "Takeout/Historique des positions (Vos trajets)",
    }[language]
    if layout == "records":
        return {f"{folder}/Records.json": records(there)}
    if layout == "semantic":
        return {
            f"{folder}/Semantic Location History/{name}": body
            for name, body in _semantic(there).items()
        }
    if layout == "android":
        signals: list[dict] = [
            {"position": {"LatLng": _android(stay.place), "accuracyMeters": 14, "source": "WIFI",
                          "timestamp": _local(stay.at)}}
            for stay in there[-20:]
        ]  # fmt: skip
        signals.append({"wifiScan": {"deliveryTime": _local(there[-1].at), "devicesRecords": []}})
        document = {
            "semanticSegments": [segment for stay in there for segment in _segments(stay, False)],
            "rawSignals": signals, "userLocationProfile": {"frequentPlaces": []},
        }  # fmt: skip
        return {"Timeline.json": json.dumps(document, indent=2, ensure_ascii=False).encode()}
    document = [segment for stay in there for segment in _segments(stay, True)]
    return {"location-history.json": json.dumps(document, indent=2).encode()}


def records(there: list[Stay]) -> bytes:
    """Write ``Records.json`` as Google lays it out: the braces that close at the key's margin."""
    points = ", ".join(
        "{\n" + ",\n".join(
            f"    {json.dumps(name)}: {json.dumps(value)}" for name, value in _point(stay).items()
        ) + "\n  }"
        for stay in there
    )  # fmt: skip
    return f'{{\n  "locations": [{points}]\n}}'.encode()


def _point(stay: Stay) -> dict:
    _, latitude, longitude = PLACES[stay.place]
    return {
        "latitudeE7": round(latitude * 1e7), "longitudeE7": round(longitude * 1e7),
        "accuracy": 20, "source": "WIFI", "deviceTag": 1234567, "timestamp": _z(stay.at),
    }  # fmt: skip


def _semantic(there: list[Stay]) -> dict[str, bytes]:
    months: dict[str, list] = {}
    for stay in there:
        name = f"{stay.at.year}/{stay.at:%Y_%B}.json".upper().replace(".JSON", ".json")
        label, latitude, longitude = PLACES[stay.place]
        _, from_latitude, from_longitude = PLACES[stay.before]
        here = {"latitudeE7": round(latitude * 1e7), "longitudeE7": round(longitude * 1e7)}
        start = {"latitudeE7": round(from_latitude * 1e7),
                 "longitudeE7": round(from_longitude * 1e7)}  # fmt: skip
        months.setdefault(name, []).extend((
            {"activitySegment": {
                "startLocation": start, "endLocation": here, "distance": 900,
                "duration": {"startTimestamp": _z(stay.at - WALK), "endTimestamp": _z(stay.at)},
                "activityType": "WALKING", "confidence": "HIGH",
                "simplifiedRawPath": {"points": [
                    {"latE7": here["latitudeE7"] - 900, "lngE7": here["longitudeE7"],
                     "timestamp": _z(stay.at - WALK / 2), "accuracyMeters": 9}]},
            }},
            {"placeVisit": {
                "location": {**here, "placeId": f"ChIJ{stay.place}", "name": label,
                             "semanticType": "TYPE_WORK", "locationConfidence": 90.5},
                "duration": {"startTimestamp": _z(stay.at), "endTimestamp": _z(stay.at + STAY)},
                "placeConfidence": "HIGH_CONFIDENCE", "visitConfidence": 87,
            }},
        ))  # fmt: skip
    return {
        name: json.dumps({"timelineObjects": objects}, indent=2, ensure_ascii=False).encode()
        for name, objects in months.items()
    }


def _segments(stay: Stay, ios: bool) -> list[dict]:
    write = _ios if ios else _android
    wrap = (lambda place: place) if ios else (lambda place: {"latLng": place})
    walk = {"startTime": _local(stay.at - WALK), "endTime": _local(stay.at)}
    number = str if ios else (lambda value: value)
    way = {"durationMinutesOffsetFromStartTime": "6"} if ios else {
        "time": _local(stay.at - WALK / 2)}  # fmt: skip
    return [
        walk | {"activity": {
            "start": wrap(write(stay.before)), "end": wrap(write(stay.place)),
            "distanceMeters": number(900.0),
            "topCandidate": {"type": "walking", "probability": number(0.75)}}},
        walk | {"timelinePath": [{"point": write(stay.place)} | way]},
        {"startTime": _local(stay.at), "endTime": _local(stay.at + STAY), "visit": {
            "hierarchyLevel": number(0), "probability": number(0.87),
            "topCandidate": {("placeID" if ios else "placeId"): f"ChIJ{stay.place}",
                             "semanticType": "Work" if ios else "WORK",
                             "probability": number(0.9),
                             "placeLocation": wrap(write(stay.place))}}},
    ]  # fmt: skip


def _android(place: int) -> str:
    return f"{PLACES[place][1]:.7f}°, {PLACES[place][2]:.7f}°"


def _ios(place: int) -> str:
    return f"geo:{PLACES[place][1]:.6f},{PLACES[place][2]:.6f}"


def _z(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}Z"


def _local(at: datetime) -> str:
    return at.astimezone(_HOME).isoformat(timespec="milliseconds")
