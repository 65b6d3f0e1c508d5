"""Which files are YouTube's: told by their folder and names, then by the start of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.formats.byte_order import opening
from empreinte.sources.google.takeout import MAX_LOOKS, entries, is_alone
from empreinte.sources.google.takeout import words as shared
from empreinte.sources.google.youtube import tables

_HEAD = 16 << 10

_KIND = re.compile(rb'"kind"\s*:\s*"youtube#\w{1,30}"')
_OLD_COMMENT = re.compile(rb"<li[^<>]{0,200}>.{0,600}youtube\.com/watch\?v=", re.DOTALL)
_EXTENSION = re.compile(r"\.(json|html?|csv)$", re.IGNORECASE)
TELLING = {"subscriptions", "comments", "live_chats", "videos", "playlists", "playlist_items",
           "channel"}  # fmt: skip
"""Tables whose columns no other platform writes."""

_LOOSE = {
    "subscriptions", "abonnements", "comments", "commentaires", "videos", "live chats",
    "my-comments", "my-live-chat-messages",
}  # fmt: skip
"""Names of files that people take out of the folder."""


class Kind(NamedTuple):
    """What a file holds: ``history`` (JSON), ``page``, ``old_comments``, ``resources``, or a
    kind of table; `columns` are those of a table.
    """

    name: str
    columns: tuple[str, ...] = ()


def kind(export: Container, name: str) -> Kind | None:
    """Tell what a file holds from its first bytes, ``None`` if nothing that is known."""
    found = _EXTENSION.search(name)
    ending = found[1].lower() if found else ""
    if ending == "csv":
        try:
            table, columns = tables.header(export, name)
        except ContainerError:
            return None
        return Kind(table, tuple(columns)) if table else None
    head = export.head(name, _HEAD)
    if opening(head).startswith(b"["):
        if _KIND.search(head):
            return Kind("resources")
    elif _OLD_COMMENT.search(head):
        return Kind("old_comments")
    found = entries(export, name)
    if found is None or not found.is_youtube:
        return None
    return Kind("history" if found.form == "json" else "page")


def root_of(name: str) -> str:
    """Give the innermost folder around a file that is named after YouTube, else the file.

    >>> root_of("Takeout/YouTube et YouTube Music/historique/watch-history.json")
    'Takeout/YouTube et YouTube Music/'
    """
    parts = name.split("/")[:-1]
    for n in range(len(parts), 0, -1):
        if parts[n - 1].casefold().startswith("youtube"):
            return "/".join(parts[:n]) + "/"
    return name


def roots(export: Container) -> Iterator[str]:
    """Give the folders, or files that stand by themselves, that are YouTube's."""
    found: dict[str, None] = {}
    looks = 0
    for name in export.names() if is_alone(export) else export.names(r".*\.(json|html?|csv)"):
        root = root_of(name)
        if root in found or (root == name and not (is_alone(export) or _is_named(name))):
            continue
        looks += 1
        if looks > MAX_LOOKS:
            break
        told = kind(export, name)
        if told is not None and (not told.columns or told.name in TELLING):
            found[root] = None
    for root in found:
        if not any(root != other and other.endswith("/") and root.startswith(other)
                   for other in found):  # fmt: skip
            yield root


def stem(name: str) -> str:
    """Give a file's name without its folder and ending."""
    return _EXTENSION.sub("", name.rpartition("/")[2])


def _is_named(name: str) -> bool:
    base = stem(name)
    named = shared().of(base) in ("watch_history", "search_history", "my_activity")
    return named or base.casefold() in _LOOSE
