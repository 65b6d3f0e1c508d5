"""How Telegram names things: people, groups and channels by a number, messages within their chat.

Since 2021 a number says what it is of (``user123``, ``chat123``, ``channel123``); before, its bits
did (https://github.com/telegramdesktop/tdesktop, ``data_peer_id.h``). Some exports name nobody.
"""

from __future__ import annotations

import re
from typing import Any

from empreinte.formats.digests import digest
from empreinte.formats.lenient import Bad
from empreinte.model import Account

PLATFORM = "telegram"
_PEER = re.compile(r"(user|chat|channel)(\d{1,20})")
_SHIFTS = {0: "user", 1: "chat", 2: "channel"}

CHANNELS = ("public_channel", "private_channel")
PUBLIC = ("public_channel", "public_supergroup")
_GROUPS = {"private_group": "chat", "personal_chat": "user", "bot_chat": "user",
           "saved_messages": "user", "replies": "user"}  # fmt: skip


def peer(value: Any) -> str | None:
    """Give the id of a person, group or channel, ``None`` where none is told.

    >>> peer("channel123"), peer(4312), peer((2 << 32) + 7)
    ('channel123', 'user4312', 'channel7')
    """
    if isinstance(value, str):
        value = int(value) if value.isascii() and value.isdigit() and len(value) < 20 else value
    if isinstance(value, str) and _PEER.fullmatch(value):
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 1 << 63:
        kind = _SHIFTS.get(value >> 32, "user")
        return f"{kind}{value & 0xFFFFFFFF if value >> 32 in _SHIFTS else value}"
    return None


def user(value: Any) -> str | None:
    """Give the id of a person by their bare number, ``None`` where there is none.

    >>> user(4312000111), user(0)
    ('user4312000111', None)
    """
    written = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    known = written.isascii() and written.isdigit() and len(written) < 20 and int(written) > 0
    return f"user{int(written)}" if known else None


def text(record: dict[str, Any], key: str, bad: Bad, letters: int = 500) -> str | None:
    """Give a text that is not empty, cut; ``None`` where there is none, or something else."""
    value = record.get(key)
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        bad(key, value)
        return None
    return value[:letters]


def known(record: dict[str, Any], key: str, bad: Bad) -> str | None:
    """Give the id of a person, group or channel that stands in a field (see `peer`)."""
    value = record.get(key)
    found = peer(value)
    if found is None and value not in (None, "", 0):
        bad(key, value)
    return found


def someone(record: dict[str, Any], key: str, file: str, place: int, bad: Bad) -> Account | None:
    """Give who wrote or did something, by id, else by name; ``None`` where neither is told.

    The id stands under the name's key with ``_id`` behind it.
    """
    id, called = known(record, f"{key}_id", bad), text(record, key, bad)
    return Account(platform=PLATFORM, id=id, name=called, file=file, place=place) if id else (
        by_name(called, file, place)
    )  # fmt: skip


def by_name(name: str | None, file: str, place: int) -> Account | None:
    """Give someone who is told by name alone."""
    if not name:
        return None
    id = f"name:{digest(name.casefold())}"
    return Account(platform=PLATFORM, id=id, name=name, file=file, place=place)


def chat_id(kind: str | None, number: Any, name: str | None) -> str:
    """Give the id of a chat: that of its group, channel or other side."""
    if isinstance(number, int) and not isinstance(number, bool) and number > 0:
        return f"{_GROUPS.get(kind or '', 'channel')}{number}"
    return f"name:{digest((name or '').casefold())}"
