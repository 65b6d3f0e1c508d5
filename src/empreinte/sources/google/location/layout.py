"""Which files are the location history's: told by folder and name, then by the first keys."""

from __future__ import annotations

import re
from collections.abc import Iterator

from empreinte.container import Container
from empreinte.formats.byte_order import opening
from empreinte.formats.labels import load
from empreinte.sources.google.takeout import MAX_LOOKS, folder, is_alone

_HEAD = 16 << 10
_NAME = re.compile(
    r"(.*/)?(Records|Location History|Historique des positions|Timeline|location-history"
    r"|Vos trajets|Trajets|\d{4}_[^\W\d_]{3,12})\.json",
    re.IGNORECASE,
)
_POINTS = re.compile(rb'"locations"\s*:\s*\[')
_POINT = re.compile(rb'"(latitudeE7|timestampMs)"\s*:')
_SEMANTIC = re.compile(rb'\{\s*"timelineObjects"\s*:\s*\[')
_ANDROID = re.compile(rb'\{\s*"(semanticSegments|rawSignals|userLocationProfile)"\s*:')
_IOS = re.compile(rb'"(visit|activity|timelinePath|timelineMemory)"\s*:')


def kind(export: Container, name: str) -> str | None:
    """Tell what a file holds: ``points``, ``semantic``, ``android``, ``ios``, or ``None``."""
    head = opening(export.head(name, _HEAD))
    if head.startswith(b"{"):
        if _SEMANTIC.match(head):
            return "semantic"
        if _ANDROID.match(head):
            return "android"
        return "points" if _POINTS.search(head) and _POINT.search(head) else None
    if head.startswith(b"[") and b'"startTime"' in head and b'"endTime"' in head:
        return "ios" if _IOS.search(head) else None
    return None


def roots(export: Container) -> Iterator[str]:
    """Give the folders of the location history, or files that stand by themselves."""
    found: dict[str, None] = {}
    looks = 0
    alone = is_alone(export)
    for name in export.names() if alone else export.names(r".*\.json"):
        root = folder(name, "location_history") or name
        if root in found or not (alone or root != name or _NAME.fullmatch(name)):
            continue
        looks += 1
        if looks > MAX_LOOKS:
            break
        if kind(export, name):
            found[root] = None
    yield from found


def is_settings(name: str) -> bool:
    """Tell whether a file holds settings, by its name."""
    base = name.rpartition("/")[2].rpartition(".")[0]
    return load("empreinte.sources.google.location").of(base) == "settings"
