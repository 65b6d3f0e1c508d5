"""Archives of X whose fields were renamed: what is known is no drift, what changed is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.sources.test_x_damage import PERSON, change
from tests.sources.x_export import AT, only, records, reports

from empreinte.model import (
    FileReport,
    Metric,
    Post,
)
from empreinte.testing import x

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return x.write_archive(tmp_path / "twitter", PERSON, AT, "2026")


COUNTED = replace(
    PERSON,
    published=tuple(replace(p, likes=p.likes or 0, shares=p.shares or 0) for p in PERSON.published),
)
"""Shares too bear counters, as in real archives."""


def test_what_this_version_knows_is_no_drift(tmp_path: Path) -> None:
    for layout in ("2016", "2019", "2020", "2026"):
        path = x.write_archive(tmp_path / layout, COUNTED, AT, layout, deleted=[4])
        assert [report for report in only(records(path), FileReport) if report.drift] == []


def test_a_renamed_field_is_told_and_loses_nothing_else(tmp_path: Path) -> None:
    folder = x.write_archive(tmp_path / "twitter", COUNTED, AT, "2026")
    before = only(records(folder), Post)

    def rename(tweets: list[dict]) -> None:
        for item in tweets[:3]:
            item["tweet"]["like_total"] = item["tweet"].pop("favorite_count")

    change(folder / "data/tweets.js", rename)
    found = records(folder)
    told = reports(found)["data/tweets.js"]
    assert told.status == "read"
    assert {(d.field, d.change, d.records, d.of) for d in told.drift} == {
        ("favorite_count", "vanished", 3, told.records), ("like_total", "new", 3, told.records),
    }  # fmt: skip
    assert len(only(found, Post)) == len(before)
    counted = {m.subject_id for m in only(found, Metric) if m.name == "likes"}
    assert len([post for post in only(found, Post) if post.id not in counted]) >= 1


@pytest.mark.parametrize(
    ("file", "field"),
    [
        ("like", "tweetId"), ("follower", "accountId"), ("ip-audit", "createdAt"),
        ("device-token", "createdAt"), ("connected-application", "approvedAt"), ("app", "appNames"),
    ],
)  # fmt: skip
def test_every_kind_of_file_is_watched(folder: Path, file: str, field: str) -> None:
    path = folder / f"data/{file}.js"
    if not path.exists():
        path.write_text('window.YTD.app.part0 = [ {"app": {"appId": "1", "appNames": ["A"]}} ]')

    def rename(items: list[dict]) -> None:
        (inner,) = items[0].values()
        inner["renamed"] = inner.pop(field)

    change(path, rename)
    drift = {
        (d.field, d.change, d.records) for d in reports(records(folder))[f"data/{file}.js"].drift
    }
    assert drift == {(field, "vanished", 1), ("renamed", "new", 1)}


def test_advertisements_are_watched_one_by_one(folder: Path) -> None:
    def rename(items: list[dict]) -> None:
        shown = items[0]["ad"]["adsUserData"]["adImpressions"]["impressions"][0]
        shown["osFamily"] = shown.pop("deviceInfo")

    change(folder / "data/ad-impressions.js", rename)
    told = reports(records(folder))["data/ad-impressions.js"]
    assert {(d.field, d.records, d.of) for d in told.drift} == {
        ("deviceInfo", 1, told.records), ("osFamily", 1, told.records)
    }  # fmt: skip
