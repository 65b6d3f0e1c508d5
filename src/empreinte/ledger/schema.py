"""Which tables and views a ledger has: its schema's version, and the steps that lead to the next.

Tables are numbered by ``migrations/NNNN.sql``, views by `VIEWS`: views may change without a table.
"""

from __future__ import annotations

import hashlib
import re
from importlib.resources import files

import duckdb

from empreinte.errors import LedgerError
from empreinte.ledger.faults import foreign
from empreinte.ledger.settings import put, setting

VIEWS = 8
"""Raised whenever views.sql changes, so that an older build leaves the views of a newer one."""
VIEWS_OF = "views of version"
"""The setting that keeps the number of the views that are in the ledger."""
_OF_OTHERS = " union all ".join(
    f"select 1 from duckdb_{kind}() where database_name = current_database()"
    + ("" if kind == "sequences" else " and not internal")
    for kind in ("tables", "views", "sequences", "types", "functions", "schemas")
)
"""What another program may have made. It is asked of what has no settings: it reads every view."""


def migrations() -> dict[int, str]:
    """Give the SQL that leads to each schema version, by version."""
    folder = files("empreinte.ledger") / "migrations"
    return {
        int(entry.name[:4]): entry.read_text("utf-8")
        for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)
        if re.fullmatch(r"\d{4}\.sql", entry.name)
    }


def migrate(cursor: duckdb.DuckDBPyConnection, have: int) -> None:
    """Bring a ledger of schema `have` (0: a new one) to the tables and views known here."""
    steps = migrations()
    latest = max(steps)
    for version in range(have + 1, latest + 1):
        cursor.execute(steps[version])
    if have < latest:
        put(cursor, "schema", str(latest))
    _renew_views(cursor)


def _renew_views(cursor: duckdb.DuckDBPyConnection) -> None:
    """Put this version's views in, unless those of a later version are there."""
    views = (files("empreinte.ledger") / "views.sql").read_text("utf-8")
    digest = hashlib.blake2b(views.encode(), digest_size=8).hexdigest()
    number = setting(cursor, VIEWS_OF) or "0"
    newer = number.isdecimal() and int(number) > VIEWS
    known = (setting(cursor, "views"), number)
    if known != (digest, str(VIEWS)) and not newer:
        cursor.execute(views)
        put(cursor, "views", digest)
        put(cursor, VIEWS_OF, str(VIEWS))


def schema_of(cursor: duckdb.DuckDBPyConnection, path: str) -> int:
    """Give the schema of an open ledger, 0 for a new one.

    Raises
    ------
    LedgerError
        If it is not a ledger, or a later version of Empreinte wrote it.
    """
    try:
        schema = setting(cursor, "schema") or "0"
    except duckdb.CatalogException as error:
        if cursor.execute(_OF_OTHERS).fetchone() is None:
            return 0
        raise foreign(path) from error
    if not (schema.isascii() and schema.isdigit() and len(schema) < 10):
        raise LedgerError(
            "The data file {path} gives “{schema}” as its schema, where a number was expected. "
            "Take it from a backup (“empreinte restore FILE --replace”), or import your archives "
            "into a new one.",
            path=path,
            schema=schema[:80],
        )
    known = max(migrations())
    if int(schema) > known:
        raise LedgerError(
            "The data file {path} was written by a later version of Empreinte (schema {have}, "
            "this one knows {known}). Install the newer version.",
            path=path,
            have=int(schema),
            known=known,
        )
    return int(schema)
