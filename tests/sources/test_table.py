"""Tables: mapping files, ready-made ones, cells of all styles, and what is hostile in them."""

import io
import json
import os
import zipfile
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

import empreinte
from empreinte.container import in_memory, open_container
from empreinte.errors import RecordError
from empreinte.model import Account, Activity, ExportInfo, FileReport, Metric, Post, Reject
from empreinte.sources import table
from empreinte.sources.table import cells, known, workbook
from empreinte.testing import table as made
from empreinte.testing.life import FIRST_EXPORT, freelancer

AT = FIRST_EXPORT
PARIS, PACIFIC = ZoneInfo("Europe/Paris"), ZoneInfo("America/Los_Angeles")


@pytest.fixture(scope="module")
def person():
    return freelancer(7, AT - timedelta(days=90))


def name_of(layout: str, language: str = "en") -> str:
    if layout == "youtube":
        return f"Content {made.period_name(AT)} Maelle {language}.zip"
    if layout == "linkedin":
        return f"Content_{made.period_name(AT)}_Maelle_{language}.xlsx"
    return f"{layout}-{language}" + ("" if layout in ("csv", "xlsx", "ndjson") else ".csv")


def exported(tmp_path, person, layout, language="en"):
    path = tmp_path / name_of(layout, language)
    return made.write_export(path, person, AT, language=language, layout=layout)


def read(path):
    """Read all roots of an export; give what they yield."""
    with open_container(path) as export:
        return [one for root in table.recognize(export) for one in table.read(export.under(root))]


def of(yielded, kind):
    return [one for one in yielded if isinstance(one, kind)]


def metrics(yielded):
    return {(m.subject_id, m.name, m.observed): m.value for m in of(yielded, Metric)}


def midnight(day: date, zone) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def mapped(tmp_path, mapping: str, **files: str | bytes):
    """Write a folder with a mapping file and tables."""
    (tmp_path / "a.empreinte.toml").write_text('platform = "carnet"\n' + mapping, "utf-8")
    for name, body in files.items():
        path = tmp_path / name.replace("_", ".")
        path.write_bytes(body.encode() if isinstance(body, str) else body)
    return tmp_path


DAYS = '[[table]]\nfile = "*.csv"\ncolumns.date = "Date"\ncounters.followers = "Followers"\n'


# -- the generator's exports, against the person


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "ndjson"])
def test_a_mapping_of_one_s_own_in_every_format(tmp_path, person, form, language):
    yielded = read(exported(tmp_path, person, form, language))
    assert of(yielded, Reject) == []
    (info,) = of(yielded, ExportInfo)
    observed = midnight(AT.date(), UTC)
    assert (info.owner, info.observed) == (("carnet", "maelle"), observed)
    (account,) = of(yielded, Account)
    assert (account.id, account.name, account.is_owner) == ("maelle", "Carnet de Maëlle", True)
    expected = {}
    for number, (day, n) in enumerate(made.days(person, AT)):
        at = midnight(day, PARIS)
        expected["maelle", "views_per_day", at] = n["impressions"]
        if number % 7:  # each seventh day the number is not known: that is no metric
            expected["maelle", "followers", at] = n["followers"]
    posts = made.posts(person, AT)[:40]
    for p in posts:
        likes = made.likes(p, AT)
        seen = made.impressions(likes)
        seen = round(float(f"{seen / 1000:.1f}") * 1000) if seen >= 1000 else seen
        expected[str(p.number), "views", observed] = seen
        expected[str(p.number), "likes", observed] = likes
    assert metrics(yielded) == expected
    assert {(m.subject_type, m.name) for m in of(yielded, Metric)} == {
        ("account", "views_per_day"), ("account", "followers"), ("post", "views"),
        ("post", "likes"),
    }  # fmt: skip
    assert {p.id: (p.title, p.url, p.published, p.author_id, p.type, p.visibility, p.platform)
            for p in of(yielded, Post)} == {
        str(p.number): (p.text[:80].strip(), f"https://carnet.example.org/{p.number}",
                        p.at.replace(microsecond=0), "maelle", "Article", "public", "carnet")
        for p in posts
    }  # fmt: skip
    acts = of(yielded, Activity)
    assert {(a.actor_id, a.type, a.object_id, a.object_type, a.published) for a in acts} == {
        *((f.handle, "Follow", "maelle", "account", f.since) for f in made.joined(person, AT)),
        *((f.handle, "Like", str(p.number), "post", None) for f, p in made.fans(person, AT)),
    }
    reports = {r.name: r for r in of(yielded, FileReport)}
    assert {r.status for r in reports.values()} == {"read"}
    assert {r.drift for r in reports.values()} == {()}
    book = "carnet.xlsx" if form == "xlsx" else f"days.{form}"
    assert "summed" in str(reports[book].reason) or "sum up" in str(reports[book].reason)
    assert sum(r.records for r in reports.values()) == 29 + 40 + len(acts)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_youtube_studio(tmp_path, person, language):
    yielded = read(exported(tmp_path, person, "youtube", language))
    assert of(yielded, Reject) == []
    assert of(yielded, Post) == []  # the platform's own archive tells of them
    first, last = made.period(AT)
    end = midnight(last + timedelta(days=1), PACIFIC) - timedelta(seconds=1)
    start = midnight(first, PACIFIC)
    videos = [p for p in made.posts(person, AT)[:60] if p.at > start - timedelta(days=10)]
    inside = [p for p in videos if p.at.astimezone(PACIFIC).date() >= first]
    assert 0 < len(inside) < len(videos)
    found = metrics(yielded)
    for p in inside:
        likes = made.likes(p, AT)
        seen = made.impressions(likes)
        expected = {"views": seen, "likes": likes, "impressions": 9 * seen}
        assert {name: found[made.video_id(p), name, end] for name in expected} == expected
        hours = found[made.video_id(p), "watch_hours", end]
        assert hours == pytest.approx(round(seen / 8, 4))
    assert sum(name == "views" for _id, name, _at in found) == len(inside)
    for day, n in made.days(person, AT):
        assert (
            found[f"Maelle {language}", "views_per_day", midnight(day, PACIFIC)] == n["impressions"]
        )
    for p in videos[:5]:
        key = made.video_id(p), "views_per_day", midnight(last, PACIFIC)
        assert found[key] == made.likes(p, AT)
    reports = of(yielded, FileReport)
    assert Counter(r.status for r in reports) == {"read": 3}
    assert all(r.drift == () for r in reports)
    told = next(str(r.reason) for r in reports if r.reason)
    assert "rows that sum up the others (1)" in told
    assert f"older than the period of the table ({len(videos) - len(inside)})" in told


@pytest.mark.parametrize("language", ["en", "fr"])
def test_linkedin(tmp_path, person, language):
    yielded = read(exported(tmp_path, person, "linkedin", language))
    assert of(yielded, Reject) == []
    found = metrics(yielded)
    first, last = made.period(AT)
    end = midnight(last + timedelta(days=1), UTC) - timedelta(seconds=1)
    expected, me = {}, f"Maelle_{language}"
    for day, n in made.days(person, AT):
        at = midnight(day, UTC)
        expected[me, "impressions_per_day", at] = n["impressions"]
        expected[me, "engagements_per_day", at] = n["likes"]
        expected[me, "new_followers_per_day", at] = n["joined"]
    expected[me, "followers", midnight(last, UTC)] = n["followers"]
    posts = made.posts(person, AT, first)
    for p in posts:
        likes = made.likes(p, AT)
        expected[made.link(p), "engagements", end] = likes
        expected[made.link(p), "impressions", end] = made.impressions(likes)
    assert found == expected
    assert {(p.id, p.url, p.published) for p in of(yielded, Post)} == {
        (made.link(p), made.link(p), midnight(p.at.date(), UTC)) for p in posts
    }
    (report,) = of(yielded, FileReport)
    assert (report.status, report.drift) == ("read", ())
    left = {"en": "DISCOVERY, DEMOGRAPHICS", "fr": "DÉCOUVERTE, DONNÉES DÉMOGRAPHIQUES"}
    assert left[language] in str(report.reason)


@pytest.mark.parametrize("language", ["en", "fr"])
@pytest.mark.parametrize("network", ["instagram", "facebook"])
def test_meta_business_suite(tmp_path, person, network, language):
    path = exported(tmp_path, person, network, language)
    yielded = read(path)
    assert of(yielded, Reject) == []
    (owner,) = [a for a in of(yielded, Account) if a.is_owner]
    assert (owner.platform, owner.id, owner.name) == (network, "17841400000000001", person.name)
    posts = made.posts(person, AT)
    assert {(p.id, p.content, p.published, p.author_id, p.platform) for p in of(yielded, Post)} == {
        (f"18{p.number:012d}", p.text.strip(), p.at.replace(second=0, microsecond=0), owner.id,
         network)
        for p in posts
    }  # fmt: skip
    values = {(m.subject_id, m.name): m.value for m in of(yielded, Metric)}
    assert values == {
        (f"18{p.number:012d}", name): value
        for p in posts
        for name, value in {
            "views": made.impressions(made.likes(p, AT)),
            "reach": made.impressions(made.likes(p, AT)) // 2,
            "likes": made.likes(p, AT), "shares": p.gathered(p.shares, AT),
            "replies": p.gathered(p.replies, AT),
        }.items()
    }  # fmt: skip
    assert of(yielded, FileReport)[0].drift == ()


def test_x(tmp_path, person):
    from empreinte.testing.x import tweet_id

    days = metrics(read(exported(tmp_path, person, "x days")))
    for day, n in made.days(person, AT):
        at = midnight(day, UTC)
        assert days["me", "impressions_per_day", at] == n["impressions"]
        assert days["me", "new_followers_per_day", at] == n["joined"]
        assert ("me", "lost_followers_per_day", at) not in days  # empty is not zero
    posts = read(exported(tmp_path, person, "x posts"))
    assert of(posts, Post) == []
    values = {(m.subject_id, m.name): m.value for m in of(posts, Metric)}
    for p in made.posts(person, AT):
        id = tweet_id(p.number, p.at)
        assert values[id, "likes"] == made.likes(p, AT)
        assert values[id, "shares"] == p.gathered(p.shares, AT)
        assert (id, "bookmarks") not in values
    assert [r.drift for r in of(posts, FileReport)] == [()]


def test_both_languages_give_the_same_records(tmp_path, person):
    for layout in ("youtube", "linkedin", "instagram", "facebook", "csv"):
        found = []
        for language in ("en", "fr"):
            yielded = read(exported(tmp_path, person, layout, language))
            ours = [one for one in yielded if isinstance(one, Metric | Post | Activity)]
            fields = ("platform", "id", "name", "value", "title", "content", "published")
            found.append(Counter(tuple(getattr(o, f, None) for f in fields) for o in ours))
        assert found[0] == found[1], layout


# -- in the ledger


def test_a_later_export_adds_only_what_is_new(tmp_path, person):
    later = AT + timedelta(days=7)
    with empreinte.open_ledger(":memory:") as ledger:
        (first,) = ledger.ingest(exported(tmp_path, person, "x days"))
        assert (first.source, first.complete, first.kept["metrics"]) == ("table", True, 28 * 12)
        again = made.write_export(tmp_path / "later.csv", person, later, layout="x days")
        (second,) = ledger.ingest(again)
        assert second.kept["metrics"] == 7 * 12
        assert second.known["metrics"] == 21 * 12


def test_every_layout_is_the_table_source_s_and_every_file_is_accounted_for(tmp_path, person):
    with empreinte.open_ledger(":memory:") as ledger:
        for layout in made.LAYOUTS:
            (report,) = ledger.ingest(exported(tmp_path, person, layout))
            assert (report.source, report.rejected) == ("table", 0), layout
            assert {file.status for file in report.files} == {"read"}
        followers = ledger.sql("select * from followers where channel = 'carnet:maelle'")
        assert followers.num_rows == 24


# -- recognising


@pytest.mark.parametrize(
    "header",
    [
        "Comment ID,Channel ID,Comment Create Timestamp,Price,Video ID,Comment Text",
        "id,permalink,date,ip,subreddit,gildings,link,parent,body,media",
        "Date,Link,Message",
        "Date,ShareLink,ShareCommentary,SharedUrl,MediaUrl,Visibility",
        "Account address,Show boosts",
        "Channel Id,Channel Url,Channel Title",
        "Date,Views", "date,value", "statistic,value",
    ],
)  # fmt: skip
def test_other_platforms_tables_are_left_alone(header):
    export = in_memory("comments.csv", f"{header}\n2026-01-01,1,2,3,4,5\n".encode())
    assert list(table.recognize(export)) == []


def test_roots(tmp_path, person):
    exported(tmp_path, person, "x days").rename(tmp_path / "overview.csv")
    exported(tmp_path, person, "linkedin")
    exported(tmp_path, person, "csv").rename(tmp_path / "mine")
    (tmp_path / "mine" / "deeper").mkdir()
    (tmp_path / "mine" / "deeper" / "days.csv").write_text("Date,Followers\n2026-01-02,3\n")
    (tmp_path / "else.txt").write_text("hello")
    with open_container(tmp_path) as export:
        roots = sorted(table.recognize(export))
    assert roots == [name_of("linkedin"), "mine/", "overview.csv"]


def test_ready_made_tables_are_well_formed_and_tell_each_other_apart():
    tables = known.tables()
    assert len(tables) >= 14
    for platform, one in tables:
        for columns in one.header.values():
            header = [column.split("|")[0].partition("#")[0] for column in columns]
            if any("#" in column for column in columns):
                continue
            name = one.file.replace("*", "ls") + ".csv"
            above = "".join(f"{word}: 20260801\n" for word in one.above[:1])
            below = "2026-01-01," * len(header) if one.dated else "a," * len(header)
            data = (above + ",".join(f'"{c}"' for c in header) + f"\n{below}\n").encode()
            found = known.of_csv(data, name)
            assert found is not None
            assert (found.platform, found.table) == (platform, one), header


# -- the mapping file


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


# -- cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("12", 12), ("1 234", 1234), ("1\u202f234\u202f567", 1234567), ("1\u00a0234", 1234),
        ("1,234", 1234), ("1.234", 1234), ("1,234,567", 1234567), ("1.234,5", 1234.5),
        ("1,234.5", 1234.5), ("12,5", 12.5), ("0,123", 0.123), ("0.5", 0.5), ("1'234", 1234),
        ("12 %", 0.12), ("12,5\u202f%", 0.125), ("1.2K", 1200), ("1,2 k", 1200), ("3M", 3e6),
        ("1.234K", 1234), ("2,5 Md", 2.5e9), ("-3", -3), ("−3", -3), ("+3", 3), ("(3)", -3),
        ("", None), (" – ", None), ("-", None), ("—", None), ("N/A", None), (None, None),
        (7, 7), (7.5, 7.5), ("0", 0), ("9,50 €", 9.5), ("€1,234", 1234), ("US$12", 12),
        ("12,50 euros", 12.5), ("EUR 12.5", 12.5), ("CHF 1'234.50", 1234.5), ("-£3", -3),
        ("($3)", -3), ("£-3", -3),
    ],
)  # fmt: skip
def test_numbers(cell, value):
    found = cells.number(cell)
    assert found == (None if value is None else pytest.approx(value))


@pytest.mark.parametrize(
    "cell",
    ["soon", "1,2,3", "12.34.56", "1 2x", "=cmd()", "9" * 100, True, float("nan"), float("inf"),
     [1], {"a": 1}, "٣x", "1e400", "--1", "euro", "eur", "1 eurocent", "$", "1,23,456", 10**400],
)  # fmt: skip
def test_what_is_no_number_is_told(cell):
    with pytest.raises(RecordError):
        cells.number(cell)


def test_a_decimal_mark_that_is_told_decides():
    assert cells.number("1,234", ",") == pytest.approx(1.234)
    assert cells.number("1.234", ".") == pytest.approx(1.234)
    assert cells.number("1.234,5", ",") == pytest.approx(1234.5)


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("2026-09-06", (2026, 9, 6)), ("20260906", (2026, 9, 6)), ("06/09/2026", (2026, 9, 6)),
        ("6 sept. 2026", (2026, 9, 6)), ("Sep 6, 2026", (2026, 9, 6)),
        ("Sun, Sep 6, 2026", (2026, 9, 6)), (46271, (2026, 9, 6)), (46271.0, (2026, 9, 6)),
        (date(2026, 9, 6), (2026, 9, 6)), (datetime(2026, 9, 6), (2026, 9, 6)),
        ("2026-09-06T00:00:00", (2026, 9, 6)),
    ],
)  # fmt: skip
def test_dates(cell, found):
    assert cells.day(cell, PARIS) == datetime(*found, tzinfo=PARIS)


@pytest.mark.parametrize(
    "cell",
    ["", "2026", "31/02/2026", "99999999", None, True, datetime(1, 1, 1), 5e300, "x" * 10**6],
)
def test_impossible_dates_are_rejected(cell):
    with pytest.raises(RecordError):
        cells.day(cell, UTC)


@pytest.mark.parametrize("cell", ["1.23457E+18", "1,2E+18", 1.5, 2.0**60, datetime(2026, 1, 1)])
def test_ids_that_a_spreadsheet_rounded_are_rejected(cell):
    with pytest.raises(RecordError, match="rounded"):
        cells.identifier(cell)


@pytest.mark.parametrize(
    ("dates", "order"),
    [
        (["03/04/2026", "03/13/2026"], {"mdy"}), (["13/04/2026"], {"dmy"}),
        (["03.04.2026"], {"dmy"}), (["13/04/2026", "04/13/2026"], {"dmy", "mdy"}),
        # Days in a row in one order are the same day of some months in the other.
        (["09/05/2026", "10/05/2026", "11/05/2026"], set()), (["9/5/26", "9/6/26"], set()),
        (["03/04/2026"], set()), (["2026-03-04"], set()), ([], set()), ([7, None], set()),
    ],
)  # fmt: skip
def test_day_or_month_first_is_told_by_the_dates_themselves(dates, order):
    assert cells.orders_of(dates) == order


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


# -- workbooks


def sheet(xml: str, **parts: str) -> bytes:
    """Make a workbook whose one sheet holds `xml`."""
    packed = io.BytesIO(made.workbook({"a": [["Date", "Followers"], [date(2026, 1, 1), 5]]}))
    out = io.BytesIO()
    with (
        zipfile.ZipFile(packed) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            body = source.read(name).decode()
            if name.endswith("sheet1.xml"):
                body = body.replace("</sheetData>", f"{xml}</sheetData>")
            target.writestr(name, body)
        for name, body in parts.items():
            target.writestr(name, body)
    return out.getvalue()


BOOK = DAYS.replace("*.csv", "*.xlsx")


def test_a_workbook_s_dates_and_numbers(tmp_path):
    yielded = read(mapped(tmp_path, BOOK, a_xlsx=sheet("")))
    assert [(m.value, m.observed) for m in of(yielded, Metric)] == [
        (5, datetime(2026, 1, 1, tzinfo=UTC))
    ]


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row><row r="3"><c r="XFD3"><v>1</v></c></row>',
        '<row><c r="&#88;FD1048576"><v>1</v></c></row>',
        "<x:row xmlns:x='u' r='1048576'><x:c r='AAA1'><v>1</v></x:c></x:row>",
        "<row r='2'>" + "<c/>" * 17_000 + "</row><row r='1000'><c r='A1000'/></row>",
    ],
)
def test_a_sheet_too_wide_for_the_memory_is_refused(tmp_path, xml):
    """calamine would ask for 500 GB, and abort."""
    report = of(read(mapped(tmp_path, BOOK, a_xlsx=sheet(xml))), FileReport)[-1]
    assert report.status == "failed"
    assert "columns" in str(report.reason)


def test_a_bomb_in_a_workbook_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "MAX_UNPACKED", 1 << 20)
    data = sheet("", **{"xl/sharedStrings.xml": "<sst>" + " " * (2 << 20) + "</sst>"})
    report = of(read(mapped(tmp_path, BOOK, a_xlsx=data)), FileReport)[-1]
    assert "unpacks to more" in str(report.reason)
    lying = data.replace((len("<sst></sst>") + (2 << 20)).to_bytes(4, "little"), b"\x10\0\0\0")
    report = of(read(mapped(tmp_path, BOOK, a_xlsx=lying)), FileReport)[-1]
    assert report.status == "failed"


@pytest.mark.parametrize(
    "data",
    [
        b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"\0" * 600, sheet("<row>"), sheet("<row></c>"),
        sheet("").replace(b"xl/workbook.xml", b"xl/workbook.bin"),
        sheet("")[:600],
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_told(tmp_path, data):
    report = of(read(mapped(tmp_path, BOOK, a_xlsx=data)), FileReport)[-1]
    assert (report.status, report.reason is not None) == ("failed", True)


def test_an_entity_in_a_workbook_is_never_expanded(tmp_path):
    evil = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>'
    report = of(read(mapped(tmp_path, BOOK, a_xlsx=sheet("", **{"xl/b.xml": evil}))), FileReport)[
        -1
    ]
    assert report.status == "failed"


def test_a_formula_gives_the_value_that_is_kept(tmp_path):
    xml = '<row r="3"><c r="A3" s="1"><v>46024</v></c><c r="B3"><f>1+1</f><v>42</v></c></row>'
    yielded = read(mapped(tmp_path, BOOK, a_xlsx=sheet(xml)))
    assert sorted(m.value for m in of(yielded, Metric)) == [5, 42]
