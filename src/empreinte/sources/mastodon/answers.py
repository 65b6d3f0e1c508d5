"""Saved answers of Mastodon's REST API: what they hold, before anything is made of it.

Answers come as JSON files: an array, a single object, or, where a client recorded its session,
``{"request": "GET https://…/api/v1/…", "body": …}`` alone or in an array. Bodies are statuses,
notifications (one by one or grouped), accounts, or objects that hold lists of these.
Format: https://docs.joinmastodon.org/entities/

Ids in answers are local to the server that gave them: 123 on one server is not 123 on another.
`Index` reads all answers of an export once to learn which server each file comes from, whose
they are, and which local id stands for which post (by its URI) and account (by its address).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from empreinte.container import Container
from empreinte.errors import ContainerError
from empreinte.formats.byte_order import opening
from empreinte.formats.json_array import MAX_ELEMENT, Broken, document, elements
from empreinte.formats.lenient import LOST, Bad, mend
from empreinte.sources.mastodon.fields import AnswerWatch
from empreinte.sources.mastodon.people import MAX_KNOWN, address, address_in, host

Id = str | int | None
_SHORT = 500
"""Letters of an account's names that are kept in mind: few people answer often."""


class AccountAnswer(msgspec.Struct):
    """A profile; ``source`` stands only in one's own.

    https://docs.joinmastodon.org/entities/Account/
    """

    acct: str | None = None
    id: Id = None
    url: str | None = None
    uri: str | None = None
    display_name: str | None = None
    note: str | None = None
    created_at: datetime | None = None
    followers_count: int | None = None
    following_count: int | None = None
    statuses_count: int | None = None
    source: dict[str, Any] | None = None


class MentionAnswer(msgspec.Struct):
    """Someone whom a status mentions: https://docs.joinmastodon.org/entities/Status/#Mention ."""

    acct: str | None = None
    id: Id = None
    url: str | None = None
    uri: str | None = None


class TagAnswer(msgspec.Struct):
    """A hashtag of a status: https://docs.joinmastodon.org/entities/Status/#Tag ."""

    name: str


class MediaAnswer(msgspec.Struct):
    """What is attached to a status: https://docs.joinmastodon.org/entities/MediaAttachment/ ."""

    type: str | None = None
    description: str | None = None


class QuoteAnswer(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/Quote/ and ShallowQuote."""

    quoted_status: StatusAnswer | None = None
    quoted_status_id: Id = None


class StatusAnswer(msgspec.Struct):
    """A post, or a share of one: https://docs.joinmastodon.org/entities/Status/ ."""

    uri: str
    account: AccountAnswer
    id: Id = None
    url: str | None = None
    created_at: datetime | None = None
    edited_at: datetime | None = None
    content: str | None = None
    spoiler_text: str | None = None
    visibility: str | None = None
    language: str | None = None
    in_reply_to_id: Id = None
    in_reply_to_account_id: Id = None
    replies_count: int | None = None
    reblogs_count: int | None = None
    favourites_count: int | None = None
    quotes_count: int | None = None
    favourited: bool | None = None
    bookmarked: bool | None = None
    reblog: StatusAnswer | None = None
    media_attachments: list[MediaAnswer] | None = None
    mentions: list[MentionAnswer] | None = None
    tags: list[TagAnswer] | None = None
    quote: QuoteAnswer | bool | None = None  # some servers say only whether there is one
    poll: dict[str, Any] | None = None


class NotificationAnswer(msgspec.Struct):
    """Who answered the owner, how and when.

    https://docs.joinmastodon.org/entities/Notification/
    """

    type: str
    account: AccountAnswer
    id: Id = None
    created_at: datetime | None = None
    status: StatusAnswer | None = None


class GroupAnswer(msgspec.Struct):
    """Notifications of one kind about one post.

    https://docs.joinmastodon.org/entities/GroupedNotificationsResults/#NotificationGroup
    """

    type: str
    sample_account_ids: list[Id] = []
    status_id: Id = None


Entity = AccountAnswer | StatusAnswer | NotificationAnswer | GroupAnswer

_NESTED = (
    "accounts", "partial_accounts", "statuses", "ancestors", "descendants", "account",
    "last_status", "notification_groups", "favourites", "bookmarks", "mentions", "followers",
    "following",
)  # fmt: skip
"""Where objects that are none of ours themselves hold some: context, search, suggestion, …, and
the file that mastodon-archive (https://src.alexschroeder.ch/mastodon-archive.git) makes of all."""


class Body(msgspec.Struct):
    """One body with what its request, or its file's name, tells of it."""

    place: int
    content: Any
    about: str  # the request's URL, else the file's name
    server: str | None
    listed: bool  # whether it is, or stood in, an array
    deleted: bool = False


def bodies(export: Container, file: str, bad: Bad) -> Iterator[Body | Broken]:
    """Give the bodies in a file, an element at a time; `bad` is told of texts that are spoilt.

    Raises
    ------
    ContainerError
        If it is one object and not JSON, or cannot be read.
    """
    listed, items = _items(export, file, bad)
    for place, item in enumerate(items):
        if isinstance(item, Broken):
            yield item
        elif isinstance(item, dict) and "request" in item and "body" in item:
            method, _, url = str(item["request"]).partition(" ")
            body = item["body"]
            yield Body(place, body, url, host(url), isinstance(body, list), method == "DELETE")
        else:
            yield Body(place, item, file, None, listed)


def _items(export: Container, file: str, bad: Bad) -> tuple[bool, Iterator[Any]]:
    """Give the elements of a file that is an array, or its one object; and which it is.

    Answers are short: what fits is decoded at once, ten times faster than element by element,
    unless something in it is broken.
    """
    with export.open(file) as stream:
        data = stream.read(MAX_ELEMENT)
    listed = opening(data[:64]).startswith(b"[")
    if not listed:
        return False, iter([document(data, Any, bad)])  # pyright: ignore[reportArgumentType]
    try:
        return True, iter(document(data, list[Any]))
    except ContainerError:
        return True, _one_by_one(export, file, bad)


def _one_by_one(export: Container, file: str, bad: Bad) -> Iterator[Any]:
    with export.open(file) as stream:
        yield from elements(stream, Any, bad=bad)  # pyright: ignore[reportArgumentType]


def entities(
    body: Any, watch: AnswerWatch | None = None, under: str = ""
) -> Iterator[tuple[Entity | msgspec.ValidationError | None, str]]:
    """Give what a body holds that we know, one by one, and the name that it stands under.

    ``None`` stands for an element of another kind; the error for one of ours of which too little
    can be read. `watch` is shown the fields of each.
    """
    for item in body if isinstance(body, list) else [body]:
        kind = _kind(item)
        if kind is not None:
            yield _entity(item, kind, watch), under
            continue
        inner = list(_inside(item)) if isinstance(item, dict) else []
        if not inner:
            yield None, under
        elif watch is not None:
            watch.of(dict).see(item)
        for one, name in inner:
            yield from entities([one], watch, name)


def _entity(
    item: dict[str, Any], kind: Any, watch: AnswerWatch | None
) -> Entity | msgspec.ValidationError:
    if watch is not None:
        watch.of(kind).meet(item)
    try:
        return msgspec.convert(item, kind)
    except msgspec.ValidationError as error:
        bad = watch.of(kind).bad if watch is not None else _untold
        read = mend(msgspec.json.encode(item), kind, bad)
        return error if read is LOST else read


def _untold(_name: str, _value: object) -> None:
    """Say nothing: it is told when the file is read for good."""


def _inside(item: dict[str, Any]) -> Iterator[tuple[Any, str]]:
    for key in _NESTED:
        held = item.get(key)
        for one in held if isinstance(held, list) else [held]:
            if _kind(one) is not None:
                yield one, key


def _kind(item: Any) -> type | None:
    if not isinstance(item, dict):
        return None
    if "acct" in item and "username" in item:
        return AccountAnswer
    if "account" in item and "uri" in item and ("content" in item or "text" in item):
        return StatusAnswer
    if "account" in item and "type" in item and "created_at" in item:
        return NotificationAnswer
    if "sample_account_ids" in item and "type" in item:
        return GroupAnswer
    return None


def who(account: AccountAnswer | MentionAnswer, server: str | None = None) -> str | None:
    """Give the full address of an account; ``acct`` without a domain is local to the server."""
    acct, url = account.acct or "", account.url or ""
    read = _address if len(acct) + len(url) <= _SHORT else _address.__wrapped__
    # Where it cannot be read, the address of the profile mostly tells the same.
    return read(acct, url, server) or address_in(account.uri or "") or address_in(url)


@lru_cache(maxsize=4_096)
def _address(acct: str, url: str, server: str | None) -> str | None:
    return address(acct, host(url) or server)


class Index:
    """What all answers of an export tell together: servers, owners, local ids."""

    def __init__(self, export: Container, files: list[str]) -> None:
        self.servers: dict[str, str] = {}
        self.owners: Counter[str] = Counter()
        self.posts: dict[tuple[str | None, str], str] = {}
        self.authors: dict[str, str] = {}  # post URI -> address
        self.accounts: dict[tuple[str | None, str], str] = {}
        self.audiences: dict[str, tuple[int | None, int | None]] = {}
        for file in files:
            self._learn(export, file)
        common = Counter(self.servers.values()).most_common(1)
        self.usual = common[0][0] if common else None

    @property
    def owner(self) -> str | None:
        """Whose answers they are: who asked for their own profile, or was notified of likes."""
        most = self.owners.most_common(1)
        return most[0][0] if most else None

    def post(self, server: str | None, local: Id) -> str | None:
        """Give the URI of the post that `server` calls `local`."""
        return self.posts.get((server, str(local))) or self.posts.get((None, str(local)))

    def account(self, server: str | None, local: Id) -> str | None:
        """Give the address of the account that `server` calls `local`."""
        return self.accounts.get((server, str(local))) or self.accounts.get((None, str(local)))

    def server(self, file: str, body: Body) -> str | None:
        """Give the server that gave a body, as far as can be told."""
        return body.server or self.servers.get(file) or self.usual

    def _learn(self, export: Container, file: str) -> None:
        waiting: list[tuple[str | None, Entity]] = []
        try:
            for body in bodies(export, file, _untold):
                if isinstance(body, Broken):
                    continue
                for entity, _under in entities(body.content):
                    if isinstance(entity, msgspec.Struct):
                        self._server_of(file, entity)
                        waiting.append((body.server, entity))
                    if len(waiting) >= 1_000:
                        self._learn_all(file, waiting)
        except ContainerError:
            return  # told when the file is read for good
        finally:
            self._learn_all(file, waiting)

    def _server_of(self, file: str, entity: Any) -> None:
        if file in self.servers:
            return
        account = entity if isinstance(entity, AccountAnswer) else getattr(entity, "account", None)
        is_local = account is not None and account.acct and "@" not in account.acct
        local = host(account.url or "") if account is not None and is_local else None
        if local:
            self.servers[file] = local

    def _learn_all(self, file: str, waiting: list[tuple[str | None, Entity]]) -> None:
        for server, entity in waiting:
            here = server or self.servers.get(file)
            if isinstance(entity, AccountAnswer):
                self._learn_account(entity, here)
            elif isinstance(entity, StatusAnswer):
                self._learn_status(entity, here)
            elif isinstance(entity, NotificationAnswer):
                self._learn_account(entity.account, here)
                if entity.status is not None:
                    self._learn_status(entity.status, here)
                    if entity.type in ("favourite", "reblog"):
                        mine = who(entity.status.account, here)
                        self.owners.update([mine] if mine else [])
        waiting.clear()

    def _learn_account(self, account: AccountAnswer, server: str | None) -> None:
        found = who(account, server)
        if found is None or len(self.accounts) >= MAX_KNOWN:
            return
        if account.id is not None:
            self.accounts[server, str(account.id)] = found
        if account.followers_count is not None:
            self.audiences[found] = (account.followers_count, account.following_count)
        if account.source is not None:
            self.owners[found] += 1_000_000  # one's own profile outweighs any notification

    def _learn_status(self, status: StatusAnswer, server: str | None) -> None:
        self._learn_account(status.account, server)
        author = who(status.account, server)
        if status.id is not None and len(self.posts) < MAX_KNOWN:
            self.posts[server, str(status.id)] = status.uri
            if author is not None:
                self.authors[status.uri] = author
        if status.reblog is not None:
            self._learn_status(status.reblog, server)


@lru_cache(maxsize=1)
def asked(about: str) -> tuple[str, str | None] | None:
    """Tell from a request or a file's name what a list of accounts is, and of which local id.

    >>> asked("status_favourited_by-123.json")
    ('favourited_by', '123')
    >>> asked("https://example.social/api/v1/accounts/7/followers?limit=80")
    ('followers', '7')
    """
    path = about.partition("?")[0]
    what = r"(favourited_by|reblogged_by|(?<!familiar_)followers|following)"
    before = re.search(rf"(\d+)[/_.-]*(?:account_|status_)?{what}", path)
    after = re.search(rf"{what}[/_.-]*(\d+)", path)
    alone = re.search(what, path)
    if before:
        return before[2], before[1]
    if after:
        return after[1], after[2]
    return (alone[1], None) if alone else None
