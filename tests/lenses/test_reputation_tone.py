"""Tone of what is written to the owner: shares, what they check, and the range that rests on it."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from tests.lenses.test_reputation import some_parts, table, value
from tests.lenses.toy import NOW, Bound, Toy

from empreinte.lenses import reputation
from empreinte.lenses.reputation import tone
from empreinte.report import Report, Scope, faults
from empreinte.texts.tone import BY_MEANING, BY_WORDS

START = datetime(2026, 1, 1)
READ = {
    "B": ("negative", 0.9),
    "G": ("positive", 0.8),
    "N": ("neutral", 0.6),
    "U": ("neutral", 0.4),
}
"""What the annotator says of a text, by its first letter."""


def written(toy: Toy, kinds: str, version: int = BY_MEANING) -> Toy:
    for n, kind in enumerate(kinds):
        toy.post(f"c{n}", by="fan", at=START + timedelta(hours=n), content=f"{kind} words {n}",
                 in_reply_to="mine")  # fmt: skip
    rows = toy.db.execute("select text, any_value(words) from texts group by text").fetchall()
    for text, words in rows:
        if words[0] in READ:
            label, sure = READ[words[0]]
            for name in tone.TONES:
                certainty = sure if name == label else (1 - sure) / 2
                toy.db.execute(
                    "insert into annotation (text, annotator, version, label, certainty) "
                    "values (?, 'tone', ?, ?, ?)", [text, version, name, certainty],
                )  # fmt: skip
    return toy


@pytest.fixture
def toy() -> Toy:
    toy = Toy().export().account("me").account("fan", mine=False)
    return toy.post("mine", at=START, content="une affiche")


def ask(toy: Toy, recruiter=False, **scope) -> Report:
    if not recruiter:
        return some_parts(toy, lambda own: [tone.part(own)], **scope)
    toy.scope = given = Scope(options=(("recruiter", 1),), **scope)
    report = reputation.answer(Bound(toy, given), given)
    assert faults(report) == []
    return report


def form(toy: Toy):
    (found,) = asked(toy)
    return found


def asked(toy: Toy):
    return [one for one in reputation.forms(Bound(toy, Scope()), Scope()) if one.id == "tone"]


def tell(toy: Toy, fields: dict) -> None:
    toy.db.execute("delete from entry")
    toy.db.execute(
        "insert into entry (asker, form, key, teller, fields, told, hash) "
        "values ('reputation', 'tone', '', 'owner', ?, ?, '')", [json.dumps(fields), NOW],
    )  # fmt: skip


def told_rightly(toy: Toy, wrong: str = "") -> dict:
    """Say of each text what its first letter means, and of those read as `wrong` that it is not."""
    meant = {"B": "negative", "G": "positive", "N": "neutral", "U": "negative"} | (
        {wrong: "neutral"} if wrong else {}
    )
    return {field.name: meant[field.label[0]] for field in form(toy).fields}


def test_shares_are_indicative_until_the_owner_checks(toy):
    report = ask(written(toy, "BBBG" * 15 + "NU" * 20))
    found = value(report, "tone-negative")
    assert (found.value, found.n, found.low) == (pytest.approx(45 / 100), 100, None)
    assert "Indicative" in found.note
    assert value(report, "tone-cannot-tell").value == pytest.approx(20 / 100)
    (claim,) = [s for s in report.answer if s.about == "reputation.all.tone-negative"]
    assert (claim.action.kind, claim.action.target) == ("form", "tone")
    assert "45" in claim.text
    assert not any(map(str.isdigit, claim.quiet))


def test_checked_shares_have_the_range_of_what_was_checked(toy):
    written(toy, "BBBG" * 15 + "NU" * 20)
    fields = told_rightly(toy)
    assert 60 <= len(fields) <= 100
    tell(toy, fields)
    report = ask(toy)
    found = value(report, "tone-negative")
    assert found.value == pytest.approx(65 / 100), "the program could not tell 20 of them"
    assert found.low <= 0.65 <= found.high
    assert found.high - found.low < 0.12
    assert "Indicative" not in found.note
    assert value(report, "tone-checked").value == len(fields)
    tell(toy, told_rightly(toy, wrong="B"))
    assert value(ask(toy), "tone-negative").value == pytest.approx(20 / 100)


@pytest.mark.slow
def test_what_stands_behind_a_gap_is_not_counted(toy):
    written(toy, "B" * 70 + "G" * 70)
    fields = told_rightly(toy)
    first = {}
    for kind in ("negative", "positive"):
        first[kind] = min((n for n in fields if fields[n] == kind),
                          key=lambda name: place(toy, name))  # fmt: skip
    tell(toy, {name: told for name, told in fields.items() if name != first["negative"]})
    report = ask(toy)
    assert value(report, "tone-checked").value == sum(t == "positive" for t in fields.values())
    assert "Indicative" in value(report, "tone-negative").note


def place(toy: Toy, name: str) -> int:
    own = reputation_own(toy)
    (found,) = [r["place"] for r in own.rows(tone._DRAWN) if tone._name(r) == name]
    return found


def reputation_own(toy: Toy):
    from empreinte.lenses.reputation.own import look

    return look(Bound(toy, Scope()), Scope())


def test_few_texts_are_checked_whole(toy):
    written(toy, "BG" * 4)
    tell(toy, told_rightly(toy))
    found = value(ask(toy), "tone-negative")
    assert (found.value, found.low, found.high) == (0.5, 0.5, 0.5)


def test_the_latest_negative_are_listed_and_the_months_drawn(toy):
    report = ask(written(toy, "BGBN"))
    assert [row[3] for row in table(report, "negative").rows] == ["B words 2", "B words 0"]
    section = next(s for s in report.sections if s.id == "tone")
    (chart,) = section.charts
    assert sum(row["posts"] for row in chart.rows) == 4


def test_texts_that_nobody_read_cannot_be_told(toy):
    toy.post("c", by="fan", at=START, content="Привет", in_reply_to="mine")
    report = ask(toy)
    assert value(report, "tone-cannot-tell").value == 1
    assert value(report, "tone-negative").value == 0


def test_nothing_is_said_of_the_owners_words_nor_to_a_recruiter(toy):
    toy.post("own", at=START, content="B words of mine", in_reply_to="c0")
    assert value(ask(written(toy, "GG")), "tone-negative").value == 0
    assert "tone" not in [s.id for s in ask(toy, recruiter=True).sections]


def test_without_words_of_others_it_says_so():
    toy = Toy().export().account("me")
    report = ask(toy)
    assert value(report, "tone-negative").value is None
    assert asked(toy) == []


def test_what_the_lens_needs_read_are_the_texts_it_counts(toy):
    toy.account("other", mine=False)
    toy.post("o1", by="other", at=START, content="à fan", in_reply_to="c0")
    toy.post("o2", by="other", at=START, content="@me regarde", mentions=["me"])
    written(toy, "GG")
    need = next(need for need in reputation.NEEDS if need.annotator == "tone")
    ids = toy.db.execute(f"select id from texts where {need.texts} order by id").fetchall()
    assert [id for (id,) in ids] == ["c0", "c1", "o2"]


def test_it_speaks_french(toy):
    written(toy, "BG" * 40)
    report = ask(toy, language="fr")
    section = next(s for s in report.sections if s.id == "tone")
    assert section.title == "Sur quel ton on vous écrit"


@pytest.mark.parametrize(("version", "said"), [(BY_WORDS, True), (BY_MEANING, False)])
def test_it_says_how_to_err_less_where_words_alone_are_known(toy, version, said):
    section = next(s for s in ask(written(toy, "BG", version)).sections if s.id == "tone")
    assert ("empreinte[text]" in section.intro) is said
