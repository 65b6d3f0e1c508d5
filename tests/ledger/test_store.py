"""The ledger's file."""

import subprocess
import sys

import pytest

from empreinte.errors import LedgerBusy, LedgerError, UsageError
from empreinte.ledger import schema as schemas
from empreinte.ledger.faults import faulty, refused
from empreinte.ledger.store import Store

from .records import account, keep, post


def test_a_later_schema_is_reached_by_migration_and_data_stays(tmp_path, monkeypatch):
    path = str(tmp_path / "ledger.duckdb")
    store = Store(path)
    keep(store, 1, [account(), post(1)])
    store.close()
    steps = schemas.migrations()
    later = {**steps, max(steps) + 1: "alter table post add column colour varchar default 'red'"}
    monkeypatch.setattr(schemas, "migrations", lambda: later)
    store = Store(path)
    assert store.query("select id, colour from post").to_pylist() == [{"id": "1", "colour": "red"}]
    store.close()
    monkeypatch.setattr(schemas, "migrations", lambda: steps)
    with pytest.raises(LedgerError, match="later version"):
        Store(path)


def test_a_broken_migration_leaves_the_ledger_as_it_was(tmp_path, monkeypatch):
    path = str(tmp_path / "ledger.duckdb")
    store = Store(path)
    keep(store, 1, [post(1)])
    store.close()
    steps = schemas.migrations()
    broken = {
        **steps,
        max(steps) + 1: "alter table post add column colour varchar; select nonsense",
    }
    with monkeypatch.context() as patch:
        patch.setattr(schemas, "migrations", lambda: broken)
        with pytest.raises(Exception, match="nonsense"):
            Store(path)
    store = Store(path)
    assert "colour" not in store.query("select * from post").column_names
    store.close()


def test_another_database_is_refused(tmp_path):
    import duckdb

    path = tmp_path / "other.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table mine(a int)")
    with pytest.raises(LedgerError, match="not one of Empreinte"):
        Store(str(path))


def test_a_file_that_is_no_database_is_refused(tmp_path):
    path = tmp_path / "text.duckdb"
    path.write_text("hello" * 5000)
    with pytest.raises(LedgerError, match="cannot be opened"):
        Store(str(path))


def test_a_file_that_may_not_be_written_is_said_to_be_so():
    for cause in (
        'IO Error: Cannot open file "/l.duckdb": Permission denied',
        'IO Error: Cannot open file "/l.duckdb.wal": Read-only file system',
    ):
        said = str(refused("/l.duckdb", cause))
        assert said.startswith("You may not write in the data file /l.duckdb")
        assert "--ledger" in said


def test_a_second_process_is_told_who_has_it(tmp_path):
    path = str(tmp_path / "ledger.duckdb")
    store = Store(path)
    code = f"from empreinte.ledger.store import Store\nStore({path!r})"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert LedgerBusy.__name__ in run.stderr
    store.close()


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """A ledger of one post that is asked for what is refused: it stays as it is."""
    store = Store(str(tmp_path_factory.mktemp("asked") / "ledger.duckdb"))
    keep(store, 1, [post(1)])
    yield store
    store.close()


@pytest.mark.parametrize(
    "query",
    [
        "delete from post",
        "insert into setting values ('a', 'b')",
        "drop view posts",
        "copy post to '/tmp/stolen.csv'",
        "select * from read_text('/etc/passwd')",
        "select * from read_csv('/etc/passwd')",
        "attach '/tmp/other.duckdb'",
        "install httpfs",
        "set enable_external_access = true",
        "rollback; delete from post",
        "select 1; delete from post",
    ],
)
def test_a_question_can_neither_write_nor_read_other_files(query, asked):
    with pytest.raises(UsageError):
        asked.query(query)
    assert asked.query("select count(*) as n from post").to_pylist() == [{"n": 1}]


def test_what_is_forgotten_leaves_no_byte(tmp_path):
    from empreinte.ledger import erase

    path = tmp_path / "ledger.duckdb"
    store = Store(str(path))
    secret = "un secret planté 4f81"
    keep(store, 1, [account(), *(post(i, content=f"{secret} {i}") for i in range(3000))], "one")
    keep(store, 2, [post(5000, content="stays")], "two")
    erase.forget_import(store, "one")
    assert store.query("select content from post").to_pylist() == [{"content": "stays"}]
    store.close()
    for file in tmp_path.rglob("*"):
        assert secret.encode() not in file.read_bytes()


def test_a_folder_that_may_not_be_written_in_is_named(tmp_path, monkeypatch):
    store = Store(str(tmp_path / "e.db"))
    said = 'TransactionContext Error: IO Error: Cannot open file "e.db.wal": Permission denied'
    assert "in the folder of the data file" in str(faulty(store.path, OSError(said)))
    full = str(faulty(store.path, OSError("No space left on device")))
    assert "(the disk is full)" in full
    monkeypatch.setattr("os.access", lambda *_asked: False)
    assert "in the data file" in str(faulty(store.path, OSError(said)))
    store.close()
