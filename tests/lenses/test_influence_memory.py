"""The influence lens on what two archives tell, and on messages said on several channels."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.lenses.test_influence import values
from tests.lenses.toy import NOW, Toy

THEN = NOW - timedelta(days=365)


def held(toy: Toy, observed: datetime, posts: int, *, whole: bool = True) -> str:
    """Put in an export of the account ``me`` that held posts of all times; give its id."""
    id = f"i{toy.place}"
    toy.export(observed)
    toy.db.execute(
        "insert into held values (?, 'x', 'me', 'posts', 't', 't', ?, ?, ?, ?)",
        [id, posts, datetime(2020, 1, 1), observed, whole],
    )
    return id


def two_archives(whole: bool = True) -> Toy:
    """Nine posts, two of them in the earlier archive alone; likes read at both dates."""
    toy = Toy().account("me")
    first = held(toy, THEN, 9)
    held(toy, NOW, 7, whole=whole)
    for i in range(9):
        gone = i in (3, 4)
        toy.post(
            f"p{i}", at=datetime(2024, 5, i + 1), content=f"Affiche {i}", likes=i + i % 2,
            seen=THEN if gone else NOW, import_id=first, file="t",
        )  # fmt: skip
        toy.metric(f"p{i}", "likes", i, observed=THEN)
    toy.post("draft", at=datetime(2024, 5, 5), visibility="draft", seen=THEN, import_id=first,
             file="t")  # fmt: skip
    toy.roster(["a", "b", "c"], THEN).roster(["b", "c", "d", "e"])
    return toy


def memory(report):
    (section,) = (section for section in report.sections if section.id == "memory")
    return section


def test_who_came_and_left_stand_with_their_names_and_dates():
    report = two_archives().ask()
    tables = {table.id: table for table in memory(report).tables}
    dates = (THEN.isoformat(), NOW.isoformat())
    assert [(row[0], *row[2:]) for row in tables["influence.all.joined-table"].rows] == [
        ("d", *dates), ("e", *dates),
    ]  # fmt: skip
    assert [(row[0], *row[2:]) for row in tables["influence.all.left-table"].rows] == [
        ("a", *dates)
    ]
    figures = values(report)
    assert figures["influence.x.followers-joined"].value == 2
    assert figures["influence.x.followers-left"].value == 1


def test_posts_that_vanished_stand_with_their_dates():
    toy = two_archives()
    report = toy.ask()
    figure = values(report)["influence.x.vanished"]
    assert (figure.value, figure.n) == (2, 2)
    assert figure.evidence
    assert {row["id"] for row in toy.rows(figure.evidence)} == {"p3", "p4"}
    (table,) = (t for t in memory(report).tables if t.id == "influence.all.vanished-table")
    assert [row[1] for row in table.rows] == ["Affiche 4", "Affiche 3"]
    assert table.rows[0][3:5] == (THEN.isoformat(), NOW.isoformat())
    assert [toy.rows(evidence)[0]["id"] for evidence in table.evidence] == ["p4", "p3"]


def test_counters_that_moved_are_counted():
    toy = two_archives()
    report = toy.ask()
    figure = values(report)["influence.x.likes-moved"]
    assert (figure.value, figure.n) == (4, 4)  # those of odd number have one like more
    assert figure.evidence
    assert sorted(row["subject_id"] for row in toy.rows(figure.evidence)) == [
        "p1",
        "p3",
        "p5",
        "p7",
    ]
    (table,) = (t for t in memory(report).tables if t.id == "influence.all.moved-table")
    assert table.rows[0][4:] == (4, 16, 20)


def test_an_archive_that_was_not_read_completely_takes_nothing_away():
    figure = values(two_archives(whole=False).ask())["influence.x.vanished"]
    assert figure.value is None
    assert figure.why_missing
    assert "in full" in figure.why_missing


def test_with_one_archive_each_figure_says_why_it_is_missing():
    toy = Toy().account("me")
    held(toy, NOW, 3)
    for i in range(3):
        toy.post(f"p{i}", at=datetime(2024, 5, i + 1), likes=i)
    toy.roster(["a"])
    section = memory(toy.ask())
    found = [value for measure in section.measures for value in measure.values]
    assert [figure.id.rpartition(".")[2] for figure in found] == [
        "followers-joined", "followers-left", "vanished", "likes-moved",
    ]  # fmt: skip
    for figure in found:
        assert figure.value is None
        assert figure.why_missing
        assert "import" in figure.why_missing.lower()
    assert section.tables == ()


def test_the_window_bounds_what_changed():
    toy = two_archives()
    later = values(toy.ask(since=NOW + timedelta(days=1)))
    assert later["influence.x.vanished"].value is None  # no export stands in that window
    assert later["influence.x.likes-moved"].value is None
    earlier = values(toy.ask(until=NOW - timedelta(days=1)))
    assert earlier["influence.x.vanished"].value is None  # one export stands in that window


def crossposted() -> Toy:
    toy = Toy().account("me").account("me@d.org", platform="mastodon").account("fan", mine=False)
    for i in range(10):
        toy.post(f"p{i}", at=datetime(2024, 5, i + 1))
    for i in range(4):
        toy.post(f"m{i}", by="me@d.org", platform="mastodon", at=datetime(2024, 5, i + 1, 1))
        toy.post(f"f{i}", by="fan", at=datetime(2024, 5, i + 1, 2))
        for platform, id in (("x", f"p{i}"), ("mastodon", f"m{i}"), ("x", f"f{i}")):
            toy.db.execute("insert into crosspost values (?, ?, ?, 1.0)", [platform, id, f"x:p{i}"])
    return toy


def test_a_message_is_counted_once():
    toy = crossposted()
    figures = values(toy.ask())
    assert figures["influence.all.posts"].value == 14
    assert figures["influence.all.messages"].value == 10
    assert figures["influence.all.crossposted"].value == 4
    for id, rows in (("messages", 10), ("crossposted", 8)):
        evidence = figures[f"influence.all.{id}"].evidence
        assert evidence
        assert len(toy.rows(evidence)) == rows == figures[f"influence.all.{id}"].n
    assert figures["influence.x.posts"].value == 10  # on its own channel each post counts


def test_a_message_is_counted_among_the_channels_and_dates_that_are_asked():
    toy = crossposted()
    alone = values(toy.ask(channels=("x:me",)))
    assert "influence.all.messages" not in alone
    one_day = values(toy.ask(since=datetime(2024, 5, 2), until=datetime(2024, 5, 3)))
    assert one_day["influence.all.posts"].value == 2
    assert one_day["influence.all.messages"].value == 1
    half = values(toy.ask(since=datetime(2024, 5, 2, 0, 30), until=datetime(2024, 5, 3)))
    assert half["influence.all.messages"].value == 1
    assert half["influence.all.crossposted"].value == 0
