"""What Facebook knows of the owner: advertisers, apps, searches, logins, devices, interests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from empreinte.errors import RecordError
from empreinte.model import Trace, Yielded
from empreinte.sources.facebook.entries import Entry
from empreinte.sources.facebook.names import OWNER, PLATFORM, meaning

_VALUES = 300


@dataclass(frozen=True)
class Shape:
    """How a record becomes a `Trace`.

    Attributes
    ----------
    kind : str
        Of the trace.
    label : tuple of str
        Fields that name the thing; the first that is told counts.
    at : tuple of str
        Fields that date it.
    keep : tuple of str
        Fields of the detail.
    done : str or None
        Field with a word for what was done, in the language of the account.
    """

    kind: str
    label: tuple[str, ...] = ()
    at: tuple[str, ...] = ("timestamp",)
    keep: tuple[str, ...] = ()
    done: str | None = None


_SESSION = (
    "ip_address", "user_agent", "device", "location", "app", "session_type", "city", "region",
    "country", "site_name", "site",
)  # fmt: skip
_USED = (
    "has_data_file_custom_audience", "has_remarketing_custom_audience",
    "has_in_person_store_visit",
)  # fmt: skip
TRACES: dict[str, Shape] = {
    "advertisers_who_uploaded_a_contact_list_with_your_information": Shape("advertiser"),
    "advertisers_using_your_activity_or_information": Shape(
        "advertiser", ("advertiser_name",), keep=_USED
    ),
    "advertisers_you_ve_interacted_with": Shape("ad_engagement", ("title",), done="action"),
    "ads_interests": Shape("interest"),
    "your_topics": Shape("interest"),
    "other_categories_used_to_reach_you": Shape("demographic"),
    "friend_peer_group": Shape("demographic"),
    "your_search_history": Shape("search", ("search", "data.0.text", "attachments.0.data.0.text")),
    "apps_and_websites": Shape(
        "app", ("name",), ("added_timestamp", "timestamp"), ("category", "removed_timestamp")
    ),
    "account_activity": Shape("login", ("ip_address", "action"), keep=_SESSION, done="action"),
    "logins_and_logouts": Shape("login", ("ip_address", "site"), keep=_SESSION, done="action"),
    "ip_address_activity": Shape("login", ("ip", "ip_address"), keep=_SESSION, done="action"),
    "where_you_re_logged_in": Shape(
        "login", ("ip_address", "device"), ("created_timestamp", "timestamp"), _SESSION
    ),
    "recognized_devices": Shape(
        "device", ("name", "device"), ("created_timestamp", "timestamp"), _SESSION
    ),
    "mobile_devices": Shape("device", ("type", "name"), ("updated_timestamp",), ("os",)),
    "primary_location": Shape("profile"),
    "primary_public_location": Shape("profile"),
    "timezone": Shape("profile"),
    "your_event_responses": Shape("activity", ("name",), ("start_timestamp",), ("answer",)),
    "event_invitations": Shape("activity", ("name",), ("start_timestamp",)),
    "polls_you_voted_on": Shape("activity", ("title",)),
    "your_pages": Shape("profile", ("name",), keep=("url",)),
}
"""Kinds of file by the stem of their name (see `layout.stem`)."""


def trace(entry: Entry, file: str, kind: str) -> list[Yielded]:
    """Read one record; of labelled values, each one of several is a trace of its own."""
    shape = TRACES[kind]
    if entry.several:
        labels = (one.get("value") or one.get("name") for one in entry.several)
        at = entry.at(entry.when)
        return [
            _trace(label, at, shape, {}, kind, entry, file)
            for label in labels if isinstance(label, str)
        ]  # fmt: skip
    fields = entry.fields
    for name in (*shape.label, *shape.keep, *([shape.done] if shape.done else ())):
        if name not in fields:
            _deeper(entry, name)
    label = next((fields[key] for key in shape.label if fields.get(key)), None)
    if label is None:
        heading = entry.title if "title" in shape.label else None
        label = entry.name or heading or entry.text or entry.title or _first(fields)
    if not isinstance(label, str | int | float) or isinstance(label, bool):
        raise RecordError("The item has no {column}.", column=", ".join(shape.label) or "name")
    key = next((key for key in shape.at if fields.get(key)), None)
    at = entry.at(fields[key], key) if key else entry.at(entry.when)
    detail: dict[str, Any] = {
        key: _short(fields[key])
        for key in shape.keep
        if fields.get(key) not in (None, "", 0, label)
    }
    done = fields.get(shape.done or "") or (_heading(entry, label) if shape.done else None)
    if isinstance(done, str):
        detail["done"] = meaning(done)
    text = str(label).strip(' "«»“”\u00a0\u202f') if shape.kind == "search" else str(label)
    return [_trace(text, at, shape, detail, kind, entry, file)]


def _deeper(entry: Entry, name: str) -> None:
    """Tell of an object or a list where a single value was expected."""
    above = f"{name}."
    found = next((value for key, value in entry.fields.items() if key.startswith(above)), None)
    if found is not None:
        entry.watch.bad(name, found)


def _heading(entry: Entry, label: object) -> str | None:
    """Give what a page tells of the act: in its heading, or below it."""
    return next((told for told in (entry.text, entry.title) if told and told != label), None)


def _trace(
    label: str, at: Any, shape: Shape, detail: dict[str, Any], kind: str, entry: Entry, file: str
) -> Trace:
    if kind.startswith("advertisers_who_uploaded") or any(detail.get(key) for key in _USED[:2]):
        detail = {**detail, "uses": ["list"]}
    return Trace(
        platform=PLATFORM, account_id=OWNER, kind=shape.kind, label=label[:_VALUES], at=at,
        detail={"from": kind, **detail}, file=file, place=entry.place,
    )  # fmt: skip


def business(entry: Entry, file: str) -> list[Yielded]:
    """Read what a company told Facebook of the owner: a trace for each event."""
    name = entry.name or entry.title
    if not name:
        raise RecordError("The item has no {column}.", column="name")
    found: list[Yielded] = []
    for event in entry.several or [entry.fields]:
        detail: dict[str, Any] = {"from": "off_facebook_activity"}
        for key in ("type", "id"):
            if event.get(key):
                detail["event" if key == "type" else key] = str(event[key])[:_VALUES]
        at = event.get("timestamp") or event.get("received")
        found.append(Trace(
            platform=PLATFORM, account_id=OWNER, label=name[:_VALUES], at=entry.at(at),
            kind="elsewhere" if "event" in detail else "app", detail=detail, file=file,
            place=entry.place,
        ))  # fmt: skip
    return found


def _first(fields: dict[str, Any]) -> Any:
    return next((value for value in fields.values() if isinstance(value, str)), None)


def _short(value: Any) -> Any:
    return value[:_VALUES] if isinstance(value, str) else value
