"""Parts of TikTok's export that are one object: profile, settings, interests, live videos."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from empreinte.formats.digests import digest
from empreinte.formats.drift import Fields
from empreinte.model import Account, Activity, Metric, Post, Trace, Yielded
from empreinte.sources.tiktok.records import PLATFORM, Where, counted, dated, told
from empreinte.sources.tiktok.sections import Renaming, given

PROFILE = {
    "born": "demographic", "gender": "demographic", "region": "demographic", "mail": "profile",
    "telephone": "profile",
}  # fmt: skip
_COUNTS = {"received": "likes", "follower_count": "followers", "following_count": "following"}
_VALUES = 2_000
_LETTERS = 500


_PHOTOS = ("profilePhoto", "profileVideo", "Profile Photo", "Profile Video", "Profile photo",
           "Profile video", "Photo de profil", "Vidéo de profil")  # fmt: skip
_PLATFORMS = ("PlatformInfo", "Platform Info", "App", "photo", "note")
FIELDS = {
    "profile": Fields("user", (*PROFILE, *_COUNTS, "name", "bio", *_PHOTOS, *_PLATFORMS)),
    "live": Fields("", "Link WatchTime", {
        "Comments": Fields("", "CommentContent CommentTime RawTime"),
        "Questions": Fields("", "QuestionContent QuestionTime RawTime")}),
}  # fmt: skip
"""What is known of the parts that are not read field by field, whatever their names."""


def inner(value: Any) -> dict[str, Any]:
    """Give the object that a part wraps in another one, with what stands beside it."""
    found: dict[str, Any] = {}
    for key, item in value.items() if isinstance(value, dict) else ():
        found |= item if isinstance(item, dict) and str(key).endswith("Map") else {key: item}
    return found


def owner(value: Any, at: Where) -> Account:
    """Give the owner's account from their profile."""
    fields = Renaming()(inner(value))
    handle = told(fields, "user", at, _LETTERS)
    return Account(
        platform=PLATFORM, id=at.owner, handle=handle, name=told(fields, "name", at, _LETTERS),
        summary=told(fields, "bio", at, _LETTERS), is_owner=True, whole=handle is not None,
        url=f"https://www.tiktok.com/@{handle}" if handle else None, file=at.file, place=at.place,
    )  # fmt: skip


def profile(value: Any, at: Where) -> Iterator[Yielded]:
    """Read what else the profile tells: counters, and what TikTok knows of the person."""
    fields = Renaming()(inner(value))
    at.watch.see(fields)
    for field, kind in PROFILE.items():
        label = told(fields, field, at, _LETTERS)
        if label:
            yield _trace(kind, label, {"from": f"profile: {field}"}, at)
    for field, name in _COUNTS.items():
        met = counted(fields, field, at)
        if met is not None:
            yield Metric(
                platform=PLATFORM, subject_id=at.owner, subject_type="account", name=name,
                value=float(met), observed=at.observed, file=at.file, place=at.place,
            )  # fmt: skip


def settings(value: Any, at: Where) -> Iterator[Yielded]:
    """Read each setting; the interests that stand among them are apart."""
    yield from _flat(inner(value), at, "")


def _flat(value: dict[str, Any], at: Where, above: str) -> Iterator[Yielded]:
    for key, item in list(value.items())[:_VALUES]:
        name = f"{above}{key}"
        if isinstance(item, dict):
            if not above:
                yield from _flat(item, at, f"{name}: ")
            elif item:
                at.watch.unknown(name)
        elif key in ("Interests", "Centres d'intérêt", "Centres d’intérêt"):
            yield from _each(item, "interest", "settings", at, name)
        else:
            shown = ", ".join(_several(item, at, name))
            if shown:
                yield _trace("setting", name, {"value": shown[:_LETTERS]}, at)


def summary(value: Any, at: Where) -> Iterator[Yielded]:
    """Read the counters that TikTok keeps since the account was made."""
    fields = Renaming()(inner(value))
    for field in fields:
        shown = told(fields, field, at, _LETTERS)
        if shown and field != "note":
            detail = {"from": "activity summary", "value": shown}
            yield _trace("profile", field, detail, at)


def ad_interests(value: Any, at: Where) -> Iterator[Yielded]:
    """Read what TikTok thinks that the owner is interested in."""
    for name, item in _items(value):
        yield from _each(item, "interest", "ad interests", at, name)


def partners(value: Any, at: Where) -> Iterator[Yielded]:
    """Read who gave data about the owner."""
    for name, item in _items(value):
        yield from _each(item, "advertiser", "partners", at, name)


def live(value: Any, at: Where) -> Iterator[Yielded]:
    """Read live videos watched, by their number, and what the owner wrote there."""
    for place, (id, item) in enumerate(inner(value).items()):
        here, known = at._replace(place=place), re.fullmatch(r"\d{5,25}", id)
        if not isinstance(item, dict):
            if item:
                at.watch.unknown(id)
            continue
        at.watch.see(item)
        link = told({"Link": given(item.get("Link"))}, "Link", here, 2000)
        if not known and not link:
            continue  # "-1": nothing was watched
        yield Activity(
            platform=PLATFORM, type="View", actor_id=at.owner, via="live", url=link,
            object_id=id if known else None, published=dated(item, here, "WatchTime"), file=at.file,
            place=place,
        )  # fmt: skip
        for key, said, day in (
            ("Comments", "CommentContent", "CommentTime"),
            ("Questions", "QuestionContent", "QuestionTime"),
        ):
            for one in _listed(item, key, here):
                yield _said(one, said, day, id, here)


def _said(fields: dict[str, Any], said: str, day: str, live: str, at: Where) -> Post:
    content, published = told(fields, said, at), dated(fields, at, day)
    stamp = published.isoformat() if published else live
    return Post(
        platform=PLATFORM, id=f"comment:{digest(stamp, content)}", author_id=at.owner,
        content=content, published=published, in_reply_to=live, tags=(),
        file=at.file, place=at.place,
    )  # fmt: skip


READERS = {
    "profile": profile, "settings": settings, "summary": summary, "ad_interests": ad_interests,
    "partners": partners, "live": live,
}  # fmt: skip


def _items(value: Any) -> list[tuple[str, Any]]:
    return list(inner(value).items()) if isinstance(value, dict) else [("", value)]


def _listed(item: dict[str, Any], key: str, at: Where) -> list[dict[str, Any]]:
    value = item.get(key)
    if value is not None and not isinstance(value, list):
        at.watch.bad(key, value)
    found = value if isinstance(value, list) else []
    for one in found:
        if not isinstance(one, dict):
            at.watch.bad(key, one)
    return [one for one in found if isinstance(one, dict)][:_VALUES]


def _each(value: Any, kind: str, source: str, at: Where, name: str) -> Iterator[Trace]:
    for label in dict.fromkeys(_several(value, at, name)):
        yield _trace(kind, label, {"from": source}, at)


def _several(value: Any, at: Where, name: str) -> list[str]:
    """Give the texts of a list, or of one text that lists them with bars, semicolons or commas.

    What is no text in it is told under `name`.
    """
    if isinstance(value, str):
        mark = next((mark for mark in "|;\n," if mark in value), "|")
        items: list[Any] = value.strip("[]").split(mark)
    else:
        items = value if isinstance(value, list) else [value]
    for item in items:
        if isinstance(item, dict | list) and item:
            at.watch.unknown(name)
    said = (_plain(item) for item in items[:_VALUES])
    return [item for item in said if item]


def _plain(value: Any) -> str | None:
    """Give a text or a number as text, ``None`` for all else."""
    if isinstance(value, bool | int | float):
        return str(value)
    value = given(value)
    return value[:_LETTERS] if isinstance(value, str) else None


def _trace(kind: str, label: str, detail: dict[str, str], at: Where) -> Trace:
    return Trace(
        platform=PLATFORM, account_id=at.owner, kind=kind, label=label[:_LETTERS], detail=detail,
        file=at.file, place=at.place,
    )  # fmt: skip
