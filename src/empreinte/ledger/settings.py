"""Settings that a ledger remembers: its schema, its state, what the owner chose.

All are texts under a name, in one table of a few rows.
"""

from __future__ import annotations

import duckdb

OWED = "compaction owed"
"""The setting that stands from a deletion until the file has been rewritten."""


def setting(cursor: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """Give a remembered setting, ``None`` if it was never set."""
    row = cursor.execute("select value from setting where name = $name", {"name": name}).fetchone()
    return row[0] if row else None


def put(cursor: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Keep a setting that no answer depends on; `remember` is for the others."""
    unset(cursor, name)
    cursor.execute("insert into setting values ($name, $value)", {"name": name, "value": value})


def unset(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    """Forget a setting."""
    cursor.execute("delete from setting where name = $name", {"name": name})


def remember(cursor: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Keep a setting, and count the change in the ledger's state."""
    put(cursor, name, value)
    changed(cursor)


def owe_compaction(cursor: duckdb.DuckDBPyConnection) -> None:
    """Note, in the transaction that deletes, that the file is still to be rewritten."""
    put(cursor, OWED, "1")


def changed(cursor: duckdb.DuckDBPyConnection) -> None:
    """Count one more change of the ledger: answers kept from before no longer hold."""
    put(cursor, "state", str(int(setting(cursor, "state") or 0) + 1))
