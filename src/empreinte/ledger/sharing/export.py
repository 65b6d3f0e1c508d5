"""Writing the ledger out in open formats: Parquet, NDJSON or CSV, with a datapackage.json.

The description follows Data Package v2 (https://datapackage.org), one resource a table.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import msgspec
import pyarrow as pa

from empreinte.ledger.store import Store
from empreinte.ledger.tables import TABLES

Format = Literal["parquet", "ndjson", "csv"]
FORMATS: tuple[Format, ...] = ("parquet", "ndjson", "csv")

_KINDS = {
    "string": "string", "timestamp[us]": "datetime", "double": "number", "bool": "boolean",
    "int64": "integer", "int32": "integer", "int16": "integer", "list<item: string>": "array",
}  # fmt: skip


def copy_out(store: Store, folder: Path, format: Format) -> list[Path]:
    """Write every table to `folder`; give the files written.

    In CSV a text that a spreadsheet would take for a formula gets an apostrophe in front, and
    lists are written as JSON.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    resources: list[dict[str, Any]] = []
    for name in (*(table.name for table in TABLES), "import", "file", "reject", "tick"):
        table = store.query(f"select * from {name}")
        path = folder / f"{name}.{format}"
        _WRITERS[format](table, path)
        written.append(path)
        fields = [{"name": f.name, "type": _KINDS.get(str(f.type), "any")} for f in table.schema]
        resources.append(
            {"name": name, "path": path.name, "format": format, "schema": {"fields": fields}}
        )
    package = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "empreinte-ledger",
        "resources": resources,
    }
    description = folder / "datapackage.json"
    description.write_bytes(msgspec.json.format(msgspec.json.encode(package), indent=2))
    return [*written, description]


def _parquet(table: pa.Table, path: Path) -> None:
    import pyarrow.parquet

    pyarrow.parquet.write_table(table, path, compression="zstd")


def _rows(table: pa.Table) -> Iterator[dict[str, Any]]:
    for batch in table.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()


def _ndjson(table: pa.Table, path: Path) -> None:
    with path.open("wb") as file:
        for row in _rows(table):
            file.write(msgspec.json.encode(row) + b"\n")


def _csv(table: pa.Table, path: Path) -> None:
    import csv

    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.column_names)
        for row in _rows(table):
            writer.writerow([_cell(value) for value in row.values()])


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return msgspec.json.encode(value).decode()
    return defused(value) if isinstance(value, str) else value


def defused(text: str) -> str:
    """Put an apostrophe before what a spreadsheet would evaluate (OWASP, CSV injection)."""
    return "'" + text if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


_WRITERS = {"parquet": _parquet, "ndjson": _ndjson, "csv": _csv}
