"""Erasing loses nothing else, leaves no byte, and survives a full disk, a kill and readers."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from empreinte.errors import LedgerBusy, LedgerError
from empreinte.ledger import compaction, erase
from empreinte.ledger.settings import OWED, owe_compaction
from empreinte.ledger.store import Store
from tests.rows import first

from .records import account, keep, post

SECRET = "zqxjkvbpwmznth"
KILLED = """
import os, sys
from empreinte.ledger import compaction, erase
from empreinte.ledger.store import Store
if sys.argv[2] == "before":
    compaction.rewrite = lambda path: os.kill(os.getpid(), 9)
else:
    compaction._check = lambda path, fresh: os.kill(os.getpid(), 9)
erase.forget_import(Store(sys.argv[1]), "import-2")
"""


def filled(path: Path | str, rows: int = 50) -> Store:
    store = Store(str(path))
    keep(store, 1, [account(), *(post(n) for n in range(rows))])
    keep(store, 2, [post(n, content=f"{SECRET} {n}") for n in range(5000, 5000 + rows)])
    return store


def ids(store: Store) -> set[int]:
    return {int(row["id"]) for row in store.query("select id from post").to_pylist()}


def left_in(folder: Path) -> list[str]:
    return [
        file.name
        for file in folder.rglob("*")
        if file.is_file() and SECRET.encode() in file.read_bytes()
    ]


def import_of(store: Store, number: int) -> str:
    found = store.query("select import_id from import order by import_id").to_pylist()
    return found[number - 1]["import_id"]


def test_without_room_nothing_changes_and_the_same_command_works_later(tmp_path, monkeypatch):
    store = filled(tmp_path / "ledger.duckdb")
    second, before = import_of(store, 2), ids(store)
    with monkeypatch.context() as patch:
        patch.setattr(
            compaction.shutil, "disk_usage", lambda _: type("Usage", (), {"free": 1000})()
        )
        with pytest.raises(LedgerError, match="Nothing was changed"):
            erase.forget_import(store, second)
        assert ids(store) == before
    erase.forget_import(store, second)
    assert ids(store) == set(range(50))
    assert left_in(tmp_path) == []
    store.close()


@pytest.mark.parametrize("when", [pytest.param("before", marks=pytest.mark.slow), "after"])
def test_an_erasure_that_was_killed_is_finished_at_the_next_opening(tmp_path, when):
    path = tmp_path / "ledger.duckdb"
    store = filled(path)
    second = import_of(store, 2)
    store.close()
    run = subprocess.run(
        [sys.executable, "-c", KILLED.replace("import-2", second), str(path), when],
        capture_output=True, check=False,
    )  # fmt: skip
    assert run.returncode == -9, run.stderr
    assert left_in(tmp_path)  # the rows are gone, their bytes are not
    store = Store(str(path))
    assert store.finished
    assert ids(store) == set(range(50))
    assert left_in(tmp_path) == []
    store.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["ledger.duckdb"]
    again = Store(str(path))
    assert not again.finished
    again.close()


def test_a_copy_that_is_not_whole_is_never_put_in_place(tmp_path, monkeypatch):
    store = filled(tmp_path / "ledger.duckdb")
    second = import_of(store, 2)
    with monkeypatch.context() as patch:
        true = compaction._rows
        patch.setattr(compaction, "_rows", lambda path: {} if path.endswith(".new") else true(path))
        with pytest.raises(LedgerError, match="could not be rewritten"):
            erase.forget_import(store, second)
    assert ids(store) == set(range(50))
    assert not list(tmp_path.glob("*.new*"))
    store.close()
    store = Store(str(tmp_path / "ledger.duckdb"))
    assert store.finished
    assert left_in(tmp_path) == []
    store.close()


def test_through_a_link_the_ledger_itself_is_erased(tmp_path):
    real = tmp_path / "real"
    real.mkdir()
    filled(real / "ledger.duckdb").close()
    link = tmp_path / "link.duckdb"
    link.symlink_to(real / "ledger.duckdb")
    store = Store(str(link))
    erase.forget_everything(store)
    store.close()
    assert link.is_symlink()
    assert left_in(tmp_path) == []


@pytest.mark.slow
def test_readers_never_break_an_erasure_nor_it_them(tmp_path):
    store = filled(tmp_path / "ledger.duckdb")
    done, failed = threading.Event(), []

    def poll() -> None:
        while not done.is_set():
            try:
                assert set(range(50)) <= ids(store)
                assert sum(batch.num_rows for batch in store.batches("select * from post")) >= 50
            except BaseException as error:
                failed.append(error)
                return

    readers = [threading.Thread(target=poll) for _ in range(8)]
    for reader in readers:
        reader.start()
    for n in range(6):
        keep(store, 3 + n, [post(9000 + n, content=SECRET)])
        erase.forget_import(store, import_of(store, 3 if n else 2))
    done.set()
    for reader in readers:
        reader.join(20)
    assert failed == []
    store.close()


@pytest.fixture
def small_disk(tmp_path) -> Iterator[Path]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)],
        capture_output=True, check=False,
    )  # fmt: skip
    if mounted.returncode:
        pytest.skip(f"no disk of its own can be made here: {mounted.stderr.decode().strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize(
    "left",
    first(1, [0, *(left << 20 for left in (1, 3, 6, 9))]),
)
def test_on_a_disk_that_is_nearly_full_no_row_is_lost(small_disk, left):
    path = small_disk / "ledger.duckdb"
    store = filled(path, 2000)
    second, before = import_of(store, 2), ids(store)
    filler = small_disk / "filler"
    with filler.open("wb") as out:
        room = os.statvfs(small_disk)
        out.write(b"\1" * max(0, room.f_bavail * room.f_frsize - left))
    try:
        erase.forget_import(store, second)
    except LedgerError as error:
        kept = before if "Nothing was changed" in str(error) else set(range(2000))
    else:
        kept = set(range(2000))
    assert ids(store) == kept
    store.close()
    filler.unlink()
    store = Store(str(path))
    assert ids(store) == kept
    if second in {row["import_id"] for row in store.query("select * from import").to_pylist()}:
        erase.forget_import(store, second)
    assert ids(store) == set(range(2000))
    store.close()
    assert left_in(small_disk) == []


@pytest.mark.slow
def test_damage_is_not_called_busy(tmp_path):
    path = tmp_path / "ledger.duckdb"
    filled(path, 2000).close()
    whole = path.read_bytes()
    for place in range(8, len(whole), max(1, len(whole) // 40)):
        flipped = bytearray(whole)
        flipped[place] ^= 0xFF
        path.write_bytes(flipped)
        said = None
        try:
            Store(str(path)).close()
        except LedgerError as error:  # and nothing else
            said = error
        assert not isinstance(said, LedgerBusy), place


@pytest.mark.parametrize("schema", ["many", "1.5", "", "-1", "9" * 30])
def test_a_schema_that_is_no_number_is_told(tmp_path, schema):
    path = tmp_path / "ledger.duckdb"
    store = Store(str(path))
    with store.transaction() as cursor:
        cursor.execute("update setting set value = $v where name = 'schema'", {"v": schema})
    store.close()
    with pytest.raises(LedgerError, match=r"as its schema|later version|already exists"):
        Store(str(path))


def test_a_folder_that_is_a_file_is_told(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(LedgerError, match="its folder cannot be"):
        Store(str(tmp_path / "file" / "ledger.duckdb"))


def test_owing_is_undone_with_the_deletion(tmp_path):
    store = filled(tmp_path / "ledger.duckdb")

    def fail() -> None:
        with store.transaction() as cursor:
            owe_compaction(cursor)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert not store.query("select * from setting where name = $name", {"name": OWED}).num_rows
    store.close()
