"""Advertisements: what was shown to the owner, by whom and why, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.model import Reject, Trace
from empreinte.sources.x.dates import moment
from empreinte.sources.x.fields import AD, ENGAGEMENT
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
    shown, engaged = Watch(AD), Watch(ENGAGEMENT)
    reading.watches += [shown, engaged]
    seen: dict[int, int] = {}
    reading.records = 0
    for place, item in reading.items(dict[str, Any]):
        if isinstance(item, Reject):
            yield item
            continue
        for name, record in _records(item):
            kind = _LISTS[name]
            place = reading.records
            reading.records += 1
            if name == "engagements":
                engaged.see(record)
            if name != "conversions":
                shown.see(mapping(record, "impressionAttributes") or record)
            try:
                trace = _trace(reading, place, kind, record)
            except RecordError as error:
                yield reading.reject(place, error.message, record)
                continue
            key = hash(encode((trace.label, trace.at, trace.detail)))
            if key in seen and trace.detail is not None:
                seen[key] += 1
                trace.detail["again"] = seen[key]
            elif len(seen) < _REMEMBERED:
                seen[key] = 0
            yield trace


def _records(item: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for group in mapping(item, "ad", "adsUserData").values():
        for name in _LISTS:
            records = mapping(group).get(name)
            for record in records if isinstance(records, list) else ():
                if isinstance(record, dict):
                    yield name, record


def _trace(reading: Reading, place: int, kind: str, record: dict[str, Any]) -> Trace:
    shown = mapping(record, "impressionAttributes") or record
    advertiser = mapping(shown, "advertiserInfo")
    post = mapping(shown, "promotedTweetInfo")
    device = mapping(shown, "deviceInfo")
    trend = mapping(shown, "promotedTrendInfo").get("name")
    label = (
        advertiser.get("advertiserName") or advertiser.get("screenName")
        or record.get("applicationName") or trend or record.get("conversionUrl")
    )  # fmt: skip
    if not isinstance(label, str):
        raise RecordError("An advertisement without an advertiser; it is kept as it is.")
    criteria = shown.get("matchedTargetingCriteria")
    detail: dict[str, Any] = {
        "screen_name": advertiser.get("screenName"),
        "tweet_id": post.get("tweetId"),
        "text": (post.get("tweetText") or "")[:_TEXT],
        "trend": trend,
        "publisher": mapping(shown, "publisherInfo").get("publisherName"),
        "display": shown.get("displayLocation"),
        "device": device.get("deviceType") or device.get("osType"),
        "criteria": [
            [entry.get("targetingType"), entry.get("targetingValue")]
            for entry in (criteria if isinstance(criteria, list) else ())[:_CRITERIA]
            if isinstance(entry, dict)
        ],
        "event": record.get("conversionEvent") or record.get("eventType"),
    }
    time = shown.get("impressionTime") or record.get("conversionTime")
    when = moment(time) if time else None
    acts = record.get("engagementAttributes")
    if isinstance(acts, list):
        detail["engagements"] = [
            [act.get("engagementType"), act.get("engagementTime")]
            for act in acts[:_CRITERIA]
            if isinstance(act, dict)
        ]
        times = [moment(time) for _, time in detail["engagements"] if time]
        detail["shown"] = time
        when = min(times, default=when)
    kept = {key: value for key, value in detail.items() if value}
    return reading.trace(place, kind, label, at=when, detail=kept)
