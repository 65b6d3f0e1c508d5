"""Counts of a collection: told by a form, and items then lie where they say."""

import pytest
from tests.lenses import culture_bank

import empreinte
from empreinte.errors import FormError
from empreinte.lenses.culture import bank as banks
from empreinte.lenses.culture import counted, sitting, where
from empreinte.lenses.culture.told import Answer, Told, look


@pytest.fixture
def bank(tmp_path, monkeypatch):
    monkeypatch.setattr(banks, "HOME", culture_bank.written(tmp_path / "bank"))
    return banks.bank()


def told(*items, made="2026-03-01"):
    return {"made": made, "items": list(items)}


HARD = {"item": "1.1-k1", "answered_2": 200, "right_2": 40, "answered_3": 100, "right_3": 50}


def test_counts_are_read_of_questions_as_they_are_now(bank):
    others = (
        {"item": "9.9-k1", "answered_1": 30, "right_1": 10},
        {"item": "1.2-k1", "answered_1": 30, "right_1": 31},
        {"item": "1.2-k2", "answered_1": 30},
        {"item": "1.2-s1", "answered_1": 30, "right_1": 0},
    )
    found = counted.read(told(HARD, *others), bank.items)
    assert found == {
        "1.1-k1": counted.Count((0, 200, 100, 0), (0, 40, 50, 0)),
        "1.2-s1": counted.Count((30, 0, 0, 0), (0, 0, 0, 0)),
    }
    before = told(HARD, *others, made="2025-12-31")
    assert counted.read(before, bank.items) == {}
    assert counted.older(before, bank.items) == 4, "all but the one that is not in the bank"
    assert counted.older(told(HARD, *others), bank.items) == 0


def test_an_item_lies_where_people_of_several_levels_say(bank):
    (hard,) = counted.located(bank, counted.read(told(HARD), bank.items)).values()
    assert 1.5 < hard.off < 2.6, "of the lowest level by its writers, it lies far above"
    assert hard.unsure < 0.2
    assert hard.answers == 300


def test_who_answers_a_hard_question_rightly_is_placed_higher(bank):
    item = next(one for one in bank.items if one.id == "1.1-k1")
    easy, hard = (
        where.look(bank, Told(counts=counts, sittings={"said": [[]], "known": [[
            Answer(item, item.answer, None),
        ]]}), "known")
        for counts in ({}, counted.read(told(HARD), bank.items))
    )  # fmt: skip
    assert hard[0].chance[2:].sum() > easy[0].chance[2:].sum() + 0.05
    assert sitting.learnt(bank, []) == {}


def test_counts_are_told_in_a_file_refused_where_too_few_and_said_in_the_report(bank):
    with empreinte.open_ledger(":memory:") as ledger:
        with pytest.raises(FormError) as refused:
            ledger.tell("culture", "counts", told(HARD | {"answered_2": 19, "right_2": 3}))
        assert "items.1.answered_2" in str(refused.value)
        ledger.tell("culture", "counts", told(HARD))
        assert list(look(ledger, bank).counts) == ["1.1-k1"]
        (asked,) = ledger.forms("culture")[0].fields
        ledger.tell("culture", "test", {asked.name: "not_known"})
        (section,) = (s for s in ledger.ask("culture").sections if s.id == "where")
        assert "Where 1 of them lies was measured" in section.tables[0].definition
        ledger.forget(told="culture/counts")
        assert look(ledger, bank).counts == {}


def test_counts_that_cannot_be_are_refused_with_what_was_expected(bank):
    with empreinte.open_ledger(":memory:") as ledger:
        for wrong, where_it_is in (
            (told(HARD | {"item": "9.9-k9"}), "items.1.item"),
            (told({"answered_2": 200, "right_2": 40}), "items.1.item"),
            (told(), "items"),
            (told(HARD, made="2199-01-01"), "made"),
        ):
            with pytest.raises(FormError) as refused:
                ledger.tell("culture", "counts", wrong)
            assert [fault.path for fault in refused.value.faults] == [where_it_is]
        assert look(ledger, bank).counts == {}
