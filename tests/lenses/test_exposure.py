"""The lens `exposure` on toy ledgers: what is written, held, open; masks; the plan."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, partial

import msgspec
import pytest
from tests.lenses.toy import NOW, Bound, Toy
from tests.rows import first

from empreinte.lenses import exposure
from empreinte.lenses.exposure import mending, parts
from empreinte.lenses.exposure.own import data
from empreinte.report import Report, Scope, Value, faults

IBAN = "FR76 3000 6000 0112 3456 7890 189"
PLAIN = ("FR7630006000011234567890189", "3000 6000", "+33612345678", "06 12 34 56 78",
         "jean.dupont@example.org", "Tr0ub4dor&3", "Léo")  # fmt: skip


def ask(toy: Toy, **scope) -> Report:
    options = (("reveal", 1),) if scope.pop("reveal", False) else ()
    given = Scope(options=options, **scope)
    toy.scope = given
    report = exposure.answer(Bound(toy, given), given)
    assert faults(report) == []
    assert all(s.finding and s.finding.quiet for s in report.sections)
    return report


def values(report: Report) -> dict[str, Value]:
    return {id: value for id, (_measure, value) in report.values().items()}


def trace(toy: Toy, kind: str, label: str, at=None, platform="x", account="me", **detail):
    told = json.dumps(detail, sort_keys=True, separators=(",", ":")) if detail else None
    toy.insert(
        "trace", key=str(toy.place), platform=platform, account_id=account, kind=kind,
        label=label, at=at, detail=told,
    )  # fmt: skip


def table(report: Report, id: str):
    return next(t for s in report.sections for t in s.tables if t.id == f"exposure.all.{id}")


def made() -> Toy:
    toy = Toy().export().account("me", name="Jean Dupont").account("other", mine=False)
    toy.post("1", at=datetime(2020, 1, 5), content=f"Virement : {IBAN}", visibility="public",
             url="https://x.com/me/status/1")  # fmt: skip
    toy.post("2", at=datetime(2021, 1, 5), content=f"mon IBAN est {IBAN}", visibility="direct")
    toy.post(
        "3", at=datetime(2022, 1, 5), content="appelle le 06 12 34 56 78", visibility="followers"
    )
    toy.post("4", content="écris à jean.dupont@example.org, mon fils Léo lira", visibility="public")
    toy.post("5", content="le mot de passe : Tr0ub4dor&3", visibility="direct")
    toy.post("6", by="other", content="mon IBAN est DE89 3704 0044 0532 0130 00")
    return toy.post("7", content="rien du tout")


@pytest.fixture
def toy() -> Toy:
    return made()


@pytest.fixture(scope="module")
def unchanged() -> tuple[Toy, Callable[..., Report]]:
    """The toy that no test changes; each question that it is asked is answered once."""
    toy = made()
    return toy, cache(partial(ask, toy))


def test_written_tells_what_where_since_when_and_to_whom(unchanged):
    _toy, asked = unchanged
    data = table(asked(), "written-data")
    rows = {row[0]: row for row in data.rows}
    iban = rows["IBAN"]
    assert iban[1] == "FR76 •••• •••• 0189"
    assert iban[2:5] == ("high", "certain", "everyone")
    assert iban[5:9] == ("2020-01-05", "2021-01-05", 2, "X")
    assert iban[9].startswith("f#")
    assert iban[10] == "https://x.com/me/status/1"
    assert set(rows) == {
        "IBAN",
        "telephone number",
        "e-mail address",
        "name of a child",
        "password",
    }
    assert values(asked())["exposure.all.written"].n == 6


def test_the_gravest_comes_first(unchanged):
    _toy, asked = unchanged
    first = [row[0] for row in table(asked(), "written-data").rows]
    assert first[0] == "IBAN"  # serious and public, before a password in a direct message
    assert first.index("password") < first.index("telephone number") or "password" in first


def test_evidence_leads_to_the_posts_without_their_words(unchanged):
    toy, asked = unchanged
    report = asked()
    rows = toy.rows(report.evidence("exposure.all.written-data.0"))
    assert [row["id"] for row in rows] == ["1", "2"]
    assert "content" not in rows[0]
    for value in values(report).values():
        if value.evidence:
            toy.rows(value.evidence)


@pytest.mark.parametrize("language", first(1, ["fr", "en"]))
def test_nothing_is_told_unmasked(toy, language):
    trace(toy, "profile", "jean.dupont@example.org", field="email")
    trace(toy, "login", "82.64.12.7", at=NOW)
    told = msgspec.json.encode(ask(toy, language=language)).decode()
    for plain in (*PLAIN, "82.64.12.7", "Tr0u"):
        assert plain not in told


def test_reveal_shows_the_data_and_the_words(unchanged):
    toy, asked = unchanged
    report = asked(reveal=True)
    told = msgspec.json.encode(report).decode()
    assert "FR7630006000011234567890189" in told
    assert "content" in toy.rows(report.evidence("exposure.all.written-data.0"))[0]


def test_others_are_not_looked_at(unchanged):
    _toy, asked = unchanged
    assert "DE89" not in msgspec.json.encode(asked(reveal=True)).decode()


@pytest.mark.usefixtures("without_deductions")
def test_what_the_owner_wrote_elsewhere_counts(toy):
    toy.post("8", content="mdp: Az3rty!!9", channel_id="other")
    assert sum(r[0] == "password" for r in table(ask(toy), "written-data").rows) == 2


@pytest.mark.usefixtures("without_deductions")
def test_the_window_and_the_channels_narrow_it(toy):
    report = ask(toy, since=datetime(2022, 1, 1))
    assert "IBAN" not in {row[0] for row in table(report, "written-data").rows}
    assert values(ask(toy, channels=("x:nobody",)))["exposure.all.written"].value is None


@pytest.mark.usefixtures("without_deductions")
def test_what_a_picture_is_said_to_show_is_read_too():
    toy = Toy().export().account("me").account("other", mine=False)
    toy.post(
        "1", content="vue de la fenêtre", alt_texts=[None, "affiche : appelez le 06 12 34 56 78"]
    )
    toy.post("2", by="other", alt_texts=["appelez le 06 98 76 54 32"]).post("3", alt_texts=[])
    report = ask(toy)
    (row,) = table(report, "written-data").rows
    assert row[0] == "telephone number"
    assert row[9].endswith("(in the description of a picture)")
    assert [row["id"] for row in toy.rows(report.evidence("exposure.all.written-data.0"))] == ["1"]
    assert values(report)["exposure.all.written"].n == 2


@pytest.mark.usefixtures("without_deductions")
def test_a_period_without_a_post_is_no_missing_archive(toy):
    for scope in ({"since": datetime(2030, 1, 1)}, {"until": datetime(2000, 1, 1)}):
        report = ask(toy, **scope)
        told = msgspec.json.encode(report).decode()
        assert "tell nothing of this in the period that you chose" in told
        assert "mport an archive of yours" not in told
    assert "Import an archive of yours" in msgspec.json.encode(ask(Toy())).decode()


@pytest.mark.usefixtures("without_deductions")
def test_a_bio_is_read_too():
    toy = Toy().export().account("me", summary="Contact : jean.dupont@example.org")
    (row,) = table(ask(toy), "written-data").rows
    assert row[0] == "e-mail address"
    assert row[4] == "everyone"


def test_an_empty_ledger_says_so():
    report = ask(Toy())
    assert len(report.answer) == 1
    assert values(report)["exposure.all.written"].value is None
    assert values(report)["exposure.all.written"].why_missing


@pytest.mark.usefixtures("without_deductions")
def test_platforms_side_by_side_and_absent_is_not_none(toy):
    toy.account("me", platform="facebook")
    trace(toy, "interest", "Cats")
    trace(toy, "interest", "cats", platform="facebook")
    trace(toy, "advertiser", "Acme", platform="facebook", uses=["list"])
    trace(toy, "interest", "Dogs", account="other")
    report = ask(toy)
    kinds = table(report, "held-kinds")
    assert [c.key for c in kinds.columns] == ["kind", "facebook", "x"]
    rows = {row[0]: row[1:] for row in kinds.rows}
    assert rows["interests attributed"] == (1, 1)
    assert rows["advertisers whose ads or lists target you"] == (1, None)
    assert table(report, "held-interests").rows[0][1] == "Facebook, X"
    assert table(report, "held-advertisers").rows[0][2] == "yes"
    assert values(report)["exposure.all.held-device"].value is None


@pytest.mark.usefixtures("without_deductions")
def test_what_excludes_itself_is_told(toy):
    trace(toy, "demographic", "male", **{"from": "gender"})
    trace(toy, "demographic", "Female", platform="x", **{"from": "gender"})
    trace(toy, "demographic", "13-24", **{"from": "age"})
    trace(toy, "demographic", "35 to 49", **{"from": "Member Age"})
    assert [row[0] for row in table(ask(toy), "held-wrong").rows] == ["gender", "age"]


@pytest.mark.usefixtures("without_deductions")
def test_agreement_is_no_contradiction(toy):
    trace(toy, "demographic", "male", **{"from": "gender"})
    trace(toy, "demographic", "13-24", **{"from": "age"})
    trace(toy, "demographic", "18-24", **{"from": "age"})
    assert "exposure.all.held-wrong" not in {t.id for s in ask(toy).sections for t in s.tables}


@pytest.mark.usefixtures("without_deductions")
def test_doors(toy):
    toy.account("new", name="Jean Dupont", handle="NightOwl")
    toy.account("old", platform="tumblr", name="Night Owl", handle="nightowl")
    toy.post("9", by="old", platform="tumblr", at=NOW - timedelta(days=900))
    trace(toy, "app", "Quiz", at=NOW - timedelta(days=500))
    trace(toy, "app", "Reader", at=NOW - timedelta(days=5))
    for i in range(30):
        trace(toy, "login", f"82.64.1.{i}", at=NOW - timedelta(days=i))
    trace(toy, "login", "5.6.7.8", at=NOW)
    report = ask(toy)
    told = values(report)
    assert told["exposure.all.doors-accounts"].value == 1
    assert told["exposure.all.doors-apps"].value == 1
    assert told["exposure.all.doors-logins"].value == 1
    assert told["exposure.all.doors-handles"].value == 1
    assert table(report, "doors-unused").rows[0][0] == "Quiz"
    assert table(report, "doors-unusual").rows[0][2] == "5.6 ••••"
    assert table(report, "doors-joined").rows[0][2] == "Jean Dupont / Night Owl"


@pytest.mark.usefixtures("without_deductions")
def test_networks_that_are_all_rare_tell_nothing(toy):
    for i in range(40):
        trace(toy, "login", f"82.{i}.1.1", at=NOW)
    assert values(ask(toy))["exposure.all.doors-logins"].value == 0


def test_the_plan_goes_by_harm_against_effort(unchanged):
    _toy, asked = unchanged
    step = parts.Step
    steps = [
        step(key="c", what="", harm=1, effort=2), step(key="a", what="", harm=4, effort=2),
        step(key="b", what="", harm=4, effort=60), step(key="d", what="", harm=4, effort=12),
    ]  # fmt: skip
    assert [s.key for s in mending.order(steps)] == ["a", "d", "c", "b"]
    plan = table(asked(language="fr"), "plan")
    assert "Le post → ⋯ → Supprimer" in {row[5] for row in plan.rows}


def test_keys_of_the_plan_stay_and_tell_nothing(toy, unchanged):
    _toy, asked = unchanged
    before = {tick.key for tick in table(asked(), "plan").ticks}
    toy.post("99", content="sans rien")
    assert {tick.key for tick in table(ask(toy), "plan").ticks} == before
    assert not any(plain in key for key in before for plain in PLAIN)


def test_every_menu_is_in_both_languages():
    for platform, actions in data("menus.toml").items():
        if platform == "accounts":
            continue
        for action, path in actions.items():
            assert path["en"].strip(), (platform, action)
            assert path["fr"].strip(), (platform, action)
            assert path.get("url", "https://").startswith("https://")


def test_hostile_posts_do_not_stop_it(toy):
    for i, text in enumerate(
        ("1" * 200_000, "@" * 200_000, "[" * 200_000, "mdp: \x00\x01\ud7ff" * 99)
    ):
        toy.post(f"h{i}", content=text)
    assert table(ask(toy), "written-data").rows


KINDS = ("interest", "login", "device", "contact", "place", "advertiser", "ad_impression",
         "ad_engagement", "demographic", "app", "search", "setting", "profile",
         "photo")  # fmt: skip


@pytest.mark.parametrize("language", first(1, ["fr", "en"]))
def test_no_word_of_a_report_is_a_datum_wherever_it_stands(toy, language):
    """Each datum in each kind of trace, in file names, links and rejects: none is in the JSON."""
    data = (IBAN, *PLAIN[:1], "jean.dupont@example.org", "06 12 34 56 78", "4111 1111 1111 1111",
            "1 84 12 76 451 089 46")  # fmt: skip
    for kind in KINDS:
        for i, datum in enumerate(data):
            said = f"carte ou sécu {datum}"
            trace(toy, kind, said, at=NOW - timedelta(days=i * 40), field="email", value=said,
                  serial="SN-98761234", latitude=48.123456, longitude=2.654321)  # fmt: skip
    toy.post("20", content=f"carte {data[4]}", url="https://x.com/?to=jean.dupont@example.org")
    toy.db.execute(
        'insert into reject (import_id, file, place, template, "values", raw) values '
        "('i', ?, 1, 'bad', '{}', ?)",
        [f"{data[1]}.json", IBAN],
    )
    told = msgspec.json.encode(ask(toy, language=language)).decode()
    for plain in (*data, *PLAIN, "184127645108946", "4111111111111111", "SN-98761234",
                  "48.1234", "2.6543"):  # fmt: skip
        assert plain not in told, plain
