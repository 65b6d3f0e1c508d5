"""A copy of the whole ledger to keep elsewhere, and the ledger made of such a copy again.

Unlike what `export` writes, a backup is a ledger: every table is in it, settings and decisions too.
Both ways the copy is checked and put in its place whole, or not at all (see `compaction`).
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from empreinte.errors import LedgerBusy, LedgerError, UsageError
from empreinte.ledger import compaction
from empreinte.ledger.check import check
from empreinte.ledger.faults import refused
from empreinte.ledger.schema import schema_of
from empreinte.ledger.store import Store

_EMPTY = frozenset(("setting",))
"""Tables that hold something in a ledger that nothing was put in."""


def backup(store: Store, file: Path, replace: bool = False) -> Path:
    """Write a copy of the ledger to `file`; give its path. Readers wait meanwhile.

    Raises
    ------
    UsageError
        If there is such a file already and it is not said to `replace` it, or it is the ledger.
    LedgerError
        If there is no room for it, or the copy could not be made whole.
    """
    if store.path == ":memory:":
        raise UsageError("Data that is in memory only has no file to copy.")
    file = _free(file, store.path, replace)
    with store.aside() as path:
        _write(path, file)
    return file


def backup_unopened(path: str, file: Path, replace: bool = False) -> Path:
    """Write a copy of a ledger that may only be read, as on a disk that is mounted so.

    Raises
    ------
    UsageError, LedgerError
        As for `backup`; if it is not a ledger, or cannot be read.
    """
    file = _free(file, path, replace)
    try:
        with duckdb.connect(path, read_only=True, config=compaction.OFFLINE) as connection:
            schema_of(connection, path)
    except duckdb.Error as error:
        raise refused(path, str(error)) from error
    _write(path, file)
    return file


def _free(file: Path, ledger: str, replace: bool) -> Path:
    """Give where the copy goes, if it may go there."""
    file = Path(os.path.realpath(file))
    _apart(file, Path(ledger))
    if file.is_dir():
        raise UsageError("{path} is a folder. Give the name of a file in it.", path=file)
    if file.exists() and not (replace and file.is_file()):
        raise UsageError(
            "{path} is there already. Give another file, or --replace to write over it.", path=file
        )
    return file


def _write(path: str, file: Path) -> None:
    # The log beside the ledger is read with it and not settled: its own disk may be full.
    with _told(file):
        _ask_for_room(path, file)
        compaction.copy(path, str(file))


def restore(file: Path, path: Path, replace: bool = False) -> None:
    """Make the backup in `file` the ledger at `path`.

    Raises
    ------
    UsageError
        If there is no such file, or a ledger that holds something stands at `path` and it is not
        said to `replace` it.
    LedgerBusy
        If another process has the ledger, or the backup, open.
    LedgerError
        If the backup is damaged, is not a ledger, or was written by a later version of Empreinte;
        if there is no room. Nothing was changed.
    """
    file, path = Path(os.path.realpath(file)), Path(os.path.realpath(path))
    if not file.is_file():
        raise UsageError("{path} is not a file. Give one that “empreinte backup” wrote.", path=file)
    _apart(file, path)
    _ask_whether_whole(file)
    with _told(path), _owned(path) as holds_something:
        if holds_something and not replace:
            raise UsageError(
                "There is data at {path} already. Keep it first with “empreinte backup FILE”, "
                "then give --replace to put the backup in its place.",
                path=path,
            )
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        _ask_for_room(str(file), path)
        compaction.copy(str(file), str(path))
        # It is of the ledger that was replaced, unless it is what was restored.
        if file != compaction.before(str(path)):
            compaction.before(str(path)).unlink(missing_ok=True)


def _ask_whether_whole(file: Path) -> None:
    """Check a backup; of one that is damaged, what is said of a ledger would lead in a circle."""
    try:
        check(str(file))
    except LedgerBusy:
        raise
    except LedgerError as error:
        if "restore FILE" not in error.message.template:
            raise
        raise LedgerError(
            "{path} cannot be restored: it is no backup, or it is damaged ({cause}). Nothing was "
            "changed. Check the name, or give an older backup.",
            path=file,
            cause=error.message.values.get("cause", "–"),
        ) from error


def _apart(file: Path, ledger: Path) -> None:
    if file == ledger or (file.exists() and ledger.exists() and file.samefile(ledger)):
        raise UsageError("{path} is your data file itself. Give another file.", path=file)


def _ask_for_room(path: str, file: Path) -> None:
    needed, free = compaction.room(path, file.parent)
    if free < needed:
        raise LedgerError(
            "The disk that takes {path} has {free} bytes free; a copy of your data takes "
            "{needed}. Nothing was changed. Make room, or give another place.",
            path=file,
            free=free,
            needed=needed,
        )


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Say in one sentence what stopped a copy."""
    try:
        yield
    except (duckdb.Error, OSError) as error:
        raise LedgerError(
            "{path} could not be written ({cause}). Nothing was changed. Make sure that its "
            "folder is there and has room, and that “empreinte ledger --check” finds your data "
            "whole.",
            path=file,
            cause=error,
        ) from error


@contextmanager
def _owned(path: Path) -> Iterator[bool]:
    """Keep other processes from the ledger at `path`; tell whether there is something in it."""
    if not path.exists():
        yield False
        return
    try:
        connection = duckdb.connect(str(path), config=compaction.OFFLINE)
    except duckdb.Error as error:
        found = refused(str(path), str(error))
        if isinstance(found, LedgerBusy):
            raise found from error
        yield True  # too damaged to be opened, which is why a backup replaces it
        return
    with connection:
        yield _holds_something(connection)


def _holds_something(connection: duckdb.DuckDBPyConnection) -> bool:
    try:
        connection.execute("force checkpoint")  # so that closing it later writes nothing
        tables = connection.execute(
            "select table_name from duckdb_tables() where not internal"
        ).fetchall()
        return any(
            connection.execute(f'select 1 from "{name}" limit 1').fetchone()
            for (name,) in tables
            if name not in _EMPTY
        )
    except duckdb.Error:
        return True  # damaged
