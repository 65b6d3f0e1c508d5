"""One row stands for each key; what other imports say of it is kept beside it.

Of two rows with one key the one with the greatest ``(rank, seen, import_id)`` stands. The other
becomes a version of it, without its content where that is the standing row's. So an import can be
taken out again, and the ledger is as if it had never been made: see
docs/decisions/0009-what-other-imports-hold.md.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

    from empreinte.ledger.tables import Table


def merge(
    cursor: duckdb.DuckDBPyConnection, table: Table, seen: datetime, import_id: str
) -> tuple[int, int]:
    """Merge the staged rows into a table; give how many keys were new and how many known."""
    stage = f"stage_{table.name}"
    if not _count(cursor, f"select count(*) from {stage}"):
        return 0, 0
    if table.computed:
        cursor.execute(f"create temp table keyed as select {table.computed} as key, * from {stage}")
        cursor.execute(f"drop table {stage}")
        cursor.execute(f"alter table keyed rename to {stage}")
    _dedupe(cursor, table)
    told = {"seen": seen.astimezone(UTC).replace(tzinfo=None), "import_id": import_id}
    # By its place in the stage, a row is numbered in the archive's order: this packs to nothing.
    # (A table made in this transaction begins at 2^55.)
    total, begin = _numbers(cursor, f"select count(*), min(rowid) from {stage}")
    (following,) = _numbers(cursor, f"select coalesce(max(number) + 1, 0) from {table.name}")
    known = _meet(cursor, table, told)
    number, met = f"{following - begin} + s.rowid", ""
    if known:
        number = f"coalesce(m.number, {number})"
        met = "left join met m on s.rowid = m.staged where m.won is not false"
        _give_way(cursor, table, told)
    cursor.execute(
        f"insert into {table.name} by name select s.*, cast($seen as timestamp) as seen, "
        f"$import_id as import_id, {number} as number from {stage} s {met}",
        told,
    )
    if known:
        _fold(cursor, table)
        cursor.execute("drop table met")
    return total - known, known


def release(cursor: duckdb.DuckDBPyConnection, table: Table, import_id: str) -> int:
    """Take an import's rows out, and let the best of the other imports' stand in their place.

    Gives how many keys no import holds any more.
    """
    told = {"id": import_id}
    cursor.execute(f"delete from {table.versions} where import_id = $id", told)
    cursor.execute(
        f"create temp table heir as select number, import_id, same from (select *, row_number() "
        f"  over (partition by number order by {table.rank.format(row='v')} desc, seen desc, "
        f"  import_id desc) as n from {_whole(table)} v "
        f"  where number in (select number from {table.name} where import_id = $id)) where n = 1",
        told,
    )
    _inherit(cursor, table)
    _loosen(cursor, table, "select number from heir where not same")
    gone = _count(cursor, f"delete from {table.name} where import_id = $id", told)
    best = "(number, import_id) in (select (number, import_id) from heir)"
    stood = _count(cursor, f"insert into {table.name} by name select * from loose where {best}")
    cursor.execute(f"delete from loose where {best}")
    cursor.execute("drop table heir")
    _fold(cursor, table)
    return gone - stood


def _inherit(cursor: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Let rows stand in the name of their heirs where these say the same: most do."""
    one = "t.number = h.number and h.same"
    cursor.execute(
        f"update {table.name} t set seen = h.seen, import_id = h.import_id, file = h.file, "
        f"place = h.place from (select v.* from {table.versions} v "
        f"  join heir using (number, import_id)) h where {one}"
    )
    cursor.execute(
        f"delete from {table.versions} t using heir h where {one} and t.import_id = h.import_id"
    )


def erase(cursor: duckdb.DuckDBPyConnection, table: Table, which: str, told: dict[str, Any]) -> int:
    """Delete the rows of which any import says `which`, with their versions; give how many."""
    cursor.execute(
        f"create temp table erased as select number from {table.name} where {which} "
        f"union select number from {_whole(table)} where not same and ({which})",
        told,
    )
    erased = "number in (select number from erased)"
    cursor.execute(f"delete from {table.versions} where {erased}")
    gone = _count(cursor, f"delete from {table.name} where {erased}")
    cursor.execute("drop table erased")
    return gone


def _dedupe(cursor: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Leave one row a key: the highest rank, then the first in the export.

    Most imports have no key twice; looking costs a hash of the keys alone.
    """
    stage, key = f"stage_{table.name}", _names(table.key)
    twice = f"select {key} from {stage} group by {key} having count(*) > 1"
    if cursor.execute(f"{twice} limit 1").fetchone() is None:
        return
    cursor.execute(
        f"delete from {stage} where rowid in (select r from ("
        f"  select s.rowid as r, row_number() over (partition by {key}"
        f"    order by {table.rank.format(row='s')} desc, file, place, s.rowid) as n"
        f"  from {stage} s semi join ({twice}) using ({key})) where n > 1)"
    )


def _meet(cursor: duckdb.DuckDBPyConnection, table: Table, told: dict[str, Any]) -> int:
    """Find which staged rows meet a standing one, which of them win, and which say the same.

    Gives how many do; none, most often, when an account is imported for the first time.

    Contents are compared by their hashes, and these made beforehand: joining the tables themselves
    takes more memory than an import has.
    """
    key, rank = _names(table.key), table.rank.format(row="r")
    if not _count(
        cursor, f"select count(*) from stage_{table.name} semi join {table.name} using ({key})"
    ):
        return 0
    older = "(seen, import_id) < (cast($seen as timestamp), $import_id)"
    for name, source, columns, given in (
        ("coming", f"stage_{table.name}", "rowid as staged", {}),
        ("standing", table.name, f"number, {older} as older", told),
    ):
        cursor.execute(
            f"create temp table {name} as select {key}, {rank} as rank, {_hash(table)} as content, "
            f"{columns} from {source} r",
            given,
        )
    cursor.execute(
        f"create temp table met as select c.staged, s.number, c.content = s.content as same, "
        f"s.rank < c.rank or s.rank = c.rank and s.older as won "
        f"from coming c join standing s using ({key})"
    )
    cursor.execute("drop table coming")
    cursor.execute("drop table standing")
    return _count(cursor, "select count(*) from met")


def _give_way(cursor: duckdb.DuckDBPyConnection, table: Table, told: dict[str, Any]) -> None:
    """Make versions of the rows that lose, staged or standing, and take out those that stood."""
    _loosen(cursor, table, "select number from met where won and not same")
    content = "".join(f', r."{name}"' for name in table.content)
    for which, columns in (("m.same", ""), ("not m.same", content)):
        cursor.execute(
            f"insert into {table.versions} by name "
            f"select m.same, m.number, r.seen, r.import_id, r.file, r.place{columns} "
            f"from {table.name} r join met m using (number) where m.won and {which} "
            f"union all by name "
            f"select m.same, m.number, cast($seen as timestamp) as seen, $import_id as import_id, "
            f"r.file, r.place{columns} "
            f"from stage_{table.name} r join met m on r.rowid = m.staged "
            f"where not m.won and {which}",
            told,
        )
    cursor.execute(f"delete from {table.name} where number in (select number from met where won)")


def _whole(table: Table) -> str:
    """Give the query for versions with their key, and their content also where it is the same."""
    key = "".join(f', t."{name}"' for name in table.key)
    content = "".join(f', if(v.same, t."{name}", v."{name}") as "{name}"' for name in table.content)
    return (
        f"(select v.same, v.number, v.seen, v.import_id, v.file, v.place{key}{content} "
        f"from {table.versions} v join {table.name} t using (number))"
    )


def _loosen(cursor: duckdb.DuckDBPyConnection, table: Table, numbers: str) -> None:
    """Move the versions of rows whose content will not stand to a table of whole rows."""
    key = "".join(f', t."{name}"' for name in table.key)
    # Each by itself, so that contents are read from one table at a time: memory is short.
    halves = [
        f"select v.number, v.seen, v.import_id, v.file, v.place{key}"
        + "".join(f', {row}."{name}"' for name in table.content)
        + f" from {table.versions} v join {table.name} t using (number) "
        f"where {which} and number in ({numbers})"
        for row, which in (("t", "v.same"), ("v", "not v.same"))
    ]
    cursor.execute(f"create temp table loose as {halves[0]}")
    cursor.execute(f"insert into loose {halves[1]}")
    cursor.execute(f"delete from {table.versions} where number in (select number from loose)")


def _fold(cursor: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Make versions of the loose rows again, of the rows that stand now."""
    cursor.execute(
        f"create temp table standing as select number, {_hash(table)} as hashed "
        f"from {table.name} r where number in (select number from loose)"
    )
    content = "".join(f', if(same, null, "{name}") as "{name}"' for name in table.content)
    cursor.execute(
        f"insert into {table.versions} by name "
        f"select same, number, seen, import_id, file, place{content} from ("
        f"  select l.*, {_hash(table, 'l')} = s.hashed as same from loose l "
        f"  join standing s using (number))"
    )
    cursor.execute("drop table standing")
    cursor.execute("drop table loose")


def _hash(table: Table, row: str = "r") -> str:
    """Give the expression for 64 bits that tell contents apart."""
    columns = ", ".join(f'{row}."{name}"' for name in table.content)
    return f"hash({columns})" if columns else "0"


def _names(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _numbers(
    cursor: duckdb.DuckDBPyConnection, sql: str, told: dict[str, Any] | None = None
) -> tuple[int, ...]:
    row = cursor.execute(sql, told).fetchone()
    assert row is not None  # an aggregate and a deletion always give a row
    return tuple(int(value) for value in row)


def _count(cursor: duckdb.DuckDBPyConnection, sql: str, told: dict[str, Any] | None = None) -> int:
    return _numbers(cursor, sql, told)[0]
