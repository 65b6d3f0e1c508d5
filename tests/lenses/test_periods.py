"""Of a period every section of every lens tells, or says that nothing is of it, or is beyond it."""

from datetime import datetime, timedelta
from importlib import import_module

import pytest

from empreinte.asking import asked
from empreinte.asking.periods import nothing, whatever
from empreinte.report import Scope

from .toy import NOW, Bound, Toy

BEYOND = {
    "influence": set(),
    "exposure": {"held", "doors", "mending"},
    "network": set(),
    "reputation": {"profiles", "law"},
    "balance": set(),
    "culture": {"where", "changed", "next"},
    "shop": {"today", "stock", "lots", "trust"},
}
"""Sections of each lens that do not keep to a period, and say so."""
LENSES = tuple(BEYOND)
EMPTY = [
    {"since": datetime(2030, 1, 1)},
    {"until": datetime(2001, 1, 1)},
    {"since": datetime(2026, 2, 10), "until": datetime(2026, 2, 11)},
]
"""Periods after the last record, before the first archive, and between two."""


@pytest.fixture(scope="module")
def toy():
    """Give someone's years: posts, reactions, followers, purchases, what platforms hold."""
    toy = Toy().account("me").account("anna", mine=False)
    toy.account("me", platform="tiktok")
    for n, at in enumerate((NOW - timedelta(days=400), NOW - timedelta(days=30), NOW)):
        toy.export(observed=at).roster(["anna", f"p{n}"], observed=at)
        toy.metric("me", "followers", 100 + n, observed=at, subject_type="account")
    for n in range(150):
        at = NOW - timedelta(days=40 + n * 2.7)
        toy.post(f"{n}", at=at, likes=n % 7, content=f"Call 06 98 76 54 {n % 90 + 10}, anna")
        toy.act("anna", "Announce", f"{n}", at=at + timedelta(hours=1))
        toy.post(f"r{n}", by="anna", at=at + timedelta(hours=2), in_reply_to=f"{n}",
                 in_reply_to_author="me", content="Very well said, thank you @me")  # fmt: skip
    for n in range(30):
        at = NOW - timedelta(days=40 + n, hours=2)
        toy.insert("trace", platform="tiktok", account_id="me", kind="login", label="1.2.3.4",
                   at=at, detail="{}", key=f"login {n}")  # fmt: skip
        toy.insert("trace", platform="x", account_id="me", kind="interest", label=f"topic {n}",
                   at=None, detail="{}", key=f"topic {n}")  # fmt: skip
    return toy


def ask(toy, lens, language="en", **period):
    scope = Scope(timezone="UTC", language=language, **period)
    return import_module(f"empreinte.lenses.{lens}").answer(Bound(toy, scope), scope)


@pytest.mark.usefixtures("without_deductions")
@pytest.mark.parametrize("period", EMPTY, ids=["after", "before", "between"])
@pytest.mark.parametrize("lens", LENSES)
def test_of_an_empty_period_nothing_else_is_said(toy, lens, period):
    report = ask(toy, lens, **period)
    with asked(Scope(**period)):
        empty, note = nothing(), whatever()
    told = {section.id: section for section in report.sections}
    beyond = {id for id, one in told.items() if one.finding.text.endswith(note)}
    assert beyond == BEYOND[lens]
    for id in set(told) - beyond:
        assert told[id].finding.text == empty
        values = [value for measure in told[id].measures for value in measure.values]
        assert {value.why_missing for value in values if value.value is None} <= {empty}
    said = [sentence.text for sentence in report.answer]
    assert said.count(empty) == (1 if beyond != set(told) else 0)
    assert all(text == empty or text.endswith(note) for text in said)


@pytest.mark.usefixtures("without_deductions")
@pytest.mark.parametrize("lens", [lens for lens in LENSES if BEYOND[lens]])
def test_what_does_not_keep_to_the_period_says_why_and_only_then(toy, lens):
    then = {s.id: s for s in ask(toy, lens, **EMPTY[0]).sections}
    open_ = {s.id: s for s in ask(toy, lens).sections}
    for id in BEYOND[lens]:
        assert then[id].intro.startswith(open_[id].intro)
        assert len(then[id].intro) > len(open_[id].intro) + 20
    with asked(Scope()):
        assert not [s for s in open_.values() if whatever() in s.finding.text]


def test_a_period_that_holds_something_is_not_said_to_be_empty(toy):
    report = ask(toy, "influence", since=datetime(2025, 6, 1), until=datetime(2026, 1, 1))
    told = {section.id: section.finding.text for section in report.sections}
    with asked(Scope(since=NOW)):
        assert nothing() not in (told["output"], told["response"], told["growth"], told["top"])
        assert all(sentence.text != nothing() for sentence in report.answer)


def test_an_empty_period_is_said_in_french(toy):
    told = ask(toy, "balance", "fr", **EMPTY[0])
    assert "la période que vous avez choisie" in told.answer[0].text
