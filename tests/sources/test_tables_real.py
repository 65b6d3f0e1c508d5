"""Real exported tables, read in place: each number against an independent reading of the file."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

import empreinte
from empreinte.container import open_container
from empreinte.model import FileReport, Metric, Reject
from empreinte.sources import table

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "analytics"
pytestmark = [
    pytest.mark.real_data,
    pytest.mark.skipif(not DATA.is_dir(), reason="the sample exports are not here"),
]
SERIES = {
    "Follows": ("meta", "new_followers_per_day"), "Interactions": ("meta", "engagements_per_day"),
    "Reach": ("facebook", "reach_per_day"), "Views": ("meta", "views_per_day"),
}  # fmt: skip


def given(path):
    with open_container(path) as export:
        return [one for root in table.recognize(export) for one in table.read(export.under(root))]


def of(yielded, kind):
    return [one for one in yielded if isinstance(one, kind)]


def rows_of(path, encoding="utf-8-sig", skip=0):
    lines = path.read_text(encoding).splitlines(keepends=True)[skip:]
    return list(csv.DictReader(io.StringIO("".join(lines))))


@pytest.mark.parametrize("name", SERIES)
def test_series_of_meta(name):
    path = DATA / "meta_business_suite" / f"{name}.csv"
    platform, metric = SERIES[name]
    found = of(given(path), Metric)
    assert {(m.platform, m.name) for m in found} == {(platform, metric)}
    assert [(m.observed.date().isoformat(), m.value) for m in found] == [
        (row["Date"][:10], float(row["Primary"])) for row in rows_of(path, "utf-16", 2)
    ]


def test_twitter_by_day_and_by_tweet():
    for stem, subject in (("daily_tweet_activity_metrics", "Date"), ("tweet_act", "Tweet id")):
        (path,) = (DATA / "x_analytics").glob(f"{stem}*")
        yielded = given(path)
        assert of(yielded, Reject) == []
        (report,) = of(yielded, FileReport)
        assert report.drift == ()
        found = {
            (m.observed.date().isoformat() if subject == "Date" else m.subject_id,
             m.name.removesuffix("_per_day")): m.value
            for m in of(yielded, Metric)
        }  # fmt: skip
        names = {"impressions": "impressions", "retweets": "shares", "likes": "likes",
                 "replies": "replies", "engagement rate": "engagement_rate",
                 "media views": "media_seen", "follows": "new_followers"}  # fmt: skip
        rows = rows_of(path)
        for row in rows:
            for column, name in names.items():
                assert found[row[subject], name] == float(row[column])
        assert len({key for key, _name in found}) == len(rows) == 31


def test_youtube_studio_by_source():
    folder = DATA / "youtube_studio"
    yielded = given(folder)
    assert [(m.observed.date().isoformat(), m.value) for m in of(yielded, Metric)] == [
        (row["Date"], float(row["Views"]))
        for row in rows_of(folder / "channel-rehan" / "Totals.csv")
    ]
    left = {r.name for r in of(yielded, FileReport) if r.status == "not needed"}
    assert {name.rpartition("/")[2] for name in left} == {"Chart data.csv", "Table data.csv"}


def test_tiktok_asks_for_its_year(tmp_path):
    folder = DATA / "tiktok_studio" / "en-month-first"
    metrics = {"Overview": "views", "Viewers": "new_viewers", "FollowerHistory": "net_followers"}
    columns = {"Overview": "Video Views", "Viewers": "New Viewers",
               "FollowerHistory": "Difference in followers from previous day"}  # fmt: skip
    with empreinte.open_ledger(":memory:") as ledger:
        for stem, metric in metrics.items():
            (report,) = ledger.ingest(folder / f"{stem}.csv")
            assert sum(report.kept.values()) == 0
            ledger.describe(folder / f"{stem}.csv", {"year": "2025"})
            ledger.ingest(folder / f"{stem}.csv")
            found = ledger.sql(
                "select cast(observed as date) as day, value from readings "
                "where name = $name order by 1",
                name=f"{metric}_per_day",
            ).to_pylist()
            values = [row[columns[stem]] for row in rows_of(folder / f"{stem}.csv")]
            first = date(2025, 2, 28)
            expected = {
                first + timedelta(days=n): float(value)
                for n, value in enumerate(values)
                if value != "undefined"
            }
            assert {row["day"]: row["value"] for row in found} == expected
        (report,) = ledger.ingest(folder / "FollowerActivity.csv")
        ledger.describe(folder / "FollowerActivity.csv", {"year": "2026"})
        ledger.ingest(folder / "FollowerActivity.csv")
        at = ledger.sql("select min(observed) as at from readings where name = 'active_followers'")
        assert at.to_pylist()[0]["at"].replace(tzinfo=None) == datetime(2026, 2, 21)
        for stem in ("FollowerGender", "FollowerTopTerritories"):
            (report,) = ledger.ingest(folder / f"{stem}.csv")
            assert [file.status for file in report.files] == ["not needed"]
