"""Which files are Bluesky's: told by what their first kilobytes hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from empreinte.container import Container, is_media
from empreinte.formats.byte_order import unmarked

Kind = Literal[
    "repository", "events", "answer", "other answer", "chat", "blob", "archive", "unknown"
]

MAX_LOOKS = 1_000
"""JSON files looked into before one is ours: a Facebook export holds thousands."""

_JSON = (".json", ".jsonl", ".ndjson")
_ARCHIVE = re.compile(r"\.(zip|tar|tgz|tar\.gz)$", re.IGNORECASE)
_BLOB = re.compile(r"bafkrei[a-z2-7]{52}(\.\w{1,8})?")
_EVENT = re.compile(
    rb'\s*\{(?=[^\n]{0,12000}"time_us"\s*:\s*\d)(?=[^\n]{0,12000}"did"\s*:\s*"did:)'
    rb'(?=[^\n]{0,12000}"kind"\s*:\s*")'
)
_CHAT = re.compile(rb'"\$type"\s*:\s*"chat\.bsky\.|"convos"\s*:\s*\[|"convo"\s*:\s*\{')
_NETWORK = re.compile(
    rb'"\$type"\s*:\s*"(?:app\.bsky|com\.atproto)\.'
    rb'|"(?:uri|did|creator|subject)"\s*:\s*"(?:at://)?did:(?:plc|web):'
    rb'|^\s*\{\s*"notifications"\s*:\s*\[\s*\]\s*,\s*"(?:priority|seenAt)"'  # there were none
)
_PEOPLE_OR_POSTS = re.compile(
    rb'"(?:record|value|likes|repostedBy|followers|follows|followersCount|feed|posts|thread'
    rb'|notifications|records|profiles|actors)"\s*:|"\$type"\s*:\s*"app\.bsky\.'
)
_FOREIGN = re.compile(r"\.(xml|rss|atom|rdf|opml|js|gz|csv|html|json|jsonl|ndjson)$", re.IGNORECASE)
"""Names of files that other sources may claim: a folder that holds some is not all ours."""

OURS: tuple[Kind, ...] = ("repository", "events", "answer", "other answer", "chat")


def kinds(export: Container) -> dict[str, Kind]:
    """Tell the kind of each file of a container, by full name."""
    found: dict[str, Kind] = {}
    looks, ours = MAX_LOOKS, False
    for name in export.names():
        kind = _kind(export, name, looks > 0 or ours)
        looks -= name.lower().endswith(_JSON)
        ours = ours or kind in OURS
        found[name] = kind
    return found


def _kind(export: Container, name: str, may_look: bool) -> Kind:
    base = name.rpartition("/")[2].lower()
    if is_media(base) or _BLOB.fullmatch(base):
        return "blob"
    if _ARCHIVE.search(base):
        return "archive"
    if base.endswith(".car"):
        return "repository" if _is_car(export.head(name, 256)) else "unknown"
    if not base.endswith(_JSON) or not may_look:
        return "unknown"
    return _json_kind(unmarked(export.head(name)))


def _is_car(head: bytes) -> bool:
    """Tell whether it begins with the header of a CAR v1: ``{roots: […], version: 1}``."""
    return head[1:9] == b"\xa2\x65roots\x81" and b"\x67version\x01" in head[:128]


def _json_kind(head: bytes) -> Kind:
    if _EVENT.match(head):
        return "events"
    if not _NETWORK.search(head):
        return "unknown"
    if _CHAT.search(head):
        return "chat"
    return "answer" if _PEOPLE_OR_POSTS.search(head) else "other answer"


def roots(export: Container) -> Iterator[str]:
    """Give the folders and the single files of a container that are Bluesky's.

    A folder is one export if nothing in it can be another platform's and it holds one repository
    at most; two repositories are two accounts, or one account on two days: each stands alone.
    """
    known = kinds(export)
    if any(kind in OURS for kind in known.values()):
        yield from _claim("", list(known), known)


def _claim(folder: str, names: list[str], known: dict[str, Kind]) -> Iterator[str]:
    if not any(known[name] in OURS for name in names):
        return
    foreign = any(known[name] == "unknown" and _FOREIGN.search(name) for name in names)
    repositories = sum(known[name] == "repository" for name in names)
    if not foreign and repositories < 2:
        yield folder
        return
    inside: dict[str, list[str]] = {}
    for name in names:
        first, slash, _rest = name[len(folder) :].partition("/")
        if slash:
            inside.setdefault(f"{folder}{first}/", []).append(name)
        elif known[name] in OURS:
            yield name
    for deeper, its_names in inside.items():
        yield from _claim(deeper, its_names, known)
