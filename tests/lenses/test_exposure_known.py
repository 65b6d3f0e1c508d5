"""What the owner told of the findings: theirs, a friend's, no person's."""

import json

import pytest
from tests.lenses.test_exposure import ask, table, trace, values
from tests.lenses.toy import NOW, Toy

import empreinte
from empreinte.errors import FormError
from empreinte.texts.personal_data.comparing import normal

pytestmark = pytest.mark.usefixtures("without_deductions")


@pytest.fixture
def toy():
    made = Toy().account("me").export()
    made.post("1", content="Mon numéro : 06 12 34 56 78, appelez-moi")
    made.post("2", content="appelle Paul au 07 98 76 54 32")
    made.post("3", content="Standard de la mairie, téléphone : 01 42 76 40 40")
    return made


def tell(toy, **fields):
    toy.db.execute(
        "insert into entry values ('exposure', 'known', '', 'owner', ?, ?, 'h')",
        [json.dumps(fields), NOW],
    )


def test_findings_are_sorted_by_what_was_told(toy):
    before = values(ask(toy))
    assert before["exposure.all.written"].value == 3
    assert "exposure.all.written-left-out" not in before
    tell(toy, data=[
        {"value": "+33 6 12 34 56 78", "whose": "mine"},
        {"value": "07.98.76.54.32", "whose": "friend"},
        {"value": "0142764040", "whose": "nobody"},
    ])  # fmt: skip
    report = ask(toy)
    after = values(report)
    assert after["exposure.all.written"].value == 1
    assert after["exposure.all.written-mine"].value == 1
    assert after["exposure.all.written-left-out"].value == 2
    assert after["exposure.all.steps"].value == 1
    found = table(report, "written-data")
    assert [row[-1] for row in found.rows] == ["yours, as you told"]
    assert "a friend’s: 1; no person’s: 1" in found.reading


def test_where_all_is_left_out_it_is_said_so(toy):
    tell(toy, data=[{"value": v, "whose": "nobody"}
                    for v in ("0612345678", "0798765432", "0142764040")])  # fmt: skip
    report = ask(toy)
    assert values(report)["exposure.all.written"].value == 0
    (written,) = [section for section in report.sections if section.id == "written"]
    assert written.finding is not None
    assert "none is yours" in written.finding.text
    assert written.finding.action is not None
    assert written.finding.action.kind == "form"


def test_a_birthday_is_held_against_what_platforms_say(toy):
    trace(toy, "profile", "1990", **{"from": "birthYear"})
    assert not [s for s in ask(toy).sections for t in s.tables if t.id.endswith("held-wrong")]
    tell(toy, birthday="1984-04-03")
    (row,) = table(ask(toy), "held-wrong").rows
    assert row[0] == "year of birth"
    assert "1984" not in row[1]


@pytest.mark.parametrize(
    ("type", "one", "other"),
    [
        ("telephone", "06 12 34 56 78", "+33612345678"),
        ("address", "3, rue de l’Été, 75011 Paris", "3 RUE DE L'ETE 75011 paris"),
        ("email", "Anna@Example.org ", "anna@example.org"),
        ("relative", "Zoé  Martin", "zoe martin"), ("iban", "FR76 3000", "fr763000"),
    ],
)  # fmt: skip
def test_two_ways_of_writing_one_thing_are_one(type, one, other):
    assert normal(type, one) == normal(type, other) != ""


def test_nobody_was_born_after_today():
    with empreinte.open_ledger(":memory:") as ledger:
        with pytest.raises(FormError, match="birthday"):
            ledger.tell("exposure", "known", {"birthday": "2199-01-01"})
        ledger.tell("exposure", "known", {"birthday": "1984-04-03"})
