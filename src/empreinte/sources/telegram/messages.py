"""Messages to records: what was written, passed on, reacted to, who came and who left.

In private chats the owner's own words are kept; of the others', who wrote and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from empreinte.errors import RecordError
from empreinte.formats.dates import epoch, moment
from empreinte.formats.digests import digest
from empreinte.formats.drift import Fields, Watch
from empreinte.formats.lenient import Bad
from empreinte.model import Account, Activity, Metric, Post, Yielded
from empreinte.sources.telegram.names import (
    CHANNELS,
    PLATFORM,
    PUBLIC,
    by_name,
    chat_id,
    known,
    someone,
    text,
)
from empreinte.sources.telegram.texts import Said, said, strange

MESSAGE = Fields(
    "id type date from from_id text",
    """date_unixtime edited edited_unixtime text_entities author forwarded_from forwarded_from_id
    saved_from saved_from_id reply_to_message_id reply_to_peer_id via_bot reactions photo width
    height photo_file_size file file_name file_size thumbnail thumbnail_file_size media_type
    mime_type duration_seconds sticker_emoji performer title self_destruct_period_seconds
    contact_information contact_vcard contact_vcard_file_size location_information
    live_location_period_seconds place_name address game_title game_description game_link
    invoice_information inline_bot_buttons media_spoiler show_caption_above_media
    paid_stars_amount giveaway_information giveaway_results paid_media story_link""",
    {
        "todo_list": Fields("", "title answers others_can_append others_can_complete"),
        "poll": Fields("question", "closed total_voters", {
            "answers": Fields("", "text voters chosen")}),
        "location_information": Fields("latitude longitude"),
        "contact_information": Fields("", "first_name last_name phone_number"),
    },
)  # fmt: skip
REACTION = Fields("", "type count emoji document_id recent")
REACTED = Fields("", "from from_id date")
"""Of those who reacted last."""
SERVICE = Fields(
    "id type date action",
    """date_unixtime edited edited_unixtime actor actor_id text text_entities title members inviter
    message_id reply_to_message_id reply_to_peer_id game_message_id score amount currency
    invoice_message_id recurring duration_seconds duration discard_reason information_text
    reason_app_id reason_app_name reason_domain values from from_id to to_id distance period
    schedule_date emoticon cost months stars new_title new_icon_emoji_id photo width height
    photo_file_size button_id peer_id peers boost_peer_id boost_peer_name gift_code gift_id
    gift_text is_limited is_anonymous unclaimed via_giveaway winners boosts charge_id peer_name""",
)
ACTIONS = Fields(
    known="""join_group_by_link join_group_by_request invite_members remove_members create_group
    edit_group_title edit_group_photo delete_group_photo create_channel migrate_to_supergroup
    migrate_from_group pin_message clear_history score_in_game send_payment phone_call
    take_screenshot attach_menu_bot_allowed web_app_bot_allowed allow_sending_messages
    send_passport_values joined_telegram proximity_reached requested_phone_number group_call
    invite_to_group_call set_messages_ttl group_call_scheduled edit_chat_theme send_webview_data
    send_premium_gift topic_created topic_edit suggest_profile_photo requested_peer
    set_chat_wallpaper set_same_chat_wallpaper gift_code_prize giveaway_launch giveaway_results
    boost_apply refunded_payment send_stars_gift stars_prize send_star_gift
    paid_messages_price_change"""
).known
"""What Telegram says of a chat; the first four tell of reach."""

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
_NOWHERE = None, None


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
    watch: Watch
    """Counts what cannot be read of its messages, and what is not known."""

    def teller(self, hidden: bool) -> Bad:
        """Give what is told of a field that cannot be read; of a hidden one, not its value."""
        return (lambda name, _value: self.watch.bad(name, "…")) if hidden else self.watch.bad


def _post_id(chat: str, record: dict[str, Any], key: str, bad: Bad) -> str | None:
    """Give the id of a message whose number stands in a field."""
    number = record.get(key)
    if type(number) is int:  # no bool
        return f"{chat}/{number}"
    if number is not None:
        bad(key, number)
    return None


def chat_of(
    fields: dict[str, Any], owner: str | None, file: str, observed: datetime, watch: Watch,
    about: Watch,
) -> Chat:  # fmt: skip
    """Make a chat of what the export says before its messages; `about` watches that."""
    said, name = fields.get("type"), text(fields, "name", about.bad)
    kind = said if isinstance(said, str) and said in _VISIBLE else None
    if kind is None and said is not None:
        about.unknown(f"type {said}")
    is_public = kind in PUBLIC or kind in CHANNELS
    id = chat_id(kind, fields.get("id"), name)
    return Chat(id, kind, name, owner, file, observed, is_public, watch)


def is_hidden(author: Account | None, chat: Chat) -> bool:
    """Tell whether the words of a message are someone else's, in a chat that is not public."""
    own = author is not None and chat.owner is not None and author.id == chat.owner
    return not (own or chat.is_public)


def message(
    record: dict[str, Any], author: Account | None, chat: Chat, place: int
) -> list[Yielded]:
    """Read a message; what Telegram itself says is read by `service`.

    Raises
    ------
    RecordError
        If neither its number nor its date can be read.
    """
    hidden = is_hidden(author, chat)
    bad = chat.teller(hidden)
    id = _post_id(chat.id, record, "id", bad)
    published, offset = when(record, "date", bad if id else _ignored)
    if id is None:
        if published is None:
            raise RecordError("The item has no date.")
        when(record, "date", bad)
    own = author is not None and author.id in (chat.owner, chat.id)
    author_id = author.id if author else None
    if hidden:
        id = id or f"{chat.id}/{_digest(published, author_id)}"
        found: list[Yielded] = [Post(
            platform=PLATFORM, id=id, author_id=author_id,
            channel_id=_outlet(author_id, chat), published=published,
            visibility=_VISIBLE.get(chat.kind or ""), file=chat.file, place=place,
        )]  # fmt: skip
    else:
        words = said(record.get("text"), chat.watch)
        id = id or f"{chat.id}/{_digest(published, author_id, words.text)}"
        read = _forwarded if record.get("forwarded_from") is not None else _written
        when_own = offset if own else None
        found = read(record, words, chat, place, id, author_id, published, when_own)
    if "reactions" in record:
        found += _reactions(record["reactions"], chat, place, id, bad)
    return found


def _ignored(_name: str, _value: object) -> None:
    """Be told of what cannot be read where it costs the record, not the field."""


def _digest(published: datetime | None, *parts: str | None) -> str:
    return digest(published.isoformat() if published else None, *parts)


def _written(
    record: dict[str, Any], words: Said, chat: Chat, place: int, id: str, author_id: str | None,
    published: datetime | None, offset: int | None,
) -> list[Yielded]:  # fmt: skip
    bad = chat.watch.bad
    poll = _object(record, "poll", bad) if "poll" in record else None
    latitude, longitude = _where(record, bad) if "location_information" in record else _NOWHERE
    elsewhere = known(record, "reply_to_peer_id", bad) if "reply_to_peer_id" in record else None
    updated = when(record, "edited", bad, due=False)[0] if "edited" in record else None
    return [Post(
        platform=PLATFORM, id=id, type="Note" if poll is None else "Question",
        author_id=author_id, channel_id=_outlet(author_id, chat), content=words.text,
        title=text(poll, "question", _within("poll", bad), 2_000) if poll else None,
        published=published, updated=updated, offset_min=offset,
        visibility=_VISIBLE.get(chat.kind or ""),
        in_reply_to=_post_id(elsewhere or chat.id, record, "reply_to_message_id", bad),
        tags=words.tags, mentions=words.mentions, links=words.links, media=_media(record, chat),
        place_name=text(record, "place_name", bad), latitude=latitude, longitude=longitude,
        file=chat.file, place=place,
    )]  # fmt: skip


def _forwarded(
    record: dict[str, Any], words: Said, chat: Chat, place: int, id: str, author_id: str | None,
    published: datetime | None, offset: int | None,
) -> list[Yielded]:  # fmt: skip
    """Read what was passed on; its words are someone else's."""
    first = someone(record, "forwarded_from", chat.file, place, chat.watch.bad)
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
        who = someone(record, "actor", chat.file, place, chat.watch.bad)
        via = action.removeprefix("join_group_by_")
        if who:
            yield _moved("Join", who.id, via, record, chat, place)
    elif action in ("invite_members", "remove_members"):
        yield from _members(record, chat, place, "Join" if action[0] == "i" else "Leave")
    elif action is not None and not (isinstance(action, str) and action in ACTIONS):
        chat.watch.unknown(f"action {action}")


def _members(record: dict[str, Any], chat: Chat, place: int, type: str) -> Iterator[Yielded]:
    """Read who was let in or put out; members are told by their name alone."""
    bad = chat.watch.bad
    actor = someone(record, "actor", chat.file, place, bad)
    members = record.get("members")
    if not isinstance(members, list):
        bad("members", members)
        return
    for name in members[:_MAX_MEMBERS]:
        itself = actor is not None and actor.name is not None and name == actor.name
        named = text({"members": name}, "members", bad)
        who = actor if itself else by_name(named, chat.file, place)
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
        published=when(record, "date", chat.watch.bad)[0], via=via, file=chat.file, place=place,
    )  # fmt: skip


def _reactions(value: Any, chat: Chat, place: int, id: str, bad: Bad) -> Iterator[Yielded]:
    """Read how many reacted, all signs together, and the last who did where they are named.

    Where one of the counts cannot be read the sum is not known.
    """
    counted, total = False, 0
    given = _listed(value, "reactions", bad)
    for reaction in given:
        strange(reaction, REACTION, "reactions", chat.watch)
        count = reaction.get("count")
        if isinstance(count, int) and not isinstance(count, bool) and 0 <= count < 1 << 53:
            counted, total = True, total + count
        elif count is not None:
            bad("reactions.count", count)
            given = []
        sign = reaction.get("emoji") or reaction.get("type")
        if "recent" not in reaction:
            continue
        for recent in _listed(reaction["recent"], "reactions.recent", bad):
            strange(recent, REACTED, "reactions.recent", chat.watch)
            who = someone(recent, "from", chat.file, place, _within("reactions.recent", bad))
            if who:
                yield who
                yield Activity(
                    platform=PLATFORM, type="Like", actor_id=who.id, object_id=id,
                    published=_local(recent, "date", _within("reactions.recent", bad)),
                    via=text({"sign": sign}, "sign", _within("reactions", bad), 40),
                    file=chat.file, place=place,
                )  # fmt: skip
    if counted and given:
        yield Metric(
            platform=PLATFORM, subject_id=id, name="likes", value=float(total),
            observed=chat.observed, file=chat.file, place=place,
        )  # fmt: skip


def _within(name: str, bad: Bad) -> Bad:
    return lambda key, value: bad(f"{name}.{key}", value)


def _listed(value: Any, name: str, bad: Bad) -> list[dict[str, Any]]:
    """Give the objects of a list."""
    if value is not None and not isinstance(value, list):
        bad(name, value)
    found: list[dict[str, Any]] = []
    for item in value[:_MAX_REACTIONS] if isinstance(value, list) else ():
        if isinstance(item, dict):
            found.append(item)
        else:
            bad(name, item)
    return found


def _object(record: dict[str, Any], key: str, bad: Bad) -> dict[str, Any] | None:
    value = record.get(key)
    if value is not None and not isinstance(value, dict):
        bad(key, value)
    return value if isinstance(value, dict) else None


def when(
    record: dict[str, Any], key: str, bad: Bad, *, due: bool = True
) -> tuple[datetime | None, int | None]:
    """Give a time in UTC, and the offset of the clock that made the export in minutes.

    Exports before 2022 hold that clock's time alone: it is taken for UTC. So it is where the other
    cannot be read. `bad` is told, too, of a time that is missing and `due`.
    """
    seconds, local = record.get(f"{key}_unixtime"), record.get(key)
    if seconds is None:
        return (None, None) if local is None and not due else (_local(record, key, bad), None)
    try:
        at = epoch(seconds)
    except RecordError:
        bad(f"{key}_unixtime", seconds)
        return _local(record, key, bad) if local is not None else None, None
    if not isinstance(local, str):
        return at, None
    try:
        apart = moment(local, zone=UTC) - at
    except RecordError:
        return at, None
    minutes = round(apart / _MINUTE)
    return at, minutes if abs(minutes) <= 14 * 60 else None


def _local(record: dict[str, Any], key: str, bad: Bad) -> datetime | None:
    try:
        return moment(record.get(key))
    except RecordError:
        bad(key, record.get(key))
        return None


def _outlet(author_id: str | None, chat: Chat) -> str | None:
    """Give the group or channel it stands in, where that is not its author."""
    if author_id == chat.id or chat.kind in ("personal_chat", "bot_chat", "saved_messages"):
        return None
    return chat.id


def _media(record: dict[str, Any], chat: Chat) -> tuple[str, ...]:
    if record.get("photo"):
        return ("Image",)
    kind, mime = record.get("media_type"), record.get("mime_type")
    if isinstance(kind, str) and kind in _MEDIA:
        return (_MEDIA[kind],)
    if kind is not None:
        chat.watch.unknown(f"media_type {kind}")
    if not record.get("file"):
        return ()
    if mime is not None and not isinstance(mime, str):
        chat.watch.bad("mime_type", mime)
        mime = None
    main = mime.partition("/")[0].capitalize() if mime else ""
    return (main if main in ("Image", "Video", "Audio") else "Document",)


def _where(record: dict[str, Any], bad: Bad) -> tuple[float | None, float | None]:
    at = _object(record, "location_information", bad)
    if not at:
        return None, None
    bad = _within("location_information", bad)
    latitude, longitude = _degrees(at, "latitude", 90, bad), _degrees(at, "longitude", 180, bad)
    return (latitude, longitude) if None not in (latitude, longitude) else (None, None)


def _degrees(at: dict[str, Any], key: str, limit: int, bad: Bad) -> float | None:
    value = at.get(key)
    if isinstance(value, int | float) and not isinstance(value, bool) and -limit <= value <= limit:
        return float(value)
    bad(key, value)
    return None
