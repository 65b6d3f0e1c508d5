"""What X knows of the owner: profile, logins, devices, applications, searches, inferences."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from empreinte.formats.drift import Watch
from empreinte.model import Reject, Trace
from empreinte.sources.x.dates import moment
from empreinte.sources.x.reading import Reading, mapping
from empreinte.sources.x.shapes import TRACES

_SECRETS = {"token", "devicetoken", "udid", "accountid", "encryptedtoken"}
"""Fields that are never kept: keys to a device, and the owner's id that stands on each row."""
_NAMES = frozenset(("name", "language", "id", "isDisabled"))
"""Of what X inferred, where it is an object."""
_FIELDS = 40
_LETTERS = 500


def traces(reading: Reading, kind: str) -> Iterator[Trace | Reject]:
    """Read a small file as `TRACES` says, one trace a record."""
    shape = TRACES[kind]
    watch = shape.watch()
    reading.watches.append(watch)
    for place, item in reading.items(dict[str, Any]):
        if isinstance(item, Reject):
            yield item
            continue
        fields = flat(item, shape.scalars, watch)
        watch.see(fields)
        label = next((_text(fields[key]) for key in shape.labels if fields.get(key)), "")
        if not label and kind == "verified":
            label = str(fields.get("verified"))
        if not label:
            continue  # a record that says nothing, such as {"accountTimezone": {"accountId": …}}
        dated = next((key for key in shape.at if fields.get(key)), None)
        when = watch.tried(dated, moment, fields[dated]) if dated else None
        detail = {
            key: value
            for key, value in fields.items()
            if value not in (None, "", []) and key not in (*shape.at, *shape.labels[:1])
        }
        yield reading.trace(place, shape.kind, label, at=when, detail={"from": kind, **detail})


def flat(item: object, scalars: Container[str] = (), watch: Watch | None = None) -> dict[str, Any]:
    """Give the fields of a record and of what it wraps as one mapping, secrets left out.

    An object in the place of one of `scalars` cannot be read; `watch` is told of it.

    >>> flat({"ipAudit": {"accountId": "1", "loginIp": "192.0.2.7"}})
    {'loginIp': '192.0.2.7'}
    """
    fields: dict[str, Any] = {}
    pending = [item]
    while pending and len(fields) < _FIELDS:
        here = pending.pop(0)
        for key, value in here.items() if isinstance(here, dict) else ():
            wrapper = here is item and isinstance(value, dict)  # as in device-token.js
            if key.lower() in _SECRETS and not wrapper:
                continue
            scalar = key in scalars and here is not item
            for each in value[:_FIELDS] if isinstance(value, list) else (value,):
                if isinstance(each, dict) and scalar and watch is not None:
                    watch.bad(key, each)
                elif isinstance(each, dict):
                    pending.append(each)
            if isinstance(value, dict):
                continue
            if isinstance(value, list):
                kept = [
                    _cut(each) for each in value[:_FIELDS] if isinstance(each, str | int | float)
                ]
                fields.setdefault(key, kept)
            else:
                fields.setdefault(key, _cut(value))
    return dict(list(fields.items())[:_FIELDS])


def _cut(value: object) -> object:
    return value[:_LETTERS] if isinstance(value, str) else value


def _text(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def profile(reading: Reading, fields: dict[str, tuple[int, Any]]) -> Iterator[Trace]:
    """Give a trace for each thing that the owner told X of themselves.

    Parameters
    ----------
    fields : dict of str to (int, Any)
        Name of a field, and its place in the file and its value.
    """
    for name, (place, value) in fields.items():
        if isinstance(value, str) and value:
            yield reading.trace(place, "profile", value[:_LETTERS], detail={"from": name})


def personalization(reading: Reading) -> Iterator[Trace | Reject]:
    """Read what X inferred: languages, gender, age, interests, audiences, places."""
    for place, item in reading.items(dict[str, Any]):
        if isinstance(item, Reject):
            yield item
            continue
        data = mapping(item, "p13nData") or item
        interests = mapping(data, "interests")
        audience = mapping(interests, "audienceAndAdvertisers")
        demographics = mapping(data, "demographics")
        age = mapping(data, "inferredAgeInfo")
        lists: tuple[tuple[str, str, object], ...] = (
            ("demographic", "language", demographics.get("languages")),
            ("demographic", "gender", [mapping(demographics, "genderInfo").get("gender")]),
            ("demographic", "age", age.get("age")),
            ("demographic", "birth date", [age.get("birthDate")]),
            ("interest", "interest", interests.get("interests")),
            ("interest", "partner", interests.get("partnerInterests")),
            ("interest", "show", interests.get("shows")),
            ("advertiser", "audience", audience.get("advertisers")),
            ("advertiser", "look-alike", audience.get("lookalikeAdvertisers")),
            ("advertiser", "do not reach", audience.get("doNotReachAdvertisers")),
            ("advertiser", "catalogue", audience.get("catalogAudienceAdvertisers")),
            ("profile", "number of audiences", [audience.get("numAudiences")]),
            ("place", "location history", data.get("locationHistory")),
        )
        for kind, source, entries in lists:
            yield from _inferred(reading, place, kind, source, entries)


def _inferred(
    reading: Reading, place: int, kind: str, source: str, entries: object
) -> Iterator[Trace]:
    if entries is not None and not isinstance(entries, list):
        reading.watch.bad(source, entries)
    for entry in entries if isinstance(entries, list) else ():
        detail: dict[str, Any] = {"from": source}
        if source == "audience":  # of lists that advertisers gave
            detail["uses"] = ["list"]
        if isinstance(entry, dict):
            fields = flat({source: entry}, _NAMES, reading.watch)
            disabled = fields.pop("isDisabled", None)
            if disabled is not None:
                detail["disabled"] = disabled
            if not fields.keys() & _NAMES:
                reading.watch.bad(source, entry)
                continue
            label = ", ".join(_text(value) for value in fields.values() if value)
        else:
            label = str(entry) if entry not in (None, "") else ""
        if label:
            yield reading.trace(place, kind, label[:_LETTERS], detail=detail)
