"""What is made of saved API answers: posts with their counts, and who answered them.

Counts and people are what the server that answered knows: it may have missed likes and shares
from servers it does not talk with.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from empreinte.container import Container
from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.formats.html_text import plain
from empreinte.formats.json_array import Broken
from empreinte.formats.last_counts import LastCounts
from empreinte.language import Message, message
from empreinte.model import (
    RAW_LIMIT,
    Account,
    Activity,
    FileReport,
    FileStatus,
    Metric,
    Post,
    Reject,
    Roster,
    Yielded,
)
from empreinte.sources.mastodon.activitypub import primary
from empreinte.sources.mastodon.answers import (
    AccountAnswer,
    Body,
    Entity,
    GroupAnswer,
    Index,
    NotificationAnswer,
    QuoteAnswer,
    StatusAnswer,
    asked,
    bodies,
    entities,
    who,
)
from empreinte.sources.mastodon.fields import AnswerWatch
from empreinte.sources.mastodon.people import PLATFORM, People, act_id, utc

VISIBILITY = {
    "public": "public", "unlisted": "unlisted", "private": "followers", "direct": "direct",
}  # fmt: skip
MEDIA = {
    "image": "Image", "video": "Video", "gifv": "Video", "audio": "Audio", "unknown": "Document",
}  # fmt: skip
VERBS = {"favourite": "Like", "reblog": "Announce"}
KINDS = {
    *VERBS, "follow", "mention", "status", "update", "poll", "quote", "quoted_update",
    "follow_request", "admin.sign_up", "admin.report", "severed_relationships",
    "moderation_warning", "annual_report", "move", "reaction", "emoji_reaction",
    "pleroma:emoji_reaction", "pleroma:chat_mention", "added_to_collection", "collection_update",
}  # fmt: skip
"""What a notification may be of; of most only the status that it holds is read."""
COUNTS = (
    ("likes", "favourites_count"), ("shares", "reblogs_count"), ("replies", "replies_count"),
    ("quotes", "quotes_count"),
)  # fmt: skip
ACCOUNT_COUNTS = (
    ("followers", "followers_count"), ("following", "following_count"), ("posts", "statuses_count"),
)  # fmt: skip
MAX_COUNT = 10**15
MAX_READINGS = 50_000
"""Posts and accounts whose counts are held back until the file ends (the last reading counts)."""


class Answers:
    """Reads the answers of one export."""

    def __init__(self, index: Index, owner: str | None, people: People) -> None:
        self.index = index
        self.owner = owner
        self.people = people
        self.members: dict[tuple[str, str], dict[str, tuple[str, int]]] = {}

    def read(self, export: Container, file: str, observed: datetime) -> Iterator[Yielded]:
        """Give the records of one file, its counts dated `observed`."""
        one = _File(self, file, observed)
        for body in bodies(export, file, one.watch.bad):
            if isinstance(body, Broken):
                one.met += 1
                yield Reject(file=file, place=one.met - 1, reason=body.reason, raw=body.raw)
            else:
                yield from one.read(body)
        yield from one.readings()
        yield FileReport(
            name=file, status=one.outcome(), records=one.met, reason=one.remark(),
            drift=one.watch.drift(),
        )  # fmt: skip

    def rosters(self, observed: datetime) -> Iterator[Yielded]:
        """Give whole lists of followers as rosters, parts of lists as who follows whom.

        Answers come in pages of at most 80: a list is whole if it is as long as the account says.
        """
        for (account, kind), members in self.members.items():
            known = self.index.audiences.get(account, (None, None))
            count = known[0] if kind == "followers" else known[1]
            file, place = next(iter(members.values()))
            if count is not None and len(members) >= count:
                yield Roster(
                    platform=PLATFORM, account_id=account, observed=observed,
                    file=file, place=place,
                    name="followers" if kind == "followers" else "following",
                    members=tuple(members),
                )  # fmt: skip
                continue
            for member, (file, place) in members.items():
                actor, followed = (member, account) if kind == "followers" else (account, member)
                yield Activity(
                    platform=PLATFORM, type="Follow", actor_id=actor, object_id=followed,
                    object_type="account", file=file, place=place,
                )  # fmt: skip


class _File:
    """What is known while one file is read."""

    def __init__(self, answers: Answers, file: str, observed: datetime) -> None:
        self.all = answers
        self.file = file
        self.observed = observed
        self.met = 0
        self.foreign = 0
        self.homeless = 0
        self.deleted = 0
        self.watch = AnswerWatch()
        self.counts = LastCounts()

    def read(self, body: Body) -> Iterator[Yielded]:
        server = self.all.index.server(self.file, body)
        asked_for = asked(body.about) if body.listed else None
        for entity, under in entities(body.content, self.watch):
            listed = (under, None) if under in ("followers", "following") else asked_for
            place, self.met = self.met, self.met + 1
            if entity is None:
                self.foreign += 1
            elif isinstance(entity, msgspec.ValidationError):
                yield self.reject(place, message(
                    "Not the answer expected of Mastodon ({cause}).", cause=entity
                ))  # fmt: skip
            elif body.deleted and isinstance(entity, StatusAnswer):
                self.deleted += 1
            else:
                try:
                    records = list(self.entity(entity, place, server, listed))
                except RecordError as error:
                    yield self.reject(place, error.message, entity)
                else:
                    yield from records
            if len(self.counts) > MAX_READINGS:
                yield from self.readings()

    def reject(self, place: int, reason: Message, entity: Entity | None = None) -> Reject:
        raw = msgspec.json.encode(entity).decode()[:RAW_LIMIT] if entity is not None else ""
        return Reject(file=self.file, place=place, reason=reason, raw=raw)

    def entity(
        self, entity: Entity, place: int, server: str | None, listed: tuple[str, str | None] | None
    ) -> Iterator[Yielded]:
        if isinstance(entity, StatusAnswer):
            yield from self.status(entity, place, server)
        elif isinstance(entity, NotificationAnswer):
            yield from self.notification(entity, place, server)
        elif isinstance(entity, GroupAnswer):
            yield from self.group(entity, place, server)
        else:
            found = self.address(entity, server)
            yield from self.account(entity, found, place)
            if listed is not None:
                yield from self.listed(found, place, server, *listed)

    def listed(
        self, member: str, place: int, server: str | None, kind: str, local: str | None
    ) -> Iterator[Yielded]:
        """Give what it means to stand in a list of accounts."""
        index = self.all.index
        if kind in ("followers", "following"):
            account = index.account(server, local) if local else self.all.owner
            if account is None:
                self.homeless += 1
            else:
                self.all.members.setdefault((account, kind), {})[member] = (self.file, place)
            return
        post = index.post(server, local) if local else None
        if post is None:
            self.homeless += 1
            return
        verb = "Like" if kind == "favourited_by" else "Announce"
        yield self.act(verb, member, post, place, index.authors.get(post))

    def act(
        self, verb: str, actor: str, post: str, place: int, author: str | None,
        published: datetime | None = None, via: str | None = None, url: str | None = None,
    ) -> Activity:  # fmt: skip
        return Activity(
            platform=PLATFORM, type=verb, actor_id=actor, id=act_id(verb, actor, post),
            object_id=post, object_author=author, published=published, via=via, url=url,
            file=self.file, place=place,
        )  # fmt: skip

    def account(self, account: AccountAnswer, found: str, place: int) -> Iterator[Yielded]:
        values = _counts(account, ACCOUNT_COUNTS, self.watch.of(AccountAnswer))
        if values:
            seen = ("account", found) in self.counts
            self.counts["account", found] = (place, values)
            if seen:
                return
        if account.note is None and not values:
            yield from self.all.people.glimpse(found, self.file, place, url=account.url)
            return
        yield Account(
            platform=PLATFORM, id=found, handle=found, name=account.display_name or None,
            url=account.url, summary=plain(account.note).text if account.note else None,
            published=self.watch.of(AccountAnswer).tried("created_at", utc, account.created_at),
            is_owner=found == self.all.owner, whole=True,
            file=self.file, place=place,
        )  # fmt: skip

    def address(self, account: AccountAnswer, server: str | None) -> str:
        found = who(account, server)
        if found is None:
            raise RecordError(
                "The account {acct} has no domain, and nothing tells its server.",
                acct=account.acct,
            )
        if account.uri:
            self.all.people.learn(account.uri, found)
        return found

    def author(self, status: StatusAnswer, server: str | None) -> str | None:
        """Give who wrote a status; where its account does not tell, its URI mostly does."""
        try:
            return self.address(status.account, server)
        except RecordError:
            self.watch.of(StatusAnswer).bad("account.acct", status.account.acct)
            return self.all.people.of_post(status.uri)

    def status(self, status: StatusAnswer, place: int, server: str | None) -> Iterator[Yielded]:
        author = self.author(status, server)
        if author is not None:
            yield from self.account(status.account, author, place)
        published = self.watch.of(StatusAnswer).tried("created_at", utc, status.created_at)
        if status.reblog is not None:
            shared = status.reblog
            if author is None:
                raise RecordError(
                    "A {type} that does not say of what, or by whom.", type="Announce"
                )
            shared_author = self.author(shared, server)
            yield self.act(
                "Announce", author, shared.uri, place, shared_author, published,
                url=(status.url or status.uri).removesuffix("/activity"),
            )  # fmt: skip
            yield from self.status(shared, place, server)
            return
        owner = self.all.owner
        if owner and status.favourited:
            yield self.act("Like", owner, status.uri, place, author)
        if owner and status.bookmarked:
            yield self.act("Add", owner, status.uri, place, author, via="bookmark")
        yield from self.post(status, author, place, server, published)
        values = _counts(status, COUNTS, self.watch.of(StatusAnswer))
        if values:
            self.counts["post", status.uri] = (place, values)

    def post(
        self, status: StatusAnswer, author: str | None, place: int, server: str | None,
        published: datetime | None,
    ) -> Iterator[Yielded]:  # fmt: skip
        self.look(status)
        mentions: list[str] = []
        for mention in status.mentions or ():
            found = who(mention, server)
            if found is not None:
                mentions.append(found)
                yield from self.all.people.glimpse(found, self.file, place, url=mention.url)
        answered, answered_author = self.answered(status, author, server)
        read = plain(status.content) if status.content is not None else None
        quoted = self.quoted(status, server)
        yield Post(
            platform=PLATFORM,
            id=status.uri,
            type="Question" if status.poll else "Note",
            author_id=author,
            content=read.text if read else None,
            title=status.spoiler_text or None,
            url=status.url,
            language=primary(status.language),
            published=published,
            updated=self.watch.of(StatusAnswer).tried("edited_at", utc, status.edited_at),
            visibility=VISIBILITY.get(status.visibility or ""),
            in_reply_to=answered,
            in_reply_to_author=answered_author,
            quote_of=quoted,
            tags=None if status.tags is None else _once(tag.name for tag in status.tags),
            mentions=None if status.mentions is None else _once(mentions),
            links=read.links if read else None,
            media=None if status.media_attachments is None else tuple(
                MEDIA.get(media.type or "", "Document") for media in status.media_attachments
            ),
            alt_texts=None if status.media_attachments is None else tuple(
                text for media in status.media_attachments
                if media.type == "image" and (text := (media.description or "").strip())
            ),
            file=self.file,
            place=place,
        )  # fmt: skip

    def look(self, status: StatusAnswer) -> None:
        """Tell of kinds of posts and attachments that are not known."""
        if status.visibility is not None and status.visibility not in VISIBILITY:
            self.watch.of(StatusAnswer).unknown(f"visibility {status.visibility}")
        for media in status.media_attachments or ():
            if media.type is not None and media.type not in MEDIA:
                self.watch.of(StatusAnswer).unknown(f"media_attachments.type {media.type}")

    def quoted(self, status: StatusAnswer, server: str | None) -> str | None:
        quote = status.quote
        if not isinstance(quote, QuoteAnswer):
            return None
        if quote.quoted_status is not None:
            return quote.quoted_status.uri
        return self.all.index.post(server, quote.quoted_status_id)

    def answered(
        self, status: StatusAnswer, author: str | None, server: str | None
    ) -> tuple[str | None, str | None]:
        """Give the post answered and its author, from the ids local to the server.

        The URI of a post that is not in the export is built for the server's own people, and is
        the server's copy (``/@user@elsewhere/id``) for others.
        """
        if status.in_reply_to_id is None:
            return None, None
        index = self.all.index
        local_id, local_author = str(status.in_reply_to_id), status.in_reply_to_account_id
        uri = index.post(server, local_id)
        found = index.authors.get(uri) if uri else None
        if found is None and local_author is not None:
            named = (m for m in status.mentions or () if str(m.id) == str(local_author))
            mention = next(named, None)
            found = who(mention, server) if mention else None
            found = found or index.account(server, local_author)
            if found is None and str(status.account.id) == str(local_author):
                found = author
        if uri is None and found and server:
            name, _, domain = found.partition("@")
            uri = (
                f"https://{server}/users/{name}/statuses/{local_id}"
                if domain == server
                else f"https://{server}/@{found}/{local_id}"
            )
        return uri, found

    def notification(
        self, notification: NotificationAnswer, place: int, server: str | None
    ) -> Iterator[Yielded]:
        actor = self.address(notification.account, server)
        yield from self.account(notification.account, actor, place)
        at = self.watch.of(NotificationAnswer).tried("created_at", utc, notification.created_at)
        if notification.type not in KINDS:
            self.watch.of(NotificationAnswer).unknown(f"type {notification.type}")
        status = notification.status
        if notification.type == "follow":
            yield Activity(
                platform=PLATFORM, type="Follow", actor_id=actor, object_id=self.all.owner,
                object_type="account", published=at, file=self.file, place=place,
            )  # fmt: skip
        elif status is not None:
            verb = VERBS.get(notification.type)
            if verb is not None:
                author = self.author(status, server)
                yield self.act(verb, actor, status.uri, place, author, at)
            yield from self.status(status, place, server)

    def group(self, group: GroupAnswer, place: int, server: str | None) -> Iterator[Yielded]:
        """Give the likes and shares of a group, whose dates are not told one by one."""
        if group.type not in KINDS:
            self.watch.of(GroupAnswer).unknown(f"type {group.type}")
        verb = VERBS.get(group.type)
        index = self.all.index
        post = index.post(server, group.status_id)
        if verb is None or post is None:
            return
        for local in group.sample_account_ids:
            actor = index.account(server, local)
            if actor is not None:
                yield self.act(verb, actor, post, place, index.authors.get(post))

    def readings(self) -> Iterator[Metric]:
        """Give the last counts of each post and account in the file."""
        return self.counts.readings(PLATFORM, self.observed, self.file)

    def outcome(self) -> FileStatus:
        return "not needed" if self.met and self.foreign == self.met else "read"

    def remark(self) -> Message | None:
        if self.met and self.foreign == self.met:
            return message("An answer about the server or its settings, not of people or posts.")
        if self.homeless:
            return message(
                "The file lists accounts without saying of which post or account: {n}. Name it "
                "like “favourited_by-123.json”, and keep the post’s own answer beside it.",
                n=self.homeless,
            )
        if self.deleted:
            return message("Skipped, posts that a request deleted: {n}.", n=self.deleted)
        return None


def _counts(
    answer: AccountAnswer | StatusAnswer, names: tuple[tuple[str, str], ...], watch: Watch
) -> dict[str, float]:
    """Give the counts an answer holds; a negative one says that the server hides it."""
    found: dict[str, float] = {}
    for name, field in names:
        value = getattr(answer, field)
        if value is not None and 0 <= value < MAX_COUNT:
            found[name] = float(value)
        elif value is not None and value > 0:
            watch.bad(field, value)
    return found


def _once(items: Iterator[str] | list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(items))
