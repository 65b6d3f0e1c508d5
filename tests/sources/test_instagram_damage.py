"""Instagram's export damaged, changed or hostile: each piece loses only itself."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
from tests.sources.harm import survive
from tests.sources.test_instagram import PERSON, change, folder, only, records, report

from empreinte.model import Account, Activity, FileReport, Metric, Post, Reject, Roster, Trace
from empreinte.sources.instagram.names import said
from empreinte.testing import instagram as made
from empreinte.testing import instagram_life as lived
from empreinte.testing.life import FIRST_EXPORT

pytestmark = pytest.mark.slow

AT = FIRST_EXPORT
POSTS = len(lived.posts(PERSON, AT))


def edit(path: Path, change: Any) -> None:
    value = json.loads(path.read_text("utf-8"))
    change(value)
    path.write_text(json.dumps(value, indent=2), "utf-8")


def own_posts(found: list[Any]) -> list[Post]:
    return [post for post in only(found, Post) if post.id.startswith("post:")]


# -- records that are broken


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("creation_timestamp", "tomorrow"), ("creation_timestamp", None),
        ("creation_timestamp", -5), ("creation_timestamp", 10**30), ("creation_timestamp", []),
    ],
)  # fmt: skip
def test_a_broken_post_loses_only_itself(tmp_path: Path, field: str, value: object) -> None:
    name = "your_instagram_activity/media/posts_1.json"
    path = folder(tmp_path)
    single = next(
        n for n, post in enumerate(json.loads((path / name).read_text()))
        if "title" not in post
    )  # fmt: skip
    edit(path / name, lambda posts: posts[single]["media"][0].update({field: value}))
    found = records(path)
    (reject,) = only(found, Reject)
    assert (reject.file, reject.place) == (name, single)
    assert str(reject.reason)
    assert json.loads(reject.raw)["media"][0][field] == value
    assert len(own_posts(found)) == POSTS - 1
    assert report(found, "posts_1.json").status == "read"


@pytest.mark.parametrize(
    ("layout", "file", "old", "new"),
    [
        ("activity", "your_instagram_activity/comments/post_comments_1.json",
         '"timestamp": 1', '"timestamp": -1'),
        ("flat", "likes.json", '"202', '"502'),
        ("flat", "media.json", '"taken_at": "2', '"taken_at": "x2'),
        ("flat", "comments.json", '"202', '"never 202'),
    ],
)  # fmt: skip
def test_a_date_that_is_none_is_told_with_its_text(
    tmp_path: Path, layout: Any, file: str, old: str, new: str
) -> None:
    path = folder(tmp_path, layout=layout)
    whole = records(path)
    change(path / file, old, new, 1)
    found = records(path)
    (reject,) = only(found, Reject)
    assert reject.file == file
    assert "is not a date" in str(reject.reason)
    assert len(only(found, Post)) + len(only(found, Activity)) == (
        len(only(whole, Post)) + len(only(whole, Activity)) - 1
    )


def test_a_list_with_a_broken_record_makes_nobody_leave(tmp_path: Path) -> None:
    path = folder(tmp_path)
    name = path / "connections/followers_and_following/followers_1.json"
    before = records(path)
    edit(name, lambda people: people[3].update({"string_list_data": 5}))
    found = records(path)
    assert [one.name for one in only(found, Roster)] == ["following"]
    told = report(found, "followers_1.json")
    assert told.status == "read"
    assert "list is not kept as a whole" in str(told.reason)
    follows = [len([a for a in only(r, Activity) if a.type == "Follow"]) for r in (before, found)]
    assert follows[1] == follows[0] - 1


def test_a_list_cut_short_makes_nobody_leave(tmp_path: Path) -> None:
    path = folder(tmp_path)
    name = path / "connections/followers_and_following/followers_2.json"
    name.write_text(name.read_text()[:-3000])
    found = records(path)
    assert [one.name for one in only(found, Roster)] == ["following"]
    assert "cut" in str(only(found, Reject)[0].reason)


def test_an_absent_list_is_not_an_empty_one(tmp_path: Path) -> None:
    path = folder(tmp_path)
    lists = path / "connections" / "followers_and_following"
    (lists / "followers_2.json").unlink()
    (lists / "followers_1.json").write_text("{}")
    (lists / "following.json").write_text('{"relationships_following": []}')
    found = records(path)
    (roster,) = only(found, Roster)
    assert (roster.name, roster.members) == ("following", ())


def test_a_missing_part_of_a_list_makes_nobody_leave(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "connections" / "followers_and_following" / "followers_1.json").unlink()
    found = records(path)
    assert [one.name for one in only(found, Roster)] == ["following"]
    assert "list is not kept as a whole" in str(report(found, "followers_2.json").reason)


def test_a_file_that_is_no_json_fails_alone(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "your_instagram_activity/media/stories.json").write_text("<html>")
    (path / "your_instagram_activity/media/reels.json").write_text("")
    found = records(path)
    assert report(found, "stories.json").status == "failed"
    assert str(report(found, "stories.json").reason)
    assert report(found, "reels.json").status == "not needed"
    assert own_posts(found)


def test_without_a_profile_the_owner_is_the_one_in_the_name(tmp_path: Path) -> None:
    path = folder(tmp_path)
    (path / "personal_information/personal_information/personal_information.json").unlink()
    (path / "security_and_login_information/login_and_account_creation"
            "/signup_information.json").unlink()  # fmt: skip
    (owner,) = [one for one in only(records(path), Account) if one.is_owner]
    assert owner.id == PERSON.channels["instagram"].handle
    assert not owner.whole
    other = path.rename(tmp_path / "unnamed")
    found = records(other)
    (owner,) = [one for one in only(found, Account) if one.is_owner]
    assert (owner.id, owner.handle) == ("me", None)
    assert {post.visibility for post in own_posts(found)} == {None}


@pytest.mark.parametrize(
    ("name", "path", "value"),
    [
        ("media/posts_1", "media.0.title", ["a", "list"]), ("media/posts_1", "media.0.uri", 7),
        ("likes/liked_posts", "timestamp", -4), ("likes/liked_posts", "timestamp", [1]),
        ("likes/liked_posts", "label_values.1.value", {"a": 1}),
        ("likes/liked_comments", "string_list_data.0.value", {"a": 1}),
        ("likes/liked_comments", "string_list_data.0.href", 4),
        ("likes/liked_comments", "title", 4),
        ("comments/post_comments_1", "string_map_data.Propriétaire du média.value", []),
    ],
)  # fmt: skip
def test_a_broken_field_costs_the_field(
    tmp_path: Path, name: str, path: str, value: object
) -> None:
    export = folder(tmp_path)
    file = f"your_instagram_activity/{name}.json"
    whole = records(export)
    *above, last = [
        int(key) if key.isdigit() else key.encode().decode("latin-1") for key in path.split(".")
    ]

    def spoil(content: Any) -> None:
        one = (content if isinstance(content, list) else next(iter(content.values())))[0]
        for key in above:
            one = one[key]
        one[last] = value

    edit(export / file, spoil)
    found = records(export)
    assert only(found, Reject) == []
    for kind in (Post, Activity):
        assert len(only(found, kind)) == len(only(whole, kind))
    told = [(d.change, d.records) for d in report(found, file).drift]
    assert told == [("unreadable", 1)]


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("layout", ["flat", "folders", "activity"])
def test_what_is_not_known_is_told(tmp_path: Path, layout: Any, language: Any) -> None:
    """A field new to a record of each file, and to what stands in it; a label, a column."""
    export = folder(tmp_path, layout=layout, language=language)
    told = only(records(export), FileReport)
    read = {one.name for one in told if one.status == "read" and one.records}
    wanted = {}
    for name in read:
        content = json.loads((export / name).read_text("utf-8"))
        wanted[name] = strange(content)
        (export / name).write_text(json.dumps(content, indent=2), "utf-8")
    found = {r.name: r for r in only(records(export), FileReport)}
    drift = {name: {(d.field, d.change) for d in found[name].drift} for name in read}
    assert drift == wanted
    assert len(drift) > 8


def strange(content: Any) -> set[tuple[str, str]]:
    """Add parts that nobody knows to a file; give how each is told."""
    if isinstance(content, dict) and "label_values" in content:
        content["aura"] = 1
        return {("aura", "new")}
    if isinstance(content, dict) and ("followers" in content or "username" in content):
        if "followers" in content:
            content["auras"] = {}
        return {("auras", "new")} if "followers" in content else set()
    lists = content if isinstance(content, list) else next(v for v in content.values() if v)
    one, added = lists[0], set[str]()
    key = "" if isinstance(content, list) else next(k for k, v in content.items() if v)
    parts = ("photos", "stories", "media_likes", "media_comments", "posts_seen")
    prefix = f"{key}: " if key in parts else ""  # files of several lists
    if isinstance(one, list):
        one.append("mauve")
        return {(f"{prefix}column {len(one)}", "new")}
    for name in ("media", "string_list_data"):
        if one.get(name):
            one[name][0]["glow"] = 1
            added.add(f"{name}.glow")
    if "label_values" in one:
        one["label_values"].append({"label": "Aura", "value": "mauve", "glow": 3})
        added |= {"label Aura", "label_values.glow"}
    if "string_map_data" in one:
        one["string_map_data"]["Aura"] = {"href": "", "value": "mauve", "timestamp": 0}
        counts = "Media Thumbnail" in one["media_map_data"]
        added.add("label Aura" if counts else "string_map_data: Aura")
    one["aura"] = [1]
    return {(f"{prefix}{name}", "new") for name in (*added, "aura")}


# -- exports that changed


def test_a_field_that_is_gone_or_new_is_told(tmp_path: Path) -> None:
    path = folder(tmp_path)
    name = path / "your_instagram_activity/media/posts_1.json"

    def rename(posts: list[dict]) -> None:
        for post in posts:
            for medium in post["media"]:
                medium["words"] = medium.pop("title")

    edit(name, rename)
    found = records(path)
    told = report(found, "posts_1.json")
    assert {(d.field, d.change) for d in told.drift} == {
        ("media.title", "vanished"), ("media.words", "new"),
    }  # fmt: skip
    assert len(own_posts(found)) == POSTS


def test_labels_that_nobody_taught_us_are_told_and_dates_still_read(tmp_path: Path) -> None:
    path = folder(tmp_path)
    name = path / "your_instagram_activity/comments/post_comments_1.json"
    change(name, '"Commentaire"', '"Iruzkina"')
    change(name, '"Heure"', '"Ordua"')
    found = records(path)
    told = report(found, "post_comments_1.json")
    assert ("string_map_data: comment", "vanished") in {(d.field, d.change) for d in told.drift}
    assert ("string_map_data: Iruzkina", "new") in {(d.field, d.change) for d in told.drift}
    comments = [p for p in only(found, Post) if p.id.startswith("comment:")]
    assert len(comments) == len(lived.comments(PERSON, AT))
    assert all(comment.published and comment.content is None for comment in comments)


def test_advertisers_in_the_form_of_2025(tmp_path: Path) -> None:
    path = folder(tmp_path)
    name = "ads_information/instagram_ads_and_businesses/"
    (path / f"{name}advertisers_using_your_activity_or_information.json").write_text(
        json.dumps({"media": [], "label_values": [
            {"label": "List", "vec": [{"value": "Encres"}, {"value": "Papiers"}, {"value": 3}]}]})
    )  # fmt: skip
    traces = [t.label for t in only(records(path), Trace) if t.kind == "advertiser"]
    assert traces == ["Encres", "Papiers"]


def test_counts_without_their_post_are_refused(tmp_path: Path) -> None:
    path = folder(tmp_path)
    name = path / "logged_information/past_instagram_insights/posts.json"
    before = len(only(records(path), Metric))

    def undate(value: dict) -> None:
        one = value["organic_insights_posts"][0]
        one["media_map_data"] = {}
        for inner in one["string_map_data"].values():
            inner["timestamp"] = 0

    edit(name, undate)
    found = records(path)
    assert len(only(found, Reject)) == 1
    assert len(only(found, Metric)) == before - 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mar 08, 2020, 19:22 PM", "2020-03-08T19:22"),
        ("Apr 13, 2020, 00:33 AM", "2020-04-13T00:33"),
        ("Jun 27, 2018, 06:58 AM", "2018-06-27T06:58"),
        ("Jun 27, 2018, 06:58 PM", "2018-06-27T18:58"),
        ("27 juin 2018 à 18:58", "2018-06-27T18:58"),
    ],
)  # fmt: skip
def test_dates_in_words(text: str, expected: str) -> None:
    found = said(text)
    assert found is not None
    assert found.isoformat().startswith(expected)


# -- hostile exports


@pytest.mark.parametrize(
    ("layout", "pages"),
    [
        ("flat", False),
        ("folders", False),
        ("activity", False),
        ("folders", True),
        ("activity", True),
    ],
)
def test_no_spoilt_export_does_harm(tmp_path: Path, layout: Any, pages: bool) -> None:
    export = made.write_export(tmp_path, PERSON, FIRST_EXPORT, layout=layout, pages=pages)
    assert survive(records, export, tmp_path, 13) >= 6


@pytest.mark.parametrize(
    "text",
    [
        '[{"media": ' + "[" * 50_000,
        '{"ig_stories": [{"title": "' + "a" * 20_000_000 + '"}]}',
        '{"ig_stories": [' + "{}," * 50_000 + "{}]}", '{"' + "a" * 3_000_000 + '": []}',
        '{"label_values": [' + '{"dict": [' * 900 + "]}" * 900 + "]}", '[{"label_values": 5}]',
        '[{"media": [' + "{}," * 20_000 + "{}]}]",
        '[{"string_list_data": [' + '{"value": "a"},' * 20_000 + "{}]}]",
        '{"a": NaN}', "[1, 2, null]", '{"relationships_followers": {"a": 1}}',
    ],
)  # fmt: skip
def test_hostile_files(tmp_path: Path, text: str) -> None:
    path = folder(tmp_path)
    for name in (
        "your_instagram_activity/media/stories.json", "your_instagram_activity/media/posts_1.json",
        "your_instagram_activity/likes/liked_posts.json",
        "ads_information/instagram_ads_and_businesses/other_categories_used_to_reach_you.json",
        "personal_information/personal_information/personal_information.json",
    ):  # fmt: skip
        (path / name).write_text(text)
    started = time.process_time()
    found = records(path)
    assert time.process_time() - started < 20  # two cores, five such files
    for name in ("stories.json", "posts_1.json", "liked_posts.json"):
        told = report(found, f"/{name}")
        lost = [item for item in only(found, Reject) if item.file.endswith(f"/{name}")]
        assert told.status == "failed" or lost or told.records == 0
    assert only(found, Roster)
