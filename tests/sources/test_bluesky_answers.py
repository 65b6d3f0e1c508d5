"""Answers of Bluesky's API and its events, beside the repository or alone."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.sources.test_bluesky import (
    DAY,
    FOLLOW,
    LIKE,
    ME,
    POST,
    key,
    note,
    only,
    records,
    report,
    small,
)

import empreinte
from empreinte.model import (
    Account,
    Activity,
    ExportInfo,
    FileReport,
    Metric,
    Post,
    Reject,
    Roster,
)
from empreinte.sources.bluesky import syntax
from empreinte.testing import bluesky as made


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return made.write_repository(tmp_path / "repo.car", small(), DAY)


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
