"""Which files are Mastodon's: told by a known name or by what their first kilobytes hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from empreinte.container import Container, is_media
from empreinte.formats.byte_order import opening
from empreinte.sources.mastodon.lists import BOOKMARKS, PRIVATE, ROSTERS

Kind = Literal[
    "actor", "outbox", "likes", "bookmarks", "act", "roster", "bookmark list", "private list",
    "answer", "server answer", "empty", "media", "archive", "unknown",
]  # fmt: skip

MAX_LOOKS = 20_000
"""JSON files of unknown name that are looked into, at 0.1 ms each: saved answers are a thousand a
year, and a Facebook export holds thousands too."""

_COLLECTIONS: dict[str, Kind] = {
    "outbox.json": "outbox", "likes.json": "likes", "bookmarks.json": "bookmarks",
}  # fmt: skip
_ACTIVITYPUB = re.compile(rb"www\.w3\.org/ns/activitystreams")
_ACTOR = re.compile(rb'"type"\s*:\s*"(?:Person|Service|Application|Group|Organization)"')
_NAMED = re.compile(rb'"id"\s*:\s*"(outbox\.json|likes\.json|bookmarks\.json)"')
_COLLECTION = re.compile(rb'"orderedItems"\s*:')
_ACT = re.compile(rb'"type"\s*:\s*"(?:Create|Announce)"')
_ACTED = re.compile(rb'"actor"\s*:\s*"https?://')
_ANSWER = re.compile(rb'"acct"\s*:|"request"\s*:\s*"[A-Z]{3,6} https?://[^"]{1,300}/api/v\d+/')
_SERVER_ANSWER = re.compile(
    rb'"posting:default:visibility"\s*:|"showing_reblogs"\s*:|"short_description"\s*:'
    rb'|"streaming_api"\s*:|"for_not_following"\s*:'
)
_LIST_OF = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:Account address\s*(?:,|\r?\n|$)|@?[^\s,@]+@[^\s,@]+)"
)
_EXPORT: set[Kind] = {"actor", "outbox", "likes", "bookmarks"}
_NEUTRAL: set[Kind] = {"media", "archive", "empty", "server answer"}
_ARCHIVE = re.compile(r"\.(zip|tar|tgz|tar\.gz)$", re.IGNORECASE)
_FOREIGN = re.compile(r"\.(xml|rss|atom|rdf|opml|js|gz)$", re.IGNORECASE)
"""Names of files that other sources may claim: a folder that holds some is not all ours."""


def kinds(export: Container) -> dict[str, Kind]:
    """Tell the kind of each file of a container, by full name."""
    looks = iter(range(MAX_LOOKS))
    return {name: _kind(export, name, looks) for name in export.names()}


def _kind(export: Container, name: str, looks: Iterator[int]) -> Kind:
    base = name.rpartition("/")[2].lower()
    if is_media(base):
        return "media"
    if _ARCHIVE.search(base):
        return "archive"
    if base in PRIVATE:
        return "private list"
    if base.endswith(".csv"):
        return _list_kind(export, name, base)
    if not base.endswith(".json"):
        return "unknown"
    if base not in _COLLECTIONS and base != "actor.json" and next(looks, None) is None:
        return "unknown"
    return _json_kind(export.head(name), base)


def _list_kind(export: Container, name: str, base: str) -> Kind:
    if base == BOOKMARKS:
        return "bookmark list" if export.head(name, 8).startswith(b"http") else "unknown"
    if base in ROSTERS:
        head = export.head(name, 512)
        return "roster" if not head.strip() or _LIST_OF.match(head) else "unknown"
    return "unknown"


def _json_kind(head: bytes, base: str) -> Kind:
    if opening(head).rstrip() in (b"[]", b"{}"):
        return "empty"
    if _ACTIVITYPUB.search(head):
        if base == "actor.json":
            return "actor"
        if _ACTOR.search(head) and b'"preferredUsername"' in head and b'"inbox"' in head:
            return "actor"
        named = _NAMED.search(head)
        if named:
            return _COLLECTIONS[named[1].decode()]
        if base in _COLLECTIONS:
            return _COLLECTIONS[base]
        if _COLLECTION.search(head):
            return "outbox"
    if _ACT.search(head) and _ACTED.search(head) and b'"object"' in head:
        return "act"
    if _ANSWER.search(head):
        return "answer"
    return "server answer" if _SERVER_ANSWER.search(head) else "unknown"


def roots(export: Container) -> Iterator[str]:
    """Give the folders and the single files of a container that are Mastodon's.

    A folder is one export if nothing in it can be another platform's; else its files are taken
    one by one.
    """
    known = kinds(export)
    ours = {name for name, kind in known.items() if kind not in {*_NEUTRAL, "unknown"}}
    ours -= {name for name in ours if known[name] == "private list"}  # not by themselves
    if ours:
        yield from _claim("", list(known), known, ours)


def _claim(folder: str, names: list[str], known: dict[str, Kind], ours: set[str]) -> Iterator[str]:
    if not any(name in ours for name in names):
        return
    is_export = any(known[name] in _EXPORT for name in names if "/" not in name[len(folder) :])
    foreign = [
        name for name in names
        if known[name] == "unknown" and (not is_export or _FOREIGN.search(name))
    ]  # fmt: skip
    if not foreign:
        yield folder
        return
    inside: dict[str, list[str]] = {}
    for name in names:
        first, slash, _rest = name[len(folder) :].partition("/")
        if slash:
            inside.setdefault(f"{folder}{first}/", []).append(name)
        elif name in ours:
            yield name
    for deeper, its_names in inside.items():
        yield from _claim(deeper, its_names, known, ours)
