"""Units: what a number counts, in the form that goes with the number."""

import pytest

from empreinte.language import speaking
from empreinte.report import Column, Measure, Unit, units


@pytest.mark.parametrize(
    ("value", "english", "french"),
    [
        (0, "people", "personne"),
        (0.5, "people", "personne"),
        (1, "person", "personne"),
        (1.0, "person", "personne"),
        (1.5, "people", "personne"),
        (1.99, "people", "personne"),
        (2, "people", "personnes"),
        (-1, "person", "personne"),
        (-1.5, "people", "personne"),
        (-2, "people", "personnes"),
        (21, "people", "personnes"),
        (1_000_000, "people", "personnes"),
        (None, "people", "personnes"),
        (float("nan"), "people", "personnes"),
        (float("inf"), "people", "personnes"),
        ("many", "people", "personnes"),
    ],
)
def test_a_unit_agrees_with_its_number(value, english, french):
    for language, expected in (("en", english), ("fr", french)):
        with speaking(language):
            assert units("person", "people").of(value) == expected


def test_without_a_number_a_unit_is_in_the_plural():
    assert str(Unit("post", "posts")) == f"{Unit('post', 'posts')}" == "posts"
    with speaking("fr"):
        assert str(units("group", "groups")) == "groupes"


def test_a_unit_may_say_nothing():
    assert not Unit()
    assert Unit().of(1) == str(Unit()) == ""
    assert Unit("per view", "per view")
    assert Measure(id="c", name="n").unit == Column(key="k", label="l").unit == Unit()
