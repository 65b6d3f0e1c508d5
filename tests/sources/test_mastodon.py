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


# -- answers of the API


def test_counts_are_dated_by_the_file(answers: Path) -> None:
    found = records(answers)
    first = made.Profile("ana").status(1)
    counts = {m.name: m.value for m in only(found, Metric) if m.subject_id == first}
    post = small().published[0]
    assert counts == {"likes": 8, "shares": 2, "replies": 1}
    assert post.gathered(8, DAY) == 8
    assert {m.observed for m in only(found, Metric)} == {DAY}
    of_me = {m.name: m.value for m in only(found, Metric) if m.subject_id == ME}
    assert of_me == {"followers": 1, "following": 1, "posts": 5}


def test_answers_name_the_same_posts_as_the_archive(archive: Path, answers: Path) -> None:
    told = {post.id: post for post in only(records(answers), Post)}
    for post in only(records(archive), Post):
        other = told[post.id]
        for field in ("content", "published", "author_id", "in_reply_to", "in_reply_to_author",
                      "quote_of", "tags", "mentions", "links", "media", "visibility", "type",
                      "language", "url"):  # fmt: skip
            assert getattr(other, field) == getattr(post, field), field


def test_archive_and_answers_tell_of_one_share(archive: Path, answers: Path) -> None:
    def shares(path: Path) -> set[str | None]:
        acts = only(records(path), Activity)
        return {act.id for act in acts if act.type == "Announce" and act.actor_id == ME}

    assert shares(archive) == shares(answers) != set()


def test_notifications_become_acts(answers: Path) -> None:
    found = records(answers)
    acts = {(a.type, a.actor_id, a.published) for a in only(found, Activity) if a.published}
    at = datetime(2026, 2, 1, 0, 30, tzinfo=UTC)
    assert ("Like", "bob@mastodon.example", at.replace(hour=9)) in acts
    assert ("Announce", "chloé@loin.example", at.replace(hour=10)) in acts
    assert ("Follow", "bob@mastodon.example", datetime(2026, 1, 1, tzinfo=UTC)) in acts
    assert not any(actor == "dan@mastodon.example" for _type, actor, _at in acts)  # in April
    (reply,) = [post for post in only(found, Post) if post.author_id == "bob@mastodon.example"
                and post.in_reply_to]  # fmt: skip
    assert (reply.content, reply.in_reply_to_author) == ("Bravo <b>!", ME)
    assert reply.in_reply_to == made.Profile("ana").status(1)
    assert only(found, ExportInfo)[0].owner == ("mastodon", ME)


def test_a_list_of_likers_belongs_to_the_post_in_its_name(answers: Path) -> None:
    (answers / "notifications.json").unlink()
    found = records(answers)
    (like,) = [act for act in only(found, Activity) if act.type == "Like"]
    assert (like.actor_id, like.object_id) == (
        "bob@mastodon.example", made.Profile("ana").status(1),
    )  # fmt: skip
    assert (like.object_author, like.published) == (ME, None)


def test_a_list_of_likers_without_its_post_keeps_the_people(answers: Path) -> None:
    (answers / "notifications.json").unlink()
    (answers / "statuses.json").unlink()
    found = records(answers)
    assert only(found, Activity) == []
    assert any(account.id == "bob@mastodon.example" for account in only(found, Account))
    assert "1" in str(report(found, "001.json").reason)


def test_a_recorded_session_tells_what_was_asked(tmp_path: Path, answers: Path) -> None:
    statuses = json.loads((answers / "statuses.json").read_text())
    bob = json.loads((answers / "favourited_by-109000000000000001.json").read_text())
    base = "https://mastodon.example/api/v1"
    session = [
        {"request": f"GET {base}/accounts/1/statuses", "body": statuses},
        {"request": f"GET {base}/statuses/{statuses[-1]['id']}/reblogged_by?limit=80", "body": bob},
        {"request": f"DELETE {base}/statuses/1", "body": {**statuses[0], "uri": "https://gone"}},
        {"request": f"GET {base}/instance/activity", "body": [{"week": "1", "statuses": "2"}]},
        {"request": f"GET {base}/accounts/1/followers", "body": []},
    ]
    path = tmp_path / "session.json"
    path.write_text(json.dumps(session))
    found = records(path)
    assert ("Announce", "bob@mastodon.example") in {
        (act.type, act.actor_id) for act in only(found, Activity)
    }
    assert not any(post.id == "https://gone" for post in only(found, Post))
    assert only(found, Reject) == []


@pytest.mark.parametrize(("count", "whole"), [(1, True), (2, False)])
def test_a_page_of_followers_is_no_roster(
    tmp_path: Path, answers: Path, count: int, whole: bool
) -> None:
    me = json.loads((answers / "verify_credentials.json").read_text())
    bob = json.loads((answers / "favourited_by-109000000000000001.json").read_text())
    (tmp_path / "me.json").write_text(json.dumps({**me, "followers_count": count}))
    (tmp_path / f"followers-{me['id']}.json").write_text(json.dumps(bob))
    for path in answers.iterdir():
        path.unlink()
    found = records(tmp_path)
    assert bool(only(found, Roster)) == whole
    assert bool(only(found, Activity)) != whole  # part of a list still tells who follows
    members = {m for roster in only(found, Roster) for m in roster.members}
    members |= {act.actor_id for act in only(found, Activity)}
    assert members == {"bob@mastodon.example"}


def test_misshapen_answers_lose_only_themselves(tmp_path: Path, answers: Path) -> None:
    statuses = json.loads((answers / "statuses.json").read_text())
    broken = [
        statuses[0],
        {**statuses[1], "favourites_count": "beaucoup"},
        {**statuses[2], "account": {"acct": "nulle part", "username": "x"}},
        {"autre": "chose"},
        None,
        statuses[3],
    ]
    path = tmp_path / "one.json"
    path.write_text(json.dumps(broken))
    found = records(path)
    assert not only(found, Reject)
    assert {post.id for post in only(found, Post)} == {
        (status["reblog"] or status)["uri"] for status in statuses[:4]
    }
    told = report(found, "one.json")
    assert told.records == len(broken)
    lost = {d.field: d.value for d in told.drift if d.change == "unreadable"}
    assert lost == {"status.favourites_count": "beaucoup", "status.account.acct": "nulle part"}


def test_all_lists_of_mastodon_archive_are_read(tmp_path: Path, answers: Path) -> None:
    profile = json.loads((answers / "verify_credentials.json").read_text())
    statuses = json.loads((answers / "statuses.json").read_text())
    follower = {**profile, "acct": "eve@b.example", "id": "77", "url": "https://b.example/@eve"}
    del follower["source"]
    kept = {
        "version": 2, "account": {**profile, "followers_count": 1}, "statuses": statuses[:1],
        "favourites": [{**statuses[1], "favourited": True}], "bookmarks": statuses[2:3],
        "mentions": statuses[3:4], "followers": [follower], "following": [], "mutes": [],
        "quizzes": [{"question": "?"}],
    }  # fmt: skip
    path = tmp_path / "archive" / "mastodon.example.user.ana.json"
    path.parent.mkdir()
    path.write_text(json.dumps(kept))
    found = records(path.parent)
    assert {post.id for post in only(found, Post)} == {
        (status["reblog"] or status)["uri"] for status in statuses[:4]
    }
    assert [roster.members for roster in only(found, Roster)] == [("eve@b.example",)]
    likes = [act.object_id for act in only(found, Activity) if act.type == "Like"]
    assert likes == [statuses[1]["uri"]]
    assert told(found, path.name) == {("quizzes", "new", 1, 1)}


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


# -- drift


def rewritten(path: Path, name: str, edit: Any) -> Path:
    """Unpack an export into a folder beside it and edit one of its JSON files."""
    folder = path.parent / "unpacked"
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    file = next(folder.rglob(name))
    content = json.loads(file.read_bytes())
    edit(content)
    file.write_text(json.dumps(content))
    return folder


def told(found: list[Yielded], name: str) -> set[tuple[str, str, int, int]]:
    return {(d.field, d.change, d.records, d.of) for d in report(found, name).drift}


@pytest.mark.slow
def test_what_this_version_knows_is_no_drift(tmp_path: Path) -> None:
    made.write_export(tmp_path / "a.zip", freelancer(), AT)
    made.write_api(tmp_path / "api", freelancer(), AT)
    found = records(tmp_path / "a.zip") + records(tmp_path / "api")
    assert [item for item in only(found, FileReport) if item.drift] == []


def test_a_renamed_field_is_told_and_loses_nothing_else(tmp_path: Path) -> None:
    path = made.write_export(tmp_path / "a.zip", small(), DAY.replace(month=6))

    def rename(outbox: Any) -> None:
        note = outbox["orderedItems"][0]["object"]
        note["author"] = note.pop("attributedTo")

    before = only(records(path), Post)
    found = records(rewritten(path, "outbox.json", rename))
    assert told(found, "outbox.json") == {
        ("object.attributedTo", "vanished", 1, 5), ("object.author", "new", 1, 5)
    }  # fmt: skip
    assert [post.id for post in only(found, Post)] == [post.id for post in before]


def test_a_renamed_count_of_an_answer_is_told_and_is_not_zero(tmp_path: Path) -> None:
    made.write_api(tmp_path, small(), DAY.replace(month=6))
    file = tmp_path / "statuses.json"
    file.write_text(file.read_text().replace('"favourites_count"', '"stars"'))
    found = records(tmp_path)
    changes = {(d.field, d.change) for d in report(found, file.name).drift}
    assert changes >= {("status.favourites_count", "vanished"), ("status.stars", "new")}
    assert not [m for m in only(found, Metric) if m.name == "likes" and m.file == file.name]


def test_a_new_column_of_a_list_is_told(tmp_path: Path) -> None:
    (tmp_path / "following_accounts.csv").write_text(
        "Account address,Show boosts,Mood\nbob@a.example,true,gay\neve@b.example,true,\n"
    )
    assert told(records(tmp_path), "following_accounts.csv") == {("mood", "new", 2, 2)}
