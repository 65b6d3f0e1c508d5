"""What was told: one row a form, or a key of a series, by the owner and by the lens apart."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

import msgspec

from empreinte.errors import UsageError
from empreinte.forms import Entry
from empreinte.ledger.overview import rows
from empreinte.ledger.settings import changed
from empreinte.ledger.store import Store

if TYPE_CHECKING:
    import duckdb

_WHICH = "asker = $asker and form = $form and key = $key and teller = $by"


def entries(
    store: Store, asker: str | None, form: str | None, key: str | None, by: str | None
) -> list[Entry]:
    """Give what was told, the oldest first; all that is not asked for is left open."""
    found = rows(
        store,
        "select * from entries where coalesce(asker = $asker, true)"
        " and coalesce(form = $form, true) and coalesce(key = $key, true)"
        " and coalesce(teller = $by, true)"
        " order by told, asker, form, key, teller",
        asker=asker, form=form, key=key, by=by,
    )  # fmt: skip
    return [_entry(row) for row in found]


def _entry(row: dict[str, Any]) -> Entry:
    return Entry(
        asker=row["asker"], form=row["form"], key=row["key"], by=row["teller"],
        fields=msgspec.json.decode(row["fields"]), when=row["told"], hash=row["hash"],
    )  # fmt: skip


def next_key(cursor: duckdb.DuckDBPyConnection, asker: str, form: str) -> str:
    """Give a number that is no key of a series yet."""
    row = cursor.execute(
        "select coalesce(max(try_cast(key as integer)), 0) + 1 from entry "
        "where asker = $asker and form = $form",
        {"asker": asker, "form": form},
    ).fetchone()
    assert row is not None  # an aggregate always gives a row
    return str(row[0])


def keep(cursor: duckdb.DuckDBPyConnection, entry: Entry) -> None:
    """Put an entry in the place of the owner's last word under its key.

    Raises
    ------
    UsageError
        If a lens has foretold something else under that key.
    """
    which = {"asker": entry.asker, "form": entry.form, "key": entry.key, "by": entry.by}
    if entry.by == "lens":
        known = cursor.execute(f"select hash from entry where {_WHICH}", which).fetchone()
        if known is not None and known[0] == entry.hash:
            return
        if known is not None:
            raise UsageError(
                "What {asker} foretold as {form} {key} is kept as it was: it cannot be told anew.",
                **which,
            )
    cursor.execute(f"delete from entry where {_WHICH}", which)
    cursor.execute(
        "insert into entry values ($asker, $form, $key, $by, $fields, $told, $hash)",
        {
            **which, "fields": msgspec.json.encode(entry.fields).decode(),
            "told": entry.when.astimezone(UTC).replace(tzinfo=None), "hash": entry.hash,
        },
    )  # fmt: skip
    changed(cursor)
