"""Real archives of X, each against a count made here from the raw file."""

from __future__ import annotations

import json
import re
import zipfile
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.sources.x_export import only, records, reports

from empreinte.container import open_container
from empreinte.model import Account, Activity, ExportInfo, Metric, Post, Reject, Roster, Trace

pytestmark = pytest.mark.real_data


def raw(archive: Path, name: str) -> Any:
    """Load a file by the standard library alone: what stands after the first equals sign."""
    with zipfile.ZipFile(archive) as opened:
        text = opened.read(name).decode("utf-8")
    return json.loads(text[text.index("=") + 1 :])


def since_1970(text: str) -> datetime:
    return datetime.strptime(text, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)


def ads(array: list[Any], name: str) -> list[Any]:
    groups = [group for item in array for group in item["ad"]["adsUserData"].values()]
    return [record for group in groups for record in group[name]]


def by_kind(found: list[Any]) -> Counter[str]:
    return Counter(trace.kind for trace in only(found, Trace))


def test_honest_mvp_2020(data: Path) -> None:
    path = data / "x_archive" / "honest-mvp-2020.zip"
    found = records(path)
    tweets = {item["tweet"]["id_str"]: item["tweet"] for item in raw(path, "data/tweet.js")}
    shares = {id for id, tweet in tweets.items() if tweet["full_text"].startswith("RT @")}
    posts = {post.id: post for post in only(found, Post)}

    assert only(found, Reject) == []
    assert (len(tweets), len(shares)) == (483, 13)
    announces = [act for act in only(found, Activity) if act.type == "Announce"]
    assert {act.id for act in announces} == shares
    assert set(posts) == set(tweets) - shares
    replies = {post.id for post in posts.values() if post.in_reply_to is not None}
    assert replies == {id for id, t in tweets.items() if "in_reply_to_status_id_str" in t}
    assert (len(replies), len(posts) - len(replies)) == (208, 262)
    for id, post in posts.items():
        tweet = tweets[id]
        assert post.published == since_1970(tweet["created_at"])
        assert post.tags == tuple(tag["text"] for tag in tweet["entities"]["hashtags"])
        assert len(post.media or ()) == len(tweet.get("extended_entities", {}).get("media", ()))
        assert post.links == tuple(url["expanded_url"] for url in tweet["entities"]["urls"])
    for name, field in (("likes", "favorite_count"), ("shares", "retweet_count")):
        read = {m.subject_id: m.value for m in only(found, Metric) if m.name == name}
        assert read == {id: int(tweets[id][field]) for id in posts}
    status = re.compile(r"https?://(?:mobile\.)?twitter\.com/\w+/status/\d+")
    quotes = {
        id
        for id in posts
        if any(status.match(url["expanded_url"]) for url in tweets[id]["entities"]["urls"])
    }
    assert {post.id for post in posts.values() if post.quote_of is not None} == quotes


def test_honest_mvp_2020_around_the_posts(data: Path) -> None:
    path = data / "x_archive" / "honest-mvp-2020.zip"
    found = records(path)
    (info,) = only(found, ExportInfo)
    config = raw(path, "data/manifest.js")
    assert info.owner == ("x", config["userInfo"]["accountId"])
    assert info.observed.isoformat()[:23] == config["archiveInfo"]["generationDate"][:23]

    likes = [act.object_id for act in only(found, Activity) if act.type == "Like"]
    assert likes == [item["like"]["tweetId"] for item in raw(path, "data/like.js")]
    assert len(likes) == 202
    rosters = {roster.name: roster.members for roster in only(found, Roster)}
    for name, kind, count in (("followers", "follower", 1_180), ("following", "following", 1_046)):
        listed = [item[kind]["accountId"] for item in raw(path, f"data/{kind}.js")]
        assert list(rosters[name]) == listed
        assert len(listed) == count

    kinds = by_kind(found)
    assert kinds["ad_engagement"] == len(ads(raw(path, "data/ad-engagements.js"), "engagements"))
    assert kinds["ad_impression"] == len(ads(raw(path, "data/ad-impressions.js"), "impressions"))
    assert (kinds["ad_engagement"], kinds["ad_impression"]) == (164, 570)
    traces = [trace for trace in only(found, Trace) if trace.kind.startswith("ad_")]
    distinct = {(t.kind, t.label, t.at, repr(t.detail)) for t in traces}
    assert len(distinct) == len(traces)  # so that the ledger holds as many

    named = reports(found)
    with open_container(path) as export:
        assert set(export.names()) <= set(named)
    assert {report.status for report in named.values()} == {"read", "not needed"}
    gone = {name for name, report in named.items() if "took it out" in str(report.reason)}
    listed = {
        file["fileName"] for kind in config["dataTypes"].values() for file in kind.get("files", ())
    }
    with zipfile.ZipFile(path) as archive:
        assert gone == listed - set(archive.namelist())


def test_hestia_ads_2021(data: Path) -> None:
    path = data / "x_archive" / "hestia-ads-2021" / "twitter-large.zip"
    found = records(path)
    kinds = by_kind(found)
    engaged = ads(raw(path, "data/ad-engagements.js"), "engagements")
    shown = ads(raw(path, "data/ad-impressions.js"), "impressions")
    assert (kinds["ad_engagement"], kinds["ad_impression"]) == (len(engaged), len(shown))
    assert (len(engaged), len(shown)) == (2_390, 7_400)
    impressions = [t for t in only(found, Trace) if t.kind == "ad_impression"]
    for trace, record in zip(impressions, shown, strict=True):
        time = datetime.strptime(record["impressionTime"] + " +0000", "%Y-%m-%d %H:%M:%S %z")
        assert trace.at == time
        assert trace.label == record["advertiserInfo"]["advertiserName"]
        assert trace.detail is not None
        criteria = trace.detail.get("criteria", [])
        assert len(criteria) == min(len(record.get("matchedTargetingCriteria", ())), 200)
    profile = raw(path, "data/personalization.js")[0]["p13nData"]
    interests = profile["interests"]
    assert kinds["interest"] == len(interests["interests"]) + len(interests["shows"])
    audiences = interests["audienceAndAdvertisers"]
    assert kinds["advertiser"] == len(audiences["advertisers"]) + len(
        audiences["lookalikeAdvertisers"]
    )
    assert kinds["place"] == len(profile["locationHistory"])
    assert only(found, Reject) == []
    assert only(found, ExportInfo)[0].owner is None


def test_layout_2016(data: Path) -> None:
    path = data / "x_archive" / "layout-2016-grailbird" / "test_archive_2016_2017_2_months.zip"
    found = records(path)
    months = {month: raw(path, f"data/js/tweets/{month}.js") for month in ("2016_12", "2017_01")}
    assert [len(array) for array in months.values()] == [267, 461]
    tweets = {tweet["id_str"]: tweet for array in months.values() for tweet in array}
    shares = {id for id, tweet in tweets.items() if "retweeted_status" in tweet}

    posts = {post.id: post for post in only(found, Post)}
    assert set(posts) == set(tweets) - shares
    announces = {act.id: act for act in only(found, Activity)}
    assert set(announces) == shares
    for id, act in announces.items():
        assert act.object_id == tweets[id]["retweeted_status"]["id_str"]
        assert act.object_author == tweets[id]["retweeted_status"]["user"]["id_str"]
    places = {id: tuple(tweets[id]["geo"]["coordinates"]) for id in posts if tweets[id].get("geo")}
    assert places
    assert {
        id: (post.latitude, post.longitude)
        for id, post in posts.items()
        if post.latitude is not None
    } == places
    answered = {id: tweets[id]["in_reply_to_status_id_str"] for id in posts
                if "in_reply_to_status_id_str" in tweets[id]}  # fmt: skip
    assert {id: p.in_reply_to for id, p in posts.items() if p.in_reply_to} == answered
    pictures = {id: len(tweets[id]["entities"]["media"]) for id in posts}
    assert {id: len(post.media or ()) for id, post in posts.items()} == pictures
    assert only(found, Metric) == []
    assert only(found, Reject) == []
    user = raw(path, "data/js/user_details.js")
    (owner,) = [account for account in only(found, Account) if account.is_owner]
    assert (owner.id, owner.handle) == (user["id"], user["screen_name"])


def test_dogsheep_fixture(data: Path) -> None:
    folder = data / "x_archive" / "dogsheep-fixture"
    found = records(folder)
    array = json.loads((folder / "api_v1_tweets.json").read_text(encoding="utf-8"))
    shares = [tweet for tweet in array if "retweeted_status" in tweet]
    assert len(array) == 3
    assert {post.id for post in only(found, Post)} == {
        tweet["id_str"] for tweet in array if tweet not in shares
    }
    assert {act.object_id for act in only(found, Activity)} == {
        tweet["retweeted_status"]["id_str"] for tweet in shares
    }
    quoted = {tweet.get("quoted_status_id_str") for tweet in array if tweet not in shares}
    assert {post.quote_of for post in only(found, Post)} == quoted
    assert {roster.name: len(roster.members) for roster in only(found, Roster)} == {
        "followers": 2, "following": 2,
    }  # fmt: skip
    assert by_kind(found)["search"] == 2
    assert by_kind(found)["activity"] == 1
    assert {report.status for report in reports(found).values()} == {"read"}
