"""French postcodes and communes: what agrees, in every spelling, on all that La Poste lists."""

from __future__ import annotations

import csv
import gzip

import pytest

from empreinte.texts import personal_data
from empreinte.texts.personal_data import communes


@pytest.mark.parametrize(
    ("code", "town", "fits"),
    [
        ("49000", "Angers", True),
        ("49100", "ANGERS", True),
        ("49000", "Nantes", False),
        ("75011", "Paris", True),
        ("75011", "Paris 11e arrondissement", True),
        ("75011", "paris tel 06", True),
        ("42000", "St-Étienne", True),
        ("42000", "saint etienne", True),
        ("97400", "Saint-Denis", True),
        ("93200", "Saint-Denis", True),
        ("49044", "Angers Cedex 01", True),
        ("69044", "Angers Cedex 01", False),
        ("00000", "Paris", False),
        ("99999", "Paris", False),
        ("75011", "", False),
        ("75011", "!" * 10_000, False),
    ],
)
def test_which_communes_a_postcode_serves(code, town, fits):
    assert communes.agree(code, town) is fits


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("Rendez-vous au 12 rue des Lilas, 49100 Angers.", "certain"),
        ("12 bis avenue de la République 75011 PARIS", "certain"),
        ("3 place du Marché, 42000 Saint-Étienne", "certain"),
        ("12 rue des Lilas, 49100 Marseille", "likely"),
        ("12 rue des Lilas", "possible"),
        ("J'habite 35000 Rennes", "likely"),
        ("J'habite 35000 Marseille", "possible"),
    ],
)
def test_a_postcode_with_its_commune_is_certain(text, certainty):
    (found,) = [f for f in personal_data.scan(text) if f.type == "address"]
    assert found.certainty == certainty


@pytest.mark.real_data
def test_all_that_la_poste_lists_agrees(data):
    with gzip.open(data / "geo_fr" / "laposte_hexasmal.csv.gz", "rt", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["Code_postal"]]
    known = [row for row in rows if communes.is_postcode(row["Code_postal"])]
    agreed = [row for row in known if communes.agree(row["Code_postal"], row["Nom_commune"])]
    assert len(rows) > 39_000
    assert len(known) / len(rows) > 0.999
    assert len(agreed) / len(rows) > 0.99
