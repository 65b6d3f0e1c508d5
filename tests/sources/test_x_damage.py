"""Archives of X that are damaged, incomplete or hostile: each piece loses only itself."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tests.sources.x_export import AT, HANDLE, only, person, records, reports

from empreinte.container import open_container
from empreinte.model import (
    Account,
    Activity,
    ExportInfo,
    Metric,
    Post,
    Reject,
    Roster,
    Trace,
)
from empreinte.sources import x as source
from empreinte.sources.x import relations
from empreinte.testing import x
from empreinte.testing.x.posts import tweet_date
from empreinte.testing.x.writing import pretty

pytestmark = pytest.mark.slow

PERSON = person()
POSTS = len(PERSON.published) - 1  # one of them is a share


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return x.write_archive(tmp_path / "twitter", PERSON, AT, "2026")


def change(path: Path, edit: Callable[[list[dict]], object]) -> None:
    """Edit the array in a file of the archive."""
    head, _, body = path.read_text(encoding="utf-8").partition("=")
    array = json.loads(body)
    edit(array)
    path.write_text(f"{head}= {pretty(array)}", encoding="utf-8")


def tweet(number: int, **fields: object) -> dict:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    basic = {"id_str": x.tweet_id(number, at), "created_at": tweet_date(at), "full_text": "Bonjour"}
    return {"tweet": basic | fields}


def write_tweets(folder: Path, *tweets: dict) -> list:
    (folder / "data").mkdir(parents=True, exist_ok=True)
    path = folder / "data" / "tweets.js"
    path.write_text(f"window.YTD.tweets.part0 = {pretty(list(tweets))}", encoding="utf-8")
    return records(folder)


# -- broken records


def test_a_post_that_nothing_names_is_rejected_with_its_own_text(folder: Path) -> None:
    name = "data/tweets.js"
    change(folder / name, lambda array: array[4]["tweet"].update({"id_str": "", "id": []}))
    text = json.dumps(json.loads((folder / name).read_text().partition("=")[2])[4]["tweet"])
    found = records(folder)
    (reject,) = only(found, Reject)
    assert (reject.file, reject.place) == (name, 4)
    assert json.loads(reject.raw)["tweet"] == json.loads(text)
    assert "null" not in reject.raw
    assert len(only(found, Post)) == POSTS - 1
    report = reports(found)[name]
    assert (report.status, report.records) == ("read", len(PERSON.published))


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("created_at", "Fri Brumaire 06 13:02:05 +0000 2026", "created_at"),
        ("created_at", "Fri Feb 30 13:02:05 +0000 2026", "created_at"),
        ("created_at", 17, "created_at"),
        ("full_text", ["a", "list"], "full_text"),
        ("favorite_count", "many", "favorite_count"),
        ("favorite_count", "-1", "favorite_count"),
        ("favorite_count", 1.5, "favorite_count"),
        ("favorite_count", "9" * 400, "favorite_count"),
        ("favorite_count", 10**24, "favorite_count"),
        ("entities", "none", "entities"),
        ("entities", {"urls": {"a": 1}}, "entities.urls"),
        ("entities", {"hashtags": [{"text": "a"}, {"text": 5}]}, "entities.hashtags.text"),
        ("coordinates", {"coordinates": ["here", 200]}, "coordinates.coordinates"),
    ],
)
def test_a_bad_field_loses_only_itself(folder: Path, field: str, value: object, told: str) -> None:
    name = "data/tweets.js"
    change(folder / name, lambda array: array[4]["tweet"].update({field: value}))
    found = records(folder)
    assert only(found, Reject) == []
    assert len(only(found, Post)) == POSTS
    report = reports(found)[name]
    assert report.lost >= 1
    assert told in {d.field for d in report.drift if d.change == "unreadable" and d.value}
    assert (report.status, report.records) == ("read", len(PERSON.published))


def test_a_post_without_a_date_has_that_of_its_id(folder: Path) -> None:
    before = only(records(folder), Post)[3]
    change(folder / "data/tweets.js", lambda array: [
        each["tweet"].update(created_at=None) for each in array
        if each["tweet"]["id_str"] == before.id
    ])  # fmt: skip
    (post,) = [post for post in only(records(folder), Post) if post.id == before.id]
    assert post.published is not None
    assert before.published is not None
    assert abs((post.published - before.published).total_seconds()) < 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("favorite_count", 12),
        ("entities", None),
        ("entities", {}),
        ("lang", None),
        ("extended_entities", None),
        ("geo", {}),
        ("coordinates", {"type": "Point", "coordinates": ["2.35", "48.85"]}),
        ("in_reply_to_screen_name", None),
        ("unheard_of", {"deep": [1, 2]}),
        ("created_at", None),
    ],
)
def test_what_changed_over_the_years_is_read(folder: Path, field: str, value: object) -> None:
    change(folder / "data/tweets.js", lambda array: array[4]["tweet"].update({field: value}))
    found = records(folder)
    assert only(found, Reject) == []
    assert len(only(found, Post)) == POSTS


def test_pictures_are_described_where_the_archive_tells(tmp_path: Path) -> None:
    def attached(*texts):
        return {"extended_entities": {"media": [
            {"type": "photo", "media_url": "http://x.example/1.jpg", "ext_alt_text": text}
            for text in texts
        ]}, "entities": {}}  # fmt: skip

    told, untold = only(
        write_tweets(tmp_path, tweet(1, **attached("A street", None)), tweet(2, **attached(None))),
        Post,
    )
    assert (told.media, told.alt_texts) == (("Image", "Image"), ("A street",))
    assert untold.alt_texts == ()


def test_unknown_fields_stay_unknown(tmp_path: Path) -> None:
    (post,) = only(write_tweets(tmp_path, tweet(1, lang="und")), Post)
    assert (post.tags, post.mentions, post.links, post.media) == (None, None, None, None)
    assert (post.language, post.author_id, post.latitude) == (None, None, None)
    assert only(write_tweets(tmp_path, tweet(1)), Metric) == []


def test_places_and_positions(tmp_path: Path) -> None:
    at = {"coordinates": ["47.47", "-0.55"]}
    reversed_at = {"coordinates": [-0.55, 47.47]}
    found = write_tweets(
        tmp_path,
        tweet(1, geo=at, place={"full_name": "Angers, France"}),
        tweet(2, coordinates=reversed_at),
        tweet(3, geo={"coordinates": [200, 0]}),
    )
    places = [(p.latitude, p.longitude, p.place_name) for p in only(found, Post)]
    assert places == [(47.47, -0.55, "Angers, France"), (47.47, -0.55, None), (None, None, None)]


def test_quotes_replies_and_mentions(tmp_path: Path) -> None:
    def links(*urls: str) -> dict:
        return {"urls": [{"expanded_url": url} for url in urls]}

    gone = {"user_mentions": [{"screen_name": "parti", "id_str": "-1"}]}
    own = tweet(3)["tweet"]["id_str"]
    found = write_tweets(
        tmp_path,
        tweet(1, entities=links("https://x.com/a/status/12?s=20", "https://example.org/status/9")),
        tweet(2, entities=links("https://mobile.twitter.com/a/status/13/photo/1")),
        tweet(3, entities=links(f"https://twitter.com/i/web/status/{own}")),
        tweet(4, entities=links("https://nottwitter.com/a/status/14")),
        tweet(5, entities=gone, in_reply_to_user_id_str="7", in_reply_to_screen_name="sept"),
    )
    posts = only(found, Post)
    assert [post.quote_of for post in posts] == ["12", "13", None, None, None]
    assert posts[4].mentions == ()
    assert (posts[4].in_reply_to, posts[4].in_reply_to_author) == (None, "7")
    assert [account.handle for account in only(found, Account)] == ["sept"]


def test_hostile_text_is_only_text(tmp_path: Path) -> None:
    (post,) = only(write_tweets(tmp_path, tweet(1, full_text="<script>&lt;b&gt; {0} ';--")), Post)
    assert post.content == "<script><b> {0} ';--"


def test_long_posts_of_the_same_second_are_told_apart(tmp_path: Path) -> None:
    at = "2026-02-01T00:00:00.500Z"
    whole = ["Premier &amp; long, " + "a " * 200, "Second et long, " + "b " * 200]
    notes = [
        {"noteTweet": {"createdAt": at, "core": {"text": text, "hashtags": [{"text": "fin"}]}}}
        for text in whole
    ]
    (tmp_path / "data").mkdir()
    text = f"window.YTD.note_tweet.part0 = {pretty([*notes, {'noteTweet': {'core': None}}])}"
    (tmp_path / "data" / "note-tweet.js").write_text(text)
    found = write_tweets(
        tmp_path,
        tweet(1, full_text="Second et long, b b… https://t.co/1"),
        tweet(2, full_text="@quelqu_un Premier &amp; long, a a… https://t.co/2"),
        tweet(3, full_text="https://t.co/3"),
        tweet(4, full_text="Court, à la même seconde"),
    )
    second, first, link, short = only(found, Post)
    assert second.content == whole[1]
    assert first.content == whole[0].replace("&amp;", "&")
    assert second.tags == ("fin",)
    assert (link.content, short.content) == ("https://t.co/3", "Court, à la même seconde")
    (reject,) = only(found, Reject)
    assert (reject.file, reject.place) == ("data/note-tweet.js", 2)


# -- broken files


def test_a_truncated_file_keeps_what_it_holds(folder: Path) -> None:
    path = folder / "data/tweets.js"
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = records(folder)
    report = reports(found)["data/tweets.js"]
    assert report.status == "failed"
    assert report.reason is not None
    assert "cut" in str(report.reason)
    assert 0 < len(only(found, Post)) < POSTS
    assert len(only(found, Roster)) == 2  # the other files are read


@pytest.mark.parametrize("content", [b"", b"window.YTD.tweets.part0 =", b"\xff\xfe\x00", b"{}"])
def test_a_file_that_is_no_array_fails(folder: Path, content: bytes) -> None:
    (folder / "data/tweets.js").write_bytes(content)
    report = reports(records(folder))["data/tweets.js"]
    assert report.status == "failed"
    assert report.reason is not None


@pytest.mark.parametrize("damage", ["cut", "empty", "cut before the bracket", "part missing"])
def test_an_incomplete_roster_is_not_kept(folder: Path, damage: str) -> None:
    path = folder / "data/follower.js"
    whole = path.read_bytes()
    if damage == "part missing":
        manifest = folder / "data/manifest.js"
        text = manifest.read_text(encoding="utf-8")
        more = '"data/follower-part1.js", "count" : "4" }, { "fileName" : "data/follower.js"'
        manifest.write_text(text.replace('"data/follower.js"', more), encoding="utf-8")
    else:
        rest = {"cut": whole[:-90], "empty": b"", "cut before the bracket": whole[:-2]}
        path.write_bytes(rest[damage])
    found = records(folder)
    assert [roster.name for roster in only(found, Roster)] == ["following"]
    report = reports(found)["data/follower.js"]
    assert report.status == "failed"
    assert report.reason is not None
    assert "left" in str(report.reason)


def test_a_bad_follower_loses_only_itself(folder: Path) -> None:
    change(folder / "data/follower.js", lambda array: array[2]["follower"].pop("accountId"))
    found = records(folder)
    (reject,) = only(found, Reject)
    assert (reject.file, reject.place) == ("data/follower.js", 2)
    (roster,) = [roster for roster in only(found, Roster) if roster.name == "followers"]
    assert len(roster.members) == 6


def test_an_empty_roster_is_known_to_be_empty(folder: Path) -> None:
    (folder / "data/follower.js").write_text("window.YTD.follower.part0 = [ ]")
    rosters = [r for r in only(records(folder), Roster) if r.name == "followers"]
    assert [roster.members for roster in rosters] == [()]


def test_a_long_roster_comes_in_pieces(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relations, "PIECE", 3)
    rosters = [r for r in only(records(folder), Roster) if r.name == "followers"]
    assert [len(roster.members) for roster in rosters] == [3, 3, 1]
    assert len({(r.account_id, r.name, r.observed) for r in rosters}) == 1


def test_a_truncated_zip_member_fails_alone(tmp_path: Path) -> None:
    path = x.write_archive(tmp_path / "a.zip", PERSON, AT, "2026")
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("data/tweets.js")
        begin = info.header_offset + 30 + len(info.filename)
    data = bytearray(path.read_bytes())
    data[begin + 40 : begin + 80] = bytes(40)
    path.write_bytes(bytes(data))
    found = records(path)
    assert reports(found)["data/tweets.js"].status == "failed"
    assert len(only(found, Roster)) == 2


def test_a_damaged_manifest_is_done_without(folder: Path) -> None:
    (folder / "data/manifest.js").write_text("window.__THAR_CONFIG = { cut")
    found = records(folder)
    assert reports(found)["data/manifest.js"].status == "failed"
    (info,) = only(found, ExportInfo)
    assert info.owner == ("x", x.user_id(HANDLE))
    assert info.observed >= PERSON.published[-1].at
    remark = reports(found)["data/tweets.js"].reason
    assert remark is not None
    assert "when it was made" in str(remark)
    assert len(only(found, Post)) == POSTS


def test_without_a_date_the_newest_post_counts(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("data/tweets.js", (1980, 1, 1, 0, 0, 0))
        archive.writestr(info, f"window.YTD.tweets.part0 = {pretty([tweet(5)])}")
    (info,) = only(records(path), ExportInfo)
    assert info.observed == datetime(2026, 2, 1, tzinfo=UTC)


def test_without_an_owner_it_is_said(folder: Path) -> None:
    for name in ("account", "manifest"):
        (folder / f"data/{name}.js").unlink()
    found = records(folder)
    assert only(found, ExportInfo)[0].owner is None
    assert {post.author_id for post in only(found, Post)} == {None}
    assert only(found, Roster) == []
    reasons = [str(report.reason) for report in reports(found).values() if report.reason]
    assert any("whose it is" in reason for reason in reasons)
    assert any("whose list" in reason for reason in reasons)


# -- accounting


def test_counts_that_disagree_with_the_manifest_are_told(folder: Path) -> None:
    change(folder / "data/tweets.js", lambda array: array.pop())
    report = reports(records(folder))["data/tweets.js"]
    assert report.status == "read"
    assert report.reason is not None
    assert report.reason.values == {"expected": "12", "found": "11"}


def test_files_that_were_taken_out_are_told(folder: Path) -> None:
    (folder / "data/ip-audit.js").unlink()
    report = reports(records(folder))["data/ip-audit.js"]
    assert report.status == "not needed"
    assert "took it out" in str(report.reason)


def test_unknown_files_are_told(folder: Path) -> None:
    (folder / "data/telepathy.js").write_text('window.YTD.telepathy.part0 = [ { "a" : 1 } ]')
    (folder / "data/levitation.js").write_text("window.YTD.levitation.part0 = [ ]")
    named = reports(records(folder))
    assert named["data/telepathy.js"].status == "not understood"
    assert named["data/telepathy.js"].reason is not None
    assert named["data/levitation.js"].status == "not needed"


def test_repeated_engagements_are_counted(folder: Path) -> None:
    def repeat(array: list[dict]) -> None:
        records = array[0]["ad"]["adsUserData"]["adEngagements"]["engagements"]
        records += [records[0], records[0]]

    change(folder / "data/ad-engagements.js", repeat)
    traces = [t for t in only(records(folder), Trace) if t.kind == "ad_engagement"]
    assert len({(t.label, t.at, repr(t.detail)) for t in traces}) == len(traces) == 14
    assert [t.detail["again"] for t in traces if t.detail and "again" in t.detail] == [1, 2]


def test_circle_posts_have_an_audience(folder: Path) -> None:
    text = f"window.YTD.twitter_circle_tweet.part0 = {pretty([tweet(99)])}"
    (folder / "data/twitter-circle-tweet.js").write_text(text)
    seen = {post.visibility for post in only(records(folder), Post)}
    assert seen == {None, "followers"}


# -- recognition


def test_what_is_recognized(tmp_path: Path, folder: Path) -> None:
    def roots(path: Path) -> list[str]:
        with open_container(path) as export:
            return list(source.recognize(export))

    assert roots(folder) == [""]
    assert roots(folder / "data") == [""]
    assert roots(folder / "data" / "tweets.js") == [""]
    (folder / "data").rename(folder / "mydata")
    assert roots(folder) == ["mydata/"]
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "like.js").write_text("export const like = 1;")
    (tmp_path / "site" / "tweets.json").write_text('[{"text": "no tweet"}]')
    assert roots(tmp_path / "site") == []


def test_the_bare_data_folder_and_a_bare_file(folder: Path) -> None:
    assert len(only(records(folder / "data"), Post)) == POSTS
    found = records(folder / "data" / "tweets.js")
    assert len(only(found, Post)) == POSTS
    assert only(found, ExportInfo)[0].owner is None


def test_answers_of_the_api(tmp_path: Path) -> None:
    shared = tweet(1)["tweet"] | {"user": {"id_str": "11", "screen_name": "onze", "name": "Onze"}}
    user = {"id_str": "7", "screen_name": "sept", "name": "Sept"}
    empty = {"hashtags": [], "user_mentions": [], "urls": []}
    array = [
        tweet(2, user=user, entities=empty, favorite_count=4, retweet_count=0,
              quoted_status_id_str="55", lang="iw")["tweet"],
        tweet(3, user=user, entities=empty, full_text="RT @onze: Bon…",
              retweeted_status=shared)["tweet"],
    ]  # fmt: skip
    (tmp_path / "sept_tweets.json").write_text(json.dumps(array, indent=4))
    found = records(tmp_path)
    (post,) = only(found, Post)
    assert (post.author_id, post.quote_of, post.language) == ("7", "55", "he")
    assert [(m.name, m.value) for m in only(found, Metric)] == [("likes", 4), ("shares", 0)]
    (share,) = only(found, Activity)
    assert (share.actor_id, share.object_id, share.object_author) == (
        "7", shared["id_str"], "11",
    )  # fmt: skip
    assert share.content == "Bonjour"
    assert [(a.id, a.handle, a.is_owner) for a in only(found, Account)] == [
        ("7", "sept", False),
        ("11", "onze", False),
    ]
