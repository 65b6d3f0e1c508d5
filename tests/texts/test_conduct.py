"""What may be held against one: doors, categories, grounds, and what only looks like it."""

import time

import pytest

from empreinte.texts import conduct
from empreinte.texts.conduct.rules import LANGUAGES, forms, read
from empreinte.texts.conduct.writing import plain, seen, spelt


def labels(text, language=None):
    return [one.label for one in conduct.scan(text, language)]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Je vais te casser la gueule", "act:threat"),
        ("I'm going to break your legs", "act:threat"),
        ("T'es qu'un pauvre connard", "act:insult"),
        ("You are a complete moron", "act:insult"),
        ("Les Arabes sont des parasites", "act:hatred"),
        ("Deport all the immigrants", "act:hatred"),
        ("Va te pendre", "act:harassment"),
        ("Everyone go and report her account", "act:harassment"),
        ("J’ai volé un parfum chez Sephora", "act:crime"),
        ("I drove home drunk", "act:crime"),
        ("C’est confidentiel mais ma boîte va fermer l’usine", "act:secret"),
        ("The office alarm code is 4521", "act:secret"),
        ("Mon patron est un incompétent", "look:employer"),
        ("I hate my job", "look:employer"),
        ("Quelle gueule de bois", "look:drink"),
        ("We were all drunk last night", "look:drink"),
        ("J’ai fumé un joint", "look:drugs"),
        ("I took LSD at the festival", "look:drugs"),
        ("Je cherche un plan cul", "look:sexual"),
        ("Looking for a hookup tonight", "look:sexual"),
        ("Tu racontes vraiment n’importe quoi", "look:quarrel"),
        ("Shut up and go to hell with your lectures", "look:quarrel"),
        ("Je suis musulmane et fière", "ground:religion"),
        ("I voted Labour again", "ground:opinions"),
        ("Je suis syndiquée depuis dix ans", "ground:union"),
        ("My depression is back", "ground:health"),
        ("Je suis sourde", "ground:disability"),
        ("I'm gay and proud", "ground:orientation"),
        ("Je suis enceinte", "ground:family"),
        ("I'm a refugee, my parents came in 1990", "ground:origin"),
        ("J’ai 52 ans aujourd’hui", "ground:age"),
        ("Je suis au RSA", "ground:means"),
        ("J’ai envie d’en finir", "help:self_harm"),
        ("I want to end my life", "help:self_harm"),
    ],
)
def test_each_category_is_found_in_its_place(text, label):
    assert labels(text) == [label]
    (found,) = conduct.scan(text)
    assert 0 <= found.start < found.end <= len(text)
    assert 0.5 < found.certainty < 1


@pytest.mark.parametrize(
    "text",
    [
        "Il m’a dit « je vais te casser la gueule »",  # quotation
        "> You are a complete moron",
        "🎵 je te tue, je te tue d’amour 🎵",  # lyric
        "I'm going to kill you in the next round of this game",
        "Je vais te démolir au tennis",  # sport
        "Kill the process before you restart the server",  # trade
        "Tu n’es pas un idiot",  # negation
        "Muslims are not terrorists",
        "On m’a traité de sale arabe dans le métro",  # hatred told by its victim
        "Someone called me a dirty paki on the bus",
        "Putain il pleut",  # swearing alone
        "Fuck, I missed the train",
        "Ivre de bonheur",
        "Quel con je suis",  # of oneself
        "",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text):
    assert labels(text) == []


def test_nothing_is_worked_out_from_names_or_places():
    assert labels("Mohamed et Sarah devant la grande synagogue de Lyon") == []
    assert labels("Photo of the mosque by David Cohen") == []


def test_of_a_boss_it_is_words_about_an_employer_and_to_a_face_an_insult():
    assert labels("Ma manager elle est trop conne") == ["look:employer"]
    assert "act:insult" in labels("Mon chef, t'es qu'un connard")


def test_the_language_is_told_by_small_words_and_else_by_the_platform():
    assert labels("gueule de bois") == ["look:drink"]
    assert labels("hangover", "en") == ["look:drink"]
    assert labels("hangover", "fr") == []


def test_places_are_those_of_the_text_as_it_is_written():
    text = "Œuvre inachevée… l’été, j’ai fumé un joint"
    (found,) = conduct.scan(text)
    assert text[found.start : found.end].endswith("joint")
    assert len(plain("ŒÀ½ﬁ😂İ")) == len("ŒÀ½ﬁ😂İ")


def test_annotations_are_columns_of_one_length():
    said = conduct.annotate(["rien", "Va te pendre", "J’ai fumé un joint"], [None, "fr", "fr"])
    assert list(said.text) == [1, 2]
    assert list(said.label) == ["act:harassment", "look:drugs"]
    assert {len(column) for column in said} == {2}


def test_every_label_of_the_rules_is_one_that_is_known():
    known = {
        *(f"act:{kind}" for kind in conduct.ACT), *(f"look:{kind}" for kind in conduct.LOOK),
        *(f"ground:{kind}" for kind in conduct.GROUNDS), conduct.SELF_HARM,
    }  # fmt: skip
    for language in LANGUAGES:
        rules = read(language)
        assert {rule.label for rule in rules.rules} == known
        assert all(rules.by_word.values())
    assert forms("con(ne|s)") == ["con", "conne", "cons"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        "mon patron ", "secret ", "les femmes sont ", "« ", "'", "con\u200bnard ", "m*rde b!tch ",
        "jsuis u r n ", "my boss my manager ", "« \"“ '",
    ],
)  # fmt: skip
def test_hostile_texts_cost_no_more_when_they_are_longer(piece):
    taken = []
    for size in (20_000, 2_000_000):
        began = time.process_time()
        conduct.scan((piece * size)[:size])
        taken.append(time.process_time() - began)
    assert taken[1] < 3 * taken[0] + 0.5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("T'es qu'un con\u200bnard", "T'es qu'un con\u200bnard"),
        ("T'es qu'un соnnаrd", "T'es qu'un соnnаrd"),
        ("T'es un c*nnard", "T'es un c*nnard"),
        ("YOU ARE AN IDIOOOOOT", "YOU ARE AN IDIOOOOOT"),
        ("bon jvais te tuer", "jvais te tuer"),
    ],
)
def test_what_is_disguised_or_abbreviated_is_read_and_stands_where_it_was_written(text, found):
    (one,) = conduct.scan(text)
    assert one.door == "act"
    assert text[one.start : one.end] == found


def test_a_spelling_that_stands_for_nothing_known_is_left():
    habits = read("en").habits
    assert spelt(seen("z*q is ok"), {"z", "q", "is", "ok"}, habits).text == "z*q is ok"
    long = spelt(seen("im so u know"), {"im", "so", "u", "know"}, habits)
    assert long.text == "i'm so you know"
    assert len(long.places) == len(long.text) + 1
    assert long.where(0, 3) == (0, 2)


@pytest.mark.parametrize(
    "text",
    [
        "We're going to destroy them on Saturday, come on you Reds",
        "No nudes here, please stop asking",
        "we're not drunk we're just tired",
        "My cat is pregnant",
        "cette réunion me donne envie de mourir mdr",
        "Enceinte Bluetooth à vendre",
        "Stop sending me pictures of your dicks, I block and report",
    ],
)
def test_more_that_only_looks_like_it_goes_through_no_door(text):
    assert labels(text) == []


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Enceinte de 5 mois, on est trop heureux", "ground:family"),
        ("Élu au CSE hier, merci", "ground:union"),
        ("en tant que mec gay ce film me saoule", "ground:orientation"),
        ("Moi j'ai voté Dupont et je l'assume", "ground:opinions"),
        ("Diagnosed bipolar last year", "ground:health"),
        ("Je pense au suicide tous les soirs", "help:self_harm"),
        ("I think about suicide every night", "help:self_harm"),
    ],
)
def test_grounds_and_distress_without_a_subject_are_read_and_are_no_findings(text, label):
    assert label in labels(text)
    assert not {one.door for one in conduct.scan(text)} & {"act", "look"}


def test_words_to_look_at_that_are_those_of_something_graver_are_not_said_twice():
    assert labels("I drove home drunk") == ["act:crime"]
