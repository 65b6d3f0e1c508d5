"""A search, in the facade's records: texts cut about what was found, each with its archive."""

from __future__ import annotations

from typing import Any

import msgspec

from empreinte.api.types import Found, FoundRecord, NamedAccount
from empreinte.ledger import overview, searching
from empreinte.ledger.store import Store


def search(store: Store, words: str, who: str | None, limit: int) -> Found:
    """Look for words, and for what the account `who` published or did."""
    asked = searching.words(words)
    platform, _, account = (who or "").partition(":")
    found = searching.search(store, asked, (platform, account) if who else None, limit)
    archives = {
        row["import_id"]: row["path"]
        for row in overview.rows(store, "select import_id, path from imports")
    }
    return Found(
        words=" ".join(asked), who=who,
        people=msgspec.convert(tuple(found.people), tuple[NamedAccount, ...]),
        people_found=found.people_found,
        records=tuple(_record(row, asked, archives) for row in found.records),
        records_found=found.records_found, whole=found.whole,
    )  # fmt: skip


def _record(row: dict[str, Any], asked: tuple[str, ...], archives: dict[str, str]) -> FoundRecord:
    text, hits = searching.excerpt(row["text"] or "", asked)
    given = {name: row[name] for name in FoundRecord.__struct_fields__ if name in row}
    archive = archives.get(row["import_id"])
    return msgspec.convert({**given, "text": text, "hits": hits, "archive": archive}, FoundRecord)
