"""The influence lens on toy ledgers: every section, every value with its evidence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache

import msgspec
import numpy as np
import pytest
from tests.lenses.toy import NOW, Toy
from tests.rows import first, some

from empreinte.report import Report, Value, faults

SECTIONS = ["audience", "memory", "output", "response", "growth", "works", "relays", "top"]


def empty() -> Toy:
    return Toy()


def silent() -> Toy:
    """Posts that nobody counted, on one channel without followers."""
    toy = Toy().account("me")
    for i in range(20):
        toy.post(str(i), at=NOW - timedelta(days=i))
    return toy


def small() -> Toy:
    toy = Toy().account("me").export()
    toy.post("a", likes=3, shares=1).post("b", likes=0, shares=0).post("c")
    return toy.post("draft", visibility="draft", likes=99).post("gone", deleted=NOW, likes=99)


def two_channels() -> Toy:
    rng = np.random.default_rng(1)
    toy = Toy().account("me").account("me@d.org", platform="mastodon")
    toy.many(rng.negative_binomial(1, 0.1, 400))
    toy.many(rng.negative_binomial(1, 0.3, 200), by="me@d.org", platform="mastodon")
    return toy.export().export(owner="me@d.org", platform="mastodon")


def two_archives() -> Toy:
    """Rosters, counts and metrics at two dates; shares and comments by others."""
    toy = Toy().account("me").account("fan", mine=False, handle="fan").export(datetime(2025, 3, 2))
    toy.export()
    rng = np.random.default_rng(2)
    toy.many(rng.negative_binomial(1, 0.1, 500))
    toy.roster(["a", "b", "c"], datetime(2025, 3, 2)).roster(["b", "c", "d", "e"])
    toy.metric("me", "followers", 5, subject_type="account")
    for i in range(40):
        toy.metric(f"me-{i}", "likes", 1, observed=datetime(2025, 3, 2))
    for i in range(6):
        toy.act("fan", "Announce", "me-7", datetime(2024, 1, 10, 2 + i))
    for i in range(3):
        toy.act("other", "Like", "me-7", datetime(2025, 1, 10, i))
        # Answers and mentions at once: one relay.
        toy.post(f"r{i}", by="other", in_reply_to="me-9", in_reply_to_author="me", mentions=["me"])
    toy.post("m", by="other", mentions=["me"])
    return toy.post("back", in_reply_to="r1", in_reply_to_author="other", likes=1)


def huge() -> Toy:
    toy = Toy().account("me")
    rng = np.random.default_rng(3)
    toy.many(np.floor(rng.pareto(0.5, 300) * 1e9))
    toy.metric("me", "followers", 1e15, subject_type="account")
    toy.post("old", at=datetime(1, 1, 1), likes=1e15).post("new", at=datetime(9999, 1, 1), likes=2)
    return toy.post("never", at=None, likes=5)


@cache
def told(make) -> tuple[Toy, Report]:
    """A toy that no test changes, and its report: asked once for all that read it."""
    toy = make()
    return toy, toy.ask()


@pytest.fixture(
    scope="module",
    params=first(3, [two_archives, empty, silent, two_channels, small, huge]),
    ids=lambda make: make.__name__,
)
def asked(request) -> tuple[Toy, Report]:
    return told(request.param)


def table(report: Report, id: str):
    return next(t for s in report.sections for t in s.tables if t.id == id)


def values(report: Report) -> dict[str, Value]:
    return {id: value for id, (_measure, value) in report.values().items()}


def test_every_report_is_whole(asked):
    _toy, report = asked
    assert faults(report) == []
    assert [section.id for section in report.sections] == SECTIONS
    assert 1 <= len(report.answer) <= 5
    known = {reference.key for reference in report.references}
    for measure, value in report.values().values():
        assert measure.definition
        assert "{" not in measure.name + measure.definition + value.note
        assert set(measure.references) <= known
        # Not measured is said to be so, with the reason.
        assert (value.value is None) == bool(value.why_missing), value.id
        if value.low is not None:
            assert value.level == 0.9
            assert value.low <= value.value <= value.high, value
    for section in report.sections:
        assert sum(measure.main for measure in section.measures) <= 4
        assert section.finding
        assert section.finding.quiet
        assert not any(map(str.isdigit, section.finding.quiet))
        assert bool(section.lead) == bool(section.shown)
        for shown in (*section.charts, *section.tables):
            assert shown.id.startswith("influence.")
            assert set(shown.references) <= known
        for chart in section.charts:
            keys = {column.key for column in chart.columns}
            assert chart.reading
            assert all(keys <= set(row) for row in chart.rows)
            assert not {"data", "width", "title", "config"} & set(chart.spec)
        for held in section.tables:
            assert all(len(row) == len(held.columns) for row in held.rows)
            assert len(held.evidence) in (0, len(held.rows))
    for sentence in report.answer:
        assert sentence.quiet
        assert not any(map(str.isdigit, sentence.quiet))
        assert 0 <= sentence.weight <= 1


def test_it_survives_json(asked):
    _toy, report = asked
    again = msgspec.json.decode(msgspec.json.encode(report), type=Report)
    assert msgspec.json.decode(msgspec.json.encode(again), type=Report) == again
    assert again.answer == report.answer
    for id, value in values(report).items():
        other = values(again)[id]
        assert (other.value, other.low, other.evidence) == (value.value, value.low, value.evidence)


def test_every_value_opens_onto_its_records(asked):
    toy, report = asked
    for value in values(report).values():
        if value.evidence is not None:
            rows = toy.rows(value.evidence)
            # Accounts that answer several times have several acts.
            if value.id != "influence.all.reciprocity":
                assert len(rows) == value.n, value.id
    for section in report.sections:
        for held in section.tables:
            counted = next((i for i, c in enumerate(held.columns) if c.key in ("posts", "n")), None)
            for row, evidence in some(zip(held.rows, held.evidence, strict=False)):
                found = toy.rows(evidence)
                assert found
                if counted is not None:
                    assert len(found) == row[counted], (held.id, row)


def test_an_empty_ledger_says_what_to_do():
    _toy, report = told(empty)
    assert "import" in report.answer[0].text
    assert values(report)["influence.all.posts"].value is None


def test_not_counted_is_not_zero():
    figures = values(told(silent)[1])
    for name in ("likes", "shares", "replies", "views", "h-index", "gini", "followers"):
        assert figures[f"influence.x.{name}"].value is None, name
    assert figures["influence.x.posts"].value == 20


def test_posts_without_a_counter_are_in_no_denominator():
    figures = values(told(small)[1])
    rate = figures["influence.x.likes-per-post"]
    assert (rate.numerator, rate.denominator, rate.n) == (3, 2, 2)
    assert figures["influence.x.posts"].value == 3  # neither the draft nor the deleted one
    assert figures["influence.x.likes"].value == 3
    assert figures["influence.x.replies"].value is None
    assert figures["influence.x.h-index"].value == 1


def test_two_channels_add_up():
    _toy, report = told(two_channels)
    figures = values(report)
    both = [figures[f"influence.{tag}.likes"].value for tag in ("x", "mastodon")]
    assert figures["influence.all.likes"].value == sum(both)
    assert figures["influence.all.posts"].value == 600
    # Media say nothing beyond the channel: no claim.
    assert all("attached" not in sentence.about for sentence in report.answer)


def test_a_channel_asked_alone_is_a_ledger_of_that_channel_alone():
    alone = Toy().account("me")
    alone.many(np.random.default_rng(1).negative_binomial(1, 0.1, 400)).export()
    asked = two_channels().ask(channels=("x:me",))
    expected = alone.ask()
    theirs, ours = values(expected), values(asked)
    assert {id: value for id, value in ours.items() if "relays" not in id} == {
        id: msgspec.structs.replace(value, evidence=ours[id].evidence)
        for id, value in theirs.items()
        if "relays" not in id
    }
    assert asked.answer == expected.answer


def test_a_window_is_a_ledger_of_that_window():
    since, until = datetime(2024, 3, 1, tzinfo=UTC), datetime(2024, 9, 1, tzinfo=UTC)
    toy = two_channels()
    asked = values(toy.ask(since=since, until=until))
    inside = toy.db.sql(
        "select channel, count(*), sum(likes) from posts p join response using (platform, id)"
        " where published >= '2024-03-01' and published < '2024-09-01' group by 1"
    ).fetchall()
    for channel, n, likes in inside:
        tag = channel.split(":")[0]
        assert asked[f"influence.{tag}.posts"].value == n
        assert asked[f"influence.{tag}.likes"].value == likes
        assert asked[f"influence.{tag}.likes-per-post"].n == n
    assert values(toy.ask(until=datetime(1999, 1, 1)))["influence.x.posts"].value == 0


@pytest.mark.parametrize(
    "scope", first(1, [{"since": datetime(2030, 1, 1)}, {"until": datetime(1999, 1, 1)}])
)
def test_a_period_that_holds_nothing_is_no_missing_archive(scope):
    toy = Toy().account("me").export(NOW - timedelta(days=90)).export().post("a", likes=3)
    for day, n in ((90, 300), (0, 500)):
        toy.metric("me", "followers", n, NOW - timedelta(days=day), subject_type="account")
    assert "67% more" in toy.ask().answer[0].text
    report = toy.ask(**scope)
    told = [s.text for s in report.answer] + [s.finding.text for s in report.sections]
    figures = values(report)
    told += [one.why_missing for one in figures.values() if one.why_missing]
    assert not [
        text
        for text in told
        if "No archive" in text
        or "archive at most" in text
        or "known for one date" in text
        or text.startswith("The archives do not")
    ]
    assert not [text for text in told if "% more" in text]
    assert "in the period that you chose" in report.answer[0].text
    assert figures["influence.x.followers"].value is None
    finding = {section.id: section.finding.text for section in report.sections}
    for id in ("audience", "memory"):
        assert "in the period that you chose" in finding[id]


def test_two_accounts_of_one_platform_are_told_apart():
    toy = Toy().account("me").account("work").post("a", likes=1).post("b", by="work", likes=2)
    figures = values(toy.ask())
    assert figures["influence.x-1.likes"].value == 1
    assert figures["influence.x-2.likes"].value == 2


def test_joins_and_departures():
    _toy, report = told(two_archives)
    figures = values(report)
    assert figures["influence.x.followers"].value == 5
    assert "given by the platform" in figures["influence.x.followers"].note
    assert figures["influence.x.followers-change"].value == 1  # roster against roster: 3, then 4
    assert figures["influence.x.followers-joined"].value == 2
    assert figures["influence.x.followers-left"].value == 1
    assert [row[0] for row in table(report, "influence.all.left-table").rows] == ["a"]


def test_who_relays_and_in_return():
    _toy, report = told(two_archives)
    rows = {row[0]: row[2:] for row in table(report, "influence.all.relays-table").rows}
    assert rows["fan"][:4] == (6, 0, 0, 0)
    assert rows["other"][:4] == (0, 3, 1, 3)
    assert (rows["fan"][5], rows["other"][5]) == (0, 1)
    assert values(report)["influence.all.relays"].value == 2
    assert values(report)["influence.all.relays"].n == 10
    assert values(report)["influence.all.reciprocity"].value == 0.5


def test_an_archive_that_names_nobody_says_so():
    figure = values(told(two_channels)[1])["influence.all.relays"]
    assert figure.value is None
    assert "do not name" in figure.why_missing


def test_what_top_posts_owe_to_their_first_hours():
    rows = {row[1]: row for row in table(told(two_archives)[1], "influence.all.top-table").rows}
    assert len(rows) == 1  # all say the same; the next toys tell them apart
    toy = two_archives()
    toy.post("hit", content="dated", at=datetime(2025, 1, 1), likes=1_000)
    for i in range(6):
        toy.act(f"u{i}", "Like", "hit", datetime(2025, 1, 1, i) if i < 3 else datetime(2025, 2, i))
    toy.post("twice", content="twice", at=datetime(2025, 1, 1), likes=900)
    toy.metric("twice", "likes", 300, observed=datetime(2025, 1, 8))
    rows = {row[1]: row for row in table(toy.ask(), "influence.all.top-table").rows}
    assert rows["dated"][9] == 0.5
    assert "24 hours" in rows["dated"][10]
    assert rows["twice"][9] == pytest.approx(1 / 3)
    assert "first count" in rows["twice"][10]
    assert rows["words"][9] is None
    assert "unknown" in rows["words"][10]


def test_counters_read_twice_have_a_curve():
    _toy, report = told(two_archives)
    (row,) = table(report, "influence.all.readings-table").rows
    assert row[4:6] == (40, 40.0)


def test_a_language_changes_words_and_no_number():
    english, french = told(two_archives)[1], two_archives().ask(language="fr")
    assert french.question.startswith("Quelle")
    assert french.question != english.question
    assert list(french.values()) == list(english.values())
    for id, (measure, value) in english.values().items():
        other, same = french.values()[id]
        assert (value.value, value.low, value.n) == (same.value, same.low, same.n)
        assert measure.name != other.name


def test_an_unknown_time_zone_is_an_error():
    from empreinte.errors import LensError

    with pytest.raises(LensError, match="not a time zone"):
        small().ask(timezone="Europe/Nowhere")


def test_hostile_names_stay_data():
    name = "'; drop table post; --<script>{channel}"
    toy = Toy().account(name, handle=None).post("a", by=name, likes=2, tags=[name, "a'b"] * 3)
    toy.many(range(200), by=name, tags=[name])
    report = toy.ask()
    assert values(report)["influence.x.posts"].value == 201
    for value in values(report).values():
        if value.evidence:
            toy.rows(value.evidence)


def test_a_channel_is_known_until_its_own_export():
    toy = two_channels()
    alone = values(toy.ask(channels=("mastodon:me@d.org",)))["influence.mastodon.posts-level"].n
    toy.account("late", platform="zeta").export(datetime(2031, 1, 1), "late", "zeta")
    toy.post("z", by="late", platform="zeta", at=datetime(2030, 12, 1))
    report = toy.ask()
    chart = next(
        chart
        for section in report.sections
        for chart in section.charts
        if chart.id == "influence.all.posts-chart"
    )
    weeks = [row["week"] for row in chart.rows if row["channel"].startswith("Mastodon")]
    assert max(weeks) < NOW.isoformat()
    assert values(report)["influence.mastodon.posts-level"].n == alone
