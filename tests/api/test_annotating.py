"""Texts are read by annotators once a text, in batches that a kill does not lose."""

import types
from concurrent.futures import ThreadPoolExecutor

import pytest

import empreinte
from empreinte import plugins
from empreinte.ledger import annotations
from empreinte.plugins import Annotations, Need
from empreinte.report import Report, Section
from empreinte.texts import personal_data

FEED = """{{"version": "https://jsonfeed.org/version/1.1", "title": "B",
"home_page_url": "https://b.example", "items": [{items}]}}"""


def feed(tmp_path, texts, name="feed.json"):
    items = ",".join(
        f'{{"id": "{n}", "content_text": "{text}", "date_published": "2026-03-02T09:00:00Z"}}'
        for n, text in enumerate(texts)
    )
    path = tmp_path / name
    path.write_text(FEED.format(items=items))
    return path


class Loud:
    """Finds words in capitals; counts what it is given, and dies where it is told to."""

    NAME = "loud"
    VERSION = 1

    def __init__(self, gate=None):
        self.given = []
        self.dies_at = None
        if gate:
            self.GATE = gate

    def annotate(self, texts, languages):
        if self.dies_at is not None and len(self.given) >= self.dies_at:
            raise KeyboardInterrupt
        self.given += texts
        found = [(n, text) for n, text in enumerate(texts) if text.isupper()]
        return Annotations(
            [n for n, _text in found], ["shout"] * len(found), [0.5] * len(found),
            [0] * len(found), [len(text) for _n, text in found],
        )  # fmt: skip


def lens(*needs):
    made = types.ModuleType("toy_needing")
    made.NAME, made.NEEDS = "needing", needs
    made.question = lambda: "?"
    made.answer = lambda tables, scope: Report(
        lens="needing", question="?", answer=(), scope=scope,
        sections=(Section(id="all", title="All"),),
    )  # fmt: skip
    return made


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Have a ledger asked by a lens that needs `annotator`."""
    monkeypatch.setattr(annotations, "BATCH", 2)

    def ask(ledger, annotator, need=None):
        ledger.save_settings(ledger.settings())  # a new state: texts are looked for again
        with (
            plugins.standing_in("empreinte.annotators", annotator),
            plugins.standing_in("empreinte.lenses", lens(need or Need("loud"))),
        ):
            return ledger.ask("needing")

    return ask


def said(ledger):
    query = 'select label, certainty, "start", "end", id from annotations order by id'
    return [tuple(row.values()) for row in ledger.sql(query).to_pylist()]


@pytest.fixture
def ledger(tmp_path):
    with empreinte.open_ledger(tmp_path / "ledger.duckdb") as ledger:
        (report,) = ledger.ingest(feed(tmp_path, ["HELLO", "hello", "hello", "ADA", "five", "SIX"]))
        ledger.set_mine(report.owner or "feed:https://b.example", True)
        yield ledger


def test_each_text_is_read_once_however_often_it_stands(ledger, asked):
    loud = Loud()
    asked(ledger, loud)
    assert sorted(loud.given) == ["ADA", "HELLO", "SIX", "five", "hello"]
    assert [row[0] for row in said(ledger)] == ["shout"] * 3
    asked(ledger, loud)
    assert len(loud.given) == 5


def test_what_was_read_before_a_kill_is_not_read_again(ledger, asked):
    loud = Loud()
    for times in (2, 4):
        loud.dies_at = times
        with pytest.raises(KeyboardInterrupt):
            asked(ledger, loud)
    loud.dies_at = None
    asked(ledger, loud)
    assert len(loud.given) == len(set(loud.given)) == 5


def test_a_slow_annotator_loses_little_at_a_kill(ledger, asked):
    loud = Loud()
    loud.BATCH, loud.dies_at = 1, 3
    with pytest.raises(KeyboardInterrupt):
        asked(ledger, loud)
    kept = ledger.sql("select text from annotations union select text from nothing_in")
    assert kept.num_rows == len(loud.given) == 3


def test_a_changed_text_and_a_new_version_are_read_anew(ledger, asked, tmp_path):
    loud = Loud()
    asked(ledger, loud)
    ledger.ingest(feed(tmp_path, ["CHANGED", "hello", "hello", "ADA", "five", "SIX"], "later.json"))
    asked(ledger, loud)
    assert loud.given[5:] == ["CHANGED"]
    loud.VERSION = 2
    asked(ledger, loud)
    assert len(loud.given) == 6 + 5
    (versions,) = ledger.sql("select array_agg(distinct version) as v from annotations").to_pylist()
    assert versions["v"] == [2]


def test_a_gate_spares_the_annotator_what_holds_nothing(ledger, asked):
    loud = Loud(gate="[A-Z]")
    asked(ledger, loud)
    assert sorted(loud.given) == ["ADA", "HELLO", "SIX"]
    asked(ledger, loud)
    assert len(loud.given) == 3
    found = ledger.sql("select count(*) as n from nothing_in where annotator = 'loud'").to_pylist()
    assert found == [{"n": 2}]


def test_only_what_the_lens_needs_is_read(ledger, asked):
    loud = Loud()
    asked(ledger, loud, Need("loud", "id like '%0' or words = 'ADA'"))
    assert "five" not in loud.given
    assert "ADA" in loud.given


def test_an_annotator_that_is_missing_or_fails_leaves_the_lens_its_answer(ledger, asked, caplog):
    class Failing(Loud):
        def annotate(self, texts, languages):
            return 1 / 0

    class Short(Loud):
        def annotate(self, texts, languages):
            return Annotations([0], [], [], [], [])

    assert asked(ledger, Loud(), Need("nobody")).lens == "needing"
    assert "nobody" in caplog.text
    assert asked(ledger, Failing()).lens == "needing"
    assert "division by zero" in caplog.text
    assert asked(ledger, Short()).lens == "needing"
    assert "do not fit" in caplog.text
    assert said(ledger) == []


def test_forgetting_erases_what_was_said(ledger, asked, tmp_path):
    asked(ledger, Loud())
    assert said(ledger)
    ledger.forget(everything=True)
    counts = "select (select count(*) from annotation) + (select count(*) from annotated) as n"
    assert ledger._store.query(counts).to_pylist() == [{"n": 0}]


@pytest.mark.slow
def test_exposure_says_the_same_with_and_without(tmp_path, monkeypatch):
    texts = ["Mon IBAN FR76 3000 6000 0112 3456 7890 189", "rien", "06 12 34 56 78", "x@y.example"]
    found = []
    for needs in (True, False):
        with (
            empreinte.open_ledger(":memory:") as ledger,
            plugins.standing_in("empreinte.annotators", personal_data),
        ):
            (report,) = ledger.ingest(feed(tmp_path, texts))
            ledger.set_mine(report.owner or "feed:https://b.example", True)
            if not needs:
                monkeypatch.setattr(plugins.lens("exposure"), "NEEDS", ())
            values = ledger.ask("exposure").values()
            labels = ledger.sql("select label from annotations order by label").to_pylist()
            assert [row["label"] for row in labels] == (
                ["email", "iban", "telephone"] if needs else []
            )
            found.append({id: value.value for id, (_measure, value) in values.items()})
    assert found[0] == found[1]
    assert found[0]["exposure.all.written"] == 3


def test_an_unchanged_ledger_is_not_looked_through_again(ledger, asked, monkeypatch, caplog):
    asked(ledger, Loud())
    monkeypatch.setattr(annotations, "to_read", None)
    with plugins.standing_in("empreinte.lenses", lens(Need("loud"))):
        assert ledger.ask("needing").lens == "needing"
    assert not caplog.text


def test_what_is_read_for_one_lens_leaves_the_answers_of_others(ledger, asked):
    state = ledger.state()
    known = ledger.ask("shop")
    with (
        plugins.standing_in("empreinte.annotators", Loud()),
        plugins.standing_in("empreinte.lenses", lens(Need("loud"))),
    ):
        ledger.ask("needing")
    assert said(ledger)
    assert ledger.state() == state
    assert ledger.ask("shop") is known


def test_many_who_ask_at_once_have_texts_looked_for_once(ledger, monkeypatch):
    looked, whole = [], annotations.to_read
    monkeypatch.setattr(annotations, "to_read", lambda *told: looked.append(1) or whole(*told))
    with (
        plugins.standing_in("empreinte.annotators", Loud()),
        plugins.standing_in("empreinte.lenses", lens(Need("loud"))),
        ThreadPoolExecutor(8) as many,
    ):
        assert len(list(many.map(ledger.ask, ["needing"] * 8))) == 8
    assert looked == [1]


def test_an_answer_does_not_depend_on_what_was_asked_before(tmp_path):
    with empreinte.open_ledger(":memory:") as ledger:
        (report,) = ledger.ingest(feed(tmp_path, ["Mon IBAN FR76 3000 6000 0112 3456 7890 189"]))
        ledger.set_mine(report.owner or "feed:https://b.example", True)
        # Nothing is read for those that need nothing.
        names = sorted(plugins.lens_names())
        needing = [name for name in names if getattr(plugins.lens(name), "NEEDS", ())]
        first = {name: ledger.ask(name) for name in needing}
        ledger.save_settings(ledger.settings())
        again = {name: ledger.ask(name) for name in needing}
    assert len(again) >= 2
    for name, report in again.items():
        assert report is not first[name]
        assert report == first[name], name
