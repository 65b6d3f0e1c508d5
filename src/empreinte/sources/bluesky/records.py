"""Records of the network, wherever they come from, as the ledger's records.

A record is an object in a collection (``app.bsky.feed.post``) under a key, in someone's
repository; those three make its at-URI. `Reader.read` gives what it says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

from empreinte.errors import RecordError
from empreinte.formats.drift import Fields
from empreinte.model import Activity, Yielded
from empreinte.sources.bluesky import posts
from empreinte.sources.bluesky.people import People, Seen
from empreinte.sources.bluesky.posts import POST
from empreinte.sources.bluesky.syntax import PLATFORM, Clock, authority, did, uri_parts

LIKE, REPOST = "app.bsky.feed.like", "app.bsky.feed.repost"
VOTE = "app.bsky.feed.vote"
FOLLOW, PROFILE = "app.bsky.graph.follow", "app.bsky.actor.profile"

FIELDS: dict[str, Fields] = {
    POST: Fields(
        ("$type", "createdAt", "text"),
        ("embed", "entities", "facets", "labels", "langs", "reply", "tags", "via"),
    ),
    LIKE: Fields(("$type", "createdAt", "subject"), ("via",)),
    REPOST: Fields(("$type", "createdAt", "subject"), ("via",)),
    VOTE: Fields(("$type", "createdAt", "direction", "subject")),
    FOLLOW: Fields(("$type", "createdAt", "subject"), ("via",)),
    PROFILE: Fields(
        ("$type",),
        ("avatar", "banner", "createdAt", "description", "displayName", "joinedViaStarterPack",
         "labels", "pinnedPost", "pronouns", "website"),
    ),
}  # fmt: skip
"""The fields of each collection that is read; other collections are counted and passed over."""


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
        raise RecordError("{uri} is not the address of a record (at://…).", uri=uri)
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

    def read(self, found: Found) -> list[Yielded]:
        """Give what a record says; nothing for a collection that is not read.

        Raises
        ------
        RecordError
            If what it must hold is not as expected.
        """
        method = _METHODS.get(found.collection)
        return list(method(self, found)) if method else []

    def _when(self, found: Found) -> tuple[datetime, int | None]:
        return self.clock.when(found.record.get("createdAt"), found.key, found.received)

    def post(self, found: Found) -> Iterator[Yielded]:
        published, offset = self.clock.when(
            found.record.get("createdAt"), found.key, found.received
        )
        marks = posts.marks(found.record)
        post = posts.post(
            found.who, found.key, found.record, marks, published, offset, self.file, found.place
        )
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
        created = None
        if record.get("createdAt") is not None:
            created, _ = self.clock.when(record["createdAt"], "", found.received)
        seen = Seen(
            did=found.who, name=text(record.get("displayName")), published=created, whole=True,
            summary=text(record.get("description")), file=self.file, place=found.place,
        )  # fmt: skip
        yield from self.people.met(seen)


def text(value: object) -> str | None:
    """Give a text that is not empty."""
    return value if isinstance(value, str) and value else None


_METHODS: dict[str, Callable[[Reader, Found], Iterator[Yielded]]] = {
    POST: Reader.post, LIKE: Reader.like, REPOST: Reader.repost, VOTE: Reader.vote,
    FOLLOW: Reader.follow, PROFILE: Reader.profile,
}  # fmt: skip
