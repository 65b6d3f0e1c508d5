"""Nights and looking on toy ledgers: what is counted is what was put in."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from tests.lenses.test_balance import ask, value, watched
from tests.lenses.toy import Toy

BEGIN = datetime(2026, 1, 5)  # a Monday
PARIS = ZoneInfo("Europe/Paris")


def local(day, hours):
    """A time in UTC of a local hour after that day's midnight."""
    there = (BEGIN + timedelta(days=day, hours=hours)).replace(tzinfo=PARIS)
    return there.astimezone(UTC).replace(tzinfo=None)


@pytest.fixture(scope="module")
def toy():
    """Two hundred nights: the last video at half past 22 (23 h 30 before free days), back at 7."""
    toy = Toy().export(platform="tiktok").account("me", platform="tiktok")
    rng = np.random.default_rng(1)
    times = []
    for day in range(200):
        later = 1.0 if day % 7 in (4, 5) else 0.0
        for start in (18.0, 22.0 + later, 31.0 + later):
            times += [local(day, start + n / 120 + rng.random() / 240) for n in range(60)]
        if day % 10 == 0:
            times += [local(day, 25.1 + n / 120) for n in range(5)]
    watched(toy, "tiktok", sorted(times))
    return toy


def test_nights_are_counted_by_the_clock_on_the_wall(toy):
    report = ask(toy)
    late = value(report, "all.late-nights")
    assert (late.numerator, late.denominator) == (20, late.n)
    assert late.low < 20 / late.n < late.high
    assert len(toy.rows(late.evidence)) == 100
    assert value(report, "all.still-up").value == "22:30"
    assert value(report, "all.back").value == "7:00"
    free = value(report, "all.free-days")
    assert free.value == pytest.approx(1.0, abs=0.15)
    assert free.low > 0
    assert any("lies later than before other days" in s.text for s in report.answer)


def test_no_medical_word_and_no_sleep_is_claimed(toy):
    (section,) = (one for one in ask(toy).sections if one.id == "nights")
    said = " ".join([section.finding.text, *(m.definition + m.name for m in section.measures)])
    assert not any(word in said.lower() for word in ("sleep", "slept", "disorder", "insomnia"))


def test_few_nights_tell_nothing_of_free_days():
    toy = Toy().export(platform="tiktok").account("me", platform="tiktok")
    watched(toy, "tiktok", [local(day, 20 + n / 60) for day in range(60) for n in range(20)])
    found = value(ask(toy), "all.free-days")
    assert found.value is None
    assert "cannot be told" in found.why_missing


@pytest.fixture(scope="module")
def on_x():
    """A hundred days: a post at eight on even days, seen to be back on those; others just read."""
    toy = Toy().export(platform="x").account("me", platform="x")
    for day in range(100):
        if day % 2 == 0:
            toy.post(f"p{day}", at=local(day, 20.0))
            toy.act("me", "Like", "other", local(day, 20.1))
        if day < 60:
            for n in range(3):
                toy.insert(
                    "trace", key=f"{day}/{n}", platform="x", account_id="me", kind="ad_impression",
                    label="Ad", at=local(day, 9.0 + n / 50),
                )  # fmt: skip
    return toy


def test_days_with_an_advertisement_alone_are_found_and_counted(on_x):
    report = ask(on_x)
    assert value(report, "x.days-shown").value == 60
    alone = value(report, "x.days-shown-only")
    assert (alone.value, alone.denominator) == (30, 60)
    told = next(s for s in report.answer if s.about == "balance.x.days-shown-only")
    assert "on 30 of 60 days" in told.text
    assert not any(map(str.isdigit, told.quiet))


def test_being_back_after_publishing_is_compared_with_other_days(on_x):
    report = ask(on_x)
    assert value(report, "x.back-soon").value == 1.0
    assert value(report, "x.back-usual").value == 0.0
    more = value(report, "x.back-more")
    assert more.low > 0.5
    assert any(s.about == "balance.x.back-more" for s in report.answer)


def test_a_rhythm_without_returns_is_no_claim():
    rng = np.random.default_rng(7)
    toy = Toy().export(platform="x").account("me", platform="x")
    for day in range(90):
        if rng.random() < 0.4:
            toy.post(f"p{day}", at=local(day, 18 + 4 * rng.random()))
        for hour in 18 + 4 * rng.random(4):
            toy.act("me", "Like", "other", local(day, hour))
    report = ask(toy)
    more = value(report, "x.back-more")
    assert more.low <= 0 <= more.high
    assert not any(s.about == "balance.x.back-more" for s in report.answer)
