"""In what tone a text is: three probabilities, negation, irony, and what cannot be told."""

import logging
from collections import Counter
from importlib.resources import files

import numpy as np
import pytest

import empreinte
from empreinte import plugins
from empreinte.lenses import reputation
from empreinte.texts import embedding, tone
from empreinte.texts.hashing import LETTERS, WORDS
from empreinte.texts.plain import LONGEST, plain
from empreinte.texts.tone.features import NAMES, features
from empreinte.texts.tone.heads import TONES, before_last, head, meant, probabilities, softmax
from empreinte.texts.tone.words import hits, lexicon, tokens


@pytest.fixture(autouse=True)
def by_words(monkeypatch):
    """Have tones told by words alone, whatever is installed here."""
    monkeypatch.setattr(embedding, "_file", lambda: None)
    monkeypatch.setattr(embedding, "_model", lambda: None)


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


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I have never been so welcome", "en"),
        ("It couldn't be easier", "en"),
        ("Nobody is more helpful", "en"),
        ("Je n'ai jamais été aussi contente", "fr"),
    ],
)
def test_a_comparison_under_never_turns_nothing_round(text, language):
    found = shown(text, language)
    assert found["beyond"] > 0
    assert "not_praise" not in found


def test_a_comparison_under_a_plain_not_is_still_turned():
    for text, language in (("It is not so good", "en"), ("ce n'est pas si bon", "fr"),
                           ("no longer so good", "en")):  # fmt: skip
        found = shown(text, language)
        assert "beyond" not in found
        assert "not_praise" in found


def test_what_cannot_be_done_without_is_told_apart():
    assert "not_without" in shown("I can't imagine my mornings without it", "en")
    assert "not_without" in shown("je ne peux plus vivre sans", "fr")
    assert "not_without" not in shown("I can't. Without it I'm fine", "en")
    assert "not_without" not in shown("without sugar", "en")


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
    apart = [one - sum(slow) / 3 for one in slow]
    inputs = [*apart, *apart, 1.0]  # no link, no name, no hashtag
    scores = [
        sum(x * w for x, w in zip(inputs, column[:-1], strict=True)) + column[-1]
        for column in weights.last.T
    ]
    raised = np.exp(np.array(scores) - max(scores))
    assert probabilities(text, language) == pytest.approx(raised / raised.sum())


WIDE = embedding.LATE * embedding.DIMENSIONS


@pytest.mark.parametrize("language", ["fr", "en"])
def test_layers_of_a_language_model_are_weighed_beside_the_words(language):
    text = "On a bien mangé, not bad 😀 !!"
    arrow = np.random.default_rng(3).normal(size=WIDE) / 20
    of, heads = features(text, language), meant(language)
    slow = [head(language).scores(of)]
    for n in range(2):
        scores = [float(one) for one in heads.bias[n]]
        for tone_ in range(3):
            scores[tone_] += sum(arrow[d] * heads.arrows[n, d, tone_] for d in range(WIDE))
            scores[tone_] += sum(of.shown[d] * heads.shown[n, d, tone_] for d in range(len(NAMES)))
            for block, (kept, hashed) in enumerate(
                ((heads.letters, of.letters), (heads.words, of.words)) if n else ()
            ):
                scores[tone_] += sum(
                    float(count) * int(kept[at, tone_]) * heads.steps[block, tone_]
                    for at, count in zip(*hashed, strict=True)
                )
        slow.append(np.array(scores))
    inputs = before_last(np.stack(slow), of.shown)
    expected = softmax(inputs @ heads.last[:-1] + heads.last[-1])
    assert probabilities(text, language, arrow) == pytest.approx(expected, abs=1e-6)


def test_talk_without_a_mark_has_weights_of_its_own():
    scores = np.array([[1.0, 2.0, 3.0]])
    of = {text: features(text, "fr").shown for text in ("oui", "oui #oui", "oui @ada")}
    assert before_last(scores, of["oui"]).tolist() == [-1, 0, 1, -1, 0, 1, 1]
    for text in ("oui #oui", "oui @ada"):
        assert before_last(scores, of[text]).tolist() == [-1, 0, 1, 0, 0, 0, 0]


def test_heads_are_small_and_fit_the_features():
    for language in ("fr", "en"):
        kept = head(language)
        assert kept.shown.shape == (len(NAMES), 3)
        assert (kept.letters.shape, kept.words.shape) == ((LETTERS, 3), (WORDS, 3))
        assert kept.last.shape == (8, 3)
        beside = meant(language)
        assert beside.arrows.shape == (2, WIDE, 3)
        assert (beside.letters.shape, beside.words.shape) == ((LETTERS, 3), (WORDS, 3))
        assert (beside.shown.shape, beside.last.shape) == ((2, len(NAMES), 3), (20, 3))
        for name in (f"{language}.npz", f"{language}_text.npz"):
            assert len(files(tone).joinpath(name).read_bytes()) < 500_000


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


def many(tmp_path, n):
    """Write a feed of texts that all differ."""
    items = ",".join(
        f'{{"id": "{k}", "content_text": "Le repas numéro {k} est bon", '
        f'"date_published": "2026-03-02T09:00:00Z"}}'
        for k in range(n)
    )
    path = tmp_path / "many.json"
    path.write_text(FEED[: FEED.index('{"id"')] + items + "]}")
    return path


@pytest.mark.slow
def test_a_first_pass_that_is_killed_goes_on_where_it_was(tmp_path, monkeypatch):
    monkeypatch.setattr(reputation, "NEEDS", (plugins.Need("tone", "true"),))
    monkeypatch.setattr(tone, "BATCH", 20, raising=False)
    read: list[str] = []
    tell = tone.probabilities

    def dying(text, language, arrow=None):
        read.append(text)
        if len(read) == 50:
            raise KeyboardInterrupt
        return tell(text, language, arrow)

    monkeypatch.setattr(tone, "probabilities", dying)
    with plugins.standing_in("empreinte.annotators", tone):
        with empreinte.open_ledger(tmp_path / "ledger.duckdb") as ledger:
            ledger.ingest(many(tmp_path, 90))
            with pytest.raises(KeyboardInterrupt):
                ledger.ask("reputation")
        with empreinte.open_ledger(tmp_path / "ledger.duckdb") as ledger:
            assert told(ledger) == 40
            ledger.ask("reputation")
            assert told(ledger) == 90
    assert len(read) == 50 + 50
    assert len(set(read)) == 90


def told(ledger):
    rows = ledger.sql("select distinct text from annotations where annotator = 'tone'")
    return rows.num_rows


def test_all_is_read_anew_once_sentence_embeddings_are_there(tmp_path, monkeypatch):
    monkeypatch.setattr(reputation, "NEEDS", (plugins.Need("tone", "true"),))
    versions = "select distinct version from annotations where annotator = 'tone'"
    with (
        empreinte.open_ledger(":memory:") as ledger,
        plugins.standing_in("empreinte.annotators", tone),
    ):
        ledger.ingest(many(tmp_path, 5))
        ledger.ask("reputation")
        assert ledger.sql(versions).to_pylist() == [{"version": tone.BY_WORDS}]
        model = type("Made", (), {"states": lambda self, texts: np.ones((len(texts), 13, 384))})()
        monkeypatch.setattr(embedding, "_file", lambda: tmp_path)
        monkeypatch.setattr(embedding, "_model", lambda: model)
        ledger.save_settings(ledger.settings())  # a new state: texts are looked for again
        ledger.ask("reputation")
        assert ledger.sql(versions).to_pylist() == [{"version": tone.BY_MEANING}]
        assert told(ledger) == 5
