"""Replies: what waits, since when, how long it takes with those who still wait."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.lenses.test_reputation import ask, some_parts, table, value
from tests.lenses.toy import NOW, Toy, unknown_keys

from empreinte.lenses import reputation
from empreinte.lenses.reputation import relation

START = datetime(2026, 1, 1)


@pytest.fixture
def toy() -> Toy:
    toy = Toy().export().account("me").account("fan", mine=False).account("other", mine=False)
    toy.post("mine", at=START, content="une affiche")
    for n in range(6):
        at = START + timedelta(days=n)
        toy.post(f"c{n}", by="fan", at=at, content="Joli ! Quel papier ?" if n % 2 else "Bravo",
                 in_reply_to="mine", url=f"https://x.com/fan/{n}")  # fmt: skip
    for n, hours in ((0, 1), (1, 2), (2, 3), (3, 4)):
        toy.post(f"r{n}", at=START + timedelta(days=n, hours=hours), in_reply_to=f"c{n}")
    return toy


def of_relation(toy: Toy, **scope):
    return some_parts(toy, lambda own: [relation.part(own)], **scope)


def test_what_waits_is_a_list_to_tick_questions_first(toy):
    report = of_relation(toy)
    waits = table(report, "waits")
    assert [row[0] for row in waits.rows] == ["2026-01-06", "2026-01-05"]
    assert waits.rows[0][4:] == ("yes", "https://x.com/fan/5")
    assert value(report, "waiting").value == 2
    assert not unknown_keys(reputation, toy, report)
    assert any(s.text == "1 question put to you in public has no reply of yours."
               for s in report.answer)  # fmt: skip
    toy.db.execute('insert into tick (key, "at") values (?, ?)', [waits.ticks[0].key, NOW])
    report = of_relation(toy)
    assert value(report, "waiting").value == 1
    assert table(report, "waits").ticks[0].done


def test_those_who_wait_count_in_the_time_to_a_reply(toy):
    found = value(of_relation(toy), "reply-hours")
    assert (found.value, found.n) == (3, 6), "of the four that had one it would be 2.5"
    day = value(of_relation(toy), "replied-day")
    assert day.value == pytest.approx(4 / 6)
    assert day.low < day.value < day.high
    for n in range(8):
        toy.post(f"w{n}", by="fan", at=START + timedelta(days=9 + n), in_reply_to="mine")
    found = value(of_relation(toy), "reply-hours")
    assert found.value is None
    assert "Fewer than half" in found.why_missing


def test_who_is_addressed_and_by_whom(toy):
    toy.post("o1", by="other", at=START, content="à fan", in_reply_to="c0")  # not to the owner
    toy.post("o2", by="other", at=START, content="@me regarde", mentions=["me"])
    toy.post("o3", by="other", at=START, content="secret", mentions=["me"], visibility="direct")
    report = of_relation(toy)
    assert value(report, "addressed").value == 7
    assert table(report, "writers").rows == (("fan", "X", 6, 4),)


def test_the_recruiters_page_has_none_of_it(toy):
    assert "relation" not in [s.id for s in ask(toy, recruiter=True).sections]


def test_archives_that_hold_nobody_elses_words_say_so():
    report = of_relation(Toy().export().account("me"))
    section = next(s for s in report.sections if s.id == "relation")
    assert "most archives hold only your own" in section.finding.text
    assert value(report, "waiting").value is None
