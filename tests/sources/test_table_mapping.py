"""Mapping files, and what is broken in a table: it loses only itself."""

import json
import os
import zipfile
from datetime import timedelta

import pytest
from tests.sources.tables_read import AT, DAYS, exported, mapped, of, read

import empreinte
from empreinte.model import Account, ExportInfo, FileReport, Metric, Post, Reject
from empreinte.testing.life import freelancer


@pytest.fixture(scope="module")
def person():
    return freelancer(7, AT - timedelta(days=90))


@pytest.mark.parametrize(
    ("mapping", "told"),
    [
        ("=", "not TOML"),
        ("", "table"),
        ("[[table]]\nfile = 3\n" , "file"),
        (DAYS + "colour = 1\n", "colour"),
        (DAYS + "columns.colour = 'a'\n", "colour"),
        (DAYS + "zone = 'Mars/Olympus'\n", "Mars/Olympus"),
        (DAYS + "zone = '../../etc/passwd'\n", "passwd"),
        (DAYS + "order = 'ymd'\n", "ymd"),
        (DAYS + "counters.'Not a name' = 'a'\n", "a-z"),
        ("[[table]]\ncounters.likes = 'a'\n", "columns.date"),
        ("[[table]]\nrows = 'posts'\ncounters.likes = 'a'\n", "columns.id, columns.url"),
        ("[[table]]\ncolumns.date = 'a'\n", "per_day"),
        ("[[table]]\nrows = 'acts'\ncolumns.actor = 'a'\n", "type"),
        ("observed = 'yesterday'\n" + DAYS, "yesterday"),
    ],
)  # fmt: skip
def test_a_mapping_with_an_error_fails_clearly(tmp_path, mapping, told):
    yielded = read(mapped(tmp_path, mapping, a_csv="Date,Followers\n2026-01-01,1\n"))
    report = next(r for r in of(yielded, FileReport) if r.name == "a.empreinte.toml")
    assert report.status == "failed"
    assert told in str(report.reason)
    assert of(yielded, Metric) == []


def test_a_mapping_that_names_no_file_is_told(tmp_path):
    mapped(tmp_path, '[[table]]\nfile = "b.csv"\n' + DAYS.partition("\n")[2].partition("\n")[2])
    (report,) = of(read(tmp_path), FileReport)
    assert report.status == "failed"
    assert "b.csv" in str(report.reason)


def test_a_table_without_its_columns_fails_alone(tmp_path):
    mapped(tmp_path, DAYS, a_csv="Day,Count\n1,2\n", b_csv="Date,Followers\n2026-01-01,5\n")
    yielded = read(tmp_path)
    status = {r.name: r.status for r in of(yielded, FileReport)}
    assert status == {"a.empreinte.toml": "read", "a.csv": "failed", "b.csv": "read"}
    assert len(of(yielded, Metric)) == 1


def test_someone_else_s_numbers_are_not_the_owner_s(tmp_path):
    mapped(
        tmp_path, f'account = "rival"\nowner = false\n{DAYS}', a_csv="Date,Followers\n2026-01-01,5"
    )
    yielded = read(tmp_path)
    assert of(yielded, ExportInfo)[0].owner is None
    assert [a.is_owner for a in of(yielded, Account)] == [False]


def test_a_changed_mapping_is_read_again(tmp_path):
    mapped(tmp_path, DAYS, a_csv="Date,Followers,Views\n2026-01-01,5,9\n")
    with empreinte.open_ledger(":memory:") as ledger:
        assert ledger.ingest(tmp_path)[0].kept["metrics"] == 1
        mapped(tmp_path, DAYS + 'per_day.views = "Views"\n')
        assert ledger.ingest(tmp_path)[0].kept["metrics"] == 1


def test_dates_that_can_be_read_in_two_ways_are_not_guessed(tmp_path):
    mapped(tmp_path, DAYS, a_csv="Date,Followers\n03/04/2026,1\n05/06/2026,2\n")
    report = next(r for r in of(read(tmp_path), FileReport) if r.name == "a.csv")
    assert report.status == "failed"
    assert "03/04/2026" in str(report.reason)
    mapped(tmp_path, DAYS + 'order = "mdy"\n')
    assert [m.observed.month for m in of(read(tmp_path), Metric)] == [3, 5]


# -- what is broken loses only itself


def test_broken_rows_lose_only_themselves(tmp_path):
    mapping = DAYS + 'per_day.views = "Views"\n'
    body = (
        "Date,Followers,Views\n2026-01-01,5,7\nsomeday,6,8\n2026-01-03,many,9\n2026-01-04,–,\n"
        "2026-01-05,7,1,2,3\nTotal,99,99\n2026-01-06,8,11\n"
    )
    yielded = read(mapped(tmp_path, mapping, a_csv=body))
    assert sorted(m.value for m in of(yielded, Metric)) == [5, 7, 8, 9, 11]
    rejects = of(yielded, Reject)
    assert [r.place for r in rejects] == [1, 4]
    assert "someday" in str(rejects[0].reason)
    report = of(yielded, FileReport)[-1]
    assert [(d.field, d.change, d.value) for d in report.drift] == [
        ("Followers", "unreadable", "many")
    ]
    assert (report.status, report.records) == ("read", 7)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_table_of_videos_without_its_archive_is_as_of_the_day_of_the_file(
    tmp_path, person, language
):
    """The archive's name tells the period of the counters; the table alone does not."""
    archive = exported(tmp_path, person, "youtube", language)
    with zipfile.ZipFile(archive) as opened:
        member = next(one for one in opened.namelist() if "able" in one)
        rows = opened.read(member).decode("utf-8-sig").splitlines()
        (tmp_path / "Table data.csv").write_bytes(opened.read(member))
    os.utime(tmp_path / "Table data.csv", (AT.timestamp(), AT.timestamp()))
    yielded = read(tmp_path / "Table data.csv")
    videos = len(rows) - 2  # the header, and the row that sums up
    assert len(of(yielded, Post)) == videos
    assert {post.type for post in of(yielded, Post)} == {"Video"}
    assert {metric.observed for metric in of(yielded, Metric)} == {AT}
    assert len({metric.subject_id for metric in of(yielded, Metric)}) == videos
    report = of(yielded, FileReport)[-1]
    assert "period" in str(report.reason)
    assert str(videos) in str(report.reason)


def test_broken_lines_of_ndjson(tmp_path):
    mapping = (
        '[[table]]\nfile = "a.ndjson"\nrows = "posts"\ncolumns.id = "post.id"\n'
        'columns.date = ["at", "post.at"]\ncounters.likes = ["likes", "stats.likes"]\n'
    )
    lines = [
        json.dumps({"post": {"id": "1", "at": "2026-01-01"}, "stats": {"likes": 3}}),
        "{", "[]", '{"post": {}}', '{"post": {"id": ["a"]}}', '{"post": {"id": {"a": 1}}}',
        '{"post": {"id": "2"}, "likes": NaN}', '{"a":' * 5000 + "1" + "}" * 5000,
        '{"post": {"id": "3"}, "x": "' + "y" * (3 << 20) + '"}',
        json.dumps({"post.id": "4", "at": 1767225600, "likes": "1 200"}),
        '{"post": {"id": "5"}, "likes": 1e999}', '{"post": {"id": "\\ud800"}, "likes": 1}',
        '{"post": {"id": "6"}, "likes": [' + "[" * 900 + "]" * 900 + "]}",
    ]  # fmt: skip
    yielded = read(mapped(tmp_path, mapping, a_ndjson="\n".join(lines)))
    values = {(m.subject_id, m.value) for m in of(yielded, Metric)}
    assert {("1", 3), ("4", 1200)} <= values
    assert {p.id for p in of(yielded, Post)} >= {"1", "2", "4", "5", "6"}
    assert len(of(yielded, Reject)) == 7
    report = of(yielded, FileReport)[-1]
    assert report.records == len(lines)
    assert {(d.field, d.records) for d in report.drift} == {("likes", 2), ("post.id", 1)}


def test_a_renamed_column_is_told_and_the_rest_is_kept(tmp_path, person):
    path = exported(tmp_path, person, "x days")
    path.write_text(path.read_text().replace(",Likes,", ",Hearts,"))
    yielded = read(path)
    (report,) = of(yielded, FileReport)
    assert {(d.field, d.change, d.records, d.of) for d in report.drift} == {
        ("Likes", "vanished", 28, 28), ("Hearts", "new", 28, 28),
    }  # fmt: skip
    assert len(of(yielded, Metric)) == 28 * 11


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_encodings_and_delimiters(tmp_path, encoding, delimiter):
    body = "sep=,\nDate,Abonnés\n2026-01-01,5\n".replace(",", delimiter).encode(encoding)
    mapping = DAYS.replace('"Followers"', '["Followers", "Abonnés"]')
    assert [m.value for m in of(read(mapped(tmp_path, mapping, a_csv=body)), Metric)] == [5]


def test_rows_of_one_day_are_told(tmp_path):
    body = "Date,Followers\n2026-01-01,5\n2026-01-02,6\n2026-01-02,7\n"
    report = next(r for r in of(read(mapped(tmp_path, DAYS, a_csv=body)), FileReport) if r.reason)
    assert "an earlier row is of as well: 1" in str(report.reason)
