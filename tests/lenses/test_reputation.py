"""The lens `reputation` on toy ledgers: the recruiter's page, and whose page it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from tests.lenses.toy import NOW, Bound, Toy, unknown_keys

from empreinte import plugins
from empreinte.asking import Part, asked
from empreinte.asking import report as put_together
from empreinte.errors import UsageError
from empreinte.ledger.annotations import BATCH
from empreinte.lenses import reputation
from empreinte.lenses.reputation import own
from empreinte.lenses.reputation.own import Own, look
from empreinte.report import Report, Scope, faults
from empreinte.testing.kit import check_lens
from empreinte.texts import conduct, embedding


@pytest.fixture(autouse=True)
def by_words(monkeypatch):
    """Have texts read by words alone, whatever is installed here."""
    monkeypatch.setattr(embedding, "_file", lambda: None)
    monkeypatch.setattr(embedding, "_model", lambda: None)


def annotate(toy: Toy) -> None:
    """Keep what `conduct` says of every text, as the ledger does."""
    rows = toy.db.execute("select text, any_value(words) from texts group by text").fetchall()
    assert len(rows) < BATCH
    toy.db.execute("delete from annotation")
    said = conduct.annotate([words for _text, words in rows], [None] * len(rows))
    for n, label, certainty, start, end in zip(*said, strict=True):
        toy.db.execute(
            'insert into annotation (text, annotator, version, label, certainty, "start", "end") '
            "values (?, 'conduct', 1, ?, ?, ?, ?)",
            [rows[n][0], label, certainty, start, end],
        )


def tell(toy: Toy, form: str, fields: dict) -> None:
    toy.db.execute(
        "insert into entry (asker, form, key, teller, fields, told, hash) "
        "values ('reputation', ?, '', 'owner', ?, ?, '')",
        [form, json.dumps(fields), NOW],
    )


def ask(toy: Toy, **scope) -> Report:
    annotate(toy)
    options = (("recruiter", 1),) if scope.pop("recruiter", True) else ()
    given = Scope(options=options, **scope)
    toy.scope = given
    report = reputation.answer(Bound(toy, given), given)
    assert faults(report) == []
    assert all(s.finding and s.finding.quiet for s in report.sections)
    return report


def some_parts(toy: Toy, make: Callable[[Own], list[Part]], **scope) -> Report:
    """Answer with the parts alone that `make` gives: the whole takes three times as long."""
    toy.scope = given = Scope(**scope)
    with asked(given):
        told = put_together(reputation, given, make(look(Bound(toy, given), given)))
    assert faults(told) == []
    return told


def table(report: Report, id: str):
    found = [t for s in report.sections for t in s.tables if t.id == f"reputation.all.{id}"]
    return found[0] if found else None


def value(report: Report, id: str):
    return report.values()[f"reputation.all.{id}"][1]


@pytest.fixture
def toy() -> Toy:
    toy = Toy().export().account("me", name="Camille Roux", summary="Graphiste chez Atelier Nord",
                                 url="https://x.com/me")  # fmt: skip
    toy.account("me2", platform="mastodon", handle="croux", name="C. R.",
                summary="Designer at Blue Studio. https://x.com/me",
                url="https://m.example/@croux")  # fmt: skip
    toy.account("friend", mine=False, name="Alex")
    toy.post("1", at=datetime(2025, 12, 5), content="T’es qu’un pauvre connard @friend",
             url="https://x.com/me/status/1", likes=2)  # fmt: skip
    toy.post("2", at=datetime(2026, 1, 5), content="Quelle gueule de bois")
    toy.post("3", at=datetime(2026, 2, 5), content="Je suis enceinte !", likes=40)
    toy.post(
        "4", at=datetime(2026, 2, 6), content="Je vais te casser la gueule", visibility="direct"
    )
    toy.post("5", at=datetime(2026, 2, 7), content="Va te pendre", visibility="followers")
    toy.post("6", by="friend", content="Les Arabes sont des parasites")
    toy.post("7", at=datetime(2026, 2, 8), content="On m’a traité de sale arabe dans le métro")
    for n in range(4):
        toy.post(f"t{n}", at=datetime(2026, 2, 10 + n), content="affiche", tags=["Typo"])
    toy.post("m1", by="me2", platform="mastodon", at=datetime(2020, 1, 1), content="bonjour")
    return toy


def test_two_doors_of_what_is_public_and_ones_own_alone(toy):
    report = ask(toy)
    assert [s.id for s in report.sections] == [
        "profiles", "first", "written", "act", "look", "protected", "likes", "law",
    ]  # fmt: skip
    (row,) = table(report, "act-found").rows
    assert row[0] == "2025-12-05"
    assert row[2] == "Insult to somebody"
    assert "connard" in row[3]
    assert row[6] == "https://x.com/me/status/1"
    assert [row[2] for row in table(report, "look-found").rows] == ["Drink"]
    assert (value(report, "act").value, value(report, "act").n) == (1, 9)
    assert report.answer[0].about == "reputation.all.act"
    assert report.answer[0].action.kind == "tick"
    told = json.dumps([row for s in report.sections for t in s.tables for row in t.rows])
    assert "casser" not in told, "a direct message is not public"
    assert "pendre" not in told, "nor is what followers alone see"
    assert "parasites" not in told, "nor is it the owner's"


def test_what_is_read_by_meaning_says_so_and_how_often_it_errs(toy, monkeypatch):
    report = ask(toy)
    intro = next(s for s in report.sections if s.id == "act").intro
    assert "more is found with what reads their meaning: pip install" in intro
    assert "The whole text:" not in table(report, "act-found").definition
    (text,) = toy.db.execute("select text from texts where words = 'bonjour'").fetchone()
    annotate(toy)
    monkeypatch.setitem(globals(), "annotate", lambda toy: None)
    monkeypatch.setattr(embedding, "_file", lambda: "there")
    toy.db.execute(
        "insert into annotation (text, annotator, version, label, certainty) "
        "values (?, 'conduct', 1, 'act:threat', 0.9)", [text],
    )  # fmt: skip
    report = ask(toy)
    found = table(report, "act-found")
    assert [row[4] for row in found.rows] == ["likely", "possible: the whole text"]
    assert "about 10 of 100 are wrong" in found.definition
    assert "The whole text:" not in table(report, "look-found").definition
    assert "pip install" not in next(s for s in report.sections if s.id == "act").intro


def test_protected_grounds_stand_apart_and_are_no_finding(toy):
    report = ask(toy)
    (row,) = table(report, "protected-found").rows
    assert row[:2] == ("Family, pregnancy", "Je suis enceinte !")
    assert value(report, "protected").value == 1
    assert any("no recruiter may weigh" in s.text for s in report.answer)


def test_profiles_say_what_contradicts_and_what_is_unused(toy):
    report = ask(toy)
    against = dict(table(report, "against").rows)
    assert "Camille Roux" in against["Name"]
    assert "C. R." in against["Name"]
    assert "Atelier Nord" in against["Employer"]
    assert "Blue Studio" in against["Employer"]
    assert value(report, "unused").value == 1
    rows = {row[0]: row for row in table(report, "accounts").rows}
    assert rows["Mastodon (@croux)"][3] == "X"
    assert rows["X (@me)"][3] == ""


def test_what_is_met_first(toy):
    report = ask(toy)
    assert table(report, "latest").rows[0][0] == "2026-02-13"
    assert table(report, "best").rows[0][2:] == ("Je suis enceinte !", None, 40)
    assert table(report, "subjects").rows == (("#typo", 4, "2026-02-13"),)
    assert value(report, "regularity").numerator == 4


def test_what_is_done_is_told_at_the_next_archive(toy):
    (tick,) = table(ask(toy), "act-found").ticks
    assert not unknown_keys(reputation, toy, ask(toy))
    assert not tick.done
    toy.db.execute(
        'insert into tick (key, "at") values (?, ?)', [tick.key, NOW - timedelta(days=1)]
    )
    report = ask(toy)
    assert table(report, "act-found").rows[0][7].startswith("ticked off, yet in your archive of")
    assert value(report, "act").value == 0
    assert value(report, "act-done").value == 1
    toy.db.execute("update post set deleted = ? where id = '2'", [NOW])
    report = ask(toy)
    (drink,) = table(report, "look-found").ticks
    assert drink.done
    assert not drink.by_owner
    assert table(report, "look-found").rows[0][7] == "gone from your later archive"


def test_self_harm_is_no_finding_and_help_is_offered(toy):
    assert "help" not in [s.id for s in ask(toy).sections]
    toy.post("h", at=datetime(2026, 2, 20), content="J’ai envie d’en finir")
    report = ask(toy)
    help = next(s for s in report.sections if s.id == "help")
    assert "3114" in help.intro
    assert not help.tables
    assert all("J’ai envie" not in str(t.rows) for s in report.sections if s.id in ("act", "look")
               for t in s.tables)  # fmt: skip


def test_likes_stand_apart(toy):
    toy.act("me", "Like", "99", content="Les Arabes sont des parasites")
    toy.act("me", "Like", "98", content="beau chat")
    report = ask(toy)
    assert value(report, "likes").value == 2
    assert value(report, "likes-found").value == 1
    assert value(report, "act").value == 1


def test_an_account_that_is_not_ones_own_is_refused(toy):
    with pytest.raises(UsageError, match="no tool to watch others"):
        ask(toy, channels=("x:friend",))
    assert value(ask(toy, channels=("mastodon:me2",)), "profiles").value == 1


def test_an_account_that_nothing_shows_is_asked_about_once(toy):
    toy.db.execute("insert into ownership (platform, id, mine) values ('x', 'friend', true)")
    report = ask(toy)
    assert value(report, "act").value == 1, "it is left out until the owner has said it"
    asked = next(s for s in report.answer if s.action and s.action.kind == "form")
    assert "X (@friend)" in asked.text
    form = next(f for f in reputation.forms(Bound(toy, Scope()), Scope()) if f.id == own.OWN)
    (field,) = form.fields
    for told, count, refused in ((True, 2, False), (False, 1, True)):
        toy.db.execute("delete from entry")
        tell(toy, own.OWN, {field.name: told})
        report = ask(toy)
        assert value(report, "act").value == count
        assert not any(s.action and s.action.target == own.OWN for s in report.answer)
        if refused:
            with pytest.raises(UsageError):
                ask(toy, channels=("x:friend",))


def test_an_empty_ledger_says_so():
    report = ask(Toy())
    assert len(report.answer) == 1
    assert value(report, "act").value is None
    assert value(report, "public").value is None


@pytest.mark.parametrize("since", [None, datetime(2030, 1, 1)])
def test_where_nothing_was_read_nothing_is_said_of_the_grounds(toy, since):
    report = ask(toy if since else Toy(), since=since)
    known = {section.id: section.finding.text for section in report.sections}
    assert known["protected"] == known["act"]
    assert (value(report, "protected").value, value(report, "protected").n) == (None, 0)
    assert value(report, "protected").why_missing == known["act"]


def test_a_period_that_holds_nothing_is_no_missing_archive(toy):
    report = ask(toy, since=datetime(2030, 1, 1), recruiter=False)
    known = {section.id: section.finding.text for section in report.sections}
    for id in ("said", "relation"):
        assert "in the period that you chose" in known[id]
    assert "in the period that you chose" in value(report, "likes").why_missing


def test_what_a_description_says_is_counted_where_no_post_was_read():
    toy = Toy().export().account("me", summary="Je suis enceinte ! T’es qu’un pauvre connard @x")
    report = ask(toy)
    assert [value(report, id).value for id in ("act", "protected")] == [1, 1]


@pytest.mark.slow
def test_the_lens_keeps_what_every_lens_promises():
    with plugins.standing_in("empreinte.annotators", conduct):
        assert check_lens(reputation) == []


def test_what_is_long_is_cut_around_what_was_found():
    assert own.excerpt("mot " * 100 + "fin", 400).endswith("fin")
    assert len(own.excerpt("mot " * 100, 200)) < 150
