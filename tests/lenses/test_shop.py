"""The lens of a shop over logs whose truth is known, counted apart from the lens."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from tests.lenses.shop_log import FACTS, PATHS, START, Log
from tests.rows import first

import empreinte
from empreinte import plugins
from empreinte.asking import trials as drawn
from empreinte.errors import FormError, UsageError
from empreinte.kernels.statistics import lots
from empreinte.kernels.statistics.stratified_total import stratified_total
from empreinte.lenses import shop
from empreinte.lenses.shop import attribution, book
from empreinte.testing import counter as made
from empreinte.testing.kit import check_lens
from empreinte.testing.life import FIRST_EXPORT, freelancer

DAY, HALF = timedelta(days=1), timedelta(minutes=30)


@pytest.fixture(scope="module")
def begun():
    """Give a ledger, and what the lens said while it was empty."""
    with (
        plugins.standing_in("empreinte.lenses", shop),
        empreinte.open_ledger(":memory:") as made_here,
    ):
        yield made_here, made_here.ask("shop")


@pytest.fixture(scope="module")
def ledger(begun):
    """Hold all shops of these tests: each asks of its own alone."""
    return begun[0]


@pytest.fixture
def asked(ledger, tmp_path):
    """Import logs and ask the lens of their shops."""

    def ask(*logs, at=START + 60 * DAY, **scope):
        for place, log in enumerate(logs):
            ledger.ingest(log.write(tmp_path / f"{place}.jsonl", at))
        channels = [f"counter:{log.shop}" for log in logs]
        return ledger.ask("shop", timezone="Europe/Paris", channels=channels, **scope)

    ask.ledger = ledger
    return ask


def value(report, id):
    return next(
        one for part in report.sections for measure in part.measures for one in measure.values
        if one.id == f"shop.all.{id}"
    )  # fmt: skip


def rows(report, id):
    tables = [table for part in report.sections for table in part.tables]
    return next((table.rows for table in tables if table.id == f"shop.all.{id}"), ())


@pytest.mark.slow
def test_the_lens_keeps_what_every_lens_promises(tmp_path):
    with empreinte.open_ledger(":memory:") as ledger:
        ledger.ingest(made.write_export(tmp_path / "log.jsonl", freelancer(), FIRST_EXPORT))
        assert check_lens(shop, ledger) == []


def test_without_a_log_it_says_how_to_fetch_it(begun):
    _ledger, report = begun
    assert "empreinte shop pull" in report.answer[0].text
    assert all(v.value is None for s in report.sections for m in s.measures for v in m.values)


def season(seed):
    """Make a season at random, and count what is true of it as it is made."""
    dice, log, true = Random(seed), Log(), Counter()
    stock = {"loaf": 500, "tart": 200}
    for product, n in stock.items():
        log.put(START, "stock", "file", product=product, n=n)
    log.put(START, "stock", "file", product="cake", n=0)
    log.put(START, "told", "file", told=FACTS)
    for day in range(40):
        opens = START + day * DAY
        for place in range(dice.randint(0, 6)):
            starts = opens + place * HALF
            made_at = starts - timedelta(hours=dice.randint(1, 30))
            fate = dice.choice([*PATHS, "unsent", "held"])
            n, product = dice.randint(1, 3), dice.choice(["loaf", "tart"])
            late = dice.random() < 0.3
            ready = starts + (timedelta(minutes=5) if late else -timedelta(minutes=5))
            left = dice.randint(0, 1)
            after = starts + timedelta(minutes=dice.choice([10, 50]))
            log.reserve(made_at, {product: n}, fate, starts=starts, ready=ready, collected=after,
                        left=left)  # fmt: skip
            true[fate] += 1
            true["full"] += left == 0
            if fate in ("collected", "handed"):
                stock[product] -= n
                true["pieces"] += n
            if fate in ("collected", "no_show", "ready"):
                true["late" if late else "in time"] += 1
            if fate == "handed" and after - starts < HALF:
                true["in time"] += 1
            if fate in ("asked", "confirmed", "ready", "held"):
                true["promised", product] += n
        if dice.random() < 0.4:
            event = log.put(opens, "sold", product="tart", n=-1)
            if dice.random() < 0.3:
                log.undo(event)
            else:
                stock["tart"] -= 1
                true["sold"] += 1
        if dice.random() < 0.3:
            log.put(opens, "lack", "client", product="tart")
            true["lack"] += 1
    return log, true, stock


@pytest.mark.parametrize("seed", first(1, range(3)))
def test_what_is_counted_is_what_happened(asked, seed):
    log, true, stock = season(seed)
    report = asked(log)
    sent = sum(true[fate] for fate in PATHS) - true["asked"]
    over = true["collected"] + true["handed"] + true["no_show"]
    counted = {
        "to-answer": true["asked"], "to-prepare": true["confirmed"], "ready": true["ready"],
        "late": true["asked"] + true["confirmed"] + true["ready"],
        "collected-pieces": true["pieces"], "sold-pieces": true["sold"],
        "lack-pieces": true["lack"], "slots-full": true["full"],
    }  # fmt: skip
    assert {id: value(report, id).value for id in counted} == counted
    shares = {
        "ready-on-time": (true["in time"], true["in time"] + true["late"]),
        "no-show": (true["no_show"], over), "unanswered": (true["unanswered"], sent),
        "refused": (true["refused"], sent), "cancelled": (true["cancelled"], sent),
        "unsent": (true["unsent"], sent + true["asked"] + true["unsent"]),
    }  # fmt: skip
    for id, (k, n) in shares.items():
        found = value(report, id)
        assert (found.numerator, found.denominator) == (k, n), id
        assert found.value == pytest.approx(k / n)
        assert found.low <= found.value <= found.high
    products = {row[0]: row for row in rows(report, "products")}
    for name, id, kept in (("Country loaf", "loaf", 2), ("Apple tart", "tart", 0)):
        promised = true["promised", id]
        free = max(0, stock[id] - promised - kept)
        assert products[name][1:5] == (stock[id], promised, kept, free)
    assert products["Cake"][1] is None
    assert len(rows(report, "live")) == true["asked"] + true["confirmed"] + true["ready"]


def test_what_was_taken_back_did_not_happen(asked):
    log = Log()
    log.put(START, "told", "file", told=FACTS)
    log.reserve(START, {"loaf": 1}, "collected", starts=START + HALF, ready=START)
    log.undo(len(log.events))
    event = log.put(START, "closed", day="2026-09-01")
    log.undo(event)
    report = asked(log)
    assert value(report, "ready").value == 1
    assert value(report, "no-show").value is None
    assert value(report, "closed-days").value == 0


def test_a_window_counts_what_was_made_in_it_and_the_stock_as_it_was_then(asked):
    log = Log()
    log.put(START, "told", "file", told=FACTS)
    log.put(START, "stock", "file", product="loaf", n=10)
    for day in (0, 10, 20):
        at = START + day * DAY
        log.reserve(at, {"loaf": day // 10 + 1}, "collected", collected=at)
        log.put(at, "lack", "client", product="loaf")
    report = asked(log, since=START + 5 * DAY, until=START + 15 * DAY)
    assert value(report, "collected-pieces").value == 2
    assert value(report, "lack-pieces").value == 1
    assert rows(report, "products")[1][1] == 10 - 1 - 2


def test_postcodes_are_shown_from_five_on_and_no_nearer(asked):
    log = Log()
    log.put(START, "told", "file", told=FACTS)
    for code, n in (("49100", 6), ("49000", 5), ("75011", 3), ("49000", 9)):
        log.put(START, "from", "time", told=code, n=n)
    report = asked(log)
    assert rows(report, "postcodes") == (("49000", 14), ("49100", 6))
    near = value(report, "near")
    assert (near.numerator, near.denominator) == (6, 20)
    assert "75011" not in str(report)


def test_facts_are_told_with_their_check_and_hours_with_their_date(asked):
    log = Log()
    for day, hours in (
        (0, "Mo-Su 08:00-20:00"),
        (3, "Mo-Su 08:00-20:00"),
        (9, "Mo-Sa 09:00-18:00"),
    ):
        at = START + day * DAY
        log.put(at, "told", "file", told=FACTS | {"hours": hours, "slot_capacity": day + 1})
    report = asked(log)
    assert value(report, "hours-changed").value == 1
    facts = {row[0]: row[1] for row in rows(report, "facts")}
    assert facts["Hours: the same since"] == "10\u00a0September 2026"
    assert facts["What can be brought back"] == "not told"
    assert facts["Number of the company (SIREN)"] == "732829320"


def brought(seed, every=3):
    """Make a season in which some codes are passed on; give the log and what is true of it."""
    dice, log, true = Random(seed), Log(), Counter()
    log.put(START, "told", "file", told=FACTS)
    for n in range(240):
        at, by_post = START + n * timedelta(hours=3), dice.random() < 0.3
        code = dice.random() < (0.6 if by_post else 0.1)
        asked = n % every == 0
        said = "post" if by_post else dice.choice(["window", "word", "before"])
        answer = "unsaid" if dice.random() < 0.1 else said
        via = dice.choice(["K7", "k7", "M2"]) if code else dice.choice(["window", None])
        log.reserve(at, {"loaf": 2}, "collected", collected=at, via=via, asked=asked,
                    answer=answer if asked else None)  # fmt: skip
        other = asked and answer in ("window", "word", "before")
        true["by post"] += by_post
        true["code"] += code and not other
        true["most"] += not other
        true["asked"] += asked
        true["answered"] += asked and answer != "unsaid"
        true["K7"] += via in ("K7", "k7")
        for name, so in (("N", True), ("n", asked and answer != "unsaid"),
                         ("y", asked and answer == "post")):  # fmt: skip
            true[name, code] += so
    return log, true


@pytest.mark.parametrize("seed", first(1, range(2)))
def test_what_posts_bring_is_bounded_and_estimated_and_never_said_of_one(asked, seed):
    log, true = brought(seed)
    report = asked(log)
    counted = {"with-code": "code", "at-most": "most", "asked": "asked"}
    assert {id: value(report, id).value for id in counted} == {
        id: true[name] for id, name in counted.items()
    }
    answered = value(report, "answered")
    assert (answered.numerator, answered.denominator) == (true["answered"], true["asked"])
    found = value(report, "by-posts")
    total = stratified_total(*([true[name, code] for code in (True, False)] for name in "Nny"))
    assert (found.value, found.low, found.high) == (round(total.about), total.low, total.high)
    assert found.n == true["answered"]
    codes = {row[0].upper(): row[1:] for row in rows(report, "codes")}
    assert codes["K7"] == (true["K7"], true["K7"], 2 * true["K7"])
    totals = [row[3] for row in rows(report, "answers")]
    assert sum(totals) == pytest.approx(240, abs=4)
    [said] = [one.text for one in report.answer if "brought" in one.text]
    least, most = total.low, total.high
    assert said.startswith(f"Of 240 reservations collected, {least} to {most} by people who say")


def test_the_interval_holds_when_codes_are_passed_on():
    """As the benchmark does, with fewer seasons."""
    held = []
    for seed in range(150):
        dice, truth, came = Random(seed), 0, []
        for n in range(dice.randint(100, 400)):
            by_post = dice.random() < 0.3
            code = dice.random() < (0.6 if by_post else 0.15)
            truth += by_post
            one = book.Reservation(f"r{n}", "s", via="K7" if code else None, asked=n % 5 == 0)
            one.answer = ("post" if by_post else "word") if one.asked else None
            came.append(one)
        total = attribution.estimates(came)["post"]
        held.append(total.low <= truth <= total.high)
    assert 0.84 <= sum(held) / len(held) <= 0.97


def test_where_nobody_is_asked_there_are_bounds_and_no_estimate(asked):
    log = Log()
    log.put(START, "told", "file", told=FACTS)
    for via in ("K7", "K7", None, "window"):
        log.reserve(START, {"loaf": 1}, "collected", collected=START, via=via)
    report = asked(log)
    assert (value(report, "with-code").value, value(report, "at-most").value) == (2, 4)
    assert value(report, "by-posts").value is None
    assert "ask_every" in value(report, "by-posts").why_missing
    assert rows(report, "answers") == ()
    section = next(one for one in report.sections if one.id == "posts")
    assert "2 of 4" in section.finding.text


# Days drawn by lot


@pytest.fixture
def told(monkeypatch):
    """Have draws told on days that are past: the form takes days to come alone."""

    def tell(*rows):
        values = ", ".join(
            f"""('{n}', '{{"first": "{first}", "length": {length}, "blocks": {blocks}}}',
            timestamp '{on:%Y-%m-%d} 12:00', '{hash * 16}')"""
            for n, (first, length, blocks, on, hash) in enumerate(rows, 1)
        )
        query = f"""select * from (values {values}) as t(key, fields, told, hash)
            where $asker = 'shop' and $form = 'lots' order by told, key"""
        monkeypatch.setattr(drawn, "TOLD", query)

    return tell


def twelve_weeks_and_a_draw(ratio, draw, seed=3):
    """Make requests for twelve weeks, then for the weeks of a draw; drawn days have more."""
    dice, log = Random(seed), Log()
    log.put(START, "told", "file", told=FACTS)
    start = START.replace(hour=9)
    for n in range(90 + len(draw)):
        at, drawn = start + n * DAY, n >= 90 and draw[n - 90]
        mean = 8 * (ratio if drawn else 1) * (0.5, 1, 1, 1, 1.5, 2, 0)[at.weekday()]
        for _ in range(dice.randint(round(mean * 0.6), round(mean * 1.4))):
            log.reserve(at, {"loaf": 1}, "collected", collected=at)
        log.reserve(at, {"loaf": 1}, "cancelled")
    return log


def future(days):
    return (datetime.now(UTC) + timedelta(days=days)).date()


FIRST = (START + 90 * DAY).date()


@pytest.mark.parametrize("ratio", [2.0, 1.0])
def test_drawn_days_are_compared_with_the_others_as_they_were_drawn(asked, told, ratio):
    told((FIRST, 1, 6, START + 84 * DAY, "c"))
    days = lots.draw("c" * 16, 6)
    report = asked(twelve_weeks_and_a_draw(ratio, days), at=START + 140 * DAY)
    section = next(one for one in report.sections if one.id == "lots")
    found = {one.id: one for measure in section.measures for one in measure.values}
    found = {id.removeprefix("shop.trial-1."): one for id, one in found.items()}
    assert found["ratio"].low <= ratio <= found["ratio"].high
    assert found["drawn-days"].n == 18
    assert found["other-days"].n == 24
    assert 0.9 < found["power-100"].value <= 1
    assert found["power-20"].value < found["power-50"].value
    assert found["posted-drawn"].why_missing
    said = [one for one in report.answer if "drawn by lot" in one.text]
    if ratio == 1.0:
        assert said == []
        assert "no difference can be told" in section.finding.text
    else:
        assert said[0].text.startswith("On days drawn by lot for posting (30\u00a0November 2026 to")
    posting = [row[0] for row in rows(report, "posting-days")]
    assert len(posting) == 18
    assert section.files[0].text.count("\n") == 21


@pytest.mark.slow
def test_what_can_be_found_is_said_from_the_days_before_alone(asked, told):
    told((FIRST, 1, 4, START + 84 * DAY, "d"))
    powers = []
    for ratio in (1.0, 3.0):
        log = twelve_weeks_and_a_draw(ratio, lots.draw("d" * 16, 4))
        for at in (START + 85 * DAY, START + 130 * DAY):
            report = asked(log, at=at, until=at)
            powers.append([
                one.value for part in report.sections for measure in part.measures
                if measure.id.startswith("power") for one in measure.values
            ])  # fmt: skip
    assert powers[0] == powers[1] == powers[2] == powers[3]
    assert len(powers[0]) == 3
    assert None not in powers[0]


def test_posts_of_drawn_days_are_counted(asked, told, tmp_path):
    told((FIRST, 2, 2, START + 84 * DAY, "e"))
    days = [FIRST + n * DAY for n, drawn in enumerate(lots.draw("e" * 16, 2, 2)) if drawn][::2]
    items = [
        {"id": str(n), "content_text": "Bread", "date_published": f"{day}T09:00:00Z"}
        for n, day in enumerate(days[1:])
    ]
    feed = tmp_path / "feed.json"
    feed.write_text(json.dumps({
        "version": "https://jsonfeed.org/version/1.1", "title": "A shop", "items": items,
        "home_page_url": "https://shop.example.org",
    }))  # fmt: skip
    (imported,) = asked.ledger.ingest(feed)
    asked.ledger.set_mine(imported.owner, True)
    log = Log()
    log.put(START, "told", "file", told=FACTS)
    report = asked(log, at=START + 91 * DAY)
    found = {
        one.id.rpartition(".")[2]: (one.numerator, one.denominator)
        for part in report.sections for measure in part.measures for one in measure.values
    }  # fmt: skip
    assert found["posted-drawn"] == (5, 6)
    assert found["posted-others"] == (0, 8)
    section = next(one for one in report.sections if one.id == "lots")
    assert "not over" in section.finding.text


def test_what_is_told_is_read_as_it_was_told(asked):
    first = future(40)
    for length in (1, 2):
        asked.ledger.tell("shop", "lots", {"first": first, "length": length, "blocks": 3})
    log = Log()
    log.put(START, "told", "file", told=FACTS)
    report = asked(log)
    assert [row[2] for row in rows(report, "trials")] == [1, 2]
    states = [row[4].partition(":")[0] for row in rows(report, "trials")]
    assert states == ["to come", "does not count"]


def test_a_draw_is_not_told_for_days_that_have_begun_or_told_anew(asked):
    for day in (0, -3):
        with pytest.raises(FormError, match="first"):
            asked.ledger.tell("shop", "lots", {"first": future(day), "length": 1, "blocks": 4})
    with pytest.raises(UsageError, match="numbered"):
        asked.ledger.tell(
            "shop", "lots", {"first": future(5), "length": 1, "blocks": 4}, key="1"
        )  # fmt: skip


def test_a_draw_told_too_late_or_on_days_of_another_does_not_count(asked, told):
    log = Log()
    log.put(START, "told", "file", told=FACTS)
    told(
        ("2026-09-20", 2, 2, START + 9 * DAY, "a"), ("2026-09-29", 2, 2, START + 10 * DAY, "b"),
        ("2026-09-20", 2, 2, START + 24 * DAY, "c"), ("2026-10-18", 1, 2, START + 25 * DAY, "d"),
    )  # fmt: skip
    states = [row[4].partition(":")[0] for row in rows(asked(log), "trials")]
    assert states == ["over", "does not count", "does not count", "running"]  # to its last day


def test_two_shops_are_taken_together_or_chosen(asked):
    logs = [Log(), Log()]
    for log in logs:
        log.put(START, "told", "file", told=FACTS)
        log.put(START, "stock", "file", product="loaf", n=9)
        log.reserve(START, {"loaf": 1}, "collected", collected=START)
    assert value(asked(*logs), "collected-pieces").value == 2
    one = asked(logs[1])
    assert value(one, "collected-pieces").value == 1
    assert len(rows(one, "products")) == 3


def test_the_log_of_the_real_program_is_told_as_it_was(tmp_path, ledger):
    pytest.importorskip("opening_hours")
    from tests.counter.shops import Site

    (tmp_path / "shop").mkdir()
    site = Site(tmp_path / "shop", returns="Within two weeks.")
    first = site.reserve({"loaf": 2, "tart": 1}, via="K7").headers["location"]
    site.ask(f"{first}/send", {})
    site.ask(f"{site.own}/move", {"id": "1", "act": "prepare"})
    site.reserve({"tart": 1}, 1)
    for _ in range(2):
        assert site.reserve({"tart": 2}, 1).status == 409
    site.ask(f"{site.own}/stock", {"product": "loaf", "n": "1"})
    site.ask(f"{site.own}/close", {})
    text = site.ask(f"{site.own}/log").body
    site.book.close()
    (tmp_path / "log.jsonl").write_bytes(text)
    (imported,) = ledger.ingest(tmp_path / "log.jsonl")
    report = ledger.ask("shop", channels=[imported.owner])
    assert value(report, "ready").value == 1
    assert value(report, "lack-pieces").value == 2
    assert value(report, "closed-days").value == 1
    products = {row[0]: row[1:5] for row in rows(report, "products")}
    assert products == {"Loaf": (6, 2, 1, 3), "Tart": (3, 2, 0, 1), "Cake": (None, 0, 0, None)}
    assert ("What can be brought back", "yes") in [row[:2] for row in rows(report, "facts")]
