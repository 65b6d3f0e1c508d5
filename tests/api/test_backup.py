"""A backup is the whole ledger, and gives every answer again; an earlier schema does too."""

import json
import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

import empreinte
from empreinte import api
from empreinte.errors import LedgerBusy, LedgerError, UsageError
from empreinte.ledger import compaction, schema
from empreinte.plugins import lens_names
from empreinte.testing import mastodon, x
from empreinte.testing.life import freelancer

AT = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
LAST = max(schema.migrations())


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """Give the folder of a made-up person's ledger."""
    folder = tmp_path_factory.mktemp("home")
    person = freelancer(7, AT - timedelta(days=60))
    with empreinte.open_ledger(folder / "ledger.duckdb") as ledger:
        ledger.ingest(
            x.write_archive(folder / "x.zip", person, AT),
            mastodon.write_export(folder / "mastodon.zip", person, AT),
        )
        ledger.save_settings(api.Settings(language="fr", timezone="Europe/Paris"))
    with duckdb.connect(str(folder / "ledger.duckdb")) as made:
        made.execute("update post set alt_texts = null")  # no schema before the tenth holds them
    return folder


@pytest.fixture(scope="module")
def asked(home):
    """Give its answers."""
    return answers(home / "ledger.duckdb")


@pytest.fixture
def path(home, tmp_path):
    return Path(shutil.copy(home / "ledger.duckdb", tmp_path / "ledger.duckdb"))


def tables(path):
    with duckdb.connect(str(path), read_only=True) as connection:
        names = connection.execute(
            "select table_name from duckdb_tables() where not internal order by 1"
        ).fetchall()
        return {
            name: connection.execute(f'select * from "{name}" order by all').fetchall()
            for (name,) in names
        }


def answers(path):
    with empreinte.open_ledger(path) as ledger:
        asked = {name: api.encode(ledger.ask(name)) for name in lens_names()}
        return {**asked, "changes": api.encode(ledger.changes())}


@pytest.mark.timeout(300)
def alike(one, other):
    """Tell whether answers are equal, but for the order in which cores add up fractions."""
    if isinstance(one, bytes):
        return alike(json.loads(one), json.loads(other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(alike(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    return one == pytest.approx(other, rel=1e-9) if isinstance(one, float) else one == other


def test_every_table_is_restored(path, tmp_path):
    with empreinte.open_ledger(path) as ledger:
        ledger.join("x", "mastodon")
        ledger.tick("a step")
        written = ledger.backup(tmp_path / "kept.duckdb")
        assert ledger.counts()["posts"] > 50  # it is open still
        assert written.stat().st_mode & 0o777 == 0o600
        assert sum(ledger.check().values()) > 1000
    before = tables(path)
    assert tables(written) == before
    elsewhere = tmp_path / "other" / "folder" / "ledger.duckdb"
    assert api.restore(written, elsewhere) == elsewhere
    assert elsewhere.stat().st_mode & 0o777 == 0o600
    assert tables(elsewhere) == before
    assert [file.name for file in elsewhere.parent.iterdir()] == ["ledger.duckdb"]


@pytest.mark.slow
def test_every_answer_is_restored(path, asked, tmp_path):
    with empreinte.open_ledger(path) as ledger:
        ledger.tick("a step")
        written = ledger.backup(tmp_path / "kept.duckdb")
    elsewhere = api.restore(written, tmp_path / "elsewhere.duckdb")
    assert answers(elsewhere)["exposure"] == asked["exposure"]
    assert alike(answers(elsewhere), answers(path))


def test_a_file_that_is_there_is_not_written_over_unless_told(path, tmp_path):
    kept = tmp_path / "kept.duckdb"
    kept.write_text("mine")
    with empreinte.open_ledger(path) as ledger:
        with pytest.raises(UsageError, match="--replace"):
            ledger.backup(kept)
        assert kept.read_text() == "mine"
        for itself in (path, tmp_path / "link"):
            if not itself.exists():
                itself.symlink_to(path)
            with pytest.raises(UsageError, match="your data file itself"):
                ledger.backup(itself, replace=True)
        ledger.backup(kept, replace=True)
        with pytest.raises(LedgerError, match="could not be written"):
            ledger.backup(tmp_path / "missing" / "kept.duckdb")
        assert ledger.counts()["posts"] > 50
    assert tables(kept) == tables(path)


@pytest.mark.slow
def test_a_ledger_that_holds_something_is_not_replaced_unless_told(path, tmp_path):
    with empreinte.open_ledger(path) as ledger:
        kept = ledger.backup(tmp_path / "kept.duckdb")
        ledger.forget(everything=True)
        ledger.tick("another")
    state = tables(path)
    with pytest.raises(UsageError, match="empreinte backup FILE"):
        api.restore(kept, path)
    assert tables(path) == state
    api.restore(kept, path, replace=True)
    assert tables(path) == tables(kept)
    empty = tmp_path / "empty.duckdb"
    empreinte.open_ledger(empty).close()
    api.restore(kept, empty)
    assert tables(empty) == tables(kept)


def test_what_is_no_whole_ledger_is_not_restored(path, tmp_path):
    before = path.read_bytes()
    damaged, other = tmp_path / "damaged.duckdb", tmp_path / "other.duckdb"
    flipped = bytearray(before)
    flipped[12_288 + 262_144 + 5000] ^= 0xFF
    damaged.write_bytes(flipped)
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table mine(a int)")
    (tmp_path / "text").write_text("text" * 9000)
    later = Path(shutil.copy(path, tmp_path / "later.duckdb"))
    with duckdb.connect(str(later)) as connection:
        connection.execute(f"update setting set value = '{LAST + 1}' where name = 'schema'")
    for file, said in (
        (damaged, "cannot be restored|hold none"), (other, "not one of Empreinte"),
        (tmp_path / "text", "older backup"), (later, "later version"),
    ):  # fmt: skip
        with pytest.raises(LedgerError, match=said):
            api.restore(file, path, replace=True)
    with pytest.raises(UsageError, match="not a file"):
        api.restore(tmp_path / "missing", path, replace=True)
    assert path.read_bytes() == before


def test_data_that_is_there_is_not_replaced_unasked(path, tmp_path):
    kept, before = Path(shutil.copy(path, tmp_path / "kept.duckdb")), path.read_bytes()
    with pytest.raises(UsageError, match="--replace"):
        api.restore(kept, path)
    assert path.read_bytes() == before


def test_a_damaged_ledger_is_replaced(path, tmp_path):
    kept = Path(shutil.copy(path, tmp_path / "kept.duckdb"))
    path.write_bytes(b"\0" * 20_000)
    compaction.wal(str(path)).write_bytes(b"of the damaged one")
    api.restore(kept, path, replace=True)
    assert tables(path) == tables(kept)


def test_without_room_nothing_is_written(path, tmp_path, monkeypatch):
    kept = Path(shutil.copy(path, tmp_path / "kept.duckdb"))
    before = path.read_bytes()
    monkeypatch.setattr(compaction, "room", lambda path, folder: (10, 9))
    with pytest.raises(LedgerError, match="Nothing was changed"):
        api.restore(kept, path, replace=True)
    with empreinte.open_ledger(path) as ledger, pytest.raises(LedgerError, match="Make room"):
        ledger.backup(tmp_path / "more.duckdb")
    assert path.read_bytes() == before
    assert not (tmp_path / "more.duckdb").exists()


def test_an_open_ledger_is_not_replaced(path, tmp_path):
    kept = Path(shutil.copy(path, tmp_path / "kept.duckdb"))
    code = f"import duckdb; c = duckdb.connect({str(path)!r}); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(LedgerBusy):
            api.restore(kept, path, replace=True)
        other.communicate(b"\n")


@pytest.mark.slow
@pytest.mark.parametrize("step", ["_copy", "_check", "_flush"])
def test_a_restore_that_is_killed_leaves_the_ledger_as_it_was(path, tmp_path, step):
    kept = Path(shutil.copy(path, tmp_path / "kept.duckdb"))
    with empreinte.open_ledger(path) as ledger:
        ledger.tick("only here")
    before = tables(path)
    code = (
        "import os, sys\nfrom empreinte import api\nfrom empreinte.ledger import compaction\n"
        f"step = compaction.{step}\n"
        f"compaction.{step} = lambda *given: (step(*given), os.kill(os.getpid(), 9))\n"
        "api.restore(sys.argv[1], sys.argv[2], replace=True)"
    )
    run = subprocess.run([sys.executable, "-c", code, kept, path], check=False)
    assert run.returncode == -9
    empreinte.open_ledger(path).close()
    assert tables(path) == before
    assert sorted(file.name for file in tmp_path.iterdir()) == ["kept.duckdb", "ledger.duckdb"]


def of_schema(version, source, path):
    """Make the ledger at `path` of an earlier schema, with what `source` holds and it can hold."""
    with duckdb.connect(str(path)) as made:
        for number, step in schema.migrations().items():
            if number <= version:
                made.execute(step)
        made.execute(f"attach '{source}' as source (read_only)")
        columns = made.execute(
            "select table_name, list(column_name) from duckdb_columns() c "
            "where database_name <> 'source' and not internal and exists (from duckdb_columns() s "
            "where s.database_name = 'source' and s.table_name = c.table_name and "
            "s.column_name = c.column_name) group by all"
        ).fetchall()
        for table, names in columns:
            listed = ", ".join(f'"{name}"' for name in names)
            made.execute(
                f'insert into "{table}" by name select {listed} from source."{table}" '
                + ("where name = 'owner'" if table == "setting" else "")
            )
        made.execute(f"insert into setting values ('schema', '{version}')")


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("version", range(1, LAST))
def test_a_ledger_of_every_past_schema_gives_the_same_answers(version, home, asked, tmp_path):
    old = tmp_path / "ledger.duckdb"
    of_schema(version, home / "ledger.duckdb", old)
    given = answers(old)
    before = Path(shutil.copy(compaction.before(str(old)), tmp_path / "before.duckdb"))
    for name, answer in asked.items():
        assert alike(given[name], answer), name
    with empreinte.open_ledger(old) as ledger:
        counts = ledger.counts()
    again = api.restore(before, tmp_path / "again.duckdb")
    with empreinte.open_ledger(again) as ledger:
        assert ledger.counts() == counts


def test_a_ledger_that_may_only_be_read_is_copied_as_it_is(path, tmp_path):
    assert not api.read_only(path)
    kept = api.backup(tmp_path / "kept.duckdb", path)
    assert tables(kept) == tables(path)
    (tmp_path / "note.duckdb").write_text("no database")
    with pytest.raises(LedgerError, match="cannot be opened as a data file"):
        api.backup(tmp_path / "other.duckdb", tmp_path / "note.duckdb")
    with pytest.raises(UsageError, match="is a folder"):
        api.backup(tmp_path, path)
    assert not (tmp_path / "other.duckdb").exists()
