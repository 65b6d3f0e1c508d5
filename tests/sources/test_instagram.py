"""Instagram's export in all its layouts, against what the made-up person did."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tests.rows import first
from tests.sources.reading import only, read_with

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
    Trace,
    Yielded,
)
from empreinte.sources import instagram as source
from empreinte.testing import instagram as made
from empreinte.testing import instagram_life as lived
from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, freelancer

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("instagram")
HANDLE = PERSON.channels["instagram"].handle
AT = SECOND_EXPORT
LAYOUTS = ("flat", "folders", "activity")


def records(path: Path) -> list[Yielded]:
    return read_with(source, path)


def report(found: list[Yielded], name: str) -> FileReport:
    (one,) = [item for item in only(found, FileReport) if item.name.endswith(name)]
    return one


def acts(found: list[Yielded], verb: str, via: str | None = None) -> list[Activity]:
    return [act for act in only(found, Activity) if act.type == verb and act.via == via]


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Yielded]]:
    """What is read of each layout."""
    return {
        layout: records(
            made.write_export(tmp_path_factory.mktemp(layout), PERSON, AT, layout=layout)
        )
        for layout in LAYOUTS
    }


def folder(tmp_path: Path, **options: Any) -> Path:
    return made.write_export(tmp_path, PERSON, FIRST_EXPORT, form="folder", **options)


def change(path: Path, old: str, new: str, count: int = -1) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, count), "utf-8")


# -- what was written comes back


@pytest.mark.parametrize("layout", LAYOUTS)
def test_posts_and_reels(read: dict[str, list[Yielded]], layout: str) -> None:
    life = {(made.seconds(p.at), lived.caption(p)): p for p in lived.posts(PERSON, AT)}
    found = [post for post in only(read[layout], Post) if post.id.startswith("post:")]
    assert len(found) == len(life) > 500
    assert len({post.id for post in found}) == len(found)
    for post in found:
        assert post.published is not None
        wanted = life[int(post.published.timestamp()), post.content or ""]
        assert post.author_id == HANDLE
        assert post.visibility == "public"
        assert set(wanted.tags) <= set(post.tags or ())
        assert post.links == tuple(link for link in wanted.links if link in lived.caption(wanted))
        assert post.in_reply_to is None
        assert post.in_reply_to_author is None
        if lived.is_reel(wanted):
            assert post.media == ("Video",)
        else:
            assert post.media == ("Image",) * (2 if wanted.number % 5 == 0 else 1)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_stories_and_comments(read: dict[str, list[Yielded]], layout: str) -> None:
    posts = only(read[layout], Post)
    stories = {(p.published, p.content) for p in posts if p.id.startswith("story:")}
    assert stories == {
        (p.at.replace(microsecond=0), lived.caption(p)) for p in lived.stories(PERSON, AT)
    }
    comments = [
        (p.published, p.content, p.in_reply_to_author) for p in posts if p.id.startswith("comment:")
    ]
    assert Counter(comments) == Counter(
        (p.at.replace(microsecond=0), p.text, (p.to or "").lower())
        for p in lived.comments(PERSON, AT)
    )
    assert len(stories) > 30
    assert len(comments) > 200


@pytest.mark.parametrize("layout", LAYOUTS)
def test_likes_and_bookmarks(read: dict[str, list[Yielded]], layout: str) -> None:
    life = lived.comments(PERSON, AT)
    likes = acts(read[layout], "Like")
    assert Counter((like.published, like.object_author) for like in likes) == Counter(
        (p.at.replace(microsecond=0), (p.to or "").lower()) for p in life
    )
    assert {like.actor_id for like in likes} == {HANDLE}
    assert len({(like.id, like.object_id, like.published) for like in likes}) == len(likes)
    if layout != "flat":  # which did not tell what was liked
        assert {like.object_id for like in likes} == {f"C{p.number:010d}" for p in life}
        assert {like.url for like in likes} == {made.liked(p) for p in life}
    assert len(acts(read[layout], "Like", "comment")) == 9
    assert {act.object_id for act in acts(read[layout], "Like", "comment")} == {None}
    saved = acts(read[layout], "Add", "bookmark")
    assert [act.published for act in saved] == [p.at.replace(microsecond=0) for p in life[:7]]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", ["followers", "following"])
def test_followers_and_following_with_their_dates(
    read: dict[str, list[Yielded]], layout: str, name: Any
) -> None:
    people = PERSON.channels["instagram"].roster(AT, name)
    (roster,) = [one for one in only(read[layout], Roster) if one.name == name]
    assert (roster.account_id, roster.observed) == (HANDLE, AT)
    assert len(roster.members) == len(people) > 300
    assert set(roster.members) == {one.handle.lower() for one in people}
    dates = {
        (act.actor_id if name == "followers" else act.object_id): act.published
        for act in acts(read[layout], "Follow")
        if (act.object_id == HANDLE) == (name == "followers")
    }
    assert dates == {one.handle.lower(): one.since.replace(microsecond=0) for one in people}
    assert {act.object_type for act in acts(read[layout], "Follow")} == {"account"}


def test_who_was_unfollowed(read: dict[str, list[Yielded]]) -> None:
    left = [p for p in PERSON.channels["instagram"].following if p.until and p.until <= AT]
    undone = acts(read["activity"], "Undo", "follow")
    assert {act.object_id for act in undone} == {one.handle.lower() for one in left}
    assert left


@pytest.mark.parametrize("layout", LAYOUTS)
def test_views(read: dict[str, list[Yielded]], layout: str) -> None:
    seen = Counter((who, day.replace(microsecond=0)) for who, day in lived.views(AT))
    views = acts(read[layout], "View")
    for posts in (
        [a for a in views if a.object_type == "post"],
        acts(read[layout], "View", "video"),
    ):
        assert Counter((a.object_author, a.published) for a in posts) == seen
    profiles = [act for act in views if act.object_type == "account"]
    assert Counter((act.object_id, act.published) for act in profiles) == seen


def test_the_owner(read: dict[str, list[Yielded]]) -> None:
    for layout in LAYOUTS:
        (owner,) = [one for one in only(read[layout], Account) if one.is_owner]
        assert owner.whole
        assert (owner.id, owner.handle, owner.name) == (HANDLE, HANDLE, PERSON.name)
        assert owner.summary == PERSON.summary
        assert owner.published == PERSON.channels["instagram"].since
        (info,) = only(read[layout], ExportInfo)
        assert (info.owner, info.observed) == (("instagram", HANDLE), AT)


def test_counts_of_the_posts_that_came_back(read: dict[str, list[Yielded]]) -> None:
    posts = {(p.published, p.content): p.id for p in only(read["activity"], Post)}
    wanted: dict[tuple[str, str], float] = {}
    for life in lived.posts(PERSON, AT)[-20:]:
        id = posts[life.at.replace(microsecond=0), lived.caption(life)]
        wanted[id, "likes"] = life.gathered(life.likes, AT) or 0
        wanted[id, "replies"] = life.gathered(life.replies, AT) or 0
    metrics = only(read["activity"], Metric)
    assert {(m.subject_id, m.name): m.value for m in metrics} == wanted  # "--" is no number
    assert {metric.observed for metric in metrics} == {AT}
    assert 0 in wanted.values()
    assert only(read["flat"], Metric) == []


@pytest.mark.parametrize("layout", ["folders", "activity"])
def test_what_instagram_knows(read: dict[str, list[Yielded]], layout: str) -> None:
    traces = only(read[layout], Trace)
    by = {kind: [t for t in traces if t.kind == kind] for kind in {t.kind for t in traces}}
    assert [t.label for t in by["advertiser"]] == list(lived.ADVERTISERS)
    assert {t.label for t in by["interest"]} == {*lived.TOPICS, *lived.CATEGORIES}
    assert [(t.label, t.at) for t in by["search"]] == [(text, AT) for text in lived.SEARCHES]
    assert len([t for t in by["login"] if (t.detail or {})["event"] == "login"]) == 6
    assert all(t.at for t in by["login"])
    assert "*****abc" not in str(traces)  # a cookie is no business of ours
    (device,) = by["device"]
    assert (device.label, device.at) == ("Instagram 300.0 iPhone", AT)
    ads = [(t.label, t.at) for t in by["ad_impression"]]
    assert ads == [(who, day.replace(microsecond=0)) for who, day in lived.views(AT)]
    profile = {(t.detail or {})["field"]: t.label for t in by["profile"]}
    assert profile["username"] == HANDLE
    assert profile["email"] == "maelle@example.org"


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_file_is_accounted_for_and_no_message_is_kept(
    read: dict[str, list[Yielded]], layout: Any
) -> None:
    told = {item.name: item for item in only(read[layout], FileReport)}
    files = set(made.members(PERSON, AT, layout))
    assert set(told) == {*files, "media/posts/202501/1_n_2.jpg"}
    aside = {name for name, item in told.items() if item.status == "not needed"}
    assert all(told[name].reason for name in aside)
    assert {name for name, item in told.items() if item.status == "read"} == set(told) - aside
    assert {name for name in aside if "message" in name} != set()
    assert "Un message privé" not in str(read[layout])
    assert [item for item in told.values() if item.drift] == []
    assert only(read[layout], Reject) == []


def test_all_layouts_tell_of_the_same_posts(read: dict[str, list[Yielded]]) -> None:
    told = [
        {(p.id, p.content, p.published, p.tags, p.media) for p in only(read[layout], Post)}
        for layout in LAYOUTS
    ]
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("layout", first(1, ["activity", "folders"]))
def test_french_and_english_exports_give_the_same_records(
    tmp_path: Path, read: dict[str, list[Yielded]], layout: Any
) -> None:
    english = records(made.write_export(tmp_path, PERSON, AT, layout=layout, language="en"))
    assert english == read[layout]


def test_a_later_export_adds_only_what_is_new(
    tmp_path: Path, read: dict[str, list[Yielded]]
) -> None:
    first = records(made.write_export(tmp_path, PERSON, FIRST_EXPORT, layout="flat"))
    before = {post.id for post in only(first, Post)}
    assert before < {post.id for post in only(read["activity"], Post)}


# -- other forms


def test_it_is_known_in_any_wrapping(tmp_path: Path) -> None:
    for layout in LAYOUTS:
        path = made.write_export(tmp_path / layout, PERSON, FIRST_EXPORT, layout=layout)
        wrapped = tmp_path / f"{layout}.zip"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrapped, "w") as new:
            for name in old.namelist():
                new.writestr(f"mes données/{name}", old.read(name))
                new.writestr(f"__MACOSX/mes données/._{name}", b"\0")
        with open_container(wrapped) as export:
            assert list(source.recognize(export)) == ["mes données/"]


def test_what_is_another_platforms_is_not_claimed(tmp_path: Path) -> None:
    files = {
        "connections/followers/who_you_ve_followed.json": '{"following_v3": []}',
        "profile_information/profile_information.json": '{"profile_v2": {}}',
        "likes.json": '{"@context": "x", "type": "OrderedCollection", "orderedItems": []}',
        "comments.json": '[{"id": 1}]',
        "media.json": '{"files": []}',
        "posts/your_posts_1.json": '[{"timestamp": 1, "data": []}]',
        "ads_information/advertisers_using_your_activity_or_information.json":
            '{"custom_audiences_all_types_v2": []}',
        "followers.json": '{"followers": ["a"]}',
        "your_instagram_activity/threads/followers.json":
            '{"text_post_app_text_post_app_followers": []}',
    }  # fmt: skip
    for name, text in files.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    with open_container(tmp_path) as export:
        assert list(source.recognize(export)) == []


def test_a_few_files_alone_are_known(tmp_path: Path) -> None:
    path = folder(tmp_path) / "connections" / "followers_and_following"
    found = records(path)
    assert {one.name for one in only(found, Roster)} == {"followers", "following"}


def test_threads_inside_is_left_alone(tmp_path: Path) -> None:
    path = folder(tmp_path)
    threads = path / "your_instagram_activity" / "threads"
    threads.mkdir()
    (threads / "following.json").write_text(
        json.dumps({"text_post_app_text_post_app_following": []})
    )
    told = [item.name for item in only(records(path), FileReport) if "threads" in item.name]
    assert told == []
