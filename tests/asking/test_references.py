"""Works are cited by their own titles, and in their language where it is not the page's."""

import re
from importlib import import_module

import pytest

from empreinte.asking import references
from empreinte.language import speaking
from empreinte.lenses.balance.weights import Use, coefficients, shares

LENSES = ("influence", "network", "exposure", "reputation", "balance", "culture", "shop")


@pytest.mark.parametrize("lens", LENSES)
def test_a_foreign_work_keeps_its_title_and_is_said_to_be_foreign(lens):
    package = import_module(f"empreinte.lenses.{lens}").__name__
    english = {one.key: one for one in references(package)}
    with speaking("fr"):
        french = {one.key: one for one in references(package)}
    assert list(english) == list(french)
    for key, one in french.items():
        assert one.url == english[key].url
        if one.text.endswith((" (en anglais).", " (en italien).")):
            title = re.sub(r" \(en \w+\)\.$", "", one.text)
            assert english[key].text.startswith(title)
        else:
            assert "CNIL" in one.text
    assert not [one for one in english.values() if "(in English)" in one.text]


def test_a_work_of_france_is_cited_in_french():
    with speaking("fr"):
        (cnil,) = (
            one for one in references("empreinte.lenses.reputation") if one.key == "cnil-2023"
        )
    assert cnil.text == "CNIL (2023). Le guide du recrutement, 30 janvier 2023."


def test_sources_of_weights_are_french_on_a_french_page():
    english = " ".join(one.source for one in shares(Use()))
    assert "Arcom, Arcep and ADEME, October 2024" in english
    with speaking("fr"):
        told = [one.source for one in shares(Use())]
        told += [grid["source"]["fr"] for grid in coefficients()["grids"].values()]
    for source in told:
        own = re.sub(
            "«[^»]*»|Our World in Data", "", source
        )  # titles and names keep their language
        assert not re.search(r"\b(and|the|of|an|in|from)\b", own)
        assert ("«" in source) == ("en anglais" in source and "Agence" not in source)
    assert "Arcom, Arcep et ADEME, octobre 2024" in " ".join(told)
