"""Rewriting the ledger's file without what was deleted, so that no byte of it stays.

DuckDB frees deleted rows' blocks without overwriting them. The file is therefore copied, and the
copy put in its place only when it is known to be whole: checkpointed, its log gone, the rows of
every table counted, written through to the disk. Whatever fails before leaves the file as it was.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import duckdb

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
    needed = sum(file.stat().st_size for file in (Path(path), wal(path)) if file.exists()) + SPARE
    free = shutil.disk_usage(Path(path).parent).free
    if free < needed:
        raise LedgerError(
            "The disk that holds {path} has {free} bytes free; erasing rewrites the ledger and "
            "takes {needed}. Nothing was changed. Make room, then give the same command again.",
            path=path,
            free=free,
            needed=needed,
        )


def wal(path: str) -> Path:
    """Give the file beside the ledger that holds what is not in it yet."""
    return Path(f"{path}.wal")


def discard(path: str) -> None:
    """Remove a copy that was never put in place, as a killed process leaves it."""
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
    fresh = f"{path}.new"
    discard(path)
    try:
        _copy(path, fresh)
        _check(path, fresh)
        _flush(Path(fresh))
        Path(fresh).replace(path)
    except (duckdb.Error, OSError) as error:
        raise LedgerError(
            "What was deleted is out of the ledger {path}, but its file could not be rewritten "
            "({cause}), so its bytes are still there. Make room on the disk; the next opening "
            "rewrites it.",
            path=path,
            cause=str(error).split("\n")[0],
        ) from error
    finally:
        discard(path)
    _flush(Path(path).parent)


def _copy(path: str, fresh: str) -> None:
    with duckdb.connect(path) as old:
        old.execute("force checkpoint")  # the log must be empty before the file is replaced
    if wal(path).exists():
        raise OSError(f"{wal(path)} could not be written into the ledger")
    # Else it would spill to the current folder.
    spill: dict[str, Any] = {"temp_directory": f"{fresh}.tmp"}
    with duckdb.connect(":memory:", config=spill) as both:
        both.execute(f"attach {_quoted(path)} as old (read_only)")
        both.execute(f"attach {_quoted(fresh)} as new")
        Path(fresh).chmod(0o600)
        both.execute("copy from database old to new")
        # A checkpoint at closing fails in silence.
        both.execute("force checkpoint new")
        both.execute("detach new")
    if wal(fresh).exists():
        raise OSError(f"{wal(fresh)} could not be written into the copy")


def _check(path: str, fresh: str) -> None:
    before, after = _counts(path), _counts(fresh)
    if before != after:
        raise OSError(f"the copy holds {after} rows, the ledger {before}")


def _counts(path: str) -> dict[str, int]:
    with duckdb.connect(path, read_only=True) as connection:
        tables = connection.execute(
            "select table_name from duckdb_tables() where not internal order by table_name"
        ).fetchall()
        found: dict[str, int] = {}
        for (name,) in tables:
            row = connection.execute(f'select count(*) from "{name}"').fetchone()
            assert row is not None  # an aggregate always gives a row
            found[name] = int(row[0])
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
