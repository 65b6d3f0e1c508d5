"""Bluesky's repository, answers and events, against what the made-up person did."""

from __future__ import annotations

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
        ({"$type": "app.bsky.embed.recordWithMedia", "media": {
            "$type": "app.bsky.embed.images",
            "images": [{"alt": "A street"}, {"alt": " "}, {"alt": 7}],
        }}, posts.Embedded(None, ("Image",) * 3, (), ("A street",))),
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
