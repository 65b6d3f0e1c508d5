"""Days are the owner's own, and counters that changed their meaning are not compared."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tests.lenses.test_influence import table, values
from tests.lenses.toy import NOW, Toy
from tests.rows import first

from empreinte.api.window import moment
from empreinte.language import day, speaking

DAYS = [  # zone, day, its hours
    ("Europe/Paris", date(2024, 3, 31), 23),
    ("Europe/Paris", date(2024, 10, 27), 25),
    ("America/New_York", date(2024, 3, 10), 23),
    ("America/New_York", date(2024, 11, 3), 25),
    ("Australia/Lord_Howe", date(2024, 4, 7), 24.5),
    ("Asia/Kolkata", date(2024, 3, 31), 24),
    ("America/Sao_Paulo", date(2018, 11, 4), 23),
    ("Pacific/Apia", date(2011, 12, 29), 24),
    ("Africa/Casablanca", date(2024, 3, 10), 25),
    ("UTC", date(2024, 3, 31), 24),
    ("Europe/Paris", date(2024, 7, 1), 24),
]


@pytest.mark.parametrize(("zone", "on", "hours"), DAYS)
def test_a_day_is_as_long_as_it_was_there(zone, on, hours):
    start, end = moment(on, zone), moment((on + timedelta(days=1)).isoformat(), zone)
    assert (end - start) / timedelta(hours=1) == hours


@pytest.mark.parametrize(
    ("zone", "on", "hours"),
    first(3, [*DAYS[:2], *(d for d in reversed(DAYS[2:]) if d[2] in (23, 24, 25))]),
)
def test_a_post_an_hour_is_as_many_posts_as_hours(zone, on, hours):
    toy = Toy().account("me").export(datetime(2026, 1, 1))
    first = moment(on, zone) - timedelta(hours=30)
    toy.many(range(90), start=first.replace(tzinfo=None), step=timedelta(hours=1))
    since, until = moment(on, zone), moment(on + timedelta(days=1), zone)
    report = toy.ask(timezone=zone, since=since, until=until)
    assert values(report)["influence.x.posts"].value == hours
    chart = next(c for s in report.sections for c in s.charts if c.id.endswith("output-chart"))
    assert "over 1 week" in chart.reading


def test_what_says_its_zone_keeps_it():
    said = moment("2026-03-06T13:00+01:00", "America/New_York")
    assert said == datetime(2026, 3, 6, 13, tzinfo=ZoneInfo("Europe/Paris"))
    assert moment(None, "UTC") is None
    assert moment(datetime(1, 1, 1), "Europe/Paris").year == 1
    assert moment("9999-12-31T23:00", "America/New_York").year == 9999


def test_a_moment_is_told_by_the_day_it_was_there():
    late = datetime(2024, 2, 29, 23, 30)
    with speaking("en", "Europe/Paris"):
        assert day(late).replace("\u00a0", " ") == "1 March 2024"
        with speaking("fr"):
            assert day(late).replace("\u00a0", " ") == "1er mars 2024"
        assert "February" in day(date(2024, 2, 29))
    with speaking("en"):
        assert "February" in day(late)


def read_twice(first: datetime, second: datetime, name: str = "views", platform: str = "youtube"):
    toy = Toy().account("me", platform=platform)
    for date_ in (first, second):
        toy.export(date_, platform=platform)
    for i in range(8):
        toy.post(str(i), at=datetime(2024, 6, 1 + i), platform=platform)
        toy.metric(str(i), name, 100, observed=first, platform=platform)
        toy.metric(str(i), name, 900, observed=second, platform=platform)
    return toy.ask()


def test_views_of_youtube_are_not_compared_across_the_break():
    report = read_twice(datetime(2025, 3, 1), datetime(2025, 6, 1))
    figure = values(report)["influence.youtube.views-moved"]
    assert figure.value is None
    assert "31\u00a0March 2025" in figure.why_missing
    assert not [t for s in report.sections for t in s.tables if t.id.endswith("readings-table")]


@pytest.mark.parametrize(
    ("one", "other", "name", "platform"),
    first(2, [
        (datetime(2025, 4, 1), datetime(2025, 6, 1), "views", "youtube"),
        (datetime(2025, 3, 1), datetime(2025, 6, 1), "views", "x"),
        (datetime(2025, 1, 1), datetime(2025, 3, 30), "views", "youtube"),
        (datetime(2025, 3, 1), datetime(2025, 6, 1), "likes", "youtube"),
    ]),
)  # fmt: skip
def test_all_else_is_compared(one, other, name, platform):
    report = read_twice(one, other, name, platform)
    assert values(report)[f"influence.{platform}.{name}-moved"].value == 6_400
    assert table(report, "influence.all.readings-table").rows[0][4:] == (8, 800.0, 7_200.0)


def test_every_break_says_since_when_and_who_says_so():
    from empreinte.lenses.influence.breaks import breaks

    for one in breaks():
        assert one.date < NOW.date()
        assert one.source.startswith("https://")
        assert one.what
