"""TikTok's export in both vocabularies and as text, against what the made-up person did."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import pytest
from tests.rows import first

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
)  # fmt: skip
from empreinte.sources import tiktok as source
from empreinte.sources.tiktok.sections import RECORDS, part
from empreinte.testing import tiktok as made
from empreinte.testing import tiktok_life as lived
from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, freelancer

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("tiktok")
HANDLE = PERSON.channels["tiktok"].handle
AT = SECOND_EXPORT
T = TypeVar("T")


def records(path: Path) -> list[Yielded]:
    with open_container(path) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def acts(found: list[Yielded], type: str) -> list[Activity]:
    return [act for act in only(found, Activity) if act.type == type]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Yielded]:
    return records(made.write_tiktok(tmp_path_factory.mktemp("new") / "a.zip", PERSON, AT))


def edited(tmp_path: Path, change: Callable[[dict[str, Any]], object]) -> list[Yielded]:
    """Read a first export whose document was changed."""
    document = made.new_document(PERSON, FIRST_EXPORT)
    change(document)
    file = tmp_path / "user_data_tiktok.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return records(file)


def test_posts_come_back_with_their_likes(whole: list[Yielded]) -> None:
    wanted = {lived.video_id(post.number): post for post in lived.own(PERSON, AT)}
    posts = {post.id: post for post in only(whole, Post) if not post.id.startswith("comment:")}
    assert set(posts) == set(wanted)
    assert len(posts) > 500
    for id, post in posts.items():
        life = wanted[id]
        assert post.content == lived.titled(life)
        assert post.published == life.at.replace(microsecond=0)
        assert (post.author_id, post.type, post.media) == (HANDLE, "Video", ("Video",))
        assert (post.visibility, post.place_name, post.deleted) == ("public", None, None)
        assert set(life.tags) <= set(post.tags or ())
    likes = {m.subject_id: m.value for m in only(whole, Metric)}
    assert likes == {id: life.gathered(life.likes, AT) for id, life in wanted.items()}
    assert {(m.name, m.subject_type, m.observed) for m in only(whole, Metric)} == {
        ("likes", "post", AT)
    }


def test_comments_tell_what_they_answer(whole: list[Yielded]) -> None:
    wanted = lived.comments(PERSON, AT)
    found = [p for p in only(whole, Post) if p.id.startswith("comment:") and p.content != "Bravo !"]
    assert Counter((p.content, p.published) for p in found) == Counter(
        (p.text.strip(), p.at.replace(microsecond=0)) for p in wanted
    )
    assert {p.in_reply_to for p in found} == {lived.video_id(800_000 + p.number) for p in wanted}
    (live,) = [p for p in only(whole, Post) if p.content == "Bravo !"]
    assert live.in_reply_to == lived.video_id(5)


def test_what_was_seen_liked_kept_and_passed_on(whole: list[Yielded]) -> None:
    views = acts(whole, "View")
    assert Counter(act.via for act in views) == {None: lived.WATCHED, "live": 1}
    assert len(acts(whole, "Like")) == lived.LIKED
    assert {act.via for act in acts(whole, "Add")} == {"bookmark"}
    shared = [p for p in PERSON.on("tiktok", AT) if p.kind == "share"]
    passed = acts(whole, "Announce")
    assert Counter(act.via for act in passed) == {None: len(shared), "chat_head": 1}
    assert {act.published for act in passed if act.via is None} == {
        p.at.replace(microsecond=0) for p in shared
    }
    assert all(act.object_id and act.actor_id == HANDLE for act in (*views, *passed))
    assert {act.object_id for act in views if act.via is None} == {
        lived.video_id(900_000 + n) for n in range(lived.WATCHED)
    }


def test_people_with_their_date(whole: list[Yielded]) -> None:
    rosters = {roster.name: set(roster.members) for roster in only(whole, Roster)}
    channel = PERSON.channels["tiktok"]
    follows = acts(whole, "Follow")
    for name in ("followers", "following"):
        people = channel.roster(AT, name)
        assert rosters[name] == {one.handle for one in people}
        mine = name == "following"
        dates = {
            (act.object_id if mine else act.actor_id): act.published
            for act in follows
            if (act.actor_id == HANDLE) == mine
        }
        assert dates == {one.handle: one.since for one in people}
    (info,) = only(whole, ExportInfo)
    assert (info.observed, info.owner) == (AT, ("tiktok", HANDLE))
    (owner,) = [account for account in only(whole, Account) if account.is_owner]
    assert (owner.handle, owner.name, owner.summary) == (HANDLE, PERSON.name, PERSON.summary)
    assert owner.whole


def test_what_tiktok_knows_and_no_advertising_number(whole: list[Yielded]) -> None:
    traces = only(whole, Trace)
    kinds = Counter(trace.kind for trace in traces)
    assert (kinds["search"], kinds["login"], kinds["device"]) == (8, 6, 1)
    assert (kinds["elsewhere"], kinds["ad_engagement"]) == (1, 1)
    interests = {trace.label for trace in traces if trace.kind == "interest"}
    assert interests >= {"Design", "Papeterie", "Papier"}
    assert "gravure" in {trace.label for trace in traces if trace.kind == "activity"}
    (login,) = [t for t in traces if t.kind == "login" and t.label == "192.0.2.1"]
    assert login.detail == {"model": "Pixel 7", "system": "Android 14", "network": "Wi-Fi"}
    assert "00000000-0000-4000-8000-000000000000" not in str(whole)
    assert {t.kind: t.label for t in traces if t.kind == "demographic"} == {
        "demographic": "12-Apr-1995"
    }


def test_messages_are_left_out_and_said_to_be(whole: list[Yielded]) -> None:
    (report,) = only(whole, FileReport)
    assert (report.status, report.drift) == ("read", ())
    assert "Private messages" in str(report.reason)
    assert "Un message privé" not in str(whole)
    assert only(whole, Reject) == []


def told(found: list[Yielded]) -> Counter[str]:
    """What the records say, wherever they stand."""
    kept = [i for i in found if not isinstance(i, FileReport | ExportInfo)]
    return Counter(str(msgspec.structs.replace(item, file="", place=0)) for item in kept)


def test_french_and_english_texts_give_the_same(tmp_path: Path) -> None:
    english, french = (
        records(made.write_tiktok(tmp_path / f"{language}.zip", PERSON, AT, layout="text",
                                  language=language))
        for language in ("en", "fr")
    )  # fmt: skip
    assert told(english) == told(french)
    assert sum(told(english).values()) > 5_000
    for found in (english, french):
        assert [r for r in only(found, FileReport) if r.drift] == []
        status = Counter(report.status for report in only(found, FileReport))
        assert status == {"read": 20, "not needed": 1}


def test_text_gives_what_json_gives(tmp_path: Path, whole: list[Yielded]) -> None:
    text = records(made.write_tiktok(tmp_path / "a.zip", PERSON, AT, layout="text"))
    missing = told(whole) - told(text)
    assert told(text) - told(whole) == Counter()
    assert len(missing) == 3  # the live video, what was said there, a setting in a setting


def test_the_older_vocabulary(tmp_path: Path, whole: list[Yielded]) -> None:
    old = records(made.write_tiktok(tmp_path / "old.zip", PERSON, AT, layout="old"))
    for type, n in (("View", lived.WATCHED), ("Like", lived.LIKED), ("Add", 9), ("Announce", 1)):
        assert len(acts(old, type)) == n
    assert acts(old, "Follow") != []
    assert {(r.name, r.members) for r in only(old, Roster)} == {
        (r.name, r.members) for r in only(whole, Roster)
    }
    ids = {p.id for p in only(whole, Post)}
    assert {p.id for p in only(old, Post)} < ids  # all but what was said in the live video
    assert len(ids) == len({p.id for p in only(old, Post)}) + 1
    (report,) = only(old, FileReport)
    assert report.drift == ()
    kinds = Counter(trace.kind for trace in only(old, Trace))
    assert (kinds["search"], kinds["login"], kinds["device"]) == (8, 6, 1)


def test_none_is_not_zero(tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        videos = document["Post"]["Posts"]["VideoList"]
        videos[0]["Likes"], videos[1]["Likes"], videos[2]["Likes"] = "None", "", "0"
        info = document["Profile And Settings"]["Profile Info"]["ProfileMap"]
        info["followerCount"], info["followingCount"] = "12", "N/A"
        document["Profile And Settings"]["Follower"]["FansList"] = None

    found = edited(tmp_path, change)
    videos = lived.own(PERSON, FIRST_EXPORT)
    likes = {m.subject_id: m.value for m in only(found, Metric) if m.name == "likes"}
    assert len(likes) == len(videos) - 2
    assert likes[lived.video_id(videos[-3].number)] == 0
    counts = [(m.name, m.value) for m in only(found, Metric) if m.subject_type == "account"]
    assert counts == [("followers", 12)]
    assert [roster.name for roster in only(found, Roster)] == ["following"]


@pytest.mark.parametrize(
    ("field", "value"),
    first(6, [("Date", "2024-13-45 10:00:00"), ("Likes", -3), ("Title", {"a": 1}), ("Link", ["x"]),
     ("WhoCanView", {"a": 1}), ("Location", [1]), ("Date", None), ("Date", 3), ("Date", "N/A"),
     ("Likes", "many"), ("Likes", 1.5), ("Likes", [1])]),
)  # fmt: skip
def test_a_broken_field_costs_the_field(tmp_path: Path, field: str, value: object) -> None:
    found = edited(tmp_path, lambda d: d["Post"]["Posts"]["VideoList"][3].update({field: value}))
    assert only(found, Reject) == []
    (report,) = only(found, FileReport)
    names = {"Date": "date", "Likes": "likes", "Title": "title", "Link": "link",
             "WhoCanView": "audience", "Location": "location"}  # fmt: skip
    assert [(d.field, d.change, d.records) for d in report.drift] == [
        (f"Posts: {names[field]}", "unreadable", 1)
    ]
    posts = [p for p in only(found, Post) if p.place == 3 and p.type == "Video"]
    assert len([p for p in only(found, Post) if p.type == "Video"]) == len(
        lived.own(PERSON, FIRST_EXPORT)
    )
    assert all((post.published is None) == (field == "Date") for post in posts)


def test_a_post_of_which_nothing_is_known_is_refused_with_its_text(tmp_path: Path) -> None:
    broken = {"Link": ["x"], "Date": "hier"}
    found = edited(tmp_path, lambda d: d["Post"]["Posts"]["VideoList"][3].update(broken))
    (reject,) = only(found, Reject)
    assert (reject.place, reject.file) == (3, "user_data_tiktok.json")
    assert json.loads(reject.raw)["Date"] == "hier"


@pytest.mark.parametrize("layout", ["new", "old"])
def test_what_is_not_known_is_told(tmp_path: Path, layout: Any) -> None:
    """A field new to each kind of record, a list and a part that nobody taught us."""
    make = made.new_document if layout == "new" else made.old_document
    document = json.loads(json.dumps(make(PERSON, FIRST_EXPORT)))
    wanted: set[str] = set()
    for section in document.values():
        for name, inside in section.items():
            for key, value in inside.items():
                if isinstance(value, list) and value and part(name) in RECORDS:
                    value[0]["Aura"] = {"a": 1}
                    wanted.add(f"{name}: Aura")
                elif key in ("ProfileMap", "WatchLiveMap"):
                    one = value if key == "ProfileMap" else value[lived.video_id(5)]
                    one["Aura"] = 3
                    wanted.add(f"{name}: Aura")
                elif key == "SettingsMap":
                    value["Deep"] = {"Deeper": {"Deepest": 1}}
                    wanted.add(f"{name}: Deep: Deeper")
    document.setdefault("Comment", {})["Comments"] |= {"Drafts": {"a": 1}}
    wanted.add("Comment > Comments > Drafts")
    name = "user_data_tiktok.json"
    (tmp_path / name).write_text(json.dumps(document), encoding="utf-8")
    (report,) = only(records(tmp_path), FileReport)
    assert {d.field for d in report.drift} == wanted
    assert {(d.change, d.records) for d in report.drift} == {("new", 1)}


def test_an_unknown_name_in_a_list_of_people_is_no_departure(tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        people = document["Profile And Settings"]["Follower"]["FansList"]
        people[1]["UserName"] = None
        document["Profile And Settings"]["Following"]["Following"][0]["Date"] = "?"

    found = edited(tmp_path, change)
    assert len(only(found, Reject)) == 1
    (roster,) = only(found, Roster)
    assert roster.name == "following"
    assert len(roster.members) == len(PERSON.channels["tiktok"].roster(FIRST_EXPORT, "following"))


def test_drift_is_told(tmp_path: Path) -> None:
    def change(document: dict[str, Any]) -> None:
        for record in document["Your Activity"]["Watch History"]["VideoList"]:
            record["Duration"] = 3
            record.pop("Link")
        document["Your Activity"]["Dreams"] = {"DreamList": []}
        document["Weather"] = {}

    found = edited(tmp_path, change)
    (report,) = only(found, FileReport)
    assert {(d.field, d.change, d.records) for d in report.drift} == {
        ("Your Activity > Dreams", "new", 1), ("Weather", "new", 1),
        ("Watch History: Duration", "new", lived.WATCHED),
        ("Watch History: link", "vanished", lived.WATCHED),
    }  # fmt: skip
    assert len(acts(found, "View")) == lived.WATCHED + 1
    assert {act.object_id for act in acts(found, "View") if act.via is None} == {None}


def test_a_comment_of_several_lines_in_text(tmp_path: Path) -> None:
    (tmp_path / "Comment").mkdir()
    (tmp_path / "Activity").mkdir()
    (tmp_path / "Comment" / "Comments.txt").write_text(
        "Date: 2024-03-06 10:00:00 UTC\nComment: Bravo :\nvraiment\n\nNote: None\n\n\n"
        "Date: 2024-03-07 10:00:00 UTC\nComment: None\nPhoto: N/A\n"
    )
    (tmp_path / "Activity" / "Searches.txt").write_text(
        "Date: 2024-03-06 10:00:00\nSearch Term: papier\n"
    )
    found = records(tmp_path)
    assert [p.content for p in only(found, Post)] == ["Bravo :\nvraiment\n\nNote: None", "None"]
    assert [t.label for t in only(found, Trace)] == ["papier"]
    assert only(found, ExportInfo)[0].owner == ("tiktok", "me")


def test_a_later_export_adds_only_what_is_new(tmp_path: Path, whole: list[Yielded]) -> None:
    first = records(made.write_tiktok(tmp_path / "a.zip", PERSON, FIRST_EXPORT))
    before = {p.id for p in only(first, Post) if p.content != "Bravo !"}
    after = {post.id for post in only(whole, Post)}
    assert before < after
    assert len(after) == len(only(whole, Post))


def test_the_name_of_the_zip_tells_the_date(tmp_path: Path) -> None:
    path = made.write_tiktok(tmp_path / "TikTok_Data_1772802125.zip", PERSON, FIRST_EXPORT)
    (info,) = only(records(path), ExportInfo)
    assert info.observed == datetime(2026, 3, 6, 13, 2, 5, tzinfo=UTC)


def test_it_is_known_in_any_wrapping_and_nothing_else_is(tmp_path: Path) -> None:
    path = made.write_tiktok(tmp_path / "a.zip", PERSON, FIRST_EXPORT)
    wrapped = tmp_path / "Mes données.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrapped, "w") as new:
        (name,) = old.namelist()
        new.writestr("mon export/données.json", old.read(name))
    with open_container(wrapped) as export:
        assert list(source.recognize(export)) == ["mon export/données.json"]
    other = tmp_path / "other"
    other.mkdir()
    (other / "user_data.json").write_text('{"users": {"list": []}}')
    (other / "result.json").write_text('{"Profile": {"name": {}}, "messages": []}')
    (other / "Settings.txt").write_text("Theme: dark\n")
    (other / "Comments.txt").write_text("Dear diary,\nDate: soon\n")
    with open_container(other) as export:
        assert list(source.recognize(export)) == []
