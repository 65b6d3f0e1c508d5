"""The bank of `culture` keeps its rules: whole, fair, legible, sourced, in two languages."""

import re
import tomllib
from collections import Counter, defaultdict
from datetime import date
from importlib.resources import files
from itertools import combinations
from statistics import fmean

import pytest

FOLDER = files("empreinte.lenses").joinpath("culture")
BANK = {
    part.name: tomllib.loads(part.read_text("utf-8"))["items"]
    for part in sorted(FOLDER.iterdir(), key=lambda part: part.name)
    if re.fullmatch(r"items-\d\.toml", part.name)
}
LANGUAGES = ("en", "fr")
HEAD = {"id", "competence", "kind", "level", "source", "checked", "expires", "en", "fr"}
NAMES = [f"s{n}" for n in range(1, 4)] + [f"k{n}" for n in range(1, 8)]
LONGEST_OVER_SHORTEST = 1.6
RIGHT_STANDS_OUT = 0.35
LIKE = 0.5
READING_EASE = 50
YEARS = 5
LAW = re.compile(
    r"\b(?:[Ll]oi n°|[Dd]écret|[Oo]rdonnance|Code (?:civil|pénal|du |de )|"
    r"Regulation \(EU\)|Directive \(EU\))"
)
CATCH_ALL = re.compile(
    r"of the above|of these answers|i don[’']t know|toutes les réponses|aucune réponse|"
    r"aucune de ces|toutes ces|je ne sais pas",
    re.IGNORECASE,
)
FRENCH_SLIPS = re.compile(
    r"[^\u00a0\d/]:(?!/)|[^\u202f][;!?]|«[^\u00a0]|[^\u00a0]»|['\"“”]|\.\.\.|·|\w\(e\)|  |"
    r"\d[ \u00a0]?%"
)
ENGLISH_SLIPS = re.compile(
    r"['\"]|\.\.\.|  |[\u00a0\u202f]|\d\s%|"
    r"(?:organ|recogn|real|author|anonym|summar)iz|behavior|\bcolor"
)
MUTE = {"en": r"(?<=[^aeiouyl])e[ds]?$", "fr": r"(?<=[^aeiouyàâéèêëîïôùûü])(?:es?|ent)$"}
# Flesch (1948) and its French form of Kandel and Moles (1958): words a sentence, syllables a word.
EASE = {"en": (206.835, 1.015, 84.6), "fr": (207.0, 1.015, 73.6)}


def texts(item, language):
    told = item[language]
    return [told["ask"], *told["options"], told["why"]]


def known(items):
    return [item for item in items if item["kind"] == "known"]


def syllables(word, language):
    spoken = re.sub(MUTE[language], "", word)
    return max(1, len(re.findall(r"[aeiouyàâéèêëîïôùûüœæ]+", spoken)))


def ease(item, language):
    """The reading ease of question and explanation; options are too short to be counted."""
    prose = f"{item[language]['ask']} {item[language]['why']}"
    sentences = len(re.findall(r"[.!?…](?=\W*(?:\s|$))", prose)) or 1
    words = re.findall(r"[^\W\d_]+", prose.lower())
    base, a_sentence, a_word = EASE[language]
    spoken = sum(syllables(word, language) for word in words)
    return base - a_sentence * len(words) / sentences - a_word * spoken / len(words)


def trigrams(item, language):
    words = re.findall(r"\w+", " ".join(texts(item, language)[:-1]).lower())
    return set(zip(words, words[1:], words[2:], strict=False))


def stands_out(items, language, most):
    """Names the items whose right option alone is the longest (`max`) or the shortest (`min`)."""
    found = []
    for item in known(items):
        lengths = [len(option) for option in item[language]["options"]]
        extreme = most(lengths)
        if lengths[item["answer"]] == extreme and lengths.count(extreme) == 1:
            found.append(item["id"])
    return found


each_file = pytest.mark.parametrize("name", BANK)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_file
def test_an_area_has_ten_items_a_competence_over_four_levels(name):
    items = BANK[name]
    area = re.findall(r"\d", name)[0]
    competences = sorted({item["competence"] for item in items})
    expected = [f"{competence}-{which}" for competence in competences for which in NAMES]
    assert sorted(item["id"] for item in items) == sorted(expected)
    assert all(competence.startswith(f"{area}.") for competence in competences)
    levels = {
        competence: {item["level"] for item in known(items) if item["competence"] == competence}
        for competence in competences
    }
    assert {c: found for c, found in levels.items() if found != {1, 2, 3, 4}} == {}


@each_file
def test_every_item_has_its_parts_and_no_other(name):
    wrong = []
    for item in BANK[name]:
        kind = {"k": "known", "s": "said"}[item["id"].split("-")[1][0]]
        parts = HEAD | ({"answer"} if kind == "known" else set())
        told = [item[language] for language in LANGUAGES]
        good = (
            item.keys() == parts
            and item["kind"] == kind
            and item["id"].startswith(item["competence"])
            and item["level"] in (1, 2, 3, 4)
            and item.get("answer", 0) in (0, 1, 2, 3)
            and all(one.keys() == {"ask", "options", "why"} for one in told)
            and all(len(set(one["options"])) == 4 for one in told)
            and all(text and text == text.strip() for one in LANGUAGES for text in texts(item, one))
        )
        wrong += [] if good else [item["id"]]
    assert wrong == []


@each_file
def test_every_item_says_whence_it_comes_and_until_when_it_holds(name):
    wrong = [
        item["id"]
        for item in BANK[name]
        if len(item["source"]) < 10
        or not isinstance(item["checked"], date)
        or not item["checked"] < item["expires"]
        or item["expires"].year - item["checked"].year > YEARS
    ]
    assert wrong == []


@each_file
def test_law_is_looked_at_again_within_a_year(name):
    wrong = [
        item["id"]
        for item in BANK[name]
        if LAW.search(item["source"]) and (item["expires"] - item["checked"]).days > 366
    ]
    assert wrong == []


@each_language
@each_file
def test_options_do_not_give_the_answer_away(name, language):
    items = BANK[name]
    uneven = {}
    for item in items:
        lengths = [len(option) for option in item[language]["options"]]
        if max(lengths) > LONGEST_OVER_SHORTEST * min(lengths):
            uneven[item["id"]] = lengths
    assert uneven == {}
    for most in (max, min):
        found = stands_out(items, language, most)
        assert len(found) <= RIGHT_STANDS_OUT * len(known(items)), (most.__name__, found)
    catch_all = [i["id"] for i in items if CATCH_ALL.search(" ".join(i[language]["options"]))]
    assert catch_all == []


@each_file
def test_the_right_place_varies(name):
    places = Counter(item["answer"] for item in known(BANK[name]))
    assert max(places.values()) <= 0.4 * places.total(), places


@each_language
@each_file
def test_items_are_easy_to_read(name, language):
    found = {item["id"]: ease(item, language) for item in BANK[name]}
    hardest = sorted(found, key=found.__getitem__)[:10]
    assert fmean(found.values()) >= READING_EASE, hardest


@each_language
@each_file
def test_typography_is_that_of_the_language(name, language):
    slips = {"en": ENGLISH_SLIPS, "fr": FRENCH_SLIPS}[language]
    wrong = {
        item["id"]: found
        for item in BANK[name]
        if (found := [m[0] for text in texts(item, language) for m in slips.finditer(text)])
    }
    assert wrong == {}


@each_language
def test_no_two_items_are_nearly_alike(language):
    said = {item["id"]: trigrams(item, language) for items in BANK.values() for item in items}
    holders = defaultdict(list)
    for one, found in said.items():
        for trigram in found:
            holders[trigram].append(one)
    shared = Counter(pair for ids in holders.values() for pair in combinations(ids, 2))
    alike = [
        (one, other)
        for (one, other), common in shared.items()
        if common >= LIKE * (len(said[one]) + len(said[other]) - common)
    ]
    assert alike == []
