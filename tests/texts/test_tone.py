"""In what tone a text is: three probabilities, negation, irony, and what cannot be told."""

import logging
from collections import Counter
from importlib.resources import files

import numpy as np
import pytest

import empreinte
from empreinte import plugins
from empreinte.lenses import reputation
from empreinte.texts import tone
from empreinte.texts.tone.features import LETTERS, NAMES, WORDS, features
from empreinte.texts.tone.heads import TONES, head, probabilities
from empreinte.texts.tone.words import LONGEST, hits, lexicon, plain, tokens


def best(text, language=None):
    found = tone.tone(text, language)
    return None if found is None else TONES[int(found.argmax())]


def shown(text, language):
    return {
        name: value
        for name, value in zip(NAMES, features(text, language).shown, strict=True)
        if value
    }


def test_three_rows_a_text_the_likeliest_first():
    said = tone.annotate(["Service odieux, plus jamais", "Das ist gut", "I love this"],
                         ["fr", "de", None])  # fmt: skip
    assert list(said.text) == [0, 0, 0, 2, 2, 2]
    for rows in (slice(0, 3), slice(3, 6)):
        assert set(said.label[rows]) == set(TONES)
        assert sum(said.certainty[rows]) == pytest.approx(1)
        assert said.certainty[rows] == sorted(said.certainty[rows], reverse=True)
    assert (said.label[0], said.label[3]) == ("negative", "positive")
    assert set(said.start) == set(said.end) == {None}


@pytest.mark.parametrize(
    ("text", "language", "is_"),
    [
        ("Pas mal du tout, ce resto", "fr", "positive"),
        ("Rien à redire, je recommande", "fr", "positive"),
        ("Je n’ai pas aimé du tout", "fr", "negative"),
        ("Je ne recommande pas", "fr", "negative"),
        ("Not bad at all, couldn’t be happier", "en", "positive"),
        ("I wouldn’t recommend it", "en", "negative"),
        ("This isn’t good", "en", "negative"),
        ("Je kiffe de ouf", "fr", "positive"),
        ("C’est claqué au sol", "fr", "negative"),
        ("this slaps", "en", "positive"),
        ("Génial, encore un train supprimé", "fr", "negative"),
        ("Great, another cancelled train", "en", "negative"),
        ("Super ambiance 🙄", "fr", "negative"),
        ("La réunion est à 14 h", "fr", "neutral"),
        ("The meeting is at two", "en", "neutral"),
    ],
)
def test_everyday_words(text, language, is_):
    assert best(text, language) == is_


@pytest.mark.parametrize("text", ["", "   ", "123 456", "Ich gehe nach Hause", "😂", "¿Qué tal?"])
def test_what_is_in_neither_language_has_no_row(text):
    said = tone.annotate([text], ["es" if text.startswith("¿") else "de"])
    assert list(said.text) == []


def test_small_words_tell_the_language_where_the_platform_is_wrong():
    assert best("C’est vraiment nul et je suis très déçue", "en") == "negative"
    assert best("I am so happy with this, thank you") == "positive"
    assert best("Ich gehe heute nach Hause") is None


def test_negation_turns_what_follows_and_stops_at_a_mark():
    assert "not_praise" in shown("ce n’est pas bon", "fr")
    assert "not_praise" in shown("j’aime pas", "fr")
    assert "not_praise" in shown("it is not very good", "en")
    after = shown("not today, it is good", "en")
    assert "good" in after
    assert "not_praise" not in after
    turned = shown("nothing bad, ever", "en")
    assert "not_blame" in turned
    assert turned["balance"] > 0


def test_the_longest_entry_counts_and_a_beginning_stands_for_its_words():
    known = lexicon("fr")
    (found,) = hits(tokens(plain("Pas mal du tout"), "fr"), known)
    assert (found.length, found.lists) == (4, frozenset({"good", "closed"}))
    (found,) = hits(tokens(plain("DÉCEVANTE"), "fr"), known)
    assert "bad" in found.lists


def test_what_comes_after_but_is_told_apart():
    one = shown("The room is lovely but the food was awful", "en")
    assert {"praise_before_but", "blame_last"} <= one.keys()
    assert "praise_last" not in one


@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_head_scores_like_the_slow_sum(language):
    text = "On a bien mangé, not bad 😀 !!"
    of, weights = features(text, language), head(language)
    slow = [float(b) for b in weights.bias]
    for tone_ in range(3):
        for n in range(len(NAMES)):
            slow[tone_] += of.shown[n] * weights.shown[n, tone_]
        for block, (kept, hashed) in enumerate(
            ((weights.letters, of.letters), (weights.words, of.words))
        ):
            for at, count in zip(*hashed, strict=True):
                slow[tone_] += count * int(kept[at, tone_]) * weights.steps[block, tone_]
    assert weights.scores(of) == pytest.approx(slow)
    raised = np.exp(np.array(slow) - max(slow))
    assert probabilities(text, language) == pytest.approx(raised / raised.sum())


def test_heads_are_small_and_fit_the_features():
    for language in ("fr", "en"):
        kept = head(language)
        assert kept.shown.shape == (len(NAMES), 3)
        assert (kept.letters.shape, kept.words.shape) == ((LETTERS, 3), (WORDS, 3))
        size = len(files(tone).joinpath(f"{language}.npz").read_bytes())
        assert size < 500_000


def test_hashes_have_length_one():
    counts = Counter()
    for block in features("un deux trois un", "fr")[1:]:
        assert (block[1] ** 2).sum() == pytest.approx(1)
        counts.update(block[0].tolist())
    assert counts


@pytest.mark.parametrize(
    "piece", ["pas mal ", "!?", "😂", "e\u0301", "\\ud83d", "\udc00", "\0", "not no "]
)
def test_hostile_texts_are_read_to_a_bound(piece):
    long = piece * (LONGEST // len(piece) + 1) * 10
    assert len(tokens(plain(long), "fr")) <= LONGEST
    found, cut = tone.tone(long, "fr"), tone.tone(long[:LONGEST], "fr")
    assert (found is None) is (cut is None)
    if found is not None:
        assert found == pytest.approx(cut)


FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "B",
"home_page_url": "https://b.example", "items": [
{"id": "1", "content_text": "Quel carnage, zanzibar nul", "date_published": "2026-03-02T09:00:00Z"}
]}"""


def test_nothing_of_a_text_is_logged_and_forgetting_erases_it(tmp_path, caplog, monkeypatch):
    (tmp_path / "feed.json").write_text(FEED)
    monkeypatch.setattr(reputation, "NEEDS", (plugins.Need("tone", "true"),))
    caplog.set_level(logging.DEBUG)
    with (
        empreinte.open_ledger(":memory:") as ledger,
        plugins.standing_in("empreinte.annotators", tone),
    ):
        (report,) = ledger.ingest(tmp_path / "feed.json")
        ledger.set_mine(report.owner or "feed:https://b.example", True)
        ledger.ask("reputation")
        rows = ledger.sql("select label from annotations where annotator = 'tone'").to_pylist()
        assert len(rows) == 3
        assert "zanzibar" not in caplog.text
        ledger.forget(everything=True)
        counts = "select (select count(*) from annotation) + (select count(*) from annotated) as n"
        assert ledger._store.query(counts).to_pylist() == [{"n": 0}]
