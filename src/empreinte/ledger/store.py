"""The ledger's file: opening, migrating, sharing one DuckDB between threads."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import RLock
from typing import Any

import duckdb
import pyarrow as pa

from empreinte.errors import LedgerBusy, LedgerError, UsageError

MEMORY = "1GB"
"""What questions may take; the rest spills to a folder beside the ledger."""
BATCH = 20_000
"""Rows that are read at once where a result may be long."""
MEMORY_IMPORT = "160MB"
"""What an import may take. Python and Arrow take about 200 MB beside it."""


def migrations() -> dict[int, str]:
    """Give the SQL that leads to each schema version, by version."""
    folder = files("empreinte.ledger") / "migrations"
    return {
        int(entry.name[:4]): entry.read_text("utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if re.fullmatch(r"\d{4}\.sql", entry.name)
    }


class Store:
    """An open ledger file.

    Parameters
    ----------
    path : str
        The file, or ``":memory:"``.

    Raises
    ------
    LedgerBusy
        If another process has it open.
    LedgerError
        If it is not a ledger, or one of a later version of Empreinte.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self.writing = RLock()
        self._connection = self._connect()
        try:
            self._migrate()
        except BaseException:
            self._connection.close()
            raise

    @property
    def scratch(self) -> Path | None:
        """Where DuckDB spills; ``None`` for a ledger in memory."""
        return None if self.path == ":memory:" else Path(f"{self.path}.tmp")

    def _connect(self) -> duckdb.DuckDBPyConnection:
        config: dict[str, Any] = {
            "memory_limit": MEMORY,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if self.scratch is not None:
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            config["temp_directory"] = str(self.scratch)
        try:
            connection = duckdb.connect(self.path, config=config)
        except duckdb.Error as error:
            raise self._refused(error) from error
        if self.scratch is not None:  # ours alone now: what a killed process left can go
            shutil.rmtree(self.scratch, ignore_errors=True)
            Path(self.path).chmod(0o600)
        # Nothing that is asked of the ledger may read or write another file.
        connection.execute("set enable_external_access = false")
        connection.execute("set python_enable_replacements = false")
        connection.execute("set timezone = 'UTC'")
        return connection

    def _refused(self, error: duckdb.Error) -> LedgerError:
        text = str(error)
        if "lock" in text.lower():
            process = re.search(r"PID (\d+)", text)
            return LedgerBusy(
                "The ledger {path} is open in another program (process {process}). Wait until it "
                "has finished, or close it.",
                path=self.path,
                process=process[1] if process else "?",
            )
        return LedgerError(
            "{path} cannot be opened as a ledger ({cause}). Check the path; if the file is "
            "damaged, take it from a backup or import your archives into a new one.",
            path=self.path,
            cause=text,
        )

    def _migrate(self) -> None:
        with self.transaction() as cursor:
            have = self._version(cursor)
            steps = migrations()
            if have > max(steps):
                raise LedgerError(
                    "The ledger {path} was written by a later version of Empreinte (schema "
                    "{have}, this one knows {known}). Install the newer version.",
                    path=self.path,
                    have=have,
                    known=max(steps),
                )
            for version in range(have + 1, max(steps) + 1):
                cursor.execute(steps[version])
                _set(cursor, "schema", str(version))
            views = (files("empreinte.ledger") / "views.sql").read_text("utf-8")
            digest = hashlib.blake2b(views.encode(), digest_size=8).hexdigest()
            if setting(cursor, "views") != digest:
                cursor.execute(views)
                _set(cursor, "views", digest)

    def _version(self, cursor: duckdb.DuckDBPyConnection) -> int:
        tables = {row[0] for row in cursor.execute("show tables").fetchall()}
        if not tables:
            return 0
        if "setting" not in tables:
            raise LedgerError(
                "{path} is a database, but not a ledger. Give another path.", path=self.path
            )
        return int(setting(cursor, "schema") or 0)

    @contextmanager
    def session(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Be the one writer; nothing is begun yet, temporary tables end with the session."""
        with self.writing:
            cursor = self._connection.cursor()
            try:
                yield cursor
            finally:
                cursor.close()

    @contextmanager
    def transaction(
        self, cursor: duckdb.DuckDBPyConnection | None = None
    ) -> Iterator[duckdb.DuckDBPyConnection]:
        """Write, all or nothing: in a session that is open, or in one of its own."""
        if cursor is None:
            with self.session() as own, self.transaction(own):
                yield own
            return
        try:
            cursor.begin()
            yield cursor
            cursor.commit()
        except BaseException:
            with _quietly():
                cursor.rollback()
            raise

    @contextmanager
    def importing(self) -> Iterator[None]:
        """Bound memory more tightly while an import runs; order of rows is of no account then."""
        self._connection.execute(f"set memory_limit = '{MEMORY_IMPORT}'")
        self._connection.execute("set preserve_insertion_order = false")
        try:
            yield
        finally:
            self._connection.execute(f"set memory_limit = '{MEMORY}'")
            self._connection.execute("set preserve_insertion_order = true")

    def query(self, sql: str, parameters: dict[str, Any] | None = None) -> pa.Table:
        """Read: run one query in a read-only transaction; parameters it does not name are left.

        Raises
        ------
        UsageError
            If the query is wrong or tries to write.
        """
        named = set(re.findall(r"\$([A-Za-z_]\w*)", sql))
        given = {name: value for name, value in (parameters or {}).items() if name in named}
        cursor = self._connection.cursor()
        try:
            if len(duckdb.extract_statements(sql)) != 1:
                raise duckdb.InvalidInputException("one statement at a time")
            cursor.execute("begin transaction read only")
            try:
                relation = cursor.sql(sql, params=given)
                return pa.table({}) if relation is None else relation.to_arrow_table()
            finally:
                with _quietly():
                    cursor.execute("rollback")
        except duckdb.Error as error:
            raise UsageError(
                "The ledger could not answer ({cause}). The views that can be asked are "
                "described in docs/ledger.md.",
                cause=str(error).split("\n\n")[0],
            ) from error
        finally:
            cursor.close()

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Read a result of any length, some thousands of rows at a time, as it is now."""
        cursor = self._connection.cursor()
        try:
            cursor.execute("begin transaction read only")
            yield from cursor.sql(sql).to_arrow_reader(BATCH)
        finally:
            with _quietly():
                cursor.execute("rollback")
            cursor.close()

    def close(self) -> None:
        """Close the file; what was committed is on disk."""
        self._connection.close()
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def compact(self) -> None:
        """Rewrite the file without what was deleted: not a byte of it stays."""
        if self.path == ":memory:":
            return
        with self.writing:
            self._connection.close()
            fresh = Path(f"{self.path}.new")
            fresh.unlink(missing_ok=True)
            with duckdb.connect(":memory:") as both:
                both.execute(f"attach {_quoted(self.path)} as old (read_only)")
                both.execute(f"attach {_quoted(str(fresh))} as new")
                both.execute("copy from database old to new")
            fresh.replace(self.path)
            Path(f"{self.path}.wal").unlink(missing_ok=True)
            self._connection = self._connect()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


@contextmanager
def _quietly() -> Iterator[None]:
    """For rolling back what DuckDB may have rolled back already."""
    try:
        yield
    except duckdb.Error:
        return


def setting(cursor: duckdb.DuckDBPyConnection, name: str) -> str | None:
    """Give a remembered setting, ``None`` if it was never set."""
    row = cursor.execute("select value from setting where name = $name", {"name": name}).fetchone()
    return row[0] if row else None


def _set(cursor: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    unset(cursor, name)
    cursor.execute("insert into setting values ($name, $value)", {"name": name, "value": value})


def unset(cursor: duckdb.DuckDBPyConnection, name: str) -> None:
    """Forget a setting."""
    cursor.execute("delete from setting where name = $name", {"name": name})


def remember(cursor: duckdb.DuckDBPyConnection, name: str, value: str) -> None:
    """Keep a setting, and count the change in the ledger's state."""
    _set(cursor, name, value)
    changed(cursor)


def changed(cursor: duckdb.DuckDBPyConnection) -> None:
    """Count one more change of the ledger: answers kept from before no longer hold."""
    _set(cursor, "state", str(int(setting(cursor, "state") or 0) + 1))
