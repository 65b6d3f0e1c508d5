"""What platforms hold: kinds told apart, what is no longer held, what cannot be true, doors."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
import pytest
from tests.lenses.test_exposure import ask, table, trace, values
from tests.lenses.toy import NOW, Toy
from tests.rows import first

from empreinte.ledger.schema import migrations
from empreinte.ledger.tables import TRACE


@pytest.fixture
def toy() -> Toy:
    toy = Toy().export().account("me")
    for platform in ("facebook", "google", "amazon", "tiktok", "linkedin", "reddit"):
        toy.account("me", platform=platform)
    return toy


def kinds(toy: Toy) -> dict[str, dict[str, int]]:
    """Give the counts by kind and platform."""
    found = table(ask(toy), "held-kinds")
    platforms = [column.key for column in found.columns[1:]]
    return {
        row[0]: {p: n for p, n in zip(platforms, row[1:], strict=True) if n is not None}
        for row in found.rows
    }


KINDS = {
    "what others report is no app": (
        "app", "facebook", {"from": "off_facebook_activity", "event": "PURCHASE"},
        "activity elsewhere that was reported to it",
    ),
    "nor an advertiser": (
        "advertiser", "tiktok", {"event": "Page View"},
        "activity elsewhere that was reported to it",
    ),
    "use of Maps is no connected app": (
        "app", "google", {"product": "Maps", "verb": "used"}, "what you did in its own services",
    ),
    "an app that has access is one": (
        "app", "x", {"from": "connected-application"}, "apps connected",
    ),
    "an order is no interest attributed": (
        "interest", "amazon", {"from": "orders"}, "what you did in its own services",
    ),
    "an audience is one": (
        "interest", "amazon", {"from": "audiences of Amazon"}, "interests attributed",
    ),
    "an inference is one": (
        "interest", "linkedin", {"from": "inferencesaboutyou"}, "interests attributed",
    ),
    "a town in the profile is no history of places": (
        "place", "facebook", {"from": "current_city.name"}, "profile data",
    ),
    "a visit is": ("place", "google", {"from": "visit"}, "places"),
}  # fmt: skip


def brought_up_to_date(toy: Toy) -> None:
    """Do to the traces what opening a ledger of before schema 6 does."""
    toy.db.execute(migrations()[6])
    (wrong,) = toy.db.execute(
        f"select count(*) from trace where key <> {TRACE.computed}"
    ).fetchone()
    assert not wrong


@pytest.mark.slow
@pytest.mark.parametrize("case", KINDS)
def test_kinds_that_older_ledgers_mixed_are_told_apart(toy, case):
    kind, platform, detail, named = KINDS[case]
    trace(toy, kind, "Something", platform=platform, **detail)
    toy.db.execute(f"update trace set key = {TRACE.computed}")
    brought_up_to_date(toy)
    assert kinds(toy) == {named: {platform: 1}}
    for evidence in table(ask(toy), "held-kinds").evidence:
        assert len(toy.rows(evidence)) == 1


LISTED = {
    "facebook": {"from": "advertisers_who_uploaded_a_contact_list_with_your_information"},
    "instagram": {"uses": ["list"]},
    "x": {"from": "audience"},
    "amazon": {"from": "advertisers"},
}


@pytest.mark.parametrize("platform", first(1, LISTED))
@pytest.mark.usefixtures("without_deductions")
def test_who_gave_a_list_is_told_on_every_platform(toy, platform):
    toy.account("me", platform="instagram")
    trace(toy, "advertiser", "Acme", platform=platform, **LISTED[platform])
    trace(toy, "advertiser", "Other", platform=platform, **{"from": "look-alike"})
    toy.db.execute(f"update trace set key = {TRACE.computed}")
    brought_up_to_date(toy)
    told = {row[0]: row[2] for row in table(ask(toy), "held-advertisers").rows}
    assert told == {"Acme": "yes", "Other": "not given"}


def exported(toy: Toy, id: str, at: datetime, *files: tuple[str, str], platform: str = "x") -> None:
    """Put an import in, with the status of each of its files."""
    toy.insert(
        "import", import_id=id, source=platform, source_version=1, path="a.zip", root="",
        observed=at, imported=at, owner_platform=platform, owner_id="me", kept="{}", known="{}",
        rejected=0,
    )  # fmt: skip
    for name, status in files:
        toy.db.execute(
            "insert into file (import_id, name, status, records) values (?, ?, ?, 0)",
            [id, name, status],
        )


BEFORE = NOW - timedelta(days=200)
AFTER = {
    "held no longer": ([("data/app.js", "read"), ("data/b.js", "read")], True),
    "not in the later export": ([("data/b.js", "read"), ("data/c.js", "read")], False),
    "in a file that failed": ([("data/app.js", "failed"), ("data/b.js", "read")], False),
    "fewer parts": ([("data/b.js", "read")], False),
}


@pytest.mark.parametrize("case", first(2, AFTER))
@pytest.mark.usefixtures("without_deductions")
def test_absent_is_gone_only_where_a_later_export_would_hold_it(toy, case):
    files, gone = AFTER[case]
    parts = [("data/app.js", "read"), ("data/b.js", "read")]
    exported(toy, "old", BEFORE, *parts)
    exported(toy, "new", NOW, *files)
    toy.insert("trace", key="1", platform="x", account_id="me", kind="app", label="Quiz",
               at=NOW - timedelta(days=900), detail=None, seen=BEFORE, import_id="old",
               file="data/app.js")  # fmt: skip
    report = ask(toy)
    assert (values(report)["exposure.all.held-app"].value is None) == gone
    plan = table(report, "plan")
    (tick,) = plan.ticks
    assert (tick.done, tick.by_owner) == (gone, not gone)
    assert ("exposure.all.doors-unused" in msgspec.json.encode(report).decode()) == (not gone)


@pytest.mark.usefixtures("without_deductions")
def test_another_accounts_later_export_says_nothing(toy):
    exported(toy, "old", BEFORE, ("data/app.js", "read"), ("data/b.js", "read"))
    exported(toy, "new", NOW, ("data/app.js", "read"), ("data/b.js", "read"))
    toy.db.execute("update import set owner_id = 'other' where import_id = 'new'")
    toy.insert("trace", key="1", platform="x", account_id="me", kind="app", label="Quiz",
               at=None, detail=None, seen=BEFORE, import_id="old", file="data/app.js")  # fmt: skip
    assert values(ask(toy))["exposure.all.held-app"].value == 1


@pytest.mark.slow
def test_years_of_birth_and_ages_that_exclude_each_other(toy):
    trace(toy, "demographic", "1995-04-12", platform="facebook", **{"from": "birthday"})
    trace(toy, "demographic", "Apr 12, 1988", platform="linkedin",
          **{"from": "profile: Birth Date"})  # fmt: skip
    trace(toy, "demographic", "25 to 34", platform="linkedin",
          **{"from": "adtargeting: Member Age"})  # fmt: skip
    told = [row[0] for row in table(ask(toy), "held-wrong").rows]
    assert told == ["age and year of birth", "year of birth"]
    assert "1988" not in msgspec.json.encode(ask(toy)).decode()
    assert "1988" in msgspec.json.encode(ask(toy, reveal=True)).decode()


@pytest.mark.usefixtures("without_deductions")
def test_one_year_of_birth_is_no_contradiction(toy):
    for platform in ("facebook", "reddit"):
        trace(toy, "demographic", "1995-04-12", platform=platform, **{"from": "birthday"})
    trace(toy, "demographic", "25 to 34", platform="linkedin", **{"from": "Member Age"})
    report = ask(toy)
    assert "exposure.all.held-wrong" not in {t.id for s in report.sections for t in s.tables}


@pytest.mark.usefixtures("without_deductions")
def test_a_login_from_another_country_is_unusual(toy):
    for n in range(25):
        trace(toy, "login", f"82.64.1.{n}", at=NOW - timedelta(days=n), country="FR")
    trace(toy, "login", "82.64.9.9", at=NOW, country="BR")
    (row,) = table(ask(toy), "doors-unusual").rows
    assert row[3:] == ("BR", "country")


@pytest.mark.usefixtures("without_deductions")
def test_unknown_logins_and_apps_are_not_none(toy):
    told = values(ask(toy))
    for name in ("logins", "apps"):
        assert told[f"exposure.all.doors-{name}"].value is None
        assert told[f"exposure.all.doors-{name}"].why_missing


@pytest.mark.usefixtures("without_deductions")
def test_an_account_sleeps_by_its_own_platforms_exports(toy):
    old = NOW - timedelta(days=1000)
    exported(toy, "reddit", old, ("a.csv", "read"), platform="reddit")
    toy.post("1", platform="reddit", at=old - timedelta(days=30))
    assert values(ask(toy))["exposure.all.doors-accounts"].value == 0
    toy.post("2", platform="facebook", at=old)
    exported(toy, "facebook", NOW, ("b.json", "read"), platform="facebook")
    assert values(ask(toy))["exposure.all.doors-accounts"].value == 1


def test_a_photographs_place_and_serial_number_stand_nowhere_unmasked(toy):
    trace(toy, "photo", "Imaginaire Un 5", at=NOW, serial="SN0123456789", latitude=48.8123,
          longitude=2.3456)  # fmt: skip
    report = ask(toy)
    assert "images" in [section.id for section in report.sections]
    assert "exif" in [reference.key for reference in report.references]
    told = msgspec.json.encode(report).decode()
    for plain in ("SN0123456789", "48.81", "2.345"):
        assert plain not in told
    assert "SN0123456789" in msgspec.json.encode(ask(toy, reveal=True)).decode()
    for found in (table(report, "photos-places"), table(report, "photos-cameras")):
        assert all(len(toy.rows(evidence)) == 1 for evidence in found.evidence)
