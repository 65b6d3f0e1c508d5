"""What DuckDB raises, told as what it is: a fault of the file or its disk, or of the question."""

from __future__ import annotations

import os
import re

import duckdb

from empreinte import causes
from empreinte.errors import LedgerBusy, LedgerError, UsageError

FAULTY = (
    duckdb.IOException, duckdb.FatalException, duckdb.InternalException,
    duckdb.SerializationException, duckdb.OutOfMemoryException,
)  # fmt: skip
"""What DuckDB raises where the file or the machine is at fault, and not the query.

For a block that is damaged it may raise the base of all its errors, and no class of its own.
"""
_MISSING = re.compile(r"Table with name (\S+) does not exist")
_AT = re.compile(r"(?<![\w.\"])at\b(?!\")", re.IGNORECASE)
"""A column of that name without its quotes, which DuckDB takes for the word of SQL."""
_EXTENSION = re.compile(r"INSTALL \w+|extension", re.IGNORECASE)
"""DuckDB would need one to read the file: it is of another kind of database."""
_CLOSED = re.compile(r"permission denied|read-only file system|access is denied", re.IGNORECASE)
"""What the system says of a file that this user may not write in."""
_LOCKED = re.compile(r"could not set lock|conflicting lock", re.IGNORECASE)
"""What DuckDB says of a file that another process has open; “block” is in errors of damage."""


def is_faulty(error: BaseException) -> bool:
    """Tell whether the file or the machine is at fault, and not what was asked."""
    return isinstance(error, FAULTY) or type(error) is duckdb.Error


def faulty(path: str, error: BaseException) -> LedgerError:
    """Say what is wrong with the file or its disk, and not with what was asked."""
    if _CLOSED.search(str(error)):
        return _closed(path)
    return LedgerError(
        "The data file {path} could not be read or written ({cause}). What was not finished "
        "is not in it. If the disk is full, make room and give the same command again; if "
        "the file is damaged, take it from a backup (“empreinte restore FILE --replace”).",
        path=path,
        cause=error,
    )


def unanswerable(sql: str, error: duckdb.Error) -> UsageError:
    """Say what is wrong with a query."""
    if missing := _MISSING.search(str(error)):
        return UsageError(
            "There is no view {name}. “empreinte sql --help” lists them.",
            name=missing[1],
        )
    if "syntax error" in str(error) and _AT.search(sql):
        return UsageError(
            'The column at bears a word of SQL: write it in double quotes, "at". '
            "“empreinte sql --help” lists the views that can be asked.",
        )
    return UsageError(
        "Your data could not answer ({cause}). “empreinte sql --help” lists the views that "
        "can be asked.",
        cause=str(error).split("\n\n")[0],
    )


def refused(path: str, cause: str) -> LedgerError:
    """Give the error for a file that DuckDB did not open, with what it said of it."""
    if _LOCKED.search(cause):
        process = re.search(r"PID (\d+)", cause)
        return LedgerBusy(
            "The data file {path} is open in another program (process {process}). Wait until it "
            "has finished, or close the window where it runs.",
            path=path,
            process=process[1] if process else "?",
        )
    if _EXTENSION.search(cause):
        return foreign(path)
    if _CLOSED.search(cause):
        return _closed(path)
    return LedgerError(
        "{path} cannot be opened as a data file ({cause}). Check the path; if the file is "
        "damaged, take it from a backup (“empreinte restore FILE --replace”) or import your "
        "archives into a new one.",
        path=path,
        cause=causes.plain(cause),
    )


def foreign(path: str) -> LedgerError:
    """Give the error for a database of another program."""
    return LedgerError(
        "{path} is a database, but not one of Empreinte. Give another path.", path=path
    )


def _closed(path: str) -> LedgerError:
    if os.access(path, os.W_OK):
        return LedgerError(
            "You may not write in the folder of the data file {path}; a second file stands there "
            "while something is kept. Give yourself the right to (the owner of the folder can), "
            "or copy your data with “empreinte backup FILE” and give the copy with --ledger.",
            path=path,
        )
    return LedgerError(
        "You may not write in the data file {path}, or not in its folder. Give yourself the "
        "right to (the owner of the file can), or copy your data with “empreinte backup FILE” and "
        "give the copy with --ledger.",
        path=path,
    )
