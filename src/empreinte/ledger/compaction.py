"""Copying the ledger's file: for a backup, before a migration, and to erase.

A copy is put in its place only when it is known to be whole: checkpointed, its log gone, every row
of every table compared, written through to the disk. Whatever fails before leaves all as it was.

It holds the rows only: DuckDB frees deleted rows' blocks without overwriting them, so to erase is
to put a copy in the ledger's own place.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import duckdb

from empreinte.causes import later
from empreinte.errors import LedgerError

SPARE = 4 << 20
"""Bytes of room asked for beyond the ledger's own size: DuckDB takes space by the block."""


def room_for(path: str) -> None:
    """Make sure that the disk has room for a second copy of the ledger at `path`.

    Raises
    ------
    LedgerError
        If it has not; nothing was changed.
    """
    needed, free = room(path, Path(path).parent)
    if free < needed:
        raise LedgerError(
            "The disk that holds {path} has {free} bytes free; erasing rewrites that file and "
            "takes {needed}. Nothing was changed. Make room, then give the same command again.",
            path=path,
            free=free,
            needed=needed,
        )


def room(path: str, folder: Path) -> tuple[int, int]:
    """Give the bytes that a copy of the ledger at `path` takes, and those free for `folder`."""
    needed = sum(file.stat().st_size for file in (Path(path), wal(path)) if file.exists()) + SPARE
    return needed, shutil.disk_usage(folder).free


def wal(path: str) -> Path:
    """Give the file beside the ledger that holds what is not in it yet."""
    return Path(f"{path}.wal")


def before(path: str) -> Path:
    """Give the copy beside the ledger that was made before its latest migration."""
    return Path(f"{path}.before-migration")


def discard(path: str) -> None:
    """Remove a copy that was never put in place at `path`, as a killed process leaves it."""
    for name in (f"{path}.new", f"{path}.new.wal"):
        Path(name).unlink(missing_ok=True)
    shutil.rmtree(f"{path}.new.tmp", ignore_errors=True)


def rewrite(path: str) -> None:
    """Put a copy without deleted rows in the place of the ledger at `path`, which is not open.

    Raises
    ------
    LedgerError
        If the copy could not be made whole; the file is as it was.
    """
    try:
        settle(path)
        copy(path, path)
        before(path).unlink(missing_ok=True)  # it holds what is erased
    except (duckdb.Error, OSError) as error:
        raise LedgerError(
            "What was erased is out of your data, but the file {path} could not be rewritten "
            "({cause}), so its bytes are still there. Make room on the disk; the next opening "
            "rewrites it.",
            path=path,
            cause=error,
        ) from error


OFFLINE: dict[str, Any] = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
}
"""What every file is opened with: for one of another kind DuckDB fetches what would read it."""


def settle(path: str) -> None:
    """Write the log of the ledger at `path`, which is not open, into it: the file is then all."""
    with duckdb.connect(path, config=OFFLINE) as old:
        old.execute("force checkpoint")
        if wal(path).exists():
            # Of a log whose only entry a kill cut off nothing is replayed, so that there is
            # nothing to write, and it stays: a checkpoint of anything at all takes it away.
            old.execute("create table settled (nothing integer)")
            old.execute("drop table settled")
            old.execute("force checkpoint")
    if wal(path).exists():
        raise OSError(later("the log beside it could not be written into it"))


def copy(path: str, to: str) -> None:
    """Put a copy of the ledger at `path` in the place of what stands at `to`; neither is open.

    What the log beside the ledger holds is copied too; nothing is written where the ledger is,
    unless the copy goes there.

    Raises
    ------
    duckdb.Error, OSError
        If it could not be made whole; what stands at `to` is as it was.
    """
    fresh = f"{to}.new"
    discard(to)
    try:
        _copy(path, fresh)
        _check(path, fresh)
        _flush(Path(fresh))
        wal(to).unlink(missing_ok=True)  # or it would be taken for the copy's
        Path(fresh).replace(to)
    finally:
        discard(to)
    _flush(Path(to).parent)


def _copy(path: str, fresh: str) -> None:
    # Else it would spill to the current folder.
    spill = OFFLINE | {"temp_directory": f"{fresh}.tmp"}
    with duckdb.connect(":memory:", config=spill) as both:
        both.execute(f"attach {_quoted(path)} as old (read_only)")
        both.execute(f"attach {_quoted(fresh)} as new (recovery_mode no_wal_writes)")
        Path(fresh).chmod(0o600)
        both.execute("copy from database old to new")
        # A checkpoint at closing fails in silence.
        both.execute("force checkpoint new")
        both.execute("detach new")
    if wal(fresh).exists():
        raise OSError(later("the log beside the copy could not be written into it"))


def _check(path: str, fresh: str) -> None:
    there, copied = _rows(path), _rows(fresh)
    for table in there | copied:
        if there.get(table) != copied.get(table):
            raise OSError(later("the copy is not equal to it"))


def _rows(path: str) -> dict[str, tuple[int, int]]:
    """Count the rows of each table, with a number that changes with any value in them."""
    with duckdb.connect(path, read_only=True, config=OFFLINE) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where not internal order by table_name"
        ).fetchall()
        found: dict[str, tuple[int, int]] = {}
        for (name,) in tables:
            row = connection.execute(
                f'select count(*), coalesce(sum(hash("{name}")), 0) from "{name}"'
            ).fetchone()
            assert row is not None  # an aggregate always gives a row
            found[name] = int(row[0]), int(row[1])
        return found


def _flush(path: Path) -> None:
    """Write a file or a folder through to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
