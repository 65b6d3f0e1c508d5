"""Reading a ledger's file wholly, to find out whether it is damaged.

DuckDB keeps a checksum with each block and looks at it when the block is read: every value of every
row is read, so that what is damaged and holds data is found. The checksums are computed here too,
which finds what is damaged and holds none. All of it in a process of its own: DuckDB may end a
process that meets damage.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import BinaryIO

import duckdb
import msgspec
import numpy as np

from empreinte import causes
from empreinte.causes import later
from empreinte.errors import LedgerError
from empreinte.language import Message
from empreinte.ledger.compaction import OFFLINE
from empreinte.ledger.faults import foreign, refused
from empreinte.ledger.schema import migrations, schema_of

HEADERS, HEADER, BLOCK = 3, 4096, 262_144
"""How a DuckDB file is cut: three headers, then blocks, each with its checksum in front."""
_START, _FACTOR = np.uint64(5381), np.uint64(0xBF58476D1CE4E5B9)


class _Found(msgspec.Struct, omit_defaults=True):
    """What reading a ledger gave: why it was not opened, or what is wrong, or its rows."""

    refused: str = ""
    error: Message | None = None
    damage: str = ""
    blocks: int = 0
    rows: dict[str, int] = {}


def check(path: str) -> dict[str, int]:
    """Read the ledger at `path`, which this process has not open; count each table's rows.

    Raises
    ------
    LedgerBusy
        If another process has it open.
    LedgerError
        If there is none, it is damaged, is not a ledger, or a later version wrote it.
    """
    if not Path(path).is_file():
        raise LedgerError("There is no data file at {path}. Give another path.", path=path)
    run = subprocess.run(
        [sys.executable, "-P", "-m", "empreinte.ledger.check", path],
        stdin=subprocess.DEVNULL, capture_output=True, check=False,
    )  # fmt: skip
    try:
        found = msgspec.json.decode(run.stdout, type=_Found)
    except msgspec.DecodeError:  # it was ended in the middle
        last = run.stderr.decode("utf-8", "replace").strip().rpartition("\n")[2]
        found = _Found(damage=last or later("reading it came to a sudden end"))
    if found.refused:
        raise refused(path, found.refused)
    if found.error:
        raise LedgerError(found.error.template, **found.error.values)
    if found.damage:
        raise LedgerError(
            "The data file {path} is damaged ({cause}). If you have a backup that is whole, "
            "“empreinte restore FILE --replace” puts it in its place; else import your archives "
            "into a new one.",
            path=path,
            cause=found.damage,
        )
    if found.blocks:
        raise LedgerError(
            "All rows of the data file {path} can be read, but parts of it that hold none are "
            "damaged (parts of 256 KiB: {n}). A program that was stopped by force, or a full "
            "disk, can leave this; otherwise look at your disk. “empreinte backup FILE” writes a "
            "copy that is whole.",
            path=path,
            n=found.blocks,
        )
    return found.rows


def _found(path: str) -> _Found:
    # Open to the end: closing it any sooner would give up DuckDB's lock on it.
    with Path(path).open("rb") as file:
        try:
            connection = duckdb.connect(path, read_only=True, config=OFFLINE)
            connection.execute("set python_enable_replacements = false")  # a name is a table's
        except duckdb.Error as error:
            return _Found(refused=str(error).partition("\n")[0])
        with connection:
            try:
                rows, wrong = _rows(connection, path)
            except LedgerError as error:
                return _Found(error=error.message)
            except duckdb.Error as error:
                return _Found(damage=causes.told(error))
            return _Found(damage=wrong, rows=rows, blocks=_bad_blocks(file))


def _rows(connection: duckdb.DuckDBPyConnection, path: str) -> tuple[dict[str, int], str]:
    """Give the rows of each table, and what is wrong in them, "" for nothing."""
    columns = _columns(connection)
    schema = schema_of(connection, path)
    if not schema:
        raise foreign(path)
    with duckdb.connect(":memory:") as model:
        steps = migrations()
        for version in range(1, schema + 1):
            model.execute(steps[version])
        if columns != _columns(model):
            return {}, later("its tables are not those of its version")
    rows: dict[str, int] = {}
    for table in sorted({table for table, _column, _type in columns}):
        # Of a hash of the whole row, so that no column is passed over.
        rows[table] = _one(connection, f'select count(hash("{table}")) from "{table}"')
        if rows[table] != _one(connection, f'select count(*) from "{table}"'):
            return rows, later("some of its rows are missing")
    return rows, ""


def _columns(connection: duckdb.DuckDBPyConnection) -> list[tuple[str, str, str]]:
    return connection.execute(
        "select table_name, column_name, data_type from duckdb_columns() where not internal "
        "and table_name in (select table_name from duckdb_tables() where not internal) "
        "order by table_name, column_name"
    ).fetchall()


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> int:
    row = connection.execute(query).fetchone()
    assert row is not None  # an aggregate always gives a row
    return int(row[0])


def _bad_blocks(file: BinaryIO) -> int:
    """Count the blocks whose checksum is not that of what they hold; the last may be cut short."""
    bad = whole = 0
    while piece := file.read(HEADER if whole + bad < HEADERS else BLOCK):
        words = np.frombuffer(piece[: len(piece) // 8 * 8], "<u8")
        agrees = words.size and words[0] == np.bitwise_xor.reduce(words[1:] * _FACTOR) ^ _START
        whole, bad = whole + bool(agrees), bad + (not agrees)
    # Where nothing agrees, another version of DuckDB computes it otherwise.
    return bad if whole else 0


if __name__ == "__main__":
    sys.stdout.buffer.write(msgspec.json.encode(_found(sys.argv[1])))
