"""Answers of Mastodon's API, beside its archive or alone."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.sources.test_mastodon import DAY, ME, only, records, report, small
from tests.sources.test_mastodon_drift import told

from empreinte.model import (
    Account,
    Activity,
    ExportInfo,
    Metric,
    Post,
    Reject,
    Roster,
)
from empreinte.testing import mastodon as made


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return made.write_export(tmp_path / "archive.tar.gz", small(), DAY)


@pytest.fixture
def answers(tmp_path: Path) -> Path:
    made.write_api(tmp_path / "api", small(), DAY)
    return tmp_path / "api"


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
