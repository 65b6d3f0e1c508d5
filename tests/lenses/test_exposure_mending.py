"""The plan from one archive to the next: what is done, what is new; ticks, files, masks."""

from __future__ import annotations

import json
import re
import shutil
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.lenses.test_exposure import values
from tests.lenses.toy import NOW, Bound, Toy, unknown_keys
from tests.rows import first

import empreinte
from empreinte.lenses import exposure
from empreinte.lenses.exposure import deduced
from empreinte.lenses.exposure.menus import menu
from empreinte.lenses.exposure.parts import Step
from empreinte.report import Report, Scope, Tick
from empreinte.testing import x
from empreinte.testing.person import Channel, Person, Published

FIRST = datetime(2025, 9, 1, 9, 30, tzinfo=UTC)
SECOND = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
IBAN = "FR76 3000 6000 0112 3456 7890 189"
PLANTED = {
    10: f"Pour le virement, mon IBAN : {IBAN}",
    11: "le mot de passe : Tr0ub4dor&3",
    12: "appelle-moi au 06 12 34 56 78 ce soir",
    60: "nouveau numéro : 07 98 76 54 32",
}
SECRETS = ("30006000", "3000 6000", "Tr0ub4dor", "06 12 34", "612345678", "07 98 76", "798765432")


def person(*without: int) -> Person:
    """Someone who writes every week; what is planted may be left out."""
    start = datetime(2025, 1, 6, 12, tzinfo=UTC)
    posts = tuple(
        Published(number=n, channel="x", at=start + timedelta(days=7 * n), kind="post",
                  text=PLANTED.get(n, f"billet numéro {n}"))
        for n in range(80) if n not in without
    )  # fmt: skip
    channel = Channel(name="x", handle="jeanne_ex", since=datetime(2015, 1, 1, tzinfo=UTC))
    return Person(name="Jeanne Exemple", summary="Bonjour", site="https://jeanne.example.org",
                  timezone="Europe/Paris", channels={"x": channel}, published=posts)  # fmt: skip


def archive(path: Path, who: Person, at: datetime, **parts: object) -> Path:
    """Write an archive of X, with some of its files replaced by the records given."""
    whole = path.with_suffix(".whole.zip")
    x.write_archive(whole, who, at)
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(path, "w") as new:
        for entry in old.infolist():
            name = Path(entry.filename).stem.replace("-", "_")
            data = old.read(entry)
            if name in parts:
                data = f"window.YTD.{name}.part0 = {json.dumps(parts[name])}".encode()
            new.writestr(entry, data)
    whole.unlink()
    return path


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    """One ledger after the first archive, one after both."""
    folder = tmp_path_factory.mktemp("mending")
    apps = [
        {"connectedApplication": {"name": name, "approvedAt": f"{year}-01-01T00:00:00.000Z",
                                  "id": name, "permissions": ["read"],
                                  "organization": {"name": name, "url": ""}}}
        for name, year in (("OldQuiz", 2020), ("OldGame", 2021))
    ]  # fmt: skip
    one = archive(folder / "one.zip", person(60), FIRST, connected_application=apps)
    two = archive(folder / "two.zip", person(10), SECOND, connected_application=apps[1:],
                  saved_search=[])  # fmt: skip
    with empreinte.open_ledger(folder / "a.duckdb") as first:
        first.ingest(one)
    shutil.copy(folder / "a.duckdb", folder / "b.duckdb")
    with (
        empreinte.open_ledger(folder / "a.duckdb") as first,
        empreinte.open_ledger(folder / "b.duckdb") as both,
        pytest.MonkeyPatch.context() as patch,
    ):
        both.ingest(two)
        patch.setattr(deduced, "part", lambda own: None)  # half the time of each answer
        yield first, both


def plan(report: Report) -> dict[str, tuple[tuple, Tick]]:
    table = next(t for s in report.sections for t in s.tables if t.id == "exposure.all.plan")
    return {
        row[1]: (row, tick)
        for row, tick in zip(table.rows, table.ticks, strict=True)
        if tick is not None
    }


def files(report: Report) -> dict[str, str]:
    return {f.name: f.text for s in report.sections for f in s.files}


def find(rows, words: str):
    (found,) = [value for what, value in rows.items() if words in what]
    return found


def test_one_archive_has_nothing_done_and_nothing_new(ledgers):
    report = ledgers[0].ask("exposure")
    told = values(report)
    assert told["exposure.all.done"].value == 0
    assert told["exposure.all.new"].value is None
    assert told["exposure.all.new"].why_missing
    assert told["exposure.all.steps"].value == len(plan(report))
    assert not any(tick.done for _row, tick in plan(report).values())


def test_the_next_archive_ticks_off_what_it_holds_no_longer(ledgers):
    rows = plan(ledgers[1].ask("exposure"))
    for words in ("IBAN", "OldQuiz", "searches"):
        row, tick = find(rows, words)
        assert tick.done, words
        assert not tick.by_owner
        assert row[7] == "gone from your later archive"
    for words in ("password", "OldGame", "places"):
        row, tick = find(rows, words)
        assert not tick.done, words
        assert tick.by_owner


def test_what_the_latest_archive_brought_first_is_new(ledgers):
    report = ledgers[1].ask("exposure")
    rows = plan(report)
    telephones = [row for what, (row, _tick) in rows.items() if "telephone" in what]
    assert [row[7] for row in telephones].count("new") == 1
    assert values(report)["exposure.all.new"].value == 1


def test_the_answer_counts_them(ledgers):
    told = values(ledgers[1].ask("exposure"))
    done, every = told["exposure.all.done"].value, told["exposure.all.done"].denominator
    assert done == 3
    assert every == told["exposure.all.steps"].value + done
    (said,) = [s for s in ledgers[1].ask("exposure").answer if s.about == "exposure.all.done"]
    assert said.text.startswith(f"Done: 3 of {int(every)}; new: 1. Next: ")
    assert not any(map(str.isdigit, said.quiet))


def test_ticks_count_and_a_post_that_still_stands_is_told(ledgers, tmp_path):
    ledger = ledgers[1]
    rows = plan(ledger.ask("exposure"))
    key = find(rows, "password")[1].key
    ledger.tick(key)
    try:
        report = ledger.ask("exposure")
        row, tick = find(plan(report), "password")
        assert tick == Tick(key, done=True, by_owner=True)
        assert row[7] == "ticked"
        assert values(report)["exposure.all.done"].value == 4
    finally:
        ledger.tick(key, done=False)
    assert values(ledger.ask("exposure"))["exposure.all.done"].value == 3


def test_keys_are_those_of_the_archive_before(ledgers):
    before = {what: tick.key for what, (_row, tick) in plan(ledgers[0].ask("exposure")).items()}
    after = {what: tick.key for what, (_row, tick) in plan(ledgers[1].ask("exposure")).items()}
    assert set(before) <= set(after)
    assert all(after[what] == key for what, key in before.items())
    assert len(set(after.values())) == len(after)
    french = plan(ledgers[1].ask("exposure", language="fr"))
    assert {tick.key for _row, tick in french.values()} == set(after.values())


@pytest.mark.parametrize("language", first(1, ["fr", "en"]))
def test_nothing_is_told_unmasked_but_on_demand(ledgers, language):
    report = ledgers[1].ask("exposure", language=language)
    told = msgspec.json.encode(report).decode()
    for plain in SECRETS:
        assert plain not in told
    opened = ledgers[1].ask("exposure", language=language, options={"reveal": 1})
    text = msgspec.json.encode(opened).decode()
    assert "FR7630006000011234567890189" in text
    assert "Tr0ub4dor&3" in text


@pytest.mark.parametrize("reveal", first(1, [1, 0]))
@pytest.mark.parametrize("language", first(1, ["fr", "en"]))
def test_the_summary_holds_counts_and_no_datum(ledgers, language, reveal):
    report = ledgers[1].ask("exposure", language=language, options={"reveal": reveal})
    text = files(report)["summary.md"]
    for word in (*SECRETS, "jeanne", "Jeanne", "••", "FR76", "OldQuiz", "OldGame", "papeterie"):
        assert word not in text
    assert re.search(r"\b3\b \w+ \d+", text)
    assert "| IBAN | 1 | 1 |" in text


def test_letters_go_to_each_platform_in_the_language_spoken(ledgers):
    given = files(ledgers[1].ask("exposure", language="fr"))
    letters = {name: text for name, text in given.items() if name.startswith("letter-")}
    assert set(letters) == {
        "letter-15-x.txt", "letter-17-x.txt", "letter-21-x.txt", "letter-21-advertiser-1.txt",
    }  # fmt: skip
    for name, text in letters.items():
        assert text.count("Jeanne Exemple") == 2, name
        assert not any(plain in text for plain in SECRETS)
    assert "X Internet Unlimited Company\n" in letters["letter-15-x.txt"]
    assert "jeanne_ex" in letters["letter-15-x.txt"]
    assert "@papeterie_lices" in letters["letter-21-advertiser-1.txt"]


def test_files_are_the_same_at_each_asking(ledgers):
    assert files(ledgers[1].ask("exposure")) == files(ledgers[1].ask("exposure"))


def ask(toy: Toy, **scope) -> Report:
    toy.scope = Scope(**scope)
    return exposure.answer(Bound(toy, toy.scope), toy.scope)


@pytest.mark.usefixtures("without_deductions")
def test_a_post_deleted_before_the_archive_counts_as_done():
    toy = Toy().export().account("me")
    toy.post("1", content=f"mon IBAN est {IBAN}", visibility="public", deleted=NOW)
    toy.post("2", content="mdp: Az3rty!!9x", visibility="public")
    report = ask(toy)
    _row, tick = find(plan(report), "IBAN")
    assert (tick.done, tick.by_owner) == (True, False)
    assert not unknown_keys(exposure, toy, report)
    assert values(report)["exposure.all.done"].value == 1


@pytest.mark.usefixtures("without_deductions")
def test_a_datum_that_stands_elsewhere_is_not_done():
    toy = Toy().export().account("me")
    toy.post("1", content=f"mon IBAN est {IBAN}", visibility="public", deleted=NOW)
    toy.post("2", content=f"mon IBAN est {IBAN}", visibility="public")
    rows = plan(ask(toy))
    assert [tick.done for what, (_row, tick) in rows.items() if "IBAN" in what] == [False]


@pytest.mark.usefixtures("without_deductions")
def test_a_tick_that_a_later_archive_contradicts_is_told():
    toy = Toy().export().account("me")
    toy.post("1", content=f"mon IBAN est {IBAN}", visibility="public")
    key = find(plan(ask(toy)), "IBAN")[1].key
    toy.db.execute("insert into tick values (?, ?)", [key, NOW - timedelta(days=30)])
    row, tick = find(plan(ask(toy)), "IBAN")
    assert tick.done
    assert row[7] == "ticked, yet in your archive of 2\u00a0Mar 2026"


def test_with_nothing_to_mend_there_is_no_file():
    report = ask(Toy().export().account("me"))
    assert files(report) == {}
    assert values(report)["exposure.all.done"].value is None


@pytest.mark.usefixtures("without_deductions")
def test_hostile_names_do_not_break_a_letter_or_the_summary():
    toy = Toy().export().account("me", name="A\r\nB | C")
    for n, label in enumerate(("a\nb\x00c" * 50, "../../etc/passwd", "{x} | <script>", "")):
        toy.insert("trace", key=str(n), platform="facebook", account_id=None, kind="advertiser",
                   label=label, detail='{"uses":["list"]}')  # fmt: skip
    given = files(ask(toy))
    assert all(re.fullmatch(r"[a-z0-9.-]+", name) for name in given)
    assert all("\x00" not in text for text in given.values())


OFFERED = {
    "x": "delete_post apps sessions ads search contact place close",
    "mastodon": "delete_post apps sessions close",
    "wordpress": "delete_post apps sessions close",
    "instagram": "delete_post apps sessions ads search contact place elsewhere close",
    "threads": "delete_post sessions ads close",
    "facebook": "delete_post apps sessions ads search contact place elsewhere close",
    "linkedin": "delete_post apps sessions ads search contact place close",
    "tiktok": "delete_post apps sessions ads search contact place elsewhere close",
    "youtube": "delete_post apps sessions ads search contact place close",
    "google": "apps sessions ads search contact place close",
    "bluesky": "delete_post apps close",
    "reddit": "delete_post apps sessions ads search close",
    "telegram": "delete_post apps sessions contact close",
    "amazon": "apps sessions ads search close",
}
"""What each platform's exports can ask for (see the kinds of traces that its source yields)."""


@pytest.mark.parametrize("platform", OFFERED)
def test_every_step_has_its_menu(platform):
    for action in OFFERED[platform].split():
        path, url = menu(Step(key="", what="", harm=1, effort=1, platform=platform, action=action))
        assert path, action
        assert url is None or url.startswith("https://")
