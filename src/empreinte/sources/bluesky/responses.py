"""What saved answers become: posts with their counts, likes and reposts received, followers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

from empreinte.container import Container
from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.formats.json_array import Broken
from empreinte.formats.last_counts import LastCounts
from empreinte.language import message
from empreinte.model import Activity, FileReport, Metric, Reject, Roster, Yielded
from empreinte.sources.bluesky.answers import bodies, things
from empreinte.sources.bluesky.fields import ViewWatch
from empreinte.sources.bluesky.people import People, Seen
from empreinte.sources.bluesky.records import Reader, at, text
from empreinte.sources.bluesky.repository import PIECE, raw, remark
from empreinte.sources.bluesky.syntax import (
    PLATFORM,
    Clock,
    authority,
    did,
    tid_time,
    uri_parts,
    written,
)

COUNTS = {
    "likeCount": "likes", "repostCount": "shares", "replyCount": "replies",
    "quoteCount": "quotes", "bookmarkCount": "bookmarks",
}  # fmt: skip
ACCOUNT_COUNTS = {"followersCount": "followers", "followsCount": "following", "postsCount": "posts"}
MAX_COUNT = 2**53

Which = Literal["followers", "following"]


class Page:
    """What has been met of one list of followers, over all the files it is spread on."""

    def __init__(self, file: str, place: int, observed: datetime) -> None:
        self.members: dict[str, tuple[str, int]] = {}
        self.first = (file, place)
        self.observed = observed


class Responses:
    """Reads the answers of one export; lists of accounts are put together from their pages."""

    def __init__(self, owner: str | None, people: People) -> None:
        self.owner = owner
        self.people = people
        self.pages: dict[tuple[str, Which], Page] = {}
        self.audience: dict[tuple[str, Which], float] = {}

    def read(self, export: Container, file: str, observed: datetime) -> Iterator[Yielded]:
        """Give the records of one file, its counts dated `observed`."""
        one = _File(self, file, observed)
        for body in bodies(export, file, one.watch.of("").bad):
            if isinstance(body, Broken):
                yield Reject(file=file, place=one.met, reason=body.reason, raw=body.raw)
                one.met += 1
                continue
            yield from one.read(body)
            yield from one.readings()
        yield one.report()

    def rosters(self) -> Iterator[Yielded]:
        """Give whole lists as rosters, parts of lists as who follows whom.

        A list is whole if it holds nine tenths of the number that the account's own profile
        tells (that number counts suspended accounts too); where no answer holds the profile,
        nobody can say.
        """
        for (account, which), page in self.pages.items():
            file, place = next(iter(page.members.values()), page.first)
            count = self.audience.get((account, which))
            if count is not None and len(page.members) >= 0.9 * count:
                everyone = tuple(page.members)
                for start in range(0, len(everyone) or 1, PIECE):
                    yield Roster(
                        platform=PLATFORM, account_id=account, name=which,
                        observed=page.observed, members=everyone[start : start + PIECE],
                        file=file, place=place,
                    )  # fmt: skip
                continue
            for member, (its_file, its_place) in page.members.items():
                who, whom = (member, account) if which == "followers" else (account, member)
                reader = Reader(its_file, Clock(page.observed), self.people)
                yield from reader.act("Follow", who, whom, its_place, None, object_type="account")


class _File:
    """What is known while one file is read."""

    def __init__(self, all_: Responses, file: str, observed: datetime) -> None:
        self.all = all_
        self.file = file
        self.observed = observed
        self.reader = Reader(file, Clock(observed), all_.people)
        self.watch = ViewWatch()
        self.counts = LastCounts()
        self.met = 0

    def read(self, body: Any) -> Iterator[Yielded]:
        for thing in things(body, self.watch.see):
            place, self.met = self.met, self.met + 1
            try:
                yield from list(_METHODS[thing.kind](self, thing.fields, place))
            except RecordError as error:
                text_ = raw(thing.fields, str(thing.fields.get("uri", ""))[:500])
                yield Reject(file=self.file, place=place, reason=error.message, raw=text_)

    def received(self, fields: dict[str, Any], kind: str) -> datetime | None:
        """Give when the server got it; ``None`` where the answer does not tell, or wrongly."""
        return self.watch.of(kind).tried("indexedAt", _moment, fields.get("indexedAt"))

    def bare(self, fields: dict[str, Any], place: int) -> Iterator[Yielded]:
        raise RecordError("An item that does not say whose it is: it has no address (at://…).")

    def post(self, fields: dict[str, Any], place: int) -> Iterator[Yielded]:
        """Read any record that has an address, and what the answer counts of it."""
        record = fields["record"] if isinstance(fields.get("record"), dict) else fields["value"]
        uri = fields["uri"]
        yield from self._record(uri, record, place, self.received(fields, "post"))
        values = _counts(fields, COUNTS, self.watch.of("post"))
        if values and authority(uri):
            self.counts["post", uri] = (place, values)
        viewer = fields.get("viewer")
        if isinstance(viewer, dict):
            yield from self._by_viewer(viewer, "like", "Like", uri, place)
            yield from self._by_viewer(viewer, "repost", "Announce", uri, place)

    def _record(
        self, uri: str, record: dict[str, Any], place: int, received: datetime | None
    ) -> list[Yielded]:
        found = at(uri, record, place, received)
        read = self.reader.is_read(found.collection, record)
        return self.reader.read(found) if read else []

    def _by_viewer(
        self, viewer: dict[str, Any], key: str, verb: str, subject: str, place: int
    ) -> Iterator[Activity]:
        """Give what the asker did, dated by the key of the record that says so."""
        said = viewer.get(key)
        parts = uri_parts(said)
        who = did(parts[0]) if parts else None
        if said is not None and not who:
            self.watch.of("viewer").bad(key, said)
        if parts and who:
            yield from self.reader.act(
                verb, who, subject, place, tid_time(parts[2] or ""),
                object_type="account" if verb == "Follow" else "post",
            )  # fmt: skip

    def notification(self, fields: dict[str, Any], place: int) -> Iterator[Yielded]:
        """Read who did what to the owner; the record is theirs, under its own address."""
        received = self.received(fields, "notification")
        yield from self._record(fields["uri"], fields["record"], place, received)

    def profile(self, fields: dict[str, Any], place: int) -> Iterator[Yielded]:
        who = did(fields["did"])
        if who is None:
            raise RecordError("{text} is not the name of an account (did:…).", text=fields["did"])
        watch = self.watch.of("profile")
        values = _counts(fields, ACCOUNT_COUNTS, watch)
        if values:
            self.counts["account", who] = (place, values)
            for which in ("followers", "following"):
                if which in values:
                    self.all.audience[who, which] = values[which]
        seen = Seen(
            did=who, handle=text(fields, "handle", watch.bad),
            name=text(fields, "displayName", watch.bad),
            summary=text(fields, "description", watch.bad),
            published=watch.tried("createdAt", _moment, fields.get("createdAt")),
            whole=bool(values) or "description" in fields, file=self.file, place=place,
        )  # fmt: skip
        yield from self.all.people.met(seen)
        viewer = fields.get("viewer")
        if isinstance(viewer, dict):
            yield from self._by_viewer(viewer, "following", "Follow", who, place)
            if self.all.owner:
                yield from self._by_viewer(viewer, "followedBy", "Follow", self.all.owner, place)

    def reposted(self, fields: dict[str, Any], place: int) -> Iterator[Yielded]:
        """Read why a post stands in a feed: because someone reposted it."""
        reason = fields["reason"]
        by, uri = reason.get("by"), fields["post"].get("uri")
        who = did(by.get("did")) if isinstance(by, dict) else None
        if by is not None and not who:
            self.watch.of("reason").bad("by", by)
        if who and authority(uri):
            when = self.received(reason, "reason")
            yield from self.reader.act("Announce", who, uri, place, when)

    def likes(self, fields: dict[str, Any], place: int) -> Iterator[Yielded]:
        uri = self._about(fields)
        watch = self.watch.of("likes")
        for like in _dicts(fields["likes"]):
            who = self._who(like.get("actor"), "likes", "actor")
            received = self.received(like, "likes")
            try:
                when = self.reader.clock.when(like.get("createdAt"), "", received, watch.bad)[0]
            except RecordError:
                watch.bad("createdAt", like.get("createdAt"))
                when = None
            if who:
                yield from self.reader.act("Like", who, uri, place, when)

    def reposts(self, fields: dict[str, Any], place: int) -> Iterator[Yielded]:
        uri = self._about(fields)
        for each in _dicts(fields["repostedBy"]):
            who = self._who(each, "", "repostedBy")
            if who:
                yield from self.reader.act("Announce", who, uri, place, None)

    def _about(self, fields: dict[str, Any]) -> str:
        uri = fields.get("uri")
        if not isinstance(uri, str) or authority(uri) is None:
            raise RecordError("The list does not say of which post or account it is.")
        return uri

    def followers(self, fields: dict[str, Any], place: int) -> Iterator[Yielded]:
        return self._listed(fields, "followers", "followers", place)

    def follows(self, fields: dict[str, Any], place: int) -> Iterator[Yielded]:
        return self._listed(fields, "follows", "following", place)

    def _listed(
        self, fields: dict[str, Any], key: str, which: Which, place: int
    ) -> Iterator[Yielded]:
        account = self._who(fields.get("subject"), "", "subject") or self.all.owner
        if account is None:
            raise RecordError("The list does not say of which post or account it is.")
        new = Page(self.file, place, self.observed)
        page = self.all.pages.setdefault((account, which), new)
        page.observed = max(page.observed, self.observed)
        for each in _dicts(fields[key]):
            who = self._who(each, "", key)
            if who:
                page.members.setdefault(who, (self.file, place))
        return iter(())

    def _who(self, profile: object, kind: str, name: str) -> str | None:
        """Give the DID of a profile; one that has none is told."""
        said = profile.get("did") if isinstance(profile, dict) else profile
        who = did(said)
        if who is None and profile is not None:
            self.watch.of(kind).bad(f"{name}.did", said)
        return who

    def readings(self) -> Iterator[Metric]:
        """Give the last counts of each post and account met so far."""
        return self.counts.readings(PLATFORM, self.observed, self.file)

    def report(self) -> FileReport:
        if not self.met:
            reason = message("An answer about the server or its settings, not of people or posts.")
            return FileReport(name=self.file, status="not needed", reason=reason)
        return FileReport(
            name=self.file, status="read", records=self.met,
            reason=remark(self.reader.others, self.reader.clock.corrected),
            drift=(*self.watch.drift(), *self.reader.drift()),
        )  # fmt: skip


def _moment(said: object) -> datetime:
    return written(said)[0]


def _dicts(value: list[Any]) -> list[dict[str, Any]]:
    return [item for item in value if isinstance(item, dict)]


def _counts(fields: dict[str, Any], names: dict[str, str], watch: Watch) -> dict[str, float]:
    """Give the counts that an answer holds; what is no count is not known, never zero."""
    found: dict[str, float] = {}
    for key, name in names.items():
        value = fields.get(key)
        if type(value) is int and 0 <= value < MAX_COUNT:  # no bool
            found[name] = float(value)
        elif value is not None:
            watch.bad(key, value)
    return found


_METHODS = {
    "bare": _File.bare, "post": _File.post, "notification": _File.notification,
    "profile": _File.profile, "reposted": _File.reposted, "likes": _File.likes,
    "reposts": _File.reposts, "followers": _File.followers, "follows": _File.follows,
}  # fmt: skip
