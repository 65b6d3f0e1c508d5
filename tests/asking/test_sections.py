"""Sections open with what they found, and a report that leads nowhere is found out."""

from __future__ import annotations

import math

import msgspec
import pytest
from scipy.special import betaincinv

from empreinte.asking import Claim, Part, chart, proportion, report, table, value
from empreinte.asking.sections import by_channel
from empreinte.report import Action, Evidence, Measure, Scope, Section, Sentence, Value, faults


class Lens:
    """A lens that asks nothing."""

    NAME = "toy"
    OPTIONS = ()

    def question(self) -> str:
        return "What?"

    def answer(self, tables, scope):
        raise NotImplementedError


TOLD = table("toy.all.table", "Table", (("who", "Who"),), [("me",)])
DRAWN = chart("toy.all.chart", "Chart", (("n", "N", "integer"),), [{"n": 1}], {}, reading="One.")
OTHERWISE = Sentence(text="Nothing stands out.", about="first", quiet="Nothing stands out.")
CLAIM = Claim(text="I grow.", quiet="I grow.", about="toy.all.table", topic="growth", weight=1.0)


def made(*claims: Claim, **section):
    shown = Section(id="first", title="First", charts=DRAWN, tables=TOLD, **section)
    return report(Lens(), Scope(), [Part(shown, claims, OTHERWISE)])


def test_a_section_opens_with_its_claim_and_what_that_is_about():
    (section,) = made(CLAIM).sections
    assert section.finding == CLAIM.sentence
    assert section.lead == "toy.all.table"


def test_without_a_claim_it_opens_with_what_it_says_otherwise():
    faint = msgspec.structs.replace(OTHERWISE, text="I have a finding of my own.")
    (section,) = made().sections
    assert (section.finding, section.lead) == (OTHERWISE, "toy.all.chart")
    (section,) = made(CLAIM, finding=faint).sections
    assert section.finding == faint


def of_values(*values: Value) -> Section:
    measure = Measure(id="n", name="N", values=values)
    part = Part(Section(id="first", title="First", measures=(measure,)))
    (section,) = report(Lens(), Scope(), [part]).sections
    return section


def test_a_section_of_which_nothing_is_known_says_why():
    unknown = Value(id="toy.all.n", value=None, why_missing="No export tells it.")
    said = "No export tells it."
    assert of_values(unknown).finding == Sentence(text=said, quiet=said, about="toy.all.n")
    numbered = msgspec.structs.replace(unknown, why_missing="There are 4 posts.")
    finding = of_values(numbered, unknown).finding
    assert finding is not None
    assert (finding.text, finding.quiet) == ("There are 4 posts.", "Too little is known to tell.")
    some = of_values(unknown, Value(id="toy.x.n", value=3)).finding
    assert some is not None
    assert (some.text, some.about) == ("Nothing clear stands out here.", "first")


def test_a_value_is_a_word_a_number_or_unknown_and_an_interval_holds_it():
    assert value("22:30").value == "22:30"
    unknown = value(math.inf, why="Nobody counted.")
    assert (unknown.value, unknown.why_missing) == (None, "Nobody counted.")
    none = value(0, 0.01, 0.2)
    assert (none.low, none.value, none.high) == (0.0, 0, 0.2)
    assert value(1.0, 0.5).low is None


def test_a_measure_of_nobody_is_left_out():
    nobody = by_channel("toy", Measure(id="n", name="N"), (), lambda _channel: None)
    (section,) = made(measures=(nobody,)).sections
    assert section.measures == ()


def test_without_rows_there_is_nothing_to_show():
    assert table("toy.all.table", "Table", (("who", "Who"),), []) == ()
    assert chart("toy.all.chart", "Chart", (("n", "N"),), [], {}, reading="") == ()


def test_an_action_leads_to_evidence_or_is_a_fault():
    def leading(target: str):
        action = Action(kind="evidence", target=target, label="See")
        found = value(1, evidence=Evidence("select 1"))
        measure = by_channel("toy", Measure(id="n", name="N"), (), lambda _channel: None, found)
        sentence = msgspec.structs.replace(OTHERWISE, action=action)
        return faults(made(measures=(measure,), finding=sentence))

    assert leading("toy.all.n") == []
    assert leading("toy.all.table") == [
        "toy.all.table: an action leads to its records, and it has none"
    ]


def test_a_share_has_its_interval_and_that_of_nobody_is_not_known():
    half = value(**proportion(2, 4))
    assert (half.value, half.numerator, half.denominator, half.n) == (0.5, 2, 4, 4)
    assert (half.low, half.high) == pytest.approx(tuple(betaincinv(2.5, 2.5, (0.05, 0.95))))
    nobody = value(**proportion(0, 0), why="None.")
    assert (nobody.value, nobody.denominator, nobody.n) == (None, None, 0)
    assert nobody.why_missing == "None."


def test_what_is_no_number_stands_empty_in_a_table():
    (told,) = table("toy.all.rows", "Rows", [("n", "N", "number")], [(float("nan"),), (1.5,)])
    assert told.rows == ((None,), (1.5,))
