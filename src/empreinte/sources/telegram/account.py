"""What an export of the whole account tells beside chats: the owner, contacts, sessions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from empreinte.formats.drift import Fields
from empreinte.model import Account, Post, Trace, Yielded
from empreinte.sources.telegram.messages import when
from empreinte.sources.telegram.names import PLATFORM, digest, text, user

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

_DETAILS = (
    "last_country", "last_region", "application_name", "application_version", "device_model",
    "platform", "system_version", "bot_username", "domain_name", "browser",
)  # fmt: skip
_VIDEOS = (".mp4", ".mov", ".webm")


def owner(fields: dict[str, Any], id: str, file: str) -> Iterator[Yielded]:
    """Read who the owner is."""
    name = _name(fields)
    handle = (text(fields.get("username")) or "").removeprefix("@") or None
    yield Account(
        platform=PLATFORM, id=id, handle=handle, name=name, is_owner=True, whole=True,
        summary=text(fields.get("bio"), 5_000), file=file, place=0,
        url=f"https://t.me/{handle}" if handle else None,
    )  # fmt: skip
    number = text(fields.get("phone_number"))
    if number:
        yield _trace("profile", id, number, None, {"from": "phone_number"}, file, 0)


def record(
    path: tuple[str, ...], fields: dict[str, Any], id: str | None, file: str, place: int,
) -> Iterator[Yielded]:  # fmt: skip
    """Read one record of a list; telephone numbers of other people are left out."""
    if path[0] == "contacts":
        name = _name(fields)
        if name:
            number = user(fields.get("user_id"))
            detail = {"from": "contacts", **({"account": number} if number else {})}
            yield _trace("contact", id, name, when(fields, "date")[0], detail, file, place)
    elif path[0] == "frequent_contacts":
        name = text(fields.get("name"))
        if name:
            rating = fields.get("rating")
            known = isinstance(rating, int | float) and not isinstance(rating, bool)
            detail = {"from": "frequent_contacts", **({"rating": rating} if known else {})}
            for key in ("category", "type"):
                detail |= {key: said} if (said := text(fields.get(key))) else {}
            yield _trace("contact", id, name, None, detail, file, place)
    elif path[0] == "stories":
        yield _story(fields, id, file, place)
    else:
        label = text(fields.get("last_ip")) or text(fields.get("domain_name"))
        if label:
            detail = {key: said for key in _DETAILS if (said := text(fields.get(key)))}
            at = when(fields, "last_active")[0]
            yield _trace("login", id, label, at, {"from": path[0], **detail}, file, place)


def _story(fields: dict[str, Any], id: str | None, file: str, place: int) -> Post:
    published, media = when(fields, "date")[0], text(fields.get("media"), 2_000) or ""
    video = media.lower().endswith(_VIDEOS)
    return Post(
        platform=PLATFORM, id=f"story:{digest(id, published.isoformat(), media)}",
        type="Video" if video else "Image", author_id=id, published=published,
        content=text(fields.get("caption"), 50_000), media=("Video" if video else "Image",),
        file=file, place=place,
    )  # fmt: skip


def _name(fields: dict[str, Any]) -> str | None:
    parts = (text(fields.get("first_name")), text(fields.get("last_name")))
    return " ".join(part for part in parts if part) or None


def _trace(
    kind: str, id: str | None, label: str, at: datetime | None, detail: dict[str, Any], file: str,
    place: int,
) -> Trace:  # fmt: skip
    return Trace(
        platform=PLATFORM, account_id=id, kind=kind, label=label, at=at, detail=detail, file=file,
        place=place,
    )  # fmt: skip
