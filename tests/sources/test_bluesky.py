"""Bluesky's repository, answers and events, against what the made-up person did."""

from __future__ import annotations

import json
import os
import zipfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import libipld
import pytest

import empreinte
from empreinte.container import open_container
from empreinte.errors import RecordError
from empreinte.formats.drift import Watch
from empreinte.model import (
    Account,
    Activity,
    ExportInfo,
    FileReport,
    Metric,
    Post,
    Reject,
    Roster,
    Yielded,
)
from empreinte.sources import bluesky as source
from empreinte.sources.bluesky import car, posts, syntax
from empreinte.sources.bluesky.fields import RECORDS
from empreinte.testing import bluesky as made
from empreinte.testing.life import FIRST_EXPORT, freelancer
from empreinte.testing.life import SECOND_EXPORT as AT
from empreinte.testing.person import Answer, Channel, Follower, Person, Published

DAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
ME = made.did("ana")
POST, LIKE, FOLLOW = "app.bsky.feed.post", "app.bsky.feed.like", "app.bsky.graph.follow"
T = TypeVar("T")


def records(path: Path) -> list[Yielded]:
    """Read what stands at `path` as the importer does, in one list."""
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def report(found: list[Yielded], name: str) -> FileReport:
    return next(item for item in only(found, FileReport) if item.name.endswith(name))


def small() -> Person:
    at = datetime(2026, 2, 1, 8, 30, tzinfo=UTC)
    answers = (
        Answer("bob", "like", at.replace(hour=9)),
        Answer("chloe", "share", at.replace(hour=10)),
        Answer("bob", "reply", at.replace(hour=11), "Bravo !"),
        Answer("dan", "mention", at.replace(hour=12), "à voir"),
        Answer("dan", "like", at.replace(month=4)),
    )
    published = (
        Published(1, "bluesky", at, "post", "Été #Encre 🖋 à @bob.bsky.example", tags=("Encre",),
                  mentions=("bob",), links=("https://e.example/?a=1&b=2",),
                  media=("Image", "Image"), likes=8, shares=2, replies=1, answers=answers),
        Published(2, "bluesky", at.replace(day=2), "reply", "Oui", to="bob", likes=1),
        Published(3, "bluesky", at.replace(day=3), "share", "À lire", to="eve"),
        Published(4, "bluesky", at.replace(day=4), "quote", "Tiens", to="bob", language="en",
                  media=("Video",)),
        Published(5, "bluesky", at.replace(day=5), "reply", "suite", to_number=1),
        Published(6, "bluesky", at.replace(day=6), "post", "Lien", links=("https://e.example/",)),
    )  # fmt: skip
    since = datetime(2026, 1, 1, tzinfo=UTC)
    crowd = (Follower(1, "bob", since), Follower(2, "eve", since, at))
    channel = Channel("bluesky", "ana", since, followers=crowd, following=crowd[:1])
    return Person("Ana", "Dessine & écrit.", "https://ana.example", "Europe/Paris",
                  {"bluesky": channel}, published)  # fmt: skip


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return made.write_repository(tmp_path / "repo.car", small(), DAY)


@pytest.fixture(scope="module")
def life() -> Person:
    return freelancer(7, AT - timedelta(days=200))


# -- counts


def test_a_whole_life_is_counted_and_what_is_dead_is_not(tmp_path: Path, life: Person) -> None:
    path = made.write_repository(tmp_path / "r.car", life, AT, channel="mastodon", history=True)
    kinds = Counter(post.kind for post in life.on("mastodon", AT))
    data = path.read_bytes()
    _header, blocks = libipld.decode_car(data)
    dead = [b for b in blocks.values() if isinstance(b, dict) and b.get("text") == "brouillon"]
    assert len(dead) == 1  # it is in the file, and nothing leads to it
    found = records(path)

    assert only(found, Reject) == []
    assert len(only(found, Post)) == kinds.total() - kinds["share"]
    assert not any(post.content == "brouillon" for post in only(found, Post))
    following = life.channels["mastodon"].roster(AT, "following")
    acts = Counter(act.type for act in only(found, Activity))
    assert acts == {"Announce": kinds["share"], "Like": kinds["share"], "Follow": len(following)}
    assert sum(post.in_reply_to is not None for post in only(found, Post)) == kinds["reply"]
    (roster,) = only(found, Roster)
    assert set(roster.members) == {made.did(person.handle) for person in following}
    assert only(found, Metric) == []  # the repository tells no count, and so do we
    assert "app.bsky.graph.block (1)" in str(report(found, "r.car").reason)


def test_answers_of_a_whole_life_are_counted(tmp_path: Path, life: Person) -> None:
    made.write_api(tmp_path / "api", life, AT, channel="mastodon")
    found = records(tmp_path / "api")
    own = [post for post in life.on("mastodon", AT) if post.kind != "share"]
    told = [(post, a) for post in own for a in post.answers if a.at <= AT]

    assert only(found, Reject) == []
    acts = {(act.type, act.actor_id, act.object_id): act for act in only(found, Activity)}
    for verb, act in (("like", "Like"), ("share", "Announce")):
        expected = {
            (act, made.did(a.who), made.post_uri(life, post, "mastodon")): a.at
            for post, a in told if a.verb == verb
        }  # fmt: skip
        assert {key for key in acts if key[0] == act} == set(expected)
        for key, at in expected.items():
            published = acts[key].published
            assert published is not None
            assert abs(published - at) < timedelta(milliseconds=1)
    likes = [m.value for m in only(found, Metric) if m.name == "likes"]
    assert sum(likes) == sum(post.gathered(post.likes, AT) or 0 for post in own)
    (roster,) = only(found, Roster)
    assert len(roster.members) == len(life.channels["mastodon"].roster(AT))
    me = made.did(life.channels["mastodon"].handle)
    assert (roster.account_id, roster.name) == (me, "followers")
    assert only(found, ExportInfo)[0].owner == ("bluesky", me)


# -- fields


def test_the_owner(repository: Path) -> None:
    found = records(repository)
    assert found[0] == ExportInfo(observed=DAY, owner=("bluesky", ME))
    (owner,) = [account for account in only(found, Account) if account.is_owner]
    assert (owner.id, owner.name, owner.whole) == (ME, "Ana", True)
    assert owner.summary == "Dessine & écrit."
    assert owner.published == datetime(2026, 1, 1, tzinfo=UTC)
    assert owner.handle is None  # the repository does not tell


def test_a_post_is_read_whole(repository: Path) -> None:
    post = next(post for post in only(records(repository), Post) if post.media == ("Image",) * 2)
    at = datetime(2026, 2, 1, 8, 30, tzinfo=UTC)
    assert post.id == f"at://{ME}/{POST}/{made.tid(at, 1)}"
    assert post.url == f"https://bsky.app/profile/{ME}/post/{made.tid(at, 1)}"
    assert (post.content or "").startswith("Été #Encre 🖋 à @bob.bsky.example")
    assert (post.published, post.offset_min) == (at, None)
    assert (post.author_id, post.channel_id, post.language) == (ME, None, "fr")
    assert (post.visibility, post.tags, post.mentions) == ("public", ("Encre",), (made.did("bob"),))
    assert post.links == ("https://e.example/?a=1&b=2",)
    assert (post.type, post.title, post.quote_of, post.in_reply_to) == ("Note", None, None, None)


def test_replies_shares_and_quotes(repository: Path) -> None:
    found = records(repository)
    first, reply, quote, thread, link = sorted(
        only(found, Post), key=lambda post: post.published or DAY
    )
    assert reply.in_reply_to_author == made.did("bob")
    assert str(reply.in_reply_to).startswith(f"at://{made.did('bob')}/{POST}/")
    assert (thread.in_reply_to, thread.in_reply_to_author) == (first.id, ME)
    assert str(quote.quote_of).startswith(f"at://{made.did('bob')}/{POST}/")
    assert (quote.media, quote.language) == (("Video",), "en")
    assert (link.links, link.media) == (("https://e.example/",), ())
    share = next(act for act in only(found, Activity) if act.type == "Announce")
    assert (share.actor_id, share.object_author) == (ME, made.did("eve"))
    assert share.published == datetime(2026, 2, 3, 8, 30, tzinfo=UTC)
    follow = next(act for act in only(found, Activity) if act.type == "Follow")
    assert (follow.object_id, follow.object_type) == (made.did("bob"), "account")
    assert follow.published == datetime(2026, 1, 1, tzinfo=UTC)


def test_a_mention_shows_a_handle(repository: Path) -> None:
    accounts = {account.id: account.handle for account in only(records(repository), Account)}
    assert accounts[made.did("bob")] == "bob.bsky.example"


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ({"text": "été", "facets": [_facet] }, posts.Marks(tags, (), ()))
        for _facet, tags in (
            ({"index": {"byteStart": 0, "byteEnd": 5},
              "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "été"}]}, ("été",)),
            ({"index": {"byteStart": 0, "byteEnd": 6},
              "features": [{"$type": "app.bsky.richtext.facet#tag", "tag": "été"}]}, ()),
            ({"index": {"byteStart": 4, "byteEnd": 2}, "features": [{"tag": "x"}]}, ()),
            ({"index": {"byteStart": True}, "features": 7}, ()),
        )
    ] + [
        ({"text": "a", "tags": ["#un", "deux", 3]}, posts.Marks(("un", "deux"), (), ())),
        ({"text": "a", "entities": [{"type": "link", "value": "https://a.example/"},
                                    {"type": "mention", "value": "did:plc:abc"}]},
         posts.Marks((), (("did:plc:abc", None),), ("https://a.example/",))),
        ({"text": 5, "facets": "x", "tags": {}}, posts.Marks((), (), ())),
    ],
)  # fmt: skip
def test_marks(record: dict[str, Any], expected: posts.Marks) -> None:
    assert posts.marks(record, Watch(RECORDS[POST])) == expected


def test_a_mark_of_a_linked_word() -> None:
    features = [{"$type": "app.bsky.richtext.facet#link", "uri": "https://long.example/page"}]
    record = {"text": "voir long.exam…", "facets": [
        {"index": {"byteStart": 5, "byteEnd": 17}, "features": features}
    ]}  # fmt: skip
    assert posts.marks(record, Watch(RECORDS[POST])).links == ("https://long.example/page",)


@pytest.mark.parametrize(
    ("embed", "expected"),
    [
        ({"$type": "app.bsky.embed.images", "images": [{}, {}]},
         posts.Embedded(None, ("Image",) * 2)),
        ({"$type": "app.bsky.embed.video"}, posts.Embedded(None, ("Video",))),
        ({"$type": "app.bsky.embed.external", "external": {"uri": "https://a.example"}},
         posts.Embedded(None, (), ("https://a.example",))),
        ({"$type": "app.bsky.embed.record", "record": {"uri": "at://did:plc:a/app.bsky.feed.post/b"}},
         posts.Embedded("at://did:plc:a/app.bsky.feed.post/b")),
        ({"$type": "app.bsky.embed.record",
          "record": {"uri": "at://did:plc:a/app.bsky.graph.list/b"}},
         posts.Embedded(None, (), ("at://did:plc:a/app.bsky.graph.list/b",))),
        ({"$type": "app.bsky.embed.recordWithMedia", "record": 3,
          "media": {"$type": "app.bsky.embed.recordWithMedia"}}, posts.Embedded()),
        ({"$type": "app.bsky.embed.new"}, posts.Embedded()),
        ("?", posts.Embedded()),
    ],
)  # fmt: skip
def test_embeds(embed: Any, expected: posts.Embedded) -> None:
    assert posts.embeds(embed, Watch(RECORDS[POST])) == expected


# -- a repository made by hand


def write(path: Path, held: dict[str, Any], at: datetime = DAY, **commit: Any) -> Path:
    """Write a repository that holds these records."""
    blocks: dict[bytes, bytes] = {}
    root = made.commit(blocks, ME, held, at)
    if commit:
        fields = {**libipld.decode_dag_cbor(blocks.pop(root)), **commit}
        data = libipld.encode_dag_cbor(fields)
        root = b"\x01\x71\x12\x20" + sha256(data).digest()
        blocks[root] = data
    path.write_bytes(made.car(root, blocks))
    os.utime(path, (at.timestamp(), at.timestamp()))
    return path


def note(
    text: Any = "un", created: Any = "2026-02-01T08:00:00.000Z", **more: Any
) -> dict[str, Any]:
    return {"$type": POST, "text": text, "createdAt": created, **more}


def key(day: int, month: int = 2) -> str:
    return f"{POST}/{made.tid(datetime(2026, month, day, 8, tzinfo=UTC), day)}"


def test_broken_records_lose_only_themselves(tmp_path: Path) -> None:
    held = {
        key(1): note(),
        key(2): note(text=7),
        key(3): {"$type": LIKE},
        f"{LIKE}/{made.tid(DAY)}": {"createdAt": "2026-02-01T00:00:00Z", "subject": 3},
        f"{POST}/sans-date": note(created="hier"),
        key(5): note(text="deux"),
    }  # fmt: skip
    found = records(write(tmp_path / "r.car", held))
    assert Counter(post.content for post in only(found, Post)) == {"un": 2, None: 2, "deux": 1}
    assert len(only(found, Reject)) == 1  # a like that does not say of what
    told = report(found, "r.car")
    lost = {d.field: d.value for d in told.drift if d.change == "unreadable"}
    assert lost == {f"{POST}.text": "7", f"{POST}.createdAt": "hier"}
    assert told.records == len(held)


@pytest.mark.parametrize(
    ("created", "expected", "corrected"),
    [
        ("2026-02-03T08:00:00.000Z", datetime(2026, 2, 3, 8, tzinfo=UTC), 0),
        ("2026-02-03T10:00:00+02:00", datetime(2026, 2, 3, 8, tzinfo=UTC), 0),
        ("2012-05-06T07:08:09Z", datetime(2012, 5, 6, 7, 8, 9, tzinfo=UTC), 0),  # brought along
        ("2026-02-03T23:00:00.000Z", datetime(2026, 2, 3, 23, tzinfo=UTC), 0),  # a clock ahead
        ("2031-01-01T00:00:00Z", datetime(2026, 2, 3, 8, tzinfo=UTC), 1),
        ("2026-02-20T00:00:00Z", datetime(2026, 2, 3, 8, tzinfo=UTC), 1),  # after it was named
        ("0001-01-01T00:00:00Z", datetime(2026, 2, 3, 8, tzinfo=UTC), 1),
        ("0001-01-01T00:00:00+14:00", datetime(2026, 2, 3, 8, tzinfo=UTC), 1),
        ("2026-13-45T00:00:00Z", datetime(2026, 2, 3, 8, tzinfo=UTC), 1),
        (None, datetime(2026, 2, 3, 8, tzinfo=UTC), 1),
    ],
)
def test_the_two_clocks(tmp_path: Path, created: Any, expected: datetime, corrected: int) -> None:
    found = records(write(tmp_path / "r.car", {key(3): note(created=created)}))
    (post,) = only(found, Post)
    assert post.published is not None
    assert abs(post.published - expected) < timedelta(milliseconds=1)
    reason = str(report(found, "r.car").reason)
    assert ("received: 1" in reason) == bool(corrected)
    assert post.offset_min == (120 if "+02" in str(created) else None)


def test_an_impossible_date_without_another_clock_is_not_known(tmp_path: Path) -> None:
    held = {f"{POST}/premier": note(created="2031-01-01T00:00:00Z")}
    found = records(write(tmp_path / "r.car", held))
    assert [post.published for post in only(found, Post)] == [None]
    assert [d.value for d in report(found, "r.car").drift] == ["2031-01-01T00:00:00Z"]


def test_legacy_and_unknown_collections(tmp_path: Path) -> None:
    uri = f"at://{made.did('bob')}/{POST}/3jzfcijpj2z2a"
    vote = {"$type": "app.bsky.feed.vote", "createdAt": "2026-02-01T00:00:00Z",
            "subject": {"uri": uri, "cid": "x"}}  # fmt: skip
    held = {
        f"app.bsky.feed.vote/{made.tid(DAY, 1)}": {**vote, "direction": "up"},
        f"app.bsky.feed.vote/{made.tid(DAY, 2)}": {**vote, "direction": "down"},
        f"app.bsky.graph.confirmation/{made.tid(DAY, 3)}": {"$type": "app.bsky.graph.confirmation"},
        "app.bsky.system.declaration/self": {"$type": "app.bsky.system.declaration"},
        f"fr.exemple.carnet/{made.tid(DAY, 4)}": {"$type": "fr.exemple.carnet"},
    }
    found = records(write(tmp_path / "r.car", held, version=2))
    assert [act.type for act in only(found, Activity)] == ["Like", "Dislike"]
    reason = str(report(found, "r.car").reason)
    for kind in ("graph.confirmation", "system.declaration", "fr.exemple.carnet"):
        assert f"{kind} (1)" in reason


def test_content_warnings_and_languages(tmp_path: Path) -> None:
    labels = {"values": [{"val": "graphic-media"}, {"val": "nudity"}]}
    held = {key(1): note(labels=labels, langs=["und", "fr-CA", "en"])}
    (post,) = only(records(write(tmp_path / "r.car", held)), Post)
    assert (post.title, post.language) == ("graphic-media, nudity", "fr")


def test_a_block_that_was_altered_is_rejected(tmp_path: Path) -> None:
    path = write(tmp_path / "r.car", {key(1): note("original"), key(2): note("autre")})
    path.write_bytes(path.read_bytes().replace(b"original", b"falsifie"))
    found = records(path)
    assert [post.content for post in only(found, Post)] == ["autre"]
    (reject,) = only(found, Reject)
    assert "altered" in str(reject.reason)
    assert len(only(found, Roster)) == 1  # what was lost was no follow


def test_a_lost_follow_leaves_no_roster(tmp_path: Path) -> None:
    follows = {
        f"{FOLLOW}/{made.tid(DAY, n)}": {"$type": FOLLOW, "createdAt": "2026-02-01T00:00:00Z",
                                         "subject": made.did(f"ami{n}")}
        for n in range(3)
    }  # fmt: skip
    whole = records(write(tmp_path / "r.car", follows))
    assert len(only(whole, Roster)[0].members) == 3
    follows[f"{FOLLOW}/{made.tid(DAY, 9)}"] = {"$type": FOLLOW, "subject": "quelqu'un"}
    found = records(write(tmp_path / "r.car", follows))
    assert len(only(found, Activity)) == 3
    assert only(found, Roster) == []  # or the fourth would seem to be unfollowed


def test_a_file_cut_short_says_so(repository: Path) -> None:
    repository.write_bytes(repository.read_bytes()[:-100])
    found = records(repository)
    assert any("cut" in str(reject.reason) for reject in only(found, Reject))
    assert only(found, Roster) == []


def test_a_file_that_is_no_repository(tmp_path: Path, repository: Path) -> None:
    data = bytearray(repository.read_bytes())
    at = data.index(b"prev")  # a commit that is not what its hash says: nothing can be trusted
    data[at : at + 4] = b"verp"
    repository.write_bytes(bytes(data))
    found = records(repository)
    assert report(found, "repo.car").status == "failed"
    assert only(found, Post) == []


def test_a_tree_that_names_itself_or_repeats_has_an_end(tmp_path: Path) -> None:
    blocks: dict[bytes, bytes] = {}

    def put(value: Any) -> bytes:
        data = libipld.encode_dag_cbor(value)
        cid = b"\x01\x71\x12\x20" + sha256(data).digest()
        blocks[cid] = data
        return cid

    record = put(note())
    node = put({"l": None, "e": []})
    for level in range(40):  # each level names the one below four times: 4^40 ways down
        entries = [{"p": 0, "k": f"{POST}/{level}-{n}".encode(), "v": record, "t": node}
                   for n in range(4)]  # fmt: skip
        node = put({"l": node, "e": entries})
    root = put({"did": ME, "version": 3, "data": node, "rev": made.tid(DAY), "prev": None,
                "sig": b"0" * 64})  # fmt: skip
    path = tmp_path / "r.car"
    path.write_bytes(made.car(root, blocks))
    found = records(path)
    assert len(only(found, Post)) == 160
    assert any("names itself again" in str(r.reason) for r in only(found, Reject))


def test_a_deep_tree_and_a_deep_record(tmp_path: Path) -> None:
    blocks: dict[bytes, bytes] = {}

    def put(data: bytes) -> bytes:
        cid = b"\x01\x71\x12\x20" + sha256(data).digest()
        blocks[cid] = data
        return cid

    deep = put(b"\xa1\x61a" + b"\x81" * 100_000 + b"\x00")
    node = put(libipld.encode_dag_cbor(
        {"l": None, "e": [{"p": 0, "k": key(1).encode(), "v": deep, "t": None}]}
    ))  # fmt: skip
    for _ in range(100):
        node = put(libipld.encode_dag_cbor({"l": node, "e": []}))
    top = libipld.encode_dag_cbor({"did": ME, "version": 3, "data": node, "sig": b"0" * 64})
    path = tmp_path / "r.car"
    path.write_bytes(made.car(put(top), blocks))
    found = records(path)
    assert "too deep" in str(only(found, Reject)[0].reason)
    short = libipld.encode_dag_cbor({"l": None, "e": [
        {"p": 0, "k": key(1).encode(), "v": deep, "t": None},
        {"p": 0, "k": b"x/\xff", "v": deep, "t": None},
    ]})  # fmt: skip
    top = libipld.encode_dag_cbor({"did": ME, "data": put(short), "version": 3})
    path.write_bytes(made.car(put(top), blocks))
    assert len(only(records(path), Reject)) == 2


def test_blocks_lie_in_a_temporary_file_when_they_are_many(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = records(repository)
    monkeypatch.setattr(car, "IN_MEMORY", 100)
    monkeypatch.setattr(car, "_CHUNK", 120)
    assert records(repository) == expected


# -- names and times


@pytest.mark.parametrize("text", ["2026-03-06 13:02:05Z", "2026-03-06", "", 5, "20260306T130205Z",
                                  "2026-03-06T13:02:05+25:00", "2026-02-30T00:00:00Z"])  # fmt: skip
def test_what_is_no_date(text: Any) -> None:
    with pytest.raises(RecordError):
        syntax.written(text)


def test_keys_tell_their_time() -> None:
    at = datetime(2026, 3, 6, 13, 2, 5, 123456, tzinfo=UTC)
    found = syntax.tid_time(made.tid(at, 31))
    assert found is not None
    assert abs(found - at) < timedelta(microseconds=2)
    for text in ("self", "zzzzzzzzzzzzz", "3jzfcijpj2z2", "3JZFCIJPJ2Z2A"):
        assert syntax.tid_time(text) is None


# -- answers


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    made.write_api(tmp_path / "api", small(), DAY)
    return tmp_path / "api"


def test_counts_are_dated_by_their_file(answers: Path) -> None:
    found = records(answers)
    first = made.post_uri(small(), small().published[0])
    values = {m.name: m.value for m in only(found, Metric) if m.subject_id == first}
    assert values == {"likes": 8, "shares": 2, "replies": 1}
    assert {m.observed for m in only(found, Metric)} == {DAY}
    owner = {m.name: m.value for m in only(found, Metric) if m.subject_type == "account"}
    assert owner == {"followers": 1, "following": 1, "posts": 5}
    assert only(found, Roster)[0].members == (made.did("bob"),)


def test_who_answered(answers: Path) -> None:
    found = records(answers)
    first = made.post_uri(small(), small().published[0])
    acts = {(act.type, act.actor_id, act.object_id) for act in only(found, Activity)}
    assert acts == {("Like", made.did("bob"), first), ("Announce", made.did("chloe"), first)}
    (announce,) = [act for act in only(found, Activity) if act.type == "Announce"]
    assert announce.published == datetime(2026, 2, 1, 10, 30, tzinfo=UTC)  # not the undated list's
    replies = [post for post in only(found, Post) if post.author_id == made.did("bob")]
    assert [(post.content, post.in_reply_to) for post in replies] == [("Bravo !", first)]
    (mention,) = [post for post in only(found, Post) if post.author_id == made.did("dan")]
    assert mention.mentions == (ME,)


def test_a_repository_with_its_answers(tmp_path: Path, answers: Path) -> None:
    made.write_repository(answers / "repo.car", small(), DAY)
    found = records(answers)
    (owner,) = [account for account in only(found, Account) if account.is_owner]
    assert (owner.name, owner.handle, owner.id) == ("Ana", "ana.bsky.example", ME)
    ids = Counter(post.id for post in only(found, Post))
    assert len(ids) == 5 + 2  # one's own from both sides, and what others wrote
    with empreinte.open_ledger(":memory:") as ledger:
        (imported,) = ledger.ingest(answers)
        assert imported.kept["posts"] == 7
        assert imported.complete


def test_a_part_of_a_list_is_no_roster(answers: Path) -> None:
    (answers / "profile.json").unlink()
    found = records(answers)
    assert only(found, Roster) == []
    follows = [act for act in only(found, Activity) if act.type == "Follow"]
    assert [(act.actor_id, act.object_id, act.published) for act in follows] == [
        (made.did("bob"), ME, None)
    ]


def test_threads_viewers_reposts_and_quotes(tmp_path: Path) -> None:
    bob, uri = made.did("bob"), f"at://{made.did('bob')}/{POST}/{made.tid(DAY - timedelta(2), 1)}"
    mine = f"at://{ME}/{LIKE}/{made.tid(DAY - timedelta(1), 1)}"
    who = {"did": bob, "handle": "bob.example", "viewer": {"following": mine.replace(LIKE, FOLLOW)}}
    quoted = uri.replace(made.tid(DAY - timedelta(2), 1), made.tid(DAY - timedelta(3), 1))
    view = {"$type": "app.bsky.embed.record#viewRecord", "uri": quoted, "author": who,
            "value": note("cité", "2026-02-26T12:00:00Z"), "likeCount": 4}  # fmt: skip
    post = {"uri": uri, "cid": "x", "author": who, "record": note("vu", "2026-02-27T12:00:00Z"),
            "embed": {"record": {"record": view}}, "viewer": {"like": mine}, "quoteCount": 3,
            "bookmarkCount": 2, "likeCount": -1, "replyCount": True,
            "indexedAt": "2026-02-27T12:00:01Z"}  # fmt: skip
    by = {"$type": "app.bsky.feed.defs#reasonRepost", "indexedAt": "2026-02-28T00:00:00Z",
          "by": {"did": made.did("eve"), "handle": "eve.example"}}  # fmt: skip
    thread: dict[str, Any] = {"post": post}
    for _ in range(300):
        thread = {"$type": "app.bsky.feed.defs#threadViewPost", "replies": [thread]}
    answer = {"feed": [{"post": post, "reason": by}], "thread": thread}
    (tmp_path / "thread.json").write_text(json.dumps(answer))
    found = records(tmp_path)
    assert {post.content for post in only(found, Post)} == {"vu", "cité"}
    acts = {(act.type, act.actor_id): act for act in only(found, Activity)}
    assert set(acts) == {("Like", ME), ("Follow", ME), ("Announce", made.did("eve"))}
    assert acts["Like", ME].published == syntax.tid_time(mine.rpartition("/")[2])
    metrics = {(m.subject_id, m.name): m.value for m in only(found, Metric)}
    assert metrics == {(uri, "quotes"): 3, (uri, "bookmarks"): 2, (quoted, "likes"): 4}
    assert only(found, ExportInfo)[0].owner == ("bluesky", ME)


def test_answers_a_line_each_and_broken_ones(tmp_path: Path) -> None:
    uri = f"at://{ME}/{key(1)}"
    lines = [json.dumps({"uri": uri, "cid": "x", "value": note()}), "{cassé", "[1, 2]",
             json.dumps({"uri": "at://", "value": note()}),
             json.dumps({"uri": f"at://{ME}/{key(2)}", "value": note("deux")})]  # fmt: skip
    (tmp_path / "records.jsonl").write_text("\n".join(lines))
    found = records(tmp_path)
    assert [post.content for post in only(found, Post)] == ["un", "deux"]
    assert len(only(found, Reject)) == 2


def test_private_messages_are_not_read(tmp_path: Path) -> None:
    chat = {"messages": [{"$type": "chat.bsky.convo.defs#messageView", "text": "secret",
                          "sender": {"did": ME}}]}  # fmt: skip
    (tmp_path / "convo.json").write_text(json.dumps(chat))
    found = records(tmp_path)
    assert report(found, "convo.json").status == "not needed"
    assert "secret" not in repr(found)


# -- events


def test_events_that_concern_the_owner(tmp_path: Path) -> None:
    made.write_repository(tmp_path / "repo.car", small(), DAY)
    made.write_jetstream(tmp_path / "events.jsonl", small(), DAY)
    found = [
        item for item in records(tmp_path)
        if isinstance(item, FileReport) or getattr(item, "file", "").endswith("events.jsonl")
    ]  # fmt: skip
    acts = Counter(act.type for act in only(found, Activity))
    assert acts == {"Like": 1, "Announce": 1, "Follow": 1}
    assert {post.author_id for post in only(found, Post)} == {made.did("bob"), made.did("dan")}
    said = report(found, "events.jsonl")
    assert str(said.reason).endswith("): 3.")  # three likes between strangers
    assert said.records == len((tmp_path / "events.jsonl").read_text().splitlines())
    assert only(found, Reject) == []


def test_events_without_an_owner_are_everyones(tmp_path: Path) -> None:
    made.write_jetstream(tmp_path / "events.jsonl", small(), DAY)
    found = records(tmp_path / "events.jsonl")
    assert only(found, ExportInfo)[0].owner is None
    acts = Counter(act.type for act in only(found, Activity))
    assert acts == {"Like": 1 + 3, "Announce": 1, "Follow": 1}  # and none of who thought better
    assert made.did("hesitant") not in {act.actor_id for act in only(found, Activity)}
    assert "deletes later: 1" in str(report(found, "events.jsonl").reason)
    assert {a.handle for a in only(found, Account)} >= {"passant-0.bsky.example"}


def test_broken_events_lose_only_themselves(tmp_path: Path) -> None:
    path = made.write_jetstream(tmp_path / "events.jsonl", small(), DAY, passers=0)
    lines = path.read_text().splitlines()
    good = len(only(records(path), Activity))
    commit = {"operation": "create", "collection": LIKE, "rkey": "a"}
    broken = [
        '{"did": 1', "[]", '"x"', json.dumps({"did": "x", "time_us": 5, "kind": "commit"}),
        json.dumps({"did": ME, "time_us": 1e300, "kind": "commit"}),
        json.dumps({"did": ME, "time_us": 10**18, "kind": "commit", "commit": commit}),
        '{"did":' + "[" * 100_000,
    ]  # fmt: skip
    path.write_text("\n".join([lines[0], *broken, *lines[1:], "", lines[-1][:50]]))
    found = records(path)
    assert len(only(found, Activity)) == good
    assert len(only(found, Reject)) == len(broken) + 1


# -- drift, accounting, recognition


def test_a_field_renamed_is_told(tmp_path: Path) -> None:
    held = {key(n): note() for n in range(1, 4)}
    renamed = {key(n): {k: v for k, v in note().items() if k != "$type"} | {"kind": POST}
               for n in range(4, 6)}  # fmt: skip
    found = records(write(tmp_path / "r.car", {**held, **renamed}))
    drift = {(d.field, d.change): (d.records, d.of) for d in report(found, "r.car").drift}
    assert drift == {(f"{POST}.$type", "vanished"): (2, 5), (f"{POST}.kind", "new"): (2, 5)}
    assert len(only(found, Post)) == 5


def test_a_field_renamed_in_events_is_told(tmp_path: Path) -> None:
    path = made.write_jetstream(tmp_path / "events.jsonl", small(), DAY)
    path.write_text(path.read_text().replace('"rev"', '"revision"'))
    found = records(path)
    commits = sum('"commit"' in line for line in path.read_text().splitlines())
    drift = {(d.field, d.change): d.records for d in report(found, "events.jsonl").drift}
    assert drift["commit.rev", "vanished"] == drift["commit.revision", "new"] == commits
    assert only(found, Reject) == []


def test_every_packing_is_recognised_and_accounted_for(tmp_path: Path) -> None:
    folder = tmp_path / "export" / "mon-export"
    made.write_api(folder / "réponses", small(), DAY)
    made.write_repository(folder / "repo.car", small(), DAY)
    made.write_jetstream(folder / "events.jsonl", small(), DAY)
    (folder / "blobs").mkdir()
    (folder / "blobs" / f"bafkrei{'a' * 52}").write_bytes(b"\xff\xd8")
    (folder / "convo.json").write_text(
        '{"messages": [{"$type": "chat.bsky.x", "did": "did:plc:a"}]}'
    )
    zipped = tmp_path / "b.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.writestr(str(path.relative_to(tmp_path / "export")), path.read_bytes())
    for packed in (tmp_path / "export", zipped):
        with open_container(packed) as export:
            assert list(source.recognize(export)) == [""]
            names = set(export.names())
        found = records(packed)
        reports = only(found, FileReport)
        assert {item.name for item in reports} == names
        assert all(item.reason is not None for item in reports if item.status != "read")
        assert only(found, Reject) == []


def test_two_repositories_stand_alone_and_others_are_left(tmp_path: Path) -> None:
    made.write_repository(tmp_path / "2025.car", small(), DAY - timedelta(days=20))
    made.write_repository(tmp_path / "2026.car", small(), DAY)
    with open_container(tmp_path) as export:
        assert sorted(source.recognize(export)) == ["2025.car", "2026.car"]
    (tmp_path / "2025.car").unlink()
    (tmp_path / "outbox.json").write_text('{"@context": "https://www.w3.org/ns/activitystreams"}')
    with open_container(tmp_path) as export:
        assert list(source.recognize(export)) == ["2026.car"]
    (tmp_path / "2026.car").write_bytes(b"\x00" * 300)
    with open_container(tmp_path) as export:
        assert list(source.recognize(export)) == []


def test_next_years_repository_adds_only_what_is_new(tmp_path: Path, life: Person) -> None:
    early, late = AT - timedelta(days=60), AT
    first = made.write_repository(tmp_path / "a.car", life, early, channel="mastodon")
    second = made.write_repository(tmp_path / "b.car", life, late, channel="mastodon")
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.ingest(first)
        (added,) = ledger.ingest(second)
        new = [post for post in life.on("mastodon", late) if post.at > early]
        assert new
        assert added.kept["posts"] == sum(post.kind != "share" for post in new)
        assert added.kept["rosters"] == 1
        (again,) = ledger.ingest(second)
        assert set(again.kept.values()) == {0}
    assert early > FIRST_EXPORT


def test_noise_after_the_blocks_is_not_gone_through(repository: Path, tmp_path: Path) -> None:
    """Spaces read as blocks of 32 bytes: ten million of them would take ten seconds."""
    path = tmp_path / "repo.car"
    path.write_bytes(repository.read_bytes() + b" " * (33 * (car.MAX_STRANGE + 1_000)))
    with path.open("rb") as stream:
        blocks = car.Blocks(stream, path.name)
    assert blocks.cut
    assert len(only(records(path), Post)) == len(only(records(repository), Post))
    blocks.close()
