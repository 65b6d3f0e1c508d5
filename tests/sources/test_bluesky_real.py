"""Bluesky's real files and the protocol's own fixtures, against counts and walks made here."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import libipld
import pytest

from empreinte.container import open_container
from empreinte.errors import RecordError
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
from empreinte.sources.bluesky import syntax
from empreinte.testing import bluesky as made

pytestmark = pytest.mark.real_data
T = TypeVar("T")
VERBS = {"app.bsky.feed.like": "Like", "app.bsky.feed.repost": "Announce",
         "app.bsky.graph.follow": "Follow"}  # fmt: skip


def records(path: Path) -> list[Yielded]:
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def tree(blocks: dict[bytes, Any], cid: bytes) -> dict[str, Any]:
    """Walk a repository's tree the plain way, all blocks in memory."""
    node, found, name = blocks[cid], {}, b""
    if node["l"]:
        found.update(tree(blocks, node["l"]))
    for entry in node["e"]:
        name = name[: entry["p"]] + entry["k"]
        found[name.decode()] = blocks[entry["v"]]
        if entry["t"]:
            found.update(tree(blocks, entry["t"]))
    return found


def test_the_repository_with_its_history(data: Path) -> None:
    path = data / "bluesky" / "fakermaker.repo.car"
    header, blocks = libipld.decode_car(path.read_bytes())
    commits = [b for b in blocks.values() if isinstance(b, dict) and "sig" in b]
    assert len(commits) == 143  # as the data's README says, and so on
    commit = blocks[header["roots"][0]]
    held = tree(blocks, commit["data"])
    kinds = Counter(path.partition("/")[0] for path in held)
    assert kinds == {"app.bsky.feed.post": 26, "app.bsky.feed.like": 22, "app.bsky.feed.repost": 15,
                     "app.bsky.graph.follow": 78, "app.bsky.actor.profile": 1}  # fmt: skip

    found = records(path)
    assert only(found, Reject) == []
    assert {post.id for post in only(found, Post)} == {
        f"at://{commit['did']}/{path}" for path in held if path.startswith("app.bsky.feed.post/")
    }
    acts = Counter(act.type for act in only(found, Activity))
    assert acts == {verb: kinds[name] for name, verb in VERBS.items()}
    (roster,) = only(found, Roster)
    follows = [held[path]["subject"] for path in held if path.startswith("app.bsky.graph.follow/")]
    assert sorted(roster.members) == sorted(follows)
    assert only(found, ExportInfo)[0].owner == ("bluesky", commit["did"])
    (owner,) = only(found, Account)
    assert (owner.is_owner, owner.name) == (
        True,
        held["app.bsky.actor.profile/self"]["displayName"],
    )
    (report,) = only(found, FileReport)
    assert (report.status, report.records, report.drift) == ("read", len(held), ())

    for post in only(found, Post):
        record = held[post.id.split("/", 3)[3]]
        at = datetime.fromisoformat(record["createdAt"])
        assert (post.published, post.offset_min) == (at.astimezone(UTC), -420)
        assert post.content == record["text"]
        images = record.get("embed", {}).get("images", [])
        assert post.media == ("Image",) * len(images)
        parent = record.get("reply", {}).get("parent", {}).get("uri")
        assert post.in_reply_to == parent
    assert sum(bool(post.media) for post in only(found, Post)) > 0
    assert sum(post.in_reply_to is not None for post in only(found, Post)) > 0


def test_a_second_of_jetstream(data: Path) -> None:
    path = data / "bluesky" / "jetstream_2026-07-04.jsonl"
    events = [json.loads(line) for line in path.read_text().splitlines()]
    assert len(events) == 152
    created = Counter(
        event["commit"]["collection"] for event in events
        if event["kind"] == "commit" and event["commit"]["operation"] == "create"
    )  # fmt: skip
    found = records(path)
    assert only(found, Reject) == []
    acts = Counter(act.type for act in only(found, Activity))
    assert acts == {verb: created[name] for name, verb in VERBS.items()}
    assert acts == {"Like": 105, "Announce": 15, "Follow": 6}
    assert len(only(found, Post)) == created["app.bsky.feed.post"] == 17
    by_uri = {
        f"at://{e['did']}/{e['commit']['collection']}/{e['commit']['rkey']}": e["commit"]["record"]
        for e in events if e.get("commit", {}).get("operation") == "create"
    }  # fmt: skip
    for post in only(found, Post):
        record = by_uri[post.id]
        assert post.content == record["text"]
        assert post.published == datetime.fromisoformat(record["createdAt"])
        assert post.in_reply_to == record.get("reply", {}).get("parent", {}).get("uri")
        features = [f for facet in record.get("facets", []) for f in facet["features"]]
        assert len(post.tags or ()) == len({f["tag"] for f in features if "tag" in f})
        assert set(post.mentions or ()) == {f["did"] for f in features if "did" in f}
        assert set(post.links or ()) >= {f["uri"] for f in features if "uri" in f}
    (report,) = only(found, FileReport)
    assert (report.records, report.drift) == (152, ())
    for kind in ("app.bsky.graph.block", "app.bsky.actor.status", "fm.teal.alpha.actor.status"):
        assert f"{kind} (1)" in str(report.reason)
    assert only(found, ExportInfo)[0].owner is None


def test_what_concerns_one_account_of_jetstream(data: Path, tmp_path: Path) -> None:
    """With a repository beside it, only what answers its owner is kept."""
    text = (data / "bluesky" / "jetstream_2026-07-04.jsonl").read_text()
    likes = [e for e in map(json.loads, text.splitlines())
             if e.get("commit", {}).get("collection") == "app.bsky.feed.like"]  # fmt: skip
    owners = Counter(e["commit"]["record"]["subject"]["uri"].split("/")[2] for e in likes)
    owner, count = owners.most_common(1)[0]
    blocks: dict[bytes, bytes] = {}
    root = made.commit(blocks, owner, {}, datetime(2026, 7, 5, tzinfo=UTC))
    (tmp_path / "repo.car").write_bytes(made.car(root, blocks))
    (tmp_path / "events.jsonl").write_text(text)
    acts = [act for act in only(records(tmp_path), Activity) if act.type == "Like"]
    assert len(acts) == count
    assert {act.object_author for act in acts} == {owner}


def test_one_account_with_its_posts(data: Path) -> None:
    path = data / "bluesky" / "capture_atprotocom.json"
    entries = json.loads(path.read_text())["postRecords"]
    found = records(path)
    assert only(found, Reject) == []
    assert {post.id for post in only(found, Post)} == {entry["uri"] for entry in entries}
    replies = sum("reply" in entry["value"] for entry in entries)
    assert sum(post.in_reply_to is not None for post in only(found, Post)) == replies
    links = [entry["value"].get("embed", {}).get("external", {}).get("uri") for entry in entries]
    assert {link for link in links if link} <= {
        link for post in only(found, Post) for link in post.links or ()
    }


def test_saved_answers(data: Path) -> None:
    folder = data / "bluesky" / "xrpc"
    found = records(folder)
    assert only(found, Reject) == []
    reports = {item.name.rpartition("/")[2]: item for item in only(found, FileReport)}
    assert set(reports) == {path.name for path in folder.iterdir()}
    assert {n for n, r in reports.items() if r.status == "not needed"} == {
        "did_doc.json", "resolve_handle.json",
    }  # fmt: skip
    listed = json.loads((folder / "get_follows.json").read_text())
    me = listed["subject"]["did"]
    assert only(found, ExportInfo)[0].owner == ("bluesky", me)
    follows = [act for act in only(found, Activity) if act.type == "Follow"]
    back = [p["did"] for p in listed["follows"] if "followedBy" in p["viewer"]]
    assert back
    assert {(act.actor_id, act.object_id) for act in follows} == {
        *((me, person["did"]) for person in listed["follows"]), *((who, me) for who in back),
    }  # fmt: skip
    assert all(act.published for act in follows)  # told by the keys of the asker's own records
    thread = json.loads((folder / "thread_view_post_with_embed_media.json").read_text())["thread"]
    metrics = {
        m.name: m.value for m in only(found, Metric) if m.subject_id == thread["post"]["uri"]
    }
    assert metrics == {
        "likes": thread["post"]["likeCount"], "shares": thread["post"]["repostCount"],
        "replies": thread["post"]["replyCount"],
    }  # fmt: skip
    quote = next(post for post in only(found, Post) if post.id == thread["post"]["uri"])
    assert quote.quote_of == thread["post"]["record"]["embed"]["record"]["record"]["uri"]
    assert quote.quote_of in {post.id for post in only(found, Post)}


def test_records_of_other_programs(data: Path) -> None:
    folder = data / "bluesky" / "granary"
    found = records(folder)
    addressed = {
        name for name, value in ((p.name, json.loads(p.read_text())) for p in folder.iterdir())
        if value.get("post", {}).get("uri")
    }  # fmt: skip
    assert {post.file.rpartition("/")[2] for post in only(found, Post)} >= addressed
    bare = {"actor.bsky.json", "like.bsky.json", "note_with_mention_linked_text.bsky.json"}
    refused = {reject.file.rpartition("/")[2] for reject in only(found, Reject)}
    assert refused == bare | {"quote_and_attachment.bsky.json"}  # which has an empty address


# -- the protocol's own fixtures


def rows(path: Path) -> list[str]:
    return [line for line in path.read_text().split("\n") if line and not line.startswith("#")]


def test_dates(data: Path) -> None:
    folder = data / "bluesky" / "interop" / "syntax"
    valid = rows(folder / "datetime_syntax_valid.txt")
    for text in valid:
        if not text.startswith("0000"):  # a year that Python's calendar does not have
            moment, _offset = syntax.written(text)
            assert moment.strftime("%Y-%m-%d").lstrip("0") == moment.date().isoformat().lstrip("0")
            assert abs(moment.timestamp() - datetime.fromisoformat(text).timestamp()) < 1e-3
    assert len(valid) > 30
    for text in rows(folder / "datetime_parse_invalid.txt"):
        with pytest.raises(RecordError):
            syntax.written(text)
    read = []
    for text in rows(folder / "datetime_syntax_invalid.txt"):
        try:
            read.append(syntax.written(text) and text)
        except RecordError:
            continue
    # What programs do write against the rule: no zone (UTC then), and zero with a minus.
    assert set(read) == {"1985-04-12T23:20:50.123", "1985-04-12T23:20:50",
                         "1985-04-12T23:20:50.123-00:00"}  # fmt: skip


def test_names(data: Path) -> None:
    folder = data / "bluesky" / "interop" / "syntax"
    for text in rows(folder / "tid_syntax_valid.txt"):
        assert syntax.tid_time(text) is not None
    for text in rows(folder / "aturi_syntax_valid.txt"):
        parts = syntax.uri_parts(text)
        assert parts is not None
        assert "at://" + "/".join(part for part in parts if part) == text


def test_the_generator_plants_the_same_trees(data: Path) -> None:
    folder = data / "bluesky" / "interop"
    for case in json.loads((folder / "mst" / "key_heights.json").read_text()):
        assert case["key"] == "" or made.height(case["key"]) == case["height"]
    cases = json.loads((folder / "firehose" / "commit-proof-fixtures.json").read_text())
    for case in cases:
        digest = libipld.decode_cid(case["leafValue"])["hash"]["digest"]
        leaf = b"\x01\x71\x12\x20" + digest
        before = dict.fromkeys(case["keys"], leaf)
        after = dict.fromkeys({*case["keys"], *case["adds"]} - set(case["dels"]), leaf)
        assert libipld.encode_cid(made.tree({}, before)) == case["rootBeforeCommit"]
        assert libipld.encode_cid(made.tree({}, after)) == case["rootAfterCommit"]
    assert len(cases) > 3
