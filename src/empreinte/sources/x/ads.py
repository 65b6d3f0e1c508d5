"""Advertisements: what was shown to the owner, by whom and why, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.model import Reject, Trace
from empreinte.sources.x.dates import moment
from empreinte.sources.x.fields import AD, CONVERSION, ENGAGEMENT
from empreinte.sources.x.reading import Reading, mapping

_LISTS = {"impressions": "ad_impression", "engagements": "ad_engagement",
          "conversions": "ad_engagement"}  # fmt: skip
_TEXT = 280
_CRITERIA = 200
_REMEMBERED = 500_000
"""Records whose hash is kept to number repeats; beyond, repeats are one record."""


def ads(reading: Reading) -> Iterator[Trace | Reject]:
    """Read impressions, engagements and conversions, one trace each.

    `place` counts them over the whole file, for an element of the array holds those of a day.
    X sometimes lists the same engagement twice; the second has ``again`` in its detail, so that
    the ledger counts as many as the archive holds.
    """
    encode = msgspec.json.Encoder().encode
    watches = {
        "impressions": Watch(AD), "engagements": Watch(ENGAGEMENT),
        "conversions": Watch(CONVERSION),
    }  # fmt: skip
    reading.watches += watches.values()
    seen: dict[int, int] = {}
    reading.records = 0
    for place, item in reading.items(dict[str, Any]):
        if isinstance(item, Reject):
            yield item
            continue
        for name, record in _records(item, reading.watch):
            kind = _LISTS[name]
            place = reading.records
            reading.records += 1
            watches[name].see(record)
            try:
                trace = _trace(reading, place, kind, record, watches[name])
            except RecordError as error:
                raw = msgspec.json.encode(record).decode()
                yield reading.reject(place, error.message, raw)
                continue
            key = hash(encode((trace.label, trace.at, trace.detail)))
            if key in seen and trace.detail is not None:
                seen[key] += 1
                trace.detail["again"] = seen[key]
            elif len(seen) < _REMEMBERED:
                seen[key] = 0
            yield trace


def _records(item: dict[str, Any], watch: Watch) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in (item, mapping(item, "ad")):
        for name in path.keys() - {"ad", "adsUserData"}:
            watch.unknown(name)
    for where, group in mapping(item, "ad", "adsUserData").items():
        for name, records in mapping(group).items():
            if name not in _LISTS or not isinstance(records, list):
                watch.unknown(f"{where}.{name}")
                continue
            for record in records:
                if isinstance(record, dict):
                    yield name, record
                else:
                    watch.bad(f"{where}.{name}", record)


def _trace(reading: Reading, place: int, kind: str, record: dict[str, Any], watch: Watch) -> Trace:
    shown = mapping(record, "impressionAttributes") or record
    told = _Texts(watch, "impressionAttributes." if shown is not record else "")
    advertiser, post = mapping(shown, "advertiserInfo"), mapping(shown, "promotedTweetInfo")
    device = mapping(shown, "deviceInfo")
    trend = told(mapping(shown, "promotedTrendInfo"), "name", "promotedTrendInfo.")
    names = [told(advertiser, name, "advertiserInfo.") for name in ("advertiserName", "screenName")]
    tweet_id = told(post, "tweetId", "promotedTweetInfo.")
    acts = record.get("engagementAttributes")
    label = (
        names[0] or names[1] or told(record, "applicationName") or trend
        or told(record, "conversionUrl") or tweet_id
    )  # fmt: skip
    if label is None:
        raise RecordError("An advertisement without an advertiser; it is kept as it is.")
    detail: dict[str, Any] = {
        "screen_name": names[1],
        "tweet_id": tweet_id,
        "text": (told(post, "tweetText", "promotedTweetInfo.") or "")[:_TEXT],
        "trend": trend,
        "publisher": told(mapping(shown, "publisherInfo"), "publisherName", "publisherInfo."),
        "display": told(shown, "displayLocation"),
        "device": told(device, "deviceType", "deviceInfo.")
        or told(device, "osType", "deviceInfo."),
        "criteria": told.pairs(
            shown, "matchedTargetingCriteria", "targetingType", "targetingValue"
        ),
        "event": told(record, "conversionEvent") or told(record, "eventType"),
    }
    time = told(shown, "impressionTime") or told(record, "conversionTime")
    when = watch.tried(f"{told.prefix}impressionTime", moment, time)
    if acts is not None:
        outer = _Texts(watch, "")
        done = outer.pairs(record, "engagementAttributes", "engagementType", "engagementTime")
        detail["engagements"] = done
        name = "engagementAttributes.engagementTime"
        times = [date for _, at in done if (date := watch.tried(name, moment, at or None))]
        detail["shown"] = time
        when = min(times, default=when)
    kept = {key: value for key, value in detail.items() if value}
    return reading.trace(place, kind, label, at=when, detail=kept)


class _Texts:
    """Gives texts of a record; what stands in the place of one is counted as unreadable."""

    def __init__(self, watch: Watch, prefix: str) -> None:
        self.watch, self.prefix = watch, prefix

    def __call__(self, fields: dict[str, Any], name: str, within: str = "") -> str | None:
        value = fields.get(name)
        if value is None or isinstance(value, str):
            return value or None
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        self.watch.bad(f"{self.prefix}{within}{name}", value)
        return None

    def pairs(self, fields: dict[str, Any], name: str, first: str, second: str) -> list[list[Any]]:
        """Give two texts of each object in a list."""
        items = fields.get(name)
        if items is not None and not isinstance(items, list):
            self.watch.bad(f"{self.prefix}{name}", items)
            return []
        objects = [each for each in (items or ())[:_CRITERIA] if isinstance(each, dict)]
        return [[self(each, first, f"{name}."), self(each, second, f"{name}.")] for each in objects]
