"""The export of the real layout, counted with nothing but `json`."""

from __future__ import annotations

import json
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from tests.sources.test_tiktok import acts, only, records

from empreinte.model import Account, FileReport, Metric, Post, Reject, Roster, Trace

pytestmark = pytest.mark.real_data


def test_the_real_layout_is_counted(data: Path) -> None:
    path = data / "tiktok" / "tiktok.zip"
    found = records(path)
    with zipfile.ZipFile(path) as archive:
        document = json.loads(archive.read("user_data.json"))
    activity = document["Activity"]
    seen = activity["Video Browsing History"]["VideoList"]
    liked = activity["Like List"]["ItemFavoriteList"]
    said = document["Comment"]["Comments"]["CommentsList"]
    sought = activity["Search History"]["SearchList"]
    entered = activity["Login History"]["LoginHistoryList"]
    assert (len(seen), len(liked), len(said), len(sought)) == (5_549, 589, 389, 389)

    views, likes = acts(found, "View"), acts(found, "Like")
    assert Counter(act.url for act in views) == Counter(one["VideoLink"] for one in seen)
    assert Counter(f"{act.published:%Y-%m-%d %H:%M:%S}" for act in likes) == Counter(
        one["Date"] for one in liked
    )
    assert Counter(p.content for p in only(found, Post)) == Counter(
        one["Comment"].strip() for one in said
    )
    kinds = Counter(trace.kind for trace in only(found, Trace))
    assert (kinds["search"], kinds["login"], kinds["device"]) == (389, len(entered), 1)

    rosters = {roster.name: roster for roster in only(found, Roster)}
    fans, followed = activity["Follower List"]["FansList"], activity["Following List"]["Following"]
    assert (len(fans), len(followed)) == (30, 200)
    assert set(rosters["followers"].members) == {one["UserName"].lower() for one in fans}
    assert set(rosters["following"].members) == {one["UserName"].lower() for one in followed}
    assert len(acts(found, "Follow")) == 230

    assert only(found, Reject) == []
    assert only(found, Metric) == []  # the export counts nothing: "None" is not zero
    (report,) = only(found, FileReport)
    assert (report.status, report.drift) == ("read", ())
    (owner,) = [account for account in only(found, Account) if account.is_owner]
    profile = document["Profile"]["Profile Information"]["ProfileMap"]
    assert (owner.handle, owner.summary) == (profile["userName"], profile["bioDescription"])
    for chat in document["Direct Messages"]["Chat History"]["ChatHistory"].values():
        assert not {one["comment"] for one in chat} & {p.content for p in only(found, Post)}
