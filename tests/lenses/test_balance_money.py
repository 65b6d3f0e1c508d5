"""Money and solicitations on toy ledgers: what was put in is found, and nothing says why."""

import re
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.lenses.test_balance import ask, value, watched
from tests.lenses.test_balance_nights import local
from tests.lenses.test_balance_trial import tell
from tests.lenses.toy import Bound, Toy, unknown_keys

import empreinte.lenses.balance as balance
from empreinte.lenses.balance.solicitations import matched
from empreinte.report import Scope

BEGIN = datetime(2025, 1, 3, 9, 30)


def order(toy, n, at, amount, seller="Shop", platform="bank", currency="EUR"):
    toy.insert(
        "purchase", platform=platform, id=str(n), seller=seller, amount=amount, currency=currency,
        at=at,
    )  # fmt: skip


def shown(toy, n, at, who="Shop"):
    toy.insert(
        "trace", key=f"ad {n}", platform="x", account_id="me", kind="ad_impression", label=who,
        at=at,
    )  # fmt: skip


@pytest.fixture(scope="module")
def paid():
    toy = Toy().export(platform="x").account("me", platform="x")
    for month in range(14):
        order(toy, f"s{month}", BEGIN + timedelta(days=30.4 * month), 12.0, "Streams")
        order(
            toy, f"o{month}", BEGIN + timedelta(days=30.4 * month + month), 20.0 + 37 * month % 90
        )
    for month in range(4):
        order(toy, f"g{month}", BEGIN + timedelta(days=30.4 * month), 25.0, "Gym")
    tell(toy, "money", {"wage": 15, "subscriptions": [
        {"name": "Paper", "amount": 60, "every": "year"}]}, key="")  # fmt: skip
    return toy


def test_what_comes_back_is_found_told_and_its_work_worked_out(paid):
    report = ask(paid)
    (found,) = (t for s in report.sections for t in s.tables if t.id == "balance.all.subscriptions")
    state = {row[0]: (row[3], row[8]) for row in found.rows}
    assert state == {
        "Streams": ("month", "running"), "Gym": ("month", "stopped"), "Paper": ("year", "told"),
    }  # fmt: skip
    assert value(report, "all.subscriptions-year").value == pytest.approx(12 * 12 + 60)
    assert value(report, "all.work-hours").value == pytest.approx(204 / 15)
    streams = found.rows.index(next(row for row in found.rows if row[0] == "Streams"))
    assert len(paid.rows(found.evidence[streams])) == 14
    assert not found.ticks[streams].done
    assert not unknown_keys(balance, paid, report)
    years = 30.4 * 13 / 365.25
    total = 14 * 12 + sum(20.0 + 37 * month % 90 for month in range(14)) + 100
    spent = value(report, "bank.spent-year").value
    assert spent == pytest.approx(total / (years + 13 / 365.25), rel=0.01)


def test_purchases_of_unknown_currency_are_shown_and_added_up_nowhere():
    toy = Toy().export(platform="x").account("me", platform="x")
    for n in range(3):
        order(toy, n, BEGIN + timedelta(days=n), 12.0, currency=None)
    report = ask(toy)
    shown = value(report, "all.unknown-currency")
    assert shown.value == 3
    assert len(toy.rows(shown.evidence)) == 3
    (section,) = (one for one in report.sections if one.id == "money")
    assert "in which currency" in section.finding.text
    assert not any("spent-year" in one.id for m in section.measures for one in m.values)


def world(kind, seed, weeks=26):
    """Half a year of advertisements and purchases of three shops."""
    rng = np.random.default_rng(seed)
    toy = Toy().export(platform="x").account("me", platform="x")
    n = 0
    for shop in ("Alpha Shop", "Beta Shop", "Gamma Shop"):
        ads = np.sort(rng.uniform(0, weeks * 7, 60)) if kind != "follows" else np.empty(0)
        buys = rng.uniform(0, weeks * 7, 12)
        if kind == "sells":
            buys = np.concatenate([buys, ads[rng.random(60) < 0.15] + rng.uniform(0, 0.8)])
        if kind == "follows":
            ads = np.sort(np.concatenate([buys - rng.uniform(0, 0.9, 12), rng.uniform(0, 182, 30)]))
        for at in ads:
            n += 1
            shown(toy, n, local(0, 24 * float(at)), shop)
        for at in buys:
            n += 1
            order(toy, n, local(0, 24 * float(at) + 0.1), 10.0 + n, shop.upper())
    return ask(toy)


def test_purchases_near_advertisements_are_held_against_chance():
    report = world("sells", 1)
    assert any(s.about == "balance.all.purchases-near" for s in report.answer)
    near, by = value(report, "all.purchases-near"), value(report, "all.purchases-chance")
    assert near.value > by.high
    report = world("nothing", 2)
    assert not any(s.about == "balance.all.purchases-near" for s in report.answer)
    assert value(report, "all.purchases-chance").low <= value(report, "all.purchases-near").value


def test_where_advertisements_merely_follow_no_sentence_says_why():
    report = world("follows", 3)
    told = next(s for s in report.answer if s.about == "balance.all.purchases-near")
    assert "give the same figure" in told.text


def test_no_sentence_of_this_question_says_because():
    causes = re.compile(
        r"\b(because|due to|thanks to|caused?|makes you buy|car|parce que|à cause|grâce à|"
        r"en raison|pousse|provoque)\b", re.IGNORECASE,
    )  # fmt: skip
    home = Path(balance.__file__).parents[2]
    catalogue = (home / "locale/fr/LC_MESSAGES/empreinte.po").read_text("utf-8")
    entries = [one for one in catalogue.split("\n\n") if "lenses/balance/" in one]
    assert len(entries) > 100
    said = [re.sub(r'"\n"', "", one.split("msgid", 1)[1]) for one in entries]
    found = [
        one for one in said if causes.search(one) and "nothing here says what makes" not in one
    ]
    assert found == []


def test_letters_and_wishes():
    toy = Toy().export(platform="x").account("me", platform="x")
    for n in range(7):
        shown(toy, n, local(n, 10.0), f"Brand {n % 2}")
    tell(toy, "wish", {"what": "A lamp", "price": 40}, told=datetime(2026, 3, 1, 12))
    (section,) = (one for one in ask(toy).sections if one.id == "solicitations")
    assert len(section.files) == 2
    assert "article 21(2)" in section.files[0].text
    (wishes,) = (t for t in section.tables if t.id == "balance.all.wishes")
    assert (wishes.rows[0][3] - wishes.rows[0][2]).total_seconds() == 72 * 3_600
    assert wishes.ticks[0].done is False
    assert wishes.ticks[0].key in balance.keys(Bound(toy, Scope()), Scope())


def test_names_are_matched_by_their_letters():
    assert matched({"Décathlon France", "Up"}, {"DECATHLON", "Uptown", "Up"}) == {
        ("Décathlon France", "DECATHLON"), ("Up", "Up"),
    }  # fmt: skip


def test_words_said_are_shown_again_with_what_came():
    toy = Toy().export(platform="x").account("me", platform="x")
    rng = np.random.default_rng(1)
    times = []
    for week in range(24):
        for day in range(7):
            start = float(rng.uniform(18, 20))
            for _ in range(rng.poisson(24 if week < 12 else 8)):
                times.append(local(7 * week + day, start + float(rng.exponential(0.3))))
    watched(toy, "x", times, "Like")
    at = local(7 * 12, 12.0)
    tell(toy, "place", {"app": "c1", "what_for": "friends", "instead": "music",
                        "until": "2026-06-01"}, told=at)  # fmt: skip
    (section,) = (one for one in ask(toy).sections if one.id == "place")
    (said,) = (t for t in section.tables if t.id == "balance.all.said")
    assert said.rows[0][2:4] == ("friends", "music")
    before, since = said.rows[0][5:7]
    assert since < before / 2


def test_purchases_at_night_are_held_against_the_hours_there_then():
    rng = np.random.default_rng(4)
    toy = Toy().export(platform="x").account("me", platform="x")
    begun = [local(day, hour) for day in range(84) for hour in (20.0, 23.5)]
    acts = [at + timedelta(minutes=float(m)) for at in begun for m in rng.uniform(0, 40, 9)]
    watched(toy, "x", sorted(acts), "Like")
    for n in range(84):
        order(toy, n, local(n, 23.6 if n % 4 else 20.2), 10.0 + n, "Shop")
    report = ask(toy)
    share, times = value(report, "all.purchases-night"), value(report, "all.purchases-night-times")
    assert (share.numerator, share.denominator) == (63, 84)
    assert times.low < 3 < times.high < 6
    assert times.low > 1.5
    assert value(report, "x.visits-unseen").value is None, "all visits left many signs"


def test_those_who_were_not_told_of_are_counted_from_those_who_came_on_one_day():
    toy = Toy().export(platform="x").account("me", platform="x")
    n = 0
    for who in range(30):
        for day in range(1 if who < 16 else 2 if who < 22 else 9):
            for _ in range(3):
                n += 1
                shown(toy, n, local(who + day, 10.0), f"Brand {who}")
    report = ask(toy)
    assert value(report, "all.advertisers-told").value == 30
    more = value(report, "all.advertisers-unseen")
    assert more.value == pytest.approx(16 * 15 / 14)
    assert more.low < more.value < more.high
