"""Small records for the ledger's tests."""

from datetime import UTC, datetime, timedelta

from empreinte.ledger.ingest import Fate, Import, intake
from empreinte.ledger.tables import TABLES
from empreinte.model import Account, ExportInfo, Metric, Post, Roster

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)


def at(day: float) -> datetime:
    return START + day * DAY


def account(id="1", whole=True, **fields):
    values = {"handle": f"h{id}", "is_owner": id == "1"}
    return Account(file="a.js", place=0, platform="x", id=id, whole=whole, **{**values, **fields})


def post(id, day=0.0, author="1", **fields):
    return Post(
        file="t.js", place=int(id), platform="x", id=str(id), author_id=author, published=at(day),
        **fields,
    )  # fmt: skip


def metric(id, value, day, name="likes", **fields):
    return Metric(
        file="t.js", place=0, platform="x", subject_id=str(id), name=name, value=value,
        observed=at(day), **fields,
    )  # fmt: skip


def roster(day, *members, name="followers"):
    return Roster(
        file="f.js", place=0, platform="x", account_id="1", name=name, observed=at(day),
        members=members,
    )  # fmt: skip


def keep(store, day, records, import_id=None):
    """Import records as an export made on a day."""
    what = Import(
        import_id=import_id or f"import-{day}", source="toy", source_version=1,
        path=f"export-{day}.zip", root="", observed=at(day),
    )  # fmt: skip
    info = ExportInfo(observed=at(day), owner=("x", "1"))
    return taken_in(store, what, [info, *records])


def taken_in(store, what, yielded, reports=()):
    """Import what a source yields; `reports` tell of the files, by their names in full."""
    with intake(store, what) as taken:
        taken.add(yielded)
        outcome = taken.finish()
        taken.keep([Fate(report) for report in reports])
    return outcome


def contents(store):
    """All rows of all tables but the imports' own bookkeeping, as sorted text.

    Rows without their numbers, which follow the order of the imports.
    """
    found = {}
    for table in (
        "account",
        "post",
        "activity",
        "metric",
        "roster",
        "roster_member",
        "trace",
        "purchase",
    ):
        rows = store.query(f"select * exclude (number) from {table}").to_pylist()
        found[table] = sorted(str(sorted(row.items(), key=lambda kv: kv[0])) for row in rows)
    return found


def without_versions(cursor):
    """Take out what came with schema 5 (rows' numbers and versions) and what came later."""
    for table in ("entry", "annotated", "annotation", "purchase", "purchase_version"):
        cursor.execute(f"drop table {table}")
    cursor.execute("alter table file drop column checksum")
    cursor.execute("alter table post drop column alt_texts")
    for table in (table for table in TABLES if table.name != "purchase"):
        cursor.execute(f"drop table {table.versions}")
        cursor.execute(f"alter table {table.name} drop column number")
