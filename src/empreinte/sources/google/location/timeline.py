"""The phone's own timeline, since 2024.

Android, ``Timeline.json``: ``{semanticSegments: […], rawSignals: […], userLocationProfile:
{…}}``; iOS, ``location-history.json``: a bare list of segments. Fields as published descriptions
of exports of 2024 and 2025 have them; times bear the offset of the place, numbers may be text.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Fields, Watch, counter
from empreinte.model import Reject, Trace
from empreinte.sources.google.location.places import (
    Number,
    Span,
    due,
    number,
    shown,
    span,
    time,
    trace,
    written,
)
from empreinte.sources.google.names import clip, raw

_LAT_LNG = Fields("", "latLng LatLng")
_CANDIDATE = Fields(
    "", "placeId placeID semanticType type probability", {"placeLocation": _LAT_LNG}
)  # fmt: skip
SEGMENTS = Fields(
    "startTime endTime",
    "timelineMemory startTimeTimezoneUtcOffsetMinutes endTimeTimezoneUtcOffsetMinutes",
    {
        "visit": Fields(
            "", "hierarchyLevel probability isTimelessVisit", {"topCandidate": _CANDIDATE}
        ),
        "activity": Fields(
            "", "distanceMeters probability parking",
            {"start": _LAT_LNG, "end": _LAT_LNG, "topCandidate": _CANDIDATE},
        ),
        "timelinePath": Fields("point", "time durationMinutesOffsetFromStartTime mode"),
    },
)  # fmt: skip
SIGNALS = Fields("", "wifiScan activityRecord", {
    "position": Fields(
        "",
        "LatLng latLng accuracyMeters altitudeMeters speedMetersPerSecond source timestamp",
    ),
})  # fmt: skip
TOP = frozenset(("semanticSegments", "rawSignals", "userLocationProfile"))
"""What a document of Android holds."""
MAX_TRIPS = 50


class Candidate(msgspec.Struct, rename="camel"):
    """What a visit or a move most likely was."""

    place_id: str | None = None
    placeID: str | None = msgspec.field(default=None, name="placeID")  # noqa: N815
    semantic_type: str | None = None
    type: str | None = None
    probability: Number = None
    place_location: Any = None


class Visit(msgspec.Struct, rename="camel"):
    """A stay somewhere; `hierarchy_level` 1 and more are places inside another."""

    hierarchy_level: Number = None
    probability: Number = None
    top_candidate: Candidate | None = None


class Move(msgspec.Struct, rename="camel"):
    """A way from one place to another."""

    start: Any = None
    end: Any = None
    distance_meters: Number = None
    probability: Number = None
    top_candidate: Candidate | None = None


class PathPoint(msgspec.Struct, rename="camel"):
    """A point of a way, dated by itself (Android) or from its start (iOS)."""

    point: Any = None
    time: str | None = None
    duration_minutes_offset_from_start_time: Number = None


class Segment(msgspec.Struct, rename="camel"):
    """One element: a visit, a move, the points of a way or a memory of a trip."""

    start_time: str | None = None
    end_time: str | None = None
    visit: Visit | None = None
    activity: Move | None = None
    timeline_path: list[PathPoint] | None = None
    timeline_memory: dict[str, Any] | None = None


class Position(msgspec.Struct, rename="camel"):
    """Where the phone was, raw."""

    LatLng: str | None = msgspec.field(default=None, name="LatLng")
    lat_lng: str | None = None
    accuracy_meters: Number = None
    altitude_meters: Number = None
    speed_meters_per_second: Number = None
    source: str | None = None
    timestamp: str | None = None


class Signal(msgspec.Struct):
    """One element of ``rawSignals``; scans of Wi-Fi and movements tell no place."""

    position: Position | None = None


def segment(item: Segment, file: str, index: int, watch: Watch) -> Iterator[Trace | Reject]:
    """Give the traces of one segment."""
    try:
        at = _span(item, watch) if item.timeline_path is None else (None, None)
        if item.visit is not None:
            yield _visit(at, item.visit, file, index, watch)
        if item.activity is not None:
            yield _move(at, item.activity, file, index, watch)
        if item.timeline_memory is not None:
            yield _memory(at, item.timeline_memory, file, index, watch)
    except RecordError as error:
        yield _reject(error, item, file, index)
    for point in item.timeline_path or ():
        try:
            yield _point(item, point, file, index)
        except RecordError as error:
            yield _reject(error, point, file, index)


def _span(item: Segment, watch: Watch) -> Span:
    return span(("startTime", item.start_time), ("endTime", item.end_time), watch)


def _detail(at: Span, kind: str, top: Candidate) -> dict[str, Any]:
    return {
        "from": kind, "start": shown(at[0]), "end": shown(at[1]),
        "semantic_type": _text(top.semantic_type or top.type),
        "place_id": _text(top.place_id or top.placeID),
    }  # fmt: skip


def _visit(at: Span, visit: Visit, file: str, index: int, watch: Watch) -> Trace:
    top = visit.top_candidate or Candidate()
    inside = (watch.tried("visit.hierarchyLevel", counter, visit.hierarchy_level) or 0) > 0
    detail = _detail(at, "visit inside" if inside else "visit", top)
    detail["probability"] = watch.tried("visit.probability", number, visit.probability)
    place = watch.tried("visit.placeLocation", written, top.place_location)
    label = top.place_id or top.placeID or top.semantic_type
    if place is None and not label:
        raise RecordError("The item names no place.")
    return trace(label, at[0], place, detail, file, index)


def _move(at: Span, move: Move, file: str, index: int, watch: Watch) -> Trace:
    top = move.top_candidate or Candidate()
    begin = watch.tried("activity.start", written, move.start)
    end = watch.tried("activity.end", written, move.end)
    detail = _detail(at, "activity", top) | {
        "distance_m": watch.tried("activity.distanceMeters", number, move.distance_meters),
        "probability": watch.tried(
            "activity.probability", number,
            top.probability if move.probability is None else move.probability,
        ),
        "end_latitude": end[0] if end else None, "end_longitude": end[1] if end else None,
    }  # fmt: skip
    return trace(top.type, at[0], begin, detail, file, index)


def _memory(at: Span, memory: dict[str, Any], file: str, index: int, watch: Watch) -> Trace:
    trip = memory.get("trip", memory)
    trip = trip if isinstance(trip, dict) else {}
    ids: list[str] = []
    told = trip.get("destinations")
    for one in told[:MAX_TRIPS] if isinstance(told, list) else ():
        inner = one.get("identifier", one) if isinstance(one, dict) else None
        id = (inner.get("placeId") or inner.get("placeID")) if isinstance(inner, dict) else None
        if isinstance(id, str):
            ids.append(clip(id))
    detail = _detail(at, "trip", Candidate()) | {
        "place_ids": ids or None, "distance_km": watch.tried(
            "trip.distanceFromOriginKms", number, trip.get("distanceFromOriginKms")
        ),
    }  # fmt: skip
    return trace(", ".join(ids) or "trip", at[0], None, detail, file, index)


def _point(item: Segment, point: PathPoint, file: str, index: int) -> Trace:
    at = time(point.time)
    if at is None:
        minutes = number(point.duration_minutes_offset_from_start_time) or 0
        if not 0 <= minutes < 1e6:
            raise RecordError("{value} is not a number.", value=minutes)
        at = due(time(item.start_time)) + timedelta(minutes=minutes)
    place = written(point.point)
    if place is None:
        raise RecordError("The item names no place.")
    return trace(None, at, place, {"from": "way"}, file, index)


def position(where: Position, file: str, index: int, watch: Watch) -> Trace:
    """Make the trace of a raw position.

    Raises
    ------
    RecordError
        If it bears no date, or no place.
    """
    place = written(where.LatLng or where.lat_lng)
    if place is None:
        raise RecordError("The item names no place.")
    detail = {
        "from": "point", "accuracy_m": watch.tried("accuracyMeters", number, where.accuracy_meters),
        "altitude_m": watch.tried("altitudeMeters", number, where.altitude_meters),
        "speed_m_s": watch.tried("speedMetersPerSecond", number, where.speed_meters_per_second),
        "source": _text(where.source),
    }  # fmt: skip
    return trace(None, due(time(where.timestamp)), place, detail, file, index)


def _text(text: str | None) -> str | None:
    return clip(text) if text else None


def _reject(error: RecordError, what: object, file: str, index: int) -> Reject:
    return Reject(file=file, place=index, reason=error.message, raw=raw(what))
