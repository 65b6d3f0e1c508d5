"""Messages to records: what was written, passed on, reacted to, who came and who left.

In private chats the owner's own words are kept; of the others', who wrote and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from empreinte.errors import RecordError
from empreinte.formats.dates import epoch, moment
from empreinte.formats.drift import Fields
from empreinte.model import Account, Activity, Metric, Post, Yielded
from empreinte.sources.telegram.names import (
    CHANNELS,
    PLATFORM,
    PUBLIC,
    chat_id,
    digest,
    peer,
    someone,
    text,
)
from empreinte.sources.telegram.texts import Said, said

MESSAGE = Fields(
    "id type date from from_id text",
    """date_unixtime edited edited_unixtime text_entities author forwarded_from forwarded_from_id
    saved_from saved_from_id reply_to_message_id reply_to_peer_id via_bot reactions photo width
    height photo_file_size file file_name file_size thumbnail thumbnail_file_size media_type
    mime_type duration_seconds sticker_emoji performer title self_destruct_period_seconds
    contact_information contact_vcard contact_vcard_file_size location_information
    live_location_period_seconds place_name address game_title game_description game_link
    invoice_information poll todo_list inline_bot_buttons media_spoiler show_caption_above_media
    paid_stars_amount giveaway_information giveaway_results paid_media story_link""",
)


_VISIBLE = {
    "public_channel": "public", "public_supergroup": "public", "private_channel": "followers",
    "personal_chat": "direct", "bot_chat": "direct", "private_group": "direct",
    "private_supergroup": "direct", "saved_messages": "private", "replies": "public",
}  # fmt: skip
_MEDIA = {
    "sticker": "Image", "video_message": "Video", "voice_message": "Audio", "animation": "Video",
    "video_file": "Video", "audio_file": "Audio",
}  # fmt: skip
_MAX_REACTIONS = 2_000
_MAX_MEMBERS = 1_000
_MINUTE = timedelta(minutes=1)


class Chat(NamedTuple):
    """The chat a message stands in, whose the export is, and when it was made."""

    id: str
    kind: str | None
    name: str | None
    owner: str | None
    file: str
    observed: datetime
    is_public: bool
    """Whether anybody may read it; what is not known is not public."""

    def post_id(self, number: Any) -> str | None:
        """Give the id of one of its messages."""
        return _post_id(self.id, number)


def _post_id(chat: str, number: Any) -> str | None:
    return f"{chat}/{number}" if type(number) is int else None  # no bool


def chat_of(fields: dict[str, Any], owner: str | None, file: str, observed: datetime) -> Chat:
    """Make a chat of what the export says before its messages."""
    kind, name = fields.get("type"), fields.get("name")
    kind = kind if isinstance(kind, str) and kind in _VISIBLE else None
    name = name[:500] if isinstance(name, str) and name else None
    is_public = kind in PUBLIC or kind in CHANNELS
    id = chat_id(kind, fields.get("id"), name)
    return Chat(id, kind, name, owner, file, observed, is_public)


def is_hidden(author: Account | None, chat: Chat) -> bool:
    """Tell whether the words of a message are someone else's, in a chat that is not public."""
    own = author is not None and chat.owner is not None and author.id == chat.owner
    return not (own or chat.is_public)


def message(
    record: dict[str, Any], author: Account | None, chat: Chat, place: int
) -> list[Yielded]:
    """Read a message; what Telegram itself says is read by `service`."""
    published, offset = when(record, "date")
    id = chat.post_id(record.get("id"))
    own = author is not None and author.id in (chat.owner, chat.id)
    if is_hidden(author, chat):
        id = id or f"{chat.id}/{digest(published.isoformat(), author.id if author else None)}"
        found: list[Yielded] = [Post(
            platform=PLATFORM, id=id, author_id=author.id if author else None,
            channel_id=_outlet(author and author.id, chat), published=published,
            visibility=_VISIBLE.get(chat.kind or ""), file=chat.file, place=place,
        )]  # fmt: skip
    else:
        words = said(record.get("text"))
        author_id = author.id if author else None
        id = id or f"{chat.id}/{digest(published.isoformat(), author_id, words.text)}"
        read = _forwarded if record.get("forwarded_from") is not None else _written
        when_own = offset if own else None
        found = read(record, words, chat, place, id, author_id, published, when_own)
    if "reactions" in record:
        found += _reactions(record["reactions"], chat, place, id)
    return found


def _written(
    record: dict[str, Any], words: Said, chat: Chat, place: int, id: str, author_id: str | None,
    published: datetime, offset: int | None,
) -> list[Yielded]:  # fmt: skip
    poll = record.get("poll")
    updated = when(record, "edited")[0] if record.get("edited") else None
    latitude, longitude = _where(record.get("location_information"))
    answered = record.get("reply_to_message_id")
    elsewhere = peer(record.get("reply_to_peer_id"))
    title = poll.get("question") if isinstance(poll, dict) else None
    return [Post(
        platform=PLATFORM, id=id, type="Question" if isinstance(poll, dict) else "Note",
        author_id=author_id, channel_id=_outlet(author_id, chat), content=words.text,
        title=text(title, 2_000) if isinstance(title, str) else None, published=published,
        updated=updated, offset_min=offset, visibility=_VISIBLE.get(chat.kind or ""),
        in_reply_to=_post_id(elsewhere or chat.id, answered),
        tags=words.tags, mentions=words.mentions, links=words.links, media=_media(record),
        place_name=text(record.get("place_name"), 500), latitude=latitude, longitude=longitude,
        file=chat.file, place=place,
    )]  # fmt: skip


def _forwarded(
    record: dict[str, Any], words: Said, chat: Chat, place: int, id: str, author_id: str | None,
    published: datetime, offset: int | None,
) -> list[Yielded]:  # fmt: skip
    """Read what was passed on; its words are someone else's."""
    first = someone(record.get("forwarded_from_id"), record.get("forwarded_from"), chat.file, place)
    act = Activity(
        platform=PLATFORM, type="Announce", actor_id=author_id, id=id,
        object_author=first.id if first else None, published=published, via="forward",
        content=words.text if chat.is_public else None, file=chat.file, place=place,
    )  # fmt: skip
    return [first, act] if first else [act]


def service(record: dict[str, Any], chat: Chat, place: int) -> Iterator[Yielded]:
    """Read what Telegram says of a chat: who came, who left; the rest tells nothing of reach."""
    action = record.get("action")
    if action in ("join_group_by_link", "join_group_by_request"):
        who = someone(record.get("actor_id"), record.get("actor"), chat.file, place)
        via = action.removeprefix("join_group_by_")
        if who:
            yield _moved("Join", who.id, via, record, chat, place)
    elif action in ("invite_members", "remove_members"):
        yield from _members(record, chat, place, "Join" if action[0] == "i" else "Leave")


def _members(record: dict[str, Any], chat: Chat, place: int, type: str) -> Iterator[Yielded]:
    """Read who was let in or put out; members are told by their name alone."""
    actor = someone(record.get("actor_id"), record.get("actor"), chat.file, place)
    members = record.get("members")
    for name in members[:_MAX_MEMBERS] if isinstance(members, list) else ():
        itself = actor is not None and actor.name is not None and name == actor.name
        who = actor if itself else someone(None, name, chat.file, place)
        if who is None:
            continue  # an account that was deleted has no name
        yield who
        via = None if itself else "invited" if type == "Join" else "removed"
        yield _moved(type, who.id, via, record, chat, place)


def _moved(
    type: str, who: str, via: str | None, record: dict[str, Any], chat: Chat, place: int
) -> Activity:
    return Activity(
        platform=PLATFORM, type=type, actor_id=who, object_id=chat.id, object_type="account",
        published=when(record, "date")[0], via=via, file=chat.file, place=place,
    )  # fmt: skip


def _reactions(value: Any, chat: Chat, place: int, id: str) -> Iterator[Yielded]:
    """Read how many reacted, all signs together, and the last who did where they are named."""
    given = value[:_MAX_REACTIONS] if isinstance(value, list) else []
    counted, total = False, 0
    for reaction in given:
        if not isinstance(reaction, dict):
            continue
        count = reaction.get("count")
        if isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 1 << 53:
            counted, total = True, total + count
        sign = reaction.get("emoji") or reaction.get("type")
        for recent in _listed(reaction.get("recent")):
            who = someone(recent.get("from_id"), recent.get("from"), chat.file, place)
            if who:
                yield who
                yield Activity(
                    platform=PLATFORM, type="Like", actor_id=who.id, object_id=id,
                    published=moment(recent["date"]) if recent.get("date") else None,
                    via=text(sign, 40), file=chat.file, place=place,
                )  # fmt: skip
    if counted:
        yield Metric(
            platform=PLATFORM, subject_id=id, name="likes", value=float(total),
            observed=chat.observed, file=chat.file, place=place,
        )  # fmt: skip


def _listed(value: Any) -> list[dict[str, Any]]:
    found = value[:_MAX_REACTIONS] if isinstance(value, list) else []
    return [item for item in found if isinstance(item, dict)]


def when(record: dict[str, Any], key: str) -> tuple[datetime, int | None]:
    """Give a time in UTC, and the offset of the clock that made the export in minutes.

    Exports before 2022 hold that clock's time alone: it is taken for UTC.

    Raises
    ------
    RecordError
        If it is missing or no date.
    """
    seconds, local = record.get(f"{key}_unixtime"), record.get(key)
    if seconds is None:
        return moment(local), None
    at = epoch(seconds)
    if not isinstance(local, str):
        return at, None
    try:
        apart = moment(local, zone=UTC) - at
    except RecordError:
        return at, None
    minutes = round(apart / _MINUTE)
    return at, minutes if abs(minutes) <= 14 * 60 else None


def _outlet(author_id: str | None, chat: Chat) -> str | None:
    """Give the group or channel it stands in, where that is not its author."""
    if author_id == chat.id or chat.kind in ("personal_chat", "bot_chat", "saved_messages"):
        return None
    return chat.id


def _media(record: dict[str, Any]) -> tuple[str, ...]:
    if record.get("photo"):
        return ("Image",)
    kind, mime = record.get("media_type"), record.get("mime_type")
    if isinstance(kind, str) and kind in _MEDIA:
        return (_MEDIA[kind],)
    if not record.get("file"):
        return ()
    main = mime.partition("/")[0].capitalize() if isinstance(mime, str) else ""
    return (main if main in ("Image", "Video", "Audio") else "Document",)


def _where(value: Any) -> tuple[float | None, float | None]:
    if not isinstance(value, dict):
        return None, None
    latitude = _degrees(value.get("latitude"), 90)
    longitude = _degrees(value.get("longitude"), 180)
    return (latitude, longitude) if None not in (latitude, longitude) else (None, None)


def _degrees(value: Any, limit: int) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and -limit <= value <= limit else None
