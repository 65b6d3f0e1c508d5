"""Why something is not known: no archive tells it, or none does in the period chosen."""

from datetime import datetime

import pytest

from empreinte.asking import asked, declared, untold
from empreinte.report import Scope

DAY = datetime(2026, 1, 1)


@pytest.mark.parametrize("scope", [Scope(since=DAY), Scope(until=DAY), Scope(since=DAY, until=DAY)])
def test_a_period_that_holds_nothing_is_no_missing_archive(scope):
    with asked(scope):
        assert "in the period that you chose" in untold("No archive.")
        assert untold("No archive.", "Not then.") == "Not then."
        given = {"archive": "None of {n}.", "period": "Not then: {n}."}
        assert declared.text(given, {"n": 1}) == "Not then: 1."
        assert "Choose a wider one" in declared.text({"archive": "None."}, {})
        with asked(Scope()):
            assert untold("No archive.") == "No archive."
    assert untold("No archive.") == "No archive."


def test_where_all_is_asked_about_an_archive_is_missing():
    with asked(Scope(channels=("x:me",))):
        assert declared.text({"archive": "None of {n}.", "period": "-"}, {"n": 1}) == "None of 1."


def test_it_is_said_in_the_language_of_the_question():
    with asked(Scope(since=DAY, language="fr")):
        assert "la période que vous avez choisie" in untold("No archive.")
