"""Writing the ledger out in open formats: Parquet, NDJSON or CSV, with a datapackage.json.

The description follows Data Package v2 (https://datapackage.org), one resource a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyarrow as pa

from empreinte.errors import UsageError
from empreinte.formats import spreadsheet
from empreinte.formats.headings import headings
from empreinte.formats.whole_file import replacing
from empreinte.ledger import compaction
from empreinte.ledger.sharing import anonymise as anonymised
from empreinte.ledger.store import Store
from empreinte.ledger.tables import TABLES

_KINDS = {
    "string": "string", "timestamp[us]": "datetime", "double": "number", "bool": "boolean",
    "int64": "integer", "int32": "integer", "int16": "integer", "list<item: string>": "array",
}  # fmt: skip


def write(
    store: Store, folder: Path, format: str, anonymise: bool, dialect: str = "plain"
) -> list[Path]:
    """Write every table to `folder`, or those of an anonymised copy; give the files written.

    The anonymised copy itself is written too, as ``ledger.duckdb``.

    Raises
    ------
    UsageError
        If the format or the dialect is not known, or there is such a copy in the folder already.
    """
    if format not in _WRITERS:
        raise UsageError(
            "{format} is not a format; there is: {known}.",
            format=format,
            known=", ".join(_WRITERS),
        )
    to = spreadsheet.dialect(dialect)
    if not anonymise:
        return _copy_out(store, folder, format, to)
    path = folder / "ledger.duckdb"
    if path.exists():
        raise UsageError("{path} is there already. Give another folder.", path=path)
    compaction.discard(str(path))
    try:
        copy = Store(f"{path}.new")
        try:
            anonymised.anonymise(store, copy)
            written = _copy_out(copy, folder, format, to)
        finally:
            copy.close()
        compaction.settle(copy.path)  # what closing could not write would stay beside it
        Path(copy.path).rename(path)
    finally:
        compaction.discard(str(path))
    return [path, *written]


def _copy_out(store: Store, folder: Path, format: str, to: spreadsheet.Dialect) -> list[Path]:
    """Write every table; each file is whole, and the description comes last.

    In CSV a text that a spreadsheet would take for a formula gets an apostrophe in front, and
    lists are written as JSON.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    resources: list[dict[str, Any]] = []
    numbered = {table.name: " exclude (number)" for table in TABLES}  # it means nothing elsewhere
    for name in (*numbered, "import", "file", "reject", "tick", "entry"):
        table = store.query(f"select *{numbered.get(name, '')} from {name}")
        if format == "csv" and to.is_for_people:
            table = table.rename_columns(headings(table.column_names))
        path = folder / f"{name}.{format}"
        with replacing(path) as fresh:
            _WRITERS[format](table, fresh, to)
        written.append(path)
        resources.append(_resource(name, path, format, table.schema, to))
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "empreinte-ledger",
        "resources": resources,
    }
    description = folder / "datapackage.json"
    with replacing(description) as fresh:
        fresh.write_bytes(msgspec.json.format(msgspec.json.encode(package), indent=2))
    return [*written, description]


def _resource(
    name: str, path: Path, format: str, schema: pa.Schema, to: spreadsheet.Dialect
) -> dict[str, Any]:
    fields: list[dict[str, Any]] = []
    for field in schema:
        kind = _KINDS.get(str(field.type), "any")
        said: dict[str, Any] = {"name": field.name, "type": kind}
        if format == "csv" and kind == "number":
            said["decimalChar"] = to.decimal
        if format == "csv" and kind == "boolean":
            said |= {"trueValues": [to.yes], "falseValues": [to.no]}
        fields.append(said)
    resource = {"name": name, "path": path.name, "format": format, "schema": {"fields": fields}}
    return {**resource, "dialect": {"delimiter": to.separator}} if format == "csv" else resource


def _parquet(table: pa.Table, path: Path, to: spreadsheet.Dialect) -> None:
    import pyarrow.parquet

    pyarrow.parquet.write_table(table, path, compression="zstd")


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def _ndjson(table: pa.Table, path: Path, to: spreadsheet.Dialect) -> None:
    with path.open("wb") as file:
        for row in _rows(table):
            file.write(msgspec.json.encode(row) + b"\n")


def _csv(table: pa.Table, path: Path, to: spreadsheet.Dialect) -> None:
    rows = (map(_as_json, row.values()) for row in _rows(table))
    spreadsheet.write(path, table.column_names, map(list, rows), to)


def _as_json(value: Any) -> Any:
    return msgspec.json.encode(value).decode() if isinstance(value, list) else value


_WRITERS = {"parquet": _parquet, "ndjson": _ndjson, "csv": _csv}
