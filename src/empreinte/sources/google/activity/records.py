"""Entries of My Activity to traces: what was searched, visited, used, seen of advertisements."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from empreinte.errors import RecordError
from empreinte.formats.labels import Labels, load
from empreinte.model import Trace
from empreinte.sources.google.entries import Entry
from empreinte.sources.google.names import GOOGLE, OWNER, clip
from empreinte.sources.google.said import Said, said

_KINDS = {
    "searched": "search", "asked": "search", "used": "activity", "installed": "activity",
    "viewed_area": "place", "directions": "place", "explored": "place",
}  # fmt: skip
"""Kinds of trace by verb; what else was visited, read or viewed is activity."""
_CENTRE = re.compile(r"(?:center=|/@)(-?\d{1,3}\.\d{1,15})(?:,|%2C)(-?\d{1,3}\.\d{1,15})")
MAX_WITH = 20


def products() -> Labels:
    """Give the names of Google's products."""
    return load("empreinte.sources.google.activity")


def trace(entry: Entry, file: str) -> Trace:
    """Make the trace that an entry is.

    Raises
    ------
    RecordError
        If it bears no date, or says nothing.
    """
    if not entry.title and not entry.url:
        raise RecordError("The item is empty: it names neither what was done nor where.")
    tells = said(entry)
    product = _product(entry.header)
    detail: dict[str, Any] = {"product": clip(product)}
    if tells.verb is not None:
        detail["verb"] = tells.verb
    if entry.url:
        detail["url"] = clip(entry.url)
    if entry.subtitles:
        detail["with"] = [clip(line.name or line.url or "") for line in entry.subtitles[:MAX_WITH]]
    place = where(entry, tells)
    if place is not None:
        detail["latitude"], detail["longitude"] = place
    if entry.locations:
        source = next((one.source for one in entry.locations if one.source), None)
        if source is not None:
            detail["place_source"] = clip(_product(source))
    return Trace(
        platform=GOOGLE, account_id=OWNER, kind=_kind(entry, tells, product),
        label=clip(tells.what or entry.title or entry.url or ""), at=entry.at, detail=detail,
        file=file, place=entry.place,
    )  # fmt: skip


@lru_cache(1_000)
def _product(header: str) -> str:
    return products().of(header) or header


def _kind(entry: Entry, tells: Said, product: str) -> str:
    if entry.is_ad or product == "Ads":
        seen = tells.verb not in ("visited", "clicked", "searched")
        return "ad_impression" if seen else "ad_engagement"
    return _KINDS.get(tells.verb or "", "activity")


def where(entry: Entry, tells: Said) -> tuple[float, float] | None:
    """Give the latitude and longitude (degrees) that an entry tells, ``None`` if it tells none.

    The place where someone was, as far as Google tells it, else the one on the map looked at.
    """
    for one in entry.locations:
        found = _found(one.url)
        if found is not None:
            return found
    return _found(tells.url)


def _found(url: str | None) -> tuple[float, float] | None:
    if not url or ("center=" not in url and "/@" not in url):
        return None
    found = _CENTRE.search(url[:2000])
    if found is None:
        return None
    latitude, longitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None
