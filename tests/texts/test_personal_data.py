"""Personal data in text: each family, what is not one, overlaps, masks."""

from __future__ import annotations

import itertools
import random
import re
import time

import pytest
from tests.rows import first

from empreinte.testing.exposed import NOTHING, digits, exposed, made
from empreinte.texts import personal_data

CHECKED = {"card", "iban", "nir", "siren", "siret", "vat"}


def found(text: str) -> list[tuple[str, str]]:
    return [(f.type, f.value) for f in personal_data.scan(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("IBAN FR76 3000 6000 0112 3456 7890 189 merci", ("iban", "FR7630006000011234567890189")),
        ("iban gb29nwbk60161331926819.", ("iban", "GB29NWBK60161331926819")),
        ("jean.dupont@example.org", ("email", "jean.dupont@example.org")),
        ("jean [arobase] exemple [point] fr", ("email", "jean@exemple.fr")),
        ("le 06 12 34 56 78", ("telephone", "+33612345678")),
        ("Tél.06 12 34 56 78", ("telephone", "+33612345678")),
        ("Appelez-moi.+33 6 12 34 56 78", ("telephone", "+33612345678")),
        ("+33 (0)6 12 34 56 78", ("telephone", "+33612345678")),
        ("my phone: 020 7946 0958", ("telephone", "+442079460958")),
        ("ma carte 4111 1111 1111 1111", ("card", "4111111111111111")),
        ("n° de sécu 1 84 12 76 451 089 46", ("nir", "184127645108946")),
        ("SIREN 732 829 320", ("siren", "732829320")),
        ("siret 73282932000074", ("siret", "73282932000074")),
        ("TVA FR44 732829320", ("vat", "FR44732829320")),
        ("My SSN is 536-90-4399", ("ssn", "536904399")),
        ("passeport n° 12AB34567", ("passport", "12AB34567")),
        ("ma voiture est une AB-123-CD", ("plate", "AB123CD")),
        ("née le 3 décembre 1984", ("birth_date", "1984-12-03")),
        ("date of birth: 4/14/1962", ("birth_date", "1962-04-14")),
        ("mon anniversaire est le 1er mai", ("birth_date", "--05-01")),
        ("mon fils Léo dort", ("child", "Léo")),
        ("my wife Claire says hi", ("relative", "Claire")),
        ("je travaille chez Michelin", ("workplace", "Michelin")),
        ("ma fille est à l'école Jules Ferry", ("school", "école Jules Ferry")),
        ("mot de passe : Tr0ub4dor&3", ("password", "Tr0ub4dor&3")),
        ("oops AK" + "IA" + "Q" * 16, ("secret", "AKIA" + "Q" * 16)),
        (
            "J'habite au 12 bis rue de la République, 69002 Lyon depuis un an",
            ("address", "12 bis rue de la république 69002 lyon"),
        ),
        ("I live at 221 Baker Street, London", ("address", "221 baker street london")),
        (
            "221B Baker Street, London NW1 6XE",
            ("address", "221b baker street london nw1 6xe"),
        ),
        ("résidence Les Lilas, 69100 Villeurbanne", ("address", "69100 villeurbanne")),
        ("BE68 5390 0754 7034", ("iban", "BE68539007547034")),
        ("my nino AB123456C", ("nino", "AB123456C")),
        ("AB123CD garée devant", ("plate", "AB123CD")),
        ("aws_secret_access_key = wJalrXUt/bPxRfiCY", ("secret", "wJalrXUt/bPxRfiCY")),
        ("mdp: soleil", ("password", "soleil")),
        ("je suis développeuse chez Capgemini", ("workplace", "Capgemini")),
        ("I'm a senior nurse at Bichat Hospital", ("workplace", "Bichat Hospital")),
        ("j'ai fait mes études à Sciences Po", ("school", "Sciences Po")),
    ],
)
def test_each_family(text, expected):
    assert expected in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111111",  # a card number by chance, and no word that says so
        "732829320", "184127645108946",
        "FR76 3000 6000 0112 3456 7890 188",  # a wrong check digit
        "ma carte 4111 1111 1111 1112",
        "my password is wrong", "mon mot de passe est oublié",
        "mot de passe : obligatoire", "nouveau mot de passe : pensez à le changer",
        "je suis premier à Paris", "I'm a winner at Mario Kart", "je suis fan de Lens",
        "@ami@mastodon.example", "photo@2x.png",
        "le 12/05/2023 et 2023-05-12", "version 10.2.33.4", "1 234 567 vues",
        "my son is tall", "ma fille dort", "I work too much", "je travaille à la maison",
        "il est 12 rue", "place du marché",
        "SS-123-AA", "commande 0612345678901",
    ],
)  # fmt: skip
def test_what_is_none(text):
    assert found(text) == []


def test_planted_data_are_found_and_nothing_else_in_both_languages():
    missed = wrong = total = 0
    for planted in exposed(1_500, seed=23):
        here = personal_data.scan(planted.text)
        for type, start, end in planted.spans:
            total += 1
            missed += not any(f.type == type and f.start < end and start < f.end for f in here)
        for f in here:
            wrong += not any(t == f.type and f.start < e and s < f.end for t, s, e in planted.spans)
    assert total > 800
    assert missed <= 0.01 * total
    assert wrong <= 0.01 * total


def test_texts_without_data_hold_none():
    dice = random.Random(5)
    for template in NOTHING:
        text = re.sub(r"\{d(\d+)\}", lambda m: digits(dice, int(m[1])), template)
        assert not {f.type for f in personal_data.scan(text)} - {"telephone"}, text


@pytest.mark.slow
def test_random_digits_have_no_check_digit_by_chance():
    dice = random.Random(9)
    types = {
        f.type
        for _ in range(20_000)
        for f in personal_data.scan(digits(dice, dice.randrange(8, 25)))
    }
    assert not types & CHECKED


@pytest.mark.parametrize("type", sorted(CHECKED))
def test_one_wrong_digit_is_noticed(type):
    dice = random.Random(type)
    context = {"card": "ma carte", "nir": "sécu", "siren": "SIREN", "siret": "SIRET", "vat": "TVA"}
    for _ in range(50):
        whole = made(dice, type)
        place = dice.choice([i for i, letter in enumerate(whole) if letter.isdigit()])
        other = str((int(whole[place]) + 1) % 10)
        before = context.get(type, "compte")
        assert type in {f.type for f in personal_data.scan(f"{before} {whole}")}
        spoilt = f"{before} {whole[:place]}{other}{whole[place + 1 :]}"
        assert type not in {f.type for f in personal_data.scan(spoilt)}, spoilt


def test_two_spellings_have_one_value():
    assert found("06 12 34 56 78") == found("+33 6.12.34.56.78") == [("telephone", "+33612345678")]


def test_findings_do_not_overlap_and_stand_where_they_say():
    text = " ; ".join(p.text for p in exposed(200, seed=2))
    here = personal_data.scan(text)
    assert len(here) > 80
    assert all(a.end <= b.start for a, b in itertools.pairwise(here))
    for f in here:
        if f.type == "iban":
            assert re.sub(r"\W", "", text[f.start : f.end]) == f.value


@pytest.mark.slow
def test_the_gate_passes_all_that_holds_something():
    gate = re.compile(personal_data.GATE)
    pa = pytest.importorskip("pyarrow.compute")
    for planted in exposed(600, seed=4, nothing=0):
        if personal_data.scan(planted.text):
            assert gate.search(planted.text), planted.text
            assert pa.match_substring_regex([planted.text], personal_data.GATE)[0].as_py(), (
                planted.text
            )


def test_masks_show_too_little_to_use():
    assert personal_data.mask("iban", "FR7630006000011234567890189") == "FR76 •••• •••• 0189"
    assert personal_data.mask("address", "3 rue du four 49100 angers") == "•••• a••••"
    dice = random.Random(1)
    for type in personal_data.TYPES:
        value = made(dice, type) if type != "nino" else "AB123456C"
        masked = personal_data.mask(type, value)
        assert value not in masked
        assert sum(a.isalnum() for a in masked) <= max(8, len(value) / 2), (type, masked)


def test_covering_a_text_leaves_the_rest():
    text = "écris à jean.dupont@example.org demain"
    assert personal_data.cover(text, personal_data.scan(text)) == "écris à j••••@e••••.org demain"


HOSTILE = ("1", "@", "[", "1 ", "a@", "FR76 ", "12 rue a ", "né le ", "my son Tom and ", "mdp: '",
           "1-", "\n", "Suite 1 ")  # fmt: skip


@pytest.mark.parametrize("piece", first(3, HOSTILE))
def test_hostile_texts_take_linear_time(piece):
    def seconds(size: int) -> float:
        text = (piece * (size // len(piece) + 1))[:size]
        start = time.process_time()
        personal_data.scan(text)
        return time.process_time() - start

    seconds(1_000)
    small = max(seconds(15_000), 0.02)
    assert seconds(120_000) < 8 * small * 4
