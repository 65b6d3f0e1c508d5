"""Files that are databases of another program: refused, untouched, and nothing is fetched."""

import sqlite3

import duckdb
import pytest

import empreinte
from empreinte import api
from empreinte.errors import LedgerError
from empreinte.ledger.check import check

OTHERS = {
    "table": "create table t as select 1 as a",
    "schema": "create schema zz; create table zz.t as select 1 as a",
    "view": "create view v as select 1 as a",
    "macro": "create macro f(a) as a + 1",
    "sequence": "create sequence s",
    "type": "create type m as enum ('a')",
}


@pytest.mark.parametrize("made", [*OTHERS, "sqlite"])
def test_another_program_s_database_is_refused_and_left_as_it_is(tmp_path, made):
    path = tmp_path / "other.db"
    if made == "sqlite":
        with sqlite3.connect(path) as other:
            other.execute("create table t (a)")
        other.close()
    else:
        with duckdb.connect(str(path)) as other:
            other.execute(OTHERS[made])
    before = path.read_bytes()
    for act in (
        lambda: empreinte.open_ledger(path),
        lambda: check(str(path)),
        lambda: api.restore(path, tmp_path / "new.duckdb"),
    ):
        with pytest.raises(LedgerError, match="a database, but not one of Empreinte"):
            act()
    assert path.read_bytes() == before
    assert not (tmp_path / "new.duckdb").exists()
