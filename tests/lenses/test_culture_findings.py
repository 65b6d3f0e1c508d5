"""What one's own archives show is a card to review, and none where they show nothing."""

import re
from datetime import UTC, datetime

import pytest
from tests.lenses.toy import Bound, Toy
from tests.rows import first

from empreinte.lenses.culture import bank as banks
from empreinte.lenses.culture import cards, told
from empreinte.report import Scope

DAY = datetime(2026, 7, 10).date()
AT = '{"latitude": 48.1, "longitude": -1.6}'
TRACES = {
    "photo-places": {"kind": "photo", "label": "a camera", "detail": AT},
    "apps": {"kind": "app", "label": "A game"},
    "logins": {"kind": "login", "label": "198.51.100.7"},
    "advertisers": {"kind": "advertiser", "label": "A brand", "detail": '{"uses": ["list"]}'},
    "interests": {"kind": "interest", "label": "Sailing"},
    "places": {"kind": "place", "label": "a visit", "detail": AT},
    "searches": {"kind": "search", "label": "a bicycle"},
}  # fmt: skip


def asked(toy: Toy) -> set[str]:
    bank = banks.bank()
    known = told.look(Bound(toy, Scope()), bank)
    found = cards.cards(bank, known, DAY)
    return {key.removeprefix("i_found_") for key in found if key.startswith("i_found_")}


@pytest.mark.parametrize("id", first(3, TRACES))
def test_a_finding_is_a_card(id):
    toy = Toy().account("me")
    assert asked(toy) == set()
    toy.insert(
        "trace", key=id, platform="x", account_id="me", at=datetime(2026, 3, 2), **TRACES[id]
    )
    assert asked(toy) == {id.replace("-", "_")}


@pytest.mark.parametrize("id", ["photo-places", "apps"])
def test_what_is_another_s_is_no_card(id):
    toy = Toy().account("me").account("you", mine=False)
    toy.insert(
        "trace", key=id, platform="x", account_id="you", at=datetime(2026, 3, 2), **TRACES[id]
    )
    assert asked(toy) == set()


def test_a_photograph_without_its_place_is_no_card():
    toy = Toy().account("me")
    toy.insert(
        "trace",
        key="one",
        platform="x",
        account_id="me",
        kind="photo",
        label="a camera",
        detail='{"taken": "2026"}',
    )
    assert asked(toy) == set()


def test_findings_come_before_changes_and_are_reviewed_as_they_are():
    bank = banks.bank()
    known = told.Told(found=frozenset({"apps"}))
    due = cards.due(bank, known, DAY, datetime(2026, 7, 10, 12, tzinfo=UTC))
    assert due[0].key == "i_found_apps"
    assert due[0].version == next(one for one in bank.findings if one.id == "apps").version


@pytest.mark.parametrize("finding", banks.bank().findings, ids=lambda one: one.id)
def test_a_finding_is_written_in_both_languages_without_a_number_of_things(finding):
    for text in (finding.en, finding.fr):
        assert 80 <= len(text) <= 320
        assert text.endswith((".", ")."))
        assert not re.search(r"['\"]|\b\d+\b(?!\))", text)
    assert not re.search(r"[^\u00a0]:|[^\u202f][;?!%]", finding.fr)
    assert not re.search(r"[\u00a0\u202f]", finding.en)
