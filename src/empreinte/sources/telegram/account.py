"""What an export of the whole account tells beside chats: the owner, contacts, sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from empreinte.errors import RecordError
from empreinte.formats.digests import digest
from empreinte.formats.drift import Fields
from empreinte.formats.lenient import Bad
from empreinte.model import Account, Post, Trace, Yielded
from empreinte.sources.telegram.messages import when
from empreinte.sources.telegram.names import PLATFORM, text, user

LISTS = {
    ("contacts", "list"): Fields("date", "user_id first_name last_name phone_number date_unixtime"),
    ("frequent_contacts", "list"): Fields("id category type name rating"),
    ("sessions", "list"): Fields(
        """last_active last_ip last_country application_name application_version device_model
        platform system_version created""",
        "last_region last_active_unixtime created_unixtime",
    ),
    ("web_sessions", "list"): Fields(
        "last_active last_ip last_region bot_username domain_name browser platform created",
        "last_active_unixtime created_unixtime",
    ),
    ("stories",): Fields("date media", "date_unixtime expires expires_unixtime pinned caption"),
}
"""Lists of an account's export, by their path, and the fields of their records."""
PERSON = Fields("user_id first_name", "last_name phone_number username bio")

_DETAILS = (
    "last_country", "last_region", "application_name", "application_version", "device_model",
    "platform", "system_version", "bot_username", "domain_name", "browser",
)  # fmt: skip
_VIDEOS = (".mp4", ".mov", ".webm")


def owner(fields: dict[str, Any], id: str, file: str, bad: Bad) -> Iterator[Yielded]:
    """Read who the owner is."""
    handle = (text(fields, "username", bad) or "").removeprefix("@") or None
    yield Account(
        platform=PLATFORM, id=id, handle=handle, name=_name(fields, bad), is_owner=True, whole=True,
        summary=text(fields, "bio", bad, 5_000), file=file, place=0,
        url=f"https://t.me/{handle}" if handle else None,
    )  # fmt: skip
    number = text(fields, "phone_number", bad)
    if number:
        yield _trace("profile", id, number, None, {"from": "phone_number"}, file, 0)


def record(
    path: tuple[str, ...], fields: dict[str, Any], id: str | None, file: str, place: int, bad: Bad,
) -> Iterator[Yielded]:  # fmt: skip
    """Read one record of a list; telephone numbers of other people are left out."""
    if path[0] == "contacts":
        name = _name(fields, bad)
        if name:
            number = user(fields.get("user_id"))
            if number is None and fields.get("user_id"):
                bad("user_id", fields["user_id"])
            detail = {"from": "contacts", **({"account": number} if number else {})}
            yield _trace("contact", id, name, when(fields, "date", bad)[0], detail, file, place)
    elif path[0] == "frequent_contacts":
        name = text(fields, "name", bad)
        if name:
            detail = {"from": "frequent_contacts", **_rating(fields.get("rating"), bad)}
            detail |= _details(fields, ("category", "type"), bad)
            yield _trace("contact", id, name, None, detail, file, place)
    elif path[0] == "stories":
        yield _story(fields, id, file, place, bad)
    else:
        label = text(fields, "last_ip", bad) or text(fields, "domain_name", bad)
        detail = _details(fields, _DETAILS, bad)
        label = label or next(iter(detail.values()), None)
        if label:
            at = when(fields, "last_active", bad)[0]
            yield _trace("login", id, label, at, {"from": path[0], **detail}, file, place)


def _rating(value: Any, bad: Bad) -> dict[str, Any]:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return {"rating": value}
    if value is not None:
        bad("rating", value)
    return {}


def _details(fields: dict[str, Any], names: tuple[str, ...], bad: Bad) -> dict[str, Any]:
    return {name: said for name in names if (said := text(fields, name, bad))}


def _story(fields: dict[str, Any], id: str | None, file: str, place: int, bad: Bad) -> Post:
    published, media = when(fields, "date", bad)[0], text(fields, "media", bad, 2_000) or ""
    if published is None and not media:
        raise RecordError("The item has no date.")
    video = media.lower().endswith(_VIDEOS)
    stamp = published.isoformat() if published else None
    return Post(
        platform=PLATFORM, id=f"story:{digest(id, stamp, media)}",
        type="Video" if video else "Image", author_id=id, published=published,
        content=text(fields, "caption", bad, 50_000), media=("Video" if video else "Image",),
        file=file, place=place,
    )  # fmt: skip


def _name(fields: dict[str, Any], bad: Bad) -> str | None:
    parts = (text(fields, "first_name", bad), text(fields, "last_name", bad))
    return " ".join(part for part in parts if part) or None


def _trace(
    kind: str, id: str | None, label: str, at: datetime | None, detail: dict[str, Any], file: str,
    place: int,
) -> Trace:  # fmt: skip
    return Trace(
        platform=PLATFORM, account_id=id, kind=kind, label=label, at=at, detail=detail, file=file,
        place=place,
    )  # fmt: skip
