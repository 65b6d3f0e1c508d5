"""A copy of the ledger fit to be shown: nobody named, nothing quoted, its shape kept.

Each column has a rule; a column without one stops the copy, so that a new one cannot slip through.
Times move by one secret number of whole weeks: days of the week, hours and distances stay. What
would tell that number is not kept: the day of the import, and offsets from UTC, whose changes give
the dates of daylight saving away. Counts stay as they are. See docs/anonymise.md for what this
protects from, and what it does not.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import msgspec
import pyarrow as pa

from empreinte.errors import LedgerError
from empreinte.ledger.settings import changed, remember
from empreinte.ledger.sharing.pseudonyms import Pseudonyms
from empreinte.ledger.store import Store
from empreinte.ledger.tables import TABLES

WEEKS = (52, 520)
"""The copy is older than the original by a number of weeks between these."""

_PROVENANCE = {
    "seen": "time", "import_id": "id", "file": "file", "place": "keep", "number": "keep",
}  # fmt: skip
RULES: dict[str, dict[str, str]] = {
    "account": {
        "platform": "keep", "id": "id", "handle": "handle", "name": "name", "url": "link",
        "summary": "text", "published": "time", "is_owner": "keep", "whole": "keep",
        **_PROVENANCE,
    },
    "post": {
        "platform": "keep", "id": "id", "type": "keep", "author_id": "id", "channel_id": "id",
        "content": "text", "title": "text", "url": "link", "language": "keep",
        "published": "time", "updated": "time", "offset_min": "nothing", "visibility": "keep",
        "in_reply_to": "id", "in_reply_to_author": "id", "quote_of": "id",
        "tags": "tags", "mentions": "ids", "links": "links", "media": "keep",
        "alt_texts": "nothing",
        "place_name": "nothing", "latitude": "nothing", "longitude": "nothing",
        "deleted": "time", **_PROVENANCE,
    },
    "activity": {
        "key": "id", "platform": "keep", "id": "id", "type": "keep", "actor_id": "id",
        "object_id": "id", "object_type": "keep", "object_author": "id", "published": "time",
        "content": "text", "url": "link", "via": "keep", **_PROVENANCE,
    },
    "metric": {
        "platform": "keep", "subject_type": "keep", "subject_id": "id", "name": "keep",
        "value": "keep", "observed": "time", **_PROVENANCE,
    },
    "roster": {
        "platform": "keep", "account_id": "id", "name": "keep", "observed": "time", **_PROVENANCE,
    },
    "roster_member": {
        "platform": "keep", "account_id": "id", "name": "keep", "observed": "time",
        "member_id": "id", **_PROVENANCE,
    },
    "trace": {
        "key": "id", "platform": "keep", "account_id": "id", "kind": "keep", "label": "text",
        "at": "time", "detail": "detail", **_PROVENANCE,
    },
    # What was paid tells who paid: the amount goes with the names.
    "purchase": {
        "platform": "keep", "id": "id", "account_id": "id", "seller": "name", "item": "text",
        "amount": "nothing", "currency": "keep", "kind": "keep", "at": "time", **_PROVENANCE,
    },
    "import": {
        "import_id": "id", "source": "keep", "source_version": "keep", "path": "file",
        "root": "empty", "observed": "time", "imported": "now", "owner_platform": "keep",
        "owner_id": "id", "kept": "keep", "known": "keep", "rejected": "keep",
    },
    # What could not be read, and why, quotes the export: neither is copied, the counts are.
    "file": {
        "import_id": "id", "name": "file", "status": "keep", "records": "keep",
        "template": "nothing", "values": "nothing", "drift": "nothing", "checksum": "nothing",
    },
    "held": {
        "import_id": "id", "platform": "keep", "account_id": "id", "what": "keep",
        "file": "file", "kind": "file", "records": "keep", "first": "time", "last": "time",
        "whole": "keep",
    },
    "crosspost": {"platform": "keep", "id": "id", "message": "id", "similarity": "keep"},
    "joined": {
        "platform": "keep", "id": "id", "other_platform": "keep", "other_id": "id",
    },
    "ownership": {"platform": "keep", "id": "id", "mine": "keep"},
}  # fmt: skip
LEFT_OUT = {
    "annotated",
    "annotation",
    "reject",
    "setting",
    "feed",
    "tick",
    "entry",
    *(table.versions for table in TABLES),
}
"""Tables that are not copied; of the settings, the owner's preferences are. What had given way to
another import's word is nobody's business: the copy shows what stands. What the owner told is in
their own words."""


def anonymise(store: Store, copy: Store) -> None:
    """Write an anonymised copy of `store` into the empty ledger `copy`.

    The key of the pseudonyms and the shift of time are drawn anew and kept nowhere: two copies
    cannot be joined, and nothing leads back.

    Raises
    ------
    LedgerError
        If a table or column of the ledger has no rule, or `copy` is not empty.
    """
    if copy.query("select 1 from import").num_rows:
        raise LedgerError("{path} is not empty. Give another folder.", path=copy.path)
    pseudonyms = Pseudonyms(secrets.token_bytes(32))
    days = 7 * (WEEKS[0] + secrets.randbelow(WEEKS[1] - WEEKS[0] + 1))
    with copy.transaction() as cursor:
        for table, columns in _tables(store).items():
            replace = _replacements(table, columns, pseudonyms)
            for batch in store.batches(_select(table, columns, days)):
                arrays = [
                    pa.array(map(replace[name], column.to_pylist()), column.type)
                    if name in replace else column
                    for name, column in zip(batch.schema.names, batch.columns, strict=True)
                ]  # fmt: skip
                cursor.register("anonymised", pa.table(arrays, names=list(columns)))
                cursor.execute(f'insert into "{table}" by name select * from anonymised')
                cursor.unregister("anonymised")
        for row in store.query("select value from setting where name = 'owner'").to_pylist():
            remember(cursor, "owner", row["value"])
        # They are copied: the copy's texts are no longer fit to find them again.
        remember(cursor, "crossposts", "found")
        changed(cursor)


def _tables(store: Store) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in store.query(
        "select table_name, column_name from duckdb_columns() where not internal "
        "and table_name in (select table_name from duckdb_tables()) order by column_index"
    ).to_pylist():
        table, column = row["table_name"], row["column_name"]
        if table in LEFT_OUT:
            continue
        if column not in RULES.get(table, {}):
            raise LedgerError(
                "The column {column} has no rule for an anonymised copy. This is an error in "
                "Empreinte; please report it.",
                column=f"{table}.{column}",
            )
        found.setdefault(table, []).append(column)
    return found


def _select(table: str, columns: list[str], days: int) -> str:
    ways = {
        "time": f'"{{0}}" - to_days({days}) as "{{0}}"',
        "nothing": 'if(false, "{0}", null) as "{0}"',
        "empty": "'' as \"{0}\"",
        # Archives are often imported on the day of the copy: shifted, that day would tell how far.
        "now": 'cast(now() as timestamp) as "{0}"',
    }
    parts = [ways.get(RULES[table][name], '"{0}"').format(name) for name in columns]
    return f'select {", ".join(parts)} from "{table}"'


def _replacements(
    table: str, columns: list[str], pseudonyms: Pseudonyms
) -> dict[str, Callable[[Any], Any]]:
    """Give what replaces the values of each column that is not kept or shifted."""

    def each(replace: Callable[[str], str]) -> Callable[[Any], Any]:
        return lambda values: None if values is None else [replace(value) for value in values]

    def some(replace: Callable[[str], str]) -> Callable[[Any], Any]:
        return lambda value: replace(value) if value else value

    def detail(text: str) -> str:
        return msgspec.json.encode(pseudonyms.detail(msgspec.json.decode(text))).decode()

    def file(name: str) -> str:
        ending = name.rpartition(".")[2].lower()
        kept = f".{ending}" if ending in _ENDINGS else ""
        return pseudonyms.identifier(name)[:8] + kept

    ways = {
        "id": some(pseudonyms.identifier), "ids": each(pseudonyms.identifier),
        "handle": some(pseudonyms.handle), "name": some(pseudonyms.name),
        "text": some(pseudonyms.text), "tags": each(pseudonyms.tag),
        "link": some(pseudonyms.link), "links": each(pseudonyms.link),
        "detail": some(detail), "file": some(file),
    }  # fmt: skip
    return {name: ways[RULES[table][name]] for name in columns if RULES[table][name] in ways}


_ENDINGS = frozenset(
    ("js", "json", "jsonl", "csv", "xml", "html", "txt", "car", "zip", "gz", "tgz", "opml", "xlsx")
)
