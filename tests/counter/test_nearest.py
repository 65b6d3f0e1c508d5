"""The nearest of several shops: places that are known, distances no more exact than they are."""

from __future__ import annotations

import math
import re

import pytest

from empreinte.counter import nearest, page, places
from empreinte.errors import FormError
from empreinte.faces.cli.app import run
from empreinte.language import speaking
from tests.counter.shops import FRIDAY, Site, told

OTHERS = [
    {"name": "Levain Lyon", "postcode": "69002", "town": "Lyon", "page": "https://lyon.example"},
    {"name": "Levain Angers", "street": "1 rue X", "postcode": "49100", "town": "Angers"},
    {"name": "Levain Mars", "postcode": "00000"},
]


def slow_km(a, b):
    """Give the distance by the dot product of two points on a ball."""
    points = [
        (math.cos(math.radians(lat)) * math.cos(math.radians(lon)),
         math.cos(math.radians(lat)) * math.sin(math.radians(lon)), math.sin(math.radians(lat)))
        for lat, lon in (a, b)
    ]  # fmt: skip
    return 6371 * math.acos(min(1, sum(x * y for x, y in zip(*points, strict=True))))


@pytest.mark.parametrize(
    ("name", "where"),
    [("75006", (48.85, 2.33)), ("Angers", (47.47, -0.55)), ("st malo", (48.65, -2.01)),
     ("Besançon 25000", (47.24, 6.02)), ("97400", (-20.9, 55.5)),
     ("L’Haÿ-les-Roses", (48.78, 2.34))],
)  # fmt: skip
def test_places_are_where_maps_have_them(name, where):
    (place,) = places.found(name)
    assert slow_km((place.latitude, place.longitude), where) < 6
    assert place.off_km in (places.COMMUNE_KM, places.POSTCODE_KM)


def test_distances_are_those_of_an_obvious_reference():
    points = [(48.85, 2.35), (-20.9, 55.5), (47.47, -0.55), (4.9, -52.3), (48.86, 2.36)]
    for a in points:
        for b in points:
            assert places.distance_km(*a, *b) == pytest.approx(slow_km(a, b), abs=0.2)


@pytest.mark.parametrize(
    ("asked", "order"),
    [("44000", ["Levain Angers", "Atelier Levain", "Levain Lyon"]),
     ("Villeurbanne", ["Levain Lyon", "Atelier Levain", "Levain Angers"]),
     ("  montreuil 93100 ", ["Atelier Levain", "Levain Angers", "Levain Lyon"])],
)  # fmt: skip
def test_the_nearest_stands_first_and_what_is_not_known_last(asked, order):
    given = nearest.answer(told(others=OTHERS), asked)
    assert [one.shop.name for one in given.shops] == [*order, "Levain Mars"]
    assert given.shops[-1].distance is None
    assert re.search(r"less than [157] km off", str(given.said))
    assert all(re.fullmatch(r"about \d+ km|less than \d km", str(b.distance))
               for b in given.shops[:-1])  # fmt: skip


def test_no_distance_is_told_that_is_smaller_than_what_is_known():
    given = nearest.answer(told(others=OTHERS), "Angers")
    assert str(given.shops[0].distance) == "less than 1 km"


@pytest.mark.parametrize(
    ("asked", "postcodes"),
    [("Cherbourg", ["50100"]), ("Tourlaville", ["50100"]), ("Saint-Ouen 93400", ["93400"]),
     ("Evry", ["89140", "91000"]), ("paris 1er", ["75001"]), ("Paris 16", ["75016"]),
     ("Lyon 3ème arrondissement", ["69003"]), ("Paris 21", []), ("ANGERS CEDEX 2", ["49000"]),
     ("49035 Angers Cedex 01", ["49000"]), ("49240 Angers", ["49240"]), ("99999 Lyon", []),
     ("Vire 14500", ["14500"]),
     ("69 007", ["69007"]), ("Lyon, France", ["69001"]), ("Lyon (69)", ["69001"]),
     ("Lyon 69", ["69001"]), ("Paris (75)", ["75001"]), ("Saint-Denis (93)", ["93200"]),
     ("Valence 26", ["26000"]), ("Paris XI", ["75011"]), ("Paris VIe", ["75006"]),
     ("Paris XXX", []), ("Villefranche s/ Saône", ["69400"]), ("Tassin", ["69160"]),
     ("Caluire", ["69300"]), ("Sables d'Olonne", ["85100"]), ("Saint", []), ("La", []),
     ("Ajaccio (2A)", ["20000"])],
)  # fmt: skip
def test_towns_are_known_by_the_names_that_people_write(asked, postcodes):
    assert [place.postcodes[0] for place in places.found(asked)] == postcodes


SPELLINGS = {
    "Saint-Étienne": ["St Etienne", "ST ETIENNE", "St. Étienne", "St-Etienne 42", "saint etienne",
                      "SAINT ETIENNE CEDEX 2", "42007 ST ETIENNE CEDEX 1, FRANCE",
                      "FR-42000 Saint-Etienne"],
    "Le Mans": ["Mans (Le)", "MANS (LE)", "Mans, Le", "le mans", "LE MANS CEDEX 9",
                "Mans (Le) (72)", "72000 Mans (Le)"],
    "L'Isle-Adam": ["Isle-Adam (L’)", "l isle adam", "LISLE ADAM"],
    "Les Sables-d'Olonne": ["Sables-d'Olonne (Les)", "sables d olonne"],
    "75011": ["Paris 11e", "Paris 11ème", "PARIS 11", "Paris XIe", "Paris (11e)", "Paris 11 e",
              "Paris 11e arrondissement", "11e arrondissement de Paris", "Paris, 11e arr.",
              "Paris 11e (75)", "XIe Paris", "75011 Paris 11e"],
    "69003": ["Lyon 3", "Lyon 3e", "LYON 03", "Lyon III", "Lyon 3ème arrdt", "3e Lyon"],
    "13008": ["Marseille 8", "13008 Marseille 8e"],
    "Chalon-sur-Saône": ["Chalon s/ Saône", "Chalon/Saône", "CHALON S/SAONE", "Chalon s Saône"],
    "Fontenay-sous-Bois": ["Fontenay s/s Bois", "Fontenay ss Bois", "fontenay sous bois"],
    "Villeneuve-d'Ascq": ["Villeneuve dAscq", "VILLENEUVE D ASCQ", "villeneuve d’ascq"],
    "Sainte-Foy-lès-Lyon": ["Ste Foy les Lyon", "Ste-Foy-lez-Lyon"],
    "Saintes-Maries-de-la-Mer": ["Stes Maries de la Mer", "Les Saintes-Maries-de-la-Mer"],
    "Mont-de-Marsan": ["Mt de Marsan", "MONT DE MARSAN"],
    "Lyon": ["Lyon Cedex 03, France", "69003 LYON CEDEX 03", "F-69003 Lyon"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "name"), [(one, name) for name, some in SPELLINGS.items() for one in some]
)
def test_every_spelling_of_a_town_is_that_town(asked, name):
    assert [place.name for place in places.found(asked)] == [name]


def test_a_town_that_has_no_place_of_its_own_is_said_to_be_measured_from_its_postcode():
    given = nearest.answer(told(others=OTHERS), "Ambléon")
    assert str(given.said).startswith("Where Ambléon lies is known by its postcode alone")
    assert "from the middle of 01300. Half of such distances are less than 7 km off" in str(
        given.said
    )
    with speaking("fr"):
        assert "au milieu du code postal 01300" in str(given.said)
    assert str(nearest.answer(told(others=OTHERS), "st etienne").said).startswith(
        "As the crow flies, from the middle of Saint-Étienne."
    )


@pytest.mark.parametrize(
    ("asked", "among"),
    [("Boulogne", {"Boulogne-Billancourt", "Boulogne-sur-Mer"}),
     ("Aix", {"Aix", "Aix-en-Provence", "Aix-les-Bains"})],
)  # fmt: skip
def test_what_begins_the_name_of_a_larger_town_is_asked_about(asked, among):
    assert among <= {place.name for place in places.found(asked)}
    given = nearest.answer(told(others=OTHERS), asked)
    assert "Several places" in str(given.said)
    assert all(one.distance is None for one in given.shops)


@pytest.mark.parametrize("asked", ["75001 Lyon", "Paris 1er 75002", "Lyon 3e 75003"])
def test_a_postcode_of_another_town_is_told(asked):
    given = nearest.answer(told(others=OTHERS), asked)
    assert "is not a postcode of" in str(given.said)
    assert all(one.distance is None for one in given.shops)


def test_checking_names_the_shops_whose_place_is_not_known(tmp_path, capsys):
    torn = {"name": "Levain Torn", "postcode": "75001", "town": "Lyon"}
    lines = ['name = "A"', 'hours = "24/7"', 'postcode = "75006"', 'town = "Paris"']
    for one in (*OTHERS, torn):
        lines += ["[[others]]", *(f'{key} = "{value}"' for key, value in one.items())]
    (tmp_path / "shop.toml").write_text("\n".join(lines), "utf-8")
    words = ["counter", "check", "--shop", str(tmp_path / "shop.toml"), "--lang", "en"]
    assert run(words) == 0
    said = capsys.readouterr().err
    assert "Levain Mars: its place is not known" in said
    assert "Levain Torn: its place" in said
    assert "Levain Angers" not in said


@pytest.mark.parametrize(
    "asked", ["", "nowhere at all", "99999", "Saint-Denis", "<script>", "é" * 9999]
)
def test_what_is_not_known_or_means_several_is_not_guessed(asked):
    given = nearest.answer(told(others=OTHERS), asked)
    assert given.shops[0].shop.name == "Atelier Levain"
    assert all(one.distance is None for one in given.shops)
    assert (given.said is None) == (asked == "")


def test_one_shop_has_no_others_to_be_nearer():
    assert nearest.answer(told(), "75001") is None


def test_the_form_asks_without_a_program_and_the_place_stands_in_no_address(tmp_path):
    site = Site(tmp_path, others=OTHERS)
    try:
        front = site.ask("/?lang=fr&s=abc").text
        assert 'method="post" action="/near?lang=fr#near"' in front
        assert 'name="via" value="abc"' in front
        answer = site.ask("/near", {"place": "49000 <b>", "via": "abc"})
        assert answer.status == 200
        assert "<b>" not in answer.text
        assert answer.text.index("Levain Angers") < answer.text.index("Levain Lyon")
        assert 'name="via" value="abc"' in answer.text
        assert 'href="https://lyon.example"' in answer.text
    finally:
        site.book.close()


def test_without_others_nothing_is_asked(tmp_path):
    site = Site(tmp_path)
    try:
        assert "/near" not in site.ask("/").text
        assert site.ask("/near", {"place": "49000"}).status == 404
    finally:
        site.book.close()


def test_the_page_of_files_lists_them_and_asks_nothing(tmp_path):
    page.write_pages(told(others=OTHERS), tmp_path, FRIDAY)
    text = (tmp_path / "fr.html").read_text("utf-8")
    assert "Levain Lyon" in text
    assert "<form" not in text


def test_a_page_that_is_no_address_is_refused():
    with pytest.raises(FormError, match="https"):
        told(others=[{"name": "X", "postcode": "49000", "page": "javascript:alert(1)"}])


def test_a_town_of_many_postcodes_is_not_told_as_one_point():
    shops = told(postcode="75016", town="Paris", others=[{"name": "Est", "postcode": "75020",
                                                          "town": "Paris"}])  # fmt: skip
    given = nearest.answer(shops, "75020 Paris")
    assert {str(one.distance) for one in given.shops} == {"less than 5 km"}
    assert "less than 5 km off" in str(given.said)
