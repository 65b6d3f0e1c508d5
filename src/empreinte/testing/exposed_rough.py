# ruff: noqa: E501  (what people type is not to be cut)
"""Texts with planted personal data, as people really type.

No accents, no capitals, signatures, lists. Written apart from the detectors' rules, to judge them on
wording that they were not made for; the wording is not to be changed to suit them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator

from empreinte.testing.exposed import Planted, made

FRENCH = {
    "email": ("jsuis joignable la → {x} (pas les mp)", "Cdt,\nK. Besson\n{x}", "envoyez moi ca sur {x} svp",
              "Inscriptions jusqu'au 12 : {x}", "✉ {x}"),
    "telephone": ("tel {x}", "si ya un souci c le {x}", "Standard {x} / poste 12", "tjs pas de reponse au {x} ??",
                  "urgence plombier, moi c'est Karim, {x}"),
    "iban": ("pour la cagnotte du club\nIBAN\n{x}\nmerci a tous", "vos dons ici : {x}", "compte asso = {x}"),
    "card": ("CB perdue!! n° {x}, si qqn la trouve", "mon numero de carte ({x}) marche plus sur le site"),
    "nir": ("num secu {x} et toujours pas de remboursement", "on m'a demandé mon numéro de sécurité sociale, {x}, au guichet"),
    "siren": ("ste enregistrée, siren {x}, au tribunal", "Karim B. EI – Siren n°{x}"),
    "siret": ("Devis gratuit. Siret {x}", "auto entrepreneur depuis mars (siret {x})"),
    "vat": ("N° TVA {x}", "tva : {x}\nRIB sur demande"),
    "passport": ("j'ai enfin recu mon passeport, num {x}", "passeport perdu n°{x} prévenez moi"),
    "identity_card": ("ma CNI n° {x} retrouvée dans le bus", "carte nationale d'identité numéro {x}, volée hier"),
    "plate": ("avis aux voisins, la clio {x} est mal garee", "plaque {x}, il a grillé le feu"),
    "birth_date": ("nee le {x} a Brest", "ddn: {x}", "je fete mes 30 ans le {x}", "born to run, né un {x}"),
    "address": ("on habite {x} maintenant", "atelier : {x}", "soirée chez nous samedi, {x}, code en mp",
                "adresse de livraison\n{x}", "retrouvez la boutique au {x}"),
    "child": ("mon ptit {x} a perdu sa 1ere dent", "{x} notre fille marche !!", "trop fier de mon fils {x}"),
    "relative": ("grand merci a mon mari {x}", "ma soeur {x} se marie", "courage a mon papa, {x}"),
    "workplace": ("1er jour chez {x} 🎉", "je suis en stage a la {x}", "ça fait 3 ans que je bosse pour {x}"),
    "school": ("reunion parents au {x} ce soir", "ma puce entre au {x}", "diplomée de l'{x}"),
    "password": ("code wifi du gite {x}", "login: karim / mdp: {x}", "mot de passe provisoire = {x}"),
    "secret": ("export API_KEY={x}", "token dans le repo... {x} oups"),
}  # fmt: skip
ENGLISH = {
    "email": ("ping me → {x}", "Best,\nDana\n{x}", "rsvp at {x} before friday", "✉ {x}"),
    "telephone": ("txt me {x}", "Cell: {x}", "lost phone, new no. is {x}", "for bookings ring {x}"),
    "iban": ("donations welcome\nIBAN\n{x}", "pls wire it here: {x}"),
    "card": ("visa {x} got eaten by the atm", "my card number ({x}) isnt accepted"),
    "ssn": ("they asked for my social, {x}, over the phone!", "SSN# {x}"),
    "passport": ("lost passport no {x}, pls rt", "my new passport arrived ({x})"),
    "birth_date": ("dob {x}", "turning 30, born {x}", "bday: {x}"),
    "address": ("we moved to {x}", "party at mine, {x}, bring snacks", "ship it to:\n{x}"),
    "child": ("so proud of my kid {x}", "our little girl {x} can walk", "my son, {x}, turns 5"),
    "relative": ("shoutout to my husband {x}", "my mum {x} made cake", "rip my uncle {x}"),
    "workplace": ("first day at {x}!", "interning at {x} this summer", "3 years working for {x}"),
    "school": ("class of 09 at {x}", "just got into {x}", "teacher at {x}"),
    "password": ("wifi pw: {x}", "login dana / password {x}"),
    "secret": ("export API_KEY={x}", "token left in the repo... {x} oops"),
}  # fmt: skip
NOTHING = (
    "3-0 ce soir, 45 000 spectateurs", "gate B12, vol AF 1234 retardé de 40 min", "lot de 12 a 4,50 €",
    "top 10 des séries 2024", "le 06 c'est les alpes maritimes", "rdv mardi 14h30 salle 204",
    "ref 884-1123-0099 en rupture", "RT si tu as 18 ans", "il fait 38.5 dehors", "chapitre 7, verset 21",
    "mon fils dort", "ma soeur arrive demain", "je bosse trop", "place aux jeunes", "rue barrée toute la semaine",
    "password fatigue is real", "my kid is sick", "new job who dis", "flight BA 2490 delayed", "pi is 3.14159265",
    "section 12, row 4, seat 18", "isbn 978-2-07-036822-8", "v1.2.3-rc4 is out", "order #1029384756 shipped",
    "2024-05-03 10:20:30 INFO started", "http://example.org/p/123456789", "@0612345678901 on insta",
    "born in the usa", "school's out", "call me maybe", "the number you have dialed", "5 rue... euh je sais plus",
)  # fmt: skip
_FIRST = ("Malik", "Aya", "Ewen", "Solène", "Tiago", "Fatou", "Anaïs", "Wassim", "Maëlle", "Oscar")
_LAST = ("Besson", "Diallo", "Le Goff", "Nguyen", "Pereira", "Benali", "Schmitt")
_ADDRESSES = (
    "14 rue du Général Leclerc 29200 Brest", "3bis, chemin du Moulin - 35510 Cesson-Sévigné",
    "27 av. de la Libération, 33700 Mérignac", "8 rue Paul-Bert", "112 bd de Strasbourg 83000 TOULON",
    "6 impasse des Mimosas, 44800 Saint-Herblain", "19 cours Victor Hugo", "2 place Carnot 51100 reims",
)  # fmt: skip
_ADDRESSES_EN = (
    "22 Acacia Avenue, London N4 2AB", "1450 Maple Drive, Springfield, IL 62704", "7 Harbour Street",
    "88 Elm St Apt 4", "301 West Oak Lane", "5 Queen's Road, Bristol BS8 1QE",
)  # fmt: skip
_FIRMS = (
    "Decathlon",
    "Airbus",
    "Naval Group",
    "La Redoute",
    "Thales",
    "Leroy Merlin",
    "Acme Robotics",
    "Tesco",
)
_SCHOOLS = ("collège Anne Frank", "lycée Kerichen", "école Paul Éluard", "université de Brest")
_SCHOOLS_EN = ("Riverside High School", "University of Leeds", "Eastbrook College")


def exposed_rough(n: int = 2_000, seed: int = 5, nothing: float = 0.4) -> Iterator[Planted]:
    """Give `n` texts, about a share `nothing` of which hold no personal datum."""
    dice = random.Random(seed)
    for _ in range(n):
        language, table = dice.choice((("fr", FRENCH), ("en", ENGLISH)))
        if dice.random() < nothing:
            yield Planted(dice.choice(NOTHING), language, ())
            continue
        type = dice.choice(list(table))
        before, _x, after = dice.choice(table[type]).partition("{x}")
        value = _value(dice, type, language == "fr")
        text = before + value + after
        yield Planted(text, language, ((type, len(before), len(before) + len(value)),))


def _value(dice: random.Random, type: str, french: bool) -> str:
    given = {
        "address": _ADDRESSES if french else _ADDRESSES_EN,
        "child": _FIRST, "relative": _FIRST, "workplace": _FIRMS,
        "school": _SCHOOLS if french else _SCHOOLS_EN,
    }  # fmt: skip
    if type in given:
        return dice.choice(given[type])
    if type == "email":
        return (
            f"{dice.choice(_LAST).lower().replace(' ', '')}.{dice.randrange(99)}@boite.example.net"
        )
    if type == "password":
        return dice.choice(("Zeb4r!", "tr0is-chats", "Mer2Glace", "hunter2x", "k4r1m_77"))
    return made(dice, type, "fr" if french else "en")
