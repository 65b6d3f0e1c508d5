"""Damage is found wherever it is, and told as such."""

import random
import subprocess
import sys

import duckdb
import pytest

from empreinte.errors import LedgerBusy, LedgerError
from empreinte.ledger import check as checking
from empreinte.ledger import compaction
from empreinte.ledger.check import check
from empreinte.ledger.store import Store

from .records import account, keep, post


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """Give a ledger whose file has free blocks between those that hold data."""
    path = tmp_path_factory.mktemp("whole") / "ledger.duckdb"
    store = Store(str(path))
    with store.transaction() as cursor:
        cursor.execute("create table filler as select md5(i::varchar) from range(30000) t(i)")
    compaction.settle(close(store))
    store = Store(str(path))
    keep(store, 1, [account(), *(post(n, content=f"mot {n} " * 20) for n in range(2000))])
    compaction.settle(close(store))
    store = Store(str(path))
    with store.transaction() as cursor:
        cursor.execute("drop table filler")
    compaction.settle(close(store))
    return path


def close(store):
    store.close()
    return store.path


def test_a_whole_ledger_is_whole(whole):
    assert check(str(whole))["post"] == 2000


@pytest.mark.slow
def test_a_flipped_byte_is_found_anywhere(whole, tmp_path):
    with duckdb.connect(str(whole), read_only=True) as connection:
        found = connection.execute("select free_blocks, total_blocks from pragma_database_size()")
        free, total = found.fetchone()
    dice = random.Random(3)
    content, path = whole.read_bytes(), tmp_path / "ledger.duckdb"
    starts = range(checking.HEADERS * checking.HEADER, len(content), checking.BLOCK)
    free -= total - len(starts)  # free blocks at the end are cut off the file, and counted on
    places = [9, 100, 4100, 8200, *(start + dice.randrange(checking.BLOCK) for start in starts)]
    harmless = 0
    for place in places:
        flipped = bytearray(content)
        flipped[place] ^= 0xFF
        path.write_bytes(flipped)
        with pytest.raises(LedgerError) as caught:
            check(str(path))
        assert not isinstance(caught.value, LedgerBusy), place
        harmless += "parts of it that hold none" in str(caught.value)
    # Only what DuckDB says is free is said to hold nothing.
    assert harmless == free > 0


def test_a_question_that_meets_damage_is_not_called_wrong(whole, tmp_path):
    content, path = whole.read_bytes(), tmp_path / "ledger.duckdb"
    said = 0
    for start in range(12_288, len(content), checking.BLOCK):
        flipped = bytearray(content)
        flipped[start + 5000] ^= 0xFF
        path.write_bytes(flipped)
        try:
            store = Store(str(path))
        except LedgerError:
            continue
        try:
            store.query("select count(hash(post)) from post")
        except LedgerError as error:
            said += "could not be read" in str(error)
        store.close()
    assert said


def test_a_cut_file_a_lost_file_and_another_are_told(whole, tmp_path):
    path = tmp_path / "ledger.duckdb"
    with pytest.raises(LedgerError, match="no data file"):
        check(str(path))
    content = whole.read_bytes()
    for length in (0, 4000, 12_288, 400_000):
        path.write_bytes(content[:length])
        with pytest.raises(LedgerError):
            check(str(path))


def test_a_process_that_is_ended_is_an_answer(whole, monkeypatch):
    monkeypatch.setattr(checking.sys, "executable", "/bin/false")
    with pytest.raises(LedgerError, match="is damaged"):
        check(str(whole))


def test_an_open_ledger_is_busy(tmp_path):
    path = tmp_path / "ledger.duckdb"
    Store(str(path)).close()
    code = f"import duckdb, sys; c = duckdb.connect({str(path)!r}); print(1, flush=True); input()"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        other.stdout.readline()
        with pytest.raises(LedgerBusy):
            check(str(path))
        other.communicate(b"\n")


def test_what_its_own_process_says_of_a_file(whole, tmp_path):
    """The look is taken in a process of its own; here it is taken in this one."""
    found = checking._found(str(whole))
    assert (found.rows["post"], found.damage, found.blocks) == (2000, "", 0)
    other = tmp_path / "other.duckdb"
    with duckdb.connect(str(other)) as connection:
        connection.execute("create table mine as select 1 as one")
    assert "not one of Empreinte" in checking._found(str(other)).error.template
    with pytest.raises(LedgerError, match="not one of Empreinte"):
        check(str(other))
    other.write_bytes(whole.read_bytes())
    with duckdb.connect(str(other)) as connection:
        connection.execute("drop table tick")
    assert "its tables are not those" in checking._found(str(other)).damage
    other.unlink()
    duckdb.connect(str(other)).close()  # of nobody: there is nothing in it
    assert "not one of Empreinte" in checking._found(str(other)).error.template
    content = bytearray(whole.read_bytes())
    said = []
    for place in range(checking.HEADERS * checking.HEADER + 5000, len(content), checking.BLOCK):
        content[place] ^= 0xFF
        other.write_bytes(content)
        content[place] ^= 0xFF
        said.append(checking._found(str(other)).damage)
        if said[-1]:
            break
    assert said[-1]
    for place in range(checking.HEADERS * checking.HEADER + 100, len(content), checking.BLOCK):
        content[place] ^= 0xFF
    other.write_bytes(content)
    spoilt = checking._found(str(other))
    assert spoilt.refused or spoilt.damage or spoilt.blocks
    other.write_bytes(b"x" * 20_000)
    assert checking._found(str(other)).refused
