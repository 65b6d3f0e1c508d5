"""What is no personal datum, and what is one however it is written: a table a kind."""

from __future__ import annotations

from datetime import date

import pytest

from empreinte.texts import personal_data


def shown(text: str, written: date | None = None) -> list[tuple[str, str]]:
    """Give what is certain or likely."""
    found = personal_data.scan(text, written=written)
    return [(f.type, f.value) for f in found if f.certainty != "possible"]


@pytest.mark.parametrize(
    "text",
    [
        "Le 3 mars 2019 place Bellecour, tous ensemble", "On a eu 12 cours de maths ce mois",
        "Plus que 4 place dans le car", "J'ai 25 mail en retard", "2 passage à niveau fermés",
        "En 1998 rue Oberkampf, c'était autre chose", "Il a pris 3 cours du soir",
        "3 côte de porc et 2 saucisses", "Relu 6 bd de Franquin", "10 square metres of grass",
        "In 2016 Central Park was lovely", "By 1990 Green Park had closed", "la box 7 de Free",
        "Unit 5 is about verbs", "ils vivent à 5 cité à côté", "We live in 2 Different Worlds",
        "Le clos : 4 clos de vigne", "12 rue ou 13", "5 route difficiles ce matin",
    ],
)  # fmt: skip
def test_common_words_are_no_streets(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("14 rue des Acacias", "possible"), ("8 place Carnot", "possible"),
        ("3 cours Victor Hugo", "possible"), ("J'habite 8 place Carnot", "likely"),
        ("livraison au 3 cours Victor Hugo", "likely"), ("7 Harbour Street", "possible"),
        ("we live at 7 Harbour Street", "likely"), ("my place: 12 Hyde Park", "likely"),
        ("8 place Carnot, 51100 Reims", "certain"),
        ("12 Elm Drive, Springfield, IL 62704", "certain"),
    ],
)  # fmt: skip
def test_form_alone_is_possible(text: str, certainty: str) -> None:
    assert [f.certainty for f in personal_data.scan(text) if f.type == "address"] == [certainty]


@pytest.mark.parametrize(
    "text",
    [
        "https://actu.example/sk-energy-leve-des-fonds-en-bourse",
        "sk-telecom-annonce-la-5g-partout",
        "https://shop.example/p/sk-ii-facial-treatment-essence-mini",
        "les sk-8-boards-du-quartier-nord",
        "docs/sk-learn-pipelines-and-transformers", "le ghp_ de GitHub", "pat-riot games",
        "AKIA est un prénom", "key-note speakers of the year", "EAAstrophysics", "eyJ..., un jeton",
    ],
)  # fmt: skip
def test_slugs_are_no_keys(text: str) -> None:
    assert shown(text) == []


LOWER, UPPER, HEX = "a1b2c3d4e5" * 20, "A1B2C3D4E5" * 20, "0a1b2c3d" * 20


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN PGP PRIVATE KEY" + " BLOCK-----", "-----BEGIN OPENSSH PRIVATE" + " KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE" + " KEY-----", "---- BEGIN SSH2 PRIVATE" + " KEY ----",
        "---- BEGIN SSH2 ENCRYPTED PRIVATE" + " KEY ----", "PuTTY-User-Key-File" + "-2: ssh-rsa",
        "AGE-SECRET-KEY" + "-1" + UPPER[:58], "sk-" + "proj-" + LOWER[:48],
        "sk-" + "ant-api03-" + LOWER[:90],
        "sk-" + "T3" + LOWER[:40], "glpat" + "-" + LOWER[:20], "xapp" + "-1-" + UPPER[:30],
        "GOCSPX" + "-" + LOWER[:28], "gsk" + "_" + LOWER[:52], "whsec" + "_" + LOWER[:32],
        "dop" + "_v1_" + HEX[:64], "shpat" + "_" + HEX[:32], "dckr" + "_pat_" + LOWER[:27],
        "figd" + "_" + LOWER[:43], "PMAK" + "-" + HEX[:24] + "-" + HEX[:34],
        "https://discord.com/api/" + "webhooks/123456789012345678/" + LOWER[:68],
        "https://hooks.slack.com/" + "services/T0/B0/" + LOWER[:24],
        "https://firm.webhook.office.com/" + "webhookb2/" + HEX[:60],
        "https://hooks.zapier.com/" + "hooks/catch/12345/" + LOWER[:7],
    ],
)  # fmt: skip
def test_keys_and_webhooks(secret: str) -> None:
    assert ("secret", secret) in shown(f"oups : {secret} voilà")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://lea:Tulipe7@fil.example/rss", ("password", "Tulipe7")),
        ("ftp://anna:rosebud@files.example.net", ("password", "rosebud")),
        ("mysql://root:p4ss-w0rd@127.0.0.1:3306/db", ("password", "p4ss-w0rd")),
        ("mongodb+srv://app:Zx9%40q@cluster.example.org", ("password", "Zx9%40q")),
        ("essaie lea:tulipe77@serveur.example.org", ("password", "tulipe77")),
        ("admin:hunter2@192.168.1.4:8080", ("password", "hunter2")),
        ("contact:lea@example.org", ("email", "lea@example.org")),
        ("e-mail:lea.77@example.org", ("email", "lea.77@example.org")),
        ("To:lea7@example.org", ("email", "lea7@example.org")),
        ("mailto:lea@example.org", ("email", "lea@example.org")),
        ("https://example.org/?to=lea@example.org", ("email", "lea@example.org")),
        ("https://user:password@example.org", None),
    ],
)
def test_what_opens_a_host_is_a_password_and_no_address(text: str, expected) -> None:
    assert shown(text) == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("le code de la porte est 45B12", "45B12"), ("digicode 4521", "4521"),
        ("code d'entrée : A1234", "A1234"), ("Le code du portail, c'est 2468", "2468"),
        ("code de l'alarme = 7391", "7391"), ("the gate code is 4711#", "4711#"),
        ("door code: 90210B", "90210B"), ("my PIN is 4711", "4711"),
        ("le code de ma carte est 1234", "1234"), ("alarm code 5591", "5591"),
        ("mon mot de passe, c'est soleil123", "soleil123"),
        ("I use tulip_77 as my password", "tulip_77"),
        ("j'ai mis azerty123 comme mot de passe", "azerty123"),
    ],
)  # fmt: skip
def test_codes_and_passwords_said_in_words(text: str, value: str) -> None:
    assert ("password", value) in shown(text)


@pytest.mark.parametrize(
    "text",
    ["code promo ETE2024", "le code postal 69002", "code de la route 2024", "error code 404",
     "QR code 2", "le code du travail de 1910", "dress code : chic", "coder 3 heures",
     "porte 4, hall B", "the code is 200 lines long"],
)  # fmt: skip
def test_other_codes_open_nothing(text: str) -> None:
    assert not [one for one in shown(text) if one[0] == "password"]


@pytest.mark.parametrize(
    ("text", "written", "value"),
    [
        ("Ma fille est née le 03/02/26", date(2026, 5, 10), "2026-02-03"),
        ("Ma fille est née le 03/02/26", date(2026, 2, 3), "2026-02-03"),
        ("Ma fille est née le 03/02/26", date(2026, 2, 2), "1926-02-03"),
        ("née le 03/02/26", date(2019, 5, 10), "1926-02-03"),
        ("né le 14/07/19", date(2019, 7, 20), "2019-07-14"),
        ("né le 14/07/19", date(2018, 7, 20), "1919-07-14"),
        ("né le 14/07/89", date(2026, 7, 20), "1989-07-14"),
        ("date of birth: 1/9/00", date(2026, 7, 20), "2000-09-01"),
        ("born 5/5/05", date(2005, 5, 6), "2005-05-05"),
        ("born 5/5/05", date(2004, 5, 6), "1905-05-05"),
        ("née le 03/02/1926", date(2026, 5, 10), "1926-02-03"),
    ],
)
def test_two_digits_of_a_year_are_told_by_the_text_s_day(text, written, value) -> None:
    assert ("birth_date", value) in shown(text, written)


@pytest.mark.parametrize(
    "text",
    ["mon petit Papa Noël", "Ma mère Lundi, mon père Mardi", "my sister: Why me", "mon fils Covid",
     "my baby Rihanna", "our girl Emma Watson wins", "my boy Harry Styles", "ma fille TikTok",
     "mon frère Dimanche soir", "my dad Face the music", "notre fille Internet",
     "my mom Says hi", "ma soeur Franchement", "my son It's late"],
)  # fmt: skip
def test_capitals_are_no_relatives(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ma fille Anaïs", ("child", "Anaïs")), ("my son Oliver is 5", ("child", "Oliver")),
        ("mon fils Jean-Luc", ("child", "Jean-Luc")), ("ma soeur Ines", ("relative", "Ines")),
        ("my girl Emma", ("child", "Emma")), ("my son is called Zorblax", ("child", "Zorblax")),
        ("mon frère s'appelle Ptolémée", ("relative", "Ptolémée")),
        ("my wife Claire Durand", ("relative", "Claire Durand")),
        ("Léa, ma fille, dort", ("child", "Léa")),
        ("ma femme Fatoumata", ("relative", "Fatoumata")),
    ],
)  # fmt: skip
def test_relatives_are_first_names(text: str, expected) -> None:
    assert expected in shown(text)


PHONE, IBAN = ("telephone", "+33612345678"), ("iban", "FR7630006000011234567890189")
CARD = ("card", "4111111111111111")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("tel 06  12  34  56  78", PHONE), ("tel 06\u201112\u201134\u201156\u201178", PHONE),
        ("tel 06–12–34–56–78", PHONE), ("tel 06—12—34—56—78", PHONE),
        ("tel " + "".join(f"{d}\ufe0f\u20e3" for d in "0612345678"), PHONE),
        ("tel " + " ".join(f"{d}\ufe0f\u20e3" for d in "0612345678"), PHONE),
        ("tel ０６ １２ ３４ ５６ ７８", PHONE),
        ("IBAN FR76.3000.6000.0112.3456.7890.189", IBAN),
        ("IBAN FR76 3000 6000 0112\n3456 7890 189", IBAN),
        ("IBAN FR76–3000–6000–0112–3456–7890–189", IBAN),
        ("IBAN\nFR76  3000  6000  0112  3456  7890  189", IBAN),
        ("ma carte 4111.1111.1111.1111", CARD), ("ma carte 4111  1111  1111  1111", CARD),
        ("ma carte 4111–1111–1111–1111", CARD), ("ma carte 4111 1111\n1111 1111", CARD),
        ("ma carte 4111\u20111111\u20111111\u20111111", CARD),
        ("n° de sécu 1 84 12 76\n451 089 46", ("nir", "184127645108946")),
        ("SIREN 732–829–320", ("siren", "732829320")),
    ],
)  # fmt: skip
def test_numbers_written_oddly(text: str, expected) -> None:
    found = personal_data.scan(text)
    assert expected in [(f.type, f.value) for f in found]
    assert all(0 <= f.start < f.end <= len(text) for f in found)


def test_numbers_below_each_other_stay_apart() -> None:
    text = "06 12 34 56 78\n07 62 34 56 78\n2023-05-12\n14:30"
    assert [f.value for f in personal_data.scan(text)] == ["+33612345678", "+33762345678"]


@pytest.mark.parametrize(
    "text",
    ["example@example.com", "prenom.nom@exemple.fr", "user@domain.com", "Your.Name@example.org"],
)
def test_what_stands_for_an_address_is_none(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("née le premier avril 1990 à Brest", "1990-04-01"),
        ("né le trois mars mille neuf cent quatre-vingt-sept", "1987-03-03"),
        ("né le vingt et un juin mille neuf cent soixante et onze à Lille", "1971-06-21"),
        ("Je suis née le douze mai deux mille deux", "2002-05-12"),
        ("née le trente et un janvier mille neuf cent nonante-deux", "1992-01-31"),
        ("I was born on the third of March 1987", "1987-03-03"),
        ("born on the twenty-first of June 1971", "1971-06-21"),
        ("ma fille est née le 3 mars 2020", "2020-03-03"),
        ("Notre bébé est né le 3 mars 2020", "2020-03-03"),
        ("Léa est née le 3 mars 2020", "2020-03-03"),
        ("my son was born on March 3, 2020", "2020-03-03"),
        ("Infirmière, née le 3 mars 1990", "1990-03-03"),
        ("Elle est née le 3 mars 1990", "1990-03-03"),
        ("Date de naissance : 3 mars 1990", "1990-03-03"),
    ],
)  # fmt: skip
def test_births_in_words_and_of_those_at_home(text: str, value: str) -> None:
    assert shown(text, date(2026, 5, 1)) == [("birth_date", value)]


@pytest.mark.parametrize(
    "text",
    [
        "Le projet est né le 3 mars 2015 à Paris", "Twitter est né le 21 mars 2006",
        "The web was born on 12 March 1989", "La loi est née le 9 décembre 1905",
        "Barack Obama est né le 4 août 1961", "Emmanuel Macron, né le 21 décembre 1977",
        "Beyoncé was born on September 4, 1981", "notre blog est né le 3 mars 2015",
        "l'anniversaire de la Révolution, 14 juillet 1989",
        "anniversaire de l'entreprise le 3 mars 2024", "anniversaire du site le 3 mars 2024",
        "Happy birthday to Queen Elizabeth, born 21 April 1926",
        "This idea was born on 3 May 2019", "Our podcast was born on 3 May 2019",
    ],
)  # fmt: skip
def test_things_and_the_known_are_born_too(text: str) -> None:
    assert shown(text, date(2026, 5, 1)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Loto : 06 12 34 45 49", "score final 06-12-34-56-78", "tirage du jour 01 23 34 45 49",
        "numéros gagnants du loto : 06 12 34 45 49", "résultat du keno 06 12 34 45 49",
        "winning lottery numbers 06 12 34 45 49", "EuroMillions: 06 12 34 45 49",
        "clone git@forge.example.org:user/repo.git", "scp me@box.example.org:src/a.txt .",
        "ghp_" + "x" * 36, "https://hooks.slack.com/services/T00000000/B00000000/" + "X" * 24,
        "api_key=YOUR_KEY", "password=$PASSWORD", "password: your_password1",
        "password = %DB_PASSWORD%", "api_key=insert_key_1_here", "mdp: {mdp_2}",
        "mon père Noël préféré", "papa Noël passe ce soir", "my daughter May be late",
        "my son Will be there", "my brother Mark my words", "my sister Grace under fire",
        "le vol AF-123-CD annulé", "réf. AB-123-CD en stock", "commande n° AB-123-CD",
        "modèle : AB-123-CD", "train TE-123-RE", "AB-123-CD", "je bosse chez Papa",
        "I work for Myself", "I go to School", "my uncle Sam wants you", "my husband Said no",
        "ma sœur Noël arrive", "xoxb-your-token-here-please", "anniversaire de mariage le 3 mars",
        "company birthday: 3 March 2010", "The band's birthday is 3 March",
        "I work at The moment", "I work at Night mostly",
        "I work at Home on Fridays",
    ],
)  # fmt: skip
def test_what_only_looks_like_data(text: str) -> None:
    assert shown(text) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("alarme : code 5512", "5512"), ("PIN de ma carte : 4821", "4821"),
        ("the pin for my card is 4821", "4821"),
        ("the password for the wifi is BlueBird99", "BlueBird99"),
        ("le mot de passe pour la box c'est Tulipe77", "Tulipe77"),
        ("login: admin / pass: Zorro1984", "Zorro1984"),
        ("identifiant : jean, pass : Zorro!984", "Zorro!984"),
        ("redis://:Sup3rS3cret99@10.0.0.1:6379", "Sup3rS3cret99"),
    ],
)  # fmt: skip
def test_passwords_told_the_long_way(text: str, value: str) -> None:
    assert shown(text) == [("password", value)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jean [dot] dupont [at] example [dot] fr", ("email", "jean.dupont@example.fr")),
        ("jean(point)dupont(arobase)example.fr", ("email", "jean.dupont@example.fr")),
        ("notre petite dernière s'appelle Zélie", ("child", "Zélie")),
        ("we moved to 78 Kingsley Road last week", ("address", "78 kingsley road")),
        ("on a emménagé au 14 rue des Lilas", ("address", "14 rue des lilas")),
        ("Appelez le 01·42·68·53·00", ("telephone", "+33142685300")),
        ("mon 06 : 0612345678", ("telephone", "+33612345678")),
        ("mon petit-fils Gabriel marche", ("relative", "Gabriel")),
        ("mon fils s'appelle Noël", ("child", "Noël")),
        ("my son goes to Eton College", ("school", "Eton College")),
        ("ma tante Noëlle arrive", ("relative", "Noëlle")),
        ("my son Will turned six", ("child", "Will")),
        ("ma voiture AB-123-CD est garée", ("plate", "AB123CD")),
    ],
)  # fmt: skip
def test_other_ways_of_telling(text: str, expected: tuple[str, str]) -> None:
    assert shown(text) == [expected]
