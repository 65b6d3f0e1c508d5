"""The whole way: exports written, imported in any order, asked."""

import pytest

import empreinte
from empreinte.testing.demo import write_exports

pytestmark = pytest.mark.slow

TABLES = ("account", "post", "activity", "metric", "roster", "roster_member", "trace")


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    return write_exports(tmp_path_factory.mktemp("exports"))


def contents(ledger):
    """Give all rows of all tables but for their numbers, which follow the order of imports."""
    return {
        name: sorted(
            str(sorted((key, value) for key, value in row.items() if key != "number"))
            for row in ledger.sql(f"from {name}").to_pylist()
        )
        for name in TABLES
    }


@pytest.fixture(scope="module")
def demo(exports, tmp_path_factory):
    path = tmp_path_factory.mktemp("home") / "ledger.duckdb"
    with empreinte.open_ledger(path) as ledger:
        reports = ledger.ingest(*exports)
        yield ledger, reports


def test_all_that_was_written_is_read(demo):
    ledger, reports = demo
    assert all(report.source for report in reports)
    assert all(report.complete for report in reports), [
        (report.path, file) for report in reports for file in report.files
        if file.status not in ("read", "not needed")
    ]  # fmt: skip
    assert {glance.platform for glance in ledger.glance()} >= {"x", "mastodon", "wordpress"}


def test_every_file_that_was_not_read_has_a_reason(demo):
    _, reports = demo
    assert all(
        file.reason is not None
        for report in reports
        for file in report.files
        if file.status != "read"
    )


def test_the_order_of_archives_does_not_matter(demo, exports, tmp_path):
    ledger, _ = demo
    with empreinte.open_ledger(tmp_path / "reversed.duckdb") as other:
        for export in reversed(exports):
            other.ingest(export)
        assert contents(other) == contents(ledger)


def test_importing_all_again_changes_nothing(demo, exports):
    ledger, _ = demo
    before = contents(ledger)
    again = ledger.ingest(*exports)
    assert sum(sum(report.kept.values()) for report in again) == 0
    assert contents(ledger) == before


def test_a_second_archive_gives_joins_departures_and_a_series(demo):
    ledger, _ = demo
    changes = ledger.sql("select change, count(*) as n from roster_changes group by change")
    assert {row["change"] for row in changes.to_pylist()} == {"joined", "left"}
    series = ledger.sql(
        "select max(n) as n from (select count(*) as n from readings group by platform, "
        "subject_type, subject_id, name)"
    ).to_pylist()
    assert series[0]["n"] >= 2


def test_the_made_up_person_has_something_in_every_section(demo):
    ledger, reports = demo
    for owner in {report.owner for report in reports if report.owner}:
        ledger.set_mine(owner, True)
    told = ledger.ask("exposure").values()
    for found in ("written", "photos-placed", "doors-accounts", "held-interest", "held-advertiser"):
        assert told[f"exposure.all.{found}"][1].value, found
