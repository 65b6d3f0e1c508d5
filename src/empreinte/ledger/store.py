"""The ledger's file: opening it, sharing one DuckDB between threads, laying it aside."""

from __future__ import annotations

import logging
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock
from typing import Any

import duckdb
import pyarrow as pa

from empreinte.errors import LedgerError
from empreinte.ledger import compaction, schema
from empreinte.ledger.faults import faulty, is_faulty, refused, unanswerable
from empreinte.ledger.gate import Gate
from empreinte.ledger.settings import OWED, setting, unset

MEMORY = "1GB"
"""What questions may take; the rest spills to a folder beside the ledger."""
BATCH = 20_000
"""Rows that are read at once where a result may be long."""
PATIENCE_S = 5.0
"""How long closing waits for queries that run."""
MEMORY_IMPORT = "130MB"
"""What an import may take. Python and Arrow take about 200 MB beside it."""


class Store:
    """An open ledger file.

    Parameters
    ----------
    path : str
        The file, or ``":memory:"``.

    Attributes
    ----------
    finished : bool
        Whether an erasure that was interrupted has been finished at this opening.

    Raises
    ------
    LedgerBusy
        If another process has it open.
    LedgerError
        If it is not a ledger, or one of a later version of Empreinte.
    """

    def __init__(self, path: str) -> None:
        # Through a link, what is erased or replaced would be the link and not the ledger.
        self.path = path if path == ":memory:" else os.path.realpath(path)
        self.writing = RLock()
        self.finished = False
        self._gate = Gate()
        self._settings: dict[str, str] | None = None
        self._commits = 0
        self._counting = Lock()
        self._closed = False
        self._new = False
        self._connection = self._connect()
        try:
            migrated = self._migrate()
            self._finish()
            if not migrated and self.scratch is not None:
                compaction.before(self.path).unlink(missing_ok=True)  # all went well: not needed
        except duckdb.Error as error:
            self._connection.close()
            raise refused(self.path, str(error)) from error
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
            **compaction.OFFLINE,
        }
        if self.scratch is not None:
            self._make_folder()
            config["temp_directory"] = str(self.scratch)
        self._new = self.scratch is None or not Path(self.path).exists()
        try:
            connection = duckdb.connect(self.path, config=config)
        except duckdb.Error as error:
            raise refused(self.path, str(error)) from error
        if self.scratch is not None:  # ours alone now: what a killed process left can go
            shutil.rmtree(self.scratch, ignore_errors=True)
            compaction.discard(self.path)
            compaction.discard(str(compaction.before(self.path)))
            Path(self.path).chmod(0o600)
        # Nothing that is asked of the ledger may read or write another file.
        connection.execute("set enable_external_access = false")
        connection.execute("set python_enable_replacements = false")
        connection.execute("set timezone = 'UTC'")
        return connection

    def _make_folder(self) -> None:
        try:
            Path(self.path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise LedgerError(
                "The data file {path} cannot be made: its folder cannot be ({cause}). Give "
                "another path.",
                path=self.path,
                cause=error,
            ) from error

    def _migrate(self) -> bool:
        """Bring the tables and views to what this version knows; tell whether tables changed."""
        # To ask what is in a new file costs a third of making it.
        have = 0 if self._new else schema.schema_of(self._connection, self.path)
        changed = 0 < have < max(schema.migrations())
        if changed and self.scratch is not None:
            self._keep_copy()
        with self.transaction() as cursor:
            schema.migrate(cursor, have)
        return changed

    def _keep_copy(self) -> None:
        """Copy the ledger before its tables are changed; the copy goes at the next opening."""
        needed, free = compaction.room(self.path, Path(self.path).parent)
        if free < needed:
            raise LedgerError(
                "The data file {path} is of an earlier version and is copied before it is "
                "changed, which takes {needed} bytes; its disk has {free} free. Nothing was "
                "changed. Make room, then give the same command again.",
                path=self.path,
                needed=needed,
                free=free,
            )
        with self.aside() as path:
            try:
                compaction.settle(path)
                compaction.copy(path, str(compaction.before(path)))
            except (duckdb.Error, OSError) as error:
                raise faulty(self.path, error) from error

    def _finish(self) -> None:
        """Rewrite the file, if an erasure was interrupted before it was."""
        if setting(self._connection, OWED) is None:
            return
        try:
            compaction.room_for(self.path)
            self.compact()
        except LedgerError as error:  # it opens all the same, and is tried again next time
            logging.getLogger("empreinte").warning("%s", error)
        else:
            self.finished = True

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
            self._commit(cursor)
        except BaseException as error:
            with _quietly():
                cursor.rollback()
            if is_faulty(error):
                raise faulty(self.path, error) from error
            raise

    def _commit(self, cursor: duckdb.DuckDBPyConnection) -> None:
        try:
            cursor.commit()
        except duckdb.Error as error:  # of any class: nothing was asked any more
            raise faulty(self.path, error) from error
        finally:
            with self._counting:
                self._commits += 1
                self._settings = None

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

    def query(
        self,
        sql: str,
        parameters: dict[str, Any] | None = None,
        scope: dict[str, Any] | None = None,
    ) -> pa.Table:
        """Read: run one query in a read-only transaction; parameters it does not name are left.

        `scope` holds the variables by which the views know what is asked about; see views.sql.

        Raises
        ------
        UsageError
            If the query is wrong or tries to write.
        """
        named = set(re.findall(r"\$([A-Za-z_]\w*)", sql))
        given = {name: value for name, value in (parameters or {}).items() if name in named}
        with self._gate.reading():
            return self._query(sql, given, scope or {})

    def setting(self, name: str) -> str | None:
        """Give a remembered setting, ``None`` if it was never set.

        Every page asks for some, of a table of a few rows: it is kept in memory until the next
        commit (3 ms less a page).
        """
        known, commits = self._settings, self._commits
        if known is None:
            found = self.query("select name, value from setting").to_pylist()
            known = {row["name"]: row["value"] for row in found}
            with self._counting:
                if commits == self._commits:  # else what was read may be of before
                    self._settings = known
        return known.get(name)

    def _query(self, sql: str, given: dict[str, Any], scope: dict[str, Any]) -> pa.Table:
        cursor = self._reader()
        try:
            for name, value in scope.items():  # of this cursor alone
                if value is not None:
                    cursor.execute(f"set variable {name} = $value", {"value": value})
            statements = duckdb.extract_statements(sql)
            if len(statements) != 1:
                raise duckdb.InvalidInputException("one statement at a time")
            cursor.execute("begin transaction read only")
            try:
                relation = cursor.sql(statements[0], params=given)
                return pa.table({}) if relation is None else relation.to_arrow_table()
            finally:
                with _quietly():
                    cursor.execute("rollback")
        except duckdb.Error as error:
            if is_faulty(error):
                raise faulty(self.path, error) from error
            raise unanswerable(sql, error) from error
        finally:
            cursor.close()

    def batches(self, sql: str) -> Iterator[pa.RecordBatch]:
        """Read a result of any length, some thousands of rows at a time, as it is now."""
        with self._gate.reading():
            cursor = self._reader()
            try:
                cursor.execute("begin transaction read only")
                yield from cursor.sql(sql).to_arrow_reader(BATCH)
            finally:
                with _quietly():
                    cursor.execute("rollback")
                cursor.close()

    def _reader(self) -> duckdb.DuckDBPyConnection:
        if self._closed:
            raise LedgerError("Your data was closed meanwhile: the program is ending.")
        return self._connection.cursor()

    def close(self) -> None:
        """Close the file; what was committed is on disk.

        Queries that run finish first. Threads that were in the middle of a question are told at
        their next query that the ledger is closed.
        """
        with self._gate.closed(PATIENCE_S):
            self._closed = True
            with _quietly():  # a query that does not end keeps the connection; the process ends it
                self._connection.close()
        if self.scratch is not None:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def compact(self) -> None:
        """Rewrite the file without what was deleted: not a byte of it stays.

        Raises
        ------
        LedgerError
            If there is no room; the ledger is whole, and its next opening tries again.
        """
        if self.path == ":memory:":
            return
        with self.aside() as path:
            compaction.rewrite(path)
        with self.transaction() as cursor:
            unset(cursor, OWED)

    @contextmanager
    def aside(self) -> Iterator[str]:
        """Lay the file aside, so that it can be copied or read by other means; give its path.

        Readers inside finish first, and those that come meanwhile wait.
        """
        with self.writing, self._gate.closed():
            self._connection.close()
            try:
                yield self.path
            finally:
                self._connection = self._connect()


@contextmanager
def _quietly() -> Iterator[None]:
    """For rolling back what DuckDB may have rolled back already."""
    try:
        yield
    except duckdb.Error:
        return
