"""What platforms count by day, in the influence lens: sums, changes, rates, what is not said."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

import pytest

import empreinte

NOTHING = "othing to measure"


def overview(folder, factor, n=400, seed=1):
    """Write a year of X's overview whose impressions become `factor` as many half way."""
    random = Random(seed)
    lines = ["Date,Impressions,Likes,Engagements,New follows,Profile visits"]
    for k in range(n):
        day = date(2025, 1, 6) + timedelta(days=k)
        shown = int(random.lognormvariate(6, 0.4) * (factor if k >= n // 2 else 1))
        lines.append(f'"{day:%a, %b} {day.day}, {day.year}",{shown},5,{shown // 20},{k % 3 - 1},7')
    path = folder / "account_overview_analytics.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def value(report, id):
    found = [v for s in report.sections for m in s.measures for v in m.values if v.id == id]
    return found[0] if found else None


@pytest.mark.parametrize(("factor", "told"), [(3.0, True), (1.0, False)])
def test_a_change_is_told_and_chance_is_not(tmp_path, factor, told):
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.ingest(overview(tmp_path, factor))
        report = ledger.ask("influence")
    level = value(report, "influence.x.impressions-by-day-level")
    assert (level.value is not None) is told
    if told:
        assert level.low < 3 < level.high or level.value == pytest.approx(3, rel=0.3)
        assert "impressions a day" in report.answer[0].text
    said = " ".join(sentence.text for sentence in report.answer)
    assert NOTHING not in said
    assert not any(map(str.isdigit, " ".join(sentence.quiet for sentence in report.answer)))
    rate = value(report, "influence.x.engagements-per-1000-impressions")
    assert rate.value == pytest.approx(50, abs=2)
    total = value(report, "influence.x.impressions-by-day")
    assert (total.n, total.value == rate.denominator) == (400, True)
    assert value(report, "influence.x.new-followers-by-day").value == sum(
        k % 3 - 1 for k in range(400)
    )


def test_the_window_holds(tmp_path):
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.ingest(overview(tmp_path, 1.0))
        report = ledger.ask("influence", since=date(2025, 2, 1), until=date(2025, 2, 10))
    assert value(report, "influence.x.impressions-by-day").n == 9  # the last day is left out


def test_a_ledger_with_readings_alone_is_never_said_to_hold_nothing(tmp_path):
    path = tmp_path / "tweets.csv"
    path.write_text(
        "Tweet id,Tweet permalink,Tweet text,time,impressions\n"
        "1,https://twitter.com/a/status/1,a,2019-01-31 23:32 +0000,10\n"
    )
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.ingest(path)
        text = ledger.ask("influence").answer[0].text
    assert NOTHING not in text
    assert "Counts are known" in text


def test_an_empty_ledger_has_nothing_by_day():
    with empreinte.open_ledger(":memory:") as ledger:
        report = ledger.ask("influence")
    assert NOTHING in report.answer[0].text
    assert "days" not in [section.id for section in report.sections]
