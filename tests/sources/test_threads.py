"""Threads inside Instagram's export, against what the made-up person did."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, TypeVar

import pytest
from tests.sources.harm import survive

from empreinte.container import open_container
from empreinte.model import (
    Account,
    Activity,
    ExportInfo,
    FileReport,
    Post,
    Reject,
    Roster,
    Trace,
    Yielded,
)
from empreinte.sources import instagram
from empreinte.sources import threads as source
from empreinte.testing import instagram as around
from empreinte.testing import instagram_life as lived
from empreinte.testing import threads as made
from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, freelancer

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("threads")
HANDLE = PERSON.channels["threads"].handle
AT = SECOND_EXPORT
T = TypeVar("T")


def records(path: Path) -> list[Yielded]:
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def report(found: list[Yielded], name: str) -> FileReport:
    (one,) = [item for item in only(found, FileReport) if f"/{item.name}".endswith(f"/{name}")]
    return one


def acts(found: list[Yielded], verb: str) -> list[Activity]:
    return [act for act in only(found, Activity) if act.type == verb]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Yielded]:
    return records(made.write_export(tmp_path_factory.mktemp("whole"), PERSON, AT))


def folder(tmp_path: Path) -> Path:
    path = made.write_export(tmp_path, PERSON, FIRST_EXPORT, form="folder")
    return path / "your_instagram_activity" / "threads"


def test_what_was_written_comes_back(whole: list[Yielded]) -> None:
    life = {(around.seconds(p.at), lived.caption(p)): p for p in made.posts(PERSON, AT)}
    posts = only(whole, Post)
    assert len(posts) == len(life) == len({post.id for post in posts})
    assert len(posts) > 500
    for post in posts:
        assert post.published is not None
        wanted = life[int(post.published.timestamp()), post.content or ""]
        assert (post.author_id, post.visibility) == (HANDLE, "public")
        assert set(wanted.tags) <= set(post.tags or ())
        kind = "Video" if "Video" in wanted.media else "Image"
        assert post.media == ((kind, kind) if wanted.media else ())


def test_likes_bookmarks_and_views(whole: list[Yielded]) -> None:
    life = made.liked(PERSON, AT)
    for verb, some, via in (("Like", life, None), ("Add", life[:6], "bookmark"),
                            ("View", life[-9:], None)):  # fmt: skip
        found = acts(whole, verb)
        assert [(a.object_id, a.object_author, a.published, a.url, a.via) for a in found] == [
            (f"D{p.number:010d}", (p.to or "").lower(), p.at.replace(microsecond=0),
             made.address(p), via)
            for p in some
        ]  # fmt: skip
        assert {act.actor_id for act in found} == {HANDLE}
    assert len(life) > 200


@pytest.mark.parametrize("name", ["followers", "following"])
def test_followers_and_following_with_their_dates(whole: list[Yielded], name: Any) -> None:
    people = PERSON.channels["threads"].roster(AT, name)
    (roster,) = [one for one in only(whole, Roster) if one.name == name]
    assert (roster.account_id, roster.observed) == (HANDLE, AT)
    assert set(roster.members) == {one.handle.lower() for one in people}
    dates = {
        (act.actor_id if name == "followers" else act.object_id): act.published
        for act in acts(whole, "Follow")
        if (act.object_id == HANDLE) == (name == "followers")
    }
    assert dates == {one.handle.lower(): one.since.replace(microsecond=0) for one in people}


def test_the_owner_and_the_files(whole: list[Yielded]) -> None:
    (owner,) = [one for one in only(whole, Account) if one.is_owner]
    assert (owner.id, owner.name, owner.summary) == (HANDLE, PERSON.name, PERSON.summary)
    (info,) = only(whole, ExportInfo)
    assert (info.owner, info.observed) == (("threads", HANDLE), AT)
    left = [p for p in PERSON.channels["threads"].following if p.until and p.until <= AT]
    assert {act.object_id for act in acts(whole, "Undo")} == {p.handle.lower() for p in left}
    fields = {(t.detail or {})["field"] for t in only(whole, Trace)}
    assert fields == {"username", "name", "bio", "private"}
    told = {item.name.rpartition("/")[2]: item for item in only(whole, FileReport)}
    assert set(told) == set(made.members(PERSON, AT))
    assert told.pop("blocked_profiles.json").status == "not needed"
    assert {item.status for item in told.values()} == {"read"}
    assert [item for item in told.values() if item.drift] == []
    assert only(whole, Reject) == []


def test_french_and_english_exports_give_the_same_records(
    tmp_path: Path, whole: list[Yielded]
) -> None:
    assert records(made.write_export(tmp_path, PERSON, AT, language="en")) == whole


def test_it_is_taken_out_of_instagrams_export(tmp_path: Path) -> None:
    person = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("instagram").moved("threads")
    path = around.write_export(tmp_path, person, FIRST_EXPORT, form="folder")
    for name, value in made.members(person, FIRST_EXPORT).items():
        file = path / made.FOLDER / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(around.written(value))
    with open_container(path) as export:
        assert list(instagram.recognize(export)) == [""]
        assert list(source.recognize(export)) == ["your_instagram_activity/threads/"]
    alone = made.write_export(tmp_path / "alone", person, FIRST_EXPORT)
    with open_container(alone) as export:
        assert list(instagram.recognize(export)) == []
        assert list(source.recognize(export)) == ["your_instagram_activity/threads/"]
    found = records(path)
    assert Counter(map(type, found)) == Counter(map(type, records(alone)))


def test_it_is_known_by_its_keys(tmp_path: Path) -> None:
    path = folder(tmp_path).rename(tmp_path / "mes fils threads")
    for other in tmp_path.glob("instagram-*"):
        (other / "your_instagram_activity").rmdir()
        other.rmdir()
    (tmp_path / "threads").mkdir()
    (tmp_path / "threads" / "followers.json").write_text('{"followers": []}')
    with open_container(tmp_path) as export:
        assert list(source.recognize(export)) == [f"{path.name}/"]


# -- damage


def test_a_broken_post_loses_only_itself(tmp_path: Path) -> None:
    path = folder(tmp_path) / "threads_and_replies.json"
    value = json.loads(path.read_text())
    posts = value["text_post_app_text_posts"]
    posts[0], posts[1] = 7, {"media": [{"creation_timestamp": "x"}]}
    posts[2] = {"media": []}
    path.write_text(json.dumps(value))
    found = records(tmp_path)
    assert [reject.place for reject in only(found, Reject)] == [0, 1, 2]
    assert all(str(reject.reason) and reject.raw for reject in only(found, Reject))
    assert len(only(found, Post)) == len(posts) - 3


def test_a_list_that_is_not_whole_makes_nobody_leave(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "followers.json").write_text((path / "followers.json").read_text()[:-2000])
    found = records(tmp_path)
    assert [one.name for one in only(found, Roster)] == ["following"]
    assert "list is not kept as a whole" in str(report(found, "followers.json").reason)
    (path / "followers.json").write_text('{"text_post_app_text_post_app_followers": {}}')
    found = records(tmp_path)
    assert report(found, "followers.json").status == "failed"
    assert [one.name for one in only(found, Roster)] == ["following"]
    (path / "followers.json").write_text('{"text_post_app_text_post_app_followers": []}')
    rosters = {one.name: one.members for one in only(records(tmp_path), Roster)}
    assert rosters["followers"] == ()


def test_a_field_that_is_gone_is_told(tmp_path: Path) -> None:
    path = folder(tmp_path) / "liked_threads.json"
    path.write_text(path.read_text().replace('"string_list_data"', '"likes_data"'))
    told = report(records(tmp_path), "liked_threads.json")
    assert {(d.field, d.change) for d in told.drift} == {
        ("string_list_data", "vanished"), ("likes_data", "new"),
    }  # fmt: skip
    assert {d.records for d in told.drift} == {told.records}


def test_a_field_of_a_post_that_is_gone_is_told(tmp_path: Path) -> None:
    path = folder(tmp_path) / "threads_and_replies.json"
    value = json.loads(path.read_text())
    for post in value["text_post_app_text_posts"]:
        for medium in post["media"]:
            medium["words"] = medium.pop("title")
    path.write_text(json.dumps(value))
    told = report(records(tmp_path), "threads_and_replies.json")
    assert {(d.field, d.change) for d in told.drift} == {
        ("media.title", "vanished"), ("media.words", "new"),
    }  # fmt: skip


def test_the_html_form_says_to_ask_for_the_other(tmp_path: Path) -> None:
    page = tmp_path / "your_instagram_activity" / "threads" / "threads_and_replies.html"
    page.parent.mkdir(parents=True)
    page.write_text("<html></html>")
    told = report(records(tmp_path), "threads_and_replies.html")
    assert told.status == "failed"
    assert "JSON" in str(told.reason)


@pytest.mark.slow
def test_no_spoilt_export_does_harm(tmp_path: Path) -> None:
    export = made.write_export(tmp_path, PERSON, FIRST_EXPORT)
    assert survive(records, export, tmp_path, 9) >= 6
