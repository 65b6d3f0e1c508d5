"""The lens of digital culture on a small bank: forms that follow, and four sections."""

import json
from datetime import UTC, date, datetime

import pytest
from tests.lenses import culture_bank

import empreinte
from empreinte import plugins
from empreinte.errors import FormError, UsageError
from empreinte.lenses import culture
from empreinte.lenses.culture import bank as banks
from empreinte.lenses.culture import sitting
from empreinte.lenses.culture import told as culture_told
from empreinte.report import Scope
from empreinte.testing.kit import check_lens

FEED = {
    "version": "https://jsonfeed.org/version/1.1", "title": "A blog",
    "home_page_url": "https://blog.example.org",
    "items": [
        {"id": "1", "content_html": "<p>See <a href='https://s.example/'>it</a></p>",
         "date_published": "2026-03-02T09:00:00Z"},
        {"id": "2", "content_text": "Two", "date_published": "2026-03-09T09:00:00Z"},
    ],
}  # fmt: skip


@pytest.fixture
def bank(tmp_path, monkeypatch):
    monkeypatch.setattr(banks, "HOME", culture_bank.written(tmp_path / "bank"))
    return banks.bank()


@pytest.fixture
def ledger(bank, tmp_path):
    feed = tmp_path / "feed.json"
    feed.write_text(json.dumps(FEED), "utf-8")
    with (
        plugins.standing_in("empreinte.lenses", culture),
        empreinte.open_ledger(tmp_path / "ledger.duckdb") as found,
    ):
        (report,) = found.ingest(feed)
        found.set_mine(report.owner or "feed:https://blog.example.org", True)
        yield found


def form(ledger, id):
    return next(one for one in ledger.forms("culture") if one.id == id)


def sit(ledger, bank, able, most=99):
    """Answer until the test is over: right in the areas named, else "I do not know"."""
    asked = []
    while (field := form(ledger, "test").fields[0]).kind == "choice" and len(asked) < most:
        item = next(one for one in bank.items if field.name == culture_told.name(one.id))
        right = f"o{item.answer}" if item.competence[0] in able else culture_told.NOT_KNOWN
        ledger.tell("culture", "test", {field.name: right})
        asked.append(item.id)
    return asked


def test_the_lens_keeps_what_every_lens_promises(ledger, bank):
    assert check_lens(culture, ledger) == []
    sit(ledger, bank, able="13", most=12)
    field = form(ledger, "said").fields[0]
    ledger.tell("culture", "said", {field.name: "o2"})
    ledger.tell("culture", "role", {"role": "person"})
    assert check_lens(culture, ledger) == []


def test_without_a_bank_nothing_is_asked_and_nothing_fails(tmp_path, monkeypatch):
    monkeypatch.setattr(banks, "HOME", tmp_path)
    with empreinte.open_ledger(":memory:") as empty:
        assert check_lens(culture, empty) == []


def test_a_test_is_one_item_a_page_and_goes_on_where_it_was_left(ledger, bank):
    first = form(ledger, "test")
    assert first == form(ledger, "test"), "shuffled alike at each look"
    (field,) = first.fields
    assert [choice.key for choice in field.choices][-1] == "not_known"
    orders = {
        tuple(c.key for c in asked.fields[0].choices)
        for asked in (first, *(answered(ledger) for _ in range(6)))
    }
    assert len(orders) > 2, "options are shuffled"
    assert len(ledger.entries("culture", "test")) == 6
    with pytest.raises(FormError):  # a page that was left open
        ledger.tell("culture", "test", {field.name: "o1"})
    with pytest.raises(UsageError):
        ledger.tell("culture", "test", {form(ledger, "test").fields[0].name: "o1"}, "1")
    asked = sit(ledger, bank, able="12345")
    assert len(asked) + 6 <= 21
    over = form(ledger, "test")
    assert over.fields[0].name == "again"
    assert "Because of" in over.help
    ledger.tell("culture", "test", {"again": "yes"})
    assert form(ledger, "test").fields[0].kind == "choice"


def test_of_items_that_tell_as_much_one_not_asked_before_comes_first(bank):
    told = culture_told.Told()
    first = sitting.next_item(bank, "known", told, date(2026, 6, 1))
    told.sittings["known"][:0] = [[culture_told.Answer(first, 0, datetime(2026, 1, 1))]]
    other = sitting.next_item(bank, "known", told, date(2026, 6, 1))
    assert (other.level, bank.place(other.competence)) == (first.level, bank.place("1.1"))
    assert other.competence != first.competence


def answered(ledger):
    asked = form(ledger, "test")
    ledger.tell("culture", "test", {asked.fields[0].name: asked.fields[0].choices[0].key})
    return form(ledger, "test")


def test_said_answered_and_practised_stand_side_by_side(ledger, bank):
    before = ledger.ask("culture").values()
    assert before["culture.area-1.answered"][1].value is None
    assert before["culture.area-1.practised"][1].value == 1, "a source linked"
    assert before["culture.area-4.practised"][1].value is None, "unknown, not nothing"
    sit(ledger, bank, able="1")
    report = ledger.ask("culture")
    found = report.values()
    assert found["culture.area-1.said"][1].value is None, "answers say nothing of what is said"
    (bands,) = [t for s in report.sections for t in s.tables if t.id == "culture.all.bands"]
    one, five = bands.rows[0], bands.rows[-1]
    assert sum(one[2:6]) == pytest.approx(1, abs=0.01)
    assert one[4] + one[5] > five[4] + five[5]
    assert five[-1] == five[-2], "what is not known is told apart"
    (paper,) = ledger.ask("culture", language="fr", until="2026-06-01").sections[0].files
    assert "1er\u00a0juin 2026" in paper.text
    assert "Ce que vous avez répondu\u00a0: " in paper.text
    for _ in range(4):
        asked = form(ledger, "said").fields[0]
        ledger.tell("culture", "said", {asked.name: "o3"})
    after = ledger.ask("culture").values()
    assert after["culture.area-5.answered"][1].value == found["culture.area-5.answered"][1].value


def test_signs_open_onto_their_records(ledger):
    share = ledger.ask("culture").values()["culture.sources-linked.share"][1]
    assert (share.value, share.n) == (0.5, 2)
    assert share.low < 0.5 < share.high
    assert ledger.evidence("culture.sources-linked.seen").total == 1


def test_pictures_that_are_described_are_a_sign(tmp_path):
    shown = {"a": '<img src="a.png" alt="A street">', "b": '<img src="b.png" alt="">', "c": ""}
    feed = {**FEED, "items": [
        {"id": id, "content_html": f"<p>{id}</p>{html}", "date_published": "2026-03-02T09:00:00Z"}
        for id, html in shown.items()
    ]}  # fmt: skip
    (tmp_path / "feed.json").write_text(json.dumps(feed), "utf-8")
    with empreinte.open_ledger(":memory:") as found:
        (report,) = found.ingest(tmp_path / "feed.json")
        found.set_mine(report.owner or "feed:https://blog.example.org", True)
        share = found.ask("culture").values()["culture.alt-texts.share"][1]
        assert (share.value, share.n) == (0.5, 2)
        assert found.evidence("culture.alt-texts.seen").total == 1


def test_what_is_past_its_date_is_not_claimed(ledger, tmp_path, monkeypatch):
    def rows(until="2026-06-01"):
        report = ledger.ask("culture", until=until)
        (table,) = [
            t for s in report.sections for t in s.tables if t.id == "culture.all.changes-told"
        ]
        return report, [row[5] for row in table.rows]

    report, checked = rows()
    assert report.values()["culture.all.changes"][1].value == 1
    assert "not checked since" not in checked[0]
    assert "not checked since" in checked[1]
    old = culture_bank.written(tmp_path / "old", recheck="2026-02-01")
    monkeypatch.setattr(banks, "HOME", old)
    report, checked = rows("2026-06-02")  # answers are kept as long as the ledger is the same
    assert report.values()["culture.all.changes"][1].value == 0
    assert "not checked since" in checked[0]
    assert "i_change_law" not in {f.name for one in ledger.forms("culture") for f in one.fields}


def test_at_most_three_things_are_to_be_learnt_by_what_the_role_needs(ledger, bank):
    def chosen():
        report = ledger.ask("culture", until="2026-06-01")
        (table,) = [t for s in report.sections for t in s.tables if t.id == "culture.all.next"]
        return [row[0] for row in table.rows], table.rows[0]

    names, best = chosen()
    assert len(names) == 3
    assert best[0] == "Knowing d-a"
    assert best[1] == "Look at your logins."
    assert "something has changed" in best[3]
    ledger.tell("culture", "role", {"role": "manager"})
    assert chosen()[0] == ["Knowing c-c"]


def test_what_was_missed_comes_back_and_a_fact_that_changed_is_new(
    ledger, bank, tmp_path, monkeypatch
):
    (change,) = form(ledger, "review").fields
    assert change.name == "i_change_law"
    ledger.tell("culture", "review", {change.name: change.choices[3].key})
    assert form(ledger, "review").fields[0].name == "again", "nothing else is to be reviewed"
    sit(ledger, bank, able="", most=1)
    (missed,) = form(ledger, "review").fields
    assert missed.label.startswith("en: ")
    ledger.tell("culture", "review", {missed.name: missed.choices[-1].key})
    assert form(ledger, "review").fields[0].name == "again"
    new = culture_bank.written(tmp_path / "new", law="Another law holds.")
    monkeypatch.setattr(banks, "HOME", new)
    again = form(ledger, "review")
    assert again.fields[0].label == "Another law holds."
    assert "has changed since you learnt it" in again.help


def test_a_bank_that_does_not_keep_the_form_is_told_by_its_item(tmp_path):
    folder = culture_bank.written(tmp_path / "bad")
    file = folder / "items-1.toml"
    whole = file.read_text("utf-8")
    for old, new, told in (
        ("answer = 1\n", "answer = 4\n", "1.1-k1: an answer"),
        ('competence = "1.1"', 'competence = "9.9"', "9.9 is no competence"),
        ('id = "1.1-s2"', 'id = "1.1-s1"', "1.1-s1 stands twice"),
        ("expires = 2098-01-01", "expires = 2020-01-01", "expired before"),
    ):
        file.write_text(whole.replace(old, new, 1), "utf-8")
        banks.read.cache_clear()
        with pytest.raises(ValueError, match=told):
            banks.read(folder)


def test_the_day_is_that_of_the_question(bank):
    scope = Scope(until=datetime(2026, 6, 1, tzinfo=UTC))
    assert banks.today(scope) == date(2026, 6, 1)


def test_whose_the_map_is_stands_in_the_report():
    with empreinte.open_ledger(":memory:") as found:
        for language, licence in (("en", "CC BY 4.0. English titles"), ("fr", "CC BY 4.0. Titres")):
            (where, *_rest) = found.ask("culture", language=language).sections
            assert licence in where.intro
