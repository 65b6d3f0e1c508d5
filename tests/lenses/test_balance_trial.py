"""The trial of one: frozen as told, compared as drawn, what it finds said beforehand."""

import json
from datetime import date, datetime, timedelta

import numpy as np
import pytest
from tests.lenses.test_balance import ask, posted, value, watched
from tests.lenses.test_balance_nights import local
from tests.lenses.toy import Toy
from tests.rows import first

from empreinte.kernels.statistics.sign_flips import coins
from empreinte.lenses import balance
from empreinte.lenses.balance.trial import Trial, pairs, usual
from empreinte.report import Scope, faults

FIRST = date(2026, 1, 5)


def tell(toy, form, fields, key="1", told=datetime(2025, 12, 30), hash="abc"):
    toy.db.execute(
        "insert into entry (asker, form, key, teller, fields, told, hash) "
        "values ('balance', ?, ?, 'owner', ?, ?, ?)",
        [form, key, json.dumps(fields), told, hash],
    )


def told(toy, outcome="posts", n=6, length=None, **more):
    fields = {"first": FIRST.isoformat(), "pairs": n, "outcome": outcome}
    tell(toy, "trial", fields | ({"length": length} if length else {}), **more)


def posting(hidden_rate, shown_rate, n=6, before=20, hash="abc", long=7):
    """Somebody who posts at one rate in weeks with hidden counts, at another in the others."""
    rng = np.random.default_rng(5)
    toy = Toy().export(platform="x").account("me", platform="x")
    hidden = [week for coin in coins(hash, n).tolist() for week in (coin, not coin)]
    weeks, times = [False] * before + hidden + [False], []
    for place, hides in enumerate(weeks):
        for day in range(long):
            rate = hidden_rate if hides else shown_rate
            for _ in range(rng.poisson(rate)):
                times.append(local(long * (place - before) + day, float(rng.uniform(9, 22))))
    posted(toy, "x", times)
    return toy


def test_weeks_are_compared_as_they_were_drawn():
    toy = posting(4.0, 12.0)
    told(toy)
    report = ask(toy)
    found = value(report, "trial-1.trial-difference")
    assert found.low < 1 / 3 < found.high < 0.6
    assert value(report, "trial-1.trial-p").value == 2**-5
    claim = next(s for s in report.answer if "drawn by lot" in s.text)
    assert not any(map(str.isdigit, claim.quiet))
    (section,) = (one for one in report.sections if one.id == "numbers")
    assert "CENT 2015" in section.files[0].text
    assert len(section.tables[1].rows) == 12


def test_half_weeks_take_half_of_the_time():
    toy = posting(4.0, 12.0, long=4)
    told(toy, length="half")
    report = ask(toy)
    found = value(report, "trial-1.trial-difference")
    assert found.low < 1 / 3 < found.high < 0.6
    assert value(report, "trial-1.trial-p").value == 2**-5
    weeks = next(t for s in report.sections for t in s.tables if t.id == "balance.all.trial-weeks")
    assert [row[0] for row in weeks.rows[:3]] == [FIRST + timedelta(days=4 * n) for n in range(3)]
    assert 0.3 < value(report, "trial-1.trial-least").value < 1


def test_what_it_finds_is_said_from_weeks_before_alone():
    toy = posting(4.0, 12.0)
    told(toy)
    least = value(ask(toy), "trial-1.trial-least").value
    other = posting(12.0, 12.0)
    told(other)
    assert 0.3 < least < 1
    assert value(ask(other), "trial-1.trial-least").value == pytest.approx(least)


def test_before_its_end_nothing_is_told():
    toy = posting(4.0, 12.0, n=6)
    told(toy, n=8)
    report = ask(toy)
    assert value(report, "trial-1.trial-difference").value is None
    assert value(report, "trial-1.trial-least").value is not None
    assert not any("drawn by lot" in s.text for s in report.answer)


def test_what_is_told_too_late_or_over_another_does_not_count():
    toy = posting(4.0, 12.0)
    told(toy, told=datetime(2026, 1, 6))
    told(toy, key="2")
    told(toy, key="3", told=datetime(2025, 12, 31), hash="def")
    report = ask(toy)
    (trials,) = (t for s in report.sections for t in s.tables if t.id == "balance.all.trials")
    assert [row[6] == "it counts" for row in trials.rows] == [True, False, False]


def test_moods_are_compared_and_missing_ones_leave_pairs_out():
    toy = Toy().export(platform="x").account("me", platform="x")
    told(toy, outcome="mood", n=7)
    hidden = [week for coin in coins("abc", 7).tolist() for week in (coin, not coin)]
    for place, hides in enumerate(hidden):
        for day in range(7):
            if place == 4:
                continue
            on = (FIRST + timedelta(weeks=place, days=day)).isoformat()
            tell(toy, "mood", {"day": on, "mood": 4 if hides else 2}, key=f"{place}{day}")
    report = ask(toy)
    found = value(report, "trial-1.mood-difference")
    assert (found.value, found.n) == (2.0, 6)


def test_days_at_the_start_of_a_week_are_dropped():
    one = Trial("1", FIRST, FIRST - timedelta(days=9), "abc", 6, "posts")
    days = {FIRST + timedelta(weeks=n, days=1): 50.0 for n in range(12)}
    assert np.allclose(pairs(one, days), 0)
    assert usual("posts", {}, FIRST).size == 0


@pytest.mark.parametrize("language", ["en", "fr"])
def test_fewer_than_six_pairs_cannot_be_told(language):
    toy = Toy().export(platform="x").account("me", platform="x")
    scope = Scope(timezone="Europe/Paris", language=language)
    forms = {form.id: form for form in balance.forms(ask_tables(toy, scope), scope)}
    field = next(field for field in forms["trial"].fields if field.name == "pairs")
    assert field.least == 6
    assert forms["mood"].series


def ask_tables(toy, scope):
    from tests.lenses.toy import Bound

    assert faults(balance.answer(Bound(toy, scope), scope)) == []
    return Bound(toy, scope)


@pytest.mark.parametrize("language", first(1, ["fr", "en"]))
def test_no_digit_stands_in_any_quiet_sentence(language):
    toy = posting(4.0, 12.0)
    told(toy)
    watched(toy, "x", [local(day, 22 + 4 * n / 9) for day in range(60) for n in range(9)], "Like")
    report = ask(toy, language=language)
    said = [*report.answer, *(section.finding for section in report.sections)]
    assert len(said) > 8
    assert [one.quiet for one in said if any(map(str.isdigit, one.quiet))] == []
    assert all(one.quiet for one in said)
