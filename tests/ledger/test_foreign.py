"""Files that are databases of another program: refused, untouched, and nothing is fetched."""

import sqlite3

import duckdb
import pytest

import empreinte
from empreinte import api
from empreinte.errors import LedgerError
from empreinte.ledger.check import check
from tests.rows import first

SAID = "a database, but not one of Empreinte"
OTHERS = {
    "table": "create table t as select 1 as a",
    "schema": "create schema zz; create table zz.t as select 1 as a",
    "view": "create view v as select 1 as a",
    "macro": "create macro f(a) as a + 1",
    "sequence": "create sequence s",
    "type": "create type m as enum ('a')",
}


def other(path, made):
    if made == "sqlite":
        with sqlite3.connect(path) as other:
            other.execute("create table t (a)")
        other.close()
    else:
        with duckdb.connect(str(path)) as other:
            other.execute(OTHERS[made])
    return path.read_bytes()


@pytest.mark.parametrize("made", [*OTHERS, "sqlite"])
def test_another_program_s_database_is_refused_and_left_as_it_is(tmp_path, made):
    path = tmp_path / "other.db"
    before = other(path, made)
    with pytest.raises(LedgerError, match=SAID):
        empreinte.open_ledger(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize(
    "made", first(1, ["view", "sqlite", *(one for one in OTHERS if one != "view")])
)
def test_nor_is_it_checked_or_restored(tmp_path, made):
    """Each looks in a process of its own."""
    path = tmp_path / "other.db"
    before = other(path, made)
    for act in (
        lambda: check(str(path)),
        lambda: api.restore(path, tmp_path / "new.duckdb"),
    ):
        with pytest.raises(LedgerError, match=SAID):
            act()
    assert path.read_bytes() == before
    assert not (tmp_path / "new.duckdb").exists()
