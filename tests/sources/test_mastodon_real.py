"""Mastodon exports and answers made by real servers, against counts of their own JSON."""

from __future__ import annotations

import gzip
import json
import tarfile
from collections import Counter
from pathlib import Path
from typing import Any, TypeVar

import pytest

from empreinte.container import open_container
from empreinte.model import Account, Activity, ExportInfo, FileReport, Post, Reject, Yielded
from empreinte.sources import mastodon as source

pytestmark = pytest.mark.real_data
T = TypeVar("T")


def records(path: Path) -> list[Yielded]:
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def test_the_export_of_2018(data: Path) -> None:
    path = data / "mastodon" / "export-mastodon-social-2018.tar.gz"
    with tarfile.open(path) as packed:
        members = {name: packed.extractfile(name) for name in packed.getnames()}
        outbox, likes = (json.load(members[n]) for n in ("outbox.json", "likes.json"))  # type: ignore[arg-type]
    acts = outbox["orderedItems"]
    verbs = Counter(act["type"] for act in acts)
    found = records(path)

    assert len(acts) == 223  # as the data's README says, and so on
    assert only(found, Reject) == []
    assert len(only(found, Post)) == verbs["Create"] == 189
    mine = Counter(act.type for act in only(found, Activity))
    assert mine == {"Announce": verbs["Announce"], "Like": len(likes["orderedItems"])}
    assert mine["Like"] == 147
    # Counted from the addressees, not from the source's own rule.
    private = [
        act for act in acts
        if act["type"] == "Create" and not any("#Public" in to for to in act["to"] + act["cc"])
    ]  # fmt: skip
    visible = Counter(post.visibility for post in only(found, Post))
    assert visible["followers"] == len(private) == 3
    assert sum(visible.values()) == visible["public"] + visible["unlisted"] + 3
    replies = [act for act in acts if act["type"] == "Create" and act["object"]["inReplyTo"]]
    assert sum(post.in_reply_to is not None for post in only(found, Post)) == len(replies)
    tags = [tag for a in acts if a["type"] == "Create" for tag in a["object"]["tag"]]
    mentions = sum(len(post.mentions or ()) for post in only(found, Post))
    assert mentions == sum(tag["type"] == "Mention" for tag in tags)
    media = sum(len(post.media or ()) for post in only(found, Post))
    assert media == sum(len(a["object"]["attachment"]) for a in acts if a["type"] == "Create")
    assert sum(bool(post.content) for post in only(found, Post)) == verbs["Create"]
    assert not any("<" in (post.content or "") and "</" in (post.content or "")
                   for post in only(found, Post))  # fmt: skip
    assert {item.name for item in only(found, FileReport)} == set(members)
    (owner,) = [account.id for account in only(found, Account) if account.is_owner]
    assert only(found, ExportInfo)[0].owner == ("mastodon", owner)


def statuses(value: Any, deleted: bool = False) -> set[str]:
    """Find the URIs of all statuses in an answer, wherever they stand; shares count as theirs."""
    if isinstance(value, list):
        return set().union(*(statuses(item, deleted) for item in value))
    if not isinstance(value, dict):
        return set()
    if "request" in value and value["request"].startswith("DELETE"):
        return set()
    inside = set().union(*(statuses(item) for key, item in value.items() if key != "quote"))
    is_status = "uri" in value and "content" in value and "visibility" in value
    return inside | ({value["uri"]} if is_status and not value.get("reblog") else set())


def test_saved_answers(data: Path) -> None:
    folder = data / "mastodon" / "api"
    expected = statuses([json.loads(path.read_text()) for path in sorted(folder.iterdir())])
    found = records(folder)
    assert {post.id for post in only(found, Post)} == expected
    assert len(expected) > 4
    assert only(found, Reject) == []
    reports = {item.name: item for item in only(found, FileReport)}
    assert set(reports) == {path.name for path in folder.iterdir()}
    assert all(r.status == "read" or r.reason is not None for r in reports.values())
    assert all(r.status != "not understood" for r in reports.values())
    assert reports["suggestion_0.json"].records == 40


def test_recorded_sessions(data: Path) -> None:
    for path in sorted((data / "mastodon" / "api-sessions").iterdir()):
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8") as file:
            expected = statuses(json.load(file))
        found = records(path)
        assert {post.id for post in only(found, Post)} == expected, path.name
        assert only(found, Reject) == [], path.name
        (report,) = only(found, FileReport)
        assert report.status in ("read", "not needed"), path.name


@pytest.mark.parametrize(("name", "verb"), [("favourited", "Like"), ("reblogged", "Announce")])
def test_who_liked_and_shared_in_sessions(data: Path, name: str, verb: str) -> None:
    path = data / "mastodon" / "api-sessions" / f"status_{name}_by.json"
    listed = [
        (entry["request"].split("/")[-2], account["acct"])
        for entry in json.loads(path.read_text())
        if entry["request"].endswith(f"{name}_by")
        for account in entry["body"]
    ]
    acts = {(act.object_id, act.actor_id) for act in only(records(path), Activity)
            if act.type == verb}  # fmt: skip
    assert listed
    for status, acct in listed:
        assert any(
            str(post).endswith(f"/{status}") and str(actor).startswith(f"{acct}@")
            for post, actor in acts
        )


def test_single_pieces(data: Path) -> None:
    found = records(data / "mastodon" / "fossilizer-fixtures")
    assert only(found, Reject) == []
    assert all(item.status == "read" for item in only(found, FileReport))
    assert str(next(item.reason for item in only(found, FileReport)
                    if item.name == "outbox.json")).startswith("Items that")  # fmt: skip
