"""``Semantic Location History/2021/2021_JANUARY.json``: visits and what lay between them.

Fields as the samples of a published simulation of it and the descriptions at
https://locationhistoryformat.com/reference/semantic have them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Fields, Watch
from empreinte.model import Reject, Trace
from empreinte.sources.google.location.places import (
    Number,
    Place,
    Span,
    due,
    e7,
    number,
    percent,
    shown,
    span,
    time,
    trace,
)
from empreinte.sources.google.names import clip, raw

_LOCATION = Fields(
    "",
    "latitudeE7 longitudeE7 placeId address name semanticType sourceInfo locationConfidence "
    "calibratedProbability accuracyMetres isCurrentLocation",
)
_DURATION = Fields(
    "", "startTimestamp endTimestamp startTimestampMs endTimestampMs activityType"
)  # fmt: skip
_WAY = Fields("", "latE7 lngE7 timestamp timestampMs accuracyMeters")
_PATH = Fields(
    "", "source distanceMeters travelMode confidence roadSegment",
    {"points": _WAY, "waypoints": _WAY},
)  # fmt: skip
_STAY = {"location": _LOCATION, "duration": _DURATION, "simplifiedRawPath": _PATH}
_VISIT = (
    "placeConfidence centerLatE7 centerLngE7 visitConfidence otherCandidateLocations "
    "editConfirmationStatus locationConfidence placeVisitType placeVisitImportance "
    "placeVisitLevel childVisits checkin locationAssertionType lastEditedTimestamp sectionId "
    "editActionMetadata"
)
FIELDS = Fields("", "", {
    "placeVisit": Fields("", _VISIT, _STAY | {"childVisits": Fields("", _VISIT, _STAY)}),
    "activitySegment": Fields(
        "",
        "distance activityType confidence activities editConfirmationStatus parkingEvent "
        "transitPath lastEditedTimestamp editActionMetadata sectionId",
        {
            "startLocation": _LOCATION, "endLocation": _LOCATION, "duration": _DURATION,
            "waypointPath": _PATH, "simplifiedRawPath": _PATH,
        },
    ),
})  # fmt: skip
MAX_DEPTH = 8
MAX_WAY = 1_000
"""Undated points of a way that are kept with it."""


class Location(msgspec.Struct, rename={"latitude": "latitudeE7", "longitude": "longitudeE7",
                                       "place_id": "placeId", "kind": "semanticType"}):  # fmt: skip
    """A place, as it is named."""

    latitude: Number = None
    longitude: Number = None
    place_id: str | None = None
    address: str | None = None
    name: str | None = None
    kind: str | None = None


class Duration(msgspec.Struct, rename="camel"):
    """From when to when."""

    start_timestamp: str | None = None
    end_timestamp: str | None = None
    start_timestamp_ms: str | int | None = None
    end_timestamp_ms: str | int | None = None


class Way(msgspec.Struct, rename={"latitude": "latE7", "longitude": "lngE7",
                                  "timestamp_ms": "timestampMs"}):  # fmt: skip
    """A point of a way."""

    latitude: Number = None
    longitude: Number = None
    timestamp: str | None = None
    timestamp_ms: str | int | None = None


class Path(msgspec.Struct):
    """The points of a way, under either of two names."""

    points: list[Way] | None = None
    waypoints: list[Way] | None = None


class Visit(
    msgspec.Struct,
    rename={
        "centre_latitude": "centerLatE7", "centre_longitude": "centerLngE7",
        "confidence": "visitConfidence", "inside": "childVisits", "path": "simplifiedRawPath",
    },
):  # fmt: skip
    """A stay somewhere."""

    location: Location | None = None
    duration: Duration | None = None
    centre_latitude: Number = None
    centre_longitude: Number = None
    confidence: Number = None
    inside: list[Visit] | None = None
    path: Path | None = None


class Segment(msgspec.Struct, rename="camel"):
    """A way from one place to another."""

    start_location: Location | None = None
    end_location: Location | None = None
    duration: Duration | None = None
    distance: Number = None
    activity_type: str | None = None
    confidence: Number = None
    waypoint_path: Path | None = None
    simplified_raw_path: Path | None = None


class Object(msgspec.Struct, rename="camel"):
    """One element of ``timelineObjects``."""

    place_visit: Visit | None = None
    activity_segment: Segment | None = None


def read(item: Object, file: str, index: int, watch: Watch) -> Iterator[Trace | Reject]:
    """Give the traces of one element; each part that cannot be read loses only itself."""
    if item.place_visit is not None:
        yield from _visit(item.place_visit, file, index, watch, "visit")
    if item.activity_segment is not None:
        yield from _segment(item.activity_segment, file, index, watch)


def _visit(
    visit: Visit, file: str, index: int, watch: Watch, kind: str, depth: int = 0
) -> Iterator[Trace | Reject]:
    try:
        if depth > MAX_DEPTH:
            raise RecordError("Visits stand inside each other more than {n} times.", n=MAX_DEPTH)
        yield _stay(visit, file, index, watch, kind)
    except RecordError as error:
        yield _reject(error, visit, file, index)
    yield from _points(visit.path, file, index, watch)
    for inner in (visit.inside or ()) if depth <= MAX_DEPTH else ():
        yield from _visit(inner, file, index, watch, "visit inside", depth + 1)


def _stay(visit: Visit, file: str, index: int, watch: Watch, kind: str) -> Trace:
    start, end = _span(visit.duration or Duration(), watch)
    where = visit.location or Location()
    place = _place(where.latitude, where.longitude, "location", watch)
    place = place or _place(visit.centre_latitude, visit.centre_longitude, "center", watch)
    detail: dict[str, Any] = {
        "from": kind, "start": shown(start), "end": shown(end),
        "semantic_type": _text(where.kind), "place_id": _text(where.place_id),
        "address": _text(where.address), "name": _text(where.name),
        "probability": watch.tried("visitConfidence", percent, visit.confidence),
    }  # fmt: skip
    label = where.name or where.address or where.place_id
    if place is None and not label:
        raise RecordError("The item names no place.")
    return trace(label, start, place, detail, file, index)


def _segment(segment: Segment, file: str, index: int, watch: Watch) -> Iterator[Trace | Reject]:
    try:
        start, until = _span(segment.duration or Duration(), watch)
        from_, to = segment.start_location or Location(), segment.end_location or Location()
        begin = _place(from_.latitude, from_.longitude, "startLocation", watch)
        end = _place(to.latitude, to.longitude, "endLocation", watch)
        detail: dict[str, Any] = {
            "from": "activity", "start": shown(start), "end": shown(until),
            "semantic_type": _text(segment.activity_type),
            "distance_m": watch.tried("distance", number, segment.distance),
            "confidence": _text(str(segment.confidence)) if segment.confidence else None,
            "end_latitude": end[0] if end else None, "end_longitude": end[1] if end else None,
            "way": _way(segment.waypoint_path, watch),
        }  # fmt: skip
        yield trace(segment.activity_type, start, begin, detail, file, index)
    except RecordError as error:
        yield _reject(error, segment, file, index)
    yield from _points(segment.simplified_raw_path, file, index, watch)


def _points(path: Path | None, file: str, index: int, watch: Watch) -> Iterator[Trace | Reject]:
    """Give the dated points of a way, each by itself."""
    for point in (path.points or path.waypoints or ()) if path else ():
        try:
            at = due(time(point.timestamp, point.timestamp_ms))
            place = e7(point.latitude, point.longitude)
            if place is not None:
                yield trace(None, at, place, {"from": "way"}, file, index)
        except RecordError as error:
            yield _reject(error, point, file, index)


def _way(path: Path | None, watch: Watch) -> list[Place] | None:
    if path is None:
        return None
    points = (path.waypoints or path.points or [])[:MAX_WAY]
    found = [_place(point.latitude, point.longitude, "waypointPath", watch) for point in points]
    return [place for place in found if place] or None


def _place(latitude: Number, longitude: Number, name: str, watch: Watch) -> Place | None:
    try:
        return e7(latitude, longitude)
    except RecordError:
        watch.bad(name, f"{latitude}, {longitude}")
        return None


def _span(at: Duration, watch: Watch) -> Span:
    return span(
        ("startTimestamp", at.start_timestamp, at.start_timestamp_ms),
        ("endTimestamp", at.end_timestamp, at.end_timestamp_ms), watch,
    )  # fmt: skip


def _text(text: str | None) -> str | None:
    return clip(text) if text else None


def _reject(error: RecordError, what: object, file: str, index: int) -> Reject:
    return Reject(file=file, place=index, reason=error.message, raw=raw(what))
