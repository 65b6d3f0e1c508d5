"""Coordinates and traces: how Google writes where something is, in four ways.

``latitudeE7`` (degrees times ten million), ``"48.85°, 2.35°"`` (Android), ``"geo:48.85,2.35"``
(iOS), ``{"latLng": …}`` around either. Documented by their readers at
https://locationhistoryformat.com.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.dates import epoch
from empreinte.formats.drift import Watch, counter
from empreinte.model import Trace
from empreinte.sources.google.names import GOOGLE, OWNER, clip, exactly

_PAIR = re.compile(r"(?:geo:)?\s*(-?\d{1,3}(?:\.\d{1,20})?)\s?°?\s*,\s*(-?\d{1,3}(?:\.\d{1,20})?)")
Number = int | float | str | None
_LARGEST = 1e10
"""Metres, metres a second and degrees beyond this are a fault of what wrote them."""
Measure = Annotated[float, msgspec.Meta(ge=-_LARGEST, le=_LARGEST)] | None
Place = tuple[float, float]


def e7(latitude: Number, longitude: Number) -> Place | None:
    """Read degrees times ten million; ``None`` where neither is told.

    Some exports hold numbers that ran over 32 bits; they are brought back.

    Raises
    ------
    RecordError
        If it is no place on Earth.
    """
    if latitude is None or longitude is None:
        return None
    if (
        type(latitude) is int
        and type(longitude) is int
        and -900_000_000 <= latitude <= 900_000_000
        and -1_800_000_000 <= longitude <= 1_800_000_000
    ):
        return latitude / 1e7, longitude / 1e7  # nearly all
    return on_earth(_degrees(latitude, 900_000_000), _degrees(longitude, 1_800_000_000))


def _degrees(value: Number, most: int) -> float:
    found = number(value)
    if found is None or found != int(found):
        raise RecordError("{value} is not a coordinate.", value=value)
    if most < found < 1 << 32:
        found -= 1 << 32
    return found / 1e7


def on_earth(latitude: float, longitude: float) -> Place:
    """Give the place, seven decimals being a centimetre.

    Raises
    ------
    RecordError
        If it is none.
    """
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise RecordError(
            "{latitude}, {longitude} is no place on Earth.",
            latitude=latitude,
            longitude=longitude,
        )
    return round(latitude, 7), round(longitude, 7)


def written(text: object) -> Place | None:
    """Read a place that is written as text, or as an object around one; ``None`` if not told.

    Raises
    ------
    RecordError
        If it is no place.

    >>> written("48.8566°, 2.3522°"), written("geo:48.8566,2.3522")
    ((48.8566, 2.3522), (48.8566, 2.3522))
    """
    if isinstance(text, dict) and text:
        text = text.get("latLng", text.get("LatLng", text))
    if text is None or text in ("", {}):
        return None
    found = _PAIR.match(text) if isinstance(text, str) and len(text) < 100 else None
    if found is None:
        raise RecordError("{text} is not a place.", text=text)
    return on_earth(float(found[1]), float(found[2]))


def number(value: object) -> float | None:
    """Give a number, also where it is written as text; ``None`` where it is not told.

    Raises
    ------
    RecordError
        If it is none, or larger than anything on Earth.
    """
    if value is None or value == "":
        return None
    try:
        found = float(value)  # pyright: ignore[reportArgumentType]
    except (TypeError, ValueError, OverflowError):
        found = float("nan")
    if not -_LARGEST <= found <= _LARGEST:
        raise RecordError("{value} is not a number.", value=value)
    return found


def percent(value: object) -> float | None:
    """Give a whole number of per cent as a share; ``None`` where it is not told.

    Raises
    ------
    RecordError
        If it is none.
    """
    found = None if value is None or value == "" else counter(value)
    if found is not None and found > 100:
        raise RecordError("{value} is not a number.", value=value)
    return None if found is None else round(found / 100, 4)


def time(text: object, milliseconds: object = None) -> datetime | None:
    """Read a time in ISO 8601, or milliseconds since 1970; ``None`` where neither is told.

    Raises
    ------
    RecordError
        If it is none.
    """
    if text:
        return exactly(text)
    return epoch(milliseconds) if milliseconds is not None else None


def due(at: datetime | None) -> datetime:
    """Give a time that a record cannot do without.

    Raises
    ------
    RecordError
        If there is none.
    """
    if at is None:
        raise RecordError("The item has no date.")
    return at


Span = tuple[datetime | None, datetime | None]
"""Start and end."""
Dated = tuple[str, object] | tuple[str, object, object]
"""The name of a date, and what `time` reads."""


def span(start: Dated, end: Dated, watch: Watch) -> Span:
    """Read start and end; one of both may be unreadable, which is told.

    Raises
    ------
    RecordError
        If there is neither.
    """
    found: list[datetime | None] = []
    lost: list[tuple[str, object]] = []
    for name, *told in (start, end):
        try:
            found.append(time(*told))
        except RecordError:
            found.append(None)
            lost.append((name, next(value for value in told if value is not None)))
    if found == [None, None]:
        raise RecordError("The item has no date.")
    for name, value in lost:
        watch.bad(name, value)
    return found[0], found[1]


def shown(at: datetime | None) -> str | None:
    """Write a time in UTC for a trace's detail."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def trace(label: str | None, at: datetime | None, place: Place | None, detail: dict[str, Any],
          file: str, index: int) -> Trace:  # fmt: skip
    """Make the trace of a place; what is not told is left out of its detail."""
    kept = {name: value for name, value in detail.items() if value is not None}
    if place is not None:
        kept["latitude"], kept["longitude"] = place
        label = label or f"{place[0]}, {place[1]}"
    return Trace(
        platform=GOOGLE, account_id=OWNER, kind="place", label=clip(label or ""), at=at,
        detail=kept, file=file, place=index,
    )  # fmt: skip
