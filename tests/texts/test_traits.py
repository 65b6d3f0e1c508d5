"""What words give away of a life: tables of texts and what they tell."""

import pytest

from empreinte.texts import traits


@pytest.mark.parametrize(
    ("text", "by_owner", "found"),
    [
        ("Joyeux anniversaire Camille !", False, "greeted"),
        ("Happy belated birthday!", False, "late"),
        ("Joyeux anniversaire de mariage", False, None),
        ("C’est mon anniversaire !", True, "said"),
        ("Merci à tous pour mon anniversaire", True, "thanked"),
        ("Il pleut", True, None),
    ],
)
def test_how_a_text_speaks_of_a_birthday(text, by_owner, found):
    assert traits.birthday_sign(text, by_owner) == found


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("Née en 1990, et fière", [1990]),
        ("I turned 30 today", [1995]),
        ("j’ai 30 ans de métier", []),
    ],
)
def test_years_of_birth_are_told_by_year_or_by_age(text, years):
    assert traits.years_of_birth(text, 2025) == years


def test_an_employer_is_named_by_the_owner_or_by_who_congratulates():
    assert traits.employers("I work at Acme and like it", by_owner=True) == ["Acme"]
    assert traits.employers("Félicitations pour ton poste chez Acme", by_owner=False) == ["Acme"]
    assert traits.employers("I work at home", by_owner=True) == []


def test_words_tell_an_absence():
    assert traits.tells_absence("Enfin en vacances")
    assert not traits.tells_absence("Réunion à dix heures")


def test_an_answer_to_a_security_question_is_given_without_its_full_stop():
    assert ("pet", "Rex") in traits.answers("mon chien s’appelle Rex.")
