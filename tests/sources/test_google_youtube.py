"""YouTube's part of a Takeout, against what the made-up person did."""

from __future__ import annotations

import csv
import zipfile
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec
import pytest
from tests.rows import first

import empreinte
from empreinte.container import discover, open_container
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
from empreinte.sources.google import youtube as source
from empreinte.testing.google import activity, location
from empreinte.testing.google import youtube as made
from empreinte.testing.google.takeout import Item, as_html
from empreinte.testing.life import FIRST_EXPORT, SECOND_EXPORT, freelancer

PERSON = freelancer(since=FIRST_EXPORT.replace(month=6)).moved("youtube")
PERSON = replace(
    PERSON,
    channels=PERSON.channels
    | {"youtube": replace(PERSON.channels["youtube"],
                          following=PERSON.channels["youtube"].followers[:80])},
)  # fmt: skip
AT = SECOND_EXPORT
DID = made.life(PERSON, AT)
T = TypeVar("T")


def records(*paths: Path) -> list[Yielded]:
    with open_container(*paths) as export:
        return [
            item for root in source.recognize(export) for item in source.read(export.under(root))
        ]


def only(found: list[Yielded], kind: type[T]) -> list[T]:
    return [item for item in found if isinstance(item, kind)]


def acts(found: list[Yielded], type: str) -> list[Activity]:
    return [act for act in only(found, Activity) if act.type == type]


def report(found: list[Yielded], name: str) -> FileReport:
    (one,) = [item for item in only(found, FileReport) if item.name.endswith(name)]
    return one


def told(found: list[Yielded]) -> set[bytes]:
    """Give what the records say, wherever they stand."""
    kept = [item for item in found if not isinstance(item, FileReport | ExportInfo)]
    bare = [msgspec.structs.replace(item, file="", place=0) for item in kept]
    return {msgspec.json.encode([type(item).__name__, item]) for item in bare}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> list[Yielded]:
    return records(*made.write_youtube(tmp_path_factory.mktemp("whole") / "t.zip", PERSON, AT))


def folder(tmp_path: Path, **options) -> Path:
    (path,) = made.write_youtube(tmp_path / "export", PERSON, FIRST_EXPORT, **options)
    return path


def second(at: datetime) -> datetime:
    return at.replace(microsecond=0)


def test_views_and_advertisements_are_apart(whole: list[Yielded]) -> None:
    views = acts(whole, "View")
    seen = {(act.object_id, act.published): act for act in views if act.object_id}
    assert len(seen) == len(DID.watched) > 100
    for p in DID.watched:
        act = seen[made.video_id(p.number), second(p.at - timedelta(minutes=4))]
        assert act.actor_id == "me"
        assert act.object_author == made.channel_id(p.number % 90)
        assert act.content == made.title_of(p.number)
        assert act.url == f"{made.SITE}/watch?v={made.video_id(p.number)}"
        assert act.object_type == "post"
    removed = [act for act in views if act.object_id is None]
    assert {act.published for act in removed} == {
        second(p.at - timedelta(minutes=4)) for p in DID.removed
    }
    assert {act.content for act in removed} == {None}
    ads = [trace for trace in only(whole, Trace) if trace.kind == "ad_impression"]
    assert {(ad.label, ad.at) for ad in ads} == {
        (f"Encres {p.number}", second(p.at - timedelta(minutes=5))) for p in DID.ads
    }
    assert len(ads) == len(DID.ads) > 10


def test_searches(whole: list[Yielded]) -> None:
    searches = [trace for trace in only(whole, Trace) if trace.kind == "search"]
    assert {(s.label, s.at) for s in searches} == {
        (f"linogravure {p.number}", second(p.at - timedelta(minutes=6))) for p in DID.searched
    }
    assert len(searches) == len(DID.searched) > 10


def test_own_videos_and_comments(whole: list[Yielded]) -> None:
    posts = {post.id: post for post in only(whole, Post)}
    assert len(posts) == len(DID.videos) + len(DID.comments)
    for p in DID.videos:
        post = posts[made.video_id(p.number)]
        assert (post.type, post.author_id, post.visibility) == ("Video", "me", "public")
        assert post.content == p.text.strip()
        assert post.published == second(p.at)
        assert post.title == (p.title or p.text[:60]).strip()
        assert post.language == "fr"
        assert set(p.tags[:2]) <= set(post.tags or ())
        assert post.media == ("Video",)
    for p in DID.comments:
        post = posts[made.comment_id(p)]
        assert (post.type, post.author_id) == ("Note", "me")
        assert (post.content, post.published) == (p.text, second(p.at))
        assert post.in_reply_to == made.video_id(p.number)
    assert only(whole, Metric) == []  # the tables count nothing


def test_whom_they_follow_what_they_like_and_who_they_are(whole: list[Yielded]) -> None:
    (roster,) = only(whole, Roster)
    assert (roster.name, roster.account_id) == ("following", "me")
    assert set(roster.members) == {made.channel_id(one.number) for one in DID.following}
    assert len(roster.members) == len(DID.following) > 10
    assert {(act.object_id, act.published) for act in acts(whole, "Like")} == {
        (made.video_id(p.number), second(p.at)) for p in DID.liked
    }
    (info,) = only(whole, ExportInfo)
    assert info.owner == ("youtube", "me")
    assert info.observed == AT
    (owner,) = [account for account in only(whole, Account) if account.is_owner]
    assert (owner.id, owner.name, owner.whole) == ("me", PERSON.name, True)
    assert owner.url == f"{made.SITE}/channel/{made.CHANNEL_ID}"
    assert only(whole, Reject) == []
    assert {item.status for item in only(whole, FileReport)} == {"read"}
    assert [item for item in only(whole, FileReport) if item.drift] == []
    assert len(only(whole, FileReport)) == len(made.members(PERSON, AT, "en", "json"))


def test_a_date_in_the_archive_s_name_is_that_of_the_export(tmp_path: Path) -> None:
    made.write_youtube(tmp_path, PERSON, FIRST_EXPORT, parts=3)
    (group,) = discover([tmp_path])
    assert len(group) == 3
    found = records(*group)
    assert only(found, ExportInfo)[0].observed == FIRST_EXPORT
    (whole,) = made.write_youtube(tmp_path / "whole.zip", PERSON, FIRST_EXPORT)
    assert told(found) == told(records(whole))
    assert len(only(found, FileReport)) == len(made.members(PERSON, AT, "en", "json"))


@pytest.mark.parametrize("layout", first(2, ["my_activity_html", "json", "html", "my_activity"]))
def test_french_and_english_are_alike(tmp_path: Path, layout: made.Layout) -> None:
    english, french = (
        records(*made.write_youtube(tmp_path / f"{n}.zip", PERSON, AT, language=n, layout=layout))
        for n in ("en", "fr")
    )
    assert told(english) == told(french)
    assert len(acts(french, "View")) == len(DID.watched) + len(DID.removed)
    assert [item for item in only(french, FileReport) if item.drift] == []


def test_pages_and_json_say_the_same(tmp_path: Path, whole: list[Yielded]) -> None:
    pages = records(*made.write_youtube(tmp_path / "p.zip", PERSON, AT, layout="html"))
    assert told(pages) == told(whole)


def test_my_activity_tells_the_same_acts_as_the_history(
    tmp_path: Path, whole: list[Yielded]
) -> None:
    same = records(*made.write_youtube(tmp_path / "a.zip", PERSON, AT, layout="my_activity"))
    views, again = ({(a.object_id, a.published) for a in acts(f, "View")} for f in (whole, same))
    assert views == again
    traces, too = (
        {(t.kind, t.label, t.at, msgspec.json.encode(t.detail)) for t in only(f, Trace)
         if t.kind in ("search", "ad_impression")}
        for f in (whole, same)
    )  # fmt: skip
    assert traces == too
    assert len(traces) == len(DID.searched) + len(DID.ads)


def test_takeouts_of_before_2021(tmp_path: Path, whole: list[Yielded]) -> None:
    old = records(*made.write_youtube(tmp_path / "o.zip", PERSON, AT, layout="old"))
    posts = {post.id: post for post in only(old, Post)}
    now = {post.id: post for post in only(whole, Post)}
    assert set(posts) == set(now)
    for id, post in posts.items():
        assert post.published == now[id].published
        assert post.in_reply_to == now[id].in_reply_to
        assert set(now[id].tags or ()) <= set(post.tags or ())
    counted = {(m.subject_id, m.name): m.value for m in only(old, Metric)}
    wanted = {
        (made.video_id(p.number), name): float(count)
        for p in DID.videos
        for name, count in (("views", p.views), ("likes", p.likes), ("replies", p.replies))
        if count is not None
    }
    assert counted == wanted
    assert len(wanted) > 100
    assert {m.observed for m in only(old, Metric)} == {AT}
    follows = {act.object_id: act.published for act in acts(old, "Follow")}
    assert follows == {made.channel_id(o.number): second(o.since) for o in DID.following}
    assert set(only(old, Roster)[0].members) == set(only(whole, Roster)[0].members)
    likes = {(a.object_id, a.published) for a in acts(old, "Like")}
    assert likes == {(a.object_id, a.published) for a in acts(whole, "Like")}
    (owner,) = [account for account in only(old, Account) if account.is_owner]
    assert (owner.name, owner.published) == (
        PERSON.name, second(PERSON.channels["youtube"].since),
    )  # fmt: skip
    assert only(old, Reject) == []


def test_a_later_export_adds_only_what_is_new(tmp_path: Path) -> None:
    (first,) = made.write_youtube(tmp_path / "1.zip", PERSON, FIRST_EXPORT)
    (later,) = made.write_youtube(tmp_path / "2.zip", PERSON, AT, language="fr", layout="html")
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.ingest(first)
        (report,) = ledger.ingest(later)
    assert report.source == "youtube"
    before = made.life(PERSON, FIRST_EXPORT)
    assert report.known["posts"] == len(before.videos) + len(before.comments)
    assert report.complete


def test_a_date_that_is_none_costs_a_record_its_date_alone(tmp_path: Path) -> None:
    path = folder(tmp_path)
    before = records(path)
    comments = next(path.rglob("comments.csv"))
    rows = list(csv.reader(comments.read_text().splitlines()))
    rows[3][2] = "2024-13-45T99:00:00+00:00"
    with comments.open("w") as file:
        csv.writer(file).writerows(rows)
    history = next(path.rglob("watch-history.json"))
    history.write_text(history.read_text().replace('"time": "20', '"time": "99-99', 1))
    found = records(path)
    assert only(found, Reject) == []
    assert len(only(found, Post)) == len(only(before, Post))
    assert len(only(found, Activity)) == len(only(before, Activity))
    drift = [one for report in only(found, FileReport) for one in report.drift]
    lost = {(one.field, one.records): one.value for one in drift}
    assert lost[("comment_created", 1)] == "2024-13-45T99:00:00+00:00"
    assert str(lost[("time", 1)]).startswith("99-99")


def test_a_list_of_subscriptions_with_a_hole_is_not_kept_as_one(tmp_path: Path) -> None:
    path = folder(tmp_path)
    subscriptions = next(path.rglob("subscriptions.csv"))
    text = subscriptions.read_text()
    subscriptions.write_text(text + ",,Sans numéro\n")
    found = records(path)
    assert only(found, Roster) == []
    assert "channel_id" in str(only(found, Reject)[0].reason)
    subscriptions.write_text(text.splitlines()[0] + "\n")
    (empty,) = only(records(path), Roster)
    assert empty.members == ()  # known to be none


def test_fields_that_are_gone_or_new_are_told(tmp_path: Path) -> None:
    path = folder(tmp_path)
    history = next(path.rglob("search-history.json"))
    history.write_text(history.read_text().replace('"products"', '"services"'))
    comments = next(path.rglob("comments.csv"))
    comments.write_text(comments.read_text().replace("Price", "Cost", 1))
    found = records(path)
    drift = report(found, "search-history.json")
    assert {(d.field, d.change) for d in drift.drift} == {
        ("products", "vanished"), ("services", "new"),
    }  # fmt: skip
    assert {d.records for d in drift.drift} == {drift.records}
    assert {(d.field, d.change) for d in report(found, "comments.csv").drift} == {("Cost", "new")}
    assert len(only(found, Trace)) == len(only(records(folder(tmp_path / "n")), Trace))


def test_comments_with_links_names_and_plain_ones(tmp_path: Path) -> None:
    file = tmp_path / "comments.csv"
    text = (
        '{"text":"Voir "},{"text":"ici","link":{"linkUrl":"https://papier.example/"}},'
        '{"text":" @ana","mention":{"externalChannelId":"UCana"}}'
    )
    with file.open("w") as out:
        writer = csv.writer(out)
        writer.writerow(["comment id", "channel id", "comment create timestamp", "price",
                         "parent comment id", "post id", "video id", "comment text"])  # fmt: skip
        writer.writerow(["c1", "UCme", "2024-03-06T13:02:05.123+00:00", "0", "", "", "v1", text])
        writer.writerow(
            ["c2", "UCme", "2020-03-06 13:02:05 UTC", "", "c1", "", "v1", "Tout simple"]
        )
        writer.writerow(
            ["c3", "UCme", "2020-03-06 13:02:05 UTC", "", "", "p1", "", '{"text":"#riso']
        )
    found = only(records(file), Post)
    assert [post.content for post in found] == ["Voir ici @ana", "Tout simple", '{"text":"#riso']
    assert (found[0].links, found[0].mentions) == (("https://papier.example/",), ("UCana",))
    assert [post.in_reply_to for post in found] == ["v1", "c1", "p1"]
    assert found[0].published == datetime(2024, 3, 6, 13, 2, 5, tzinfo=UTC)
    assert found[2].tags == ("riso",)


def test_it_is_known_in_any_wrapping_and_nothing_else_is(tmp_path: Path) -> None:
    (path,) = made.write_youtube(tmp_path / "t.zip", PERSON, FIRST_EXPORT)
    wrapped = tmp_path / "Mes données.zip"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(wrapped, "w") as new:
        for name in old.namelist():
            new.writestr(f"mon export/{name}", old.read(name))
            new.writestr(f"__MACOSX/mon export/._{name}", b"\0")
    with open_container(wrapped) as export:
        assert list(source.recognize(export)) == ["mon export/Takeout/YouTube and YouTube Music/"]
    page = tmp_path / "renamed.html"
    item = Item("YouTube", "Watched {}", "A", "https://youtu.be/v0000000001", AT)
    page.write_bytes(as_html([item], "en"))
    assert len(acts(records(page), "View")) == 1
    other = tmp_path / "YouTube"
    other.mkdir()
    (other / "comments.csv").write_text("id,permalink,date,subreddit,link,parent,body\n1,,,,,,\n")
    (other / "Table data.csv").write_text("Content,Video title,Views\nabc,Titre,3\n")
    (other / "posts.json").write_text('[{"title": "A", "time": 3}]')
    with open_container(other) as export:
        assert list(source.recognize(export)) == []


def test_each_file_of_a_takeout_has_one_reader(tmp_path: Path) -> None:
    tree = made.members(PERSON, FIRST_EXPORT, "fr", "json")
    tree |= made.members(PERSON, FIRST_EXPORT, "fr", "my_activity")
    tree |= activity.members(PERSON, FIRST_EXPORT, "fr")
    tree |= location.members(PERSON, FIRST_EXPORT, "fr", "records")
    target = tmp_path / "takeout-20250901T093000Z-001.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for name, body in tree.items():
            archive.writestr(name, body)
    with empreinte.open_ledger(":memory:") as ledger:
        reports = ledger.ingest(target)
    counted = Counter(file.name for report in reports for file in report.files)
    assert counted == Counter(list(tree))
    assert Counter(r.source for r in reports) == {
        "youtube": 2, "google_activity": 1, "google_location": 1,
    }  # fmt: skip
    assert all(report.complete for report in reports)
    mine, again = (report for report in reports if report.source == "youtube")
    did = made.life(PERSON, FIRST_EXPORT)
    views = len(did.watched) + len(did.removed)
    assert mine.kept["activities"] + again.kept["activities"] == views + len(did.liked)
    assert mine.known["activities"] + again.known["activities"] == views
