"""Saved answers of Bluesky's API: what they hold, before anything is made of it.

Answers are JSON files, a page each as ``app.bsky.*`` gives them (getAuthorFeed, getPosts,
getPostThread, getLikes, getRepostedBy, getQuotes, getFollowers, getFollows, getProfile,
listNotifications) or ``com.atproto.repo.listRecords`` and ``getRecord``; an array of such; or one
a line. Format: https://docs.bsky.app/docs/api/ . Whatever the answer, it is made of few things
(a post, a profile, a notification, a list), so these are looked for wherever they stand.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import msgspec

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.formats.byte_order import opening, unmarked
from empreinte.formats.json_array import elements
from empreinte.formats.lenient import FAILS, LOST, Bad, mend
from empreinte.sources.bluesky.jetstream import lines

MAX_ANSWER = 8 << 20
"""Bytes of one answer; a page of 100 posts takes 0.5 MB."""
MAX_THINGS = 2_000_000
"""Objects of one body that are looked at."""
MAX_ANSWERS = 20_000
"""Files that are looked into to tell who asked."""

_ASKER = re.compile(
    rb'"(?:like|repost|following|bookmark)"\s*:\s*"at://(did:[a-z]{1,32}:[A-Za-z0-9._:%-]{1,200})/'
)
_NOTIFIED = re.compile(rb'"reasonSubject"\s*:\s*"at://(did:[a-z]{1,32}:[A-Za-z0-9._:%-]{1,200})/')


class Thing(NamedTuple):
    """An object in an answer, and what it is taken for."""

    kind: str  # post, notification, profile, reposted, likes, reposts, followers, follows, bare
    fields: dict[str, Any]


LISTS = {"likes": "likes", "repostedBy": "reposts", "followers": "followers", "follows": "follows"}
_RECORDS = ("record", "value")
_TELLING = frozenset(("uri", "did", "post", *LISTS))
"""Fields of which each thing has one; most objects of an answer have none."""


def bodies(export: Container, file: str, bad: Bad) -> Iterator[Any]:
    """Give the bodies in a file; `Broken` for one that is not JSON.

    `bad` is told of texts of which a part is no text: the rest of them is kept.

    Raises
    ------
    ContainerError
        If it cannot be read, or is one object longer than 8 MiB.
    """
    with export.open(file) as stream:
        if file.lower().endswith((".jsonl", ".ndjson")):
            for line in lines(stream):
                yield from elements(io.BytesIO(b"[" + (line or b"null") + b"]"), Any, bad=bad)  # pyright: ignore[reportArgumentType]
            return
        data = stream.read(MAX_ANSWER + 1)
    if len(data) <= MAX_ANSWER:
        data = unmarked(data)
        try:
            yield msgspec.json.decode(data)
            return
        except FAILS as error:
            if (read := mend(data, Any, bad)) is not LOST:
                yield read
                return
            if not opening(data).startswith(b"["):
                raise ContainerError(
                    "Not the JSON expected ({cause}). The file may have been cut or edited.",
                    cause=error,
                ) from error
    elif not opening(data[:64]).startswith(b"["):
        raise ContainerError(
            "{name} is longer than the {limit} bytes expected of such a file; it was not read.",
            name=file, limit=MAX_ANSWER,
        )  # fmt: skip
    with export.open(file) as stream:
        yield from elements(stream, Any, bad=bad)  # pyright: ignore[reportArgumentType]


def things(body: Any, saw: Callable[[str, dict[str, Any]], None]) -> Iterator[Thing]:
    """Give the posts, profiles, notifications and lists in a body, in the order they stand.

    `saw` is told each object that is no record, and the name it stands under.

    No recursion: threads nest as deep as people answer each other. What a decoder of JSON makes is
    of no other class than dict and list, and half of the time is spent in asking which.
    """
    if isinstance(body, dict) and isinstance(body.get("$type"), str) and "uri" not in body:
        kind = body["$type"]
        if kind.startswith("app.bsky.") and "#" not in kind:
            yield Thing("bare", body)
            return
    pending = [("", body)]
    for _ in range(MAX_THINGS):
        if not pending:
            return
        name, value = pending.pop()
        if type(value) is list:
            pending += [(name, each) for each in reversed(value)]
        elif type(value) is dict:
            saw(name, value)
            if not _TELLING.isdisjoint(value):
                yield from _taken_for(value)
            # A record holds what its author wrote: addresses in it are not answers.
            pending += [
                (key, inside)
                for key, inside in reversed(value.items())
                if (type(inside) is dict or type(inside) is list)
                and (key not in _RECORDS or _is_view(inside))
            ]


def _is_view(value: Any) -> bool:
    """Tell a view, whose ``record`` is another view or an answer's part, from a record."""
    return isinstance(value, dict) and not value.keys().isdisjoint(("uri", "post", "record"))


def _taken_for(value: dict[str, Any]) -> list[Thing]:
    found: list[Thing] = []
    record = value.get("record") if "record" in value else value.get("value")
    if "uri" in value and isinstance(record, dict) and not _is_view(record):
        is_notification = isinstance(value.get("reason"), str) and "isRead" in value
        found.append(Thing("notification" if is_notification else "post", value))
    elif "did" in value and "handle" in value:
        found.append(Thing("profile", value))
    elif isinstance(value.get("post"), dict) and isinstance(value.get("reason"), dict):
        found.append(Thing("reposted", value))
    if not LISTS.keys().isdisjoint(value):  # hardly any
        found += [Thing(kind, value) for key, kind in LISTS.items() if type(value.get(key)) is list]
    return found


def asker(export: Container, files: list[str]) -> str | None:
    """Tell who asked: whose likes, reposts and follows the answers mention as the reader's own.

    ``viewer`` names the asker's own records; in notifications, ``reasonSubject`` is mostly the
    owner's post.
    """
    asked, notified = Counter[bytes](), Counter[bytes]()
    for file in files[:MAX_ANSWERS]:
        head = export.head(file, 1 << 20)
        asked.update(_ASKER.findall(head))
        notified.update(_NOTIFIED.findall(head))
    best = (asked or notified).most_common(1)
    return best[0][0].decode() if best else None
