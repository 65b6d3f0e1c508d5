"""Mastodon's archive, lists and API answers, against what the made-up person did."""

from __future__ import annotations

import json
import os
import tarfile
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest

from empreinte import plugins
from empreinte.container import open_container
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
from empreinte.sources import mastodon as source
from empreinte.sources.mastodon.people import address_in, host
from empreinte.testing import mastodon as made
from empreinte.testing.life import SECOND_EXPORT as AT
from empreinte.testing.life import freelancer
from empreinte.testing.person import Answer, Channel, Follower, Person, Published

ME = "ana@mastodon.example"
DAY = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
NOTE = {"id": "https://a.example/users/ana/statuses/1", "type": "Note", "content": "<p>un</p>"}


def records(path: Path) -> list[Yielded]:
    """Read what stands at `path` as the importer does, in one list."""
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


T = TypeVar("T")


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def report(found: list[Yielded], name: str) -> FileReport:
    return next(item for item in only(found, FileReport) if item.name.endswith(name))


def small() -> Person:
    at = datetime(2026, 2, 1, 8, 30, tzinfo=UTC)
    answers = (
        Answer("bob", "like", at.replace(hour=9)),
        Answer("chloé@loin.example", "share", at.replace(hour=10)),
        Answer("bob", "reply", at.replace(hour=11), "Bravo <b>!"),
        Answer("dan", "like", at.replace(month=4)),
    )
    published = (
        Published(1, "mastodon", at, "post", "Bonjour #Encre à @bob\nhttps://e.example/?a=1&b=2",
                  tags=("Encre",), mentions=("bob",), links=("https://e.example/?a=1&b=2",),
                  media=("Image", "Video"), likes=8, shares=2, replies=1, answers=answers),
        Published(2, "mastodon", at.replace(day=2), "reply", "Oui", to="bob", likes=1),
        Published(3, "mastodon", at.replace(day=3), "share", "À lire", to="eve@loin.example"),
        Published(4, "mastodon", at.replace(day=4), "quote", "Tiens", to="bob", language="en"),
        Published(5, "mastodon", at.replace(day=5), "reply", "suite", to_number=1),
    )  # fmt: skip
    since = datetime(2026, 1, 1, tzinfo=UTC)
    crowd = (Follower(1, "bob", since), Follower(2, "eve@loin.example", since, at))
    channel = Channel("mastodon", "ana", since, followers=crowd, following=crowd[:1])
    return Person("Ana", "Dessine & écrit.", "https://ana.example", "Europe/Paris",
                  {"mastodon": channel}, published)  # fmt: skip


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return made.write_export(tmp_path / "archive.tar.gz", small(), DAY)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    made.write_api(tmp_path / "api", small(), DAY)
    return tmp_path / "api"


# -- counts


def test_a_whole_life_is_counted(tmp_path: Path) -> None:
    life = freelancer()
    posts = life.on("mastodon", AT)
    kinds = Counter(post.kind for post in posts)
    found = records(made.write_export(tmp_path / "a.tar.gz", life, AT))

    assert only(found, Reject) == []
    assert len(only(found, Post)) == len(posts) - kinds["share"]
    acts = Counter(act.type for act in only(found, Activity))
    assert acts == {"Announce": kinds["share"], "Like": kinds["share"]}
    assert sum(post.in_reply_to is not None for post in only(found, Post)) == kinds["reply"]
    members = {roster.name: len(roster.members) for roster in only(found, Roster)}
    assert members == {
        "followers": len(life.channels["mastodon"].roster(AT)),
        "following": len(life.channels["mastodon"].roster(AT, "following")),
    }
    assert only(found, Metric) == []  # the archive tells no count, and so do we


@pytest.mark.slow
def test_a_whole_life_in_answers_is_counted(tmp_path: Path) -> None:
    life = freelancer()
    posts = life.on("mastodon", AT)
    made.write_api(tmp_path / "api", life, AT)
    found = records(tmp_path / "api")

    assert only(found, Reject) == []
    own = [post for post in posts if post.kind != "share"]
    described = [p.alt_text(n) for p in own for n in range(len(p.media))]
    told = {p.id: p for p in only(found, Post) if p.author_id == "maelle@mastodon.example"}
    assert sum(len(p.alt_texts) for p in told.values()) == sum(map(bool, described)) > 0
    likes = {m.subject_id: m.value for m in only(found, Metric) if m.name == "likes"}
    me = "maelle@mastodon.example"
    mine = {post.id for post in only(found, Post) if post.author_id == me}
    total = sum(value for post, value in likes.items() if post in mine)
    assert len(mine) == len(own)
    assert total == sum(post.gathered(post.likes, AT) or 0 for post in own)
    told = [a for post in posts for a in post.answers if a.at <= AT]
    acts = only(found, Activity)
    for verb, act in (("like", "Like"), ("share", "Announce")):
        dated = {a.id for a in acts if a.type == act and a.published and a.actor_id != me}
        said = {
            (p.number, a.who) for p in posts for a in p.answers if a.at <= AT and a.verb == verb
        }
        assert len(dated) == len(said)
    assert any(a.verb == "like" for a in told)
    follows = [a for a in acts if a.type == "Follow"]
    assert len(follows) == sum(f.since <= AT for f in life.channels["mastodon"].followers)


def test_every_packing_gives_the_same_records(tmp_path: Path, archive: Path) -> None:
    zipped = made.write_export(tmp_path / "archive.zip", small(), DAY)
    folder = tmp_path / "unpacked"
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    from_tar, from_zip, from_folder = records(archive), records(zipped), records(folder)

    def key(item: Yielded) -> str:
        return repr(item)

    assert sorted(from_tar, key=key) == sorted(from_zip, key=key)
    assert sorted(from_tar, key=key) == sorted(from_folder, key=key)


# -- fields of the archive


def test_the_owner(archive: Path) -> None:
    found = records(archive)
    assert found[0] == ExportInfo(observed=DAY, owner=("mastodon", ME))
    (owner,) = [account for account in only(found, Account) if account.is_owner]
    assert (owner.id, owner.handle, owner.name, owner.whole) == (ME, ME, "Ana", True)
    assert owner.summary == "Dessine & écrit."
    assert owner.url == "https://mastodon.example/@ana"


def test_a_post_is_read_whole(archive: Path) -> None:
    post = only(records(archive), Post)[0]
    assert post.content == "Bonjour #Encre à @bob\nhttps://e.example/?a=1&b=2"
    assert post.id == "https://mastodon.example/users/ana/statuses/109000000000000001"
    assert post.published == datetime(2026, 2, 1, 8, 30, tzinfo=UTC)
    assert (post.author_id, post.channel_id, post.language) == (ME, None, "fr")
    assert (post.visibility, post.tags, post.mentions) == (
        "public", ("Encre",), ("bob@mastodon.example",),
    )  # fmt: skip
    assert (post.links, post.media) == (("https://e.example/?a=1&b=2",), ("Image", "Video"))
    assert post.alt_texts == ("Photographie 1 : une rue, le matin",), "of pictures alone"


def test_replies_shares_and_quotes(archive: Path) -> None:
    found = records(archive)
    _first, reply, quote, thread = only(found, Post)
    assert reply.in_reply_to == "https://mastodon.example/users/bob/statuses/109000000900000002"
    assert reply.in_reply_to_author == "bob@mastodon.example"
    assert thread.in_reply_to == only(found, Post)[0].id
    assert thread.in_reply_to_author == ME
    assert (quote.quote_of, quote.language) == (
        "https://mastodon.example/users/bob/statuses/109000000900000004", "en",
    )  # fmt: skip
    share = next(act for act in only(found, Activity) if act.type == "Announce")
    assert share.object_author == "eve@loin.example"
    assert share.actor_id == ME
    assert share.published == datetime(2026, 2, 3, 8, 30, tzinfo=UTC)


def test_rosters(archive: Path) -> None:
    rosters = {roster.name: roster for roster in only(records(archive), Roster)}
    assert rosters["followers"].members == ("bob@mastodon.example",)
    assert (rosters["followers"].account_id, rosters["followers"].observed) == (ME, DAY)


def test_an_empty_roster_is_known_to_be_empty(tmp_path: Path, archive: Path) -> None:
    folder = tmp_path / "export"
    with tarfile.open(archive) as packed:
        packed.extractall(folder, filter="data")
    (folder / "followers.csv").write_text("Account address\n")
    (roster,) = [r for r in only(records(folder), Roster) if r.name == "followers"]
    assert roster.members == ()


def test_every_file_has_its_report(archive: Path) -> None:
    with open_container(archive) as export:
        names = set(export.names())
    reports = only(records(archive), FileReport)
    assert {item.name for item in reports} == names
    assert all(item.reason is not None for item in reports if item.status != "read")
    assert {item.status for item in reports} == {"read", "not needed"}


@pytest.mark.parametrize(
    ("to", "cc", "visibility"),
    [
        (["https://www.w3.org/ns/activitystreams#Public"], ["x/followers"], "public"),
        (["x/followers"], ["as:Public"], "unlisted"),
        (["https://a.example/users/ana/followers"], ["https://b.example/users/bo"], "followers"),
        (["https://b.example/users/bo"], [], "direct"),
        ("https://www.w3.org/ns/activitystreams#Public", None, "public"),
        (None, None, None),
    ],
)
def test_visibility(tmp_path: Path, to: Any, cc: Any, visibility: str | None) -> None:
    (post,) = only(records(outbox(tmp_path, [create({**NOTE, "to": to, "cc": cc})])), Post)
    assert post.visibility == visibility


def outbox(folder: Path, items: list[Any], **more: Any) -> Path:
    """Write an outbox alone, as whoever unpacked only that file."""
    whole = {
        "@context": "https://www.w3.org/ns/activitystreams",
        "id": "outbox.json",
        "type": "OrderedCollection",
        "totalItems": len(items),
        "orderedItems": items,
        **more,
    }
    path = folder / "outbox.json"
    path.write_text(json.dumps(whole))
    return path


def create(note: Any) -> dict[str, Any]:
    return {"type": "Create", "actor": "https://a.example/users/ana", "object": note}


def test_an_outbox_alone_tells_its_owner(tmp_path: Path) -> None:
    found = records(outbox(tmp_path, [create(NOTE)]))
    assert found[0] == ExportInfo(observed=only(found, ExportInfo)[0].observed,
                                  owner=("mastodon", "ana@a.example"))  # fmt: skip
    assert only(found, Post)[0].author_id == "ana@a.example"


def test_content_warnings_polls_and_odd_forms(tmp_path: Path) -> None:
    question = {
        **NOTE, "type": "Question", "summary": "Sondage", "inReplyTo": {"id": "https://b.example/o/1"},
        "attributedTo": ["https://a.example/users/ana"], "url": [{"href": "https://a.example/1"}],
        "tag": {"type": "Mention", "href": "https://b.example/users/bo", "name": "@Bo@b.example"},
        "contentMap": {"de-AT": "<p>ein</p>", "fr-FR": "<p>un</p>"},
    }  # fmt: skip
    (post,) = only(records(outbox(tmp_path, [create(question)])), Post)
    assert (post.type, post.title, post.url) == ("Question", "Sondage", "https://a.example/1")
    assert (post.in_reply_to, post.in_reply_to_author) == ("https://b.example/o/1", "bo@b.example")
    assert (post.author_id, post.language) == ("ana@a.example", "fr")


def test_the_key_written_twice_is_read_twice(tmp_path: Path) -> None:
    path = outbox(tmp_path, [create(NOTE)])
    path.write_text(
        path.read_text().replace('"orderedItems"', '"orderedItems": [], "orderedItems"')
    )
    assert len(only(records(path), Post)) == 1


def test_a_wrong_total_is_remarked(tmp_path: Path) -> None:
    found = records(outbox(tmp_path, [create(NOTE)], totalItems=3))
    said = report(found, "outbox.json")
    assert said.status == "read"
    assert str(said.reason) == "Items that the file says it has: 3; items found: 1."


def test_broken_pieces_lose_only_themselves(tmp_path: Path) -> None:
    items = [
        create(NOTE),
        create({**NOTE, "id": 7}),
        create({**NOTE, "published": "hier"}),
        create("https://a.example/users/ana/statuses/9"),
        {"type": "Announce"},
        {"type": "Undo", "object": "https://a.example/1"},
        "rien",
        create({**NOTE, "published": "0001-01-01T00:00:00+14:00"}),
        create({**NOTE, "id": "https://a.example/users/ana/statuses/2"}),
    ]
    found = records(outbox(tmp_path, items))
    assert [post.id[-1] for post in only(found, Post)] == ["1", "1", "1", "2"]
    assert [reject.place for reject in only(found, Reject)] == [1, 3, 4, 6]
    lost = [d for d in report(found, "outbox.json").drift if d.change == "unreadable"]
    assert ("object.published", 2) in {(d.field, d.records) for d in lost}
    assert report(found, "outbox.json").records == len(items)
    assert "Undo (1)" in str(report(found, "outbox.json").reason)


def test_an_outbox_cut_short_keeps_what_stands_before(tmp_path: Path) -> None:
    path = outbox(tmp_path, [create({**NOTE, "id": f"{NOTE['id']}{n}"}) for n in range(50)])
    path.write_bytes(path.read_bytes()[:-300])
    found = records(path)
    assert 45 <= len(only(found, Post)) < 50
    assert len(only(found, Reject)) == 1


def test_a_broken_actor_fails_alone(tmp_path: Path) -> None:
    path = made.write_export(tmp_path / "archive.zip", small(), DAY)
    damaged = tmp_path / "damaged.zip"
    with zipfile.ZipFile(path) as whole, zipfile.ZipFile(damaged, "w") as packed:
        for name in whole.namelist():
            data = whole.read(name)
            packed.writestr(name, data[:200] if name == "actor.json" else data)
    found = records(damaged)
    assert report(found, "actor.json").status == "failed"
    assert len(only(found, Post)) == 4
    assert found[0] == ExportInfo(
        observed=only(found, ExportInfo)[0].observed, owner=("mastodon", ME)
    )


# -- lists


def test_lists_come_alone(tmp_path: Path) -> None:
    path = tmp_path / "followers.csv"
    path.write_text("Account address\nBob@Loin.example\npas une adresse\n\n")
    found = records(path)
    assert [account.id for account in only(found, Account)] == ["bob@loin.example"]
    assert [reject.raw for reject in only(found, Reject)] == ["pas une adresse"]
    assert only(found, Roster) == []  # whose followers, the list does not say
    assert report(found, "followers.csv").reason is not None


@pytest.mark.parametrize(
    "text",
    [
        "Account address,Show boosts,Notify on new posts,Languages\nbob@loin.example,true,false,\n",
        "Account address, Show boosts\nbob@loin.example, true\n",
        "\ufeffAccount address\r\nbob@loin.example\r\n",
        "bob@loin.example,true\n",
    ],
)
def test_lists_of_all_times(tmp_path: Path, text: str) -> None:
    outbox(tmp_path, [create(NOTE)])
    (tmp_path / "following_accounts.csv").write_text(text, newline="")
    (roster,) = only(records(tmp_path), Roster)
    assert (roster.name, roster.members) == ("following", ("bob@loin.example",))


def test_lists_of_others_are_not_needed(tmp_path: Path) -> None:
    outbox(tmp_path, [create(NOTE)])
    (tmp_path / "blocked_accounts.csv").write_text("Account address\nbob@loin.example\n")
    (tmp_path / "bookmarks.csv").write_text("https://b.example/users/bo/statuses/5\n")
    found = records(tmp_path)
    assert report(found, "blocked_accounts.csv").status == "not needed"
    assert not any(account.id == "bob@loin.example" for account in only(found, Account))
    (bookmark,) = only(found, Activity)
    assert (bookmark.type, bookmark.via, bookmark.object_author) == (
        "Add", "bookmark", "bo@b.example",
    )  # fmt: skip


# -- recognition


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("feed.json", '{"version": "https://jsonfeed.org/version/1.1", "items": []}'),
        ("followers_1.json", '[{"title": "", "string_list_data": []}]'),
        ("likes.json", '{"media_likes": [["2019", "bob"]]}'),
        ("bookmarks.json", "[1, 2"),
        ("followers.csv", "name,date\nbob,2020\n"),
        ("bookmarks.csv", "title,url\n"),
        ("package.json", '{"name": "x", "account": 1}'),
        ("note.json", '{"@context": "https://www.w3.org/ns/activitystreams", "type": "Note"}'),
    ],
)
def test_other_platforms_are_left_alone(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    assert records(tmp_path / name) == []


def test_a_folder_with_strangers_is_taken_file_by_file(tmp_path: Path, answers: Path) -> None:
    (answers / "blog.xml").write_text("<rss/>")
    with open_container(answers) as export:
        roots = set(source.recognize(export))
    assert roots == {path.name for path in answers.iterdir()} - {"blog.xml"}


def test_an_archive_in_the_folder_is_another_export(tmp_path: Path, answers: Path) -> None:
    made.write_export(answers / "archive.zip", small(), DAY)
    with open_container(answers) as export:
        assert list(source.recognize(export)) == [""]
        (skipped,) = export.skipped  # the folder itself accounts for it
    assert (skipped.name, skipped.status) == ("archive.zip", "not needed")


def test_an_export_deeper_in_a_folder_is_found(tmp_path: Path, archive: Path) -> None:
    with tarfile.open(archive) as packed:
        packed.extractall(tmp_path / "all" / "mastodon", filter="data")
    (tmp_path / "all" / "other.xml").write_text("<rss/>")
    archive.unlink()
    with open_container(tmp_path / "all") as export:
        assert list(source.recognize(export)) == ["mastodon/"]
    assert len(only(records(tmp_path / "all"), Post)) == 4


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://A.example/users/Ana", "ana@a.example"),
        ("https://a.example/users/ana/statuses/1", "ana@a.example"),
        ("https://a.example/@ana/1", "ana@a.example"),
        ("https://a.example/@bo@b.example/1", "bo@b.example"),
        ("https://a.example:3000/users/ana", "ana@a.example:3000"),
        ("https://a.example/ap/users/117", None),
        ("https://a.example/objects/1", None),
        ("tag:a.example,2016:objectId=1", None),
        ("https://[bad/users/ana", None),
        ("javascript:alert(1)//users/ana", None),
    ],
)
def test_addresses(url: str, address: str | None) -> None:
    assert address_in(url) == address
    assert host("https://[bad") is None


def test_registered() -> None:
    assert plugins.source("mastodon").NAME == "mastodon"
    assert source.title()
    assert "archive" in source.how_to_get()


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    note = {
        **NOTE,
        "content": "<p>&lt;script&gt;<script>alert(1)</script><img src=x onerror=y></p>",
    }
    (post,) = only(records(outbox(tmp_path, [create(note)])), Post)
    assert post.content == "<script>"
    deep = "[" * 200_000 + "]" * 200_000
    path = tmp_path / "outbox.json"
    text = path.read_text()
    path.write_text(text.replace('"orderedItems": [', f'"orderedItems": [{{"object": {deep}}}, '))
    found = records(path)
    assert len(only(found, Post)) == 1
    assert len(only(found, Reject)) == 1


def test_dates_of_files_are_those_of_counts(answers: Path) -> None:
    later = DAY.replace(day=9).timestamp()
    os.utime(answers / "verify_credentials.json", (later, later))
    found = records(answers)
    dates = {m.observed for m in only(found, Metric) if m.name == "followers"}
    assert dates == {DAY, DAY.replace(day=9)}
    assert only(found, ExportInfo)[0].observed == DAY.replace(day=9)
