"""Records of the network, wherever they come from, as the ledger's records.

A record is an object in a collection (``app.bsky.feed.post``) under a key, in someone's
repository; those three make its at-URI. `Reader.read` gives what it says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.formats.lenient import Bad
from empreinte.model import Activity, Drift, Yielded
from empreinte.sources.bluesky import posts
from empreinte.sources.bluesky.fields import (
    FOLLOW,
    LIKE,
    POST,
    PROFILE,
    RECORDS,
    REPOST,
    VOTE,
)
from empreinte.sources.bluesky.people import People, Seen
from empreinte.sources.bluesky.syntax import PLATFORM, Clock, authority, did, uri_parts


class Found(msgspec.Struct):
    """A record, its address in three parts, and where it was found.

    `who` is the DID (in old answers the handle) of the repository; `received` is when a server
    got the record, where known.
    """

    who: str
    collection: str
    key: str
    record: dict[str, Any]
    place: int
    received: datetime | None = None

    @property
    def uri(self) -> str:
        """The record's address."""
        return f"at://{self.who}/{self.collection}/{self.key}"


def at(uri: object, record: dict[str, Any], place: int, received: datetime | None = None) -> Found:
    """Give the record that has the address `uri`.

    Raises
    ------
    RecordError
        If it is not the address of a record.
    """
    who, collection, key = uri_parts(uri) or ("", None, None)
    if collection is None or key is None:
        raise RecordError("{uri} is not the address of an item (at://…).", uri=uri)
    return Found(who, collection, key, record, place, received)


def act_id(verb: str, actor: str, subject: str) -> str:
    """Name an act that one account can do to one thing once: like, repost, follow.

    The repository, Jetstream and the lists of who liked tell of the same act, some without its
    key; named so, it is counted once.
    """
    return f"{verb} {actor} {subject}"


class Reader:
    """Reads the records of one file."""

    def __init__(self, file: str, clock: Clock, people: People) -> None:
        self.file = file
        self.clock = clock
        self.people = people
        self.others = Counter[str]()
        self.watches: dict[str, Watch] = {}

    def watch(self, collection: str) -> Watch:
        """Give what counts the drift of a collection that is read."""
        watch = self.watches.get(collection)
        if watch is None:
            watch = self.watches[collection] = Watch(RECORDS[collection], f"{collection}.")
        return watch

    def drift(self) -> tuple[Drift, ...]:
        """Give how the records differ from those that are known."""
        return tuple(found for watch in self.watches.values() for found in watch.drift())

    def is_read(self, collection: str, record: dict[str, Any]) -> bool:
        """Count a record; tell whether its collection is read."""
        if collection not in RECORDS:
            self.others[collection] += 1
            return False
        watch, kind = self.watch(collection), record.get("$type")
        watch.meet(record)
        if isinstance(kind, str) and kind != collection:
            watch.unknown(f"$type {kind}")
        elif kind is not None and not isinstance(kind, str):
            watch.bad("$type", kind)
        return True

    def read(self, found: Found) -> list[Yielded]:
        """Give what a record says that `is_read`.

        Raises
        ------
        RecordError
            If what it must hold is not as expected.
        """
        return list(_METHODS[found.collection](self, found))

    def _when(self, found: Found) -> tuple[datetime | None, int | None]:
        """Give the date of a record, ``None`` where no clock tells it: that is counted."""
        created, bad = found.record.get("createdAt"), self.watch(found.collection).bad
        try:
            return self.clock.when(created, found.key, found.received, bad)
        except RecordError:
            if created is not None:
                bad("createdAt", created)
            return None, None

    def post(self, found: Found) -> Iterator[Yielded]:
        published, offset = self._when(found)
        watch = self.watch(POST)
        marks = posts.marks(found.record, watch)
        post = posts.post(
            found.who, found.key, found.record, marks, published, offset, self.file, found.place,
            watch,
        )  # fmt: skip
        for person, handle in marks.people:
            yield from self.people.met(
                Seen(did=person, handle=handle, file=self.file, place=found.place)
            )
        yield post

    def like(self, found: Found) -> Iterator[Yielded]:
        yield from self._upon(found, "Like")

    def repost(self, found: Found) -> Iterator[Yielded]:
        yield from self._upon(found, "Announce")

    def vote(self, found: Found) -> Iterator[Yielded]:
        """Read what likes were before 2023: votes, up or down."""
        verb = {"up": "Like", "down": "Dislike"}.get(str(found.record.get("direction")))
        if verb is None:
            raise RecordError(
                "A vote neither up nor down: {text}.", text=found.record.get("direction")
            )
        yield from self._upon(found, verb)

    def _upon(self, found: Found, verb: str) -> Iterator[Activity]:
        subject = found.record.get("subject")
        uri = subject.get("uri") if isinstance(subject, dict) else None
        if not isinstance(uri, str) or uri_parts(uri) is None:
            raise RecordError("A {type} that does not say of what, or by whom.", type=verb)
        published, _ = self._when(found)
        return self.act(
            verb, found.who, uri, found.place, published,
            via="repost" if "via" in found.record and verb == "Like" else None,
        )  # fmt: skip

    def follow(self, found: Found) -> Iterator[Yielded]:
        followed = did(found.record.get("subject"))
        if followed is None:
            raise RecordError("A {type} that does not say of what, or by whom.", type="Follow")
        published, _ = self._when(found)
        yield from self.act(
            "Follow", found.who, followed, found.place, published, object_type="account"
        )

    def act(
        self, verb: str, actor: str, subject: str, place: int, published: datetime | None,
        *, via: str | None = None, object_type: Literal["post", "account"] = "post",
    ) -> Iterator[Activity]:  # fmt: skip
        """Give an act upon a post or an account, unless its date may still be met."""
        activity = Activity(
            platform=PLATFORM, type=verb, actor_id=actor, id=act_id(verb, actor, subject),
            object_id=subject, object_type=object_type, via=via, published=published,
            object_author=authority(subject) if object_type == "post" else None,
            file=self.file, place=place,
        )  # fmt: skip
        return self.people.act(activity)

    def profile(self, found: Found) -> Iterator[Yielded]:
        record = found.record
        watch = self.watch(PROFILE)
        created = watch.tried(
            "createdAt", lambda said: self.clock.when(said, "", found.received)[0],
            record.get("createdAt"),
        )  # fmt: skip
        seen = Seen(
            did=found.who, name=text(record, "displayName", watch.bad), published=created,
            whole=True, summary=text(record, "description", watch.bad), file=self.file,
            place=found.place,
        )  # fmt: skip
        yield from self.people.met(seen)


def text(fields: dict[str, Any], name: str, bad: Bad) -> str | None:
    """Give the text under a name if it is not empty; `bad` is told of anything else."""
    value = fields.get(name)
    if value is not None and not isinstance(value, str):
        bad(name, value)
        return None
    return value or None


_METHODS: dict[str, Callable[[Reader, Found], Iterator[Yielded]]] = {
    POST: Reader.post, LIKE: Reader.like, REPOST: Reader.repost, VOTE: Reader.vote,
    FOLLOW: Reader.follow, PROFILE: Reader.profile,
}  # fmt: skip
