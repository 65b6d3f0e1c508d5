"""``Records.json`` (``Location History.json`` to 2019): a point every few minutes.

Fields as published samples of 2015 to 2024 hold them; times as ``timestampMs`` to 2021.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from empreinte.formats.dates import EARLIEST, LATEST
from empreinte.formats.drift import Fields
from empreinte.model import Trace
from empreinte.sources.google.location.places import Measure, Number, due, e7, time
from empreinte.sources.google.names import GOOGLE, OWNER, clip

FIELDS = Fields(
    "latitudeE7 longitudeE7",
    "timestamp timestampMs accuracy altitude verticalAccuracy velocity heading source deviceTag "
    "platform platformType serverTimestamp deviceTimestamp deviceTimestampMs batteryCharging "
    "formFactor activity locationMetadata inferredLocation placeId deviceDesignation activeWifiScan"
    " osLevel locationServices",
)


class Point(msgspec.Struct, gc=False):
    """One point; units are metres, metres a second and degrees."""

    latitudeE7: Number = None  # noqa: N815
    longitudeE7: Number = None  # noqa: N815
    timestamp: datetime | None = None
    timestampMs: str | int | None = None  # noqa: N815
    accuracy: Measure = None
    altitude: Measure = None
    velocity: Measure = None
    heading: Measure = None
    source: str | None = None
    deviceTag: int | str | None = None  # noqa: N815


def read(point: Point, file: str, index: int) -> Trace | None:
    """Make the trace of a point; ``None`` for one that tells no place.

    There may be millions: this is `places.trace` without its detours.

    Raises
    ------
    RecordError
        If it is no place on Earth, or bears no date.
    """
    place = e7(point.latitudeE7, point.longitudeE7)
    if place is None:
        return None
    latitude, longitude = place
    detail: dict[str, Any] = {"from": "point", "latitude": latitude, "longitude": longitude}
    if point.accuracy is not None:
        detail["accuracy_m"] = point.accuracy
    if point.altitude is not None:
        detail["altitude_m"] = point.altitude
    if point.velocity is not None:
        detail["speed_m_s"] = point.velocity
    if point.heading is not None:
        detail["heading_deg"] = point.heading
    if point.source:
        detail["source"] = clip(point.source)
    if point.deviceTag is not None:
        detail["device"] = clip(str(point.deviceTag))
    at = point.timestamp
    if at is None or at.tzinfo is None or not EARLIEST <= at.year <= LATEST:
        at = due(time(at.isoformat() if at else None, point.timestampMs))
    return Trace(
        platform=GOOGLE, account_id=OWNER, kind="place", label=f"{latitude}, {longitude}", at=at,
        detail=detail, file=file, place=index,
    )  # fmt: skip
