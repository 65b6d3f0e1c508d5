"""Dates of tables as they are exported: their order, their years, adverse ones by the thousand."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest
from tests.rows import first
from tests.sources.tables_found import SAMPLES, given, of

import empreinte
from empreinte.container import in_memory, open_container
from empreinte.model import FileReport, Metric, Post, Reject
from empreinte.sources import table
from empreinte.testing import tables as made
from empreinte.testing.workbook import workbook


def days_drawn(random: Random) -> list[date]:
    """Draw days that mislead: firsts of months, one row, ends of years, changed clocks."""
    year = random.randrange(2012, 2028)
    kind = random.randrange(6)
    if kind == 0:
        return [date(year, month, 1) for month in range(1, random.randrange(2, 8))]
    if kind == 1:
        return [date(year, random.randrange(1, 13), random.randrange(1, 13))]
    if kind == 2:
        return made.in_a_row(date(year, random.randrange(1, 13), 1), random.randrange(2, 12))
    if kind == 3:
        return made.in_a_row(date(year, 12, random.randrange(25, 32)), random.randrange(5, 40))
    if kind == 4:
        return made.in_a_row(date(year, 3, random.randrange(5, 12)), 7)
    first = date(year, 1, 1) + timedelta(days=random.randrange(365))
    return made.in_a_row(first, random.randrange(1, 60))


ORDERS = {  # in which the platform writes, or None where it may be either
    "instagram posts": "mdy", "facebook posts": "mdy", "linkedin page": "mdy", "x days": "mdy",
    "x before 2024, days": "mdy", "search console": None, "x posts of an office": None,
    "x video": "mdy", "twitch": None, "plausible": None, "instagram posts of Brazil": None,
}  # fmt: skip
NAMED = [s for s in SAMPLES if s.name in ORDERS]


def at_of(yielded) -> list[datetime]:
    """Give the day that each row is of."""
    posts = [p.published for p in of(yielded, Post)]
    met = {m.observed: None for m in of(yielded, Metric) if m.name.endswith("_per_day")}
    return posts or list(met)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(4))
def test_no_date_of_a_thousand_is_wrong(chunk):
    random = Random(chunk)
    asked = 0
    for number in range(250):
        sample, days = NAMED[number % len(NAMED)], days_drawn(random)
        order = ORDERS[sample.name]
        style = sample.days
        if style in ("mdy", "weekday", "iso") and order == "mdy":
            style = random.choice(["mdy", "weekday" if sample.name.startswith("x") else "mdy"])
        elif order is None and sample.name != "twitch":
            style = random.choice(["mdy", "dmy", "iso", "dotted"])
        written = made.made(sample._replace(days=style), days, number)
        export = in_memory("1.csv", written.data)
        yielded = given(export)
        if not yielded:
            asked += 1
            assert style in ("mdy", "dmy")
            assert order is None
            assert all(day.day <= 12 for day in days)
            what = table.unknown(export, "1.csv")
            assert what is not None
            assert next(f for f in what.form.fields if f.name == "order").required
            continue
        if sample.name == "x posts of an office":
            continue  # its posts are told by the archive: their days are not kept
        zone = ZoneInfo("America/Los_Angeles") if "posts" in sample.name else UTC
        assert [at.astimezone(zone).date() for at in at_of(yielded)] == days, (sample.name, style)
    assert asked > 3


def test_six_posts_on_the_firsts_of_months_are_of_six_months():
    sample = next(s for s in SAMPLES if s.name == "instagram posts" and s.language == "fr")
    firsts = [date(2026, month, 1) for month in range(1, 7)]
    posts = of(given(in_memory("1.csv", made.made(sample, firsts).data)), Post)
    assert [post.published.astimezone(ZoneInfo("America/Los_Angeles")).month for post in posts] == [
        1, 2, 3, 4, 5, 6,
    ]  # fmt: skip


def test_a_file_that_contradicts_its_platform_s_order_is_asked_about():
    sample = next(s for s in SAMPLES if s.name == "instagram posts")
    data = made.made(sample._replace(days="dmy"), made.in_a_row(date(2026, 5, 11), 5)).data
    export = in_memory("1.csv", data)
    assert given(export) == []
    assert "month/day" in str(table.unknown(export, "1.csv").why)


def test_an_order_that_is_told_completes_what_is_known(tmp_path):
    path = tmp_path / "NetflixViewingHistory.csv"
    path.write_text("Title,Date\nUn film,03/04/2026\nUn autre,02/04/2026\n")
    with empreinte.open_ledger(":memory:") as ledger:
        (report,) = ledger.ingest(path)
        assert sum(report.kept.values()) == 0
        ledger.describe(path, {"order": "dmy", "account": "ann"})
        ledger.ingest(path)
        acts = ledger.sql("select type, actor_id, month(published) as m from acts").to_pylist()
    assert [tuple(act.values()) for act in acts] == [("View", "ann", 4)] * 2


# -- days without their year

OVERVIEW = "Date,Video Views,Profile Views,Likes,Comments,Shares\n"
MONTHS = {
    "en": "{month} {day}", "gb": "{day} {month}", "fr": "{day} {month}", "es": "{day} de {month}",
    "de": "{day}. {month}", "it": "{day} {month}", "pt": "{day} de {month}", "ru": "{day} {month}",
}  # fmt: skip


def overview(days, language):
    from babel.dates import get_month_names

    code = {"gb": "en"}.get(language, language)
    names = get_month_names("wide", "format", locale=code)
    rows = [
        f'"{MONTHS[language].format(day=day.day, month=names[day.month])}",{n},{n},{n},-{n},0'
        for n, day in enumerate(days, 1)
    ]
    return (OVERVIEW + "\n".join(rows)).encode("utf-8-sig")


@pytest.mark.parametrize("language", MONTHS)
@pytest.mark.parametrize(
    "begun", first(1, [date(2024, 2, 28), date(2025, 2, 28), date(2025, 12, 31)])
)
def test_the_year_comes_from_the_archive_s_name(tmp_path, language, begun):
    days = made.in_a_row(begun, 365)
    path = tmp_path / f"Overview_{begun}_1772236800_maelle.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Overview.csv", overview(days, language))
    with open_container(path) as export:
        yielded = given(export)
    found = {m.observed.date(): m.value for m in of(yielded, Metric) if m.name == "views_per_day"}
    assert found == {day: float(n) for n, day in enumerate(days, 1)}
    assert min(m.value for m in of(yielded, Metric)) == -365  # net: comments taken back
    assert {m.subject_id for m in of(yielded, Metric)} == {"maelle"}


def test_a_year_that_nothing_tells_is_asked_for_and_of_this_file_alone(tmp_path):
    days = made.in_a_row(date(2025, 12, 20), 40)
    (tmp_path / "Overview.csv").write_bytes(overview(days, "fr"))
    with empreinte.open_ledger(":memory:") as ledger:
        (report,) = ledger.ingest(tmp_path / "Overview.csv")
        assert sum(report.kept.values()) == 0
        assert "year" in str(report.files[0].reason)
        ledger.describe(tmp_path / "Overview.csv", {"year": "2025"})
        (report,) = ledger.ingest(tmp_path / "Overview.csv")
        assert report.kept["metrics"] == 40 * 5
        first, last = (
            ledger.sql("select min(observed) as first, max(observed) as last from readings")
            .to_pylist()[0]
            .values()
        )
        assert (first.date(), last.date()) == (days[0], days[-1])
        (tmp_path / "Overview.csv").write_bytes(overview(days[5:], "fr"))
        (report,) = ledger.ingest(tmp_path / "Overview.csv")
        assert sum(report.kept.values()) == 0  # of which year this one is was not said


def test_a_video_s_number_tells_when_it_was_posted():
    body = (
        '"Time","Video title","Video link","Post time","Total likes","Total comments",'
        '"Total shares","Total views"\n'
        '"July 20","a","https://www.tiktok.com/@m/video/7527623000473079054","July 16",1,2,3,4\n'
        '"July 20","b","https://www.tiktok.com/@m/video/7527623000473079055","May 2",1,2,3,4\n'
    )
    yielded = given(in_memory("Content.csv", body.encode()))
    assert {p.published for p in of(yielded, Post)} == {
        datetime(2025, 7, 16, 10, 21, 48, tzinfo=UTC)
    }
    assert {p.id for p in of(yielded, Post)} == {"7527623000473079054", "7527623000473079055"}
    (report,) = of(yielded, FileReport)
    assert [(d.field, d.value) for d in report.drift] == [("Post time", "May 2")]


def test_days_without_a_year_in_a_workbook(tmp_path):
    days = made.in_a_row(date(2025, 12, 20), 30)
    rows = list(csv.reader(io.StringIO(overview(days, "fr").decode("utf-8-sig"))))
    folder = tmp_path / "Overview_2025-12-20_1772236800_maelle"
    folder.mkdir()
    (folder / "Overview.xlsx").write_bytes(workbook({"Overview": rows}))
    with open_container(folder) as export:
        yielded = given(export)
    assert of(yielded, Reject) == []
    found = [m.observed.date() for m in of(yielded, Metric) if m.name == "views_per_day"]
    assert found == days
    (tmp_path / "Overview.xlsx").write_bytes(workbook({"Overview": rows}))
    with open_container(tmp_path / "Overview.xlsx") as export:
        assert given(export) == []
