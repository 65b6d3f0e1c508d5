"""Parts of TikTok's export that are one object: profile, settings, interests, live videos."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from empreinte.errors import RecordError
from empreinte.model import Account, Activity, Metric, Post, Reject, Trace, Yielded
from empreinte.sources.tiktok.records import PLATFORM, Where, count, digest, text, when
from empreinte.sources.tiktok.sections import Renaming, given

PROFILE = {
    "born": "demographic", "gender": "demographic", "region": "demographic", "mail": "profile",
    "telephone": "profile",
}  # fmt: skip
_COUNTS = {"received": "likes", "follower_count": "followers", "following_count": "following"}
_VALUES = 2_000
_LETTERS = 500


def inner(value: Any) -> dict[str, Any]:
    """Give the object that a part wraps in another one, with what stands beside it."""
    found: dict[str, Any] = {}
    for key, item in value.items() if isinstance(value, dict) else ():
        found |= item if isinstance(item, dict) and str(key).endswith("Map") else {key: item}
    return found


def owner(value: Any, at: Where) -> Account:
    """Give the owner's account from their profile."""
    fields = Renaming()(inner(value))
    handle = _plain(fields.get("user"))
    return Account(
        platform=PLATFORM, id=at.owner, handle=handle, name=_plain(fields.get("name")),
        summary=_plain(fields.get("bio")), is_owner=True, whole=handle is not None,
        url=f"https://www.tiktok.com/@{handle}" if handle else None, file=at.file, place=at.place,
    )  # fmt: skip


def profile(value: Any, at: Where) -> Iterator[Yielded]:
    """Read what else the profile tells: counters, and what TikTok knows of the person."""
    fields = Renaming()(inner(value))
    for field, kind in PROFILE.items():
        label = _plain(fields.get(field))
        if label:
            yield _trace(kind, label, {"from": f"profile: {field}"}, at)
    for field, name in _COUNTS.items():
        try:
            met = count(fields.get(field))
        except RecordError as error:
            raw = str(fields.get(field))[:2000]
            yield Reject(file=at.file, place=at.place, reason=error.message, raw=raw)
            continue
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
        elif key in ("Interests", "Centres d'intérêt", "Centres d’intérêt"):
            yield from _each(item, "interest", "settings", at)
        else:
            shown = ", ".join(_several(item))
            if shown:
                yield _trace("setting", name, {"value": shown[:_LETTERS]}, at)


def summary(value: Any, at: Where) -> Iterator[Yielded]:
    """Read the counters that TikTok keeps since the account was made."""
    for field, item in Renaming()(inner(value)).items():
        shown = _plain(item)
        if shown and field != "note":
            detail = {"from": "activity summary", "value": shown}
            yield _trace("profile", field, detail, at)


def ad_interests(value: Any, at: Where) -> Iterator[Yielded]:
    """Read what TikTok thinks that the owner is interested in."""
    for item in _items(value):
        yield from _each(item, "interest", "ad interests", at)


def partners(value: Any, at: Where) -> Iterator[Yielded]:
    """Read who gave data about the owner."""
    for item in _items(value):
        yield from _each(item, "advertiser", "partners", at)


def live(value: Any, at: Where) -> Iterator[Yielded]:
    """Read live videos watched, by their number, and what the owner wrote there."""
    rename = Renaming()
    for place, (id, item) in enumerate(inner(value).items()):
        here, known = at._replace(place=place), re.fullmatch(r"\d{5,25}", id)
        try:
            if not isinstance(item, dict):
                raise RecordError("{value} stands where a text should.", value=str(item)[:200])
            link, date = text(given(item.get("Link")), 2000), given(item.get("WatchTime"))
            if not known and not link:
                continue  # "-1": nothing was watched
            yield Activity(
                platform=PLATFORM, type="View", actor_id=at.owner, via="live", url=link,
                object_id=id if known else None, published=when({"date": date}), file=at.file,
                place=place,
            )  # fmt: skip
            for key, said, day in (
                ("Comments", "CommentContent", "CommentTime"),
                ("Questions", "QuestionContent", "QuestionTime"),
            ):
                for one in _listed(item.get(key)):
                    yield _said(rename(one), text(one.get(said)), one.get(day), id, here)
        except RecordError as error:
            reason, raw = error.message, f"{id}: {item}"[:2000]
            yield Reject(file=at.file, place=place, reason=reason, raw=raw)


def _said(fields: dict[str, Any], said: str | None, day: object, live: str, at: Where) -> Post:
    content, published = said or text(fields.get("comment")), when({"date": day})
    return Post(
        platform=PLATFORM, id=f"comment:{digest(published.isoformat(), content)}",
        author_id=at.owner, content=content, published=published, in_reply_to=live, tags=(),
        file=at.file, place=at.place,
    )  # fmt: skip


READERS = {
    "profile": profile, "settings": settings, "summary": summary, "ad_interests": ad_interests,
    "partners": partners, "live": live,
}  # fmt: skip


def _items(value: Any) -> list[Any]:
    return list(inner(value).values()) if isinstance(value, dict) else [value]


def _listed(value: Any) -> list[dict[str, Any]]:
    found = value if isinstance(value, list) else []
    return [item for item in found if isinstance(item, dict)][:_VALUES]


def _each(value: Any, kind: str, source: str, at: Where) -> Iterator[Trace]:
    for label in dict.fromkeys(_several(value)):
        yield _trace(kind, label, {"from": source}, at)


def _several(value: Any) -> list[str]:
    """Give the texts of a list, or of one text that lists them with bars, semicolons or commas."""
    if isinstance(value, str):
        mark = next((mark for mark in "|;\n," if mark in value), "|")
        items: list[Any] = value.strip("[]").split(mark)
    else:
        items = value if isinstance(value, list) else [value]
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
