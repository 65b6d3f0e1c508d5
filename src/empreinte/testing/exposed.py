"""Texts with planted personal data, in French and English, each with the place of what it holds.

Numbers have right check digits and belong to nobody; beside them stand texts whose numbers are
nothing: orders, amounts, dates, versions, ISBNs.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

FRENCH = {
    "email": ("Écris-moi à {x} pour le dossier", "Mon adresse : {x}, merci !", "contact {x}"),
    "telephone": (
        "Appelle-moi au {x} ce soir",
        "Mon numéro : {x}",
        "On se voit demain, {x} au cas où",
    ),
    "iban": ("Pour le virement : {x}", "Voici mon IBAN {x}, merci", "RIB : {x}"),
    "card": ("Ma carte bleue {x} ne passe plus", "j'ai payé par carte {x} hier"),
    "nir": ("Mon numéro de sécu est le {x}", "Assurée sous le n° {x} depuis 2010"),
    "siren": ("Mon entreprise, SIREN {x}, a un an", "RCS Lyon {x}"),
    "siret": ("SIRET : {x}", "Ma micro-entreprise a le siret {x} maintenant"),
    "vat": ("TVA intracommunautaire {x}", "N° de TVA : {x} sur la facture"),
    "passport": ("Mon passeport {x} expire en mai", "passeport n° {x} perdu à Roissy"),
    "identity_card": ("Ma carte d'identité {x} est périmée", "CNI {x}"),
    "plate": ("Ma voiture {x} a été volée", "Garée rue Haute, plaque {x}", "vu une {x} ce matin"),
    "birth_date": (
        "Je suis né le {x} à Lille",
        "Date de naissance : {x}",
        "mon anniversaire est le {x}",
    ),
    "address": ("J'habite au {x}", "Venez : {x} !", "Colis à livrer au {x} svp"),
    "child": (
        "Mon fils {x} entre en sixième",
        "ma fille {x} a dit son premier mot",
        "{x}, ma fille, dort enfin",
    ),
    "relative": ("Ma femme {x} vous salue", "mon frère {x} arrive demain", "Ma mère {x} a 70 ans"),
    "workplace": (
        "Je travaille chez {x} depuis un an",
        "embauchée chez {x} !",
        "je bosse chez {x}",
    ),
    "school": (
        "Ma fille est à l'{x}",
        "Je suis élève au {x}",
        "rentrée au {x} ce matin, il est au {x2}",
    ),
    "password": ("Le mot de passe : {x}", "mdp = {x}", "Le mot de passe du wifi est {x}"),
    "secret": ("Zut, j'ai publié {x}", "clé de test {x} à changer"),
}
ENGLISH = {
    "email": ("Write to {x} please", "my address: {x}, thanks!"),
    "telephone": ("Call me on {x} tonight", "My number is {x}"),
    "iban": ("Send it to {x}", "My IBAN is {x}, thanks"),
    "card": ("My card {x} was refused", "I paid by credit card {x}"),
    "ssn": ("My SSN is {x}", "Social security number: {x}"),
    "passport": ("My passport {x} has expired", "passport number {x} lost"),
    "birth_date": ("I was born on {x}", "Date of birth: {x}", "my birthday is {x}"),
    "address": ("I live at {x}", "Come to {x} tonight!"),
    "child": ("My son {x} starts school", "my daughter {x} said a word"),
    "relative": ("My wife {x} says hello", "my brother {x} is coming"),
    "workplace": ("I work at {x} now", "my new job at {x}", "I work for {x}"),
    "school": ("I study at {x}", "Graduated from {x}; I went to {x2}"),
    "password": ("The password is {x}", "wifi password: {x}"),
    "secret": ("Oops, I published {x}", "test key {x} to revoke"),
}
NOTHING = (
    "Commande n° {d9} expédiée, suivi {d13}",
    "ISBN 978{d10} lu d'une traite",
    "Version 2.{d2}.{d4} du logiciel",
    "Il y avait {d5} personnes et 1 200 000 vues en 2023",
    "Le 12/05/2023 à 14:30, salle {d3}",
    "Order {d9} shipped, tracking {d13}",
    "It costs {d5}.99 euros, or {d4} dollars",
    "Build {d8}-{d6} passed",
    "J'ai couru {d2} km en {d3} minutes",
    "mon mot de passe est trop long",
    "My password is wrong again",
    "ma fille a eu son bac",
    "mon frère est passé hier",
    "@ami@mastodon.example merci",
    "Rendez-vous place du marché",
    "I work too much",
    "je travaille beaucoup",
    "https://example.org/2023/05/12/{d8}",
    "née sous X, un film",
    "Score 12-10-2021 ? non, 21-19",
    "le lycée est fermé",
    "12 points et 3 places gagnées",
    "page 1234, ligne 56789",
)
_FIRST = [
    "Léo",
    "Zoé",
    "Camille",
    "Inès",
    "Hugo",
    "Adèle",
    "Noé",
    "Jules",
    "Margaux",
    "Élise",
    "Sacha",
    "Gabin",
]
_LAST = ["Martin", "Durand", "Lefèvre", "Moreau", "Garnier", "Roussel", "Perrin", "Marchand"]
_FIRMS = (
    "Capgemini",
    "Michelin",
    "Boulanger Conseil",
    "Atelier Durand",
    "SNCF",
    "Ubisoft",
    "Orange Business",
)
_STREETS = (
    "rue de la République",
    "avenue Jean Jaurès",
    "boulevard Voltaire",
    "chemin des Vignes",
    "place du Marché",
    "allée des Tilleuls",
    "impasse Pasteur",
    "quai Claude Bernard",
)
_TOWNS = (
    "69002 Lyon",
    "31000 Toulouse",
    "59000 Lille",
    "38100 Grenoble",
    "13008 Marseille",
    "97400 Saint-Denis",
    "63000 Clermont-Ferrand",
)
_MONTHS = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
]
_MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True)
class Planted:
    """A text, its language, and what stands in it: (type, start, end)."""

    text: str
    language: str
    spans: tuple[tuple[str, int, int], ...]


def exposed(n: int = 2_000, seed: int = 7, nothing: float = 0.4) -> Iterator[Planted]:
    """Give `n` texts, about a share `nothing` of which hold no personal datum."""
    dice = random.Random(seed)
    for _ in range(n):
        if dice.random() < nothing:
            yield Planted(_filled(dice, dice.choice(NOTHING)), dice.choice(("fr", "en")), ())
            continue
        language, table = dice.choice((("fr", FRENCH), ("en", ENGLISH)))
        type = dice.choice(list(table))
        template = dice.choice(table[type])
        spans: list[tuple[str, int, int]] = []
        text = ""
        for i, piece in enumerate(template.replace("{x2}", "{x}").split("{x}")):
            if i:
                value = made(dice, type, language)
                spans.append((type, len(text), len(text) + len(value)))
                text += value
            text += piece
        yield Planted(text, language, tuple(spans))


def _filled(dice: random.Random, template: str) -> str:
    for size in (13, 10, 9, 8, 6, 5, 4, 3, 2):
        while f"{{d{size}}}" in template:
            template = template.replace(f"{{d{size}}}", digits(dice, size), 1)
    return template


def digits(dice: random.Random, n: int) -> str:
    """Give `n` random digits."""
    return "".join(dice.choices("0123456789", k=n))


def made(dice: random.Random, type: str, language: str = "fr") -> str:
    """Make a datum of a type as people write it; its check digits are right."""
    from stdnum import iban, luhn
    from stdnum.fr import nir

    french = language == "fr"
    if type == "email":
        local = f"{dice.choice(_FIRST)}.{dice.choice(_LAST)}".lower().translate(_PLAIN)
        return (
            f"{local}{dice.randrange(100)}@{dice.choice(('example.org', 'courrier.example.com'))}"
        )
    if type == "telephone":
        if not french:
            return dice.choice(
                (f"+44 7400 {digits(dice, 6)}", f"(212) 5{digits(dice, 2)}-{digits(dice, 4)}")
            )
        pairs = [
            dice.choice(("06", "07", "01", "04")),
            str(dice.randrange(30, 70)),
            *(digits(dice, 2) for _ in "123"),
        ]
        return dice.choice(
            (" ".join(pairs), ".".join(pairs), "".join(pairs), "+33 " + " ".join(pairs)[1:])
        )
    if type == "iban":
        bban = digits(dice, 23)
        whole = f"FR{iban.calc_check_digits('FR00' + bban)}{bban}"
        return dice.choice((whole, iban.format(whole)))
    if type == "card":
        body = dice.choice(("4", "51", "55")) + digits(dice, 14)
        body = body[:15]
        number = body + luhn.calc_check_digit(body)
        return dice.choice((number, " ".join(number[i : i + 4] for i in range(0, 16, 4))))
    if type == "nir":
        place = f"{dice.randrange(1, 96):02}"
        body = f"{dice.choice('12')}{dice.randrange(40, 99)}{dice.randrange(1, 13):02}{place}"
        body = body.replace("20", "21") if body[5:7] == "20" else body
        body += digits(dice, 6)
        whole = body + nir.calc_check_digits(body)
        return dice.choice(
            (
                whole,
                " ".join(whole[a:b] for a, b in pairwise((0, 1, 3, 5, 7, 10, 13, 15))),
            )
        )
    if type in ("siren", "siret", "vat"):
        body = str(dice.randrange(3, 9)) + digits(dice, 7)
        siren = body + luhn.calc_check_digit(body)
        if type == "siren":
            return dice.choice((siren, f"{siren[:3]} {siren[3:6]} {siren[6:]}"))
        if type == "vat":
            return f"FR{(12 + 3 * (int(siren) % 97)) % 97:02}{siren}"
        body = siren + "000" + dice.choice("12345")
        siret = body + luhn.calc_check_digit(body)
        return dice.choice((siret, f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"))
    return _words(dice, type, french)


_PLAIN = str.maketrans("éèôîï", "eeoii")


def _words(dice: random.Random, type: str, french: bool) -> str:
    letters = "ABCDEFGHJKLMNPQRTVXYZ"
    if type == "ssn":
        return f"{dice.randrange(100, 666)}-{dice.randrange(10, 99)}-{dice.randrange(1000, 9999)}"
    if type == "passport":
        return (
            f"{digits(dice, 2)}{''.join(dice.choices(letters, k=2))}{digits(dice, 5)}"
            if french
            else f"5{digits(dice, 8)}"
        )
    if type == "identity_card":
        return dice.choice(
            (
                digits(dice, 12),
                f"X{digits(dice, 1)}{''.join(dice.choices(letters, k=2))}{digits(dice, 5)}",
            )
        )
    if type == "plate":
        first, last = (("".join(dice.choices("ABCDEFGHJKLMNPQRTV", k=2))) for _ in "12")
        return f"{first}-{digits(dice, 3)}-{last}"
    if type == "birth_date":
        day, month, year = dice.randrange(1, 29), dice.randrange(12), dice.randrange(1950, 2012)
        name = (_MONTHS if french else _MONTHS_EN)[month]
        return dice.choice((f"{day:02}/{month + 1:02}/{year}", f"{day} {name} {year}"))
    if type == "address":
        number = dice.randrange(1, 250)
        if french:
            tail = dice.choice((f", {dice.choice(_TOWNS)}", ""))
            return f"{number}{dice.choice((' bis', '', '', ''))} {dice.choice(_STREETS)}{tail}"
        name = dice.choice(("Main", "Church", "Old Mill", "Victoria"))
        return f"{number} {name} {dice.choice(('Street', 'Road', 'Lane', 'Avenue'))}"
    if type in ("child", "relative"):
        return dice.choice(_FIRST)
    if type == "workplace":
        return dice.choice(_FIRMS)
    if type == "school":
        if french:
            return dice.choice(
                ("école Jules Ferry", "lycée Ampère", "collège Jean Moulin", "lycée Victor Hugo")
            )
        return dice.choice(("Lincoln High School", "Oxford University", "Boston College"))
    if type == "password":
        return f"{dice.choice(_FIRST)}{digits(dice, 3)}{dice.choice('!&#%')}"
    # Said in two pieces, so that this file itself holds no key.
    alphabet = letters + "0123456789"
    return dice.choice(
        (
            "AK" + "IA" + "".join(dice.choices(alphabet, k=16)),
            "gh" + "p_" + "".join(dice.choices(alphabet, k=36)),
        )
    )
