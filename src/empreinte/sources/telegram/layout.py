"""Which files are Telegram Desktop's, and whose: told by how the JSON begins."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from empreinte.container import Container
from empreinte.formats.byte_order import opening
from empreinte.sources.telegram.names import peer, user

_HEAD = 64 << 10
_FEW = 30
"""JSON files of a container that are looked into whatever their name."""
_KINDS = (
    rb"personal_chat|bot_chat|saved_messages|replies|private_group|private_supergroup"
    rb"|public_supergroup|private_channel|public_channel"
)
_CHAT = re.compile(rb'"type"\s*:\s*"(' + _KINDS + rb')"\s*,\s*"id"\s*:\s*(\d{1,20})\s*[,}]')
_MESSAGE = re.compile(
    rb'"messages"\s*:\s*\[\s*\{\s*(?:"id"\s*:\s*\d+\s*,\s*)?"type"\s*:\s*"(?:message|service)"'
    rb'\s*,\s*"date(?:_unixtime)?"\s*:'
)
_PERSONAL = re.compile(rb'"personal_information"\s*:\s*\{\s*"user_id"\s*:\s*(\d{1,20})\s*,')
_CHATS = re.compile(rb'"(?:left_)?chats"\s*:\s*\{\s*(?:"about"\s*:\s*"[^"]*"\s*,\s*)?"list"\s*:')
_FROM = re.compile(rb'"from_id"\s*:\s*("user\d{1,20}"|\d{1,20})')

SUBFOLDERS = (
    "photos", "files", "video_files", "voice_messages", "round_video_messages", "stickers",
    "profile_pictures", "stories", "contacts", "chats", "images", "css", "js", "lists",
)  # fmt: skip
"""Where media and the pages of the other form of export lie."""


def is_export(head: bytes) -> bool:
    """Tell whether a JSON document begins like Telegram's: the account, or one chat."""
    if not opening(head).startswith(b"{"):
        return False
    if _PERSONAL.search(head) or _MESSAGE.search(head):
        return True
    if _CHATS.search(head) and _CHAT.search(head):
        return True
    return bool(_CHAT.search(head)) and b'"messages"' in head


def roots(export: Container) -> Iterator[str]:
    """Give the folders of ``result.json``, and documents of another name by themselves."""
    every = export.names(r"(.*/)?[^/]+\.json")
    named = export.names(r"(.*/)?result[^/]*\.json")
    for name in named if len(every) > _FEW else every:
        if is_export(export.head(name, _HEAD)):
            folder, slash, base = name.rpartition("/")
            yield folder + slash if base == "result.json" else name
    yield from _paged(export, named)


def _paged(export: Container, named: list[str]) -> Iterator[str]:
    """Give the folders of exports in the form that is not read, so that this can be told."""
    found: list[str] = []
    for name in sorted(export.names(r"(.*/)?(messages|export_results)\.html"), key=len):
        folder = _folder(name)
        if any(folder.startswith(other) for other in (*found, *map(_folder, named))):
            continue
        if b"<title>Exported Data</title>" in export.head(name, _HEAD):
            found.append(folder)
    return iter(found)


def _folder(name: str) -> str:
    return name[: name.rfind("/") + 1]


def documents(export: Container) -> list[str]:
    """Give the document of an export that was narrowed to one root."""
    names = export.names() if export.is_file else export.names(r"result\.json")
    return [name for name in names if is_export(export.head(name, _HEAD))][:1]


def owner(head: bytes) -> str | None:
    """Tell whose export it is from its beginning, ``None`` where that does not tell.

    An account's holds the number of its owner. Of a chat with one person the owner is the other
    side; saved messages are one's own; a channel is taken for its keeper's.
    """
    personal = _PERSONAL.search(head)
    if personal:
        return user(personal[1].decode())
    if _CHATS.search(head):
        return None
    chat = _CHAT.search(head)
    if not chat:
        return None
    kind, number = chat[1].decode(), chat[2].decode()
    if kind.endswith("_channel"):
        return f"channel{number}"
    if kind == "saved_messages":
        return f"user{number}"
    if kind in ("personal_chat", "bot_chat"):
        found = {peer(msgspec.json.decode(match)) for match in _FROM.findall(head)}
        others = found - {f"user{number}", None}
        return others.pop() if len(others) == 1 else None
    return None
