"""Subjects of what the owner writes and is written: found, named, sampled, without the extra."""

from __future__ import annotations

from datetime import datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from tests.lenses.test_reputation import some_parts, table, value
from tests.lenses.toy import Bound, Toy

import empreinte
from empreinte import plugins
from empreinte.lenses import reputation
from empreinte.lenses.reputation import needs, subjects
from empreinte.report import Report, Scope, faults
from empreinte.texts import embedding, meaning

START = datetime(2026, 1, 1)
ABOUT = {
    "bread": ("farine levain", "The {n} loaf rose well, sourdough with farine levain of the mill"),
    "boats": ("voile mât", "We sailed to harbour {n} under one voile, the mât held in the wind"),
    "chess": ("cavalier tour", "Game {n}: I lost the cavalier and then the tour by a cheap fork"),
}


def arrow(words: str) -> np.ndarray:
    """Embed a made-up text: its subject, and a little of its own."""
    of = [n for n, (names, _text) in enumerate(ABOUT.values()) if names.split()[0] in words]
    dice = np.random.default_rng(len(words) + sum(map(ord, words)))
    found = 0.05 * dice.normal(size=embedding.DIMENSIONS) / 20 + 0.04
    found[of] += 0.2
    return found / np.linalg.norm(found) / 5


def written(toy: Toy, counts: dict[str, int], **fields) -> Toy:
    for about, many in counts.items():
        for n in range(many):
            toy.post(f"{about}{n}", at=START + timedelta(days=n),
                     content=ABOUT[about][1].format(n=n), **fields)  # fmt: skip
    return toy


def read(toy: Toy) -> Toy:
    """Keep the meaning of every text, as the ledger does."""
    rows = toy.db.execute("select text, any_value(words) from texts group by text").fetchall()
    toy.db.execute("delete from annotation where annotator = 'meaning'")
    for text, words in rows:
        toy.db.execute(
            "insert into annotation (text, annotator, version, label) values (?, 'meaning', 1, ?)",
            [text, meaning.letters(arrow(words))],
        )
    return toy


@pytest.fixture
def toy() -> Toy:
    return Toy().export().account("me").account("fan", mine=False)


def ask(toy: Toy, recruiter=False, **scope) -> Report:
    if not recruiter:
        both = (subjects.own_part, subjects.others_part)
        return some_parts(toy, lambda own: [part(own) for part in both], **scope)
    toy.scope = given = Scope(options=(("recruiter", 1),), **scope)
    report = reputation.answer(Bound(toy, given), given)
    assert faults(report) == []
    return report


def section(report: Report, id: str):
    return next(s for s in report.sections if s.id == id)


def test_subjects_are_found_named_and_put_in_order(toy):
    report = ask(read(written(toy, {"bread": 30, "boats": 20, "chess": 10})))
    found = table(report, "written-subjects")
    assert [row[1] for row in found.rows] == [30, 20, 10]
    assert [row[2] for row in found.rows] == pytest.approx([1 / 2, 1 / 3, 1 / 6])
    for row, names in zip(found.rows, ("loaf", "sailed", "game"), strict=True):
        assert names in row[0].split(", ") or set(row[0].split(", ")) <= set(
            " ".join(text for _names, text in ABOUT.values()).lower().replace(",", "").split()
        )
    assert "levain" in found.rows[0][4]
    assert found.rows[0][3] == "2026-01-30"
    assert value(report, "subjects-written").value == 3
    assert "60" in section(report, "written").finding.text
    assert not any(map(str.isdigit, section(report, "written").finding.quiet))


def test_names_are_words_that_tell_a_subject_from_the_rest():
    texts = [{"bread", "flour"}, {"bread", "day"}, {"boat", "sail"}, {"boat", "day"}, {"boat"}]
    assert subjects.name(texts, [0, 0, 1, 1, 1]) == ["bread", "boat"]
    assert subjects.name([{"a"}, {"b"}], [0, 1]) == ["various", "various"]


def test_one_text_counts_once_for_its_subject_and_all_its_posts_are_counted(toy):
    written(toy, {"bread": 30, "boats": 20})
    for n in range(10):
        toy.post(f"again{n}", at=START, content=ABOUT["boats"][1].format(n=0))
    rows = table(ask(read(toy)), "written-subjects").rows
    assert sorted(row[1] for row in rows) == [30, 30]


@pytest.mark.slow
def test_the_same_texts_give_the_same_subjects_in_any_order(toy):
    counts = {"bread": 25, "boats": 15, "chess": 12}
    one = table(ask(read(written(toy, counts))), "written-subjects")
    other = Toy().export().account("me").account("fan", mine=False)
    written(other, dict(reversed(counts.items())))
    assert table(ask(read(other)), "written-subjects").rows == one.rows


def test_without_the_extra_it_says_how_to_have_it_and_with_few_texts_that_they_are_few(toy):
    report = ask(written(toy, {"bread": 50}))
    assert "empreinte[text]" in section(report, "written").finding.text
    assert "few texts" in section(report, "received").finding.text
    assert table(report, "written-subjects") is None
    assert value(report, "subjects-written").value is None


def test_what_is_not_public_is_not_sorted_and_a_recruiter_sees_no_words_of_others(toy):
    written(toy, {"bread": 50, "chess": 10}, visibility="followers")
    report = ask(read(toy), recruiter=True)
    assert value(report, "subjects-written").value is None
    assert "received" not in [s.id for s in report.sections]
    assert "written" in [s.id for s in report.sections]


def test_what_others_write_to_the_owner_is_sorted_apart(toy):
    toy.post("mine", at=START, content="short")
    written(toy, {"boats": 30, "chess": 20}, by="fan", in_reply_to="mine")
    report = ask(read(toy))
    assert [row[1] for row in table(report, "received-subjects").rows] == [30, 20]
    assert table(report, "written-subjects") is None


def test_of_many_texts_a_sample_is_read_that_stays(toy, monkeypatch):
    monkeypatch.setattr(subjects, "MOST", 50)
    monkeypatch.setattr(needs, "MOST", 50)
    written(toy, {"bread": 60, "boats": 20})
    drawn = f"select distinct text from texts where {needs.sample(needs.SHOWN_BY_OWNER)}"
    first = {text for (text,) in toy.db.execute(drawn).fetchall()}
    written(toy, {"chess": 5})
    later = {text for (text,) in toy.db.execute(drawn).fetchall()}
    assert len(first) == len(later) == 50
    assert len(first & later) >= 45
    monkeypatch.setattr(subjects, "_READ", subjects._READ.replace("limit 2000", "limit 50"))
    assert "sample of 50 texts of 85" in section(ask(read(toy)), "written").intro


def test_a_ledger_without_posts_says_so():
    report = ask(Toy().export().account("me"))
    assert "few texts" in section(report, "written").finding.text


def test_it_speaks_french(toy):
    report = ask(read(written(toy, {"bread": 30, "boats": 20})), language="fr")
    assert section(report, "written").title == "Sujets de vos publications"
    assert section(report, "written").finding.text.startswith("Vous écrivez surtout sur")


FEED = """{"version": "https://jsonfeed.org/version/1.1", "title": "B",
"home_page_url": "https://b.example", "items": [%s]}"""


def test_the_ledger_has_meanings_read_once_the_extra_is_there(tmp_path, monkeypatch):
    items = ",".join(
        f'{{"id": "{about}{n}", "content_text": "{text.format(n=n)}", '
        f'"date_published": "2026-03-{1 + n:02}T09:00:00Z"}}'
        for about, (_names, text) in ABOUT.items()
        for n in range(20)
    )
    (tmp_path / "feed.json").write_text(FEED % items)
    monkeypatch.setattr(reputation, "NEEDS", (plugins.Need("meaning", needs.NEEDS[0].texts),))
    with (
        empreinte.open_ledger(":memory:") as ledger,
        plugins.standing_in("empreinte.annotators", meaning),
    ):
        (report,) = ledger.ingest(tmp_path / "feed.json")
        ledger.set_mine(report.owner or "feed:https://b.example", True)
        monkeypatch.setattr(embedding, "_file", lambda: None)
        monkeypatch.setattr(embedding, "_model", lambda: None)
        ledger.ask("reputation", options={"recruiter": 1})
        assert ledger.sql("select text from annotations").num_rows == 0
        model = SimpleNamespace(
            states=lambda texts: np.stack([[arrow(text)] * 13 for text in texts])
        )
        monkeypatch.setattr(embedding, "_file", lambda: tmp_path)
        monkeypatch.setattr(embedding, "_model", lambda: model)
        ledger.save_settings(ledger.settings())  # a new state: texts are looked for again
        ledger.ask("reputation", options={"recruiter": 1})
        assert ledger.sql("select text from annotations").num_rows == 60
