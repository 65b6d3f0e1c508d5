"""An export of the real layout (2022, labels in French and English), against its own JSON."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.sources.test_instagram import only, records

from empreinte.model import Account, Activity, ExportInfo, FileReport, Post, Reject, Roster, Trace

pytestmark = pytest.mark.real_data


@pytest.fixture(scope="module")
def files(data: Path) -> dict[str, Any]:
    with zipfile.ZipFile(data / "instagram" / "instagramV2.zip") as archive:
        return {
            Path(name).stem: json.loads(archive.read(name))
            for name in archive.namelist()
            if name.endswith(".json") and "__MACOSX" not in name and "message" not in name
        }


@pytest.fixture(scope="module")
def found(data: Path) -> list[Any]:
    return records(data / "instagram" / "instagramV2.zip")


def listed(files: dict[str, Any], name: str) -> list[dict]:
    (value,) = files[name].values()
    return value


def test_what_was_published(found: list[Any], files: dict[str, Any]) -> None:
    posts = [
        (p.content, p.published and p.published.timestamp())
        for p in only(found, Post)
        if p.id.startswith("post:")
    ]
    assert len(posts) == 203  # as the data's README says, and so on
    assert Counter(posts) == Counter(
        (m["title"], m["creation_timestamp"]) for p in files["posts_1"] for m in p["media"]
    )
    stories = [p for p in only(found, Post) if p.id.startswith("story:")]
    assert len(stories) == len(listed(files, "stories")) == 130
    assert {p.media for p in stories} == {("Video",)}
    placed = [p for p in only(found, Post) if p.latitude is not None]
    assert len(placed) == 333
    assert len({post.id for post in only(found, Post)}) == 333


def test_likes_follows_and_views(found: list[Any], files: dict[str, Any]) -> None:
    acts = only(found, Activity)
    likes = Counter(act.via for act in acts if act.type == "Like")
    assert likes == {None: 103, "comment": 211}
    assert Counter(act.object_author for act in acts if act.type == "Like") == Counter(
        one["title"].lower()
        for name in ("liked_posts", "liked_comments") for one in listed(files, name)
    )  # fmt: skip
    followers = {one["string_list_data"][0]["value"] for one in listed(files, "followers")}
    following = [one["string_list_data"][0]["value"] for one in listed(files, "following")]
    rosters = {one.name: one for one in only(found, Roster)}
    assert set(rosters["followers"].members) == followers
    assert len(followers) == 96
    assert set(rosters["following"].members) == {name.lower() for name in following}
    follows = Counter(a.actor_id == "johndoe" for a in acts if a.type == "Follow")
    assert follows == {False: 96, True: 389}
    views = [act for act in acts if act.type == "View"]
    assert len(views) == 511 + 388
    hours = Counter(
        one["string_map_data"]["Time"]["value"][14:19]
        for name in ("videos_watched", "posts_viewed") for one in listed(files, name)
    )  # fmt: skip
    assert Counter(f"{act.published:%H:%M}" for act in views) == hours
    assert len({act.id for act in views}) == 899


def test_what_instagram_knows(found: list[Any], files: dict[str, Any]) -> None:
    kinds = Counter(trace.kind for trace in only(found, Trace))
    topics = sum(
        len(listed(files, name))
        for name in ("ads_interests", "your_topics", "your_reels_topics", "your_reels_sentiments")
    )
    assert kinds == {
        "ad_impression": len(listed(files, "ads_viewed")), "ad_engagement": 1, "interest": topics,
        "advertiser": 218, "profile": 6,
    }  # fmt: skip
    assert topics == 433 + 253 + 31 + 8
    fields = {(t.detail or {})["field"] for t in only(found, Trace) if t.kind == "profile"}
    assert fields == {"email", "phone_confirmed", "username", "name", "gender", "private"}


def test_the_owner_and_the_files(found: list[Any], files: dict[str, Any]) -> None:
    (owner,) = [account for account in only(found, Account) if account.is_owner]
    assert owner.handle == "johndoe"  # under a French label whose letters were spoilt
    assert only(found, ExportInfo)[0].owner == ("instagram", "johndoe")
    told = Counter(item.status for item in only(found, FileReport))
    assert told == {"read": len(files), "not needed": 8}  # eight conversations
    assert [item for item in only(found, FileReport) if item.drift] == []
    assert only(found, Reject) == []
